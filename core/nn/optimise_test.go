package nn

import (
	"math"
	"testing"

	"ganbel/core/graph"
)

// Three steps of every optimiser down ½θ² + θ from θ = (1, -3), whose gradient
// is θ + 1, against their formulas written out in plain numbers.
func TestOptimisers(t *testing.T) {
	const rate = .1
	type state struct{ theta, a, b float64 }
	for name, c := range map[string]struct {
		minimise func(rate, loss *graph.Node, b *Block) []graph.Update
		first    state
		step     func(s state, g float64, t int) state
	}{
		"Adam": {func(r, loss *graph.Node, b *Block) []graph.Update {
			return Adam{Rate: r, Beta1: .5, Beta2: .9}.Minimize(loss, b)
		}, state{}, func(s state, g float64, t int) state {
			s.a, s.b = .5*s.a+.5*g, .9*s.b+.1*g*g
			s.theta -= rate * math.Sqrt(1-math.Pow(.9, float64(t))) / (1 - math.Pow(.5, float64(t))) * s.a / (math.Sqrt(s.b) + 1e-8)
			return s
		}},
		"RMSProp": {func(r, loss *graph.Node, b *Block) []graph.Update { return RMSProp{Rate: r}.Minimize(loss, b) },
			state{a: 1}, func(s state, g float64, _ int) state {
				s.a = .9*s.a + .1*g*g
				s.theta -= rate * g / math.Sqrt(s.a+1e-10)
				return s
			}},
		"Momentum": {func(r, loss *graph.Node, b *Block) []graph.Update { return Momentum{r, .9}.Minimize(loss, b) },
			state{}, func(s state, g float64, _ int) state {
				s.a = .9*s.a + g
				s.theta -= rate * s.a
				return s
			}},
		"clipped descent": {func(r, loss *graph.Node, b *Block) []graph.Update {
			return Clip(Momentum{Rate: r}.Minimize(loss, b), b, b.Node.Graph().Const(1, 1, .95))
		}, state{}, func(s state, g float64, _ int) state {
			s.theta = math.Max(-.95, math.Min(.95, s.theta-rate*g))
			return s
		}},
	} {
		t.Run(name, func(t *testing.T) {
			g, b := graph.New(), NewBlock("b")
			p := b.Add("theta", 1, 2, Init{})
			b.Build(g)
			r := g.Input("rate", 1, 1)
			loss := p.Node.Square().Scale(.5).Add(p.Node).Sum()
			updates := c.minimise(r, loss, b)
			feed := graph.Feed{r: {rate}, b.Node: {1, -3}}
			want := []state{c.first, c.first}
			want[0].theta, want[1].theta = 1, -3
			for step := 1; step <= 3; step++ {
				var nexts []*graph.Node
				for _, u := range updates {
					nexts = append(nexts, u.Next)
				}
				for i, v := range graph.Eval(feed, nexts...) {
					feed[updates[i].X] = v
				}
				for i := range want {
					want[i] = c.step(want[i], want[i].theta+1, step)
				}
				near(t, "θ", feed[b.Node], []float64{want[0].theta, want[1].theta})
			}
		})
	}
}
