package record

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// steady is a clock that passes a second each time that it is asked, and as long as it
// sleeps.
func steady(slept *time.Duration) clock {
	now := time.Unix(0, 0)
	return clock{func() time.Time { now = now.Add(time.Second); return now }, func(d time.Duration) { now = now.Add(d); *slept += d }}
}

// filmed is a toy run that is filmed and drawn, on a disk that fault speaks for.
func filmed(t *testing.T, dir string, steps int, fault func(name string) error) (Job, *time.Duration) {
	slept := new(time.Duration)
	r := toy(t, dir, steps)
	r.Filmed, r.fault, r.clock = true, fault, steady(slept)
	r.Film = Film{
		Still: func(f lab.Frame) ([]byte, error) {
			return []byte(fmt.Sprint(f.Step, f.Tensors["fake"].Data[0], "\n")), nil
		},
		Animate: func(stills [][]byte) ([]byte, error) { return []byte(strings.Join(texts(stills), "")), nil },
	}
	r.Figures = func(dir string, _ *lab.Experiment, f lab.Frame, table data.Table) error {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		return data.WriteFile(filepath.Join(dir, "figure"), []byte(fmt.Sprint(f.Step, len(table.Rows))))
	}
	return r, slept
}

func texts(all [][]byte) (s []string) {
	for _, b := range all {
		s = append(s, string(b))
	}
	return s
}

// A disk that fails for a while, whatever the reason and whichever file, costs nothing:
// the run continues, says so in every progress until all is kept, and ends as one whose
// disk was well, with all rows, all pictures and the same checkpoint.
func TestFullDisk(t *testing.T) {
	whole := t.TempDir()
	r, _ := filmed(t, whole, 100, nil)
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	for _, reason := range []error{syscall.ENOSPC, syscall.EIO, syscall.EDQUOT} {
		for _, which := range []string{"", checkpointFile, metricsFile, figuresDir, frameFile, stillsDir} {
			if reason != syscall.ENOSPC && which != "" {
				continue // what it says is the same for all
			}
			t.Run(reason.Error()+"/"+which, func(t *testing.T) {
				t.Parallel()
				dir, step := t.TempDir(), 0
				var log strings.Builder
				var r Job
				r, _ = filmed(t, dir, 100, func(name string) error {
					if step >= 25 && step < 75 && strings.Contains(name[len(dir):], which) {
						return &os.PathError{Op: "write", Path: name, Err: reason}
					}
					return nil
				})
				warned, stands, again := 0, 0, false
				r.Log = &log
				show := func(p Progress) {
					step = p.Step
					if p.Warning != "" {
						warned++
						if again {
							t.Errorf("at step %d it warns of %s again", p.Step, p.Warning)
						}
						if !strings.Contains(p.String(), reason.Error()) {
							t.Errorf("the progress is %s", p)
						}
					} else if warned > 0 {
						again = true
					}
					if p.Step > 50 && p.Step < 75 && p.Warning != "" {
						stands++
					}
				}
				// Progress is shown ten times a second at most; steps are the clock here.
				if err := r.open(); err != nil {
					t.Fatal(err)
				}
				defer r.run.Close()
				if err := r.describe(); err != nil {
					t.Fatal(err)
				}
				r.Show = show
				r.run.Model = counted{r.run.Model, r.run, &step}
				if err := r.train(context.Background(), -1, head(r.run.Experiment)); err != nil {
					t.Fatal(err)
				}
				for _, name := range []string{metricsFile, checkpointFile, filepath.Join(figuresDir, filmFile), filepath.Join(figuresDir, "figure")} {
					if read(t, whole, name) != read(t, dir, name) {
						t.Errorf("%s differs", name)
					}
				}
				if !strings.Contains(log.String(), reason.Error()) {
					t.Errorf("the log is %s", log.String())
				}
				if strings.Count(log.String(), "the run continues") > 4 {
					t.Errorf("the log says it again and again: %s", log.String())
				}
			})
		}
	}
}

// counted is a model that keeps the step that its run stands at.
type counted struct {
	train.Model
	run  *train.Run
	step *int
}

func (c counted) Iterate() string {
	bad := c.Model.Iterate()
	*c.step = c.run.Step()
	return bad
}

