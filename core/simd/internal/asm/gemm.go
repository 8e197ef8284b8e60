package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// An isa is the vectors of an instruction set, and the tile that fills its
// registers: rows by two vectors of c, a row of b, and a's elements in turn.
type isa struct {
	rows     int
	bytes    int // of a vector
	features string
	vector   func() reg.VecVirtual
}

var (
	avx2   = isa{6, 32, "AVX2 and FMA", YMM}
	avx512 = isa{12, 64, "AVX-512F", ZMM}
)

// column writes a kernel that goes down a column of tiles of c.
func column(name string, s isa) {
	TEXT(name, NOSPLIT, "func(tiles, k int, a *float32, aNext, aStep, aLane int, b *float32, bStep int, c *float32, ldc int, more bool)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s computes tiles of %d rows and %d columns, one below the other in c, as block does. All but tiles and k are in bytes. It needs %s.",
		name, s.rows, 2*s.bytes/4, s.features))
	tiles, k := Load(Param("tiles"), GP64()), Load(Param("k"), GP64())
	a := Load(Param("a"), GP64())
	step, lane := Load(Param("aStep"), GP64()), Load(Param("aLane"), GP64())
	c, ldc := Load(Param("c"), GP64()), Load(Param("ldc"), GP64())
	bStep := Load(Param("bStep"), GP64())
	pa, pb, n := GP64(), GP64(), GP64()
	as := rowsFrom(pa, s.rows)

	Label(name + "_tile")
	acc := s.zeros()
	MOVQ(a, pa)
	threes(as, lane, n)
	Load(Param("b"), pb)
	MOVQ(k, n)
	b0, b1 := s.vector(), s.vector()
	s.products(name, n, func() {
		VMOVUPS(Mem{Base: pb}, b0)
		VMOVUPS(Mem{Base: pb, Disp: s.bytes}, b1)
		for r := range acc {
			x := s.vector()
			VBROADCASTSS(rowAt(as, lane, r, 0), x)
			VFMADD231PS(b0, x, acc[r][0])
			VFMADD231PS(b1, x, acc[r][1])
		}
		ADDQ(bStep, pb)
		for _, base := range as {
			ADDQ(step, base)
		}
	})

	Label(name + "_store")
	// What a and its bases were is no longer needed: they now walk over c.
	cs := append([]reg.Register{c}, as[1:]...)
	threes(cs, ldc, n)
	s.store(name, acc, cs, ldc)
	LEAQ(Mem{Base: ldc, Index: ldc, Scale: 2}, n)
	LEAQ(Mem{Base: cs[len(cs)-1], Index: n, Scale: 1}, c)
	next, err := Param("aNext").Resolve()
	if err != nil {
		panic(err)
	}
	ADDQ(next.Addr, a)
	DECQ(tiles)
	JNZ(LabelRef(name + "_tile"))
	VZEROUPPER()
	RET()
}

// sums are a tile: those of its rows, two vectors each.
type sums [][2]reg.VecVirtual

// zeros returns a tile of zeros.
func (s isa) zeros() sums {
	acc := make(sums, s.rows)
	for r := range acc {
		for v := range acc[r] {
			acc[r][v] = s.vector()
			if s.bytes == 64 {
				VPXORD(acc[r][v], acc[r][v], acc[r][v])
			} else {
				VXORPS(acc[r][v], acc[r][v], acc[r][v])
			}
		}
	}
	return acc
}

// products writes one n times, two in a turn.
func (s isa) products(name string, n reg.Register, one func()) {
	SUBQ(Imm(2), n)
	JL(LabelRef(name + "_last"))
	Label(name + "_two")
	one()
	one()
	SUBQ(Imm(2), n)
	JGE(LabelRef(name + "_two"))
	Label(name + "_last")
	ADDQ(Imm(2), n)
	JZ(LabelRef(name + "_store"))
	one()
}

// store writes a tile to c, to which it is added if more is true.
func (s isa) store(name string, acc sums, cs []reg.Register, ldc reg.Register) {
	m := Load(Param("more"), GP8())
	TESTB(m, m)
	JZ(LabelRef(name + "_write"))
	for r := range acc {
		for v := range acc[r] {
			VADDPS(rowAt(cs, ldc, r, v*s.bytes), acc[r][v], acc[r][v])
		}
	}
	Label(name + "_write")
	for r := range acc {
		for v := range acc[r] {
			VMOVUPS(acc[r][v], rowAt(cs, ldc, r, v*s.bytes))
		}
	}
}

// rowsFrom returns bases for so many rows of a matrix, of which every third, from the
// first on, has one of its own.
func rowsFrom(first reg.Register, rows int) []reg.Register {
	all := []reg.Register{first}
	for i := 3; i < rows; i += 3 {
		all = append(all, GP64())
	}
	return all
}

