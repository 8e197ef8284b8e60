package stage

import (
	"math"
	"slices"
)

// On is a kind of thing that the pointer can be on.
type On int

// What the pointer can be on.
const (
	OnNothing On = iota
	OnPlane
	OnSurface // which takes the pointer for itself
	OnCell    // of the code, or a digit; in samples mode its column is the run
	OnBar     // of a logit
)

// Pointed is what the pointer is on, and what of it.
type Pointed struct {
	On On

	X, Y       float64 // on a plane, of the data
	Run        int     // the run of the plane, cell or bar; 0 on the difference, which has no run
	Difference bool
	Mode       int // whose grip it is on, -1 for none or while grips are off

	Row, Column int // on a cell

	Bar   int     // on a bar, whose logit it is
	Value float64 // what the logit would be here
}

// press is what the pointer holds since it went down.
type press struct {
	x, y  float64 // where that was, in pixels of the screen
	plane int     // of which it was
	turn  Turn    // of the surface then
	bar   int
	mode  int // whose grip it holds, -1 for none
}

// Point moves the pointer to x, y, in pixels of CSS from the top left corner. kind
// is "down", "move", "up", "leave" or "cancel". It puts the cross-hair there, turns
// a surface that is dragged, and returns what is pointed at; ok is false where
// nobody else need know. A pointer that went down stays with the plane or the bar
// where it did.
func (s *Stage) Point(kind string, x, y float64) (at Pointed, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, y = x*s.scale, y*s.scale
	held := s.pressed
	if kind == "up" || kind == "leave" || kind == "cancel" {
		s.pressed = nil
	}
	if kind == "leave" || kind == "cancel" {
		s.hold(-1)
		if s.pointer != nil {
			s.aim(nil)
		}
		return Pointed{}, false
	}
	switch {
	case s.mode == Gumbel:
		return s.pointPart(held, kind, x, y, func(x, y float64) (Pointed, bool) { return onCell(s.gumbel.cell(x, y)) })
	case s.mode == SOP:
		return s.pointPart(held, kind, x, y, func(x, y float64) (Pointed, bool) { return onCell(s.completion.row(x, y)) })
	case s.mode == Semi:
		return s.pointPart(held, kind, x, y, func(x, y float64) (Pointed, bool) { return onCell(s.classes.digit(x, y)) })
	case s.mode == Samples:
		return onCell(s.samples.sample(x, y))
	case s.mode == Categorical:
		return s.pointPart(held, kind, x, y, func(x, y float64) (Pointed, bool) { return s.pointBar(kind, held, x, y) })
	case s.surface():
		if kind == "down" {
			s.pressed = &press{x: x, y: y, turn: s.turn}
		} else if held != nil {
			const degrees = .4 // to a pixel of CSS
			t := Turn{held.turn.Azimuth - (x-held.x)/s.scale*degrees, held.turn.Elevation + (y-held.y)/s.scale*degrees}
			s.turn = t.kept()
			s.refresh()
		}
		return Pointed{On: OnSurface}, false
	}
	return s.pointPlane(kind, held, x, y)
}

func onCell(row, column int, ok bool) (Pointed, bool) {
	if !ok {
		return Pointed{}, false
	}
	return Pointed{On: OnCell, Row: row, Column: column}, true
}

func (s *Stage) pointPlane(kind string, held *press, x, y float64) (at Pointed, ok bool) {
	all := s.planes()
	i := slices.IndexFunc(all, func(g *wgan) bool {
		r := g.plot
		return x >= r.x && x <= r.x+r.w && y >= r.y && y <= r.y+r.h
	})
	if held != nil && kind != "down" {
		ok = i == held.plane
		i = held.plane
	} else {
		ok = i >= 0
	}
	if i < 0 || i >= len(all) {
		s.hold(-1)
		if s.pointer != nil {
			s.aim(nil)
		}
		return Pointed{}, false
	}
	g := all[i]
	keep := func(v float64) float64 { return math.Max(-g.view, math.Min(v, g.view)) }
	at = Pointed{
		On: OnPlane, X: keep(((x-g.plot.x)/g.plot.w*2 - 1) * g.view), Y: keep((1 - (y-g.plot.y)/g.plot.h*2) * g.view),
		Run: i, Difference: g == s.difference, Mode: -1,
	}
	if at.Difference {
		at.Run = 0
	}
	if held != nil {
		at.Mode = held.mode
	} else if !s.off["handles"] {
		best := gripReach / 2 * math.Sqrt2 * s.scale
		g.each(g.modes, func(k int, u, v float64) {
			if far := math.Hypot(u-x, v-y); far < best {
				at.Mode, best = k, far
			}
		})
	}
	if kind == "down" {
		s.pressed = &press{plane: i, mode: at.Mode}
	}
	s.hold(at.Mode)
	s.aim(&[2]float64{at.X, at.Y})
	return at, ok || kind == "up" || at.Mode >= 0
}

// hold shows which grip the pointer is on.
func (s *Stage) hold(mode int) {
	if s.grip != mode {
		s.grip = mode
		s.refresh()
	}
}

// Turned returns how the surface is turned.
func (s *Stage) Turned() Turn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.turn
}
