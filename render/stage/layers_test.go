//go:build tools

package stage

import (
	"image"
	"math"
	"slices"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"ganbel/core/data"
)

// pairs is a tensor of points.
func pairs(xy ...float32) data.Tensor { return data.Tensor{Shape: []int{len(xy) / 2, 2}, Data: xy} }

func three(a, b, c float32) data.Tensor {
	return data.Tensor{Shape: []int{3}, Data: []float32{a, b, c}}
}

// layered is a cone with all that the layers draw.
func layered() map[string]data.Tensor {
	f := cone()
	f["descent"] = pairs(1, 0)
	f["modes"] = pairs(-1.5, -1.5, 1.5, 1.5)
	f["batch-real"], f["batch-fake"], f["batch-mix"] = pairs(-1, 1), pairs(1, 1), pairs(-.5, 1)
	f["batch-slope"] = data.Tensor{Shape: []int{1}, Data: []float32{3}}
	f["batch-noise"] = pairs(.5, .5)
	return f
}

// within reports whether a colour is at most far pixels from a place.
func within(m *image.RGBA, x, y float64, far int, c colour) bool {
	for dy := -far; dy <= far; dy++ {
		for dx := -far; dx <= far; dx++ {
			if near(m.RGBAAt(int(math.Round(x))+dx, int(math.Round(y))+dy), c) {
				return true
			}
		}
	}
	return false
}

// picture draws one run with just these layers.
func picture(t *testing.T, dark bool, frame map[string]data.Tensor, layers ...string) (*Stage, *image.RGBA) {
	t.Helper()
	s := New(Listener{})
	s.SetDark(dark)
	s.SetCalm(true)
	s.SetLayers(only(layers...))
	show(t, s, frame)
	return s, draw(t, s, 400, 400)
}

func TestOnePlaneHasNoTitle(t *testing.T) {
	s, before := picture(t, false, layered(), "samples", "contours", "slope")
	s.SetTitles([]string{"A", "B"})
	if after := draw(t, s, 400, 400); !alike(before, after) || slices.ContainsFunc(s.labels, func(l Label) bool { return l.Title }) {
		t.Error("a single plane changed with its title")
	}
}

func TestPlanes(t *testing.T) {
	a, b := cone(), cone()
	b["fake"] = pairs(-1, -.5)
	s := New(Listener{})
	s.SetLayers(only("samples"))
	s.SetTitles([]string{"penalty", "clipping"})
	show(t, s, a, b)
	still := draw(t, s, 800, 400)
	if len(s.runs) != 2 {
		t.Fatalf("%d planes", len(s.runs))
	}
	titles := 0
	for _, l := range s.labels {
		if l.Title {
			if want := []string{"penalty", "clipping"}[titles]; l.Text != want {
				t.Errorf("title %d is %q", titles, l.Text)
			}
			titles++
		}
	}
	if titles != 2 {
		t.Errorf("%d titles", titles)
	}
	for i, x := range []float64{1, -1} {
		for j, g := range s.runs {
			if got := near(still.RGBAAt(int(g.x(x)), int(g.y(-.5))), light.fake); got != (i == j) {
				t.Errorf("the fake point of run %d is on plane %d: %t", i, j, got)
			}
		}
	}
	for i, g := range s.runs {
		at, ok := s.Point("move", g.x(.5), g.y(-1.25))
		if !ok || at.Run != i || at.Difference || math.Abs(at.X-.5) > 1e-9 || math.Abs(at.Y+1.25) > 1e-9 {
			t.Errorf("on plane %d the pointer is at %+v, %t", i, at, ok)
		}
		m := draw(t, s, 800, 400)
		for j, h := range s.runs { // on both
			x, y := int(math.Round(h.x(.5))), int(h.y(1.5))
			if m.RGBAAt(x, y) == still.RGBAAt(x, y) {
				t.Errorf("plane %d has no cross-hair while the pointer is on %d", j, i)
			}
		}
	}
	// What went down on a plane stays with it.
	first, second := s.runs[0], s.runs[1]
	s.Point("down", first.x(0), first.y(0))
	if at, ok := s.Point("move", second.x(0), second.y(1)); ok {
		t.Errorf("dragged to the other plane the pointer is at %+v", at)
	}
	if at, ok := s.Point("up", second.x(0), second.y(1)); !ok || at.Run != 0 || at.X != 2 {
		t.Errorf("the pointer went up at %+v, %t", at, ok)
	}
	if at, ok := s.Point("move", second.x(0), second.y(1)); !ok || at.Run != 1 {
		t.Errorf("afterwards it is at %+v, %t", at, ok)
	}
	// Fewer runs are fewer planes.
	show(t, s, a)
	draw(t, s, 800, 400)
	if len(s.runs) != 1 {
		t.Errorf("%d planes for one run", len(s.runs))
	}
}

