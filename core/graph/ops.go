package graph

import (
	"math"
	"strings"

	"ganbel/core/simd"
)

// Op names an operator: a row of the table.
type Op uint8

// The operators. The first group works element by element.
const (
	Add Op = iota
	Sub
	Mul
	Div
	Max
	Min
	Scale
	AddConst
	Exp
	Log
	Sqrt
	Tanh
	Sigmoid
	Softplus
	Rectify
	Gate
	Step
	Abs
	Copy

	Input
	Const
	Expand
	Reshape
	Transpose
	Concat
	Slice
	Sum
	RowMax
	OneHotMax
	MatMul
	Unfold
	Fold
	Pool
	Spread
	Detach
	numOps
)

// A Row is all there is to say of an operator.
type Row struct {
	Name string
	// Args names what F reads: "a", "ab", "ak" or "abk". Const, which has no F, has "k".
	Args string
	// F is the meaning of an operator that works element by element, for one
	// element a of the first operand, b of the second, and the node's K.
	F func(a, b, k float64) float64
	// Vec is the same for float32 slices of one length; dst may be a or b. It may be
	// nil: then a backend does what F says, element by element, which is slower.
	Vec func(dst, a, b []float32, k float32)
	// Eval is the meaning of an operator that works in another way: it writes n's value,
	// row by row, to v, which is 0, where in(i) is the value of the i-th operand. Input has
	// neither F nor Eval.
	Eval func(n *Node, v []float64, in func(i int) []float64)
	// VJP returns the cotangent of every operand of n, nil for none, where ct
	// is the cotangent of n. It is written in the language itself.
	VJP func(n, ct *Node) []*Node
	// Lo and Hi bound the operands for which the tests try the row.
	Lo, Hi float64
}

// String returns the operator's name.
func (o Op) String() string { return table[o].Name }

// Row returns the operator's row of the table.
func (o Op) Row() *Row { return &table[o] }

// Elementwise reports whether the operator works element by element.
func (o Op) Elementwise() bool { return table[o].F != nil }

// Operands returns how many operands an operator that works element by element has, 0
// for another.
func (o Op) Operands() int { return len(strings.TrimSuffix(table[o].Args, "k")) }

// Numbered reports whether the number K of the operator's nodes means something.
func (o Op) Numbered() bool { return strings.HasSuffix(table[o].Args, "k") }

// Ops returns all operators, in the order of the table.
func Ops() []Op {
	all := make([]Op, numOps)
	for i := range all {
		all[i] = Op(i)
	}
	return all
}

// none is the VJP of what has no gradient: inputs, and functions flat almost
// everywhere.
func none(n, _ *Node) []*Node { return make([]*Node, len(n.In)) }

var table [numOps]Row

