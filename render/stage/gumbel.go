package stage

import (
	"fmt"
	"math"

	"ganbel/core/data"
)

// gumbel is what is known of a Gumbel run.
type gumbel struct {
	sheet                      // digits, reconstructions, prior samples
	images, priors   int       // how many
	code             []float32 // categoricals by classes
	categoricals     int
	bits             bool      // every cell of the code is a variable of its own
	simplex, chances []float32 // three to a point
	temperature      float64
	cells            cells // of the code, as drawn
}

func (g *gumbel) clear() { *g = gumbel{sheet: g.empty()} }

func (g *gumbel) show(tensors map[string]data.Tensor) error {
	digits, err := take(tensors, "digits", -1, -1, -1)
	if err != nil {
		return err
	}
	n, side := digits.Shape[0], digits.Shape[1]
	if digits, err = take(tensors, "digits", n, side, side); err != nil {
		return err
	}
	again, err := take(tensors, "reconstructions", n, side, side)
	if err != nil {
		return err
	}
	prior, err := take(tensors, "prior", -1, side, side)
	if err != nil {
		return err
	}
	code, err := take(tensors, "code", -1, -1)
	if err != nil {
		return err
	}
	simplex, err := take(tensors, "simplex", -1, 3)
	if err != nil {
		return err
	}
	chances, err := take(tensors, "chances", 3)
	if err != nil {
		return err
	}
	temperature, err := take(tensors, "temperature", 1)
	if err != nil {
		return err
	}
	*g = gumbel{
		sheet: g.of(side, digits, again, prior), images: n, priors: prior.Shape[0], code: code.Data, categoricals: code.Shape[0],
		bits: isOne(tensors["bits"]), simplex: simplex.Data, chances: chances.Data, temperature: float64(temperature.Data[0]),
	}
	return nil
}

// drawPanels draws everything of a stage of w by h CSS pixels.
func (s *Stage) drawPanels(w, h float64) []Label {
	g, t := &s.gumbel, s.theme
	c := contents{
		digits: !s.off["digits"], reconstructions: !s.off["reconstructions"], prior: !s.off["prior"],
		code: !s.off["code"], simplex: !s.off["simplex"],
		pairs: 16, priors: 64, categoricals: 20, classes: 10, // before the first frame
	}
	if g.images > 0 {
		c.pairs, c.priors, c.categoricals, c.classes = g.images, g.priors, g.categoricals, len(g.code)/g.categoricals
	}
	p, labels := placePanels(w, h, s.scale, s.large, c)
	g.cells = cells{}

	bundle := p.images.bundle
	for i := range c.pairs {
		if c.digits {
			s.addImage(&g.sheet, p.images.at(i, 0), i)
		}
		if c.reconstructions {
			s.addImage(&g.sheet, p.images.at(i, bundle-1), c.pairs+i)
		}
	}
	if c.prior {
		for i := range c.priors {
			s.addImage(&g.sheet, p.priors.at(i, 0), 2*c.pairs+i)
		}
	}
	if bundle == 2 && p.pairs.h > 0 { // which row is which
		for i := 0; i < c.pairs; i += p.images.columns {
			first, second := p.images.at(i, 0), p.images.at(i, 1)
			x, r := p.pairs.x+.3*p.text, .26*p.text
			s.marks.ring(x, first.y+first.h/2, r, .5*r, t.real)
			s.marks.diamond(x, second.y+second.h/2, 1.2*r, t.fake)
		}
	}
	s.drawImages(&g.sheet)
	if c.code {
		s.drawCode(p.code, c.categoricals, c.classes)
	}
	if c.simplex {
		labels = append(labels, s.drawSimplex(p.simplex, p.text, choice{g.simplex, g.chances, g.temperature, nil})...)
	}
	s.flush(s.target)
	return labels
}

// cells is where the cells of a code are.
type cells struct {
	r             rect
	rows, columns int
	w, h, gap     float64 // of a cell with its gap, and that
}

func placeCells(r rect, rows, columns int) cells {
	w := math.Min(r.w/float64(columns), 2.4*r.h/float64(rows))
	h := math.Min(r.h/float64(rows), 1.2*w)
	return cells{r, rows, columns, w, h, math.Round(math.Min(w, h) / 10)}
}

// at returns the place of a cell.
func (c *cells) at(row, column int) rect {
	x, y := math.Round(c.r.x+float64(column)*c.w), math.Round(c.r.y+float64(row)*c.h)
	return rect{
		x, y, math.Max(1, math.Round(c.r.x+float64(column+1)*c.w)-x-c.gap), math.Max(1, math.Round(c.r.y+float64(row+1)*c.h)-y-c.gap),
	}
}

// cell returns the cell of the code at x, y of the screen.
func (g *gumbel) cell(x, y float64) (row, column int, ok bool) {
	c := &g.cells
	if g.code == nil || c.w == 0 {
		return 0, 0, false
	}
	row, column = int(math.Floor((y-c.r.y)/c.h)), int(math.Floor((x-c.r.x)/c.w))
	return row, column, row >= 0 && row < c.rows && column >= 0 && column < c.columns
}

