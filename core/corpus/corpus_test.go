package corpus

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"

	"github.com/klauspost/compress/zstd"
)

// flat returns a PNG of one colour.
func flat(rows, cols int, c color.Color) []byte {
	m := image.NewRGBA(image.Rect(0, 0, cols, rows))
	for i := range rows * cols {
		m.Set(i%cols, i/cols, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// tree20 is 20 images in each of two classes, red ones in b and blue ones in a, all
// of different strengths.
func tree20(before string) map[string][]byte {
	all := map[string][]byte{}
	for i := range 20 {
		all[fmt.Sprintf("%sa/%02d.png", before, i)] = flat(4, 4, color.RGBA{0, 0, uint8(100 + i), 255})
		all[fmt.Sprintf("%sb/%02d.png", before, i)] = flat(4, 4, color.RGBA{uint8(100 + i), 0, 0, 255})
	}
	return all
}

func writeFolder(t *testing.T, root string, files map[string][]byte) string {
	t.Helper()
	for name, b := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, b, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// pack returns files as an archive of a kind.
func pack(kind string, files map[string][]byte) []byte {
	var b bytes.Buffer
	var out io.Writer = &b
	finish := func() error { return nil }
	var err error
	switch kind {
	case "zip":
		z := zip.NewWriter(&b)
		for _, name := range slices.Sorted(maps.Keys(files)) {
			w, err2 := z.Create(name)
			if err2 == nil {
				_, err2 = w.Write(files[name])
			}
			err = errors.Join(err, err2)
		}
		if err = errors.Join(err, z.Close()); err != nil {
			panic(err)
		}
		return b.Bytes()
	case "tar.gz":
		z := gzip.NewWriter(&b)
		out, finish = z, z.Close
	case "tar.zst":
		z, err2 := zstd.NewWriter(&b)
		err = err2
		out, finish = z, z.Close
	}
	a := tar.NewWriter(out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err = errors.Join(err, a.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o666, Size: int64(len(files[name]))}))
		_, err2 := a.Write(files[name])
		err = errors.Join(err, err2)
	}
	if err = errors.Join(err, a.Close(), finish()); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// pixels returns all of a source's images, which can be read.
func pixels(t *testing.T, s data.Source) []float32 {
	t.Helper()
	rows, cols, channels := s.Shape()
	index := make([]int, s.Count())
	for i := range index {
		index[i] = i
	}
	dst := make([]float32, len(index)*rows*cols*channels)
	s.Fill(dst, index)
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return dst
}

// A folder and each kind of archive hold the same set, which is parted and
// shuffled in the same way, in memory and out of it.
func TestArchives(t *testing.T) {
	root := t.TempDir()
	files := tree20("set/")
	files["set/README.txt"] = []byte("two classes")
	files["set/.hidden/x.png"] = nil
	var want *Set
	told := 0
	for _, kind := range []string{"folder", "zip", "tar", "tar.gz", "tar.zst"} {
		path := filepath.Join(root, "set."+kind)
		if kind == "folder" {
			writeFolder(t, path, files)
		} else if err := os.WriteFile(path, pack(kind, files), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, memory := range []int64{0, 1300} { // decoded they take 1920 bytes
			if strings.HasPrefix(kind, "tar") && memory > 0 {
				continue
			}
			s, err := Open(path, Options{Memory: memory, Progress: func(done, all int) { told += done * all }})
			if err != nil {
				t.Errorf("%s: %v", kind, err)
				continue
			}
			late := ""
			if memory > 0 {
				late = ", read as they are needed"
			}
			if got, want := s.String(), fmt.Sprintf("set.%s, 36 + 4 images of 4x4x3, 2 classes%s, 2 files passed over: 1 hidden (set/.hidden/x.png), 1 no JPEG, PNG, WebP, GIF, BMP or TIFF image (set/README.txt)", kind, late); got != want {
				t.Errorf("opened %q, want %q", got, want)
			}
			if want == nil {
				want = s
				if told != 40*40 {
					t.Errorf("progress tells of %d images times all, want 40 times 40", told)
				}
				if !slices.Equal(s.Classes, []string{"a", "b"}) {
					t.Errorf("classes %q", s.Classes)
				}
				seen := map[[3]float32]bool{}
				for _, source := range []data.Source{s.Train, s.Valid} {
					all := pixels(t, source)
					for i := range source.Count() {
						c := [3]float32(all[i*48:])
						seen[c] = true
						if red := c[0] > 0; red != (source.Label(i) == 1) || red == (c[2] > 0) {
							t.Errorf("an image of colour %v has label %d", c, source.Label(i))
						}
					}
				}
				if len(seen) != 40 {
					t.Errorf("%d different images, want 40", len(seen))
				}
				continue
			}
			if !slices.Equal(pixels(t, s.Train), pixels(t, want.Train)) || !slices.Equal(pixels(t, s.Valid), pixels(t, want.Valid)) {
				t.Errorf("%s with %d bytes of memory: other images than in the folder", kind, memory)
			}
			for i := range s.Train.Count() {
				if s.Train.Label(i) != want.Train.Label(i) {
					t.Errorf("%s: image %d has label %d, want %d", kind, i, s.Train.Label(i), want.Train.Label(i))
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	_, err := Open(filepath.Join(root, "set.tar.zst"), Options{Memory: 1000})
	if err == nil || !strings.Contains(err.Error(), "unpack it and name the folder") {
		t.Errorf("a tar larger than memory: %v", err)
	}
}

func TestFolders(t *testing.T) {
	grey := flat(4, 4, color.Gray{200})
	list := func(names ...string) map[string][]byte {
		all := map[string][]byte{}
		for _, name := range names {
			all[name] = grey
		}
		return all
	}
	split := tree20("x/train/")
	maps.Copy(split, tree20("x/Test/"))
	wide := list("1.png", "3.png", "4.png")
	wide["2.png"] = flat(4, 6, color.White)
	bad := tree20("")
	bad["a/07.png"] = []byte("<html>")
	few := list("test/1.png", "test/2.png")
	for what, c := range map[string]struct {
		files map[string][]byte
		o     Options
		want  string // what was opened, or the error
	}{
		"split":              {split, Options{}, ", 40 + 40 images of 4x4x3, 2 classes"},
		"small ImageNet":     {list("train_32x32/1.png", "train_32x32/2.png", "valid_32x32/1.png"), Options{}, ", 2 + 1 images of 4x4x3"},
		"no classes":         {list("1.png", "2.JPG", "3.png"), Options{}, ", 2 + 1 images of 4x4x3"},
		"grey":               {list("1.png", "2.png", "3.png"), Options{Channels: 1, Valid: 2}, ", 1 + 2 images of 4x4x1"},
		"one class":          {list("a/1.png", "a/2.png"), Options{}, ", 1 + 1 images of 4x4x3"},
		"some in no class":   {list("a/1.png", "b/2.png", "3.png"), Options{}, ", 2 + 1 images of 4x4x3"},
		"folders in folders": {list("a/x/1.png", "b/2.png"), Options{}, ", 1 + 1 images of 4x4x3"},
		"scaled":             {wide, Options{Side: 2}, ", 3 + 1 images of 2x2x3"},
		"enlarged":           {wide, Options{Side: 9}, ", 3 + 1 images of 9x9x3"},
		"sizes differ":       {wide, Options{}, "with --side N all are cut and scaled"},
		"broken":             {bad, Options{}, `a/07.png: begins with "<html>", which no JPEG, PNG, WebP, GIF, BMP or TIFF image does: 1 of 40 records`},
		"broken, let pass":   {bad, Options{Broken: .03}, `2 classes, 1 broken record left out (the first: `},
		"nothing":            {nil, Options{}, "none of its 0 files is an image: "},
		"one image":          {list("1.png"), Options{}, "1 images: expected more than the 1 to hold out"},
		"too few":            {list("1.png", "2.png"), Options{Valid: 2}, "2 images: expected more than the 2 to hold out"},
		"validation only":    {few, Options{}, "expected some to train with, in a folder train"},
		"all broken":         {map[string][]byte{"1.png": nil, "2.png": nil}, Options{Broken: .9}, "of 1 records none can be read"},
		"python":             {map[string][]byte{"data_batch_1": nil}, Options{}, "fetch the binary version"},
		"empty":              {map[string][]byte{"train-images-idx3-ubyte": nil}, Options{}, "train-images-idx3-ubyte: the header is cut"},
		"three channels?":    {list("1.png", "2.png"), Options{Channels: 2}, "2 channels: expected 0, 1 or 3"},
	} {
		path := writeFolder(t, t.TempDir(), c.files)
		s, err := Open(path, c.o)
		got := fmt.Sprint(err)
		if err == nil {
			got = s.String()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %q does not tell of %q", what, got, c.want)
		}
		if !strings.HasPrefix(got, filepath.Base(path)) && !strings.HasPrefix(got, path) {
			t.Errorf("%s: %q does not name the set", what, got)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none"), Options{}); err == nil || !strings.Contains(err.Error(), "expected a folder or a file") {
		t.Errorf("no such folder: %v", err)
	}
}

func TestFiles(t *testing.T) {
	whole := pack("tar.zst", tree20(""))
	broken := slices.Clone(whole)
	broken[len(broken)/2] ^= 1
	for what, c := range map[string]struct {
		name string
		b    []byte
		want string
	}{
		"cut zst":  {"a.tar.zst", whole[:len(whole)-40], "fetch it anew"},
		"bad zst":  {"a.tar.zst", broken, "fetch it anew"},
		"cut tar":  {"a.tar", pack("tar", tree20(""))[:5000], "fetch it anew"},
		"cut gz":   {"a.tar.gz", pack("tar.gz", tree20(""))[:500], "fetch it anew"},
		"cut zip":  {"a.zip", pack("zip", tree20(""))[:5000], "zip archive of 5000 bytes"},
		"no image": {"a.tar", pack("tar", map[string][]byte{"x": nil}), "none of its 1 file is an image"},
		"gz alone": {"a.gz", gzipped([]byte("text")), "expected a zip, tar, tar.gz, tar.bz2, tar.xz or tar.zst"},
		"text":     {"a.txt", []byte("a text that is long enough"), `begins with "a text that `},
		"short":    {"a.txt", []byte("short"), "cut after 5 bytes"},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, c.b, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%s: error %v does not tell of %q", what, err, c.want)
		}
	}
}

// cifarBytes returns n records whose labels go round the ten classes; red is the
// place in a row, green the row, and blue the record.
func cifarBytes(n int) []byte {
	b := make([]byte, n*cifarRecord)
	for i := range n {
		r := b[i*cifarRecord:][:cifarRecord]
		r[0] = uint8(i % 10)
		for p := range 1024 {
			r[1+p], r[1+1024+p], r[1+2048+p] = uint8(p%32), uint8(p/32), uint8(i)
		}
	}
	return b
}

func TestCIFAR(t *testing.T) {
	file := cifarBytes(cifarFile)
	u := &unpacked{files: map[string][]byte{}}
	for _, name := range []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"} {
		name = "cifar-10-batches-bin/" + name
		u.list = append(u.list, name)
		u.files[name] = file
	}
	f, err := findTree("set", u, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f.train.size() != 50_000 || f.valid.size() != 10_000 || f.name != "CIFAR-10" || len(f.classes) != 10 {
		t.Fatalf("%s, %d + %d images in %d classes", f.name, f.train.size(), f.valid.size(), len(f.classes))
	}
	for _, i := range []int{0, 9_999, 10_003, 49_999} {
		p, err := f.train.picture(i)
		if err != nil {
			t.Fatal(err)
		}
		at := p.pixels[(5*32+7)*3:][:3]
		if want := []uint8{7, 5, uint8(i % 10_000)}; !slices.Equal(at, want) || int(f.train.labels[i]) != i%10 {
			t.Errorf("record %d: at row 5, place 7 %v, want %v; label %d", i, at, want, f.train.labels[i])
		}
	}
	if got, want := f.train.name(20_007), "set: cifar-10-batches-bin/data_batch_3.bin: record 7"; got != want {
		t.Errorf("a record is named %q, want %q", got, want)
	}
	u.files["cifar-10-batches-bin/data_batch_4.bin"] = file[:7_000*cifarRecord+5]
	if _, err := findTree("set", u, Options{}); err == nil || !strings.Contains(err.Error(), "data_batch_4.bin: record 7000 is cut") {
		t.Errorf("a cut file: %v", err)
	}
	delete(u.files, "cifar-10-batches-bin/data_batch_4.bin")
	if _, err := findTree("set", u, Options{}); err == nil || !strings.Contains(err.Error(), "data_batch_4.bin: file does not exist: expected data_batch_1.bin to") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestRecords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "some.bin")
	b := cifarBytes(201)
	b[17*cifarRecord] = 10
	if err := os.WriteFile(path, b[:len(b)-1], 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{Broken: .01, Side: 16, Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.String(), "CIFAR-10 of some.bin, 179 + 20 images of 16x16x1, 10 classes, 2 broken records left out (the first: "+path+": record 200 is cut: 3072 bytes, expected 3073)"; got != want {
		// The record with the wrong label is in either part.
		if want = strings.Replace(want, "179 + 20", "180 + 19", 1); got != want {
			t.Errorf("opened %q, want %q", got, want)
		}
	}
	_, err = Open(path, Options{Broken: .005})
	if err == nil || !strings.Contains(err.Error(), "2 of 201 records") {
		t.Errorf("too many broken: %v", err)
	}
	if err := os.WriteFile(path, cifarBytes(50), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err = Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	labels := make([]int, 10)
	for _, source := range []data.Source{s.Train, s.Valid} {
		all := pixels(t, source)
		for i := range source.Count() {
			labels[source.Label(i)]++
			if record := int(all[i*3072+2]*255 + .5); record%10 != source.Label(i) {
				t.Errorf("record %d has label %d", record, source.Label(i))
			}
		}
	}
	if slices.Min(labels) != 5 || slices.Max(labels) != 5 {
		t.Errorf("images a class: %v, want 5", labels)
	}
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// idxFiles are n images of 4x4, all of brightness 100, and their labels.
func idxFiles(n int) map[string][]byte {
	images := binary.BigEndian.AppendUint32(nil, 0x803)
	for _, d := range []int{n, 4, 4} {
		images = binary.BigEndian.AppendUint32(images, uint32(d))
	}
	images = append(images, bytes.Repeat([]byte{100}, n*16)...)
	labels := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 0x801), uint32(n))
	for i := range n {
		labels = append(labels, uint8(i%3))
	}
	all := map[string][]byte{}
	for _, part := range []string{"train", "t10k"} {
		all[part+"-images-idx3-ubyte.gz"] = gzipped(images)
		all[part+"-labels-idx1-ubyte.gz"] = gzipped(labels)
	}
	return all
}

func TestIDX(t *testing.T) {
	path := writeFolder(t, filepath.Join(t.TempDir(), "some"), idxFiles(6))
	for side, want := range map[int]string{0: "some, 6 + 6 images of 4x4x1, 3 classes", 7: "some, 6 + 6 images of 7x7x1, 3 classes", 2: "some, 6 + 6 images of 2x2x1, 3 classes"} {
		s, err := Open(path, Options{Side: side})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.String(); got != want {
			t.Errorf("opened %q, want %q", got, want)
		}
		image := pixels(t, s.Train)[:max(side*side, 1)]
		if side != 7 {
			continue
		}
		for i, v := range image {
			r, c := i/7, i%7
			inside := r >= 1 && r < 5 && c >= 1 && c < 5
			if (v > 0) != inside {
				t.Errorf("a border at row %d, place %d holds %g", r, c, v)
			}
		}
	}
	// Anything next to the four files that may hold data is named.
	files := idxFiles(6)
	files["more.bin"], files["1.png"], files["README.md"] = []byte("PK\x03\x04 and so on"), flat(1, 1, color.White), []byte("x")
	s, err := Open(writeFolder(t, filepath.Join(t.TempDir(), "more"), files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.String(), "more, 6 + 6 images of 4x4x1, 3 classes, 2 files passed over: 2 no part of the set (1.png, more.bin)"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
	files = idxFiles(6)
	delete(files, "t10k-labels-idx1-ubyte.gz")
	path = writeFolder(t, t.TempDir(), files)
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "t10k-labels-idx1-ubyte.gz: no such file") {
		t.Errorf("without labels: %v", err)
	}
	files = idxFiles(6)
	files["train-labels-idx1-ubyte.gz"] = files["train-labels-idx1-ubyte.gz"][:20]
	path = writeFolder(t, t.TempDir(), files)
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "fetch it anew") {
		t.Errorf("cut labels: %v", err)
	}
}

// A broken image of files is replaced by one of its class.
func TestReplacement(t *testing.T) {
	files := tree20("")
	files["a/03.png"], files["b/11.png"] = []byte("no"), []byte("no")
	s, err := Open(writeFolder(t, t.TempDir(), files), Options{Memory: 1, Broken: .5})
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range []data.Source{s.Train, s.Valid} {
		all := pixels(t, source)
		for i := range source.Count() {
			if red := all[i*48] > 0; red != (source.Label(i) == 1) || red == (all[i*48+2] > 0) {
				t.Errorf("image %d of class %d has colour %v", i, source.Label(i), all[i*48:][:3])
			}
		}
	}
	if n, _ := s.Broken(); n != 2 {
		t.Errorf("%d broken records, want 2", n)
	}
}

func FuzzCIFAR(f *testing.F) {
	f.Add(cifarBytes(3))
	f.Add(cifarBytes(3)[:2*cifarRecord+100])
	f.Add(bytes.Repeat([]byte{255}, 3*cifarRecord))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < cifarRecord {
			return
		}
		found := findRecords("some.bin", b)
		s := &Set{broken: &tally{share: .5, bad: found.bad, read: found.bad, first: found.first}}
		if err := s.load(found, Options{Broken: .5, Memory: 1 << 30}); err != nil {
			return
		}
		bad, _ := s.Broken()
		if got, want := s.Train.Count()+s.Valid.Count()+bad, (len(b)+cifarRecord-1)/cifarRecord; got != want {
			t.Fatalf("%d records read and left out of %d", got, want)
		}
		for i := range s.Train.Count() {
			if s.Train.Label(i) > 9 {
				t.Fatalf("label %d", s.Train.Label(i))
			}
		}
	})
}

// Whatever the bytes, a file that is taken for records is whole ones but for what is
// counted as broken, and only one named .bin may have broken ones.
func FuzzRecordFile(f *testing.F) {
	for _, b := range [][]byte{cifarBytes(3), cifar100Bytes(3), cifarBytes(3)[:2*cifarRecord+100], bytes.Repeat([]byte{255}, 3*cifarRecord)} {
		f.Add(b, true)
		f.Add(b, false)
	}
	f.Fuzz(func(t *testing.T, b []byte, named bool) {
		name := "some"
		if named {
			name += ".bin"
		}
		found, err := findRecordFile(name, bytes.NewReader(b))
		if err != nil || found == nil {
			return
		}
		c := found.train.records.(cifar)
		if got, want := found.train.size()+found.bad, (len(b)+c.cifarLayout.size()-1)/c.cifarLayout.size(); got != want || !named && found.bad > 0 {
			t.Fatalf("%d records of %d, %d broken, in a file that ends with .bin: %v", got, want, found.bad, named)
		}
		for i := range found.train.size() {
			if p, err := found.train.picture(i); err == nil && (len(p.pixels) != cifarPixels || int(found.train.labels[i]) >= len(found.classes)) {
				t.Fatalf("record %d has %d pixels and label %d", i, len(p.pixels), found.train.labels[i])
			}
		}
	})
}

func FuzzArchive(f *testing.F) {
	files := map[string][]byte{"a/1.png": flat(2, 2, color.White), "b/2.png": flat(2, 2, color.Black), "b/3.gif": nil}
	for _, kind := range []string{"zip", "tar", "tar.gz", "tar.zst"} {
		f.Add(pack(kind, files))
	}
	members := []member{{name: "train/a/1.png"}, {name: `val\\b\\2.png`}, {name: "c", link: "train/a"}, {name: "d.png", hard: "train/a/1.png"}, {name: "../e.png"}, {name: "train/a/up", link: "../.."}}
	f.Add(tarOf(f, members...))
	f.Add(zipOf(f, zip.Deflate, members...))
	f.Add(zipOf(f, methodZstd, members...))
	for _, name := range []string{"sparse.tar.bz2", "sparse-pax.tar.xz", "methods.zip", "encrypted.zip", "v7.tar.gz"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		const memory = 1 << 20
		a, err := openArchive(bytes.NewReader(b), int64(len(b)), memory, io.NopCloser(nil))
		if err != nil || a == nil {
			return
		}
		if !slices.IsSorted(a.names()) {
			t.Fatalf("names out of order: %q", a.names())
		}
		held := map[*byte]int{} // links share what they lead to
		for _, name := range a.names() {
			if clean, ok := cleanName(name); !ok || clean != name {
				t.Fatalf("the name %q is not clean", name)
			}
			content, err := a.read(name)
			if err != nil {
				continue
			}
			if len(content) > 0 {
				held[&content[0]] = len(content)
			}
			if begin, err := head(a, name, 8); err != nil || !bytes.Equal(begin, content[:min(8, len(content))]) {
				t.Fatalf("%q begins with %q (%v), but its head is %q", name, content[:min(8, len(content))], err, begin)
			}
		}
		total := 0
		for _, n := range held {
			total += n
		}
		if _, tar := a.(*unpacked); tar && total > memory {
			t.Fatalf("%d bytes in memory, which may take %d", total, memory)
		}
		findAll("fuzzed", a, Options{})
	})
}

// Nothing that begins as an image makes its decoder panic, or give other than what
// its head says.
func FuzzDecode(f *testing.F) {
	for i, g := range goldens(f) {
		if i%3 == 0 {
			f.Add(g.image)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		format, ok := formats[formatOf(b)]
		if !ok {
			return
		}
		rows, cols, err := format.size(b)
		if err != nil || rows > 1<<20 || cols > 1<<20 || rows*cols > 1<<20 { // the large ones only take time
			return
		}
		channels, err2 := channelsOf(b)
		p, err := decode(b)
		if err != nil {
			return
		}
		if len(p.pixels) != p.rows*p.cols*p.channels || p.rows*p.cols != rows*cols {
			t.Fatalf("%d pixels of %dx%dx%d, the head says %dx%d", len(p.pixels), p.rows, p.cols, p.channels, rows, cols)
		}
		if err2 != nil || channels != p.channels {
			t.Fatalf("%d channels, the head says %d, %v", p.channels, channels, err2)
		}
	})
}
