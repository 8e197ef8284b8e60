package gumbel

import (
	"fmt"
	"math"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

// A SemiModel is the three networks of section 4.3 over images x, classes y and
// Gaussian codes z, all of them convolutional:
//
//   - q(y|x): three convolutions, each with a ReLU, and a linear layer to K logits.
//   - q(z|x,y): three convolutions, each with a ReLU, and two linear layers to the
//     mean and the log-variance of z. y is added to the first convolution's output,
//     before its ReLU, as a linear map of it: every class has a number of its own for
//     every place and channel.
//   - p(x|y,z): four transposed convolutions with a ReLU between them, to Bernoulli
//     logits. The first makes of z as of an image of one place the last of the
//     encoder's feature layers, to which y is added as there; so it is a linear layer.
//
// The paper tells no sizes. Here all kernels are 5 by 5 with stride 2 and SAME
// padding, so that 28 by 28 pixels become 14, 7 and 4 and back, with Channels,
// 2·Channels and 4·Channels features.
type SemiModel struct {
	K, Z, Channels int // classes, numbers of z, features of the first layer

	sides                [4][2]int // rows and columns of the image and of the features
	classify, infer      [3]nn.Conv
	logits, mean, logVar nn.Linear
	generate             nn.Linear
	deconvs              [3]nn.Deconv
	seen, drawn          *nn.Param // what y adds to q(z|x,y) and to p(x|y,z), a row a class
}

// semiKernel is the side of all kernels, semiStride their stride.
const semiKernel, semiStride = 5, 2

// NewSemiModel declares the networks in b, for images of the given size, classes k,
// z numbers of code and channels features of the first layer, all at least 1.
func NewSemiModel(b *nn.Block, rows, cols, k, z, channels int) *SemiModel {
	m := &SemiModel{K: k, Z: z, Channels: channels}
	m.sides[0] = [2]int{rows, cols}
	for i := range 3 {
		m.sides[i+1] = [2]int{(m.sides[i][0] + 1) / semiStride, (m.sides[i][1] + 1) / semiStride}
	}
	encoder := func(name string) (c [3]nn.Conv) {
		for i := range c {
			c[i] = nn.NewConv(b, fmt.Sprintf("%s.%d", name, i), m.features(i), m.features(i+1), semiKernel, semiStride)
		}
		return c
	}
	linear := func(name string, in, out int) nn.Linear { return nn.NewLinear(b, name, in, out, nn.Glorot(in, out)) }
	class := func(name string, out int) *nn.Param { return b.Add(name+".w", k, out, nn.Glorot(k, out)) }
	last := m.size(3)
	m.classify = encoder("classify")
	m.logits = linear("classify.3", last, k)
	m.infer = encoder("infer")
	m.seen = class("infer.class", m.size(1))
	m.mean, m.logVar = linear("infer.mean", last, z), linear("infer.variance", last, z)
	m.generate = linear("generate.0", z, last)
	m.drawn = class("generate.class", last)
	for i := range m.deconvs {
		m.deconvs[i] = nn.NewDeconv(b, fmt.Sprintf("generate.%d", i+1), m.features(3-i), m.features(2-i), semiKernel, semiStride)
	}
	return m
}

// features returns how many features the i-th layer has; the image is layer 0.
func (m *SemiModel) features(i int) int {
	if i == 0 {
		return 1
	}
	return m.Channels << (i - 1)
}

// places returns how many places the i-th layer has, and size its numbers.
func (m *SemiModel) places(i int) int { return m.sides[i][0] * m.sides[i][1] }
func (m *SemiModel) size(i int) int   { return m.places(i) * m.features(i) }

// first is the first convolution of images x, (n, pixels), before its ReLU: (n, size).
func (m *SemiModel) first(c [3]nn.Conv, x *graph.Node) *graph.Node {
	return c[0].Apply(x.Reshape(x.Len(), 1), x.Rows, m.sides[0][0], m.sides[0][1]).Reshape(x.Rows, m.size(1))
}

// rest goes on from first's output to the last features, (n, size).
func (m *SemiModel) rest(c [3]nn.Conv, h *graph.Node) *graph.Node {
	n := h.Rows
	h = h.ReLU().Reshape(n*m.places(1), m.features(1))
	for i := 1; i < 3; i++ {
		h = c[i].Apply(h, n, m.sides[i][0], m.sides[i][1]).ReLU()
	}
	return h.Reshape(n, m.size(3))
}

// Classify returns the logits of q(y|x), (n, K), of images x, (n, pixels).
func (m *SemiModel) Classify(x *graph.Node) *graph.Node {
	return m.logits.Apply(m.rest(m.classify, m.first(m.classify, x)))
}

// An addClass adds to h, (n, size), what its rows' classes are worth there: w, (K,
// size), holds that of each class.
type addClass func(h, w *graph.Node) *graph.Node

// addGiven is for classes y, (n, K), one-hot or relaxed.
func addGiven(y *graph.Node) addClass {
	return func(h, w *graph.Node) *graph.Node { return h.Add(y.MatMul(w)) }
}

// addAll is for all K classes in turn: rows K·i … K·i+K-1 are of one image.
func (m *SemiModel) addAll(h, w *graph.Node) *graph.Node {
	return h.Reshape(h.Rows/m.K, m.K*h.Cols).Add(w.Reshape(1, w.Len())).Reshape(h.Rows, h.Cols)
}

// each returns n with every row K times, for addAll.
func (m *SemiModel) each(n *graph.Node) *graph.Node {
	parts := make([]*graph.Node, m.K)
	for i := range parts {
		parts[i] = n
	}
	return graph.ConcatCols(parts...).Reshape(n.Rows*m.K, n.Cols)
}

// code returns the mean and the log-variance of q(z|x,y), (n, Z), where h is the
// first convolution of x.
func (m *SemiModel) code(h *graph.Node, y addClass) (mean, logVar *graph.Node) {
	h = m.rest(m.infer, y(h, m.seen.Node))
	return m.mean.Apply(h), m.logVar.Apply(h)
}

// draw returns the logits of p(x|y,z), (n, pixels), of codes z, (n, Z).
func (m *SemiModel) draw(z *graph.Node, y addClass) *graph.Node {
	n := z.Rows
	h := y(m.generate.Apply(z), m.drawn.Node)
	for i, d := range m.deconvs {
		from, to := m.sides[3-i], m.sides[2-i]
		h = d.Apply(h.ReLU().Reshape(n*m.places(3-i), m.features(3-i)), n, from[0], from[1])
		h = crop(h, n, semiStride*from[0], semiStride*from[1], to[0], to[1])
	}
	return h.Reshape(n, m.places(0))
}

// crop keeps the first rows and columns of n images of h by w: (n·h·w, c) becomes
// (n·rows·cols, c).
func crop(x *graph.Node, n, h, w, rows, cols int) *graph.Node {
	c := x.Cols
	x = x.Reshape(n*h, w*c).Slice(0, cols*c)
	return x.Reshape(n, h*cols*c).Slice(0, rows*cols*c).Reshape(n*rows*cols, c)
}

// bound returns -L(x, y) of section 3.3, (n, 1), in nats, with one z each:
//
//	log p(x|y,z) + log p(y) - KL[q(z|x,y) ‖ p(z)],  p(y) = 1/K,  p(z) = N(0, 1)
//
// h is the first convolution of x, and z = mean + deviation·eps.
func (m *SemiModel) bound(x, h, eps *graph.Node, y addClass) *graph.Node {
	mean, logVar := m.code(h, y)
	z := mean.Add(logVar.Scale(.5).Exp().Mul(eps))
	return ELBO(Bernoulli(m.draw(z, y), x), KLNormal(mean, logVar)).Rows.AddConst(-math.Log(float64(m.K)))
}

// Labelled returns -L(x, y), (n, 1), in nats, of images x, (n, pixels), with classes
// y, (n, K), and standard normal noise eps, (n, Z).
func (m *SemiModel) Labelled(x, y, eps *graph.Node) *graph.Node {
	return m.bound(x, m.first(m.infer, x), eps, addGiven(y))
}

// Marginal returns -U(x), (n, 1), in nats, of images x, (n, pixels), by going through
// all classes:
//
//	Σ q(y|x)·(-L(x, y)) + H(q(y|x))
//
// which is equation 9 with the logarithm that it lacks in print. Every class has a z
// of its own, and those of one image share its noise eps, (n, Z). The three networks
// run on n·K rows but for q(y|x) and the first convolution of q(z|x,y), which do not
// see y. logits are Classify(x).
func (m *SemiModel) Marginal(x, logits, eps *graph.Node) *graph.Node {
	bound := m.bound(m.each(x), m.each(m.first(m.infer, x)), m.each(eps), m.addAll).Reshape(x.Rows, m.K)
	logq := logits.LogSoftmax()
	return logq.Exp().TimesLog(bound.Sub(logq)).SumCols()
}

// Sampled returns an estimate of -U(x), (n, 1), in nats, with one sample y of q(y|x),
// (n, K), relaxed or one-hot:
//
//	-L(x, y) - log p(y) - KL[q(y|x) ‖ p(y)]
//
// The divergence is the categorical one, and y enters nowhere but in the networks.
func (m *SemiModel) Sampled(x, logits, y, eps *graph.Node) *graph.Node {
	return m.Labelled(x, y, eps).AddConst(math.Log(float64(m.K))).Sub(KLUniform(logits))
}
