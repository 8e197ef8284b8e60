package cpu

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/program"
)

// compare runs outs and updates on the backend and in Eval and compares, and sees
// that a run allocates nothing.
func compare(t *testing.T, name string, goroutines int, updates []graph.Update, outs ...*graph.Node) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 9))
	p := program.Compile(updates, outs...)
	mem := NewMemory()
	m := Open(p, mem, goroutines)
	defer m.Close()
	feed := graph.Feed{}
	for _, in := range p.Inputs {
		v := make([]float64, in.Len())
		for i := range v {
			v[i] = float64(float32(.2 + 1.5*r.Float64()))
			mem.Of(in)[i] = float32(v[i])
		}
		feed[in] = v
	}
	var nexts []*graph.Node
	for _, u := range updates {
		nexts = append(nexts, u.Next)
	}
	want := graph.Eval(feed, append(append([]*graph.Node{}, outs...), nexts...)...)
	m.Run()
	check := func(what string, got []float32, want []float64) {
		for i := range want {
			if d := math.Abs(float64(got[i]) - want[i]); !(d <= 1e-4*(1+math.Abs(want[i]))) && !(math.IsNaN(want[i]) && got[i] != got[i]) {
				t.Fatalf("%s: %s[%d] is %g, Eval says %g\n%v", name, what, i, got[i], want[i], p)
			}
		}
	}
	for i, o := range outs {
		check(o.String(), m.Read(o), want[i])
	}
	for i, u := range updates {
		check(u.X.Name, mem.Of(u.X), want[len(outs)+i])
	}
	if n := testing.AllocsPerRun(1, m.Run); n != 0 {
		t.Errorf("%s: %v allocations a run on %d goroutines", name, n, goroutines)
	}
}

// TestOperators runs every operator in every place it may have in a program:
// alone, stretched, below a product, read through views, on rows short and long.
func TestOperators(t *testing.T) {
	for _, shape := range [][2]int{{1, 1}, {1, 7}, {300, 1}, {5, 3}, {700, 2}, {3, 2500}, {64, 64}, {1, 5000}, {257, 17}} {
		rows, cols := shape[0], shape[1]
		g := graph.New()
		a, b := g.Input("a", rows, cols), g.Input("b", rows, cols)
		row, col, one := g.Input("row", 1, cols), g.Input("col", rows, 1), g.Input("one", 1, 1)
		outs := []*graph.Node{
			a.Add(b), a.Sub(row), a.Mul(col), a.Div(one), a.Max(b), a.Min(row), a.Scale(2).AddConst(3), a.Neg().Exp(), a.Log(), a.Sqrt(),
			a.Tanh(), a.Sigmoid(), a.Softplus(), a.AddConst(-1).LeakyReLU(.2), b.Gate(a.AddConst(-1), .3), a.AddConst(-1).Step(.5),
			a.SumRows(), a.SumCols(), a.Sum(), a.T(), row.Expand(rows, cols), col.Expand(rows, cols), a.RowMax(), a.OneHotMax(), a.Softmax(), a.LogSoftmax(),
			a.MatMul(b.T()), a.T().T().MatMul(b.T().T().T()), a.T().T().Exp(), a.T().MatMul(b), a.T().MatMul(b).T().Sqrt(), b.T().MatMul(a).T(), a.MatMul(row.T()), a.Reshape(cols, rows).Exp(), graph.ConcatCols(a, col, b.Exp()),
			graph.ConcatCols(a.Reshape(1, a.Len()), b.Exp().Reshape(1, a.Len())), a.Detach().Mul(a), a.Softmax().StraightThrough(),
			g.Const(rows, cols, 2).Div(a), g.Const(rows, rows, .5).MatMul(a), row.Mul(one).Add(col.Mul(a)).Reshape(1, a.Len()).Slice(0, a.Len()),
		}
		if cols > 2 {
			outs = append(outs, a.Slice(1, cols-1), a.Exp().Slice(1, 2).Mul(col), row.Slice(1, cols).Exp())
		}
		if rows*cols > 1_000_000 { // the products would take Eval too long
			continue
		}
		for _, o := range outs {
			compare(t, o.Op.String(), 1, nil, o)
		}
		compare(t, "all at once", 2, nil, outs...)
	}
}

