package stage

import (
	_ "embed"
	"math"
	"unsafe"

	"github.com/hajimehoshi/ebiten/v2"
)

//go:embed field.kage
var fieldSource []byte

// A fieldLook is how a run's fields are drawn: what field.kage calls its uniforms.
type fieldLook struct {
	base, step                              float32 // of the contour lines, step 0 for none
	width, baseWidth, casingWidth, isoWidth float32 // half widths in pixels
	ink, casing, below, isoInk              colour
	heat                                    float32
}

// look returns how a run's fields are drawn.
func (s *Stage) look(g *wgan) fieldLook {
	t := s.theme
	thin := float32(s.scale * math.Max(1, math.Min(g.plot.w/s.scale/560, 1.6)))
	l := fieldLook{width: .5 * thin, casingWidth: 1.2 * thin, isoWidth: 1.25 * thin, ink: t.ink.fade(.62), isoInk: t.one}
	l.baseWidth = l.width
	if g.bold {
		l.baseWidth = 1.1 * thin
	}
	if s.heated(g) {
		l.heat, l.ink, l.casing = t.heat, hex(0xffffff).fade(.85), hex(0x0b1a2c).fade(.35)
	}
	if g.signed {
		l.baseWidth, l.below = 1.5*thin, t.ink.fade(.09)
	}
	low, high := bounds(g.critic)
	if reach := float64(high) - float64(low); reach > 0 && (g.signed || !s.off["contours"]) {
		l.base, l.step = float32((g.base-float64(low))/reach), float32(g.step/reach)
	}
	return l
}

// drawFields draws the gradient norm's colours and the contour lines, or for a
// difference of critics its contour lines, with the shade of what is below 0.
// Without a graphics card pixels are cheaper made here than by a shader.
func (s *Stage) drawFields(g *wgan) {
	g.refine(g.plot.w / s.scale)
	look := s.look(g)
	if s.slow {
		w, h := int(g.plot.w), int(g.plot.h)
		upload(&g.shade, w, h, g.paint(w, h, look, &s.canvas))
		at := &ebiten.DrawImageOptions{}
		at.GeoM.Translate(g.plot.x, g.plot.y)
		s.target.DrawImage(g.shade, at)
		return
	}
	if g.pixels == nil {
		g.pixels = make([]byte, 4*g.side*g.side)
		pack(g.pixels, g.heights, g.log)
		upload(&g.texture, g.side, g.side, g.pixels)
	}
	place := func(v float64) float32 { return float32((v + logBounds) / (2 * logBounds)) }
	last := float32(g.side) - .5
	r := g.plot
	v := func(x, y float64, sx, sy float32) ebiten.Vertex {
		return ebiten.Vertex{DstX: float32(x), DstY: float32(y), SrcX: sx, SrcY: sy, ColorA: 1}
	}
	// Row 0 of a field is at the bottom.
	corners := []ebiten.Vertex{v(r.x, r.y, .5, last), v(r.x+r.w, r.y, last, last), v(r.x, r.y+r.h, .5, .5), v(r.x+r.w, r.y+r.h, last, .5)}
	s.target.DrawTrianglesShader32(corners, []uint32{0, 1, 2, 1, 2, 3}, s.fieldShader, &ebiten.DrawTrianglesShaderOptions{
		Images: [4]*ebiten.Image{g.texture},
		Uniforms: map[string]any{
			"Pixel": float32(g.side-1) / float32(r.w), "Base": look.base, "Step": look.step, "Width": look.width, "BaseWidth": look.baseWidth,
			"Ink": look.ink[:], "Casing": look.casing[:], "CasingWidth": look.casingWidth, "Below": look.below[:], "Heat": look.heat, "Ramp": ramp,
			"Span": []float32{place(-slopeOctaves), place(slopeOctaves)}, "IsoLevel": place(0), "IsoWidth": look.isoWidth, "IsoInk": look.isoInk[:],
		},
	})
}

// upload writes pixels into an image, which is another one where the size changed.
func upload(to **ebiten.Image, w, h int, pixels []byte) {
	if *to != nil && (*to).Bounds().Dx() == w && (*to).Bounds().Dy() == h {
		(*to).WritePixels(pixels)
		return
	}
	if *to != nil {
		(*to).Deallocate()
	}
	*to = ebiten.NewImage(w, h)
	(*to).WritePixels(pixels)
}

// ramp is cividis as the shader takes it.
var ramp = func() (all []float32) {
	for _, c := range cividisFit {
		all = append(all, c[:]...)
	}
	return all
}()

// A stroke is a colour laid over pixels: what is left of theirs in 256ths, and
// what comes to it.
type stroke struct{ keep, add uint32 }

// over returns the stroke of colours laid over each other, the first first.
func over(colours ...colour) stroke {
	keep, add := float32(1), colour{}
	for _, c := range colours {
		keep *= 1 - c[3]
		for i := range add {
			add[i] = add[i]*(1-c[3]) + c[i]
		}
	}
	s := stroke{keep: uint32(keep * 256)}
	for i, v := range add {
		s.add |= uint32(v*255) << (8 * i) // rounded down, so that no channel runs over
	}
	return s
}

func (s stroke) on(pixel uint32) uint32 {
	const even = 0x00ff00ff // two channels at once
	return (pixel&even*s.keep>>8&even | pixel>>8&even*s.keep&^even) + s.add
}

const fine = 16 // strokes to a pixel of a line's profile

// profile returns the strokes of a line by the distance from it, which reaches
// half of width and casing together.
func profile(width, casingWidth float32, casing, ink colour) []stroke {
	var out []stroke
	for i := 0; ; i++ {
		far := (float32(i) + .5) / fine
		around, within := coverage(width+casingWidth-far), coverage(width-far)
		out = append(out, over(casing.fade(around), ink.fade(within)))
		if around == 0 && within == 0 {
			return out
		}
	}
}

