package stage

import (
	"math"
	"time"
)

// surface reports whether critics are drawn as surfaces.
func (s *Stage) surface() bool { return s.mode == WGAN && !s.off["surface"] }

// drawPlanes draws what stays of a stage of w by h CSS pixels.
func (s *Stage) drawPlanes(w, h float64) []Label {
	all := s.planes()
	views := make([]float64, len(all))
	for i, g := range all {
		views[i] = g.view
	}
	places, labels := placePlanes(w, h, s.scale, views, s.titles, !s.off["slope"], s.surface(), s.large)
	for i, g := range all {
		g.plane = places[i]
		if s.surface() {
			labels = append(labels, s.drawSurface(g)...)
		} else {
			s.drawPlane(g)
		}
	}
	s.drawBar(&all[0].plane)
	s.afloat = !s.surface()
	return labels
}

// drawPlane draws what stays of one plane.
func (s *Stage) drawPlane(g *wgan) {
	t, r, hair := s.theme, g.plot, math.Max(1, math.Round(s.scale))
	for _, v := range g.ticks { // a quiet grid, even before the first frame
		if math.Abs(v) < g.view*.999 {
			x, y := math.Round(g.x(v)), math.Round(g.y(v))
			s.marks.box(rect{x - hair/2, r.y, hair, r.h}, t.quiet.fade(.3))
			s.marks.box(rect{r.x, y - hair/2, r.w, hair}, t.quiet.fade(.3))
		}
		x, y, long := math.Round(g.x(v)), math.Round(g.y(v)), 4*hair
		s.marks.box(rect{x - hair/2, r.y + r.h, hair, long}, t.quiet)
		s.marks.box(rect{r.x - long, y - hair/2, long, hair}, t.quiet)
	}
	s.flush(s.target)
	if g.critic != nil && (s.heated(g) || g.signed || !s.off["contours"]) {
		s.drawFields(g)
	}
	if g.warp != nil && !s.off["warp"] {
		s.drawWarp(g)
	}
	if len(s.ghost) > 0 && g != s.difference {
		s.marks.within = g.plot
		s.addGhost(g)
		s.flush(s.target)
	}
	if !s.off["samples"] && !s.off["real"] {
		s.marks.within = g.plot
		s.addReal(g)
		s.flush(s.target)
	}
	s.marks.outline(rect{r.x - hair, r.y - hair, r.w + 2*hair, r.h + 2*hair}, hair, t.quiet)
	s.flush(s.target)
}

// drawBar draws the colours of the gradient's norm.
func (s *Stage) drawBar(p *plane) {
	t, hair := s.theme, math.Max(1, math.Round(s.scale))
	if p.bar.h == 0 {
		return
	}
	const steps = 64
	for i := range steps {
		top := p.bar.h * float64(i) / steps
		y0, y1 := math.Round(p.bar.y+top), math.Round(p.bar.y+top+p.bar.h/steps)
		s.marks.box(rect{p.bar.x, y0, p.bar.w, y1 - y0}, t.back.blend(heatColour(1-(float64(i)+.5)/steps), t.heat))
	}
	for _, tick := range slopeTicks {
		y := math.Round(p.barY(tick.value))
		c := t.quiet
		if tick.value == 1 {
			s.marks.box(rect{p.bar.x, y - 2.5*hair, p.bar.w, 5 * hair}, t.back)
			s.marks.box(rect{p.bar.x, y - 1.5*hair, p.bar.w, 3 * hair}, t.one)
			c = t.one
		}
		s.marks.box(rect{p.bar.x + p.bar.w, y - hair/2, 4 * hair, hair}, c)
	}
	s.flush(s.target)
}

// heated reports whether a plane shows the gradient's norm as colours.
func (s *Stage) heated(g *wgan) bool { return !s.off["slope"] && g.slope != nil }

// slopeColour returns the colour of a gradient norm.
func slopeColour(slope float64) colour {
	return heatColour(.5 + math.Log2(slope)/(2*slopeOctaves))
}

// drawWarp draws where the generator sends a lattice.
func (s *Stage) drawWarp(g *wgan) {
	t := s.theme
	n := g.warpSide
	at := func(i, j int) (x, y float64, ok bool) {
		x, y = float64(g.warp[2*(i*n+j)]), float64(g.warp[2*(i*n+j)+1])
		return g.x(x), g.y(y), x-x == 0 && y-y == 0 && math.Abs(x)+math.Abs(y) < 1e3*g.view
	}
	lines := func(width float64, c colour) {
		for i := range n {
			for j := range n {
				x, y, ok := at(i, j)
				if x1, y1, and := at(i, min(j+1, n-1)); ok && and && j+1 < n {
					s.marks.line(x, y, x1, y1, width, c)
				}
				if x1, y1, and := at(min(i+1, n-1), j); ok && and && i+1 < n {
					s.marks.line(x, y, x1, y1, width, c)
				}
			}
		}
	}
	s.marks.within = g.plot
	lines(2.6*s.scale, t.back)
	lines(1.2*s.scale, t.code)
	s.flush(s.target)
}

