package corpus

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
)

// idxImages returns an idx file of n images of 3 by 3: pixel p of image i is i+10·p.
func idxImages(n int) []byte {
	b := []byte{0, 0, 8, 3}
	for _, d := range []int{n, 3, 3} {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	for i := range n {
		for p := range 9 {
			b = append(b, uint8(i+10*p))
		}
	}
	return b
}

// idxLabels returns an idx file of n labels that go round from least to most.
func idxLabels(n, least, most int) []byte {
	b := binary.BigEndian.AppendUint32([]byte{0, 0, 8, 1}, uint32(n))
	for i := range n {
		b = append(b, uint8(least+i%(most-least+1)))
	}
	return b
}

// idxInts returns the same as QMNIST has them: rows of int32, of which the first counts.
func idxInts(n, most int) []byte {
	b := []byte{0, 0, 12, 2}
	b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, uint32(n)), 8)
	for i := range n {
		b = binary.BigEndian.AppendUint32(b, uint32(i%(most+1)))
		for k := range 7 {
			b = binary.BigEndian.AppendUint32(b, uint32(100_000*k))
		}
	}
	return b
}

// Data in MNIST's format is read as people have it: packed, unpacked or both, with the
// names of every set that has them, and with names of their own.
func TestIDXForms(t *testing.T) {
	const n, m = 12, 6
	images, labels, testImages, testLabels := idxImages(n), idxLabels(n, 0, 2), idxImages(m), idxLabels(m, 0, 2)
	all := func(a, b, c, d string) map[string][]byte {
		return map[string][]byte{a: images, b: labels, c: testImages, d: testLabels}
	}
	packed := func(files map[string][]byte) map[string][]byte {
		out := map[string][]byte{}
		for name, b := range files {
			out[name+".gz"] = gzipped(b)
		}
		return out
	}
	join := func(all ...map[string][]byte) map[string][]byte {
		out := map[string][]byte{}
		for _, files := range all {
			for name, b := range files {
				out[name] = b
			}
		}
		return out
	}
	usual := all("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
	raw := all("MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte", "MNIST/raw/t10k-images-idx3-ubyte", "MNIST/raw/t10k-labels-idx1-ubyte")
	some := join(raw, packed(raw))
	delete(some, "MNIST/raw/train-images-idx3-ubyte.gz")
	delete(some, "MNIST/raw/t10k-labels-idx1-ubyte")
	cut := join(raw, packed(raw))
	cut["MNIST/raw/train-images-idx3-ubyte"] = images[:40]
	disguised := map[string][]byte{}
	for name, b := range usual {
		disguised[name] = gzipped(b)
	}
	padded := map[string][]byte{}
	for name, b := range packed(usual) {
		padded[name] = append(b, make([]byte, 700)...)
	}
	qmnist := map[string][]byte{"qmnist-train-images-idx3-ubyte.gz": gzipped(images), "qmnist-train-labels-idx2-int.gz": gzipped(idxInts(n, 2)),
		"qmnist-test-images-idx3-ubyte.gz": gzipped(testImages), "qmnist-test-labels-idx2-int.gz": gzipped(idxInts(m, 2))}
	var want *data.Images
	for _, c := range []struct {
		what  string
		files map[string][]byte
	}{
		{"packed", packed(usual)}, {"unpacked", usual}, {"torchvision's, both", join(raw, packed(raw))}, {"torchvision's, one of each", some}, {"unpacked cut, packed whole", cut},
		{"packed under names of the unpacked", disguised}, {"padded", padded}, {"with dots", all("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")},
		{"test", packed(all("kmnist-train-images-idx3-ubyte", "kmnist-train-labels-idx1-ubyte", "kmnist-test-images-idx3-ubyte", "kmnist-test-labels-idx1-ubyte"))},
		{"QMNIST", qmnist}, {"one folder deep", join(raw, map[string][]byte{"MNIST/processed/x.txt": []byte("x")})}, {"x and y", all("x_train", "y_train", "x_test", "y_test")}, {"names of their own", all("a", "b", "c", "d")},
		{"other words", all("TrainImages.dat", "TrainLabels.dat", "ValidationImages.dat", "ValidationLabels.dat")},
		{"with other files", join(usual, map[string][]byte{"README": []byte("some images"), "notes.pkl": []byte("\x80\x02}q\x01.")})},
	} {
		path := filepath.Join(t.TempDir(), "some")
		writeFolder(t, path, c.files)
		zip := path + ".zip"
		if err := os.WriteFile(zip, pack("zip", c.files), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{path, zip} {
			s, err := Open(path, Options{})
			if err != nil {
				t.Errorf("%s: %v", c.what, err)
				continue
			}
			train, valid := s.Train.(*data.Images), s.Valid.(*data.Images)
			if train.Count() != n || valid.Count() != m || len(s.Classes) != 3 || s.Classes[2] != "2" {
				t.Errorf("%s: opened %v with classes %v", c.what, s, s.Classes)
				continue
			}
			if want == nil {
				want = train
			}
			if !bytes.Equal(train.Pixels, want.Pixels) || !bytes.Equal(train.Labels, want.Labels) || train.Pixels[10] != 11 {
				t.Errorf("%s: other images", c.what)
			}
		}
	}
	// A path to the training images finds the others next to them.
	path := writeFolder(t, filepath.Join(t.TempDir(), "some"), join(usual, map[string][]byte{"x.png": nil, "y.bin": images}))
	s, err := Open(filepath.Join(path, "train-images-idx3-ubyte"), Options{})
	if err != nil || s.Train.Count() != n || s.Valid.Count() != m || s.Train.Classes() != 3 {
		t.Errorf("of a file: %v, %v", s, err)
	}
	// Without labels, and without a part for tests.
	path = writeFolder(t, filepath.Join(t.TempDir(), "bare"), map[string][]byte{"digits.idx": images})
	s, err = Open(filepath.Join(path, "digits.idx"), Options{Valid: 2})
	if err != nil || s.Train.Count() != n-2 || s.Valid.Count() != 2 || s.Classes != nil {
		t.Errorf("images alone: %v, %v", s, err)
	}
}

// EMNIST's images are turned upright, its letters begin at 0, and it has its classes.
func TestEMNIST(t *testing.T) {
	files := map[string][]byte{}
	most := map[string]int{"letters": 26, "balanced": 46, "byclass": 61, "bymerge": 46, "digits": 9, "mnist": 9}
	for split, k := range most {
		least := 0
		if split == "letters" {
			least = 1
		}
		for part, n := range map[string]int{"train": 130, "test": 70} {
			files["emnist-"+split+"-"+part+"-images-idx3-ubyte.gz"] = gzipped(idxImages(n))
			files["emnist-"+split+"-"+part+"-labels-idx1-ubyte"] = idxLabels(n, least, k)
		}
	}
	path := writeFolder(t, filepath.Join(t.TempDir(), "EMNIST", "raw"), files)
	_, err := Open(path, Options{})
	for _, want := range []string{"holds 6 sets of images", "emnist-balanced", "emnist-letters", "emnist-byclass", "choose one by naming its training images, such as " + filepath.Join(path, "emnist-")} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("several sets: %v does not say %q", err, want)
		}
	}
	for split, k := range map[string]int{"letters": 26, "balanced": 47, "byclass": 62, "bymerge": 47, "digits": 10, "mnist": 10} {
		one := filepath.Join(path, "emnist-"+split+"-train-images-idx3-ubyte.gz")
		alone := map[string][]byte{}
		for name, b := range files {
			if strings.Contains(name, "-"+split+"-") {
				alone[name] = b
			}
		}
		for _, path := range []string{one, writeFolder(t, t.TempDir(), alone)} {
			s, err := Open(path, Options{})
			if err != nil {
				t.Errorf("%s: %v", split, err)
				continue
			}
			m := s.Train.(*data.Images)
			if s.Name != "EMNIST "+split || len(s.Classes) != k || m.Classes() != k || m.Count() != 130 || s.Valid.Count() != 70 {
				t.Errorf("%s: opened %v with classes %v", split, s, s.Classes)
			}
			if want := []uint8{5, 35, 65, 15, 45, 75, 25, 55, 85}; !slices.Equal(m.Pixels[45:54], want) {
				t.Errorf("%s: image 5 is %v, want %v", split, m.Pixels[45:54], want)
			}
		}
	}
	s, err := Open(filepath.Join(path, "emnist-letters-train-images-idx3-ubyte.gz"), Options{})
	if err != nil || s.Classes[0] != "A" || s.Classes[25] != "Z" || s.Train.Label(0) != 0 || s.Train.Label(25) != 25 {
		t.Errorf("letters: %v, %v", s, err)
	}
	if c := emnistClasses["balanced"]; c[10] != "A" || c[36] != "a" || c[46] != "t" || len(emnistClasses["byclass"]) != 62 {
		t.Errorf("balanced has %q", c)
	}
	if split, ok := emnistOf("train", 124_800, 20_800); !ok || split != "letters" {
		t.Errorf("124,800 + 20,800 images are %s", split)
	}
}

