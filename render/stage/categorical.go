package stage

import (
	"fmt"
	"math"

	"ganbel/core/data"
)

// categorical is what is known of one choice between three.
type categorical struct {
	logits, noise, perturbed, sample, hard, cloud, chances, counts []float32
	temperature                                                    float64
	bars                                                           rect // of the logits, as drawn
}

func (c *categorical) show(tensors map[string]data.Tensor) error {
	next := categorical{bars: c.bars}
	for name, to := range map[string]*[]float32{
		"logits": &next.logits, "noise": &next.noise, "perturbed": &next.perturbed, "sample": &next.sample,
		"hard": &next.hard, "chances": &next.chances, "counts": &next.counts,
	} {
		t, err := take(tensors, name, 3)
		if err != nil {
			return err
		}
		*to = t.Data
	}
	cloud, err := take(tensors, "cloud", -1, 3)
	if err != nil {
		return err
	}
	temperature, err := take(tensors, "temperature", 1)
	if err != nil {
		return err
	}
	next.cloud, next.temperature = cloud.Data, float64(temperature.Data[0])
	*c = next
	return nil
}

const (
	logitMost = 6  // the end of the scale of logits and noise
	sumMost   = 12 // and of their sum over the temperature
)

// A barPanel is three bars, one to a class.
type barPanel struct {
	name      string
	r         rect // of the bars, its name above
	low, high float64
}

// placeBars lays out the panels of a choice and its simplex on a stage of w by h
// CSS pixels: the simplex beside one column of bars where the stage is wide, else
// below two. The shares of the classes so far are only shown where there is room.
func placeBars(w, h, scale float64, large bool) (panels []barPanel, simplex rect, text float64, labels []Label) {
	text = textSize(w, h, large) * scale
	w, h = w*scale, h*scale
	pad, head := 1.1*text, 1.7*text
	whole := rect{pad, .5 * pad, w - 2*pad, h - pad}
	names := []string{"logits", "gumbelNoise", "perturbed", "softSample", "chosen"}
	row := head + .2*text + 3*24*scale // a panel's height, if a finger can drag its bars
	wide := w > 1.15*h && whole.h >= 4*row
	if !wide || whole.h < 5*row {
		names = names[:4]
	}
	bars, columns := whole, 2
	var heights []float64 // of the rows of panels
	if wide {
		columns = 1
		bars.w = math.Floor((whole.w - 2.5*pad) * .52)
		simplex = rect{bars.x + bars.w + 2.5*pad, whole.y, whole.w - bars.w - 2.5*pad, whole.h}
		for range names {
			heights = append(heights, whole.h/float64(len(names)))
		}
		// It is as high as it is wide, in the middle.
		if high := math.Sqrt(3)/2*(simplex.w-3*text) + 4*text; high < simplex.h {
			simplex.y += (simplex.h - high) / 2
			simplex.h = high
		}
	} else {
		least := 2*row - 3*8*scale // the second row's bars are not dragged
		bars.h = math.Max(least, whole.h*.42)
		more := (bars.h - least) / 2
		heights = []float64{row + more, row - 3*8*scale + more}
		simplex = rect{whole.x, whole.y + bars.h, whole.w, whole.h - bars.h}
	}
	title := func(what string, x, y float64) {
		labels = append(labels, Label{Text: what, Name: true, Anchor: "left", X: x / scale, Y: y / scale, Size: text / scale})
	}
	gap := 1.6 * pad
	wideness, y := (bars.w-float64(columns-1)*gap)/float64(columns), bars.y
	for i, name := range names {
		x, high := bars.x+float64(i%columns)*(wideness+gap), heights[i/columns]
		title(name, x, y+.55*head)
		p := barPanel{name: name, low: -logitMost, high: logitMost, r: rect{
			math.Round(x + 1.2*text), math.Round(y + head), math.Round(wideness - 4.7*text), math.Round(high - head - .2*text),
		}}
		switch name {
		case "perturbed":
			p.low, p.high = -sumMost, sumMost
		case "softSample":
			p.low, p.high = 0, 1
		case "chosen":
			p.low, p.high = 0, 1
			if wideness > 22*text { // next to the panel's own name
				labels = append(labels, Label{Text: "chances", Name: true, Mark: "ring", Anchor: "right", X: (x + wideness) / scale, Y: (y + .55*head) / scale, Size: text / scale})
			}
		}
		panels = append(panels, p)
		if (i+1)%columns == 0 {
			y += high
		}
	}
	simplex.y += 1.5 * text
	simplex.h = math.Max(1, simplex.h-1.7*text)
	title("simplex", simplex.x, simplex.y-.95*text) // beside the temperature
	return panels, simplex, text, labels
}

// row returns the place of a bar's whole row.
func (p *barPanel) row(k int) rect {
	h := p.r.h / 3
	y := math.Round(p.r.y + float64(k)*h)
	return rect{p.r.x, y, p.r.w, math.Round(p.r.y+float64(k+1)*h) - y}
}

// x returns where a value is.
func (p *barPanel) x(v float64) float64 {
	return p.r.x + p.r.w*(math.Max(p.low, math.Min(v, p.high))-p.low)/(p.high-p.low)
}

