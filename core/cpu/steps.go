package cpu

import (
	"ganbel/core/graph"
	"ganbel/core/program"
	"ganbel/core/simd"
)

// Below so many multiplications or elements a step, of a few microseconds, is not
// worth sharing.
const (
	parallelGemm = 1 << 18
	parallelMap  = 1 << 15
)

// resolve turns a program's step into a function.
func (m *Machine) resolve(s *program.Step) step {
	if s.Kind == program.Map {
		return m.resolveMap(s)
	}
	dst, a := m.at(s.Dst), m.at(s.A)
	rows, cols := s.Rows, s.Cols
	switch s.Kind {
	case program.Gemm:
		return gemm(s, dst, a, m.at(s.B))
	case program.Sum:
		if s.Node.Rows == 1 && s.Node.Cols == 1 {
			return step{run: func(*worker, int, int) { dst[0] = simd.Sum(a) }}
		}
		if s.Node.Cols == 1 {
			return step{run: func(_ *worker, part, parts int) {
				from, to := share(rows, 1, part, parts)
				sumCols(dst, a, from, to, cols)
			}, parallel: rows*cols >= parallelMap}
		}
		return step{run: func(*worker, int, int) {
			copy(dst, a[:cols])
			for i := 1; i < rows; i++ {
				simd.Add(dst, dst, a[i*cols:(i+1)*cols])
			}
		}}
	case program.RowMax:
		return step{run: func(*worker, int, int) {
			for i := range dst {
				dst[i] = a[i*cols+argmax(a[i*cols:(i+1)*cols])]
			}
		}}
	case program.OneHotMax:
		return step{run: func(*worker, int, int) {
			simd.Fill(dst, 0)
			for i := range rows {
				dst[i*cols+argmax(a[i*cols:(i+1)*cols])] = 1
			}
		}}
	case program.Transpose:
		return step{run: func(*worker, int, int) {
			for i := range rows {
				for j, v := range a[i*cols : (i+1)*cols] {
					dst[j*rows+i] = v
				}
			}
		}}
	case program.Columns:
		from, to := s.FromCols, s.ToCols
		return step{run: func(*worker, int, int) {
			for i := range rows {
				copy(dst[i*to:i*to+cols], a[i*from:i*from+cols])
			}
		}}
	case program.Unfold:
		win := s.Node.Win
		return step{run: func(_ *worker, part, parts int) {
			from, to := share(win.N, 1, part, parts)
			unfold(win, dst, a, from, to)
		}, parallel: len(dst) >= parallelMap}
	case program.Fold:
		win := s.Node.Win
		return step{run: func(_ *worker, part, parts int) {
			from, to := share(win.N, 1, part, parts)
			fold(win, dst, a, from, to)
		}, parallel: len(a) >= parallelMap}
	}
	panic("cpu: unknown step " + s.String())
}

// gemm splits the longer side of the product between goroutines.
func gemm(s *program.Step, dst, a, b []float32) step {
	m, n, k := s.M, s.N, s.K
	ta, tb := s.TransA, s.TransB
	lda, ldb := k, n
	if ta {
		lda = m
	}
	if tb {
		ldb = k
	}
	const grain = 16
	return step{run: func(w *worker, part, parts int) {
		if m >= n {
			from, to := share(m, grain, part, parts)
			if from == to {
				return
			}
			at := from * lda
			if ta {
				at = from
			}
			simd.Gemm(ta, tb, to-from, n, k, a[at:], lda, b, ldb, dst[from*n:], n, &w.packing)
			return
		}
		from, to := share(n, grain, part, parts)
		if from == to {
			return
		}
		at := from
		if tb {
			at = from * ldb
		}
		simd.Gemm(ta, tb, m, to-from, k, a, lda, b[at:], ldb, dst[from:], n, &w.packing)
	}, parallel: m*n*k >= parallelGemm}
}

// sumCols sums rows from ≤ i < to. Short rows are summed in place: a call a row
// would cost more than the row.
func sumCols(dst, a []float32, from, to, cols int) {
	for i := from; i < to; i++ {
		row := a[i*cols : (i+1)*cols]
		if cols > 16 {
			dst[i] = simd.Sum(row)
			continue
		}
		var s float32
		for _, v := range row {
			s += v
		}
		dst[i] = s
	}
}

// argmax returns the index of the first greatest element; a NaN is the greatest.
func argmax(v []float32) int {
	best := 0
	for i, x := range v {
		if x > v[best] || (x != x && v[best] == v[best]) {
			best = i
		}
	}
	return best
}

func unfold(w graph.Window, dst, a []float32, from, to int) {
	each := w.OH * w.OW * w.KH * w.KW * w.C
	simd.Fill(dst[from*each:to*each], 0)
	w.Visit(from, to, func(i, j, n int) { copy(dst[j:j+n], a[i:i+n]) })
}

func fold(w graph.Window, dst, a []float32, from, to int) {
	each := w.H * w.W * w.C
	simd.Fill(dst[from*each:to*each], 0)
	w.Visit(from, to, func(i, j, n int) { simd.Add(dst[i:i+n], dst[i:i+n], a[j:j+n]) })
}
