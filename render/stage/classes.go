package stage

import (
	"math"
	"strconv"

	"ganbel/core/data"
)

// classes is what is known of a semi-supervised run.
type classes struct {
	sheet                 // digits, then a row of analogies for each of the first of them
	rows, digits, classes int
	chances, labels       []float32
	places                classPlaces // as drawn
}

func (g *classes) clear() { *g = classes{sheet: g.empty()} }

func (g *classes) show(tensors map[string]data.Tensor) error {
	chances, err := take(tensors, "classes", -1, -1)
	if err != nil {
		return err
	}
	n, k := chances.Shape[0], chances.Shape[1]
	labels, err := take(tensors, "labels", n)
	if err != nil {
		return err
	}
	digits, err := take(tensors, "digits", n, -1, -1)
	if err != nil {
		return err
	}
	side := digits.Shape[1]
	if digits, err = take(tensors, "digits", n, side, side); err != nil {
		return err
	}
	all, err := take(tensors, "analogies", -1, 1+k, side, side)
	if err != nil {
		return err
	}
	*g = classes{sheet: g.of(side, digits, all), rows: all.Shape[0], digits: n, classes: k, chances: chances.Data, labels: labels.Data}
	return nil
}

// drawClasses draws, on a stage of w by h CSS pixels, the style of some digits in
// every class, and what classes test digits are taken for.
func (s *Stage) drawClasses(w, h float64) []Label {
	g, t := &s.classes, s.theme
	c := classContents{analogies: !s.off["analogies"], guesses: !s.off["guesses"], rows: 8, classes: 10, digits: 16} // before the first frame
	if g.side > 0 {
		c.rows, c.classes, c.digits = g.rows, g.classes, g.digits
	}
	var labels []Label
	g.places, labels = placeClasses(w, h, s.scale, s.large, c)
	p := &g.places
	for i, row := range p.analogies {
		for k, r := range row {
			ink := t.ink
			if k > 0 {
				ink = t.code // it was made
			}
			s.addPart(&g.sheet, r, c.digits+i*(c.classes+1)+k, 0, 1, ink)
		}
	}
	for i, r := range p.guesses.places {
		s.addImage(&g.sheet, r, i)
	}
	s.drawImages(&g.sheet)
	if g.side > 0 {
		for i, r := range p.guesses.places {
			labels = append(labels, s.drawGuess(i, r, p.text))
		}
	}
	s.flush(s.target)
	return labels
}

// drawGuess draws a digit's chances as bars, a ring under its true class, and beside
// its likeliest class, which it returns, a tick or, where that is wrong, a cross, with
// a frame around the digit.
func (s *Stage) drawGuess(i int, r rect, text float64) Label {
	g, t := &s.classes, s.theme
	chances, truth := g.chances[i*g.classes:][:g.classes], int(g.labels[i])
	guess, side, bars := largest(chances), r.w, g.places.guesses.bars
	at := func(k int) float64 { return r.x + math.Round(float64(k)*side/float64(g.classes)) }
	low := r.y + side + bars
	s.marks.box(rect{r.x, r.y + side + 1, side, bars - 1}, t.well)
	for k, p := range chances {
		c := t.quiet
		if k == guess {
			c = t.code
		}
		if high := math.Round(float64(max(0, min(p, 1))) * (bars - 1)); high > 0 {
			s.marks.box(rect{at(k), low - high, at(k+1) - at(k), high}, c)
		}
	}
	s.marks.ring((at(truth)+at(truth+1))/2, low+.32*text, .19*text, .13*text, t.real)
	size := math.Min(text, .62*side)
	if s.large {
		size = math.Max(size, leastLarge*s.scale)
	}
	x, y := r.x+side/2, low+.6*text+.65*text
	cx, d, width := x+.4*size, .28*size, math.Max(s.scale, .13*size)
	if guess == truth {
		s.marks.line(cx-d, y, cx-.3*d, y+.8*d, width, t.code)
		s.marks.line(cx-.3*d, y+.8*d, cx+d, y-.9*d, width, t.code)
	} else {
		s.marks.line(cx-d, y-d, cx+d, y+d, width, t.one)
		s.marks.line(cx-d, y+d, cx+d, y-d, width, t.one)
		s.marks.outline(r, math.Max(1, math.Round(1.5*s.scale)), t.one)
	}
	return Label{Text: strconv.Itoa(guess), Anchor: "middle", X: (x - .5*size) / s.scale, Y: y / s.scale, Size: size / s.scale}
}

// digit returns which digit is at x, y of the screen, and in which column.
func (g *classes) digit(x, y float64) (row, column int, ok bool) {
	if g.side == 0 {
		return 0, 0, false
	}
	inside := func(r rect) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }
	for i, row := range g.places.analogies {
		for k, r := range row {
			if inside(r) {
				return i, k, true
			}
		}
	}
	for i, r := range g.places.guesses.places {
		if inside(r) {
			return i, 0, true
		}
	}
	return 0, 0, false
}
