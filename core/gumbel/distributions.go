package gumbel

import (
	"fmt"
	"math"
	"slices"

	"ganbel/core/measure"
	"ganbel/core/random"
	"ganbel/core/train"
)

// Temperatures are those of figure 1, after 0, which stands for the categorical
// distribution: what the others lead to as τ → 0.
var Temperatures = [...]float64{0, .1, .5, 1, 10}

// Distributions is figure 1, section 2.1: samples of one categorical distribution
// and of its relaxations at all Temperatures, and what they are on average. Nothing
// is trained: a step draws more samples, of one noise at all temperatures.
type Distributions struct {
	Chances []float64 // π, which add up to 1
	Draws   int       // of every step

	run          *train.Run
	logits, u, y []float64
	stream       *random.Stream
	frame        *random.Stream // of what View shows
	sum, square  []float64      // of a step's quantities at one temperature, see measure

	// Of every temperature's quantities: the mean of all steps' means and variances,
	// and how much the steps' variances vary. Each is a mean, which a float32 holds well.
	mean, variance, spread []float32
}

// A Summary is what the samples y of one distribution are on average.
type Summary struct {
	Mean, SD []float64 // of every element of y: expectation and standard deviation
	Argmax   []float64 // how often it is the greatest; the chances, at every temperature
	Greatest float64   // mean of the greatest element: 1 where all samples are one-hot
	Entropy  float64   // mean entropy of a sample, in nats: 0 where all are one-hot
}

// NewDistributions builds, on a run at step 0, samples of classes whose chances are
// proportional to those given, and of 2 draws a step or more. It returns an error if there
// are fewer, or no chances, or one is not positive and finite.
func NewDistributions(r *train.Run, chances []float64, draws int) (*Distributions, error) {
	k := len(chances)
	d := &Distributions{run: r, Draws: draws, Chances: make([]float64, k), logits: make([]float64, k), u: make([]float64, k), y: make([]float64, k),
		stream: r.Stream("gumbel", "gumbel"), frame: r.Apart("frame"), sum: make([]float64, 2*k+2), square: make([]float64, 2*k+2)}
	for i, p := range chances {
		d.logits[i] = math.Log(p)
	}
	if err := checkLogits(d.logits); err != nil {
		return nil, fmt.Errorf("%w (of the chances %v)", err, chances)
	}
	if draws < 2 {
		return nil, fmt.Errorf("gumbel: %d draws a step: a standard deviation needs 2 or more", draws)
	}
	most, total := slices.Max(chances), 0.
	for i, p := range chances {
		d.Chances[i] = p / most
		total += p / most
	}
	for i := range d.Chances {
		d.Chances[i] /= total
	}
	n := len(Temperatures) * (2*k + 2)
	d.mean, d.variance, d.spread = make([]float32, n), make([]float32, n), make([]float32, n)
	r.Host("mean", d.mean, false)
	r.Host("variance", d.variance, false)
	r.Host("spread", d.spread, false)
	return d, nil
}

// sample writes the sample at a temperature of the noise of u.
func (d *Distributions) sample(tau float64) {
	if tau > 0 {
		if err := Sample(d.y, d.logits, d.u, tau); err != nil {
			panic(err) // logits, noise and Temperatures are right
		}
		return
	}
	class, err := Max(d.logits, d.u)
	if err != nil {
		panic(err)
	}
	clear(d.y)
	d.y[class] = 1
}

// next draws the uniform numbers of one sample.
func (d *Distributions) next(r *random.Stream) {
	for i := range d.u {
		d.u[i] = r.Float64()
	}
}

// Iterate draws Draws more samples at every temperature. It returns "": no number
// can stop being finite.
func (d *Distributions) Iterate() string {
	at, each := d.stream.Position(), len(d.sum)
	for t, tau := range Temperatures {
		d.stream.Seek(at) // all temperatures share their noise
		clear(d.sum)
		clear(d.square)
		for range d.Draws {
			d.next(d.stream)
			d.sample(tau)
			d.measure()
		}
		for i, sum := range d.sum {
			d.gather(t*each+i, sum/float64(d.Draws), d.square[i])
		}
	}
	d.run.Finish()
	return ""
}