// Anything that is not a set is refused with its name.
func TestIDXRefused(t *testing.T) {
	images, labels := idxImages(6), idxLabels(6, 0, 2)
	floats := append([]byte{0, 0, 13, 3}, images[4:]...)
	two := map[string][]byte{}
	for _, dir := range []string{"MNIST/raw/", "FashionMNIST/raw/"} {
		two[dir+"train-images-idx3-ubyte"], two[dir+"train-labels-idx1-ubyte"] = images, labels
	}
	for what, c := range map[string]struct {
		files map[string][]byte
		want  []string
	}{
		"floats":          {map[string][]byte{"train": append(floats, make([]byte, 3*54)...)}, []string{"train is an idx file of float32 in 3 dimensions"}},
		"two folders":     {two, []string{"holds 2 sets", "MNIST/raw", "FashionMNIST/raw", "train-images-idx3-ubyte"}},
		"fewer labels":    {map[string][]byte{"train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": idxLabels(5, 0, 2)}, []string{"train-labels-idx1-ubyte: 5 labels for the 6 images of train-images-idx3-ubyte"}},
		"labels alone":    {map[string][]byte{"train-labels-idx1-ubyte": labels}, []string{"holds labels and no images"}},
		"tests alone":     {map[string][]byte{"t10k-images-idx3-ubyte": images}, []string{"none to train with"}},
		"labels of tests": {map[string][]byte{"train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels, "t10k-labels-idx1-ubyte": labels}, []string{"there are no images of these labels"}},
		"cut":             {map[string][]byte{"train-images-idx3-ubyte": images[:30]}, []string{"train-images-idx3-ubyte: 14 bytes, the header says 54; fetch it anew"}},
	} {
		_, err := Open(writeFolder(t, t.TempDir(), c.files), Options{})
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v does not say %q", what, err, want)
			}
		}
	}
}

