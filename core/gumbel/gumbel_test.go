package gumbel

import (
	"math"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/internal/golden"
	"ganbel/core/nn"
	"ganbel/core/random"
)

func TestGolden(t *testing.T) {
	for name, hard := range map[string]bool{"soft": false, "hard": true} {
		t.Run(name, func(t *testing.T) {
			f := golden.Read(t, "testdata/gumbel_vae_"+name+".json")
			batch, pixels, hidden, n, k := f.Int("batch"), f.Int("x"), f.Int("hidden"), f.Int("latents"), f.Int("classes")
			g, b := graph.New(), nn.NewBlock("vae")
			enc := nn.NewMLP(b, "encoder", nn.Act("relu"), nn.GlorotInit, pixels, hidden, n*k)
			dec := nn.NewMLP(b, "decoder", nn.Act("relu"), nn.GlorotInit, n*k, hidden, pixels)
			b.Build(g)
			x, tau, rate := g.Input("x", batch, pixels), g.Input("tau", 1, 1), g.Input("rate", 1, 1)
			e := GumbelSoftmax{Hard: hard}.Draw(Chain{X: x, Layers: []Layer{{Variables{n, k}, enc.Apply}}, Prior: g.Const(1, n*k, 0),
				Cost: func(z *graph.Node) *graph.Node { return nn.CrossEntropy(dec.Apply(z), x).SumCols() }}, tau)
			u := e.Noise[0]
			soft := Variables{n, k}.Relaxed(Variables{n, k}.Perturbed(e.Logits[0], u), tau)
			golden.Replay{
				File: f, Steps: 3, Block: b,
				Names:   []string{"enc_w0", "enc_b0", "enc_w1", "enc_b1", "dec_w0", "dec_b0", "dec_w1", "dec_b1"},
				Inputs:  map[*graph.Node]string{x: "x%d", u: "u%d"},
				Fixed:   map[*graph.Node]float64{tau: f.Float("tau"), rate: 1e-3},
				Outputs: map[*graph.Node]string{e.Cost: "rec%d", e.KL: "kl%d", soft: "y%d"},
				Grad:    b.Grad(e.Loss), Updates: nn.Adam{Rate: rate, Beta1: .9, Beta2: .999}.Minimize(e.Loss, b),
			}.Run(t)
		})
	}
}

// three are the logits of π = (.1, .2, .7).
var three = []float64{math.Log(.1), math.Log(.2), math.Log(.7)}

// The sample, its Jacobian and its log-density for π = (.1, .2, .7) and
// g = (.5, -.3, 1.2), computed independently.
func TestVectors(t *testing.T) {
	u := make([]float64, 3)
	for i, g := range []float64{.5, -.3, 1.2} {
		u[i] = math.Exp(-math.Exp(-g))
	}
	for _, c := range []struct {
		tau     float64
		y       []float64
		jac     []float64
		density float64
	}{
		{1, []float64{0.06251982315826651, 0.05618393475299155, 0.881296242088742},
			[]float64{.05861109, -.00351261, -.05509849, -.00351261, .05302730, -.04951469, -.05509849, -.04951469, .10461318}, 2.628019438},
		{.5, []float64{0.004987223122183207, 0.004027611931324893, 0.9909851649464919},
			[]float64{.00992470, -.00004017, -.00988453, -.00004017, .00802278, -.00798261, -.00988453, -.00798261, .01786714}, 6.288480980},
	} {
		y := make([]float64, 3)
		if err := Sample(y, three, u, c.tau); err != nil {
			t.Fatal(err)
		}
		g := graph.New()
		logits, un, tau := g.Input("logits", 1, 3), g.Input("u", 1, 3), g.Input("tau", 1, 1)
		node := Softmax(logits, un, tau)
		feed := graph.Feed{logits: three, un: u, tau: {c.tau}}
		v := graph.Eval(feed, node)[0]
		for i := range y {
			if math.Abs(y[i]-c.y[i]) > 1e-12 || math.Abs(v[i]-c.y[i]) > 1e-12 {
				t.Errorf("τ %v: y[%d] is %v by Sample and %v by Softmax, want %v", c.tau, i, y[i], v[i], c.y[i])
			}
			row := graph.Eval(feed, graph.Grad(node.Slice(i, i+1), logits)[0])[0]
			for j := range row {
				if math.Abs(row[j]-c.jac[3*i+j]) > 1e-8 {
					t.Errorf("τ %v: ∂y[%d]/∂logit[%d] is %v, want %v", c.tau, i, j, row[j], c.jac[3*i+j])
				}
			}
		}
		if d, err := LogDensity(y, three, c.tau); err != nil || math.Abs(d-c.density) > 1e-8 {
			t.Errorf("τ %v: log density %v, want %v, %v", c.tau, d, c.density, err)
		}
	}
}

// Gumbel noise has mean γ and variance π²/6, and is finite at the ends of what
// Uniform draws.
func TestNoise(t *testing.T) {
	const n = 200_000
	g := graph.New()
	u := g.Input("u", 1, n)
	drawn := make([]float32, n)
	random.New(3, "gumbel").Uniform(drawn)
	in := make([]float64, n)
	for i, v := range drawn {
		in[i] = float64(v)
	}
	in[0], in[1] = math.Exp2(-24), 1-math.Exp2(-24)
	v := graph.Eval(graph.Feed{u: in}, Noise(u))[0]
	if math.Abs(v[0]+math.Log(24*math.Ln2)) > 1e-9 || math.Abs(v[1]-24*math.Ln2) > 1e-6 {
		t.Errorf("noise ends at %v and %v", v[0], v[1])
	}
	mean, square := 0., 0.
	for _, x := range v {
		mean += x / n
		square += x * x / n
	}
	if variance := square - mean*mean; math.Abs(mean-.577216) > .01 || math.Abs(variance-1.644934) > .03 {
		t.Errorf("mean %v and variance %v, want .577216 and 1.644934", mean, variance)
	}
}

// KL against sums over classes in plain numbers, and its derivatives.
func TestKL(t *testing.T) {
	g := graph.New()
	q, p := g.Input("q", 2, 3), g.Input("p", 2, 3)
	at := graph.Feed{q: {.3, -1, 2, 0, 0, 0}, p: {1, .5, -.2, 3, 1, -2}}
	softmax := func(v []float64) (y [3]float64) {
		sum := 0.
		for i := range y {
			y[i] = math.Exp(v[i])
			sum += y[i]
		}
		for i := range y {
			y[i] /= sum
		}
		return y
	}
	v := graph.Eval(at, KL(q, p), KLUniform(q))
	for row := range 2 {
		a, b := softmax(at[q][3*row:]), softmax(at[p][3*row:])
		kl, uniform := 0., 0.
		for i := range a {
			kl += a[i] * math.Log(a[i]/b[i])
			uniform += a[i] * math.Log(3*a[i])
		}
		if math.Abs(v[0][row]-kl) > 1e-12 || math.Abs(v[1][row]-uniform) > 1e-12 {
			t.Errorf("KL %v and %v, want %v and %v", v[0][row], v[1][row], kl, uniform)
		}
	}
	for what, n := range map[string]*graph.Node{"KL": KL(q, p), "KLUniform": KLUniform(q)} {
		along := graph.Feed{q: {1, -2, .5, .3, -.1, 2}, p: {.2, 1, -1, .5, .4, -.7}}
		for order, off := range graph.Differences(n.Square().Sum(), at, along) {
			if !(off < 1e-6) {
				t.Errorf("%s: order %d is %.2g off", what, order+1, off)
			}
		}
	}
}