// drawCategorical draws one choice of a stage of w by h CSS
// pixels: its logits, whose bars can be dragged, the noise that is added, their sum
// over the temperature, its softmax and how often each class was chosen.
func (s *Stage) drawCategorical(w, h float64) []Label {
	c, t := &s.categorical, s.theme
	panels, simplex, text, labels := placeBars(w, h, s.scale, s.large)
	c.bars = rect{}
	total := float32(0)
	for _, n := range c.counts {
		total += n
	}
	for _, p := range panels {
		var values []float32
		colour := t.ink.fade(.75)
		switch p.name {
		case "logits":
			values, c.bars = c.logits, p.r
		case "gumbelNoise":
			values, colour = c.noise, t.quiet.blend(t.ink, .3)
		case "perturbed":
			values = c.perturbed
		case "softSample":
			values, colour = c.sample, t.code
		case "chosen":
			colour = t.code.fade(.55)
			for _, n := range c.counts {
				values = append(values, n/max(total, 1))
			}
		}
		labels = append(labels, s.addBars(&p, values, colour, text)...)
	}
	labels = append(labels, s.drawSimplex(simplex, text, choice{c.cloud, c.chances, c.temperature, c.sample})...)
	s.flush(s.target)
	return labels
}

// addBars adds a panel's bars, and returns their classes and values.
func (s *Stage) addBars(p *barPanel, values []float32, colour colour, text float64) (labels []Label) {
	c, t := &s.categorical, s.theme
	hair := math.Max(1, math.Round(s.scale))
	zero := math.Round(p.x(0))
	for k := range 3 {
		row := p.row(k)
		thick := math.Round(math.Min(row.h*.62, 2*text))
		y := row.y + math.Round((row.h-thick)/2)
		s.marks.box(rect{row.x, y, row.w, thick}, t.well)
		label := func(what, anchor string, x float64) {
			labels = append(labels, Label{Text: what, Anchor: anchor, X: x / s.scale, Y: (row.y + row.h/2) / s.scale, Size: text / s.scale})
		}
		label(fmt.Sprint(k+1), "right", p.r.x-.5*text)
		if values == nil {
			continue
		}
		v := float64(values[k])
		x := p.x(v)
		if v-v == 0 {
			s.marks.box(rect{math.Min(zero, x), y, math.Abs(x - zero), thick}, colour)
			digits := "%.2f"
			if math.Abs(v) >= 99.5 {
				digits = "%.0f"
			} else if math.Abs(v) >= 9.95 {
				digits = "%.1f"
			}
			said := fmt.Sprintf(digits, math.Abs(v))
			if v < 0 && said != "0.00" {
				said = "−" + said
			}
			label(said, "right", p.r.x+p.r.w+3.5*text)
		}
		switch p.name {
		case "logits": // a grip at its end
			held := s.pressed != nil && s.pressed.bar == k && s.pressed.plane == s.run
			wide, high := 12*s.scale, thick+4*s.scale
			grip := rect{math.Round(x - wide/2), math.Round(y - 2*s.scale), wide, high}
			s.marks.box(rect{grip.x - 2*s.scale, grip.y - 2*s.scale, wide + 4*s.scale, high + 4*s.scale}, t.back)
			if held {
				s.marks.box(grip, t.ink.fade(.3))
			}
			s.marks.outline(grip, 2*s.scale, t.ink)
		case "softSample": // the hard one beside it
			if c.hard[k] > .5 {
				s.marks.outline(rect{row.x - 2*hair, y - 2*hair, row.w + 4*hair, thick + 4*hair}, 2*hair, t.ink)
			}
		case "chosen": // beside what it tends to
			at, r := p.x(float64(c.chances[k])), math.Min(.36*thick, 7*s.scale)
			s.marks.ring(at, y+thick/2, r, .5*r+2*s.scale, t.casing)
			s.marks.ring(at, y+thick/2, r, .5*r, t.real)
		}
	}
	s.marks.box(rect{zero - hair/2, p.r.y, hair, p.r.h}, t.quiet.blend(t.ink, .35))
	return labels
}

// pointBar returns the logit at x, y of the screen and the value it would have
// there, and keeps to the bar that is held.
func (s *Stage) pointBar(kind string, held *press, x, y float64) (at Pointed, ok bool) {
	r := s.categorical.bars
	if s.categorical.logits == nil || r.h == 0 {
		return Pointed{}, false
	}
	bar := int(math.Floor((y - r.y) / r.h * 3))
	slack := 12 * s.scale
	on := bar >= 0 && bar < 3 && x >= r.x-slack && x <= r.x+r.w+slack
	if held != nil && kind != "down" {
		bar, on = held.bar, true
	}
	if !on {
		return Pointed{}, false
	}
	if kind == "down" {
		s.pressed = &press{bar: bar, plane: s.run}
	}
	if kind != "move" {
		s.refresh()
	}
	p := barPanel{r: r, low: -logitMost, high: logitMost}
	v := p.low + (x-r.x)/r.w*(p.high-p.low)
	return Pointed{On: OnBar, Bar: bar, Value: math.Max(p.low, math.Min(v, p.high))}, true
}