// cifar100Bytes returns n records of CIFAR-100.
func cifar100Bytes(n int) []byte {
	b := make([]byte, n*cifar100.size())
	for i := range n {
		r := b[i*cifar100.size():][:cifar100.size()]
		r[0], r[1] = uint8(i%20), uint8(i%100)
		for p := range 1024 {
			r[2+p], r[2+1024+p], r[2+2048+p] = uint8(p%32), uint8(p/32), uint8(i)
		}
	}
	return b
}

// CIFAR-100's binary version is read with its fine classes, CIFAR's pickles are refused
// by name, and a file is what it holds whatever its name.
func TestCIFARKinds(t *testing.T) {
	big := cifar100Bytes(50_000)
	u := &unpacked{files: map[string][]byte{"cifar-100-binary/train.bin": big, "cifar-100-binary/test.bin": big[:10_000*cifar100.size()], "cifar-100-binary/fine_label_names.txt": []byte("apple\n")}}
	for name := range u.files {
		u.list = append(u.list, name)
	}
	slices.Sort(u.list)
	f, err := findTree("set", u, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f.train.size() != 50_000 || f.valid.size() != 10_000 || f.name != "CIFAR-100" || len(f.classes) != 100 || f.classes[53] != "orange" || f.train.labels[753] != 53 {
		t.Errorf("%s, %d + %d images in %d classes", f.name, f.train.size(), f.valid.size(), len(f.classes))
	}
	p, err := f.train.picture(205)
	if at := p.pixels[(5*32+7)*3:][:3]; err != nil || !slices.Equal(at, []uint8{7, 5, 205}) {
		t.Errorf("a pixel is %v, %v", at, err)
	}
	file := func(name string, b []byte) string {
		return filepath.Join(writeFolder(t, t.TempDir(), map[string][]byte{name: b}), name)
	}
	for _, c := range []struct{ path, want string }{
		{file("train.bin", big[:300*cifar100.size()]), "CIFAR-100 of train.bin, 270 + 30 images of 32x32x3, 100 classes"},
		{file("some.data", big[:300*cifar100.size()]), "CIFAR-100 of some.data"},
		{file("some.data", gzipped(big[:300*cifar100.size()])), "CIFAR-100 of some.data"},
		{file("some.data", cifarBytes(50)), "CIFAR-10 of some.data, 45 + 5 images of 32x32x3, 10 classes"},
		{file("batch.gz", gzipped(cifarBytes(50))), "CIFAR-10 of batch.gz"},
		{file("some.data", cifarBytes(50)[:40*cifarRecord+3]), "expected a zip"},
		{file("data_batch_1", []byte("\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x15training batch 1 of 5")), "pickle of CIFAR-10's Python version, which only Python reads: expected data_batch_1.bin; fetch the binary version, cifar-10-binary.tar.gz"},
		{file("renamed", []byte("\x80\x02}q\x01(U\tfilenamesq\x02]q\x03(U\x13bos_taurus_s_000507.pngq\x04eU\x0bfine_labelsq\x05]")), "pickle of CIFAR-100's Python version"},
		{file("protocol4", []byte("\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x0bbatch_label\x94\x8c\x01a\x94u.")), "pickle of CIFAR-10's"},
		{file("model.pkl", []byte("\x80\x02}q\x01(U\x05layerq\x02K\x01U\x05otherq\x02K\x01u.")), "is a pickle, which only Python reads"},
		{writeFolder(t, t.TempDir(), map[string][]byte{"cifar-100-python/train": []byte("\x80\x02}q\x01(U\x0bfine_labelsq\x02]"), "cifar-100-python/meta": []byte("\x80\x02}q\x01.")}), "pickle of CIFAR-100's Python version"},
		{writeFolder(t, t.TempDir(), map[string][]byte{"some": gzipped([]byte("\x80\x02}q\x01(U\x0bbatch_labelq\x02u."))}), "some is a pickle of CIFAR-10's"},
	} {
		s, err := Open(c.path, Options{})
		got := fmt.Sprint(err)
		if err == nil {
			got = s.String()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.path, got, c.want)
		}
	}
}

