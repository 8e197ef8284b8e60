package graph

import "fmt"

// A Window is the geometry of a convolution over N images of H rows, W columns
// and C channels, stored as (N·H·W, C): kernels of KH by KW are laid at every
// Stride-th place after Top rows and Left columns of zeros, giving OH by OW
// places.
type Window struct {
	N, H, W, C        int
	KH, KW, Stride    int
	Top, Left, OH, OW int
}

// Same returns the window of TensorFlow's SAME padding: ⌈side/stride⌉ places a
// side, with the smaller half of the padding first. A 1-D convolution has
// h = kh = 1. Kernels of 5 with stride 2 take 7 places to 4, with 2 zeros before.
func Same(n, h, w, c, kh, kw, stride int) Window {
	oh, top := same(h, kh, stride)
	ow, left := same(w, kw, stride)
	return Window{n, h, w, c, kh, kw, stride, top, left, oh, ow}
}

func same(side, k, stride int) (out, before int) {
	out = (side + stride - 1) / stride
	return out, max((out-1)*stride+k-side, 0) / 2
}

// Valid returns the window of no padding: kernels lie wholly within the image. It
// panics where the image is smaller than they are.
func Valid(n, h, w, c, kh, kw, stride int) Window {
	if h < kh || w < kw {
		panic(fmt.Sprintf("graph: a window of %dx%d in an image of %dx%d", kh, kw, h, w))
	}
	return Window{n, h, w, c, kh, kw, stride, 0, 0, (h-kh)/stride + 1, (w-kw)/stride + 1}
}

// String returns the window as text, such as "4x28x28x1 k5x5 s2".
func (w Window) String() string {
	return fmt.Sprintf("%dx%dx%dx%d k%dx%d s%d", w.N, w.H, w.W, w.C, w.KH, w.KW, w.Stride)
}

// plain reports whether unfolding is nothing: a kernel of 1 at every place.
func (w Window) plain() bool {
	return w.KH == 1 && w.KW == 1 && w.Stride == 1 && w.Top == 0 && w.Left == 0 && w.OH == w.H && w.OW == w.W
}

func (w Window) folded() (rows, cols int)   { return w.N * w.H * w.W, w.C }
func (w Window) unfolded() (rows, cols int) { return w.N * w.OH * w.OW, w.KH * w.KW * w.C }

// Unfold returns, for every place of the window, what lies below the kernel:
// (N·H·W, C) becomes (N·OH·OW, KH·KW·C). A convolution is Unfold, then MatMul
// with weights (KH·KW·C, out). It panics where n does not fit the window.
func (n *Node) Unfold(w Window) *Node {
	if r, c := w.folded(); r != n.Rows || c != n.Cols {
		panic(fmt.Sprintf("graph: Unfold %v of (%d, %d), which must be (%d, %d)", w, n.Rows, n.Cols, r, c))
	}
	if w.plain() {
		return n
	}
	r, c := w.unfolded()
	return n.graph.add(Node{Op: Unfold, Rows: r, Cols: c, Win: w}, n)
}

// Fold is the adjoint of Unfold: it adds (N·OH·OW, KH·KW·C) up to (N·H·W, C).
// A transposed convolution is MatMul, then Fold. It panics where n does not fit
// the window.
func (n *Node) Fold(w Window) *Node {
	if r, c := w.unfolded(); r != n.Rows || c != n.Cols {
		panic(fmt.Sprintf("graph: Fold %v of (%d, %d), which must be (%d, %d)", w, n.Rows, n.Cols, r, c))
	}
	if w.plain() {
		return n
	}
	r, c := w.folded()
	return n.graph.add(Node{Op: Fold, Rows: r, Cols: c, Win: w}, n)
}

// Pool returns, for every place of the window, the sum of what lies below the kernel
// by channels: (N·H·W, C) becomes (N·OH·OW, C). It panics where n does not fit the
// window.
func (n *Node) Pool(w Window) *Node {
	if r, c := w.folded(); r != n.Rows || c != n.Cols {
		panic(fmt.Sprintf("graph: Pool %v of (%d, %d), which must be (%d, %d)", w, n.Rows, n.Cols, r, c))
	}
	return n.graph.add(Node{Op: Pool, Rows: w.N * w.OH * w.OW, Cols: w.C, Win: w}, n)
}

// Spread is the adjoint of Pool: it adds every place, (N·OH·OW, C), to all that lies
// below the kernel there, (N·H·W, C). It panics where n does not fit the window.
func (n *Node) Spread(w Window) *Node {
	if r := w.N * w.OH * w.OW; r != n.Rows || w.C != n.Cols {
		panic(fmt.Sprintf("graph: Spread %v of (%d, %d), which must be (%d, %d)", w, n.Rows, n.Cols, r, w.C))
	}
	r, c := w.folded()
	return n.graph.add(Node{Op: Spread, Rows: r, Cols: c, Win: w}, n)
}

// Visit calls f(i, j, n) for every run of n elements that the window joins: those
// of the images that start at i, and those of the unfolded matrix that start at
// j. A run is what a row of a kernel covers, in all channels. Only images from ≤ n <
// to are visited.
func (w Window) Visit(from, to int, f func(i, j, n int)) {
	for n := from; n < to; n++ {
		for oy := range w.OH {
			for ox := range w.OW {
				j := ((n*w.OH+oy)*w.OW + ox) * w.KH * w.KW * w.C
				x := ox*w.Stride - w.Left
				first, end := max(0, -x), min(w.KW, w.W-x)
				for ky := range w.KH {
					if y := oy*w.Stride + ky - w.Top; y >= 0 && y < w.H && first < end {
						f(((n*w.H+y)*w.W+x+first)*w.C, j+first*w.C, (end-first)*w.C)
					}
					j += w.KW * w.C
				}
			}
		}
	}
}
