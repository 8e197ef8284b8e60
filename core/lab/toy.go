package lab

import (
	"maps"
	"math"
	"runtime"

	"ganbel/core/data"
	"ganbel/core/measure"
	"ganbel/core/wgan"
)

// Experiments is the registry.
var Experiments = []*Experiment{WGANGP, GumbelVAE, GumbelCategorical}

// seedSetting and the like are the same in all experiments.
var seedSetting = Setting{Name: "seed", Title: "Seed", Kind: Int, Default: "1", Max: 1 << 53, Group: "model", Resets: true,
	Doc: "Starts every stream of random numbers; the same seed gives the same run."}

// WGANGP is figure 1(a) and the toy GAN of Gulrajani et al.
var WGANGP = &Experiment{
	Name:  "wgan-gp",
	Title: "WGAN-GP on points of the plane",
	Doc:   "A critic held 1-Lipschitz by a gradient penalty, or by clipping its weights, teaches a generator a distribution you can see.",
	Settings: []Setting{
		{Name: "data", Title: "Data", Kind: Choice, Default: "8gaussians", Choices: data.Names(), Group: "data", Resets: true,
			Doc: "The real distribution; points are your own."},
		{Name: "generator", Title: "Generator", Kind: Choice, Default: "learned", Choices: []string{"learned", "fixed"}, Group: "model", Resets: true,
			Doc: "A fixed generator is real data plus unit Gaussian noise: only the critic learns, and its estimate should approach the exact W₁."},
		{Name: "rule", Title: "Critic's rule", Kind: Choice, Default: "penalty", Choices: []string{"penalty", "clip", "none"}, Group: "critic", Resets: true,
			Doc: "What keeps the critic Lipschitz: the gradient penalty, clipped weights, or nothing."},
		{Name: "lambda", Title: "Penalty λ", Kind: Float, Default: "0.1", Max: 1000, Log: true, Min: 0.001, Group: "critic",
			Doc: "Weight of the gradient penalty. The paper says 10, its toy code .1; for reading off W₁ take 10."},
		{Name: "clip", Title: "Clip c", Kind: Float, Default: "0.01", Min: 0.0001, Max: 10, Log: true, Group: "critic",
			Doc: "With the rule clip, every weight of the critic stays within [-c, c]."},
		{Name: "n-critic", Title: "Critic steps", Kind: Int, Default: "5", Min: 1, Max: 100, Group: "critic",
			Doc: "Critic steps in each iteration, before the generator's one."},
		{Name: "learning-rate", Title: "Learning rate", Kind: Float, Default: "0.0001", Min: 1e-7, Max: 1, Log: true, Group: "optimiser",
			Doc: "Step size of both networks."},
		{Name: "decay", Title: "Decay", Kind: Int, Default: "0", Max: 10_000_000, Unit: "steps", Group: "optimiser",
			Doc: "Iterations over which the learning rate falls linearly to its hundredth; 0 keeps it."},
		{Name: "optimiser", Title: "Optimiser", Kind: Choice, Default: "adam", Choices: []string{"adam", "rmsprop"}, Group: "optimiser", Resets: true,
			Doc: "Adam with β .5 and .9, or RMSProp as clipped WGANs use it."},
		{Name: "width", Title: "Width", Kind: Int, Default: "512", Min: 1, Max: 4096, Unit: "units", Group: "model", Resets: true,
			Doc: "Units in each hidden layer of critic and generator."},
		{Name: "depth", Title: "Depth", Kind: Int, Default: "3", Min: 1, Max: 20, Unit: "layers", Group: "model", Resets: true,
			Doc: "Hidden layers of critic and generator."},
		{Name: "activation", Title: "Activation", Kind: Choice, Default: "relu", Choices: []string{"relu", "leakyrelu", "tanh", "softplus2"}, Group: "model", Resets: true,
			Doc: "The nonlinearity between layers; softplus2 is the paper's smooth softplus(2x+2)/2 - 1."},
		{Name: "batch", Title: "Batch", Kind: Int, Default: "256", Min: 1, Max: 65536, Unit: "points", Group: "optimiser", Resets: true,
			Doc: "Points in each step."},
		{Name: "view", Title: "View", Kind: Float, Default: "3", Min: 0.1, Max: 100, Group: "data", Resets: true,
			Doc: "What is drawn reaches from -view to view."},
		{Name: "field", Title: "Field", Kind: Int, Default: "64", Min: 8, Max: 512, Unit: "points", Group: "data", Resets: true,
			Doc: "Points a side at which the critic is drawn."},
		seedSetting,
	},
	Presets: []Preset{
		{Name: "live", Title: "Live", Doc: "Small and quick: all eight modes within a minute in a browser.",
			Values: Values{"width": "64", "batch": "128", "learning-rate": "0.002", "decay": "4000", "view": "2"}},
		{Name: "paper", Title: "Paper", Doc: "The settings of the authors' released script; 100,000 iterations.",
			Values: Values{"field": "128"}},
		{Name: "clip", Title: "Clipped weights", Doc: "The weight-clipped WGAN in the live size: watch it miss the modes.",
			Values: Values{"width": "64", "batch": "128", "view": "2", "rule": "clip", "optimiser": "rmsprop", "learning-rate": "0.00005"}},
		{Name: "paper-clip", Title: "Paper, clipped", Doc: "The weight-clipped WGAN with the authors' settings.",
			Values: Values{"rule": "clip", "optimiser": "rmsprop", "learning-rate": "0.00005", "field": "128"}},
		{Name: "fixed", Title: "Fixed generator", Doc: "Figure 1(a): the critic against real data plus noise, whose estimate nears the exact W₁.",
			Values: Values{"generator": "fixed", "width": "128", "lambda": "10", "n-critic": "1", "learning-rate": "0.003", "decay": "20000"}},
	},
	Metrics: []Metric{
		{Name: "critic-loss", Title: "Critic loss", Chart: "loss", Doc: "What the critic minimises, in the last critic step."},
		{Name: "generator-loss", Title: "Generator loss", Chart: "loss", Doc: "-mean D(G(z)); its offset means nothing."},
		{Name: "penalty", Title: "Penalty", Chart: "loss", Doc: "λ·mean (‖∇D‖ - 1)² at the interpolates."},
		{Name: "estimate", Title: "Critic's estimate", Chart: "distance", Doc: "mean D(real) - mean D(fake) on 512 fresh points each."},
		{Name: "w1", Title: "Exact W₁", Chart: "distance", Doc: "Optimal assignment of the same 512 real to the 512 fake points; so few points read a little high."},
		{Name: "modes", Title: "Modes covered", Chart: "modes", Doc: "Modes with their share of samples within 3 standard deviations; none for data without modes."},
		{Name: "quality", Title: "Within 3σ", Unit: "%", Chart: "modes", Doc: "Share of fake points within 3 standard deviations of a mode."},
		{Name: "slope-mean", Title: "Mean ‖∇D‖", Chart: "slope", Doc: "Gradient norm at the interpolates; the penalty pulls it to 1."},
		{Name: "slope-p5", Title: "5th percentile", Chart: "slope", Doc: "Of the gradient norm."},
		{Name: "slope-p95", Title: "95th percentile", Chart: "slope", Doc: "Of the gradient norm."},
	},
}

