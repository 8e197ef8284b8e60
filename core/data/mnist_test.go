package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"ganbel/core/random"
)

const mnistDir = "../../assets/mnist"

var mnist = sync.OnceValue(func() (all struct {
	train, test *Images
	err         error
}) {
	all.train, all.test, all.err = MNIST(os.DirFS(mnistDir))
	return
})

func TestMNIST(t *testing.T) {
	m := mnist()
	if m.err != nil {
		t.Fatal(m.err)
	}
	train, test := m.train, m.test
	if train.Count() != 60000 || test.Count() != 10000 || train.Rows != 28 || train.Cols != 28 {
		t.Errorf("%d and %d digits of %d by %d", train.Count(), test.Count(), train.Rows, train.Cols)
	}
	if !slices.Equal(train.Labels[:5], []uint8{5, 0, 4, 1, 9}) || !slices.Equal(test.Labels[:5], []uint8{7, 2, 1, 0, 4}) {
		t.Errorf("the first digits are %v and %v", train.Labels[:5], test.Labels[:5])
	}
	sum, square, n := 0., 0., float64(len(train.Pixels))
	for _, p := range train.Pixels {
		v := float64(p) / 255
		sum += v
		square += v * v
	}
	mean := sum / n
	if sd := math.Sqrt(square/n - mean*mean); math.Abs(mean-.13066) > 1e-5 || math.Abs(sd-.30811) > 1e-5 {
		t.Errorf("mean %v and deviation %v, want .13066 and .30811", mean, sd)
	}
}

func TestShard(t *testing.T) {
	m := mnist()
	if m.err != nil {
		t.Fatal(m.err)
	}
	var b bytes.Buffer
	if err := WriteShard(&b, m.train); err != nil {
		t.Fatal(err)
	}
	whole := bytes.Clone(b.Bytes())
	got, err := ReadShard(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	if got.Count() != ShardCount || !bytes.Equal(got.Labels, m.train.Labels[:ShardCount]) || !bytes.Equal(got.Pixels, m.train.Pixels[:len(got.Pixels)]) {
		t.Errorf("%d digits came back, not as written", got.Count())
	}
	if _, err := ReadShard(bytes.NewReader(whole[:len(whole)/2])); err == nil {
		t.Error("took a cut shard")
	}
	wrong := slices.Clone(m.train.Labels[:ShardCount])
	wrong[ShardCount-1]++
	pixels := m.train.Pixels[:ShardCount*784]
	for what, c := range map[string]struct {
		parts []any
		want  string
	}{
		"other digits": {[]any{[]uint32{0x803, ShardCount, 28, 28}, m.test.Pixels, []uint32{0x801, ShardCount}, m.test.Labels}, shardSum},
		"wrong label":  {[]any{[]uint32{0x803, ShardCount, 28, 28}, pixels, []uint32{0x801, ShardCount}, wrong}, shardSum},
		"no labels":    {[]any{[]uint32{0x803, ShardCount, 28, 28}, pixels}, "labels: the header is cut"},
		"long":         {[]any{[]uint32{0x803, ShardCount, 28, 28}, pixels, []uint32{0x801, ShardCount}, m.train.Labels[:ShardCount], []byte("more")}, "more bytes"},
	} {
		b.Reset()
		z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range c.parts {
			if err := binary.Write(z, binary.BigEndian, part); err != nil {
				t.Fatal(err)
			}
		}
		z.Close()
		if _, err := ReadShard(&b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, few := range []*Images{m.test.Slice(1, 10000), {Rows: 28, Cols: 28, Pixels: m.test.Pixels}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("wrote a shard of too few")
				}
			}()
			WriteShard(&b, few)
		}()
	}
}

func TestWrongMNIST(t *testing.T) {
	files := fstest.MapFS{}
	for _, f := range mnistFiles {
		b, err := os.ReadFile(mnistDir + "/" + f.name)
		if err != nil {
			t.Fatal(err)
		}
		files[f.name] = &fstest.MapFile{Data: b}
	}
	for _, f := range mnistFiles {
		name, want := f.name, f.sum
		whole := files[name].Data
		spoilt := bytes.Clone(whole)
		spoilt[len(spoilt)/2] ^= 1
		for what, b := range map[string][]byte{"missing": nil, "empty": {}, "cut": whole[:len(whole)-1], "spoilt": spoilt} {
			wrong := maps.Clone(files)
			wrong[name] = &fstest.MapFile{Data: b}
			if b == nil {
				delete(wrong, name)
			}
			_, _, err := MNIST(wrong)
			if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "assets/mnist/README.md") {
				t.Errorf("%s is %s: %v", name, what, err)
			}
		}
	}
}

