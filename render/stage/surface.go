package stage

import (
	"math"
	"slices"
)

// A Turn is from where a surface is seen, in degrees: Azimuth is how far one has
// walked round it against the clock, 0 before the plane's lower edge, Elevation
// how far above it one stands.
type Turn struct{ Azimuth, Elevation float64 }

// kept returns the turn with an elevation that shows the surface from above, and
// an azimuth from -180 to 180; numbers that are not finite become 0.
func (t Turn) kept() Turn {
	for _, v := range []*float64{&t.Azimuth, &t.Elevation} {
		if *v-*v != 0 {
			*v = 0
		}
	}
	return Turn{math.Remainder(t.Azimuth, 360), math.Max(8, math.Min(t.Elevation, 90))}
}

const (
	tall = 1.1 // height of the box around a surface, whose floor is 2 by 2
	away = 5.5 // of the eye from the box's middle
)

// A scene projects the box around a surface onto the screen. Its x and y run from
// -1 to 1 over the plane's view, its z from 0 to 1 between a critic's bounds.
type scene struct {
	sin, cos   float64    // of the azimuth
	up, level  float64    // sine and cosine of the elevation
	eye        [3]float64 // z is from the floor in units of x
	x, y, size float64    // of the middle of the box on the screen, and of its unit
}

// look returns the scene that fills a part of the screen, with room for numbers
// of so many pixels. Its size is the same for every azimuth.
func look(t Turn, r rect, text float64) scene {
	s := scene{size: 1}
	s.up, s.level = math.Sincos(t.Elevation * math.Pi / 180)
	wide, low, high := 0., math.Inf(1), math.Inf(-1)
	for a := 0.; a < math.Pi/2; a += math.Pi / 24 {
		s.sin, s.cos = math.Sincos(a)
		for i := range 8 {
			x, y := s.at(float64(i&1)*2-1, float64(i&2)-1, float64(i&4)/4)
			wide, low, high = math.Max(wide, math.Abs(x)), math.Min(low, y), math.Max(high, y)
		}
	}
	left, right, top, bottom := 3.6*text, 1.2*text, 1.4*text, 1.6*text
	if text == 0 {
		left, right, top, bottom = 4, 4, 4, 4
	}
	s.size = math.Max(1, math.Min((r.w-left-right)/(2*wide), (r.h-top-bottom)/(high-low)))
	s.x, s.y = r.x+r.w/2, r.y+top+(r.h-top-bottom)/2-s.size*(low+high)/2
	s.x = math.Max(s.x, r.x+left+s.size*wide)
	s.sin, s.cos = math.Sincos(t.Azimuth * math.Pi / 180)
	s.eye = [3]float64{away * s.level * s.sin, -away * s.level * s.cos, away*s.up + tall/2}
	return s
}

// at returns where a point of the box is on the screen.
func (s *scene) at(x, y, z float64) (float64, float64) {
	z = (z - .5) * tall
	right, ahead := x*s.cos+y*s.sin, y*s.cos-x*s.sin
	k := s.size * away / (away + ahead*s.level - z*s.up)
	return s.x + k*right, s.y - k*(z*s.level+ahead*s.up)
}

// A relief is a critic's heights from 0 to 1 on a lattice of n+1 points a side,
// its row 0 at y = -1.
type relief struct {
	n             int
	height, slope []float64
	low, high     float64 // the critic's bounds
}

// raise makes the relief of a run with n cells a side.
func raise(g *wgan, n int) relief {
	low, high := bounds(g.critic)
	r := relief{n: n, low: float64(low), high: float64(high)}
	last := float64(g.lattice - 1)
	mix := func(field []float32, u, v float64) float64 {
		i, j := min(int(v), g.lattice-2), min(int(u), g.lattice-2)
		a, b := v-float64(i), u-float64(j)
		at := func(i, j int) float64 {
			f := float64(field[i*g.lattice+j])
			if f != f {
				f = float64(low)
			}
			return math.Max(-math.MaxFloat32, math.Min(f, math.MaxFloat32))
		}
		return (1-a)*((1-b)*at(i, j)+b*at(i, j+1)) + a*((1-b)*at(i+1, j)+b*at(i+1, j+1))
	}
	for i := range n + 1 {
		for j := range n + 1 {
			u, v := float64(j)/float64(n)*last, float64(i)/float64(n)*last
			h := .5
			if r.high > r.low {
				h = math.Max(0, math.Min((mix(g.critic, u, v)-r.low)/(r.high-r.low), 1))
			}
			r.height = append(r.height, h)
			if g.slope != nil {
				r.slope = append(r.slope, mix(g.slope, u, v))
			}
		}
	}
	return r
}

// over returns the height at x, y, which are from -1 to 1.
func (r *relief) over(x, y float64) float64 {
	u, v := (x+1)/2*float64(r.n), (y+1)/2*float64(r.n)
	i, j := max(0, min(int(v), r.n-1)), max(0, min(int(u), r.n-1))
	a, b := v-float64(i), u-float64(j)
	h := r.height[i*(r.n+1)+j:]
	below := r.height[(i+1)*(r.n+1)+j:]
	return (1-a)*((1-b)*h[0]+b*h[1]) + a*((1-b)*below[0]+b*below[1])
}

