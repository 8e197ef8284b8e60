//go:build !js

package experiment

import (
	"fmt"
	"math"
	"strings"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// figureSettings are what the figures of the plane share with wgan-gp.
func figureSettings(names ...string) (all []lab.Setting) {
	for _, name := range names {
		all = append(all, *WGANGP.Setting(name))
	}
	return all
}

// clipRate is the learning rate of clipped critics, whose optimiser is another.
var clipRate = lab.Setting{Name: "clip-rate", Title: "Learning rate, clipped", Kind: lab.Float, Default: "0.00005", Min: 1e-7, Max: 1, Log: true, Group: "optimiser",
	Doc: "Step size of the clipped critics' RMSProp; learning-rate is that of the penalised ones' Adam."}

// WGANValues is figure 1(a) of Gulrajani et al.
var WGANValues = Register(&lab.Experiment{
	Rank: 100, Native: true,
	Name:  "wgan-values",
	Title: "Value surfaces of critics",
	Doc:   "Figure 1(a): critics of three data sets against data plus noise, by clipping and by the penalty.",
	Settings: append(figureSettings("lambda", "clip", "n-critic", "learning-rate", "decay", "decay-to", "width", "depth", "batch", "view", "field", "seed"), clipRate,
		lab.Setting{Name: "distance-points", Title: "Points of W₁", Kind: lab.Int, Default: "2048", Min: 4, Max: 8192, Unit: "points", Group: "data", Measures: true,
			Doc: "A multiple of 4: real and fake points of a reading of exact W₁ in the table at the end. Time grows with their cube; 2048 take some five seconds."},
		lab.Setting{Name: "readings", Title: "Readings", Kind: lab.Int, Default: "4", Min: 1, Max: 1000, Group: "data", Measures: true,
			Doc: "How many readings the table at the end averages."}),
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 20_000, Every: 200, Doc: "Small critics whose rates fall: 20,000 steps take some eight minutes of one core.",
			Values: lab.Values{"lambda": "10", "n-critic": "1", "width": "128", "depth": "2", "learning-rate": "0.003", "decay": "20000", "decay-to": "0.01", "view": "2", "field": "64"}},
		{Name: "paper", Title: "Paper", Steps: 10_000, Every: 100, Doc: "The authors' prototype for 10,000 steps, each a critic step on fresh points. The prototype makes ten on the same points; --n-critic 10 makes ten, on fresh ones.",
			Values: lab.Values{"lambda": "10", "n-critic": "1", "width": "1024", "depth": "2", "batch": "1024", "view": "2", "field": "128"}},
	},
	Metrics: valueMetrics(),
}, openValues)

// setTitles are the data sets' names as a person reads them.
var setTitles = map[string]string{"8gaussians": "8 Gaussians", "25gaussians": "25 Gaussians", "swissroll": "Swiss roll"}

func valueMetrics() (all []lab.Metric) {
	for _, set := range wgan.Figure1aData {
		all = append(all, lab.Metric{Name: set + "-estimate", Title: setTitles[set] + ", critic's estimate", Chart: "distance",
			Doc: "mean D(real) - mean D(fake) of the penalised critic on 512 fresh points each."})
	}
	for _, set := range wgan.Figure1aData {
		all = append(all, lab.Metric{Name: set + "-w1", Title: setTitles[set] + ", exact W₁", Chart: "distance",
			Doc: "Optimal assignment of the same 512 real to the 512 fake points; so few points read a little high."})
	}
	for _, set := range wgan.Figure1aData {
		all = append(all, lab.Metric{Name: set + "-clipped", Title: setTitles[set] + ", clipped", Chart: "clipped",
			Doc: "The clipped critic's estimate, whose scale is another."})
	}
	for _, set := range wgan.Figure1aData {
		all = append(all, lab.Metric{Name: set + "-slope", Title: setTitles[set] + ", mean ‖∇D‖", Chart: "slope",
			Doc: "Gradient norm of the penalised critic at the interpolates of its last step."})
	}
	return all
}

type values struct {
	*wgan.Figure1a
	run      *train.Run
	distance measure.Assignment
}

func openValues(r *train.Run, _ World) (train.Model, error) {
	r.Identify(func() data.Identity { return data.IdentifyToy(strings.Join(wgan.Figure1aData[:], ", ")) })
	return &values{run: r, Figure1a: wgan.NewFigure1a(r, figureConfig(r, r.Int("field")))}, nil
}

// figureConfig makes of a figure's settings what all its toys have in common.
func figureConfig(r *train.Run, field int) wgan.ToyConfig {
	return wgan.ToyConfig{Width: r.Int("width"), Depth: r.Int("depth"), Activation: "relu", Batch: r.Int("batch"), View: r.Float("view"), Field: field}
}

func (r *values) Measure() []float64 {
	n := len(wgan.Figure1aData)
	m := make([]float64, 4*n)
	for set := range n {
		clipped, penalised := r.Figure1a.Run(0, set), r.Figure1a.Run(1, set)
		real, fake, estimate := penalised.Samples()
		m[set], m[n+set] = estimate, r.distance.W1(real, fake, 2)
		_, _, m[2*n+set] = clipped.Samples()
		if m[3*n+set] = math.NaN(); penalised.Stepped() {
			m[3*n+set] = measure.Mean(penalised.Slopes())
		}
	}
	return m
}

