package stage

import "math"

const (
	mostArrows = 128 // more cover each other
	steepest   = 2   // the gradient norm of the longest arrow
)

// addDescent adds arrows from fake points along ∇D, the way the generator is
// sent. They belong to the same points in every frame.
func (s *Stage) addDescent(g *wgan) {
	t := s.theme
	stride := max(1, (len(g.fake)/2+mostArrows-1)/mostArrows)
	unit := math.Max(12*s.scale, g.plot.w*.05) // for a norm of 1
	head := s.scale * math.Max(3, math.Min(g.plot.w/s.scale/140, 5))
	for _, pass := range []struct {
		extra float64
		c     colour
	}{{1.3 * s.scale, t.back.fade(.85)}, {0, t.ink}} {
		g.each(g.fake, func(i int, x, y float64) {
			dx, dy := float64(g.descent[2*i]), -float64(g.descent[2*i+1])
			norm := math.Hypot(dx, dy)
			if i%stride != 0 || !(norm > 0) || math.IsInf(norm, 0) {
				return
			}
			long := unit * math.Min(norm, steepest)
			tip := math.Min(head, .5*long)
			dx, dy = dx/norm, dy/norm
			s.marks.arrow(x-dx*pass.extra/2, y-dy*pass.extra/2, dx*(long+1.6*pass.extra), dy*(long+1.6*pass.extra), 1.4*s.scale+2*pass.extra, tip+1.3*pass.extra, pass.c)
		})
	}
}

// addBatch adds the points that the critic's last step learned from, larger than
// the others.
func (s *Stage) addBatch(g *wgan) {
	t, edge := s.theme, s.edge(g)
	r := 1.25 * s.radius(g, len(g.batch[batchReal])/2)
	s.marks.rim = edge.fade(.9)
	g.each(g.batch[batchReal], func(_ int, x, y float64) {
		s.marks.rimmed(disc, x, y, 1.15*r, .55*r, 1.4*s.scale, t.real)
	})
	g.each(g.batch[batchFake], func(_ int, x, y float64) {
		s.marks.rimmed(diamond, x, y, 1.35*r, 0, 1.4*s.scale, t.fake)
	})
}

// addSegments adds the lines on which the penalty's places are drawn.
func (s *Stage) addSegments(g *wgan) {
	t := s.theme
	real, fake := g.batch[batchReal], g.batch[batchFake]
	for _, pass := range []struct {
		width float64
		c     colour
	}{{2.8 * s.scale, t.back.fade(.55)}, {1.3 * s.scale, t.ink.fade(.75)}} {
		g.each(real, func(i int, x, y float64) {
			u, v := float64(fake[2*i]), float64(fake[2*i+1])
			if math.Abs(u)+math.Abs(v) < 1e3*g.view {
				s.marks.line(x, y, g.x(u), g.y(v), pass.width, pass.c)
			}
		})
	}
}

// addMixes adds x̂, the places of the penalty, in the colour of ‖∇D(x̂)‖.
func (s *Stage) addMixes(g *wgan) {
	r := s.scale * math.Max(3.4, math.Min(g.plot.w/s.scale/110, 6))
	g.each(g.batch[batchMix], func(i int, x, y float64) {
		s.marks.disc(x, y, r+2.6*s.scale, s.theme.back)
		s.marks.disc(x, y, r+1.4*s.scale, s.theme.ink)
		s.marks.disc(x, y, r, slopeColour(float64(g.batchSlope[i])))
	})
}

// addNoise adds what the generator made the batch's fakes of: hollow diamonds, for
// it is a fake that is none yet.
func (s *Stage) addNoise(g *wgan) {
	r := 1.1 * s.radius(g, len(g.noise)/2)
	s.marks.rim = s.theme.back.fade(.9)
	g.each(g.noise, func(_ int, x, y float64) {
		s.marks.rimmed(diamond, x, y, r, .5*r, 1.4*s.scale, s.theme.code)
	})
}

const (
	gripShown = 14 // CSS pixels a side of a grip as drawn
	gripReach = 24 // and as it is hit
)

// addHandles adds a grip at each mode.
func (s *Stage) addHandles(g *wgan) {
	t := s.theme
	g.each(g.modes, func(i int, x, y float64) {
		side, w := gripShown*s.scale, 2*s.scale
		if i == s.grip {
			side += 4 * s.scale
		}
		x, y = math.Round(x), math.Round(y)
		r := rect{x - side/2, y - side/2, side, side}
		s.marks.outline(rect{r.x - 1.5*s.scale, r.y - 1.5*s.scale, r.w + 3*s.scale, r.h + 3*s.scale}, w+3*s.scale, t.back.fade(.85))
		if i == s.grip {
			s.marks.box(r, t.ink.fade(.25))
		}
		s.marks.outline(r, w, t.ink)
	})
}

// addGhost adds the points of a run that was.
func (s *Stage) addGhost(g *wgan) {
	r := .62 * s.radius(g, len(s.ghost)/2)
	c := s.theme.quiet.blend(s.theme.ink, .25)
	s.marks.rim = s.theme.back.fade(.7)
	g.each(s.ghost, func(_ int, x, y float64) { s.marks.rimmed(disc, x, y, r, 0, s.scale, c) })
}

// addSlice adds the line along which a page shows the critic.
func (s *Stage) addSlice(g *wgan) {
	t, l := s.theme, s.slice
	x0, y0, x1, y1 := g.x(l[0]), g.y(l[1]), g.x(l[2]), g.y(l[3])
	r := 4.5 * s.scale
	s.marks.line(x0, y0, x1, y1, 5*s.scale, t.back.fade(.8))
	s.marks.line(x0, y0, x1, y1, 2*s.scale, t.ink)
	for _, end := range [2][2]float64{{x0, y0}, {x1, y1}} {
		s.marks.disc(end[0], end[1], r+3*s.scale, t.back.fade(.8))
		s.marks.disc(end[0], end[1], r+1.5*s.scale, t.ink)
	}
	s.marks.disc(x0, y0, r-.5*s.scale, t.back)
}
