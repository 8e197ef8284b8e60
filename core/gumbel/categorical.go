package gumbel

import (
	"math"

	"ganbel/core/graph"
	"ganbel/core/measure"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// Sizes of a Categorical.
const (
	Classes = 3    // of the choice
	Draws   = 4096 // of every step, over which samples and gradients are averaged
)

// target is t of Objective.
var target = [Classes]float64{.1, .3, .6}

// Objective is what a Categorical's gradients are of: f(y) = Σ (yᵢ - tᵢ)⁴ with
// t = (.1, .3, .6), for y on the simplex of three classes.
//
// It is no quadratic, because those flatter the straight-through estimator: as
// τ → 0 only samples near the edges of the simplex have a gradient, which for a
// straight-through sample is the mean of those at the edge's two ends, and that is
// exact for a quadratic alone.
func Objective(y []float64) float64 {
	sum := 0.
	for i, t := range target {
		d := (y[i] - t) * (y[i] - t)
		sum += d * d
	}
	return sum
}

// A Categorical is one choice between three classes, to play with: its relaxed samples,
// section 2.1, and the gradients of an objective that they give, section 2.2. Nothing is
// trained. It follows the settings "logit-1" to "logit-3", "temperature", and "estimator",
// which is "gumbel-softmax" or "straight-through": then the gradients are of one-hot
// samples, by section 2.2's estimator. A step only draws new noise, which depends on
// nothing but the seed and the step.
type Categorical struct {
	run                     *train.Run
	stream                  *random.Stream
	drawn                   int // the step of the noise in memory, -1 for none
	logits, u, tau, toward  *graph.Node
	y, relaxed, discrete    *graph.Node // samples, and gradients of relaxed and of straight-through ones, (Draws, Classes)
	relaxedRun, discreteRun program.Machine
	statistics, counts      []float32 // and the settings that they are of, with which alone they continue
}

// Where the numbers of Categorical.statistics and counts stand. Both begin with the
// settings that they were gathered for.
const (
	atSteps  = Classes + 2      // after logits, τ and the estimator: steps, each of so many Draws
	atMean   = atSteps + 1      // mean gradient
	atSquare = atMean + Classes // mean squared norm of the gradient
)

// NewCategorical builds a choice on a run at step 0.
func NewCategorical(r *train.Run) *Categorical {
	c := &Categorical{run: r, stream: r.Apart("gumbel"), drawn: -1,
		statistics: make([]float32, atSquare+1), counts: make([]float32, 2*Classes)}
	g := graph.New()
	c.logits, c.u, c.tau, c.toward = g.Input("logits", 1, Classes), g.Input("u", Draws, Classes), g.Input("tau", 1, 1), g.Input("target", 1, Classes)
	each := c.logits.Expand(Draws, Classes) // a draw has logits of its own, and so a gradient
	c.y = Softmax(each, c.u, c.tau)
	gradient := func(y *graph.Node) *graph.Node {
		return graph.Grad(y.Sub(c.toward).Square().Square().Sum(), each)[0]
	}
	c.relaxed, c.discrete = gradient(c.y), gradient(c.y.StraightThrough())
	c.relaxedRun, c.discreteRun = r.Look(c.y, c.relaxed), r.Look(c.y, c.discrete)
	r.Follow(c.tau, func() float64 { return float64(tau32(c.Tau())) })
	r.Host("statistics", c.statistics, false)
	r.Host("counts", c.counts, false)
	return c
}

// Begin sets what the objective's samples are drawn to, see train.Beginner.
func (c *Categorical) Begin() {
	program.Feed(c.run.Memory, c.toward, func(dst []float32) { chances32(dst, target) })
}

// Logits returns the present logits.
func (c *Categorical) Logits() [Classes]float64 {
	return [Classes]float64{c.run.Float("logit-1"), c.run.Float("logit-2"), c.run.Float("logit-3")}
}

// Tau returns the present temperature.
func (c *Categorical) Tau() float64 { return c.run.Float("temperature") }

// straightThrough reports whether the gradients are of one-hot samples.
func (c *Categorical) straightThrough() bool { return c.run.Text("estimator") == "straight-through" }

// Chances returns softmax(Logits()).
func (c *Categorical) Chances() [Classes]float64 { return chances(c.Logits()) }

func chances(logits [Classes]float64) (pi [Classes]float64) {
	most, sum := max(logits[0], logits[1], logits[2]), 0.
	for i, l := range logits {
		pi[i] = math.Exp(l - most)
		sum += pi[i]
	}
	for i := range pi {
		pi[i] /= sum
	}
	return pi
}

// Iterate draws new noise. It returns "": no number can stop being finite.
func (c *Categorical) Iterate() string {
	c.run.Finish()
	c.draw()
	c.gather()
	c.count()
	return ""
}

// Settle has samples, statistics and counts follow the settings and the step, see
// train.Settler. If the settings are others than the statistics are of, these begin anew
// with the present noise, and so do the counts if the logits are others.
func (c *Categorical) Settle() {
	c.draw()
	var of [atSteps]float32
	for i, l := range c.Logits() {
		of[i] = float32(l)
	}
	of[Classes] = tau32(c.Tau())
	if c.straightThrough() {
		of[Classes+1] = 1
	}
	if [atSteps]float32(c.statistics) != of || c.statistics[atSteps] == 0 {
		clear(c.statistics)
		copy(c.statistics, of[:])
		c.gather()
	}
	if [Classes]float32(c.counts) != [Classes]float32(of[:]) || c.counts[Classes]+c.counts[Classes+1]+c.counts[Classes+2] == 0 {
		clear(c.counts)
		copy(c.counts, of[:Classes])
		c.count()
	}
}

// draw computes the samples of the present step and their gradients.
func (c *Categorical) draw() {
	if step := c.run.Step(); c.drawn != step {
		c.stream.Seek(uint64(step) * uint64(c.u.Len()/4))
		c.run.Memory.Uniform(c.u, c.stream)
		c.drawn = step
	}
	program.Feed(c.run.Memory, c.logits, func(dst []float32) { chances32(dst, c.Logits()) })
	c.machine().Run()
}

// chances32 writes a number for each class.
func chances32(dst []float32, all [Classes]float64) {
	for i, x := range all {
		dst[i] = float32(x)
	}
}

func (c *Categorical) machine() program.Machine {
	if c.straightThrough() {
		return c.discreteRun
	}
	return c.relaxedRun
}

// gradients returns those of the present draws, row by row.
func (c *Categorical) gradients() []float32 {
	if c.straightThrough() {
		return c.discreteRun.Read(c.discrete)
	}
	return c.relaxedRun.Read(c.relaxed)
}

// gather adds the present gradients to the statistics, as means: sums would
// outgrow a float32.
func (c *Categorical) gather() {
	var sum [Classes]float64
	square := 0.
	for i, x := range c.gradients() {
		sum[i%Classes] += float64(x)
		square += float64(x) * float64(x)
	}
	s := c.statistics
	s[atSteps]++
	join := func(at int, sum float64) {
		mean := float64(s[at])
		s[at] = float32(mean + (sum/Draws-mean)/float64(s[atSteps]))
	}
	for i, x := range sum {
		join(atMean+i, x)
	}
	join(atSquare, square)
}

// count adds the present choice to the counts.
func (c *Categorical) count() {
	y := c.machine().Read(c.y)
	best := 0
	for i := range Classes {
		if y[i] > y[best] {
			best = i
		}
	}
	c.counts[Classes+best]++
}

// An Estimate is what a Categorical's gradients of E[Objective] with respect to the
// logits are worth.
type Estimate struct {
	Exact    [Classes]float64 // ∂/∂logits Σ πₖ·f(eₖ), by going through the classes: πₖ·(f(eₖ) - Σ π·f)
	Mean     [Classes]float64 // of the gradients of single draws
	Bias     float64          // ‖Mean - Exact‖
	Error    float64          // of Bias: how much the mean of so many draws scatters, √(Variance/Draws)
	Variance float64          // of a single draw's gradient: the trace of its covariance
	Draws    float64          // how many it is of
}

// Estimate returns what the gradients of all draws since the last change of a
// setting tell.
func (c *Categorical) Estimate() (e Estimate) {
	pi, mean := c.Chances(), 0.
	var f [Classes]float64
	for i := range f {
		var hot [Classes]float64
		hot[i] = 1
		f[i] = Objective(hot[:])
		mean += pi[i] * f[i]
	}
	n := Draws * float64(c.statistics[atSteps])
	square, off := float64(c.statistics[atSquare]), 0.
	for i := range f {
		e.Exact[i], e.Mean[i] = pi[i]*(f[i]-mean), float64(c.statistics[atMean+i])
		off += (e.Mean[i] - e.Exact[i]) * (e.Mean[i] - e.Exact[i])
		square -= e.Mean[i] * e.Mean[i]
	}
	e.Bias, e.Variance = math.Sqrt(off), math.Max(0, square)*n/(n-1)
	e.Error, e.Draws = math.Sqrt(e.Variance/n), n
	return e
}

// Entropies returns, in nats, the entropy of the mean of the present samples, which
// nears that of the chances as τ → 0 and log 3 as τ → ∞, and the mean entropy of
// a sample, which nears 0 and log 3.
func (c *Categorical) Entropies() (ofMean, mean float64) {
	var sum [Classes]float64
	y := c.machine().Read(c.y)
	for i, x := range y {
		sum[i%Classes] += float64(x) / Draws
	}
	return measure.Entropy(sum[:]), measure.Entropy(y) / Draws
}

// A Choice is what can be drawn of a Categorical.
type Choice struct {
	Noise     [Classes]float64 // Gumbel noise of the present draw
	Perturbed [Classes]float64 // (logits + noise)/τ
	Sample    [Classes]float64 // softmax of that, equation 2
	Hard      [Classes]float64 // one-hot of the greatest, equation 1
	Counts    []float32        // how often each class was the greatest, in the draws since a logit changed
	Cloud     []float32        // (Draws, 3), relaxed samples, of which the first is Sample
}

// View returns what can be drawn now. Its slices are valid until the next step.
func (c *Categorical) View() Choice {
	v := Choice{Counts: c.counts[Classes:], Cloud: c.machine().Read(c.y)}
	best, logits, tau := 0, c.Logits(), c.Tau()
	var u [Classes]float64
	all := make([]float32, c.u.Len())
	c.run.Memory.Read(c.u, all)
	for i := range u {
		u[i] = float64(all[i])
		v.Noise[i] = noise(u[i])
		v.Perturbed[i] = (logits[i] + v.Noise[i]) / tau
		if v.Perturbed[i] > v.Perturbed[best] {
			best = i
		}
	}
	if err := Sample(v.Sample[:], logits[:], u[:], tau); err != nil {
		panic(err) // the logits are finite, and Tau must be positive
	}
	v.Hard[best] = 1
	return v
}
