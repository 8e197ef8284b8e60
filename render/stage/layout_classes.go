package stage

import (
	"math"
	"strconv"
)

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
