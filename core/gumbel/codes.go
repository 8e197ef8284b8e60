package gumbel

import (
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// codes are the graphs that look into a VAE's codes, apart from training: what it
// says of a person's digit, what it draws of a person's code, which classes it
// uses, and what relaxing its samples hides.
type codes struct {
	image, code, drawn          *graph.Node // a person's digit, (1, pixels), and code, (1, N·K); what is decoded of it
	u, chances, sample, redrawn *graph.Node // of the digit: noise, q(z|x), its relaxed sample, and what is decoded of that
	usage                       *graph.Node // mean q(z|x) of test digits, (1, N·K)
	relaxed, discrete           *graph.Node // ELBO of test digits, (1, 1)

	decode, encode, use, gap program.Machine
}

// newCodes adds the graphs to that of v, whose networks and inputs there are.
func newCodes(v *VAE, g *graph.Graph, dec nn.MLP) codes {
	code := v.Width()
	var c codes
	c.image, c.code, c.u = g.Input("own x", 1, v.pixels), g.Input("own code", 1, code), g.Input("own u", 1, code)
	c.drawn = dec.Apply(c.code).Sigmoid()
	c.decode = v.run.Look(c.drawn)

	logits := v.model(c.image).Layers[0].Logits(c.image)
	c.chances, c.sample = v.Mean(logits), v.Relaxed(v.Perturbed(logits, c.u), v.tau)
	c.redrawn = dec.Apply(c.sample).Sigmoid()
	c.encode = v.run.Look(c.chances, c.sample, c.redrawn)

	c.usage = v.Mean(v.bounds.first).SumRows().Scale(1. / testDigits)
	c.use = v.run.Look(c.usage)

	// One digit, one sample: both ELBO share the digits, the noise and the KL.
	chain := v.model(v.bounds.x)
	kl := chain.kl(v.bounds.first)
	perturbed := v.Perturbed(v.bounds.first, v.bounds.noise[0])
	elbo := func(z *graph.Node) *graph.Node { return ELBO(chain.Cost(z), kl).Loss.Neg() }
	c.relaxed, c.discrete = elbo(v.Relaxed(perturbed, v.tau)), elbo(v.Hard(perturbed))
	c.gap = v.run.Look(c.relaxed, c.discrete)
	return c
}

// Decode returns what the decoder draws of a code: every pixel's chance to be
// white, (pixels). The code is (N, K), its rows points of the simplex, one-hot or
// not. It panics where the code has another number of elements. The result is
// valid until the next.
func (v *VAE) Decode(code []float32) []float32 {
	v.run.Memory.Write(v.codes.code, code)
	v.codes.decode.Run()
	return v.codes.decode.Read(v.codes.drawn)
}

// Encode returns what the encoder says of an image of as many pixels as the
// digits, in [0, 1]: the chances q(z|x), (N, K), a relaxed sample of them at the
// present temperature, (N, K), and what the decoder draws of that sample,
// (pixels). The noise is always the same, so that only the image, learning and
// the temperature move it. It panics where the image has another number of
// pixels. The results are valid until the next.
func (v *VAE) Encode(image []float32) (chances, code, reconstruction []float32) {
	c := &v.codes
	v.run.Memory.Write(c.image, image)
	r := v.looked
	r.Seek(0)
	v.run.Memory.Uniform(c.u, r)
	c.encode.Run()
	return c.encode.Read(c.chances), c.encode.Read(c.sample), c.encode.Read(c.redrawn)
}

// Usage returns the mean of q(z|x) over the first 100 test digits, (N, K): how
// often the code uses each class. A class near 0 is dead. There must be so many
// test digits. It is valid until the next.
func (v *VAE) Usage() []float32 {
	v.loadTest()
	v.codes.use.Run()
	return v.codes.use.Read(v.codes.usage)
}

// Gap returns the ELBO of section 4.2 over the first 100 test digits, in nats a
// digit, twice: with the relaxed samples that the VAE is trained with, at the
// present temperature, and with the one-hot samples that it is meant for. Both
// have one sample a digit, of the same noise, which is always the same. With
// relaxed samples the decoder sees more of the digit than a code can say, so
// that bound is none: the difference tells by how much. There must be so many
// test digits.
func (v *VAE) Gap() (relaxed, discrete float64) {
	v.loadTest()
	v.run.Memory.Uniform(v.bounds.noise[0], v.measured)
	c := &v.codes
	c.gap.Run()
	return c.gap.Scalar(c.relaxed), c.gap.Scalar(c.discrete)
}

// loadTest loads the first test digits, as Bound does, and leaves its stream there.
func (v *VAE) loadTest() {
	r := v.measured
	r.Seek(0)
	var index [testDigits]int
	for i := range index {
		index[i] = i
	}
	v.load(v.bounds.x, v.Test, index[:], r)
}
