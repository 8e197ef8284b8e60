package figure

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// codes returns what a Gumbel-Softmax VAE's frame shows.
func (v view) codes() (all []picture) {
	tau := v.take("temperature", 1)
	if tau == nil {
		return nil
	}
	at := "τ = " + number(float64(tau[0]), .01)
	digits, rebuilt, prior := v.take("digits", -1, -1, -1), v.take("reconstructions", -1, -1, -1), v.take("prior", -1, -1, -1)
	if digits != nil && rebuilt != nil {
		all = append(all, v.digits(digits, rebuilt))
	}
	if prior != nil {
		all = append(all, v.prior(prior, at))
	}
	if code := v.take("code", -1, -1); code != nil {
		all = append(all, v.code(code, at))
	}
	if points, pi := v.take("simplex", -1, 3), v.take("chances", 3); points != nil && pi != nil {
		all = append(all, v.simplex(points, pi, at))
	}
	return all
}

// tile draws the i-th image of a tensor, black on white, into a box.
func (v view) tile(c draw.Canvas, name string, i int, box vg.Rectangle) {
	const scale = 6 // so that no viewer blurs the pixels
	t := v.Tensors[name]
	rows, cols := t.Shape[1], t.Shape[2]
	m := image.NewGray(image.Rect(0, 0, cols*scale, rows*scale))
	for y := range rows * scale {
		for x := range cols * scale {
			ink := math.Max(0, math.Min(float64(t.Data[(i*rows+y/scale)*cols+x/scale]), 1))
			m.SetGray(x, y, color.Gray{Y: uint8(255*(1-ink) + .5)})
		}
	}
	c.DrawImage(box, m)
	c.StrokeLines(draw.LineStyle{Color: faint, Width: 1}, append(corners(box), box.Min))
}

// digits draws rows of eight digits, each over its reconstructions.
func (v view) digits(digits, rebuilt []float32) picture {
	const across = 8
	n := min(v.side("digits"), v.side("reconstructions"))
	rows := (n + across - 1) / across
	left, gap := 7*letter, vg.Length(4)
	each := (width - 2*margin - left - (across-1)*gap) / across
	pair := 2*each + gap + letter
	return picture{"digits", 2*margin + headHigh + vg.Length(rows)*pair - letter, func(c draw.Canvas) {
		c = head(c, v.at("Test digits and their reconstructions"))
		for i := range n {
			x, y := c.Min.X+left+vg.Length(i%across)*(each+gap), c.Max.Y-vg.Length(i/across)*pair
			for k, name := range []string{"digits", "reconstructions"} {
				top := y - vg.Length(k)*(each+gap)
				v.tile(c, name, i, vg.Rectangle{Min: vg.Point{X: x, Y: top - each}, Max: vg.Point{X: x + each, Y: top}})
				if i%across == 0 {
					c.FillText(style(text.XLeft, text.YCenter), vg.Point{X: c.Min.X, Y: top - each/2}, []string{"digit", "reconstruction"}[k])
				}
			}
		}
	}}
}

// prior draws what the decoder makes of the prior's samples.
func (v view) prior(prior []float32, at string) picture {
	n := v.side("prior")
	across := int(math.Ceil(math.Sqrt(float64(n))))
	rows := (n + across - 1) / across
	gap := vg.Length(4)
	each := (width - 2*margin - vg.Length(across-1)*gap) / vg.Length(across)
	return picture{"prior", 2*margin + headHigh + vg.Length(rows)*(each+gap) - gap, func(c draw.Canvas) {
		c = head(c, v.at("Samples of the prior, "+at))
		for i := range n {
			x, y := c.Min.X+vg.Length(i%across)*(each+gap), c.Max.Y-vg.Length(i/across)*(each+gap)
			v.tile(c, "prior", i, vg.Rectangle{Min: vg.Point{X: x, Y: y - each}, Max: vg.Point{X: x + each, Y: y}})
		}
	}}
}

// code draws the relaxed sample of the first digit, one row a categorical.
func (v view) code(code []float32, at string) picture {
	shape := v.Tensors["code"].Shape
	n, k := shape[0], shape[1]
	return picture{"code", 600, func(c draw.Canvas) {
		p, r := axes("class", "categorical"), chances()
		scale := max(1, 400/max(n, k))
		p.Add(plotter.NewImage(r.cells(code, n, k, scale), .5, .5, float64(k)+.5, float64(n)+.5))
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = .5, float64(k)+.5, .5, float64(n)+.5
		p.X.Padding, p.Y.Padding = 0, 0
		p.X.Tick.Marker, p.Y.Tick.Marker = ticker(10), downward(n)
		c = head(c, v.at("Code of the first digit, "+at))
		c.Max.X -= barWide
		c = fit(p, c, math.Max(.5, math.Min(float64(k)/float64(n), 1.5)))
		p.Draw(c)
		r.bar(c, p.DataCanvas(c).Rectangle)
	}}
}

// downward numbers that many rows from the top.
type downward int

// Ticks implements plot.Ticker.
func (n downward) Ticks(lo, hi float64) []plot.Tick {
	ticks := ticker(10).Ticks(lo, hi)
	for i := range ticks {
		ticks[i].Value = float64(n) + 1 - ticks[i].Value
	}
	return ticks
}

// simplex draws relaxed samples of a choice between three: the nearer to a
// corner, the surer.
func (v view) simplex(points, pi []float32, at string) picture {
	high := math.Sqrt(3) / 2
	place := func(y []float32) plotter.XY { // corners 1 and 2 below, 3 above
		return plotter.XY{X: float64(y[1]) + float64(y[2])/2, Y: high * float64(y[2])}
	}
	var marks plotter.XYs
	for i := 0; i < len(points); i += 3 {
		marks = append(marks, place(points[i:i+3]))
	}
	return picture{"simplex", 560, func(c draw.Canvas) {
		p := plot.New()
		p.HideAxes()
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -.12, 1.12, -.12, high+.12
		edge := &plotter.Line{XYs: plotter.XYs{{}, {X: 1}, {X: .5, Y: high}, {}}, LineStyle: draw.LineStyle{Color: ink, Width: 1.5}}
		p.Add(edge, scatter(marks, draw.GlyphStyle{Color: fade(blue, 130), Radius: 3.2, Shape: draw.CircleGlyph{}}))
		p.Add(drawing(func(c draw.Canvas, p *plot.Plot) {
			x, y := p.Transforms(&c)
			for i, name := range []string{"class 1, π = ", "class 2, π = ", "class 3, π = "} {
				corner := [3]float32{}
				corner[i] = 1
				q := place(corner[:])
				s, off := style(text.XCenter, text.YTop), -.6*letter
				if i == 2 {
					s, off = style(text.XCenter, text.YBottom), .6*letter
				}
				c.FillText(s, vg.Point{X: x(q.X), Y: y(q.Y) + off}, name+number(float64(pi[i]), .01))
			}
		}))
		c = head(c, v.at(number(float64(len(marks)), 1)+" Gumbel-Softmax samples, "+at))
		p.Draw(fit(p, c, 1.24/(high+.24)))
	}}
}
