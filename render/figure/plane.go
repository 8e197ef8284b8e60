package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ganbel/core/measure"
)

// plane returns what a WGAN's frame shows.
func (v view) plane() (all []picture) {
	reach := v.take("view", 1)
	if reach == nil {
		return nil
	}
	view := float64(reach[0])
	real, fake := v.take("real", -1, 2), v.take("fake", -1, 2)
	c, g := v.side("critic"), v.side("slope")
	critic, slope := v.take("critic", c, c), v.take("slope", g, g)
	if real != nil && fake != nil {
		all = append(all, v.samples(real, fake, critic, view))
	}
	if slope != nil {
		all = append(all, v.heat(slope, view))
	}
	if n := v.side("warp"); n > 0 {
		if warp := v.take("warp", n, n, 2); warp != nil && real != nil {
			all = append(all, v.warp(warp, real, view))
		}
	}
	if norms := v.take("slopes", -1); len(norms) > 0 {
		all = append(all, v.histogram(norms))
	}
	return all
}

// pairs reads x and y in turn.
func pairs(v []float32) plotter.XYs {
	p := make(plotter.XYs, len(v)/2)
	for i := range p {
		p[i] = plotter.XY{X: float64(v[2*i]), Y: float64(v[2*i+1])}
	}
	return p
}

func scatter(p plotter.XYs, style draw.GlyphStyle) *plotter.Scatter {
	return &plotter.Scatter{XYs: p, GlyphStyle: style}
}

// square draws on the plane from -view to view; what lies beyond is not seen.
func square(view float64, all ...plot.Plotter) *plot.Plot {
	p := axes("x₁", "x₂")
	p.Add(all...)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -view, view, -view, view
	p.X.Padding, p.Y.Padding = 0, 0
	return p
}

// beyond adds to a name how many points lie outside the plane.
func beyond(name string, points plotter.XYs, view float64) string {
	n := 0
	for _, q := range points {
		if math.Max(math.Abs(q.X), math.Abs(q.Y)) > view {
			n++
		}
	}
	if n == 0 {
		return name
	}
	return fmt.Sprintf("%s (%d of %d outside)", name, n, len(points))
}

// A lattice is numbers over [-view, view]², side of them each way, two or more.
type lattice struct {
	v    []float32
	side int
	view float64
}

func (l lattice) Z(c, r int) float64 { return float64(l.v[r*l.side+c]) }
func (l lattice) X(c int) float64    { return l.view * (2*float64(c)/float64(l.side-1) - 1) }
func (l lattice) Y(r int) float64    { return l.X(r) }

func (v view) samples(real, fake, critic []float32, view float64) picture {
	reals := scatter(pairs(real), ring)
	fakes := scatter(pairs(fake), dot)
	return picture{"samples", 640, func(c draw.Canvas) {
		key := []entry{{beyond("real", reals.XYs, view), reals}, {beyond("generated", fakes.XYs, view), fakes}}
		all := []plot.Plotter{reals, fakes}
		if critic != nil {
			l := lattice{critic, v.side("critic"), view}
			levels, apart := rounds(float64(slices.Min(critic)), float64(slices.Max(critic)), 14)
			if len(levels) > 0 {
				look := draw.LineStyle{Color: quiet, Width: .9}
				key = append(key, entry{"critic D(x)", &plotter.Line{LineStyle: look}})
				all = []plot.Plotter{l.contour(levels, []draw.LineStyle{look}), reals, fakes, l.labels(levels, apart, append(pairs(real), pairs(fake)...))}
			}
		}
		p := square(view, all...)
		c = head(c, v.at("Samples and critic"), key...)
		p.Draw(fit(p, c, 1))
	}}
}

// Real points are hollow, generated ones filled.
var (
	ring = draw.GlyphStyle{Color: orange, Radius: 4, Shape: thickRing{}}
	dot  = draw.GlyphStyle{Color: fade(blue, 190), Radius: 2.6, Shape: draw.CircleGlyph{}}
)

// A thickRing is a hollow mark that is seen from afar.
type thickRing struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (thickRing) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	c.SetLineStyle(draw.LineStyle{Color: s.Color, Width: 1.3})
	var p vg.Path
	p.Move(vg.Point{X: at.X + s.Radius, Y: at.Y})
	p.Arc(at, s.Radius, 0, 2*math.Pi)
	p.Close()
	c.Stroke(p)
}

