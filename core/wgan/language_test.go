package wgan

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// The networks have as many parameters as the authors' code gives them.
func TestLanguageSizes(t *testing.T) {
	for letters, want := range map[int][2]int{100: {15_277_156, 13_180_417}, 2048: {16_276_480, 14_177_793}} {
		d, g := nn.NewBlock("critic"), nn.NewBlock("generator")
		Language{Letters: letters, Width: 512, Blocks: 5, Output: Softmax}.Declare(d, g)
		if g.Len() != want[0] || d.Len() != want[1] {
			t.Errorf("of %d letters the generator has %d parameters and the critic %d, want %d", letters, g.Len(), d.Len(), want)
		}
	}
}

// Weights begin as the authors' code has them: linear layers with Glorot's deviation,
// convolutions with √(4/(fan in + fan out)), biases at 0.
func TestLanguageInit(t *testing.T) {
	const v, w = 50, 64
	d, g := nn.NewBlock("critic"), nn.NewBlock("generator")
	Language{Letters: v, Width: w, Blocks: 1, Output: Softmax}.Declare(d, g)
	for b, want := range map[*nn.Block][]float64{
		g: {math.Sqrt(2. / (Latent + LineLength*w)), math.Sqrt(4. / (2 * 5 * w)), math.Sqrt(4. / (2 * 5 * w)), math.Sqrt(4. / (v + w))},
		d: {math.Sqrt(4. / (v + w)), math.Sqrt(4. / (2 * 5 * w)), math.Sqrt(4. / (2 * 5 * w)), math.Sqrt(2. / (1 + LineLength*w))},
	} {
		x := make([]float32, b.Len())
		b.Init(x, random.New(1, "init"))
		for i, p := range b.Params() {
			s := 0.
			for _, x := range x[p.Offset:][:p.Rows*p.Cols] {
				s += float64(x) * float64(x) / float64(p.Rows*p.Cols)
			}
			deviation := want[i/2]
			if i%2 == 1 {
				deviation = 0
			}
			if math.Abs(math.Sqrt(s)-deviation) > .04*deviation {
				t.Errorf("%s has the deviation %.4f, want %.4f", p.Name, math.Sqrt(s), deviation)
			}
		}
	}
}

