package wgan

import (
	"math"

	"ganbel/core/data"
	"ganbel/core/train"
)

// Figure1b is figure 1(b) of Gulrajani et al.: critics and generators of many layers
// on the Swiss roll, by clipping weights within ±c for three c, and by the gradient
// penalty. Runs holds them in this order.
type Figure1b struct{ Toys }

// Figure1bBounds are c of the clipped critics, which come before the penalised one.
var Figure1bBounds = []float64{.1, .01, .001}

// NewFigure1b builds the four toys on a run at step 0. Of c the data, the generator, the
// rule, the bound, the objective, the optimiser and its rate are the figure's own: RMSProp at
// the setting "clip-rate" for clipping, and Adam for the penalty. The paper has 12 layers of ReLUs and tells neither
// their width nor the optimisers.
func NewFigure1b(r *train.Run, c ToyConfig) *Figure1b {
	var err error
	if c.Data, err = data.Toy("swissroll", nil); err != nil {
		panic(err) // the name is ours
	}
	c.Fixed, c.Objective = false, Wasserstein
	names, all := []string{"clip-0.1", "clip-0.01", "clip-0.001", "penalty"}, []ToyConfig{}
	for i := range names {
		c.Rule, c.Optimiser, c.Rate, c.Bound = Penalty, "adam", "", 0
		if i < len(Figure1bBounds) {
			c.Rule, c.Optimiser, c.Rate, c.Bound = Clip, "rmsprop", "clip-rate", Figure1bBounds[i]
		}
		all = append(all, c)
	}
	return &Figure1b{newToys(r, names, all)}
}

// Growth returns the factor by which the norms of Toy.Layers grow from one layer back
// to the one before it: the geometric mean from the last layer to the first, 0 where
// nothing reaches the first. It panics where there are fewer than two layers.
func Growth(layers []float64) float64 {
	last := len(layers) - 1
	return math.Pow(layers[0]/layers[last], 1/float64(last))
}

// AtBounds returns the share of weights, those of a layer as one slice, whose size is
// within 1 % of the bound c of clipping.
func AtBounds(weights [][]float32, c float64) float64 {
	ends, n, bound := 0, 0, float32(c)
	for _, w := range weights {
		n += len(w)
		for _, x := range w {
			if x = max(x, -x); x >= .99*bound && x <= 1.01*bound {
				ends++
			}
		}
	}
	return float64(ends) / float64(n)
}
