package record

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// frameEvery is the least time between frames, and frameShare the share of all
// time that they may take.
const (
	frameEvery = time.Second
	frameShare = 0.02
)

// checkpointEvery is how much work a killed run loses at most, and checkpointShare
// the share of all time that checkpoints may take, if that loses more.
const (
	checkpointEvery = 20 * time.Second
	checkpointShare = 0.05
)

// A training is a job while its run is trained.
type training struct {
	*Job
	k        *keeper
	progress Progress

	saved  time.Time     // the last checkpoint
	cost   time.Duration // of it
	framed time.Time     // before which no frame is written
	said   time.Time     // the last progress
}

// train trains until j.Steps or until the context ends, and keeps what was done. kept is
// the step of the checkpoint in the folder, -1 if there is none.
func (j *Job) train(ctx context.Context, kept int, metrics string) (err error) {
	j.Log = j.log()
	k := &keeper{run: j.run, dir: j.Dir, log: j.Log, clock: j.clock, kept: kept, late: map[string][]byte{}, said: map[string]bool{}, fault: j.fault}
	if k.now == nil {
		k.clock = realClock
	}
	if err := k.open(metrics); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.close()) }()
	if err := k.checkpoint(); err != nil { // a run killed at once can be resumed, too
		return err
	}
	k.frame()
	j.still(k)
	if j.run.Step() >= j.Steps {
		fmt.Fprintf(j.Log, "%s is at step %d already: train N steps more with ganbel run --resume %s --more N\n", j.Dir, j.run.Step(), j.Dir)
	}
	start, first := k.now(), j.run.Step()
	t := training{Job: j, k: k, saved: start, framed: start.Add(frameEvery),
		progress: Progress{Step: first, Steps: j.Steps, Every: j.Every, Metrics: j.run.Experiment.Metrics}}
	for j.run.Step() < j.Steps && ctx.Err() == nil {
		if err := t.step(); err != nil {
			return j.broken(k, err)
		}
		t.show(ctx)
	}
	took := k.now().Sub(start).Seconds()
	if err := k.last(ctx, func() {
		if t.progress.Warning = k.warning; j.Show != nil {
			j.Show(t.progress)
		}
	}); err != nil {
		return j.broken(k, err)
	}
	if n := j.run.Step() - first; n > 0 {
		fmt.Fprintf(j.Log, "%.3g s a step, measurements and all; %.3g GB of numbers in memory\n", took/float64(n), float64(j.run.Bytes())/1e9)
	}
	k.frame()
	j.draw(k, j.run.Frame())
	j.animate(k)
	if ctx.Err() != nil {
		return &Stopped{j.run.Step(), j.Dir}
	}
	j.report(k)
	return nil
}

// step makes one iteration, and what is due after it: a row of metrics, a checkpoint. It
// returns the error of a run that cannot be trained further.
func (t *training) step() error {
	began := t.k.now()
	err := t.run.Train(1)
	trained := t.k.now()
	t.progress.stepped(trained.Sub(began))
	if err != nil {
		return err
	}
	if t.run.Step()%t.Every == 0 {
		t.progress.Values = t.run.Measure()
		t.k.row(row(t.run.Step(), t.progress.Values))
		t.still(t.k)
		t.k.text()
		t.progress.measured(t.k.now().Sub(trained))
	}
	if t.k.now().Sub(t.saved) <= max(checkpointEvery, time.Duration(float64(t.cost)/checkpointShare)) {
		return nil
	}
	before := t.k.now()
	if err = t.k.checkpoint(); err == nil {
		t.draw(t.k, t.run.Frame())
	} else if !errors.As(err, new(*train.Diverged)) {
		err = nil // the keeper has warned of it
	}
	t.saved = t.k.now()
	t.cost = t.saved.Sub(before)
	return err
}

// show writes the frame and says how far the run is, if that is due.
func (t *training) show(ctx context.Context) {
	if now := t.k.now(); now.After(t.framed) {
		t.framed = now.Add(max(frameEvery, time.Duration(float64(t.k.frame())/frameShare)))
	}
	p := &t.progress
	p.Step, p.Warning = t.run.Step(), t.k.warning
	last := p.Step == t.Steps || ctx.Err() != nil
	switch now := t.k.now(); {
	case t.Show != nil && (last || now.Sub(t.said) > time.Second/10):
		t.Show(*p)
		t.said = now
	case t.Show == nil && (last || p.Step%t.Every == 0 && now.Sub(t.said) > time.Second):
		fmt.Fprintln(t.Log, *p)
		t.said = now
	}
}

// report logs and writes the tables that the run makes of itself, if any.
func (j *Job) report(k *keeper) {
	maker, ok := j.run.Model.(experiment.Reporter)
	if !ok {
		return
	}
	var text []string
	for _, table := range maker.Reports() {
		text = append(text, table.Markdown())
	}
	all := strings.Join(text, "\n")
	fmt.Fprint(j.Log, "\n", all, "\n")
	if err := k.replace(filepath.Join(j.Dir, reportFile), "", []byte(all)); err != nil {
		fmt.Fprintf(j.Log, "%s is kept, but not its tables: %v\n", j.Dir, err)
	}
}

// broken adds to the error of a run that diverged what is left of it, and draws
// the way there. Other errors it returns as they are.
func (j *Job) broken(k *keeper, err error) error {
	if !errors.As(err, new(*train.Diverged)) {
		return err
	}
	if err := k.sync(); err != nil {
		k.trouble(err)
	}
	j.draw(k, lab.Frame{})
	j.animate(k)
	if rate, _ := strconv.ParseFloat(j.Values["learning-rate"], 64); rate > 0 {
		return fmt.Errorf("%w; %s keeps step %d, before it broke: resume it there with ganbel run --resume %s --learning-rate %.1g, or begin anew in another folder with --out", err, j.Dir, k.kept, j.Dir, rate/3)
	}
	return fmt.Errorf("%w; %s keeps step %d, before it broke: begin anew in another folder with --out", err, j.Dir, k.kept)
}

// draw makes the figures of a frame and of the metrics so far. If it fails the log says
// so, and the run continues.
func (j *Job) draw(k *keeper, f lab.Frame) {
	if j.Figures == nil {
		return
	}
	dir := filepath.Join(j.Dir, figuresDir)
	var err error
	if k.fault != nil {
		err = k.fault(dir)
	}
	if err == nil {
		var t data.Table
		if t, err = Metrics(j.Dir); err == nil {
			err = j.Figures(dir, j.run.Experiment.On(j.Data), f, t)
		}
	}
	if err != nil {
		k.say("figures", "%s is kept, but its figures could not be drawn: %v", j.Dir, err)
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
