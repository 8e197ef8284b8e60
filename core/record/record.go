// Package record drives a run natively and keeps it in a folder: run.json,
// metrics.csv, figures, tables.md, text, and checkpoint.safetensors, from which it goes on
// bit for bit; frame.safetensors is for those who watch it, see Watcher. A run says in
// end.json how it ended, and scores.json keeps what its images scored later. It films the
// run if asked to. It also records tapes.
package record

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// A Run says what to train and where to keep it.
type Run struct {
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
	World      lab.World         `json:"-"`

	// More is how many steps Resume trains beyond the run's step, instead of up to Steps;
	// 0 if not given.
	More int `json:"-"`
	// Turn are settings that a run which is resumed, or begun from a file, takes from
	// there on; none of them may be one that resets a run.
	Turn lab.Values `json:"-"`

	saved data.Store              // what From read, empty if the run begins at step 0
	clock clock                   // realClock, except in tests
	fault func(name string) error // see keeper

	// Log takes what a person should read while the run goes on.
	Log io.Writer `json:"-"`
	// Show is called at most ten times a second, and after the last step. Where
	// it is nil, Log gets a line a second at most.
	Show func(Progress) `json:"-"`
	// Figures draws what e's run shows into dir, with every checkpoint and at the
	// end. It may be nil. If it fails the log says so, and the run continues.
	Figures func(dir string, e *lab.Experiment, f lab.Frame, t data.Table) error `json:"-"`
	// Film draws a run that is Filmed.
	Film Film `json:"-"`
}

// Stopped is the error of a run that was interrupted, and can go on.
type Stopped struct {
	Step int
	Dir  string
}

// Error tells how to go on.
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

// frameEvery is the least time between frames, and frameShare the share of all
// time that they may take.
const (
	frameEvery = time.Second
	frameShare = 0.02
)

// checkpointEvery is how much work a killed run loses at most, and checkpointShare
// the share of all time that checkpoints may take where that loses more.
const (
	checkpointEvery = 20 * time.Second
	checkpointShare = 0.05
)

// Start begins a run, at the step of what From read if it did. It returns a *Busy if
// another process trains in the folder. A folder that already holds a run is left alone
// and gives an error; one that was killed before its first checkpoint holds none.
func Start(ctx context.Context, r Run) error {
	r.Log = r.log()
	release, err := Own(r.Dir, r.Log)
	if err != nil {
		return err
	}
	defer release()
	if Holds(r.Dir) {
		return fmt.Errorf("%s already holds a run: resume it with ganbel run --resume %s, or name another folder with --out", r.Dir, r.Dir)
	}
	r.Points, r.Started, r.Build = digest(r.World.Points), time.Now().UTC().Truncate(time.Second), ThisBuild()
	if r.Begun != "" {
		r.World.Saved = &r.saved
	}
	e, run, err := r.open()
	if err == nil {
		defer run.Close()
		if r.Begun != "" {
			err = run.Load(r.saved)
		}
		if err == nil {
			err = r.turn(run)
		}
	}
	if err != nil {
		if r.Begun != "" {
			err = fmt.Errorf("%s: %w", r.Begun, err)
		}
		return err
	}
	r.introduce(run)
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return err
	}
	if err := r.describe(); err != nil {
		return err
	}
	err = r.toEnd(ctx, e, run, -1, head(e))
	if err != nil && !Holds(r.Dir) { // not even its first checkpoint could be kept
		for _, name := range []string{runFile, metricsFile} {
			os.Remove(filepath.Join(r.Dir, name))
		}
	}
	return err
}

// head returns the first line of metrics.csv.
func head(e *lab.Experiment) string {
	names := []string{"step"}
	for _, m := range e.Metrics {
		names = append(names, m.Name)
	}
	return strings.Join(names, ",") + "\n"
}

// log returns r.Log, or io.Discard if it is nil.
func (r Run) log() io.Writer {
	if r.Log == nil {
		return io.Discard
	}
	return r.Log
}

// describe writes run.json. It comes before the first checkpoint, which makes the
// folder a run.
func (r Run) describe() error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return data.WriteFile(filepath.Join(r.Dir, runFile), append(b, '\n'))
}

