package stage

import (
	"math"

	"ganbel/core/data"
)

// A part is the state of one run that is drawn separately: in Gumbel, SOP, semi and
// categorical mode each run has a part of the picture, see placeParts.
type part struct {
	run         int     // its number
	left, top   float64 // where it was drawn, in pixels of the screen
	gumbel      gumbel
	completion  completion
	classes     classes
	categorical categorical
}

// clear forgets the run's data, but keeps the images to draw with.
func (p *part) clear() {
	p.gumbel.clear()
	p.completion.clear()
	p.classes.clear()
	p.categorical = categorical{}
}

// drop frees the images.
func (p *part) drop() {
	for _, h := range []*sheet{&p.gumbel.sheet, &p.completion.sheet, &p.classes.sheet} {
		if h.atlas != nil {
			h.atlas.Deallocate()
			h.atlas = nil
		}
	}
}

// show takes the tensors of its run's frame, which identify its kind.
func (p *part) show(tensors map[string]data.Tensor) error {
	switch {
	case tensors["completions"].Data != nil:
		return p.completion.show(tensors)
	case tensors["analogies"].Data != nil:
		return p.classes.show(tensors)
	case tensors["digits"].Data != nil:
		return p.gumbel.show(tensors)
	}
	return p.categorical.show(tensors)
}

// showParts takes a frame of runs that are drawn separately.
func (s *Stage) showParts(runs []map[string]data.Tensor) error {
	next := make([]part, len(runs))
	copy(next, s.parts)
	for i, tensors := range runs {
		next[i].run = i
		if err := next[i].show(tensors); err != nil {
			return ofRun(i, len(runs), err)
		}
	}
	s.setParts(next)
	return nil
}

// setParts replaces the parts by others, the first of which may reuse their images.
func (s *Stage) setParts(next []part) {
	for i := len(next); i < len(s.parts); i++ {
		s.parts[i].drop()
	}
	s.parts = next
	s.part = &s.parts[0]
}

// A place is where a part is, in pixels of CSS, and its title's middle.
type place struct {
	rect
	titleX, titleY, titleW, text float64
}

// placeParts divides a stage of w by h CSS pixels among n runs, in the number of columns
// that makes the parts largest. A single run fills the stage and has no title.
func placeParts(w, h, scale float64, large bool, n int) []place {
	if n < 2 {
		return []place{{rect: rect{0, 0, w, h}}}
	}
	text := textSize(w, h, large)
	head := math.Round(1.7 * text)
	rows := func(columns int) float64 { return float64((n + columns - 1) / columns) }
	columns, most := n, math.Inf(-1)
	for c := n; c >= 1; c-- {
		if size := math.Min(w/float64(c), h/rows(c)-head); size > most*1.001 {
			columns, most = c, size
		}
	}
	wide, high := w/float64(columns), h/rows(columns)
	whole := func(v float64) float64 { return math.Round(v*scale) / scale }
	places := make([]place, n)
	for i := range places {
		x, y := whole(float64(i%columns)*wide), whole(float64(i/columns)*high)
		places[i] = place{rect{x, y + head, wide, math.Max(1, high-head)}, x + wide/2, y + head/2, .94 * wide, text}
	}
	return places
}

// drawParts draws each run separately on a stage of w by h CSS pixels. draw draws s.part
// onto a stage of its own size.
func (s *Stage) drawParts(w, h float64, draw func(w, h float64) []Label) (labels []Label) {
	for i, at := range placeParts(w, h, s.scale, s.large, len(s.parts)) {
		s.part = &s.parts[i]
		s.left, s.top = at.x*s.scale, at.y*s.scale
		s.marks.left, s.marks.top, s.images.left, s.images.top = s.left, s.top, s.left, s.top
		if i < len(s.titles) && at.text > 0 {
			labels = append(labels, Label{Text: s.titles[i], Title: true, Anchor: "middle", X: at.titleX, Y: at.titleY, Size: titleSize(s.titles[i], at.text, at.titleW, s.large), Width: at.titleW})
		}
		for _, l := range draw(at.w, at.h) {
			l.X += at.x
			l.Y += at.y
			labels = append(labels, l)
		}
	}
	s.marks.left, s.marks.top, s.images.left, s.images.top = 0, 0, 0, 0
	s.part = &s.parts[0]
	return labels
}

// pointPart sets s.part to the part at x, y of the screen and calls point with the
// position in it. While a pointer is held it is the part where the pointer went down.
func (s *Stage) pointPart(held *press, kind string, x, y float64, point func(x, y float64) (Pointed, bool)) (Pointed, bool) {
	s.part = &s.parts[0]
	for i := range s.parts {
		if p := &s.parts[i]; x >= p.left && y >= p.top {
			s.part = p
		}
	}
	if held != nil && kind != "down" && held.plane < len(s.parts) {
		s.part = &s.parts[held.plane]
	}
	at, ok := point(x-s.left, y-s.top)
	at.Run = s.run
	return at, ok
}
