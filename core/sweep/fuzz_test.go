package sweep

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"ganbel/core/lab"
)

// Whatever a job's outcome.json holds, a reader gets an outcome or an error.
func FuzzOutcome(f *testing.F) {
	outcome, err := json.Marshal(Outcome{Job: Job{Name: "a", Experiment: "wgan-gp", Values: lab.Values{"width": "4"}}, Step: 3})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(outcome)
	f.Add([]byte("null"))
	f.Add([]byte(`{"job":null,"step":"3"}`))
	f.Add([]byte("[]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, outcomeFile), b, 0o644); err != nil {
			t.Fatal(err)
		}
		if o, err := ReadOutcome(dir); err == nil && len(o.Job.ID()) != 16 {
			t.Errorf("%q gives a job of ID %q", b, o.Job.ID())
		}
	})
}

// Whatever a run's bounds.json holds, a reader gets a number that was asked for or an
// error that names the file.
func FuzzBounds(f *testing.F) {
	f.Add([]byte(`[{"Step":3,"Draws":2,"Digits":100,"Bound":1.5}]`))
	f.Add([]byte(`[{"Step":-3,"Draws":1e99}]`))
	f.Add([]byte(`{"Step":3}`))
	f.Add([]byte("null"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "bounds.json"), b, 0o644); err != nil {
			t.Fatal(err)
		}
		want := result{Step: 3, Draws: 2, Digits: 100}
		got, err := (&Grid{Dir: dir}).bound(context.Background(), cell{}, dir, want)
		if err == nil && (got.Step != want.Step || got.Draws != want.Draws || got.Digits != want.Digits || got.Validation) {
			t.Errorf("%q gives %+v", b, got)
		}
	})
}