// drawCode draws a categorical in each row, the chance of each class as colour
// and the likeliest class outlined, or bits.
func (s *Stage) drawCode(r rect, rows, columns int) {
	g, t := &s.gumbel, s.theme
	c := placeCells(r, rows, columns)
	g.cells = c
	least := math.Min(c.w, c.h)
	for i := range rows {
		likeliest := 0
		for j := range columns {
			chance := float32(0)
			if g.code != nil {
				chance = max(0, min(g.code[i*columns+j], 1))
				if g.code[i*columns+j] > g.code[i*columns+likeliest] {
					likeliest = j
				}
			}
			s.marks.box(c.at(i, j), t.well.blend(t.code, chance))
		}
		if g.code != nil && !g.bits && least >= 4 {
			s.marks.outline(c.at(i, likeliest), math.Max(1, least/9), t.ink)
		}
	}
	if at := s.chosen; at != nil && g.code != nil && at[0] >= 0 && at[0] < rows && at[1] >= 0 && at[1] < columns {
		in, w := c.at(at[0], at[1]), math.Max(1.5*s.scale, math.Min(least/10, 2.5*s.scale))
		s.marks.outline(rect{in.x - 2*w, in.y - 2*w, in.w + 4*w, in.h + 4*w}, 3*w, t.back)
		s.marks.outline(rect{in.x - 1.6*w, in.y - 1.6*w, in.w + 3.2*w, in.h + 3.2*w}, 1.6*w, t.one)
	}
}

// A choice is one between three, as a simplex shows it.
type choice struct {
	samples, chances []float32 // three to a point
	temperature      float64
	sample           []float32 // the present one, nil for none
}

// drawSimplex draws samples of a choice in a triangle: its corners are what is
// chosen from, the ring is the mean that the chances tell, and the present sample
// is larger, with the corner that it is nearest to filled.
func (s *Stage) drawSimplex(r rect, text float64, ch choice) []Label {
	t := s.theme
	side := math.Max(1, math.Min(r.w-3*text, (r.h-2.2*text)/(math.Sqrt(3)/2)))
	height := side * math.Sqrt(3) / 2
	left, top := r.x+(r.w-side)/2, r.y+.8*text
	corners := [3][2]float64{{left, top + height}, {left + side, top + height}, {left + side/2, top}}
	at := func(p []float32) (x, y float64) {
		for i, c := range corners {
			x += float64(p[i]) * c[0]
			y += float64(p[i]) * c[1]
		}
		return x, y
	}
	for i, c := range corners {
		d := corners[(i+1)%3]
		s.marks.line(c[0], c[1], d[0], d[1], 1.5*s.scale, t.quiet)
		s.marks.disc(c[0], c[1], 3.5*s.scale, t.quiet)
	}
	radius := math.Max(2, math.Min(side/s.scale/90, 4)) * s.scale
	for i := 0; i+2 < len(ch.samples); i += 3 {
		if x, y := at(ch.samples[i:]); x-x == 0 && y-y == 0 {
			s.marks.diamond(x, y, radius, t.code.fade(.5))
		}
	}
	if ch.chances != nil {
		x, y := at(ch.chances)
		s.marks.ring(x, y, 2.2*radius, radius+1.8*s.scale, t.casing)
		s.marks.ring(x, y, 2.2*radius, radius, t.real)
	}
	if ch.sample != nil {
		if x, y := at(ch.sample); x-x == 0 && y-y == 0 {
			c := corners[largest(ch.sample)]
			s.marks.disc(c[0], c[1], 5.5*s.scale, t.ink)
			s.marks.line(x, y, c[0], c[1], 1.2*s.scale, t.ink.fade(.55))
			s.marks.diamond(x, y, 2.6*radius+4.5*s.scale, t.back)
			s.marks.diamond(x, y, 2.6*radius+2.5*s.scale, t.ink)
			s.marks.diamond(x, y, 2.6*radius, t.fake)
		}
	}
	size, under := text/s.scale, text
	if ch.sample != nil {
		under = 1.25 * text // the filled corner
	}
	css := func(v float64) float64 { return v / s.scale }
	var labels []Label
	if side >= 2*text { // otherwise they would overlap
		labels = []Label{
			{Text: "1", Anchor: "middle", X: css(corners[0][0]), Y: css(corners[0][1] + under), Size: size},
			{Text: "2", Anchor: "middle", X: css(corners[1][0]), Y: css(corners[1][1] + under), Size: size},
			{Text: "3", Anchor: "middle", X: css(corners[2][0] + 1.1*text), Y: css(corners[2][1]), Size: size},
		}
	}
	if ch.temperature > 0 {
		labels = append(labels, Label{Text: fmt.Sprintf("τ = %.3g", ch.temperature), Anchor: "right", X: css(r.x + r.w), Y: css(r.y - .95*text), Size: size})
	}
	return labels
}

// largest returns the index of the largest number.
func largest(v []float32) (best int) {
	for i := range v {
		if v[i] > v[best] {
			best = i
		}
	}
	return best
}
