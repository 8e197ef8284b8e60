package experiment

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// GumbelDistributions is figure 1 of Jang et al.: what relaxed samples are on
// average at each temperature, next to what can be known without drawing any.
var GumbelDistributions = Register(&lab.Experiment{
	Rank:  80,
	Name:  "gumbel-distributions",
	Title: "Gumbel-Softmax distributions",
	Doc:   "Figure 1: samples of a categorical distribution and of its relaxations at temperatures .1, .5, 1 and 10; a step draws more.",
	Settings: append(chanceSettings("0.1", "0.2", "0.7", "0", "0", "0", "0", "0"),
		lab.Setting{Name: "draws", Title: "Draws a step", Kind: lab.Int, Default: "1000", Min: 2, Max: 1_000_000, Unit: "samples", Group: "data", Resets: true,
			Doc: "Samples that a step draws at every temperature."},
		seedSetting),
	Presets: []lab.Preset{
		{Name: "three", Title: "Three classes", Steps: 2000, Every: 50, Doc: "Chances .1, .2 and .7, for which the simplex is a triangle and all averages are known.", Values: lab.Values{}},
		{Name: "seven", Title: "Seven classes", Steps: 2000, Every: 50, Doc: "More classes, as figure 1 draws them; the paper does not print its chances.",
			Values: lab.Values{"chance-1": "0.06", "chance-2": "0.14", "chance-3": "0.3", "chance-4": "0.22", "chance-5": "0.14", "chance-6": "0.1", "chance-7": "0.04"}},
	},
	Metrics: []lab.Metric{
		{Name: "deviation", Title: "Largest deviation", Unit: "standard errors", Chart: "deviation",
			Doc: "Of the averages of all samples from those that are known: the chances, and with two or three classes expectations, standard deviations, greatest elements and entropies. Of so many numbers one is off by 2 or 3."},
		{Name: "error", Title: "Largest standard error", Chart: "error", Doc: "Of the expectations, at any temperature."},
	},
}, openDistributions)

// leastChance keeps the chances' ratios within what Exact's integrals reach.
const leastChance = .001

func chanceSettings(defaults ...string) (all []lab.Setting) {
	for i, value := range defaults {
		n := strconv.Itoa(i + 1)
		all = append(all, lab.Setting{Name: "chance-" + n, Title: "Chance " + n, Kind: lab.Float, Default: value, Max: 1, Group: "model", Resets: true,
			Doc: "Chance of class " + n + ", 0.001 or more, up to a factor that all share; 0 where there are fewer classes."})
	}
	return all
}

type distributions struct {
	*gumbel.Distributions
	run   *train.Run
	exact func() []gumbel.Summary // for every temperature, worked out when first asked for
}

// Sizes of a frame: samples at every temperature, and points a side of the density.
const (
	shownSamples = 200
	densitySide  = 48
)

func openDistributions(run *train.Run, _ World) (train.Model, error) {
	var chances []float64
	for i := range 8 {
		name := "chance-" + strconv.Itoa(i+1)
		p := run.Float(name)
		if p == 0 {
			continue
		}
		if len(chances) < i {
			return nil, fmt.Errorf("%s is %s, but chance-%d is 0: fill the classes in order, and leave 0 only after the last", name, run.Text(name), len(chances)+1)
		}
		if p < leastChance {
			return nil, fmt.Errorf("%s is %s: it must be 0 or from %g to 1", name, run.Text(name), leastChance)
		}
		chances = append(chances, p)
	}
	if len(chances) < 2 {
		return nil, fmt.Errorf("a choice needs 2 classes or more: give chance-1, chance-2, … numbers from %g to 1", leastChance)
	}
	d, err := gumbel.NewDistributions(run, chances, run.Int("draws"))
	if err != nil {
		return nil, err
	}
	r := &distributions{Distributions: d, run: run}
	r.exact = sync.OnceValue(func() (all []gumbel.Summary) {
		for t := range gumbel.Temperatures {
			all = append(all, d.Exact(t))
		}
		return all
	})
	return r, nil
}

// A number is one of a Summary's, of the samples, with its standard error, and as it
// is exactly; NaN where it is not known.
type number struct {
	name              string
	value, err, exact float64
}

