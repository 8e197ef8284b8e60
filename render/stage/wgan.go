package stage

import (
	_ "embed"
	"math"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"ganbel/core/data"
)

//go:embed field.kage
var fieldSource []byte

const (
	slowest   = 120 * time.Millisecond // that a point takes to its next place
	logBounds = 8                      // the logarithm of the gradient norm, base 2, is kept within these
)

// wgan is what is known of a WGAN run.
type wgan struct {
	plane
	view             float64
	real, fake, from []float32 // x, y pairs; fake points are on their way from from
	began            time.Time
	span             time.Duration // of that way
	warp             []float32
	warpSide         int

	side       int              // of the fields below, 0 where there are none
	packed     [2][]byte        // critic and slope, to be uploaded
	fields     [2]*ebiten.Image // as uploaded
	base, step float32          // of the contour lines, where the critic goes from 0 to 1; step 0 for none
	bold       bool             // the line at base is the median's
}

func (g *wgan) clear() {
	fields := g.fields
	*g = wgan{view: g.view, fields: fields, plane: g.plane}
}

// show takes a frame and returns what its fields reach.
func (g *wgan) show(tensors map[string]data.Tensor, calm bool, now time.Time) (*Ranges, error) {
	next := wgan{plane: g.plane, view: g.view, fields: g.fields}
	if t, err := take(tensors, "view", 1); err != nil {
		return nil, err
	} else if v := float64(t.Data[0]); v > 0 && v < math.Inf(1) {
		next.view = v
	}
	for name, to := range map[string]*[]float32{"real": &next.real, "fake": &next.fake} {
		if len(tensors[name].Data) == 0 {
			continue
		}
		t, err := take(tensors, name, -1, 2)
		if err != nil {
			return nil, err
		}
		*to = t.Data
	}
	if _, ok := tensors["warp"]; ok {
		t, err := take(tensors, "warp", -1, -1, 2)
		if err != nil {
			return nil, err
		}
		if t.Shape[0] == t.Shape[1] {
			next.warp, next.warpSide = t.Data, t.Shape[0]
		}
	}
	var ranges *Ranges
	if _, ok := tensors["critic"]; ok {
		critic, err := take(tensors, "critic", -1, -1)
		if err != nil {
			return nil, err
		}
		n := critic.Shape[0]
		if critic, err = take(tensors, "critic", n, n); err != nil {
			return nil, err
		}
		slope, err := take(tensors, "slope", n, n)
		if err != nil {
			return nil, err
		}
		ranges = next.pack(critic.Data, slope.Data, n)
	}
	if !calm && len(g.fake) == len(next.fake) && g.view == next.view {
		next.from = g.places(now)
		next.span = min(now.Sub(g.began), slowest)
		if far(next.from, next.fake) > next.view/4 {
			next.span = 0 // other points, not the same ones moved
		}
	}
	next.began = now
	*g = next
	return ranges, nil
}

// pack makes the textures' bytes of the fields, n lattice points a side.
func (g *wgan) pack(critic, slope []float32, n int) *Ranges {
	if n < 2 {
		return nil
	}
	factor := max(1, min(4, (finest-1)/(n-1)))
	g.side = (n-1)*factor + 1
	logs := make([]float32, len(slope))
	for i, v := range slope {
		logs[i] = float32(math.Max(-logBounds, math.Min(math.Log2(float64(v)), logBounds)))
	}
	low, high := bounds(critic)
	for i := range g.packed {
		g.packed[i] = make([]byte, 4*g.side*g.side)
	}
	pack(g.packed[0], refine(critic, n, factor), low, high)
	pack(g.packed[1], refine(logs, n, factor), -logBounds, logBounds)

	levels, step, bold := contours(critic)
	slopeLow, slopeHigh := bounds(slope)
	r := &Ranges{
		Low: math.Exp2(-slopeOctaves), High: math.Exp2(slopeOctaves),
		SlopeMin: float64(slopeLow), SlopeMax: float64(slopeHigh), CriticMin: float64(low), CriticMax: float64(high), Levels: levels,
	}
	if reach := float64(high) - float64(low); len(levels) > 0 {
		g.step, g.bold = float32(step/reach), bold >= 0
		g.base = float32((levels[max(0, bold)] - float64(low)) / reach)
	}
	return r
}