func TestDifference(t *testing.T) {
	a, b := cone(), cone()
	tilted := slices.Clone(b["critic"].Data)
	for i := range tilted {
		tilted[i] -= -2 + 4*float32(i%33)/32 - .5 // so that A-B is x - .5
	}
	b["critic"] = data.Tensor{Shape: []int{33, 33}, Data: tilted}
	s := New(Listener{})
	s.SetLayers(only("difference"))
	show(t, s, a, b)
	m := draw(t, s, 1000, 400)
	d := s.difference
	if d == nil {
		t.Fatal("there is no difference")
	}
	for _, y := range []float64{-1.7, -.3, .3, 1.7} {
		if !within(m, d.x(.5), d.y(y), 1, light.back.blend(light.ink, .62)) {
			t.Errorf("no line of 0 at y %g: %v", y, m.RGBAAt(int(d.x(.5)), int(d.y(y))))
		}
		below, above := m.RGBAAt(int(d.x(.5)-9), int(d.y(y))), m.RGBAAt(int(d.x(.5)+9), int(d.y(y)))
		if !near(above, light.back) || below.R >= above.R-12 {
			t.Errorf("beside the line of 0 it is %v where A is less and %v where it is more", below, above)
		}
	}
	if at, ok := s.Point("move", d.x(1), d.y(1)); !ok || !at.Difference || at.Run != 0 {
		t.Errorf("the pointer is at %+v, %t", at, ok)
	}
	// Off, or of planes that do not match, it is not there.
	b["view"] = data.Tensor{Shape: []int{1}, Data: []float32{3}}
	show(t, s, a, b)
	if s.difference != nil {
		t.Error("critics on different parts of the plane were subtracted")
	}
	b["view"] = a["view"]
	show(t, s, a, b)
	s.SetLayers(map[string]bool{"difference": false})
	if s.difference != nil {
		t.Error("the difference is off and there")
	}
	s.SetLayers(map[string]bool{"difference": true})
	if s.difference == nil {
		t.Error("the difference is on and not there")
	}
}

func TestDescent(t *testing.T) {
	for _, dark := range []bool{false, true} {
		s, m := picture(t, dark, layered(), "descent")
		g := s.runs[0]
		unit := g.plot.w * .05
		x, y := g.x(1), g.y(-.5)
		for _, far := range []float64{.3, .6, .9} {
			if !within(m, x+far*unit, y, 1, s.theme.ink) {
				t.Errorf("no arrow at %g of its length: %v", far, m.RGBAAt(int(x+far*unit), int(y)))
			}
		}
		if within(m, x+1.5*unit, y, 2, s.theme.ink) || within(m, x-.5*unit, y, 2, s.theme.ink) {
			t.Error("the arrow goes too far, or backwards")
		}
	}
	f := layered()
	delete(f, "descent")
	_, bare := picture(t, false, f, "descent")
	pixels := func(dx, dy float32) int { // of an arrow
		f["descent"] = pairs(dx, dy)
		_, m := picture(t, false, f, "descent")
		return count(bare, light.back) - count(m, light.back)
	}
	if a, b, c := pixels(0, .5), pixels(0, 2), pixels(0, 50); !(0 < a && a < b && b == c) {
		t.Errorf("arrows of norm .5, 2 and 50 have %d, %d and %d pixels", a, b, c)
	}
	if n := pixels(0, 0); n != 0 {
		t.Errorf("no gradient is an arrow of %d pixels", n)
	}
}

