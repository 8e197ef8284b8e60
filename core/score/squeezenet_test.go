//go:build !js

package score

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
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

// Images score, noise does not, also where it has their mean and covariance. With 500
// and 3,600 in place of these few: images 28.0, normal noise 3.4, uniform noise 1.5.
// Of JPEG q75 500 images score 22.7 and 2,000 score 23.8 as Go decodes them, 26.3 and,
// of 1,000, 26.8 as libjpeg does, which smooths colours.
func TestSqueezeNetScore(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	c, _ := squeezeNet(t)
	set, err := corpus.Open(shared(t, "cifar10_first4000_exact.bin"), corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const n, of = 80, 400
	all := set.Train.(*data.Images).Slice(0, of)
	size := all.Size()
	images := func(pixel func(i, j int) float32) *data.Images {
		m := &data.Images{Rows: 32, Cols: 32, Channels: 3, Pixels: make([]uint8, n*size)}
		for i := range n {
			for j := range size {
				m.Pixels[i*size+j] = uint8(max(0, min(pixel(i, j), 255)))
			}
		}
		return m
	}
	uniform := make([]float32, n*size)
	random.New(1, "uniform").Uniform(uniform)
	// The mean of images, and their differences from it times normal numbers, have
	// the images' mean and covariance.
	mean, z := make([]float32, size), make([]float32, n*of)
	for i, x := range all.Pixels {
		mean[i%size] += float32(x) / of
	}
	random.New(1, "normal").Normal(z)
	normal := make([]float32, n*size)
	for i := range n {
		for k := range of {
			share := z[i*of+k] / float32(math.Sqrt(of))
			for j, x := range all.Pixels[k*size : (k+1)*size] {
				normal[i*size+j] += share * (float32(x) - mean[j])
			}
		}
	}
	for _, kind := range []struct {
		what     string
		m        *data.Images
		from, to float64
	}{
		{"images", all.Slice(0, n), 10, 24},
		{"normal noise", images(func(i, j int) float32 { return mean[j] + normal[i*size+j] }), 2, 8},
		{"uniform noise", images(func(i, j int) float32 { return 256 * uniform[i*size+j] }), 1, 2},
	} {
		s, _ := Of(c, kind.m, 1)
		t.Logf("%d images: %s %.2f", n, kind.what, s)
		if !(s > kind.from && s < kind.to) {
			t.Errorf("%s score %.2f, want %v to %v", kind.what, s, kind.from, kind.to)
		}
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