// places returns where the fake points are at a time.
func (g *wgan) places(now time.Time) []float32 {
	t := float32(1)
	if passed := now.Sub(g.began); passed < g.span {
		t = float32(passed) / float32(g.span)
	}
	if t >= 1 {
		return g.fake
	}
	out := make([]float32, len(g.fake))
	for i, v := range g.fake {
		out[i] = g.from[i] + t*(v-g.from[i])
	}
	return out
}

// far returns the mean distance along one axis between points and their next places.
func far(from, to []float32) float64 {
	sum := 0.
	for i, v := range to {
		sum += math.Abs(float64(v - from[i]))
	}
	return sum / float64(max(1, len(to)))
}

// drawPlane draws all but the points onto the ground of a stage of w by h CSS pixels.
func (s *Stage) drawPlane(w, h float64) []Label {
	g, t := &s.wgan, s.theme
	heat := !s.off["slope"]
	var labels []Label
	g.plane, labels = placePlane(w, h, s.scale, g.view, heat)
	r, hair := g.plot, math.Max(1, math.Round(s.scale))

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
	s.flush(s.ground)

	if g.side > 0 && (heat || !s.off["contours"]) {
		s.drawFields()
	}
	if g.warp != nil && !s.off["warp"] {
		s.drawWarp()
	}

	if g.bar.h > 0 {
		const steps = 64
		for i := range steps {
			top := g.bar.h * float64(i) / steps
			y0, y1 := math.Round(g.bar.y+top), math.Round(g.bar.y+top+g.bar.h/steps)
			s.marks.box(rect{g.bar.x, y0, g.bar.w, y1 - y0}, t.back.blend(heatColour(1-(float64(i)+.5)/steps), t.heat))
		}
		for _, tick := range slopeTicks {
			y := math.Round(g.barY(tick.value))
			c := t.quiet
			if tick.value == 1 {
				s.marks.box(rect{g.bar.x, y - 2.5*hair, g.bar.w, 5 * hair}, t.back)
				s.marks.box(rect{g.bar.x, y - 1.5*hair, g.bar.w, 3 * hair}, t.one)
				c = t.one
			}
			s.marks.box(rect{g.bar.x + g.bar.w, y - hair/2, 4 * hair, hair}, c)
		}
	}
	s.marks.outline(rect{r.x - hair, r.y - hair, r.w + 2*hair, r.h + 2*hair}, hair, t.quiet)
	s.flush(s.ground)
	return labels
}

