package gumbel

import (
	"fmt"
	"slices"
	"time"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/lab"
	"ganbel/core/program"
	"ganbel/core/train"
)

// ClassCounts are the numbers of classes K that a ClassCost measures: those of figure
// 5(a), where the paper tells of 10 and 100.
var ClassCounts = [...]int{2, 5, 10, 20, 50, 100}

// ClassCostConfig says what a ClassCost measures. The settings "windows" and "window", in
// seconds, of its run say for how long.
type ClassCostConfig struct {
	Images        *data.Images // as many as the greatest K or more; labels are not used
	Z, Channels   int          // see SemiModel
	Batch         int          // unlabelled images a step
	LabelledBatch int          // labelled images a step
	Device        program.Device
}

// A ClassCost measures what marginalisation costs beside Gumbel-Softmax, figure 5(a):
// how many steps a second a Semi makes by either, on images with random labels of K
// classes. As it measures time it is never quite the same again.
//
// A step measures one K, in turn. It trains on runs of its own, which end with it.
type ClassCost struct {
	ClassCostConfig
	run *train.Run

	// Steps a second by each of ClassCounts, 0 where it was not measured yet.
	Marginal, Gumbel []float32
}

// NewClassCost builds a measurement on a run at step 0. It returns an error if there are
// fewer images than the greatest K or than a batch.
func NewClassCost(r *train.Run, c ClassCostConfig) (*ClassCost, error) {
	if n, least := c.Images.Count(), max(slices.Max(ClassCounts[:]), c.Batch); n < least {
		return nil, fmt.Errorf("gumbel: %d images: there must be at least %d, a batch and one of each class", n, least)
	}
	cost := &ClassCost{ClassCostConfig: c, run: r, Marginal: make([]float32, len(ClassCounts)), Gumbel: make([]float32, len(ClassCounts))}
	r.Host("marginalisation", cost.Marginal, false)
	r.Host("gumbel-softmax", cost.Gumbel, false)
	for _, e := range []SemiEstimator{SemiMarginal, SemiGumbel} { // the step with the most classes has both runs at once
		s := cost.open(slices.Max(ClassCounts[:]), e)
		r.Needs(s.run.Plan().Bytes)
		s.run.Close()
	}
	return cost, nil
}

// config is that of a model with k classes.
func (c *ClassCost) config(k int, e SemiEstimator) SemiConfig {
	return SemiConfig{Train: c.Images, K: k, Labels: k, Estimator: e, Z: c.Z, Channels: c.Channels, Batch: c.Batch, LabelledBatch: c.LabelledBatch}
}

// timed is the experiment of the runs that a ClassCost times.
var timed = &lab.Experiment{Name: "gumbel-semi"}

// open returns a model with k classes whose labels are random, but equally many of each,
// on a run of its own, which has not begun.
func (c *ClassCost) open(k int, e SemiEstimator) onlyTrained {
	config, images := c.config(k, e), *c.Images
	images.Labels = make([]uint8, images.Count())
	for i, at := range c.run.Apart("labels").Perm(len(images.Labels)) {
		images.Labels[at] = uint8(i % k)
	}
	config.Train = &images
	v := lab.Values{"seed": c.run.Text("seed"), "learning-rate": "0.001", "alpha": "1", "labelled-weight": "1",
		"schedule": string(Constant), "temperature": "1", "least-temperature": "1", "anneal": "0", "anneal-every": "1"}
	s, err := NewSemi(train.New(timed, v, c.Device), config)
	if err != nil {
		panic(err) // NewClassCost has seen to what could be wrong
	}
	return onlyTrained{s}
}

// onlyTrained is a Semi of which nothing is measured but the time, and nothing is drawn.
type onlyTrained struct{ *Semi }

// Measure returns nothing.
func (onlyTrained) Measure() []float64 { return nil }

// Frame returns nothing.
func (onlyTrained) Frame() map[string]data.Tensor { return nil }

// Iterate measures the next K, for so many windows of each estimator, in turn, of which the
// median counts. It returns the name of the first number that is no longer finite, or "".
func (c *ClassCost) Iterate() string {
	at, windows, window := c.run.Step()%len(ClassCounts), c.run.Int("windows"), c.Window()
	models := [2]onlyTrained{c.open(ClassCounts[at], SemiMarginal), c.open(ClassCounts[at], SemiGumbel)}
	for _, s := range models {
		defer s.run.Close()
		s.run.Begin(s)
	}
	var rates [2][]float64
	for w := range windows + 1 {
		for i, s := range models {
			start, n := time.Now(), 0.
			for ok := true; ok; ok = w > 0 && time.Since(start) < window { // the first step warms up
				if bad := s.Iterate(); bad != "" {
					return bad
				}
				n++
			}
			if w > 0 {
				rates[i] = append(rates[i], n/time.Since(start).Seconds())
			}
		}
	}
	for i := range rates {
		slices.Sort(rates[i])
	}
	c.Marginal[at], c.Gumbel[at] = float32(rates[0][windows/2]), float32(rates[1][windows/2])
	c.run.Finish()
	return ""
}

// Window returns for how long a step times an estimator at once.
func (c *ClassCost) Window() time.Duration {
	return time.Duration(c.run.Float("window") * float64(time.Second))
}

// A ClassRatio says how many times the work of Gumbel-Softmax marginalisation is, in
// multiplications of matrices, for one number of classes.
type ClassRatio struct {
	Formula float64 // (D + K(I + G))/(D + I + G), section 4.3's, for the networks q(y|x), q(z|x,y) and p(x|y,z)
	Step    float64 // of a whole step as it is measured, with labelled images and gradients
}

// Ratio returns what is to be expected of k classes.
func (c *ClassCost) Ratio(k int) ClassRatio {
	marginal := c.config(k, SemiMarginal).step()
	g, m := marginal.graph, marginal.model
	x, z, y := g.Input("one x", 1, m.places(0)), g.Input("one z", 1, m.Z), addGiven(g.Input("one y", 1, k))
	of := func(outs ...*graph.Node) float64 { return products(program.Compile(nil, outs...)) }
	mean, logVar := m.code(m.first(m.infer, x), y)
	classify, infer, generate := of(m.Classify(x)), of(mean, logVar), of(m.draw(z, y))
	return ClassRatio{
		Formula: (classify + float64(k)*(infer+generate)) / (classify + infer + generate),
		Step:    products(marginal.program) / products(c.config(k, SemiGumbel).step().program),
	}
}

// products returns the multiplications within a program's matrix products, which are
// nearly all of a network's.
func products(p *program.Program) (n float64) {
	for _, s := range p.Steps {
		if s.Kind == program.Gemm {
			n += float64(s.M) * float64(s.N) * float64(s.K)
		}
	}
	return n
}
