package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ganbel/core/lab"
)

// gradients draws every estimator's bias as a bar, with what chance alone would
// show in grey, and its variance as a dot over powers of ten.
func (v view) gradients() (all []picture) {
	bias, chance, variance := v.take("bias", -1), v.take("chance", -1), v.take("variance", -1)
	e, err := lab.Find(v.Experiment)
	if bias == nil || chance == nil || variance == nil || err != nil {
		return nil
	}
	const row, labels, apart = 1.9 * letter, 11 * letter, 2 * letter
	n := len(bias)
	return []picture{{"gradients", 2*margin + headHigh + 2.2*letter + vg.Length(n)*row + 2.2*letter, func(c draw.Canvas) {
		c = head(c, v.at("Gradients of every estimator, τ = "+number(float64(v.Tensors["temperature"].Data[0]), .01)))
		wide := (c.Max.X - c.Min.X - labels - apart) / 2
		most, lo, hi := .1, math.Inf(1), math.Inf(-1)
		for i := range n {
			most = math.Max(most, float64(bias[i]))
			d := math.Log10(math.Max(float64(variance[i]), 1e-9))
			lo, hi = math.Min(lo, d), math.Max(hi, d)
		}
		lo, hi = math.Floor(lo-.3), math.Ceil(hi+.1)
		top := c.Max.Y - 2.2*letter
		left, right := c.Min.X+labels, c.Min.X+labels+wide+apart
		c.FillText(style(text.XLeft, text.YTop), vg.Point{X: left, Y: c.Max.Y}, "bias / |gradient|")
		c.FillText(style(text.XLeft, text.YTop), vg.Point{X: right, Y: c.Max.Y}, "variance / |gradient|²")
		bar := func(x, y, long vg.Length, of color.Color) {
			c.FillPolygon(of, []vg.Point{{X: x, Y: y - .3*row}, {X: x + long, Y: y - .3*row}, {X: x + long, Y: y + .3*row}, {X: x, Y: y + .3*row}})
		}
		foot := top - vg.Length(n)*row
		ticks, step := rounds(0, most, 4)
		for _, t := range ticks {
			x := left + wide*vg.Length(t/most)
			c.StrokeLine2(draw.LineStyle{Color: faint, Width: 1}, x, top, x, foot)
			c.FillText(style(text.XCenter, text.YTop), vg.Point{X: x, Y: foot - .3*letter}, number(t, step))
		}
		for d := lo; d <= hi; d++ {
			x := right + wide*vg.Length((d-lo)/(hi-lo))
			c.StrokeLine2(draw.LineStyle{Color: faint, Width: 1}, x, top, x, foot)
			c.FillText(style(text.XCenter, text.YTop), vg.Point{X: x, Y: foot - .3*letter}, number(math.Pow(10, d), math.Pow(10, d)))
		}
		for i, m := range e.Metrics[:n] { // the first are biases, an estimator each
			y := top - (vg.Length(i)+.5)*row
			c.FillText(style(text.XRight, text.YCenter), vg.Point{X: left - .5*letter, Y: y}, m.Title)
			bar(left, y, wide*vg.Length(float64(bias[i])/most), blue)
			bar(left, y, wide*vg.Length(math.Min(float64(chance[i]), most)/most), quiet)
			d := math.Log10(math.Max(float64(variance[i]), 1e-9))
			at := vg.Point{X: right + wide*vg.Length((d-lo)/(hi-lo)), Y: y}
			c.StrokeLine2(draw.LineStyle{Color: fade(vermillion, 110), Width: 1.5}, right, y, at.X, y)
			c.DrawGlyph(draw.GlyphStyle{Color: vermillion, Radius: 5, Shape: draw.CircleGlyph{}}, at)
		}
	}}}
}
