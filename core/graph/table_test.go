package graph

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// example returns a node of an operator over fresh inputs, (4, 6).
func example(op Op, a, b *Node) *Node {
	if build := one[op]; build != nil {
		return build(a, b)
	}
	return op.Of(-.3, []*Node{a, b}[:op.Operands()]...)
}

// one has the examples of operators that do not work element by element, and of one
// whose own gradient is 0.
var one = map[Op]func(a, b *Node) *Node{
	Step: func(a, _ *Node) *Node { return a.Step(.1).Mul(a) },

	Input:     func(a, _ *Node) *Node { return a },
	Const:     func(a, _ *Node) *Node { return a.graph.Const(4, 6, 3).Div(a.AddConst(5)) },
	Expand:    func(a, b *Node) *Node { return a.SumRows().Expand(4, 6).Mul(b.SumCols().Expand(4, 6)) },
	Reshape:   func(a, b *Node) *Node { return a.Reshape(6, 4).MatMul(b) },
	Transpose: func(a, b *Node) *Node { return a.T().Mul(b.Reshape(6, 4)) },
	Concat:    func(a, b *Node) *Node { return ConcatCols(a, b.Square(), a) },
	Slice:     func(a, b *Node) *Node { return a.Slice(1, 4).Mul(b.Slice(2, 5)) },
	Sum:       func(a, b *Node) *Node { return a.SumCols().Mul(b.SumRows()) },
	RowMax:    func(a, _ *Node) *Node { return a.RowMax() },
	OneHotMax: func(a, b *Node) *Node { return a.OneHotMax().Mul(b) },
	MatMul:    func(a, b *Node) *Node { return a.MatMul(b.T()) },
	Unfold:    func(a, _ *Node) *Node { return a.Reshape(12, 2).Unfold(Same(1, 4, 3, 2, 3, 3, 2)) },
	Fold: func(a, _ *Node) *Node {
		w := Same(1, 4, 3, 2, 3, 3, 2)
		return a.Reshape(12, 2).Unfold(w).Square().Fold(w)
	},
	Pool:   func(a, _ *Node) *Node { return a.Reshape(12, 2).Pool(Same(1, 4, 3, 2, 3, 3, 2)) },
	Spread: func(a, _ *Node) *Node { return a.Slice(0, 2).Spread(Same(1, 4, 3, 2, 3, 3, 2)) },
	Detach: func(a, b *Node) *Node { return a.Mul(b.Detach().Sub(b.Detach()).Add(b)) },
}

// rowLoss builds a scalar that depends on a and b through a row's operator, in a
// fresh graph. tanh makes the second derivative of linear rows interesting.
func rowLoss(op Op) (loss, a, b *Node) {
	g := New()
	a, b = g.Input("a", 4, 6), g.Input("b", 4, 6)
	return example(op, a, b).Scale(.3).Tanh().Sum(), a, b
}

// span returns the operands for which a row is tried.
func span(row *Row) (lo, hi float64) {
	if row.Lo < row.Hi {
		return row.Lo, row.Hi
	}
	return -2, 2
}

// TestTable tries every row: it has a name and a gradient, the gradient agrees
// with finite differences, and so does the gradient's gradient.
func TestTable(t *testing.T) {
	for op := range numOps {
		row := op.Row()
		if row.Name == "" || row.VJP == nil {
			t.Fatalf("row %d has a hole: name %q", op, row.Name)
		}
		if op.Elementwise() && (!slices.Contains([]string{"a", "ab", "ak", "abk"}, row.Args) || row.Lo >= row.Hi) {
			t.Fatalf("%s works element by element and has a hole", op)
		}
		if (row.F == nil) == (row.Eval == nil) && op != Input {
			t.Fatalf("%s must have one of two meanings", op)
		}
		if !op.Elementwise() && (one[op] == nil || row.Vec != nil) {
			t.Fatalf("%s has no example, so that its gradient is not tried, or a loop without a meaning", op)
		}
		t.Run(op.String(), func(t *testing.T) {
			loss, a, b := rowLoss(op)
			lo, hi := span(row)
			check(t, loss, []*Node{a, b}, lo, hi)
		})
	}
}

// A row reads what it says it does, and nothing else.
func TestArgs(t *testing.T) {
	values := []float64{-2, -.7, 0, .4, 3}
	for _, op := range Ops() {
		if !op.Elementwise() {
			continue
		}
		row := op.Row()
		for at, name := range []string{"a", "b", "k"} {
			read := false
			for _, x := range values {
				for _, y := range values {
					for _, z := range values {
						v := [3]float64{x, y, z}
						was := row.F(v[0], v[1], v[2])
						v[at] = math.Float64frombits(math.Float64bits(v[at]) ^ 1<<63 | 1<<52) // another number, of the other sign
						if got := row.F(v[0], v[1], v[2]); got != was && !(math.IsNaN(got) && math.IsNaN(was)) {
							read = true
						}
					}
				}
			}
			if read != strings.Contains(row.Args, name) {
				t.Errorf("%s reads %q, but reads %s: %v", op, row.Args, name, read)
			}
		}
	}
}

