// Package record drives a run natively and keeps it in a folder: run.json,
// metrics.csv, figures, tables.md, text, and checkpoint.safetensors, from which it goes on
// bit for bit; frame.safetensors is for who watches it, see Watcher. A run says in end.json
// how it ended, and scores.json keeps what its images scored later. If it is asked to it
// films the run. It also records tapes.
package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
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
	Files      map[string]string `json:"files,omitempty"`   // what World is opened from, such as "images"; a resumed run's World must be opened from the same, see Describe
	Begun      string            `json:"begun,omitempty"`   // the file of the run that it goes on from, see From
	Started    time.Time         `json:"started"`           // Start fills it in
	Build      Build             `json:"build"`             // the code that started it; Start fills it in
	Filmed     bool              `json:"filmed,omitempty"`  // an animation is made of it, by Film
	Changed    []Change          `json:"changed,omitempty"` // settings that were changed when it was resumed, in order
	World      lab.World         `json:"-"`

	// More is how many steps Resume trains beyond where the run stands, in place of Steps;
	// 0 asks for none.
	More int `json:"-"`
	// Turn are settings that a run which is resumed, or begun from a file, takes from
	// there on; none of them may be one that resets a run.
	Turn lab.Values `json:"-"`

	saved data.Store       // what From read, nothing where the run begins at step 0
	now   func() time.Time // the clock by which steps are timed, nil for time.Now

	// Log takes what a person should read while the run goes on.
	Log io.Writer `json:"-"`
	// Show is called at most ten times a second, and after the last step. Where
	// it is nil, Log gets a line a second at most.
	Show func(Progress) `json:"-"`
	// Figures draws what e's run shows into dir, with every checkpoint and at the
	// end. It may be nil. Where it fails the run goes on, and its end tells.
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

// Start begins a run, at the step of what From read where it did. A folder that already holds one is left alone and gives an
// error; one that was killed before its first checkpoint holds none.
func Start(ctx context.Context, r Run) error {
	if Holds(r.Dir) {
		return fmt.Errorf("%s already holds a run: resume it with ganbel run --resume %s, or name another folder with --out", r.Dir, r.Dir)
	}
	r.Points, r.Started, r.Build = digest(r.World.Points), time.Now().UTC().Truncate(time.Second), ThisBuild()
	e, run, err := r.open()
	if err != nil {
		return err
	}
	if r.Begun != "" {
		if err := run.Load(r.saved); err != nil {
			return fmt.Errorf("%s: %w", r.Begun, err)
		}
		if err := r.turn(run); err != nil {
			return fmt.Errorf("%s: %w", r.Begun, err)
		}
	}
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return err
	}
	if err := r.describe(); err != nil {
		return err
	}
	names := []string{"step"}
	for _, m := range e.Metrics {
		names = append(names, m.Name)
	}
	return r.toEnd(ctx, e, run, strings.Join(names, ",")+"\n")
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

