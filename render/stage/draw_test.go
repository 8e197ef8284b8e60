//go:build tools

package stage

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"ganbel/core/data"
)

// TestMain runs the tests within Ebitengine's loop, on a display of its own
// where there is none.
func TestMain(m *testing.M) {
	if os.Getenv("DISPLAY") == "" {
		stop, err := display()
		if err != nil {
			fmt.Fprintln(os.Stderr, "render/stage draws in its tests and needs a display:", err, "(install xvfb)")
			os.Exit(1)
		}
		defer stop()
	}
	t := &tests{m: m, code: 1}
	if err := ebiten.RunGameWithOptions(t, &ebiten.RunGameOptions{InitUnfocused: true}); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if t.code != 0 {
		os.Exit(t.code)
	}
}

// display starts a virtual X server.
func display() (stop func(), err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{w}
	if err := server.Start(); err != nil {
		return nil, err
	}
	w.Close()
	number := 0
	if _, err := fmt.Fscan(r, &number); err != nil {
		return nil, fmt.Errorf("Xvfb gave no display: %w", err)
	}
	return func() { server.Process.Kill(); server.Wait() }, os.Setenv("DISPLAY", fmt.Sprintf(":%d", number))
}

type tests struct {
	m    *testing.M
	code int
}

func (t *tests) Update() error              { t.code = t.m.Run(); return ebiten.Termination }
func (t *tests) Draw(*ebiten.Image)         {}
func (t *tests) Layout(w, h int) (int, int) { return w, h }

// draw returns what a stage shows on a screen of w by h.
func draw(t *testing.T, s *Stage, w, h int) *image.RGBA {
	t.Helper()
	ground, screen := ebiten.NewImage(w, h), ebiten.NewImage(w, h)
	defer ground.Deallocate()
	defer screen.Deallocate()
	s.Draw(ground)
	s.DrawFinalScreen(screen, ground, ebiten.GeoM{})
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	screen.ReadPixels(out.Pix)
	if folder := os.Getenv("STAGE_PICTURES"); folder != "" { // to look at them
		f, err := os.Create(filepath.Join(folder, fmt.Sprintf("%s-%dx%d.png", filepath.Base(t.Name()), w, h)))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, out); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// near reports whether a pixel has a colour, within 24 of 255 a channel.
func near(p color.RGBA, c colour) bool {
	for i, v := range [3]uint8{p.R, p.G, p.B} {
		if math.Abs(float64(v)-255*float64(c[i])) > 24 {
			return false
		}
	}
	return true
}

// count returns how many pixels have a colour.
func count(m *image.RGBA, c colour) (n int) {
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			if near(m.RGBAAt(x, y), c) {
				n++
			}
		}
	}
	return n
}

// cone is a frame whose critic is the distance from the origin, so that its
// contour lines are circles, and whose gradient's norm is 2^x.
func cone() map[string]data.Tensor {
	const n = 33
	critic, slope := make([]float32, n*n), make([]float32, n*n)
	for i := range n {
		for j := range n {
			x, y := -2+4*float64(j)/(n-1), -2+4*float64(i)/(n-1)
			critic[i*n+j] = float32(math.Hypot(x, y))
			slope[i*n+j] = float32(math.Exp2(x))
		}
	}
	return map[string]data.Tensor{
		"view": {Shape: []int{1}, Data: []float32{2}},
		"real": {Shape: []int{2, 2}, Data: []float32{-1, 1, -1.5, -.5}}, "fake": {Shape: []int{1, 2}, Data: []float32{1, -.5}},
		"critic": {Shape: []int{n, n}, Data: critic}, "slope": {Shape: []int{n, n}, Data: slope},
		"warp": {Shape: []int{2, 2, 2}, Data: []float32{-.5, -.5, .5, -.5, -.5, .5, .5, .5}},
	}
}

