package wgan

import "ganbel/core/nn"

// CIFAR declares the DCGAN-size networks of the authors' CIFAR-10 script (figure 3)
// for images of 32 by 32 in three colours, in [-1, 1]. dim is 128 there. The
// generator has batch norm; the critic has it but with a penalty.
func CIFAR(dim int, m Method) func(d, g *nn.Block) Networks {
	norm := batchNorm
	if m.Penalised() {
		norm = noNorm
	}
	return func(d, g *nn.Block) Networks {
		s := of(g)
		generator := chain(
			s.linear(Latent, 16*4*dim), batchNorm(s, 16*4*dim), relu, rows(16),
			s.deconv(4*dim, 2*dim, 4), batchNorm(s, 2*dim), relu,
			s.deconv(2*dim, dim, 8), batchNorm(s, dim), relu,
			s.deconv(dim, 3, 16), tanh,
		)
		s = of(d)
		features := chain(rows(32*32),
			s.conv(3, dim, 5, 2, 32), leaky,
			s.conv(dim, 2*dim, 5, 2, 16), norm(s, 2*dim), leaky,
			s.conv(2*dim, 4*dim, 5, 2, 8), norm(s, 4*dim), leaky,
			flat,
		)
		return networks(generator, critic{features: features, score: s.linear(16*4*dim, 1)})
	}
}
