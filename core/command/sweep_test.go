package command

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ganbel/core/record"
	"ganbel/core/sweep"
)

// TestMain lets a pool of processes find this program: it runs the command if it is
// called as that. The file that GANBEL_DIE names holds how many of them are killed as
// if the machine had too little memory.
func TestMain(m *testing.M) {
	if os.Getenv("GANBEL_COMMAND") != "" {
		if name := os.Getenv("GANBEL_DIE"); name != "" && deaths(name) > 0 {
			os.WriteFile(name, []byte(strconv.Itoa(deaths(name)-1)), 0o644)
			self, _ := os.FindProcess(os.Getpid())
			self.Kill()
			select {}
		}
		os.Exit(Main(os.DirFS(root)))
	}
	os.Exit(m.Run())
}

func deaths(name string) int {
	b, _ := os.ReadFile(name)
	n, _ := strconv.Atoi(string(b))
	return n
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
	before, err := sweep.ReadOutcome(filepath.Join(out, "000-gan"))
	if err != nil || before.Step != 2 || before.Seconds <= 0 || before.Error != "" {
		t.Fatalf("the outcome is %+v, %v", before, err)
	}
	if _, err := run("--steps 2"); err != nil {
		t.Fatal(err)
	}
	if again, _ := sweep.ReadOutcome(filepath.Join(out, "000-gan")); again.Seconds != before.Seconds {
		t.Error("what was done was done again")
	}
	if _, err := run("--steps 3"); err != nil {
		t.Fatal(err)
	}
	if more, _ := sweep.ReadOutcome(filepath.Join(out, "000-gan")); more.Step != 3 {
		t.Errorf("it stands at step %d, want 3", more.Step)
	}
	// Settings that only measure do not make another job, nor does the place of the
	// images.
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(images, moved); err != nil {
		t.Fatal(err)
	}
	images = moved
	if _, err := run("--steps 3 --every 2 --set held-out=2 --set score-images=100"); err != nil {
		t.Errorf("other measurements: %v", err)
	}
	if _, err := run("--steps 4 --set held-out=2"); err != nil {
		t.Errorf("other measurements, and further: %v", err)
	}
	if r, err := record.Describe(filepath.Join(out, "000-gan")); err != nil || r.Values["held-out"] != "2" || r.Files["images"] != moved {
		t.Errorf("further, it measures over %s batches of %s, %v", r.Values["held-out"], r.Files["images"], err)
	}
	if _, err := run("--steps 4 --set batch=5"); err == nil || !strings.Contains(err.Error(), "another job") {
		t.Errorf("other settings in one folder: %v", err)
	}
	out += "-2"
	said, err = run("--steps 3 --set batch=19")
	if err == nil || status(err) != 1 || !strings.Contains(err.Error(), "2 of 2 jobs have no result: 000-gan, 000-penalty") || !strings.Contains(said, "batch is 19") || !strings.Contains(said, "no result |") {
		t.Errorf("if every run fails it said %q, %v", said, err)
	}
}

