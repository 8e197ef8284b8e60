package workload

import (
	"fmt"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/simd"
	"ganbel/core/wgan"
)

// A criticNet is a critic of the paper in its full size.
type criticNet struct {
	name  string
	batch int // the paper's, or less where its step would take long
	size  int // numbers an example
	nets  func(d, g *nn.Block) wgan.Networks
}

var gp = wgan.Method{Objective: wgan.Wasserstein, Rule: wgan.Penalty}

var criticNets = []criticNet{
	{"mnist", 50, 28 * 28, wgan.MNIST(64, gp)},
	{"cifar", 64, 32 * 32 * 3, wgan.CIFAR(128, gp)},
	{"cifar-resnet", 64, 32 * 32 * 3, wgan.ResNet(128, 0)},
	{"lsun", 64, 64 * 64 * 3, wgan.LSUN("baseline", 64, gp)},
	{"lsun-gated", 64, 64 * 64 * 3, wgan.LSUN("gated", 64, gp)},
	{"lsun-tanh", 64, 64 * 64 * 3, wgan.LSUN("tanh", 64, gp)},
	{"lsun-101", 16, 64 * 64 * 3, wgan.LSUN("resnet-101", 64, gp)},
	{"lsun-good", 16, 64 * 64 * 3, wgan.LSUN("good", 64, gp)},
	{"lsun-128", 4, 128 * 128 * 3, wgan.LSUN128(64, gp)},
	{"text", 64, wgan.LineLength * 100, wgan.Language{Letters: 100, Width: 512, Blocks: 5, Output: wgan.Softmax}.Declare},
}

// workload returns the name of n's workload, which tells its batch.
func (n criticNet) workload() string { return fmt.Sprintf("critic-%s-b%d", n.name, n.batch) }

func criticNames() []string {
	var names []string
	for _, c := range criticNets {
		names = append(names, c.workload())
	}
	return names
}

// step is a critic step of WGAN-GP on examples of fixed noise.
func (n criticNet) step(goroutines int) Workload {
	g := graph.New()
	block := nn.NewBlock("critic")
	net := n.nets(block, nn.NewBlock("generator"))
	block.Build(g)
	real, fake, eps := g.Input("real", n.batch, n.size), g.Input("fake", n.batch, n.size), g.Input("eps", n.batch, 1)
	loss := gp.Critic(net.Critic, real, fake, eps, g.Const(1, 1, 10)).Loss
	rate := g.State("rate", 1, 1, 1e-4)
	updates := nn.Adam{Rate: rate, Beta1: .5, Beta2: .9}.Minimize(loss, block)
	memory := cpu.NewMemory()
	machine := cpu.Open(program.Compile(updates, loss), memory, goroutines)
	r := random.New(1, "init")
	block.Init(memory.Of(block.Node), r)
	for _, n := range []*graph.Node{real, fake} {
		v := memory.Of(n)
		r.Uniform(v)
		simd.Scale(v, v, 2)
		simd.AddConst(v, v, -1)
	}
	return Workload{func() {
		r.Uniform(memory.Of(eps))
		machine.Run()
	}, 1}
}
