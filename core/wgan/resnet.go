package wgan

import (
	"ganbel/core/graph"
	"ganbel/core/nn"
)

// ResNet declares the residual networks of the authors' CIFAR-10 script (table 3,
// appendix F) for images of 32 by 32 in three colours, in [-1, 1]. dim is 128 there.
// classes, 0 for none, makes them an AC-GAN: batch norm with scales and offsets a
// class in the generator's blocks, and a second head of the critic. As their code
// does, and not their text, a block upsamples before its first convolution.
func ResNet(dim, classes int) func(d, g *nn.Block) Networks {
	return func(d, g *nn.Block) Networks {
		s := of(g)
		norm := func(side int) layer { return batchNorm(s, dim) }
		if classes > 0 {
			norm = func(side int) layer { return s.conditionalNorm(classes, dim, side) }
		}
		generator := chain(s.linear(Latent, 16*dim), rows(16))
		for side := 4; side < 32; side *= 2 {
			generator = chain(generator, residual(
				chain(norm(side), relu, upsample(side), s.conv(dim, dim, 3, 1, 2*side), norm(2*side), relu, s.conv(dim, dim, 3, 1, 2*side)),
				chain(upsample(side), s.conv(dim, dim, 1, 1, 2*side, nn.Begin(nn.Glorot))),
			))
		}
		generator = chain(generator, batchNorm(s, dim), relu, s.conv(dim, 3, 3, 1, 32, nn.Begin(nn.Glorot)), tanh)

		s = of(d)
		same := func(side int) layer {
			return residual(chain(relu, s.conv(dim, dim, 3, 1, side), relu, s.conv(dim, dim, 3, 1, side)), identity)
		}
		features := chain(rows(32*32),
			residual(
				chain(s.conv(3, dim, 3, 1, 32), relu, s.conv(dim, dim, 3, 1, 32), meanPool(32)),
				chain(meanPool(32), s.conv(3, dim, 1, 1, 16, nn.Begin(nn.Glorot))),
			),
			residual(
				chain(relu, s.conv(dim, dim, 3, 1, 16), relu, s.conv(dim, dim, 3, 1, 16), meanPool(16)),
				chain(s.conv(dim, dim, 1, 1, 16, nn.Begin(nn.Glorot)), meanPool(16)),
			),
			same(8), same(8), relu, meanOver(8),
		)
		c := critic{features: features, score: s.linear(dim, 1)}
		if classes > 0 {
			c.classes = s.linear(dim, classes)
		}
		return networks(generator, c)
	}
}

// conditionalNorm is batch norm with a scale and an offset for each class.
func (s *builder) conditionalNorm(classes, channels, side int) layer {
	l := nn.NewConditionalNorm(s.Block, s.name(), classes, channels)
	return func(x *graph.Node, b batch) *graph.Node { return l.Batch(x, b.labels, side) }
}
