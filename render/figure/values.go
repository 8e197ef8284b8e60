package figure

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// values returns figure 1(a) of Gulrajani et al.: the critics' level lines over the
// data, clipping above and the penalty below.
func (v view) values() []picture {
	const rows, cols = 2, 3
	reach := v.take("surface-view", 1)
	if reach == nil {
		return nil
	}
	view, side := float64(reach[0]), v.last("surfaces")
	surfaces, real := v.take("surfaces", rows, cols, side, side), v.take("surface-data", cols, -1, 2)
	if surfaces == nil || real == nil {
		return nil
	}
	const left, top, gap = 1.7 * letter, 1.6 * letter, .7 * letter
	each := (width - 2*margin - left - (cols-1)*gap) / cols
	dots := draw.GlyphStyle{Color: orange, Radius: 1.9, Shape: draw.CircleGlyph{}}
	lines := draw.LineStyle{Color: blue, Width: 1}
	return []picture{{"values", 2*margin + headHigh + 1.5*letter + top + rows*each + (rows-1)*gap, func(c draw.Canvas) {
		c = head(c, v.at("Value surfaces of critics"), entry{"real", scatter(nil, dots)}, entry{"critic D(x), darker where higher", &plotter.Line{LineStyle: lines}})
		for col, name := range []string{"8 Gaussians", "25 Gaussians", "Swiss roll"} {
			x := c.Min.X + left + vg.Length(col)*(each+gap)
			c.FillText(style(text.XCenter, text.YTop), vg.Point{X: x + each/2, Y: c.Max.Y}, name)
			for row := range rows {
				y := c.Max.Y - top - vg.Length(row)*(each+gap)
				box := c
				box.Rectangle = vg.Rectangle{Min: vg.Point{X: x, Y: y - each}, Max: vg.Point{X: x + each, Y: y}}
				l := lattice{surfaces[(row*cols+col)*side*side:][:side*side], side, view}
				l.levels(box, pairs(real[col*len(real)/cols:][:len(real)/cols]), dots)
			}
		}
		for row, name := range []string{"clipped weights", "gradient penalty"} {
			s := style(text.XCenter, text.YTop)
			s.Rotation = math.Pi / 2
			c.FillText(s, vg.Point{X: c.Min.X, Y: c.Max.Y - top - vg.Length(row)*(each+gap) - each/2}, name)
		}
	}}}
}

// levels draws level lines, if there are numbers, which are darker where they are
// higher, and points, in a frame.
func (l lattice) levels(c draw.Canvas, points plotter.XYs, look draw.GlyphStyle) {
	p := plot.New()
	p.HideAxes()
	p.BackgroundColor = color.Transparent
	if len(l.v) > 0 && slices.Min(l.v) < slices.Max(l.v) {
		const n = 12
		var at [n]float64
		var looks [n]draw.LineStyle
		lo, hi := float64(slices.Min(l.v)), float64(slices.Max(l.v))
		for i := range n {
			part := (float64(i) + .5) / n
			at[i] = lo + part*(hi-lo)
			mix := func(c uint8) uint8 { return uint8(float64(c) + .75*(1-part)*(255-float64(c))) }
			looks[i] = draw.LineStyle{Color: color.NRGBA{mix(blue.R), mix(blue.G), mix(blue.B), 255}, Width: 1}
		}
		p.Add(l.contour(at[:], looks[:]))
	}
	p.Add(drawing(func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		for _, q := range points {
			if math.Max(math.Abs(q.X), math.Abs(q.Y)) <= l.view {
				c.DrawGlyph(look, vg.Point{X: x(q.X), Y: y(q.Y)})
			}
		}
	}))
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -l.view, l.view, -l.view, l.view
	p.X.Padding, p.Y.Padding = 0, 0
	p.Draw(c)
	c.StrokeLines(draw.LineStyle{Color: ink, Width: 1}, append(corners(c.Rectangle), c.Min))
}
