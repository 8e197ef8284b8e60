package experiment

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// decayTo, seedSetting and the like are the same in all experiments. Runs of the plane that
// older versions saved fell to a hundredth.
var decayTo = lab.Setting{Name: "decay-to", Title: "Decay to", Kind: lab.Float, Default: "0", Max: 1, Group: "optimiser", Format1: "0.01",
	Doc: "The share of the learning rate at which its fall ends: 0 in the papers' code."}

var seedSetting = lab.Setting{Name: "seed", Title: "Seed", Kind: lab.Int, Default: "1", Max: 1 << 53, Group: "model", Resets: true,
	Doc: "Starts every stream of random numbers; the same seed gives the same run."}

// WGANGP is figure 1(a) and the toy GAN of Gulrajani et al.
var WGANGP = Register(&lab.Experiment{
	Rank:  10,
	Name:  "wgan-gp",
	Title: "WGAN-GP on points of the plane",
	Doc:   "A critic held 1-Lipschitz by a gradient penalty, or by clipping its weights, teaches a generator a distribution you can see.",
	Settings: []lab.Setting{
		{Name: "data", Title: "Data", Kind: lab.Choice, Default: "8gaussians", Choices: data.Names(), Group: "data", Resets: true,
			Doc: "The real distribution; points are your own."},
		{Name: "generator", Title: "Generator", Kind: lab.Choice, Default: "learned", Choices: []string{"learned", "fixed"}, Group: "model", Resets: true,
			Doc: "A fixed generator is real data plus unit Gaussian noise: only the critic learns, and its estimate should approach the exact W₁."},
		{Name: "rule", Title: "Critic's rule", Kind: lab.Choice, Default: "penalty", Choices: []string{"penalty", "clip", "none"}, Group: "critic", Resets: true,
			Doc: "What keeps the critic Lipschitz: the gradient penalty, clipped weights, or nothing."},
		{Name: "objective", Title: "Objective", Kind: lab.Choice, Default: "wasserstein", Choices: []string{"wasserstein", "gan"}, Group: "critic", Resets: true,
			Doc: "What the two play for: the Wasserstein distance, or as in Goodfellow's GAN telling real from fake, where the generator's loss does not saturate."},
		{Name: "lambda", Title: "Penalty λ", Kind: lab.Float, Default: "0.1", Max: 1000, Log: true, Min: 0.001, Group: "critic",
			Doc: "Weight of the gradient penalty. The paper says 10, its toy code .1; for reading off W₁ take 10."},
		{Name: "clip", Title: "Clip c", Kind: lab.Float, Default: "0.01", Min: 0.0001, Max: 10, Log: true, Group: "critic",
			Doc: "With the rule clip, every weight of the critic stays within [-c, c]."},
		{Name: "n-critic", Title: "Critic steps", Kind: lab.Int, Default: "5", Min: 1, Max: 100, Group: "critic",
			Doc: "Critic steps in each iteration, before the generator's one."},
		{Name: "learning-rate", Title: "Learning rate", Kind: lab.Float, Default: "0.0001", Min: 1e-7, Max: 1, Log: true, Group: "optimiser",
			Doc: "Step size of both networks."},
		{Name: "decay", Title: "Decay", Kind: lab.Int, Default: "0", Max: 10_000_000, Unit: "steps", Group: "optimiser",
			Doc: "Iterations over which the learning rate falls linearly; 0 keeps it."},
		decayTo,
		{Name: "optimiser", Title: "Optimiser", Kind: lab.Choice, Default: "adam", Choices: []string{"adam", "rmsprop"}, Group: "optimiser", Resets: true,
			Doc: "Adam with β .5 and .9, or RMSProp as clipped WGANs use it."},
		{Name: "width", Title: "Width", Kind: lab.Int, Default: "512", Min: 1, Max: 4096, Unit: "units", Group: "model", Resets: true,
			Doc: "Units in each hidden layer of critic and generator."},
		{Name: "depth", Title: "Depth", Kind: lab.Int, Default: "3", Min: 1, Max: 20, Unit: "layers", Group: "model", Resets: true,
			Doc: "Hidden layers of critic and generator."},
		{Name: "activation", Title: "Activation", Kind: lab.Choice, Default: "relu", Choices: []string{"relu", "leakyrelu", "tanh", "softplus2"}, Group: "model", Resets: true,
			Doc: "The nonlinearity between layers; softplus2 is the paper's smooth softplus(2x+2)/2 - 1."},
		{Name: "batch", Title: "Batch", Kind: lab.Int, Default: "256", Min: 1, Max: 65536, Unit: "points", Group: "optimiser", Resets: true,
			Doc: "Points in each step."},
		{Name: "view", Title: "View", Kind: lab.Float, Default: "3", Min: 0.1, Max: 100, Group: "data", Resets: true,
			Doc: "What is drawn reaches from -view to view; for your own points as far as they do, if that is further."},
		{Name: "field", Title: "Field", Kind: lab.Int, Default: "64", Min: 8, Max: 512, Unit: "points", Group: "data", Resets: true,
			Doc: "Points a side at which the critic is drawn."},
		seedSetting,
	},
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 4000, Every: 50, Doc: "Small and quick: all eight modes within a minute in a browser.",
			Values: lab.Values{"width": "64", "batch": "128", "learning-rate": "0.002", "decay": "4000", "decay-to": "0.01", "view": "2"}},
		{Name: "paper", Title: "Paper", Steps: 100_000, Every: 500, Doc: "The settings of the authors' released script; 100,000 iterations.",
			Values: lab.Values{"field": "128"}},
		{Name: "clip", Title: "Clipped weights", Steps: 4000, Every: 50, Doc: "The weight-clipped WGAN in the live size: watch it miss the modes.",
			Values: lab.Values{"width": "64", "batch": "128", "view": "2", "rule": "clip", "optimiser": "rmsprop", "learning-rate": "0.00005"}},
		{Name: "paper-clip", Title: "Paper, clipped", Steps: 100_000, Every: 500, Doc: "The weight-clipped WGAN with the authors' settings.",
			Values: lab.Values{"rule": "clip", "optimiser": "rmsprop", "learning-rate": "0.00005", "field": "128"}},
		{Name: "fixed", Title: "Fixed generator", Steps: 20_000, Every: 200, Doc: "Figure 1(a): the critic against real data plus noise, whose estimate nears the exact W₁.",
			Values: lab.Values{"generator": "fixed", "width": "128", "lambda": "10", "n-critic": "1", "learning-rate": "0.003", "decay": "20000", "decay-to": "0.01"}},
		{Name: "gan", Title: "Ordinary GAN", Steps: 4000, Every: 50, Doc: "Goodfellow's GAN without any rule in the live size, at a learning rate at which it shows: watch it collapse onto a few of the modes.",
			Values: lab.Values{"width": "64", "batch": "128", "view": "2", "objective": "gan", "rule": "none", "n-critic": "1", "learning-rate": "0.008"}},
		{Name: "many", Title: "25 Gaussians", Steps: 8000, Every: 100, Doc: "The lattice of 25 modes in the live size; some 6,000 of the 8,000 steps cover all.",
			Values: lab.Values{"data": "25gaussians", "width": "64", "batch": "128", "learning-rate": "0.002", "decay": "8000", "decay-to": "0.01", "view": "2"}},
		{Name: "figure-1b", Title: "Figure 1(b)", Steps: 2000, Every: 50, Doc: "A critic of twelve hidden layers on the Swiss roll: do gradients reach the first layers? The paper does not give its width; here it is small enough to watch.",
			Values: lab.Values{"data": "swissroll", "depth": "12", "width": "64", "batch": "128", "lambda": "10", "learning-rate": "0.0005", "view": "2.5"}},
	},
	Actions: []lab.Action{
		{Name: "critic-step", Changes: true, Doc: "Makes one critic step with the random numbers that training takes next. Takes and returns nothing. The iteration is not finished by it, and training goes on with it; for a fixed generator the last of its critic steps finishes it."},
		{Name: "generator-step", Changes: true, Doc: "Makes one generator step, which finishes the iteration. Takes and returns nothing."},
		{Name: "move-modes", Changes: true, Doc: "Moves the centres of the data's m modes to modes (m, 2), from where the next batch is drawn. Returns nothing."},
		{Name: "evaluate", Doc: "Returns critic (n), D, and gradient (n, 2), ∇D, at points (n, 2)."},
	},
	Metrics: []lab.Metric{
		{Name: "critic-loss", Title: "Critic loss", Chart: "loss", Doc: "What the critic minimises, in the last critic step."},
		{Name: "generator-loss", Title: "Generator loss", Chart: "loss", Doc: "-mean D(G(z)), whose offset means nothing; of the objective gan mean softplus(-D(G(z)))."},
		{Name: "penalty", Title: "Penalty", Chart: "loss", Doc: "λ·mean (‖∇D‖ - 1)² at the interpolates; only the rule penalty adds it to the loss."},
		{Name: "estimate", Title: "Critic's estimate", Chart: "distance", Doc: "mean D(real) - mean D(fake) on 512 fresh points each."},
		{Name: "w1", Title: "Exact W₁", Chart: "distance", Doc: "Optimal assignment of the same 512 real to the 512 fake points; so few points read a little high."},
		{Name: "modes", Title: "Modes covered", Chart: "modes", Doc: "Modes with their share of samples within 3 standard deviations; none for data without modes."},
		{Name: "quality", Title: "Within 3σ", Unit: "%", Chart: "modes", Doc: "Share of fake points within 3 standard deviations of a mode."},
		{Name: "slope-mean", Title: "Mean ‖∇D‖", Chart: "slope", Doc: "Gradient norm at the interpolates; the penalty pulls it to 1."},
		{Name: "slope-p5", Title: "5th percentile", Chart: "slope", Doc: "Of the gradient norm."},
		{Name: "slope-p95", Title: "95th percentile", Chart: "slope", Doc: "Of the gradient norm."},
	},
}, openToy)