// labels writes each level once, where its line is farthest from the other labels
// and the points, and not at all where that is near.
func (l lattice) labels(levels []float64, apart float64, points plotter.XYs) drawing {
	type label struct {
		at   plotter.XY
		text string
	}
	var placed []label
	for _, level := range levels {
		name := number(level, apart)
		half := .0145 * l.view * float64(len([]rune(name))) // the text's reach to each side
		best, most := plotter.XY{}, .05*l.view
		try := func(x0, y0, z0, x1, y1, z1 float64) {
			if (z0 < level) == (z1 < level) {
				return
			}
			t := (level - z0) / (z1 - z0)
			at := plotter.XY{X: x0 + t*(x1-x0), Y: y0 + t*(y1-y0)}
			room := .92*l.view - math.Max(math.Abs(at.X)+half, math.Abs(at.Y))
			for _, q := range placed {
				room = math.Min(room, .5*math.Hypot(math.Max(0, math.Abs(at.X-q.at.X)-2*half), at.Y-q.at.Y))
			}
			for _, q := range points {
				if room <= most {
					return
				}
				room = math.Min(room, math.Hypot(math.Max(0, math.Abs(at.X-q.X)-half), at.Y-q.Y))
			}
			if room > most {
				best, most = at, room
			}
		}
		for i := range l.side {
			for j := range l.side - 1 {
				try(l.X(j), l.Y(i), l.Z(j, i), l.X(j+1), l.Y(i), l.Z(j+1, i))
				try(l.X(i), l.Y(j), l.Z(i, j), l.X(i), l.Y(j+1), l.Z(i, j+1))
			}
		}
		if most > .05*l.view {
			placed = append(placed, label{best, name})
		}
	}
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		s := style(text.XCenter, text.YCenter)
		for _, q := range placed {
			at := vg.Point{X: x(q.at.X), Y: y(q.at.Y)}
			half := vg.Point{X: s.Width(q.text)/2 + 3, Y: letter / 2}
			c.FillPolygon(fade(rgb(0xffffff), 215), corners(vg.Rectangle{Min: at.Sub(half), Max: at.Add(half)}))
			c.FillText(s, at, q.text)
		}
	}
}

func (v view) heat(slope []float32, view float64) picture {
	return picture{"gradient-norm", 600, func(c draw.Canvas) {
		r, side := slopes(), v.side("slope")
		all := []plot.Plotter{plotter.NewImage(r.smooth(slope, side, 240), -view, -view, view, view)}
		one := draw.LineStyle{Color: ink, Width: 3}
		if slices.Min(slope) < 1 && slices.Max(slope) > 1 {
			all = append(all, lattice{slope, side, view}.contour([]float64{1}, []draw.LineStyle{one}))
		}
		p := square(view, all...)
		c = head(c, v.at("Norm of the critic's gradient"), entry{"‖∇D(x)‖ = 1", &plotter.Line{LineStyle: one}})
		c.Max.X -= barWide
		c = fit(p, c, 1)
		p.Draw(c)
		r.bar(c, p.DataCanvas(c).Rectangle)
	}}
}

func (v view) warp(warp, real []float32, view float64) picture {
	n := v.side("warp")
	reals := scatter(pairs(real), draw.GlyphStyle{Color: fade(orange, 150), Radius: ring.Radius, Shape: ring.Shape})
	first, second := draw.LineStyle{Color: blue, Width: 1.6}, draw.LineStyle{Color: vermillion, Width: 1.2}
	return picture{"warp", 640, func(c draw.Canvas) {
		p := square(view, reals, drawing(func(c draw.Canvas, p *plot.Plot) {
			x, y := p.Transforms(&c)
			at := func(i, j int) vg.Point {
				k := 2 * (i*n + j)
				return vg.Point{X: x(float64(warp[k])), Y: y(float64(warp[k+1]))}
			}
			for i := range n {
				row, column := make([]vg.Point, n), make([]vg.Point, n)
				for j := range n {
					row[j], column[j] = at(i, j), at(j, i)
				}
				c.StrokeLines(second, c.ClipLinesXY(column)...)
				c.StrokeLines(first, c.ClipLinesXY(row)...)
			}
		}))
		c = head(c, v.at("Where the generator sends the lattice [−2, 2]²"),
			entry{"along z₁", &plotter.Line{LineStyle: first}}, entry{"along z₂", &plotter.Line{LineStyle: second}}, entry{"real", reals})
		p.Draw(fit(p, c, 1))
	}}
}

// histogram shows the middle 99 % of the gradient norms, and 1 in any case.
func (v view) histogram(norms []float32) picture {
	var ends [2]float64
	measure.Quantiles(ends[:], norms, []float64{.005, .995}) // take has seen that all are finite
	lo, hi := math.Min(ends[0], .9), math.Max(ends[1], 1.1)
	lo, hi = math.Max(0, lo-.05*(hi-lo)), hi+.05*(hi-lo)
	counts := make([]int, 40)
	measure.Histogram(counts, norms, lo, hi)
	bins := make([]plotter.HistogramBin, len(counts))
	for i, n := range counts {
		at := func(i int) float64 { return lo + (hi-lo)*float64(i)/float64(len(counts)) }
		bins[i] = plotter.HistogramBin{Min: at(i), Max: at(i + 1), Weight: float64(n)}
	}
	top, mean := 1.05*float64(slices.Max(counts)), measure.Mean(norms)
	return picture{"gradient-histogram", 420, func(c draw.Canvas) {
		p := axes("‖∇D‖ between real and generated points", "points")
		bars := &plotter.Histogram{Bins: bins, FillColor: sky, LineStyle: draw.LineStyle{Color: blue, Width: .8}}
		line := func(x float64, s draw.LineStyle) *plotter.Line {
			return &plotter.Line{XYs: plotter.XYs{{X: x}, {X: x, Y: top}}, LineStyle: s}
		}
		one := line(1, draw.LineStyle{Color: ink, Width: 2.5})
		middle := line(mean, draw.LineStyle{Color: vermillion, Width: 2.5, Dashes: []vg.Length{6, 4}})
		p.Add(bars, one, middle)
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = lo, hi, 0, top
		p.Draw(head(c, v.at(fmt.Sprintf("Gradient norms of %s interpolates", number(float64(len(norms)), 1))),
			entry{"1, which the penalty asks for", one}, entry{fmt.Sprintf("mean %.3g", mean), middle}))
	}}
}
