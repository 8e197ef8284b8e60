package record

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// slow is a model whose steps and measurements take as long as a clock says.
type slow struct {
	train.Model
	clock              *time.Time
	first, step, row   time.Duration
	trained, measuring int
}

func (s *slow) Iterate() string {
	took := s.step
	if s.trained == 0 {
		took = s.first
	}
	s.trained++
	*s.clock = s.clock.Add(took)
	return s.Model.Iterate()
}

func (s *slow) Measure() []float64 {
	s.measuring++
	*s.clock = s.clock.Add(s.row)
	return s.Model.Measure()
}

// The rate leaves out the first step and the measurements; the time left adds those
// that are still to come.
func TestPace(t *testing.T) {
	clock := time.Unix(0, 0)
	r := toy(t, t.TempDir(), 6)
	r.Every = 2
	r.clock.now = func() time.Time { return clock }
	shown := map[int]Progress{}
	r.Show = func(p Progress) { shown[p.Step] = p }
	if err := r.open(); err != nil {
		t.Fatal(err)
	}
	defer r.run.Close()
	r.run.Model = &slow{Model: r.run.Model, clock: &clock, first: time.Hour, step: 2 * time.Second, row: 10 * time.Second}
	if err := r.toEnd(context.Background(), -1, head(r.run.Experiment)); err != nil {
		t.Fatal(err)
	}
	last := shown[6]
	if last.Rate != .5 || last.Row != 10*time.Second || last.Left() != 0 {
		t.Errorf("at the end it says %v a second, %v a row, %v left", last.Rate, last.Row, last.Left())
	}
	last.Step = 3 // two rows and three steps are to come
	if got := last.Left(); got != 3*2*time.Second+2*10*time.Second {
		t.Errorf("at step 3 %v are left", got)
	}
}

// Before the second step no rate is known, and none is announced.
func TestPaceUnknown(t *testing.T) {
	p := Progress{Step: 1, Steps: 6, Every: 1}
	p.stepped(time.Hour)
	if p.Rate != 0 || p.Pace() != "" || strings.Contains(p.String(), "left") {
		t.Errorf("after one step it says %q, %q", p.Pace(), p)
	}
	p.measured(time.Minute)
	p.stepped(time.Second)
	if p.Step = 2; p.Rate != 1 || p.Left() != 4*time.Second+4*time.Minute || p.Pace() != "1.00/s, 4m4s left" {
		t.Errorf("after two it says %q, a rate of %v", p.Pace(), p.Rate)
	}
}

// A run says itself how it ended, and nothing while it trains or after it was killed.
func TestEnd(t *testing.T) {
	dir := t.TempDir()
	ends := func(want Ending, step int) {
		t.Helper()
		e, err := ReadEnd(dir)
		if err != nil || e.Ending != want || e.Step != step {
			t.Errorf("it ended as %+v, %v; want %q at step %d", e, err, want, step)
		}
	}
	ends("", 0)
	r := toy(t, dir, 5)
	r.Show = func(p Progress) { ends("", 0) } // it trains
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	ends(Finished, 5)
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if err := Resume(stopped, Job{Dir: dir, Steps: 9, Log: io.Discard}); err == nil {
		t.Fatal("it was not stopped")
	}
	ends(Halted, 5)
	r = toy(t, dir, 15)
	if err := r.open(); err != nil {
		t.Fatal(err)
	}
	defer r.run.Close()
	breaking(r.run, 12, true)
	if err := r.toEnd(context.Background(), -1, "step,a,b,c,d,e,f,g,h,i,j\n"); !errors.As(err, new(*train.Diverged)) {
		t.Fatal(err)
	}
	e, err := ReadEnd(dir)
	if err != nil || e.Ending != Diverged || e.Step != At(dir) || e.What == "" {
		t.Errorf("it diverged as %+v, %v", e, err)
	}
	if err := os.WriteFile(filepath.Join(dir, endFile), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadEnd(dir); err == nil || !strings.Contains(err.Error(), endFile) {
		t.Errorf("a cut file: %v", err)
	}
}

// A setting that needs no new network can be turned when a run is resumed: it is
// logged, kept, and holds from there on. One that resets the run is refused, and
// changes nothing.
func TestTurn(t *testing.T) {
	dir := t.TempDir()
	if err := Start(context.Background(), toy(t, dir, 4)); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	if err := Resume(context.Background(), Job{Dir: dir, Steps: 6, Turn: lab.Values{"learning-rate": "0.0005", "n-critic": "5"}, Log: &log}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "learning-rate is 0.0005 from step 4 on; it was 0.002") {
		t.Errorf("the log is %q", log.String())
	}
	r, err := Describe(dir)
	if err != nil || r.Values["learning-rate"] != "0.0005" || !slices.Equal(r.Changed, []Change{{4, "learning-rate", "0.002", "0.0005"}}) {
		t.Errorf("run.json says %v, %v, %v", r.Values, r.Changed, err)
	}
	if err := Resume(context.Background(), Job{Dir: dir, Steps: 8, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	if s, err := Read(dir); err != nil || s.Meta["set.learning-rate"] != "0.0005" || s.Meta["step"] != "8" {
		t.Errorf("the checkpoint says %v, %v", s.Meta, err)
	}
	before := read(t, dir, runFile) + read(t, dir, checkpointFile)
	if err := Resume(context.Background(), Job{Dir: dir, Steps: 9, Turn: lab.Values{"width": "32"}, Log: io.Discard}); err == nil || !strings.Contains(err.Error(), "width") {
		t.Errorf("another width: %v", err)
	}
	if read(t, dir, runFile)+read(t, dir, checkpointFile) != before {
		t.Error("a change that was refused changed the folder")
	}
	more := Job{Dir: dir, More: 2, Files: map[string]string{"images": "/b"}, Log: io.Discard}
	if err := Resume(context.Background(), more); err != nil || At(dir) != 10 {
		t.Errorf("with 2 steps more it stands at step %d, %v", At(dir), err)
	}
	more.Files = map[string]string{"images": "/c"}
	if err := Resume(context.Background(), more); err != nil {
		t.Fatal(err)
	}
	if r, err := Describe(dir); err != nil || r.Steps != 12 || r.Files["images"] != "/c" {
		t.Errorf("run.json says %d steps, files %v, %v", r.Steps, r.Files, err)
	}
	from := Job{Dir: t.TempDir(), Steps: 14, Every: 1, Turn: lab.Values{"lambda": "10"}, Log: io.Discard}
	from, _, err = from.From(dir)
	if err == nil {
		err = Start(context.Background(), from)
	}
	if r, _ := Describe(from.Dir); err != nil || r.Values["lambda"] != "10" {
		t.Errorf("begun from a folder it has λ %s, %v", r.Values["lambda"], err)
	}
}

// Open returns a run as its checkpoint has it.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Open(dir, experiment.World{}); err == nil || !strings.Contains(err.Error(), "no run") {
		t.Errorf("an empty folder: %v", err)
	}
	if err := Start(context.Background(), toy(t, dir, 4)); err != nil {
		t.Fatal(err)
	}
	run, r, err := Open(dir, experiment.World{})
	if err != nil || run.Step() != 4 || r.Steps != 4 || r.Experiment != "wgan-gp" {
		t.Errorf("%+v at step %d, %v", r, run.Step(), err)
	}
}