// measure adds the quantities of the sample y to the step's sums: its elements,
// its one-hot argmax, its greatest element, and its entropy.
func (d *Distributions) measure() {
	k, best := len(d.y), 0
	add := func(i int, x float64) {
		d.sum[i] += x
		d.square[i] += x * x
	}
	for i, y := range d.y {
		add(i, y)
		if y > d.y[best] {
			best = i
		}
	}
	add(k+best, 1)
	add(2*k, d.y[best])
	add(2*k+1, measure.Entropy(d.y))
}

// gather joins a step's mean and sum of squares of a quantity to those before.
func (d *Distributions) gather(at int, mean, square float64) {
	n, draws := float64(d.run.Step()+1), float64(d.Draws)
	join := func(to *float32, x float64) { *to += float32((x - float64(*to)) / n) }
	variance := math.Max(0, square-draws*mean*mean) / (draws - 1)
	before := variance - float64(d.variance[at])
	join(&d.mean[at], mean)
	join(&d.variance[at], variance)
	join(&d.spread[at], before*(variance-float64(d.variance[at])))
}

// Sampled returns what the samples at Temperatures[t] were on average in all steps, 1
// or more, and the standard error of each number. That of a standard deviation is
// known from the second step on, and NaN in the first.
func (d *Distributions) Sampled(t int) (value, err Summary) {
	k, n := len(d.Chances), float64(d.run.Step())
	from := t * (2*k + 2)
	mean := func(i int) (value, err float64) {
		return float64(d.mean[from+i]), math.Sqrt(float64(d.variance[from+i]) / (n * float64(d.Draws)))
	}
	value, err = newSummary(k), newSummary(k)
	for i := range k {
		value.Mean[i], err.Mean[i] = mean(i)
		value.Argmax[i], err.Argmax[i] = mean(k + i)
		value.SD[i] = math.Sqrt(float64(d.variance[from+i]))
		err.SD[i] = math.Sqrt(float64(d.spread[from+i])/(n-1)) / (2 * value.SD[i]) // d√v = dv/(2√v)
	}
	value.Greatest, err.Greatest = mean(2 * k)
	value.Entropy, err.Entropy = mean(2*k + 1)
	return value, err
}

func newSummary(classes int) Summary {
	return Summary{Mean: make([]float64, classes), SD: make([]float64, classes), Argmax: make([]float64, classes)}
}

// View returns single samples, (len(Temperatures), n, K): the i-th at every
// temperature is of the same noise, which is always the same.
func (d *Distributions) View(n int) []float32 {
	var all []float32
	for _, tau := range Temperatures {
		d.frame.Seek(0)
		for range n {
			d.next(d.frame)
			d.sample(tau)
			for _, y := range d.y {
				all = append(all, float32(y))
			}
		}
	}
	return all
}

// Density returns the logarithm of equation 3 for three classes at the middles of
// side² parts of the simplex, (side, side), in nats: row i, column j is at
//
//	y₃ = (i+½)/side    y₂ = (1-y₃)·(j+½)/side    y₁ = 1 - y₂ - y₃
//
// It panics where there are not three classes or tau is not positive.
func (d *Distributions) Density(tau float64, side int) []float32 {
	all := make([]float32, 0, side*side)
	for i := range side {
		for j := range side {
			y3 := (float64(i) + .5) / float64(side)
			y2 := (1 - y3) * (float64(j) + .5) / float64(side)
			log, err := LogDensity([]float64{1 - y2 - y3, y2, y3}, d.logits, tau)
			if err != nil {
				panic(err)
			}
			all = append(all, float32(log))
		}
	}
	return all
}
