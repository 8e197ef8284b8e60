package cpu

import (
	"fmt"
	"math"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/program"
)

// builders are the constructors of nodes, of two operands of one shape, (2, 3).
var builders = map[string]func(a, b *graph.Node) *graph.Node{
	"Add": (*graph.Node).Add, "Sub": (*graph.Node).Sub, "Mul": (*graph.Node).Mul, "Div": (*graph.Node).Div,
	"Max": (*graph.Node).Max, "Min": (*graph.Node).Min, "TimesLog": (*graph.Node).TimesLog, "XLogY": (*graph.Node).XLogY,
	"x - x":          func(a, _ *graph.Node) *graph.Node { return a.Sub(a) },
	"x / x":          func(a, _ *graph.Node) *graph.Node { return a.Div(a) },
	"0·x":            func(a, _ *graph.Node) *graph.Node { return a.Scale(0) },
	"1·x":            func(a, _ *graph.Node) *graph.Node { return a.Scale(1) },
	"x + 1e38":       func(a, _ *graph.Node) *graph.Node { return a.AddConst(1e38) },
	"Neg":            func(a, _ *graph.Node) *graph.Node { return a.Neg() },
	"OneMinus":       func(a, _ *graph.Node) *graph.Node { return a.OneMinus() },
	"Square":         func(a, _ *graph.Node) *graph.Node { return a.Square() },
	"Exp":            func(a, _ *graph.Node) *graph.Node { return a.Exp() },
	"Log":            func(a, _ *graph.Node) *graph.Node { return a.Log() },
	"Sqrt":           func(a, _ *graph.Node) *graph.Node { return a.Sqrt() },
	"Tanh":           func(a, _ *graph.Node) *graph.Node { return a.Tanh() },
	"Sigmoid":        func(a, _ *graph.Node) *graph.Node { return a.Sigmoid() },
	"Softplus":       func(a, _ *graph.Node) *graph.Node { return a.Softplus() },
	"ReLU":           func(a, _ *graph.Node) *graph.Node { return a.ReLU() },
	"LeakyReLU":      func(a, _ *graph.Node) *graph.Node { return a.LeakyReLU(.2) },
	"Gate 0":         func(a, b *graph.Node) *graph.Node { return a.Gate(b, 0) },
	"Gate .3":        func(a, b *graph.Node) *graph.Node { return a.Gate(b, .3) },
	"Step 0":         func(a, _ *graph.Node) *graph.Node { return a.Step(0) },
	"Step -2":        func(a, _ *graph.Node) *graph.Node { return a.Step(-2) },
	"Finite":         func(a, _ *graph.Node) *graph.Node { return a.Finite() },
	"Sum":            func(a, _ *graph.Node) *graph.Node { return a.Sum() },
	"SumRows":        func(a, _ *graph.Node) *graph.Node { return a.SumRows() },
	"Mean":           func(a, _ *graph.Node) *graph.Node { return a.Mean() },
	"Norm":           func(a, _ *graph.Node) *graph.Node { return a.Norm() },
	"RowMax":         func(a, _ *graph.Node) *graph.Node { return a.RowMax() },
	"OneHotMax":      func(a, _ *graph.Node) *graph.Node { return a.OneHotMax() },
	"Softmax":        func(a, _ *graph.Node) *graph.Node { return a.Softmax() },
	"LogSoftmax":     func(a, _ *graph.Node) *graph.Node { return a.LogSoftmax() },
	"LogSumExp":      func(a, _ *graph.Node) *graph.Node { return a.LogSumExp() },
	"LogMeanExp":     func(a, _ *graph.Node) *graph.Node { return a.LogMeanExp() },
	"Softmax, mixed": func(a, b *graph.Node) *graph.Node { return graph.ConcatCols(a, b).Softmax() },
	"LogSumExp of a": func(a, b *graph.Node) *graph.Node { return graph.ConcatCols(a, b).LogSumExp() },
	"MatMul":         func(a, b *graph.Node) *graph.Node { return a.MatMul(b.T()) },
	"Reshape":        func(a, _ *graph.Node) *graph.Node { return a.Reshape(3, 2).T().Scale(2) },
	"Slice":          func(a, b *graph.Node) *graph.Node { return graph.ConcatCols(a, b).Slice(2, 4) },
	"Expand":         func(a, b *graph.Node) *graph.Node { return a.Slice(0, 1).Expand(2, 3).Mul(b) },
	"Detach":         func(a, _ *graph.Node) *graph.Node { return a.Detach() },
}

// A constructor makes the same of constants as of inputs of these values, in float64 and
// in float32: nothing is folded to a number that it is not. Only the sign of a zero may
// differ, as x + 0 is x.
func TestConstants(t *testing.T) {
	values := []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 1e38, 1e-45}
	for name, build := range builders {
		t.Run(name, func(t *testing.T) {
			for _, x := range values {
				for _, y := range values {
					x, y := float64(float32(x)), float64(float32(y))
					g := graph.New()
					a, b := g.Input("a", 2, 3), g.Input("b", 2, 3)
					feed := graph.Feed{a: fillOf(6, x), b: fillOf(6, y)}
					ways := map[string]*graph.Node{
						"inputs": build(a, b), "constants": build(g.Const(2, 3, x), g.Const(2, 3, y)),
						"a constant and an input": build(g.Const(2, 3, x), b), "an input and a constant": build(a, g.Const(2, 3, y)),
					}
					want := graph.Eval(feed, ways["inputs"])[0]
					for way, n := range ways {
						for i, got := range graph.Eval(feed, n)[0] {
							if !alike(got, want[i], 1e-15) {
								t.Errorf("%v and %v: of %s it is %v, want %v", x, y, way, got, want[i])
								break
							}
						}
						// A program wants something to compute.
						out := graph.ConcatCols(n.Reshape(1, n.Len()), a.Reshape(1, 6).Slice(0, 1))
						memory := NewMemory()
						copy(memory.Of(a), floats(feed[a]))
						copy(memory.Of(b), floats(feed[b]))
						m := Open(program.Compile(nil, out), memory, 1)
						m.Run()
						for i, got := range m.Read(out)[:n.Len()] {
							// Intermediate results beyond float32 are rightly infinite,
							// or lost.
							if !alike(float64(got), float64(float32(want[i])), 3e-6) && !beyond(feed, n) {
								t.Errorf("%v and %v: in float32 of %s it is %v, want %v", x, y, way, got, want[i])
								break
							}
						}
						m.Close()
					}
				}
			}
		})
	}
}

