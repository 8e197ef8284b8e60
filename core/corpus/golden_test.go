package corpus

import (
	"archive/zip"
	"cmp"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// A golden is an image and what Pillow decodes of it.
type golden struct {
	name                 string
	image                []byte
	rows, cols, channels int
	colour, grey         []uint8
}

// goldens returns what golden.py wrote. GANBEL_GOLDEN names another of its files.
func goldens(t testing.TB) []golden {
	z, err := zip.OpenReader(cmp.Or(os.Getenv("GANBEL_GOLDEN"), "testdata/golden.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	read := func(name string) []byte {
		r, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var all []golden
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".want")
		if !ok {
			continue
		}
		b := read(f.Name)
		g := golden{name: name, image: read(name), rows: int(le.Uint32(b)), cols: int(le.Uint32(b[4:])), channels: int(le.Uint32(b[8:]))}
		g.colour, g.grey = b[12:][:3*g.rows*g.cols], b[12+3*g.rows*g.cols:]
		all = append(all, g)
	}
	return all
}

// Every image is what Pillow makes of it: at most 2 levels off in each channel of
// each pixel, and 1 in its grey.
func TestGolden(t *testing.T) {
	type tally struct{ images, exact, worst, grey int }
	formats := map[string]*tally{}
	for _, g := range goldens(t) {
		folder, _, _ := strings.Cut(g.name, "/")
		if formats[folder] == nil {
			formats[folder] = &tally{}
		}
		of := formats[folder]
		of.images++
		p, err := decode(g.image)
		if err != nil {
			t.Errorf("%s: %v", g.name, err)
			continue
		}
		if p.rows != g.rows || p.cols != g.cols || p.channels != g.channels {
			t.Errorf("%s: is %dx%dx%d, Pillow says %dx%dx%d", g.name, p.rows, p.cols, p.channels, g.rows, g.cols, g.channels)
			continue
		}
		colour, grey := p, p
		if p.channels == 1 {
			colour = p.as(3)
		} else {
			grey = p.as(1)
		}
		far, _ := apart(t, colour.pixels, g.colour)
		farGrey, _ := apart(t, grey.pixels, g.grey)
		if far > 2 || farGrey > 1 {
			t.Errorf("%s of %dx%d: %d from Pillow's colours, %d from its grey: want at most 2 and 1", g.name, p.rows, p.cols, far, farGrey)
		}
		if far == 0 && farGrey == 0 {
			of.exact++
		}
		of.worst, of.grey = max(of.worst, far), max(of.grey, farGrey)
	}
	for _, name := range slices.Sorted(maps.Keys(formats)) {
		f := formats[name]
		t.Logf("%-8s %5d images, %5d of them the same, at most %d off, %d in grey", name, f.images, f.exact, f.worst, f.grey)
	}
	if len(formats) < 8 {
		t.Errorf("goldens of %d kinds, want 8", len(formats))
	}
}