// The warning stands in what is said of the run until a checkpoint succeeds.
func TestWarning(t *testing.T) {
	var log strings.Builder
	k := &keeper{dir: t.TempDir(), log: &log, kept: -1, late: map[string][]byte{}, said: map[string]bool{}}
	full := false
	k.fault = func(string) error {
		if full {
			return syscall.ENOSPC
		}
		return nil
	}
	r := toy(t, k.dir, 100)
	if err := r.open(); err != nil {
		t.Fatal(err)
	}
	run := r.run
	k.run = run
	defer run.Close()
	if err := k.open("step\n"); err != nil {
		t.Fatal(err)
	}
	defer k.close()
	for i, want := range []struct{ full, warns bool }{{false, false}, {true, true}, {true, true}, {false, false}, {true, true}, {false, false}} {
		if err := run.Train(1); err != nil {
			t.Fatal(err)
		}
		full = want.full
		k.row(fmt.Sprintf("%d\n", run.Step()))
		if k.warning == "" && want.full {
			t.Errorf("%d: a row was lost in silence", i)
		}
		err := k.checkpoint()
		if (err != nil) != want.full || (k.warning != "") != want.warns || want.warns && !strings.Contains(k.warning, syscall.ENOSPC.Error()) {
			t.Errorf("%d: %v, and the warning is %q", i, err, k.warning)
		}
		if !want.full && At2(t, k.dir) != fmt.Sprint(run.Step()) {
			t.Errorf("%d: step %s is kept", i, At2(t, k.dir))
		}
	}
	if m := tail(k.dir); m != "step\n1\n2\n3\n4\n5\n6\n" {
		t.Errorf("metrics are %q", m)
	}
	if n := strings.Count(log.String(), "keeps the run again"); n != 2 {
		t.Errorf("the log is %s", log.String())
	}
}

// At2 returns the step of the checkpoint in a folder without run.json.
func At2(t *testing.T, dir string) string {
	s, err := readFile(filepath.Join(dir, checkpointFile))
	if err != nil {
		t.Fatal(err)
	}
	return s.Meta["step"]
}

// When a run has ended and cannot be kept it is tried for ten minutes. Then it ends with
// an error that names the file, the reason and what to do, and the checkpoint before is
// as it was: the run can be resumed from it.
func TestFullAtEnd(t *testing.T) {
	for _, minutes := range []int{5, 20} {
		dir, whole := t.TempDir(), t.TempDir()
		full, warned := false, ""
		var slept *time.Duration
		var r Job
		r, slept = filmed(t, dir, 60, func(name string) error {
			if full && *slept < time.Duration(minutes)*time.Minute {
				return &os.PathError{Op: "write", Path: name, Err: syscall.ENOSPC}
			}
			return nil
		})
		step := 0
		r.Show = func(p Progress) {
			step = max(step, p.Step)
			full = p.Step >= 60
			warned = p.Warning
		}
		err := Start(context.Background(), r)
		if minutes < 10 {
			if err != nil || At(dir) != 60 {
				t.Errorf("there was room again: %v at step %d", err, At(dir))
			}
			continue
		}
		var stopped *Stopped
		if err == nil || errors.As(err, &stopped) {
			t.Fatalf("it ended with %v", err)
		}
		for _, want := range []string{"step 60 could not be kept", dir, "no space left on device", "make room", "ganbel run --resume " + dir} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v says nothing of %q", err, want)
			}
		}
		if *slept < lastTries*8/10 || *slept > lastTries || warned == "" {
			t.Errorf("it tried for %v, and warned of %q", *slept, warned)
		}
		if at := At(dir); at >= 60 {
			t.Errorf("step %d is kept", at)
		}
		r, _ = filmed(t, whole, 60, nil)
		if err := Start(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		again, _ := filmed(t, dir, 60, nil)
		again.Experiment, again.Every = "", 0
		if err := Resume(context.Background(), again); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{metricsFile, checkpointFile, filepath.Join(figuresDir, filmFile)} {
			if read(t, whole, name) != read(t, dir, name) {
				t.Errorf("%s differs", name)
			}
		}
	}
}

// A run that cannot even begin to be kept does not begin.
func TestFullAtStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r, _ := filmed(t, dir, 20, func(name string) error { return syscall.ENOSPC })
	if err := Start(context.Background(), r); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("started: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Errorf("it left %s", files(t, dir))
	}
}

