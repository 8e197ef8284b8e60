package wgan

import (
	"ganbel/core/nn"
	"ganbel/core/random"
)

// An Architecture is a pair of networks for images of 32 by 32 in three colours, in
// [-1, 1], of the space that section 5.1 draws from (table 1): 9216 of them.
type Architecture struct {
	ActivationG, ActivationD string // see nn.Act
	DepthG, DepthD           int    // layers with weights
	NormG, NormD             bool   // batch norm; in a critic with a penalty layer norm
	FiltersG, FiltersD       int    // base number of filters
}

// The choices of table 1, each as likely as the others.
var (
	ArchitectureActivations = []string{"relu", "leakyrelu", "softplus2", "tanh"}
	ArchitectureDepths      = []int{4, 8, 12, 20}
	ArchitectureFilters     = []int{32, 64, 128}
)

// RandomArchitecture draws the i-th architecture of a seed, each choice by itself.
func RandomArchitecture(seed uint64, i int) Architecture {
	r := random.New(seed, "architectures")
	r.Seek(uint64(i) << 8)
	act := func() string { return ArchitectureActivations[r.Intn(len(ArchitectureActivations))] }
	depth := func() int { return ArchitectureDepths[r.Intn(len(ArchitectureDepths))] }
	filters := func() int { return ArchitectureFilters[r.Intn(len(ArchitectureFilters))] }
	return Architecture{act(), act(), depth(), depth(), r.Intn(2) == 1, r.Intn(2) == 1, filters(), filters()}
}

// Declare declares the networks. The paper does not tell where its further layers
// stand: here, as in the authors' prototype, they are 3 by 3 convolutions of twice the
// base filters at 8 by 8.
func (a Architecture) Declare(m Method) func(d, g *nn.Block) Networks {
	normG, normD := noNorm, noNorm
	if a.NormG {
		normG = batchNorm
	}
	if a.NormD {
		normD = m.criticNorm()
	}
	deep := func(s *builder, depth, channels int, norm normaliser, act layer) layer {
		net := identity
		for range depth - 4 {
			net = chain(net, s.conv(channels, channels, 3, 1, 8), norm(s, channels), act)
		}
		return net
	}
	return func(d, g *nn.Block) Networks {
		s, f, act := of(g), a.FiltersG, each(nn.Act(a.ActivationG))
		generator := chain(
			s.linear(Latent, 16*4*f), rows(16), normG(s, 4*f), act,
			s.deconv(4*f, 2*f, 4), normG(s, 2*f), act,
			deep(s, a.DepthG, 2*f, normG, act),
			s.deconv(2*f, f, 8), normG(s, f), act,
			s.deconv(f, 3, 16), tanh,
		)
		s, f, act = of(d), a.FiltersD, each(nn.Act(a.ActivationD))
		features := chain(rows(32*32),
			s.conv(3, f, 5, 2, 32), act,
			s.conv(f, 2*f, 5, 2, 16), normD(s, 2*f), act,
			deep(s, a.DepthD, 2*f, normD, act),
			s.conv(2*f, 4*f, 5, 2, 8), normD(s, 4*f), act,
			flat,
		)
		return networks(generator, critic{features: features, score: s.linear(16*4*f, 1)})
	}
}