func TestBatchAndSegments(t *testing.T) {
	f := layered()
	s, m := picture(t, false, f, "batch")
	g := s.runs[0]
	if !near(m.RGBAAt(int(g.x(1)), int(g.y(1))), light.fake) || count(m, light.real) < 20 || near(m.RGBAAt(int(g.x(-1)), int(g.y(1))), light.real) {
		t.Error("the batch's points are not a filled diamond and a ring")
	}
	_, m = picture(t, false, f, "segments")
	if c := m.RGBAAt(int(g.x(-.5)), int(g.y(1))); !near(c, slopeColour(3)) {
		t.Errorf("the place of the penalty is %v, not the colour of 3", c)
	}
	for _, x := range []float64{-.9, 0, .9} {
		if m.RGBAAt(int(g.x(x)), int(g.y(1))).R > 180 && m.RGBAAt(int(g.x(x)), int(g.y(1))-1).R > 180 {
			t.Errorf("no segment at x %g: %v", x, m.RGBAAt(int(g.x(x)), int(g.y(1))))
		}
	}
	if !near(m.RGBAAt(int(g.x(1.4)), int(g.y(1))), light.back) {
		t.Error("the segment goes beyond the fake point")
	}
	delete(f, "batch-noise")
	delete(f, "batch-mix") // before the first critic step
	picture(t, false, f, "segments", "noise")
}

func TestNoise(t *testing.T) {
	s, m := picture(t, true, layered(), "noise")
	g := s.runs[0]
	if !within(m, g.x(.5), g.y(.5), 4, dark.code) || !near(m.RGBAAt(int(g.x(.5)), int(g.y(.5))), dark.back) {
		t.Error("the noise is not a hollow diamond")
	}
	_, with := picture(t, true, layered(), "noise", "batch") // each has a rim of its own
	for dy := -12; dy <= 12; dy++ {
		for dx := -12; dx <= 12; dx++ {
			x, y := int(g.x(.5))+dx, int(g.y(.5))+dy
			if a, b := m.RGBAAt(x, y), with.RGBAAt(x, y); a != b {
				t.Fatalf("with the batch the noise is %v at (%d, %d), without it %v", b, x, y, a)
			}
		}
	}
}

func TestHandles(t *testing.T) {
	s, m := picture(t, false, layered(), "handles")
	g := s.runs[0]
	x, y := math.Round(g.x(1.5)), math.Round(g.y(1.5))
	for _, d := range [4][2]float64{{-6, 0}, {6, 0}, {0, -6}, {0, 6}} {
		if !within(m, x+d[0], y+d[1], 1, light.ink) {
			t.Errorf("the grip has no edge at %v", d)
		}
	}
	if near(m.RGBAAt(int(x), int(y)), light.ink) {
		t.Error("the grip is not hollow")
	}
	for _, c := range []struct {
		dx   float64
		mode int
	}{{0, 1}, {11, 1}, {30, -1}} {
		if at, ok := s.Point("move", x-c.dx, y+c.dx/8); !ok || at.Mode != c.mode {
			t.Errorf("%g pixels off the grip the pointer is on %d", c.dx, at.Mode)
		}
	}
	s.Point("down", x, y)
	if at, ok := s.Point("move", g.x(0), g.y(0)); !ok || at.Mode != 1 || math.Abs(at.X) > 1e-9 {
		t.Errorf("dragged, the pointer is at %+v", at)
	}
	if at, ok := s.Point("move", 2, 2); !ok || at.Mode != 1 || at.X != -2 || at.Y != 2 {
		t.Errorf("dragged beyond the plane, it is at %+v, %t", at, ok)
	}
	s.Point("up", g.x(0), g.y(0))
	if at, _ := s.Point("move", g.x(0), g.y(0)); at.Mode != -1 {
		t.Errorf("let go, it is on %d", at.Mode)
	}
	if at, _ := s.Point("leave", 0, 0); at.On != OnNothing || s.pointer != nil {
		t.Error("the pointer left and is there")
	}
}

