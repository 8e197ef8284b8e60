package corpus

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"ganbel/core/data"

	"github.com/klauspost/compress/zstd"
)

// shared returns a file of the data that lies beside the repository, or where
// GANBEL_DATA says. It skips the test without the folder, and fails it where
// the checksum, of what a zst unpacks to, is another.
func shared(t *testing.T, name, sum string) string {
	t.Helper()
	folder := cmp.Or(os.Getenv("GANBEL_DATA"), filepath.Join("..", "..", "..", "shared", "data"))
	if !isDir(folder) {
		t.Skipf("no %s: it is not in the repository; GANBEL_DATA names another folder", folder)
	}
	path := filepath.Join(folder, name)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if filepath.Ext(name) == ".zst" {
		z, err := zstd.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	}
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != sum {
		t.Fatalf("%s has the SHA-256 %s, expected %s", path, got, sum)
	}
	return path
}

// means returns the mean of each channel, of 0 to 1.
func means(m *data.Images) (mean [3]float64) {
	for i, p := range m.Pixels {
		mean[i%3] += float64(p) / 255 / float64(len(m.Pixels)/3)
	}
	return mean
}

// All of CIFAR-10 as JPEG: its mean, its classes, and its first 4,000 images beside
// the exact ones.
func TestSharedCIFAR(t *testing.T) {
	jpeg := shared(t, "cifar10-jpegq75.tar.zst", "a4068ce02df2d741892cd9e303b728381f45cd1b5e54270fe4e5e029fe63da52")
	exact := shared(t, "cifar10_first4000_exact.bin", "0993cf8b8e43bc207603aef9787006995746513f5e3fa5a52e06d1b069926330")
	s, err := Open(jpeg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.String(), "CIFAR-10, JPEG q75, 50,000 + 10,000 images of 32x32x3, 10 classes"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
	train := s.Train.(*data.Images)
	mean := means(train)
	for c, want := range [3]float64{.4913, .4821, .4465} {
		if got := mean[c]; math.Abs(got-want) > .0002 {
			t.Errorf("channel %d has a mean of %.5f, want %.4f", c, got, want)
		}
	}
	for k, m := range []*data.Images{train, s.Valid.(*data.Images)} {
		var n [10]int
		for _, l := range m.Labels {
			n[l]++
		}
		if want := []int{5000, 1000}[k]; slices.Min(n[:]) != want || slices.Max(n[:]) != want {
			t.Errorf("images a class: %v, want %d", n, want)
		}
	}
	few, err := Open(exact, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := few.String(), "CIFAR-10 of cifar10_first4000_exact.bin, 3,600 + 400 images of 32x32x3, 10 classes"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
	// Some exact images, each with the nearest JPEG: it is of the same class, and as
	// near as quality 75 comes.
	m := few.Train.(*data.Images)
	for i := range 3 {
		image := m.Pixels[i*3072:][:3072]
		best, at := math.MaxInt, 0
		for j := range train.Count() {
			sum := 0
			for k, p := range train.Pixels[j*3072:][:3072] {
				d := int(p) - int(image[k])
				if sum += d * d; sum > best {
					break
				}
			}
			if sum < best {
				best, at = sum, j
			}
		}
		if mse := float64(best) / 3072; mse > 300 || train.Labels[at] != m.Labels[i] {
			t.Errorf("image %d of class %d: the nearest has class %d and is off by %.0f squared", i, m.Labels[i], train.Labels[at], mse)
		}
	}
}

// Fashion-MNIST of Debian's package dataset-fashion-mnist.
func TestFashion(t *testing.T) {
	const folder = "/usr/share/datasets/fashion-mnist"
	if !isDir(folder) {
		t.Skip("no Debian package dataset-fashion-mnist")
	}
	s, err := Open(folder, Options{Side: 32})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.String(), "Fashion-MNIST, 60,000 + 10,000 images of 32x32x1, 10 classes"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
}

func TestMNIST(t *testing.T) {
	s, err := Open(filepath.Join("..", "..", "assets", "mnist"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.String(), "MNIST, 60,000 + 10,000 images of 28x28x1, 10 classes"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
	var mean float64
	m := s.Train.(*data.Images)
	for _, p := range m.Pixels {
		mean += float64(p) / 255 / float64(len(m.Pixels))
	}
	if math.Abs(mean-.13066) > .00001 {
		t.Errorf("the mean is %.6f, want .13066", mean)
	}
}
