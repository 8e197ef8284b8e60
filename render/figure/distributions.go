package figure

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// distributions returns figure 1 of Jang et al., and for three classes the density
// over the simplex.
func (v view) distributions() (all []picture) {
	taus, pi := v.take("temperatures", -1), v.take("chances", -1)
	if taus == nil || pi == nil {
		return nil
	}
	samples := v.take("samples", len(taus), -1, len(pi))
	if mean := v.take("expectations", len(taus), len(pi)); mean != nil && samples != nil {
		all = append(all, v.bars(taus, pi, mean, samples))
	}
	if side := v.density(); side > 0 && samples != nil {
		if log := v.take("log-density", len(taus)-1, side, side); log != nil {
			all = append(all, v.densities(taus[1:], log, samples))
		}
	}
	return all
}

// density returns how many points a side the densities have, 0 for none.
func (v view) density() int {
	if t, ok := v.Tensors["log-density"]; ok && len(t.Shape) == 3 {
		return t.Shape[1]
	}
	return 0
}

// named returns how a temperature is called: 0 is none.
func named(tau float32) string {
	if tau == 0 {
		return "categorical"
	}
	return "τ = " + short(tau)
}

// short writes a round number.
func short(v float32) string { return strconv.FormatFloat(float64(v), 'g', -1, 32) }

// bars draws a column a temperature: the expectation, over outlines of π, and below
// it one sample.
func (v view) bars(taus, pi, mean, samples []float32) picture {
	k, shown := len(pi), len(samples)/len(taus)
	return picture{"distributions", 470, func(c draw.Canvas) {
		filled := bar{draw.LineStyle{}, blue}
		outline := bar{draw.LineStyle{Color: ink, Width: 1.2}, nil}
		sample := bar{draw.LineStyle{}, orange}
		c = head(c, v.at("Gumbel-Softmax distributions"), entry{"expectation of y", filled}, entry{"chances π", outline}, entry{"one sample y", sample})
		left, gap, low := 3.2*letter, .9*letter, 2.2*letter
		wide := (c.Max.X - c.Min.X - left - vg.Length(len(taus)-1)*gap) / vg.Length(len(taus))
		top := c.Max.Y - 1.6*letter
		high := (top - c.Min.Y - 2*low) / 2
		for t, tau := range taus {
			x := c.Min.X + left + vg.Length(t)*(wide+gap)
			c.FillText(style(text.XCenter, text.YTop), vg.Point{X: x + wide/2, Y: c.Max.Y}, named(tau))
			for row := range 2 {
				box := vg.Rectangle{Min: vg.Point{X: x, Y: top - high - vg.Length(row)*(high+low)}}
				box.Max = box.Min.Add(vg.Point{X: wide, Y: high})
				full := 1.
				if row == 0 {
					full = above(slices.Concat(mean, pi))
				}
				grid(c, box, full, t == 0)
				for i := range k {
					each := wide / vg.Length(k)
					at := func(p float32) vg.Rectangle {
						x := box.Min.X + vg.Length(i)*each
						return vg.Rectangle{Min: vg.Point{X: x + .12*each, Y: box.Min.Y}, Max: vg.Point{X: x + .88*each, Y: box.Min.Y + vg.Length(float64(p)/full)*high}}
					}
					if row == 0 {
						filled.draw(c, at(mean[t*k+i]))
						outline.draw(c, at(pi[i]))
					} else {
						sample.draw(c, at(samples[t*shown+i]))
					}
					c.FillText(style(text.XCenter, text.YTop), vg.Point{X: box.Min.X + (vg.Length(i)+.5)*each, Y: box.Min.Y - .3*letter}, number(float64(i+1), 1))
				}
			}
		}
	}}
}

// above returns 1, halved as long as nothing is greater.
func above(v []float32) float64 {
	most, full := float64(slices.Max(v)), 1.
	for full/2 >= most {
		full /= 2
	}
	return full
}

// grid draws the frame of bars from 0 to full, with numbers where asked.
func grid(c draw.Canvas, box vg.Rectangle, full float64, numbers bool) {
	for _, p := range []float64{0, .5, 1} {
		y := box.Min.Y + vg.Length(p)*(box.Max.Y-box.Min.Y)
		look := draw.LineStyle{Color: faint, Width: 1}
		if p == 0 {
			look.Color = ink
		}
		c.StrokeLine2(look, box.Min.X, y, box.Max.X, y)
		if numbers {
			c.FillText(style(text.XRight, text.YCenter), vg.Point{X: box.Min.X - .4*letter, Y: y}, short(float32(p*full)))
		}
	}
}

// A bar is how one looks.
type bar struct {
	line draw.LineStyle
	fill color.Color
}

