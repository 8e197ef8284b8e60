package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// semi returns what a semi-supervised run's frame shows, and what the measurement of
// its cost does.
func (v view) semi() (all []picture) {
	if v.take("labels", -1) != nil && v.take("digits", -1, -1, -1) != nil && v.take("classes", -1, -1) != nil {
		all = append(all, v.classes())
	}
	if v.take("analogies", -1, -1, -1, -1) != nil {
		all = append(all, v.analogies())
	}
	if v.take("class-counts", -1) != nil && v.take("marginalisation", -1) != nil && v.take("gumbel-softmax", -1) != nil {
		all = append(all, v.speed()...)
	}
	return all
}

// classes draws digits in two columns, each beside the chances of its classes. The
// likeliest is marked as right or wrong, the label underlined.
func (v view) classes() picture {
	const across, tall = 2, vg.Length(64)
	n, k := v.side("digits"), v.Tensors["classes"].Shape[1]
	rows := (n + across - 1) / across
	row := tall + letter
	return picture{"classes", 2*margin + headHigh + 1.5*letter + vg.Length(rows)*row, func(c draw.Canvas) {
		right, wrong := draw.LineStyle{Color: green, Width: 6}, draw.LineStyle{Color: vermillion, Width: 6}
		c = head(c, v.at("Test digits, their labels underlined, and q(y|x)"), entry{"right", &plotter.Line{LineStyle: right}}, entry{"wrong", &plotter.Line{LineStyle: wrong}})
		wide := (c.Size().X - 2*letter) / across
		for i := range n {
			x, y := c.Min.X+vg.Length(i%across)*(wide+2*letter), c.Max.Y-vg.Length(i/across)*row
			v.tile(c, "digits", i, vg.Rectangle{Min: vg.Point{X: x, Y: y - tall}, Max: vg.Point{X: x + tall, Y: y}})
			bars := vg.Rectangle{Min: vg.Point{X: x + tall + 8, Y: y - tall + letter + 2}, Max: vg.Point{X: x + wide - 1.6*letter, Y: y}}
			label, top := int(v.Tensors["labels"].Data[i]), 0
			q := v.Tensors["classes"].Data[i*k:][:k]
			for j, p := range q {
				if p > q[top] {
					top = j
				}
			}
			each := bars.Size().X / vg.Length(k)
			gap := min(2, each/6)
			roomy := each > 1.2*letter // for a number below every bar
			for j, p := range q {
				left, shade := bars.Min.X+vg.Length(j)*each, quiet
				if j == top {
					shade = map[bool]color.NRGBA{true: green, false: vermillion}[top == label]
				}
				box := vg.Rectangle{Min: vg.Point{X: left + gap, Y: bars.Min.Y}, Max: vg.Point{X: left + each - gap, Y: bars.Min.Y + vg.Length(p)*bars.Size().Y}}
				c.FillPolygon(shade, corners(box))
				if far := vg.Length(max(j-label, label-j)) * each; roomy || j == label || j == top && far > 1.5*letter {
					c.FillText(style(text.XCenter, text.YTop), vg.Point{X: left + each/2, Y: bars.Min.Y - 1}, number(float64(j), 1))
				}
				if j == label {
					half := max(each/2-gap, 4)
					c.StrokeLine2(draw.LineStyle{Color: ink, Width: 2}, left+each/2-half, bars.Min.Y-letter-4, left+each/2+half, bars.Min.Y-letter-4)
				}
			}
			c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1}, bars.Min.X, bars.Min.Y, bars.Max.X, bars.Min.Y)
			mark(c, top == label, vg.Point{X: bars.Max.X + letter, Y: y - tall/2})
		}
	}}
}

// mark draws a tick or a cross around a point.
func mark(c draw.Canvas, right bool, at vg.Point) {
	const r = .4 * letter
	to := func(x, y vg.Length) vg.Point { return vg.Point{X: at.X + x*r, Y: at.Y + y*r} }
	if right {
		c.StrokeLines(draw.LineStyle{Color: green, Width: 3}, []vg.Point{to(-1, 0), to(-.3, -.8), to(1, 1)})
		return
	}
	line := draw.LineStyle{Color: vermillion, Width: 3}
	c.StrokeLines(line, []vg.Point{to(-1, -1), to(1, 1)})
	c.StrokeLines(line, []vg.Point{to(-1, 1), to(1, -1)})
}

// mostColumns is how many classes analogies draws in a line.
const mostColumns = 16

// analogies draws figure 5(b): each row the code z of the digit that stands apart,
// each column a class. Of more classes than mostColumns a digit takes several lines, which
// begin with the number of their first class.
func (v view) analogies() picture {
	const gap, apart = vg.Length(3), vg.Length(14)
	t := v.Tensors["analogies"]
	rows, cols := t.Shape[0], t.Shape[1]
	if cols-1 > mostColumns {
		return v.manyAnalogies()
	}
	flat := view{lab.Frame{Tensors: map[string]data.Tensor{"analogies": {Shape: []int{rows * cols, t.Shape[2], t.Shape[3]}, Data: t.Data}}}}
	each := (width - 2*margin - apart - vg.Length(cols-1)*gap) / vg.Length(cols)
	return picture{"analogies", 2*margin + headHigh + 1.3*letter + vg.Length(rows)*(each+gap) - gap, func(c draw.Canvas) {
		c = head(c, v.at("Analogies: a row's z in every class"))
		c.FillText(style(text.XCenter, text.YTop), vg.Point{X: c.Min.X + each/2, Y: c.Max.Y}, "digit")
		for i := range rows * cols {
			x, y := c.Min.X+vg.Length(i%cols)*(each+gap), c.Max.Y-1.3*letter-vg.Length(i/cols)*(each+gap)
			if i%cols > 0 {
				x += apart
			}
			if 0 < i && i < cols {
				c.FillText(style(text.XCenter, text.YTop), vg.Point{X: x + each/2, Y: c.Max.Y}, number(float64(i-1), 1))
			}
			flat.tile(c, "analogies", i, vg.Rectangle{Min: vg.Point{X: x, Y: y - each}, Max: vg.Point{X: x + each, Y: y}})
		}
	}}
}