func only(layers ...string) map[string]bool {
	on := map[string]bool{}
	for _, l := range []string{"samples", "contours", "slope", "warp", "descent", "batch", "segments", "noise", "handles", "surface", "difference"} {
		on[l] = false
	}
	for _, l := range layers {
		on[l] = true
	}
	return on
}

func show(t *testing.T, s *Stage, runs ...map[string]data.Tensor) {
	t.Helper()
	if err := s.Show(1, runs); err != nil {
		t.Fatal(err)
	}
}

func TestPlaceholderIsQuiet(t *testing.T) {
	for _, mode := range []Mode{WGAN, Gumbel, Categorical} {
		for _, isDark := range []bool{false, true} {
			s := New(Listener{})
			s.SetDark(isDark)
			if err := s.SetMode(mode); err != nil {
				t.Fatal(err)
			}
			m := draw(t, s, 320, 240)
			if !near(m.RGBAAt(1, 1), s.theme.back) || m.RGBAAt(1, 1).A != 255 {
				t.Errorf("%s: the corner is %v", mode, m.RGBAAt(1, 1))
			}
			if n := count(m, s.theme.back); n == 320*240 {
				t.Errorf("%s: nothing shows that something will come", mode)
			}
		}
	}
}

func TestSamples(t *testing.T) {
	for _, isDark := range []bool{false, true} {
		s := New(Listener{})
		s.SetDark(isDark)
		s.SetLayers(only("samples"))
		show(t, s, cone())
		m := draw(t, s, 400, 400)
		p := s.runs[0].plane
		at := func(x, y, right float64) color.RGBA { return m.RGBAAt(int(p.x(x)+right), int(p.y(y))) }
		if c := at(1, -.5, 0); !near(c, s.theme.fake) {
			t.Errorf("a fake point is %v", c)
		}
		if c := at(-1, 1, 0); near(c, s.theme.real) || near(c, s.theme.fake) {
			t.Errorf("a real point is not hollow: %v", c)
		}
		real, fake := count(m, s.theme.real), count(m, s.theme.fake)
		if real == 0 || fake == 0 {
			t.Errorf("%d orange and %d blue pixels", real, fake)
		}
		s.SetLayers(map[string]bool{"real": false})
		if n := count(draw(t, s, 400, 400), s.theme.real); n > 0 {
			t.Errorf("without real points %d pixels are orange", n)
		}
		s.SetLayers(map[string]bool{"samples": false})
		if n := count(draw(t, s, 400, 400), s.theme.fake); n > 0 {
			t.Errorf("without samples %d pixels are blue", n)
		}
	}
}

func TestContoursAreCircles(t *testing.T) {
	var ranges Ranges
	s := New(Listener{Ranges: func(r Ranges) { ranges = r }})
	s.SetLayers(only("contours"))
	show(t, s, cone())
	if len(ranges.Levels) < 8 || len(ranges.Levels) > 11 || math.Abs(ranges.CriticMax-2*math.Sqrt2) > 1e-3 || ranges.Low != .25 || ranges.High != 4 {
		t.Fatalf("ranges %+v", ranges)
	}
	for _, size := range []int{300, 600} {
		m := draw(t, s, size, size)
		p := s.runs[0].plane
		dark := func(x, y float64) bool { // where a line is, near a point of the data
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if m.RGBAAt(int(p.x(x))+dx, int(p.y(y))+dy).G < 190 {
						return true
					}
				}
			}
			return false
		}
		for _, r := range ranges.Levels[1:] {
			if r > 1.9 {
				break
			}
			for k := range 24 {
				a := float64(k)*math.Pi/12 + .1
				if !dark(r*math.Cos(a), r*math.Sin(a)) {
					t.Errorf("%d pixels: no line at level %g, angle %g", size, r, a)
				}
			}
			between := r + (ranges.Levels[1]-ranges.Levels[0])/2
			if dark(between*math.Cos(.7), between*math.Sin(.7)) {
				t.Errorf("%d pixels: a line between the levels, at %g", size, between)
			}
		}
	}
}

