package corpus

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// decoded returns an image of testdata.
func decoded(t *testing.T, name string) picture {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	p, err := decode(b)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

// apart returns the greatest and the mean difference of two lists of pixels.
func apart(t *testing.T, a, b []uint8) (greatest int, mean float64) {
	t.Helper()
	if len(a) != len(b) || len(a) == 0 {
		t.Fatalf("%d numbers and %d", len(a), len(b))
	}
	for i := range a {
		d := max(int(a[i])-int(b[i]), int(b[i])-int(a[i]))
		greatest = max(greatest, d)
		mean += float64(d) / float64(len(a))
	}
	return greatest, mean
}

func TestFormats(t *testing.T) {
	want := decoded(t, "picture.png")
	if want.rows != 60 || want.cols != 76 || want.channels != 3 || len(want.pixels) != 60*76*3 {
		t.Fatalf("%dx%dx%d, %d bytes", want.rows, want.cols, want.channels, len(want.pixels))
	}
	for name, far := range map[string]float64{"lossless.webp": 0, "picture.jpg": 14, "picture.webp": 14} {
		p := decoded(t, name)
		if _, mean := apart(t, p.pixels, want.pixels); p.rows != 60 || p.cols != 76 || mean > far {
			t.Errorf("%s: %dx%d, on average %.2f from the PNG, want at most %g", name, p.rows, p.cols, mean, far)
		}
	}
	if p := decoded(t, "grey.png"); p.channels != 1 {
		t.Errorf("grey has %d channels", p.channels)
	}
	m := image.NewPaletted(image.Rect(3, 4, 5, 5), color.Palette{color.Black, color.RGBA{9, 8, 7, 255}})
	m.Pix[1] = 1
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	p, err := decode(b.Bytes())
	if err != nil || p.rows != 1 || p.cols != 2 || !slices.Equal(p.pixels, []uint8{0, 0, 0, 9, 8, 7}) {
		t.Errorf("GIF: %+v, %v", p, err)
	}
}

// Images are cut and scaled as Pillow cuts and scales them by areas.
func TestGeometry(t *testing.T) {
	source := decoded(t, "picture.png")
	for name, s := range map[string]shape{
		"centre32.png":     {rows: 32, cols: 32, channels: 3, scale: true},
		"corner20.png":     {rows: 20, cols: 20, channels: 3, scale: true, corner: true},
		"window48to64.png": {rows: 64, cols: 64, channels: 3, scale: true, window: 48},
		"grey.png":         {rows: 60, cols: 76, channels: 1},
		"picture.png":      {rows: 60, cols: 76, channels: 3},
	} {
		got := make([]uint8, s.size())
		if err := s.fit(got, source); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if far, _ := apart(t, got, decoded(t, name).pixels); far > 1 {
			t.Errorf("%s: up to %d from Pillow's", name, far)
		}
	}
	grey := decoded(t, "grey.png")
	got := make([]uint8, 60*76*3)
	if err := (shape{rows: 60, cols: 76, channels: 3}).fit(got, grey); err != nil || got[0] != grey.pixels[0] || got[len(got)-1] != grey.pixels[60*76-1] {
		t.Errorf("grey in colour: %v", err)
	}
	if err := (shape{rows: 60, cols: 60, channels: 3}).fit(got, source); err == nil || !strings.Contains(err.Error(), "is 60x76, expected 60x60") {
		t.Errorf("another size: %v", err)
	}
	// Each source pixel counts once: the mean stays.
	flat := picture{rows: 7, cols: 7, channels: 1, pixels: bytes.Repeat([]uint8{201}, 49)}
	for side := 1; side < 20; side++ {
		dst := make([]uint8, side*side)
		flat.square(dst, 0, 0, 7, side)
		if slices.Min(dst) != 201 || slices.Max(dst) != 201 {
			t.Errorf("one grey becomes %d to %d at side %d", slices.Min(dst), slices.Max(dst), side)
		}
	}
}

func TestUndecodable(t *testing.T) {
	jpeg, err := os.ReadFile("testdata/picture.jpg")
	if err != nil {
		t.Fatal(err)
	}
	huge, err := os.ReadFile("testdata/picture.png")
	if err != nil {
		t.Fatal(err)
	}
	huge = slices.Clone(huge[:24])
	copy(huge[16:], "\x00\x00\xff\xff\x00\x00\xff\xff")
	for _, c := range []struct {
		b    []byte
		want string
	}{
		{nil, "empty, expected an image"},
		{[]byte("<!DOCTYPE html>"), `begins with "<!DOCTYPE ht"`},
		{jpeg[:len(jpeg)/2], "jpeg image of 1023 bytes"},
		{huge, "png image of 24 bytes"},
	} {
		if _, err := decode(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.12q: error %v does not tell of %q", c.b, err, c.want)
		}
	}
}

// Files that went wrong before: 4:2:0 chroma, 16 bits of grey.
func TestCases(t *testing.T) {
	read := func(name string) picture {
		b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "cases", name))
		if err != nil {
			t.Skip("no shared cases: ", err)
		}
		p, err := decode(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return p
	}
	p := read("ss420.jpg")
	if far, _ := apart(t, p.pixels[3:6], []uint8{238, 189, 244}); far > 2 {
		t.Errorf("pixel 1 of row 0 is %v, libjpeg has 238 189 244", p.pixels[3:6])
	}
	if p := read("gray16.png"); p.channels != 1 {
		t.Errorf("grey of 16 bits has %d channels, want 1", p.channels)
	}
}

// A scan with a code that no table has is an error, however much follows it.
func TestBrokenScan(t *testing.T) {
	b, err := os.ReadFile("testdata/picture.jpg")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte{0xff, 0xda})
	scan := at + 2 + int(b[at+2])<<8 + int(b[at+3])
	for _, n := range []int{1000, 100_000, 1 << 20} {
		bad := append(slices.Clone(b[:scan+20]), bytes.Repeat([]byte{0xff, 0}, n)...)
		bad = append(append(bad, b[scan+20:]...), 0xff, 0xd9)
		if _, err := decode(bad); err == nil || !strings.Contains(err.Error(), "a code that there is not") {
			t.Errorf("%d bytes of no code: %v", n, err)
		}
	}
}

// Images whose heads ask for much of little are refused before any of it is made.
func TestImageBombs(t *testing.T) {
	blank := func(rows, cols int) []byte {
		m := image.NewPaletted(image.Rect(0, 0, cols, rows), color.Palette{color.Black, color.White})
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if _, err := decode(blank(1000, 1000)); err != nil {
		t.Errorf("a blank page: %v", err)
	}
	if _, err := decode(blank(5000, 5000)); err == nil || !strings.Contains(err.Error(), "unpacks to 5000x5000, expected at most 1,048,576 pixels") {
		t.Errorf("a large blank page: %v", err)
	}
	b, err := os.ReadFile("testdata/picture.jpg")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte{0xff, 0xc0})
	for _, size := range [][2]int{{0, 7}, {7, 0}, {0xffff, 0xffff}, {5000, 5000}, {1000, 1000}} {
		large := slices.Clone(b)
		large[at+5], large[at+6], large[at+7], large[at+8] = byte(size[0]>>8), byte(size[0]), byte(size[1]>>8), byte(size[1])
		if _, err := decode(large); err == nil {
			t.Errorf("a JPEG of %d bytes that says it is %v: no error", len(b), size)
		}
	}
}
