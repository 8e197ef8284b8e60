//go:build goexperiment.simd

package simd

import (
	"simd"
	"unsafe"
)

// fastRows is how high a tile is. More than 4 rows by 2 vectors spills registers
// in what Go compiles.
const fastRows = 4

// fastTileSize is a tile's rows, and its columns: two vectors.
func fastTileSize() (rows, cols int) {
	if simd.Emulated() {
		return plainRows, plainCols
	}
	return fastRows, 2 * simd.VectorBitSize() / 32
}

func fastBlock(m, n, k int, a, b panels, c []float32, ldc int, more bool) {
	if simd.Emulated() {
		blockPlain(m, n, k, a, b, c, ldc, more)
		return
	}
	_, cols := fastTileSize()
	for j := 0; j < n; j += cols {
		for i := 0; i < m; i += fastRows {
			tile(k, a.from(i/fastRows).v, b.from(j/cols).v, b.step, c[i*ldc+j:], ldc, more)
		}
	}
}

func fastCopyRows(dst, src []float32, rows, width, stride int) {
	w := simd.VectorBitSize() / 32
	if simd.Emulated() || width%w != 0 {
		copyRunsPlain(dst, src, rows, width, width, stride)
		return
	}
	for p := range rows {
		d, s := dst[p*width:(p+1)*width], src[p*stride:]
		for i := 0; i < width; i += w {
			simd.LoadFloat32s(s[i:]).Store(d[i:])
		}
	}
}

// tile is fastBlock of one tile. It walks its operands by byte offsets from pointers that stay where they
// are. Slices would cost it 40 % of its speed, natively and in wasm alike. Their
// ends are checked before. A load takes a vector from what is said to be the
// widest one; it stays within the operands since they end lanes later.
func tile(k int, a, b []float32, ldb int, c []float32, ldc int, more bool) {
	w := simd.VectorBitSize() / 32
	_, _ = a[fastRows*k-1], b[(k-1)*ldb+lanes-1]
	pa, pb0, pb1 := unsafe.Pointer(&a[0]), unsafe.Pointer(&b[0]), unsafe.Pointer(&b[w])
	ldb *= 4
	var c00, c01, c10, c11, c20, c21, c30, c31 simd.Float32s
	i, j := 0, 0
	for ; k >= 2; k -= 2 {
		v := (*[2 * fastRows]float32)(unsafe.Add(pa, i))
		i += 4 * len(v)
		b0, b1 := simd.LoadFloat32s(vector(pb0, j)), simd.LoadFloat32s(vector(pb1, j))
		j += ldb
		x := simd.BroadcastFloat32s(v[0])
		c00, c01 = x.MulAdd(b0, c00), x.MulAdd(b1, c01)
		x = simd.BroadcastFloat32s(v[1])
		c10, c11 = x.MulAdd(b0, c10), x.MulAdd(b1, c11)
		x = simd.BroadcastFloat32s(v[2])
		c20, c21 = x.MulAdd(b0, c20), x.MulAdd(b1, c21)
		x = simd.BroadcastFloat32s(v[3])
		c30, c31 = x.MulAdd(b0, c30), x.MulAdd(b1, c31)
		b0, b1 = simd.LoadFloat32s(vector(pb0, j)), simd.LoadFloat32s(vector(pb1, j))
		j += ldb
		x = simd.BroadcastFloat32s(v[4])
		c00, c01 = x.MulAdd(b0, c00), x.MulAdd(b1, c01)
		x = simd.BroadcastFloat32s(v[5])
		c10, c11 = x.MulAdd(b0, c10), x.MulAdd(b1, c11)
		x = simd.BroadcastFloat32s(v[6])
		c20, c21 = x.MulAdd(b0, c20), x.MulAdd(b1, c21)
		x = simd.BroadcastFloat32s(v[7])
		c30, c31 = x.MulAdd(b0, c30), x.MulAdd(b1, c31)
	}
	if k > 0 {
		v := (*[fastRows]float32)(unsafe.Add(pa, i))
		b0, b1 := simd.LoadFloat32s(vector(pb0, j)), simd.LoadFloat32s(vector(pb1, j))
		x := simd.BroadcastFloat32s(v[0])
		c00, c01 = x.MulAdd(b0, c00), x.MulAdd(b1, c01)
		x = simd.BroadcastFloat32s(v[1])
		c10, c11 = x.MulAdd(b0, c10), x.MulAdd(b1, c11)
		x = simd.BroadcastFloat32s(v[2])
		c20, c21 = x.MulAdd(b0, c20), x.MulAdd(b1, c21)
		x = simd.BroadcastFloat32s(v[3])
		c30, c31 = x.MulAdd(b0, c30), x.MulAdd(b1, c31)
	}
	r0, r1, r2, r3 := c, c[ldc:], c[2*ldc:], c[3*ldc:]
	if more {
		c00, c01 = c00.Add(simd.LoadFloat32s(r0)), c01.Add(simd.LoadFloat32s(r0[w:]))
		c10, c11 = c10.Add(simd.LoadFloat32s(r1)), c11.Add(simd.LoadFloat32s(r1[w:]))
		c20, c21 = c20.Add(simd.LoadFloat32s(r2)), c21.Add(simd.LoadFloat32s(r2[w:]))
		c30, c31 = c30.Add(simd.LoadFloat32s(r3)), c31.Add(simd.LoadFloat32s(r3[w:]))
	}
	c00.Store(r0)
	c01.Store(r0[w:])
	c10.Store(r1)
	c11.Store(r1[w:])
	c20.Store(r2)
	c21.Store(r2[w:])
	c30.Store(r3)
	c31.Store(r3[w:])
}

// vector returns the floats that start bytes after p.
func vector(p unsafe.Pointer, bytes int) []float32 {
	return (*[lanes / 2]float32)(unsafe.Add(p, bytes))[:]
}