func TestSlopeColours(t *testing.T) {
	s := New(Listener{})
	s.SetLayers(only("slope"))
	show(t, s, cone())
	m := draw(t, s, 500, 500)
	p := s.runs[0].plane
	for _, x := range []float64{-1.9, -1, -.4, .4, 1, 1.9} {
		want := light.back.blend(heatColour(.5+x/4), light.heat)
		if got := m.RGBAAt(int(p.x(x)), int(p.y(.3))); !near(got, want) {
			t.Errorf("at slope 2^%g the colour is %v, want %v", x, got, want)
		}
	}
	for _, y := range []float64{-1.7, -.2, 1.3} {
		if got := m.RGBAAt(int(p.x(0)), int(p.y(y))); !near(got, light.one) {
			t.Errorf("at slope 1 the colour is %v, want the line's %v", got, light.one)
		}
	}
	if got := m.RGBAAt(int(p.bar.x+p.bar.w/2), int(p.barY(3.8))); !near(got, light.back.blend(heatColour(.98), light.heat)) {
		t.Errorf("the colour bar ends in %v", got)
	}
}

func TestWarp(t *testing.T) {
	s := New(Listener{})
	s.SetLayers(only("warp"))
	show(t, s, cone())
	m := draw(t, s, 400, 400)
	p := s.runs[0].plane
	for _, at := range [][2]float64{{0, .5}, {0, -.5}, {.5, 0}, {-.5, 0}} {
		found := false
		for d := -1; d <= 1; d++ {
			found = found || near(m.RGBAAt(int(p.x(at[0]))+d, int(p.y(at[1]))+d), light.code)
		}
		if !found {
			t.Errorf("no lattice line at %v", at)
		}
	}
}

func TestCrossHair(t *testing.T) {
	s := New(Listener{})
	s.SetLayers(only())
	show(t, s, cone())
	still := draw(t, s, 400, 400)
	p := s.runs[0].plane
	at, ok := s.Point("move", p.x(1), p.y(-1.25))
	if !ok || at.On != OnPlane || math.Abs(at.X-1) > 1e-9 || math.Abs(at.Y+1.25) > 1e-9 {
		t.Errorf("the pointer is at %+v, %t", at, ok)
	}
	m := draw(t, s, 400, 400)
	if c := m.RGBAAt(int(math.Round(p.x(1))), int(p.y(1.5))); c == still.RGBAAt(int(math.Round(p.x(1))), int(p.y(1.5))) {
		t.Error("there is no cross-hair")
	}
	if _, ok := s.Point("move", 1, 1); ok || s.pointer != nil {
		t.Error("the margin is taken for the plot")
	}
}

func TestPointsMove(t *testing.T) {
	now := time.Now()
	g := &wgan{view: 2}
	show := func(f map[string]data.Tensor, calm bool, now time.Time) {
		t.Helper()
		next, _, err := g.after(f, calm, now)
		if err != nil {
			t.Fatal(err)
		}
		g = next
	}
	frame := cone()
	next := cone()
	next["fake"] = data.Tensor{Shape: []int{1, 2}, Data: []float32{1.2, -.5}}
	for i, f := range []map[string]data.Tensor{frame, next} {
		show(f, false, now.Add(time.Duration(i)*50*time.Millisecond))
	}
	if x := g.places(now.Add(75 * time.Millisecond))[0]; math.Abs(float64(x)-1.1) > 1e-5 {
		t.Errorf("half way between 1 and 1.2 is %g", x)
	}
	if x := g.places(now.Add(time.Second))[0]; x != 1.2 {
		t.Errorf("the point ended at %g", x)
	}
	show(frame, true, now.Add(100*time.Millisecond))
	if x := g.places(now.Add(101 * time.Millisecond))[0]; x != 1 {
		t.Errorf("with reduced motion the point is at %g on its way", x)
	}
}

