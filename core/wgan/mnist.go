package wgan

import "ganbel/core/nn"

// Latent is the dimensions of z in all networks for images and text.
const Latent = 128

// MNIST declares the networks of the authors' MNIST script for images of 28 by 28 in
// [0, 1]: three convolutions each, of dim, 2·dim and 4·dim channels, dim being 64
// there. Only with clipped weights they have batch norm.
func MNIST(dim int, m Method) func(d, g *nn.Block) Networks {
	norm := noNorm
	if m.Rule == Clip {
		norm = batchNorm
	}
	return func(d, g *nn.Block) Networks {
		s := of(g)
		generator := chain(
			s.linear(Latent, 16*4*dim), norm(s, 16*4*dim), relu, rows(16),
			s.deconv(4*dim, 2*dim, 4), norm(s, 2*dim), relu, crop(8, 7),
			s.deconv(2*dim, dim, 7), norm(s, dim), relu,
			s.deconv(dim, 1, 14), each(nn.Act("sigmoid")),
		)
		s = of(d)
		features := chain(rows(28*28),
			s.conv(1, dim, 5, 2, 28), leaky,
			s.conv(dim, 2*dim, 5, 2, 14), norm(s, 2*dim), leaky,
			s.conv(2*dim, 4*dim, 5, 2, 7), norm(s, 4*dim), leaky,
			flat,
		)
		return networks(generator, critic{features: features, score: s.linear(16*4*dim, 1)})
	}
}