// A run whose checkpoint is damaged anywhere, cut or lost resumes from the one before,
// says so, and comes to what it would have come to, with its metrics, its film and its
// checkpoint; the damaged file is kept apart and never becomes the previous one.
func TestPrevious(t *testing.T) {
	whole := t.TempDir()
	r, _ := filmed(t, whole, 90, nil)
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	parts := t.TempDir()
	for _, steps := range []int{40, 60} {
		r, _ = filmed(t, parts, steps, nil)
		begin := Start
		if steps > 40 {
			r.Experiment, r.Every, begin = "", 0, Resume
		}
		if err := begin(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := readFile(filepath.Join(parts, previousFile)); err != nil || s.Meta["step"] == "60" {
		t.Fatalf("the previous checkpoint is of step %s, %v", s.Meta["step"], err)
	}
	size := len(read(t, parts, checkpointFile))
	for what, damage := range map[string]func(b []byte) []byte{
		"length":    func(b []byte) []byte { b[1] ^= 1; return b },
		"header":    func(b []byte) []byte { b[40] ^= 4; return b },
		"number":    func(b []byte) []byte { b[size/2] ^= 1; return b },
		"last byte": func(b []byte) []byte { b[size-1] ^= 128; return b },
		"cut":       func(b []byte) []byte { return b[:size-1] },
		"empty":     func(b []byte) []byte { return nil },
		"lost":      nil, // as after a kill between two renames
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(parts)); err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(dir, checkpointFile)
			if damage == nil {
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
			} else if err := os.WriteFile(name, damage([]byte(read(t, dir, checkpointFile))), 0o644); err != nil {
				t.Fatal(err)
			}
			if s, notes, err := ReadNoting(dir); err != nil || s.Meta["step"] == "60" || len(notes) != 1 || !strings.Contains(notes[0], previousFile) {
				t.Errorf("read step %s, %v, %v", s.Meta["step"], notes, err)
			}
			var log strings.Builder
			r, _ := filmed(t, dir, 90, nil)
			r.Experiment, r.Every, r.Log = "", 0, &log
			if err := Resume(context.Background(), r); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(log.String(), "taken from "+previousFile) {
				t.Errorf("it did not say so: %s", log.String())
			}
			for _, name := range []string{metricsFile, checkpointFile, filepath.Join(figuresDir, filmFile)} {
				if read(t, whole, name) != read(t, dir, name) {
					t.Errorf("%s differs", name)
				}
			}
			if _, err := readFile(filepath.Join(dir, previousFile)); err != nil {
				t.Errorf("the previous checkpoint is not good: %v", err)
			}
			if _, err := os.Stat(filepath.Join(dir, damagedFile)); (err == nil) != (damage != nil) {
				t.Errorf("the damaged file: %v", err)
			}
		})
	}
}

