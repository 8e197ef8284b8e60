package graph

import (
	"fmt"
	"math"
	"testing"
)

var inf, nan = math.Inf(1), math.NaN()

// Rows with masked and certain classes have the softmax and the logarithms that are
// their limits, and NaN only if no class is left or one is NaN.
func TestLogsOfInfinities(t *testing.T) {
	for _, c := range []struct {
		row, p, logp []float64
		log          float64 // Σ eⁿ
	}{
		{[]float64{0, -inf}, []float64{1, 0}, []float64{0, -inf}, 0},
		{[]float64{-inf, 2, 2, -inf}, []float64{0, .5, .5, 0}, []float64{-inf, -math.Ln2, -math.Ln2, -inf}, 2 + math.Ln2},
		{[]float64{-800, -801}, []float64{1 / (1 + math.Exp(-1)), 1 / (1 + math.E)}, []float64{-math.Log1p(math.Exp(-1)), -1 - math.Log1p(math.Exp(-1))}, -800 + math.Log1p(math.Exp(-1))},
		{[]float64{-1e6, 1e6, -inf}, []float64{0, 1, 0}, []float64{-2e6, 0, -inf}, 1e6},
		{[]float64{inf, 3}, []float64{1, 0}, []float64{0, -inf}, inf},
		{[]float64{-inf, inf}, []float64{0, 1}, []float64{-inf, 0}, inf},
		{[]float64{inf, 0, inf}, []float64{.5, 0, .5}, []float64{-math.Ln2, -inf, -math.Ln2}, inf},
		{[]float64{-inf, -inf, -inf}, []float64{nan, nan, nan}, []float64{nan, nan, nan}, -inf},
		{[]float64{1, nan}, []float64{nan, nan}, []float64{nan, nan}, nan},
		{[]float64{nan, nan}, []float64{nan, nan}, []float64{nan, nan}, nan},
		{[]float64{inf, nan}, []float64{nan, nan}, []float64{nan, nan}, nan},
		{[]float64{-7}, []float64{1}, []float64{0}, -7},
		{[]float64{inf}, []float64{1}, []float64{0}, inf},
		{[]float64{-inf}, []float64{nan}, []float64{nan}, -inf},
		{[]float64{nan}, []float64{nan}, []float64{nan}, nan},
	} {
		g, k := New(), len(c.row)
		a := g.Input("a", 1, k)
		v := Eval(Feed{a: c.row}, a.Softmax(), a.LogSoftmax(), a.LogSumExp(), a.LogMeanExp())
		for i, want := range [][]float64{c.p, c.logp, {c.log}, {c.log - math.Log(float64(k))}} {
			for j := range want {
				if !(v[i][j] == want[j] || math.IsNaN(v[i][j]) && math.IsNaN(want[j]) || math.Abs(v[i][j]-want[j]) <= 1e-13*math.Abs(want[j])) {
					t.Errorf("%v: function %d is %v, want %v", c.row, i, v[i], want)
					break
				}
			}
		}
	}
}

// Masked classes do not change the gradients of the others, to second order, and have
// gradient 0 themselves.
func TestMaskedGradients(t *testing.T) {
	losses := map[string]func(n *Node) *Node{
		"softmax":    func(n *Node) *Node { return n.Softmax().Square().Sum() },
		"logsumexp":  func(n *Node) *Node { return n.LogSumExp().Square().Sum() },
		"entropy":    func(n *Node) *Node { p := n.LogSoftmax(); return p.Exp().TimesLog(p).Sum().Neg() },
		"x log x":    func(n *Node) *Node { p := n.Softmax(); return p.XLogY(p).Sum() },
		"log chance": func(n *Node) *Node { return n.OneHotMax().TimesLog(n.LogSoftmax()).Sum() },
	}
	for name, loss := range losses {
		gradients := func(row []float64) (first, second []float64) {
			g := New()
			a := g.Input("a", 1, len(row))
			d := Grad(loss(a), a)[0]
			v := Eval(Feed{a: row}, d, Grad(d.Square().Sum(), a)[0])
			return v[0], v[1]
		}
		first, second := gradients([]float64{.3, -1, 2})
		maskedFirst, maskedSecond := gradients([]float64{-inf, .3, -1, -inf, 2})
		for i, at := range []int{1, 2, 4} {
			if maskedFirst[at] != first[i] || maskedSecond[at] != second[i] {
				t.Errorf("%s: gradients %v and %v, masked %v and %v", name, first, second, maskedFirst, maskedSecond)
			}
		}
		for _, at := range []int{0, 3} {
			if maskedFirst[at] != 0 || maskedSecond[at] != 0 {
				t.Errorf("%s: the masked classes' gradients are %v and %v", name, maskedFirst[at], maskedSecond[at])
			}
		}
	}
}

