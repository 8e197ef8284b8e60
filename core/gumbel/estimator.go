package gumbel

import (
	"fmt"
	"slices"
	"strings"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

// An Estimator estimates the gradient of a Chain's objective by samples. It is a
// value for one chain: Declare it, build the block, then ask for the Draw.
type Estimator interface {
	// Declare adds the parameters that the estimator learns for itself, such as a
	// baseline's, to a block that is not built yet. Most have none.
	Declare(b *nn.Block, c Chain)
	// Draw adds one draw of the objective to the chain's graph, a sample for every
	// row. tau, (1, 1) and positive, is the temperature of those that have one. It
	// panics for a chain that the estimator is not made for.
	Draw(c Chain, tau *graph.Node) Draw
}

// A Draw is one draw of a chain's objective. Give every input of Noise new
// uniform numbers on (0, 1) before each run, and run Updates along with the
// optimiser's.
type Draw struct {
	Value *graph.Node // the objective, mean over the rows, (1, 1): Cost + KL
	Cost  *graph.Node // (1, 1)
	KL    *graph.Node // (1, 1), 0 where there is no prior
	// Loss is what to minimise, (1, 1): its gradient with respect to the model's
	// parameters is the estimate, and with respect to the estimator's own what
	// makes it better. Its value means nothing unless it is Value.
	Loss    *graph.Node
	Logits  []*graph.Node // of every layer, (rows, N·K)
	Z       []*graph.Node // sample of every layer, (rows, N·K), as the cost sees it
	Noise   []*graph.Node
	Updates []graph.Update // of running means and the like, states of the graph whose names begin with "estimator."
}

// draw returns that of a pass, whose value is the loss so far.
func (c Chain) draw(p pass, noise ...*graph.Node) Draw {
	b := c.elbo(p)
	return Draw{Value: b.Loss, Cost: b.Cost, KL: b.KL, Loss: b.Loss, Logits: p.logits, Z: p.z, Noise: noise}
}

// plain is embedded by estimators without parameters of their own.
type plain struct{}

// Declare adds nothing.
func (plain) Declare(*nn.Block, Chain) {}

// estimators are all by name, the paper's first and in the order of its Table 1.
var estimators = []struct {
	name string
	make func() Estimator
}{
	{"score-function", func() Estimator { return &ScoreFunction{Baselines: Baselines{Average: true, Normalise: true}} }},
	{"nvil", func() Estimator {
		return &ScoreFunction{Baselines: Baselines{Average: true, Input: true, Normalise: true}}
	}},
	{"darn", func() Estimator { return DARN{} }},
	{"muprop", func() Estimator { return &MuProp{Baselines: Baselines{Average: true, Normalise: true}} }},
	{"straight-through", func() Estimator { return StraightThrough{} }},
	{"slope-annealed", func() Estimator { return StraightThrough{Annealed: true} }},
	{"gumbel-softmax", func() Estimator { return GumbelSoftmax{} }},
	{"st-gumbel-softmax", func() Estimator { return GumbelSoftmax{Hard: true} }},
	{"vimco", func() Estimator { return VIMCO{Samples: 5} }},
	{"rebar", func() Estimator { return &REBAR{} }},
	{"relax", func() Estimator { return &REBAR{Free: true} }},
	{"arm", func() Estimator { return ARM{} }},
	{"disarm", func() Estimator { return ARM{Dis: true} }},
}

// Estimators returns the names that NewEstimator takes: those of the paper, in the
// order of its Table 1, and then later ones.
func Estimators() []string {
	var names []string
	for _, e := range estimators {
		names = append(names, e.name)
	}
	return names
}

// NewEstimator returns the estimator of a name, and an error that lists the names
// where there is none.
func NewEstimator(name string) (Estimator, error) {
	for _, e := range estimators {
		if e.name == name {
			return e.make(), nil
		}
	}
	return nil, fmt.Errorf("no estimator %q: there are %s", name, strings.Join(Estimators(), ", "))
}

// Samples returns how many samples a row the estimator of a name draws: VIMCO 5, the
// others 1.
func Samples(name string) int {
	if e, err := NewEstimator(name); err == nil {
		if v, ok := e.(VIMCO); ok {
			return v.Samples
		}
	}
	return 1
}

// CheckEstimator returns an error where the estimator of a name is not made for
// such variables, or there is none.
func CheckEstimator(name string, v Variables) error {
	if _, err := NewEstimator(name); err != nil {
		return err
	}
	if slices.Contains([]string{"arm", "disarm"}, name) && !v.Binary() {
		return fmt.Errorf("estimator %s is for bits, not for classes: choose Bernoulli variables or another estimator", name)
	}
	return nil
}
