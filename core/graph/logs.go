package graph

import "math"

// Logarithms of sums of exponentials, and products with logarithms. An element of
// -Inf is a class that is masked: its chance is 0, it adds nothing to a sum, and no
// gradient goes to it. An element of +Inf is a class that is certain: its chance is 1,
// and several of them share it equally. If all elements of a row are -Inf no class is
// left, so that the softmax is NaN, but the logarithm of the sum is -Inf.

// A shifted row is n less its maximum, so that no exponential overflows.
type shifted struct {
	n    *Node // n less most; 0, not Inf - Inf, of a certain class, to which no gradient goes, since its chance no longer changes
	exp  *Node // e to that
	sum  *Node // of exp, (rows, 1)
	most *Node // the maximum, (rows, 1), the least float32 if that is -Inf; a constant to Grad
}

func (n *Node) shifted() (s shifted) {
	largest := n.graph.Const(1, 1, math.MaxFloat32)
	s.most = n.RowMax().Detach().Max(largest.Neg())
	s.n = n.Sub(s.most).Gate(n.Neg().AddConst(math.MaxFloat32), 0)
	s.exp = s.n.Exp()
	s.sum = s.exp.SumCols().Add(s.most.Min(largest).Scale(0)) // NaN if an element is: the gate is shut for that, too
	return s
}

// LogSoftmax returns log(eⁿ / Σ eⁿ) of every row: -Inf of a masked class, 0 of a
// certain one, NaN if all are masked. It does not overflow.
func (n *Node) LogSoftmax() *Node {
	s := n.shifted()
	return s.n.Sub(s.sum.Log())
}

// Softmax returns eⁿ / Σ eⁿ of every row: 0 of a masked class, 1 of a certain one, NaN
// if all are masked. It does not overflow.
func (n *Node) Softmax() *Node {
	s := n.shifted()
	return s.exp.Div(s.sum)
}

// LogSumExp returns log Σ eⁿ of every row, (rows, 1): -Inf if all elements are, +Inf
// if one is. It does not overflow.
func (n *Node) LogSumExp() *Node {
	s := n.shifted()
	return s.sum.Log().Add(s.most)
}

// LogMeanExp returns log (1/cols) Σ eⁿ of every row, (rows, 1): -Inf if all elements
// are, +Inf if one is. It does not overflow.
func (n *Node) LogMeanExp() *Node {
	s := n.shifted()
	return s.sum.Scale(1 / float64(n.Cols)).Log().Add(s.most)
}

// TimesLog returns x·l, element by element, for x ≥ 0 and a logarithm l, as in the terms
// of an entropy or a divergence. If x is 0 and l is not finite it is 0, the limit of
// x·log y, and no gradient goes to either.
func (x *Node) TimesLog(l *Node) *Node {
	finite := l.Scale(0).AddConst(1).Step(0) // NaN is not above 0
	return x.Mul(l.Gate(x.Add(finite), 0))
}

// XLogY returns x·log y, element by element, for x ≥ 0 and y ≥ 0. It is 0 if x is 0, also
// if y is. If both are 0 both gradients are 0, otherwise they are log y and x/y.
func (x *Node) XLogY(y *Node) *Node {
	both := x.Add(y).Step(0).OneMinus() // 1 where both are 0
	return x.TimesLog(y.Add(both).Log())
}

// Finite returns n where it is finite and 0 elsewhere. No gradient goes to it there. It
// serves products whose other factor is 0 there.
func (n *Node) Finite() *Node { return n.Gate(n.Scale(0).AddConst(1), 0) }