// coverage is how much a shape covers of a pixel that is so far within its edge.
func coverage(within float32) float32 { return max(0, min(within+.5, 1)) }

const shades = 1024 // of the gradient norm, from colour to colour

// A painter draws rows of pixels over rows of a lattice's cells. The field is taken
// for as steep everywhere in a cell as in its middle.
type painter struct {
	starts []int     // the first pixel of each cell, and the end
	shares []float32 // of the cell that is left of each pixel
	cells  float32   // to a pixel
	scale  float32   // strokes to a cell
}

func newPainter(side, w int) painter {
	p := painter{starts: make([]int, side), shares: make([]float32, w), cells: float32(side-1) / float32(w)}
	p.scale = fine / p.cells
	cell := 0
	for x := range w {
		u := (float32(x) + .5) * p.cells
		for ; cell < side-1 && float32(cell) <= u; cell++ {
			p.starts[cell] = x
		}
		p.shares[x] = u - float32(cell-1)
	}
	for ; cell < side; cell++ {
		p.starts[cell] = w
	}
	return p
}

// paint returns the pixels that field.kage would draw on w by h of them. They are
// in canvas, which the next call takes again.
func (f *field) paint(w, h int, l fieldLook, canvas *[]uint32) []byte {
	var table [shades + 1]uint32
	for i := range table {
		table[i] = over(heatColour(float64(i) / shades).fade(l.heat)).add
	}
	iso := profile(l.isoWidth, l.casingWidth, l.casing, l.isoInk)
	thin, bold := profile(l.width, l.casingWidth, l.casing, l.ink), profile(l.baseWidth, l.casingWidth, l.casing, l.ink)
	side := f.side
	if cap(*canvas) < w*h {
		*canvas = make([]uint32, w*h)
	}
	pixels := (*canvas)[:w*h]
	if l.heat == 0 {
		clear(pixels)
	}
	p := newPainter(side, w)
	at, rise := make([]float32, side), make([]float32, side) // a row of a field between two of the lattice's, and what it rises by
	row := func(field []float32, y int) {
		v := (1 - (float32(y)+.5)/float32(h)) * float32(side-1)
		i := min(int(v), side-2)
		share := v - float32(i)
		low, high := field[i*side:][:side], field[(i+1)*side:][:side]
		for j, a := range low {
			rise[j] = high[j] - a
			at[j] = a + share*rise[j]
		}
	}
	for y := range h {
		out := pixels[y*w:][:w]
		if l.heat > 0 {
			row(f.log, y)
			p.heat(out, at, rise, &table, iso)
		}
		if l.step > 0 {
			row(f.heights, y)
			p.lines(out, at, rise, l, thin, bold)
		}
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(pixels))), 4*len(pixels)) // Ebitengine runs on little-endian machines
}

// heat draws a row of the gradient norm's colours and of the line where it is 1.
func (p *painter) heat(out []uint32, at, rise []float32, table *[shades + 1]uint32, iso []stroke) {
	const span = shades / (2. * slopeOctaves)
	for j := range p.starts[:len(p.starts)-1] {
		first := p.starts[j]
		row := out[first:p.starts[j+1]]
		if len(row) == 0 {
			continue
		}
		right := at[j+1] - at[j]
		value, step := at[j]+p.shares[first]*right, right*p.cells
		shade := value*span + shades/2 + .5
		for i := range row {
			row[i] = table[max(0, min(int(shade), shades))]
			shade += step * span
		}
		up := (rise[j] + rise[j+1]) / 2
		steep := float32(math.Sqrt(float64(right*right + up*up + 1e-12)))
		reach := float32(len(iso)) / p.scale * steep
		if min(at[j], at[j+1]) > reach || max(at[j], at[j+1]) < -reach {
			continue
		}
		scale := p.scale / steep
		for i, pixel := range row {
			if k := int(max(value, -value) * scale); k < len(iso) {
				row[i] = iso[k].on(pixel)
			}
			value += step
		}
	}
}

// lines draws a row of the critic's contour lines, and of the shade below the base.
func (p *painter) lines(out []uint32, at, rise []float32, l fieldLook, thin, bold []stroke) {
	const levels = 1 << 10 // there are fewer, so that their numbers become positive by adding this
	longest, inverse, below := float32(max(len(thin), len(bold)))/p.scale, 1/l.step, over(l.below)
	for j := range p.starts[:len(p.starts)-1] {
		first := p.starts[j]
		row := out[first:p.starts[j+1]]
		if len(row) == 0 {
			continue
		}
		right := at[j+1] - at[j]
		value, step := at[j]+p.shares[first]*right-l.base, right*p.cells
		low, high := min(at[j], at[j+1])-l.base, max(at[j], at[j+1])-l.base
		if low < 0 && below.add != 0 {
			v := value
			for i, pixel := range row {
				if v < 0 {
					row[i] = below.on(pixel)
				}
				v += step
			}
		}
		up := (rise[j] + rise[j+1]) / 2
		steep := float32(math.Sqrt(float64(right*right + up*up + 1e-12)))
		reach := longest * steep
		if int((high+reach)*inverse+levels) == int((low-reach)*inverse+levels) {
			continue // there is no level between
		}
		scale := p.scale / steep
		for i, pixel := range row {
			level := int(value*inverse+levels+.5) - levels
			off := value - float32(level)*l.step
			strokes := thin
			if level == 0 {
				strokes = bold
			}
			if k := int(max(off, -off) * scale); k < len(strokes) {
				row[i] = strokes[k].on(pixel)
			}
			value += step
		}
	}
}
