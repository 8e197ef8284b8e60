package wgan

import (
	"ganbel/core/graph"
	"ganbel/core/nn"
)

// LSUNNames are the networks for images of 64 by 64: figure 2's rows in their order,
// and last those that the authors' code calls good.
var LSUNNames = []string{"baseline", "constant", "mlp", "no-norm", "gated", "tanh", "resnet-101", "good"}

// LSUN declares the networks of that name (section 5.2, appendix E) for images of 64
// by 64 in three colours, in [-1, 1]. dim is 64 there. What the critic normalises
// with is the method's. It panics for another name.
func LSUN(name string, dim int, m Method) func(d, g *nn.Block) Networks {
	norm := m.criticNorm()
	return func(d, g *nn.Block) Networks {
		switch name {
		case "baseline":
			return networks(dcganGenerator(dcgan(g), dim, batchNorm, relu), dcganCritic(dcgan(d), dim, norm, leaky))
		case "constant": // no batch norm and a constant number of filters in the generator
			return networks(constantGenerator(of(g), dim), dcganCritic(dcgan(d), dim, norm, leaky))
		case "mlp": // four layers of 512 units in the generator
			return networks(mlpGenerator(of(g), 8*dim), dcganCritic(dcgan(d), dim, norm, leaky))
		case "no-norm": // in neither
			return networks(dcganGenerator(dcgan(g), dim, noNorm, relu), dcganCritic(dcgan(d), dim, noNorm, leaky))
		case "gated":
			return networks(gatedGenerator(of(g), dim), gatedCritic(of(d), dim, norm))
		case "tanh": // nonlinearities everywhere
			return networks(dcganGenerator(dcgan(g), dim, batchNorm, tanh), dcganCritic(dcgan(d), dim, norm, tanh))
		case "resnet-101":
			return networks(bottleneckGenerator(of(g), dim), bottleneckCritic(of(d), dim, norm))
		case "good":
			return networks(goodGenerator(of(g), dim), goodCritic(of(d), dim, norm))
		}
		panic("wgan: no networks " + name)
	}
}

func dcganGenerator(s *builder, dim int, norm normaliser, act layer) layer {
	return chain(
		s.linear(Latent, 16*8*dim), rows(16), norm(s, 8*dim), act,
		s.deconv(8*dim, 4*dim, 4), norm(s, 4*dim), act,
		s.deconv(4*dim, 2*dim, 8), norm(s, 2*dim), act,
		s.deconv(2*dim, dim, 16), norm(s, dim), act,
		s.deconv(dim, 3, 32), tanh,
	)
}

func dcganCritic(s *builder, dim int, norm normaliser, act layer) critic {
	return critic{features: chain(rows(64*64),
		s.conv(3, dim, 5, 2, 64), act,
		s.conv(dim, 2*dim, 5, 2, 32), norm(s, 2*dim), act,
		s.conv(2*dim, 4*dim, 5, 2, 16), norm(s, 4*dim), act,
		s.conv(4*dim, 8*dim, 5, 2, 8), norm(s, 8*dim), act,
		flat,
	), score: s.linear(16*8*dim, 1)}
}

func constantGenerator(s *builder, dim int) layer {
	return chain(
		s.linear(Latent, 16*dim), relu, rows(16),
		s.deconv(dim, dim, 4), relu,
		s.deconv(dim, dim, 8), relu,
		s.deconv(dim, dim, 16), relu,
		s.deconv(dim, 3, 32), tanh,
	)
}

func mlpGenerator(s *builder, width int) layer {
	net := identity
	for in, i := Latent, 0; i < 4; i++ {
		net = chain(net, s.linearOf(in, width, nn.He(in)), relu)
		in = width
	}
	return chain(net, s.linear(width, 64*64*3), tanh)
}

// gate is σ(a)·tanh(b), a and b being the halves of the channels.
func gate(x *graph.Node, _ batch) *graph.Node {
	return x.Slice(0, x.Cols/2).Sigmoid().Mul(x.Slice(x.Cols/2, x.Cols).Tanh())
}

func gatedGenerator(s *builder, dim int) layer {
	return chain(
		s.linear(Latent, 2*16*8*dim), rows(16), batchNorm(s, 2*8*dim), gate,
		s.deconv(8*dim, 2*4*dim, 4), batchNorm(s, 2*4*dim), gate,
		s.deconv(4*dim, 2*2*dim, 8), batchNorm(s, 2*2*dim), gate,
		s.deconv(2*dim, 2*dim, 16), batchNorm(s, 2*dim), gate,
		s.deconv(dim, 3, 32), tanh,
	)
}

