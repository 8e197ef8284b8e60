package gumbel

import "ganbel/core/graph"

// GumbelSoftmax differentiates along relaxed samples (section 2.2): biased, the
// less the lower the temperature, at which its variance grows.
type GumbelSoftmax struct {
	plain
	// Hard is straight-through Gumbel-Softmax: the cost sees the one-hot sample, the
	// gradient is the relaxed one's.
	Hard bool
}

// Draw implements Estimator.
func (e GumbelSoftmax) Draw(c Chain, tau *graph.Node) Draw {
	u := c.noise("u")
	relaxed := c.relaxed(u, tau)
	return c.draw(c.through(func(l int, logits *graph.Node) *graph.Node {
		y := relaxed(l, logits)
		if e.Hard {
			y = straightThrough(c.Layers[l].Hard(c.Layers[l].Perturbed(logits, u[l])), y)
		}
		return y
	}), u...)
}

// straightThrough returns z going forward, with the gradient of y.
func straightThrough(z, y *graph.Node) *graph.Node { return y.Add(z.Sub(y).Detach()) }

// StraightThrough draws a sample and differentiates its mean (Bengio, Léonard and
// Courville, 2013): biased, unless the cost is linear.
type StraightThrough struct {
	plain
	// Annealed divides the logits by the temperature first, in sampling as in the
	// gradient: with τ = 1/a that is the sigmoid of slope a, which rises while it
	// trains (Chung, Ahn and Bengio, 2016).
	Annealed bool
}

// Draw implements Estimator. Annealed, it is a draw of c.Sloped(tau).
func (e StraightThrough) Draw(c Chain, tau *graph.Node) Draw {
	if e.Annealed {
		c = c.Sloped(tau)
	}
	u := c.noise("u")
	hard := c.hard(u)
	return c.draw(c.through(func(l int, logits *graph.Node) *graph.Node {
		return straightThrough(hard(l, logits), c.Layers[l].Mean(logits))
	}), u...)
}

// Sloped returns the chain with every layer's logits over a temperature, (1, 1).
func (c Chain) Sloped(tau *graph.Node) Chain {
	layers := make([]Layer, len(c.Layers))
	for l, layer := range c.Layers {
		layers[l] = Layer{layer.Variables, func(in *graph.Node) *graph.Node { return layer.Logits(in).Div(tau) }}
	}
	c.Layers = layers
	return c
}

// DARN is the estimator of Gregor et al. (2014), which MuProp's authors call ½: the
// score function whose baseline is the cost where the variable is z̄, ½ for a bit
// and 1/K for a class, by its slope at the sample:
//
//	f'(z)·(z - z̄)·∇log p(z)
//
// a variable at a time. It is exact for a bit whose cost is quadratic, and biased
// otherwise. (Jang et al. write it, in section 3, with the slope at z̄, where for a
// quadratic cost nothing at all would be left; MuProp's equation 5 has it so.)
type DARN struct{ plain }

// Draw implements Estimator. Its learning signal is a slope of the cost, not
// the cost, and is not divided by its deviation.
func (e DARN) Draw(c Chain, _ *graph.Node) Draw {
	u := c.noise("u")
	hard := c.hard(u)
	return c.draw(c.through(func(l int, logits *graph.Node) *graph.Node {
		v := c.Layers[l]
		z := hard(l, logits)
		centre := .5
		if !v.Binary() {
			centre = 1 / float64(v.K)
		}
		// The slope of what is added by log p is z - z̄, and its value 0.
		logp := v.logChances(z, logits).Reshape(z.Rows*v.N, 1)
		return z.Add(v.joined(v.each(z).AddConst(-centre).Mul(logp.Sub(logp.Detach()))))
	}), u...)
}
