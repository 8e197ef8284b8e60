package stage

import "math"

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
	l := panelling{contents: c, scale: scale, text: text, pad: 1.1 * text, head: 1.9 * text, bundle: 2}
	wide := w > math.Max(.9*h, 26*text)
	main, rest := l.halves(rect{l.pad, l.pad * .7, w - 2*l.pad, h - 1.7*l.pad}, wide)
	l.gap = math.Max(1, math.Round(main.w/250))
	if c.digits != c.reconstructions {
		l.bundle = 1
	}
	if l.bundle == 2 {
		l.shift = 1.1 * text
		if main.w < 14*text {
			l.more = 1.4 * text
		}
	}
	l.placeImages(main)
	l.placeSides(rest, wide)
	labels := l.names()
	for _, r := range []*rect{&l.p.pairs, &l.p.prior, &l.p.code, &l.p.simplex} {
		x, y := math.Floor(r.x), math.Floor(r.y)
		*r = rect{x, y, math.Ceil(r.x+r.w) - x, math.Ceil(r.y+r.h) - y}
	}
	l.p.text = text
	return l.p, labels
}

// A panelling is panels while they are laid out, in pixels of the screen.
type panelling struct {
	contents
	p           panels
	scale, text float64
	pad, head   float64 // around panels, and of a panel's name
	gap         float64 // between images
	bundle      int     // rows of images that belong together
	shift       float64 // room for the marks before the rows
	more        float64 // room for a second line of names: two are on one line if they fit
}

// halves divides a place: main is for images, rest for the code and the simplex, which
// are at its side if it is wide.
func (l *panelling) halves(whole rect, wide bool) (main, rest rect) {
	images := l.digits || l.reconstructions || l.prior
	sides := l.code || l.simplex
	main, rest = whole, whole
	switch {
	case !images:
		main = rect{}
	case !sides:
		rest = rect{}
	case wide:
		main.w = math.Floor(.6 * (whole.w - 2*l.pad))
		rest.x, rest.w = main.x+main.w+2*l.pad, whole.w-main.w-2*l.pad
	default:
		main.h = math.Floor(.6 * (whole.h - l.pad))
		rest.y, rest.h = main.y+main.h+l.pad, whole.h-main.h-l.pad
	}
	return main, rest
}

// body returns a panel without its name.
func (l *panelling) body(r rect) rect {
	return rect{r.x, r.y + l.head, r.w, math.Max(1, r.h-l.head)}
}

// inside returns the place of the pairs' rows in their panel.
func (l *panelling) inside(r rect) rect {
	in := l.body(r)
	return rect{in.x + l.shift, in.y + l.more, in.w - l.shift, math.Max(1, in.h-l.more)}
}

// placeImages places the pairs of digits and reconstructions, and below them the prior's
// images, with the share of each that makes both largest.
func (l *panelling) placeImages(main rect) {
	p, pad := &l.p, l.pad
	switch pairs := l.digits || l.reconstructions; {
	case pairs && l.prior:
		best := math.Inf(-1)
		for share := .2; share < .81; share += .02 {
			top := rect{main.x, main.y, main.w, math.Floor((main.h - .6*pad) * share)}
			low := rect{main.x, main.y + top.h + .6*pad, main.w, main.h - .6*pad - top.h}
			a, ofA := fit(l.pairs, l.bundle, l.inside(top), l.gap)
			b, ofB := fit(l.priors, 1, l.body(low), l.gap)
			if score := math.Min(ofA, 1.6*ofB) + .1*(ofA+ofB); score > best {
				best, p.pairs, p.prior, p.images, p.priors = score, top, low, a, b
			}
		}
		// The prior's name follows the pairs closely.
		rows := (l.pairs + p.images.columns - 1) / p.images.columns
		last := p.images.at((rows-1)*p.images.columns, l.bundle-1)
		up := math.Max(0, p.pairs.y+p.pairs.h-(last.y+last.h)-.3*pad)
		p.prior.y -= up
		p.prior.h += up
		p.priors, _ = fit(l.priors, 1, l.body(p.prior), l.gap)
	case pairs:
		p.pairs = main
		p.images, _ = fit(l.pairs, l.bundle, l.inside(main), l.gap)
	case l.prior:
		p.prior = main
		p.priors, _ = fit(l.priors, 1, l.body(main), l.gap)
	}
}

// placeSides places the code and the simplex: one below the other in a column, else side
// by side. Both still have their names.
func (l *panelling) placeSides(rest rect, wide bool) {
	images := l.digits || l.reconstructions || l.prior
	switch {
	case l.code && l.simplex && (wide || !images && rest.h > rest.w):
		high := math.Floor((rest.h - l.pad) * .52)
		l.p.code = rect{rest.x, rest.y, rest.w, high}
		l.p.simplex = rect{rest.x, rest.y + high + l.pad, rest.w, rest.h - high - l.pad}
	case l.code && l.simplex:
		w := math.Floor((rest.w - 2*l.pad) / 2)
		l.p.code = rect{rest.x, rest.y, w, rest.h}
		l.p.simplex = rect{rest.x + w + 2*l.pad, rest.y, w, rest.h}
	case l.code:
		l.p.code = rest
	case l.simplex:
		l.p.simplex = rest
	}
}

// names labels the panels, and takes the room for it from the code's and the simplex's.
func (l *panelling) names() (labels []Label) {
	p, text := &l.p, l.text
	name := func(what, mark, anchor string, x float64, r rect) {
		labels = append(labels, Label{Text: what, Name: true, Mark: mark, Anchor: anchor, X: x / l.scale, Y: (r.y + l.head/2) / l.scale, Size: text / l.scale})
	}
	if l.digits {
		name("digits", "ring", "left", p.pairs.x, p.pairs)
	}
	if r := p.pairs; l.reconstructions && (!l.digits || l.more > 0) {
		name("reconstructions", "diamond", "left", r.x, rect{y: r.y + l.more})
	} else if l.reconstructions {
		row := float64(p.images.columns)*(p.images.side+l.gap) - l.gap + l.shift
		name("reconstructions", "diamond", "right", r.x+math.Max(row, 14*text), r)
	}
	if l.prior {
		name("prior", "diamond", "left", p.prior.x, p.prior)
	}
	if l.code {
		name("code", "", "left", p.code.x, p.code)
		p.code = l.body(p.code)
	}
	if l.simplex {
		narrow := p.simplex.w < 8*text
		name("simplex", "", "left", p.simplex.x, p.simplex)
		p.simplex = l.body(p.simplex)
		if narrow { // the temperature is below the name
			p.simplex.y += math.Floor(1.4 * text)
			p.simplex.h = math.Max(1, p.simplex.h-math.Floor(1.4*text))
		}
	}
	return labels
}