func TestGhostAndSlice(t *testing.T) {
	s, bare := picture(t, false, cone())
	g := s.runs[0]
	s.SetGhost([]float32{.25, .75})
	m := draw(t, s, 400, 400)
	want := light.quiet.blend(light.ink, .25)
	if !near(m.RGBAAt(int(g.x(.25)), int(g.y(.75))), want) {
		t.Errorf("the ghost is %v, want %v", m.RGBAAt(int(g.x(.25)), int(g.y(.75))), want)
	}
	s.SetGhost(nil)
	s.SetSlice(-1, -1, 1, .6)
	m = draw(t, s, 400, 400)
	for _, f := range []float64{.2, .5, .8} {
		if !within(m, g.x(-1+2*f), g.y(-1+1.6*f), 1, light.ink) {
			t.Errorf("no line at %g of the slice", f)
		}
	}
	if near(m.RGBAAt(int(g.x(-1)), int(g.y(-1))), light.ink) || !near(m.RGBAAt(int(g.x(1)), int(g.y(.6))), light.ink) {
		t.Error("the slice's ends are not hollow and filled")
	}
	s.ClearSlice()
	if !alike(draw(t, s, 400, 400), bare) {
		t.Error("without ghost and slice the picture is not what it was")
	}
}

// ridge is a frame whose critic is 0 but for a wall along y = 0, and whose
// gradient's norm is 4 for x > 0 and 1/4 elsewhere.
func ridge() map[string]data.Tensor {
	f := cone()
	const n = 33
	critic, slope := make([]float32, n*n), make([]float32, n*n)
	for i := range n {
		for j := range n {
			critic[i*n+j] = float32(math.Exp(-math.Pow(float64(i-16)/3, 2)))
			slope[i*n+j] = .25
			if j > 16 {
				slope[i*n+j] = 4
			}
		}
	}
	f["critic"], f["slope"] = data.Tensor{Shape: []int{n, n}, Data: critic}, data.Tensor{Shape: []int{n, n}, Data: slope}
	f["real"], f["fake"] = pairs(-1, -1), pairs(-1, .6)
	return f
}

func TestSurface(t *testing.T) {
	s := New(Listener{})
	s.SetLayers(only("samples", "slope", "surface"))
	s.SetTurn(Turn{0, 20})
	show(t, s, ridge())
	m := draw(t, s, 600, 500)
	g := s.runs[0]
	r := raise(g, 32)
	sc := look(Turn{0, 20}, g.plot, g.text)
	place := func(x, y float64) (float64, float64) { return sc.at(x, y, r.over(x, y)) }

	// On the flat it has the gradient norm's colours, wherever it is lit from.
	for _, c := range []struct{ x, y, slope float64 }{{.625, -.875, 4}, {-.625, -.875, .25}} {
		x, y := place(c.x, c.y)
		got, want := m.RGBAAt(int(x), int(y)), slopeColour(c.slope)
		for k, v := range [3]uint8{got.R, got.G, got.B} {
			if math.Abs(float64(v)-255*float64(want[k])) > 40 {
				t.Errorf("at (%g, %g) the surface is %v, want about %v", c.x, c.y, got, want)
				break
			}
		}
	}
	// The point before the ridge is seen, the one behind it is not.
	if count(m, light.real) < 10 {
		t.Error("the real point does not stand before the ridge")
	}
	if n := count(m, light.fake); n > 0 {
		t.Errorf("the fake point behind the ridge shows %d pixels", n)
	}
	s.SetTurn(Turn{180, 20})
	m = draw(t, s, 600, 500)
	if count(m, light.fake) < 10 || count(m, light.real) > 10 {
		t.Errorf("seen from behind there are %d pixels of the fake point and %d of the real one", count(m, light.fake), count(m, light.real))
	}
	if !slices.ContainsFunc(s.labels, func(l Label) bool { return l.Text == "D" }) || !slices.ContainsFunc(s.labels, func(l Label) bool { return l.Text == "0.6" }) {
		t.Errorf("the axis has no numbers: %+v", s.labels)
	}

	// Dragging turns it, and the page hears nothing.
	s.SetTurn(Turn{0, 20})
	if at, ok := s.Point("down", 300, 250); ok || at.On != OnSurface {
		t.Errorf("down on the surface is %+v, %t", at, ok)
	}
	s.Point("move", 200, 300)
	if now := s.Turned(); now != (Turn{40, 40}) {
		t.Errorf("dragged by (-100, 50) it is turned to %+v", now)
	}
	s.Point("up", 200, 300)
	s.Point("move", 0, 0)
	if now := s.Turned(); now != (Turn{40, 40}) {
		t.Errorf("let go, it turned on to %+v", now)
	}
	s.SetTurn(Turn{math.NaN(), -50})
	if now := s.Turned(); now != (Turn{0, 8}) {
		t.Errorf("a turn that cannot be became %+v", now)
	}
	for _, turn := range []Turn{{0, 90}, {90, 8}, {-45, 45}} { // however it stands, it is on the stage
		s.SetTurn(turn)
		m = draw(t, s, 600, 500)
		for x := range 600 {
			if !near(m.RGBAAt(x, 0), light.back) || !near(m.RGBAAt(x, 499), light.back) {
				t.Fatalf("turned to %+v it reaches beyond the stage at x %d", turn, x)
			}
		}
	}
	// The probe is a pin on it.
	before := count(m, light.ink)
	s.Probe(-1, -1)
	if n := count(draw(t, s, 600, 500), light.ink); n < before+30 {
		t.Errorf("the pin changed %d pixels to %d", before, n)
	}
}

