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

// GumbelSemi is sections 3.3 and 4.3 of Jang et al.
var GumbelSemi = Register(&lab.Experiment{
	Rank:  50,
	Name:  "gumbel-semi",
	Title: "Semi-supervised MNIST", PaperSet: data.PaperMNIST, TitleSet: "MNIST",
	Doc: "A hundred digits with labels, many without: the class is a categorical variable, summed over or sampled.",
	Settings: []lab.Setting{
		{Name: "estimator", Title: "Estimator", Kind: lab.Choice, Default: string(gumbel.SemiGumbel), Choices: []string{string(gumbel.SemiMarginal), string(gumbel.SemiGumbel), string(gumbel.SemiStraight)}, Group: "model", Resets: true,
			Doc: "How an unlabelled digit's bound goes through its class: all of them, one relaxed sample, or one one-hot sample with the relaxed one's gradient."},
		{Name: "labels", Title: "Labels", Kind: lab.Int, Default: "100", Min: 2, Max: 50_000, Group: "data", Resets: true, Doc: "Digits whose labels are used, equally many of each class: a multiple of how many classes the data has, which is 10 for MNIST."},
		{Name: "alpha", Title: "Classification weight α", Kind: lab.Float, Default: "1", Max: 1000, Group: "model", Doc: "Weight of the classification of labelled digits, log q(y|x), in the objective."},
		{Name: "labelled-weight", Title: "Labelled weight", Kind: lab.Float, Default: "1", Max: 100, Group: "model",
			Doc: "Weight of the labelled digits' bound beside that of the unlabelled: the paper has none, which is 1. Less keeps the networks from learning the few labelled digits by heart."},
		{Name: "code", Title: "Code size", Kind: lab.Int, Default: "16", Min: 1, Max: 200, Group: "model", Resets: true, Doc: "Numbers of the Gaussian code z, which holds what the class does not tell."},
		{Name: "channels", Title: "Channels", Kind: lab.Int, Default: "8", Min: 1, Max: 128, Group: "model", Resets: true, Doc: "Features of the first convolution; the next two have two and four times as many."},
		*GumbelVAE.Setting("temperature"), *GumbelVAE.Setting("least-temperature"), *GumbelVAE.Setting("schedule"), *GumbelVAE.Setting("anneal"), *GumbelVAE.Setting("anneal-every"),
		{Name: "batch", Title: "Batch", Kind: lab.Int, Default: "64", Min: 1, Max: 10000, Unit: "digits", Group: "optimiser", Resets: true, Doc: "Unlabelled digits in each step."},
		{Name: "labelled-batch", Title: "Labelled batch", Kind: lab.Int, Default: "20", Min: 1, Max: 10000, Unit: "digits", Group: "optimiser", Resets: true, Doc: "Labelled digits in each step."},
		{Name: "learning-rate", Title: "Learning rate", Kind: lab.Float, Default: "0.005", Min: 1e-7, Max: 1, Log: true, Group: "optimiser", Doc: "Adam's step size."},
		{Name: "test-digits", Title: "Test digits", Kind: lab.Int, Default: "500", Min: gumbel.SemiTest, Max: 10_000, Group: "data", Measures: true, Doc: "Digits over which the ELBO and the accuracy are averaged."},
		seedSetting,
	},
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 4000, Every: 50, Doc: "Small and quick: it learns in a browser.", Values: semiLive},
		{Name: "paper", Title: "Paper", Steps: 30_000, Every: 500, Doc: "Section 4.3: 100 labels, 50,000 digits without, three convolutions and four transposed ones, of sizes that a processor can train.",
			Values: lab.Values{"anneal-every": "2000", "test-digits": "1000"}},
		{Name: "marginal", Title: "Marginalisation", Steps: 4000, Every: 50, Doc: "The live model going through all classes of every digit, as was done before: exact, and dear.", Values: semiLive.With("estimator", string(gumbel.SemiMarginal))},
		{Name: "straight-through", Title: "Straight-through", Steps: 4000, Every: 50, Doc: "The live model with one-hot samples going forward.", Values: semiLive.With("estimator", string(gumbel.SemiStraight))},
	},
	Metrics: []lab.Metric{
		{Name: "elbo", Title: "ELBO", Unit: "nats", Chart: "elbo", Doc: "Mean over test digits of -U(x), which goes through all classes with one z each, whatever it is trained with; higher is better."},
		{Name: "accuracy", Title: "Accuracy", Unit: "%", Chart: "accuracy", Doc: "Test digits whose likeliest class by q(y|x) is right."},
		{Name: "labelled", Title: "Labelled bound", Unit: "nats", Chart: "bounds", Doc: "Mean -L(x, y) of the last step's labelled digits."},
		{Name: "unlabelled", Title: "Unlabelled bound", Unit: "nats", Chart: "bounds", Doc: "Mean -U(x) of the last step's unlabelled digits, as it is trained with: with relaxed samples it is no bound."},
		{Name: "classification", Title: "Classification", Unit: "nats", Chart: "classification", Doc: "Mean log q(y|x) of the last step's labelled digits; 0 is best."},
		{Name: "temperature", Title: "Temperature", Chart: "temperature", Doc: "τ."},
	},
	Actions: []lab.Action{
		{Name: "classify", Doc: "Takes image (28, 28) in [0, 1]; returns chances (K), q(y|x), of the data's K classes, and analogies (K, 28, 28), its z decoded in every class."},
	},
}, openSemi)

