package gumbel

import (
	"fmt"

	"ganbel/core/graph"
)

// A Chain is an objective whose gradient needs an Estimator, since it is an
// expectation over discrete variables:
//
//	E[Cost(z_L)]    with z₁ ~ p(·|X), z₂ ~ p(·|z₁), …
//
// Where there is a Prior it is the negative ELBO: the one layer is q(z|X), and
// KL[q ‖ p] is added, worked out by going through the classes.
type Chain struct {
	X      *graph.Node // (rows, inputs)
	Layers []Layer     // one or more, in the order of sampling
	// Cost is of every row, (rows, 1), for the last layer's sample, (rows, N·K). It
	// must be smooth between samples, too.
	Cost  func(z *graph.Node) *graph.Node
	Prior *graph.Node // logits, (1, N·K), or nil
	// Beside is what a baseline may look at beside a layer's input, (rows, any), such
	// as the picture to be completed; or nil.
	Beside *graph.Node
}

// A Layer is discrete variables and how their logits come from what is before.
type Layer struct {
	Variables
	Logits func(in *graph.Node) *graph.Node // (rows, inputs or N·K of the layer before) → (rows, N·K)
}

// A pass is one way through a chain.
type pass struct {
	in, logits, z []*graph.Node // of every layer
	cost          *graph.Node   // (rows, 1)
}

// A sampler makes a sample of the l-th layer from its logits.
type sampler func(l int, logits *graph.Node) *graph.Node

// through goes the whole way.
func (c Chain) through(sample sampler) pass { return c.from(0, c.X, sample) }

// from goes from the l-th layer on, whose input is in. The pass holds nothing of
// the layers before.
func (c Chain) from(l int, in *graph.Node, sample sampler) pass {
	n := len(c.Layers)
	p := pass{make([]*graph.Node, n), make([]*graph.Node, n), make([]*graph.Node, n), nil}
	for ; l < n; l++ {
		p.in[l] = in
		p.logits[l] = c.Layers[l].Logits(in)
		if w := c.Layers[l].Width(); p.logits[l].Rows != c.X.Rows || p.logits[l].Cols != w {
			panic(fmt.Sprintf("gumbel: the logits of layer %d, %v, are (%d, %d): they must be (%d, %d)", l+1, c.Layers[l].Variables, p.logits[l].Rows, p.logits[l].Cols, c.X.Rows, w))
		}
		p.z[l] = sample(l, p.logits[l])
		in = p.z[l]
	}
	p.cost = c.Cost(in)
	if p.cost.Rows != c.X.Rows || p.cost.Cols != 1 {
		panic(fmt.Sprintf("gumbel: the cost is (%d, %d): it must be (%d, 1)", p.cost.Rows, p.cost.Cols, c.X.Rows))
	}
	return p
}

// noise makes an input of uniform numbers for every layer.
func (c Chain) noise(name string) []*graph.Node {
	u := make([]*graph.Node, len(c.Layers))
	for l, layer := range c.Layers {
		u[l] = c.X.Graph().Input(fmt.Sprintf("%s%d", name, l+1), c.X.Rows, layer.Width())
	}
	return u
}

// hard samples the layers one-hot from their noise.
func (c Chain) hard(u []*graph.Node) sampler {
	return func(l int, logits *graph.Node) *graph.Node {
		return c.Layers[l].Hard(c.Layers[l].Perturbed(logits, u[l]))
	}
}

// relaxed samples the layers at a temperature from their noise.
func (c Chain) relaxed(u []*graph.Node, tau *graph.Node) sampler {
	return func(l int, logits *graph.Node) *graph.Node {
		return c.Layers[l].Relaxed(c.Layers[l].Perturbed(logits, u[l]), tau)
	}
}

// meanField takes every layer's chances for its sample.
func (c Chain) meanField(l int, logits *graph.Node) *graph.Node { return c.Layers[l].Mean(logits) }

// logChance returns log p of a pass of one-hot or bit samples, all layers together,
// (rows, 1).
func (c Chain) logChance(p pass) *graph.Node {
	sum := c.X.Graph().Const(c.X.Rows, 1, 0)
	for l, layer := range c.Layers {
		sum = sum.Add(layer.LogChance(p.z[l], p.logits[l]))
	}
	return sum
}

// Exact returns the objective of the first row of X by going through all samples
// of all layers, (1, 1): a sum, which graph.Grad differentiates as it is. samples
// holds each layer's samples, (combinations, N·K), the values that the inputs
// must be given. It panics where there are more than 4096 combinations.
func (c Chain) Exact() (objective *graph.Node, inputs []*graph.Node, samples [][]float32) {
	combinations := 1
	for _, layer := range c.Layers {
		for range layer.N {
			combinations *= max(layer.K, 2)
			if combinations > 4096 {
				panic(fmt.Sprintf("gumbel: %v has more than 4096 samples to go through", layer.Variables))
			}
		}
	}
	g := c.X.Graph()
	rows := func(n *graph.Node) *graph.Node {
		if n == nil {
			return nil
		}
		first := n
		if n.Rows > 1 {
			first = n.T().Slice(0, 1).T()
		}
		return first.Expand(combinations, n.Cols)
	}
	all := Chain{rows(c.X), c.Layers, c.Cost, c.Prior, rows(c.Beside)}
	for l, layer := range c.Layers {
		inputs = append(inputs, g.Input(fmt.Sprintf("sample%d", l+1), combinations, layer.Width()))
		samples = append(samples, make([]float32, combinations*layer.Width()))
	}
	for i := range combinations {
		rest := i
		for l, layer := range c.Layers {
			for n := range layer.N {
				at, class := i*layer.Width()+n*layer.K, rest%max(layer.K, 2)
				rest /= max(layer.K, 2)
				if layer.Binary() {
					samples[l][at] = float32(class)
				} else {
					samples[l][at+class] = 1
				}
			}
		}
	}
	p := all.through(func(l int, _ *graph.Node) *graph.Node { return inputs[l] })
	return all.logChance(p).Exp().Mul(all.elbo(p).Rows.Neg()).Sum(), inputs, samples
}
