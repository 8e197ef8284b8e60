package gumbel

import (
	"fmt"
	"math"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

// A Bound is the evidence lower bound on log p(x), and its parts, in nats.
type Bound struct {
	Loss *graph.Node // -ELBO, the mean over the rows, (1, 1): Cost + KL
	Cost *graph.Node // mean -log p(x|z), (1, 1)
	KL   *graph.Node // mean KL[q(z|x) ‖ p(z)], (1, 1)
	Rows *graph.Node // ELBO of every row, (rows, 1)
}

// ELBO is the objective of section 4.2, the evidence lower bound:
//
//	log p(x) ≥ E_q(z|x)[log p(x|z)] - KL[q(z|x) ‖ p(z)]
//
// cost is -log p(x|z) of one sample z of q(z|x) a row in place of the expectation, and kl
// the divergence, such as Variables.KL; both are (rows, 1). If z is relaxed kl is still
// that of the discrete variables, and the result, which the paper trains with, bounds
// nothing. If there is no prior, as in section 4.1, kl is the constant 0.
func ELBO(cost, kl *graph.Node) Bound {
	b := Bound{Cost: cost.Mean(), KL: kl.Mean(), Rows: cost.Neg().Sub(kl)}
	b.Loss = b.Cost.Add(b.KL)
	return b
}

// Bernoulli returns -log p(x|z) of every row, (rows, 1), where z's decoder gives the
// logits of every pixel of x, both (rows, pixels): the cost of all of section 4's models.
func Bernoulli(logits, x *graph.Node) *graph.Node { return nn.CrossEntropy(logits, x).SumCols() }

// elbo returns the bound of a pass: with a prior that of section 4.2, without one -cost.
func (c Chain) elbo(p pass) Bound {
	p.cost.Mean() // comes first in a program, before anything of the divergence: the cost's room is free then
	return ELBO(p.cost, c.kl(p.logits[0]))
}

// logWeight returns the bound's integrand of a pass of one-hot or bit samples, (rows, 1):
//
//	log p(X|z) + log p(z) - log q(z|X)
//
// or without a prior -cost. Its mean over many samples is the ELBO, and the logarithm of
// the mean of e to it the bound of many samples.
func (c Chain) logWeight(p pass) *graph.Node {
	w := p.cost.Neg()
	if c.Prior != nil {
		v := c.Layers[0].Variables
		w = w.Add(v.LogChance(p.z[0], c.Prior.Expand(c.X.Rows, v.Width()))).Sub(c.logChance(p))
	}
	return w
}

// kl returns KL[q ‖ p] of the first layer, (rows, 1), 0 where there is no prior.
func (c Chain) kl(logits *graph.Node) *graph.Node {
	if c.Prior == nil {
		return c.X.Graph().Const(c.X.Rows, 1, 0)
	}
	if len(c.Layers) != 1 {
		panic(fmt.Sprintf("gumbel: a prior with %d layers: there must be one", len(c.Layers)))
	}
	return c.Layers[0].KL(logits, c.Prior)
}

// KL returns KL[q ‖ p] of every row, (rows, 1), where the logits are q's and
// prior, (1, N·K) or one row each, are p's. It is that of the discrete
// variables, not of relaxed ones.
func (v Variables) KL(logits, prior *graph.Node) *graph.Node {
	uniform := prior.Op == graph.Const
	prior = prior.Expand(logits.Rows, v.Width())
	switch {
	case v.Binary():
		return klBits(logits, prior).SumCols()
	case uniform: // all logits are equal, whatever they are
		return KLUniform(v.each(logits)).Reshape(logits.Rows, v.N).SumCols()
	}
	return KL(v.each(logits), v.each(prior)).Reshape(logits.Rows, v.N).SumCols()
}

// KLUniform returns Σ q·(log q - log 1/K) of every row of logits, (rows, 1): the
// categorical, not relaxed, divergence from the uniform prior over K classes. A class
// whose logit is -Inf adds nothing.
func KLUniform(logits *graph.Node) *graph.Node {
	logq := logits.LogSoftmax()
	return logq.Exp().TimesLog(logq.AddConst(math.Log(float64(logits.Cols)))).SumCols()
}

// KL returns Σ q·(log q - log p) of every row of logits, (rows, 1), where p has
// the logits prior, of the same shape. A class whose logit is -Inf adds nothing; one
// whose logit is -Inf in prior alone makes the divergence +Inf.
func KL(logits, prior *graph.Node) *graph.Node {
	logq := logits.LogSoftmax()
	return logq.Exp().TimesLog(logq.Sub(prior.LogSoftmax())).SumCols()
}

// klBits returns KL[q ‖ p] of every bit, of the shape of both logits:
//
//	q·(log q - log p) + (1-q)·(log(1-q) - log(1-p))    with log q = -softplus(-l)
//
// No term is the difference of numbers as large as the logits, which would cancel, and
// q is e to log q, since the slope of that, q·σ(-l), has no 1 - q, which would, too.
func klBits(logits, prior *graph.Node) *graph.Node {
	half := func(sign float64) *graph.Node {
		logq, logp := logits.Scale(-sign).Softplus().Neg(), prior.Scale(-sign).Softplus().Neg()
		return logq.Exp().TimesLog(logq.Sub(logp))
	}
	return half(1).Add(half(-1))
}

// KLNormal returns KL[N(mean, e^logVar) ‖ N(0, 1)] of every row, (rows, 1), where the
// normal variables of a row are independent: ½·Σ (mean² + e^logVar - logVar - 1).
func KLNormal(mean, logVar *graph.Node) *graph.Node {
	return mean.Square().Add(logVar.Exp()).Sub(logVar).AddConst(-1).SumCols().Scale(.5)
}