func normals(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

// A residual block is x + 0.3·conv(ReLU(conv(ReLU(x)))), with zeros beyond the line.
func TestResidual1D(t *testing.T) {
	const n, c = 2, 3
	g, b := graph.New(), nn.NewBlock("b")
	block := of(b).residual1D(c)
	b.Build(g)
	x := g.Input("x", n*LineLength, c)
	feed := graph.Feed{x: normals(x.Len(), 1), b.Node: normals(b.Len(), 2)}
	got := graph.Eval(feed, block(x, batch{n: n}))[0]
	conv := func(x []float64, which int) []float64 {
		w, bias := b.Params()[2*which], b.Params()[2*which+1]
		y := make([]float64, len(x))
		for line := range n {
			for at := range LineLength {
				for out := range c {
					s := feed[b.Node][bias.Offset+out]
					for k := range 5 {
						from := at + k - 2
						for in := range c {
							if from >= 0 && from < LineLength {
								s += max(0, x[(line*LineLength+from)*c+in]) * feed[b.Node][w.Offset+(k*c+in)*c+out]
							}
						}
					}
					y[(line*LineLength+at)*c+out] = s
				}
			}
		}
		return y
	}
	for i, y := range conv(conv(feed[x], 0), 1) {
		if want := feed[x][i] + .3*y; math.Abs(got[i]-want) > 1e-12*(1+math.Abs(want)) {
			t.Fatalf("number %d is %v, want %v", i, got[i], want)
		}
	}
}

// The slope is the norm over all places and letters of a line, and the critic's loss,
// penalty and all, has the derivatives of both orders that differences show.
func TestLanguagePenalty(t *testing.T) {
	const n = 2
	for _, output := range LanguageOutputs {
		l := Language{Letters: 3, Width: 4, Blocks: 2, Output: LanguageOutput(output), Temperature: .5}
		g, d, gen := graph.New(), nn.NewBlock("critic"), nn.NewBlock("generator")
		net := l.Declare(d, gen)
		d.Build(g)
		gen.Build(g)
		real, z, eps, lambda := g.Input("real", n, LineLength*l.Letters), g.Input("z", n, l.Latent()), g.Input("eps", n, 1), g.Input("lambda", 1, 1)
		loss := gp.Critic(net.Critic, real, net.Generator(z, nil), eps, lambda)
		weights := func(b *nn.Block, seed uint64) []float64 {
			v := make([]float32, b.Len())
			b.Init(v, random.New(seed, "init"))
			w := normals(b.Len(), seed)
			for i, x := range v {
				w[i] = float64(x) + .05*w[i]
			}
			return w
		}
		at := graph.Feed{real: normals(real.Len(), 3), z: normals(z.Len(), 4), eps: {.3, .8}, lambda: {10}, d.Node: weights(d, 5), gen.Node: weights(gen, 6)}
		for order, off := range graph.Differences(loss.Loss, at, graph.Feed{d.Node: normals(d.Len(), 7)}) {
			if !(off < 1e-5) {
				t.Errorf("%s: the derivative of order %d is %.2g off", output, order+1, off)
			}
		}
		slopes := graph.Eval(at, loss.Slope, graph.Grad(net.Critic(loss.Mix).Sum(), loss.Mix)[0])
		for i, slope := range slopes[0] {
			s := 0.
			for _, x := range slopes[1][i*real.Cols : (i+1)*real.Cols] {
				s += x * x
			}
			if math.Abs(slope-math.Sqrt(s)) > 1e-6*slope {
				t.Errorf("%s: a slope is %v, over all of a line %v", output, slope, math.Sqrt(s))
			}
		}
	}
}

// All outputs are rows of chances, those of one-hot ones 0 and 1, and the generator's
// weights have a gradient through all.
func TestLanguageOutputs(t *testing.T) {
	const n, letters = 2, 5
	for _, output := range LanguageOutputs {
		l := Language{letters, 4, 1, LanguageOutput(output), .1}
		g, d, gen := graph.New(), nn.NewBlock("critic"), nn.NewBlock("generator")
		net := l.Declare(d, gen)
		d.Build(g)
		gen.Build(g)
		z := g.Input("z", n, l.Latent())
		fake := net.Generator(z, nil)
		weights := normals(gen.Len(), 3)
		for i := range weights {
			weights[i] /= 10
		}
		v := graph.Eval(graph.Feed{z: normals(z.Len(), 1), d.Node: normals(d.Len(), 2), gen.Node: weights}, fake, gen.Grad(GeneratorLoss(net.Critic, fake)))
		for p := range slices.Chunk(v[0], letters) {
			sum, most := 0., slices.Max(p)
			for _, x := range p {
				sum += x
			}
			if math.Abs(sum-1) > 1e-9 || (output != "softmax") != (most == 1) {
				t.Fatalf("%s: a letter is %v", output, p)
			}
		}
		if slices.Max(v[1]) == 0 && slices.Min(v[1]) == 0 {
			t.Errorf("%s: the generator has no gradient", output)
		}
	}
}

// The noise of ST Gumbel-Softmax has the mean and variance of Gumbel's distribution, γ and
// π²/6, and their greatest of three is each as often.
func TestGumbelOfNormals(t *testing.T) {
	const n = 30_000
	g, m := graph.New(), cpu.NewMemory()
	z := g.Input("z", n, 6)
	noise := gumbel(z)
	machine := cpu.Open(program.Compile(nil, noise, noise.OneHotMax()), m, 1)
	defer machine.Close()
	random.New(1, "noise").Normal(m.Of(z))
	machine.Run()
	mean, square, first := 0., 0., 0.
	for _, x := range machine.Read(noise) {
		mean += float64(x) / (3 * n)
		square += float64(x) * float64(x) / (3 * n)
	}
	for i, x := range machine.Read(noise.OneHotMax()) {
		if i%3 == 0 {
			first += float64(x) / n
		}
	}
	if variance := square - mean*mean; math.Abs(mean-.57722) > .02 || math.Abs(variance-math.Pi*math.Pi/6) > .05 || math.Abs(first-1./3) > .01 {
		t.Errorf("mean %.4f, variance %.4f, the first is greatest in %.4f", mean, variance, first)
	}
}

// Lines are one-hot, and read as they were.
func TestLines(t *testing.T) {
	l := Lines{data.NewText([]string{"abc", "cab", "bbbbb"}, 4, 10)}
	v := make([]float32, 2*l.Size())
	v[1] = 7
	l.Fill(v, []int{2, 0}, nil)
	ones := 0
	for _, x := range v {
		if x == 1 {
			ones++
		} else if x != 0 {
			t.Fatalf("a one-hot number is %v", x)
		}
	}
	if want := slices.Concat(l.Codes[8:12], l.Codes[:4]); ones != 8 || !slices.Equal(l.Decode(nil, v), want) {
		t.Errorf("%d ones, read as %v, want 8 and %v", ones, l.Decode(nil, v), want)
	}
}
