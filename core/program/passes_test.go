package program_test

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/wgan"
)

// convolutionalStep is a critic step of WGAN-GP on images of 8 by 8, with convolutions,
// a pool and a transposed convolution in it.
func convolutionalStep() step {
	const batch, side = 3, 8
	g, d, gen := graph.New(), nn.NewBlock("critic"), nn.NewBlock("generator")
	first, second := nn.NewConv(d, "first", 2, 4, 3, 1), nn.NewConv(d, "second", 4, 6, 5, 2)
	last := nn.NewLinear(d, "last", 6*2*2, 1, nn.Glorot(6*2*2, 1))
	d.Build(g)
	in, up := nn.NewLinear(gen, "in", 5, 3*4*4, nn.Glorot(5, 3*4*4)), nn.NewDeconv(gen, "up", 3, 2, 5, 2)
	gen.Build(g)
	critic := func(x *graph.Node) *graph.Node {
		h := first.Apply(x.Reshape(batch*side*side, 2), batch, side, side).LeakyReLU(.2)
		h = second.Apply(nn.MeanPool(h, batch, side, side), batch, side/2, side/2).Tanh()
		return last.Apply(h.Reshape(batch, 6*2*2))
	}
	fake := up.Apply(in.Apply(g.Input("z", batch, 5)).ReLU().Reshape(batch*4*4, 3), batch, 4, 4).Tanh().Reshape(batch, side*side*2)
	l := wgan.Loss(critic, g.Input("real", batch, side*side*2), fake, g.Input("eps", batch, 1), g.Input("lambda", 1, 1))
	updates := nn.Adam{Rate: g.Input("rate", 1, 1), Beta1: .5, Beta2: .9}.Minimize(l.Loss, d)
	return step{updates, []*graph.Node{l.Loss, l.Estimate, l.Penalty, l.Slope, fake}}
}

// numbers returns what the outputs of p are after each of three runs, and then its
// states. Its inputs have numbers that depend on their names alone.
func numbers(p *program.Program, s step) (all []float32) {
	memory := cpu.NewMemory()
	for _, in := range p.Inputs {
		if in.K != 0 || strings.Contains(in.Name, ".adam.") || strings.Contains(in.Name, ".momentum.") {
			continue // a state begins as it says
		}
		h := fnv.New64a()
		h.Write([]byte(in.Name))
		r := rand.New(rand.NewPCG(h.Sum64(), 1))
		for i := range memory.Of(in) {
			if memory.Of(in)[i] = .05 + .9*r.Float32(); in.Len() > 200 {
				memory.Of(in)[i] -= .5 // parameters
			}
		}
	}
	m := cpu.Open(p, memory, 1)
	defer m.Close()
	for range 3 {
		m.Run()
		for _, n := range s.outs {
			all = append(all, m.Read(n)...)
		}
	}
	for _, u := range s.updates {
		all = append(all, memory.Of(u.X)...)
	}
	return all
}

// Without any of the passes that can be left out, and without all of them, a program
// computes the same numbers, bit for bit; and each does something for a step of training.
func TestPasses(t *testing.T) {
	all := program.Optional()
	if len(all) != 7 {
		t.Fatalf("the passes that can be left out are %v", all)
	}
	off := [][]string{all}
	for _, name := range all {
		off = append(off, []string{name})
	}
	used := map[string]bool{}
	for what, s := range map[string]step{"a critic": criticStep(), "a VAE": vaeStep(), "a convolutional critic": convolutionalStep()} {
		whole := s.compile()
		want := numbers(whole, s)
		for _, x := range want {
			if x-x != 0 {
				t.Fatalf("%s: a number is %v", what, x)
			}
		}
		for _, names := range off {
			p := program.CompileWithout(names, s.updates, s.outs...)
			used[names[0]] = used[names[0]] || len(names) == 1 && p.String() != whole.String()
			got := numbers(p, s)
			if len(got) != len(want) {
				t.Fatalf("%s without %v: %d numbers, want %d", what, names, len(got), len(want))
			}
			differ := 0
			for i := range want {
				if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
					differ++
				}
			}
			t.Logf("%s without %v: %d steps and %d floats, with them %d and %d", what, names, len(p.Steps), p.Floats, len(whole.Steps), whole.Floats)
			if differ > 0 {
				t.Errorf("%s without %v: %d of %d numbers differ", what, names, differ, len(want))
			}
		}
	}
	for _, name := range all {
		if !used[name] {
			t.Errorf("without %q no program is another", name)
		}
	}
}