// A worker that was killed is tried again, now and with the next call; only a run that
// diverged, by its own word, is left as it is.
func TestSweepKilled(t *testing.T) {
	dies := filepath.Join(t.TempDir(), "dies")
	t.Setenv("GANBEL_COMMAND", "1")
	t.Setenv("GANBEL_DIE", dies)
	images, out := colours(t, 20), filepath.Join(t.TempDir(), "sweep")
	run := func(killed int, more string) (said string, err error) {
		if err := os.WriteFile(dies, []byte(strconv.Itoa(killed)), 0o644); err != nil {
			t.Fatal(err)
		}
		said = quiet(t, func() {
			err = command(context.Background(), strings.Fields("sweep architectures --count 1 --methods penalty,gan --shrink 32 --set batch=4 --set held-out=1 --set n-critic=1 --jobs 1 --out "+out+" --images "+images+" "+more))
		})
		return said, err
	}
	said, err := run(2, "--steps 2")
	if err != nil || strings.Count(said, "it was killed") != 2 || !strings.Contains(said, "try 3 of 3") || !strings.Contains(said, "2 of 2: ") {
		t.Fatalf("killed twice it said %q, %v", said, err)
	}
	said, err = run(3, "--steps 3")
	if status(err) != 1 || !strings.Contains(err.Error(), "1 of 2 jobs have no result: 000-penalty") {
		t.Fatalf("killed three times it said %q, %v", said, err)
	}
	if o, err := sweep.ReadOutcome(filepath.Join(out, "000-penalty")); err != nil || o.Error != "" || o.Lost == "" || o.Step != 2 {
		t.Errorf("the outcome is %+v, %v", o, err)
	}
	if said, err = run(0, "--steps 3"); err != nil || !strings.Contains(said, "000-penalty, step 3") {
		t.Errorf("called again it said %q, %v", said, err)
	}
	// The run's own word, as record writes it.
	end := []byte(`{"ending": "diverged", "step": 3, "what": "critic"}`)
	if err := os.WriteFile(filepath.Join(out, "000-gan", "end.json"), end, 0o644); err != nil {
		t.Fatal(err)
	}
	if said, err = run(0, "--steps 4"); err != nil || !strings.Contains(said, "000-gan ended at step 3: critic is not finite") || !strings.Contains(said, "(ended at 3)") {
		t.Errorf("with a run that diverged it said %q, %v", said, err)
	}
	if o, _ := sweep.ReadOutcome(filepath.Join(out, "000-gan")); o.Step != 3 {
		t.Errorf("a run that diverged stands at step %d", o.Step)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	quiet(t, func() {
		err = command(ctx, strings.Fields("sweep figure3 --steps 9 --out "+out+"-3 --images "+images))
	})
	if status(err) != 130 {
		t.Errorf("interrupted it ends with %v, status %d", err, status(err))
	}
}

// A sweep whose runs have ended is scored from their checkpoints when a classifier is
// named, and that implies that images are scored at all.
func TestSweepScores(t *testing.T) {
	classifier := filepath.Join(root, "../shared/data/squeezenet_v1.0_deepcompressed.net")
	if _, err := os.Stat(classifier); err != nil {
		t.Skip(err)
	}
	t.Setenv("GANBEL_COMMAND", "1")
	images, out := colours(t, 20), filepath.Join(t.TempDir(), "sweep")
	run := func(more string) string {
		t.Helper()
		var err error
		said := quiet(t, func() {
			err = command(context.Background(), strings.Fields("sweep architectures --count 1 --methods penalty --shrink 32 --set batch=4 --set held-out=1 --set n-critic=1 --steps 2 --out "+out+" --images "+images+" "+more))
		})
		if err != nil {
			t.Fatalf("%s: %v, %s", more, err, said)
		}
		return said
	}
	dir := filepath.Join(out, "000-penalty")
	if said := run(""); !strings.Contains(said, "score —") {
		t.Errorf("without a classifier it said %q", said)
	}
	before, err := os.ReadFile(filepath.Join(dir, "metrics.csv"))
	if err != nil {
		t.Fatal(err)
	}
	said := run("--squeezenet " + classifier + " --set score-images=100")
	scores, err := record.ReadScores(dir)
	if err != nil || len(scores) != 1 || scores[0].Step != 2 || scores[0].Images != 100 || !(scores[0].Made >= 1) || !(scores[0].Real >= 1) {
		t.Fatalf("the scores are %+v, %v", scores, err)
	}
	if !strings.Contains(said, fmt.Sprintf("score %.2f", scores[0].Made)) || !strings.Contains(said, fmt.Sprintf("real images score %.2f", scores[0].Real)) {
		t.Errorf("with a classifier it said %q", said)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "metrics.csv")); string(after) != string(before) {
		t.Error("the run was trained again")
	}
	info, err := os.Stat(filepath.Join(dir, "scores.json"))
	if err != nil {
		t.Fatal(err)
	}
	run("--squeezenet " + classifier + " --set score-images=100")
	if again, _ := os.Stat(filepath.Join(dir, "scores.json")); !again.ModTime().Equal(info.ModTime()) {
		t.Error("what was scored was scored again")
	}
}
