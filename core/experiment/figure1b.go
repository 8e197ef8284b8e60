//go:build !js

package experiment

import (
	"fmt"
	"math"
	"slices"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// WGANDepth is figure 1(b) of Gulrajani et al.
var WGANDepth = Register(&lab.Experiment{
	Rank: 110, Native: true,
	Name:     "wgan-depth",
	Title:    "Gradients of deep critics",
	Doc:      "Figure 1(b): gradients by layer and weights of deep critics, clipped at .1, .01 and .001, and penalised.",
	Settings: append(figureSettings("lambda", "n-critic", "learning-rate", "decay", "decay-to", "width", "depth", "batch", "view", "seed"), clipRate),
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 1500, Every: 50, Doc: "Twelve hidden layers of 64 units and λ = .1, with which deep generators learn soonest; 1,500 steps take some four minutes of one core.",
			Values: lab.Values{"width": "64", "depth": "12", "batch": "128", "learning-rate": "0.001", "decay": "1500", "decay-to": "0.01", "view": "2.5"}},
		{Name: "paper", Title: "Paper", Steps: 10_000, Every: 100, Doc: "Twelve hidden layers of 512 units and the rates of the authors' toy code. The paper gives no width, rates, optimisers or steps; here it is 10,000 steps.",
			Values: lab.Values{"depth": "12", "lambda": "10", "view": "2.5"}},
	},
	Metrics: depthMetrics(),
}, openDepth)

// depthRuns are the figure's runs by name, as metrics and tables call them.
var depthRuns = []struct{ name, title string }{{"clip-0.1", "c = .1"}, {"clip-0.01", "c = .01"}, {"clip-0.001", "c = .001"}, {"penalty", "penalty"}}

func depthMetrics() (all []lab.Metric) {
	for _, r := range depthRuns {
		all = append(all, lab.Metric{Name: r.name + "-growth", Title: "Growth, " + r.title, Chart: "growth",
			Doc: "Factor by which the norm of the critic's gradient grows from a layer to the one before it: the geometric mean from the last layer to the first."})
	}
	for _, r := range depthRuns {
		all = append(all, lab.Metric{Name: r.name + "-w1", Title: "Exact W₁, " + r.title, Chart: "distance",
			Doc: "Optimal assignment of 512 real to 512 generated points: what the generator has learned."})
	}
	for _, r := range depthRuns[:3] {
		all = append(all, lab.Metric{Name: r.name + "-ends", Title: "At ±c, " + r.title, Unit: "%", Chart: "ends", Doc: "Share of the critic's weights whose size is within 1 % of c."})
	}
	return all
}

type depth struct {
	*wgan.Figure1b
	run      *train.Run
	distance measure.Assignment
}

func openDepth(r *train.Run, _ World) (train.Model, error) {
	r.Identify(func() data.Identity { return data.IdentifyToy("swissroll") })
	return &depth{run: r, Figure1b: wgan.NewFigure1b(r, figureConfig(r, 2))}, nil // no field is drawn
}

func (r *depth) Measure() []float64 {
	n := len(r.Runs)
	m := make([]float64, 2*n+len(wgan.Figure1bBounds))
	for i, t := range r.Runs {
		real, fake, _ := t.Samples()
		m[n+i] = r.distance.W1(real, fake, 2)
		if m[i] = math.NaN(); t.Stepped() {
			m[i] = wgan.Growth(t.Layers())
		}
		if t.Rule == wgan.Clip {
			m[2*n+i] = 100 * wgan.AtBounds(t.Weights(), t.Bound)
		}
	}
	return m
}

