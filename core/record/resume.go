package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"ganbel/core/lab"
	"ganbel/core/train"
)

// Resume continues the run in j.Dir with its own experiment, points and Every: others in
// j give an error, "" and 0 are allowed. It keeps its Steps and its Files unless j has
// others, and its settings except those of j.Turn. What a person may change in run.json
// is listed in describe.go. Rows of metrics.csv beyond the checkpoint are written anew,
// so that the file is what an uninterrupted run would have written. If the checkpoint is
// missing or damaged the run resumes from the previous one, and the log says so; the
// damaged file is kept under another name. It returns a *Busy if another process trains
// in the folder.
func Resume(ctx context.Context, j Job) error {
	if _, err := os.Stat(j.Dir); err != nil {
		return fmt.Errorf("%s holds no run: %w", j.Dir, err)
	}
	j.Log = j.log()
	release, err := Own(j.Dir, j.Log)
	if err != nil {
		return err
	}
	defer release()
	r := resumption{Job: j, asked: j}
	if err := r.find(); err != nil {
		return err
	}
	if err := r.reopen(); err != nil {
		return err
	}
	defer r.run.Close()
	if err := r.readRows(); err != nil {
		return err
	}
	if err := r.change(); err != nil {
		return err
	}
	at := r.run.Step()
	if r.previous() || !r.saved.Digest {
		at = -1 // it is written as it should be
	}
	return r.toEnd(ctx, at, r.rowsKept())
}

// A resumption is a job while it is resumed. Its folder stays as it is until change.
type resumption struct {
	Job            // what the folder says
	asked Job      // what the caller says
	file  string   // of the checkpoint that it resumes from
	rows  string   // of metrics.csv
	notes []string // what the log has to say first

	edited [][2]string // settings that a person changed in run.json, and their new values
}

// previous reports whether it resumes from the checkpoint before the last.
func (r *resumption) previous() bool { return filepath.Base(r.file) == previousFile }

// find reads run.json and the checkpoint. It returns an error if they contradict each
// other, or what was asked.
func (r *resumption) find() error {
	r.Files = nil // read would add to the map that asked has, too
	if err := r.read(); err != nil {
		return err
	}
	if r.asked.Experiment != "" && r.asked.Experiment != r.Experiment {
		return fmt.Errorf("%s holds a run of %s, not of %s: name that experiment, or none", r.Dir, r.Experiment, r.asked.Experiment)
	}
	if r.asked.Every != 0 && r.asked.Every != r.Every {
		return fmt.Errorf("%s has a row of metrics every %d steps, not every %d: leave out --every", r.Dir, r.Every, r.asked.Every)
	}
	e, err := lab.Find(r.Experiment)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(r.Dir, runFile), err)
	}
	r.saved, r.file, r.notes, err = r.stored()
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the run has no checkpoint to go on from: %w; start it again with the command that began it", err)
	}
	if err != nil {
		return err
	}
	if r.World.Points == nil {
		r.World.Points, r.World.PointsName = train.SavedPoints(r.saved)
	}
	if r.Values["data"] == "points" && digest(r.World.Points) != r.Points {
		return fmt.Errorf("%s was trained on other points: give the same file with --points", r.Dir)
	}
	edited, more, err := r.agree(e, r.saved)
	if err != nil {
		return err
	}
	r.edited, r.notes = edited, append(r.notes, more...)
	if r.asked.Steps != 0 {
		r.Steps = r.asked.Steps
	}
	if r.Steps < 1 {
		return fmt.Errorf("%s lacks \"steps\", the step until which the run trains: name it with --steps N", filepath.Join(r.Dir, runFile))
	}
	return nil
}

// reopen opens the run as its checkpoint has it, with the settings of run.json. If it
// fails no run is open.
func (r *resumption) reopen() error {
	r.World.Saved = &r.saved
	if err := r.open(); err != nil {
		return r.unopened(err)
	}
	err := r.sameData()
	if err == nil {
		r.introduce()
		if err = r.run.Load(r.saved); err != nil {
			err = fmt.Errorf("%s: %w", r.file, err)
		}
	}
	for _, s := range r.edited {
		if err == nil {
			if err = r.run.Set(s[0], s[1]); err != nil {
				err = fmt.Errorf("%s: %w", filepath.Join(r.Dir, runFile), err)
			}
		}
	}
	if err != nil {
		r.run.Close()
		return err
	}
	r.Values = r.run.Values()
	return nil
}

// readRows reads metrics.csv, which may be gone.
func (r *resumption) readRows() error {
	name := filepath.Join(r.Dir, metricsFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(b) == 0 {
		r.rows = head(r.run.Experiment)
		r.notes = append(r.notes, fmt.Sprintf("%s is gone: its rows begin anew", name))
		return nil
	}
	r.rows = string(b)
	return err
}

// rowsKept returns the rows up to the step of the run.
func (r *resumption) rowsKept() string {
	lines := strings.SplitAfter(r.rows, "\n")
	kept := lines[0]
	for _, line := range lines[1:] {
		text, _, _ := strings.Cut(line, ",")
		if step, err := strconv.Atoi(text); err == nil && step <= r.run.Step() && strings.HasSuffix(line, "\n") {
			kept += line
		}
	}
	return kept
}

// change makes the folder what the run needs to continue, and run.json say what it
// continues with.
func (r *resumption) change() error {
	for _, note := range r.notes {
		fmt.Fprintln(r.Log, note)
	}
	if r.Build != ThisBuild() {
		fmt.Fprintf(r.Log, "%s was begun by %v and goes on with %v: it may not be what one of them alone would have made\n", r.Dir, r.Build, ThisBuild())
	}
	if r.asked.More > 0 {
		r.Steps = r.run.Step() + r.asked.More
	}
	if err := r.turn(); err != nil {
		return fmt.Errorf("%s: %w", r.Dir, err)
	}
	if r.asked.Files != nil {
		r.Files = r.asked.Files
	}
	if r.previous() { // a damaged file must not become the previous one
		if err := os.Rename(filepath.Join(r.Dir, checkpointFile), filepath.Join(r.Dir, damagedFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	r.Filmed = r.Filmed || r.asked.Filmed
	if err := r.describe(); err != nil {
		return err
	}
	return r.rewind(r.run.Step())
}