// Resume goes on with the run in r.Dir. Its experiment, points and Every hold:
// others in r give an error, "" and 0 ask for none. So do its Steps and its Files, unless
// r has others, and its settings but those of r.Turn. Rows of metrics.csv beyond
// the checkpoint are written anew, so that the file is what an uninterrupted run
// would have written.
func Resume(ctx context.Context, r Run) error {
	asked := r
	r.Files = nil // read would add to the map that asked has, too
	if err := r.read(); err != nil {
		return err
	}
	if r.Every < 1 {
		return fmt.Errorf("%s: every is %d, it must be at least 1", filepath.Join(r.Dir, runFile), r.Every)
	}
	if asked.Experiment != "" && asked.Experiment != r.Experiment {
		return fmt.Errorf("%s holds a run of %s, not of %s: name that experiment, or none", r.Dir, r.Experiment, asked.Experiment)
	}
	if asked.Every != 0 && asked.Every != r.Every {
		return fmt.Errorf("%s has a row of metrics every %d steps, not every %d: leave out --every", r.Dir, r.Every, asked.Every)
	}
	if r.Values["data"] == "points" && digest(r.World.Points) != r.Points {
		return fmt.Errorf("%s was trained on other points: give the same file with --points", r.Dir)
	}
	e, run, err := r.open()
	if err != nil {
		return err
	}
	name := filepath.Join(r.Dir, checkpointFile)
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("the run has no checkpoint to go on from: %w; start it again with the command that began it", err)
	}
	defer f.Close()
	s, err := data.ReadSafetensors(f)
	if err == nil {
		err = run.Load(s)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	name = filepath.Join(r.Dir, metricsFile)
	old, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if r.Build != ThisBuild() {
		fmt.Fprintf(r.Log, "%s was begun by %v and goes on with %v: it may not be what one of them alone would have made\n", r.Dir, r.Build, ThisBuild())
	}
	if asked.More > 0 {
		asked.Steps = run.Step() + asked.More
	}
	changes := len(r.Changed)
	if err := r.turn(run); err != nil {
		return fmt.Errorf("%s: %w", r.Dir, err)
	}
	if asked.Steps != 0 && asked.Steps != r.Steps || asked.Filmed || len(r.Changed) > changes || !maps.Equal(asked.Files, r.Files) && asked.Files != nil {
		if asked.Files != nil {
			r.Files = asked.Files
		}
		if asked.Steps != 0 {
			r.Steps = asked.Steps
		}
		r.Filmed = r.Filmed || asked.Filmed
		if err := r.describe(); err != nil {
			return err
		}
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
	return r.toEnd(ctx, e, run, kept)
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

// train runs until r.Steps or until the context ends, which keeps what was done.
func (r Run) train(ctx context.Context, e *lab.Experiment, run lab.Run, metrics string) (err error) {
	name := filepath.Join(r.Dir, metricsFile)
	if err := data.WriteFile(name, []byte(metrics)); err != nil {
		return err
	}
	csv, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, csv.Close()) }()
	if err := r.save(csv, run); err != nil { // a run killed at once can go on, too
		return err
	}
	r.keepFrame(run)
	r.still(run)
	if run.Step() >= r.Steps {
		fmt.Fprintf(r.Log, "%s is at step %d already: train N steps more with ganbel run --resume %s --more N\n", r.Dir, run.Step(), r.Dir)
	}
	start, first := time.Now(), run.Step()
	kept, saved, said, framed := run.Step(), time.Now(), time.Time{}, time.Now().Add(frameEvery)
	var cost time.Duration // of the last checkpoint
	p := Progress{Steps: r.Steps, Every: r.Every, Metrics: e.Metrics}
	now := r.now
	if now == nil {
		now = time.Now
	}
	for run.Step() < r.Steps && ctx.Err() == nil {
		began := now()
		err := run.Train(1)
		trained := now()
		p.stepped(trained.Sub(began))
		if err == nil && run.Step()%r.Every == 0 {
			p.Values = run.Measure()
			if _, err := io.WriteString(csv, row(run.Step(), p.Values)); err != nil {
				return err
			}
			r.still(run)
			if err := r.keepText(run); err != nil {
				return err
			}
			p.measured(now().Sub(trained))
		}
		if err == nil && time.Since(saved) > max(checkpointEvery, time.Duration(float64(cost)/checkpointShare)) {
			before := time.Now()
			if err = r.save(csv, run); err == nil {
				if err := r.draw(e, run.Frame()); err != nil {
					fmt.Fprintln(r.Log, err)
				}
				kept, saved = run.Step(), time.Now()
				cost = saved.Sub(before)
			}
		}
		if err != nil {
			return r.broken(err, e, kept)
		}
		if time.Now().After(framed) {
			framed = time.Now().Add(max(frameEvery, time.Duration(float64(r.keepFrame(run))/frameShare)))
		}
		p.Step = run.Step()
		last := p.Step == r.Steps || ctx.Err() != nil
		switch since := time.Since(said); {
		case r.Show != nil && (last || since > time.Second/10):
			r.Show(p)
			said = time.Now()
		case r.Show == nil && (last || p.Step%r.Every == 0 && since > time.Second):
			fmt.Fprintln(r.Log, p)
			said = time.Now()
		}
	}
	if n := run.Step() - first; n > 0 {
		fmt.Fprintf(r.Log, "%.3g s a step, measurements and all", time.Since(start).Seconds()/float64(n))
		if b, ok := run.(interface{ Bytes() int }); ok {
			fmt.Fprintf(r.Log, "; %.3g GB of numbers in memory", float64(b.Bytes())/1e9)
		}
		fmt.Fprintln(r.Log)
	}
	if err := r.save(csv, run); err != nil {
		return r.broken(err, e, kept)
	}
	r.keepFrame(run)
	err = errors.Join(r.draw(e, run.Frame()), r.animate())
	if ctx.Err() != nil {
		return errors.Join(&Stopped{run.Step(), r.Dir}, err)
	}
	return errors.Join(err, r.report(run))
}