// The table is filled in init since its rules call constructors whose nodes
// name rows of it, which Go would refuse as an initialisation cycle.
func init() {
	table = [numOps]Row{
		Add: {Name: "Add", Args: "ab", Lo: -2, Hi: 2,
			F:   func(a, b, _ float64) float64 { return a + b },
			Vec: func(dst, a, b []float32, _ float32) { simd.Add(dst, a, b) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct, ct} }},
		Sub: {Name: "Sub", Args: "ab", Lo: -2, Hi: 2,
			F:   func(a, b, _ float64) float64 { return a - b },
			Vec: func(dst, a, b []float32, _ float32) { simd.Sub(dst, a, b) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct, ct.Neg()} }},
		Mul: {Name: "Mul", Args: "ab", Lo: -2, Hi: 2,
			F:   func(a, b, _ float64) float64 { return a * b },
			Vec: func(dst, a, b []float32, _ float32) { simd.Mul(dst, a, b) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Mul(n.In[1]), ct.Mul(n.In[0])} }},
		// d(a/b) = da/b - (a/b)·db/b
		Div: {Name: "Div", Args: "ab", Lo: .5, Hi: 2,
			F:   func(a, b, _ float64) float64 { return a / b },
			Vec: func(dst, a, b []float32, _ float32) { simd.Div(dst, a, b) },
			VJP: func(n, ct *Node) []*Node {
				da := ct.Div(n.In[1])
				return []*Node{da, da.Mul(n).Neg()}
			}},
		Max: {Name: "Max", Args: "ab", Lo: -2, Hi: 2,
			F:   func(a, b, _ float64) float64 { return max(a, b) },
			Vec: func(dst, a, b []float32, _ float32) { simd.Max(dst, a, b) },
			VJP: func(n, ct *Node) []*Node {
				da := ct.Gate(n.In[0].Sub(n.In[1]), 0)
				return []*Node{da, ct.Sub(da)}
			}},
		Min: {Name: "Min", Args: "ab", Lo: -2, Hi: 2,
			F:   func(a, b, _ float64) float64 { return min(a, b) },
			Vec: func(dst, a, b []float32, _ float32) { simd.Min(dst, a, b) },
			VJP: func(n, ct *Node) []*Node {
				da := ct.Gate(n.In[1].Sub(n.In[0]), 0)
				return []*Node{da, ct.Sub(da)}
			}},
		Scale: {Name: "Scale", Args: "ak", Lo: -2, Hi: 2,
			F:   func(a, _, k float64) float64 { return k * a },
			Vec: func(dst, a, _ []float32, k float32) { simd.Scale(dst, a, k) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Scale(n.K)} }},
		AddConst: {Name: "AddConst", Args: "ak", Lo: -2, Hi: 2,
			F:   func(a, _, k float64) float64 { return a + k },
			Vec: func(dst, a, _ []float32, k float32) { simd.AddConst(dst, a, k) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct} }},
		Exp: {Name: "Exp", Args: "a", Lo: -2, Hi: 2,
			F:   func(a, _, _ float64) float64 { return math.Exp(a) },
			Vec: func(dst, a, _ []float32, _ float32) { simd.Exp(dst, a) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Mul(n)} }},
		Log: {Name: "Log", Args: "a", Lo: .5, Hi: 3,
			F:   func(a, _, _ float64) float64 { return math.Log(a) },
			Vec: func(dst, a, _ []float32, _ float32) { simd.Log(dst, a) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Div(n.In[0])} }},
		// d√a = da/(2√a)
		Sqrt: {Name: "Sqrt", Args: "a", Lo: .5, Hi: 3,
			F:   func(a, _, _ float64) float64 { return math.Sqrt(a) },
			Vec: func(dst, a, _ []float32, _ float32) { simd.Sqrt(dst, a) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Scale(.5).Div(n)} }},
		// d tanh a = (1 - tanh² a) da
		Tanh: {Name: "Tanh", Args: "a", Lo: -2, Hi: 2,
			F:   func(a, _, _ float64) float64 { return math.Tanh(a) },
			Vec: func(dst, a, _ []float32, _ float32) { simd.Tanh(dst, a) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Sub(ct.Mul(n.Mul(n)))} }},
		// dσ(a) = σ(a)·(1 - σ(a)) da
		Sigmoid: {Name: "Sigmoid", Args: "a", Lo: -2, Hi: 2,
			F:   func(a, _, _ float64) float64 { return 1 / (1 + math.Exp(-a)) },
			Vec: func(dst, a, _ []float32, _ float32) { simd.Sigmoid(dst, a) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Mul(n.Sub(n.Mul(n)))} }},
		// softplus a = log(1 + eᵃ), and its derivative is the sigmoid
		Softplus: {Name: "Softplus", Args: "a", Lo: -2, Hi: 2,
			F:   func(a, _, _ float64) float64 { return math.Max(a, 0) + math.Log1p(math.Exp(-math.Abs(a))) },
			Vec: func(dst, a, _ []float32, _ float32) { simd.Softplus(dst, a) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Mul(n.In[0].Sigmoid())} }},
		// Rectify is relu for k = 0 and leaky relu for a slope k. Its
		// derivative at 0 is k, so that relu'(0) = 0 as in PyTorch. 0·-Inf
		// would be NaN: relu(-Inf) is 0. Where a > 0 is told by the value, which
		// others need, too, so that a need not be kept.
		Rectify: {Name: "Rectify", Args: "ak", Lo: -2, Hi: 2,
			F: func(a, _, k float64) float64 {
				switch {
				case a > 0:
					return a
				case k == 0:
					return math.Max(a, 0)
				}
				return k * a
			},
			Vec: func(dst, a, _ []float32, k float32) { simd.Rectify(dst, a, k) },
			VJP: func(n, ct *Node) []*Node {
				if n.K < 0 {
					return []*Node{ct.Gate(n.In[0], n.K)}
				}
				return []*Node{ct.Gate(n, n.K)}
			}},
		// Gate lets a through where b > 0, and k·a elsewhere: for k = 0 nothing,
		// were a infinite.
		Gate: {Name: "Gate", Args: "abk", Lo: -2, Hi: 2,
			F: func(a, b, k float64) float64 {
				switch {
				case b > 0:
					return a
				case k == 0:
					return 0
				}
				return k * a
			},
			Vec: func(dst, a, b []float32, k float32) { simd.Gate(dst, a, b, k) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Gate(n.In[1], n.K), nil} }},
		Step: {Name: "Step", Args: "ak", Lo: -2, Hi: 2,
			F: func(a, _, k float64) float64 {
				if a > 0 {
					return 1
				}
				return k
			},
			Vec: func(dst, a, _ []float32, k float32) { simd.Step(dst, a, k) },
			VJP: none},
		// d|a| = ±da, 0 at 0
		Abs: {Name: "Abs", Args: "a", Lo: -2, Hi: 2,
			F:   func(a, _, _ float64) float64 { return math.Abs(a) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct.Mul(n.In[0].Step(0).Sub(n.In[0].Neg().Step(0)))} }},
		// Copy is how a program writes an Expand out; the language never builds it.
		Copy: {Name: "Copy", Args: "a", Lo: -2, Hi: 2,
			F:   func(a, _, _ float64) float64 { return a },
			Vec: func(dst, a, _ []float32, _ float32) { copy(dst, a) },
			VJP: func(n, ct *Node) []*Node { return []*Node{ct} }},

		Input:     {Name: "Input", VJP: none},
		Const:     {Name: "Const", Args: "k", Eval: evalConst, VJP: none},
		Expand:    {Name: "Expand", Eval: evalExpand, VJP: func(n, ct *Node) []*Node { return []*Node{ct.SumTo(n.In[0].Rows, n.In[0].Cols)} }},
		Reshape:   {Name: "Reshape", Eval: evalSame, VJP: func(n, ct *Node) []*Node { return []*Node{ct.Reshape(n.In[0].Rows, n.In[0].Cols)} }},
		Transpose: {Name: "Transpose", Eval: evalTranspose, VJP: func(n, ct *Node) []*Node { return []*Node{ct.T()} }},
		Concat: {Name: "Concat", Eval: evalConcat, VJP: func(n, ct *Node) []*Node {
			cts, from := make([]*Node, len(n.In)), 0
			for i, in := range n.In {
				cts[i] = ct.Slice(from, from+in.Cols)
				from += in.Cols
			}
			return cts
		}},
		Slice: {Name: "Slice", Eval: evalSlice, VJP: func(n, ct *Node) []*Node {
			var parts []*Node
			pad := func(cols int) {
				if cols > 0 {
					parts = append(parts, n.graph.Const(n.Rows, cols, 0))
				}
			}
			pad(n.From)
			parts = append(parts, ct)
			pad(n.In[0].Cols - n.From - n.Cols)
			return []*Node{ConcatCols(parts...)}
		}},
		Sum:       {Name: "Sum", Eval: evalSum, VJP: func(n, ct *Node) []*Node { return []*Node{ct.Expand(n.In[0].Rows, n.In[0].Cols)} }},
		RowMax:    {Name: "RowMax", Eval: evalRowMax, VJP: func(n, ct *Node) []*Node { return []*Node{n.In[0].OneHotMax().Mul(ct)} }},
		OneHotMax: {Name: "OneHotMax", Eval: evalOneHotMax, VJP: none},
		// d(AB) = dA·B + A·dB
		MatMul: {Name: "MatMul", Eval: evalMatMul, VJP: func(n, ct *Node) []*Node {
			return []*Node{ct.MatMul(n.In[1].T()), n.In[0].T().MatMul(ct)}
		}},
		Unfold: {Name: "Unfold", Eval: evalUnfold, VJP: func(n, ct *Node) []*Node { return []*Node{ct.Fold(n.Win)} }},
		Fold:   {Name: "Fold", Eval: evalFold, VJP: func(n, ct *Node) []*Node { return []*Node{ct.Unfold(n.Win)} }},
		Pool:   {Name: "Pool", Eval: evalPool, VJP: func(n, ct *Node) []*Node { return []*Node{ct.Spread(n.Win)} }},
		Spread: {Name: "Spread", Eval: evalSpread, VJP: func(n, ct *Node) []*Node { return []*Node{ct.Pool(n.Win)} }},
		Detach: {Name: "Detach", Eval: evalSame, VJP: none},
	}
}
