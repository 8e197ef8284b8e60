package simd

import "fmt"

// Scratch holds what Gemm packs its operands into. It grows on first use; the
// zero value is ready. Two goroutines need two.
type Scratch struct{ a, b, blockA, blockB []float32 }

// Bytes returns how much memory s has.
func (s *Scratch) Bytes() int { return 4 * (len(s.a) + len(s.b) + len(s.blockA) + len(s.blockB)) }

// A Need is how far a Scratch grows in some products. The zero value is no growth.
type Need struct{ a, b, blockA, blockB int }

// Add adds a product of (m, k) by (k, n), and whether its operands are written by a
// Block.
func (s *Need) Add(m, n, k int, blockA, blockB bool) {
	if m == 0 || n == 0 || k == 0 {
		return
	}
	if turned(m, n) {
		m, n, blockA, blockB = n, m, blockB, blockA
	}
	rows, cols := tileSize()
	s.a = max(s.a, up(min(m, mBlock), rows)*min(k, kBlock)+lanes)
	s.b = max(s.b, up(min(n, nBlock), cols)*min(k, kBlock)+lanes)
	if blockA {
		s.blockA = max(s.blockA, min(m, mBlock)*min(k, kBlock)+lanes)
	}
	if blockB {
		s.blockB = max(s.blockB, min(n, nBlock)*min(k, kBlock)+lanes)
	}
}

// Bytes returns how much memory a Scratch will have.
func (s *Need) Bytes() int { return 4 * (s.a + s.b + s.blockA + s.blockB) }

// A Matrix is an operand of a product: floats row by row, rows Ld apart; or, where
// Block is not nil, what Block writes, which then is nowhere whole.
type Matrix struct {
	V  []float32
	Ld int
	// Block writes rows i ≤ r < i+m and columns j ≤ c < j+n to dst, row by row. It
	// must write the same whenever it is asked.
	Block func(dst []float32, i, m, j, n int)
	// Row and Col are where in what Block writes the operand begins.
	Row, Col int
}

// Blocks of the product: a panel of b (kBlock rows, a tile wide) stays in the
// first cache, the packed part of a (mBlock rows, whole tiles of 4, 6 or 12) in the second.
const (
	mBlock = 144
	nBlock = 512
	kBlock = 256
)

// tileMost is the most elements a tile has.
const tileMost = 16 * lanes

// A view is a matrix whose element (i, j) is v[i*row+j*col], or what block writes.
// One of row and col is 1: of a block that is transposed, row alone.
type view struct {
	v        []float32
	row, col int
	block    func(dst []float32, i, m, j, n int)
	i, j     int // where in what block writes it begins, before it is transposed
}

func (x view) transposed() view { x.row, x.col = x.col, x.row; return x }

func newView(what string, trans bool, a Matrix, rows, cols int) view {
	if trans {
		rows, cols = cols, rows
	}
	x := view{a.V, a.Ld, 1, a.Block, a.Row, a.Col}
	switch {
	case a.Block != nil:
		x.row = 0
	case rows < 0 || cols < 0 || a.Ld < cols || (rows > 0 && len(a.V) < (rows-1)*a.Ld+cols):
		panic(fmt.Sprintf("simd: Gemm's %s of %d floats is no (%d, %d) with rows of %d", what, len(a.V), rows, cols, a.Ld))
	}
	if trans {
		x = x.transposed()
	}
	return x
}

// part returns the rows i ≤ r < i+m and columns j ≤ c < j+n, which are in memory:
// in scratch where a block writes them.
func (x view) part(scratch *[]float32, i, m, j, n int) view {
	if x.block == nil {
		x.v = x.v[i*x.row+j*x.col:]
		return x
	}
	*scratch = grown(*scratch, m*n)
	if x.col == 1 {
		x.block(*scratch, x.i+i, m, x.j+j, n)
		return view{v: *scratch, row: n, col: 1}
	}
	x.block(*scratch, x.i+j, n, x.j+i, m)
	return view{v: *scratch, row: 1, col: m}
}

// Gemm computes c = op(a)·op(b), where op(a) is (m, k), op(b) is (k, n) and c is
// (m, n), row by row with row lengths lda, ldb and ldc. op transposes where
// transA or transB says so. c must not overlap a or b. With k = 0 it is all 0.
//
// An element of c is summed over k in order, in blocks of 256 whose sums are
// added in order. It therefore does not depend on how the rows or columns of c
// are split between calls.
func Gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, s *Scratch) {
	GemmOf(transA, transB, m, n, k, Matrix{V: a, Ld: lda}, Matrix{V: b, Ld: ldb}, c, ldc, s)
}

