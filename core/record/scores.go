package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ganbel/core/data"
)

// Classifiers are those of a Job's Files that only score what the run generates.
var Classifiers = []string{"inception", "squeezenet"}

// A Score is a classifier's score of images that were generated from a run's checkpoint
// after the run had ended.
type Score struct {
	Step       int     `json:"step"`       // of the checkpoint
	Images     int     `json:"images"`     // that were generated
	Classifier string  `json:"classifier"` // its name, and the identity of its file
	Made       float64 `json:"score"`      // of the generated images, in one part, as a measurement has it
	Real       float64 `json:"real-score"` // of as many training images, or of all if there are fewer
}

// same reports whether two scores are of the same images by the same classifier.
func (s Score) same(of Score) bool {
	return s.Step == of.Step && s.Images == of.Images && s.Classifier == of.Classifier
}

const scoresFile = "scores.json"

// ReadScores returns the scores that were kept in a run's folder.
func ReadScores(dir string) (all []Score, err error) {
	name := filepath.Join(dir, scoresFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		if err = json.Unmarshal(b, &all); err != nil {
			err = fmt.Errorf("%s: %w: remove it, and score the run again", name, err)
		}
	}
	return all, err
}

// ScoreOf returns the score in a run's folder with want's step, number of images and
// classifier, and reports whether there is one.
func ScoreOf(dir string, want Score) (Score, bool) {
	all, err := ReadScores(dir)
	i := slices.IndexFunc(all, want.same)
	if err != nil || i < 0 {
		return want, false
	}
	return all[i], true
}

// Keep adds a score to those in a run's folder, in place of one of the same images.
func (s Score) Keep(dir string) error {
	all, err := ReadScores(dir)
	if err != nil {
		return err
	}
	all = append(slices.DeleteFunc(all, s.same), s)
	b, err := json.MarshalIndent(all, "", "  ")
	if err == nil {
		err = data.WriteFile(filepath.Join(dir, scoresFile), append(b, '\n'))
	}
	return err
}
