package wgan

import (
	"encoding/json"
	"math"
	"os"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// value is the i-th of the numbers that core/internal/golden/games.py fills
// everything with, in [-1, 1).
func value(i int) float64 {
	h := uint64(i)
	for range 2 {
		h = ((h ^ h>>16) * 0x45d9f3b) & 0xffffffff
	}
	return float64(h^h>>16)/(1<<31) - 1
}

// recorded is what games.py tells of a step of one of the two networks.
type recorded struct {
	Loss              float64
	Estimate, Penalty float64   // the critic's
	Examples          float64   // the generator's: the product of G(z) with the values
	Norms, Products   []float64 // of the gradient, a parameter each
	Off               float64   // how far PyTorch in float32 comes off all these
}

// sized are examples of which only the shape is asked.
type sized struct{ size, classes int }

func (s sized) Count() int                            { return 1 }
func (s sized) Size() int                             { return s.size }
func (s sized) Classes() int                          { return s.classes }
func (s sized) Label(int) int                         { return 0 }
func (s sized) Fill([]float32, []int, *random.Stream) {}
func (s sized) Err() error                            { return nil }

// A game between every pair of networks of the paper has PyTorch's losses and
// gradients, from weights that begin as papers and code have them: to 1e-9 by Eval,
// and in float32 as far as its roundings let it.
func TestGoldenGames(t *testing.T) {
	file, err := os.ReadFile("testdata/games.json")
	if err != nil {
		t.Fatal(err)
	}
	var games []struct {
		Name              string
		Critic, Generator recorded
	}
	if err := json.Unmarshal(file, &games); err != nil {
		t.Fatal(err)
	}
	const v = 7 // letters
	text := Language{Letters: v, Width: 6, Blocks: 2, Output: Softmax}
	gumbel := Language{Letters: v, Width: 6, Blocks: 2, Output: STGumbel, Temperature: .5}
	clip, one, gan, square := Method{Wasserstein, Clip}, Method{Wasserstein, OneSided}, Method{GAN, None}, Method{LeastSquares, None}
	type pair struct {
		declare func(d, g *nn.Block) Networks
		size    int
		GameConfig
	}
	of := func(declare func(d, g *nn.Block) Networks, size int, m Method) pair {
		return pair{declare, size, GameConfig{Method: m, Latent: Latent, GeneratorBatch: 4, Groups: 1}}
	}
	grouped := func(p pair, groups, batch int) pair {
		p.Groups, p.GeneratorBatch = groups, batch
		return p
	}
	decayed := func(p pair) pair {
		p.WeightDecay = 1e-3
		return p
	}
	st := of(gumbel.Declare, LineLength*v, gp)
	st.Latent = gumbel.Latent()
	pairs := map[string]pair{
		"mnist": of(MNIST(2, gp), 784, gp), "mnist clipped": of(MNIST(2, clip), 784, clip),
		"cifar": of(CIFAR(2, gp), 3072, gp), "cifar one-sided": of(CIFAR(2, one), 3072, one), "cifar gan": of(CIFAR(2, gan), 3072, gan),
		"resnet": grouped(of(ResNet(4, 0), 3072, gp), 2, 8), "resnet ac-gan": grouped(of(ResNet(4, 3), 3072, gp), 2, 8),
		"lsun baseline least-squares": of(LSUN("baseline", 4, square), 12288, square),
		"lsun-128":                    of(LSUN128(1, gp), 49152, gp),
		"architecture":                decayed(of(Architecture{"softplus2", "tanh", 8, 4, true, true, 2, 3}.Declare(gp), 3072, gp)),
		"architecture gan":            decayed(of(Architecture{"leakyrelu", "relu", 4, 8, false, true, 3, 2}.Declare(gan), 3072, gan)),
		"language":                    of(text.Declare, LineLength*v, gp), "language st-gumbel-softmax": st,
	}
	for _, name := range LSUNNames {
		pairs["lsun "+name] = of(LSUN(name, 4, gp), 12288, gp)
	}
	if len(games) != len(pairs) {
		t.Errorf("%d games are recorded, want %d", len(games), len(pairs))
	}
	for _, want := range games {
		p, ok := pairs[want.Name]
		if !ok {
			t.Errorf("the recording has a game %q", want.Name)
			continue
		}
		t.Run(want.Name, func(t *testing.T) {
			classes := 0
			if want.Name == "resnet ac-gan" {
				classes = 3
			}
			p.Real, p.Batch, p.Optimiser, p.CriticClasses, p.GeneratorClasses, p.Device = sized{p.size, classes}, 4, "adam", 1, .1, cpu.Device(1)
			m := NewGame(p.GameConfig, p.declare)
			defer m.Close()
			replay(t, m, want.Critic, want.Generator)
		})
	}
}

// product returns the product of v with the values from start on.
func product(v []float64, start int) float64 {
	s := 0.
	for i, x := range v {
		s += x * value(start+i)
	}
	return s
}

func replay(t *testing.T, m *Game, critic, generator recorded) {
	feed := graph.Feed{m.lambda: {10}}
	at := 1 << 20
	for _, in := range []struct {
		*graph.Node
		scale, shift float64
	}{{m.critic.real, 1, 0}, {m.critic.z, 2, 0}, {m.critic.eps, .5, .5}, {m.generator.z, 2, 0}} {
		x := make([]float64, in.Len())
		for i := range x {
			x[i] = in.scale*value(at+i) + in.shift
		}
		feed[in.Node] = x
		at += len(x)
	}
	for step, labels := range []*graph.Node{m.critic.labels, m.generator.labels} {
		if labels != nil {
			x := make([]float64, labels.Len())
			for i := range labels.Rows {
				x[i*labels.Cols+i*(step+1)%labels.Cols] = 1
			}
			feed[labels] = x
		}
	}
	for _, b := range m.blocks {
		var w []float64
		for _, p := range b.Params() {
			reach := p.Init.Bound
			if reach == 0 {
				reach = .1
			}
			for range p.Rows * p.Cols {
				w = append(w, p.Init.Mean+reach*value(len(w)))
			}
		}
		feed[b.Node] = w
	}
	l, ofCritic, ofGenerator := m.critic.loss, m.criticDescends(), m.generatorDescends()
	outs := []*graph.Node{ofCritic, m.blocks[0].Grad(ofCritic), l.Estimate, l.Penalty, ofGenerator, m.blocks[1].Grad(ofGenerator), m.made()}
	// off returns how far the critic's and the generator's numbers come off PyTorch's, as
	// games.py's off has it.
	off := func(got [][]float64) (far [2]float64) {
		t.Helper()
		for side, want := range []recorded{critic, generator} {
			b, whole := m.blocks[side], slices.Max(want.Norms)
			if len(want.Norms) != len(b.Params()) {
				t.Fatalf("%s has %d parameters, PyTorch's %d", b.Name, len(b.Params()), len(want.Norms))
			}
			see := func(got, want, scale float64) { far[side] = max(far[side], math.Abs(got-want)/scale) }
			number := func(got, want float64) { see(got, want, max(1, math.Abs(want))) }
			values := got[:4]
			if side == 0 {
				number(got[2][0], want.Estimate)
				number(got[3][0], want.Penalty)
			} else {
				values = got[4:]
				number(product(got[6], 0), want.Examples)
			}
			number(values[0][0], want.Loss)
			for i, p := range b.Params() {
				grad := values[1][p.Offset:][:p.Rows*p.Cols]
				scale := max(want.Norms[i], .01*whole) // a bias before a norm, which cancels it, has no gradient of its own
				see(floats.Norm(grad, 2), want.Norms[i], scale)
				see(product(grad, p.Offset), want.Products[i], scale)
			}
		}
		return far
	}
	if runtime.GOOS != "js" { // Eval is the same there, and slow
		if far := off(graph.Eval(feed, outs...)); !(far[0] < 1e-9 && far[1] < 1e-9) {
			t.Errorf("the critic's numbers come off PyTorch's by %.2g, the generator's by %.2g", far[0], far[1])
		}
	}

	memory := cpu.NewMemory()
	for n, v := range feed {
		for i, x := range v {
			memory.Of(n)[i] = float32(x)
		}
	}
	machine := cpu.Open(program.Compile(nil, outs...), memory, 1)
	defer machine.Close()
	machine.Run()
	var got [][]float64
	for _, o := range outs {
		got = append(got, widen(machine.Read(o)))
	}
	for side, far := range off(got) {
		theirs, limit := []float64{critic.Off, generator.Off}[side], 1e-4
		if theirs > limit {
			limit = .2 // PyTorch's roundings pass a kink of a ReLU, then ours may pass others
		}
		t.Logf("%s: off by %.1e in float32, PyTorch by %.1e", m.blocks[side].Name, far, theirs)
		if !(far < limit) {
			t.Errorf("%s: off by %.2g in float32, want less than %.2g", m.blocks[side].Name, far, limit)
		}
	}
}