// GemmOf is Gemm of operands that need not be in memory. It asks for each block
// once, of at most 144·256 elements of a and 512·256 of b, or once for every 512
// columns of c. The elements of c are the same as Gemm's, bit by bit.
func GemmOf(transA, transB bool, m, n, k int, a, b Matrix, c []float32, ldc int, s *Scratch) {
	x := newView("a", transA, a, m, k)
	y := newView("b", transB, b, k, n)
	z := newView("c", false, Matrix{V: c, Ld: ldc}, m, n)
	if k == 0 {
		for i := range m {
			clear(c[i*ldc:][:n])
		}
		return
	}
	if turned(m, n) {
		m, n, x, y, z = n, m, y.transposed(), x.transposed(), z.transposed()
	}
	gemm(m, n, k, x, y, z, s)
}

// turned reports whether c, (m, n), is computed transposed. A narrow c leaves most of a
// tile's width unused, its transpose does not: cᵀ = op(b)ᵀ·op(a)ᵀ, with the same
// products in the same order.
func turned(m, n int) bool {
	rows, cols := tileSize()
	tiles := func(m, n int) int { return up(m, rows) * up(n, cols) }
	return n < cols && tiles(n, m) < tiles(m, n)
}

// up returns the least multiple of to that is not below x.
func up(x, to int) int { return (x + to - 1) / to * to }

// panels are an operand as the kernels read it: element r at place l of panel p
// is v[p*next + l*step + r*lane]. Of op(a) a panel holds a tile's rows and a place is
// a column; of op(b) it holds a tile's columns, lane is 1 and a place is a row.
type panels struct {
	v                []float32
	next, step, lane int
}

// from returns the panels from p on.
func (x panels) from(p int) panels { x.v = x.v[p*x.next:]; return x }

func gemm(m, n, k int, a, b, c view, s *Scratch) {
	rows, cols := tileSize()
	s.a = grown(s.a, up(min(m, mBlock), rows)*min(k, kBlock))
	s.b = grown(s.b, up(min(n, nBlock), cols)*min(k, kBlock))
	for j0 := 0; j0 < n; j0 += nBlock {
		nn := min(nBlock, n-j0)
		for k0 := 0; k0 < k; k0 += kBlock {
			kk := min(kBlock, k-k0)
			y, direct := b.part(&s.blockB, k0, kk, j0, nn), 0
			if m <= 2*rows {
				direct = inPlace(y, kk, nn, cols)
			}
			pack(s.b, y.transposed(), direct, nn-direct, kk, cols)
			for i0 := 0; i0 < m; i0 += mBlock {
				mm := min(mBlock, m-i0)
				// Where rows can be read as they are only the last tile, which would
				// reach beyond them, is packed.
				x := a.part(&s.blockA, i0, mm, k0, kk)
				pa, whole := panels{s.a, rows * kk, rows, 1}, 0
				tail := pa.from(mm / rows)
				if readsRows && x.col == 1 {
					whole, tail = mm/rows*rows, pa
					pa = panels{x.v, rows * x.row, 1, x.row}
				}
				pack(s.a, x, whole, mm-whole, kk, rows)
				at := c
				at.v = c.v[i0*c.row+j0*c.col:]
				if direct > 0 {
					blocks(mm, direct, kk, pa, tail, panels{y.v, cols, y.row, 1}, at, k0 > 0)
					at.v = at.v[direct*c.col:]
				}
				if direct < nn {
					blocks(mm, nn-direct, kk, pa, tail, panels{s.b, cols * kk, cols, 1}, at, k0 > 0)
				}
			}
		}
	}
}

// blocks computes c, (m, n), = a·b over k, or adds it where more. What the ends of
// c cut off a tile goes by way of a whole one; tail is a's last panel where m ends
// within it.
func blocks(m, n, k int, a, tail, b panels, c view, more bool) {
	rows, cols := tileSize()
	wholeM, wholeN := m/rows*rows, n/cols*cols
	if c.col != 1 {
		wholeM = 0
	}
	if wholeM > 0 && wholeN > 0 {
		block(wholeM, wholeN, k, a, b, c.v, c.row, more)
	}
	var edge [tileMost]float32
	for j := 0; j < n; j += cols {
		from := 0
		if j < wholeN {
			from = wholeM
		}
		for i := from; i < m; i += rows {
			x := tail
			if i+rows <= m {
				x = a.from(i / rows)
			}
			block(rows, cols, k, x, b.from(j/cols), edge[:], cols, false)
			for r := range min(rows, m-i) {
				put(c.v[(i+r)*c.row+j*c.col:], edge[r*cols:][:min(cols, n-j)], c.col, more)
			}
		}
	}
}

