package stage

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// plane is where things are in WGAN mode.
type plane struct {
	plot  rect // where the data are, all its room where a surface is drawn
	bar   rect // of the gradient norm's colours, beside the last column; empty where there is none
	ticks []float64
	view  float64
	text  float64 // size of labels, in pixels of CSS; 0 where there is no room for them
}

// x and y return where a point of the data is on the screen.
func (p *plane) x(v float64) float64 { return p.plot.x + (v/p.view+1)/2*p.plot.w }

func (p *plane) y(v float64) float64 { return p.plot.y + (1-v/p.view)/2*p.plot.h }

// placePlane lays out the plot of a stage of w by h CSS pixels at scale screen
// pixels each, whose data reach from -view to view.
func placePlane(w, h, scale, view float64, bar, large bool) (plane, []Label) {
	text := textSize(w, h, large)
	left, right, top, bottom := 2.8*text, 1.2*text, 1.2*text, 2.2*text
	barRoom := 0.
	bar = bar && math.Min(w, h) >= 20*text // otherwise the plot takes its room
	if bar {
		barRoom = 4.2 * text
	}
	small := math.Min(w, h) < 14*text
	if small { // no room for numbers
		left, right, top, bottom, barRoom = 6, 6, 6, 6, 0
	}
	side := math.Max(1, math.Min(w-left-right-barRoom, h-top-bottom))
	// Where there is room the plot is in the middle and stays there when the bar comes.
	x := math.Min((w-side)/2, w-right-barRoom-side)
	x = math.Max(x, left)
	y := top + (h-top-bottom-side)/2
	whole := func(v float64) float64 { return math.Round(v * scale) }
	p := plane{plot: rect{whole(x), whole(y), whole(side), whole(side)}, view: view}
	if small {
		return p, nil
	}
	p.ticks, p.text = ticks(view), text
	labels := p.numbers(scale, true, true)
	if bar {
		labels = append(labels, p.placeBar(x+side+1.2*text, y+side*.15, side*.7, text, scale)...)
	}
	return p, labels
}

// numbers labels the plot's ticks below and to its left.
func (p *plane) numbers(scale float64, below, beside bool) (labels []Label) {
	text := p.text
	step := 1
	if p.plot.w/scale < 2.8*text*float64(len(p.ticks)-1) {
		step = 2
	}
	for i, v := range p.ticks {
		if (i-len(p.ticks)/2)%step != 0 {
			continue
		}
		if below {
			labels = append(labels, Label{Text: number(v), Anchor: "middle", X: p.x(v) / scale, Y: (p.plot.y+p.plot.h)/scale + 1.2*text, Size: text})
		}
		if beside {
			labels = append(labels, Label{Text: number(v), Anchor: "right", X: p.plot.x/scale - .6*text, Y: p.y(v) / scale, Size: text})
		}
	}
	return labels
}