// An operator has as many operands as its row says.
func TestOf(t *testing.T) {
	g := New()
	a, b := g.Input("a", 2, 3), g.Input("b", 1, 3)
	if n := Sub.Of(0, a, b); n != a.Sub(b) {
		t.Errorf("Sub of (2, 3) and (1, 3) is %v, want %v", n, a.Sub(b))
	}
	if n := Scale.Of(-1, g.Const(2, 3, -4)); n != g.Const(2, 3, 4) {
		t.Errorf("of a constant it is %v, want a constant", n)
	}
	for what, f := range map[string]func(){
		"one operand of two": func() { Sub.Of(0, a) }, "two operands of one": func() { Exp.Of(0, a, b) }, "a product": func() { MatMul.Of(0, a, b) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: did not panic", what)
				}
			}()
			f()
		}()
	}
}

// TestWrongRule breaks every rule by a hundredth and sees that TestTable's check
// tells: each example really goes through its row.
func TestWrongRule(t *testing.T) {
	flat := map[Op]bool{Input: true, Const: true, Step: true, OneHotMax: true, Detach: true}
	for op := range numOps {
		if flat[op] {
			continue
		}
		right := table[op].VJP
		table[op].VJP = func(n, ct *Node) []*Node {
			cts := right(n, ct)
			for i, c := range cts {
				if c != nil {
					cts[i] = c.Mul(n.graph.Const(1, 1, 1.01))
				}
			}
			return cts
		}
		loss, a, b := rowLoss(op)
		lo, hi := span(op.Row())
		if off := differences(loss, []*Node{a, b}, lo, hi); off[0] < 1e-4 {
			t.Errorf("%s: a gradient a hundredth too long is off by %g only", op, off[0])
		}
		table[op].VJP = right
	}
	// Of what is flat, or cut, the gradient is the constant 0.
	for op := range flat {
		g := New()
		a, b := g.Input("a", 4, 6), g.Input("b", 4, 6)
		var y *Node
		switch op {
		case Input, Const:
			continue
		case Step:
			y = a.Step(.1)
		case OneHotMax:
			y = a.OneHotMax()
		case Detach:
			y = a.Detach()
		}
		if d := Grad(y.Mul(b).Sum(), a)[0]; d.Op != Const || d.K != 0 {
			t.Errorf("the gradient of %s is %v, want the constant 0", op, d)
		}
	}
}

// TestVec holds the float32 loop of every row that has one to its meaning, also where
// that is NaN or infinite.
func TestVec(t *testing.T) {
	inf := math.Inf(1)
	values := []float64{0, math.Copysign(0, -1), 1, -1, .5, -3, 1e-30, -1e30, 80, -80, 100, -100, inf, -inf, math.NaN()}
	for op := range numOps {
		if op.Row().Vec == nil {
			continue
		}
		for _, k := range []float64{0, .25, -2} {
			for _, x := range values {
				for _, y := range values {
					dst := []float32{0}
					op.Row().Vec(dst, []float32{float32(x)}, []float32{float32(y)}, float32(k))
					got, want := float64(dst[0]), float64(float32(op.Row().F(float64(float32(x)), float64(float32(y)), k)))
					if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-6*math.Abs(want) || math.IsInf(got, 0) != math.IsInf(want, 0) {
						t.Errorf("%s(%g, %g) with %g is %g, means %g", op, x, y, k, got, want)
					}
				}
			}
		}
	}
}

// check compares the first and second derivative of loss with central differences
// at a random point, along a random direction.
func check(t *testing.T, loss *Node, wrt []*Node, lo, hi float64) {
	t.Helper()
	for order, off := range differences(loss, wrt, lo, hi) {
		if !(off <= 1e-6) {
			t.Errorf("order %d: gradient and finite difference are %.2g apart", order+1, off)
		}
	}
}

func differences(loss *Node, wrt []*Node, lo, hi float64) [2]float64 {
	r := rand.New(rand.NewPCG(1, 2))
	at, along := Feed{}, Feed{}
	for _, w := range wrt {
		v, d := make([]float64, w.Len()), make([]float64, w.Len())
		for j := range v {
			v[j], d[j] = lo+(hi-lo)*r.Float64(), r.NormFloat64()
		}
		at[w], along[w] = v, d
	}
	return Differences(loss, at, along)
}