func gatedCritic(s *builder, dim int, norm normaliser) critic {
	return critic{features: chain(rows(64*64),
		s.conv(3, 2*dim, 5, 2, 64), gate,
		s.conv(dim, 2*2*dim, 5, 2, 32), norm(s, 2*2*dim), gate,
		s.conv(2*dim, 2*4*dim, 5, 2, 16), norm(s, 2*4*dim), gate,
		s.conv(4*dim, 2*8*dim, 5, 2, 8), norm(s, 2*8*dim), gate,
		flat,
	), score: s.linear(16*8*dim, 1)}
}

// A step is where a bottleneck block leads.
type step int

const (
	stay step = iota
	up        // to twice the side
	down      // to half of it
)

// bottleneck is a block of three layers of the 101, from in to out channels.
func (s *builder) bottleneck(in, out, side int, to step, norm normaliser) layer {
	first := s.conv(in, in/2, 1, 1, side)
	var second, shortcut layer
	after := side
	switch to {
	case stay:
		second, shortcut = s.conv(in/2, out/2, 3, 1, side), identity
	case down:
		after = side / 2
		second, shortcut = s.conv(in/2, out/2, 3, 2, side), s.conv(in, out, 1, 2, side, nn.Begin(nn.Glorot))
	case up:
		after = 2 * side
		second = s.deconvOf(in/2, out/2, 3, side)
		shortcut = chain(s.conv(in, 4*out, 1, 1, side, nn.Begin(nn.Glorot)), depthToSpace(side))
	}
	third := s.conv(out/2, out, 1, 1, after, nn.NoBias)
	return residual(chain(relu, first, relu, second, relu, third, norm(s, out), scale(.3)), shortcut)
}

// stays is count blocks that keep side and channels.
func (s *builder) stays(count, channels, side int, norm normaliser) layer {
	net := identity
	for range count {
		net = chain(net, s.bottleneck(channels, channels, side, stay, norm))
	}
	return net
}

func bottleneckGenerator(s *builder, dim int) layer {
	net := chain(s.linear(Latent, 16*8*dim), rows(16))
	channels, side := 8*dim, 4
	for ; side < 64; side, channels = 2*side, channels/2 {
		net = chain(net, s.stays(6, channels, side, batchNorm), s.bottleneck(channels, channels/2, side, up, batchNorm))
	}
	return chain(net, s.stays(5, channels, side, batchNorm), s.conv(channels, 3, 1, 1, side, nn.Begin(nn.Glorot)), scale(.2), tanh)
}

func bottleneckCritic(s *builder, dim int, norm normaliser) critic {
	channels, side := dim/2, 64
	net := chain(rows(64*64), s.conv(3, channels, 1, 1, side, nn.Begin(nn.Glorot)), s.stays(5, channels, side, norm))
	for ; side > 4; side, channels = side/2, 2*channels {
		net = chain(net, s.bottleneck(channels, 2*channels, side, down, norm), s.stays(6, 2*channels, side/2, norm))
	}
	return critic{features: chain(net, flat), score: chain(s.linear(16*channels, 1), scale(.2))}
}

// resUp is a residual block that doubles the side.
func (s *builder) resUp(in, out, side int, options ...nn.ConvOption) layer {
	return residual(
		chain(batchNorm(s, in), relu, upsample(side), s.conv(in, out, 3, 1, 2*side, append(options, nn.NoBias)...), batchNorm(s, out), relu, s.conv(out, out, 3, 1, 2*side)),
		chain(upsample(side), s.conv(in, out, 1, 1, 2*side, nn.Begin(nn.Glorot))),
	)
}

func goodGenerator(s *builder, dim int) layer {
	return chain(
		s.linear(Latent, 16*8*dim), rows(16),
		s.resUp(8*dim, 8*dim, 4), s.resUp(8*dim, 4*dim, 8), s.resUp(4*dim, 2*dim, 16), s.resUp(2*dim, dim, 32),
		batchNorm(s, dim), relu, s.conv(dim, 3, 3, 1, 64), tanh,
	)
}

func goodCritic(s *builder, dim int, norm normaliser) critic {
	down := func(in, out, side int) layer {
		return residual(
			chain(norm(s, in), relu, s.conv(in, in, 3, 1, side, nn.NoBias), norm(s, in), relu, s.conv(in, out, 3, 1, side), meanPool(side)),
			chain(meanPool(side), s.conv(in, out, 1, 1, side/2, nn.Begin(nn.Glorot))),
		)
	}
	return critic{features: chain(rows(64*64), s.conv(3, dim, 3, 1, 64, nn.Begin(nn.Glorot)),
		down(dim, 2*dim, 64), down(2*dim, 4*dim, 32), down(4*dim, 8*dim, 16), down(8*dim, 8*dim, 8), flat,
	), score: s.linear(16*8*dim, 1)}
}
