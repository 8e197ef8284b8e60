package program_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/gumbel"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/wgan"
)

var update = flag.Bool("update", false, "write testdata anew")

// A step is what a step of training is compiled from.
type step struct {
	updates []graph.Update
	outs    []*graph.Node
}

func (s step) compile() *program.Program { return program.Compile(s.updates, s.outs...) }

// criticStep is a critic step of WGAN-GP with its generator, as core/wgan takes it.
func criticStep() step {
	g, d, gen := graph.New(), nn.NewBlock("critic"), nn.NewBlock("generator")
	critic := nn.NewMLP(d, "critic", nn.Act("relu"), nn.ToyInit, 2, 16, 16, 1)
	d.Build(g)
	generator := nn.NewMLP(gen, "generator", nn.Act("relu"), nn.ToyInit, 2, 16, 2)
	gen.Build(g)
	real, z, eps := g.Input("real", 32, 2), g.Input("z", 32, 2), g.Input("eps", 32, 1)
	l := wgan.Loss(critic.Apply, real, generator.Apply(z), eps, g.Input("lambda", 1, 1))
	updates := nn.Adam{Rate: g.Input("rate", 1, 1), Beta1: .5, Beta2: .9}.Minimize(l.Loss, d)
	return step{updates, []*graph.Node{l.Loss, l.Estimate, l.Penalty, l.Slope}}
}

// vaeStep is a step of the categorical VAE, as core/gumbel takes it.
func vaeStep() step {
	const batch, pixels, latents, classes = 8, 20, 3, 4
	g, b := graph.New(), nn.NewBlock("vae")
	enc := nn.NewMLP(b, "encoder", nn.Act("relu"), nn.GlorotInit, pixels, 10, latents*classes)
	dec := nn.NewMLP(b, "decoder", nn.Act("relu"), nn.GlorotInit, latents*classes, 10, pixels)
	b.Build(g)
	x := g.Input("x", batch, pixels)
	e := gumbel.GumbelSoftmax{Hard: true}.Draw(gumbel.Chain{X: x, Layers: []gumbel.Layer{{Variables: gumbel.Variables{N: latents, K: classes}, Logits: enc.Apply}},
		Prior: g.Const(1, latents*classes, 0), Cost: func(z *graph.Node) *graph.Node { return gumbel.Bernoulli(dec.Apply(z), x) }}, g.Input("tau", 1, 1))
	updates := nn.Momentum{Rate: g.Input("rate", 1, 1), Momentum: .9}.Minimize(e.Loss, b)
	return step{updates, []*graph.Node{e.Loss, e.Cost, e.KL}}
}

// What the papers' steps compile to is pinned as text, so that a change of
// fusion or of the plan of memory shows as a difference. After a wanted change
// run go test ./core/program -update and read the difference.
func TestGolden(t *testing.T) {
	for name, p := range map[string]*program.Program{"wgan_critic": criticStep().compile(), "gumbel_vae": vaeStep().compile()} {
		t.Run(name, func(t *testing.T) {
			file, got := filepath.Join("testdata", name+".golden"), p.String()
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a, w := strings.Split(got, "\n"), strings.Split(string(b), "\n")
			for i := range max(len(a), len(w)) {
				if i >= len(a) || i >= len(w) || a[i] != w[i] {
					at := func(lines []string) string { return strings.Join(lines[min(i, len(lines)):min(i+1, len(lines))], "") }
					t.Fatalf("line %d is\n%s\nwant\n%s", i+1, at(a), at(w))
				}
			}
		})
	}
}

// Compiling twice lays out the same program: nothing hangs on the order of a map.
func TestCompileRepeats(t *testing.T) {
	for range 5 {
		for _, step := range []func() step{criticStep, vaeStep} {
			if first, again := step().compile().String(), step().compile().String(); first != again {
				t.Fatal("two compilations differ")
			}
		}
	}
}

// A chain of products needs room for two values at once, whatever its length.
func TestPlanSharesRoom(t *testing.T) {
	g := graph.New()
	y := g.Input("x", 64, 64)
	for range 50 {
		y = y.MatMul(y)
	}
	if p := program.Compile(nil, y); p.Floats != 2*64*64 || len(p.Steps) != 50 {
		t.Errorf("%d steps in %d floats, want 50 in %d", len(p.Steps), p.Floats, 2*64*64)
	}
}

// What nothing needs is dropped, and views are addresses: they make no step.
func TestOnlyWhatIsNeeded(t *testing.T) {
	g := graph.New()
	x, unused := g.Input("x", 4, 6), g.Input("unused", 4, 6)
	x.Exp().MatMul(unused.T())
	y := x.Reshape(1, 24).Slice(6, 18).Detach().Reshape(6, 2)
	p := program.Compile(nil, y)
	if len(p.Steps) != 0 || p.Floats != 0 || len(p.Inputs) != 1 || p.Inputs[0] != x {
		t.Errorf("a view compiles to\n%v of inputs %v", p, p.Inputs)
	}
	if at := p.Place(y); at != (program.Place{Input: x, Offset: 6, Len: 12}) {
		t.Errorf("the view lies at %v, want x@6+12", at)
	}
	if p := program.Compile(nil); len(p.Steps) != 0 || p.String() != "0 steps, 0 floats\n" {
		t.Errorf("nothing compiles to %v", p)
	}
}

func TestWrongProgramsPanic(t *testing.T) {
	g := graph.New()
	x, y := g.State("x", 2, 3, 0), g.Input("y", 2, 3)
	for what, f := range map[string]func(){
		"an update of what is no input": func() { program.Compile([]graph.Update{{X: x.Exp(), Next: x}}) },
		"an update of another length":   func() { program.Compile([]graph.Update{{X: x, Next: x.Exp().Sum()}}) },
		"an update that computes none":  func() { program.Compile([]graph.Update{{X: x, Next: y}}) },
		"the place of no output":        func() { program.Compile(nil, x.Exp()).Place(x.Log()) },
	} {
		t.Run(what, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("did not panic")
				}
			}()
			f()
		})
	}
}
