// Package gumbel is "Categorical Reparameterization with Gumbel-Softmax" (Jang, Gu
// and Poole, 2017): choices z between K classes, through which no gradient goes,
// replaced by relaxed ones y, through which it does.
//
// It stands here twice: as nodes of a graph, with which a model is trained, and in
// plain float64 numbers, to look at. Both take logits, which are log πᵢ up to a
// constant that all classes share, and uniform numbers u on (0, 1), such as those of
// a random.Stream. A draw can so be repeated, and two temperatures or two estimators
// compared on the same noise. The package's example trains a model from scratch.
//
// # Section 2: the distribution
//
// With Gumbel noise g = -log(-log u), see [Noise], and a temperature τ:
//
//   - Equation 1, the Gumbel-Max trick: z = one_hot(argmax(gᵢ + log πᵢ)). [Max]
//   - Equation 2, the Gumbel-Softmax distribution: y = softmax((log π + g)/τ).
//     [Softmax] in a graph, [Sample] in numbers.
//   - Equation 3, its density. [LogDensity]
//   - Between two classes: y = σ((log α + log u - log(1-u))/τ), α = π/(1-π).
//     [SampleBinary], [LogDensityBinary]
//   - Figure 1, how y leads from z to the uniform vector as τ rises. [Distributions]
//
// # Section 2.2: gradients
//
// The relaxed sample's gradients are those of the graph: graph.Grad of anything made
// of [Softmax]. The Straight-Through Gumbel-Softmax estimator, z going forward and
// the gradient of y going backward, is Softmax(logits, u, tau).StraightThrough().
// [Categorical] measures how biased both are and how much they scatter.
//
// # Section 3: estimators
//
// A [Chain] is an expectation over layers of discrete [Variables]. An [Estimator] makes
// draws of it whose loss has an estimate of its gradient: [GumbelSoftmax], those that
// the paper compares with, [ScoreFunction], [DARN], [MuProp] and [StraightThrough], and later
// ones, [VIMCO], [REBAR] and [ARM]. [Gradients] holds all against the exact gradient.
//
// # Section 4: models
//
//   - Section 4.1, structured output prediction. [SOP]
//   - Section 4.2, an autoencoder whose code is discrete; the KL is that of the
//     discrete code. [ELBO], [VAE]
//   - Section 4.3, semi-supervised learning. [Semi], and [ClassCost] for figure 5(a)
//
// [Table1] is what the paper reports of the first two. Each trains while a [Schedule]
// lowers τ.
//
// # What goes wrong
//
// A graph that does not fit together panics where it is built, with the shapes. The
// functions of plain numbers return an error that names the number at fault and says
// what would be right; none returns a NaN.
package gumbel

import "ganbel/core/graph"

// Noise returns Gumbel(0, 1) noise from uniform numbers u on (0, 1): -log(-log u),
// section 2.1. It is infinite where u is 0 or 1, which random.Uniform
// never gives.
func Noise(u *graph.Node) *graph.Node { return u.Log().Neg().Log().Neg() }

// Softmax is equation 2: y = softmax((logits + g)/τ) of every row, with Gumbel
// noise from the uniform u. logits and u are (rows, classes), tau is (1, 1).
// For the straight-through estimator use Softmax(…).StraightThrough(). A class whose
// logit is -Inf is never drawn. It panics if tau is a constant that is not positive.
func Softmax(logits, u, tau *graph.Node) *graph.Node {
	checkConst(tau)
	return logits.Add(Noise(u)).Div(tau).Softmax()
}
