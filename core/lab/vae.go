package lab

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"ganbel/core/data"
	"ganbel/core/gumbel"
)

// GumbelVAE is section 4.2 of Jang et al., and their notebook.
var GumbelVAE = &Experiment{
	Name:  "gumbel-vae",
	Title: "Gumbel-Softmax VAE on MNIST",
	Doc:   "An autoencoder whose code is a row of categorical choices, made differentiable by a temperature.",
	Settings: []Setting{
		{Name: "latents", Title: "Categoricals N", Kind: Int, Default: "20", Min: 1, Max: 200, Group: "model", Resets: true, Doc: "Categorical variables in the code."},
		{Name: "classes", Title: "Classes K", Kind: Int, Default: "10", Min: 2, Max: 200, Group: "model", Resets: true, Doc: "Classes of each categorical variable."},
		{Name: "hidden", Title: "Hidden layers", Kind: Choice, Default: "none", Choices: []string{"none", "128", "256", "512", "256-128", "512-256"}, Group: "model", Resets: true,
			Doc: "Widths of the encoder's hidden layers, which the decoder mirrors; none is the paper's linear model."},
		{Name: "straight-through", Title: "Straight-through", Kind: Bool, Default: "false", Group: "temperature", Resets: true,
			Doc: "One-hot samples going forward, the relaxed sample's gradient going backward."},
		{Name: "prior", Title: "Prior", Kind: Choice, Default: "uniform", Choices: []string{"uniform", "learned"}, Group: "model", Resets: true,
			Doc: "The two versions of the paper disagree about the prior."},
		{Name: "temperature", Title: "First temperature", Kind: Float, Default: "1", Min: .01, Max: 100, Log: true, Group: "temperature", Doc: "τ at step 0."},
		{Name: "least-temperature", Title: "Least temperature", Kind: Float, Default: "0.5", Min: .01, Max: 100, Log: true, Group: "temperature", Doc: "τ never falls below this, unless it is constant."},
		{Name: "schedule", Title: "Schedule", Kind: Choice, Default: "exponential", Choices: []string{"exponential", "linear", "stepwise", "constant"}, Group: "temperature",
			Doc: "How τ falls from the first to the least: as the paper has it; along a straight line as steep at first; by halves; or not at all."},
		{Name: "anneal", Title: "Annealing rate", Kind: Float, Default: "0.00003", Max: 1, Group: "temperature", Unit: "per step", Doc: "τ = max(least, first·e^(-rate·step)), or as the schedule says; 0 keeps the first."},
		{Name: "anneal-every", Title: "Anneal every", Kind: Int, Default: "1000", Min: 1, Max: 1_000_000, Group: "temperature", Unit: "steps", Doc: "Steps between changes of the temperature."},
		{Name: "binarise", Title: "Pixels", Kind: Choice, Default: "fixed", Choices: []string{"grey", "fixed", "dynamic"}, Group: "data", Resets: true,
			Doc: "Grey as they are, drawn black or white once with their grey as chance, or drawn anew in every step."},
		{Name: "batch", Title: "Batch", Kind: Int, Default: "100", Min: 1, Max: 10000, Unit: "digits", Group: "optimiser", Resets: true, Doc: "Digits in each step."},
		{Name: "optimiser", Title: "Optimiser", Kind: Choice, Default: "adam", Choices: []string{"adam", "momentum"}, Group: "optimiser", Resets: true, Doc: "Adam, or descent with momentum .9."},
		{Name: "learning-rate", Title: "Learning rate", Kind: Float, Default: "0.001", Min: 1e-7, Max: 1, Log: true, Group: "optimiser", Doc: "Step size."},
		{Name: "rate-fall", Title: "Rate factor", Kind: Float, Default: "1", Min: .01, Max: 1, Group: "optimiser", Doc: "The learning rate is multiplied by this every 1000 steps, for the first time at step 1; 1 keeps it."},
		{Name: "draws", Title: "Draws m", Kind: Int, Default: "16", Min: 1, Max: 100_000, Group: "data", Doc: "Hard samples a digit in the multi-sample bound; the paper takes 1000, which is slow to watch."},
		{Name: "test-digits", Title: "Test digits", Kind: Int, Default: "100", Min: 100, Max: 10_000, Group: "data", Doc: "Digits over which the multi-sample bound is averaged."},
		seedSetting,
	},
	Presets: []Preset{
		{Name: "live", Title: "Live", Doc: "Small and quick: digits within a minute in a browser.",
			Values: Values{"latents": "10", "hidden": "128", "batch": "64", "anneal": "0.0002", "anneal-every": "100", "learning-rate": "0.002", "binarise": "grey"}},
		{Name: "straight-through", Title: "Straight-through", Doc: "The live model with one-hot samples going forward.",
			Values: Values{"latents": "10", "hidden": "128", "batch": "64", "anneal": "0.0002", "anneal-every": "100", "learning-rate": "0.002", "binarise": "grey", "straight-through": "true"}},
		{Name: "paper", Title: "Paper", Doc: "Section 4.2: 784-(20×10)-784, linear, fixed binarised digits, momentum. For the bound of its tables set draws to 1000 and test digits to 10000 at the end: that takes minutes.",
			Values: Values{"optimiser": "momentum", "learning-rate": "0.001", "anneal": "0.00001"}},
		{Name: "notebook", Title: "Authors' notebook", Doc: "784-512-256-(30×10), grey digits, Adam: its printed ELBO is the best step-by-step check there is.",
			Values: Values{"latents": "30", "hidden": "512-256", "binarise": "grey", "rate-fall": "0.9"}},
	},
	Metrics: []Metric{
		{Name: "elbo", Title: "ELBO", Unit: "nats", Chart: "elbo", Doc: "Of the last batch, with relaxed samples; higher is better."},
		{Name: "bound", Title: "Bound, hard samples", Unit: "nats", Chart: "elbo", Doc: "m-sample bound on log p(x) of test digits with one-hot samples."},
		{Name: "reconstruction", Title: "Reconstruction", Unit: "nats", Chart: "parts", Doc: "-log p(x|y) of the last batch."},
		{Name: "kl", Title: "KL", Unit: "nats", Chart: "parts", Doc: "Categorical KL[q(z|x) ‖ p(z)] of the last batch."},
		{Name: "gap", Title: "Soft–hard gap", Unit: "nats", Chart: "gap",
			Doc: "ELBO with relaxed samples less ELBO with one-hot samples, on the same 100 test digits with the same noise: what relaxing flatters the model by."},
		{Name: "temperature", Title: "Temperature", Chart: "temperature", Doc: "τ."},
	},
	Actions: []Action{
		{Name: "decode", Doc: "Takes code (N, K) in [0, 1], a row a categorical; returns image (28, 28), what the decoder draws of it."},
		{Name: "encode", Doc: "Takes image (28, 28) in [0, 1]; returns chances (N, K), q(z|x), code (N, K), a relaxed sample of it, and reconstruction (28, 28)."},
	},
}

