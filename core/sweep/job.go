package sweep

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// A Job is a run of a sweep, told so that any machine with the same files can carry
// it out: a queue hands it on as JSON.
type Job struct {
	Name       string            `json:"name"` // of its folder within the sweep's
	Experiment string            `json:"experiment"`
	Preset     string            `json:"preset"`
	Values     lab.Values        `json:"values"` // differences from the preset
	Steps      int               `json:"steps"`
	Every      int               `json:"every"` // steps between rows of metrics.csv
	Files      map[string]string `json:"files"` // as those of a record.Job
	// Data identifies the data of each of Files by its name there: a digest, or another
	// text that does not depend on where the data lies. The path identifies a file that
	// is missing here. The caller that opens the data before the sweep begins fills it
	// in.
	Data map[string]string `json:"data,omitempty"`
}

// ID returns a hash of all that the trained networks depend on, the code's version too;
// it distinguishes jobs. It leaves out the name and the steps, which may grow, and all
// that only measures: the interval of rows, settings that say so, and the files of
// classifiers.
func (j Job) ID() string {
	trained := lab.Values{}
	e, err := lab.Find(j.Experiment)
	for name, text := range j.Values {
		if err == nil {
			if s := e.Setting(name); s != nil && s.Measures {
				continue
			}
		}
		trained[name] = text
	}
	files := map[string]string{}
	for name, path := range j.Files {
		if slices.Contains(record.Classifiers, name) {
			continue
		}
		files[name] = cmp.Or(j.Data[name], path)
	}
	b, err := json.Marshal([]any{j.Experiment, j.Preset, trained, files, record.ThisBuild().Version})
	if err != nil {
		panic(err) // texts
	}
	return fmt.Sprintf("%x", sha256.Sum256(b))[:16]
}

// An Outcome is what became of a job.
type Outcome struct {
	Job     Job     `json:"job"`
	Step    int     `json:"step"`            // at which the run stands
	Seconds float64 `json:"seconds"`         // that it trained, measurements and all
	Error   string  `json:"error,omitempty"` // how it diverged, which ends it before Steps for good
	Lost    string  `json:"lost,omitempty"`  // why it has no result yet, such as that it was killed: the next call tries it again
}

// A Queue carries out jobs: a pool of processes here, or workers elsewhere.
type Queue interface {
	// Do carries out the jobs, whose folders lie in dir, and calls done with each one's
	// outcome, one at a time. A job that was done before is not done again, one that was
	// stopped or lost continues. If the context ends it returns that; a job that diverged
	// or was lost is known by its outcome alone.
	Do(dir string, jobs []Job, done func(Outcome)) error
}

const outcomeFile = "outcome.json"

// ReadOutcome returns what is known of the job in a folder, the zero Outcome where
// nothing is.
func ReadOutcome(dir string) (o Outcome, err error) {
	name := filepath.Join(dir, outcomeFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err == nil {
		if err = json.Unmarshal(b, &o); err != nil {
			err = fmt.Errorf("%s: %w: remove it to do the job anew", name, err)
		}
	}
	return o, err
}

// Write keeps the outcome in the job's folder.
func (o Outcome) Write(dir string) error {
	b, err := json.MarshalIndent(o, "", "  ")
	if err == nil {
		err = data.WriteFile(filepath.Join(dir, outcomeFile), append(b, '\n'))
	}
	return err
}
