package lab

import (
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
	Title: "Gumbel-Softmax VAE on MNIST", paperSet: data.PaperMNIST, on: "MNIST",
	Doc: "An autoencoder whose code is a row of categorical choices, made differentiable by a temperature.",
	Settings: slices.Concat(codeSettings("20", "10"), []Setting{
		{Name: "hidden", Title: "Hidden layers", Kind: Choice, Default: "none", Choices: []string{"none", "128", "256", "512", "256-128", "512-256"}, Group: "model", Resets: true,
			Doc: "Widths of the encoder's hidden layers, which the decoder mirrors; none is the paper's linear model."},
		{Name: "prior", Title: "Prior", Kind: Choice, Default: "uniform", Choices: []string{"uniform", "learned"}, Group: "model", Resets: true,
			Doc: "The two versions of the paper disagree about the prior."},
	}, temperatureSettings("exponential", "0.00003"), trainingSettings("adam")),
	Presets: []Preset{
		{Name: "live", Title: "Live", Steps: 4000, Every: 50, Doc: "Small and quick: digits within a minute in a browser.",
			Values: vaeLive},
		{Name: "straight-through", Title: "Straight-through", Steps: 4000, Every: 50, Doc: "The live model with one-hot samples going forward.",
			Values: with(vaeLive, "estimator", "st-gumbel-softmax")},
		{Name: "paper", Title: "Paper", Steps: 100_000, Every: 500, Doc: "Section 4.2: 784-(20×10)-784, linear, fixed binarised digits, momentum; 100,000 steps, as the paper gives no number. For the bound of its tables set draws to 1000 and test digits to 10000 at the end: that takes minutes.",
			Values: Values{"optimiser": "momentum", "learning-rate": "0.001", "anneal": "0.00001", "split": "validation"}},
		{Name: "paper-bernoulli", Title: "Paper, Bernoulli", Steps: 100_000, Every: 500, Doc: "Section 4.2 with bits: 784-200-784.",
			Values: Values{"latents": "200", "classes": "1", "optimiser": "momentum", "learning-rate": "0.001", "anneal": "0.00001", "split": "validation"}},
		{Name: "notebook", Title: "Authors' notebook", Steps: 50_000, Every: 500, Doc: "784-512-256-(30×10), grey digits, Adam: its printed ELBO is the best step-by-step check there is.",
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
	Actions: []Action{boundAction,
		{Name: "decode", Doc: "Takes code (N, K) in [0, 1], a row a categorical, or bits laid out as in the frame; returns image (28, 28), what the decoder draws of it."},
		{Name: "encode", Doc: "Takes image (28, 28) in [0, 1]; returns chances (N, K), q(z|x), code (N, K), a relaxed sample of it, and reconstruction (28, 28)."},
	},
}

var vaeLive = Values{"latents": "10", "hidden": "128", "batch": "64", "anneal": "0.0002", "anneal-every": "100", "learning-rate": "0.002", "binarise": "grey"}

func init() { GumbelVAE.New = GumbelVAE.opened(newVAE) }

type vae struct {
	run
	*gumbel.VAE
	rows, cols int // of the code, as it is drawn
}

func newVAE(v Values, w World) (Run, error) {
	which := w.remember()
	c, of, err := v.config("gumbel-vae", w)
	if err != nil {
		return nil, err
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
	r := &vae{VAE: gumbel.NewVAE(gumbel.VAEConfig{Config: c, Variables: of, Hidden: hidden, LearnedPrior: v["prior"] == "learned"})}
	r.run = run{experiment: GumbelVAE, values: maps.Clone(v), iteration: &r.Iteration, train: r.Iterate, trace: r.Trace, state: r.State, apply: func() {
		r.Temperature, r.Rate, r.RateFall = r.values.schedule(), r.values.Float("learning-rate"), r.values.Float("rate-fall")
	}}
	r.data = which
	r.rows, r.cols = laid(of)
	r.actions = map[string]func(map[string]data.Tensor) (map[string]data.Tensor, error){
		"decode": r.decode, "encode": r.encode,
		"bound": func(in map[string]data.Tensor) (map[string]data.Tensor, error) { return bound(r, r.Config, in) },
	}
	r.apply()
	r.begin()
	return r, nil
}

func (r *vae) decode(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	code, err := chances(in, "code", r.rows, r.cols)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return map[string]data.Tensor{"image": r.image(r.Decode(code))}, nil
}

func (r *vae) encode(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	image, err := chances(in, "image", r.Config.Train.Rows, r.Config.Train.Cols)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	q, code, drawn := r.Encode(image)
	return map[string]data.Tensor{"chances": tensor(q, r.rows, r.cols), "code": tensor(code, r.rows, r.cols), "reconstruction": r.image(drawn)}, nil
}

// image returns a copy of pixels as an image.
func (r *vae) image(pixels []float32) data.Tensor {
	return tensor(pixels, r.Config.Train.Rows, r.Config.Train.Cols)
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
	bound, _ := r.Bound(r.values.Int("test-digits"), r.values.Int("draws"))
	relaxed, discrete := r.Gap()
	return []float64{-loss, -bound, rec, kl, relaxed - discrete, r.Tau()}
}

func (r *vae) Frame() Frame {
	v := r.View()
	rows, cols := r.Config.Train.Rows, r.Config.Train.Cols
	images := func(p []float32) data.Tensor { return tensor(p, len(p)/(rows*cols), rows, cols) }
	chances := make([]float32, len(v.Chances))
	for i, p := range v.Chances {
		chances[i] = float32(p)
	}
	return r.frame(map[string]data.Tensor{
		"digits": images(v.Digits), "reconstructions": images(v.Reconstructions), "prior": images(v.Prior),
		"code": tensor(v.Codes[:r.Width()], r.rows, r.cols), "codes": tensor(v.Codes, len(v.Codes)/r.Width(), r.rows, r.cols), "usage": tensor(v.Usage, r.rows, r.cols),
		"bits":    bits(r.Variables),
		"simplex": tensor(v.Simplex, len(v.Simplex)/3, 3),
		"chances": tensor(chances, len(chances)), "temperature": numbers(v.Tau),
	})
}

// Reports implements Reporter.
func (r *vae) Reports() []Report {
	bound, mean := r.Bound(r.values.Int("test-digits"), r.values.Int("draws"))
	return []Report{r.table1("negative variational bound", false, r.Iteration, bound, mean)}
}
