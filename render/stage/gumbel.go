package stage

import (
	_ "embed"
	"fmt"
	"math"

	"github.com/hajimehoshi/ebiten/v2"

	"ganbel/core/data"
)

//go:embed image.kage
var imageSource []byte

const tiles = 16 // images in one row of the atlas

// gumbel is what is known of a Gumbel run.
type gumbel struct {
	images, priors, side int    // how many, and their rows and columns
	pixels               []byte // of the atlas, to be uploaded: digits, reconstructions, prior samples
	atlas                *ebiten.Image
	code                 []float32 // categoricals by classes
	categoricals         int
	simplex, chances     []float32 // three to a point
	temperature          float64
}

func (g *gumbel) clear() { *g = gumbel{atlas: g.atlas} }

func (g *gumbel) show(tensors map[string]data.Tensor) error {
	digits, err := take(tensors, "digits", -1, -1, -1)
	if err != nil {
		return err
	}
	n, side := digits.Shape[0], digits.Shape[1]
	if digits, err = take(tensors, "digits", n, side, side); err != nil {
		return err
	}
	again, err := take(tensors, "reconstructions", n, side, side)
	if err != nil {
		return err
	}
	prior, err := take(tensors, "prior", -1, side, side)
	if err != nil {
		return err
	}
	code, err := take(tensors, "code", -1, -1)
	if err != nil {
		return err
	}
	simplex, err := take(tensors, "simplex", -1, 3)
	if err != nil {
		return err
	}
	chances, err := take(tensors, "chances", 3)
	if err != nil {
		return err
	}
	temperature, err := take(tensors, "temperature", 1)
	if err != nil {
		return err
	}
	*g = gumbel{
		images: n, priors: prior.Shape[0], side: side, atlas: g.atlas, code: code.Data, categoricals: code.Shape[0],
		simplex: simplex.Data, chances: chances.Data, temperature: float64(temperature.Data[0]),
	}
	rows := (2*n + g.priors + tiles - 1) / tiles
	g.pixels = make([]byte, 4*rows*tiles*side*side)
	for i, t := range [3]data.Tensor{digits, again, prior} {
		g.fill(t.Data, i*n)
	}
	return nil
}

// fill writes images into the atlas, from tile first on.
func (g *gumbel) fill(images []float32, first int) {
	for i := 0; i*g.side*g.side < len(images); i++ {
		x, y := g.tile(first + i)
		for row := range g.side {
			at := 4 * ((y+row)*tiles*g.side + x)
			for _, v := range images[(i*g.side+row)*g.side:][:g.side] {
				p := byte(max(0, min(v, 1))*255 + .5)
				copy(g.pixels[at:], []byte{p, p, p, 255})
				at += 4
			}
		}
	}
}

// tile returns the top left corner of image i in the atlas.
func (g *gumbel) tile(i int) (x, y int) { return i % tiles * g.side, i / tiles * g.side }

// drawPanels draws everything onto the ground of a stage of w by h CSS pixels.
func (s *Stage) drawPanels(w, h float64) []Label {
	g, t := &s.gumbel, s.theme
	c := contents{
		digits: !s.off["digits"], reconstructions: !s.off["reconstructions"], prior: !s.off["prior"],
		code: !s.off["code"], simplex: !s.off["simplex"],
		pairs: 16, priors: 64, categoricals: 20, classes: 10, // before the first frame
	}
	if g.images > 0 {
		c.pairs, c.priors, c.categoricals, c.classes = g.images, g.priors, g.categoricals, len(g.code)/g.categoricals
	}
	p, labels := placePanels(w, h, s.scale, c)
	s.uploadAtlas()

	bundle := p.images.bundle
	for i := range c.pairs {
		if c.digits {
			s.addImage(p.images.at(i, 0), i)
		}
		if c.reconstructions {
			s.addImage(p.images.at(i, bundle-1), c.pairs+i)
		}
	}
	if c.prior {
		for i := range c.priors {
			s.addImage(p.priors.at(i, 0), 2*c.pairs+i)
		}
	}
	if bundle == 2 && p.pairs.h > 0 { // which row is which
		for i := 0; i < c.pairs; i += p.images.columns {
			first, second := p.images.at(i, 0), p.images.at(i, 1)
			x, r := p.pairs.x+.3*p.text, .26*p.text
			s.marks.ring(x, first.y+first.h/2, r, .5*r, t.real)
			s.marks.diamond(x, second.y+second.h/2, 1.2*r, t.fake)
		}
	}
	s.drawImages()
	if c.code {
		s.drawCode(p.code, c.categoricals, c.classes)
	}
	if c.simplex {
		labels = append(labels, s.drawSimplex(p.simplex, p.text)...)
	}
	s.flush(s.ground)
	return labels
}

func (s *Stage) uploadAtlas() {
	g := &s.gumbel
	if g.pixels == nil {
		return
	}
	w, h := tiles*g.side, len(g.pixels)/4/tiles/g.side
	if g.atlas == nil || g.atlas.Bounds().Dx() != w || g.atlas.Bounds().Dy() != h {
		if g.atlas != nil {
			g.atlas.Deallocate()
		}
		g.atlas = ebiten.NewImage(w, h)
	}
	g.atlas.WritePixels(g.pixels)
	g.pixels = nil
}