func fillOf(n int, x float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = x
	}
	return v
}

func floats(v []float64) []float32 {
	to := make([]float32, len(v))
	for i, x := range v {
		to[i] = float32(x)
	}
	return to
}

// alike reports whether two numbers are both NaN, or equal within a share.
func alike(a, b, share float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || a == b || !math.IsInf(b, 0) && math.Abs(a-b) <= share*math.Abs(b)+1e-44
}

// beyond reports whether a finite number on the way to n overflows a float32, or all
// but vanishes in it.
func beyond(feed graph.Feed, n *graph.Node) bool {
	need := graph.Needed(n)
	var all []*graph.Node
	for id, yes := range need {
		if yes {
			all = append(all, n.Graph().Node(id))
		}
	}
	for _, v := range graph.Eval(feed, all...) {
		for _, x := range v {
			size := math.Abs(x)
			if size > math.MaxFloat32 && !math.IsInf(size, 1) || size > 0 && size < 0x1p-126 {
				return true
			}
		}
	}
	return false
}

// The functions of probability are in float32 what they mean, from -1e6 to 1e6 and at
// both infinities, and so are their gradients.
func TestRange(t *testing.T) {
	inf := math.Inf(1)
	line := []float64{0, math.Copysign(0, -1), 1e-30, -1e-30, .5, -.5, 1, -1, 3, -3, 10, -10, 16.7, -16.7, 30, -30, 87, -87, 88.8, -88.8, 104, -104, 1e3, -1e3, 12345.67, -12345.67, 1e6, -1e6, inf, -inf}
	var a, b []float64
	for _, x := range line {
		for _, y := range line {
			a, b = append(a, float64(float32(x))), append(b, float64(float32(y)))
		}
	}
	rows := len(a)
	for name, c := range map[string]struct {
		build  func(a, b *graph.Node) *graph.Node
		chance bool // the first operand is a chance, within [0, 1], the second 0 or more
	}{
		"softplus":    {func(a, _ *graph.Node) *graph.Node { return a.Softplus() }, false},
		"sigmoid":     {func(a, _ *graph.Node) *graph.Node { return a.Sigmoid() }, false},
		"tanh":        {func(a, _ *graph.Node) *graph.Node { return a.Tanh() }, false},
		"softmax":     {func(a, b *graph.Node) *graph.Node { return graph.ConcatCols(a, b).Softmax() }, false},
		"log-softmax": {func(a, b *graph.Node) *graph.Node { return graph.ConcatCols(a, b).LogSoftmax() }, false},
		"of three": {func(a, b *graph.Node) *graph.Node {
			return graph.ConcatCols(a, b, a.Graph().Const(rows, 1, 0)).LogSoftmax()
		}, false},
		"logsumexp":  {func(a, b *graph.Node) *graph.Node { return graph.ConcatCols(a, b).LogSumExp() }, false},
		"logmeanexp": {func(a, b *graph.Node) *graph.Node { return graph.ConcatCols(a, b).LogMeanExp() }, false},
		"xlogy":      {(*graph.Node).XLogY, true},
		"x log x":    {func(a, _ *graph.Node) *graph.Node { return a.XLogY(a) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			g := graph.New()
			an, bn := g.Input("a", rows, 1), g.Input("b", rows, 1)
			feed := graph.Feed{an: append([]float64{}, a...), bn: append([]float64{}, b...)}
			if c.chance {
				for i := range a {
					feed[an][i] = float64(float32(1 / (1 + math.Exp(-a[i]))))
					feed[bn][i] = math.Abs(b[i])
				}
			}
			out := c.build(an, bn)
			// The logarithm of a chance that is no float32 is another in each.
			agree(t, feed, 2e-6, 2e-6, out)
			if out.Cols == 1 && !c.chance {
				agree(t, feed, 4e-6, 1e-6, graph.Grad(out.Finite().Sum(), an)[0])
			}
		})
	}
}

// agree compares outs in float32 with Eval.
func agree(t *testing.T, feed graph.Feed, share, least float64, outs ...*graph.Node) {
	t.Helper()
	memory := NewMemory()
	for in, v := range feed {
		copy(memory.Of(in), floats(v))
	}
	m := Open(program.Compile(nil, outs...), memory, 1)
	defer m.Close()
	m.Run()
	for k, want := range graph.Eval(feed, outs...) {
		bad := 0
		for i, got := range m.Read(outs[k]) {
			if w := float64(float32(want[i])); !alike(float64(got), w, share) && !(math.Abs(float64(got)-w) <= least) {
				if bad++; bad < 6 {
					t.Errorf("%v: element %d is %v, want %v (%s)", outs[k], i, got, want[i], given(feed, i))
				}
			}
		}
	}
}

func given(feed graph.Feed, i int) (text string) {
	for in, v := range feed {
		if i < len(v) {
			text += fmt.Sprintf(" %s=%v", in.Name, v[i])
		}
	}
	return text
}
