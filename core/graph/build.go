package graph

import (
	"fmt"
	"math"
	"slices"
)

// The constructors. Two operands must have one shape, or sides of length 1, which
// stretch to the other's; where they do not fit the constructor panics with both.
// Identities live here, and only those that keep NaN and Inf honest: x·1 is x, but
// x·0 is not 0. Only the sign of a zero may differ: x + 0 is x, also if x is -0.
// None looks through its operand: were (x·2)·3 built as x·6, the gradient with
// respect to x·2 would be lost.

// broadcast returns a and b expanded to their common shape: a side of length 1
// stretches to the other's.
func broadcast(op Op, a, b *Node) (*Node, *Node) {
	rows, cols := max(a.Rows, b.Rows), max(a.Cols, b.Cols)
	fits := func(n *Node) bool { return (n.Rows == rows || n.Rows == 1) && (n.Cols == cols || n.Cols == 1) }
	if !fits(a) || !fits(b) {
		panic(fmt.Sprintf("graph: %s of (%d, %d) and (%d, %d)", op, a.Rows, a.Cols, b.Rows, b.Cols))
	}
	return a.Expand(rows, cols), b.Expand(rows, cols)
}

// Of returns a node of an operator that works element by element, with the number k if
// it has one. Of two operands a side of length 1 stretches. It panics where the operator
// does not work element by element, or not on so many operands. It folds constants and
// knows no other identity: the methods below do.
func (o Op) Of(k float64, operands ...*Node) *Node {
	row, in := o.Row(), slices.Clone(operands)
	if row.F == nil || len(in) != o.Operands() {
		panic(fmt.Sprintf("graph: %s, element by element, of %d operands", o, len(in)))
	}
	if len(in) == 2 {
		in[0], in[1] = broadcast(o, in[0], in[1])
	}
	a, b := in[0], in[len(in)-1]
	if a.Op == Const && b.Op == Const {
		return a.graph.Const(a.Rows, a.Cols, row.F(a.K, b.K, k))
	}
	return a.graph.add(Node{Op: o, Rows: a.Rows, Cols: a.Cols, K: k}, in...)
}

// Add returns n + m, element by element; a side of length 1 stretches.
func (n *Node) Add(m *Node) *Node {
	a, b := broadcast(Add, n, m)
	switch {
	case b.Op == Const:
		return a.AddConst(b.K)
	case a.Op == Const:
		return b.AddConst(a.K)
	}
	return Add.Of(0, a, b)
}

// Sub returns n - m, element by element; a side of length 1 stretches.
func (n *Node) Sub(m *Node) *Node {
	a, b := broadcast(Sub, n, m)
	switch {
	case b.Op == Const:
		return a.AddConst(-b.K)
	case a.Op == Const:
		return b.Neg().AddConst(a.K)
	}
	return Sub.Of(0, a, b)
}

// Mul returns the product of n and m element by element; a side of length 1 stretches.
func (n *Node) Mul(m *Node) *Node {
	a, b := broadcast(Mul, n, m)
	switch {
	case b.Op == Const:
		return a.Scale(b.K)
	case a.Op == Const:
		return b.Scale(a.K)
	}
	return Mul.Of(0, a, b)
}

// Div returns n / m, element by element; a side of length 1 stretches. Of m = 0
// it is infinite, or NaN where n is 0, too.
func (n *Node) Div(m *Node) *Node { return Div.Of(0, n, m) }

// Max returns the greater of n and m, element by element, NaN if either is; a side
// of length 1 stretches. Where both are equal the gradient goes to m.
func (n *Node) Max(m *Node) *Node { return Max.Of(0, n, m) }

// Min returns the lesser of n and m, element by element, NaN if either is; a side
// of length 1 stretches. Where both are equal the gradient goes to m.
func (n *Node) Min(m *Node) *Node { return Min.Of(0, n, m) }

// Scale returns k·n, element by element: NaN stays NaN for k = 0.
func (n *Node) Scale(k float64) *Node {
	if k == 1 {
		return n
	}
	return Scale.Of(k, n)
}

// Neg returns -n.
func (n *Node) Neg() *Node { return n.Scale(-1) }

// AddConst returns n + k, element by element.
func (n *Node) AddConst(k float64) *Node {
	if k == 0 {
		return n
	}
	return AddConst.Of(k, n)
}

