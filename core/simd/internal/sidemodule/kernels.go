package sidemodule

// The size of block's tiles: 4 rows of 2 vectors.
const (
	Rows    = 4
	Cols    = 4 * vectors
	vectors = 2
)

// A kernel is an exported function. Pointers are addresses of bytes, sizes count
// float32.
type kernel struct {
	name string
	body func(f *function)
}

var kernels = []kernel{
	{"block", block}, {"copyRuns", copyRuns}, {"addRuns", addRuns}, {"transpose", transpose},
	{"fill", fill}, {"add", binaryMap(v128.add)}, {"sub", binaryMap(v128.sub)}, {"mul", binaryMap(v128.mul)}, {"div", binaryMap(v128.div)},
	{"maximum", binaryMap(v128.max)}, {"minimum", binaryMap(v128.min)},
	{"scale", scalarMap(v128.mul)}, {"addConst", scalarMap(v128.add)}, {"sqrt", unaryMap(v128.sqrt)},
	{"relu", unaryMap(relu)}, {"gate", gate}, {"step", scalarMap(step)}, {"axpy", axpy},
	{"sum", sum},
	{"exp", functionMap(exp)}, {"log", functionMap(log)}, {"tanh", functionMap(tanh)}, {"sigmoid", functionMap(sigmoid)}, {"softplus", functionMap(softplus)},
}

// block is blockPlain(m, n, k, a, b, c, ldc, more) of package simd, where the
// panels a and b are their pointer, next and step, and a's lane. A loop over k has
// one product an element of c: of two in a row compilers make a chain, in which
// each waits for the one before.
func block(f *function) {
	p := f.i32s(13)
	m, n, k, a, nextA, stepA, laneA, b, nextB, stepB := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]
	c, ldc, more := p[10], p[11], p[12]
	for _, x := range []i32{nextA, stepA, laneA, nextB, stepB, ldc} {
		f.set(x, x.left(2)) // to bytes
	}
	i, l, panel := f.i32(number(0)), f.i32(number(0)), f.i32(number(0))
	pb, pc := f.i32(number(0)), f.i32(number(0))
	var pa [Rows]i32
	var sums [Rows][vectors]v128
	for r := range sums {
		pa[r] = f.i32(number(0))
		for v := range sums[r] {
			sums[r][v] = f.v128(all4(0))
		}
	}
	var row [vectors]v128
	for v := range row {
		row[v] = f.v128(all4(0))
	}
	x := f.v128(all4(0))
	f.while(n.atLeast(1), func() {
		f.set(panel, a)
		f.set(pc, c)
		f.set(i, m)
		f.while(i.atLeast(1), func() {
			for r := range sums {
				f.set(pa[r], panel)
				if r > 0 {
					f.set(pa[r], pa[r-1].add(laneA))
				}
				for v := range sums[r] {
					f.set(sums[r][v], all4(0))
				}
			}
			f.set(pb, b)
			f.set(l, k)
			f.while(l, func() {
				for v := range row {
					f.set(row[v], pb.load(16*v))
				}
				f.step(pb, stepB)
				for r := range sums {
					f.set(x, pa[r].spread(0))
					f.step(pa[r], stepA)
					for v := range row {
						f.set(sums[r][v], f.madd(x, row[v], sums[r][v]))
					}
				}
				f.step(l, number(-1))
			})
			for r := range sums {
				f.when(more, func() {
					for v := range row {
						f.set(sums[r][v], sums[r][v].add(pc.load(16*v)))
					}
				})
				for v := range row {
					f.store(pc, 16*v, sums[r][v])
				}
				f.step(pc, ldc)
			}
			f.step(panel, nextA)
			f.step(i, number(-Rows))
		})
		f.step(b, nextB)
		f.step(c, number(4*Cols))
		f.step(n, number(-Cols))
	})
}

