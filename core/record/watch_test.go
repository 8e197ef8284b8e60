package record

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// A watcher sees a run from before it begins until after it was deleted, each
// thing once.
func TestWatch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	w, now := NewWatcher(dir), time.Now()
	if s := w.Look(now); s.State != Missing || !s.New || s.Err == nil || !strings.Contains(s.Err.Error(), "run holds no run yet") {
		t.Errorf("before it begins: %+v", s)
	}
	if s := w.Look(now); s.State != Missing || s.New {
		t.Errorf("still before it begins: %+v", s)
	}
	if err := Start(context.Background(), toy(t, dir, 35)); err != nil {
		t.Fatal(err)
	}
	s := w.Look(now)
	if !s.New || s.Experiment != lab.WGANGP || s.Run.Values["width"] != "16" || len(s.Rows) != 3 || !s.NewFrame || s.Step != 35 || s.State != Ended {
		t.Errorf("after it ended: %+v", s)
	}
	if r := s.Rows[2]; r[0] != 30 || len(r) != 1+len(lab.WGANGP.Metrics) || !(r[5] > 0) {
		t.Errorf("the last row is %v", r)
	}
	if s := w.Look(now); s.New || len(s.Rows) != 0 || s.NewFrame || s.State != Ended || s.Step != 35 {
		t.Errorf("when nothing happened: %+v", s)
	}

	// It goes on: that is told from its start, for rows may have been taken back.
	if err := Resume(context.Background(), Run{Dir: dir, Steps: 100, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	if s := w.Look(now); !s.New || len(s.Rows) != 10 || s.Run.Steps != 100 || s.State != Ended {
		t.Errorf("after it went on: %+v", s)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if s := w.Look(now); s.State != Missing || !s.New || s.Experiment != nil {
		t.Errorf("after it was deleted: %+v", s)
	}
}

// Rows are taken when their line is whole; what is no row is passed over.
func TestWatchRows(t *testing.T) {
	dir := t.TempDir()
	r := toy(t, dir, 1000)
	if err := r.describe(); err != nil {
		t.Fatal(err)
	}
	w := NewWatcher(dir)
	if s := w.Look(time.Now()); s.State != Missing || !strings.Contains(s.Err.Error(), "not begun") {
		t.Errorf("without metrics: %+v", s)
	}
	f, err := os.Create(filepath.Join(dir, metricsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct {
		text string
		want []float64 // w1 of the rows
	}{
		{"step,w1,oth", nil}, {"er\n10,1.5,", nil}, {"7\n20,", []float64{1.5}}, {"\n30,2.", []float64{math.NaN()}},
		{"5,8\nrubbish\n40\n", []float64{2.5, math.NaN()}}, {"", nil},
	} {
		io.WriteString(f, c.text)
		s := w.Look(time.Now())
		if len(s.Rows) != len(c.want) || s.State != Running {
			t.Fatalf("after %q: %+v", c.text, s)
		}
		for i, want := range c.want {
			if got := s.Rows[i][5]; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("after %q: w1 is %v, not %v", c.text, got, want)
			}
			if !math.IsNaN(s.Rows[i][1]) {
				t.Errorf("a metric that is not there is %v", s.Rows[i][1])
			}
		}
	}
	if s := w.Look(time.Now().Add(2 * stillAfter)); s.State != Still || s.Step != 40 || time.Since(s.Since) > time.Minute {
		t.Errorf("long after: %+v", s)
	}

	long := "step,w1\n"
	for i := range 5001 {
		long += row(i, []float64{float64(i)})
	}
	if err := data.WriteFile(filepath.Join(dir, metricsFile), []byte(long)); err != nil {
		t.Fatal(err)
	}
	if s := w.Look(time.Now()); !s.New || len(s.Rows) > mostRows+1 || s.Rows[0][0] != 0 || s.Rows[len(s.Rows)-1][0] != 5000 {
		t.Errorf("of 5001 rows %d are told", len(s.Rows))
	}
	for text, want := range map[string]string{`{"experiment": "other"}`: "no experiment", `{"exp`: "run.json"} {
		if err := os.WriteFile(filepath.Join(dir, runFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if s := w.Look(time.Now()); s.State != Missing || !strings.Contains(s.Err.Error(), want) {
			t.Errorf("%s: %+v", text, s)
		}
	}
}

// While a run goes on it keeps frames, which do not change what it comes to.
func TestFrames(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	r := toy(t, dir, math.MaxInt32)
	w, frames := NewWatcher(dir), 0
	r.Show = func(Progress) {
		if s := w.Look(time.Now()); s.NewFrame {
			frames++
			b, step, err := ReadFrame(dir)
			if err != nil || step > s.Step || len(b) < 1000 {
				t.Errorf("a frame of step %d at step %d: %v", step, s.Step, err)
			}
		}
		if frames == 3 {
			stop()
		}
	}
	time.AfterFunc(time.Minute, stop)
	if err := Start(ctx, r); err == nil || frames < 3 {
		t.Errorf("%d frames, %v", frames, err)
	}
	if s := w.Look(time.Now().Add(2 * stillAfter)); s.State != Still || !s.NewFrame {
		t.Errorf("stopped, it is %+v", s)
	}
}