func TestStillStageDrawsNothing(t *testing.T) {
	drawn, still := 0, 0
	s := New(Listener{Drawn: func(int, time.Duration) { drawn++ }, Still: func() { still++ }})
	s.SetCalm(true)
	show(t, s, cone())
	screen, ground := ebiten.NewImage(200, 200), ebiten.NewImage(200, 200)
	defer screen.Deallocate()
	defer ground.Deallocate()
	s.Draw(ground)
	s.DrawFinalScreen(screen, ground, ebiten.GeoM{})
	for range 2 {
		s.Draw(ground)
	}
	if drawn != 1 || still != 3 {
		t.Errorf("drawn %d times, still %d times; want 1 and 3", drawn, still)
	}
	screen.Fill(color.RGBA{1, 2, 3, 255})
	s.Draw(screen) // another ground
	s.DrawFinalScreen(ground, screen, ebiten.GeoM{})
	screen.Fill(color.RGBA{1, 2, 3, 255})
	s.Draw(screen)
	if got := screen.At(100, 100); got != (color.RGBA{1, 2, 3, 255}) {
		t.Errorf("a still stage drew %v", got)
	}
}

func TestBadNumbersAndShapes(t *testing.T) {
	s := New(Listener{})
	frame := cone()
	nan := float32(math.NaN())
	for _, name := range []string{"critic", "slope", "real", "fake", "warp"} {
		d := frame[name].Data
		for i := 0; i < len(d); i += 3 {
			d[i] = []float32{nan, float32(math.Inf(1)), float32(math.Inf(-1)), 1e38}[i%4]
		}
	}
	s.SetLayers(only("samples", "contours", "slope", "warp"))
	show(t, s, frame)
	draw(t, s, 200, 200)

	for name, bad := range map[string]data.Tensor{
		"critic": {Shape: []int{2, 3}, Data: make([]float32, 6)}, "slope": {Shape: []int{33, 33}, Data: make([]float32, 5)},
		"real": {Shape: []int{4}, Data: make([]float32, 4)}, "view": {},
	} {
		frame := cone()
		frame[name] = bad
		if err := s.Show(2, []map[string]data.Tensor{frame}); err == nil {
			t.Errorf("%s of shape %v was taken", name, bad.Shape)
		}
	}
	if err := s.SetMode("other"); err == nil {
		t.Error("a mode that is none was taken")
	}
}

// gumbelFrame has images of one grey each, brighter one after the other.
func gumbelFrame() map[string]data.Tensor {
	images := func(n int) data.Tensor {
		t := data.Tensor{Shape: []int{n, 28, 28}, Data: make([]float32, n*28*28)}
		for i := range t.Data {
			t.Data[i] = float32(i/784) / float32(n-1)
		}
		return t
	}
	code := data.Tensor{Shape: []int{3, 4}, Data: []float32{1, 0, 0, 0, 0, 0, 1, 0, .1, .2, .3, .4}}
	return map[string]data.Tensor{
		"digits": images(16), "reconstructions": images(16), "prior": images(64), "code": code,
		"simplex": {Shape: []int{2, 3}, Data: []float32{.6, .2, .2, 0, .5, .5}}, "chances": {Shape: []int{3}, Data: []float32{.1, .2, .7}},
		"temperature": {Shape: []int{1}, Data: []float32{.5}},
	}
}

