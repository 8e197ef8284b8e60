package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/train"
)

// An Ending is how a run came to its end.
type Ending string

// The endings that a run writes itself. A run that was killed writes none.
const (
	Finished Ending = "finished" // it reached its last step
	Halted   Ending = "stopped"  // it was interrupted, and can be resumed
	Diverged Ending = "diverged" // a number was no longer finite: training again ends the same way
)

// An End is what a run writes about its end, in end.json of its folder.
type End struct {
	Ending Ending `json:"ending"`         // "" if the run did not say: it trains, it was killed, or a file failed
	Step   int    `json:"step"`           // of the checkpoint that it left
	What   string `json:"what,omitempty"` // what was not finite, such as "Exp of critic.2"
}

const endFile = "end.json"

// ReadEnd returns how the run in a folder ended, the zero End if it did not say.
func ReadEnd(dir string) (e End, err error) {
	name := filepath.Join(dir, endFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return e, nil
	}
	if err == nil {
		if err = json.Unmarshal(b, &e); err != nil {
			err = fmt.Errorf("%s: %w: remove it, and resume the run", name, err)
		}
	}
	return e, err
}

// toEnd calls train with kept and metrics, and writes into the folder how the run ended.
func (j *Job) toEnd(ctx context.Context, kept int, metrics string) error {
	name := filepath.Join(j.Dir, endFile)
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := j.train(ctx, kept, metrics)
	end := End{Step: j.run.Step()}
	var stopped *Stopped
	var diverged *train.Diverged
	switch {
	case errors.As(err, &diverged):
		end = End{Diverged, At(j.Dir), diverged.What}
	case errors.As(err, &stopped):
		end.Ending = Halted
	case j.run.Step() >= j.Steps && err == nil:
		end.Ending = Finished
	default:
		return err
	}
	b, failed := json.MarshalIndent(end, "", "  ")
	if failed == nil {
		failed = data.WriteFile(name, append(b, '\n'))
	}
	return errors.Join(err, failed)
}

// A Change is a setting that was changed when a run was resumed.
type Change struct {
	Step int    `json:"step"` // at which the run stood
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// turn gives the run the settings that j.Turn names, and notes in j which changed.
func (j *Job) turn() error {
	before := j.run.Values()
	for _, name := range slices.Sorted(maps.Keys(j.Turn)) {
		to := j.Turn[name]
		if from, ok := before[name]; ok && from == to {
			continue
		}
		if err := j.run.Set(name, to); err != nil {
			return err
		}
		fmt.Fprintf(j.Log, "%s is %s from step %d on; it was %s\n", name, to, j.run.Step(), before[name])
		j.Changed = append(j.Changed, Change{j.run.Step(), name, before[name], to})
	}
	j.Values = j.run.Values()
	return nil
}

// Open returns the run in a folder as its checkpoint has it, and what run.json says about
// it. The world must be opened from the run's files. It returns an error if the folder
// holds no run that can be resumed.
func Open(dir string, w experiment.World) (*train.Run, Job, error) {
	j := Job{Dir: dir, World: w}
	if err := j.read(); err != nil {
		return nil, j, err
	}
	s, err := Read(dir)
	if err != nil {
		return nil, j, err
	}
	if err := j.open(); err != nil {
		return nil, j, err
	}
	if err := j.run.Load(s); err != nil {
		j.run.Close()
		return nil, j, fmt.Errorf("%s: %w", dir, err)
	}
	return j.run, j, nil
}