// x·log y and its derivatives to second order, where x is 0 or both are, and elsewhere.
func TestXLogY(t *testing.T) {
	g := New()
	x, y := g.Input("x", 1, 1), g.Input("y", 1, 1)
	n := x.XLogY(y)
	d := Grad(n.Sum(), x, y)
	outs := append([]*Node{n}, d...)
	for _, first := range d {
		outs = append(outs, Grad(first.Sum(), x, y)...)
	}
	for _, c := range []struct{ x, y, value, dx, dy float64 }{
		{2, .5, -2 * math.Ln2, -math.Ln2, 4},
		{0, .5, 0, -math.Ln2, 0},
		{0, 1, 0, 0, 0},
		{0, 0, 0, 0, 0},
		{0, 1e-300, 0, math.Log(1e-300), 0},
		{1, 0, -inf, -inf, inf},
	} {
		v := Eval(Feed{x: {c.x}, y: {c.y}}, outs...)
		for i, want := range []float64{c.value, c.dx, c.dy} {
			if got := v[i][0]; got != want && math.Abs(got-want) > 1e-15*math.Abs(want) {
				t.Errorf("x %v, y %v: number %d is %v, want %v", c.x, c.y, i, got, want)
			}
		}
		if c.value == -inf {
			continue
		}
		for i, got := range v[3:] {
			if math.IsNaN(got[0]) || math.IsInf(got[0], 0) {
				t.Errorf("x %v, y %v: second derivative %d is %v", c.x, c.y, i, got[0])
			}
		}
	}
	if v := Eval(Feed{x: {0}, y: {inf}}, n)[0][0]; v != 0 {
		t.Errorf("0·log Inf is %v", v)
	}
}

// The products with logarithms have the derivatives that differences give.
func TestLogComposites(t *testing.T) {
	for name, build := range map[string]func(a, b *Node) *Node{
		"logsumexp":  func(a, b *Node) *Node { return a.LogSumExp().Mul(b) },
		"logmeanexp": func(a, b *Node) *Node { return a.LogMeanExp().Square().Mul(b) },
		"times log":  func(a, b *Node) *Node { return a.Square().TimesLog(b) },
		"x log y":    func(a, b *Node) *Node { return a.Square().XLogY(b.Square().AddConst(.1)) },
		"finite":     func(a, b *Node) *Node { return a.Finite().Mul(b).Square() },
	} {
		t.Run(name, func(t *testing.T) {
			g := New()
			a, b := g.Input("a", 4, 6), g.Input("b", 4, 6)
			check(t, build(a, b).Sum(), []*Node{a, b}, -2, 2)
		})
	}
}

// A constant that is gated, or summed, is what an input of its value is.
func TestConstantsStay(t *testing.T) {
	g := New()
	x := g.Input("x", 1, 2)
	for _, k := range []float64{inf, -inf, nan, 3, -3, 0, math.Copysign(0, -1)} {
		for _, slope := range []float64{0, .5} {
			a := g.Input(fmt.Sprint(k, slope, math.Signbit(k)), 1, 2)
			feed := Feed{x: {1, -1}, a: {k, k}}
			v := Eval(feed, a.Gate(x, slope), g.Const(1, 2, k).Gate(x, slope), g.Const(1, 1, k).Gate(x, slope), a.Sum(), g.Const(1, 2, k).Sum())
			for i := range 2 {
				for _, got := range []float64{v[1][i], v[2][i]} {
					if math.Float64bits(got) != math.Float64bits(v[0][i]) {
						t.Errorf("Gate of the constant %v with %v is %v, of an input %v", k, slope, got, v[0][i])
					}
				}
			}
			if math.Float64bits(v[3][0]) != math.Float64bits(v[4][0]) {
				t.Errorf("the sum of the constant %v is %v, of an input %v", k, v[4][0], v[3][0])
			}
		}
	}
	if n := g.Const(4, 6, 1e307).SumTo(1, 6); n.K != 4e307 {
		t.Errorf("four times 1e307 is %v", n.K)
	}
}
