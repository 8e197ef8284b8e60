package stage

import (
	"math"
	"slices"
)

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

// A hill is a relief on the screen.
type hill struct {
	*relief
	points  [][2]float64 // of the lattice
	colours []colour
	grid    colour    // of the lattice's lines
	every   int       // cells between those
	ink     colour    // of contour lines
	levels  []float64 // at which those are, from 0 to 1
	bold    int       // the level whose line is thicker
}

// addRelief adds the surface, farther cells first: each with its share of the
// lattice's and of the contour lines, and with lines in its own colour where the
// surface ends or turns away, which make those edges smooth.
func (s *Stage) addRelief(sc *scene, r *relief, g *wgan) {
	h := s.lit(sc, r, s.heated(g))
	h.levels, _, h.bold = contours(g.critic)
	if s.off["contours"] {
		h.levels = nil
	}
	for l := range h.levels {
		h.levels[l] = (h.levels[l] - r.low) / (r.high - r.low)
	}
	done := make([]bool, r.n*r.n)
	columns := farFirst(r.n, sc.eye[0])
	for _, i := range farFirst(r.n, sc.eye[1]) {
		for _, j := range columns {
			s.addCell(h, i, j, done)
		}
	}
}

// lit returns the relief with its colours: those of the slope if it is heated, lit from
// the left above, as one stands.
func (s *Stage) lit(sc *scene, r *relief, heated bool) *hill {
	t, n, side := s.theme, r.n, r.n+1
	h := &hill{relief: r, points: make([][2]float64, side*side), colours: make([]colour, side*side), every: max(1, n/8), grid: t.ink.fade(.13), ink: t.ink.fade(.62)}
	if heated {
		h.grid, h.ink = hex(0xffffff).fade(.2), hex(0xffffff).fade(.85)
	}
	for i := range side {
		for j := range side {
			at := i*side + j
			x, y := 2*float64(j)/float64(n)-1, 2*float64(i)/float64(n)-1
			u, v := sc.at(x, y, r.height[at])
			h.points[at] = [2]float64{u, v}
			dx := (r.height[i*side+min(j+1, n)] - r.height[i*side+max(j-1, 0)]) * tall * float64(n) / 4
			dy := (r.height[min(i+1, n)*side+j] - r.height[max(i-1, 0)*side+j]) * tall * float64(n) / 4
			right, ahead := dx*sc.cos+dy*sc.sin, dy*sc.cos-dx*sc.sin
			lit := (.55*right + .25*ahead + .8) / math.Sqrt(right*right+ahead*ahead+1)
			c := hex(0xccd6e2)
			if t == &dark {
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
			h.colours[at] = c
		}
	}
	return h
}

// corners returns where the corners of cell (i, j) are in the lattice, one next to the
// other.
func (h *hill) corners(i, j int) [4]int {
	side := h.n + 1
	return [4]int{i*side + j, i*side + j + 1, (i+1)*side + j + 1, (i+1)*side + j}
}

// facing reports whether the eye sees cell (i, j) from above.
func (h *hill) facing(i, j int) bool {
	at := h.corners(i, j)
	a, b, c, d := h.points[at[0]], h.points[at[1]], h.points[at[2]], h.points[at[3]]
	return (c[0]-a[0])*(d[1]-b[1])-(c[1]-a[1])*(d[0]-b[0]) < 0
}

// addCell adds cell (i, j), and notes that it is done.
func (s *Stage) addCell(h *hill, i, j int, done []bool) {
	n := h.n
	var corners [4][2]float64
	var shades [4]colour
	var heights [4]float64
	for k, c := range h.corners(i, j) {
		corners[k], shades[k], heights[k] = h.points[c], h.colours[c], h.height[c]
	}
	here := h.facing(i, j)
	if !here {
		for k := range shades {
			shades[k] = shades[k].blend(s.theme.back, .35)
		}
	}
	s.marks.quad(corners, shades)
	neighbours := [4][2]int{{i - 1, j}, {i, j + 1}, {i + 1, j}, {i, j - 1}}
	for k, to := range neighbours {
		p, q := corners[k], corners[(k+1)%4]
		rim := to[0] < 0 || to[1] < 0 || to[0] >= n || to[1] >= n
		if rim || h.facing(to[0], to[1]) != here {
			s.marks.line(p[0], p[1], q[0], q[1], 1.3*s.scale, shades[k])
		}
		line := max(to[0], i)
		if k%2 == 1 {
			line = max(to[1], j)
		}
		// The later of two cells draws what is between them, or would cover half of it.
		if rim || line%h.every == 0 && done[to[0]*n+to[1]] {
			s.marks.line(p[0], p[1], q[0], q[1], s.scale, h.grid)
		}
	}
	done[i*n+j] = true
	s.addLevels(h, corners, heights)
}

// addLevels adds the contour lines within a cell with those corners on the screen, of
// those heights.
func (s *Stage) addLevels(h *hill, corners [4][2]float64, heights [4]float64) {
	low, high := slices.Min(heights[:]), slices.Max(heights[:])
	for l, level := range h.levels {
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
		if l == h.bold {
			width *= 2
		}
		for k := 0; k+1 < len(cross); k += 2 {
			s.marks.line(cross[k][0], cross[k][1], cross[k+1][0], cross[k+1][1], width, h.ink)
		}
	}
}