func TestScene(t *testing.T) {
	sc := look(Turn{30, 25}, rect{0, 0, 400, 400}, 0)
	// What is higher is higher on the screen, what is nearer is lower and larger.
	_, low := sc.at(0, 0, 0)
	_, high := sc.at(0, 0, 1)
	if high >= low {
		t.Errorf("height 1 is at %g, height 0 at %g", high, low)
	}
	near, far := sc.eye, [3]float64{-sc.eye[0], -sc.eye[1]}
	long := math.Hypot(near[0], near[1])
	width := func(x, y float64) float64 { // of a bar across the view
		a, _ := sc.at(x-.1*sc.cos, y-.1*sc.sin, .5)
		b, _ := sc.at(x+.1*sc.cos, y+.1*sc.sin, .5)
		return b - a
	}
	if a, b := width(near[0]/long, near[1]/long), width(far[0]/long, far[1]/long); !(a > b && b > 0) {
		t.Errorf("a bar is %g wide near the eye and %g far from it", a, b)
	}
	for n := 1; n < 20; n++ {
		for _, place := range []float64{-9, -1, -.3, 0, .7, 1, 9} {
			order := farFirst(n, place)
			sorted := slices.Clone(order)
			slices.Sort(sorted)
			for i, v := range sorted {
				if v != i {
					t.Fatalf("the order of %d cells is %v", n, order)
				}
			}
			at := func(i int) float64 { return 2*(float64(i)+.5)/float64(n) - 1 - place }
			for i := 1; i < n; i++ {
				if a, b := at(order[i-1]), at(order[i]); a*b > 0 && math.Abs(b) > math.Abs(a) {
					t.Errorf("seen from %g, %v draws a nearer cell first", place, order)
				}
			}
		}
	}
}

// choiceFrame is one choice.
func choiceFrame() map[string]data.Tensor {
	return map[string]data.Tensor{
		"logits": three(3, -3, 0), "noise": three(1, 2, -1), "perturbed": three(8, -2, -2), "sample": three(.2, .7, .1), "hard": three(0, 1, 0),
		"chances": three(.5, .1, .4), "counts": three(6, 0, 2), "temperature": {Shape: []int{1}, Data: []float32{.5}},
		"cloud": {Shape: []int{2, 3}, Data: []float32{1, 0, 0, 0, .5, .5}},
	}
}

