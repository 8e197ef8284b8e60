package stage

import (
	"math"
)

// drawSurface draws a run's critic as a surface in perspective, lit from the left and in the
// colours of its gradient's norm where they are on, with its points standing on it,
// and returns the numbers of its axes.
func (s *Stage) drawSurface(g *wgan) []Label {
	text := g.text * s.scale
	sc := look(s.turn, g.plot, text)
	if g.critic == nil {
		s.addBox(&sc, nil, g)
		s.flush(s.target)
		return nil
	}
	n := 8 * int(math.Max(3, math.Min(math.Min(g.plot.w, g.plot.h)/s.scale/90, 8)))
	r := raise(g, n)
	labels := s.addBox(&sc, &r, g)
	s.addRelief(&sc, &r, g)
	s.flush(s.target)

	if g != s.difference && !s.off["samples"] {
		stand := func(points []float32, radius float64, draw func(x, y float64)) {
			for i := 0; i+1 < len(points); i += 2 {
				x, y := float64(points[i])/g.view, float64(points[i+1])/g.view
				if !(math.Abs(x) <= 1 && math.Abs(y) <= 1) {
					continue
				}
				z := r.over(x, y)
				if sc.sees(&r, x, y, z) {
					x, y := sc.at(x, y, z)
					draw(x, y-.6*radius)
				}
			}
		}
		edge := s.edge(g)
		if !s.off["real"] {
			radius := 1.3 * s.radius(g, len(g.real)/2)
			w, casing := .42*radius, math.Min(1.5*s.scale, .5*radius)
			s.marks.rim = edge.fade(.3)
			stand(g.real, radius, func(x, y float64) { s.marks.ring(x, y, radius, w+casing, edge.fade(.55)) })
			stand(g.real, radius, func(x, y float64) { s.marks.rimmed(disc, x, y, radius, w, .3*s.scale, s.theme.real) })
		}
		if !s.off["fake"] {
			radius := s.radius(g, len(g.fake)/2)
			casing := math.Min(1.5*s.scale, .5*radius)
			s.marks.rim = edge.fade(.3)
			stand(g.fake, radius, func(x, y float64) { s.marks.diamond(x, y, radius+casing, edge.fade(.8)) })
			stand(g.fake, radius, func(x, y float64) { s.marks.rimmed(diamond, x, y, radius, 0, .35*s.scale, s.theme.fake) })
		}
		s.flush(s.target)
	}
	return labels
}

// addBox adds the floor and the two walls behind, with the critic's scale.
func (s *Stage) addBox(sc *scene, r *relief, g *wgan) (labels []Label) {
	t, text := s.theme, g.text
	line := func(x0, y0, z0, x1, y1, z1 float64, c colour) {
		a, b := sc.at(x0, y0, z0)
		u, v := sc.at(x1, y1, z1)
		s.marks.line(a, b, u, v, s.scale, c)
	}
	label := func(what, anchor string, x, y float64) {
		labels = append(labels, Label{Text: what, Anchor: anchor, X: x / s.scale, Y: y / s.scale, Size: text})
	}
	near := func(eye float64) float64 { return math.Copysign(1, eye) } // the side of the box towards the eye
	nx, ny := near(sc.eye[0]), near(sc.eye[1])
	faint := t.quiet.fade(.55)
	for _, v := range g.ticks {
		v /= g.view
		line(v, -1, 0, v, 1, 0, faint)
		line(-1, v, 0, 1, v, 0, faint)
		if text > 0 && math.Abs(v) < .999 && (len(g.ticks) < 6 || math.Abs(v) < .4 || math.Abs(v) > .6) {
			x, y := sc.at(v, 1.16*ny, 0)
			label(number(v*g.view), "middle", x, y)
			x, y = sc.at(1.16*nx, v, 0)
			label(number(v*g.view), "middle", x, y)
		}
	}
	if text > 0 {
		x, y := sc.at(.96, 1.16*ny, 0)
		label("x", "middle", x, y)
		x, y = sc.at(1.16*nx, .96, 0)
		label("y", "middle", x, y)
	}
	for _, z := range []float64{0, 1} {
		line(-nx, -1, z, -nx, 1, z, t.quiet)
		line(-1, -ny, z, 1, -ny, z, t.quiet)
	}
	line(nx, -1, 0, nx, 1, 0, t.quiet)
	line(-1, ny, 0, 1, ny, 0, t.quiet)
	line(-nx, -ny, 0, -nx, -ny, 1, t.quiet)
	line(nx, -ny, 0, nx, -ny, 1, t.quiet)
	line(-nx, ny, 0, -nx, ny, 1, t.quiet)
	if r == nil || !(r.high > r.low) {
		return labels
	}
	// The scale stands at the edge on the left.
	ax, ay := nx, -ny
	x, low := sc.at(ax, ay, 0)
	if other, y := sc.at(-nx, ny, 0); other < x {
		ax, ay, x, low = -nx, ny, other, y
	}
	top, high := sc.at(ax, ay, 1)
	long := (low - high) / s.scale // of the axis
	step := round((r.high - r.low) / math.Max(2, math.Min(long/(2.6*math.Max(text, 1)), 4)))
	numbered := text > 0 && long > 3.5*text
	for k := math.Ceil(r.low / step); k*step <= r.high; k++ {
		z := (k*step - r.low) / (r.high - r.low)
		line(-nx, -1, z, -nx, 1, z, faint)
		line(-1, -ny, z, 1, -ny, z, faint)
		x, y := sc.at(ax, ay, z)
		s.marks.line(x, y, x-4*s.scale, y, s.scale, t.quiet)
		if numbered && y > high+.9*text*s.scale && y < low-.6*text*s.scale {
			label(height(k*step, step), "right", x-7*s.scale, y)
		}
	}
	if numbered {
		label("D", "right", top-7*s.scale, high)
	}
	return labels
}

// addPin adds what is the cross-hair of a plane on its surface.
func (s *Stage) addPin(g *wgan) {
	x, y := s.pointer[0]/g.view, s.pointer[1]/g.view
	if g.critic == nil || !(math.Abs(x) <= 1 && math.Abs(y) <= 1) {
		return
	}
	t := s.theme
	sc := look(s.turn, g.plot, g.text*s.scale)
	r := raise(g, g.lattice-1)
	z := r.over(x, y)
	x0, y0 := sc.at(x, y, z)
	x1, y1 := sc.at(x, y, 1)
	s.marks.line(x0, y0, x1, y1, 3.4*s.scale, t.back.fade(.8))
	s.marks.line(x0, y0, x1, y1, 1.4*s.scale, t.ink)
	s.marks.disc(x0, y0, 6*s.scale, t.back)
	s.marks.disc(x0, y0, 4.5*s.scale, t.ink)
}