func init() { WGANGP.New = newToy }

type toy struct {
	run
	*wgan.Toy
	distance measure.Assignment
}

func newToy(v Values, w World) (Run, error) {
	dist, err := data.Toy(v["data"], w.Points)
	if err != nil {
		return nil, err
	}
	t := &toy{Toy: wgan.NewToy(wgan.ToyConfig{
		Data: dist, Fixed: v["generator"] == "fixed", Rule: wgan.Rule(v["rule"]),
		Width: v.Int("width"), Depth: v.Int("depth"), Activation: v["activation"], Batch: v.Int("batch"),
		Optimiser: v["optimiser"], View: v.Float("view"), Field: v.Int("field"),
		Seed: uint64(v.Int("seed")), Goroutines: runtime.GOMAXPROCS(0),
	})}
	t.run = run{experiment: WGANGP, values: maps.Clone(v), iteration: &t.Iteration, train: t.Iterate, state: t.State, apply: func() {
		v := t.values
		t.NCritic, t.Lambda, t.Bound = v.Int("n-critic"), v.Float("lambda"), v.Float("clip")
		t.Rate, t.Decay = v.Float("learning-rate"), v.Int("decay")
	}}
	t.apply()
	return t, nil
}

func (t *toy) Measure() []float64 {
	real, fake, estimate := t.Samples()
	modes, quality := math.NaN(), math.NaN()
	if centres, sigma := t.Data.Modes(); centres != nil {
		covered, share := measure.Modes(fake, centres, sigma)
		modes, quality = float64(covered), 100*share
	}
	loss, gen, penalty, slopes := math.NaN(), math.NaN(), math.NaN(), [3]float64{math.NaN(), math.NaN(), math.NaN()}
	if t.Iteration > 0 {
		loss, gen, penalty = t.CriticLoss(), t.GeneratorLoss(), t.Penalty()
		measure.Quantiles(slopes[1:], t.Slopes(), []float64{.05, .95})
		slopes[0] = measure.Mean(t.Slopes())
	}
	return []float64{loss, gen, penalty, estimate, t.distance.W1(real, fake, 2), modes, quality, slopes[0], slopes[1], slopes[2]}
}

func (t *toy) Frame() Frame {
	v, side := t.View(), t.Field
	f := Frame{WGANGP.Name, t.Iteration, map[string]data.Tensor{
		"real": tensor(v.Real, len(v.Real)/2, 2), "fake": tensor(v.Fake, len(v.Fake)/2, 2),
		"critic": tensor(v.Critic, side, side), "slope": tensor(v.Gradient, side, side),
		"slopes": tensor(t.Slopes(), len(t.Slopes())), "view": tensor([]float32{float32(t.ToyConfig.View)}, 1),
	}}
	if centres, _ := t.Data.Modes(); centres != nil {
		f.Tensors["modes"] = tensor(centres, len(centres)/2, 2)
	}
	if v.Warp != nil {
		f.Tensors["warp"] = tensor(v.Warp, v.WarpSide, v.WarpSide, 2)
	}
	return f
}