func TestComposites(t *testing.T) {
	for name, build := range map[string]func(a, b *Node) *Node{
		"softmax":    func(a, b *Node) *Node { return a.Softmax().Mul(b) },
		"logsoftmax": func(a, b *Node) *Node { return a.LogSoftmax().Mul(b) },
		"norm":       func(a, b *Node) *Node { return a.Mul(b).Norm() },
		"relu":       func(a, b *Node) *Node { return a.Mul(b).ReLU().Square() },
		"one minus":  func(a, b *Node) *Node { return a.OneMinus().Mul(b).Square().Mean() },
		"penalty": func(a, b *Node) *Node { // (|∇|-1)² of a two-layer net, as in WGAN-GP
			x := a.Slice(0, 2)
			d := x.MatMul(b.Slice(0, 2).T()).Softplus().MatMul(b.Slice(2, 3))
			return Grad(d.Sum(), x)[0].Norm().AddConst(-1).Square()
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := New()
			a, b := g.Input("a", 4, 6), g.Input("b", 4, 6)
			check(t, build(a, b).Sum(), []*Node{a, b}, -2, 2)
		})
	}
}

// The gradient of |a| is its sign, at 0 as well.
func TestAbs(t *testing.T) {
	g := New()
	a := g.Input("a", 1, 3)
	v := Eval(Feed{a: {-2, 0, 3}}, a.Abs(), Grad(a.Abs().Sum(), a)[0])
	if !slices.Equal(v[0], []float64{2, 0, 3}) || !slices.Equal(v[1], []float64{-1, 0, 1}) {
		t.Errorf("of -2, 0 and 3 it is %v with the gradient %v", v[0], v[1])
	}
}

func TestStraightThrough(t *testing.T) {
	g := New()
	a, b := g.Input("a", 1, 3), g.Input("b", 1, 3)
	loss := a.Softmax().StraightThrough().Mul(b).Sum()
	soft := a.Softmax().Mul(b).Sum()
	feed := Feed{a: {.1, 2, .3}, b: {5, 7, 11}}
	v := Eval(feed, loss, Grad(loss, a)[0], Grad(soft, a)[0])
	if math.Abs(v[0][0]-7) > 1e-12 {
		t.Errorf("forward %v, want the chosen 7", v[0][0])
	}
	for i := range 3 {
		if v[1][i] != v[2][i] {
			t.Errorf("gradient %d is %v, want the softmax's %v", i, v[1][i], v[2][i])
		}
	}
}

// A gradient may be asked for with respect to any node, also one that further
// operators could be simplified with.
func TestGradOfViews(t *testing.T) {
	g := New()
	a := g.Input("a", 2, 3)
	for name, pair := range map[string][2]*Node{
		"Scale":     {a.Scale(2), a.Scale(2).Scale(3)},
		"Reshape":   {a.Reshape(3, 2), a.Reshape(3, 2).Reshape(1, 6).Scale(3)},
		"Transpose": {a.T(), a.T().T().Scale(3)},
		"Expand":    {a.Slice(0, 1).Expand(2, 3), a.Slice(0, 1).Expand(2, 3).Scale(3)},
	} {
		for i, d := range Eval(nil, Grad(pair[1].Sum(), pair[0])[0])[0] {
			if d != 3 {
				t.Errorf("%s: element %d of the gradient is %v, want 3", name, i, d)
			}
		}
	}
}

func TestHashConsing(t *testing.T) {
	g := New()
	a := g.Input("a", 2, 3)
	if first, again := a.Exp().Add(a), a.Exp().Add(a); first != again {
		t.Error("the same expression is two nodes")
	}
	if a.Scale(1) != a || a.AddConst(0) != a || a.Reshape(2, 3) != a || a.Expand(2, 3) != a {
		t.Error("an identity built a node")
	}
	if n := a.Scale(0); n.Op != Scale {
		t.Errorf("0·a became %v: it must stay NaN where a is", n)
	}
}

func TestShapesPanic(t *testing.T) {
	g := New()
	a, b := g.Input("a", 2, 3), g.Input("b", 4, 5)
	for name, f := range map[string]func(){
		"Add": func() { a.Add(b) }, "MatMul": func() { a.MatMul(b) }, "Reshape": func() { a.Reshape(5, 5) },
		"Slice": func() { a.Slice(2, 4) }, "Concat": func() { ConcatCols(a, b) }, "Expand": func() { a.Expand(4, 3) },
		"Sum": func() { a.SumTo(1, 2) }, "Grad": func() { Grad(a, a) }, "Input": func() { g.Input("a", 1, 1) },
		"Unfold": func() { a.Unfold(Same(1, 4, 4, 1, 3, 3, 1)) }, "two graphs": func() { a.Add(New().Input("x", 2, 3)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("did not panic")
				}
			}()
			f()
		})
	}
}