func TestPanelsDraw(t *testing.T) {
	for _, size := range [][2]int{{800, 600}, {400, 640}} {
		for _, isDark := range []bool{false, true} {
			var labels []Label
			s := New(Listener{Labels: func(l []Label) { labels = l }})
			s.SetDark(isDark)
			if err := s.SetMode(Gumbel); err != nil {
				t.Fatal(err)
			}
			show(t, s, gumbelFrame())
			m := draw(t, s, size[0], size[1])
			p, _ := placePanels(float64(size[0]), float64(size[1]), 1, false, contents{true, true, true, true, true, 16, 64, 3, 4})
			for i := range 16 {
				want := s.theme.well.blend(s.theme.ink, float32(i)/15)
				for k := range 2 {
					r := p.images.at(i, k)
					if got := m.RGBAAt(int(r.x+r.w/2), int(r.y+r.h/2)); !near(got, want) {
						t.Errorf("%v: image %d of row %d is %v, want %v", size, i, k, got, want)
					}
				}
			}
			r := p.priors.at(63, 0)
			if got := m.RGBAAt(int(r.x+r.w/2), int(r.y+r.h/2)); !near(got, s.theme.ink) {
				t.Errorf("%v: the last prior sample is %v", size, got)
			}
			if n := count(m, s.theme.code); n < 100 {
				t.Errorf("%v: %d pixels of the code's colour", size, n)
			}
			if n := count(m, s.theme.real); n < 20 {
				t.Errorf("%v: %d pixels of the chances' ring and the rows' marks", size, n)
			}
			said := map[string]bool{}
			for _, l := range labels {
				said[l.Text] = true
			}
			for _, name := range []string{"digits", "reconstructions", "prior", "code", "simplex", "τ = 0.5"} {
				if !said[name] {
					t.Errorf("%v: no label %q", size, name)
				}
			}
		}
	}
}

// Above the line what was given has the ink's colour, below it what was made another;
// a digit of the frame is found again in its row.
func TestCompletionsDraw(t *testing.T) {
	ones := func(shape ...int) data.Tensor {
		n := 1
		for _, d := range shape {
			n *= d
		}
		return data.Tensor{Shape: shape, Data: slices.Repeat([]float32{1}, n)}
	}
	frame := map[string]data.Tensor{"digits": ones(8, 28, 28), "mean": ones(8, 28, 28), "completions": ones(8, 6, 28, 28)}
	for _, isDark := range []bool{false, true} {
		var labels []Label
		s := New(Listener{Labels: func(l []Label) { labels = l }})
		s.SetDark(isDark)
		if err := s.SetMode(SOP); err != nil {
			t.Fatal(err)
		}
		draw(t, s, 700, 700) // nothing is there yet
		if at, ok := s.Point("down", 350, 350); ok {
			t.Errorf("before the first frame the pointer is on %+v", at)
		}
		show(t, s, frame)
		m := draw(t, s, 700, 700)
		for column, c := range s.completion.grid.columns {
			for row, r := range c.places {
				upper, lower := m.RGBAAt(int(r.x+r.w/2), int(r.y+r.h/4)), m.RGBAAt(int(r.x+r.w/2), int(r.y+.75*r.h))
				want := map[string]colour{"given": s.theme.back, "truth": s.theme.ink, "mean": s.theme.code, "samples": s.theme.code}[c.name]
				if !near(upper, s.theme.ink) || !near(lower, want) {
					t.Errorf("%s of digit %d is %v above and %v below", c.name, row, upper, lower)
				}
				if at, ok := s.Point("down", r.x+r.w/2, r.y+r.h/2); !ok || at.On != OnCell || at.Row != row || at.Column != column {
					t.Errorf("%s of digit %d is %+v, %t", c.name, row, at, ok)
				}
			}
		}
		if len(labels) != 4 || labels[3].Text != "samples" {
			t.Errorf("labels %v", labels)
		}
		s.SetLayers(map[string]bool{"samples": false, "mean": false})
		if n := count(draw(t, s, 700, 700), s.theme.code); n > 0 {
			t.Errorf("%d pixels are left of what is off", n)
		}
	}
	for name, bad := range map[string]data.Tensor{"completions": ones(8, 6, 28), "mean": ones(7, 28, 28), "digits": ones(8, 28, 14)} {
		s, broken := New(Listener{}), maps.Clone(frame)
		broken[name] = bad
		if err := s.Show(2, []map[string]data.Tensor{broken}); err == nil {
			t.Errorf("%s of shape %v was taken", name, bad.Shape)
		}
	}
}