// Resume continues the run in r.Dir with its own experiment, points and Every: others in
// r give an error, "" and 0 are allowed. It keeps its Steps and its Files unless r has
// others, and its settings except those of r.Turn. What a person may change in run.json
// is listed in describe.go. Rows of metrics.csv beyond the checkpoint are written anew,
// so that the file is what an uninterrupted run would have written. If the checkpoint is
// missing or damaged the run resumes from the previous one, and the log says so; the
// damaged file is kept under another name. It returns a *Busy if another process trains
// in the folder.
func Resume(ctx context.Context, r Run) error {
	if _, err := os.Stat(r.Dir); err != nil {
		return fmt.Errorf("%s holds no run: %w", r.Dir, err)
	}
	r.Log = r.log()
	release, err := Own(r.Dir, r.Log)
	if err != nil {
		return err
	}
	defer release()
	asked := r
	r.Files = nil // read would add to the map that asked has, too
	if err := r.read(); err != nil {
		return err
	}
	if asked.Experiment != "" && asked.Experiment != r.Experiment {
		return fmt.Errorf("%s holds a run of %s, not of %s: name that experiment, or none", r.Dir, r.Experiment, asked.Experiment)
	}
	if asked.Every != 0 && asked.Every != r.Every {
		return fmt.Errorf("%s has a row of metrics every %d steps, not every %d: leave out --every", r.Dir, r.Every, asked.Every)
	}
	e, err := lab.Find(r.Experiment)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(r.Dir, runFile), err)
	}
	s, file, notes, err := r.stored()
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the run has no checkpoint to go on from: %w; start it again with the command that began it", err)
	}
	if err != nil {
		return err
	}
	if r.World.Points == nil {
		r.World.Points, r.World.PointsName = lab.SavedPoints(s)
	}
	if r.Values["data"] == "points" && digest(r.World.Points) != r.Points {
		return fmt.Errorf("%s was trained on other points: give the same file with --points", r.Dir)
	}
	changed, more, err := r.agree(e, s)
	if err != nil {
		return err
	}
	if asked.Steps != 0 {
		r.Steps = asked.Steps
	}
	if r.Steps < 1 {
		return fmt.Errorf("%s lacks \"steps\", the step until which the run trains: name it with --steps N", filepath.Join(r.Dir, runFile))
	}
	r.World.Saved = &s
	e, run, err := r.open()
	if err != nil {
		return r.unopened(err)
	}
	defer run.Close()
	if err := r.sameData(run); err != nil {
		return err
	}
	r.introduce(run)
	if err := run.Load(s); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, c := range changed {
		if err := run.Set(c[0], c[1]); err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(r.Dir, runFile), err)
		}
	}
	r.Values = run.Values()
	old, err := os.ReadFile(filepath.Join(r.Dir, metricsFile))
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(old) == 0:
		old = []byte(head(e))
		notes = append(notes, fmt.Sprintf("%s is gone: its rows begin anew", filepath.Join(r.Dir, metricsFile)))
	case err != nil:
		return err
	}

	// From here on the folder changes.
	for _, note := range append(notes, more...) {
		fmt.Fprintln(r.Log, note)
	}
	if r.Build != ThisBuild() {
		fmt.Fprintf(r.Log, "%s was begun by %v and goes on with %v: it may not be what one of them alone would have made\n", r.Dir, r.Build, ThisBuild())
	}
	if asked.More > 0 {
		r.Steps = run.Step() + asked.More
	}
	if err := r.turn(run); err != nil {
		return fmt.Errorf("%s: %w", r.Dir, err)
	}
	if asked.Files != nil {
		r.Files = asked.Files
	}
	if filepath.Base(file) == previousFile { // a damaged file must not become the previous one
		if err := os.Rename(filepath.Join(r.Dir, checkpointFile), filepath.Join(r.Dir, damagedFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	r.Filmed = r.Filmed || asked.Filmed
	if err := r.describe(); err != nil {
		return err
	}
	if err := r.rewind(run.Step()); err != nil {
		return err
	}
	lines := strings.SplitAfter(string(old), "\n")
	kept := lines[0]
	for _, line := range lines[1:] {
		text, _, _ := strings.Cut(line, ",")
		if step, err := strconv.Atoi(text); err == nil && step <= run.Step() && strings.HasSuffix(line, "\n") {
			kept += line
		}
	}
	at := run.Step()
	if filepath.Base(file) == previousFile || !s.Digest {
		at = -1 // it is written as it should be
	}
	return r.toEnd(ctx, e, run, at, kept)
}

// digest tells one list of points from another; none is "".
func digest(points []float32) string {
	if len(points) == 0 {
		return ""
	}
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, points) // a hash takes all
	return fmt.Sprintf("%x", h.Sum(nil))
}

func (r Run) open() (*lab.Experiment, lab.Run, error) {
	e, err := lab.Find(r.Experiment)
	if err != nil {
		return nil, nil, err
	}
	if r.Values, err = e.Resolve("", r.Values); err != nil {
		return nil, nil, err
	}
	run, err := e.New(r.Values, r.World)
	return e, run, err
}

// train runs until r.Steps or until the context ends, and keeps what was done. kept is
// the step of the checkpoint in the folder, -1 if there is none.
func (r Run) train(ctx context.Context, e *lab.Experiment, run lab.Run, kept int, metrics string) (err error) {
	r.Log = r.log()
	k := &keeper{dir: r.Dir, log: r.Log, clock: r.clock, kept: kept, late: map[string][]byte{}, said: map[string]bool{}, fault: r.fault}
	if k.now == nil {
		k.clock = realClock
	}
	if err := k.open(metrics); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.close()) }()
	if err := k.checkpoint(run); err != nil { // a run killed at once can be resumed, too
		return err
	}
	k.frame(run)
	r.still(k, run)
	if run.Step() >= r.Steps {
		fmt.Fprintf(r.Log, "%s is at step %d already: train N steps more with ganbel run --resume %s --more N\n", r.Dir, run.Step(), r.Dir)
	}
	start, first := k.now(), run.Step()
	saved, said, framed := start, time.Time{}, start.Add(frameEvery)
	var cost time.Duration // of the last checkpoint
	p := Progress{Step: run.Step(), Steps: r.Steps, Every: r.Every, Metrics: e.Metrics}
	for run.Step() < r.Steps && ctx.Err() == nil {
		began := k.now()
		err := run.Train(1)
		trained := k.now()
		p.stepped(trained.Sub(began))
		if err == nil && run.Step()%r.Every == 0 {
			p.Values = run.Measure()
			k.row(row(run.Step(), p.Values))
			r.still(k, run)
			k.text(run)
			p.measured(k.now().Sub(trained))
		}
		if err == nil && k.now().Sub(saved) > max(checkpointEvery, time.Duration(float64(cost)/checkpointShare)) {
			before := k.now()
			if err = k.checkpoint(run); err == nil {
				r.draw(k, e, run.Frame())
			} else if !errors.As(err, new(*lab.Diverged)) {
				err = nil // the keeper has warned of it
			}
			saved = k.now()
			cost = saved.Sub(before)
		}
		if err != nil {
			return r.broken(k, err, e)
		}
		if now := k.now(); now.After(framed) {
			framed = now.Add(max(frameEvery, time.Duration(float64(k.frame(run))/frameShare)))
		}
		p.Step, p.Warning = run.Step(), k.warning
		last := p.Step == r.Steps || ctx.Err() != nil
		switch now := k.now(); {
		case r.Show != nil && (last || now.Sub(said) > time.Second/10):
			r.Show(p)
			said = now
		case r.Show == nil && (last || p.Step%r.Every == 0 && now.Sub(said) > time.Second):
			fmt.Fprintln(r.Log, p)
			said = now
		}
	}
	took := k.now().Sub(start).Seconds()
	if err := k.last(ctx, run, func() {
		if p.Warning = k.warning; r.Show != nil {
			r.Show(p)
		}
	}); err != nil {
		return r.broken(k, err, e)
	}
	if n := run.Step() - first; n > 0 {
		fmt.Fprintf(r.Log, "%.3g s a step, measurements and all", took/float64(n))
		if b, ok := run.(interface{ Bytes() int }); ok {
			fmt.Fprintf(r.Log, "; %.3g GB of numbers in memory", float64(b.Bytes())/1e9)
		}
		fmt.Fprintln(r.Log)
	}
	k.frame(run)
	r.draw(k, e, run.Frame())
	r.animate(k)
	if ctx.Err() != nil {
		return &Stopped{run.Step(), r.Dir}
	}
	r.report(k, run)
	return nil
}