func init() { GumbelVAE.New = newVAE }

type vae struct {
	run
	*gumbel.VAE
}

func newVAE(v Values, w World) (Run, error) {
	if w.MNIST == nil {
		return nil, errors.New("gumbel-vae needs MNIST, and none was given")
	}
	train, test, err := w.MNIST()
	if err != nil {
		return nil, err
	}
	if b := v.Int("batch"); b > train.Count() {
		return nil, fmt.Errorf("batch is %d: it must be at most the %d training digits", b, train.Count())
	}
	var hidden []int
	if v["hidden"] != "none" {
		for _, s := range strings.Split(v["hidden"], "-") {
			n, err := strconv.Atoi(s)
			if err != nil {
				panic("lab: hidden is " + v["hidden"])
			}
			hidden = append(hidden, n)
		}
	}
	r := &vae{VAE: gumbel.NewVAE(gumbel.VAEConfig{
		Train: train, Test: test, N: v.Int("latents"), K: v.Int("classes"), Hidden: hidden,
		StraightThrough: v.Bool("straight-through"), LearnedPrior: v["prior"] == "learned",
		Binarisation: gumbel.Binarisation(v["binarise"]), Batch: v.Int("batch"), Optimiser: v["optimiser"],
		RateEvery: 1000, Seed: uint64(v.Int("seed")), Goroutines: w.goroutines(),
	})}
	r.run = run{experiment: GumbelVAE, values: maps.Clone(v), iteration: &r.Iteration, train: r.Iterate, trace: r.Trace, state: r.State, apply: func() {
		v := r.values
		r.Temperature = gumbel.Schedule{Shape: gumbel.Shape(v["schedule"]), First: v.Float("temperature"), Least: v.Float("least-temperature"), Fall: v.Float("anneal"), Every: v.Int("anneal-every")}
		r.Rate, r.RateFall = v.Float("learning-rate"), v.Float("rate-fall")
	}}
	r.actions = map[string]func(map[string]data.Tensor) (map[string]data.Tensor, error){"decode": r.decode, "encode": r.encode}
	r.apply()
	r.begin()
	return r, nil
}

