package gumbel

import (
	"fmt"
	"math"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/lab"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

var inf = math.Inf(1)

// alike reports whether two numbers are equal, both NaN, or within a share or the least
// difference of each other.
func alike(a, b, share, least float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || !math.IsInf(b, 0) && math.Abs(a-b) <= max(share*math.Abs(b), least)
}

// The divergence of bits is near its limit however sure they are, in float32 too: ten
// sure bits are 10 ln 2 from even ones.
func TestKLOfSureBits(t *testing.T) {
	for _, l := range []float64{20, 37, 50, 88, 200, 1e4, 1e6, inf, -20, -50, -1e6, -inf} {
		g := graph.New()
		logits := g.Input("logits", 1, 10)
		kl := Bits(10).KL(logits, g.Const(1, 10, 0))
		memory := cpu.NewMemory()
		at := make([]float64, 10)
		for i := range at {
			at[i] = l
			memory.Of(logits)[i] = float32(l)
		}
		slope := graph.Grad(kl, logits)[0]
		m := cpu.Open(program.Compile(nil, kl, slope), memory, 1)
		m.Run()
		v := graph.Eval(graph.Feed{logits: at}, kl, slope)
		if got, want := m.Scalar(kl), v[0][0]; !alike(got, want, 2e-7, 0) || got > 10*math.Ln2*(1+1e-7) {
			t.Errorf("logits %v: %v, want %v", l, got, want)
		}
		if got := m.Read(slope)[3]; !alike(float64(got), v[1][3], 1e-5, 1e-12) {
			t.Errorf("logits %v: the gradient is %v, want %v", l, got, v[1][3])
		}
		m.Close()
	}
}

// Divergences, cross-entropies and chances where logits are infinite are their limits.
func TestInfiniteLogits(t *testing.T) {
	g := graph.New()
	q, p, x := g.Input("q", 1, 3), g.Input("p", 1, 3), g.Input("x", 1, 3)
	one := Variables{1, 3}
	ce := nn.CrossEntropy(q, x)
	outs := []*graph.Node{KL(q, p), KLUniform(q), nn.ClassCrossEntropy(q, x), one.LogChance(x, q), Bits(3).KL(q, p), ce.SumCols(), Bits(3).LogChance(x, q)}
	names := []string{"KL", "KLUniform", "ClassCrossEntropy", "LogChance", "KL of bits", "CrossEntropy", "LogChance of bits"}
	nan, ln2 := math.NaN(), math.Ln2
	for _, c := range []struct {
		q, p, x []float64
		want    []float64 // nan: not said
	}{
		{[]float64{-inf, 1, 1}, []float64{0, 0, 0}, []float64{0, 1, 0}, []float64{math.Log(1.5), math.Log(1.5), ln2, -ln2}},
		{[]float64{-inf, 1, 1}, []float64{-inf, 0, 0}, []float64{0, 0, 1}, []float64{0, math.Log(1.5), ln2, -ln2}},
		{[]float64{0, 0, 0}, []float64{-inf, 0, 0}, []float64{1, 0, 0}, []float64{inf, 0, math.Log(3), -math.Log(3)}},
		{[]float64{-inf, 1, 1}, []float64{0, 0, 0}, []float64{1, 0, 0}, []float64{math.Log(1.5), math.Log(1.5), inf, -inf}},
		{[]float64{inf, 1, 1}, []float64{0, 0, 0}, []float64{1, 0, 0}, []float64{math.Log(3), math.Log(3), 0, 0}},
		{[]float64{inf, 1, -inf}, []float64{0, 0, 0}, []float64{0, 1, 0}, []float64{math.Log(3), math.Log(3), inf, -inf}},
		{[]float64{inf, -inf, 0}, []float64{0, 0, 0}, []float64{1, 0, 1}, []float64{nan, nan, nan, nan, 2 * ln2, ln2, -ln2}},
		{[]float64{inf, -inf, 0}, []float64{inf, -inf, 0}, []float64{1, 0, .5}, []float64{nan, nan, nan, nan, 0, ln2, -ln2}},
		{[]float64{0, 0, 0}, []float64{inf, 0, 0}, []float64{0, 0, 0}, []float64{nan, nan, nan, nan, inf, 3 * ln2, -3 * ln2}},
		{[]float64{inf, 0, 0}, []float64{0, 0, 0}, []float64{0, 0, 0}, []float64{nan, nan, nan, nan, ln2, inf, -inf}},
		{[]float64{-inf, 0, 0}, []float64{0, 0, 0}, []float64{.25, 0, 0}, []float64{nan, nan, nan, nan, ln2, inf, -inf}},
	} {
		v := graph.Eval(graph.Feed{q: c.q, p: c.p, x: c.x}, outs...)
		for i, want := range c.want {
			if !math.IsNaN(want) && !alike(v[i][0], want, 1e-14, 1e-15) {
				t.Errorf("%s of logits %v, prior %v, x %v is %v, want %v", names[i], c.q, c.p, c.x, v[i][0], want)
			}
		}
		for i, out := range outs {
			if math.IsInf(v[i][0], 0) || math.IsNaN(v[i][0]) {
				continue
			}
			d := graph.Eval(graph.Feed{q: c.q, p: c.p, x: c.x}, graph.Grad(out, q)[0])[0]
			for j, x := range d {
				if math.IsNaN(x) || math.IsInf(x, 0) || math.IsInf(c.q[j], 0) && x != 0 {
					t.Errorf("%s of logits %v, prior %v, x %v has the gradient %v", names[i], c.q, c.p, c.x, d)
					break
				}
			}
		}
	}
}

// Divergences, cross-entropies, chances and samples are in float32 what they mean, from
// -1e6 to 1e6 and at both infinities, and so are their gradients.
func TestRange(t *testing.T) {
	line := []float64{0, 1e-20, -1e-20, .5, -.5, 1, -2, 7, -10, 16.7, -16.7, 30, -50, 88.8, -88.8, 100, -102, 1e3, -1e3, 54321, -54321, 1e6, -1e6, inf, -inf}
	var a, b []float64
	for _, x := range line {
		for _, y := range line {
			a, b = append(a, float64(float32(x))), append(b, float64(float32(y)))
		}
	}
	n := len(a)
	g := graph.New()
	an, bn, cn, tau := g.Input("a", n, 1), g.Input("b", n, 1), g.Input("c", n, 1), g.Input("tau", 1, 1)
	u := g.Input("u", n, 3)
	memory := cpu.NewMemory()
	feed := graph.Feed{an: a, bn: b, cn: make([]float64, n), u: make([]float64, 3*n), tau: {1}}
	random.New(1, "u").Uniform(memory.Of(u))
	for i, x := range memory.Of(u) {
		feed[u][i] = float64(x)
	}
	for i := range n {
		feed[cn][i] = float64(i%5) / 4 // chances: 0, grey, 1
		memory.Of(an)[i], memory.Of(bn)[i], memory.Of(cn)[i] = float32(a[i]), float32(b[i]), float32(feed[cn][i])
	}
	two, zero := graph.ConcatCols(an, bn), g.Const(n, 1, 0)
	turned, three := graph.ConcatCols(bn, an), graph.ConcatCols(an, bn, zero)
	hot := two.OneHotMax()
	for name, out := range map[string]*graph.Node{
		"KL": KL(two, turned), "KLUniform": KLUniform(three), "KL of bits": Bits(1).KL(an, bn), "cross-entropy": nn.CrossEntropy(an, cn),
		"log chance": Variables{1, 2}.LogChance(hot, two), "class cross-entropy": hot.TimesLog(two.LogSoftmax()).SumCols(),
		"sample": Softmax(three, u, tau), "bit sample": Bits(1).Relaxed(Bits(1).Perturbed(an, u.Slice(0, 1)), tau), "hard": Variables{1, 3}.Hard(Variables{1, 3}.Perturbed(three, u)),
	} {
		t.Run(name, func(t *testing.T) {
			outs := []*graph.Node{out}
			// The gradient of the finite ones.
			outs = append(outs, graph.Grad(out.Finite().Sum(), an)[0])
			for _, k := range []float64{1, .01, 100} {
				feed[tau][0], memory.Of(tau)[0] = float64(float32(k)), float32(k)
				m := cpu.Open(program.Compile(nil, outs[0], outs[1].Add(an.Scale(0).Finite())), memory, 1)
				m.Run()
				want := graph.Eval(feed, outs[0], outs[1].Add(an.Scale(0).Finite()))
				for at, o := range []*graph.Node{outs[0], outs[1].Add(an.Scale(0).Finite())} {
					bad := 0
					for i, got := range m.Read(o) {
						// The rounding of a difference of large numbers in float32 is of
						// their size.
						row := i / o.Cols
						size := 1.
						for _, x := range []float64{a[row], b[row]} {
							if !math.IsInf(x, 0) && at == 0 {
								size = max(size, math.Abs(x))
							}
						}
						least := 1e-6 * size
						if name == "sample" || name == "bit sample" || at == 1 {
							least = 4e-5 * max(1, 1/k) // of noise, and of logits near each other
							if size := max(math.Abs(a[row]), math.Abs(b[row])); at == 0 && !math.IsInf(size, 0) {
								least = max(least, 1e-7*size/k) // logits and noise are added in float32
							}
						}
						if !alike(float64(got), float64(float32(want[at][i])), 3e-6, least) {
							if bad++; bad < 5 {
								t.Errorf("τ %v: output %d of logits %v and %v, chance %v, is %v, want %v", k, at, a[row], b[row], feed[cn][row], got, want[at][i])
							}
						}
						if x := float64(got); at == 0 && o.Cols > 1 && !(x >= 0 && x <= 1) && !math.IsNaN(want[0][i]) {
							t.Errorf("τ %v: a sample of %v", k, x)
						}
					}
				}
				m.Close()
			}
		})
	}
}

// Every estimator trains with a class that is masked: the loss is finite, and so is
// every gradient, 0 at the masked logit.
func TestEstimatorsWithMaskedClasses(t *testing.T) {
	for _, of := range []Variables{{2, 4}, Bits(3)} {
		for _, name := range Estimators() {
			if CheckEstimator(name, of) != nil {
				continue
			}
			t.Run(fmt.Sprint(of, " ", name), func(t *testing.T) {
				const rows = 16
				g := graph.New()
				block := nn.NewBlock("model")
				w := nn.NewLinear(block, "cost", of.Width(), 1, nn.Uniform(.5))
				prior := block.Add("prior", 1, of.Width(), nn.Init{})
				block.Build(g)
				x, logits, tau := g.Input("x", rows, 2), g.Input("logits", rows, of.Width()), g.Input("tau", 1, 1)
				c := Chain{X: x, Layers: []Layer{{of, func(*graph.Node) *graph.Node { return logits }}}, Prior: prior.Node,
					Cost: func(z *graph.Node) *graph.Node { return w.Apply(z).AddConst(-.3).Square() }}
				if name == "vimco" {
					many := g.Input("many logits", rows*5, of.Width())
					c.Layers[0].Logits = func(in *graph.Node) *graph.Node { return many }
					logits = many
				}
				e, err := NewEstimator(name)
				if err != nil {
					t.Fatal(err)
				}
				own := nn.NewBlock("own")
				e.Declare(own, c)
				if own.Len() > 0 {
					own.Build(g)
				}
				d := e.Draw(c, tau)
				slopes := graph.Grad(d.Loss, logits, block.Node)
				memory := cpu.NewMemory()
				block.Init(memory.Of(block.Node), random.New(1, "init"))
				if own.Len() > 0 {
					own.Init(memory.Of(own.Node), random.New(1, "own"))
				}
				memory.Of(tau)[0] = .7
				for i := range memory.Of(logits) {
					memory.Of(logits)[i] = float32(i%3) - 1
					if i%of.Width() == 1 {
						memory.Of(logits)[i] = float32(-inf)
					}
					if of.Binary() && i%of.Width() == 2 {
						memory.Of(logits)[i] = float32(inf)
					}
				}
				m := cpu.Open(program.Compile(d.Updates, d.Loss, d.Value, slopes[0], slopes[1]), memory, 1)
				defer m.Close()
				r := random.New(2, "u")
				for range 3 {
					for _, u := range d.Noise {
						r.Uniform(memory.Of(u))
					}
					m.Run()
					for _, n := range []*graph.Node{d.Loss, d.Value} {
						if v := m.Scalar(n); math.IsNaN(v) || math.IsInf(v, 0) {
							t.Fatalf("%v is %v", n, v)
						}
					}
					for i, v := range m.Read(slopes[0]) {
						at := i % of.Width()
						if v-v != 0 || (at == 1 || of.Binary() && at == 2) && v != 0 {
							t.Fatalf("the gradient by logit %d is %v", at, v)
						}
					}
					for i, v := range m.Read(slopes[1]) {
						if v-v != 0 {
							t.Fatalf("the gradient by parameter %d is %v", i, v)
						}
					}
				}
			})
		}
	}
}

// The bound of large images lies between the mean of the logarithms and that less
// log m, also where e to it is no float64.
func TestBoundOfLargeImages(t *testing.T) {
	for _, side := range []int{8, 31, 32, 40} {
		m := &data.Images{Rows: side, Cols: side, Channels: 1, Pixels: make([]uint8, 100*side*side), Labels: make([]uint8, 100)}
		for i := range m.Pixels {
			m.Pixels[i] = uint8(i * 37)
		}
		r := newRun(t, lab.Values{"least-temperature": "1"})
		v := NewVAE(r, VAEConfig{Variables: Variables{2, 3}, Config: Config{Train: m, Test: m, Estimator: "gumbel-softmax", Binarisation: Grey, Batch: 2, Optimiser: "adam"}})
		r.Begin(bare{v})
		bound, mean := v.Bound(100, 4)
		if pixels := float64(side*side) * math.Ln2; !(bound <= mean && bound >= mean-math.Log(4)) || math.Abs(bound-pixels) > .05*pixels {
			t.Errorf("side %d: bound %v, mean %v, pixels·ln 2 %v", side, bound, mean, pixels)
		}
		r.Close()
	}
}

// VIMCO's bound and its baselines are finite where e to a cost is no float32.
func TestVIMCOOfLargeCosts(t *testing.T) {
	for _, level := range []float64{100, -100, 800, 5e4, -5e4} {
		g := graph.New()
		logits := g.Input("logits", 10, 3)
		c := Chain{X: g.Input("x", 2, 1), Layers: []Layer{{Variables{1, 3}, func(*graph.Node) *graph.Node { return logits }}},
			Cost: func(z *graph.Node) *graph.Node { return z.Slice(0, 1).Scale(3).AddConst(level) }}
		d := VIMCO{Samples: 5}.Draw(c, nil)
		slope := graph.Grad(d.Loss, logits)[0]
		memory := cpu.NewMemory()
		for _, u := range d.Noise {
			random.New(1, "u").Uniform(memory.Of(u))
		}
		m := cpu.Open(program.Compile(nil, d.Value, slope), memory, 1)
		m.Run()
		if v := m.Scalar(d.Value); !(v >= level-.01 && v <= level+3.01) {
			t.Errorf("costs of %v to %v: the bound is %v", level, level+3, v)
		}
		for _, v := range m.Read(slope) {
			if v-v != 0 {
				t.Errorf("costs of %v: a gradient is %v", level, v)
				break
			}
		}
		m.Close()
	}
}