// manyAnalogies is analogies in several lines a digit.
func (v view) manyAnalogies() picture {
	const gap, apart = vg.Length(3), vg.Length(14)
	t := v.Tensors["analogies"]
	rows, k := t.Shape[0], t.Shape[1]-1
	lines := (k + mostColumns - 1) / mostColumns
	flat := view{lab.Frame{Tensors: map[string]data.Tensor{"analogies": {Shape: []int{rows * (1 + k), t.Shape[2], t.Shape[3]}, Data: t.Data}}}}
	each := (width - 2*margin - apart - mostColumns*gap) / (1 + mostColumns)
	return picture{"analogies", 2*margin + headHigh + vg.Length(rows*lines)*(each+gap) - gap, func(c draw.Canvas) {
		c = head(c, v.at("Analogies: a digit's z in every class"))
		for i := range rows * (1 + k) {
			row, class := i/(1+k), i%(1+k)-1
			line, column := row*lines, -1
			if class >= 0 {
				line, column = line+class/mostColumns, class%mostColumns
			}
			x, y := c.Min.X+vg.Length(1+column)*(each+gap), c.Max.Y-vg.Length(line)*(each+gap)
			if class >= 0 {
				x += apart
			}
			flat.tile(c, "analogies", i, vg.Rectangle{Min: vg.Point{X: x, Y: y - each}, Max: vg.Point{X: x + each, Y: y}})
			if class > 0 && column == 0 {
				c.FillText(style(text.XCenter, text.YCenter), vg.Point{X: c.Min.X + each/2, Y: y - each/2}, number(float64(class), 1))
			}
		}
	}}
}

// speed draws figure 5(a), steps a second over the number of classes, and below it
// their ratio beside the two that the paper tells. What was not measured is 0.
func (v view) speed() []picture {
	counts, marginal, sampled := v.Tensors["class-counts"].Data, v.Tensors["marginalisation"].Data, v.Tensors["gumbel-softmax"].Data
	var all [2]plotter.XYs
	var ratio plotter.XYs
	for i, k := range counts {
		if marginal[i] > 0 && sampled[i] > 0 {
			all[0] = append(all[0], plotter.XY{X: float64(k), Y: float64(marginal[i])})
			all[1] = append(all[1], plotter.XY{X: float64(k), Y: float64(sampled[i])})
			ratio = append(ratio, plotter.XY{X: float64(k), Y: float64(sampled[i] / marginal[i])})
		}
	}
	if len(ratio) == 0 {
		return nil
	}
	ours, theirs := draw.GlyphStyle{Radius: 4, Shape: draw.CircleGlyph{}}, draw.GlyphStyle{Color: ink, Radius: 5, Shape: draw.BoxGlyph{}}
	var paper plotter.XYs // only next to the paper's data
	if v.Data == "" || v.Data == string(data.PaperMNIST) {
		paper = plotter.XYs{{X: 10, Y: 2}, {X: 100, Y: 9.9}}
	}
	return []picture{{"speed", 620, func(c draw.Canvas) {
		panel := func(y string, points ...plotter.XYs) *plot.Plot {
			p := axes("classes K", y)
			p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
			var ticks plot.ConstantTicks
			for _, k := range counts {
				ticks = append(ticks, plot.Tick{Value: float64(k), Label: number(float64(k), 1)})
			}
			p.X.Tick.Marker, p.Y.Tick.Marker = ticks, decades{}
			p.X.Min, p.X.Max = float64(counts[0])/1.15, float64(counts[len(counts)-1])*1.15
			p.Y.Min, p.Y.Max = math.Inf(1), 0
			for _, all := range points {
				for _, q := range all {
					p.Y.Min, p.Y.Max = math.Min(p.Y.Min, q.Y/1.3), math.Max(p.Y.Max, q.Y*1.3)
				}
			}
			return p
		}
		above, below := panel("steps/s", all[:]...), panel("ratio", ratio, paper)
		above.X.Label.Text = ""
		draws := func(p *plot.Plot, points plotter.XYs, look draw.LineStyle) {
			glyph := ours
			glyph.Color = look.Color
			p.Add(&plotter.Line{XYs: points, LineStyle: look}, scatter(points, glyph))
		}
		looks := looks("marginalisation", "gumbel-softmax", "ratio")
		draws(above, all[0], looks[0])
		draws(above, all[1], looks[1])
		draws(below, ratio, looks[2])
		key := []entry{{"marginalisation", &plotter.Line{LineStyle: looks[0]}}, {"Gumbel-Softmax", &plotter.Line{LineStyle: looks[1]}}, {"ratio", &plotter.Line{LineStyle: looks[2]}}}
		if paper != nil {
			below.Add(scatter(paper, theirs))
			key = append(key, entry{"the paper's", scatter(nil, theirs)})
		}
		title := "Steps a second of semi-supervised training"
		if v.Data != "" {
			title += ", " + shortened(v.Data)
		}
		c = head(c, title, key...)
		tiles := plot.Align([][]*plot.Plot{{above}, {below}}, draw.Tiles{Rows: 2, Cols: 1, PadY: letter}, c)
		above.Draw(tiles[0][0])
		below.Draw(tiles[1][0])
	}}}
}
