package wgan

import (
	"math"

	"ganbel/core/nn"
)

// LSUN128 declares the residual networks of the authors' prototype for images of 128
// by 128 in three colours, in [-1, 1] (figure 4). dim is 64 there.
func LSUN128(dim int, m Method) func(d, g *nn.Block) Networks {
	norm := m.criticNorm()
	half := nn.Begin(func(in, out int) nn.Init { return nn.Uniform(.5 * math.Sqrt(4/float64(in+out))) }) // after upsampling
	return func(d, g *nn.Block) Networks {
		s := of(g)
		generator := chain(
			s.linear(Latent, 16*8*dim), rows(16),
			s.resUp(8*dim, 8*dim, 4, half), s.resUp(8*dim, 4*dim, 8, half), s.resUp(4*dim, 2*dim, 16, half), s.resUp(2*dim, dim, 32, half),
			batchNorm(s, dim), relu, upsample(64), s.conv(dim, 3, 5, 1, 128, half), tanh,
		)
		s = of(d)
		down := func(in, out, side int) layer {
			return residual(
				chain(norm(s, in), relu, s.conv(in, in, 3, 1, side, nn.NoBias), norm(s, in), relu, s.conv(in, out, 3, 2, side)),
				chain(meanPool(side), s.conv(in, out, 1, 1, side/2, nn.Begin(nn.Glorot))),
			)
		}
		same := func(channels, side int) layer {
			return residual(
				chain(norm(s, channels), relu, s.conv(channels, channels, 3, 1, side, nn.NoBias), norm(s, channels), relu, s.conv(channels, channels, 3, 1, side)),
				identity,
			)
		}
		features := chain(rows(128*128), s.conv(3, 2*dim, 5, 2, 128),
			down(2*dim, 4*dim, 64), down(4*dim, 8*dim, 32), down(8*dim, 16*dim, 16), same(16*dim, 8), same(16*dim, 8), meanOver(8))
		return networks(generator, critic{features: features, score: s.linear(16*dim, 1)})
	}
}
