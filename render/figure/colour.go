package figure

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/palette/moreland"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

func fade(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}

// Colours of Okabe and Ito, and greys.
var (
	orange     = rgb(0xe69f00)
	blue       = rgb(0x0072b2)
	sky        = rgb(0x56b4e9)
	green      = rgb(0x009e73)
	vermillion = rgb(0xd55e00)
	purple     = rgb(0xcc79a7)
	ink        = rgb(0x20262e)
	quiet      = rgb(0x76818d)
	faint      = rgb(0xdde1e6)
)

// A ramp gives a number a colour, for images and the bar beside them.
type ramp struct {
	name  string
	at    func(float64) color.Color
	place func(float64) float64 // from 0, the bar's foot, to 1
	value func(float64) float64 // place's inverse
	ticks []tick                // in order
}

// A tick names a number on a ramp's bar.
type tick struct {
	value float64
	label string
}

// slopes colours gradient norms from a quarter to four, on a scale of factors:
// pale at 1, blue where the critic is flatter and red where it is steeper.
func slopes() ramp {
	m := moreland.SmoothBlueRed()
	m.SetMin(-2)
	m.SetMax(2)
	return ramp{
		name: "norm",
		at: func(v float64) color.Color {
			c, err := m.At(math.Max(-2, math.Min(math.Log2(v), 2)))
			if err != nil {
				panic(err) // it is within the range
			}
			return c
		},
		place: func(v float64) float64 { return (math.Log2(v) + 2) / 4 },
		value: func(t float64) float64 { return math.Exp2(4*t - 2) },
		ticks: []tick{{.25, "≤ ¼"}, {.5, "½"}, {1, "1"}, {2, "2"}, {4, "≥ 4"}},
	}
}

// chances colours probabilities, white for 0 and blue for 1.
func chances() ramp {
	same := func(v float64) float64 { return v }
	return ramp{
		name: "y",
		at: func(v float64) color.Color {
			mix := func(c uint8) uint8 { return uint8(255 + math.Max(0, math.Min(v, 1))*(float64(c)-255) + .5) }
			return color.NRGBA{mix(blue.R), mix(blue.G), mix(blue.B), 255}
		},
		place: same, value: same,
		ticks: []tick{{0, "0"}, {.5, "½"}, {1, "1"}},
	}
}

// barWide is the room to the right of a plot that its bar takes.
const barWide = 5 * letter

// bar draws the ramp's colours beside the data of a plot.
func (r ramp) bar(c draw.Canvas, data vg.Rectangle) {
	const steps = 256
	colours := image.NewNRGBA(image.Rect(0, 0, 1, steps))
	for i := range steps {
		colours.Set(0, steps-1-i, r.at(r.value((float64(i)+.5)/steps)))
	}
	box := vg.Rectangle{Min: vg.Point{X: data.Max.X + letter, Y: data.Min.Y}, Max: vg.Point{X: data.Max.X + 2*letter, Y: data.Max.Y - 2.2*letter}}
	c.DrawImage(box, colours)
	line := draw.LineStyle{Color: ink, Width: 1}
	c.StrokeLines(line, append(corners(box), box.Min))
	for _, t := range r.ticks {
		y := box.Min.Y + vg.Length(r.place(t.value))*(box.Max.Y-box.Min.Y)
		c.StrokeLine2(line, box.Max.X, y, box.Max.X+4, y)
		c.FillText(style(text.XLeft, text.YCenter), vg.Point{X: box.Max.X + 8, Y: y}, t.label)
	}
	c.FillText(style(text.XLeft, text.YTop), vg.Point{X: box.Min.X, Y: data.Max.Y}, plain(r.name))
}

// cells colours rows of numbers, the first on top, each number as scale² pixels.
func (r ramp) cells(v []float32, rows, cols, scale int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, cols*scale, rows*scale))
	for y := range rows * scale {
		for x := range cols * scale {
			m.Set(x, y, r.at(float64(v[y/scale*cols+x/scale])))
		}
	}
	return m
}

// smooth colours a lattice of side² numbers, the first row lowest, as size² pixels
// between its outermost points.
func (r ramp) smooth(v []float32, side, size int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, size, size))
	split := func(i int) (int, float64) {
		at := (float64(i) + .5) / float64(size) * float64(side-1)
		return int(at), at - math.Floor(at)
	}
	for y := range size {
		i, s := split(y)
		for x := range size {
			j, t := split(x)
			of := func(i, j int) float64 { return float64(v[i*side+j]) }
			m.Set(x, size-1-y, r.at((1-s)*((1-t)*of(i, j)+t*of(i, j+1))+s*((1-t)*of(i+1, j)+t*of(i+1, j+1))))
		}
	}
	return m
}
