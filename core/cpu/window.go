package cpu

import (
	"ganbel/core/graph"
	"ganbel/core/program"
	"ganbel/core/simd"
)

// foldRows is about how many rows of a product are computed before they are
// folded: enough that packing the other operand anew costs little, few enough
// that they are still in a cache.
const foldRows = 144

// foldLines returns how many lines of places, over all images, make foldRows rows.
func foldLines(w *graph.Window) int { return min((foldRows+w.OW-1)/w.OW, w.N*w.OH) }

// foldScratch returns how many floats of a product are in memory at a time where
// s folds it, 0 where it does not.
func foldScratch(s *program.Step) int {
	if s.Fold == nil {
		return 0
	}
	return foldLines(s.Fold) * s.Fold.OW * s.N
}

// unfold writes rows i ≤ r < i+m and columns j ≤ c < j+n of images, unfolded, to
// dst, row by row.
func unfold(w *graph.Window, dst, images []float32, i, m, j, n int) {
	line := w.KW * w.C // columns of a row of the kernel
	ox, oy, image := i%w.OW, i/w.OW%w.OH, i/w.OW/w.OH
	for range m {
		x := ox*w.Stride - w.Left
		// Columns first ≤ c < end of every row of the kernel lie within the image.
		first, end := max(0, -x)*w.C, min(w.KW, w.W-x)*w.C
		for at, y := j/line*line, oy*w.Stride-w.Top+j/line; at < j+n; at, y = at+line, y+1 {
			from, to := max(j, at), min(j+n, at+line)
			d := dst[:to-from]
			dst = dst[to-from:]
			lo, hi := max(from, at+first), min(to, at+end)
			if y < 0 || y >= w.H || lo >= hi {
				clear(d)
				continue
			}
			src := images[((image*w.H+y)*w.W+x)*w.C+lo-at:]
			if lo > from {
				clear(d[:lo-from])
			}
			if hi < to {
				clear(d[hi-from:])
			}
			copy(d[lo-from:hi-from], src)
		}
		if ox++; ox == w.OW {
			ox = 0
			if oy++; oy == w.OH {
				oy, image = 0, image+1
			}
		}
	}
}

// fold adds the lines from ≤ l < to of a, which begins with them, to the images.
// A line is a row of places of one image; the first line of an image clears it.
func fold(w *graph.Window, images, a []float32, from, to int) {
	size := w.H * w.W * w.C
	for l := from; l < to; l++ {
		image, oy := images[l/w.OH*size:][:size], l%w.OH
		if oy == 0 {
			simd.Fill(image, 0)
		}
		for ox := range w.OW {
			x := ox*w.Stride - w.Left
			first, end := max(0, -x), min(w.KW, w.W-x)
			n := (end - first) * w.C
			for ky := range w.KH {
				if y := oy*w.Stride - w.Top + ky; y >= 0 && y < w.H && n > 0 {
					d := image[(y*w.W+x+first)*w.C:][:n]
					simd.Add(d, d, a[first*w.C:][:n])
				}
				a = a[w.KW*w.C:]
			}
		}
	}
}

// pool adds up the images below the places of the lines from ≤ l < to.
func pool(w *graph.Window, dst, images []float32, from, to int) {
	simd.Fill(dst[from*w.OW*w.C:to*w.OW*w.C], 0)
	taps(w, from, to, func(place, pixel []float32) { simd.Add(place, place, pixel) }, dst, images)
}

// spread adds the places of the lines from ≤ l < to, which are all of some images, to
// these.
func spread(w *graph.Window, images, a []float32, from, to int) {
	size := w.H * w.W * w.C
	simd.Fill(images[from/w.OH*size:to/w.OH*size], 0)
	taps(w, from, to, func(place, pixel []float32) { simd.Add(pixel, pixel, place) }, a, images)
}

// taps calls f for every place of the lines from ≤ l < to, and every pixel below it.
func taps(w *graph.Window, from, to int, f func(place, pixel []float32), places, images []float32) {
	for l := from; l < to; l++ {
		image, top := l/w.OH, l%w.OH*w.Stride-w.Top
		for ox := range w.OW {
			place, left := places[(l*w.OW+ox)*w.C:][:w.C], ox*w.Stride-w.Left
			for y := max(0, top); y < min(w.H, top+w.KH); y++ {
				for x := max(0, left); x < min(w.W, left+w.KW); x++ {
					f(place, images[((image*w.H+y)*w.W+x)*w.C:][:w.C])
				}
			}
		}
	}
}

// gemm splits the longer side of the product between goroutines.
func (m *Machine) gemm(s *program.Step) step {
	rows, cols, k := s.M, s.N, s.K
	lda, ldb := k, cols
	if s.TransA {
		lda = rows
	}
	if s.TransB {
		ldb = k
	}
	a, b, dst := operand(m.at(s.A), lda, s.UnfoldA), operand(m.at(s.B), ldb, s.UnfoldB), m.at(s.Dst)
	parallel := rows*cols*k >= parallelGemm
	if w := s.Fold; w != nil {
		return step{run: func(work *worker, part, parts int) {
			from, to := share(w.N, 1, part, parts)
			for from, to := from*w.OH, to*w.OH; from < to; {
				lines := min(foldLines(w), to-from)
				c := work.product[:lines*w.OW*cols]
				simd.GemmOf(s.TransA, s.TransB, lines*w.OW, cols, k, begin(a, !s.TransA, from*w.OW), b, c, cols, &work.packing)
				fold(w, dst, c, from, from+lines)
				from += lines
			}
		}, parallel: parallel}
	}
	const grain = 16
	return step{run: func(w *worker, part, parts int) {
		if rows >= cols {
			if from, to := share(rows, grain, part, parts); from < to {
				simd.GemmOf(s.TransA, s.TransB, to-from, cols, k, begin(a, !s.TransA, from), b, dst[from*cols:], cols, &w.packing)
			}
		} else if from, to := share(cols, grain, part, parts); from < to {
			simd.GemmOf(s.TransA, s.TransB, rows, to-from, k, a, begin(b, s.TransB, from), dst[from:], cols, &w.packing)
		}
	}, parallel: parallel}
}

// operand returns what a product reads: v itself, or unfolded by w where w is not nil.
func operand(v []float32, ld int, w *graph.Window) simd.Matrix {
	if w == nil {
		return simd.Matrix{V: v, Ld: ld}
	}
	return simd.Matrix{Block: func(dst []float32, i, m, j, n int) { unfold(w, dst, v, i, m, j, n) }}
}

// begin returns x from a row on, or from a column.
func begin(x simd.Matrix, row bool, from int) simd.Matrix {
	switch {
	case x.Block == nil && row:
		x.V = x.V[from*x.Ld:]
	case x.Block == nil:
		x.V = x.V[from:]
	case row:
		x.Row = from
	default:
		x.Col = from
	}
	return x
}