// keepText writes what the run generates, if that is text, into a file of this step, which
// a run that is gone on with writes once more.
func (r Run) keepText(run lab.Run) error {
	w, ok := run.(lab.Writer)
	if !ok {
		return nil
	}
	dir := filepath.Join(r.Dir, textDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return data.WriteFile(filepath.Join(dir, fmt.Sprintf("%07d.txt", run.Step())), []byte(w.Text()))
}

// report writes and logs the tables that the run makes of itself, if it does.
func (r Run) report(run lab.Run) error {
	maker, ok := run.(lab.Reporter)
	if !ok {
		return nil
	}
	var text []string
	for _, table := range maker.Reports() {
		text = append(text, table.Markdown())
	}
	all := strings.Join(text, "\n")
	fmt.Fprint(r.Log, "\n", all, "\n")
	return data.WriteFile(filepath.Join(r.Dir, reportFile), []byte(all))
}

// keepFrame writes what can be drawn now, for who watches, and returns how long
// that took. The run does not need it, so where it fails only the log tells.
func (r Run) keepFrame(run lab.Run) time.Duration {
	start := time.Now()
	f := run.Frame()
	s := data.Store{Meta: map[string]string{"experiment": f.Experiment, "step": strconv.Itoa(f.Step)}, Tensors: f.Tensors}
	var b bytes.Buffer
	err := data.WriteSafetensors(&b, s)
	if err == nil {
		err = data.WriteFile(filepath.Join(r.Dir, frameFile), b.Bytes())
	}
	if err != nil {
		fmt.Fprintf(r.Log, "the run goes on, but who watches it sees no new picture: %v\n", err)
	}
	return time.Since(start)
}

// broken adds to the error of a run that diverged what is left of it, and draws
// the way there. Other errors it returns as they are.
func (r Run) broken(err error, e *lab.Experiment, kept int) error {
	var d *lab.Diverged
	if !errors.As(err, &d) {
		return err
	}
	if rate, _ := strconv.ParseFloat(r.Values["learning-rate"], 64); rate > 0 {
		err = fmt.Errorf("%w; %s keeps step %d, before it broke: resume it there with ganbel run --resume %s --learning-rate %.1g, or begin anew in another folder with --out", err, r.Dir, kept, r.Dir, rate/3)
	} else {
		err = fmt.Errorf("%w; %s keeps step %d, before it broke: begin anew in another folder with --out", err, r.Dir, kept)
	}
	return errors.Join(err, r.draw(e, lab.Frame{}), r.animate())
}

// draw makes the figures of a frame and of the metrics so far.
func (r Run) draw(e *lab.Experiment, f lab.Frame) error {
	if r.Figures == nil {
		return nil
	}
	csv, err := os.Open(filepath.Join(r.Dir, metricsFile))
	if err == nil {
		defer csv.Close()
		var t data.Table
		if t, err = data.ReadTable(csv); err == nil {
			err = r.Figures(filepath.Join(r.Dir, figuresDir), e, f, t)
		}
	}
	if err != nil {
		return fmt.Errorf("%s is kept, but its figures could not be drawn: %w", r.Dir, err)
	}
	return nil
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

// save makes sure of the metrics first: a checkpoint must not know of rows that
// the file lacks. A run that is no longer finite does not replace one that was.
func (r Run) save(csv *os.File, run lab.Run) error {
	if err := csv.Sync(); err != nil {
		return err
	}
	s := run.Save()
	if bad := notFinite(s); bad != "" {
		return &lab.Diverged{Step: run.Step(), What: bad}
	}
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, s); err != nil {
		return err
	}
	return data.WriteFile(filepath.Join(r.Dir, checkpointFile), b.Bytes())
}
