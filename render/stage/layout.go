package stage

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A rect is a rectangle in pixels of the screen.
type rect struct{ x, y, w, h float64 }

// A Label is text that belongs on the picture. The stage has no letters: whoever
// shows it sets them, in Size pixels of CSS.
type Label struct {
	Text   string  // what it says, or the name of what it names
	Name   bool    // Text is a layer's name, to be said in the reader's language
	Title  bool    // Text is a plane's title
	Mark   string  // "ring" or "diamond" where the layer's mark stands before it
	Anchor string  // which part of it is at X: "left", "middle" or "right"
	X, Y   float64 // in pixels of CSS; Y is its middle
	Size   float64
	Width  float64 // the room for it, 0 for as much as it takes
}

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

// leastLarge is the size of the smallest large letters, in pixels of CSS.
const leastLarge = 18

// textSize is the size of labels on a stage of w by h, in pixels of CSS; large ones can
// be read from the back of a room.
func textSize(w, h float64, large bool) float64 {
	if large {
		return math.Round(math.Max(leastLarge, math.Min(math.Min(w, h)/26, 44)))
	}
	return math.Round(math.Max(11, math.Min(math.Min(w, h)/38, 22)))
}

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

// titleSize returns the size at which a title fits its room, no smaller than .72 of text
// or, if letters are large, than the smallest of them.
func titleSize(title string, text, room float64, large bool) float64 {
	least := .72 * text
	if large {
		least = math.Max(least, leastLarge)
	}
	return math.Max(least, math.Min(text, room/(.58*float64(utf8.RuneCountInString(title)))))
}

