package sidemodule

import (
	"encoding/binary"
	"math"
)

// An i32, f32 or v128 is code that leaves one value of that type on the stack. A
// variable is the code that reads it.
type (
	i32  []byte
	f32  []byte
	v128 []byte
)

// The types as the binary format numbers them.
const (
	typeI32  = 0x7f
	typeF32  = 0x7d
	typeV128 = 0x7b
)

// A function is one under construction. Its methods that are no expressions append
// to its body.
type function struct {
	name    string
	relaxed bool   // may use relaxed SIMD
	params  []byte // types
	locals  []byte // types, of variables that are no parameters
	body    []byte
}

func (f *function) variable(kind byte) []byte {
	f.locals = append(f.locals, kind)
	return unsigned([]byte{0x20}, len(f.params)+len(f.locals)-1)
}

// param returns the next parameter. No variable may come before.
func (f *function) param(kind byte) []byte {
	f.params = append(f.params, kind)
	return unsigned([]byte{0x20}, len(f.params)-1)
}

// i32s returns n parameters.
func (f *function) i32s(n int) []i32 {
	p := make([]i32, n)
	for i := range p {
		p[i] = f.param(typeI32)
	}
	return p
}

// i32 and v128 return a new variable that starts as v.
func (f *function) i32(v i32) i32 {
	x := i32(f.variable(typeI32))
	f.set(x, v)
	return x
}

func (f *function) v128(v v128) v128 {
	x := v128(f.variable(typeV128))
	f.set(x, v)
	return x
}

// set assigns v to the variable x.
func (f *function) set(x, v []byte) {
	f.body = append(append(append(f.body, v...), 0x21), x[1:]...)
}

// step adds to the variable x.
func (f *function) step(x, by i32) { f.set(x, x.add(by)) }

// when runs then where condition is not 0.
func (f *function) when(condition i32, then func()) {
	f.body = append(append(f.body, condition...), 0x04, 0x40)
	then()
	f.body = append(f.body, 0x0b)
}

// while repeats body as long as condition is not 0.
func (f *function) while(condition i32, body func()) {
	f.when(condition, func() {
		f.body = append(f.body, 0x03, 0x40)
		body()
		f.body = append(append(f.body, condition...), 0x0d, 0, 0x0b)
	})
}

// store writes the 4 floats of v at p + offset bytes, store1 only the first.
func (f *function) store(p i32, offset int, v v128) {
	f.body = append(f.body, simd(0x0b, memory(offset), p, v)...)
}

func (f *function) store1(p i32, offset int, v v128) {
	f.body = append(f.body, simd(0x5a, append(memory(offset), 0), p, v)...)
}

// load reads 4 floats at p + offset bytes, load1 one and zeros, spread one to all
// four.
func (p i32) load(offset int) v128   { return simd(0x00, memory(offset), p) }
func (p i32) load1(offset int) v128  { return simd(0x5c, memory(offset), p) }
func (p i32) spread(offset int) v128 { return simd(0x09, memory(offset), p) }

func number(v int) i32          { return signed([]byte{0x41}, v) }
func (x i32) add(y i32) i32     { return op(0x6a, x, y) }
func (x i32) left(bits int) i32 { return op(0x74, x, number(bits)) }
func (x i32) atLeast(y int) i32 { return op(0x4e, x, number(y)) }

// all4 and bits4 are vectors of one number, bits4 of an integer.
func all4(v float32) v128 { return bits4(math.Float32bits(v)) }

func bits4(v uint32) v128 {
	var four []byte
	for range 4 {
		four = binary.LittleEndian.AppendUint32(four, v)
	}
	return simd(0x0c, four)
}

func (x f32) spread() v128 { return simd(0x13, nil, x) }

// Operators of four float32.
func (x v128) add(y v128) v128   { return simd(0xe4, nil, x, y) }
func (x v128) sub(y v128) v128   { return simd(0xe5, nil, x, y) }
func (x v128) mul(y v128) v128   { return simd(0xe6, nil, x, y) }
func (x v128) div(y v128) v128   { return simd(0xe7, nil, x, y) }
func (x v128) min(y v128) v128   { return simd(0xe8, nil, x, y) } // NaN if either is, -0 below 0
func (x v128) max(y v128) v128   { return simd(0xe9, nil, x, y) }
func (x v128) pmin(y v128) v128  { return simd(0xea, nil, x, y) } // y < x ? y : x
func (x v128) pmax(y v128) v128  { return simd(0xeb, nil, x, y) } // x < y ? y : x
func (x v128) abs() v128         { return simd(0xe0, nil, x) }
func (x v128) neg() v128         { return simd(0xe1, nil, x) }
func (x v128) sqrt() v128        { return simd(0xe3, nil, x) }
func (x v128) equal(y v128) v128 { return simd(0x41, nil, x, y) } // all bits where so
func (x v128) other(y v128) v128 { return simd(0x42, nil, x, y) }
func (x v128) less(y v128) v128  { return simd(0x43, nil, x, y) }
func (x v128) above(y v128) v128 { return simd(0x44, nil, x, y) }

// Operators of bits and of four integers.
func (x v128) and(y v128) v128        { return simd(0x4e, nil, x, y) }
func (x v128) or(y v128) v128         { return simd(0x50, nil, x, y) }
func (x v128) pick(yes, no v128) v128 { return simd(0x52, nil, yes, no, x) } // by bits
func (x v128) iadd(y v128) v128       { return simd(0xae, nil, x, y) }
func (x v128) isub(y v128) v128       { return simd(0xb1, nil, x, y) }
func (x v128) left(bits int) v128     { return simd(0xab, nil, x, number(bits)) }
func (x v128) right(bits int) v128    { return simd(0xac, nil, x, number(bits)) } // keeps the sign
func (x v128) toFloats() v128         { return simd(0xfa, nil, x) }

// shuffle takes the four numbers that are named of x (0 to 3) and y (4 to 7).
func (x v128) shuffle(y v128, lanes ...byte) v128 {
	var bytes []byte
	for _, l := range lanes {
		bytes = append(bytes, 4*l, 4*l+1, 4*l+2, 4*l+3)
	}
	return simd(0x0d, bytes, x, y)
}

// madd is x·y + z, in relaxed modules rounded once where the processor can.
func (f *function) madd(x, y, z v128) v128 {
	if f.relaxed {
		return simd(0x105, nil, x, y, z)
	}
	return x.mul(y).add(z)
}

// op and simd return an instruction after its operands.
func op(code byte, operands ...[]byte) []byte {
	var out []byte
	for _, x := range operands {
		out = append(out, x...)
	}
	return append(out, code)
}

func simd(code int, immediate []byte, operands ...[]byte) []byte {
	var out []byte
	for _, x := range operands {
		out = append(out, x...)
	}
	return append(unsigned(append(out, 0xfd), code), immediate...)
}

// memory is what loads and stores name beside the address: alignment, of one
// float, and the offset.
func memory(offset int) []byte { return unsigned([]byte{2}, offset) }

// unsigned and signed append v as LEB128.
func unsigned(out []byte, v int) []byte { return binary.AppendUvarint(out, uint64(v)) }

func signed(out []byte, v int) []byte {
	for ; v < -64 || v > 63; v >>= 7 {
		out = append(out, byte(v)|0x80)
	}
	return append(out, byte(v)&0x7f)
}