// sees reports whether nothing of the relief is between the eye and a point on it.
func (s *scene) sees(r *relief, x, y, z float64) bool {
	dx, dy, dz := s.eye[0]-x, s.eye[1]-y, s.eye[2]/tall-z
	long := math.Hypot(dx, dy)
	if long == 0 {
		return true
	}
	step := 1 / (float64(r.n) * long)
	for t := 2 * step; ; t += step {
		u, v, w := x+t*dx, y+t*dy, z+t*dz
		if w >= 1 || math.Abs(u) > 1 || math.Abs(v) > 1 {
			return true
		}
		if r.over(u, v) > w+.004 {
			return false
		}
	}
}

// farFirst returns the cells 0 to n-1 of a row from -1 to 1 so that those farther
// from a place come first on either side of it.
func farFirst(n int, place float64) []int {
	at := max(0, min(int((place+1)/2*float64(n)), n-1))
	out := make([]int, 0, n)
	for i := range at {
		out = append(out, i)
	}
	for i := n - 1; i >= at; i-- {
		out = append(out, i)
	}
	return out
}

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

// addRelief adds the surface, farther cells first: each with its share of the
// lattice's and of the contour lines, and with lines in its own colour where the
// surface ends or turns away, which make those edges smooth.
func (s *Stage) addRelief(sc *scene, r *relief, g *wgan) {
	t, n, side := s.theme, r.n, r.n+1
	heated := s.heated(g)
	dim := t == &dark
	points, colours := make([][2]float64, side*side), make([]colour, side*side)
	for i := range side {
		for j := range side {
			at := i*side + j
			x, y := 2*float64(j)/float64(n)-1, 2*float64(i)/float64(n)-1
			u, v := sc.at(x, y, r.height[at])
			points[at] = [2]float64{u, v}
			// Light falls from the left above, as one stands.
			dx := (r.height[i*side+min(j+1, n)] - r.height[i*side+max(j-1, 0)]) * tall * float64(n) / 4
			dy := (r.height[min(i+1, n)*side+j] - r.height[max(i-1, 0)*side+j]) * tall * float64(n) / 4
			right, ahead := dx*sc.cos+dy*sc.sin, dy*sc.cos-dx*sc.sin
			lit := (.55*right + .25*ahead + .8) / math.Sqrt(right*right+ahead*ahead+1)
			c := hex(0xccd6e2)
			if dim {
				c = hex(0x56637a)
			}
			strength := float32(.42)
			if heated {
				c, strength = slopeColour(r.slope[at]), .25
			}
			shade := 1 + strength*float32(math.Max(-1, math.Min(1.4*(lit-.8), .5)))
			for k := range 3 {
				c[k] = min(1, c[k]*shade)
			}
			colours[at] = c
		}
	}
	facing := func(i, j int) bool { // the eye sees cell (i, j) from above
		a, b, c, d := points[i*side+j], points[i*side+j+1], points[(i+1)*side+j+1], points[(i+1)*side+j]
		return (c[0]-a[0])*(d[1]-b[1])-(c[1]-a[1])*(d[0]-b[0]) < 0
	}
	grid, ink := t.ink.fade(.13), t.ink.fade(.62)
	if heated {
		grid, ink = hex(0xffffff).fade(.2), hex(0xffffff).fade(.85)
	}
	every := max(1, n/8)
	levels, _, bold := contours(g.critic)
	if s.off["contours"] {
		levels = nil
	}
	for l := range levels {
		levels[l] = (levels[l] - r.low) / (r.high - r.low)
	}
	done := make([]bool, n*n)
	columns := farFirst(n, sc.eye[0])
	for _, i := range farFirst(n, sc.eye[1]) {
		for _, j := range columns {
			at := [4]int{i*side + j, i*side + j + 1, (i+1)*side + j + 1, (i+1)*side + j}
			var corners [4][2]float64
			var shades [4]colour
			for k, c := range at {
				corners[k], shades[k] = points[c], colours[c]
			}
			here := facing(i, j)
			if !here {
				for k := range shades {
					shades[k] = shades[k].blend(t.back, .35)
				}
			}
			s.marks.quad(corners, shades)
			neighbours := [4][2]int{{i - 1, j}, {i, j + 1}, {i + 1, j}, {i, j - 1}}
			for k, to := range neighbours {
				p, q := corners[k], corners[(k+1)%4]
				rim := to[0] < 0 || to[1] < 0 || to[0] >= n || to[1] >= n
				if rim || facing(to[0], to[1]) != here {
					s.marks.line(p[0], p[1], q[0], q[1], 1.3*s.scale, shades[k])
				}
				line := max(to[0], i)
				if k%2 == 1 {
					line = max(to[1], j)
				}
				// The later of two cells draws what is between them, or would cover half of it.
				if rim || line%every == 0 && done[to[0]*n+to[1]] {
					s.marks.line(p[0], p[1], q[0], q[1], s.scale, grid)
				}
			}
			done[i*n+j] = true
			var heights [4]float64
			for k, c := range at {
				heights[k] = r.height[c]
			}
			low, high := slices.Min(heights[:]), slices.Max(heights[:])
			for l, level := range levels {
				if level <= low || level >= high {
					continue
				}
				var cross [][2]float64
				for k := range 4 {
					a, b := heights[k], heights[(k+1)%4]
					if (a < level) != (b < level) {
						f := (level - a) / (b - a)
						p, q := corners[k], corners[(k+1)%4]
						cross = append(cross, [2]float64{p[0] + f*(q[0]-p[0]), p[1] + f*(q[1]-p[1])})
					}
				}
				width := 1.1 * s.scale
				if l == bold {
					width *= 2
				}
				for k := 0; k+1 < len(cross); k += 2 {
					s.marks.line(cross[k][0], cross[k][1], cross[k+1][0], cross[k+1][1], width, ink)
				}
			}
		}
	}
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
