package wgan

import (
	"math"
	"math/rand/v2"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

// The penalty of a linear critic D(x) = w·x + b is λ(‖w‖ - 1)², whose gradient is
// 2λ(‖w‖ - 1)·w/‖w‖ by w and 0 by b: of w = (3, 4) and λ = 10 160 and (48, 64).
func TestLinearCritic(t *testing.T) {
	g, b := graph.New(), nn.NewBlock("critic")
	critic := nn.NewLinear(b, "critic", 2, 1, nn.Init{})
	b.Build(g)
	real, fake, eps, lambda := g.Input("real", 5, 2), g.Input("fake", 5, 2), g.Input("eps", 5, 1), g.Input("lambda", 1, 1)
	l := Loss(critic.Apply, real, fake, eps, lambda)
	out := graph.Eval(graph.Feed{b.Node: {3, 4, 7}, lambda: {10}}, l.Penalty, b.Grad(l.Penalty), l.Slope)
	got := append(append(out[0], out[1]...), out[2][0])
	for i, want := range []float64{160, 48, 64, 0, 5} {
		if math.Abs(got[i]-want) > 1e-9 {
			t.Errorf("number %d is %v, want %v", i, got[i], want)
		}
	}
}

// The penalty agrees with finite differences to second order for every
// activation. It gives biases no gradient where the activation is straight but
// for kinks, and some where it bends.
func TestPenalty(t *testing.T) {
	for act, bends := range map[string]bool{"relu": false, "leakyrelu": false, "tanh": true, "sigmoid": true, "softplus": true, "softplus2": true} {
		t.Run(act, func(t *testing.T) {
			const batch = 6
			g, b := graph.New(), nn.NewBlock("critic")
			critic := nn.NewMLP(b, "critic", nn.Act(act), nn.ToyInit, 2, 8, 8, 1)
			b.Build(g)
			real, fake, eps, lambda := g.Input("real", batch, 2), g.Input("fake", batch, 2), g.Input("eps", batch, 1), g.Input("lambda", 1, 1)
			l := Loss(critic.Apply, real, fake, eps, lambda)
			r := rand.New(rand.NewPCG(1, 1))
			numbers := func(n int) []float64 {
				v := make([]float64, n)
				for i := range v {
					v[i] = r.NormFloat64() / 2
				}
				return v
			}
			at := graph.Feed{b.Node: numbers(b.Len()), real: numbers(2 * batch), fake: numbers(2 * batch), eps: {.1, .3, .5, .6, .8, .9}, lambda: {10}}
			along := graph.Feed{b.Node: numbers(b.Len())}
			for what, n := range map[string]*graph.Node{"penalty": l.Penalty, "loss": l.Loss, "generator's loss": GeneratorLoss(critic.Apply, fake)} {
				for order, off := range graph.Differences(n, at, along) {
					if !(off < 1e-6) {
						t.Errorf("%s: order %d is %.2g off", what, order+1, off)
					}
				}
			}
			grad := graph.Eval(at, b.Grad(l.Penalty))[0]
			for i, layer := range critic.Layers {
				size := 0.
				for _, d := range grad[layer.B.Offset : layer.B.Offset+layer.B.Cols] {
					size += math.Abs(d)
				}
				last := i == len(critic.Layers)-1
				if want := bends && !last; (size > 1e-9) != want {
					t.Errorf("the gradient of layer %d's bias is of size %g, want other than 0: %v", i, size, want)
				}
			}
			weights := 0.
			for _, d := range grad {
				weights += math.Abs(d)
			}
			if weights == 0 {
				t.Error("the penalty has no gradient at all")
			}
			// What the loss is made of, from the critic's own values.
			mean := func(x *graph.Node) *graph.Node { return critic.Apply(x).Mean() }
			v := graph.Eval(at, l.Loss, l.Penalty, l.Estimate, mean(real), mean(fake), l.Slope)
			penalty := 0.
			for _, s := range v[5] {
				penalty += 10 * (s - 1) * (s - 1) / batch
			}
			if math.Abs(v[2][0]-(v[3][0]-v[4][0])) > 1e-12 || math.Abs(v[1][0]-penalty) > 1e-9 || math.Abs(v[0][0]-(v[1][0]-v[2][0])) > 1e-12 {
				t.Errorf("loss %v, penalty %v (by its slopes %v), estimate %v, mean D %v and %v do not fit", v[0], v[1], penalty, v[2], v[3], v[4])
			}
		})
	}
}
