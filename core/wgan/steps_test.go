package wgan

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/nn"
)

func copied(y *Toy) (map[string][]float32, map[string]uint64) {
	state, streams := y.State()
	tensors, at := numbers(state, nil), map[string]uint64{}
	for purpose, s := range streams {
		at[purpose] = s.Position()
	}
	return tensors, at
}

func same(t *testing.T, got, want *Toy) {
	t.Helper()
	a, atA := copied(got)
	b, atB := copied(want)
	if got.Iteration != want.Iteration || !maps.Equal(atA, atB) {
		t.Errorf("at iteration %d with streams at %v, want %d and %v", got.Iteration, atA, want.Iteration, atB)
	}
	for name := range b {
		if !slices.Equal(a[name], b[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

// An iteration made of its steps one by one, or begun so and then finished, is an
// iteration.
func TestSteps(t *testing.T) {
	for _, fixed := range []bool{false, true} {
		t.Run(fmt.Sprint("fixed ", fixed), func(t *testing.T) {
			c := ToyConfig{Method: Method{Rule: Penalty}, Fixed: fixed, Width: 8, Batch: 16, NCritic: 3, Lambda: 1, Optimiser: "adam", Rate: .01}
			whole, single := newToy(t, c), newToy(t, c)
			trained(t, whole, 3)
			for range 3 {
				if bad := single.CriticStep(); bad != "" {
					t.Fatal(bad)
				}
			}
			if !fixed {
				if single.Iteration != 0 || single.critics[0] != 3 {
					t.Errorf("after 3 critic steps it is at iteration %d and %v", single.Iteration, single.critics)
				}
				single.GeneratorStep()
			}
			if single.Iteration != 1 || single.critics[0] != 0 {
				t.Errorf("after an iteration's steps it is at iteration %d and %v", single.Iteration, single.critics)
			}
			single.CriticStep()
			trained(t, single, 2)
			same(t, single, whole)
			// More critic steps than an iteration has: the generator's still ends it.
			for range 5 {
				single.CriticStep()
			}
			if fixed {
				return
			}
			trained(t, single, 1)
			if single.Iteration != 4 {
				t.Errorf("at iteration %d, want 4", single.Iteration)
			}
		})
	}
}

// The rows of the last batch are what the critic, as it was before its step, and the
// generator made of the inputs.
func TestBatch(t *testing.T) {
	for _, fixed := range []bool{false, true} {
		y := newToy(t, ToyConfig{Method: Method{Rule: Penalty}, Fixed: fixed, Width: 8, Batch: 80, NCritic: 2, Lambda: 1, Optimiser: "adam", Rate: .01})
		if y.Stepped() {
			t.Error("it has stepped before it did")
		}
		trained(t, y, 5)
		before, _ := copied(y)
		if bad := y.CriticStep(); bad != "" || !y.Stepped() {
			t.Fatalf("%s is not finite; stepped: %v", bad, y.Stepped())
		}
		b, eps := y.Batch(), y.Memory.(*cpu.Memory).Of(y.eps)
		close := func(what string, got float32, want float64) {
			t.Helper()
			if !(math.Abs(float64(got)-want) < 1e-4*(1+math.Abs(want))) {
				t.Fatalf("fixed %v: %s is %v, want %v", fixed, what, got, want)
			}
		}
		if len(b.Slope) != 64 || len(b.Mix) != 128 || (b.Noise == nil) != fixed {
			t.Fatalf("%d slopes, %d numbers of x̂, %d of z", len(b.Slope), len(b.Mix), len(b.Noise))
		}
		critic := func(x, z float64) float64 { return mlp(before["critic"], x, z, 1)[0] }
		for i := range b.Slope {
			at := func(p []float32) (x, z float64) { return float64(p[2*i]), float64(p[2*i+1]) }
			rx, rz := at(b.Real)
			fx, fz := at(b.Fake)
			if !fixed {
				zx, zz := at(b.Noise)
				g := mlp(before["generator"], zx, zz, 2)
				close("the fake's x", b.Fake[2*i], g[0])
				close("the fake's y", b.Fake[2*i+1], g[1])
			}
			mx, mz := at(b.Mix)
			e := float64(eps[i])
			close("x̂'s x", b.Mix[2*i], e*rx+(1-e)*fx)
			close("x̂'s y", b.Mix[2*i+1], e*rz+(1-e)*fz)
			const h = 1e-6
			close("the slope", b.Slope[i], math.Hypot(critic(mx+h, mz)-critic(mx-h, mz), critic(mx, mz+h)-critic(mx, mz-h))/(2*h))
			close("D(real)", b.CriticReal[i], critic(rx, rz))
			close("D(fake)", b.CriticFake[i], critic(fx, fz))
		}
		real, fake := y.Means()
		penalty := 0.
		for _, s := range y.Slopes() {
			penalty += float64(s-1) * float64(s-1) / 80
		}
		close("the critic's loss", float32(y.CriticLoss()), fake-real+penalty)
		y.Replaced()
		if y.Stepped() || !math.IsNaN(y.GeneratorLoss()) {
			t.Error("it remembers steps of another state")
		}
	}
}

// What the critic says of any points, and its gradient there and at the fakes, is
// what its weights say, however many points there are.
func TestEvaluate(t *testing.T) {
	y := newToy(t, ToyConfig{Method: Method{Rule: Penalty}, Width: 8, Batch: 16, NCritic: 2, Lambda: 1, Optimiser: "adam", Rate: .01})
	trained(t, y, 5)
	state := numbers(y.State())
	critic := func(x, z float64) float64 { return mlp(state["critic"], x, z, 1)[0] }
	check := func(points, d, gradient []float32) {
		t.Helper()
		for i := 0; i < len(points); i += 2 {
			x, z := float64(points[i]), float64(points[i+1])
			const h = 1e-6
			want := []float64{critic(x, z), (critic(x+h, z) - critic(x-h, z)) / (2 * h), (critic(x, z+h) - critic(x, z-h)) / (2 * h)}
			for k, got := range []float32{d[i/2], gradient[i], gradient[i+1]} {
				if !(math.Abs(float64(got)-want[k]) < 1e-4*(1+math.Abs(want[k]))) {
					t.Fatalf("at point %d number %d is %v, want %v", i/2, k, got, want[k])
				}
			}
		}
	}
	for _, n := range []int{1, 64, 130} {
		points := make([]float32, 2*n)
		y.Streams["frame"].Normal(points)
		d, gradient := y.Evaluate(points)
		if len(d) != n || len(gradient) != 2*n {
			t.Fatalf("%d points have %d values and %d numbers of gradients", n, len(d), len(gradient))
		}
		check(points, d, gradient)
	}
	v := y.View()
	d, _ := y.Evaluate(v.Fake)
	check(v.Fake, d, v.Descent)
}

// Figure 1(b)'s norms agree with central differences: of the loss when a number is
// added to an activation.
func TestLayers(t *testing.T) {
	for _, c := range []ToyConfig{
		{Method: Method{Rule: Penalty}, Activation: "relu"}, {Method: Method{Rule: Penalty}, Activation: "softplus2"}, {Method: Method{Rule: Clip}, Activation: "tanh"},
		{Method: Method{GAN, None}, Activation: "relu"}, {Method: Method{GAN, Penalty}, Activation: "tanh"}, {Method: Method{Rule: Penalty}, Activation: "relu", Fixed: true},
	} {
		t.Run(fmt.Sprint(c.Rule, c.Activation, c.Objective, c.Fixed), func(t *testing.T) {
			act := c.Activation
			c.Width, c.Batch, c.NCritic, c.Lambda, c.Bound, c.Optimiser, c.Rate = 4, 5, 1, .7, .3, "adam", .01
			c.Depth, c.View, c.Field, c.Seed, c.Device = 2, 3, 9, 1, cpu.Device(1)
			c.Data = newToy(t, ToyConfig{Width: 2, Batch: 2, Optimiser: "adam"}).Data
			y := NewToy(c)
			t.Cleanup(y.Close)
			trained(t, y, 3)
			got := y.Layers()

			// The same loss, with a number to be added to every activation of each of
			// the critic's three uses.
			g, block := graph.New(), nn.NewBlock("critic")
			m := nn.NewMLP(block, "critic", nn.Act(act), nn.ToyInit, 2, 4, 4, 1)
			block.Build(g)
			var moved [3][]*graph.Node // of every layer
			critic := func(x *graph.Node) *graph.Node {
				use := slices.Index([]string{"real", "fake"}, x.Name)
				if use < 0 {
					use = 2
				}
				for i, l := range m.Layers {
					x = l.Apply(x)
					if i < 2 {
						x = m.Act(x)
					}
					if len(moved[use]) <= i {
						moved[use] = append(moved[use], g.Input(fmt.Sprint("moved ", use, i), x.Rows, x.Cols))
					}
					x = x.Add(moved[use][i])
				}
				return x
			}
			real, fake, eps, lambda := g.Input("real", 5, 2), g.Input("fake", 5, 2), g.Input("eps", 5, 1), g.Input("lambda", 1, 1)
			loss := c.Method.Critic(critic, real, fake, eps, lambda).Loss
			state := numbers(y.State())
			b := y.Batch()
			feed := graph.Feed{lambda: {c.Lambda}}
			for n, v := range map[*graph.Node][]float32{block.Node: state["critic"], real: b.Real, fake: b.Fake, eps: y.Memory.(*cpu.Memory).Of(y.eps)} {
				for _, x := range v {
					feed[n] = append(feed[n], float64(x))
				}
			}
			if len(got) != len(m.Layers) {
				t.Fatalf("%d layers, want %d", len(got), len(m.Layers))
			}
			for i := range got {
				square := 0.
				for use := range moved {
					n := moved[use][i]
					for k := range n.Len() {
						const h = 1e-5
						v := make([]float64, n.Len())
						feed[n] = v
						v[k] = h
						up := graph.Eval(feed, loss)[0][0]
						v[k] = -h
						d := (up - graph.Eval(feed, loss)[0][0]) / (2 * h)
						square += d * d
						v[k] = 0
					}
				}
				if want := math.Sqrt(square); !(math.Abs(got[i]-want) < 1e-3*want) {
					t.Errorf("layer %d has a gradient of norm %v, want %v", i, got[i], want)
				}
			}
		})
	}
}

// A step from weights too large names the operator that overflows first, and a step
// from good ones is the same as ever.
func TestTrace(t *testing.T) {
	c := ToyConfig{Method: Method{Rule: Penalty}, Width: 8, Batch: 16, NCritic: 2, Lambda: 1, Optimiser: "adam", Rate: .01}
	y, other := newToy(t, c), newToy(t, c)
	if bad := y.Trace(y.Iterate); bad != "" {
		t.Errorf("%s is not finite at the start", bad)
	}
	trained(t, other, 1)
	same(t, y, other)
	theta := y.Memory.(*cpu.Memory).Of(y.blockD.Node)
	for _, l := range y.critic.Layers[1:] {
		for i := range l.W.Rows * l.W.Cols {
			theta[l.W.Offset+i] *= 1e30
		}
	}
	if bad := y.Trace(y.Iterate); !strings.HasPrefix(bad, "MatMul of critic.") {
		t.Errorf("with weights that are too large %q is not finite", bad)
	}
	theta[0] = float32(math.NaN())
	if bad := y.Trace(y.Iterate); bad != "critic" {
		t.Errorf("with a weight that is NaN %q is not finite", bad)
	}
}
