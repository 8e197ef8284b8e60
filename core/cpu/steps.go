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
		switch {
		case s.Node.Rows == 1 && s.Node.Cols == 1:
			return step{run: func(*worker, int, int) { dst[0] = simd.Sum(a) }}
		case s.Node.Cols == 1:
			return perRow(s, func(from, to int) { sumCols(dst, a, from, to, cols) })
		}
		return step{run: func(_ *worker, part, parts int) {
			if from, to := share(cols, sumGrain, part, parts); from < to {
				sumRows(dst, a, from, to, rows, cols)
			}
		}, parallel: rows*cols >= parallelMap}
	case program.RowMax:
		return perRow(s, func(from, to int) {
			for i := from; i < to; i++ {
				dst[i] = a[i*cols+argmax(a[i*cols:(i+1)*cols])]
			}
		})
	case program.OneHotMax:
		return perRow(s, func(from, to int) {
			simd.Fill(dst[from*cols:to*cols], 0)
			for i := from; i < to; i++ {
				dst[i*cols+argmax(a[i*cols:(i+1)*cols])] = 1
			}
		})
	case program.Transpose:
		return perRow(s, func(from, to int) {
			for i := from; i < to; i++ {
				for j, v := range a[i*cols : (i+1)*cols] {
					dst[j*rows+i] = v
				}
			}
		})
	case program.Columns:
		fromCols, toCols := s.FromCols, s.ToCols
		return perRow(s, func(from, to int) {
			for i := from; i < to; i++ {
				copy(dst[i*toCols:i*toCols+cols], a[i*fromCols:i*fromCols+cols])
			}
		})
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
	case program.Pool:
		w := &s.Node.Win
		return step{run: func(_ *worker, part, parts int) {
			from, to := share(w.N*w.OH, 1, part, parts)
			pool(w, dst, a, from, to)
		}, parallel: len(a) >= parallelMap}
	case program.Spread:
		w := &s.Node.Win
		return step{run: func(_ *worker, part, parts int) {
			from, to := share(w.N, 1, part, parts)
			spread(w, dst, a, from*w.OH, to*w.OH)
		}, parallel: len(dst) >= parallelMap}
	}
	panic("cpu: unknown step " + s.String())
}

// perRow shares the rows of s's operand between goroutines.
func perRow(s *program.Step, f func(from, to int)) step {
	return step{run: func(_ *worker, part, parts int) {
		from, to := share(s.Rows, 1, part, parts)
		f(from, to)
	}, parallel: s.Rows*s.Cols >= parallelMap}
}

// Columns are summed in blocks of sumBlock rows, whose sums are added in order:
// one sum of many rows would lose digits. Goroutines take sumGrain columns at a
// time, whole cache lines.
const (
	sumBlock = 64
	sumGrain = 16
)

// sumRows sums the columns from ≤ j < to of a's rows.
func sumRows(dst, a []float32, from, to, rows, cols int) {
	var block [256]float32
	for ; from < to; from += len(block) {
		end := min(from+len(block), to)
		sum, part := dst[from:end], block[:end-from]
		simd.Fill(sum, 0)
		for i := 0; i < rows; i += sumBlock {
			copy(part, a[i*cols+from:])
			for r := i + 1; r < min(i+sumBlock, rows); r++ {
				simd.Add(part, part, a[r*cols+from:r*cols+end])
			}
			simd.Add(sum, sum, part)
		}
	}
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
