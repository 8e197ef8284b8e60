package score

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/internal/golden"
	"ganbel/core/random"
)

// shared returns the path of a file that lies beside the repository, or where
// GANBEL_DATA says. It skips the test where there is no such folder.
func shared(t *testing.T, name string) string {
	t.Helper()
	folder := cmp.Or(os.Getenv("GANBEL_DATA"), filepath.Join("..", "..", "..", "shared", "data"))
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no %s: it is not in the repository; GANBEL_DATA names another folder", folder)
	}
	return filepath.Join(folder, name)
}

func squeezeNet(t *testing.T) (Classifier, []byte) {
	t.Helper()
	name := shared(t, "squeezenet_v1.0_deepcompressed.net")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(b)); sum != "e4ab6960ae8cd81505e1c2136921201507e930966c53deaf15862a395b3a3261" {
		t.Fatalf("%s has the SHA-256 %s", name, sum)
	}
	c, err := ReadSqueezeNet(bytes.NewReader(b), name)
	if err != nil {
		t.Fatal(err)
	}
	return c, b
}

// It is torchvision's network with the same weights.
func TestSqueezeNet(t *testing.T) {
	c, _ := squeezeNet(t)
	if ScoreName(c) != "SqueezeNet score" || DistanceName(c) != "Fréchet distance of SqueezeNet features" || c.Classes() != 1000 {
		t.Errorf("it is called %q and %q, with %d classes", ScoreName(c), DistanceName(c), c.Classes())
	}
	f := golden.Read(t, "testdata/squeezenet.json")
	p, features := c.Classify(patches(32))
	near(t, f, "p", every(p, 4))
	near(t, f, "features", every(features, 2))
}

// Images score, noise does not. Of 500 images the expected values were measured
// elsewhere, of other images of the same set: 23.8, with the data's mean and
// covariance 5.4, and 1.5 for uniform noise; here are fewer, which score less.
func TestSqueezeNetScore(t *testing.T) {
	c, _ := squeezeNet(t)
	set, err := corpus.Open(shared(t, "cifar10_first4000_exact.bin"), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const n = 100
	m := set.Train.(*data.Images).Slice(0, n)
	noise := &data.Images{Rows: 32, Cols: 32, Channels: 3, Pixels: make([]uint8, len(m.Pixels))}
	u := make([]float32, len(m.Pixels))
	random.New(1, "noise").Uniform(u)
	for i := range u {
		noise.Pixels[i] = uint8(256 * u[i])
	}
	real, _ := Of(c, m, 1)
	nothing, _ := Of(c, noise, 1)
	t.Logf("of %d images %.2f, of noise %.2f", n, real, nothing)
	if !(real > 10 && real < 25) || !(nothing > 1 && nothing < 2) {
		t.Errorf("of %d images %.2f, of noise %.2f", n, real, nothing)
	}
}

// A cut or changed file is told from the right one, by where it is wrong.
func TestSqueezeNetFile(t *testing.T) {
	_, whole := squeezeNet(t)
	for what, b := range map[string][]byte{
		"cut in the header": whole[:50], "cut in conv1,": whole[:20000], "cut in conv10": whole[:len(whole)-1], "follow the last layer": append(bytes.Clone(whole), 0),
		"fire2/squeeze1x1 lies at": func() []byte {
			b := bytes.Clone(whole)
			b[4+1] = 4 // a weight more or less than there are places
			return b
		}(),
	} {
		_, err := ReadSqueezeNet(bytes.NewReader(b), "w.net")
		if err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "w.net") || !strings.Contains(err.Error(), "675,763") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