// number writes a number that is round.
func number(v float64) string {
	if v < 0 {
		return "−" + strconv.FormatFloat(-v, 'g', 4, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// height writes a mark of a scale, a multiple of apart, with enough digits to distinguish
// it from the next and, if it is far from 1, with a power of ten.
func height(v, apart float64) string {
	exponent := func(x float64) int { return int(math.Floor(math.Log10(x) + 1e-9)) }
	write := func(v, apart float64) string {
		digits := max(0, -exponent(apart))
		if p := math.Pow(10, float64(digits)); math.Abs(apart-math.Round(apart*p)/p) > apart/100 { // such as 1.5
			digits++
		}
		return strconv.FormatFloat(v, 'f', digits, 64)
	}
	a, sign := math.Abs(v), ""
	if v < 0 {
		sign = "−"
	}
	if a < apart/1e6 {
		return "0"
	}
	if e := exponent(a); (e < -3 || e >= 6) && e-exponent(apart) <= 2 {
		p := math.Pow(10, float64(e))
		return sign + write(a/p, apart/p) + "×10" + raised(e)
	}
	return sign + write(a, apart)
}

// raised writes an exponent.
func raised(e int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(e))
}

// placeBar puts the bar of colours, h high with labels of size text, at x, y, all in pixels
// of CSS.
func (p *plane) placeBar(x, y, h, text, scale float64) (labels []Label) {
	whole := func(v float64) float64 { return math.Round(v * scale) }
	p.bar = rect{whole(x), whole(y), whole(.8 * text), whole(h)}
	for _, t := range slopeTicks {
		labels = append(labels, Label{Text: t.text, Anchor: "left", X: (p.bar.x+p.bar.w)/scale + .5*text, Y: p.barY(t.value) / scale, Size: text})
	}
	return append(labels, Label{Text: "slope", Name: true, Anchor: "left", X: p.bar.x / scale, Y: p.bar.y/scale - 1.1*text, Size: text})
}

// placePlanes lays out a plane for each of views on a stage of w by h CSS pixels at
// scale screen pixels each, row by row, in about as many columns as make them largest.
// A single one is placed as placePlane does, where it is square. Planes of the same
// view share their numbers. Surfaces take all the room and number themselves.
func placePlanes(w, h, scale float64, views []float64, titles []string, bar, surface, large bool) ([]plane, []Label) {
	if len(views) == 1 && !surface {
		p, labels := placePlane(w, h, scale, views[0], bar, large)
		return []plane{p}, labels
	}
	t := tiling{w: w, h: h, scale: scale, text: textSize(w, h, large), views: views, titles: titles, bar: bar, surface: surface, large: large}
	t.shared = !slices.ContainsFunc(views, func(v float64) bool { return v != views[0] })
	planes, labels, side := t.lay(true)
	if side < 6.5*t.text {
		planes, labels, _ = t.lay(false)
	}
	return planes, labels
}

// A tiling is planes or surfaces in rows and columns, see placePlanes.
type tiling struct {
	w, h, scale, text           float64 // of the stage, and of labels, in pixels of CSS
	views                       []float64
	titles                      []string
	bar, surface, shared, large bool // shared: all views are the same
}

// margins is the room around planes, between them, for the bar, and for a title above
// each, in pixels of CSS.
type margins struct{ left, right, top, bottom, gapX, gapY, bar, head float64 }

// margins returns what a tiling takes, with numbers at the planes or without.
func (t *tiling) margins(numbers bool) margins {
	text := t.text
	m := margins{left: 2.8 * text, right: 1.2 * text, top: .8 * text, bottom: 2.2 * text, gapX: 2.2 * text, gapY: 1.1 * text}
	switch {
	case !numbers:
		m = margins{left: 6, right: 6, top: 6, bottom: 6, gapX: 8, gapY: 8}
	case t.surface:
		m = margins{left: .8 * text, right: .8 * text, top: .5 * text, bottom: .5 * text, gapX: .8 * text, gapY: .5 * text}
	case !t.shared:
		m.gapX, m.gapY = 3.4*text, 2.5*text
	}
	if t.bar && numbers {
		m.bar = 4.2 * text
	}
	if len(t.views) > 1 && len(t.titles) > 0 && min(t.w, t.h) >= 14*text {
		m.head = 1.7 * text
	}
	return m
}

// size returns how large a plane is in so many columns, and its smaller side.
func (t *tiling) size(m margins, columns int) (side, wide, high float64) {
	r := float64((len(t.views) + columns - 1) / columns)
	wide = (t.w - m.left - m.right - m.bar - float64(columns-1)*m.gapX) / float64(columns)
	high = (t.h - m.top - m.bottom - (r-1)*m.gapY - r*m.head) / r
	if t.surface {
		return math.Min(wide, 1.35*high), wide, high
	}
	return math.Min(wide, high), wide, high
}

// columns returns in how many columns planes are largest, or nearly so and side by side.
func (t *tiling) columns(m margins) int {
	n := len(t.views)
	columns, most := 1, 0.
	for c := 1; c <= n; c++ {
		if side, _, _ := t.size(m, c); side > most*1.001 {
			columns, most = c, side
		}
	}
	// What stands side by side is compared best.
	for c := columns + 1; c <= n; c++ {
		if side, _, _ := t.size(m, c); n%c == 0 && side > .8*most {
			columns = c
		}
	}
	return columns
}

// lay returns the planes, their labels, and a plane's smaller side, with numbers or
// without.
func (t *tiling) lay(numbers bool) (planes []plane, labels []Label, side float64) {
	m, n, text := t.margins(numbers), len(t.views), t.text
	columns := t.columns(m)
	side, wide, high := t.size(m, columns)
	if !t.surface {
		side = math.Max(1, side)
		wide, high = side, side
	}
	rows := (n + columns - 1) / columns
	totalX, totalY := float64(columns)*(wide+m.gapX)-m.gapX, float64(rows)*(high+m.head+m.gapY)-m.gapY
	x0 := math.Max(m.left, math.Min((t.w-totalX)/2, t.w-m.right-m.bar-totalX))
	y0 := m.top + (t.h-m.top-m.bottom-totalY)/2
	whole := func(v float64) float64 { return math.Round(v * t.scale) }
	for i, view := range t.views {
		x, y := x0+float64(i%columns)*(wide+m.gapX), y0+float64(i/columns)*(high+m.head+m.gapY)
		p := plane{view: view, plot: rect{whole(x), whole(y + m.head), whole(wide), whole(high)}}
		if numbers {
			p.ticks = ticks(view)
			if !t.surface || n == 1 || math.Min(wide, high) >= 16*text {
				p.text = text
			}
			if !t.surface {
				labels = append(labels, p.numbers(t.scale, !t.shared || i+columns >= n, !t.shared || i%columns == 0)...)
			}
		}
		if m.head > 0 && i < len(t.titles) {
			room := wide + .6*m.gapX
			if columns == 1 {
				room = 2 * math.Min(x+wide/2, t.w-m.right-x-wide/2)
			}
			labels = append(labels, Label{Text: t.titles[i], Title: true, Anchor: "middle", X: x + wide/2, Y: y + m.head/2 - .1*text, Size: titleSize(t.titles[i], text, room, t.large), Width: room})
		}
		planes = append(planes, p)
	}
	if m.bar > 0 {
		long := math.Min(totalY*.7, 26*text)
		labels = append(labels, planes[0].placeBar(x0+totalX+1.2*text, y0+(totalY+m.head-long)/2, long, text, t.scale)...)
	}
	return planes, labels, math.Min(wide, high)
}

// The colours of the gradient's norm reach from 2^-slopeOctaves to 2^slopeOctaves.
const slopeOctaves = 2

var slopeTicks = []struct {
	value float64
	text  string
}{{.25, "¼"}, {.5, "½"}, {1, "1"}, {2, "2"}, {4, "4"}}

// barY returns where a gradient norm is on the colour bar.
func (p *plane) barY(slope float64) float64 {
	return p.bar.y + p.bar.h*(.5-math.Log2(slope)/(2*slopeOctaves))
}