func TestWindows(t *testing.T) {
	for _, w := range []graph.Window{graph.Same(2, 7, 7, 3, 5, 5, 2), graph.Same(3, 1, 9, 2, 1, 5, 1), graph.Same(2, 8, 6, 4, 2, 2, 2), graph.Same(70, 28, 28, 1, 5, 5, 2)} {
		g := graph.New()
		x := g.Input("x", w.N*w.H*w.W, w.C)
		u := x.Unfold(w)
		compare(t, "windows", 2, nil, u, u.Exp().Fold(w))
		compare(t, "pools", 3, nil, x.Pool(w), x.Pool(w).Exp().Spread(w))
	}
}

// Convolutions and transposed convolutions, of which nothing unfolded is ever
// whole, and their gradients to second order, of odd geometries: strides that leave
// places out, sequences, one image, fewer images than goroutines, windows that no
// padding surrounds, more columns and rows than a block of a product has.
func TestConvolutions(t *testing.T) {
	for _, c := range []struct {
		win graph.Window
		out int
	}{
		{graph.Same(1, 7, 7, 3, 5, 5, 2), 4}, {graph.Same(5, 9, 6, 2, 3, 3, 2), 1}, {graph.Same(3, 1, 32, 5, 1, 5, 1), 7},
		{graph.Same(2, 6, 6, 3, 3, 3, 1), 40}, {graph.Same(4, 8, 8, 2, 1, 1, 2), 5}, {graph.Same(2, 5, 5, 1, 3, 3, 3), 6},
		{graph.Same(2, 4, 4, 2, 5, 5, 1), 3}, {graph.Same(1, 1, 1, 4, 3, 3, 1), 3}, {graph.Same(2, 10, 10, 33, 3, 3, 1), 2},
		{graph.Window{N: 3, H: 7, W: 8, C: 2, KH: 3, KW: 4, Stride: 2, OH: 3, OW: 3}, 5},
	} {
		w := c.win
		g := graph.New()
		x, k := g.Input("x", w.N*w.H*w.W, w.C), g.Input("k", w.KH*w.KW*w.C, c.out)
		z, d := g.Input("z", w.N*w.OH*w.OW, c.out), g.Input("d", c.out, w.KH*w.KW*w.C)
		name := fmt.Sprintf("%v to %d", w, c.out)
		y, up := x.Unfold(w).MatMul(k), z.MatMul(d).Fold(w)
		both := func(what string, outs ...*graph.Node) {
			t.Helper()
			compare(t, name+", "+what, 1, nil, outs...)
			compare(t, name+", "+what+" on 3", 3, nil, outs...)
		}
		both("forward", y, up)
		both("transposed", x.Unfold(w).MatMul(k).T(), k.T().MatMul(x.Unfold(w).T()), z.MatMul(d).T())
		both("also read by others", x.Unfold(w), y, x.Unfold(w).Exp().MatMul(k), z.MatMul(d), up)
		both("one after the other", x.Unfold(w).MatMul(k).MatMul(d).Fold(w))
		both("of both", x.Unfold(w).T().MatMul(x.Unfold(w)))
		loss := y.Scale(.1).Tanh().Mean().Add(up.Scale(.1).Tanh().Mean())
		first := graph.Grad(loss, x, k, z, d)
		both("gradients", first...)
		penalty := g.Const(1, 1, 0)
		for _, f := range first {
			penalty = penalty.Add(f.Square().Sum())
		}
		both("gradients of gradients", graph.Grad(penalty, x, k, z, d)...)
	}
}

