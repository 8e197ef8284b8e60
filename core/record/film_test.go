package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ganbel/core/lab"
)

// A run that was filmed, stopped, left with stills that no checkpoint covers and half
// of one, and gone on with ends with the animation of one that never stopped. There
// is a still of step 0 and of every so many steps, some hundred at most.
func TestFilm(t *testing.T) {
	film := func(dir string, steps int) Job {
		r := toy(t, dir, steps)
		r.Filmed = true
		r.Film = Film{
			Still: func(f lab.Frame) ([]byte, error) {
				return []byte(fmt.Sprint(f.Step, f.Tensors["fake"].Data[0], "\n")), nil
			},
			Animate: func(stills [][]byte) ([]byte, error) { return bytes.Join(stills, nil), nil },
		}
		return r
	}
	whole, parts := t.TempDir(), t.TempDir()
	if err := Start(context.Background(), film(whole, 60)); err != nil {
		t.Fatal(err)
	}
	r := film(parts, 35)
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"000000040.png", "000000050.png", "000000030.png.123"} {
		if err := os.WriteFile(filepath.Join(parts, stillsDir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Resume(context.Background(), Job{Dir: parts, Steps: 60, Log: io.Discard, Film: r.Film}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(figuresDir, filmFile)
	want := read(t, whole, name)
	if got := read(t, parts, name); got != want {
		t.Errorf("animated\n%s, want\n%s", got, want)
	}
	if lines := strings.Split(want, "\n"); len(lines) != 8 || !strings.HasPrefix(lines[0], "0 ") || !strings.HasPrefix(lines[6], "60 ") {
		t.Errorf("animated\n%s", want)
	}

	// It goes on much farther: fewer steps are shown, of the stills that there are, too.
	r = film(parts, 3200)
	if r.Every = 10; r.apart() != 40 || (Job{Steps: 1500, Every: 10}).apart() != 10 {
		t.Errorf("stills are %d steps apart, and %d", r.apart(), Job{Steps: 1500, Every: 10}.apart())
	}
	r.animate(&keeper{dir: parts})
	if got := read(t, parts, name); strings.Count(got, "\n") != 2 || !strings.Contains(got, "\n40 ") {
		t.Errorf("animated\n%s", got)
	}

	// Where it cannot be drawn the run goes on and its log tells.
	var log strings.Builder
	r = film(t.TempDir(), 20)
	r.Log, r.Film.Still = &log, func(lab.Frame) ([]byte, error) { return nil, errors.New("no ink") }
	if err := Start(context.Background(), r); err != nil || !strings.Contains(log.String(), "step 10: no ink") {
		t.Errorf("%v, and the log is %s", err, log.String())
	}

	// One that was not filmed is filmed from where it goes on.
	late := t.TempDir()
	if err := Start(context.Background(), toy(t, late, 20)); err != nil {
		t.Fatal(err)
	}
	r = film(late, 40)
	r.Experiment, r.Every = "", 0
	if err := Resume(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if got := read(t, late, name); !strings.HasPrefix(got, "20 ") || strings.Count(got, "\n") != 3 || !strings.Contains(read(t, late, runFile), `"filmed": true`) {
		t.Errorf("animated\n%s", got)
	}
}
