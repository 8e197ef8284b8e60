package corpus

import (
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
)

// The same images have one digest in a folder, in every archive, and under every name;
// in files and read as they are needed as well.
func TestIdentity(t *testing.T) {
	root := t.TempDir()
	files := tree20("")
	var want, lazily data.Identity
	for i, kind := range []string{"folder", "zip", "tar", "tar.gz", "tar.zst"} {
		path := filepath.Join(root, string(rune('a'+i))+"."+kind)
		if kind == "folder" {
			writeFolder(t, path, files)
		} else if err := os.WriteFile(path, pack(kind, files), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, memory := range []int64{0, 1300} {
			if strings.HasPrefix(kind, "tar") && memory > 0 {
				continue
			}
			s, err := Open(path, Options{Memory: memory})
			if err != nil {
				t.Fatal(err)
			}
			id, first := s.Identity(), &want
			if memory > 0 {
				first = &lazily
			}
			if first.Digest == "" {
				*first = id
			}
			if !id.Same(*first) || id.Name != filepath.Base(path) || id.Train != 36 || id.Validation != 4 || id.Classes != 2 || !slices.Equal(id.Shape, []int{4, 4, 3}) {
				t.Errorf("%s: %v, want the digest of %v", kind, id, *first)
			}
			if got := data.IdentifyImages("x", s.Train, s.Valid); got.String() != id.String() {
				t.Errorf("%s: its images say %v", kind, got)
			}
			if n, _ := s.Broken(); n != 0 {
				t.Errorf("%s: looking at it counts %d as broken", kind, n)
			}
			s.Close()
		}
	}
	files["a/07.png"] = flat(4, 4, color.RGBA{0, 0, 99, 255})
	for _, memory := range []int64{0, 1300} {
		s, err := Open(writeFolder(t, filepath.Join(t.TempDir(), "a.folder"), files), Options{Memory: memory})
		if err != nil {
			t.Fatal(err)
		}
		if id := s.Identity(); id.Same(want) || id.Same(lazily) {
			t.Errorf("another image makes the same %v", id)
		}
		s.Close()
	}
}

// A name is one of a set of the papers only if the content is: not for ten folders with
// CIFAR-10's classes, for its layout, or for a folder's name. What was scaled is named.
func TestClaims(t *testing.T) {
	classes := map[string][]byte{}
	for _, c := range cifarClasses {
		for i := range 4 {
			classes[c+"/"+string(rune('a'+i))+".png"] = flat(32, 32, color.RGBA{uint8(20 * i), 9, 9, 255})
		}
	}
	for what, c := range map[string]struct {
		path string
		want string
	}{
		"classes": {writeFolder(t, filepath.Join(t.TempDir(), "cifar"), classes), "cifar"},
		"name":    {writeFolder(t, filepath.Join(t.TempDir(), "CIFAR-10"), tree20("")), `"CIFAR-10"`},
		"records": {filepath.Join(writeFolder(t, t.TempDir(), map[string][]byte{"photos.bin": cifarBytes(40)}), "photos.bin"), "photos.bin"},
		"mnist":   {writeFolder(t, filepath.Join(t.TempDir(), "mnist"), idxFiles(6)), `"mnist"`},
	} {
		s, err := Open(c.path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if id := s.Identity(); id.Name != c.want || id.Paper != "" || id.Source != nil {
			t.Errorf("%s: %+v, want the name %s", what, id, c.want)
		}
	}
	s, err := Open(writeFolder(t, t.TempDir(), classes), Options{Side: 28, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	if id := s.Identity(); !slices.Equal(id.Source, []int{32, 32, 3}) || !slices.Equal(id.Shape, []int{28, 28, 1}) || !strings.Contains(id.String(), "made of 32×32×3") {
		t.Errorf("scaled: %+v", id)
	}
}

// MNIST is known packed and unpacked, at its own size and at another.
func TestMNISTIdentity(t *testing.T) {
	folder := filepath.Join("..", "..", "assets", "mnist")
	raw := map[string][]byte{}
	for _, name := range []string{"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"} {
		raw["MNIST/raw/"+name] = unzipped(t, filepath.Join(folder, name+".gz"))
	}
	train, test, err := data.MNIST(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	want := data.IdentifyImages("", train, test)
	other := writeFolder(t, filepath.Join(t.TempDir(), "some"), raw)
	for _, o := range []Options{{}, {Side: 28, Channels: 1}, {Side: 32}} {
		for _, path := range []string{folder, other} {
			s, err := Open(path, o)
			if err != nil {
				t.Fatal(err)
			}
			id := s.Identity()
			if id.Name != "MNIST" || !id.Is(data.PaperMNIST) || id.Same(want) == (o.Side == 32) {
				t.Errorf("%s with %+v: %v", path, o, id)
			}
		}
	}
}

// unzipped returns what a gzip file holds.
func unzipped(t *testing.T, path string) []byte {
	r, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	in, err := data.Gunzip(r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := readUpTo(in, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
