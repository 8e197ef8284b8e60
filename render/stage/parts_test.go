//go:build tools && !js

package stage

import (
	"math"
	"strings"
	"testing"

	"ganbel/core/data"
)

// The same places as in the page's draw.test.mjs.
func TestPartsPlaced(t *testing.T) {
	for _, c := range []struct {
		w, h, scale float64
		want        [][4]float64
	}{
		{820, 400, 1, [][4]float64{{0, 19, 410, 381}, {410, 19, 410, 381}}},
		{390, 700, 2, [][4]float64{{0, 19, 390, 331}, {0, 369, 390, 331}}},
		{901, 620, 2, [][4]float64{{0, 27, 300.3333, 283}, {300.5, 27, 300.3333, 283}, {600.5, 27, 300.3333, 283}, {0, 337, 300.3333, 283}, {300.5, 337, 300.3333, 283}, {600.5, 337, 300.3333, 283}}},
		{500, 400, 1, [][4]float64{{0, 0, 500, 400}}},
	} {
		for i, at := range placeParts(c.w, c.h, c.scale, false, len(c.want)) {
			for k, v := range [4]float64{at.x, at.y, at.w, at.h} {
				if math.Abs(v-c.want[i][k]) > 1e-3 {
					t.Errorf("%vx%v: part %d of %d is %v, want %v", c.w, c.h, i, len(c.want), at, c.want[i])
				}
			}
		}
	}
}

// Two runs are drawn side by side, each under its title as it would be alone, and the
// pointer is over only one of them. A frame that cannot be drawn changes nothing.
func TestParts(t *testing.T) {
	other := gumbelFrame()
	other["code"] = data.Tensor{Shape: []int{3, 4}, Data: []float32{0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1}}
	s := New(Listener{})
	if err := s.SetMode(Gumbel); err != nil {
		t.Fatal(err)
	}
	s.SetTitles([]string{"A: one", "B: two"})
	show(t, s, gumbelFrame(), other)
	both := draw(t, s, 820, 400)
	titles := ""
	for _, l := range s.labels {
		if l.Title {
			titles += l.Text + " "
		}
	}
	if titles != "A: one B: two " {
		t.Errorf("the titles are %q", titles)
	}
	at := placeParts(820, 400, 1, false, 2)
	for run, frame := range []map[string]data.Tensor{gumbelFrame(), other} {
		alone := New(Listener{})
		if err := alone.SetMode(Gumbel); err != nil {
			t.Fatal(err)
		}
		show(t, alone, frame)
		m := draw(t, alone, int(at[run].w), int(at[run].h))
		off := 0
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				a, b := m.RGBAAt(x, y), both.RGBAAt(int(at[run].x)+x, int(at[run].y)+y)
				for _, d := range [3]int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
					off = max(off, d, -d) // smooth edges may differ a little
				}
			}
		}
		if off > 2 {
			t.Errorf("run %d is drawn otherwise than alone: by %d of 255", run, off)
		}
		r := alone.gumbel.cells.at(1, 2)
		got, ok := s.Point("down", at[run].x+r.x+r.w/2, at[run].y+r.y+r.h/2)
		if !ok || got.On != OnCell || got.Run != run || got.Row != 1 || got.Column != 2 {
			t.Errorf("on a cell of run %d the pointer is on %+v, %t", run, got, ok)
		}
	}
	bad := gumbelFrame()
	bad["chances"] = three(1, 0, 0)
	delete(bad, "simplex")
	if err := s.Show(2, []map[string]data.Tensor{gumbelFrame(), bad}); err == nil || !strings.HasPrefix(err.Error(), "run 2: ") {
		t.Errorf("a second run without points gives %v", err)
	}
	if m := draw(t, s, 820, 400); !alike(m, both) {
		t.Error("a frame that cannot be drawn changed the picture")
	}
	// A single run fills the picture again.
	show(t, s, gumbelFrame())
	one := draw(t, s, 820, 400)
	single := New(Listener{})
	if err := single.SetMode(Gumbel); err != nil {
		t.Fatal(err)
	}
	show(t, single, gumbelFrame())
	if m := draw(t, single, 820, 400); !alike(m, one) {
		t.Error("after two runs one is drawn otherwise")
	}
}

// A held bar stays that of its own run, wherever the pointer goes.
func TestPartsBars(t *testing.T) {
	s := New(Listener{})
	if err := s.SetMode(Categorical); err != nil {
		t.Fatal(err)
	}
	show(t, s, choiceFrame(), choiceFrame())
	draw(t, s, 1200, 500)
	at := placeParts(1200, 500, 1, false, 2)[1]
	r := s.parts[1].categorical.bars
	got, ok := s.Point("down", at.x+r.x+r.w/2, at.y+r.y+r.h/2)
	if !ok || got.On != OnBar || got.Run != 1 || got.Bar != 1 || math.Abs(got.Value) > 1e-9 {
		t.Errorf("on the second run's bar the pointer is on %+v, %t", got, ok)
	}
	if got, ok := s.Point("move", 3, 3); !ok || got.Run != 1 || got.Bar != 1 {
		t.Errorf("dragged to the first run it is on %+v, %t", got, ok)
	}
	s.Point("up", 3, 3)
}
