package wgan

import (
	"fmt"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/internal/golden"
	"ganbel/core/nn"
)

func TestGoldenMLP(t *testing.T) {
	for _, act := range []string{"relu", "tanh", "softplus2"} {
		t.Run(act, func(t *testing.T) {
			f := golden.Read(t, "testdata/wgan_gp_"+act+".json")
			var sizes []int
			var names []string
			for i, s := range f.Config["sizes"].([]any) {
				sizes = append(sizes, int(s.(float64)))
				if i > 0 {
					names = append(names, fmt.Sprintf("w%d", i-1), fmt.Sprintf("b%d", i-1))
				}
			}
			g, b, batch := graph.New(), nn.NewBlock("critic"), f.Int("batch")
			critic := nn.NewMLP(b, "critic", nn.Act(act), nn.ToyInit, sizes...)
			b.Build(g)
			real, fake, eps := g.Input("real", batch, sizes[0]), g.Input("fake", batch, sizes[0]), g.Input("eps", batch, 1)
			lambda, rate := g.Input("lambda", 1, 1), g.Input("rate", 1, 1)
			l := Loss(critic.Apply, real, fake, eps, lambda)
			golden.Replay{
				File: f, Steps: f.Int("steps"), Block: b, Names: names,
				Inputs:  map[*graph.Node]string{real: "real%d", fake: "fake%d", eps: "eps%d"},
				Fixed:   map[*graph.Node]float64{lambda: f.Float("lam"), rate: 1e-3},
				Outputs: map[*graph.Node]string{l.Loss: "loss%d", l.Penalty: "penalty%d"},
				Grad:    b.Grad(l.Loss), Updates: nn.Adam{Rate: rate, Beta1: .5, Beta2: .9}.Minimize(l.Loss, b),
			}.Run(t)
		})
	}
}

func TestGoldenConv(t *testing.T) {
	f := golden.Read(t, "testdata/wgan_gp_conv.json")
	g, b, n := graph.New(), nn.NewBlock("critic"), f.Int("batch")
	c0 := nn.NewConv(b, "c0", 3, 6, 5, 2)
	c1 := nn.NewConv(b, "c1", 6, 8, 5, 2)
	norm := nn.NewNorm(b, "ln", 8)
	last := nn.NewLinear(b, "last", 2*2*8, 1, nn.Init{})
	b.Build(g)
	critic := func(x *graph.Node) *graph.Node {
		h := c0.Apply(x.Reshape(n*8*8, 3), n, 8, 8).LeakyReLU(.2)
		h = norm.Layer(c1.Apply(h, n, 4, 4), n).LeakyReLU(.2)
		return last.Apply(h.Reshape(n, 2*2*8))
	}
	pixels := 8 * 8 * 3
	real, fake, eps, lambda := g.Input("real", n, pixels), g.Input("fake", n, pixels), g.Input("eps", n, 1), g.Input("lambda", 1, 1)
	l := Loss(critic, real, fake, eps, lambda)
	mix := eps.Mul(real).Add(eps.OneMinus().Mul(fake))
	golden.Replay{
		File: f, Steps: 1, Block: b, Names: []string{"c0", "cb0", "c1", "cb1", "ln_scale", "ln_offset", "w", "b"},
		Inputs: map[*graph.Node]string{real: "real%d", fake: "fake%d", eps: "eps%d"}, Fixed: map[*graph.Node]float64{lambda: f.Float("lam")},
		Outputs: map[*graph.Node]string{l.Loss: "loss%d", l.Penalty: "penalty%d", graph.Grad(critic(mix).Sum(), mix)[0]: "dmix%d"},
		Grad:    b.Grad(l.Loss),
	}.Run(t)
}
