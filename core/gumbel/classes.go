package gumbel

import (
	"fmt"
	"slices"
	"time"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// ClassCounts are the numbers of classes K that a ClassCost measures: those of figure
// 5(a), where the paper tells of 10 and 100.
var ClassCounts = [...]int{2, 5, 10, 20, 50, 100}

// ClassCostConfig says what a ClassCost measures.
type ClassCostConfig struct {
	Images        *data.Images // as many as the greatest K or more; labels are not used
	Z, Channels   int          // see SemiModel
	Batch         int          // unlabelled images a step
	LabelledBatch int          // labelled images a step
	Windows       int          // of either estimator, of which the median counts
	Window        time.Duration
	Seed          uint64
	Device        program.Device
	Admit         train.Admission // of the largest step's memory; nil admits all
}

// A ClassCost measures what marginalisation costs beside Gumbel-Softmax, figure 5(a):
// how many steps a second a Semi makes by either, on images with random labels of K
// classes. As it measures time it is never quite the same again.
type ClassCost struct {
	ClassCostConfig
	Iteration int // finished steps, each of which measured one K, in turn

	// Steps a second by each of ClassCounts, 0 where it was not measured yet.
	Marginal, Gumbel []float32
}

// NewClassCost returns a measurement at step 0. It returns an error where there are
// fewer images than the greatest K or than a batch.
func NewClassCost(c ClassCostConfig) (*ClassCost, error) {
	if n, least := c.Images.Count(), max(slices.Max(ClassCounts[:]), c.Batch); n < least {
		return nil, fmt.Errorf("gumbel: %d images: there must be at least %d, a batch and one of each class", n, least)
	}
	cost := &ClassCost{ClassCostConfig: c, Marginal: make([]float32, len(ClassCounts)), Gumbel: make([]float32, len(ClassCounts))}
	if c.Admit != nil {
		c.Admit(cost.plan())
	}
	return cost, nil
}

// plan returns what the step with the most classes will take: two runs at once. They do
// not last, so that the states are what is measured.
func (c *ClassCost) plan() train.Plan {
	p := train.Plan{States: map[string]int{"marginalisation": len(ClassCounts), "gumbel-softmax": len(ClassCounts)}}
	for _, e := range []SemiEstimator{SemiMarginal, SemiGumbel} {
		s := Semi{SemiConfig: c.config(slices.Max(ClassCounts[:]), e), Runner: train.New(c.Seed, c.Device, nil)}
		_, _, step := s.build()
		s.Open(step)
		p.Bytes += s.Plan().Bytes
	}
	return p
}

// config is that of a run with k classes.
func (c *ClassCost) config(k int, e SemiEstimator) SemiConfig {
	return SemiConfig{Train: c.Images, K: k, Labels: k, Alpha: 1, Weight: 1, Estimator: e, Temperature: Schedule{First: 1, Least: 1},
		Z: c.Z, Channels: c.Channels, Batch: c.Batch, LabelledBatch: c.LabelledBatch, Rate: 1e-3, Seed: c.Seed, Device: c.Device}
}

// open returns a run with k classes whose labels are random, but equally many of each.
func (c *ClassCost) open(k int, e SemiEstimator) *Semi {
	config, images := c.config(k, e), *c.Images
	images.Labels = make([]uint8, images.Count())
	for i, at := range random.New(c.Seed, "labels").Perm(len(images.Labels)) {
		images.Labels[at] = uint8(i % k)
	}
	config.Train = &images
	s, err := NewSemi(config)
	if err != nil {
		panic(err) // NewClassCost has seen to what could be wrong
	}
	return s
}

// Iterate measures the next K, for Windows windows of each estimator, in turn. It
// returns the name of the first number that is no longer finite, or "".
func (c *ClassCost) Iterate() string {
	at := c.Iteration % len(ClassCounts)
	runs := [2]*Semi{c.open(ClassCounts[at], SemiMarginal), c.open(ClassCounts[at], SemiGumbel)}
	defer runs[0].Close()
	defer runs[1].Close()
	var rates [2][]float64
	for w := range c.Windows + 1 {
		for i, s := range runs {
			start, n := time.Now(), 0.
			for ok := true; ok; ok = w > 0 && time.Since(start) < c.Window { // the first step warms up
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
	c.Marginal[at], c.Gumbel[at] = float32(rates[0][c.Windows/2]), float32(rates[1][c.Windows/2])
	c.Iteration++
	return ""
}

// State returns what was measured. With Iteration it is all
// that a checkpoint needs.
func (c *ClassCost) State() ([]train.State, map[string]*random.Stream) {
	return []train.State{train.Host("marginalisation", c.Marginal), train.Host("gumbel-softmax", c.Gumbel)}, nil
}

// Close does nothing: every step ends what it began.
func (c *ClassCost) Close() {}

// A ClassRatio says how many times the work of Gumbel-Softmax marginalisation is, in
// multiplications of matrices, for one number of classes.
type ClassRatio struct {
	Formula float64 // (D + K(I + G))/(D + I + G), section 4.3's, for the networks q(y|x), q(z|x,y) and p(x|y,z)
	Step    float64 // of a whole step as it is measured, with labelled images and gradients
}

// Ratio returns what is to be expected of k classes.
func (c *ClassCost) Ratio(k int) ClassRatio {
	s := Semi{SemiConfig: c.config(k, SemiMarginal)}
	g, _, marginal := s.build()
	m := s.model
	x, z, y := g.Input("one x", 1, m.places(0)), g.Input("one z", 1, m.Z), addGiven(g.Input("one y", 1, k))
	of := func(outs ...*graph.Node) float64 { return products(program.Compile(nil, outs...)) }
	mean, logVar := m.code(m.first(m.infer, x), y)
	classify, infer, generate := of(m.Classify(x)), of(mean, logVar), of(m.draw(z, y))
	s = Semi{SemiConfig: c.config(k, SemiGumbel)}
	_, _, gumbel := s.build()
	return ClassRatio{
		Formula: (classify + float64(k)*(infer+generate)) / (classify + infer + generate),
		Step:    products(marginal) / products(gumbel),
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