// copyRuns computes dst[r*dstStep+i] = src[r*srcStep+i] for i < n and r < runs, in
// columns of runs as wide as vectors allow.
func copyRuns(f *function) {
	p := f.i32s(6)
	dst, src, runs, n, dstStep, srcStep := p[0], p[1], p[2], p[3], p[4], p[5]
	f.set(dstStep, dstStep.left(2))
	f.set(srcStep, srcStep.left(2))
	to, from, left := f.i32(dst), f.i32(src), f.i32(runs)
	column := func(floats int, copy func()) {
		f.while(n.atLeast(floats), func() {
			f.set(to, dst)
			f.set(from, src)
			f.set(left, runs)
			f.while(left.atLeast(1), func() {
				copy()
				f.step(to, dstStep)
				f.step(from, srcStep)
				f.step(left, number(-1))
			})
			f.step(dst, number(4*floats))
			f.step(src, number(4*floats))
			f.step(n, number(-floats))
		})
	}
	column(8, func() {
		f.store(to, 0, from.load(0))
		f.store(to, 16, from.load(16))
	})
	column(4, func() { f.store(to, 0, from.load(0)) })
	column(1, func() { f.store1(to, 0, from.load1(0)) })
}

// addRuns computes dst[r*dstStep+i] += src[r*srcStep+i] for i < n, one r < runs after
// another.
func addRuns(f *function) {
	p := f.i32s(6)
	dst, src, runs, n, dstStep, srcStep := p[0], p[1], p[2], p[3], p[4], p[5]
	f.set(dstStep, dstStep.left(2))
	f.set(srcStep, srcStep.left(2))
	to, from, left, old := f.i32(dst), f.i32(src), f.i32(n), f.i32(dst)
	f.while(runs.atLeast(1), func() {
		f.set(to, dst)
		f.set(from, src)
		f.set(left, n)
		f.set(old, dst)
		f.each(left, to, []i32{old, from}, 1, func(x []v128) v128 { return x[0].add(x[1]) })
		f.step(dst, dstStep)
		f.step(src, srcStep)
		f.step(runs, number(-1))
	})
}

// transpose computes dst[p*width+r] = src[r*stride+p] for 8 rows r and p < k.
func transpose(f *function) {
	p := f.i32s(5)
	dst, src, k, width, stride := p[0], p[1], p[2], p[3], p[4]
	f.set(width, width.left(2))
	f.set(stride, stride.left(2))
	r := [8]i32{src}
	for i := 1; i < 8; i++ {
		r[i] = f.i32(r[i-1].add(stride))
	}
	forward := func(by int) {
		for i := range r {
			f.step(r[i], number(4*by))
		}
		f.step(k, number(-by))
	}
	var x [8]v128
	for i := range x {
		x[i] = f.v128(all4(0))
	}
	f.while(k.atLeast(4), func() {
		for i := range x {
			f.set(x[i], r[i].load(0))
		}
		var columns [4][2]v128 // of 4 rows each
		for half := range 2 {
			y := x[4*half:]
			lo01, lo23 := f.v128(y[0].shuffle(y[1], 0, 4, 1, 5)), f.v128(y[2].shuffle(y[3], 0, 4, 1, 5))
			hi01, hi23 := f.v128(y[0].shuffle(y[1], 2, 6, 3, 7)), f.v128(y[2].shuffle(y[3], 2, 6, 3, 7))
			columns[0][half] = lo01.shuffle(lo23, 0, 1, 4, 5)
			columns[1][half] = lo01.shuffle(lo23, 2, 3, 6, 7)
			columns[2][half] = hi01.shuffle(hi23, 0, 1, 4, 5)
			columns[3][half] = hi01.shuffle(hi23, 2, 3, 6, 7)
		}
		for _, c := range columns {
			f.store(dst, 0, c[0])
			f.store(dst, 16, c[1])
			f.step(dst, width)
		}
		forward(4)
	})
	f.while(k, func() {
		for i := range r {
			f.store1(dst, 4*i, r[i].load1(0))
		}
		f.step(dst, width)
		forward(1)
	})
}
