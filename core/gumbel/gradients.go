package gumbel

import (
	"math"

	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// GradientDraws is how many draws a step of Gradients makes of each estimator.
const GradientDraws = 1000

// Gradients holds the estimators against the exact gradient, on a problem whose
// samples can all be gone through: logits that all draws share, and the cost
//
//	Σⱼ (Σᵢ Wᵢⱼ·zᵢ - .7)ᵖ
//
// with random W, three j, and p of 1, 2 or 4. What is estimated is the gradient of
// its expectation with respect to the logits; what a step does is to draw more. The setting
// "temperature" is that of relaxed samples.
type Gradients struct {
	run    *train.Run
	rows   []gradientRow
	exact  exactGradient
	sums   []float64 // of a step, as statistics has their means
	stream *random.Stream
}

// An exactGradient goes through all samples of the problem that all rows have.
type exactGradient struct {
	machine      program.Machine
	samples, out *graph.Node
	all          []float32 // samples' numbers
	gradient     []float64 // once it has begun
}

// A gradientRow is one estimator, in a graph of its own.
type gradientRow struct {
	name       string
	machine    program.Machine
	noise      []*graph.Node
	gradient   *graph.Node // of every draw, (GradientDraws, N·K)
	statistics []float32   // see atTau and the others
}

// Where the numbers of gradientRow.statistics stand: the temperature that they are
// of, how many steps they are of, and the means of the squared norm and of each
// number of the gradient.
const (
	atTau = iota
	atCount
	atNorm
	atNumbers
)

// GradientEstimators are the estimators that Gradients compares: all whose
// objective is the expectation of one sample, which leaves out VIMCO, and
// slope-annealed, which is straight-through until its slope rises. Variance
// normalisation, which scales a gradient, is left out.
func GradientEstimators(v Variables) (names []string) {
	for _, name := range Estimators() {
		if name != "vimco" && name != "slope-annealed" && CheckEstimator(name, v) == nil {
			names = append(names, name)
		}
	}
	return names
}

// NewGradients builds a comparison, on a run at step 0, of variables whose samples are 4096
// at most. power is 1, 2 or 4. It panics for others.
func NewGradients(r *train.Run, v Variables, power int) *Gradients {
	g := &Gradients{run: r, stream: r.Stream("gumbel", "gumbel"), sums: make([]float64, 1+v.Width())}
	for _, name := range GradientEstimators(v) {
		g.open(name, v, power)
	}
	return g
}

// open adds an estimator, in a graph of its own.
func (g *Gradients) open(name string, v Variables, power int) {
	run := g.run
	e, err := NewEstimator(name)
	if err != nil {
		panic(err)
	}
	switch e := e.(type) {
	case *ScoreFunction:
		e.Normalise = false
	case *MuProp:
		e.Normalise = false
	}
	r := gradientRow{name: name, statistics: make([]float32, atNumbers+v.Width())}
	gr := graph.New()
	block := nn.NewBlock("problem")
	theta := block.Add("logits", 1, v.Width(), nn.Uniform(1))
	w := nn.NewLinear(block, "cost", v.Width(), 3, nn.Uniform(.8))
	block.Build(gr)
	run.Begins(block, run.Apart("init"))
	c := Chain{X: gr.Input("x", GradientDraws, 1), Layers: []Layer{{v, func(in *graph.Node) *graph.Node {
		return theta.Node.Expand(in.Rows, v.Width())
	}}}, Cost: func(z *graph.Node) *graph.Node {
		y := w.Apply(z).AddConst(-.7)
		for p := 1; p < power; p *= 2 {
			y = y.Square()
		}
		return y.SumCols()
	}}
	own := nn.NewBlock("estimator.own")
	e.Declare(own, c)
	heat, rate := gr.Input("tau", 1, 1), gr.Input("rate", 1, 1)
	run.Follow(heat, func() float64 { return float64(tau32(g.Tau())) })
	if own.Len() > 0 {
		own.Build(gr)
		run.Begins(own, run.Apart("estimator"))
		run.Follow(rate, func() float64 { return .01 })
	}
	d := e.Draw(c, heat)
	updates := d.Updates
	if own.Len() > 0 {
		updates = append(updates, nn.Adam{Rate: rate, Beta1: .9, Beta2: .999}.Minimize(d.Loss, own)...)
	}
	// A draw's own logits are a row of their expansion; the loss is a mean over draws.
	r.gradient, r.noise = graph.Grad(d.Loss, c.Layers[0].Logits(c.X))[0].Scale(GradientDraws), d.Noise
	r.machine = run.Open(program.Compile(updates, r.gradient))
	run.Host(name+".statistics", r.statistics, false)
	for _, u := range updates {
		run.Remembers(name+"."+u.X.Name, u.X)
	}
	g.rows = append(g.rows, r)
	if len(g.rows) == 1 {
		objective, inputs, samples := c.Exact()
		g.exact = exactGradient{samples: inputs[0], all: samples[0], out: graph.Grad(objective, theta.Node)[0]}
		g.exact.machine = run.Look(g.exact.out)
	}
}

// Begin works out the exact gradient, see train.Beginner.
func (g *Gradients) Begin() {
	x := &g.exact
	g.run.Memory.Write(x.samples, x.all)
	x.machine.Run()
	for _, y := range x.machine.Read(x.out) {
		x.gradient = append(x.gradient, float64(y))
	}
}

// Tau returns the temperature of relaxed samples.
func (g *Gradients) Tau() float64 { return g.run.Float("temperature") }

// Settle begins the statistics anew if they are of another temperature than the present
// one, see train.Settler.
func (g *Gradients) Settle() {
	tau := tau32(g.Tau())
	for _, r := range g.rows {
		if r.statistics[atTau] != tau {
			clear(r.statistics)
			r.statistics[atTau] = tau
		}
	}
}

// Iterate draws from every estimator. It returns the name of the first one whose
// numbers are no longer finite, or "".
func (g *Gradients) Iterate() string {
	for i := range g.rows {
		r := &g.rows[i]
		for first := g.run.Step() == 0; ; first = false {
			for _, u := range r.noise {
				g.run.Memory.Uniform(u, g.stream)
			}
			r.machine.Run()
			if !first {
				break // the very first draws only tell baselines what costs are like
			}
		}
		width := len(g.exact.gradient)
		sums := g.sums
		clear(sums)
		for k, x := range r.machine.Read(r.gradient) {
			sums[0] += float64(x) * float64(x)
			sums[1+k%width] += float64(x)
		}
		r.statistics[atCount]++
		for k, s := range sums {
			mean := float64(r.statistics[atNorm+k])
			mean += (s/GradientDraws - mean) / float64(r.statistics[atCount])
			if math.IsNaN(mean) || math.IsInf(mean, 0) {
				return r.name
			}
			r.statistics[atNorm+k] = float32(mean)
		}
	}
	g.run.Finish()
	return ""
}

// A GradientEstimate is what an estimator's draws of a gradient are worth.
type GradientEstimate struct {
	Name     string
	Mean     []float64 // gradient, N·K numbers
	Bias     float64   // ‖Mean - exact‖
	Draws    float64   // that it is of
	Error    float64   // how far the mean of so many draws lies from the exact gradient where there is no bias
	Variance float64   // of one draw: the trace of its covariance
}

// Exact returns the gradient found by going through all samples.
func (g *Gradients) Exact() []float64 { return g.exact.gradient }

// Estimates returns what the draws since the temperature changed tell, NaN before
// the first.
func (g *Gradients) Estimates() (all []GradientEstimate) {
	for _, r := range g.rows {
		n := float64(r.statistics[atCount]) * GradientDraws
		e := GradientEstimate{Name: r.name, Draws: n, Bias: math.NaN(), Error: math.NaN(), Variance: math.NaN()}
		off, square := 0., float64(r.statistics[atNorm])
		for i, x := range g.exact.gradient {
			m := float64(r.statistics[atNumbers+i])
			e.Mean = append(e.Mean, m)
			off += (m - x) * (m - x)
			square -= m * m
		}
		if n > 0 {
			e.Bias, e.Variance = math.Sqrt(off), math.Max(0, square)*n/(n-1)
			e.Error = math.Sqrt(e.Variance / n)
		}
		all = append(all, e)
	}
	return all
}
