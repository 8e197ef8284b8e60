package main

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/wgan"
)

// TestMain lets a pool of processes find this program: it runs the command where it is
// called as that.
func TestMain(m *testing.M) {
	if os.Getenv("GANBEL_COMMAND") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// colours writes n small images into a folder.
func colours(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		m := image.NewRGBA(image.Rect(0, 0, 32, 32))
		for p := range 32 * 32 {
			m.Set(p%32, p/32, color.RGBA{uint8(i * 8), uint8(p), uint8(p / 4), 255})
		}
		f, err := os.Create(filepath.Join(dir, string(rune('a'+i))+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, m); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return dir
}

// A sweep trains what it lists, each run in a process of its own, does nothing twice,
// goes further with more steps, and tells which run failed.
func TestSweep(t *testing.T) {
	t.Setenv("GANBEL_COMMAND", "1")
	images, out := colours(t, 20), filepath.Join(t.TempDir(), "sweep")
	run := func(more string) (said string, err error) {
		said = quiet(t, func() {
			err = command(context.Background(), append(strings.Fields("sweep architectures --count 1 --shrink 32 --set batch=4 --set held-out=1 --set n-critic=1 --out "+out+" "+more), "--images", images))
		})
		return said, err
	}
	said, err := run("--steps 2")
	if err != nil || !strings.Contains(said, "2 of 2: 000-") || !strings.Contains(said, "Table 5") || !strings.Contains(said, "filters divided by 32") {
		t.Fatalf("said %q, %v", said, err)
	}
	before, err := record.ReadOutcome(filepath.Join(out, "000-gan"))
	if err != nil || before.Step != 2 || before.Seconds <= 0 || before.Error != "" {
		t.Fatalf("the outcome is %+v, %v", before, err)
	}
	if _, err := run("--steps 2"); err != nil {
		t.Fatal(err)
	}
	if again, _ := record.ReadOutcome(filepath.Join(out, "000-gan")); again.Seconds != before.Seconds {
		t.Error("what was done was done again")
	}
	if _, err := run("--steps 3"); err != nil {
		t.Fatal(err)
	}
	if more, _ := record.ReadOutcome(filepath.Join(out, "000-gan")); more.Step != 3 {
		t.Errorf("it stands at step %d, want 3", more.Step)
	}
	if _, err := run("--steps 3 --set batch=5"); err == nil || !strings.Contains(err.Error(), "another job") {
		t.Errorf("other settings in one folder: %v", err)
	}
	out += "-2"
	if said, err = run("--steps 3 --set batch=19"); err != nil || !strings.Contains(said, "ended at step 0") {
		t.Errorf("where every run fails it said %q, %v", said, err)
	}
}

// Every sweep's jobs are runs that can be, and no two are alike.
func TestSweepJobs(t *testing.T) {
	for _, sw := range sweeps {
		s := &sweep{count: 50, seed: 1, shrink: 8, methods: []string{"penalty", "gan", "one-sided"}}
		jobs := sw.jobs(s)
		ids := map[string]string{}
		for _, j := range jobs {
			e, err := lab.Find(j.Experiment)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Resolve(j.Preset, j.Values); err != nil {
				t.Errorf("%s: %v", j.Name, err)
			}
			if other := ids[j.ID()]; other != "" && sw.name != "architectures" {
				t.Errorf("%s is %s", j.Name, other)
			}
			ids[j.ID()] = j.Name
		}
		if want := map[string]int{"figure2": 28, "figure3": 4, "architectures": 150}[sw.name]; len(jobs) != want {
			t.Errorf("%s has %d jobs, want %d", sw.name, len(jobs), want)
		}
	}
	if j := (record.Job{Steps: 5}); j.ID() != (record.Job{Steps: 9, Name: "x"}).ID() || j.ID() == (record.Job{Preset: "a"}).ID() {
		t.Error("a job's ID depends on its name or steps, or not on its preset")
	}
}

// Table 5 counts what metrics.csv says.
func TestTable5(t *testing.T) {
	out := t.TempDir()
	s := &sweep{out: out, count: 4, seed: 1, shrink: 1, steps: 10, methods: []string{"penalty", "gan"}, files: map[string]string{"squeezenet": "x"}, log: &strings.Builder{}}
	all := map[string]record.Outcome{}
	for name, score := range map[string]string{"000-penalty": "3.2", "000-gan": "1.2", "001-penalty": "3.4", "001-gan": "3.6", "002-penalty": "1.1", "002-gan": "4", "003-penalty": "", "003-gan": "1.0"} {
		dir := filepath.Join(out, name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "metrics.csv"), []byte("step,score\n5,"+score+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		all[name] = record.Outcome{Job: record.Job{Name: name}, Step: 5}
	}
	if err := s.architectures(all); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(out, "architectures.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, line := range strings.Split(string(b), "\n") {
		cells := strings.Split(strings.ReplaceAll(line, " ", ""), "|")
		if len(cells) > 9 {
			rows[cells[1]] = cells[2:10]
		}
	}
	for score, want := range map[string][]string{"1.0": {"0", "0", "3", "1", "0", "8", "192", "0"}, "3.0": {"1", "1", "1", "1", "1", "88", "110", "1"}, "3.5": {"2", "0", "0", "2", "0", "111", "86", "3"}} {
		if got := rows[score]; !slices.Equal(got, want) {
			t.Errorf("above %s the table counts %v, want %v", score, got, want)
		}
	}
	if v := s.last(all["003-penalty"], "score"); !math.IsNaN(v) {
		t.Errorf("a run without a score scores %v", v)
	}
	if len(wgan.Table5) != 17 {
		t.Errorf("table 5 has %d rows", len(wgan.Table5))
	}
}
