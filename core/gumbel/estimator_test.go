package gumbel

import (
	"fmt"
	"math"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// A problem is a chain that is small enough to go through all its samples, with
// parameters in every layer and in the cost.
type problem struct {
	name   string
	layers []Variables
	prior  bool
	cost   string // "linear", "quadratic" or "quartic"
}

// build returns the problem's chain, and its block, not yet built.
func (p problem) build(g *graph.Graph, rows int) (Chain, *nn.Block) {
	block := nn.NewBlock("theta")
	c := Chain{X: g.Input("x", rows, 2)}
	in := 2
	for l, v := range p.layers {
		net := nn.NewLinear(block, fmt.Sprintf("layer%d", l), in, v.Width(), nn.Init{Bound: 1})
		c.Layers = append(c.Layers, Layer{v, net.Apply})
		in = v.Width()
	}
	const outs = 3
	out := nn.NewLinear(block, "out", in, outs, nn.Init{Bound: 1.5})
	c.Cost = func(z *graph.Node) *graph.Node {
		y := out.Apply(z)
		switch p.cost {
		case "quadratic":
			y = y.Square()
		case "quartic":
			y = y.AddConst(-.7).Square().Square()
		}
		return y.SumCols()
	}
	if p.prior {
		prior := block.Add("prior", 1, p.layers[0].Width(), nn.Init{Bound: 1})
		block.Build(g)
		c.Prior = prior.Node
	} else {
		block.Build(g)
	}
	return c, block
}

// gradients returns the exact gradient of a problem and the mean of an estimator's,
// with the mean's standard error, over runs of rows draws.
func (p problem) gradients(t *testing.T, e Estimator, tau float64, runs, rows int) (exact, mean, scatter []float64) {
	t.Helper()
	return p.normalised(t, e, tau, .8, runs, rows)
}

// normalised is gradients where the running variance of the learning signal is known
// to be so large.
func (p problem) normalised(t *testing.T, e Estimator, tau, variance float64, runs, rows int) (exact, mean, scatter []float64) {
	t.Helper()
	g := graph.New()
	c, block := p.build(g, rows)
	memory := cpu.NewMemory()
	own := nn.NewBlock("own")
	e.Declare(own, c)
	if own.Len() > 0 {
		own.Build(g)
		own.Init(memory.Of(own.Node), random.New(3, "own"))
	}
	block.Init(memory.Of(block.Node), random.New(5, "init"))
	for i := range rows {
		copy(memory.Of(c.X)[2*i:], []float32{.8, -.4})
	}
	heat := g.Input("tau", 1, 1)
	memory.Of(heat)[0] = float32(tau)
	d := e.Draw(c, heat)
	for _, u := range d.Updates { // running numbers as they may be in the midst of training: half is known
		memory.Of(u.X)[0] = map[byte]float32{'k': .5, 'm': .3, 's': float32(.5 * (variance + .36))}[u.X.Name[len("estimator.")]]
	}
	gradient := block.Grad(d.Loss)
	m := cpu.Open(program.Compile(nil, gradient), memory, 1)
	defer m.Close()
	noise := random.New(11, "noise")
	mean, scatter = make([]float64, block.Len()), make([]float64, block.Len())
	for range runs {
		for _, u := range d.Noise {
			noise.Uniform(memory.Of(u))
		}
		m.Run()
		for i, x := range m.Read(gradient) {
			mean[i] += float64(x) / float64(runs)
			scatter[i] += float64(x) * float64(x) / float64(runs)
		}
	}
	for i := range scatter {
		scatter[i] = math.Sqrt(math.Max(0, scatter[i]-mean[i]*mean[i]) / float64(runs-1))
	}
	objective, inputs, samples := c.Exact()
	feed := graph.Feed{}
	widen := func(n *graph.Node, v []float32) {
		wide := make([]float64, len(v))
		for i, x := range v {
			wide[i] = float64(x)
		}
		feed[n] = wide
	}
	for l, in := range inputs {
		widen(in, samples[l])
	}
	widen(block.Node, memory.Of(block.Node))
	widen(c.X, memory.Of(c.X))
	return graph.Eval(feed, block.Grad(objective))[0], mean, scatter
}

// off returns by how many standard errors, at most, the mean differs from what is
// exact, and how large the difference is beside the exact gradient.
func off(exact, mean, scatter []float64) (errors, share float64) {
	far, size := 0., 0.
	for i := range exact {
		d := math.Abs(mean[i] - exact[i])
		errors = math.Max(errors, d/(scatter[i]+1e-5)) // float32's own error
		far += d * d
		size += exact[i] * exact[i]
	}
	return errors, math.Sqrt(far / size)
}

// Estimators that claim to be unbiased are: the mean of many draws is the gradient
// found by going through all samples, within 4 standard errors, for every
// parameter of every layer, the cost and the prior.
func TestUnbiased(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	problems := []problem{
		{"bits", []Variables{Bits(3)}, false, "quartic"},
		{"classes", []Variables{{2, 3}}, false, "quartic"},
		{"bits with a prior", []Variables{Bits(3)}, true, "quartic"},
		{"classes with a prior", []Variables{{2, 3}}, true, "quartic"},
		{"two layers of bits", []Variables{Bits(3), Bits(2)}, false, "quartic"},
		{"two layers of classes", []Variables{{2, 3}, {1, 3}}, false, "quartic"},
	}
	for _, p := range problems {
		for _, name := range []string{"score-function", "nvil", "muprop", "rebar", "relax", "arm", "disarm"} {
			if CheckEstimator(name, p.layers[0]) != nil {
				continue
			}
			e, err := NewEstimator(name)
			if err != nil {
				t.Fatal(err)
			}
			exact, mean, scatter := p.gradients(t, e, .6, 240, 500)
			errors, share := off(exact, mean, scatter)
			t.Logf("%s, %s: %.2f standard errors at most, %.3f of the gradient", p.name, name, errors, share)
			if errors > 4 {
				t.Errorf("%s, %s: the mean gradient is %.2f standard errors from the exact one", p.name, name, errors)
			}
		}
	}
}

// Variance normalisation scales the gradient of a layer's parameters, KL and all, and
// leaves that of the cost's and the prior's.
func TestNormalise(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	p := problem{"bits with a prior", []Variables{Bits(3)}, true, "quartic"}
	for _, name := range []string{"score-function", "nvil"} {
		e, err := NewEstimator(name)
		if err != nil {
			t.Fatal(err)
		}
		exact, mean, scatter := p.normalised(t, e, 1, 25, 240, 500)
		layer := 2*3 + 3
		for i := range layer {
			mean[i], scatter[i] = 5*mean[i], 5*scatter[i]
		}
		if errors, _ := off(exact[:layer], mean[:layer], scatter[:layer]); errors > 4 {
			t.Errorf("%s: five times the layer's gradient is %.2f standard errors from the exact one", name, errors)
		}
		if errors, _ := off(exact[layer:], mean[layer:], scatter[layer:]); errors > 4 {
			t.Errorf("%s: the gradient of the cost and the prior is %.2f standard errors from the exact one", name, errors)
		}
	}
}

// twice returns the chain of two samples of c's one layer whose cost is VIMCO's
// bound of both, which Exact can go through.
func (c Chain) twice() Chain {
	layer := c.Layers[0]
	logits := func(rows int) *graph.Node { return layer.Logits(c.X.T().Slice(0, 1).T().Expand(rows, c.X.Cols)) }
	both := Layer{Variables{2 * layer.N, layer.K}, func(in *graph.Node) *graph.Node {
		return graph.ConcatCols(layer.Logits(in), layer.Logits(in))
	}}
	return Chain{X: c.X, Layers: []Layer{both}, Cost: func(z *graph.Node) *graph.Node {
		weight := func(z *graph.Node) *graph.Node {
			w := c.Cost(z).Neg()
			if c.Prior != nil {
				w = w.Add(layer.LogChance(z, c.Prior.Expand(z.Rows, layer.Width()))).Sub(layer.LogChance(z, logits(z.Rows)))
			}
			return w.Exp()
		}
		w := layer.Width()
		return weight(z.Slice(0, w)).Add(weight(z.Slice(w, 2*w))).Scale(.5).Log().Neg()
	}}
}

// VIMCO of two samples is unbiased for the bound of two samples.
func TestVIMCO(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	for _, p := range []problem{
		{"bits", []Variables{Bits(3)}, false, "quadratic"},
		{"bits with a prior", []Variables{Bits(3)}, true, "quadratic"},
		{"classes with a prior", []Variables{{2, 3}}, true, "quadratic"},
	} {
		_, mean, scatter := p.gradients(t, VIMCO{Samples: 2}, 1, 60, 2000)
		g := graph.New()
		c, block := p.build(g, 1)
		objective, inputs, samples := c.twice().Exact()
		memory := cpu.NewMemory()
		block.Init(memory.Of(block.Node), random.New(5, "init"))
		copy(memory.Of(c.X), []float32{.8, -.4})
		copy(memory.Of(inputs[0]), samples[0])
		gradient := block.Grad(objective)
		m := cpu.Open(program.Compile(nil, gradient), memory, 1)
		m.Run()
		var exact []float64
		for _, x := range m.Read(gradient) {
			exact = append(exact, float64(x))
		}
		m.Close()
		errors, share := off(exact, mean, scatter)
		t.Logf("%s: %.2f standard errors at most, %.3f of the gradient", p.name, errors, share)
		if errors > 4 {
			t.Errorf("%s: the mean gradient is %.2f standard errors from the exact one", p.name, errors)
		}
	}
}

// Estimators that are biased are so where they are said to be, and nowhere else.
func TestBias(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	bits, classes := []Variables{Bits(3)}, []Variables{{2, 3}}
	for _, c := range []struct {
		e         Estimator
		layers    []Variables
		cost      string
		tau       float64
		exact     bool
		least, to float64 // the bias as a share of the gradient
	}{
		// Straight-through is exact for what is linear, and DARN for bits up to a quadratic.
		{StraightThrough{}, bits, "linear", 1, true, 0, 0},
		{StraightThrough{}, classes, "linear", 1, true, 0, 0},
		{StraightThrough{}, bits, "quartic", 1, false, .05, 10},
		{StraightThrough{}, classes, "quartic", 1, false, .1, 10},
		{DARN{}, bits, "linear", 1, true, 0, 0},
		{DARN{}, bits, "quadratic", 1, true, 0, 0},
		{DARN{}, bits, "quartic", 1, false, .05, 10},
		{DARN{}, classes, "linear", 1, true, 0, 0},
		{DARN{}, classes, "quadratic", 1, false, .05, 10},
		// Relaxed samples have less bias at a lower temperature, and none as τ → 0.
		{GumbelSoftmax{}, bits, "quartic", 1, false, .2, 10},
		{GumbelSoftmax{}, bits, "quartic", .1, false, 0, .15},
		{GumbelSoftmax{}, classes, "quartic", 1, false, .2, 10},
		{GumbelSoftmax{}, classes, "quartic", .1, false, 0, .15},
		// Straight-through ones stay biased.
		{GumbelSoftmax{Hard: true}, bits, "quartic", 1, false, .05, 10},
		{GumbelSoftmax{Hard: true}, bits, "quartic", .1, false, .05, 10},
		{GumbelSoftmax{Hard: true}, classes, "quartic", .1, false, .05, 10},
	} {
		p := problem{layers: c.layers, cost: c.cost}
		exact, mean, scatter := p.gradients(t, c.e, c.tau, 60, 2000)
		errors, share := off(exact, mean, scatter)
		t.Logf("%T%+v of %v, %s cost, τ %v: %.2f standard errors, %.3f of the gradient", c.e, c.e, c.layers[0], c.cost, c.tau, errors, share)
		switch {
		case c.exact && errors > 4:
			t.Errorf("%T%+v of %v: %.2f standard errors from the exact gradient of a %s cost", c.e, c.e, c.layers[0], errors, c.cost)
		case !c.exact && (errors < 8 || share < c.least || share > c.to):
			t.Errorf("%T%+v of %v, τ %v: a bias of %.1f standard errors, %.3f of the gradient of a %s cost: it should be more than 8, and from %v to %v", c.e, c.e, c.layers[0], c.tau, errors, share, c.cost, c.least, c.to)
		}
	}
}

// Annealed straight-through is straight-through of logits over the temperature.
func TestSlopeAnnealed(t *testing.T) {
	p := problem{layers: []Variables{{2, 3}}, cost: "quartic"}
	_, plain, _ := p.gradients(t, StraightThrough{}, 1, 2, 100)
	_, annealed, _ := p.gradients(t, StraightThrough{Annealed: true}, 1, 2, 100)
	_, steep, _ := p.gradients(t, StraightThrough{Annealed: true}, .2, 2, 100)
	for i := range plain {
		if plain[i] != annealed[i] {
			t.Fatalf("at slope 1 gradient %d is %v, straight-through's %v", i, annealed[i], plain[i])
		}
	}
	if fmt.Sprint(plain) == fmt.Sprint(steep) {
		t.Error("slope 5 has the gradient of slope 1")
	}
}

// Estimators by name are as many as there are names, and an unknown one's error
// names them; ARM wants bits.
func TestEstimatorNames(t *testing.T) {
	for _, name := range Estimators() {
		if err := CheckEstimator(name, Bits(4)); err != nil {
			t.Error(err)
		}
	}
	if _, err := NewEstimator("reinforce"); err == nil || err.Error() != "no estimator \"reinforce\": there are score-function, nvil, darn, muprop, straight-through, slope-annealed, gumbel-softmax, st-gumbel-softmax, vimco, rebar, relax, arm, disarm" {
		t.Errorf("the error is %v", err)
	}
	if err := CheckEstimator("arm", Variables{20, 10}); err == nil {
		t.Error("ARM took classes")
	}
}