// placePlanes lays out a plane for each of views on a stage of w by h CSS pixels at
// scale screen pixels each, row by row, in about as many columns as make them largest.
// A single one is placed as placePlane does, where it is square. Planes of the same
// view share their numbers. Surfaces take all the room and number themselves.
func placePlanes(w, h, scale float64, views []float64, titles []string, bar, surface, large bool) ([]plane, []Label) {
	n := len(views)
	if n == 1 && !surface {
		p, labels := placePlane(w, h, scale, views[0], bar, large)
		return []plane{p}, labels
	}
	text := textSize(w, h, large)
	shared := !slices.ContainsFunc(views, func(v float64) bool { return v != views[0] })
	lay := func(numbers bool) ([]plane, []Label, float64) {
		left, right, top, bottom, gapX, gapY, barRoom, head := 2.8*text, 1.2*text, .8*text, 2.2*text, 2.2*text, 1.1*text, 0., 0.
		switch {
		case !numbers:
			left, right, top, bottom, gapX, gapY = 6, 6, 6, 6, 8, 8
		case surface:
			left, right, top, bottom, gapX, gapY = .8*text, .8*text, .5*text, .5*text, .8*text, .5*text
		case !shared:
			gapX, gapY = 3.4*text, 2.5*text
		}
		if bar && numbers {
			barRoom = 4.2 * text
		}
		if n > 1 && len(titles) > 0 && min(w, h) >= 14*text {
			head = 1.7 * text
		}
		// size returns a plane's in so many columns, and its smaller side.
		size := func(c int) (side, wide, high float64) {
			r := float64((n + c - 1) / c)
			wide = (w - left - right - barRoom - float64(c-1)*gapX) / float64(c)
			high = (h - top - bottom - (r-1)*gapY - r*head) / r
			if surface {
				return math.Min(wide, 1.35*high), wide, high
			}
			return math.Min(wide, high), wide, high
		}
		columns, most := 1, 0.
		for c := 1; c <= n; c++ {
			if side, _, _ := size(c); side > most*1.001 {
				columns, most = c, side
			}
		}
		// What stands side by side is compared best.
		for c := columns + 1; c <= n; c++ {
			if side, _, _ := size(c); n%c == 0 && side > .8*most {
				columns = c
			}
		}
		side, wide, high := size(columns)
		if !surface {
			side = math.Max(1, side)
			wide, high = side, side
		}
		rows := (n + columns - 1) / columns
		totalX, totalY := float64(columns)*(wide+gapX)-gapX, float64(rows)*(high+head+gapY)-gapY
		x0 := math.Max(left, math.Min((w-totalX)/2, w-right-barRoom-totalX))
		y0 := top + (h-top-bottom-totalY)/2
		whole := func(v float64) float64 { return math.Round(v * scale) }
		var planes []plane
		var labels []Label
		for i, view := range views {
			x, y := x0+float64(i%columns)*(wide+gapX), y0+float64(i/columns)*(high+head+gapY)
			p := plane{view: view, plot: rect{whole(x), whole(y + head), whole(wide), whole(high)}}
			if numbers {
				p.ticks = ticks(view)
				if !surface || n == 1 || math.Min(wide, high) >= 16*text {
					p.text = text
				}
				if !surface {
					labels = append(labels, p.numbers(scale, !shared || i+columns >= n, !shared || i%columns == 0)...)
				}
			}
			if head > 0 && i < len(titles) {
				room := wide + .6*gapX
				if columns == 1 {
					room = 2 * math.Min(x+wide/2, w-right-x-wide/2)
				}
				labels = append(labels, Label{Text: titles[i], Title: true, Anchor: "middle", X: x + wide/2, Y: y + head/2 - .1*text, Size: titleSize(titles[i], text, room, large), Width: room})
			}
			planes = append(planes, p)
		}
		if barRoom > 0 {
			long := math.Min(totalY*.7, 26*text)
			labels = append(labels, planes[0].placeBar(x0+totalX+1.2*text, y0+(totalY+head-long)/2, long, text, scale)...)
		}
		return planes, labels, math.Min(wide, high)
	}
	planes, labels, side := lay(true)
	if side < 6.5*text {
		planes, labels, _ = lay(false)
	}
	return planes, labels
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

// A grid is rows and columns of square images.
type grid struct {
	x, y    float64 // of the first
	side    float64 // of an image
	columns int
	gap     float64 // between columns, and between rows that do not belong together
	bundle  int     // rows that belong together: 2 where each image has its reconstruction below
}

// between is the gap between bundles of rows.
func (g *grid) between() float64 {
	if g.bundle > 1 {
		return math.Round(2.5 * g.gap)
	}
	return g.gap
}

// at returns the place of image i, in row k of its bundle.
func (g *grid) at(i, k int) rect {
	row, column := i/g.columns, i%g.columns
	h := float64(g.bundle)*g.side + g.between()
	return rect{g.x + float64(column)*(g.side+g.gap), g.y + float64(row)*h + float64(k)*g.side, g.side, g.side}
}

// fit makes the grid of n images, or bundles of them, that fills r best, and
// says how good it is: large images, and no ragged last row.
func fit(n, bundle int, r rect, gap float64) (best grid, score float64) {
	x, y := math.Ceil(r.x), math.Ceil(r.y)
	w, h := math.Floor(r.x+r.w)-x, math.Floor(r.y+r.h)-y
	for columns := 1; columns <= n; columns++ {
		g := grid{x: x, y: y, bundle: bundle, gap: gap, columns: columns}
		rows := float64((n + columns - 1) / columns)
		g.side = math.Floor(math.Min((w-float64(columns-1)*gap)/float64(columns), (h-(rows-1)*g.between())/(rows*float64(bundle))))
		now := g.side
		if n%columns == 0 {
			now *= 1.6
		}
		if columns == 1 || now > score {
			best, score = g, now
		}
	}
	return best, score
}

// panels is where things are in Gumbel mode; those that are off have no size.
type panels struct {
	pairs, prior, code, simplex rect
	images, priors              grid
	text                        float64 // size of labels, in pixels of the screen
}

// contents says what there is to place in Gumbel mode.
type contents struct {
	digits, reconstructions, prior, code, simplex bool
	pairs, priors                                 int // images
	categoricals, classes                         int // the code's shape
}

// placePanels lays out a stage of w by h CSS pixels at scale screen pixels each.
func placePanels(w, h, scale float64, large bool, c contents) (panels, []Label) {
	text := textSize(w, h, large) * scale
	w, h = w*scale, h*scale
	pad := 1.1 * text
	head := 1.9 * text // a panel's name
	var p panels
	whole := rect{pad, pad * .7, w - 2*pad, h - 1.7*pad}
	images := c.digits || c.reconstructions || c.prior
	sides := c.code || c.simplex
	wide := w > math.Max(.9*h, 26*text)
	main, rest := whole, whole
	switch {
	case !images:
		main = rect{}
	case !sides:
		rest = rect{}
	case wide:
		main.w = math.Floor(.6 * (whole.w - 2*pad))
		rest.x, rest.w = main.x+main.w+2*pad, whole.w-main.w-2*pad
	default:
		main.h = math.Floor(.6 * (whole.h - pad))
		rest.y, rest.h = main.y+main.h+pad, whole.h-main.h-pad
	}
	bundle := 2
	if c.digits != c.reconstructions {
		bundle = 1
	}
	gap := math.Max(1, math.Round(main.w/250))
	body := func(r rect) rect { return rect{r.x, r.y + head, r.w, math.Max(1, r.h-head)} }
	// Two names are on one line if they fit, otherwise one below the other.
	more := 0.
	if bundle == 2 && main.w < 14*text {
		more = 1.4 * text
	}
	shift := 0. // room for the marks before the rows
	if bundle == 2 {
		shift = 1.1 * text
	}
	switch pairs := c.digits || c.reconstructions; {
	case pairs && c.prior:
		best := -1.
		for share := .2; share < .81; share += .02 {
			top := rect{main.x, main.y, main.w, math.Floor((main.h - .6*pad) * share)}
			low := rect{main.x, main.y + top.h + .6*pad, main.w, main.h - .6*pad - top.h}
			in := body(top)
			in = rect{in.x + shift, in.y + more, in.w - shift, math.Max(1, in.h-more)}
			a, ofA := fit(c.pairs, bundle, in, gap)
			b, ofB := fit(c.priors, 1, body(low), gap)
			if score := math.Min(ofA, 1.6*ofB) + .1*(ofA+ofB); score > best {
				best, p.pairs, p.prior, p.images, p.priors = score, top, low, a, b
			}
		}
		// The prior's name follows the pairs closely.
		rows := (c.pairs + p.images.columns - 1) / p.images.columns
		last := p.images.at((rows-1)*p.images.columns, bundle-1)
		up := math.Max(0, p.pairs.y+p.pairs.h-(last.y+last.h)-.3*pad)
		p.prior.y -= up
		p.prior.h += up
		p.priors, _ = fit(c.priors, 1, body(p.prior), gap)
	case pairs:
		p.pairs = main
		in := body(main)
		in = rect{in.x + shift, in.y + more, in.w - shift, math.Max(1, in.h-more)}
		p.images, _ = fit(c.pairs, bundle, in, gap)
	case c.prior:
		p.prior = main
		p.priors, _ = fit(c.priors, 1, body(main), gap)
	}
	var code, simplex rect
	switch {
	case c.code && c.simplex && (wide || !images && rest.h > rest.w):
		high := math.Floor((rest.h - pad) * .52)
		code = rect{rest.x, rest.y, rest.w, high}
		simplex = rect{rest.x, rest.y + high + pad, rest.w, rest.h - high - pad}
	case c.code && c.simplex:
		w := math.Floor((rest.w - 2*pad) / 2)
		code = rect{rest.x, rest.y, w, rest.h}
		simplex = rect{rest.x + w + 2*pad, rest.y, w, rest.h}
	case c.code:
		code = rest
	case c.simplex:
		simplex = rest
	}

	var labels []Label
	name := func(what, mark, anchor string, x float64, r rect) {
		labels = append(labels, Label{Text: what, Name: true, Mark: mark, Anchor: anchor, X: x / scale, Y: (r.y + head/2) / scale, Size: text / scale})
	}
	if c.digits {
		name("digits", "ring", "left", p.pairs.x, p.pairs)
	}
	if r := p.pairs; c.reconstructions && (!c.digits || more > 0) {
		name("reconstructions", "diamond", "left", r.x, rect{y: r.y + more})
	} else if c.reconstructions {
		row := float64(p.images.columns)*(p.images.side+gap) - gap + shift
		name("reconstructions", "diamond", "right", r.x+math.Max(row, 14*text), r)
	}
	if c.prior {
		name("prior", "diamond", "left", p.prior.x, p.prior)
	}
	if c.code {
		name("code", "", "left", code.x, code)
		p.code = body(code)
	}
	if c.simplex {
		name("simplex", "", "left", simplex.x, simplex)
		p.simplex = body(simplex)
		if simplex.w < 8*text { // the temperature is below the name
			p.simplex.y += math.Floor(1.4 * text)
			p.simplex.h = math.Max(1, p.simplex.h-math.Floor(1.4*text))
		}
	}
	for _, r := range []*rect{&p.pairs, &p.prior, &p.code, &p.simplex} {
		x, y := math.Floor(r.x), math.Floor(r.y)
		*r = rect{x, y, math.Ceil(r.x+r.w) - x, math.Ceil(r.y+r.h) - y}
	}
	p.text = text
	return p, labels
}

// A strip is columns of square images.
type strip struct{ columns []stripColumn }

type stripColumn struct {
	name   string
	k      int // which of those of its name
	places []rect
}

// placeStrips lays out rows digits on a stage of w by h CSS pixels, in a row each
// what is named: "given", "truth", "mean" and draws "samples". Where that is larger
// the rows stand in several blocks beside each other.
func placeStrips(w, h, scale float64, large bool, names []string, rows, draws int) (p strip, labels []Label) {
	text := textSize(w, h, large) * scale
	pad, head := .8*text, 1.7*text
	gap, apart := math.Max(1, math.Round(w*scale/400)), math.Round(.5*text)
	w, h = w*scale, h*scale
	count := func(name string) int {
		if name == "samples" {
			return draws
		}
		return 1
	}
	wide := 0
	for _, name := range names {
		wide += count(name)
	}
	if wide == 0 {
		return p, nil
	}
	inside := float64(wide-len(names))*gap + float64(len(names)-1)*apart // of a block
	fit := func() (side float64, blocks int) {
		side = math.Inf(-1)
		for b := 1; b <= rows; b++ {
			down := float64((rows + b - 1) / b)
			across := float64(b)
			now := math.Min((w-2*pad-across*inside-(across-1)*2*text)/(across*float64(wide)), (h-pad-head-(down-1)*gap)/down)
			if now > side*1.001 {
				side, blocks = now, b
			}
		}
		return side, blocks
	}
	side, blocks := fit()
	lift := 0. // raises every other name if they would overlap on one line
	if side < 2.8*text {
		lift = .65 * text
		head += 2 * lift
		side, blocks = fit()
	}
	side = math.Max(2, 2*math.Floor(side/2)) // whose half is whole
	down := (rows + blocks - 1) / blocks
	block, across := float64(wide)*side+inside, float64(blocks)
	left := math.Floor((w - across*block - (across-1)*2*text) / 2)
	top := math.Floor(head + math.Max(0, h-pad-head-float64(down)*side-float64(down-1)*gap)/2)
	next := math.Floor(block + 2*text)
	x := 0.
	for _, name := range names {
		n := count(name)
		span := float64(n)*side + float64(n-1)*gap
		for k := range n {
			c := stripColumn{name: name, k: k}
			for i := range rows {
				c.places = append(c.places, rect{left + float64(i/down)*next + x + float64(k)*(side+gap), top + float64(i%down)*(side+gap), side, side})
			}
			p.columns = append(p.columns, c)
		}
		for b := range blocks {
			labels = append(labels, Label{Text: name, Name: true, Anchor: "middle", X: (left + float64(b)*next + x + span/2) / scale, Y: (top - head/2 - lift) / scale, Size: text / scale})
		}
		lift = -lift
		x += span + apart
	}
	return p, labels
}

// guesses is where digits are with their chances and their classes below them.
type guesses struct {
	places []rect  // of the digits
	bars   float64 // height of the chances' bars below each
}

// placeGuesses lays out n digits in r, with what is below them.
func placeGuesses(n int, r rect, text, gap float64) (g guesses, side float64) {
	side, columns := math.Inf(-1), 1
	for c := 1; c <= n; c++ {
		down, across := float64((n+c-1)/c), float64(c)
		now := math.Min((r.w-(across-1)*3*gap)/across, ((r.h-(down-1)*gap)/down-1.9*text)/1.4)
		if now > side*1.001 {
			side, columns = now, c
		}
	}
	side = math.Max(2, math.Floor(side))
	down, across := float64((n+columns-1)/columns), float64(columns)
	words := math.Round(1.9 * text)
	g.bars = math.Round(math.Max(.4*side, math.Min((r.h-(down-1)*gap)/down-side-words, side)))
	high := side + g.bars + words
	left := math.Floor(r.x + (r.w-across*side-(across-1)*3*gap)/2)
	slack := math.Max(0, math.Min(math.Floor((r.h-down*high)/down), math.Round(text)))
	for i := range n {
		g.places = append(g.places, rect{left + float64(i%columns)*(side+3*gap), math.Floor(r.y) + float64(i/columns)*(high+slack), side, side})
	}
	return g, side
}

// classContents says what there is to place in semi mode.
type classContents struct {
	analogies, guesses    bool
	rows, classes, digits int // of analogies, of a row of them, to guess
}

// classPlaces is where things are in semi mode.
type classPlaces struct {
	analogies [][]rect // a digit and its analogies, row by row
	guesses   guesses
	text      float64 // size of labels, in pixels of the screen
}

// placeClasses lays out a stage of w by h CSS pixels at scale screen pixels each.
func placeClasses(w, h, scale float64, large bool, c classContents) (p classPlaces, labels []Label) {
	text := textSize(w, h, large) * scale
	pad, head, numbers := .8*text, 1.7*text, 1.3*text
	gap, apart := math.Max(1, math.Round(w*scale/400)), math.Round(.5*text)
	w, h = w*scale, h*scale
	p.text = text
	whole := rect{pad, 0, w - 2*pad, h - pad}
	rows, classes := float64(c.rows), float64(c.classes)
	size := func(r rect) float64 {
		return math.Max(2, math.Floor(math.Min((r.w-apart-(classes-1)*gap)/(classes+1), (r.h-head-numbers-(rows-1)*gap)/rows)))
	}
	below := func(r rect) rect { return rect{r.x, r.y + head, r.w, r.h - head} }
	first, second := whole, whole
	if c.analogies && c.guesses {
		best := math.Inf(-1)
		for _, across := range []bool{false, true} {
			for share := .3; share < .9; share += .01 {
				long := math.Floor(whole.h * share)
				a, b := rect{whole.x, 0, whole.w, long}, rect{whole.x, long, whole.w, whole.h - long}
				if across {
					long = math.Floor((whole.w - 2*pad) * share)
					a, b = rect{whole.x, 0, long, whole.h}, rect{whole.x + long + 2*pad, 0, whole.w - long - 2*pad, whole.h}
				}
				large := size(a)
				_, small := placeGuesses(c.digits, below(b), text, gap)
				if now := math.Min(large, 1.6*small) + .1*(large+small); now > best*1.001 {
					best, first, second = now, a, b
				}
			}
		}
	}
	label := func(words string, name bool, anchor string, x, y float64) {
		labels = append(labels, Label{Text: words, Name: name, Anchor: anchor, X: x / scale, Y: y / scale, Size: text / scale})
	}
	if c.analogies {
		side := size(first)
		wide := (classes+1)*side + apart + (classes-1)*gap
		left, top := math.Floor(first.x+(first.w-wide)/2), math.Floor(first.y+head+numbers)
		for i := range c.rows {
			var row []rect
			for k := range c.classes + 1 {
				x := left + float64(k)*side
				if k > 0 {
					x += apart + float64(k-1)*gap
				}
				row = append(row, rect{x, top + float64(i)*(side+gap), side, side})
			}
			p.analogies = append(p.analogies, row)
		}
		label("analogies", true, "left", left, first.y+head/2)
		for k := range c.classes {
			label(strconv.Itoa(k), false, "middle", p.analogies[0][k+1].x+side/2, top-.6*text)
		}
	}
	if c.guesses {
		p.guesses, _ = placeGuesses(c.digits, below(second), text, gap)
		label("guesses", true, "left", p.guesses.places[0].x, second.y+head/2)
	}
	return p, labels
}

// sampleContents says what there is to place of runs that generate images.
type sampleContents struct {
	fake, real           bool
	runs, samples, reals int // samples of each run
}

// samplePlaces is where the images of each run are, and the real ones.
type samplePlaces struct {
	fakes [][]rect
	reals []rect
}

// placeSamples lays out a stage of w by h CSS pixels at scale screen pixels each: a
// block of images to a run, and the real ones in two columns to their right or in two
// rows below, whichever makes all larger. Real ones alone are a block of their own.
func placeSamples(w, h, scale float64, large bool, c sampleContents, titles []string) (p samplePlaces, labels []Label) {
	text := textSize(w, h, large) * scale
	pad, head, apart := .8*text, 1.7*text, math.Round(1.2*text)
	gap := math.Max(1, math.Round(w*scale/400))
	w, h = w*scale, h*scale
	blocks, each := c.runs, c.samples
	strip := c.real // beside the blocks
	if !c.fake {
		blocks, each, strip = 1, c.reals, false
	}
	if !c.fake && !c.real {
		return p, nil
	}
	columns := math.Ceil(math.Sqrt(float64(each)))
	rows := math.Ceil(float64(each) / columns)
	const thick = 2 // columns or rows of the strip
	side, across, below := math.Inf(-1), 1., false
	try := func(a float64, low bool) {
		down := math.Ceil(float64(blocks) / a)
		x, y, partsX, partsY := a*columns, down*rows, a, down
		if strip && low {
			y, partsY = y+thick, partsY+1
		} else if strip {
			x, partsX = x+thick, partsX+1
		}
		now := math.Min((w-2*pad-(x-partsX)*gap-(partsX-1)*apart)/x, (h-pad-partsY*head-(y-partsY)*gap)/y)
		if now > side*1.001 {
			side, across, below = now, a, low
		}
	}
	for a := range blocks {
		try(float64(a+1), false)
		try(float64(a+1), true)
	}
	side = math.Max(2, math.Floor(side))
	down := math.Ceil(float64(blocks) / across)
	wide, high := columns*(side+gap)-gap, rows*(side+gap)-gap
	totalX, totalY := across*(wide+apart)-apart, down*(high+head)
	if strip && below {
		totalY += head + thick*(side+gap) - gap
	} else if strip {
		totalX += apart + thick*(side+gap) - gap
	}
	left, top := math.Floor((w-totalX)/2), math.Floor(math.Max(0, h-pad-totalY)/2+head)
	grid := func(n int, columns, x, y float64) (all []rect) {
		for i := range n {
			row := math.Floor(float64(i) / columns)
			all = append(all, rect{x + (float64(i)-row*columns)*(side+gap), y + row*(side+gap), side, side})
		}
		return all
	}
	label := func(l Label, x, y float64) {
		l.X, l.Y, l.Size = x/scale, (y-head/2)/scale, text/scale
		labels = append(labels, l)
	}
	next := func(i float64) float64 { return math.Floor(i * (high + head)) }
	if c.fake {
		for run := range blocks {
			row := math.Floor(float64(run) / across)
			x, y := left+(float64(run)-row*across)*(wide+apart), top+next(row)
			p.fakes = append(p.fakes, grid(each, columns, x, y))
			if blocks > 1 && run < len(titles) {
				label(Label{Text: titles[run], Title: true, Anchor: "middle", Width: wide / scale}, x+wide/2, y)
				labels[len(labels)-1].Size = titleSize(titles[run], text/scale, wide/scale, large)
			} else {
				label(Label{Text: "fake", Name: true, Mark: "diamond", Anchor: "left"}, x, y)
			}
		}
	}
	if c.real {
		x, y, columns := left, top, columns
		if strip && below {
			y, columns = top+next(down), math.Ceil(float64(c.reals)/thick)
		} else if strip {
			x, columns = left+across*(wide+apart), thick
		}
		p.reals = grid(c.reals, columns, x, y)
		label(Label{Text: "real", Name: true, Mark: "ring", Anchor: "left"}, x, y)
	}
	return p, labels
}