// valuePoints is how many points of each data set a frame shows.
const valuePoints = 256

func (r *values) Frame() map[string]data.Tensor {
	rows, cols, side := len(wgan.Figure1aRules), len(wgan.Figure1aData), r.Runs[0].Plane.Field
	var surfaces, real []float32
	for i, t := range r.Runs {
		v := t.View()
		if surfaces = append(surfaces, v.Critic...); i < cols {
			real = append(real, v.Real[:2*valuePoints]...)
		}
	}
	return map[string]data.Tensor{
		"surfaces": tensor(surfaces, rows, cols, side, side), "surface-data": tensor(real, cols, valuePoints, 2), "surface-view": numbers(r.Runs[0].Plane.View),
	}
}

// Reports returns how far the critics' estimates are from exact W₁, and how steep they
// are where Proposition 1 says that an optimal critic's slope is 1.
func (r *values) Reports() []lab.Report {
	n, readings := 4*max(1, r.run.Int("distance-points")/4), r.run.Int("readings")
	estimates := lab.Report{Title: fmt.Sprintf("Figure 1(a): what the penalised critics say of W₁, λ = %s", r.run.Text("lambda")),
		Head: []string{"", "estimate", "exact W₁", "± s.e.", "off", fmt.Sprintf("W₁, n = %d", n/4), "estimate, elsewhere", "W₁, elsewhere"}}
	clipped := lab.Report{Title: fmt.Sprintf("Figure 1(a): the clipped critics, c = %s", r.run.Text("clip")),
		Head: []string{"", "estimate", "at ±c, 2nd layer", "at ±c, all", "estimate, elsewhere", "at ±c, 2nd layer, elsewhere"}}
	slopes := lab.Report{Title: "Proposition 1: the critics' gradients between optimally coupled points",
		Head: []string{"", "‖∇D‖", "r.m.s. of ‖∇D‖ − 1", "cosine", "‖∇D‖, independent", "r.m.s., independent", "cosine, independent"}}
	for i, elsewhere := range []struct{ estimate, w1, clipped, ends string }{
		{"0.883", ".82 to .84", "0.0022", "64 %"}, {"0.541", ".58 to .60", "0.0023", "61 %"}, {"0.585", ".62 to .63", "0.0025", "79 %"},
	} {
		title, d := setTitles[wgan.Figure1aData[i]], r.Distance(i, n, readings)
		estimates.Rows = append(estimates.Rows, []string{title, lab.Thousandths(d.Estimate[1]), lab.Thousandths(d.W1), lab.Known("%.4f", d.Error),
			fmt.Sprintf("%+.1f %%", 100*(d.Estimate[1]/d.W1-1)), lab.Thousandths(d.W1Parts), elsewhere.estimate, elsewhere.w1})
		t := r.Figure1a.Run(0, i)
		percent := func(weights [][]float32) string {
			return tenths(100*wgan.AtBounds(weights, t.Clip())) + " %"
		}
		second := ""
		if all := t.Weights(); len(all) > 2 {
			second = percent(all[1:2])
		}
		clipped.Rows = append(clipped.Rows, []string{title, fmt.Sprintf("%.4g", d.Estimate[0]), second, percent(t.Weights()), elsewhere.clipped, elsewhere.ends})
		for rule, name := range []string{"clipped", "penalty"} {
			on, off := d.Optimal[rule], d.Random[rule]
			row := []string{title + ", " + name}
			for _, x := range []float64{on.Mean, on.Off, on.Cosine, off.Mean, off.Off, off.Cosine} {
				row = append(row, fmt.Sprintf("%.3g", x))
			}
			slopes.Rows = append(slopes.Rows, row)
		}
	}
	estimates.Notes = []string{
		fmt.Sprintf("This run: step %d, one seed, 2 → %d hidden layers of %s → 1, batches of %s. Means of %d readings on %d real and %d fake points each, the estimate on the same points as W₁.",
			r.run.Step(), r.Runs[0].Plane.Depth, r.run.Text("width"), r.run.Text("batch"), readings, n, n),
		"W₁ of samples lies above that of the distributions, and the more so the fewer the points are: the column of a quarter as many shows how much.",
		"The paper prints no number. Elsewhere: a program of its own, of two hidden layers of 128, batches of 256, some 20,000 steps and W₁ of 3,000 points; one seed.",
	}
	clipped.Notes = []string{"Elsewhere: the same other program after 6,000 steps with c = .01. The estimate of a clipped critic is on a scale of its own."}
	slopes.Notes = []string{"An optimal critic has ‖∇D‖ = 1 and cosine 1 between points that an optimal coupling pairs. The penalty is paid between independent ones, which cross places where that is not asked for. The coupling is that of the samples."}
	return []lab.Report{estimates, clipped, slopes}
}