// addImage adds image i of the atlas, or an empty place for it, to those to be drawn.
func (s *Stage) addImage(r rect, i int) {
	g := &s.gumbel
	if g.images == 0 {
		s.marks.box(r, s.theme.well)
		return
	}
	x, y := g.tile(i)
	first := uint32(len(s.images.vertices))
	ink := s.theme.ink
	for _, c := range [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		s.images.vertices = append(s.images.vertices, ebiten.Vertex{
			DstX: float32(r.x + c[0]*r.w), DstY: float32(r.y + c[1]*r.h),
			SrcX: float32(x) + float32(c[0])*float32(g.side), SrcY: float32(y) + float32(c[1])*float32(g.side),
			ColorR: ink[0], ColorG: ink[1], ColorB: ink[2], ColorA: ink[3],
			Custom0: float32(x), Custom1: float32(y), Custom2: float32(g.side), Custom3: float32(r.w) / float32(g.side),
		})
	}
	s.images.indices = append(s.images.indices, first, first+1, first+2, first, first+2, first+3)
}

func (s *Stage) drawImages() {
	if len(s.images.indices) > 0 {
		s.ground.DrawTrianglesShader32(s.images.vertices, s.images.indices, s.imageShader, &ebiten.DrawTrianglesShaderOptions{
			Images: [4]*ebiten.Image{s.gumbel.atlas}, Uniforms: map[string]any{"Paper": s.theme.well[:]},
		})
	}
	s.images.reset()
}

// drawCode draws a categorical in each row, the chance of each class as colour
// and the likeliest class outlined.
func (s *Stage) drawCode(r rect, rows, columns int) {
	g, t := &s.gumbel, s.theme
	w := math.Min(r.w/float64(columns), 2.4*r.h/float64(rows))
	h := math.Min(r.h/float64(rows), 1.2*w)
	gap := math.Round(math.Min(w, h) / 10)
	for i := range rows {
		likeliest := 0
		for j := range columns {
			x, y := math.Round(r.x+float64(j)*w), math.Round(r.y+float64(i)*h)
			cell := rect{x, y, math.Max(1, math.Round(r.x+float64(j+1)*w)-x-gap), math.Max(1, math.Round(r.y+float64(i+1)*h)-y-gap)}
			chance := float32(0)
			if g.code != nil {
				chance = max(0, min(g.code[i*columns+j], 1))
				if g.code[i*columns+j] > g.code[i*columns+likeliest] {
					likeliest = j
				}
			}
			s.marks.box(cell, t.well.blend(t.code, chance))
		}
		if g.code != nil && math.Min(w, h) >= 4 {
			x, y := math.Round(r.x+float64(likeliest)*w), math.Round(r.y+float64(i)*h)
			cell := rect{x, y, math.Round(r.x+float64(likeliest+1)*w) - x - gap, math.Round(r.y+float64(i+1)*h) - y - gap}
			s.marks.outline(cell, math.Max(1, math.Min(w, h)/9), t.ink)
		}
	}
}

// drawSimplex draws samples of a choice between three in a triangle: its corners
// are the choices, and the ring is the mean that its chances tell.
func (s *Stage) drawSimplex(r rect, text float64) []Label {
	g, t := &s.gumbel, s.theme
	side := math.Max(1, math.Min(r.w-3*text, (r.h-2.2*text)/(math.Sqrt(3)/2)))
	height := side * math.Sqrt(3) / 2
	left, top := r.x+(r.w-side)/2, r.y+.8*text
	corners := [3][2]float64{{left, top + height}, {left + side, top + height}, {left + side/2, top}}
	at := func(p []float32) (x, y float64) {
		for i, c := range corners {
			x += float64(p[i]) * c[0]
			y += float64(p[i]) * c[1]
		}
		return x, y
	}
	for i, c := range corners {
		d := corners[(i+1)%3]
		s.marks.line(c[0], c[1], d[0], d[1], 1.5*s.scale, t.quiet)
		s.marks.disc(c[0], c[1], 3.5*s.scale, t.quiet)
	}
	radius := math.Max(2, math.Min(side/s.scale/90, 4)) * s.scale
	for i := 0; i+2 < len(g.simplex); i += 3 {
		if x, y := at(g.simplex[i:]); x-x == 0 && y-y == 0 {
			s.marks.diamond(x, y, radius, t.code.fade(.5))
		}
	}
	if g.chances != nil {
		x, y := at(g.chances)
		s.marks.ring(x, y, 2.2*radius, radius+1.8*s.scale, t.casing)
		s.marks.ring(x, y, 2.2*radius, radius, t.real)
	}
	size := text / s.scale
	css := func(v float64) float64 { return v / s.scale }
	labels := []Label{
		{Text: "1", Anchor: "middle", X: css(corners[0][0]), Y: css(corners[0][1] + text), Size: size},
		{Text: "2", Anchor: "middle", X: css(corners[1][0]), Y: css(corners[1][1] + text), Size: size},
		{Text: "3", Anchor: "middle", X: css(corners[2][0] + 1.1*text), Y: css(corners[2][1]), Size: size},
	}
	if g.temperature > 0 {
		labels = append(labels, Label{Text: fmt.Sprintf("τ = %.3g", g.temperature), Anchor: "right", X: css(r.x + r.w), Y: css(r.y - .95*text), Size: size})
	}
	return labels
}
