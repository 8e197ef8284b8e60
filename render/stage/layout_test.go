package stage

import (
	"fmt"
	"iter"
	"slices"
	"testing"
)

var sizes = [][3]float64{ // width, height, scale
	{800, 600, 1}, {1280, 720, 1}, {400, 400, 1}, {400, 400, 2}, {390, 700, 3}, {700, 390, 1.25}, {320, 240, 1},
	{200, 120, 1}, {1920, 1080, 1}, {60, 60, 1}, {1600, 300, 1}, {300, 1600, 1.5},
}

// looks yields every size with usual and with large letters.
func looks() iter.Seq2[[3]float64, bool] {
	return func(yield func([3]float64, bool) bool) {
		for _, size := range sizes {
			if !yield(size, false) || !yield(size, true) {
				return
			}
		}
	}
}

func (r rect) holds(s rect) bool {
	return s.x >= r.x-.5 && s.y >= r.y-.5 && s.x+s.w <= r.x+r.w+.5 && s.y+s.h <= r.y+r.h+.5
}

func (r rect) meets(s rect) bool { // by more than the pixel that rounding takes
	return s.x < r.x+r.w-1 && r.x < s.x+s.w-1 && s.y < r.y+r.h-1 && r.y < s.y+s.h-1
}

// extent guesses what a label covers, in CSS pixels.
func (l Label) extent() rect {
	w := float64(len([]rune(l.Text))) * l.Size * .62
	if l.Mark != "" {
		w += 1.2 * l.Size
	}
	x := l.X
	switch l.Anchor {
	case "middle":
		x -= w / 2
	case "right":
		x -= w
	}
	return rect{x, l.Y - l.Size/2, w, l.Size}
}

func TestPlaneFits(t *testing.T) {
	for size, large := range looks() {
		for _, bar := range []bool{false, true} {
			p, labels := placePlane(size[0], size[1], size[2], 2, bar, large)
			screen := rect{0, 0, size[0] * size[2], size[1] * size[2]}
			if p.plot.w != p.plot.h || p.plot.w < 1 {
				t.Errorf("%v: the plot is %v", size, p.plot)
			}
			if !screen.holds(p.plot) || !screen.holds(p.bar) || p.bar.w > 0 && p.bar.meets(p.plot) {
				t.Errorf("%v: plot %v, bar %v", size, p.plot, p.bar)
			}
			for _, l := range labels {
				e := l.extent()
				if !(rect{0, 0, size[0], size[1]}).holds(e) {
					t.Errorf("%v: label %q at %v is cut", size, l.Text, e)
				}
				if (rect{p.plot.x / size[2], p.plot.y / size[2], p.plot.w / size[2], p.plot.h / size[2]}).meets(e) {
					t.Errorf("%v: label %q lies on the plot", size, l.Text)
				}
			}
			if side := min(size[0], size[1]); side >= 320 && p.plot.w/size[2] < .7*side && size[0] < 2*size[1] && !bar {
				t.Errorf("%v: the plot is only %g wide", size, p.plot.w)
			}
		}
	}
}

