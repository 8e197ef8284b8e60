package figure

import (
	"math"
	"strconv"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Letters stay readable where a figure fills a quarter of a slide.
const (
	family = "Liberation Sans"
	letter = vg.Length(15)
	margin = vg.Length(12)
	// headHigh is what head takes of a canvas without a key, beside the margin.
	headHigh = 1.7*(letter+2) + .3*letter
)

// style returns how text looks; x and y say which part of it stands at the point
// it is drawn at.
func style(x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{
		Color: ink, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: letter},
		XAlign: x, YAlign: y, Handler: plot.DefaultTextHandler,
	}
}

// plain writes what the font lacks in other letters.
func plain(s string) string { return strings.ReplaceAll(s, "∇", "grad ") }

// axes returns an empty plot with named axes.
func axes(x, y string) *plot.Plot {
	p := plot.New()
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Tick.Label.Font = style(0, 0).Font, style(0, 0).Font
		a.Label.TextStyle.Color, a.Tick.Label.Color = ink, ink
		a.LineStyle.Color, a.Tick.LineStyle.Color = ink, ink
		a.Label.Padding, a.Padding = 6, 6
		a.Tick.Marker = ticker(5)
	}
	p.X.Label.Text, p.Y.Label.Text = plain(x), plain(y)
	return p
}

// An entry of a key names what a line or a mark stands for.
type entry struct {
	text  string
	thumb plot.Thumbnailer
}

// head draws a title and below it a key, and returns what is left of the canvas.
func head(c draw.Canvas, title string, key ...entry) draw.Canvas {
	c = draw.Crop(c, margin, -margin, margin, -margin)
	s := style(text.XLeft, text.YTop)
	s.Font.Size, s.Font.Weight = letter+2, xfont.WeightBold
	high := s.Font.Size
	if wide := s.Width(plain(title)); wide > c.Size().X { // a long name of the data
		s.Font.Size *= c.Size().X / wide
	}
	c.FillText(s, vg.Point{X: c.Min.X, Y: c.Max.Y}, plain(title))
	c.Max.Y -= 1.7 * high
	s = style(text.XLeft, text.YCenter)
	const thumb, line = 2 * letter, 1.5 * letter
	x := c.Min.X
	for _, k := range key {
		name := plain(k.text)
		wide := thumb + .4*letter + s.Width(name)
		if x > c.Min.X && x+wide > c.Max.X {
			x, c.Max.Y = c.Min.X, c.Max.Y-line
		}
		box := c
		box.Rectangle = vg.Rectangle{Min: vg.Point{X: x, Y: c.Max.Y - 1.15*letter}, Max: vg.Point{X: x + thumb, Y: c.Max.Y - .15*letter}}
		k.thumb.Thumbnail(&box)
		c.FillText(s, vg.Point{X: x + thumb + .4*letter, Y: c.Max.Y - letter/2}, name)
		x += wide + 1.4*letter
	}
	if len(key) > 0 {
		c.Max.Y -= line
	}
	c.Max.Y -= .3 * letter
	return c
}

// fit crops a canvas so that p's data fill an area ratio times as wide as high,
// in the middle.
func fit(p *plot.Plot, c draw.Canvas, ratio float64) draw.Canvas {
	size := p.DataCanvas(c).Size()
	if w := vg.Length(ratio) * size.Y; size.X > w {
		return draw.Crop(c, (size.X-w)/2, -(size.X-w)/2, 0, 0)
	}
	h := size.X / vg.Length(ratio)
	return draw.Crop(c, 0, 0, (size.Y-h)/2, -(size.Y-h)/2)
}

// A drawing is a plotter made of a function.
type drawing func(draw.Canvas, *plot.Plot)

// Plot implements plot.Plotter.
func (d drawing) Plot(c draw.Canvas, p *plot.Plot) { d(c, p) }

// rounds returns at most n+1 round numbers, evenly spaced from lo to hi, and how
// far apart they are. It returns none where lo and hi leave no room between.
func rounds(lo, hi float64, n int) (v []float64, apart float64) {
	if !(hi > lo) || math.IsInf(hi-lo, 0) {
		return nil, 0
	}
	apart = math.Pow(10, math.Floor(math.Log10((hi-lo)/float64(n))))
	for _, m := range []float64{1, 2, 5, 10} {
		if (hi-lo)/(m*apart) <= float64(n) {
			apart *= m
			break
		}
	}
	first := math.Ceil(lo/apart - 1e-9)
	for i := 0.; i <= float64(n) && (first+i)*apart <= hi+1e-9*apart; i++ {
		v = append(v, (first+i)*apart)
	}
	return v, apart
}

// number writes v with as many digits as tell it from neighbours that far apart.
func number(v, apart float64) string {
	if math.Abs(v) < apart*1e-6 {
		v = 0
	}
	if v == 0 && apart < 1e-5 {
		return "0"
	}
	if far := math.Abs(v); far >= 1e9 || far < 1e-3 && apart < 1e-5 {
		digits := 1 + int(math.Ceil(math.Log10(far/apart)-1e-9))
		s := strings.NewReplacer("e-0", "e−", "e-", "e−", "e+0", "e", "e+", "e").Replace(strconv.FormatFloat(far, 'g', min(max(1, digits), 15), 64))
		if v < 0 {
			return "−" + s
		}
		return s
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', max(0, int(math.Ceil(-math.Log10(apart)-1e-9))), 64)
	whole, part, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + part
	}
	if v < 0 {
		return "−" + whole
	}
	return whole
}

// A ticker marks at most that many intervals with round numbers.
type ticker int

// Ticks implements plot.Ticker.
func (n ticker) Ticks(lo, hi float64) (ticks []plot.Tick) {
	at, apart := rounds(lo, hi, int(n))
	for _, v := range at {
		ticks = append(ticks, plot.Tick{Value: v, Label: number(v, apart)})
	}
	return ticks
}
