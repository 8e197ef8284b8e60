// Package animation writes animated GIFs whose frames share one palette, so that
// what stands still keeps its colour.
package animation

import (
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"io"
	"slices"
)

// maxSide is the greatest width or height that a GIF can have.
const maxSide = 1<<16 - 1

// GIF writes an animation without end to w. There is a frame for each of delays,
// how long it is shown, in hundredths of a second. draw(i, rgba) fills rgba, 4·width·height bytes, row by row,
// with frame i; it is called twice for each. Alpha is not looked at. It returns an
// error for a size that a GIF cannot have, no frames, and what w returns.
func GIF(w io.Writer, width, height int, delays []int, draw func(i int, rgba []uint8)) error {
	if min(width, height) < 1 || max(width, height) > maxSide {
		return fmt.Errorf("a GIF is 1 to %d pixels wide and high, not %d by %d", maxSide, width, height)
	}
	if len(delays) == 0 {
		return fmt.Errorf("a GIF has one frame or more")
	}
	rgba := make([]uint8, 4*width*height)
	counts := map[rgb]int{}
	for i := range delays {
		draw(i, rgba)
		count(counts, rgba)
	}
	all, index := palette(counts)
	g := gif.GIF{Config: image.Config{ColorModel: all, Width: width, Height: height}}
	var before *image.Paletted
	for i, delay := range delays {
		draw(i, rgba)
		m := image.NewPaletted(image.Rect(0, 0, width, height), all)
		for at := range m.Pix {
			m.Pix[at] = index[rgb(rgba[4*at:4*at+3])]
		}
		g.Image = append(g.Image, m.SubImage(changed(before, m)).(*image.Paletted))
		g.Delay = append(g.Delay, delay)
		before = m
	}
	return gif.EncodeAll(w, &g)
}

// changed returns the least rectangle outside of which b is as a, a pixel at
// least; all of b where there is no a.
func changed(a, b *image.Paletted) image.Rectangle {
	if a == nil {
		return b.Rect
	}
	r := image.Rectangle{}
	for y := range b.Rect.Dy() {
		was, is := a.Pix[y*a.Stride:(y+1)*a.Stride], b.Pix[y*b.Stride:(y+1)*b.Stride]
		from := 0
		for from < len(is) && was[from] == is[from] {
			from++
		}
		if from == len(is) {
			continue
		}
		to := len(is)
		for was[to-1] == is[to-1] {
			to--
		}
		r = r.Union(image.Rect(from, y, to, y+1))
	}
	if r.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return r
}

type rgb [3]uint8

// count adds the colours of an image to counts.
func count(counts map[rgb]int, rgba []uint8) {
	if len(rgba) == 0 {
		return
	}
	last, n := rgb(rgba[:3]), 0
	for at := 0; at < len(rgba); at += 4 {
		if c := rgb(rgba[at : at+3]); c != last { // neighbours are mostly alike
			counts[last] += n
			last, n = c, 0
		}
		n++
	}
	counts[last] += n
}

// A box is colours that will be one.
type box struct {
	colours []rgb
	axis    int     // along which they differ most
	mean    float64 // along it
	error   float64 // the sum over all pixels of the squared distance from it
}

// palette returns at most 256 colours for those counted, and which of them each is
// shown as. Where there are no more they are as they were; else boxes of colours
// are cut in two, those first where it helps most (median cut, at the mean). A box
// becomes the colour that makes up half of it, as plain areas do, or its mean.
func palette(counts map[rgb]int) (color.Palette, map[rgb]uint8) {
	all := make([]rgb, 0, len(counts))
	for c := range counts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b rgb) int { return slices.Compare(a[:], b[:]) }) // a map has no order
	boxes := []box{measure(all, counts)}
	for len(boxes) < 256 {
		worst := 0
		for i, b := range boxes {
			if b.error > boxes[worst].error {
				worst = i
			}
		}
		b := boxes[worst]
		if b.error == 0 {
			break
		}
		var low, high []rgb
		for _, c := range b.colours {
			if float64(c[b.axis]) <= b.mean {
				low = append(low, c)
			} else {
				high = append(high, c)
			}
		}
		boxes[worst] = measure(low, counts)
		boxes = append(boxes, measure(high, counts))
	}
	var p color.Palette
	index := make(map[rgb]uint8, len(all))
	for i, b := range boxes {
		c := b.colour(counts)
		p = append(p, color.RGBA{c[0], c[1], c[2], 255})
		for _, c := range b.colours {
			index[c] = uint8(i)
		}
	}
	return p, index
}

// measure returns a box of one colour or more.
func measure(colours []rgb, counts map[rgb]int) box {
	var n float64
	var sum, squares [3]float64
	for _, c := range colours {
		k := float64(counts[c])
		n += k
		for axis, v := range c {
			sum[axis] += k * float64(v)
			squares[axis] += k * float64(v) * float64(v)
		}
	}
	b := box{colours: colours}
	if len(colours) == 1 {
		return b
	}
	for axis := range sum {
		mean := sum[axis] / n
		if e := squares[axis] - mean*sum[axis]; e > b.error {
			b.axis, b.mean, b.error = axis, mean, e
		}
	}
	return b
}

// colour returns what a box is shown as.
func (b box) colour(counts map[rgb]int) rgb {
	var sum [3]int
	n, most := 0, b.colours[0]
	for _, c := range b.colours {
		k := counts[c]
		n += k
		if k > counts[most] {
			most = c
		}
		for axis, v := range c {
			sum[axis] += k * int(v)
		}
	}
	if 2*counts[most] >= n {
		return most
	}
	return rgb{uint8((sum[0] + n/2) / n), uint8((sum[1] + n/2) / n), uint8((sum[2] + n/2) / n)}
}
