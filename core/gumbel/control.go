package gumbel

import (
	"fmt"
	"math"
	"slices"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

// REBAR is the score function with the cost of a relaxed sample for its control
// variate, whose own gradient it adds along the relaxation (Tucker et al., 2017):
//
//	(f(b) - η·f(s̃))·∇log p(b) + η·∇f(s) - η·∇f(s̃)
//
// b is the sample, s the relaxed one of the same noise, and s̃ one of noise that
// would have given b, too. It is unbiased for every η and temperature, which it
// learns by going down the logarithm of its own variance, so that they can share
// the model's learning rate.
type REBAR struct {
	// Free adds a network of 100 tanh units to the control variate, as RELAX does
	// (Grathwohl et al., 2018).
	Free bool

	scale, heat []*nn.Param // η, and the logarithm of the temperature over tau, of every layer
	nets        []nn.MLP
}

// Declare implements Estimator.
func (e *REBAR) Declare(b *nn.Block, c Chain) {
	for l, layer := range c.Layers {
		e.scale = append(e.scale, b.Add(fmt.Sprintf("eta%d", l+1), 1, 1, nn.Init{Mean: 1}))
		e.heat = append(e.heat, b.Add(fmt.Sprintf("heat%d", l+1), 1, 1, nn.Init{}))
		if e.Free {
			e.nets = append(e.nets, nn.NewMLP(b, fmt.Sprintf("control%d", l+1), nn.Act("tanh"), nn.GlorotInit, layer.Width(), 100, 1))
		}
	}
}

// Draw implements Estimator. tau is the first temperature.
func (e *REBAR) Draw(c Chain, tau *graph.Node) Draw {
	u, v := c.noise("u"), c.noise("v")
	p := c.through(c.hard(u))
	out := c.draw(p, slices.Concat(u, v)...)
	for l, layer := range c.Layers {
		logits, b := p.logits[l], p.z[l]
		eta, t := e.scale[l].Node, tau.Mul(e.heat[l].Node.Exp())
		var own []*graph.Node
		if e.Free {
			for _, linear := range e.nets[l].Layers {
				own = append(own, linear.W.Node, linear.B.Node)
			}
		}
		relaxed := func(l int, logits *graph.Node) *graph.Node {
			return c.Layers[l].Relaxed(bounded(c.Layers[l].Perturbed(logits, u[l])), t)
		}
		// control is the control variate of layer l's relaxed sample: what follows is relaxed, too.
		control := func(z *graph.Node) *graph.Node {
			s := layer.Relaxed(bounded(z), t)
			f := c.from(l+1, s, relaxed).cost.Mul(eta)
			if e.Free {
				f = f.Add(e.nets[l].Apply(s))
			}
			return f
		}
		same, other := control(layer.Perturbed(logits, u[l])), control(layer.conditional(b, logits, v[l]))
		score := graph.Grad(layer.LogChance(b, logits).Sum(), logits)[0]
		estimate := p.cost.Sub(other).Mul(score).Add(graph.Grad(same.Sub(other).Sum(), logits)[0])
		out.Loss = out.Loss.Add(estimate.Detach().Mul(logits.Finite()).SumCols().Mean())
		// Only these parameters are to make the variance less, and not the model's.
		own = append(own, eta, e.heat[l].Node)
		variance := estimate.Square().Mean().AddConst(1e-12)
		for i, slope := range graph.Grad(variance.Log(), own...) {
			out.Loss = out.Loss.Add(slope.Detach().Mul(own[i]).Sum())
		}
	}
	return out
}

// bounded returns perturbed logits without infinities: the temperature's gradient is 0
// times them.
func bounded(perturbed *graph.Node) *graph.Node {
	most := perturbed.Graph().Const(1, 1, 1e30)
	return perturbed.Max(most.Neg()).Min(most)
}

// conditional returns perturbed logits that the uniform v gives among those whose
// sample is z: Perturbed, where v were the noise that had given z.
func (v Variables) conditional(z, logits, noise *graph.Node) *graph.Node {
	if v.Binary() {
		// log (v/((1-v)·(1-p)) + 1) above 0, and its mirror image below
		odds := noise.Log().Sub(noise.OneMinus().Log())
		up := odds.Add(logits.Softplus()).Softplus()
		down := odds.Neg().Add(logits.Neg().Softplus()).Softplus().Neg()
		return z.Mul(up).Add(z.OneMinus().Mul(down))
	}
	// E/p + E_b for every other class, E_b for the one that won, where E = -log v is
	// exponential: the least of the E/p is itself exponential, with rate 1.
	e := v.each(noise).Log().Neg()
	b := v.each(z)
	first := b.Mul(e).SumCols()
	logp := v.each(logits).LogSoftmax().Max(logits.Graph().Const(1, 1, math.Log(1e-30)))
	rest := e.Mul(logp.Neg().Exp()).Mul(b.OneMinus())
	return v.joined(rest.Add(first).Log().Neg())
}
