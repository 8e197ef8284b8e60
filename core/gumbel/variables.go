package gumbel

import (
	"fmt"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

// Variables are the discrete variables of a layer: N independent ones, each with K
// logits. K is the number of classes, and a sample is one-hot; or K is 1, and a
// sample is a bit, whose logit is the log-odds of 1.
//
// Logits, samples and the uniform noise that these are drawn with are
// (rows, N·K), the variables of a row side by side.
type Variables struct{ N, K int }

// Bits are n Bernoulli variables.
func Bits(n int) Variables { return Variables{n, 1} }

// Width returns the number of logits of all variables, N·K.
func (v Variables) Width() int { return v.N * v.K }

// Binary reports whether the variables are bits.
func (v Variables) Binary() bool { return v.K == 1 }

// String returns such as "200 bits" or "20×10".
func (v Variables) String() string {
	if v.Binary() {
		return fmt.Sprintf("%d bits", v.N)
	}
	return fmt.Sprintf("%d×%d", v.N, v.K)
}

// each returns (rows, N·K) with a row for every variable, (rows·N, K).
func (v Variables) each(n *graph.Node) *graph.Node {
	if n.Cols != v.Width() {
		panic(fmt.Sprintf("gumbel: (%d, %d) for %v: there must be %d columns", n.Rows, n.Cols, v, v.Width()))
	}
	return n.Reshape(n.Rows*v.N, v.K)
}

// joined is each's inverse.
func (v Variables) joined(n *graph.Node) *graph.Node { return n.Reshape(n.Len()/v.Width(), v.Width()) }

// Perturbed returns the logits with noise from the uniform u: Gumbel noise, or
// for bits its difference, logistic noise log u - log(1-u). Where a class's is the
// greatest, or a bit's is positive, that is what is drawn (equation 1).
func (v Variables) Perturbed(logits, u *graph.Node) *graph.Node {
	if v.Binary() {
		return logits.Add(u.Log().Sub(u.OneMinus().Log()))
	}
	return logits.Add(Noise(u))
}

// Hard returns the one-hot or bit sample of perturbed logits. It has no gradient.
func (v Variables) Hard(perturbed *graph.Node) *graph.Node {
	if v.Binary() {
		return perturbed.Step(0)
	}
	return v.joined(v.each(perturbed).OneHotMax())
}

// Relaxed returns the sample of perturbed logits at a temperature, (1, 1):
// equation 2, or for bits a sigmoid. It panics if tau is a constant that is not positive.
func (v Variables) Relaxed(perturbed, tau *graph.Node) *graph.Node {
	checkConst(tau)
	return v.Mean(perturbed.Div(tau))
}

// Mean returns the chances that belong to logits.
func (v Variables) Mean(logits *graph.Node) *graph.Node {
	if v.Binary() {
		return logits.Sigmoid()
	}
	return v.joined(v.each(logits).Softmax())
}

// LogChance returns log p(z) of a one-hot or bit sample, the variables of a row
// together, (rows, 1).
func (v Variables) LogChance(z, logits *graph.Node) *graph.Node {
	return v.logChances(z, logits).SumCols()
}

// logChances returns log p of every variable of a sample, (rows, N).
func (v Variables) logChances(z, logits *graph.Node) *graph.Node {
	if v.Binary() {
		return nn.CrossEntropy(logits, z).Neg()
	}
	return v.each(z).TimesLog(v.each(logits).LogSoftmax()).SumCols().Reshape(z.Rows, v.N)
}