// threes sets the bases of rows 3, 6, … of a matrix with rows stride apart.
func threes(bases []reg.Register, stride, scratch reg.Register) {
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, scratch)
	for i := 1; i < len(bases); i++ {
		LEAQ(Mem{Base: bases[i-1], Index: scratch, Scale: 1}, bases[i])
	}
}

// rowAt returns the memory of row r.
func rowAt(bases []reg.Register, stride reg.Register, r, offset int) Mem {
	m := Mem{Base: bases[r/3], Disp: offset}
	if r%3 > 0 {
		m.Index, m.Scale = stride, uint8(r%3)
	}
	return m
}

// transpose writes a kernel that packs rows as columns, eight by eight.
func transpose() {
	TEXT("transposeAVX2", NOSPLIT, "func(eights int, dst *float32, width int, src *float32, stride int)")
	Pragma("noescape")
	Doc("transposeAVX2 computes dst[p*width+r] = src[r*stride+p] for r < 8 and p < 8*eights. width and stride are in bytes. It needs AVX2.")
	eights := Load(Param("eights"), GP64())
	dst, width := Load(Param("dst"), GP64()), Load(Param("width"), GP64())
	src, stride := Load(Param("src"), GP64()), Load(Param("stride"), GP64())
	three, src4, width3, dst4 := GP64(), GP64(), GP64(), GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, three)
	LEAQ(Mem{Base: width, Index: width, Scale: 2}, width3)
	row := func(base, four, one, three reg.Register, r int) Mem {
		if r >= 4 {
			base = four
		}
		switch r % 4 {
		case 1:
			return Mem{Base: base, Index: one, Scale: 1}
		case 2:
			return Mem{Base: base, Index: one, Scale: 2}
		case 3:
			return Mem{Base: base, Index: three, Scale: 1}
		}
		return Mem{Base: base}
	}
	LEAQ(Mem{Base: src, Index: stride, Scale: 4}, src4)
	Label("transpose_eight")
	LEAQ(Mem{Base: dst, Index: width, Scale: 4}, dst4)
	var x, y [8]reg.VecVirtual
	for r := range x {
		x[r] = YMM()
		VMOVUPS(row(src, src4, stride, three, r), x[r])
	}
	for i := 0; i < 8; i += 2 { // pairs of rows
		y[i], y[i+1] = YMM(), YMM()
		VUNPCKLPS(x[i+1], x[i], y[i])
		VUNPCKHPS(x[i+1], x[i], y[i+1])
	}
	for i := 0; i < 8; i += 4 { // fours of rows
		for j := range 2 {
			x[i+2*j], x[i+2*j+1] = YMM(), YMM()
			VUNPCKLPD(y[i+j+2], y[i+j], x[i+2*j])
			VUNPCKHPD(y[i+j+2], y[i+j], x[i+2*j+1])
		}
	}
	for i := range 4 { // halves
		lo, hi := YMM(), YMM()
		VPERM2F128(Imm(0x20), x[i+4], x[i], lo)
		VPERM2F128(Imm(0x31), x[i+4], x[i], hi)
		VMOVUPS(lo, row(dst, dst4, width, width3, i))
		VMOVUPS(hi, row(dst, dst4, width, width3, i+4))
	}
	ADDQ(Imm(32), src)
	ADDQ(Imm(32), src4)
	LEAQ(Mem{Base: dst, Index: width, Scale: 8}, dst)
	DECQ(eights)
	JNZ(LabelRef("transpose_eight"))
	VZEROUPPER()
	RET()
}

// copyRows writes a kernel that packs what lies along rows already.
func copyRows() {
	TEXT("copyRowsAVX2", NOSPLIT, "func(rows int, dst *float32, width int, src *float32, stride, eights int)")
	Pragma("noescape")
	Doc("copyRowsAVX2 computes dst[p*width+i] = src[p*stride+i] for p < rows, in order, and i < 8*eights. width and stride are in bytes. It needs AVX2.")
	rows, eights := Load(Param("rows"), GP64()), Load(Param("eights"), GP64())
	dst, width := Load(Param("dst"), GP64()), Load(Param("width"), GP64())
	src, stride := Load(Param("src"), GP64()), Load(Param("stride"), GP64())
	i := GP64()
	SHLQ(Imm(5), eights)
	Label("copy_row")
	XORQ(i, i)
	Label("copy_eight")
	x := YMM()
	VMOVUPS(Mem{Base: src, Index: i, Scale: 1}, x)
	VMOVUPS(x, Mem{Base: dst, Index: i, Scale: 1})
	ADDQ(Imm(32), i)
	CMPQ(i, eights)
	JLT(LabelRef("copy_eight"))
	ADDQ(stride, src)
	ADDQ(width, dst)
	DECQ(rows)
	JNZ(LabelRef("copy_row"))
	VZEROUPPER()
	RET()
}
