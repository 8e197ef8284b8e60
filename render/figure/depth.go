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
)

// depthNames are the runs of figure 1(b).
var depthNames = []string{"c = 0.1", "c = 0.01", "c = 0.001", "penalty"}

// depth returns figure 1(b) of Gulrajani et al., and what its generators learned.
func (v view) depth() (all []picture) {
	reach := v.take("depth-view", 1)
	if reach == nil {
		return nil
	}
	if real, fake := v.take("depth-real", -1, 2), v.take("depth-fake", len(depthNames), -1, 2); real != nil && fake != nil {
		all = append(all, v.generated(real, fake, float64(reach[0])))
	}
	if n := v.last("depth-norms"); n > 1 {
		if norms := v.take("depth-norms", len(depthNames), n); norms != nil {
			all = append(all, v.norms(norms, n))
		}
	}
	if bars, ends := v.take("depth-weights", 2, -1), v.take("depth-ends", 2, 2); bars != nil && ends != nil {
		all = append(all, v.weights(bars, ends))
	}
	return all
}

// norms draws gradient norms by layer, the last layer to the left, over powers of ten.
// A norm of 0 leaves a gap.
func (v view) norms(norms []float32, n int) picture {
	return picture{"gradient-by-layer", 400, func(c draw.Canvas) {
		p := axes("critic's layer", "norm of the gradient")
		var key []entry
		lo, hi := math.Inf(1), math.Inf(-1)
		looks := looks(depthNames...)
		for i, name := range depthNames {
			var s series
			for layer := n; layer >= 1; layer-- {
				power := math.Log10(float64(norms[i*n+layer-1]))
				if finite(power) {
					lo, hi = math.Min(lo, power), math.Max(hi, power)
				}
				s.step, s.value = append(s.step, float64(-layer)), append(s.value, power)
			}
			p.Add(line(s, looks[i]))
			key = append(key, entry{name, &plotter.Line{LineStyle: looks[i]}})
		}
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = float64(-n), -1, math.Floor(lo), math.Ceil(hi+.01)
		p.Y.Tick.Marker = powers{}
		var layers []plot.Tick
		for layer := n; layer >= 1; layer -= max(1, (n-1)/4) {
			layers = append(layers, plot.Tick{Value: float64(-layer), Label: number(float64(layer), 1)})
		}
		p.X.Tick.Marker = plot.ConstantTicks(layers)
		p.Draw(head(c, v.at("Gradient of the critic's loss by layer"), key...))
	}}
}

// powers marks decimal logarithms as the powers of ten that they are of.
type powers struct{}

// Ticks implements plot.Ticker.
func (powers) Ticks(lo, hi float64) (ticks []plot.Tick) {
	at, apart := rounds(lo, hi, 6)
	for _, power := range at {
		label := "1"
		if power != 0 {
			label = "1e" + number(power, apart)
		}
		ticks = append(ticks, plot.Tick{Value: power, Label: label})
	}
	return ticks
}

// weights draws the histograms of weights of c = .01 and of the penalty side by side.
func (v view) weights(bars, ends []float32) picture {
	n := len(bars) / 2
	return picture{"weights", 330, func(c draw.Canvas) {
		c = head(c, v.at("Weights of the critics"))
		var plots [2]*plot.Plot
		for i := range plots {
			counts, r := bars[i*n:][:n], float64(ends[2*i])
			bins := make([]plotter.HistogramBin, n)
			for k, x := range counts {
				bins[k] = plotter.HistogramBin{Min: r * (2*float64(k)/float64(n) - 1), Max: r * (2*float64(k+1)/float64(n) - 1), Weight: float64(x)}
			}
			label := "weights, gradient penalty"
			if i == 0 {
				label = fmt.Sprintf("weights, c = 0.01 (%.0f %% at ±c)", 100*ends[1])
			}
			p := axes(label, "")
			if p.X.Tick.Marker = ticker(4); i == 0 {
				p.Y.Label.Text = "number"
			}
			p.Add(&plotter.Histogram{Bins: bins, FillColor: sky, LineStyle: draw.LineStyle{Color: blue, Width: .6}})
			p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -r, r, 0, 1.05*math.Max(1, float64(slices.Max(counts)))
			plots[i] = p
		}
		for i, box := range plot.Align([][]*plot.Plot{plots[:]}, draw.Tiles{Rows: 1, Cols: 2, PadX: letter}, c)[0] {
			plots[i].Draw(box)
		}
	}}
}

// generated draws what each of the runs generates over the real points.
func (v view) generated(real, fake []float32, view float64) picture {
	const gap, top = .8 * letter, 1.5 * letter
	k := len(depthNames)
	each := (width - 2*margin - vg.Length(k-1)*gap) / vg.Length(k)
	small := style(text.XCenter, text.YTop)
	small.Font.Size = letter - 2
	return picture{"generated", 2*margin + headHigh + 1.5*letter + top + each, func(c draw.Canvas) {
		reals := draw.GlyphStyle{Color: orange, Radius: 1.4, Shape: draw.CircleGlyph{}}
		fakes := draw.GlyphStyle{Color: blue, Radius: 1.4, Shape: draw.CircleGlyph{}}
		c = head(c, v.at("What the generators learned"), entry{"real", scatter(nil, reals)}, entry{"generated", scatter(nil, fakes)})
		for i, name := range depthNames {
			x := c.Min.X + vg.Length(i)*(each+gap)
			c.FillText(small, vg.Point{X: x + each/2, Y: c.Max.Y}, name)
			box := c
			box.Rectangle = vg.Rectangle{Min: vg.Point{X: x, Y: c.Max.Y - top - each}, Max: vg.Point{X: x + each, Y: c.Max.Y - top}}
			l := lattice{view: view}
			l.levels(box, pairs(real), reals)
			l.levels(box, pairs(fake[i*len(real):][:len(real)]), fakes)
		}
	}}
}
