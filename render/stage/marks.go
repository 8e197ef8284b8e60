package stage

import (
	_ "embed"
	"math"

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
}

func (m *marks) reset() { m.vertices, m.indices = m.vertices[:0], m.indices[:0] }

// add adds a mark around (x, y), turned so that its own x runs along the unit
// vector (ux, uy), with half sizes a and b, and filled where outline, half of
// an outline's width, is 0. b is the rim's width of a disc and a diamond.
func (m *marks) add(kind int, x, y, ux, uy, a, b, outline float64, c colour) {
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
	first := uint32(len(m.vertices))
	corners := [4][2]float64{{-w, -h}, {w, -h}, {w, h}, {-w, h}}
	if kind == diamond {
		corners = [4][2]float64{{0, -w}, {w, 0}, {0, w}, {-w, 0}}
	}
	for _, p := range corners {
		m.vertices = append(m.vertices, ebiten.Vertex{
			DstX: float32(x + p[0]*ux - p[1]*uy), DstY: float32(y + p[0]*uy + p[1]*ux),
			SrcX: float32(p[0]), SrcY: float32(p[1]),
			ColorR: c[0], ColorG: c[1], ColorB: c[2], ColorA: c[3],
			Custom0: float32(kind), Custom1: float32(a), Custom2: float32(b), Custom3: float32(outline),
		})
	}
	m.indices = append(m.indices, first, first+1, first+2, first, first+2, first+3)
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
