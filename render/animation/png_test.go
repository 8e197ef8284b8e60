//go:build !js

package animation

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"testing"
)

// An animation shows the pictures that are as large as the last, in their order and
// colours, the last of them longest.
func TestPNGs(t *testing.T) {
	var stills [][]byte
	for i, size := range []int{30, 40, 40, 40} {
		m := image.NewRGBA(image.Rect(0, 0, size, 20))
		for at := range m.Pix {
			m.Pix[at] = uint8(255 * (at % 4 / 3)) // black
		}
		m.Set(i, 5, color.RGBA{uint8(50 * i), 200, 0, 255})
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		stills = append(stills, b.Bytes())
	}
	b, err := PNGs(stills)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(b))
	if err != nil || len(g.Image) != 3 || g.Config.Width != 40 || g.Config.Height != 20 || g.Delay[0] != stillDelay || g.Delay[2] != lastDelay {
		t.Fatalf("%d frames of %v, shown for %v, %v", len(g.Image), g.Config, g.Delay, err)
	}
	for i, m := range g.Image {
		if got, want := color.RGBAModel.Convert(m.At(i+1, 5)), (color.RGBA{uint8(50 * (i + 1)), 200, 0, 255}); got != want {
			t.Errorf("frame %d has the colour %v, want %v", i, got, want)
		}
	}
	stills[3] = stills[3][:60]
	if _, err := PNGs(stills); err == nil {
		t.Error("a cut picture is animated")
	}
}