// What is fused gives the same bits on any number of goroutines, and no step of a
// convolution's training has room for what is unfolded.
func TestFusedConvolutions(t *testing.T) {
	w := graph.Same(3, 16, 16, 8, 3, 3, 1)
	g := graph.New()
	x, k := g.Input("x", w.N*w.H*w.W, w.C), g.Input("k", w.KH*w.KW*w.C, 8)
	half := graph.Same(3, 16, 16, 8, 2, 2, 2)
	loss := x.Unfold(w).MatMul(k).Tanh().Pool(half).Spread(half).Softmax().Log().SumRows().Square().Mean()
	outs := graph.Grad(loss, x, k)
	p := program.Compile(nil, outs...)
	if unfolded := w.N * w.H * w.W * w.KH * w.KW * w.C; p.Floats >= unfolded {
		t.Errorf("%d floats beside an unfolded matrix of %d\n%v", p.Floats, unfolded, p)
	}
	want := make([][]float32, len(outs))
	for goroutines := 1; goroutines <= 4; goroutines++ {
		mem := NewMemory()
		r := rand.New(rand.NewPCG(4, 4))
		for _, in := range []*graph.Node{x, k} {
			for j := range mem.Of(in) {
				mem.Of(in)[j] = r.Float32() - .5
			}
		}
		m := Open(p, mem, goroutines)
		m.Run()
		for i, o := range outs {
			got := append([]float32{}, m.Read(o)...)
			if want[i] == nil {
				want[i] = got
			} else if !slices.Equal(got, want[i]) {
				t.Errorf("gradient %d is another on %d goroutines", i, goroutines)
			}
		}
		m.Close()
	}
}

// The padding of TensorFlow's SAME: 7 becomes 4 with two before, 28 becomes 14
// with one before.
func TestSame(t *testing.T) {
	for _, c := range [][5]int{{7, 5, 2, 4, 2}, {28, 5, 2, 14, 1}, {14, 5, 2, 7, 1}, {32, 3, 1, 32, 1}, {32, 5, 1, 32, 2}} {
		w := graph.Same(1, c[0], c[0], 1, c[1], c[1], c[2])
		if w.OH != c[3] || w.Top != c[4] {
			t.Errorf("side %d, kernel %d, stride %d: %d places after %d zeros, want %d and %d", c[0], c[1], c[2], w.OH, w.Top, c[3], c[4])
		}
	}
}

// Updates take effect after everything was read, also where they could be
// written in place.
func TestUpdates(t *testing.T) {
	g := graph.New()
	x, y, z := g.State("x", 1, 3000, 2), g.State("y", 1, 3000, 3), g.State("z", 1, 1, 1)
	// x and y read each other; z's next is read by x's.
	z2 := z.Scale(.5).AddConst(1)
	updates := []graph.Update{{X: x, Next: x.Sub(y.Mul(z2))}, {X: y, Next: y.Add(x)}, {X: z, Next: z2}}
	compare(t, "updates", 2, updates, x.Slice(5, 10).Exp(), x.Mul(y).Sum())
	// What is read after its update could take place must keep it from happening early.
	late := []graph.Update{{X: x, Next: x.Exp()}}
	compare(t, "late", 1, late, x.Reshape(50, 60).MatMul(x.Exp().Reshape(60, 50)))
}

func TestResultsDoNotDependOnGoroutines(t *testing.T) {
	g := graph.New()
	a, w := g.Input("a", 300, 200), g.Input("w", 200, 300)
	out := a.MatMul(w).Tanh().Mul(a.SumCols()).Softmax().MatMul(a)
	p := program.Compile(nil, out, out.Sum())
	var got [3][]float32
	for i := range got {
		mem := NewMemory()
		r := rand.New(rand.NewPCG(4, 4))
		for _, in := range []*graph.Node{a, w} {
			for j := range mem.Of(in) {
				mem.Of(in)[j] = r.Float32() - .5
			}
		}
		m := Open(p, mem, i+1)
		m.Run()
		got[i] = append(append([]float32{}, m.Read(out)...), m.Read(out.Sum())...)
		m.Close()
	}
	for i := range got[0] {
		if got[0][i] != got[1][i] || got[0][i] != got[2][i] {
			t.Fatalf("element %d is %v, %v and %v on 1, 2 and 3 goroutines", i, got[0][i], got[1][i], got[2][i])
		}
	}
}