// OneMinus returns 1 - n, element by element.
func (n *Node) OneMinus() *Node { return n.Neg().AddConst(1) }

// Square returns n·n, element by element.
func (n *Node) Square() *Node { return n.Mul(n) }

// Exp returns eⁿ, element by element. In float32 it is +Inf above 88.72.
func (n *Node) Exp() *Node { return Exp.Of(0, n) }

// Log returns the natural logarithm, element by element, -Inf of 0 and NaN of less.
func (n *Node) Log() *Node { return Log.Of(0, n) }

// Sqrt returns the square root, element by element, NaN of less than 0. Its
// gradient at 0 is not finite.
func (n *Node) Sqrt() *Node { return Sqrt.Of(0, n) }

// Tanh returns the hyperbolic tangent, element by element.
func (n *Node) Tanh() *Node { return Tanh.Of(0, n) }

// Sigmoid returns 1/(1 + e⁻ⁿ), element by element.
func (n *Node) Sigmoid() *Node { return Sigmoid.Of(0, n) }

// Softplus returns log(1 + eⁿ), element by element, exact in both tails.
func (n *Node) Softplus() *Node { return Softplus.Of(0, n) }

// ReLU returns max(n, 0), 0 of -Inf too. Its gradient at 0 is 0.
func (n *Node) ReLU() *Node { return Rectify.Of(0, n) }

// LeakyReLU returns n where n > 0 and slope·n elsewhere. Its gradient at 0 is slope.
func (n *Node) LeakyReLU(slope float64) *Node { return Rectify.Of(slope, n) }

// Gate returns n where x > 0 and k·n elsewhere, 0 where k is 0, whatever n is. No
// gradient goes to x. It is LeakyReLU's vector-Jacobian product.
func (n *Node) Gate(x *Node, k float64) *Node {
	// A constant only scales a Step, unless 0·n is not 0.
	if n.Op == Const && (k != 0 || n.K >= 0 && !math.Signbit(n.K) && !math.IsInf(n.K, 1)) {
		n, x = broadcast(Gate, n, x)
		return x.Step(k).Scale(n.K)
	}
	return Gate.Of(k, n, x)
}

// Step returns 1 where n > 0 and k elsewhere. It has no gradient.
func (n *Node) Step(k float64) *Node { return Step.Of(k, n) }

// Abs returns |n|, element by element. Its gradient at 0 is 0.
func (n *Node) Abs() *Node { return Abs.Of(0, n) }

// Detach returns n with no gradient: to Grad it is a constant.
func (n *Node) Detach() *Node {
	if n.Op == Detach || n.Op == Const {
		return n
	}
	return n.graph.add(Node{Op: Detach, Rows: n.Rows, Cols: n.Cols}, n)
}

// Expand returns n with its sides of length 1 stretched to (rows, cols). It panics
// where another side would change.
func (n *Node) Expand(rows, cols int) *Node {
	switch {
	case n.Rows == rows && n.Cols == cols:
		return n
	case (n.Rows != rows && n.Rows != 1) || (n.Cols != cols && n.Cols != 1):
		panic(fmt.Sprintf("graph: Expand of (%d, %d) to (%d, %d)", n.Rows, n.Cols, rows, cols))
	case n.Op == Const:
		return n.graph.Const(rows, cols, n.K)
	}
	return n.graph.add(Node{Op: Expand, Rows: rows, Cols: cols}, n)
}

// Reshape returns the same elements, row by row, as (rows, cols). It panics where
// these are not equally many.
func (n *Node) Reshape(rows, cols int) *Node {
	switch {
	case rows*cols != n.Len():
		panic(fmt.Sprintf("graph: Reshape of (%d, %d) to (%d, %d)", n.Rows, n.Cols, rows, cols))
	case n.Rows == rows && n.Cols == cols:
		return n
	case n.Op == Const:
		return n.graph.Const(rows, cols, n.K)
	}
	return n.graph.add(Node{Op: Reshape, Rows: rows, Cols: cols}, n)
}

// T returns the transpose, (cols, rows).
func (n *Node) T() *Node {
	switch {
	case n.Rows == 1 || n.Cols == 1:
		return n.Reshape(n.Cols, n.Rows)
	case n.Op == Const:
		return n.graph.Const(n.Cols, n.Rows, n.K)
	}
	return n.graph.add(Node{Op: Transpose, Rows: n.Cols, Cols: n.Rows}, n)
}

