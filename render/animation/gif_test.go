package animation

import (
	"bytes"
	"image/color"
	"image/gif"
	"math"
	"slices"
	"testing"
)

// scene draws a plain square that moves over a plain ground; with shade the ground
// has every colour there is room for.
func scene(width, height int, shade bool) func(i int, rgba []uint8) {
	return func(i int, rgba []uint8) {
		for y := range height {
			for x := range width {
				c := rgba[4*(y*width+x):][:4]
				copy(c, []uint8{250, 249, 247, 255})
				if shade {
					copy(c, []uint8{uint8(x * 255 / width), uint8(y * 255 / height), uint8((x + y) * 255 / (width + height)), 255})
				}
				if x >= 5*i && x < 5*i+20 && y >= 10 && y < 30 {
					copy(c, []uint8{0xE6, 0x9F, 0, 255})
				}
			}
		}
	}
}

// What is written is what was drawn: exactly where the colours fit in a palette, and
// plain areas exactly where they do not.
func TestGIF(t *testing.T) {
	for _, shade := range []bool{false, true} {
		const width, height = 160, 90
		draw := scene(width, height, shade)
		delays := []int{4, 101, 0, 48}
		var b bytes.Buffer
		if err := GIF(&b, width, height, delays, draw); err != nil {
			t.Fatal(err)
		}
		size := b.Len()
		g, err := gif.DecodeAll(&b)
		if err != nil {
			t.Fatal(err)
		}
		if g.Config.Width != width || g.Config.Height != height || len(g.Image) != 4 || g.LoopCount != 0 {
			t.Fatalf("%d frames of %d by %d, %d rounds", len(g.Image), g.Config.Width, g.Config.Height, g.LoopCount)
		}
		if !slices.Equal(g.Delay, delays) {
			t.Errorf("the delays are %v", g.Delay)
		}
		if r := g.Image[1].Rect; r.Dx() > 30 || r.Dy() > 20 {
			t.Errorf("of the second frame %v changed", r)
		}
		shown := make([]color.RGBA, width*height)
		want := make([]uint8, 4*width*height)
		worst := 0.
		for i, m := range g.Image {
			for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
				for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
					shown[y*width+x] = color.RGBAModel.Convert(m.At(x, y)).(color.RGBA)
				}
			}
			draw(i, want)
			for at, c := range shown {
				w := want[4*at:][:4]
				d := math.Hypot(math.Hypot(float64(c.R)-float64(w[0]), float64(c.G)-float64(w[1])), float64(c.B)-float64(w[2]))
				plain := w[0] == 0xE6 && w[1] == 0x9F && w[2] == 0
				if worst = max(worst, d); c.A != 255 || d > 0 && (!shade || plain) || d > 40 {
					t.Fatalf("frame %d, pixel %d is %v, drawn as %v", i, at, c, w)
				}
			}
		}
		t.Logf("%d bytes, colours at most %.1f away", size, worst)
	}
}

// The same frames give the same bytes, as a map's order must not show.
func TestSame(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := GIF(w, 120, 80, []int{100, 100}, scene(120, 80, true)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("they differ")
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		width, height int
		delays        []int
	}{{0, 1, []int{1}}, {1, 70000, []int{1}}, {1, 1, nil}} {
		if err := GIF(&bytes.Buffer{}, c.width, c.height, c.delays, func(int, []uint8) { t.Error("it is drawn") }); err == nil {
			t.Errorf("%d by %d with delays %v: no error", c.width, c.height, c.delays)
		}
	}
}
