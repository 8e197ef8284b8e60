//go:build goexperiment.simd

package simd

import "simd"

// A tile is 4 rows by 2 vectors: more spills registers in what Go compiles.
const tileRows = 4

func tileSide() int { return 2 * simd.VectorBitSize() / 32 }

// microTile computes c (4, 2 vectors) = pa·pb, or adds it where more.
func microTile(kk int, pa, pb, c []float32, ldc int, more bool) {
	w := simd.VectorBitSize() / 32
	z := simd.BroadcastFloat32s(0)
	c00, c01, c10, c11, c20, c21, c30, c31 := z, z, z, z, z, z, z, z
	for p := 0; p < kk; p++ {
		b0, b1 := simd.LoadFloat32s(pb), simd.LoadFloat32s(pb[w:])
		pb = pb[2*w:]
		a := pa[:4:4]
		pa = pa[4:]
		x := simd.BroadcastFloat32s(a[0])
		c00, c01 = x.MulAdd(b0, c00), x.MulAdd(b1, c01)
		x = simd.BroadcastFloat32s(a[1])
		c10, c11 = x.MulAdd(b0, c10), x.MulAdd(b1, c11)
		x = simd.BroadcastFloat32s(a[2])
		c20, c21 = x.MulAdd(b0, c20), x.MulAdd(b1, c21)
		x = simd.BroadcastFloat32s(a[3])
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