// ConcatCols returns the matrices side by side: (rows, c₁), (rows, c₂), … become
// (rows, c₁+c₂+…). It panics where their rows are not equally many.
func ConcatCols(parts ...*Node) *Node {
	if len(parts) == 1 {
		return parts[0]
	}
	cols := 0
	for _, p := range parts {
		if p.Rows != parts[0].Rows {
			panic(fmt.Sprintf("graph: Concat of (%d, %d) and (%d, %d)", parts[0].Rows, parts[0].Cols, p.Rows, p.Cols))
		}
		cols += p.Cols
	}
	return parts[0].graph.add(Node{Op: Concat, Rows: parts[0].Rows, Cols: cols}, parts...)
}

// Slice returns the columns from ≤ j < to, (rows, to-from). It panics where there
// are not such columns, or none.
func (n *Node) Slice(from, to int) *Node {
	switch {
	case from < 0 || to > n.Cols || from >= to:
		panic(fmt.Sprintf("graph: Slice [%d:%d] of (%d, %d)", from, to, n.Rows, n.Cols))
	case from == 0 && to == n.Cols:
		return n
	case n.Op == Const:
		return n.graph.Const(n.Rows, to-from, n.K)
	}
	return n.graph.add(Node{Op: Slice, Rows: n.Rows, Cols: to - from, From: from}, n)
}

// SumTo returns n summed over its rows where rows is 1 and over its columns
// where cols is 1. It panics where another side is not as it is.
func (n *Node) SumTo(rows, cols int) *Node {
	switch {
	case (rows != 1 && rows != n.Rows) || (cols != 1 && cols != n.Cols):
		panic(fmt.Sprintf("graph: Sum of (%d, %d) to (%d, %d)", n.Rows, n.Cols, rows, cols))
	case n.Rows == rows && n.Cols == cols:
		return n
	case n.Op == Const:
		return n.graph.Const(rows, cols, n.K*float64(n.Len()/(rows*cols))+0) // a sum of -0 is 0
	}
	return n.graph.add(Node{Op: Sum, Rows: rows, Cols: cols}, n)
}

// Sum returns the sum of all elements, (1, 1).
func (n *Node) Sum() *Node { return n.SumTo(1, 1) }

// SumCols returns the sum of every row, (rows, 1).
func (n *Node) SumCols() *Node { return n.SumTo(n.Rows, 1) }

// SumRows returns the sum of every column, (1, cols).
func (n *Node) SumRows() *Node { return n.SumTo(1, n.Cols) }

// Mean returns the mean of all elements, (1, 1).
func (n *Node) Mean() *Node { return n.Sum().Scale(1 / float64(n.Len())) }

// Norm returns the Euclidean norm of every row, (rows, 1). 1e-12 stands inside
// the root so that its gradient is finite at 0.
func (n *Node) Norm() *Node { return n.Square().SumCols().AddConst(1e-12).Sqrt() }

// RowMax returns the greatest element of every row, (rows, 1), NaN if there is
// one. The gradient goes to the first of equals.
func (n *Node) RowMax() *Node {
	if n.Cols == 1 {
		return n
	}
	return n.graph.add(Node{Op: RowMax, Rows: n.Rows, Cols: 1}, n)
}

// OneHotMax returns 1 at the first greatest element of every row and 0 elsewhere:
// ties do not give two ones, and a NaN is the greatest. It has no gradient.
func (n *Node) OneHotMax() *Node {
	return n.graph.add(Node{Op: OneHotMax, Rows: n.Rows, Cols: n.Cols}, n)
}

// StraightThrough returns the one-hot argmax of every row going forward and has
// the gradient of n going backward (Bengio et al., 2013; Jang et al., section 2.2).
func (n *Node) StraightThrough() *Node { return n.Add(n.OneHotMax().Sub(n).Detach()) }

// MatMul returns the matrix product of n, (rows, k), and m, (k, cols). It panics
// where they do not fit.
func (n *Node) MatMul(m *Node) *Node {
	if n.Cols != m.Rows {
		panic(fmt.Sprintf("graph: MatMul of (%d, %d) and (%d, %d)", n.Rows, n.Cols, m.Rows, m.Cols))
	}
	return n.graph.add(Node{Op: MatMul, Rows: n.Rows, Cols: m.Cols}, n, m)
}
