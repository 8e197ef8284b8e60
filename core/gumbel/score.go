package gumbel

import (
	"fmt"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

// Baselines say what is taken off a learning signal, the cost, before it
// multiplies ∇log p. Whatever does not depend on the sample leaves the gradient
// unbiased and may make it steadier.
type Baselines struct {
	Average bool // a running mean of the signal
	Input   bool // what a network of 100 tanh units expects of the layer's input and of Chain.Beside
	// Normalise divides the signal by its running standard deviation, where that is
	// above 1.
	Normalise bool

	nets []nn.MLP
}

// decay is how much the running mean and variance of a signal keep of themselves
// in a step, as in Mnih and Gregor (2014).
const decay = .8

// declare adds the network of every layer.
func (b *Baselines) declare(block *nn.Block, c Chain) {
	if !b.Input {
		return
	}
	in := c.X.Cols
	for l, layer := range c.Layers {
		wide := in
		if c.Beside != nil {
			wide += c.Beside.Cols
		}
		b.nets = append(b.nets, nn.NewMLP(block, fmt.Sprintf("baseline%d", l+1), nn.Act("tanh"), nn.GlorotInit, wide, 100, 1))
		in = layer.Width()
	}
}

// apply returns what is left of the learning signal of layer l, (rows, 1), a
// constant to Grad, by how much it was scaled, (1, 1), and what to add to the loss,
// (1, 1), so that the network learns. Running numbers are those of the steps before,
// lest they depend on the sample; the first step has none and only gathers them: its
// signal is 0.
func (b *Baselines) apply(c Chain, l int, in, signal *graph.Node) (left, scale, loss *graph.Node, updates []graph.Update) {
	g := signal.Graph()
	signal, scale, loss = signal.Detach(), g.Const(1, 1, 1), g.Const(1, 1, 0)
	var guess *graph.Node
	if b.Input {
		if c.Beside != nil {
			in = graph.ConcatCols(in, c.Beside)
		}
		guess = b.nets[l].Apply(in.Detach())
		signal = signal.Sub(guess.Detach())
	}
	if b.Average || b.Normalise {
		state := func(name string) *graph.Node {
			return g.State(fmt.Sprintf("estimator.%s%d", name, l+1), 1, 1, 0)
		}
		// Means of the signal and of its square, of which so much is known (Adam's
		// correction for having begun at 0).
		known, mean, square := state("known"), state("mean"), state("square")
		keep := func(s, next *graph.Node) graph.Update {
			return graph.Update{X: s, Next: s.Scale(decay).Add(next.Scale(1 - decay))}
		}
		updates = []graph.Update{keep(known, g.Const(1, 1, 1)), keep(mean, signal.Mean()), keep(square, signal.Square().Mean())}
		m := mean.Div(known)
		if b.Normalise {
			variance := square.Div(known).Sub(m.Square())
			if b.Average {
				signal = signal.Sub(m)
			}
			scale = g.Const(1, 1, 1).Div(variance.Max(g.Const(1, 1, 1)).Sqrt()).Gate(known, 0)
			signal = signal.Mul(scale)
		} else {
			signal = signal.Sub(m)
		}
		signal = signal.Gate(known.Expand(signal.Rows, 1), 0)
	}
	if guess != nil {
		// Its gradient is that of the squared error, in units of the signal's deviation.
		loss = signal.Detach().Mul(guess).Mean().Neg()
	}
	return signal.Detach(), scale, loss, updates
}

// ScoreFunction multiplies the cost, less Baselines, by ∇log p (Williams, 1992):
// unbiased, but for the scale where these normalise, which is that of all
// parameters of a layer alike: a KL that were left as it is would outweigh the rest
// and leave the code unused. With all three baselines it is NVIL (Mnih and Gregor,
// 2014).
type ScoreFunction struct{ Baselines }

// Declare implements Estimator.
func (e *ScoreFunction) Declare(b *nn.Block, c Chain) { e.declare(b, c) }

// Draw implements Estimator.
func (e *ScoreFunction) Draw(c Chain, _ *graph.Node) Draw {
	u := c.noise("u")
	p := c.through(c.hard(u))
	out := c.draw(p, u...)
	out.Loss = out.Cost
	for l, layer := range c.Layers {
		scale := out.score(c, l, p, p.cost, &e.Baselines)
		if c.Prior != nil { // the KL's gradient by the prior stays, by q it is scaled
			out.Loss = out.Loss.Add(layer.KL(p.logits[l].Detach(), c.Prior).Mean()).Add(scale.Mul(layer.KL(p.logits[l], c.Prior.Detach()).Mean()))
		}
	}
	return out
}

// score adds signal·∇log p of layer l to the estimate, less the baselines, and
// returns by how much these scaled it.
func (d *Draw) score(c Chain, l int, p pass, signal *graph.Node, b *Baselines) (scale *graph.Node) {
	left, scale, learn, updates := b.apply(c, l, p.in[l], signal)
	d.Loss = d.Loss.Add(left.Mul(c.Layers[l].LogChance(p.z[l], p.logits[l])).Mean()).Add(learn)
	d.Updates = append(d.Updates, updates...)
	return scale
}

// MuProp is the score function with the cost's Taylor expansion around a
// mean-field pass for its baseline, and the expansion's own gradient added (Gu,
// Levine, Sutskever and Mnih, 2016): unbiased, but for the scale of what the
// expansion leaves over where Baselines normalise.
type MuProp struct{ Baselines }

// Declare implements Estimator.
func (e *MuProp) Declare(b *nn.Block, c Chain) { e.declare(b, c) }

// Draw implements Estimator.
func (e *MuProp) Draw(c Chain, _ *graph.Node) Draw {
	u := c.noise("u")
	p, mean := c.through(c.hard(u)), c.through(c.meanField)
	slopes := graph.Grad(mean.cost.Sum(), mean.z...)
	out := c.draw(p, u...)
	for l, layer := range c.Layers {
		slope := slopes[l].Detach()
		signal := p.cost.Sub(mean.cost).Sub(slope.Mul(p.z[l].Sub(mean.z[l])).SumCols())
		out.score(c, l, p, signal, &e.Baselines)
		out.Loss = out.Loss.Add(slope.Mul(layer.Mean(p.logits[l])).SumCols().Mean())
	}
	return out
}

// VIMCO is of the bound of several samples, -log (1/m) Σ e^-cost, where each
// sample's baseline is the bound with the others' geometric mean in its place
// (Mnih and Rezende, 2016): unbiased. With a prior the cost is -log p(X|z)
// - log p(z) + log q(z|X), and the bound that of importance sampling.
type VIMCO struct {
	plain
	Samples int // m, 2 or more
}

// Draw implements Estimator. Value is of m samples. Cost is the same; KL is 0,
// since it is within.
func (e VIMCO) Draw(c Chain, _ *graph.Node) Draw {
	m, rows := e.Samples, c.X.Rows
	if m < 2 {
		panic(fmt.Sprintf("gumbel: VIMCO with %d samples: there must be 2 or more", m))
	}
	// The rows of X m times over: sample j of row i is row j·rows + i.
	again := func(n *graph.Node) *graph.Node {
		if n == nil {
			return nil
		}
		return n.Reshape(1, n.Len()).Expand(m, n.Len()).Reshape(m*rows, n.Cols)
	}
	all := c
	all.X, all.Beside = again(c.X), again(c.Beside)
	// A cost that looks at its row sees as many rows as X has, and so is asked sample
	// by sample.
	all.Cost = func(z *graph.Node) *graph.Node {
		var costs []*graph.Node
		for j := range m {
			costs = append(costs, c.Cost(slab(z, j, m)))
		}
		return graph.ConcatCols(costs...).T().Reshape(m*rows, 1)
	}
	u := all.noise("u")
	p := all.through(all.hard(u))
	w := all.logWeight(p).Reshape(m, rows).T() // (rows, m)
	bound := w.LogMeanExp()
	var signals []*graph.Node
	for j := range m {
		var others []*graph.Node
		if j > 0 {
			others = append(others, w.Slice(0, j))
		}
		if j < m-1 {
			others = append(others, w.Slice(j+1, m))
		}
		rest := graph.ConcatCols(others...)
		with := graph.ConcatCols(rest, rest.SumCols().Scale(1/float64(m-1)))
		signals = append(signals, bound.Sub(with.LogMeanExp()))
	}
	signal := graph.ConcatCols(signals...).Detach() // (rows, m)
	score := signal.Mul(all.logChance(p).Reshape(m, rows).T()).SumCols()
	value := bound.Mean().Neg()
	return Draw{Value: value, Cost: value, KL: c.X.Graph().Const(1, 1, 0), Loss: value.Sub(score.Mean()), Logits: p.logits, Z: p.z, Noise: u}
}

// slab returns the j-th of m equal runs of rows.
func slab(n *graph.Node, j, m int) *graph.Node {
	each := n.Len() / m
	return n.Reshape(1, n.Len()).Slice(j*each, (j+1)*each).Reshape(n.Rows/m, n.Cols)
}