// Whatever the bytes and however the files are called, a set of them never panics, and
// what is read is whole.
func FuzzIDXSet(f *testing.F) {
	f.Add(idxImages(4), idxLabels(4, 1, 3), "train-images-idx3-ubyte", "train-labels-idx1-ubyte")
	f.Add(gzipped(idxImages(4)), idxInts(4, 2), "emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte.gz")
	f.Add(idxImages(4), idxImages(3), "a", "b")
	f.Add(cifar100Bytes(2), []byte("\x80\x02}q\x01."), "train.bin", "meta")
	f.Fuzz(func(t *testing.T, a, b []byte, nameA, nameB string) {
		u := &unpacked{files: map[string][]byte{nameA: a, nameB: b}}
		for name := range u.files {
			u.list = append(u.list, name)
		}
		slices.Sort(u.list)
		found, err := findTree("fuzzed", u, Options{})
		if err != nil {
			return
		}
		s := &Set{broken: &tally{share: .5, bad: found.bad, read: found.bad, first: found.first}}
		if err := s.load(found, Options{Broken: .5, Memory: 1 << 20}); err != nil {
			return
		}
		for i := range s.Train.Count() {
			if k := len(s.Classes); k > 0 && s.Train.Label(i) >= k {
				t.Fatalf("label %d of %d classes", s.Train.Label(i), k)
			}
		}
	})
}
