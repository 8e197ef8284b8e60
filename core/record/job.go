// Package record keeps runs in folders. A Job trains one natively, in a folder of its own:
// run.json, metrics.csv, figures, tables.md, text, and checkpoint.safetensors, from which it
// resumes bit for bit; frame.safetensors is for those who watch it, see Watcher. A job
// writes in end.json how it ended, and scores.json keeps what its images scored later. It
// films the run if asked to. The package also records tapes.
package record

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// A Job is a run that is kept in a folder. It says what to train, and where to keep it.
type Job struct {
	Experiment string            `json:"experiment"`
	Preset     string            `json:"preset"` // which the values began with; only for people who read run.json
	Values     lab.Values        `json:"values"`
	Dir        string            `json:"-"`
	Steps      int               `json:"steps"`             // train until this step
	Every      int               `json:"every"`             // steps between rows of metrics.csv
	Points     string            `json:"points,omitempty"`  // digest of World.Points, which a resumed run must get again; Start fills it in
	Data       data.Identity     `json:"data,omitzero"`     // which data it is trained on, and a resumed run must get again; Start fills it in
	Files      map[string]string `json:"files,omitempty"`   // what World is opened from, such as "images"; a resumed run's World must be opened from the same, see Describe
	Begun      string            `json:"begun,omitempty"`   // the file of the run that it continues, see From
	Started    time.Time         `json:"started"`           // Start fills it in
	Build      Build             `json:"build"`             // the code that started it; Start fills it in
	Filmed     bool              `json:"filmed,omitempty"`  // an animation is made of it, by Film
	Changed    []Change          `json:"changed,omitempty"` // settings that were changed when it was resumed, in order
	World      experiment.World  `json:"-"`

	// More is how many steps Resume trains beyond the run's step, instead of up to Steps;
	// 0 if not given.
	More int `json:"-"`
	// Turn are settings that a run which is resumed, or begun from a file, takes from
	// there on; none of them may be one that resets a run.
	Turn lab.Values `json:"-"`

	run   *train.Run              // nil until open
	saved data.Store              // what From or Resume read, empty if the run begins at step 0
	clock clock                   // realClock, except in tests
	fault func(name string) error // see keeper

	// Log takes what a person should read while the run is trained.
	Log io.Writer `json:"-"`
	// Show is called at most ten times a second, and after the last step. If it is nil,
	// Log gets a line a second at most.
	Show func(Progress) `json:"-"`
	// Figures draws what e's run shows into dir, with every checkpoint and at the
	// end. It may be nil. If it fails the log says so, and the run continues.
	Figures func(dir string, e *lab.Experiment, f lab.Frame, t data.Table) error `json:"-"`
	// Film draws a run that is Filmed.
	Film Film `json:"-"`
}

// Stopped is the error of a run that was interrupted, and can be resumed.
type Stopped struct {
	Step int
	Dir  string
}

// Error says how to resume.
func (s *Stopped) Error() string {
	return fmt.Sprintf("stopped at step %d; go on with: ganbel run --resume %s", s.Step, s.Dir)
}

// What a run's folder holds.
const (
	runFile        = "run.json"
	metricsFile    = "metrics.csv"
	checkpointFile = "checkpoint.safetensors"
	previousFile   = "checkpoint.previous.safetensors"
	damagedFile    = "checkpoint.damaged.safetensors"
	figuresDir     = "figures"
	frameFile      = "frame.safetensors"
	reportFile     = "tables.md"
	textDir        = "text"
)

// Start begins a run, at the step of what From read if it did. It returns a *Busy if
// another process trains in the folder. A folder that already holds a run is left alone
// and gives an error; one that was killed before its first checkpoint holds none.
func Start(ctx context.Context, j Job) error {
	j.Log = j.log()
	release, err := Own(j.Dir, j.Log)
	if err != nil {
		return err
	}
	defer release()
	if Holds(j.Dir) {
		return fmt.Errorf("%s already holds a run: resume it with ganbel run --resume %s, or name another folder with --out", j.Dir, j.Dir)
	}
	j.Points, j.Started, j.Build = digest(j.World.Points), time.Now().UTC().Truncate(time.Second), ThisBuild()
	if err := j.begin(); err != nil {
		if j.Begun != "" {
			err = fmt.Errorf("%s: %w", j.Begun, err)
		}
		return err
	}
	defer j.run.Close()
	j.introduce()
	if err := os.MkdirAll(j.Dir, 0o755); err != nil {
		return err
	}
	if err := j.describe(); err != nil {
		return err
	}
	err = j.toEnd(ctx, -1, head(j.run.Experiment))
	if err != nil && !Holds(j.Dir) { // not even its first checkpoint could be kept
		for _, name := range []string{runFile, metricsFile} {
			os.Remove(filepath.Join(j.Dir, name))
		}
	}
	return err
}

// begin opens the run at the step of what From read, if it did, with the settings of Turn.
// If it fails no run is open.
func (j *Job) begin() error {
	if j.Begun != "" {
		j.World.Saved = &j.saved
	}
	err := j.open()
	if err != nil {
		return err
	}
	if j.Begun != "" {
		err = j.run.Load(j.saved)
	}
	if err == nil {
		err = j.turn()
	}
	if err != nil {
		j.run.Close()
	}
	return err
}

// open opens the run of the job's settings at step 0.
func (j *Job) open() error {
	e, err := lab.Find(j.Experiment)
	if err != nil {
		return err
	}
	if j.Values, err = e.Resolve("", j.Values); err != nil {
		return err
	}
	j.run, err = experiment.Open(e, j.Values, j.World)
	return err
}

// log returns j.Log, or io.Discard if it is nil.
func (j Job) log() io.Writer {
	if j.Log == nil {
		return io.Discard
	}
	return j.Log
}

// describe writes run.json. It comes before the first checkpoint, which makes the
// folder a run.
func (j Job) describe() error {
	b, err := json.MarshalIndent(j, "", "  ")
	if err != nil {
		return err
	}
	return data.WriteFile(filepath.Join(j.Dir, runFile), append(b, '\n'))
}

// head returns the first line of metrics.csv.
func head(e *lab.Experiment) string {
	names := []string{"step"}
	for _, m := range e.Metrics {
		names = append(names, m.Name)
	}
	return strings.Join(names, ",") + "\n"
}

// digest returns a text that tells one list of points from another, "" for none.
func digest(points []float32) string {
	if len(points) == 0 {
		return ""
	}
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, points) // a hash takes all
	return fmt.Sprintf("%x", h.Sum(nil))
}