func (r *vae) decode(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	code, err := chances(in, "code", r.N, r.K)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return map[string]data.Tensor{"image": r.image(r.Decode(code))}, nil
}

func (r *vae) encode(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	image, err := chances(in, "image", r.VAEConfig.Train.Rows, r.VAEConfig.Train.Cols)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	q, code, drawn := r.Encode(image)
	return map[string]data.Tensor{"chances": tensor(q, r.N, r.K), "code": tensor(code, r.N, r.K), "reconstruction": r.image(drawn)}, nil
}

// image returns a copy of pixels as an image.
func (r *vae) image(pixels []float32) data.Tensor {
	return tensor(pixels, r.VAEConfig.Train.Rows, r.VAEConfig.Train.Cols)
}

// chances returns the numbers of a tensor that must be there, of that shape and
// within [0, 1].
func chances(in map[string]data.Tensor, name string, rows, cols int) ([]float32, error) {
	t, ok := in[name]
	if !ok {
		return nil, fmt.Errorf("%s is missing: it must be a tensor (%d, %d)", name, rows, cols)
	}
	if !slices.Equal(t.Shape, []int{rows, cols}) || len(t.Data) != rows*cols {
		return nil, fmt.Errorf("%s has shape %v and %d numbers: it must be (%d, %d)", name, t.Shape, len(t.Data), rows, cols)
	}
	for i, x := range t.Data {
		if !(x >= 0 && x <= 1) {
			return nil, fmt.Errorf("number %d of %s is %v: it must be from 0 to 1", i, name, x)
		}
	}
	return t.Data, nil
}

func (r *vae) Measure() []float64 {
	loss, rec, kl := math.NaN(), math.NaN(), math.NaN()
	if r.Iteration > 0 {
		loss, rec, kl = r.Losses()
	}
	bound := r.Bound(r.values.Int("test-digits"), r.values.Int("draws"))
	relaxed, discrete := r.Gap()
	return []float64{-loss, -bound, rec, kl, relaxed - discrete, r.Tau()}
}

func (r *vae) Frame() Frame {
	v := r.View()
	rows, cols := r.VAEConfig.Train.Rows, r.VAEConfig.Train.Cols
	images := func(p []float32) data.Tensor { return tensor(p, len(p)/(rows*cols), rows, cols) }
	chances := make([]float32, len(v.Chances))
	for i, p := range v.Chances {
		chances[i] = float32(p)
	}
	return Frame{GumbelVAE.Name, r.Iteration, map[string]data.Tensor{
		"digits": images(v.Digits), "reconstructions": images(v.Reconstructions), "prior": images(v.Prior),
		"code": tensor(v.Codes[:r.N*r.K], r.N, r.K), "codes": tensor(v.Codes, len(v.Codes)/(r.N*r.K), r.N, r.K), "usage": tensor(v.Usage, r.N, r.K),
		"simplex": tensor(v.Simplex, len(v.Simplex)/3, 3),
		"chances": tensor(chances, len(chances)), "temperature": tensor([]float32{float32(v.Tau)}, 1),
	}}
}
