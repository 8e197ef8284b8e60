package gumbel

import (
	"fmt"

	"ganbel/core/graph"
)

// ARM compares the costs of two samples of opposite noise, u and 1-u: unbiased, for
// bits alone (Yin and Zhou, 2019):
//
//	½·(f(b) - f(b̃))·(2u - 1)
//
// where b is 1 for u > σ(-logit) and b̃ for 1-u > σ(-logit).
type ARM struct {
	plain
	// Dis takes the mean over all u that give these two samples (Dong, Mnih and
	// Tucker, 2020), which varies less: ½·(f(b) - f(b̃))·(b - b̃)·σ(|logit|).
	Dis bool
}

// Draw implements Estimator.
func (e ARM) Draw(c Chain, _ *graph.Node) Draw {
	u := c.noise("u")
	p := c.through(c.hard(u))
	out := c.draw(p, u...)
	for l, layer := range c.Layers {
		if !layer.Binary() {
			panic(fmt.Sprintf("gumbel: ARM of %v: it is for bits", layer.Variables))
		}
		logits, b := p.logits[l], p.z[l]
		opposite := layer.Hard(layer.Perturbed(logits, u[l].OneMinus()))
		other := c.from(l+1, opposite, c.hard(u)).cost
		half := p.cost.Sub(other).Scale(.5)
		estimate := half.Mul(u[l].Scale(2).AddConst(-1))
		if e.Dis {
			estimate = half.Mul(b.Sub(opposite)).Mul(logits.Abs().Sigmoid())
		}
		out.Loss = out.Loss.Add(estimate.Detach().Mul(logits.Finite()).SumCols().Mean())
	}
	return out
}