func TestPanelsFit(t *testing.T) {
	whole := contents{true, true, true, true, true, 16, 64, 20, 10}
	some := []contents{whole, {digits: true, pairs: 16}, {prior: true, priors: 64}, {code: true, categoricals: 30, classes: 10}, {simplex: true}, {}}
	noDigits, odd := whole, whole
	noDigits.digits = false
	odd.pairs, odd.priors = 7, 13
	for _, c := range append(some, noDigits, odd) {
		for size, large := range looks() {
			if min(size[0], size[1]) < 200 {
				continue
			}
			name := fmt.Sprintf("%v %v %+v", size, large, c)
			p, labels := placePanels(size[0], size[1], size[2], large, c)
			screen := rect{0, 0, size[0] * size[2], size[1] * size[2]}
			panels := []rect{p.pairs, p.prior, p.code, p.simplex}
			for i, r := range panels {
				if !screen.holds(r) {
					t.Errorf("%s: panel %d is %v", name, i, r)
				}
				for j, q := range panels[:i] {
					if r.meets(q) {
						t.Errorf("%s: panels %d %v and %d %v overlap", name, j, q, i, r)
					}
				}
			}
			check := func(g grid, n int, in rect) {
				if n == 0 || in.w == 0 {
					return
				}
				if g.side < 4 {
					t.Errorf("%s: images of %g pixels", name, g.side)
				}
				for i := range n {
					for k := range g.bundle {
						if !in.holds(g.at(i, k)) {
							t.Fatalf("%s: image %d at %v is not within %v", name, i, g.at(i, k), in)
						}
					}
				}
			}
			check(p.images, c.pairs, p.pairs)
			check(p.priors, c.priors, p.prior)
			for _, l := range labels {
				if e := l.extent(); !(rect{0, 0, size[0], size[1]}).holds(rect{e.x, e.y, 1, e.h}) {
					t.Errorf("%s: label %q at %v is cut", name, l.Text, e)
				}
			}
		}
	}
}

func TestStripsFit(t *testing.T) {
	for _, names := range [][]string{{"given", "truth", "mean", "samples"}, {"samples"}, {"given", "mean"}, nil} {
		for size, large := range looks() {
			if min(size[0], size[1]) < 200 {
				continue
			}
			name := fmt.Sprintf("%v %v %v", size, large, names)
			p, labels := placeStrips(size[0], size[1], size[2], large, names, 8, 6)
			var all []rect
			for _, c := range p.columns {
				all = append(all, c.places...)
			}
			for i, r := range all {
				if !(rect{0, 0, size[0] * size[2], size[1] * size[2]}).holds(r) || r.w != r.h || r.w < 10 || int(r.w)%2 != 0 {
					t.Errorf("%s: image %d is %v", name, i, r)
				}
				for _, q := range all[:i] {
					if r.meets(q) {
						t.Errorf("%s: %v and %v overlap", name, r, q)
					}
				}
			}
			for _, l := range labels {
				if e := l.extent(); !(rect{0, 0, size[0], size[1]}).holds(rect{l.X - 1, e.y, 1, e.h}) {
					t.Errorf("%s: label %q at %v is cut", name, l.Text, e)
				}
			}
		}
	}
}

func TestClassesFit(t *testing.T) {
	whole := classContents{true, true, 8, 10, 16}
	few, alone, guessed := whole, whole, whole
	few.rows, few.classes, few.digits = 3, 4, 7
	alone.guesses, guessed.analogies = false, false
	for _, c := range []classContents{whole, few, alone, guessed, {rows: 8, classes: 10, digits: 16}} {
		for size, large := range looks() {
			if min(size[0], size[1]) < 240 {
				continue
			}
			name := fmt.Sprintf("%v %v %+v", size, large, c)
			p, labels := placeClasses(size[0], size[1], size[2], large, c)
			all := slices.Concat(p.analogies...)
			for _, r := range p.guesses.places {
				all = append(all, rect{r.x, r.y, r.w, r.h + p.guesses.bars + 1.9*p.text})
			}
			if want := map[bool]int{true: c.rows * (c.classes + 1)}[c.analogies] + map[bool]int{true: c.digits}[c.guesses]; len(all) != want {
				t.Fatalf("%s: %d places, want %d", name, len(all), want)
			}
			for i, r := range all {
				if !(rect{0, 0, size[0] * size[2], size[1] * size[2]}).holds(r) || r.w < 10 {
					t.Errorf("%s: place %d is %v", name, i, r)
				}
				for _, q := range all[:i] {
					if r.meets(q) {
						t.Errorf("%s: %v and %v overlap", name, r, q)
					}
				}
			}
			for _, l := range labels {
				if e := l.extent(); !(rect{0, 0, size[0], size[1]}).holds(rect{e.x, e.y, 1, e.h}) {
					t.Errorf("%s: label %q at %v is cut", name, l.Text, e)
				}
			}
		}
	}
}

