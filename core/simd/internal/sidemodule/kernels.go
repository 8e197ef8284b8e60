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

var kernels = []kernel{{"block", block}, {"copyRows", copyRows}, {"interleave", interleave}}

// block is blockPlain(m, n, k, a, b, ldb, next, c, ldc, more) of package simd.
func block(f *function) {
	p := f.i32s(10)
	m, n, k, a, b, ldb, next, c, ldc, more := p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]
	for _, x := range []i32{ldb, next, ldc} {
		f.set(x, x.left(2)) // to bytes
	}
	i, l, pa, pb, pc := f.i32(number(0)), f.i32(number(0)), f.i32(number(0)), f.i32(number(0)), f.i32(number(0))
	var sums [Rows][vectors]v128
	for r := range sums {
		for v := range sums[r] {
			sums[r][v] = f.v128(all4(0))
		}
	}
	var row [vectors]v128
	for v := range row {
		row[v] = f.v128(all4(0))
	}
	x := f.v128(all4(0))
	product := func() { // of a column of a's panel and a row of b's
		for v := range row {
			f.set(row[v], pb.load(16*v))
		}
		f.step(pb, ldb)
		for r := range sums {
			f.set(x, pa.spread(4*r))
			for v := range row {
				f.set(sums[r][v], f.madd(x, row[v], sums[r][v]))
			}
		}
	}
	f.while(n.atLeast(1), func() {
		f.set(pa, a)
		f.set(pc, c)
		f.set(i, m)
		f.while(i.atLeast(1), func() {
			for r := range sums {
				for v := range sums[r] {
					f.set(sums[r][v], all4(0))
				}
			}
			f.set(pb, b)
			f.set(l, k)
			f.while(l.atLeast(1), func() {
				product()
				f.step(pa, number(4*Rows))
				f.step(l, number(-1))
			})
			// The additions of more are the last, as if put did them.
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
			f.step(i, number(-Rows))
		})
		f.step(b, next)
		f.step(c, number(4*Cols))
		f.step(n, number(-Cols))
	})
}

// copyRows computes dst[p*width+i] = src[p*stride+i] for i < width and p < rows.
func copyRows(f *function) {
	p := f.i32s(5)
	dst, src, rows, width, stride := p[0], p[1], p[2], p[3], p[4]
	f.set(stride, stride.sub(width).left(2))
	n := f.i32(number(0))
	f.while(rows.atLeast(1), func() {
		f.set(n, width)
		f.while(n.atLeast(4), func() {
			f.store(dst, 0, src.load(0))
			f.step(dst, number(16))
			f.step(src, number(16))
			f.step(n, number(-4))
		})
		f.while(n.atLeast(1), func() {
			f.store1(dst, 0, src.load1(0))
			f.step(dst, number(4))
			f.step(src, number(4))
			f.step(n, number(-1))
		})
		f.step(src, stride)
		f.step(rows, number(-1))
	})
}

// interleave computes dst[p*width+r] = src[r*stride+p] for 4 rows r and p < k.
func interleave(f *function) {
	p := f.i32s(5)
	dst, src, k, width, stride := p[0], p[1], p[2], p[3], p[4]
	f.set(width, width.left(2))
	f.set(stride, stride.left(2))
	r := [4]i32{src}
	for i := 1; i < 4; i++ {
		r[i] = f.i32(r[i-1].add(stride))
	}
	forward := func(by int) {
		for i := range r {
			f.step(r[i], number(4*by))
		}
		f.step(k, number(-by))
	}
	f.while(k.atLeast(4), func() {
		var x [4]v128
		for i := range x {
			x[i] = f.v128(r[i].load(0))
		}
		lo01, lo23 := f.v128(x[0].shuffle(x[1], 0, 4, 1, 5)), f.v128(x[2].shuffle(x[3], 0, 4, 1, 5))
		hi01, hi23 := f.v128(x[0].shuffle(x[1], 2, 6, 3, 7)), f.v128(x[2].shuffle(x[3], 2, 6, 3, 7))
		for _, half := range [][2]v128{{lo01, lo23}, {hi01, hi23}} {
			f.store(dst, 0, half[0].shuffle(half[1], 0, 1, 4, 5))
			f.step(dst, width)
			f.store(dst, 0, half[0].shuffle(half[1], 2, 3, 6, 7))
			f.step(dst, width)
		}
		forward(4)
	})
	f.while(k.atLeast(1), func() {
		for i := range r {
			f.store1(dst, 4*i, r[i].load1(0))
		}
		f.step(dst, width)
		forward(1)
	})
}
