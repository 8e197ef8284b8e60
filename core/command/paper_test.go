package command

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ganbel/core/data"
)

// writeIDX writes images of 28 by 28 in k classes in MNIST's format, gzipped by another
// name or not.
func writeIDX(t *testing.T, dir string, k int, seed uint8) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for part, n := range map[string]int{"train": 300, "t10k": 100} {
		images, labels := []byte{0, 0, 8, 3}, []byte{0, 0, 8, 1}
		for _, d := range []int{n, 28, 28} {
			images = binary.BigEndian.AppendUint32(images, uint32(d))
		}
		labels = binary.BigEndian.AppendUint32(labels, uint32(n))
		for i := range n {
			labels = append(labels, uint8(i%k))
			for p := range 784 {
				images = append(images, uint8(p*(i%k+1))+seed)
			}
		}
		for name, b := range map[string][]byte{part + "-images-idx3-ubyte": images, part + "-labels-idx1-ubyte": labels} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// Other data than MNIST has its own name in the log, run.json, titles and tables, and no
// paper's numbers next to it. A run continues with the same data from elsewhere, and with
// no other; the error names both.
func TestOtherData(t *testing.T) {
	dir := t.TempDir()
	letters := writeIDX(t, filepath.Join(dir, "letters"), 5, 0)
	signs := writeIDX(t, filepath.Join(dir, "signs"), 5, 9)
	run := func(args ...string) (said string, err error) {
		said = quiet(t, func() { err = command(context.Background(), append([]string{"run"}, args...)) })
		return said, err
	}
	out := filepath.Join(dir, "semi")
	said, err := run("gumbel-semi", "--mnist", letters, "--labels", "10", "--channels", "1", "--batch", "4", "--labelled-batch", "4", "--steps", "2", "--every", "1", "--out", out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"data: letters, 300 + 100 of 28×28×1, 5 classes, SHA-256 ", "Semi-supervised letters, 10 labels of 5 classes", "The paper's numbers are of MNIST, and are left out."} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	if strings.Contains(said, "106.8") || strings.Contains(said, "Table 2") {
		t.Errorf("the paper's numbers in\n%s", said)
	}
	b, err := os.ReadFile(filepath.Join(out, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	var described struct{ Data data.Identity }
	if err := json.Unmarshal(b, &described); err != nil {
		t.Fatal(err)
	}
	if id := described.Data; id.Name != "letters" || len(id.Digest) != 64 || id.Train != 300 || id.Validation != 100 || id.Classes != 5 || fmt.Sprint(id.Shape) != "[28 28 1]" {
		t.Errorf("run.json says %+v", id)
	}
	if b, err := os.ReadFile(filepath.Join(out, "figures", "chart-elbo.svg")); err != nil || !strings.Contains(string(b), "letters") || strings.Contains(string(b), "MNIST") {
		t.Errorf("the chart does not name its data, %v", err)
	}
	_, err = run("--resume", out, "--mnist", signs, "--steps", "3")
	for _, want := range []string{"other data", "letters, 300 + 100", "signs, 300 + 100", described.Data.Digest[:16]} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("other data: %v does not say %q", err, want)
		}
	}
	elsewhere := filepath.Join(dir, "elsewhere")
	if err := os.Rename(letters, elsewhere); err != nil {
		t.Fatal(err)
	}
	if _, err := run("--resume", out, "--mnist", elsewhere, "--steps", "3"); err != nil {
		t.Errorf("the same data from elsewhere: %v", err)
	}
	said, err = run("wgan-mnist", "--mnist", signs, "--width", "4", "--batch", "4", "--score-images", "100", "--steps", "1", "--out", out+"2")
	if err != nil || strings.Count(said, "knows handwritten digits only: signs") < 2 || strings.Contains(said, "Figure 5(b)") {
		t.Errorf("no warning in the log and the table, %v:\n%s", err, said)
	}
}

// Photographs are not scored by the classifier of digits without a warning, and are named
// by what they were before they were made small and grey.
func TestScoredPhotographs(t *testing.T) {
	photos := colours(t, 12)
	score := func(path string) string {
		var err error
		said := quiet(t, func() { err = command(context.Background(), []string{"score", path}) })
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	said := score(photos)
	for _, want := range []string{"Warning: The classifier of MNIST knows handwritten digits only", "images of 32 by 32 with 3 channels", "images: " + filepath.Base(photos) + ", 11 + 1 of 28×28×1, made of 32×32×3, SHA-256 ", "real: MNIST, 60,000 + 10,000 of 28×28×1"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	if said := score(writeIDX(t, filepath.Join(t.TempDir(), "signs"), 5, 0)); !strings.Contains(said, "Warning: The classifier of MNIST knows handwritten digits only: signs") {
		t.Errorf("no warning in\n%s", said)
	}
}
