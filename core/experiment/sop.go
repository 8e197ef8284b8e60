package experiment

import (
	"fmt"
	"math"
	"slices"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// GumbelSOP is section 4.1 of Jang et al.
var GumbelSOP = Register(&lab.Experiment{
	Rank:  40,
	Name:  "gumbel-sop",
	Title: "Structured output prediction on MNIST", PaperSet: data.PaperMNIST, TitleSet: "MNIST",
	Doc:      "From the upper half of a digit its lower half, through two layers of discrete variables.",
	Settings: slices.Concat(codeSettings("200", "1"), temperatureSettings("constant", "0"), trainingSettings("momentum")),
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 4000, Every: 50, Doc: "Two layers of 20×10 choices, with Adam: plausible halves within a minute in a browser.",
			Values: sopLive},
		{Name: "bits", Title: "Bits", Steps: 4000, Every: 50, Doc: "The same with two layers of 200 bits.",
			Values: lab.Values{"optimiser": "adam", "learning-rate": "0.002", "batch": "64"}},
		{Name: "straight-through", Title: "Straight-through", Steps: 4000, Every: 50, Doc: "The live model with straight-through Gumbel-Softmax: what follows sees one-hot samples while it trains, too.",
			Values: sopLive.With("estimator", "st-gumbel-softmax")},
		{Name: "paper", Title: "Paper", Steps: 100_000, Every: 500, Doc: "Section 4.1: 392-200-200-392, Bernoulli, fixed binarised digits, momentum, temperature 1; 100,000 steps, as the paper gives no number. For the bound of its table set draws to 1000 and test digits to 10000 at the end: that takes minutes.",
			Values: lab.Values{"split": "validation"}},
		{Name: "paper-categorical", Title: "Paper, categorical", Steps: 100_000, Every: 500, Doc: "Section 4.1: 392-(20×10)-(20×10)-392.",
			Values: lab.Values{"latents": "20", "classes": "10", "split": "validation"}},
	},
	Metrics: []lab.Metric{
		{Name: "nll", Title: "NLL, log of the mean", Unit: "nats", Chart: "nll", Doc: "-log (1/m) Σ p(lower|z) over m hard samples, of test digits; lower is better."},
		{Name: "nll-mean", Title: "NLL, mean of logs", Unit: "nats", Chart: "nll", Doc: "-(1/m) Σ log p(lower|z) over the same samples: the paper's formula as it is printed, never lower."},
		{Name: "loss", Title: "Loss", Unit: "nats", Chart: "nll", Doc: "Of the last batch, as the estimator drew it."},
		{Name: "temperature", Title: "Temperature", Chart: "temperature", Doc: "τ."},
	},
	Actions: []lab.Action{boundAction,
		{Name: "complete", Doc: "Takes image (28, 28) in [0, 1], of which only the upper half matters; returns completions (6, 28, 28), below the upper half each pixel's chance by one sample, and mean (28, 28), that over 32."},
	},
}, openSOP)

var sopLive = lab.Values{"latents": "20", "classes": "10", "optimiser": "adam", "learning-rate": "0.002", "batch": "64"}

type sop struct {
	*gumbel.SOP
	run *train.Run
}

func openSOP(run *train.Run, w World) (train.Model, error) {
	c, of, err := digitsConfig(run, w)
	if err != nil {
		return nil, err
	}
	if n := of.Width() * of.Width(); n > most {
		return nil, fmt.Errorf("between layers of %v there are %d weights, above %d: choose fewer --latents or --classes", of, n, most)
	}
	r := &sop{run: run, SOP: gumbel.NewSOP(run, gumbel.SOPConfig{Config: c, Variables: of})}
	run.On("complete", r.complete)
	run.On("bound", func(in map[string]data.Tensor) (map[string]data.Tensor, error) { return bound(r, r.Config, in) })
	return r, nil
}

// images returns n images, or for 0 one.
func (r *sop) images(pixels []float32, shape ...int) data.Tensor {
	return tensor(pixels, append(shape, r.Config.Train.Rows, r.Config.Train.Cols)...)
}

func (r *sop) complete(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	image, err := chances(in, "image", r.Config.Train.Rows, r.Config.Train.Cols)
	if err != nil {
		return nil, fmt.Errorf("complete: %w", err)
	}
	c := r.Complete(image)
	return map[string]data.Tensor{"completions": r.images(c.Samples, gumbel.ShownCompletions), "mean": r.images(c.Mean)}, nil
}

func (r *sop) Measure() []float64 {
	loss := math.NaN()
	if r.run.Step() > 0 {
		loss, _, _ = r.Losses()
	}
	nll, mean := r.Bound(r.run.Int("test-digits"), r.run.Int("draws"))
	return []float64{nll, mean, loss, r.Tau()}
}

func (r *sop) Frame() map[string]data.Tensor {
	v := r.View()
	n := len(v.Mean) / (r.Config.Train.Rows * r.Config.Train.Cols)
	rows, cols := laid(r.Variables)
	return map[string]data.Tensor{
		"digits": r.images(v.Digits, n), "completions": r.images(v.Samples, n, gumbel.ShownCompletions), "mean": r.images(v.Mean, n),
		"layer-1": tensor(v.Codes[0], n, rows, cols), "layer-2": tensor(v.Codes[1], n, rows, cols),
		"bits": bits(r.Variables), "temperature": numbers(r.Tau()),
	}
}

// Reports implements Reporter.
func (r *sop) Reports() []lab.Report {
	nll, mean := r.Bound(r.run.Int("test-digits"), r.run.Int("draws"))
	return []lab.Report{table1(r.run, "-log p(lower|upper)", true, r.run.Step(), nll, mean)}
}
