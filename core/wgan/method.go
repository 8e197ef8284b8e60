package wgan

import (
	"ganbel/core/graph"
	"ganbel/core/nn"
)

// An Objective is what critic and generator play for.
type Objective string

// The objectives. The last two call the critic a discriminator.
const (
	Wasserstein  Objective = "wasserstein"   // the distance W₁, as in Algorithm 1
	GAN          Objective = "gan"           // telling real from fake, non-saturating, see GANLoss
	LeastSquares Objective = "least-squares" // LSGAN (Mao et al., 2016), see LSGANLoss
)

// A Rule is what keeps the critic Lipschitz.
type Rule string

// The rules.
const (
	Penalty  Rule = "penalty"   // the gradient penalty of Gulrajani et al., two-sided
	OneSided Rule = "one-sided" // their appendix C: only slopes above 1 cost
	Clip     Rule = "clip"      // weights held within [-c, c], as in Arjovsky et al.
	None     Rule = "none"      // nothing: the critic grows without bound
)

// A Method is how critic and generator are trained: WGAN-GP is Wasserstein with
// Penalty, WGAN is Wasserstein with Clip, DCGAN is GAN with None.
type Method struct {
	Objective Objective // "" is Wasserstein
	Rule      Rule
}

// Penalised reports whether the critic's loss has a gradient penalty.
func (m Method) Penalised() bool { return m.Rule == Penalty || m.Rule == OneSided }

// Critic returns what the critic minimises, as Loss of the result, and its parts,
// which are there whether or not the loss has them. What it takes is as in Loss.
func (m Method) Critic(critic Net, real, fake, eps, lambda *graph.Node) CriticLoss {
	l := Loss(critic, real, fake, eps, lambda)
	if m.Rule == OneSided {
		l.Penalty = l.Slope.AddConst(-1).ReLU().Square().Mean().Mul(lambda)
	}
	switch m.Objective {
	case GAN:
		l.Loss = GANLoss(critic, real, fake)
	case LeastSquares:
		l.Loss = LSGANLoss(critic, real, fake)
	default:
		l.Loss = l.Estimate.Neg()
	}
	if m.Penalised() {
		l.Loss = l.Penalty.Add(l.Loss)
	}
	return l
}

// Generator returns what the generator minimises, (1, 1), where fake is G(z), (batch, n).
func (m Method) Generator(critic Net, fake *graph.Node) *graph.Node {
	switch m.Objective {
	case GAN:
		return GANGeneratorLoss(critic, fake)
	case LeastSquares:
		return critic(fake).AddConst(-1).Square().Mean()
	}
	return GeneratorLoss(critic, fake)
}

// minimise returns the updates of a step down the loss by "rmsprop", as clipped WGANs
// have it, or else by Adam with these β.
func minimise(optimiser string, rate *graph.Node, beta1, beta2 float64, loss *graph.Node, b *nn.Block) []graph.Update {
	if optimiser == "rmsprop" {
		return nn.RMSProp{Rate: rate}.Minimize(loss, b)
	}
	return nn.Adam{Rate: rate, Beta1: beta1, Beta2: beta2}.Minimize(loss, b)
}

// GANLoss is what Goodfellow et al. (2014) minimise over the discriminator, whose
// logits D gives: mean softplus(-D(real)) + mean softplus(D(fake)), (1, 1), which is
// -mean log σ(D(real)) - mean log(1 - σ(D(fake))).
func GANLoss(critic Net, real, fake *graph.Node) *graph.Node {
	return critic(real).Neg().Softplus().Mean().Add(critic(fake).Softplus().Mean())
}

// GANGeneratorLoss is their non-saturating loss of the generator:
// mean softplus(-D(G(z))), (1, 1), where fake is G(z), (batch, n).
func GANGeneratorLoss(critic Net, fake *graph.Node) *graph.Node {
	return critic(fake).Neg().Softplus().Mean()
}

// LSGANLoss is what Mao et al. (2016) minimise over the discriminator:
// ½ (mean (D(real) - 1)² + mean D(fake)²), (1, 1).
func LSGANLoss(critic Net, real, fake *graph.Node) *graph.Node {
	return critic(real).AddConst(-1).Square().Mean().Add(critic(fake).Square().Mean()).Scale(.5)
}
