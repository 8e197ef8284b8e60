package experiment

import (
	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// GumbelCategorical is sections 2.1 and 2.2 of Jang et al. by hand: one choice, its
// relaxed samples, and what their gradients are worth.
var GumbelCategorical = Register(&lab.Experiment{
	Rank:  70,
	Name:  "gumbel-categorical",
	Title: "One categorical choice",
	Doc:   "One relaxed choice between three classes: a temperature trades its gradient's bias for variance. A step draws new noise.",
	Settings: []lab.Setting{
		logit("1", "0"), logit("2", "0.7"), logit("3", "2"),
		{Name: "temperature", Title: "Temperature τ", Kind: lab.Float, Default: "1", Min: .05, Max: 10, Log: true, Group: "temperature",
			Doc: "Low, samples are nearly one-hot; high, they are nearly alike."},
		{Name: "estimator", Title: "Estimator", Kind: lab.Choice, Default: "gumbel-softmax", Choices: []string{"gumbel-softmax", "straight-through"}, Group: "temperature",
			Doc: "Whether the objective sees the relaxed sample, or its one-hot with the relaxed sample's gradient."},
		{Name: "cloud", Title: "Samples", Kind: lab.Int, Default: "512", Min: 1, Max: gumbel.Draws, Group: "data", Doc: "Samples drawn on the triangle."},
		seedSetting,
	},
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 1000, Every: 10, Doc: "Chances of about .1, .2 and .7, as in figure 1, at temperature 1.", Values: lab.Values{}},
		{Name: "sharp", Title: "Sharp", Steps: 1000, Every: 10, Doc: "Temperature .1: samples in the corners, a gradient with little bias and much variance.", Values: lab.Values{"temperature": "0.1"}},
		{Name: "flat", Title: "Flat", Steps: 1000, Every: 10, Doc: "Temperature 10: samples in the middle, a steady gradient that is nearly all bias.", Values: lab.Values{"temperature": "10"}},
		{Name: "straight-through", Title: "Straight-through", Steps: 1000, Every: 10, Doc: "One-hot samples at temperature 1: biased even as the temperature falls.", Values: lab.Values{"estimator": "straight-through"}},
	},
	Metrics: []lab.Metric{
		{Name: "bias", Title: "Gradient's bias", Chart: "bias",
			Doc: "‖mean gradient - exact gradient‖ of E[Σ (yₖ - tₖ)⁴], t = (.1, .3, .6), with respect to the logits: the mean over all draws since a setting changed, against the sum over the three one-hot y."},
		{Name: "variance", Title: "Gradient's variance", Chart: "variance", Doc: "Trace of the covariance of a single draw's gradient, over all draws since a setting changed."},
		{Name: "entropy", Title: "Entropy of the mean", Unit: "nats", Chart: "entropy", Doc: "Entropy of the mean of 4096 samples: that of the chances at low temperature, log 3 at high."},
		{Name: "softness", Title: "Mean entropy", Unit: "nats", Chart: "entropy", Doc: "Mean entropy of 4096 samples: 0 where they are one-hot, log 3 where they say nothing."},
	},
}, openCategorical)

func logit(class, value string) lab.Setting {
	return lab.Setting{Name: "logit-" + class, Title: "Logit " + class, Kind: lab.Float, Default: value, Min: -5, Max: 5, Group: "model",
		Doc: "Logarithm of the chance of class " + class + ", up to a constant that all classes share."}
}

type categorical struct {
	*gumbel.Categorical
	run *train.Run
}

func openCategorical(run *train.Run, _ World) (train.Model, error) {
	return &categorical{gumbel.NewCategorical(run), run}, nil
}

func (r *categorical) Measure() []float64 {
	e := r.Estimate()
	ofMean, mean := r.Entropies()
	return []float64{e.Bias, e.Variance, ofMean, mean}
}

func (r *categorical) Frame() map[string]data.Tensor {
	v, e, pi, logits := r.View(), r.Estimate(), r.Chances(), r.Logits()
	n := r.run.Int("cloud")
	return map[string]data.Tensor{
		"logits": numbers(logits[:]...), "noise": numbers(v.Noise[:]...), "perturbed": numbers(v.Perturbed[:]...),
		"sample": numbers(v.Sample[:]...), "hard": numbers(v.Hard[:]...), "cloud": tensor(v.Cloud[:3*n], n, 3),
		"chances": numbers(pi[:]...), "counts": tensor(v.Counts, 3), "temperature": numbers(r.Tau()),
		"exact": numbers(e.Exact[:]...), "gradient": numbers(e.Mean[:]...), "estimate": numbers(e.Bias, e.Error, e.Variance, e.Draws),
	}
}