// report logs and writes the tables that the run makes of itself, if any.
func (r Run) report(k *keeper, run lab.Run) {
	maker, ok := run.(lab.Reporter)
	if !ok {
		return
	}
	var text []string
	for _, table := range maker.Reports() {
		text = append(text, table.Markdown())
	}
	all := strings.Join(text, "\n")
	fmt.Fprint(r.Log, "\n", all, "\n")
	if err := k.replace(filepath.Join(r.Dir, reportFile), "", []byte(all)); err != nil {
		fmt.Fprintf(r.Log, "%s is kept, but not its tables: %v\n", r.Dir, err)
	}
}

// broken adds to the error of a run that diverged what is left of it, and draws
// the way there. Other errors it returns as they are.
func (r Run) broken(k *keeper, err error, e *lab.Experiment) error {
	var d *lab.Diverged
	if !errors.As(err, &d) {
		return err
	}
	if err := k.sync(); err != nil {
		k.trouble(err)
	}
	r.draw(k, e, lab.Frame{})
	r.animate(k)
	if rate, _ := strconv.ParseFloat(r.Values["learning-rate"], 64); rate > 0 {
		return fmt.Errorf("%w; %s keeps step %d, before it broke: resume it there with ganbel run --resume %s --learning-rate %.1g, or begin anew in another folder with --out", err, r.Dir, k.kept, r.Dir, rate/3)
	}
	return fmt.Errorf("%w; %s keeps step %d, before it broke: begin anew in another folder with --out", err, r.Dir, k.kept)
}

// draw makes the figures of a frame and of the metrics so far. If it fails the log says
// so, and the run continues.
func (r Run) draw(k *keeper, e *lab.Experiment, f lab.Frame) {
	if r.Figures == nil {
		return
	}
	dir := filepath.Join(r.Dir, figuresDir)
	var err error
	if k.fault != nil {
		err = k.fault(dir)
	}
	if err == nil {
		var t data.Table
		if t, err = Metrics(r.Dir); err == nil {
			err = r.Figures(dir, e.On(r.Data), f, t)
		}
	}
	if err != nil {
		k.say("figures", "%s is kept, but its figures could not be drawn: %v", r.Dir, err)
	} else {
		k.well("figures")
	}
}

// row returns a line of metrics.csv.
func row(step int, values []float64) string {
	line := strconv.Itoa(step)
	for _, v := range values {
		line += ","
		if !math.IsNaN(v) {
			line += strconv.FormatFloat(v, 'g', 7, 64)
		}
	}
	return line + "\n"
}