// Every run's samples have the colour of what is made, real digits the ink's, and a
// sample is found again with its run.
func TestSamplesDraw(t *testing.T) {
	ones := func(shape ...int) data.Tensor {
		n := 1
		for _, d := range shape {
			n *= d
		}
		return data.Tensor{Shape: shape, Data: slices.Repeat([]float32{1}, n)}
	}
	frame := map[string]data.Tensor{"samples": ones(100, 28, 28, 1), "real": ones(20, 28, 28, 1)}
	for runs := 1; runs <= 2; runs++ {
		var labels []Label
		s := New(Listener{Labels: func(l []Label) { labels = l }})
		s.SetTitles([]string{"A", "B"})
		if err := s.SetMode(Samples); err != nil {
			t.Fatal(err)
		}
		draw(t, s, 700, 700) // nothing is there yet
		if at, ok := s.Point("down", 350, 350); ok {
			t.Errorf("before the first frame the pointer is on %+v", at)
		}
		show(t, s, slices.Repeat([]map[string]data.Tensor{frame}, runs)...)
		m := draw(t, s, 700, 700)
		middle := func(r rect) color.RGBA { return m.RGBAAt(int(r.x+r.w/2), int(r.y+r.h/2)) }
		if len(s.samples.places.fakes) != runs || len(s.samples.places.reals) != shownReals || len(labels) != runs+1 {
			t.Fatalf("%d runs: %d blocks, %d real digits, labels %v", runs, len(s.samples.places.fakes), len(s.samples.places.reals), labels)
		}
		for _, r := range s.samples.places.reals {
			if !near(middle(r), s.theme.ink) {
				t.Errorf("a real digit is %v", middle(r))
			}
		}
		for run, places := range s.samples.places.fakes {
			if len(places) != shownSamples {
				t.Errorf("%d samples", len(places))
			}
			for i, r := range places {
				if !near(middle(r), s.theme.code) {
					t.Errorf("sample %d is %v", i, middle(r))
				}
				if at, ok := s.Point("down", r.x+r.w/2, r.y+r.h/2); !ok || at.On != OnCell || at.Row != i || at.Column != run {
					t.Errorf("sample %d of run %d is %+v, %t", i, run, at, ok)
				}
			}
		}
		s.SetLayers(map[string]bool{"fake": false})
		if n := count(draw(t, s, 700, 700), s.theme.code); n > 0 {
			t.Errorf("%d pixels are left of what is off", n)
		}
	}
	for name, bad := range map[string]data.Tensor{"samples": ones(100, 28, 28), "real": ones(20, 28, 14, 1)} {
		s, broken := New(Listener{}), maps.Clone(frame)
		broken[name] = bad
		if err := s.Show(2, []map[string]data.Tensor{broken}); err == nil {
			t.Errorf("%s of shape %v was taken", name, bad.Shape)
		}
	}
}