type toy struct {
	*wgan.Toy
	run      *train.Run
	distance measure.Assignment
}

func openToy(r *train.Run, w World) (train.Model, error) {
	dist, err := data.Toy(r.Text("data"), w.Points)
	if err != nil {
		return nil, err
	}
	view, own := r.Float("view"), r.Text("data") == "points"
	if own {
		view = widen(view, w.Points)
	}
	t := &toy{run: r, Toy: wgan.NewToy(r, wgan.ToyConfig{
		Data: dist, Fixed: r.Text("generator") == "fixed", Method: method(r),
		Width: r.Int("width"), Depth: r.Int("depth"), Activation: r.Text("activation"), Batch: r.Int("batch"),
		Optimiser: r.Text("optimiser"), View: view, Field: r.Int("field"),
	})}
	r.Identify(func() data.Identity {
		if own {
			return data.IdentifyPoints(cmp.Or(w.PointsName, data.Drawn), w.Points)
		}
		return data.IdentifyToy(r.Text("data"))
	})
	if own {
		r.Brings(w.Points)
	}
	r.On("critic-step", func(map[string]data.Tensor) (map[string]data.Tensor, error) { return nil, r.Carefully(t.CriticStep) })
	r.On("generator-step", t.generatorStep)
	r.On("move-modes", t.moveModes)
	r.On("evaluate", t.evaluate)
	return t, nil
}