// moving reports whether points are on their way to their places.
func (s *Stage) moving(now time.Time) bool {
	if s.mode != WGAN || s.calm || s.slow || s.off["samples"] || s.off["fake"] || s.surface() {
		return false
	}
	for _, g := range s.runs {
		if now.Sub(g.began) < g.span {
			return true
		}
	}
	return false
}

// settle draws what is over the real points onto the ground, once nothing of it
// moves any more.
func (s *Stage) settle(now time.Time) {
	if !s.afloat || s.moving(now) {
		return
	}
	for _, g := range s.planes() {
		s.drawOver(s.target, g, now)
	}
	s.afloat = false
}

// drawMoving draws what is not on the ground yet, and the cross-hair.
func (s *Stage) drawMoving(screen canvas, now time.Time) {
	for _, g := range s.planes() {
		if s.afloat {
			s.drawOver(screen, g, now)
		}
		if s.pointer == nil {
			continue
		}
		s.marks.within = g.plot
		if s.surface() {
			s.addPin(g)
		} else {
			s.addCrossHair(g)
		}
		s.flush(screen)
	}
}

// drawOver draws the fake points and all that belongs over them.
func (s *Stage) drawOver(screen canvas, g *wgan, now time.Time) {
	layer := func(on bool, add func(*wgan)) {
		if on {
			s.marks.within = g.plot
			add(g)
			s.flush(screen)
		}
	}
	if g != s.difference {
		segments := !s.off["segments"] && g.batchSlope != nil
		layer(!s.off["samples"] && !s.off["fake"], func(g *wgan) { s.addFake(g, now) })
		layer(!s.off["descent"] && g.descent != nil, s.addDescent)
		layer(!s.off["noise"], s.addNoise)
		layer(segments, s.addSegments)
		layer(!s.off["batch"], s.addBatch)
		layer(segments, s.addMixes)
		layer(!s.off["handles"], s.addHandles)
	}
	layer(s.slice != nil, s.addSlice)
}

// edge is the colour around points, which is light where it is dark below.
func (s *Stage) edge(g *wgan) colour {
	if s.heated(g) {
		return hex(0xffffff)
	}
	return s.theme.casing
}

// radius is that of one of n points.
func (s *Stage) radius(g *wgan, n int) float64 {
	least := 2.4
	if len(s.runs) > 1 {
		least = 1.8
	}
	r := math.Max(least, math.Min(math.Min(g.plot.w, g.plot.h)/s.scale/130, 6))
	return s.scale * r * math.Max(.6, math.Min(1, math.Sqrt(1400/float64(n+1))))
}

// each calls draw with the places on the screen of those points that are on the plane.
func (g *wgan) each(points []float32, draw func(i int, x, y float64)) {
	for i := 0; i+1 < len(points); i += 2 {
		x, y := float64(points[i]), float64(points[i+1])
		if math.Abs(x) <= 1.05*g.view && math.Abs(y) <= 1.05*g.view { // and is a number
			draw(i/2, g.x(x), g.y(y))
		}
	}
}

// addReal adds the real points. A crowd has one casing; within it only faint
// lines part the points.
func (s *Stage) addReal(g *wgan) {
	edge := s.edge(g)
	r := 1.3 * s.radius(g, len(g.real)/2) // to be seen around fake points that cover them
	w, casing := .42*r, math.Min(1.5*s.scale, .5*r)
	s.marks.rim = edge.fade(.3)
	g.each(g.real, func(_ int, x, y float64) { s.marks.ring(x, y, r, w+casing, edge.fade(.55)) })
	g.each(g.real, func(_ int, x, y float64) { s.marks.rimmed(disc, x, y, r, w, .3*s.scale, s.theme.real) })
}

func (s *Stage) addFake(g *wgan, now time.Time) {
	edge := s.edge(g)
	r := s.radius(g, len(g.fake)/2)
	places, casing := g.places(now), math.Min(1.5*s.scale, .5*r)
	s.marks.rim = edge.fade(.3)
	g.each(places, func(_ int, x, y float64) { s.marks.diamond(x, y, r+casing, edge.fade(.8)) })
	g.each(places, func(_ int, x, y float64) { s.marks.rimmed(diamond, x, y, r, 0, .35*s.scale, s.theme.fake) })
}

func (s *Stage) addCrossHair(g *wgan) {
	t, p := s.theme, s.pointer
	x, y, r := math.Round(g.x(p[0])), math.Round(g.y(p[1])), 9*s.scale
	for _, pass := range []struct {
		width float64
		c     colour
	}{{3 * s.scale, t.back.fade(.6)}, {1.2 * s.scale, t.ink}} {
		s.marks.line(g.plot.x, y, x-r, y, pass.width, pass.c)
		s.marks.line(x+r, y, g.plot.x+g.plot.w, y, pass.width, pass.c)
		s.marks.line(x, g.plot.y, x, y-r, pass.width, pass.c)
		s.marks.line(x, y+r, x, g.plot.y+g.plot.h, pass.width, pass.c)
	}
}
