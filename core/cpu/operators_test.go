package cpu

import (
	"math"
	"math/rand/v2"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/program"
)

// without switches the fast loops of all operators off until the test is over.
func without(t *testing.T) {
	for _, op := range graph.Ops() {
		row := op.Row()
		vec := row.Vec
		row.Vec = nil
		t.Cleanup(func() { row.Vec = vec })
	}
}

// elements are numbers within [lo, hi], special ones, and such beyond, in all pairs.
func elements(lo, hi float64) (a, b []float64) {
	line := []float64{0, math.Copysign(0, -1), 1, -1, 1e-30, -1e30, 80, -80, 1e-42, math.Inf(1), math.Inf(-1), math.NaN()}
	r := rand.New(rand.NewPCG(5, 5))
	for range 28 {
		line = append(line, lo+(hi-lo)*r.Float64())
	}
	for _, x := range line {
		for _, y := range line {
			a, b = append(a, float64(float32(x))), append(b, float64(float32(y)))
		}
	}
	return a, b
}

// operate runs an operator on the backend, over tiles, and returns the results next to
// the numbers that its row gives for the operands.
func operate(op graph.Op, k float64) (got, want []float32, a, b []float64) {
	row := op.Row()
	a, b = elements(row.Lo, row.Hi)
	g := graph.New()
	in := []*graph.Node{g.Input("a", len(a)/5, 5), g.Input("b", len(a)/5, 5)}
	out := op.Of(k, in[:op.Operands()]...)
	memory := NewMemory()
	copy(memory.Of(in[0]), floats(a))
	copy(memory.Of(in[1]), floats(b))
	m := Open(program.Compile(nil, out), memory, 1)
	defer m.Close()
	m.Run()
	for i := range a {
		want = append(want, float32(row.F(a[i], b[i], k)))
	}
	return append(got, m.Read(out)...), want, a, b
}

// With all fast loops switched off the backend gives, for every operator that works
// element by element, what its row means, rounded once; with them on, what it means
// within 3e-6.
func TestRows(t *testing.T) {
	each := func(off func(got, want float32) bool) {
		t.Helper()
		for _, op := range graph.Ops() {
			if !op.Elementwise() {
				continue
			}
			for _, k := range []float64{0, .3, -2} {
				got, want, a, b := operate(op, k)
				for i := range want {
					if off(got[i], want[i]) {
						t.Errorf("%s(%g, %g) with %g is %g, means %g", op, a[i], b[i], k, got[i], want[i])
						break
					}
				}
				if !op.Numbered() {
					break
				}
			}
		}
	}
	each(func(got, want float32) bool { return !alike(float64(got), float64(want), 3e-6) })
	without(t)
	each(func(got, want float32) bool {
		return math.Float32bits(got) != math.Float32bits(want) && (got == got || want == want) // NaN is NaN
	})
}

// Every operator of the table runs on the backend as Eval says, with fast loops and
// without.
func TestEveryOperator(t *testing.T) {
	g := graph.New()
	a, b := g.Input("a", 4, 6), g.Input("b", 4, 6)
	w := graph.Same(1, 4, 3, 2, 3, 3, 2)
	outs := []*graph.Node{
		g.Const(4, 6, 2).Div(a), a.SumRows().Expand(4, 6).Mul(b), a.Reshape(6, 4).MatMul(b), a.T().Exp(), graph.ConcatCols(a, b.Square(), a),
		a.Slice(1, 4).Mul(b.Slice(2, 5)), a.SumCols(), a.RowMax(), a.OneHotMax(), a.MatMul(b.T()), a.Reshape(12, 2).Unfold(w),
		a.Reshape(12, 2).Unfold(w).Square().Fold(w), a.Reshape(12, 2).Pool(w), a.Slice(0, 2).Spread(w), a.Mul(b.Detach()),
	}
	for _, op := range graph.Ops() {
		if op.Elementwise() {
			outs = append(outs, op.Of(.3, []*graph.Node{a, b}[:op.Operands()]...))
		}
	}
	seen := map[graph.Op]bool{}
	for id := range g.Len() {
		seen[g.Node(id).Op] = true
	}
	for _, op := range graph.Ops() {
		if !seen[op] {
			t.Errorf("%s is not tried", op)
		}
	}
	compare(t, "with fast loops", 1, nil, outs...)
	without(t)
	compare(t, "without", 1, nil, outs...)
}