var semiLive = lab.Values{"labelled-weight": "0.1", "channels": "4", "batch": "32", "labelled-batch": "10", "anneal": "0.0002", "anneal-every": "100"}

type semi struct {
	*gumbel.Semi
	run *train.Run
}

func openSemi(run *train.Run, w World) (train.Model, error) {
	train, test, err := w.MNIST()
	if err != nil {
		return nil, err
	}
	run.Identify(func() data.Identity { return data.IdentifyImages("images", train, test) })
	k, err := classes(train, test)
	if err != nil {
		return nil, fmt.Errorf("gumbel-semi: %w", err)
	}
	s, err := gumbel.NewSemi(run, gumbel.SemiConfig{Train: train, Test: test, K: k, Labels: run.Int("labels"), Estimator: gumbel.SemiEstimator(run.Text("estimator")),
		Z: run.Int("code"), Channels: run.Int("channels"), Batch: run.Int("batch"), LabelledBatch: run.Int("labelled-batch")})
	if err != nil {
		return nil, err
	}
	r := &semi{Semi: s, run: run}
	run.On("classify", r.classify)
	return r, nil
}

func (r *semi) classify(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	image, err := chances(in, "image", r.Test.Rows, r.Test.Cols)
	if err != nil {
		return nil, fmt.Errorf("classify: %w", err)
	}
	q, drawn := r.Classify(image)
	return map[string]data.Tensor{"chances": tensor(q, len(q)), "analogies": r.images(drawn)}, nil
}

// images returns a copy of pixels as images.
func (r *semi) images(pixels []float32) data.Tensor {
	return tensor(pixels, len(pixels)/(r.Test.Rows*r.Test.Cols), r.Test.Rows, r.Test.Cols)
}

func (r *semi) Measure() []float64 {
	labelled, unlabelled, classification := math.NaN(), math.NaN(), math.NaN()
	if r.run.Step() > 0 {
		labelled, unlabelled, classification = r.Parts()
	}
	elbo, accuracy := r.Semi.Measure(r.run.Int("test-digits"))
	return []float64{elbo, 100 * accuracy, labelled, unlabelled, classification, r.Tau()}
}

func (r *semi) Frame() map[string]data.Tensor {
	v := r.View()
	labels := make([]float32, len(v.Labels))
	for i, y := range v.Labels {
		labels[i] = float32(y)
	}
	size := r.Test.Rows * r.Test.Cols
	analogies := data.Tensor{Shape: []int{len(v.Analogues) / (r.K * size), 1 + r.K, r.Test.Rows, r.Test.Cols}}
	for i := range analogies.Shape[0] {
		analogies.Data = append(append(analogies.Data, v.Digits[i*size:(i+1)*size]...), v.Analogues[i*r.K*size:(i+1)*r.K*size]...)
	}
	return map[string]data.Tensor{
		"digits": r.images(v.Digits), "labels": tensor(labels, len(labels)), "classes": tensor(v.Chances, len(labels), r.K),
		"reconstructions": r.images(v.Reconstructions), "analogies": analogies, "temperature": numbers(v.Tau),
	}
}

// tenths writes a number of a table with one digit after the point.
func tenths(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// Reports returns table 2 with the present model's numbers on all test digits.
func (r *semi) Reports() []lab.Report {
	elbo, accuracy := r.Semi.Measure(r.Test.Count())
	if !r.run.Papers() {
		return []lab.Report{{
			Title: fmt.Sprintf("Semi-supervised %s, %s labels of %d classes", r.run.Identity().Name, r.run.Text("labels"), r.K),
			Head:  []string{"", "ELBO", "accuracy"}, Rows: [][]string{{string(r.Estimator), tenths(elbo), tenths(100*accuracy) + " %"}},
			Notes: []string{
				fmt.Sprintf("Step %d, one seed, ELBO in nats and accuracy on %d test images, binarised once. The ELBO goes through all classes with one z each.", r.run.Step(), r.Test.Count()),
				r.run.OtherData(),
			},
		}}
	}
	t := lab.Report{Title: "Table 2: semi-supervised MNIST, " + r.run.Text("labels") + " labels", Head: []string{"", "ELBO, paper", "accuracy, paper", "ELBO, this run", "accuracy, this run"}}
	for _, row := range []struct {
		estimator            gumbel.SemiEstimator
		name, elbo, accuracy string
	}{
		{gumbel.SemiMarginal, "Marginalisation", "-106.8", "92.6 %"},
		{gumbel.SemiGumbel, "Gumbel-Softmax", "-109.6", "92.4 %"},
		{gumbel.SemiStraight, "ST Gumbel-Softmax", "-110.7", "93.6 %"},
	} {
		cells := []string{row.name, row.elbo, row.accuracy, "", ""}
		if row.estimator == r.Estimator {
			cells[3], cells[4] = tenths(elbo), tenths(100*accuracy)+" %"
		}
		t.Rows = append(t.Rows, cells)
	}
	t.Notes = []string{
		fmt.Sprintf("This run: step %d, one seed, ELBO in nats and accuracy on %d test digits, binarised once. Its ELBO goes through all classes with one z each.", r.run.Step(), r.Test.Count()),
		"The paper tells neither its layers' sizes, its batches, its steps nor how α is scaled, so these numbers place a run and do not test it.",
	}
	return []lab.Report{t}
}
