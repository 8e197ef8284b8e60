package nn

import (
	"testing"

	"ganbel/core/graph"
)

// A node belongs to the layer nearest before it, a gradient by parameters to theirs.
func TestOwner(t *testing.T) {
	g, b := graph.New(), NewBlock("net")
	m := NewMLP(b, "net", Act("relu"), ToyInit, 3, 5, 5, 1)
	b.Build(g)
	x := g.Input("x", 4, 3)
	loss := m.Apply(x).Exp().Mean()
	updates := Adam{Rate: g.Input("rate", 1, 1), Beta1: .5, Beta2: .9}.Minimize(loss, b)
	owners := b.Owners(loss)
	hidden := m.Layers[0].Apply(x).ReLU()
	grads := graph.Grad(loss, m.Layers[2].W.Node, m.Layers[1].W.Node, m.Layers[0].B.Node)
	for what, c := range map[string]struct {
		n    *graph.Node
		want string
	}{
		"first product":     {x.MatMul(m.Layers[0].W.Node), "MatMul of net.0"},
		"first activation":  {hidden, "Rectify of net.0"},
		"second activation": {m.Layers[1].Apply(hidden).ReLU(), "Rectify of net.1"},
		"the end":           {m.Apply(x).Exp(), "Exp of net.2"},
		"last gradient":     {grads[0], "MatMul of net.2"},
		"second gradient":   {grads[1], "MatMul of net.1"},
		"a bias' gradient":  {grads[2], "Sum of net.0"},
		"the optimiser":     {updates[2].Next, "Add of net.adam.v"},
		"an input":          {x, "x"},
		"of an input":       {x.Exp().Square(), "Mul of x"},
		"of nothing":        {g.Const(1, 1, 2), "Const"},
	} {
		if got := Owner(c.n, owners); got != c.want {
			t.Errorf("%s is called %q, want %q", what, got, c.want)
		}
	}
}
