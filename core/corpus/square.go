package corpus

import "fmt"

// A shape is what every image of a set is made to be.
type shape struct {
	rows, cols, channels int
	scale                bool // cut and scale; otherwise another size is an error
	window               int
	corner               bool
}

func (s shape) size() int { return s.rows * s.cols * s.channels }

// fit writes p into dst, of s.size() bytes.
func (s shape) fit(dst []uint8, p picture) error {
	if p.channels != s.channels {
		p = p.as(s.channels)
	}
	if !s.scale {
		if p.rows != s.rows || p.cols != s.cols {
			return fmt.Errorf("is %dx%d, expected %dx%d as the others are; with --side N all are cut and scaled to N by N", p.rows, p.cols, s.rows, s.cols)
		}
		copy(dst, p.pixels)
		return nil
	}
	n := min(p.rows, p.cols)
	if s.window > 0 {
		n = min(n, s.window)
	}
	y, x := (p.rows-n)/2, (p.cols-n)/2
	if s.corner {
		y, x = 0, 0
	}
	p.square(dst, y, x, n, s.rows)
	return nil
}

// square scales the n×n square at row y and column x to side×side: each pixel is
// the mean of the area that it covers.
func (p picture) square(dst []uint8, y, x, n, side int) {
	c := p.channels
	if n == side {
		for i := range n {
			copy(dst[i*n*c:(i+1)*n*c], p.pixels[((y+i)*p.cols+x)*c:])
		}
		return
	}
	parts := overlaps(n, side)
	sum := make([]float32, side*c)
	row := make([]float32, n*c) // the weighted sum of the source's rows
	for i, rows := range parts {
		clear(row)
		for _, o := range rows {
			for k, v := range p.pixels[((y+o.from)*p.cols+x)*c:][:n*c] {
				row[k] += o.weight * float32(v)
			}
		}
		clear(sum)
		for j, cols := range parts {
			for _, o := range cols {
				for k := range c {
					sum[j*c+k] += o.weight * row[o.from*c+k]
				}
			}
		}
		for k, v := range sum {
			dst[i*side*c+k] = uint8(min(v+.5, 255))
		}
	}
}

// An overlap is the share that one of the source's pixels has in a pixel.
type overlap struct {
	from   int
	weight float32
}

// overlaps returns, for each of side equal parts of a line of n pixels, the pixels
// that it covers with their shares, which add up to 1.
func overlaps(n, side int) [][]overlap {
	all := make([][]overlap, side)
	for i := range all {
		// In units of a side-th of a pixel part i is from i·n to (i+1)·n.
		for from := i * n / side; from*side < (i+1)*n; from++ {
			w := min((from+1)*side, (i+1)*n) - max(from*side, i*n)
			all[i] = append(all[i], overlap{from, float32(w) / float32(n)})
		}
	}
	return all
}
