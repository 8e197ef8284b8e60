package figure

import (
	"os"

	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// A series is one metric over steps, NaN where it is not known.
type series struct {
	metric lab.Metric
	step   []float64
	value  []float64
	floor  float64 // what it can reach at best, NaN where that is not known
}

// charts returns one picture for each Chart of the experiment's metrics that the
// table has numbers for.
func charts(e *lab.Experiment, f lab.Frame, t data.Table) (all []picture) {
	var names []string
	of := map[string][]series{}
	for _, m := range e.Metrics {
		s := series{m, t.Column("step"), t.Column(m.Name), math.NaN()}
		if m.Chart == "critic" { // criticLoss draws it
			continue
		}
		if floor := (view{f}).take("floor-"+m.Name, 1); floor != nil {
			s.floor = float64(floor[0])
		}
		if s.step == nil || !slices.ContainsFunc(s.value, finite) {
			continue
		}
		if of[m.Chart] == nil {
			names = append(names, m.Chart)
		}
		of[m.Chart] = append(of[m.Chart], s)
	}
	for _, name := range names {
		all = append(all, chart(name, e.Title+": "+name, of[name]))
	}
	return all
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// chart draws its series over steps, those of one unit above those of the next.
func chart(name, title string, all []series) picture {
	var units []string
	for _, s := range all {
		if !slices.Contains(units, s.metric.Unit) {
			units = append(units, s.metric.Unit)
		}
	}
	var names []string // in the order of drawing
	for _, unit := range units {
		for _, s := range all {
			if s.metric.Unit == unit {
				names = append(names, s.metric.Name)
			}
		}
	}
	panels, looks := len(units), looks(names...)
	return picture{"chart-" + name, vg.Length(200 + 220*panels), func(c draw.Canvas) {
		var plots [][]*plot.Plot
		var key []entry
		var floors entry
		for _, unit := range units {
			p := axes("step", name)
			p.X.Min, p.X.Max = all[0].step[0], all[0].step[len(all[0].step)-1]
			if p.X.Min == p.X.Max {
				p.X.Min, p.X.Max = p.X.Min-1, p.X.Max+1
			}
			var shown []series
			for _, s := range all {
				if s.metric.Unit == unit {
					look := looks[len(key)]
					p.Add(line(s, look))
					key = append(key, entry{s.metric.Title, &plotter.Line{LineStyle: look}})
					if finite(s.floor) {
						floor := draw.LineStyle{Color: look.Color, Width: 1}
						p.Add(line(series{step: []float64{p.X.Min, p.X.Max}, value: []float64{s.floor, s.floor}}, floor))
						floors = entry{"at best", &plotter.Line{LineStyle: draw.LineStyle{Color: ink, Width: 1}}}
					}
					shown = append(shown, s)
				}
			}
			if len(shown) == 1 {
				p.Y.Label.Text = plain(shown[0].metric.Title)
			}
			if unit != "" {
				p.Y.Label.Text += " (" + unit + ")"
			}
			if len(plots) < panels-1 {
				p.X.Label.Text = ""
			}
			scale(p, shown)
			plots = append(plots, []*plot.Plot{p})
		}
		if len(key) == panels { // the axes name all
			key = nil
		}
		if floors.thumb != nil {
			key = append(key, floors)
		}
		c = head(c, title, key...)
		for i, row := range plot.Align(plots, draw.Tiles{Rows: panels, Cols: 1, PadY: letter}, c) {
			plots[i][0].Draw(row[0])
		}
	}}
}

// scale chooses the range of p's numbers. It is logarithmic where all are positive
// and they spread over a factor of a hundred.
func scale(p *plot.Plot, all []series) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range all {
		for _, v := range append([]float64{s.floor}, s.value...) {
			if finite(v) {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
	}
	if lo > 0 && hi/lo >= 100 {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
		p.Y.Min, p.Y.Max = lo/1.1, hi*1.1
		return
	}
	room := .05 * (hi - lo)
	if room == 0 {
		room = math.Max(.5*math.Abs(lo), .5)
	}
	p.Y.Min, p.Y.Max = lo-room, hi+room
	if lo >= 0 {
		p.Y.Min = math.Max(0, p.Y.Min)
	}
}

// decades marks powers of ten, and three in between where there are few.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(lo, hi float64) (ticks []plot.Tick) {
	first, last := int(math.Floor(math.Log10(lo))), int(math.Ceil(math.Log10(hi)))
	for d, every := first, 1+(last-first)/6; d <= last; d++ {
		for _, m := range []float64{1, 2, 5} {
			v := m * math.Pow10(d)
			if v < lo || v > hi {
				continue
			}
			t := plot.Tick{Value: v}
			if (d-first)%every == 0 && (m == 1 || last-first <= 3) {
				t.Label = number(v, math.Pow10(d))
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// line draws a series with a gap wherever a number is not known, and a number
// alone between gaps as a dot.
func line(s series, look draw.LineStyle) drawing {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		for _, run := range runs(s.value) {
			var points []vg.Point
			for i := run[0]; i < run[1]; i++ {
				points = append(points, vg.Point{X: x(s.step[i]), Y: y(s.value[i])})
			}
			if len(points) == 1 {
				c.DrawGlyph(draw.GlyphStyle{Color: color.Color(look.Color), Radius: 3, Shape: draw.CircleGlyph{}}, points[0])
				continue
			}
			c.StrokeLines(look, c.ClipLinesXY(points)...)
		}
	}
}

// runs returns where finite numbers begin and end.
func runs(v []float64) (all [][2]int) {
	for i := 0; i < len(v); i++ {
		from := i
		for i < len(v) && finite(v[i]) {
			i++
		}
		if i > from {
			all = append(all, [2]int{from, i})
		}
	}
	return all
}

// Compare draws one metric of several runs over steps, or what x says they are, each by its name, into
// DIR/NAME.png and DIR/NAME.svg. tables have a column "step" and one called metric.
// The vertical axis ends above the greatest of the runs' last values by a little more
// than these lie above the least of all, so that the ends can be told apart. It makes the folder and replaces
// files whole or not at all; errors are those of files.
func Compare(dir, name, title, metric, x, y string, names []string, tables []data.Table) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return compare(name, title, metric, x, y, names, tables).write(dir)
}

func compare(name, title, metric, x, y string, names []string, tables []data.Table) picture {
	return picture{name, 420, func(c draw.Canvas) {
		p := axes(x, y)
		var key []entry
		lo, hi, most, last := math.Inf(1), math.Inf(-1), math.Inf(-1), 1.
		looks := looks(names...)
		for i, t := range tables {
			s := series{lab.Metric{}, t.Column("step"), t.Column(metric), math.NaN()}
			look := looks[i]
			p.Add(line(s, look))
			key = append(key, entry{names[i], &plotter.Line{LineStyle: look}})
			for k, v := range s.value {
				if finite(v) {
					most = math.Max(most, v)
					lo, last = math.Min(lo, v), math.Max(last, s.step[k])
				}
			}
			for _, v := range slices.Backward(s.value) {
				if finite(v) {
					hi = math.Max(hi, v)
					break
				}
			}
		}
		p.X.Min, p.X.Max = 0, last
		p.Y.Min, p.Y.Max = lo-.05*(hi-lo)-.5, math.Min(hi+1.2*(hi-lo)+.5, most+.05*(most-lo)+.5)
		c = head(c, title, key...)
		p.Draw(c)
	}}
}