// grown returns a slice of at least n elements, and as many more as a tile may
// step beyond its operands without reading them.
func grown(v []float32, n int) []float32 {
	if n += lanes; len(v) < n {
		return make([]float32, n)
	}
	return v
}

// inPlace returns how many of b's n columns, of k rows, a tile may read where
// they stand: whole tiles of rows that are not strided, and that do not end
// within a tile of b's end. It pays where b is read once or twice.
func inPlace(b view, k, n, cols int) int {
	if b.col != 1 {
		return 0
	}
	n = n / cols * cols
	for n > 0 && (k-1)*b.row+n-cols+lanes > len(b.v) {
		n -= cols
	}
	return n
}

// put computes dst[i*stride] = src[i], or adds it where more.
func put(dst, src []float32, stride int, more bool) {
	if stride == 1 && !more {
		copy(dst, src)
		return
	}
	at := 0
	for _, v := range src {
		if more {
			v += dst[at]
		}
		dst[at] = v
		at += stride
	}
}

// pack writes rows i0 ≤ i < i0+m and columns p < k of x as panels of width rows,
// each column by column, the last filled up with zeros.
func pack(dst []float32, x view, i0, m, k, width int) {
	for i := 0; i < m; i += width {
		panel := dst[i*k : (i+width)*k]
		src := x.v[(i0+i)*x.row:]
		rows := min(width, m-i)
		if rows < width {
			clear(panel)
		}
		switch {
		case x.row == 1 && rows == width:
			copyRows(panel, src, k, width, x.col)
		case x.row == 1:
			for p := range k {
				copy(panel[p*width:], src[p*x.col:][:rows])
			}
		default:
			r := 0
			for ; r+8 <= rows; r += 8 {
				transpose(panel[r:], src[r*x.row:], k, width, x.row)
			}
			for ; r+4 <= rows; r += 4 {
				interleave(panel[r:], src[r*x.row:], k, width, x.row)
			}
			for ; r < rows; r++ {
				at := r
				for _, v := range src[r*x.row:][:k] {
					panel[at] = v
					at += width
				}
			}
		}
	}
}

// transposePlain computes dst[p*width+r] = src[r*stride+p] for 8 rows r and p < k.
func transposePlain(dst, src []float32, k, width, stride int) {
	if k > 0 {
		interleave(dst, src, k, width, stride)
		interleave(dst[4:], src[4*stride:], k, width, stride)
	}
}

// interleave is transposePlain of 4 rows.
func interleave(dst, src []float32, k, width, stride int) {
	r0 := src[:k]
	r1 := src[stride:][:len(r0)]
	r2 := src[2*stride:][:len(r0)]
	r3 := src[3*stride:][:len(r0)]
	at := 0
	for p, v := range r0 {
		d := dst[at : at+4 : at+4]
		d[0], d[1], d[2], d[3] = v, r1[p], r2[p], r3[p]
		at += width
	}
}

// blockPlain computes c, (m, n), = a·b over k, or adds it where more. m and n are
// multiples of a tile's rows and columns. a.lane is 1 unless readsRows.
func blockPlain(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	for j := 0; j < n; j += plainCols {
		for i := 0; i < m; i += plainRows {
			tilePlain(k, a.from(i/plainRows).v, b.from(j/plainCols).v, b.step, c[i*ldc+j:], ldc, more)
		}
	}
}

// The size of blockPlain's tiles.
const plainRows, plainCols = 4, 8

// tilePlain is blockPlain of one tile. a is packed.
func tilePlain(k int, a, b []float32, ldb int, c []float32, ldc int, more bool) {
	for j := 0; j < plainCols; j += 2 {
		var s00, s01, s10, s11, s20, s21, s30, s31 float32
		at := j
		for a := a[:plainRows*k]; len(a) >= plainRows; a = a[plainRows:] {
			y := b[at : at+2 : at+2]
			at += ldb
			s00 += float32(a[0] * y[0])
			s01 += float32(a[0] * y[1])
			s10 += float32(a[1] * y[0])
			s11 += float32(a[1] * y[1])
			s20 += float32(a[2] * y[0])
			s21 += float32(a[2] * y[1])
			s30 += float32(a[3] * y[0])
			s31 += float32(a[3] * y[1])
		}
		for r, s := range [plainRows][2]float32{{s00, s01}, {s10, s11}, {s20, s21}, {s30, s31}} {
			put(c[r*ldc+j:], s[:], 1, more)
		}
	}
}
