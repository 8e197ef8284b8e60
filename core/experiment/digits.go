package experiment

import (
	"errors"
	"fmt"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// What the experiments on digits have in common: settings, how these make a
// gumbel.Config, and the bound that Table 1 reports.

// codeSettings are of discrete variables and the gradient through them.
func codeSettings(n, k string) []lab.Setting {
	return []lab.Setting{
		{Name: "latents", Title: "Variables N", Kind: lab.Int, Default: n, Min: 1, Max: 200, Group: "model", Resets: true, Doc: "Discrete variables in a layer."},
		{Name: "classes", Title: "Classes K", Kind: lab.Int, Default: k, Min: 1, Max: 200, Group: "model", Resets: true, Doc: "Classes of each categorical variable; 1 makes them Bernoulli, bits."},
		{Name: "estimator", Title: "Estimator", Kind: lab.Choice, Default: "gumbel-softmax", Choices: gumbel.Estimators(), Group: "model", Resets: true,
			Doc: "How a gradient gets through the samples: the seven of Table 1, score-function without NVIL's network, and later ones; arm and disarm are for bits."},
	}
}

// temperatureSettings are of a gumbel.Schedule.
func temperatureSettings(shape, fall string) []lab.Setting {
	return []lab.Setting{
		{Name: "temperature", Title: "First temperature", Kind: lab.Float, Default: "1", Min: .01, Max: 100, Log: true, Group: "temperature", Doc: "τ at step 0."},
		{Name: "least-temperature", Title: "Least temperature", Kind: lab.Float, Default: "0.5", Min: .01, Max: 100, Log: true, Group: "temperature", Doc: "τ never falls below this, unless it is constant."},
		{Name: "schedule", Title: "Schedule", Kind: lab.Choice, Default: shape, Choices: []string{"exponential", "linear", "stepwise", "slope", "constant"}, Group: "temperature",
			Doc: "How τ falls from the first to the least: as the paper has it; along a straight line as steep at first; by halves; so that 1/τ, the slope of slope-annealed, rises along a line; or not at all."},
		{Name: "anneal", Title: "Annealing rate", Kind: lab.Float, Default: fall, Max: 1, Group: "temperature", Unit: "per step", Doc: "τ = max(least, first·e^(-rate·step)), or as the schedule says; 0 keeps the first."},
		{Name: "anneal-every", Title: "Anneal every", Kind: lab.Int, Default: "1000", Min: 1, Max: 1_000_000, Group: "temperature", Unit: "steps", Doc: "Steps between changes of the temperature."},
	}
}

// trainingSettings are of the data and the optimiser.
func trainingSettings(optimiser string) []lab.Setting {
	return []lab.Setting{
		{Name: "binarise", Title: "Pixels", Kind: lab.Choice, Default: "fixed", Choices: []string{"grey", "fixed", "dynamic"}, Group: "data", Resets: true,
			Doc: "Grey as they are, drawn black or white once, for all seeds alike, with their grey as chance, or drawn anew in every step."},
		{Name: "split", Title: "Split", Kind: lab.Choice, Default: "all", Choices: []string{"all", "validation"}, Group: "data", Resets: true,
			Doc: "Train on all digits that are not for tests, or keep the last sixth of them, 10,000 of MNIST's 60,000, for choosing settings."},
		{Name: "batch", Title: "Batch", Kind: lab.Int, Default: "100", Min: 1, Max: 10000, Unit: "digits", Group: "optimiser", Resets: true, Doc: "Digits in each step."},
		{Name: "optimiser", Title: "Optimiser", Kind: lab.Choice, Default: optimiser, Choices: []string{"adam", "momentum"}, Group: "optimiser", Resets: true, Doc: "Adam, or descent with momentum .9."},
		{Name: "learning-rate", Title: "Learning rate", Kind: lab.Float, Default: "0.001", Min: 1e-7, Max: 1, Log: true, Group: "optimiser", Doc: "Step size."},
		{Name: "rate-fall", Title: "Rate factor", Kind: lab.Float, Default: "1", Min: .01, Max: 1, Group: "optimiser", Doc: "The learning rate is multiplied by this every 1000 steps, for the first time at step 1; 1 keeps it."},
		{Name: "draws", Title: "Draws m", Kind: lab.Int, Default: "16", Min: 1, Max: 100_000, Group: "data", Measures: true, Doc: "Hard samples a digit in the multi-sample bound; the paper takes 1000, which is slow to watch."},
		{Name: "test-digits", Title: "Test digits", Kind: lab.Int, Default: "100", Min: 100, Max: 10_000, Group: "data", Measures: true, Doc: "Digits over which the multi-sample bound is averaged."},
		seedSetting,
	}
}

// most is how many floats a batch may take for one layer, and the weights between two:
// 1 GiB.
const most = 1 << 28

// digitsConfig makes a gumbel.Config of a run's settings, and the variables of a layer.
func digitsConfig(r *train.Run, w World) (c gumbel.Config, of gumbel.Variables, err error) {
	of = gumbel.Variables{N: r.Int("latents"), K: r.Int("classes")}
	if err := gumbel.CheckEstimator(r.Text("estimator"), of); err != nil {
		return c, of, err
	}
	train, test, err := w.MNIST()
	if err != nil {
		return c, of, err
	}
	c = gumbel.Config{Train: train, Test: test, Estimator: r.Text("estimator"), Binarisation: gumbel.Binarisation(r.Text("binarise")), Batch: r.Int("batch"), Optimiser: r.Text("optimiser"), RateEvery: 1000}
	r.Identify(func() data.Identity { return data.IdentifyImages("images", train, test) })
	if r.Text("split") == "validation" {
		at := train.Count() - train.Count()/6
		c.Train, c.Validation = train.Slice(0, at), train.Slice(at, train.Count())
	}
	if c.Batch > c.Train.Count() {
		return c, of, fmt.Errorf("batch is %d: it must be at most the %d training digits", c.Batch, c.Train.Count())
	}
	wide := max(of.Width(), train.Rows*train.Cols)
	if n := c.Batch * gumbel.Samples(c.Estimator) * wide; n > most {
		return c, of, fmt.Errorf("a batch of %d with %d samples each of %d numbers takes %d floats a layer, above %d: choose a smaller --batch", c.Batch, gumbel.Samples(c.Estimator), wide, n, most)
	}
	return c, of, nil
}

// boundAction is what Table 1 reports.
var boundAction = lab.Action{Name: "bound", Doc: "Takes from (1) and count (1), multiples of 100, draws (1), and validation (1), 1 for validation digits in place of test digits; returns, of each of these digits, bound (count), log (1/m) Σ w, and mean (count), the mean of log w, with w = p(x|z), or with a prior p(x, z)/q(z|x), of m hard samples."}

// bounding is a model that has bounds.
type bounding interface {
	Bounds(images *data.Images, from, count, m int) (bound, mean []float64)
}

// bound carries out boundAction.
func bound(b bounding, c gumbel.Config, in map[string]data.Tensor) (map[string]data.Tensor, error) {
	n := map[string]int{}
	for _, name := range []string{"from", "count", "draws", "validation"} {
		t, ok := in[name]
		if !ok || len(t.Data) != 1 || t.Data[0] != float32(int(t.Data[0])) || t.Data[0] < 0 {
			return nil, fmt.Errorf("bound: %s must be one whole number", name)
		}
		n[name] = int(t.Data[0])
	}
	images, kind := c.Test, "test"
	if n["validation"] != 0 {
		images, kind = c.Validation, "validation"
	}
	switch {
	case images == nil:
		return nil, errors.New(`bound: there are no validation digits: they are kept with the setting split "validation"`)
	case n["draws"] < 1:
		return nil, fmt.Errorf("bound: draws is %d: it must be at least 1", n["draws"])
	case n["count"] < 100 || n["from"]%100 != 0 || n["count"]%100 != 0 || n["from"]+n["count"] > images.Count():
		return nil, fmt.Errorf("bound: %d digits from %d on: they must be hundreds of the %d %s digits", n["count"], n["from"], images.Count(), kind)
	}
	logs, means := b.Bounds(images, n["from"], n["count"], n["draws"])
	return map[string]data.Tensor{"bound": numbers(logs...), "mean": numbers(means...)}, nil
}

// laid returns how variables are drawn as a table: a row a categorical variable, or
// bits in rows as long as evenly fill it, 20 at most.
func laid(v gumbel.Variables) (rows, cols int) {
	if !v.Binary() {
		return v.N, v.K
	}
	for cols = min(20, v.N); v.N%cols != 0; cols-- {
	}
	return v.N / cols, cols
}

// bits returns a tensor (1), 1 for bits and 0 for classes.
func bits(v gumbel.Variables) data.Tensor {
	if v.Binary() {
		return numbers(1)
	}
	return numbers(0)
}

// table1 returns a run next to its place in Table 1.
func table1(r *train.Run, what string, sop bool, step int, bound, mean float64) lab.Report {
	v := r.Values()
	t := lab.Report{
		Title: fmt.Sprintf("%s, nats a test image of %s", what, r.Identity().Name),
		Head:  []string{"estimator", "log of the mean", "mean of logs"},
		Rows:  [][]string{{v["estimator"], lab.Known("%.2f", bound), lab.Known("%.2f", mean)}},
	}
	samples := fmt.Sprintf("Step %d, %s hard samples of each of %s test digits", step, v["draws"], v["test-digits"])
	if !r.Papers() {
		t.Notes = []string{samples + ".", r.OtherData()}
		return t
	}
	paper := "—"
	if nats, ok := gumbel.Table1Of(sop, v.Int("classes") == 1, v["estimator"]); ok {
		paper = fmt.Sprintf("%.1f", nats)
	}
	t.Title = "Table 1: " + what + ", nats a test digit of " + r.Identity().Name
	t.Head, t.Rows[0] = append(t.Head, "paper"), append(t.Rows[0], paper)
	t.Notes = []string{
		samples + "; the paper has 1000 samples of each of 10,000, and networks as in preset paper, whatever this run has.",
		"ganbel table1 trains and measures the whole table.",
	}
	return t
}
