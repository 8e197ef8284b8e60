package command

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/core/random"
	"ganbel/core/record"
)

// A run is scored from its checkpoint just as it was measured at that step.
func TestScoreRun(t *testing.T) {
	t.Chdir(t.TempDir())
	do := func(line string) string {
		t.Helper()
		var err error
		said := quiet(t, func() { err = command(context.Background(), strings.Fields(line)) })
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return said
	}
	do("run wgan-mnist --width 4 --batch 4 --n-critic 1 --held-out 1 --score-images 200 --steps 2 --every 2 --out r")
	m, err := record.Metrics("r")
	if err != nil {
		t.Fatal(err)
	}
	said := do("score --run r")
	scores, err := record.ReadScores("r")
	if err != nil || len(scores) != 1 || scores[0].Step != 2 || scores[0].Images != 200 {
		t.Fatalf("kept %+v, %v; said %q", scores, err, said)
	}
	for column, got := range map[string]float64{"score": scores[0].Made, "real-score": scores[0].Real} {
		if want := record.Last(m, column); !(math.Abs(got-want) <= 1e-6*want) {
			t.Errorf("the %s is %v of the checkpoint, and was measured as %v", column, got, want)
		}
	}
	if !strings.Contains(said, "r, step 2") || !strings.Contains(said, "of 200 images") {
		t.Errorf("it said %q", said)
	}
	if said = do("score r --n 100"); !strings.Contains(said, "of 100 images") { // a folder of a run is known
		t.Errorf("it said %q", said)
	}
	if scores, err = record.ReadScores("r"); err != nil || len(scores) != 2 || scores[1].Images != 100 {
		t.Errorf("kept %+v, %v", scores, err)
	}
	do("run wgan-gp --width 16 --batch 32 --field 16 --steps 2 --out points")
	for line, want := range map[string]string{
		"score --run points":        "makes no images",
		"score --run r --n 150":     "hundreds",
		"score --run r --splits -1": "less than 0",
	} {
		quiet(t, func() { err = command(context.Background(), strings.Fields(line)) })
		if status(err) != 2 || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
	quiet(t, func() { err = command(context.Background(), strings.Fields("score --run nothing")) })
	if status(err) != 1 || !strings.Contains(err.Error(), "holds no run") {
		t.Errorf("of no run: %v", err)
	}
}

// Noise scores nothing beside real digits, and is far from them; digits are not.
func TestScore(t *testing.T) {
	_, test, err := data.MNIST(assets.MNIST())
	if err != nil {
		t.Fatal(err)
	}
	const n = 60
	// CIFAR-10's layout, which is the easiest to write: a digit at the top left of each.
	file := func(name string, pixel func(i, at int) byte) string {
		var b []byte
		for i := range n {
			b = append(b, 0)
			for range 3 {
				for at := range 32 * 32 {
					b = append(b, pixel(i, at))
				}
			}
		}
		name = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	r := random.New(1, "noise")
	noise := file("noise.bin", func(i, at int) byte { return byte(r.Intn(256)) })
	digits := file("digits.bin", func(i, at int) byte {
		y, x := at/32*28/32, at%32*28/32
		return test.Pixels[i*28*28+y*28+x]
	})
	row := regexp.MustCompile(`(?m)^(real: )?.{10,}? ([0-9.]+) +([0-9.]+)$`)
	measure := func(path string) (scores, distances [2]float64) {
		text := quiet(t, func() { err = command(context.Background(), []string{"score", path}) })
		if err != nil {
			t.Fatal(err)
		}
		found := row.FindAllStringSubmatch(text, -1)
		if len(found) != 2 || found[1][1] != "real: " {
			t.Fatalf("%q in\n%s", found, text)
		}
		for i := range found {
			scores[i], _ = strconv.ParseFloat(found[i][2], 64)
			distances[i], _ = strconv.ParseFloat(found[i][3], 64)
		}
		return scores, distances
	}
	scores, distances := measure(digits)
	if !(scores[0] > 5 && scores[1] > 5) || !(distances[0] < 10 && distances[1] < 5) {
		t.Errorf("digits: %v, at %v", scores, distances)
	}
	noisy, away := measure(noise)
	if !(noisy[0] < 2) || !(away[0] > 5*distances[0]) || noisy[1] != scores[1] {
		t.Errorf("noise: %v, at %v", noisy, away)
	}
}