// No bit of a run's file can change without every reader's noticing.
func TestBits(t *testing.T) {
	dir := t.TempDir()
	v, err := experiment.WGANGP.Resolve("live", lab.Values{"width": "1", "depth": "1", "batch": "1", "field": "8"})
	if err != nil {
		t.Fatal(err)
	}
	if err := Start(context.Background(), Job{Experiment: "wgan-gp", Values: v, Dir: dir, Steps: 3, Every: 1}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, previousFile)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, checkpointFile)
	good := []byte(read(t, dir, checkpointFile))
	for at := 0; at < len(good); at += 3 {
		bad := append([]byte(nil), good...)
		bad[at] ^= 1 << (at % 8)
		if err := os.WriteFile(name, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(name); err == nil {
			t.Errorf("byte %d changed unnoticed to Read of the file", at)
		}
		if at%60 != 0 {
			continue
		}
		if _, err := Read(dir); err == nil {
			t.Errorf("byte %d changed unnoticed to Read of the folder", at)
		}
		if _, _, err := (Job{Dir: t.TempDir()}).From(name); err == nil {
			t.Errorf("byte %d changed unnoticed to From", at)
		}
		if err := Resume(context.Background(), Job{Dir: dir, Steps: 4}); err == nil {
			t.Errorf("byte %d changed unnoticed to Resume", at)
		}
		if string(bad) != read(t, dir, checkpointFile) {
			t.Fatal("the damaged file was touched though there is no other")
		}
	}
	// A file without a digest, as older ones, is taken with a notice, and gets one.
	s, err := data.ReadSafetensors(strings.NewReader(string(good)))
	if err != nil {
		t.Fatal(err)
	}
	s.Digest = false
	var plain strings.Builder
	if err := data.WriteSafetensors(&plain, s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(plain.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	if err := Resume(context.Background(), Job{Dir: dir, Steps: 4, Log: &log}); err != nil || !strings.Contains(log.String(), "carries no digest") {
		t.Errorf("%v, and the log is %s", err, log.String())
	}
	if s, err := Read(dir); err != nil || !s.Digest {
		t.Errorf("the checkpoint has no digest, %v", err)
	}
}

// Edits of run.json take effect and are logged, or are refused with their line.
func TestEdited(t *testing.T) {
	begun := t.TempDir()
	if err := Start(context.Background(), toy(t, begun, 20)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, refused, said string }{
		{`"learning-rate": "0.002"`, `"learning-rate": "0.001"`, "", "resumes with learning-rate 0.001, after 0.002"},
		{`"n-critic": "5"`, `"n-critic": "2"`, "", "resumes with n-critic 2, after 5"},
		{`"steps": 20`, `"steps": 30`, "", "step 30 of 30"},
		{`"every": 10`, `"every": 5`, "", ""},
		{`"preset": ""`, `"preset": "mine"`, "", ""},
		{"{\n", "\ufeff{\r\n", "", ""},
		{`"seed": "1",`, ``, "", "lacks seed, which is 1"},
		{`"width": "16"`, `"width": "17"`, "width 17, but the run was trained with 16", ""},
		{`"seed": "1"`, `"seed": "2"`, "seed 2, but the run was trained with 1", ""},
		{`"width": "16"`, `"width": "100000"`, "width", ""},
		{`"learning-rate": "0.002"`, `"learning-rate": "fast"`, `learning-rate is "fast"`, ""},
		{`"width": "16"`, `"wide": "16"`, `no setting "wide"`, ""},
		{`"experiment": "wgan-gp"`, `"experiment": "gumbel-vae"`, "its checkpoint is of wgan-gp", ""},
		{`"experiment": "wgan-gp"`, `"experiment": "nothing"`, "no experiment", ""},
		{`"experiment": "wgan-gp",`, ``, `lacks "experiment"`, ""},
		{`"steps": 20`, `"steps": -1`, `"steps" is -1`, ""},
		{`"steps": 20`, `"steps": "many"`, ", line ", ""},
		{`"steps": 20,`, ``, "--steps N", ""},
		{`"every": 10`, `"every": 0`, `"every" is 0`, ""},
		{`"every": 10,`, ``, `"every" is 0 or missing`, ""},
		{`"every": 10`, `"evry": 10`, `no field is called "evry"`, ""},
		{`"every": 10`, `"Every": 10`, `no field is called "Every"`, ""},
		{`"every": 10`, `"every": 10, "every": 20`, `"every" comes twice`, ""},
		{`"every": 10,`, `"every": 10`, ", line ", ""},
		{"}\n", "} }\n", ", line ", ""},
		{"}\n", "", ", line ", ""},
	} {
		t.Run(c.new, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(begun)); err != nil {
				t.Fatal(err)
			}
			text := read(t, dir, runFile)
			if !strings.Contains(text, c.old) {
				t.Fatalf("run.json is %s", text)
			}
			at := strings.LastIndex(text, c.old)
			if c.old == "{\n" { // the first
				at = 0
			}
			edited := text[:at] + c.new + text[at+len(c.old):]
			if err := os.WriteFile(filepath.Join(dir, runFile), []byte(edited), 0o644); err != nil {
				t.Fatal(err)
			}
			before := files(t, dir)
			var log strings.Builder
			r := Job{Dir: dir, Log: &log}
			if c.refused == "" && !strings.Contains(c.new, `"steps"`) {
				r.Steps = 25
			}
			err := Resume(context.Background(), r)
			if c.refused != "" {
				if err == nil || !strings.Contains(err.Error(), c.refused) || !strings.Contains(err.Error(), runFile) {
					t.Errorf("%v, want %q", err, c.refused)
				}
				if read(t, dir, runFile) != edited || files(t, dir) != before {
					t.Error("what was refused changed the folder")
				}
				return
			}
			if err != nil || !strings.Contains(log.String(), c.said) {
				t.Errorf("%v, and the log is %s", err, log.String())
			}
			s, err := Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range map[string]string{"learning-rate": "0.001", "n-critic": "2"} {
				if strings.Contains(c.new, name) && (s.Meta["set."+name] != text || !strings.Contains(read(t, dir, runFile), fmt.Sprintf("%q: %q", name, text))) {
					t.Errorf("%s is %s", name, s.Meta["set."+name])
				}
			}
			if _, err := Describe(dir); err != nil {
				t.Error(err)
			}
		})
	}
	// The line is right.
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, runFile), []byte("{\n\"experiment\": \"wgan-gp\",\n\"steps\": 3\n\"every\": 1}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Describe(dir); err == nil || !strings.Contains(err.Error(), runFile+", line 4: ") {
		t.Errorf("the line: %v", err)
	}
}
