package record

import (
	"bytes"
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
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
	if !s.New || s.Experiment != experiment.WGANGP || s.Job.Values["width"] != "16" || len(s.Rows) != 3 || !s.NewFrame || s.Step != 35 || s.State != Ended {
		t.Errorf("after it ended: %+v", s)
	}
	if r := s.Rows[2]; r[0] != 30 || len(r) != 1+len(experiment.WGANGP.Metrics) || !(r[5] > 0) {
		t.Errorf("the last row is %v", r)
	}
	if s := w.Look(now); s.New || len(s.Rows) != 0 || s.NewFrame || s.State != Ended || s.Step != 35 {
		t.Errorf("when nothing happened: %+v", s)
	}

	// It goes on: that is told from its start, for rows may have been taken back.
	if err := Resume(context.Background(), Job{Dir: dir, Steps: 100, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	if s := w.Look(now); !s.New || len(s.Rows) != 10 || s.Job.Steps != 100 || s.State != Ended {
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

// Each byte of metrics.csv is read once, however it arrives, and so is each frame.
func TestWatchReadsOnce(t *testing.T) {
	dir := t.TempDir()
	if err := toy(t, dir, 1000).describe(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, metricsFile)
	text := "step,w1\n" + strings.Repeat("1,2\n", 100_000) // more than one read
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, rows := NewWatcher(dir), 0
	want := int64(len(text))
	for i, part := range []string{"", "", "2", ",", "7", "", "\n3,8\n4", "", strings.Repeat("9", 3*tailLine), "", "\n5,1\n", ""} {
		n, err := io.WriteString(f, part)
		if err != nil {
			t.Fatal(err)
		}
		want += int64(n)
		s := w.Look(time.Now())
		if w.BytesRead() != want {
			t.Fatalf("after part %d, %d bytes were read of %d", i, w.BytesRead(), want)
		}
		if i > 0 {
			rows += len(s.Rows)
		}
		if n := len(w.metrics.part) + len(w.metrics.known); n > tailLine+tailKnown {
			t.Fatalf("%d bytes are kept", n)
		}
	}
	if rows != 3 || w.seen.Step != 5 {
		t.Errorf("%d rows, the last of step %d: the line that is too long is none", rows, w.seen.Step)
	}
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, data.Store{Meta: map[string]string{"step": "6"}, Tensors: map[string]data.Tensor{}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := data.WriteFile(filepath.Join(dir, frameFile), b.Bytes()); err != nil {
			t.Fatal(err)
		}
		want += int64(b.Len())
		for i := range 3 {
			if s := w.Look(time.Now()); s.NewFrame != (i == 0) || !bytes.Equal(s.Frame, b.Bytes()) || w.BytesRead() != want {
				t.Errorf("look %d: new %v, %d bytes, %d read and not %d", i, s.NewFrame, len(s.Frame), w.BytesRead(), want)
			}
		}
	}
}

// A new file is read from its start, however it replaced the old one.
func TestWatchReplaced(t *testing.T) {
	const before = "step,w1\n10,1\n20,2\n"
	for what, c := range map[string]struct {
		change func(name string) error
		want   float64 // w1 of the last row
		rows   int
	}{
		"cut":                 {func(name string) error { return os.Truncate(name, int64(len("step,w1\n10,1\n"))) }, 1, 1},
		"written anew, short": {func(name string) error { return os.WriteFile(name, []byte("step,w1\n10,3\n"), 0) }, 3, 1},
		"written anew":        {func(name string) error { return os.WriteFile(name, []byte("step,w1\n10,3\n20,4\n"), 0) }, 4, 2},
		"written anew, long":  {func(name string) error { return os.WriteFile(name, []byte("step,w1\n10,3\n20,4\n30,5\n"), 0) }, 5, 3},
		"renamed": {func(name string) error {
			if err := os.Rename(name, name+".1"); err != nil {
				return err
			}
			return os.WriteFile(name, []byte(before+"30,6\n"), 0o644)
		}, 6, 3},
		"removed": {func(name string) error {
			if err := os.Remove(name); err != nil { // the next file may get its inode
				return err
			}
			return os.WriteFile(name, []byte("step,w1\n10,7\n20,8\n30,9\n"), 0o644)
		}, 9, 3},
	} {
		dir := t.TempDir()
		if err := toy(t, dir, 1000).describe(); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, metricsFile)
		if err := os.WriteFile(name, []byte(before), 0o644); err != nil {
			t.Fatal(err)
		}
		past := time.Now().Add(-time.Second)
		if err := os.Chtimes(name, past, past); err != nil {
			t.Fatal(err)
		}
		w := NewWatcher(dir)
		if s := w.Look(time.Now()); len(s.Rows) != 2 {
			t.Fatalf("at first: %+v", s)
		}
		if err := c.change(name); err != nil {
			t.Fatal(err)
		}
		s := w.Look(time.Now())
		if !s.New || len(s.Rows) != c.rows || s.Rows[c.rows-1][5] != c.want {
			t.Errorf("%s: %+v", what, s)
		}
		if s := w.Look(time.Now()); s.New || len(s.Rows) > 0 {
			t.Errorf("%s, and then left alone: %+v", what, s)
		}
		if _, err := os.Stat(name); err != nil {
			t.Fatal(err)
		}
	}
}
