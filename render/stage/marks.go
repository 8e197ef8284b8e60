package stage

import (
	_ "embed"
	"math"
	"slices"

	"github.com/hajimehoshi/ebiten/v2"
)

//go:embed mark.kage
var markSource []byte

// The kinds of mark that mark.kage draws.
const (
	disc = iota
	diamond
	line
	box
	arrowhead
	face
)

// A canvas is an image that is drawn on, or the screen.
type canvas interface {
	DrawTrianglesShader32(vertices []ebiten.Vertex, indices []uint32, shader *ebiten.Shader, options *ebiten.DrawTrianglesShaderOptions)
}

// marks are shapes with smooth edges, drawn by one call in the order they came.
type marks struct {
	vertices []ebiten.Vertex
	indices  []uint32
	rim      colour // around those that have one
	// The position on the screen of marks at 0, 0.
	left, top float64
	within    rect // clips the marks, unless empty: Ebitengine cannot clip drawing on the screen itself
}

func (m *marks) reset() { m.vertices, m.indices = m.vertices[:0], m.indices[:0] }

// add adds a mark around (x, y), turned so that its own x runs along the unit
// vector (ux, uy), with half sizes a and b, and filled where outline, half of
// an outline's width, is 0. b is the rim's width of a disc and a diamond.
func (m *marks) add(kind int, x, y, ux, uy, a, b, outline float64, c colour) {
	x, y = x+m.left, y+m.top
	// Half of what it covers, with a pixel for its smooth edge. Without a graphics
	// card a mark costs what it covers, so it is no more than need be.
	w, h := a+outline+1, b+outline+1
	switch kind {
	case disc:
		w += b
		h = w
	case diamond:
		w = a + math.Sqrt2*(outline+b+1)
	case line:
		w += b
	}
	corners := [4][2]float64{{-w, -h}, {w, -h}, {w, h}, {-w, h}}
	if kind == diamond {
		corners = [4][2]float64{{0, -w}, {w, 0}, {0, w}, {-w, 0}}
	}
	var room [8]corner
	outer := room[:0]
	for _, p := range corners {
		outer = append(outer, corner{x + p[0]*ux - p[1]*uy, y + p[0]*uy + p[1]*ux, p[0], p[1]})
	}
	if m.within.w > 0 {
		outer = m.within.cut(outer)
	}
	first := uint32(len(m.vertices))
	for i, p := range outer {
		m.vertices = append(m.vertices, ebiten.Vertex{
			DstX: float32(p.x), DstY: float32(p.y), SrcX: float32(p.u), SrcY: float32(p.v),
			ColorR: c[0], ColorG: c[1], ColorB: c[2], ColorA: c[3],
			Custom0: float32(kind), Custom1: float32(a), Custom2: float32(b), Custom3: float32(outline),
		})
		if i > 1 {
			m.indices = append(m.indices, first, first+uint32(i)-1, first+uint32(i))
		}
	}
}

// A corner of a mark is where it is on the screen and from the mark's centre.
type corner struct{ x, y, u, v float64 }

// cut returns the part within r of the convex polygon with such corners.
func (r rect) cut(p []corner) []corner {
	for _, off := range [4]func(c corner) float64{ // beyond each side
		func(c corner) float64 { return r.x - c.x }, func(c corner) float64 { return c.x - r.x - r.w },
		func(c corner) float64 { return r.y - c.y }, func(c corner) float64 { return c.y - r.y - r.h },
	} {
		if !slices.ContainsFunc(p, func(c corner) bool { return off(c) > 0 }) {
			continue
		}
		var kept []corner
		for i, c := range p {
			before := p[(i+len(p)-1)%len(p)]
			a, b := off(before), off(c)
			if (a > 0) != (b > 0) {
				t := a / (a - b)
				kept = append(kept, corner{before.x + t*(c.x-before.x), before.y + t*(c.y-before.y), before.u + t*(c.u-before.u), before.v + t*(c.v-before.v)})
			}
			if b <= 0 {
				kept = append(kept, c)
			}
		}
		p = kept
	}
	return p
}

// quad adds a face with a colour at each of its corners, which go around it.
func (m *marks) quad(corners [4][2]float64, colours [4]colour) {
	first := uint32(len(m.vertices))
	for i, p := range corners {
		c := colours[i]
		m.vertices = append(m.vertices, ebiten.Vertex{
			DstX: float32(p[0]), DstY: float32(p[1]), ColorR: c[0], ColorG: c[1], ColorB: c[2], ColorA: c[3], Custom0: face,
		})
	}
	m.indices = append(m.indices, first, first+1, first+2, first, first+2, first+3)
}

func (m *marks) disc(x, y, radius float64, c colour) { m.add(disc, x, y, 1, 0, radius, 0, 0, c) }

func (m *marks) ring(x, y, radius, width float64, c colour) {
	m.add(disc, x, y, 1, 0, radius, 0, width/2, c)
}

// rimmed draws a ring, or a diamond where width is 0, with the rim's colour around.
func (m *marks) rimmed(kind int, x, y, radius, width, rim float64, c colour) {
	m.add(kind, x, y, 1, 0, radius, rim, width/2, c)
}

func (m *marks) diamond(x, y, radius float64, c colour) { m.add(diamond, x, y, 1, 0, radius, 0, 0, c) }

func (m *marks) box(r rect, c colour) {
	m.add(box, r.x+r.w/2, r.y+r.h/2, 1, 0, r.w/2, r.h/2, 0, c)
}

// outline draws inside r's edge.
func (m *marks) outline(r rect, width float64, c colour) {
	m.add(box, r.x+r.w/2, r.y+r.h/2, 1, 0, (r.w-width)/2, (r.h-width)/2, width/2, c)
}

func (m *marks) line(x0, y0, x1, y1, width float64, c colour) {
	dx, dy := x1-x0, y1-y0
	length := math.Hypot(dx, dy)
	if !(length > 0) {
		dx, length = 1, 1
	}
	m.add(line, (x0+x1)/2, (y0+y1)/2, dx/length, dy/length, math.Hypot(x1-x0, y1-y0)/2, width/2, 0, c)
}

// arrow adds an arrow from (x, y), its head's half width given.
func (m *marks) arrow(x, y, dx, dy, width, head float64, c colour) {
	length := math.Hypot(dx, dy)
	if !(length > 0) {
		return
	}
	ux, uy := dx/length, dy/length
	neck := math.Max(0, length-1.6*head)
	m.line(x, y, x+ux*neck, y+uy*neck, width, c)
	m.add(arrowhead, x+ux*(length-head), y+uy*(length-head), ux, uy, head, head, 0, c)
}

func (m *marks) draw(screen canvas, shader *ebiten.Shader) {
	if len(m.indices) > 0 {
		screen.DrawTrianglesShader32(m.vertices, m.indices, shader, &ebiten.DrawTrianglesShaderOptions{Uniforms: map[string]any{"Rim": m.rim[:]}})
	}
}
