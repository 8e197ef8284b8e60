package wgan

import (
	"testing"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

var gp = Method{Wasserstein, Penalty}

// Every network has as many parameters as the authors' code gives it, and maps noise
// to images and images to a number.
func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		name    string
		declare func(d, g *nn.Block) Networks
		size    int
		g, d    int
	}{
		{"MNIST", MNIST(64, gp), 28 * 28, 1_554_177, 1_030_145},
		{"CIFAR", CIFAR(128, gp), 3072, 5_179_907, 4_114_689},
		{"ResNet", ResNet(128, 0), 3072, 1_204_483, 1_053_825},
		{"AC-GAN ResNet", ResNet(128, 10), 3072, 1_218_307, 1_053_825 + 1290},
		{"baseline", LSUN("baseline", 64, gp), 12288, 5_364_739, 4_316_545},
		{"constant", LSUN("constant", 64, gp), 12288, 444_291, 4_316_545},
		{"mlp", LSUN("mlp", 64, gp), 12288, 7_157_760, 4_316_545},
		{"no-norm", LSUN("no-norm", 64, gp), 12288, 5_364_739 - 2*(512+256+128+64), 4_316_545 - 2*(128+256+512)},
		{"gated", LSUN("gated", 64, gp), 12288, 10_724_675, 8_624_897},
		{"tanh", LSUN("tanh", 64, gp), 12288, 5_364_739, 4_316_545},
		{"resnet-101", LSUN("resnet-101", 64, gp), 12288, 9_189_587, 7_618_801},
		{"good", LSUN("good", 64, gp), 12288, 8_540_483, 7_491_841},
		{"128", LSUN128(64, gp), 3 * 128 * 128, 0, 0},
	} {
		g, d, gen := graph.New(), nn.NewBlock("critic"), nn.NewBlock("generator")
		net := c.declare(d, gen)
		if c.g > 0 && (gen.Len() != c.g || d.Len() != c.d) {
			t.Errorf("%s: the generator has %d parameters and the critic %d, want %d and %d", c.name, gen.Len(), d.Len(), c.g, c.d)
		}
		d.Build(g)
		gen.Build(g)
		var labels *graph.Node
		if net.Classify != nil {
			labels = g.Input("labels", 4, 10)
		}
		x := net.Generator(g.Input("z", 4, Latent), labels)
		if x.Rows != 4 || x.Cols != c.size {
			t.Errorf("%s: the generator makes (%d, %d), want (4, %d)", c.name, x.Rows, x.Cols, c.size)
		}
		if y := net.Critic(x); y.Rows != 4 || y.Cols != 1 {
			t.Errorf("%s: the critic gives (%d, %d), want (4, 1)", c.name, y.Rows, y.Cols)
		}
	}
}
