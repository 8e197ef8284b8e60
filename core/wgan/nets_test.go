package wgan

import (
	"math"
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

// The i-th architecture is a function of the seed and i, and every choice comes up as
// often as it should.
func TestRandomArchitecture(t *testing.T) {
	if len(ArchitectureActivations)*len(ArchitectureActivations)*len(ArchitectureDepths)*len(ArchitectureDepths)*4*len(ArchitectureFilters)*len(ArchitectureFilters) != 9216 {
		t.Error("the space has not 9216 architectures")
	}
	if first, again := RandomArchitecture(1, 7), RandomArchitecture(1, 7); first != again || first == RandomArchitecture(2, 7) {
		t.Error("an architecture depends on something else than its seed")
	}
	count := map[any]int{}
	for i := range 3000 {
		a := RandomArchitecture(1, i)
		for _, k := range []any{"G " + a.ActivationG, "D " + a.ActivationD, [2]int{0, a.DepthG}, [2]int{1, a.DepthD}, [2]bool{true, a.NormG}, [2]bool{false, a.NormD}, [2]int{2, a.FiltersG}, [2]int{3, a.FiltersD}} {
			count[k]++
		}
	}
	if len(count) != 4+4+4+4+2+2+3+3 {
		t.Fatalf("%d choices came up", len(count))
	}
	for k, n := range count {
		want := 750
		switch k := k.(type) {
		case [2]bool:
			want = 1500
		case [2]int:
			if k[0] >= 2 {
				want = 1000
			}
		}
		if n < want-120 || n > want+120 {
			t.Errorf("%v came up %d times of 3000, want about %d", k, n, want)
		}
	}
	for _, row := range Table5 {
		if n := row.OnlyGAN + row.OnlyPenalty + row.Both + row.Neither; n != 200 {
			t.Errorf("table 5's row of %v counts %d", row.Score, n)
		}
	}
}

// The critic's loss through every kind of block agrees with finite differences to
// second order, penalty and all.
func TestBlockDerivatives(t *testing.T) {
	const side, channels, n = 4, 4, 2
	smooth := each(nn.Act("softplus2"))
	for name, declare := range map[string]func(s *builder) layer{
		"layer norm and convolution": func(s *builder) layer {
			return chain(s.conv(channels, 2, 3, 1, side), layerNorm(s, 2), smooth)
		},
		"gate":            func(s *builder) layer { return chain(s.conv(channels, 4, 3, 1, side), layerNorm(s, 4), gate) },
		"bottleneck":      func(s *builder) layer { return chain(s.bottleneck(channels, channels, side, stay, layerNorm), smooth) },
		"bottleneck up":   func(s *builder) layer { return chain(s.bottleneck(channels, 2, side, up, layerNorm), smooth) },
		"bottleneck down": func(s *builder) layer { return chain(s.bottleneck(channels, 4, side, down, layerNorm), smooth) },
		"mean over":       func(s *builder) layer { return chain(s.conv(channels, 3, 1, 1, side), smooth, meanOver(side)) },
	} {
		g, b := graph.New(), nn.NewBlock("critic")
		s := of(b)
		body := declare(s)
		b.Build(g)
		critic := func(x *graph.Node) *graph.Node {
			return flat(body(rows(side*side)(x, batch{n: n}), batch{n: n}), batch{n: n}).Square().SumCols()
		}
		size := side * side * channels
		real, fake, eps := g.Input("real", n, size), g.Input("fake", n, size), g.Input("eps", n, 1)
		numbers := func(n, seed int) []float64 {
			v := make([]float64, n)
			for i := range v {
				v[i] = math.Sin(float64(seed + i*i + i))
			}
			return v
		}
		at := graph.Feed{b.Node: numbers(b.Len(), 1), real: numbers(n*size, 2), fake: numbers(n*size, 3), eps: {.3, .8}}
		loss := Loss(critic, real, fake, eps, g.Const(1, 1, 10)).Loss
		for order, off := range graph.Differences(loss, at, graph.Feed{b.Node: numbers(b.Len(), 4)}) {
			if !(off < 1e-5) {
				t.Errorf("%s: order %d is %.2g off", name, order+1, off)
			}
		}
	}
}