func (b bar) draw(c draw.Canvas, box vg.Rectangle) {
	if b.fill != nil {
		c.FillPolygon(b.fill, corners(box))
	}
	if b.line.Width > 0 {
		c.StrokeLines(b.line, append(corners(box), box.Min))
	}
}

// Thumbnail implements plot.Thumbnailer.
func (b bar) Thumbnail(c *draw.Canvas) {
	box := c.Rectangle
	box.Min.X = box.Max.X - .9*letter
	b.draw(*c, box)
}

// densities draws the simplex at each temperature: equation 3, and samples.
func (v view) densities(taus, log, samples []float32) picture {
	const across = 2
	rows := vg.Length((len(taus) + across - 1) / across)
	gap, title, foot := 1.5*letter, .6*letter, 1.7*letter
	wide := (width - 2*margin - barWide - across*gap) / across
	high := wide * vg.Length(math.Sqrt(3)/2)
	shown, side := len(samples)/(len(taus)+1), v.density()
	return picture{"densities", 2*margin + headHigh + rows*(title+high+foot), func(c draw.Canvas) {
		r := densities()
		c = head(c, v.at("Density of y, equation 3, and "+number(float64(shown/3), 1)+" samples"))
		for t := range taus {
			box := vg.Rectangle{Min: vg.Point{X: c.Min.X + vg.Length(t%across)*(wide+gap), Y: c.Max.Y - vg.Length(t/across+1)*(title+high+foot) + foot}}
			box.Max = box.Min.Add(vg.Point{X: wide, Y: high})
			c.FillText(style(text.XLeft, text.YBottom), vg.Point{X: box.Min.X, Y: box.Max.Y - letter}, named(taus[t]))
			c.DrawImage(box, r.triangle(log[t*side*side:][:side*side], side, 360))
			place := func(y []float32) vg.Point { // corners 1 and 2 below, 3 above
				return box.Min.Add(vg.Point{X: wide * vg.Length(y[1]+y[2]/2), Y: high * vg.Length(y[2])})
			}
			dot := draw.GlyphStyle{Color: fade(orange, 200), Radius: 2.2, Shape: draw.CircleGlyph{}}
			for y := range slices.Chunk(samples[(t+1)*shown:][:shown], 3) {
				c.DrawGlyph(dot, place(y))
			}
			a, b, top := place([]float32{1, 0, 0}), place([]float32{0, 1, 0}), place([]float32{0, 0, 1})
			c.StrokeLines(draw.LineStyle{Color: ink, Width: 1}, []vg.Point{a, b, top, a})
			c.FillText(style(text.XCenter, text.YTop), a.Sub(vg.Point{Y: .3 * letter}), "1")
			c.FillText(style(text.XCenter, text.YTop), b.Sub(vg.Point{Y: .3 * letter}), "2")
			c.FillText(style(text.XLeft, text.YBottom), top.Add(vg.Point{X: .5 * letter, Y: -.5 * letter}), "3")
		}
		r.bar(c, vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: c.Min.Y + foot}, Max: vg.Point{X: c.Max.X - barWide, Y: c.Max.Y - title}})
	}}
}

// densities colours the decimal logarithm of a density, from white for a hundredth
// to blue for a hundred.
func densities() ramp {
	r := chances()
	blueness := r.at
	r.name = "p(y)"
	r.place = func(v float64) float64 { return (v + 2) / 4 }
	r.value = func(t float64) float64 { return 4*t - 2 }
	r.at = func(v float64) color.Color { return blueness(r.place(v)) }
	r.ticks = []tick{{-2, "≤ 0.01"}, {-1, "0.1"}, {0, "1"}, {1, "10"}, {2, "≥ 100"}}
	return r
}

// triangle colours the logarithms of densities at the points that lab.Frame tells, as
// an image size pixels wide around the simplex, clear outside it.
func (r ramp) triangle(log []float32, side, size int) image.Image {
	high := int(float64(size)*math.Sqrt(3)/2 + .5)
	m := image.NewNRGBA(image.Rect(0, 0, size, high))
	split := func(at float64) (i int, rest float64) { // between the middles of side parts
		at = math.Max(0, math.Min(at*float64(side)-.5, float64(side-1)))
		i = min(int(at), side-2)
		return i, at - float64(i)
	}
	for py := range high {
		y3 := 1 - (float64(py)+.5)/float64(high)
		for px := range size {
			y2 := (float64(px)+.5)/float64(size) - y3/2
			if y2 < 0 || y2 > 1-y3 {
				continue
			}
			i, s := split(y3)
			j, t := split(y2 / (1 - y3))
			of := func(i, j int) float64 { return float64(log[i*side+j]) / math.Ln10 }
			m.Set(px, py, r.at((1-s)*((1-t)*of(i, j)+t*of(i, j+1))+s*((1-t)*of(i+1, j)+t*of(i+1, j+1))))
		}
	}
	return m
}
