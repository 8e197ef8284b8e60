package experiment

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// GumbelVAE is section 4.2 of Jang et al., and their notebook.
var GumbelVAE = Register(&lab.Experiment{
	Rank:  30,
	Name:  "gumbel-vae",
	Title: "Gumbel-Softmax VAE on MNIST", PaperSet: data.PaperMNIST, TitleSet: "MNIST",
	Doc: "An autoencoder whose code is a row of categorical choices, made differentiable by a temperature.",
	Settings: slices.Concat(codeSettings("20", "10"), []lab.Setting{
		{Name: "hidden", Title: "Hidden layers", Kind: lab.Choice, Default: "none", Choices: []string{"none", "128", "256", "512", "256-128", "512-256"}, Group: "model", Resets: true,
			Doc: "Widths of the encoder's hidden layers, which the decoder mirrors; none is the paper's linear model."},
		{Name: "prior", Title: "Prior", Kind: lab.Choice, Default: "uniform", Choices: []string{"uniform", "learned"}, Group: "model", Resets: true,
			Doc: "The two versions of the paper disagree about the prior."},
	}, temperatureSettings("exponential", "0.00003"), trainingSettings("adam")),
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 4000, Every: 50, Doc: "Small and quick: digits within a minute in a browser.",
			Values: vaeLive},
		{Name: "straight-through", Title: "Straight-through", Steps: 4000, Every: 50, Doc: "The live model with one-hot samples going forward.",
			Values: vaeLive.With("estimator", "st-gumbel-softmax")},
		{Name: "paper", Title: "Paper", Steps: 100_000, Every: 500, Doc: "Section 4.2: 784-(20×10)-784, linear, fixed binarised digits, momentum; 100,000 steps, as the paper gives no number. For the bound of its tables set draws to 1000 and test digits to 10000 at the end: that takes minutes.",
			Values: lab.Values{"optimiser": "momentum", "learning-rate": "0.001", "anneal": "0.00001", "split": "validation"}},
		{Name: "paper-bernoulli", Title: "Paper, Bernoulli", Steps: 100_000, Every: 500, Doc: "Section 4.2 with bits: 784-200-784.",
			Values: lab.Values{"latents": "200", "classes": "1", "optimiser": "momentum", "learning-rate": "0.001", "anneal": "0.00001", "split": "validation"}},
		{Name: "notebook", Title: "Authors' notebook", Steps: 50_000, Every: 500, Doc: "784-512-256-(30×10), grey digits, Adam: its printed ELBO is the best step-by-step check there is.",
			Values: lab.Values{"latents": "30", "hidden": "512-256", "binarise": "grey", "rate-fall": "0.9"}},
	},
	Metrics: []lab.Metric{
		{Name: "elbo", Title: "ELBO", Unit: "nats", Chart: "elbo", Doc: "Of the last batch, with relaxed samples; higher is better."},
		{Name: "bound", Title: "Bound, hard samples", Unit: "nats", Chart: "elbo", Doc: "m-sample bound on log p(x) of test digits with one-hot samples."},
		{Name: "reconstruction", Title: "Reconstruction", Unit: "nats", Chart: "parts", Doc: "-log p(x|y) of the last batch."},
		{Name: "kl", Title: "KL", Unit: "nats", Chart: "parts", Doc: "Categorical KL[q(z|x) ‖ p(z)] of the last batch."},
		{Name: "gap", Title: "Soft–hard gap", Unit: "nats", Chart: "gap",
			Doc: "ELBO with relaxed samples less ELBO with one-hot samples, on the same 100 test digits with the same noise: what relaxing flatters the model by."},
		{Name: "temperature", Title: "Temperature", Chart: "temperature", Doc: "τ."},
	},
	Actions: []lab.Action{boundAction,
		{Name: "decode", Doc: "Takes code (N, K) in [0, 1], a row a categorical, or bits laid out as in the frame; returns image (28, 28), what the decoder draws of it."},
		{Name: "encode", Doc: "Takes image (28, 28) in [0, 1]; returns chances (N, K), q(z|x), code (N, K), a relaxed sample of it, and reconstruction (28, 28)."},
	},
}, openVAE)

var vaeLive = lab.Values{"latents": "10", "hidden": "128", "batch": "64", "anneal": "0.0002", "anneal-every": "100", "learning-rate": "0.002", "binarise": "grey"}

type vae struct {
	*gumbel.VAE
	run        *train.Run
	rows, cols int // of the code, as it is drawn
}

func openVAE(run *train.Run, w World) (train.Model, error) {
	c, of, err := digitsConfig(run, w)
	if err != nil {
		return nil, err
	}
	var hidden []int
	if text := run.Text("hidden"); text != "none" {
		for _, s := range strings.Split(text, "-") {
			n, err := strconv.Atoi(s)
			if err != nil {
				panic("experiment: hidden is " + text)
			}
			hidden = append(hidden, n)
		}
	}
	r := &vae{run: run, VAE: gumbel.NewVAE(run, gumbel.VAEConfig{Config: c, Variables: of, Hidden: hidden, LearnedPrior: run.Text("prior") == "learned"})}
	r.rows, r.cols = laid(of)
	run.On("decode", r.decode)
	run.On("encode", r.encode)
	run.On("bound", func(in map[string]data.Tensor) (map[string]data.Tensor, error) { return bound(r, r.Config, in) })
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
	if r.run.Step() > 0 {
		loss, rec, kl = r.Losses()
	}
	bound, _ := r.Bound(r.run.Int("test-digits"), r.run.Int("draws"))
	relaxed, discrete := r.Gap()
	return []float64{-loss, -bound, rec, kl, relaxed - discrete, r.Tau()}
}

func (r *vae) Frame() map[string]data.Tensor {
	v := r.View()
	rows, cols := r.Config.Train.Rows, r.Config.Train.Cols
	images := func(p []float32) data.Tensor { return tensor(p, len(p)/(rows*cols), rows, cols) }
	chances := make([]float32, len(v.Chances))
	for i, p := range v.Chances {
		chances[i] = float32(p)
	}
	return map[string]data.Tensor{
		"digits": images(v.Digits), "reconstructions": images(v.Reconstructions), "prior": images(v.Prior),
		"code": tensor(v.Codes[:r.Width()], r.rows, r.cols), "codes": tensor(v.Codes, len(v.Codes)/r.Width(), r.rows, r.cols), "usage": tensor(v.Usage, r.rows, r.cols),
		"bits":    bits(r.Variables),
		"simplex": tensor(v.Simplex, len(v.Simplex)/3, 3),
		"chances": tensor(chances, len(chances)), "temperature": numbers(v.Tau),
	}
}

// Reports implements Reporter.
func (r *vae) Reports() []lab.Report {
	bound, mean := r.Bound(r.run.Int("test-digits"), r.run.Int("draws"))
	return []lab.Report{table1(r.run, "negative variational bound", false, r.run.Step(), bound, mean)}
}