// A right class has a tick, a wrong one a cross and a frame; the true one has a ring.
func TestClassesDraw(t *testing.T) {
	filled := func(v float32, shape ...int) data.Tensor {
		n := 1
		for _, d := range shape {
			n *= d
		}
		return data.Tensor{Shape: shape, Data: slices.Repeat([]float32{v}, n)}
	}
	frame := map[string]data.Tensor{"digits": filled(1, 16, 28, 28), "analogies": filled(1, 8, 11, 28, 28), "classes": filled(.05, 16, 10), "labels": filled(3, 16)}
	for i := range 16 {
		frame["classes"].Data[10*i+3] = .55
	}
	for _, isDark := range []bool{false, true} {
		var labels []Label
		s := New(Listener{Labels: func(l []Label) { labels = l }})
		s.SetDark(isDark)
		if err := s.SetMode(Semi); err != nil {
			t.Fatal(err)
		}
		draw(t, s, 700, 700) // nothing is there yet
		show(t, s, frame)
		m := draw(t, s, 700, 700)
		p := s.classes.places
		for i, row := range p.analogies {
			for k, r := range row {
				want := s.theme.code
				if k == 0 {
					want = s.theme.ink
				}
				if got := m.RGBAAt(int(r.x+r.w/2), int(r.y+r.h/2)); !near(got, want) {
					t.Errorf("digit %d in class %d is %v, want %v", i, k-1, got, want)
				}
				if at, ok := s.Point("down", r.x+r.w/2, r.y+r.h/2); !ok || at.Row != i || at.Column != k {
					t.Errorf("digit %d in class %d is %+v, %t", i, k-1, at, ok)
				}
			}
		}
		r := p.guesses.places[9]
		if at, ok := s.Point("down", r.x+r.w/2, r.y+r.h/2); !ok || at.Row != 9 {
			t.Errorf("digit 9 is %+v, %t", at, ok)
		}
		if n := count(m, s.theme.one); n > 0 {
			t.Errorf("all classes are right, and %d pixels say they are wrong", n)
		}
		if n := count(m, s.theme.real); n < 16*4 {
			t.Errorf("%d pixels of rings", n)
		}
		said := 0
		for _, l := range labels {
			if l.Text == "3" {
				said++
			}
		}
		if said != 17 { // with the column's
			t.Errorf("%d labels say 3: %v", said, labels)
		}
		wrong := maps.Clone(frame)
		wrong["labels"] = filled(3, 16)
		wrong["labels"].Data[9] = 4
		show(t, s, wrong)
		m = draw(t, s, 700, 700)
		for i, r := range p.guesses.places {
			if framed := near(m.RGBAAt(int(r.x), int(r.y+r.h/2)), s.theme.one); framed != (i == 9) {
				t.Errorf("digit %d has a frame: %t", i, framed)
			}
		}
	}
	for name, bad := range map[string]data.Tensor{"classes": filled(0, 16), "labels": filled(0, 15), "analogies": filled(0, 8, 10, 28, 28), "digits": filled(0, 16, 28, 27)} {
		s, broken := New(Listener{}), maps.Clone(frame)
		broken[name] = bad
		if err := s.Show(2, []map[string]data.Tensor{broken}); err == nil {
			t.Errorf("%s of shape %v was taken", name, bad.Shape)
		}
	}
}

func TestImagesAreCrisp(t *testing.T) {
	s := New(Listener{})
	if err := s.SetMode(Gumbel); err != nil {
		t.Fatal(err)
	}
	s.SetLayers(map[string]bool{"reconstructions": false, "prior": false, "code": false, "simplex": false})
	frame := gumbelFrame()
	one := data.Tensor{Shape: []int{1, 28, 28}, Data: make([]float32, 784)}
	for i := range one.Data {
		one.Data[i] = float32((i + i/28) % 2) // a chessboard
	}
	frame["digits"], frame["reconstructions"] = one, one
	show(t, s, frame)
	m := draw(t, s, 500, 500)
	p, _ := placePanels(500, 500, 1, false, contents{digits: true, pairs: 1})
	r := p.images.at(0, 0)
	side := r.w / 28
	for i := range 784 {
		x, y := i%28, i/28
		want := light.well
		if one.Data[i] == 1 {
			want = light.ink
		}
		if got := m.RGBAAt(int(r.x+(float64(x)+.5)*side), int(r.y+(float64(y)+.5)*side)); !near(got, want) {
			t.Fatalf("pixel (%d, %d) is %v, want %v", x, y, got, want)
		}
	}
}

func TestMostPoints(t *testing.T) {
	s := New(Listener{})
	frame := cone()
	many := data.Tensor{Shape: []int{4096, 2}, Data: make([]float32, 8192)}
	for i := range many.Data {
		many.Data[i] = float32(2 * math.Sin(float64(i)*1.7))
	}
	frame["real"], frame["fake"] = many, many
	show(t, s, frame)
	if m := draw(t, s, 800, 600); count(m, light.fake) < 1000 {
		t.Errorf("only %d blue pixels", count(m, light.fake))
	}
}