// widen returns the half-width of a plane that shows all points, x and y in turn: view
// or, if a point is outside, a round number with some room around it.
func widen(view float64, points []float32) float64 {
	most := 0.
	for _, x := range points {
		most = max(most, math.Abs(float64(x)))
	}
	if most <= view {
		return view
	}
	most *= 1.04
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, k := range []float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
		if most <= k*power {
			return k * power
		}
	}
	return 10 * power
}

func (t *toy) generatorStep(map[string]data.Tensor) (map[string]data.Tensor, error) {
	if t.Fixed {
		return nil, errors.New("the generator is fixed, there is nothing to train: open the run with a learned one")
	}
	return nil, t.run.Carefully(t.GeneratorStep)
}

func (t *toy) moveModes(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	centres, _ := t.Plane.Data.Modes()
	if centres == nil {
		return nil, fmt.Errorf("the data %s has no modes that could be moved: take 8gaussians or 25gaussians", t.run.Text("data"))
	}
	to, err := points(in, "modes", len(centres)/2)
	if err != nil {
		return nil, err
	}
	copy(centres, to)
	t.run.Moved()
	return nil, nil
}

func (t *toy) evaluate(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	at, err := points(in, "points", 0)
	if err != nil {
		return nil, err
	}
	critic, gradient := t.Evaluate(at)
	return map[string]data.Tensor{"critic": tensor(critic, len(critic)), "gradient": tensor(gradient, len(critic), 2)}, nil
}

// points returns the tensor of that name, n points of the plane, (n, 2), or one or more
// if n is 0. No coordinate is greater in size than data.MaxCoordinate.
func points(in map[string]data.Tensor, name string, n int) ([]float32, error) {
	t, ok := in[name]
	if !ok {
		return nil, fmt.Errorf("the tensor %q is missing: it must be points of the plane, (n, 2)", name)
	}
	if got := len(t.Data) / 2; len(t.Data) == 0 || !slices.Equal(t.Shape, []int{got, 2}) || len(t.Data) != 2*got || (n > 0 && got != n) {
		want := "(n, 2)"
		if n > 0 {
			want = fmt.Sprintf("(%d, 2)", n)
		}
		return nil, fmt.Errorf("the tensor %q is of shape %v with %d numbers: it must be %s", name, t.Shape, len(t.Data), want)
	}
	for i, x := range t.Data {
		if !(math.Abs(float64(x)) <= data.MaxCoordinate) {
			return nil, fmt.Errorf("point %d of %q has the coordinate %v: it must be finite and from -%d to %[4]d", i/2, name, x, int(data.MaxCoordinate))
		}
	}
	return t.Data, nil
}