// Frame holds the gradient norms of the last steps' batches, the weights of c = .01
// and of the penalty, and what every generator makes of the same noise.
func (r *depth) Frame() map[string]data.Tensor {
	f := map[string]data.Tensor{}
	var norms, real, fake, bars, ends []float32
	for i, t := range r.Runs {
		if t.Stepped() {
			norms = append(norms, numbers(t.Layers()...).Data...)
		}
		v := t.View()
		real, fake = v.Real, append(fake, v.Fake...)
		weights := t.Weights()
		switch reach := float32(0); {
		case i == 1:
			reach = float32(2 * t.Bound) // as in the paper's figure
			bars, ends = append(bars, histogram(weights, reach)...), append(ends, reach, float32(wgan.AtBounds(weights, t.Bound)))
		case t.Rule == wgan.Penalty: // all but the few of the first layer, which are larger
			most := [1]float64{}
			var sizes []float32
			for _, x := range slices.Concat(weights...) {
				sizes = append(sizes, max(x, -x))
			}
			measure.Quantiles(most[:], sizes, []float64{.99})
			reach = roundUp(float32(most[0]))
			bars, ends = append(bars, histogram(weights, reach)...), append(ends, reach, 0)
		}
	}
	if norms != nil {
		f["depth-norms"] = tensor(norms, len(r.Runs), len(norms)/len(r.Runs))
	}
	n := len(real) / 2
	f["depth-weights"], f["depth-ends"] = tensor(bars, len(bars)/bins, bins), tensor(ends, len(bars)/bins, 2)
	f["depth-real"], f["depth-fake"], f["depth-view"] = tensor(real, n, 2), tensor(fake, len(r.Runs), n, 2), numbers(r.Runs[0].Plane.View)
	return f
}

// Reports returns how the gradients grow from layer to layer, and where weights are.
func (r *depth) Reports() []lab.Report {
	if !r.Runs[0].Stepped() {
		return nil // a run that was only loaded has no step to tell of
	}
	t := lab.Report{Title: fmt.Sprintf("Figure 1(b): gradients of critics of %d layers", r.Runs[0].Plane.Depth+1),
		Head: []string{"", "growth a layer", "first / last layer", "it", "paper", "weights at ±c", "W₁"}}
	for i, run := range r.Runs {
		layers := run.Layers()
		first := layers[0] / layers[len(layers)-1]
		row := []string{depthRuns[i].title, fmt.Sprintf("%.3g", wgan.Growth(layers)), fmt.Sprintf("%.2g", first), "neither", "grows or decays", "", ""}
		switch {
		case first > 10:
			row[3] = "grows"
		case first < .1:
			row[3] = "decays"
		}
		if run.Rule == wgan.Clip {
			row[5] = tenths(100*wgan.AtBounds(run.Weights(), run.Bound)) + " %"
		} else {
			row[4] = "neither"
		}
		real, fake, _ := run.Samples()
		row[6] = lab.Thousandths(r.distance.W1(real, fake, 2))
		t.Rows = append(t.Rows, row)
	}
	// first is the share of uniform weights within ±√(6/width) that clipping moves.
	first := func(c float64) float64 { return 100 * max(0, 1-c/math.Sqrt(6/r.run.Float("width"))) }
	t.Notes = []string{
		fmt.Sprintf("This run: step %d, one seed, %d hidden layers of %s units, batches of %s. The norm is that of the gradient of the critic's loss by a layer's activations, on up to 64 rows of the last batch; growth is the geometric mean of its factor from a layer to the one before it.",
			r.run.Step(), r.Runs[0].Plane.Depth, r.run.Text("width"), r.run.Text("batch")),
		"It grows where the first layer's norm is more than ten times the last's, and decays where it is less than a tenth.",
		"The paper says that with each c gradients grow or decay exponentially, and with the penalty do neither; which c does which only its figure shows. It tells neither the width, on which that depends, nor the steps. Weights at ±c are within 1 % of c in size; the paper shows c = .01.",
		fmt.Sprintf("Where nothing reaches a layer it stays as clipping left He's first weights: of those of a hidden layer %.1f %% are at ±.01, %.1f %% at ±.001.", first(.01), first(.001)),
	}
	return []lab.Report{t}
}