func TestPlanesFit(t *testing.T) {
	for size, large := range looks() {
		for n := 1; n <= 6; n++ {
			for _, c := range []struct{ bar, surface, shared, titled bool }{{false, false, true, true}, {true, false, true, true}, {true, true, true, true}, {true, false, false, false}, {false, true, true, false}} {
				name := fmt.Sprintf("%v %v %d planes %+v", size, large, n, c)
				views, titles := make([]float64, n), []string(nil)
				for i := range views {
					views[i] = 2
					if !c.shared {
						views[i] += float64(i)
					}
					if c.titled {
						titles = append(titles, fmt.Sprint("run ", i))
					}
				}
				planes, labels := placePlanes(size[0], size[1], size[2], views, titles, c.bar, c.surface, large)
				screen := rect{0, 0, size[0] * size[2], size[1] * size[2]}
				for i, p := range planes {
					if p.view != views[i] || !c.surface && p.plot.w != p.plot.h || p.plot.w != planes[0].plot.w || p.plot.h != planes[0].plot.h || p.plot.w < 1 {
						t.Errorf("%s: plane %d of view %g is %v, the first %v", name, i, p.view, p.plot, planes[0].plot)
					}
					if min(size[0], size[1]) >= 120 && !screen.holds(p.plot) || i > 0 && planes[0].bar.h > 0 && p.bar.h > 0 {
						t.Errorf("%s: plane %d is %v on %v, its bar %v", name, i, p.plot, screen, p.bar)
					}
					for j, q := range planes[:i] {
						if p.plot.meets(q.plot) {
							t.Errorf("%s: planes %d %v and %d %v overlap", name, j, q.plot, i, p.plot)
						}
					}
					if planes[0].bar.meets(p.plot) {
						t.Errorf("%s: the bar %v lies on plane %d", name, planes[0].bar, i)
					}
				}
				said := 0
				for _, l := range labels {
					e := l.extent()
					if l.Title {
						said++
					} else if !(rect{0, 0, size[0], size[1]}).holds(e) {
						t.Errorf("%s: label %q at %v is cut", name, l.Text, e)
					}
					for i, p := range planes {
						if (rect{p.plot.x / size[2], p.plot.y / size[2], p.plot.w / size[2], p.plot.h / size[2]}).meets(e) && !(l.Title && e.w > l.Width) {
							t.Errorf("%s: label %q at %v lies on plane %d", name, l.Text, e, i)
						}
					}
				}
				if c.titled && n > 1 && min(size[0], size[1]) >= 320 && said != n {
					t.Errorf("%s: %d titles", name, said)
				}
			}
		}
	}
	// Where the stage is wide planes stand beside each other, where it is high below.
	for _, c := range []struct{ w, h, across float64 }{{1600, 500, 3}, {500, 1600, 1}, {900, 800, 2}} {
		planes, _ := placePlanes(c.w, c.h, 1, []float64{2, 2, 2}, nil, false, false, false)
		across := 0.
		for _, p := range planes {
			if p.plot.y == planes[0].plot.y {
				across++
			}
		}
		if across != c.across {
			t.Errorf("%g by %g: %g planes beside each other, want %g", c.w, c.h, across, c.across)
		}
	}
}