func TestCategorical(t *testing.T) {
	for _, size := range [][2]int{{800, 600}, {360, 360}, {1600, 900}, {390, 700}} {
		for _, isDark := range []bool{false, true} {
			s := New(Listener{})
			s.SetDark(isDark)
			if err := s.SetMode(Categorical); err != nil {
				t.Fatal(err)
			}
			show(t, s, choiceFrame())
			m := draw(t, s, size[0], size[1])
			panels, simplex, text, _ := placeBars(float64(size[0]), float64(size[1]), 1, false)
			for _, c := range []struct {
				panel, bar int
				at, to     float64 // within the bar, and beyond it
				c          colour
			}{
				{0, 0, 1.5, 5.5, s.theme.well.blend(s.theme.ink, .75)}, {0, 1, -1.5, 3, s.theme.well.blend(s.theme.ink, .75)},
				{1, 1, 1, 5, s.theme.quiet.blend(s.theme.ink, .3)}, {2, 0, 4, -4, s.theme.well.blend(s.theme.ink, .75)},
				{3, 1, .4, .9, s.theme.code}, {3, 0, .1, .6, s.theme.code},
			} {
				p := panels[c.panel]
				row := p.row(c.bar)
				y := int(row.y + row.h/2)
				if got := m.RGBAAt(int(p.x(c.at)), y); !near(got, c.c) {
					t.Errorf("%v: in %s bar %d is %v, want %v", size, p.name, c.bar, got, c.c)
				}
				if got := m.RGBAAt(int(p.x(c.to)), y); !near(got, s.theme.well) {
					t.Errorf("%v: in %s beyond bar %d is %v", size, p.name, c.bar, got)
				}
			}
			// The hard choice is framed.
			p := panels[3]
			if row := p.row(1); !within(m, row.x+row.w/2, row.y+row.h/2-math.Round(math.Min(row.h*.62, 2*text))/2-1, 1, s.theme.ink) {
				t.Errorf("%v: the hard choice has no frame", size)
			}
			// The sample lies in the simplex, .2 of the way from side to corner 1.
			said := map[string]Label{}
			for _, l := range s.labels {
				said[l.Text] = l
			}
			for _, name := range []string{"logits", "gumbelNoise", "perturbed", "softSample", "simplex", "1", "2", "3", "τ = 0.5", "3.00", "−3.00", "0.70"} {
				if _, ok := said[name]; !ok {
					t.Errorf("%v: no label %q", size, name)
				}
			}
			side := math.Min(simplex.w-3*text, (simplex.h-2.2*text)/(math.Sqrt(3)/2))
			left, bottom := simplex.x+(simplex.w-side)/2, simplex.y+.8*text+side*math.Sqrt(3)/2
			if got := m.RGBAAt(int(left+.7*side+.05*side), int(bottom-.1*side*math.Sqrt(3)/2)); !near(got, s.theme.fake) {
				t.Errorf("%v: the sample is %v", size, got)
			}

			// A bar can be dragged, with the pointer anywhere.
			row := panels[0].row(1)
			at, ok := s.Point("down", panels[0].x(-3), row.y+row.h/2)
			if !ok || at.On != OnBar || at.Bar != 1 || math.Abs(at.Value+3) > 1e-9 {
				t.Errorf("%v: down on a bar is %+v, %t", size, at, ok)
			}
			if at, ok := s.Point("move", panels[0].x(2), 1); !ok || at.Bar != 1 || math.Abs(at.Value-2) > 1e-9 {
				t.Errorf("%v: dragged it is %+v, %t", size, at, ok)
			}
			if at, ok := s.Point("up", -100, 1); !ok || at.Value != -logitMost {
				t.Errorf("%v: beyond the scale it is %+v, %t", size, at, ok)
			}
			if at, ok := s.Point("move", simplex.x+simplex.w/2, simplex.y+simplex.h/2); ok {
				t.Errorf("%v: the simplex is taken for %+v", size, at)
			}
		}
	}
}

func TestCodeCells(t *testing.T) {
	s := New(Listener{})
	if err := s.SetMode(Gumbel); err != nil {
		t.Fatal(err)
	}
	show(t, s, gumbelFrame())
	plain := draw(t, s, 800, 600)
	for i := range 3 {
		for j := range 4 {
			r := s.gumbel.cells.at(i, j)
			at, ok := s.Point("down", r.x+r.w/2, r.y+r.h/2)
			if !ok || at.On != OnCell || at.Row != i || at.Column != j {
				t.Errorf("cell %d, %d is %+v, %t", i, j, at, ok)
			}
		}
	}
	for _, p := range [][2]float64{{1, 1}, {s.gumbel.cells.r.x - 2, s.gumbel.cells.r.y + 5}} {
		if at, ok := s.Point("down", p[0], p[1]); ok {
			t.Errorf("beside the code the pointer is on %+v", at)
		}
	}
	if count(plain, light.one) > 0 {
		t.Error("a cell has a frame and none was selected")
	}
	s.Select(1, 0)
	r := s.gumbel.cells.at(1, 0)
	if m := draw(t, s, 800, 600); !within(m, r.x+r.w/2, r.y-2, 2, light.one) || !within(m, r.x+r.w+2, r.y+r.h/2, 2, light.one) {
		t.Error("the selected cell has no frame")
	}
	s.Select(7, 7) // of another model
	draw(t, s, 800, 600)
	s.Unselect()
	if m := draw(t, s, 800, 600); !alike(m, plain) {
		t.Error("the frame is left")
	}
	frame := gumbelFrame()
	frame["codes"] = data.Tensor{Shape: []int{16, 3, 4}, Data: make([]float32, 192)}
	show(t, s, frame)
	if m := draw(t, s, 800, 600); !alike(m, plain) {
		t.Error("codes changed the picture")
	}
}