func zip(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.Bytes()
}

const (
	oneImage = "\x00\x00\x08\x03\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01"
	oneLabel = "\x00\x00\x08\x01\x00\x00\x00\x01"
)

func TestReadImages(t *testing.T) {
	m, err := ReadImages(bytes.NewReader(zip(oneImage+"a")), bytes.NewReader(zip(oneLabel+"\x03")))
	if err != nil || m.Count() != 1 || m.Pixels[0] != 'a' || m.Labels[0] != 3 {
		t.Fatalf("read %v, %v", m, err)
	}
	sum := zip(oneImage + "a")
	sum[len(sum)-8] ^= 1 // of the gzip trailer
	for what, c := range map[string]struct {
		file []byte
		want string
	}{
		"magic":    {zip("\x00\x00\x08\x01" + oneImage[4:] + "a"), "0x803"},
		"short":    {zip(oneImage), "header says 1"},
		"long":     {zip(oneImage + "ab"), "header says"},
		"huge":     {zip("\x00\x00\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xffa"), "too large"},
		"empty":    {zip("\x00\x00\x08\x03\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01"), "empty"},
		"header":   {zip("\x00\x00\x08"), "header is cut"},
		"no idx":   {[]byte("<html> a page that says no"), "begins with"},
		"labels":   {zip(oneLabel + "\x03"), "uint8 in 1 dimensions"},
		"garbage":  {append(zip(oneImage+"a"), "\x00\x00more"...), "2 zeros and then more bytes"},
		"cut gzip": {sum[:len(sum)-9], "broken"},
		"checksum": {sum, "checksum"},
		"tail":     {append(zip(oneImage+"a"), "more"...), "broken"},
	} {
		if _, err := ReadImages(bytes.NewReader(c.file), nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := ReadImages(bytes.NewReader(zip(oneImage+"a")), bytes.NewReader(zip("\x00\x00\x08\x01\x00\x00\x00\x02ab"))); err == nil || !strings.Contains(err.Error(), "2 labels for 1 images") {
		t.Errorf("too many labels: %v", err)
	}
}

func FuzzReadImages(f *testing.F) {
	f.Add([]byte(oneImage + "a"))
	f.Add([]byte("\x00\x00\x08\x03\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x02"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ReadImages(bytes.NewReader(zip(string(b))), nil)
		if err == nil && (m.Count() < 1 || m.Count()*m.Rows*m.Cols != len(m.Pixels) || len(m.Pixels) != len(b)-16) {
			t.Errorf("%d images of %d by %d in %d pixels", m.Count(), m.Rows, m.Cols, len(m.Pixels))
		}
	})
}

func TestFill(t *testing.T) {
	m := &Images{Rows: 1, Cols: 2, Channels: 1, Pixels: []uint8{0, 255, 51, 102, 1, 2}, Labels: []uint8{7, 8, 9}}
	dst := make([]float32, 6)
	m.Fill(dst, []int{1, 0, 1})
	if want := []float32{.2, .4, 0, 1, .2, .4}; !slices.Equal(dst, want) {
		t.Errorf("filled %v, want %v", dst, want)
	}
	s := m.Slice(1, 3)
	if s.Count() != 2 || s.Pixels[0] != 51 || !slices.Equal(s.Labels, []uint8{8, 9}) {
		t.Errorf("the slice is %v", s)
	}
}

func TestBinarise(t *testing.T) {
	const n = 40_000
	m := &Images{Rows: 1, Cols: 4, Channels: 1, Pixels: bytes.Repeat([]byte{0, 51, 204, 255}, n)}
	b := m.Binarised(random.New(1, "binarise"))
	if again := m.Binarised(random.New(1, "binarise")); !slices.Equal(b.Pixels, again.Pixels) {
		t.Error("one seed binarises in two ways")
	}
	if other := m.Binarised(random.New(2, "binarise")); slices.Equal(b.Pixels, other.Pixels) {
		t.Error("two seeds binarise in one way")
	}
	var share [4]float64
	for i, p := range b.Pixels {
		if p != 0 && p != 255 {
			t.Fatalf("a pixel is %d", p)
		}
		share[i%4] += float64(p) / 255 / n
	}
	v, dynamic := make([]float32, 4*n), [4]float64{}
	for i := range v {
		v[i] = float32(m.Pixels[i]) / 255
	}
	Binarise(v, random.New(1, "data"))
	for i, x := range v {
		if x != 0 && x != 1 {
			t.Fatalf("a chance became %v", x)
		}
		dynamic[i%4] += float64(x) / n
	}
	for i, want := range []float64{0, .2, .8, 1} {
		near(t, "share of white, fixed", share[i], want, math.Sqrt(want*(1-want))+1e-9, n)
		near(t, "share of white, dynamic", dynamic[i], want, math.Sqrt(want*(1-want))+1e-9, n)
	}
}

// What is taken of a source, more than it fills at a time, are its pixels.
func TestTake(t *testing.T) {
	m := &Images{Rows: 1, Cols: 2, Channels: 3, Pixels: make([]uint8, 6*256)}
	var index, want []int
	for i := range m.Pixels {
		m.Pixels[i] = uint8(i * 7)
	}
	for i := range 256 {
		index = append(index, 255-i)
	}
	got := Take(m, index)
	for _, i := range index {
		for _, p := range m.Pixels[6*i : 6*i+6] {
			want = append(want, int(p))
		}
	}
	for i, p := range got.Pixels {
		if int(p) != want[i] {
			t.Fatalf("pixel %d is %d, want %d", i, p, want[i])
		}
	}
	if got.Count() != 256 || got.Channels != 3 {
		t.Errorf("%d images of %d channels", got.Count(), got.Channels)
	}
}

// The same content is read packed or not, with zeros after the end of the gzip file,
// and packed in two members; labels may be QMNIST's rows of int32.
func TestIDXForms(t *testing.T) {
	image, label := oneImage+"a", oneLabel+"\x03"
	padded := append(zip(image), make([]byte, 1<<16)...)
	two := append(zip(image[:7]), zip(image[7:])...)
	rows := "\x00\x00\x0c\x02\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\xff\xff"
	for what, c := range map[string][2]string{
		"unpacked": {image, label}, "packed": {string(zip(image)), string(zip(label))}, "padded": {string(padded), label},
		"members": {string(two), label}, "int32": {image, "\x00\x00\x0c\x01\x00\x00\x00\x01\x00\x00\x00\x03"}, "rows of int32": {image, string(zip(rows))},
	} {
		m, err := ReadImages(strings.NewReader(c[0]), strings.NewReader(c[1]))
		if err != nil || m.Count() != 1 || m.Pixels[0] != 'a' || m.Labels[0] != 3 {
			t.Errorf("%s: read %v, %v", what, m, err)
		}
	}
	for what, c := range map[string][2]string{
		"a label of 256":   {"\x00\x00\x0c\x01\x00\x00\x00\x01\x00\x00\x01\x00", "label 0 is 256, expected 0 to 255"},
		"a label of -1":    {"\x00\x00\x0c\x01\x00\x00\x00\x01\xff\xff\xff\xff", "label 0 is -1"},
		"labels of floats": {"\x00\x00\x0d\x01\x00\x00\x00\x01\x00\x00\x00\x00", "an idx file of float32 in 1 dimensions"},
	} {
		if _, err := ReadIDXLabels(strings.NewReader(c[0])); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v, want %s", what, err, c[1])
		}
	}
}

// Whatever the bytes, reading them as an idx file never panics and takes no more memory
// than there is content.
func FuzzIDX(f *testing.F) {
	for _, b := range []string{oneImage + "a", oneLabel + "\x03", string(zip(oneImage + "a")), "\x00\x00\x0c\x02\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\xff\xff", "\x00\x00\x08\x03\x3f\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x01"} {
		f.Add([]byte(b))
		f.Add(append([]byte(b), 0, 0, 0))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := ReadIDXImages(bytes.NewReader(b)); err == nil && m.Count()*m.Size() != len(m.Pixels) {
			t.Errorf("%d images of %d in %d pixels", m.Count(), m.Size(), len(m.Pixels))
		}
		labels, err := ReadIDXLabels(bytes.NewReader(b))
		if err == nil && len(labels) == 0 {
			t.Error("no labels and no error")
		}
		if !Packed(b) && (len(labels) > len(b) || cap(labels) > 2*len(b)+1024) {
			t.Errorf("%d labels, room for %d, of %d bytes", len(labels), cap(labels), len(b))
		}
		if h, ok := PeekIDX(b); ok && !Packed(b) && err == nil && !h.Labels() {
			t.Errorf("took %v for labels", h)
		}
	})
}