func TestBarsFit(t *testing.T) {
	for size, large := range looks() {
		if min(size[0], size[1]) < 320 {
			continue
		}
		panels, simplex, _, labels := placeBars(size[0], size[1], size[2], large)
		screen := rect{0, 0, size[0] * size[2], size[1] * size[2]}
		all := []rect{simplex}
		for _, p := range panels {
			all = append(all, p.r)
			if h := p.row(1).h / size[2]; p.name == "logits" && h < 24 || h < 14 {
				t.Errorf("%v: a bar of %s has %g pixels of CSS", size, p.name, h)
			}
		}
		for i, r := range all {
			if !screen.holds(r) || r.w < 60*size[2] || r.h < 40*size[2] {
				t.Errorf("%v: panel %d is %v", size, i, r)
			}
			for j, q := range all[:i] {
				if r.meets(q) {
					t.Errorf("%v: panels %d %v and %d %v overlap", size, j, q, i, r)
				}
			}
		}
		for _, l := range labels {
			if e := l.extent(); !(rect{0, 0, size[0], size[1]}).holds(e) {
				t.Errorf("%v: label %q at %v is cut", size, l.Text, e)
			}
		}
	}
}

func TestSamplesFit(t *testing.T) {
	titles := []string{"A: penalty", "B: clipping", "C"}
	for _, c := range []sampleContents{
		{true, true, 1, 64, 16}, {true, true, 2, 64, 16}, {true, true, 3, 64, 16}, {true, false, 1, 64, 16}, {false, true, 2, 64, 16}, {false, false, 1, 64, 16}, {true, true, 1, 100, 20},
	} {
		for size, large := range looks() {
			if min(size[0], size[1]) < 240 {
				continue
			}
			least := 10.
			if large {
				least = 8
			}
			name := fmt.Sprintf("%v %v %+v", size, large, c)
			p, labels := placeSamples(size[0], size[1], size[2], large, c, titles)
			all := append(slices.Concat(p.fakes...), p.reals...)
			if want := map[bool]int{true: c.runs * c.samples}[c.fake] + map[bool]int{true: c.reals}[c.real]; len(all) != want {
				t.Fatalf("%s: %d places, want %d", name, len(all), want)
			}
			for i, r := range all {
				if !(rect{0, 0, size[0] * size[2], size[1] * size[2]}).holds(r) || r.w != r.h || r.w < least {
					t.Errorf("%s: place %d is %v", name, i, r)
				}
				for _, q := range all[:i] {
					if r.meets(q) {
						t.Errorf("%s: %v and %v overlap", name, r, q)
					}
				}
			}
			for _, l := range labels {
				if e := l.extent(); !(rect{0, 0, size[0], size[1]}).holds(rect{e.x, e.y, 1, e.h}) {
					t.Errorf("%s: label %q at %v is cut", name, l.Text, e)
				}
			}
		}
	}
}

// The marks of a scale differ, however small or large its numbers are.
func TestHeight(t *testing.T) {
	for _, c := range []struct {
		from, apart float64
		want        [3]string
	}{
		{-1, 1, [3]string{"−1", "0", "1"}},
		{5, 5e-5, [3]string{"5.00000", "5.00005", "5.00010"}},
		{-1.5, 1.5, [3]string{"−1.5", "0", "1.5"}},
		{12345, 1, [3]string{"12345", "12346", "12347"}},
		{-2e-5, 2e-5, [3]string{"−2×10⁻⁵", "0", "2×10⁻⁵"}},
		{3e7, 1.5e6, [3]string{"3.00×10⁷", "3.15×10⁷", "3.30×10⁷"}},
	} {
		for i, want := range c.want {
			if got := height(c.from+float64(i)*c.apart, c.apart); got != want {
				t.Errorf("mark %d from %v by %v is %s, want %s", i, c.from, c.apart, got, want)
			}
		}
	}
}

// A stage on which nothing fits is laid out, too.
func TestPanelsTiny(t *testing.T) {
	all := contents{digits: true, reconstructions: true, prior: true, code: true, simplex: true, pairs: 40, priors: 40, categoricals: 30, classes: 10}
	for side := 1.; side < 100; side++ {
		for _, c := range []contents{all, {digits: true, prior: true, pairs: 3, priors: 40}} {
			if p, _ := placePanels(side, side, 1, true, c); p.images.columns < 1 || p.priors.columns < 1 {
				t.Errorf("on %v pixels it has %d and %d columns", side, p.images.columns, p.priors.columns)
			}
		}
	}
}
