package cpu

import (
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
		return m.gemm(s)
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
		w := &s.Node.Win
		each := w.KH * w.KW * w.C
		return step{run: func(_ *worker, part, parts int) {
			from, to := share(w.N*w.OH*w.OW, 1, part, parts)
			unfold(w, dst[from*each:], a, from, to-from, 0, each)
		}, parallel: len(dst) >= parallelMap}
	case program.Fold:
		w := &s.Node.Win
		each := w.OH * w.OW * w.KH * w.KW * w.C // of an image
		return step{run: func(_ *worker, part, parts int) {
			from, to := share(w.N, 1, part, parts)
			fold(w, dst, a[from*each:], from*w.OH, to*w.OH)
		}, parallel: len(a) >= parallelMap}
	}
	panic("cpu: unknown step " + s.String())
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
