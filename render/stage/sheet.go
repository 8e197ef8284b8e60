package stage

import (
	_ "embed"

	"github.com/hajimehoshi/ebiten/v2"

	"ganbel/core/data"
)

//go:embed image.kage
var imageSource []byte

const tiles = 16 // images in one row of a sheet

// A sheet is grey images of one size, to be drawn in any colour.
type sheet struct {
	side   int    // rows and columns of an image; 0 before the first
	pixels []byte // to be uploaded, nil where they are
	atlas  *ebiten.Image
}

// empty returns a sheet without images.
func (h *sheet) empty() sheet { return sheet{atlas: h.atlas} }

// of returns a sheet of images, tensors of numbers from 0 to 1 one after the other.
func (h *sheet) of(side int, images ...data.Tensor) sheet {
	n := 0
	for _, t := range images {
		n += len(t.Data) / (side * side)
	}
	next := sheet{side, make([]byte, (n+tiles-1)/tiles*tiles*side*side*4), h.atlas}
	i := 0
	for _, t := range images {
		for ; len(t.Data) > 0; t.Data = t.Data[side*side:] {
			x, y := next.tile(i)
			for row := range side {
				at := 4 * ((y+row)*tiles*side + x)
				for _, v := range t.Data[row*side:][:side] {
					p := byte(max(0, min(v, 1))*255 + .5)
					copy(next.pixels[at:], []byte{p, p, p, 255})
					at += 4
				}
			}
			i++
		}
	}
	return next
}

// tile returns the top left corner of image i.
func (h *sheet) tile(i int) (x, y int) { return i % tiles * h.side, i / tiles * h.side }

func (h *sheet) upload() {
	if h.pixels == nil {
		return
	}
	wide, high := tiles*h.side, len(h.pixels)/4/tiles/h.side
	if h.atlas == nil || h.atlas.Bounds().Dx() != wide || h.atlas.Bounds().Dy() != high {
		if h.atlas != nil {
			h.atlas.Deallocate()
		}
		h.atlas = ebiten.NewImage(wide, high)
	}
	h.atlas.WritePixels(h.pixels)
	h.pixels = nil
}

// addImage adds image i, or an empty place for it, to those to be drawn.
func (s *Stage) addImage(h *sheet, r rect, i int) { s.addPart(h, r, i, 0, 1, s.theme.ink) }

// addPart adds what is of image i from one share of its height to another, in a
// colour; r is the place of all of it.
func (s *Stage) addPart(h *sheet, r rect, i int, from, to float64, ink colour) {
	if h.side == 0 {
		s.marks.box(rect{r.x, r.y + from*r.h, r.w, (to - from) * r.h}, s.theme.well)
		return
	}
	x, y := h.tile(i)
	first, side := uint32(len(s.images.vertices)), float64(h.side)
	for _, c := range [4][2]float64{{0, from}, {1, from}, {1, to}, {0, to}} {
		s.images.vertices = append(s.images.vertices, ebiten.Vertex{
			DstX: float32(s.images.left + r.x + c[0]*r.w), DstY: float32(s.images.top + r.y + c[1]*r.h),
			SrcX: float32(float64(x) + c[0]*side), SrcY: float32(float64(y) + c[1]*side),
			ColorR: ink[0], ColorG: ink[1], ColorB: ink[2], ColorA: ink[3],
			Custom0: float32(x), Custom1: float32(y), Custom2: float32(side), Custom3: float32(r.w / side),
		})
	}
	s.images.indices = append(s.images.indices, first, first+1, first+2, first, first+2, first+3)
}

// drawImages draws the images of a sheet that were added.
func (s *Stage) drawImages(h *sheet) {
	h.upload()
	if len(s.images.indices) > 0 {
		s.target.DrawTrianglesShader32(s.images.vertices, s.images.indices, s.imageShader, &ebiten.DrawTrianglesShaderOptions{
			Images: [4]*ebiten.Image{h.atlas}, Uniforms: map[string]any{"Paper": s.theme.well[:]},
		})
	}
	s.images.reset()
}

// isOne reports whether a tensor is a flag that is set.
func isOne(t data.Tensor) bool { return len(t.Data) == 1 && t.Data[0] == 1 }