// A step large enough for two goroutines, products in every position among it.
func TestLargeSteps(t *testing.T) {
	g := graph.New()
	a, w := g.Input("a", 160, 96), g.State("w", 96, 120, .01)
	loss := a.MatMul(w).Scale(.01).Softplus().Softmax().Log().Mean()
	updates := []graph.Update{{X: w, Next: w.Sub(graph.Grad(loss, w)[0])}}
	tall := g.Input("tall", 3000, 70)
	compare(t, "tall", 3, nil, tall.SumRows(), tall.SumCols(), tall.Sum(), tall.RowMax(), tall.OneHotMax(), tall.T(), tall.Slice(3, 50), graph.ConcatCols(tall, tall.Exp()))
	compare(t, "a training step", 2, updates, loss, w.T().MatMul(a.T()), a.SumCols(), a.SumRows())
}

// Trace computes what Run does, and finds the first operator that is not finite
// though its operands are, wherever in the program that is.
func TestTrace(t *testing.T) {
	g := graph.New()
	x, w, s := g.Input("x", 60, 50), g.Input("w", 50, 60), g.State("s", 1, 3000, 0)
	scaled := x.Scale(2)
	exp := scaled.Exp()
	root := exp.AddConst(1).Sqrt() // of the same Map
	product := root.MatMul(w)
	sum := product.SumCols()
	out := sum.Neg().Softplus()
	grad := root.Reshape(1, 3000)
	updates := []graph.Update{{X: s, Next: s.Add(grad)}}
	mem := NewMemory()
	m := Open(program.Compile(updates, out, exp, root), mem, 2)
	defer m.Close()
	reset := func() {
		for i := range mem.Of(x) {
			mem.Of(x)[i] = float32(i%7) / 10
		}
		for i := range mem.Of(w) {
			mem.Of(w)[i] = float32(i%5) / 10
		}
		clear(mem.Of(s))
	}
	reset()
	m.Run()
	want := append(append([]float32{}, m.Read(out)...), mem.Of(s)...)
	reset()
	if n := m.Trace(); n != nil {
		t.Fatalf("%v is not finite", n)
	}
	for i, v := range append(append([]float32{}, m.Read(out)...), mem.Of(s)...) {
		if v != want[i] {
			t.Fatalf("number %d is %v, Run says %v", i, v, want[i])
		}
	}
	for what, c := range map[string]struct {
		spoil func()
		want  *graph.Node
	}{
		"the last of a long Map":   {func() { mem.Of(x)[2999] = 50 }, exp},
		"before it":                {func() { mem.Of(x)[5], mem.Of(x)[2999] = 50, 3e38 }, scaled},
		"a product":                {func() { mem.Of(w)[7] = math.MaxFloat32 }, product},
		"a sum":                    {func() { fill(mem.Of(w), 2e37/50) }, sum},
		"a state that is too long": {func() { mem.Of(s)[2000] = float32(math.Inf(-1)) }, s},
		"an input":                 {func() { mem.Of(w)[3] = float32(math.NaN()) }, w},
	} {
		reset()
		c.spoil()
		if n := m.Trace(); n != c.want {
			t.Errorf("%s: %v is not finite, want %v", what, n, c.want)
		}
	}
	reset()
	m.Run()
	if m.Read(out)[0] != want[0] {
		t.Error("Run is another after Trace")
	}
}

func fill(v []float32, x float32) {
	for i := range v {
		v[i] = x
	}
}

// An output that is a constant can be read, beside one that is not.
func TestConstantOutput(t *testing.T) {
	g := graph.New()
	x, k := g.Input("x", 1, 3), g.Const(1, 1, 2.5)
	y := x.Exp()
	memory := NewMemory()
	m := Open(program.Compile(nil, y, k), memory, 1)
	defer m.Close()
	m.Run()
	if m.Scalar(k) != 2.5 || m.Read(y)[2] != 1 {
		t.Errorf("the constant is %v, e⁰ is %v", m.Scalar(k), m.Read(y)[2])
	}
}