// drawFields draws the gradient norm's colours and the contour lines.
func (s *Stage) drawFields() {
	g, t := &s.wgan, s.theme
	for i, pixels := range g.packed {
		if pixels == nil {
			continue
		}
		if g.fields[i] == nil || g.fields[i].Bounds().Dx() != g.side {
			if g.fields[i] != nil {
				g.fields[i].Deallocate()
			}
			g.fields[i] = ebiten.NewImage(g.side, g.side)
		}
		g.fields[i].WritePixels(pixels)
		g.packed[i] = nil
	}
	thin := float32(s.scale * math.Max(1, math.Min(g.plot.w/s.scale/560, 1.6)))
	step, width := g.step, .5*thin
	if s.off["contours"] {
		step = 0
	}
	baseWidth := width
	if g.bold {
		baseWidth = 1.1 * thin
	}
	heat, ink, casing := float32(0), t.ink.fade(.62), colour{}
	if !s.off["slope"] {
		heat, ink, casing = t.heat, hex(0xffffff).fade(.85), hex(0x0b1a2c).fade(.35)
	}
	var ramp []float32
	for _, c := range cividis {
		ramp = append(ramp, c[:]...)
	}
	place := func(v float64) float32 { return float32((v + logBounds) / (2 * logBounds)) }
	last := float32(g.side) - .5
	r := g.plot
	v := func(x, y float64, sx, sy float32) ebiten.Vertex {
		return ebiten.Vertex{DstX: float32(x), DstY: float32(y), SrcX: sx, SrcY: sy, ColorA: 1}
	}
	// Row 0 of a field is at the bottom.
	corners := []ebiten.Vertex{v(r.x, r.y, .5, last), v(r.x+r.w, r.y, last, last), v(r.x, r.y+r.h, .5, .5), v(r.x+r.w, r.y+r.h, last, .5)}
	s.ground.DrawTrianglesShader32(corners, []uint32{0, 1, 2, 1, 2, 3}, s.fieldShader, &ebiten.DrawTrianglesShaderOptions{
		Images: [4]*ebiten.Image{g.fields[0], g.fields[1]},
		Uniforms: map[string]any{
			"Pixel": float32(g.side-1) / float32(r.w), "Base": g.base, "Step": step, "Width": width, "BaseWidth": baseWidth, "Ink": ink[:],
			"Casing": casing[:], "CasingWidth": 1.2 * thin, "Heat": heat, "Ramp": ramp,
			"Span": []float32{place(-slopeOctaves), place(slopeOctaves)}, "IsoLevel": place(0), "IsoWidth": 1.25 * thin, "IsoInk": t.one[:],
		},
	})
}

// drawWarp draws where the generator sends a lattice.
func (s *Stage) drawWarp() {
	g, t := &s.wgan, s.theme
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
	lines(2.6*s.scale, t.back)
	lines(1.2*s.scale, t.code)
	s.flush(clip(s.ground, g.plot))
}

// drawPoints draws the points and the cross-hair, and reports whether points are
// still on their way.
func (s *Stage) drawPoints(screen *ebiten.Image, now time.Time) (moving bool) {
	g, t := &s.wgan, s.theme
	within := clip(screen, g.plot)
	if !s.off["samples"] {
		// A crowd has one casing; within it only faint lines part the points.
		edge := t.casing
		if !s.off["slope"] && g.side > 0 { // which is dark where it is blue
			edge = hex(0xffffff)
		}
		radius := func(n int) float64 {
			r := math.Max(2.4, math.Min(g.plot.w/s.scale/130, 6))
			return s.scale * r * math.Max(.6, math.Min(1, math.Sqrt(1400/float64(n+1))))
		}
		each := func(points []float32, draw func(x, y float64)) {
			for i := 0; i+1 < len(points); i += 2 {
				x, y := float64(points[i]), float64(points[i+1])
				if math.Abs(x) <= 1.05*g.view && math.Abs(y) <= 1.05*g.view { // and is a number
					draw(g.x(x), g.y(y))
				}
			}
		}
		if !s.off["real"] {
			r := 1.3 * radius(len(g.real)/2) // to be seen around fake points that cover them
			w, casing := .42*r, math.Min(1.5*s.scale, .5*r)
			each(g.real, func(x, y float64) { s.marks.ring(x, y, r, w+casing, edge.fade(.55)) })
			each(g.real, func(x, y float64) {
				s.marks.ring(x, y, r, w+.6*s.scale, edge.fade(.3))
				s.marks.ring(x, y, r, w, t.real)
			})
		}
		if !s.off["fake"] {
			r := radius(len(g.fake) / 2)
			places, casing := g.places(now), math.Min(1.5*s.scale, .5*r)
			each(places, func(x, y float64) { s.marks.diamond(x, y, r+casing, edge.fade(.8)) })
			each(places, func(x, y float64) {
				s.marks.diamond(x, y, r+.5*s.scale, edge.fade(.3))
				s.marks.diamond(x, y, r, t.fake)
			})
			moving = now.Sub(g.began) < g.span
		}
		s.flush(within)
	}
	if p := s.pointer; p != nil {
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
		s.flush(within)
	}
	return moving
}
