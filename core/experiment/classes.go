package experiment

import (
	"fmt"
	"math"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// GumbelClasses is figure 5(a) of Jang et al. As it measures time, no two of its runs
// are the same bit for bit, and going on with one measures what is left anew.
var GumbelClasses = Register(&lab.Experiment{
	Rank:  60,
	Name:  "gumbel-classes",
	Title: "The cost of marginalisation", PaperSet: data.PaperMNIST,
	Doc: "Speed of marginalisation and of Gumbel-Softmax for 2 to 100 classes. A step measures one number of classes, six all of them.",
	Settings: []lab.Setting{
		{Name: "code", Title: "Code size", Kind: lab.Int, Default: "16", Min: 1, Max: 200, Group: "model", Resets: true, Doc: "Numbers of the Gaussian code z."},
		{Name: "channels", Title: "Channels", Kind: lab.Int, Default: "8", Min: 1, Max: 128, Group: "model", Resets: true, Doc: "Features of the first convolution; the next two have two and four times as many."},
		{Name: "batch", Title: "Batch", Kind: lab.Int, Default: "10", Min: 1, Max: 1000, Unit: "digits", Group: "optimiser", Resets: true, Doc: "Unlabelled digits in each step. With 100 classes marginalisation takes some 15 MB for each."},
		{Name: "labelled-batch", Title: "Labelled batch", Kind: lab.Int, Default: "1", Min: 1, Max: 1000, Unit: "digits", Group: "optimiser", Resets: true, Doc: "Labelled digits in each step, which cost the same either way."},
		{Name: "windows", Title: "Windows", Kind: lab.Int, Default: "5", Min: 1, Max: 99, Group: "data", Doc: "How often each estimator is timed, in turn; the median counts."},
		{Name: "window", Title: "Window", Kind: lab.Float, Default: "1", Min: .001, Max: 60, Group: "data", Unit: "seconds", Doc: "How long each is timed, a step at the least."},
		seedSetting,
	},
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 6, Every: 1, Doc: "All numbers of classes within a minute.", Values: lab.Values{"channels": "4", "windows": "3", "window": "0.5"}},
		{Name: "paper", Title: "Paper", Steps: 6, Every: 1, Doc: "The paper preset's networks of the semi-supervised experiment.", Values: lab.Values{}},
	},
	Metrics: []lab.Metric{
		{Name: "classes", Title: "Classes K", Chart: "classes", Doc: "How many the step measured."},
		{Name: "marginalisation", Title: "Marginalisation", Unit: "steps/s", Chart: "speed", Doc: "Steps a second that go through all classes."},
		{Name: "gumbel-softmax", Title: "Gumbel-Softmax", Unit: "steps/s", Chart: "speed", Doc: "Steps a second with one relaxed sample."},
		{Name: "ratio", Title: "Ratio", Chart: "ratio", Doc: "How many times faster Gumbel-Softmax is."},
	},
}, openClasses)

type classCost struct {
	*gumbel.ClassCost
	run        *train.Run
	goroutines int
}

func openClasses(run *train.Run, w World) (train.Model, error) {
	train, test, err := w.MNIST()
	if err != nil {
		return nil, err
	}
	run.Identify(func() data.Identity { return data.IdentifyImages("images", train, test) })
	c, err := gumbel.NewClassCost(run, gumbel.ClassCostConfig{Images: train, Z: run.Int("code"), Channels: run.Int("channels"),
		Batch: run.Int("batch"), LabelledBatch: run.Int("labelled-batch"), Device: w.device()})
	if err != nil {
		return nil, err
	}
	return &classCost{c, run, w.goroutines()}, nil
}

func (r *classCost) Measure() []float64 {
	if r.run.Step() == 0 {
		none := math.NaN()
		return []float64{none, none, none, none}
	}
	at := (r.run.Step() - 1) % len(gumbel.ClassCounts)
	marginal, sampled := float64(r.Marginal[at]), float64(r.Gumbel[at])
	return []float64{float64(gumbel.ClassCounts[at]), marginal, sampled, sampled / marginal}
}

func (r *classCost) Frame() map[string]data.Tensor {
	n := len(gumbel.ClassCounts)
	counts := make([]float32, n)
	for i, k := range gumbel.ClassCounts {
		counts[i] = float32(k)
	}
	return map[string]data.Tensor{
		"class-counts": tensor(counts, n), "marginalisation": tensor(r.Marginal, n), "gumbel-softmax": tensor(r.Gumbel, n),
	}
}

// Reports returns figure 5(a) as a table.
func (r *classCost) Reports() []lab.Report {
	t := lab.Report{Title: "Figure 5(a): steps a second for K classes", Head: []string{"K", "marginalisation", "Gumbel-Softmax", "ratio", "ratio of work", "formula", "ratio, paper"}}
	paper := map[int]string{10: "2.0", 100: "9.9"}
	for i, k := range gumbel.ClassCounts {
		want := r.Ratio(k)
		row := []string{strconv.Itoa(k), "", "", "", tenths(want.Step), tenths(want.Formula), paper[k]}
		if marginal, sampled := float64(r.Marginal[i]), float64(r.Gumbel[i]); marginal > 0 {
			row[1], row[2], row[3] = strconv.FormatFloat(marginal, 'g', 3, 64), strconv.FormatFloat(sampled, 'g', 3, 64), tenths(sampled/marginal)
		}
		t.Rows = append(t.Rows, row)
	}
	if !r.run.Papers() {
		t.Title, t.Head = "Steps a second for K classes on images of "+r.run.Identity().Name, t.Head[:len(t.Head)-1]
		for i, row := range t.Rows {
			t.Rows[i] = row[:len(row)-1]
		}
	}
	t.Notes = []string{
		"Formula: (D + K(I + G))/(D + I + G) of section 4.3, with the multiplications of q(y|x), q(z|x,y) and p(x|y,z) for D, I and G.",
		"The ratio of work counts those of a whole step as it is timed: with labelled digits, with gradients, and with what marginalisation does once for all classes.",
		fmt.Sprintf("Batches of %d unlabelled and %d labelled digits, %d features at first, on %d goroutines; medians of %d windows of %g s in turn.",
			r.Batch, r.LabelledBatch, r.Channels, r.goroutines, r.run.Int("windows"), r.run.Float("window")),
	}
	if r.run.Papers() {
		t.Notes = append(t.Notes, "The paper timed a GTX Titan X, whose batches fill it only with many classes.")
	} else {
		t.Notes = append(t.Notes, r.run.OtherData())
	}
	return []lab.Report{t}
}