func TestBadLayersKeepThePicture(t *testing.T) {
	s, before := picture(t, false, layered(), "samples", "contours", "slope", "descent", "batch", "segments", "noise", "handles")
	short := data.Tensor{Shape: []int{3}, Data: []float32{1, 2, 3}}
	for _, name := range []string{"descent", "modes", "batch-real", "batch-fake", "batch-mix", "batch-slope", "batch-noise"} {
		frame := layered()
		frame[name] = short
		if err := s.Show(2, []map[string]data.Tensor{frame}); err == nil {
			t.Errorf("%s of shape %v was taken", name, short.Shape)
		}
		if err := s.Show(2, []map[string]data.Tensor{layered(), frame}); err == nil {
			t.Errorf("%s of shape %v was taken for the second run", name, short.Shape)
		}
	}
	for _, name := range []string{"descent", "batch-real", "batch-fake"} { // rows that belong to others
		frame := layered()
		frame[name] = pairs(1, 2, 3, 4, 5, 6)
		if err := s.Show(2, []map[string]data.Tensor{frame}); err == nil {
			t.Errorf("%s with too many rows was taken", name)
		}
	}
	if err := s.Show(2, nil); err == nil {
		t.Error("a frame of no run was taken")
	}
	for name := range choiceFrame() {
		frame := choiceFrame()
		frame[name] = pairs(1, 2, 3, 4)
		if err := s.Show(2, []map[string]data.Tensor{frame}); err == nil {
			t.Errorf("%s of shape [2 2] was taken", name)
		}
	}
	if m := draw(t, s, 400, 400); !alike(m, before) {
		t.Error("bad frames changed the picture")
	}

	// Numbers that are none are drawn as nothing.
	frame := layered()
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, name := range []string{"descent", "modes", "batch-real", "batch-fake", "batch-mix", "batch-slope", "batch-noise", "critic", "slope"} {
		d := slices.Clone(frame[name].Data)
		for i := range d {
			d[i] = []float32{nan, inf, -inf, 1e38}[i%4]
		}
		frame[name] = data.Tensor{Shape: frame[name].Shape, Data: d}
	}
	show(t, s, frame, frame)
	s.SetLayers(map[string]bool{"difference": true})
	draw(t, s, 500, 300)
	s.SetLayers(map[string]bool{"surface": true})
	draw(t, s, 500, 300)
}

// While points are on their way the ground stays; once they are there they are
// part of it, and all is as if they had not moved.
func TestMovingEndsAsStill(t *testing.T) {
	next := layered()
	next["fake"] = pairs(1.1, -.4)
	paint := func(calm bool) *image.RGBA {
		s := New(Listener{})
		s.SetCalm(calm)
		s.SetLayers(only("samples", "contours", "handles"))
		show(t, s, layered())
		ground, screen := ebiten.NewImage(400, 400), ebiten.NewImage(400, 400)
		defer ground.Deallocate()
		defer screen.Deallocate()
		show(t, s, next)
		for frames := 0; s.dirty; frames++ {
			if frames > 1e6 {
				t.Fatal("it never comes to rest")
			}
			s.Draw(ground)
			s.DrawFinalScreen(screen, ground, ebiten.GeoM{})
		}
		m := image.NewRGBA(image.Rect(0, 0, 400, 400))
		screen.ReadPixels(m.Pix)
		return m
	}
	if !alike(paint(false), paint(true)) {
		t.Error("points that moved end in another picture than points that jumped")
	}
}

