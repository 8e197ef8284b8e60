package nn

import "ganbel/core/graph"

// The pools below take any window. Each place of it is a window of one pixel, moved:
// what lies below one element of the kernel.

// taps returns what lies below each element of w's kernel, (N·OH·OW, C) each, 0
// outside of the images.
func taps(x *graph.Node, w graph.Window) []*graph.Node {
	all := make([]*graph.Node, 0, w.KH*w.KW)
	for ky := range w.KH {
		for kx := range w.KW {
			one := w
			one.KH, one.KW, one.Top, one.Left = 1, 1, w.Top-ky, w.Left-kx
			all = append(all, x.Unfold(one))
		}
	}
	return all
}

// MaxPool returns the greatest below every place of w, channel by channel:
// (N·H·W, C) becomes (N·OH·OW, C). Outside of the images it takes 0, which does not
// matter where x has no negative elements, such as after ReLU.
func MaxPool(x *graph.Node, w graph.Window) *graph.Node {
	t := taps(x, w)
	most := t[0]
	for _, v := range t[1:] {
		most = most.Max(v)
	}
	return most
}

// AvgPool returns the mean below every place of w, channel by channel: (N·H·W, C)
// becomes (N·OH·OW, C). Where padding is true what lies outside of the images counts
// as 0, as in torchvision; else it is left out of the mean, as in TensorFlow.
func AvgPool(x *graph.Node, w graph.Window, padding bool) *graph.Node {
	sum := func(x *graph.Node, w graph.Window) *graph.Node {
		t := taps(x, w)
		s := t[0]
		for _, v := range t[1:] {
			s = s.Add(v)
		}
		return s
	}
	if padding {
		return sum(x, w).Scale(1 / float64(w.KH*w.KW))
	}
	one := w
	one.C = 1
	return sum(x, w).Div(sum(x.Graph().Const(w.N*w.H*w.W, 1, 1), one))
}

// MeanPlaces averages each of n images over its places: (n·places, c) becomes (n, c).
func MeanPlaces(x *graph.Node, n int) *graph.Node {
	places := x.Rows / n
	return x.T().Reshape(x.Cols*n, places).SumCols().Reshape(x.Cols, n).T().Scale(1 / float64(places))
}