// off is how far the samples' number is from the exact one, in standard errors; NaN
// where these are not known or 0, as that of a class which never came.
func (n number) off() float64 {
	if n.err == 0 {
		return math.NaN()
	}
	return (n.value - n.exact) / n.err
}

// numbers returns those of a temperature.
func (r *distributions) numbers(t int) (all []number) {
	value, err := r.Sampled(t)
	exact := r.exact()[t]
	each := func(name string, value, err, exact []float64) {
		for i := range value {
			all = append(all, number{fmt.Sprintf(name, string('₁'+rune(i))), value[i], err[i], exact[i]})
		}
	}
	each("E[y%s]", value.Mean, err.Mean, exact.Mean)
	each("sd(y%s)", value.SD, err.SD, exact.SD)
	each("P(y%s greatest)", value.Argmax, err.Argmax, exact.Argmax)
	return append(all, number{"E[max y]", value.Greatest, err.Greatest, exact.Greatest}, number{"E[entropy of y]", value.Entropy, err.Entropy, exact.Entropy})
}

func (r *distributions) Measure() []float64 {
	if r.run.Step() == 0 {
		return []float64{math.NaN(), math.NaN()}
	}
	worst, most := 0., 0.
	for t := range gumbel.Temperatures {
		for _, n := range r.numbers(t) {
			if off := math.Abs(n.off()); off > worst { // not where it is NaN
				worst = off
			}
		}
		_, err := r.Sampled(t)
		most = max(most, slices.Max(err.Mean))
	}
	return []float64{worst, most}
}

func (r *distributions) Frame() map[string]data.Tensor {
	k, taus := len(r.Chances), len(gumbel.Temperatures)
	f := map[string]data.Tensor{
		"chances": numbers(r.Chances...), "temperatures": numbers(gumbel.Temperatures[:]...), "samples": tensor(r.View(shownSamples), taus, shownSamples, k),
	}
	if r.run.Step() > 0 {
		var mean, sd, argmax, greatest, entropy []float64
		for t := range taus {
			s, _ := r.Sampled(t)
			mean, sd, argmax = append(mean, s.Mean...), append(sd, s.SD...), append(argmax, s.Argmax...)
			greatest, entropy = append(greatest, s.Greatest), append(entropy, s.Entropy)
		}
		for name, v := range map[string][]float64{"expectations": mean, "deviations": sd, "frequencies": argmax} {
			f[name] = data.Tensor{Shape: []int{taus, k}, Data: numbers(v...).Data}
		}
		f["greatest"], f["entropies"] = numbers(greatest...), numbers(entropy...)
	}
	if k == 3 {
		var all []float32
		for _, tau := range gumbel.Temperatures[1:] {
			all = append(all, r.Density(tau, densitySide)...)
		}
		f["log-density"] = tensor(all, taus-1, densitySide, densitySide)
	}
	return f
}

// Reports returns every average next to the exact one, a table for each temperature.
func (r *distributions) Reports() (all []lab.Report) {
	if r.run.Step() == 0 {
		return nil
	}
	digits := func(format string, x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return fmt.Sprintf(format, x)
	}
	for t, tau := range gumbel.Temperatures {
		title := fmt.Sprintf("Figure 1 at τ = %g", tau)
		if t == 0 {
			title = "Figure 1, the categorical distribution"
		}
		table := lab.Report{Title: title, Head: []string{"", "samples", "± s.e.", "exact", "off, s.e."}}
		for _, n := range r.numbers(t) {
			table.Rows = append(table.Rows, []string{n.name, digits("%.6f", n.value), digits("%.6f", n.err), digits("%.6f", n.exact), digits("%.1f", n.off())})
		}
		all = append(all, table)
	}
	all[len(all)-1].Notes = []string{
		fmt.Sprintf("π = %.4g; %d times %d samples at each temperature, of the same noise at all. Where y is greatest depends on that alone: it is what the Gumbel-Max trick chooses.", r.Chances, r.run.Step(), r.Draws),
		"off is the difference from the exact number in standard errors, of which every twentieth number is more than 2 off.",
	}
	return all
}