// alike reports whether pictures are the same but for how numbers are rounded,
// which depends on where Ebitengine keeps a texture.
func alike(a, b *image.RGBA) bool {
	for i, v := range a.Pix {
		if max(v, b.Pix[i])-min(v, b.Pix[i]) > 2 {
			return false
		}
	}
	return len(a.Pix) == len(b.Pix)
}

// What is computed without a graphics card is what the shader draws.
func TestSlowLooksTheSame(t *testing.T) {
	a, b := layered(), cone()
	for i := range b["critic"].Data {
		b["critic"].Data[i] *= float32(i%33) / 33
	}
	for _, isDark := range []bool{false, true} {
		for _, layers := range [][]string{{"contours"}, {"slope"}, {"contours", "slope"}, {"contours", "slope", "difference", "samples"}} {
			s := New(Listener{})
			s.SetDark(isDark)
			s.SetCalm(true)
			s.SetLayers(only(layers...))
			show(t, s, a, b)
			fast := draw(t, s, 900, 420)
			s.SetSlow(true)
			slow := draw(t, s, 900, 420)
			off, sum := 0, 0.
			for i, v := range fast.Pix {
				d := math.Abs(float64(v) - float64(slow.Pix[i]))
				sum += d
				if d > 12 {
					off++
				}
			}
			if share := float64(off) / float64(len(fast.Pix)); share > .003 || sum/float64(len(fast.Pix)) > .5 {
				t.Errorf("%v, dark %t: %.2f%% of the numbers differ by more than 12, the mean is %.2f", layers, isDark, 100*share, sum/float64(len(fast.Pix)))
			}
			if n := count(slow, s.theme.back); n == 900*420 {
				t.Errorf("%v: nothing is drawn", layers)
			}
		}
	}
}

// Nothing that is on a plane is drawn beside it, and at its edge it is cut straight.
func TestPlaneIsCutOff(t *testing.T) {
	f := layered()
	f["real"], f["fake"], f["modes"] = pairs(2, 0, -2, 1.5), pairs(0, 2, 0, -2, 2, -2), pairs(2, 1)
	f["descent"] = pairs(0, 2, 0, -2, 2, -2)
	f["batch-real"], f["batch-fake"], f["batch-mix"], f["batch-noise"] = pairs(-2, 0), pairs(3, .5), pairs(2, .4), pairs(-2, -2)
	s, m := picture(t, false, f, "samples", "descent", "batch", "segments", "noise", "handles", "warp")
	s.SetSlice(0, 0, 5, 1)
	s.SetGhost([]float32{-2, -1})
	_, empty := picture(t, false, map[string]data.Tensor{"view": f["view"]}, "samples")
	g := s.runs[0]
	for _, m := range []*image.RGBA{m, draw(t, s, 400, 400)} {
		for y := range 400 {
			for x := range 400 {
				r := g.plot
				if float64(x) >= r.x-1 && float64(x) < r.x+r.w+1 && float64(y) >= r.y-1 && float64(y) < r.y+r.h+1 {
					continue
				}
				if a, b := m.RGBAAt(x, y), empty.RGBAAt(x, y); a != b {
					t.Fatalf("beside the plane, at (%d, %d), it is %v, not %v", x, y, a, b)
				}
			}
		}
	}
	_, m = picture(t, false, f, "samples")
	if !near(m.RGBAAt(int(g.x(0)), int(g.plot.y+1)), light.fake) || !near(m.RGBAAt(int(g.x(0)), int(g.plot.y+g.plot.h-1)), light.fake) {
		t.Error("points at the edge are not cut at the edge")
	}
	for _, c := range []struct {
		r    rect
		want int // corners that are left of a square from -1 to 1
	}{{rect{-2, -2, 4, 4}, 4}, {rect{0, 0, 4, 4}, 4}, {rect{1.5, 0, 1, 1}, 0}, {rect{-.5, -.5, 1, 1}, 4}} {
		got := c.r.cut([]corner{{-1, -1, -1, -1}, {1, -1, 1, -1}, {1, 1, 1, 1}, {-1, 1, -1, 1}})
		if len(got) != c.want {
			t.Errorf("%v leaves %v", c.r, got)
		}
		for _, p := range got {
			if p.x != p.u || p.y != p.v || !c.r.holds(rect{p.x, p.y, 0, 0}) {
				t.Errorf("%v leaves %v", c.r, p)
			}
		}
	}
}
