// Package wgan is "Improved Training of Wasserstein GANs" (Gulrajani, Ahmed,
// Arjovsky, Dumoulin and Courville, 2017), and the methods that it is compared with.
//
// Loss is the paper's one idea, and Method what else a critic may be trained with:
// clipped weights (Arjovsky, Chintala and Bottou, 2017), the losses of DCGAN and of
// LSGAN, a one-sided penalty. Toy trains on points of the plane, Game on anything, with
// the networks that a file each declares:
//
//	figure1a.go, figure1b.go  value surfaces, and gradients by layer (section 3)
//	mnist.go                  the authors' MNIST GAN (figure 5b)
//	cifar.go, resnet.go       CIFAR-10 in DCGAN's size (figure 3) and residual (table 3)
//	architectures.go          9216 random architectures (section 5.1)
//	lsun.go, lsun128.go       bedrooms of 64 by 64 (figure 2) and 128 by 128 (figure 4)
//	language.go               lines of letters (table 4)
//
// Initialisation, padding, batch norm with the statistics of the batch at hand and
// optimisers are as in the authors' code, github.com/igul222/improved_wgan_training.
package wgan

import "ganbel/core/graph"

// A Net maps a batch to a batch: a critic D or a generator G.
type Net func(*graph.Node) *graph.Node

// Slope returns ‖∇D(x)‖₂ of every row of x, (batch, 1). It holds where the critic
// treats every row by itself, as one with BatchNorm does not.
func Slope(critic Net, x *graph.Node) *graph.Node {
	return graph.Grad(critic(x).Sum(), x)[0].Norm()
}

// A CriticLoss is what Algorithm 1 minimises over the critic, and its parts.
type CriticLoss struct {
	Loss       *graph.Node // (1, 1)
	Estimate   *graph.Node // mean D(real) - mean D(fake), (1, 1): the critic's view of W₁
	Penalty    *graph.Node // λ·mean (‖∇D(x̂)‖ - 1)², (1, 1)
	Mix        *graph.Node // x̂, the interpolates, (batch, n)
	Slope      *graph.Node // ‖∇D(x̂)‖ at every interpolate, (batch, 1)
	Real, Fake *graph.Node // D(real) and D(fake), (batch, 1)
}

// Loss is Algorithm 1, lines 4 to 8. real and fake are (batch, n); eps, uniform
// on (0, 1), is (batch, 1), one number a sample; lambda is (1, 1).
func Loss(critic Net, real, fake, eps, lambda *graph.Node) CriticLoss {
	mix := eps.Mul(real).Add(eps.OneMinus().Mul(fake)) // x̂
	slope := Slope(critic, mix)
	penalty := slope.AddConst(-1).Square().Mean().Mul(lambda)
	estimate := critic(real).Mean().Sub(critic(fake).Mean())
	return CriticLoss{Loss: penalty.Sub(estimate), Estimate: estimate, Penalty: penalty,
		Mix: mix, Slope: slope, Real: critic(real), Fake: critic(fake)}
}

// GeneratorLoss is Algorithm 1, line 11: -mean D(G(z)), (1, 1), where fake is G(z),
// (batch, n).
func GeneratorLoss(critic Net, fake *graph.Node) *graph.Node { return critic(fake).Mean().Neg() }