func (t *toy) Measure() []float64 {
	real, fake, estimate := t.Samples()
	modes, quality := math.NaN(), math.NaN()
	if centres, sigma := t.Plane.Data.Modes(); centres != nil {
		covered, share := measure.Modes(fake, centres, sigma)
		modes, quality = float64(covered), 100*share
	}
	loss, penalty, slopes := math.NaN(), math.NaN(), [3]float64{math.NaN(), math.NaN(), math.NaN()}
	if t.Stepped() {
		loss, penalty = t.CriticLoss(), t.Penalty()
		measure.Quantiles(slopes[1:], t.Slopes(), []float64{.05, .95})
		slopes[0] = measure.Mean(t.Slopes())
	}
	return []float64{loss, t.GeneratorLoss(), penalty, estimate, t.distance.W1(real, fake, 2), modes, quality, slopes[0], slopes[1], slopes[2]}
}

func (t *toy) Frame() map[string]data.Tensor {
	v, side := t.View(), t.Plane.Field
	counts, span := t.weights()
	f := map[string]data.Tensor{
		"real": tensor(v.Real, len(v.Real)/2, 2), "fake": tensor(v.Fake, len(v.Fake)/2, 2), "descent": tensor(v.Descent, len(v.Descent)/2, 2),
		"critic": tensor(v.Critic, side, side), "slope": tensor(v.Gradient, side, side),
		"view":    numbers(t.Plane.View),
		"weights": tensor(counts, len(counts)), "weights-range": tensor(span, 2),
	}
	if centres, _ := t.Plane.Data.Modes(); centres != nil {
		f["modes"] = tensor(centres, len(centres)/2, 2)
	}
	if v.Warp != nil {
		f["warp"] = tensor(v.Warp, v.WarpSide, v.WarpSide, 2)
	}
	if t.Stepped() {
		f["slopes"] = tensor(t.Slopes(), len(t.Slopes()))
		t.batch(f)
	}
	return f
}

// batch adds what is known of the last critic step.
func (t *toy) batch(to map[string]data.Tensor) {
	b := t.Toy.Batch()
	n := len(b.Slope)
	if b.Noise != nil {
		to["batch-noise"] = tensor(b.Noise, n, 2)
	}
	to["batch-real"], to["batch-fake"], to["batch-mix"] = tensor(b.Real, n, 2), tensor(b.Fake, n, 2), tensor(b.Mix, n, 2)
	to["batch-slope"] = tensor(b.Slope, n)
	critic := make([]float32, 0, 2*n)
	for i, d := range b.CriticReal {
		critic = append(critic, d, b.CriticFake[i])
	}
	to["batch-critic"] = tensor(critic, n, 2)
	real, fake := t.Means()
	to["terms"] = numbers(real, fake, measure.Mean(t.Slopes()), t.Penalty(), t.CriticLoss(), t.GeneratorLoss())
	to["layers"] = numbers(t.Layers()...)
}

// bins is the number of bars in the histogram of weights.
const bins = 64

// weights returns the histogram of the critic's weights, and its range with the
// share of weights at the ends of clipping, see Frame.
func (t *toy) weights() (counts, span []float32) {
	most, ends := float32(0), 0.
	for _, w := range t.Weights() {
		most = max(most, slices.Max(w), -slices.Min(w))
	}
	if t.Rule == wgan.Clip {
		ends = wgan.AtBounds(t.Weights(), t.Clip())
	}
	r := roundUp(most)
	return histogram(t.Weights(), r), []float32{r, float32(ends)}
}

// histogram counts weights in bins over [-r, r].
func histogram(weights [][]float32, r float32) []float32 {
	counts := make([]float32, bins)
	var part [bins]int
	for _, w := range weights {
		measure.Histogram(part[:], w, -float64(r), float64(r))
		for i, k := range part {
			counts[i] += float32(k)
		}
	}
	return counts
}

// roundUp returns the least of 1, 2 and 5 times a power of ten that is x or more,
// and 1 for 0.
func roundUp(x float32) float32 {
	if x <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(float64(x))))
	for _, k := range []float64{1, 2, 5} {
		if r := float32(k * power); x <= r {
			return r
		}
	}
	return float32(10 * power)
}
