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
	size := w.H * w.W * w.C
	for m > 0 {
		l, ox := i/w.OW, i%w.OW
		places := min(m, w.OW-ox)
		unfoldLine(w, dst[:places*n], images[l/w.OH*size:][:size], l%w.OH, ox, places, j, n)
		dst, i, m = dst[places*n:], i+places, m-places
	}
}

// unfoldLine writes columns j ≤ c < j+n of so many places of line oy of an image, from
// place ox on.
func unfoldLine(w *graph.Window, dst, image []float32, oy, ox, places, j, n int) {
	line := w.KW * w.C // columns of a row of the kernel
	for ky := j / line; ky*line < j+n; ky++ {
		at := ky * line
		from, to := max(j, at), min(j+n, at+line)
		part := dst[from-j:] // of the first place, n further that of the next
		y := oy*w.Stride - w.Top + ky
		if y < 0 || y >= w.H {
			for p := range places {
				clear(part[p*n:][:to-from])
			}
			continue
		}
		row := image[y*w.W*w.C:][:w.W*w.C]
		for p := 0; p < places; {
			x := (ox+p)*w.Stride - w.Left
			if count := inner(w, ox+p, places-p); count > 0 {
				simd.CopyRuns(part[p*n:], row[x*w.C+from-at:], count, to-from, n, w.Stride*w.C)
				p += count
				continue
			}
			d := part[p*n:][:to-from]
			clear(d)
			// Columns first ≤ c < end of the kernel's row lie within the image.
			first, end := at+max(0, -x)*w.C, at+min(w.KW, w.W-x)*w.C
			if lo, hi := max(from, first), min(to, end); lo < hi {
				copy(d[lo-from:hi-from], row[x*w.C+lo-at:])
			}
			p++
		}
	}
}

// inner returns how many of so many places from ox on lie with their whole width in
// the image, where the first does, and else 0.
func inner(w *graph.Window, ox, places int) int {
	if x := ox*w.Stride - w.Left; x >= 0 && x+w.KW <= w.W {
		return min(places, (w.W-w.KW-x)/w.Stride+1)
	}
	return 0
}

// fold adds the lines from ≤ l < to of a, which begins with them, to the images.
// A line is a row of places of one image; the first line of an image clears it.
func fold(w *graph.Window, images, a []float32, from, to int) {
	size, line := w.H*w.W*w.C, w.KW*w.C
	all := w.KH * line // floats a place
	for l := from; l < to; l++ {
		image, oy := images[l/w.OH*size:][:size], l%w.OH
		if oy == 0 {
			simd.Fill(image, 0)
		}
		for ky := range w.KH {
			y := oy*w.Stride - w.Top + ky
			if y < 0 || y >= w.H {
				continue
			}
			for ox := 0; ox < w.OW; {
				x, part := ox*w.Stride-w.Left, a[ox*all+ky*line:]
				if n := inner(w, ox, w.OW-ox); n > 0 {
					simd.AddRuns(image[(y*w.W+x)*w.C:], part, n, line, w.Stride*w.C, all)
					ox += n
					continue
				}
				first, end := max(0, -x), min(w.KW, w.W-x)
				if n := (end - first) * w.C; n > 0 {
					simd.AddRuns(image[(y*w.W+x+first)*w.C:], part[first*w.C:], 1, n, 0, 0)
				}
				ox++
			}
		}
		a = a[w.OW*all:]
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

// gemmGrain is the least number of rows or columns of a product that a goroutine takes.
const gemmGrain = 16

// parallelProduct reports whether goroutines share the product s.
func parallelProduct(s *program.Step) bool { return s.M*s.N*s.K >= parallelGemm }

// pack adds to what the workers pack what they pack for the product s, as gemm splits it.
func (m *Machine) pack(s *program.Step) {
	parts := 1
	if parallelProduct(s) {
		parts = len(m.workers)
	}
	for part := range parts {
		need := &m.packing[min(part, 1)]
		rows, cols := s.M, s.N
		switch w := s.Fold; {
		case w != nil:
			from, to := share(w.N, 1, part, parts)
			all := (to - from) * w.OH
			for _, lines := range []int{min(foldLines(w), all), all % foldLines(w)} {
				need.Add(lines*w.OW, cols, s.K, s.UnfoldA != nil, s.UnfoldB != nil)
			}
			continue
		case rows >= cols:
			from, to := share(rows, gemmGrain, part, parts)
			rows = to - from
		default:
			from, to := share(cols, gemmGrain, part, parts)
			cols = to - from
		}
		need.Add(rows, cols, s.K, s.UnfoldA != nil, s.UnfoldB != nil)
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
	parallel := parallelProduct(s)
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
	const grain = gemmGrain
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
