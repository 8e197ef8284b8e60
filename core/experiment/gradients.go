package experiment

import (
	"fmt"
	"math"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// GumbelGradients is what sections 2 and 3 of Jang et al. argue about: the bias and
// the variance of every estimator.
var GumbelGradients = Register(&lab.Experiment{
	Rank:  90,
	Name:  "gumbel-gradients",
	Title: "Bias and variance of gradients",
	Doc:   "Every estimator beside the exact gradient of a small problem. A step makes 1000 draws of each.",
	Settings: []lab.Setting{
		{Name: "latents", Title: "Variables N", Kind: lab.Int, Default: "4", Min: 1, Max: 12, Group: "model", Resets: true, Doc: "Discrete variables; all their samples together must be 4096 at most."},
		{Name: "classes", Title: "Classes K", Kind: lab.Int, Default: "1", Min: 1, Max: 64, Group: "model", Resets: true, Doc: "Classes of each categorical variable; 1 makes them Bernoulli, bits."},
		{Name: "cost", Title: "Cost", Kind: lab.Choice, Default: "quartic", Choices: []string{"linear", "quadratic", "quartic"}, Group: "model", Resets: true,
			Doc: "Power of the cost: straight-through is exact for a linear one, DARN for bits up to a quadratic."},
		{Name: "temperature", Title: "Temperature τ", Kind: lab.Float, Default: "0.5", Min: .01, Max: 100, Log: true, Group: "temperature", Doc: "Of relaxed samples, and REBAR's first. Turning it begins the statistics anew."},
		seedSetting,
	},
	Presets: []lab.Preset{
		{Name: "live", Title: "Bits", Steps: 1000, Every: 10, Doc: "Four bits and a quartic cost.", Values: lab.Values{}},
		{Name: "classes", Title: "Classes", Steps: 1000, Every: 10, Doc: "Two choices between three, and a quartic cost.", Values: lab.Values{"latents": "2", "classes": "3"}},
		{Name: "cold", Title: "Cold", Steps: 1000, Every: 10, Doc: "Four bits at temperature .1: less bias, more variance.", Values: lab.Values{"temperature": "0.1"}},
		{Name: "hot", Title: "Hot", Steps: 1000, Every: 10, Doc: "Four bits at temperature 10.", Values: lab.Values{"temperature": "10"}},
		{Name: "linear", Title: "Linear", Steps: 1000, Every: 10, Doc: "Four bits and a linear cost, for which straight-through is exact.", Values: lab.Values{"cost": "linear"}},
	},
	Metrics: gradientMetrics(),
}, openGradients)

func gradientMetrics() (all []lab.Metric) {
	for _, name := range gumbel.GradientEstimators(gumbel.Bits(1)) {
		all = append(all, lab.Metric{Name: "bias-" + name, Title: name, Chart: "bias", Doc: "‖mean of the draws - exact gradient‖ over ‖exact gradient‖, of " + name + "."})
	}
	for _, name := range gumbel.GradientEstimators(gumbel.Bits(1)) {
		all = append(all, lab.Metric{Name: "variance-" + name, Title: name, Chart: "variance", Doc: "Trace of the covariance of one draw over ‖exact gradient‖², of " + name + "."})
	}
	return all
}

type gradients struct {
	*gumbel.Gradients
	run *train.Run
}

func openGradients(run *train.Run, _ World) (train.Model, error) {
	of := gumbel.Variables{N: run.Int("latents"), K: run.Int("classes")}
	if n := math.Pow(math.Max(2, float64(of.K)), float64(of.N)); n > 4096 {
		return nil, fmt.Errorf("latents is %d and classes %d: these have %.4g samples, and to go through all they must be 4096 at most", of.N, of.K, n)
	}
	power := map[string]int{"linear": 1, "quadratic": 2, "quartic": 4}[run.Text("cost")]
	return &gradients{gumbel.NewGradients(run, of, power), run}, nil
}

// relative returns the estimates by name, and the exact gradient's length.
func (r *gradients) relative() (map[string]gumbel.GradientEstimate, float64) {
	by, size := map[string]gumbel.GradientEstimate{}, 0.
	for _, e := range r.Estimates() {
		by[e.Name] = e
	}
	for _, x := range r.Exact() {
		size += x * x
	}
	return by, math.Sqrt(size)
}

func (r *gradients) Measure() (all []float64) {
	by, size := r.relative()
	pick := func(of func(gumbel.GradientEstimate) float64) {
		for _, name := range gumbel.GradientEstimators(gumbel.Bits(1)) {
			if e, ok := by[name]; ok {
				all = append(all, of(e))
			} else {
				all = append(all, math.NaN())
			}
		}
	}
	pick(func(e gumbel.GradientEstimate) float64 { return e.Bias / size })
	pick(func(e gumbel.GradientEstimate) float64 { return e.Variance / (size * size) })
	return all
}

func (r *gradients) Frame() map[string]data.Tensor {
	_, size := r.relative()
	var bias, chance, variance []float32
	known := false
	for _, e := range r.Estimates() {
		if known = e.Draws > 0; known {
			bias, chance, variance = append(bias, float32(e.Bias/size)), append(chance, float32(e.Error/size)), append(variance, float32(e.Variance/(size*size)))
		}
	}
	f := map[string]data.Tensor{"temperature": numbers(r.run.Float("temperature"))}
	if known {
		f["bias"], f["chance"], f["variance"] = tensor(bias, len(bias)), tensor(chance, len(chance)), tensor(variance, len(variance))
	}
	return f
}

// Reports implements Reporter.
func (r *gradients) Reports() []lab.Report {
	t := lab.Report{
		Title: fmt.Sprintf("Gradients of E[f(z)] by the logits of %v, %s f, τ = %s", gumbel.Variables{N: r.run.Int("latents"), K: r.run.Int("classes")}, r.run.Text("cost"), r.run.Text("temperature")),
		Head:  []string{"estimator", "bias", "by chance", "variance", "says the paper"},
		Notes: []string{
			fmt.Sprintf("%d draws of each. Bias is ‖mean - exact‖ over ‖exact‖, by chance what an unbiased estimator has on average after so many draws, variance one draw's over ‖exact‖².", int(r.Estimates()[0].Draws)),
			"The exact gradient is a sum over all samples. The paper has no such numbers; the last column is what its sections 2 and 3, or for later ones theirs, say of the bias.",
		},
	}
	says := map[string]string{"score-function": "none", "nvil": "none", "darn": "for f not quadratic", "muprop": "none", "straight-through": "for f not linear",
		"gumbel-softmax": "less as τ falls", "st-gumbel-softmax": "also as τ falls", "rebar": "none", "relax": "none", "arm": "none", "disarm": "none"}
	_, size := r.relative()
	for _, e := range r.Estimates() {
		t.Rows = append(t.Rows, []string{e.Name, lab.Known("%.4f", e.Bias/size), lab.Known("%.4f", e.Error/size), lab.Known("%.3g", e.Variance/(size*size)), says[e.Name]})
	}
	return []lab.Report{t}
}
