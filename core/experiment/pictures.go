package experiment

import (
	"fmt"
	"math"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/nn"
	"ganbel/core/random"
	"ganbel/core/score"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// What the experiments that generate images have in common.

// gameDecayTo is decayTo of games, which always fell to 0.
var gameDecayTo = func() lab.Setting {
	s := decayTo
	s.Format1 = "0"
	return s
}()

// gameSettings are of a wgan.Game: how it is played, and how it is measured.
func gameSettings(beta1, rate, batch, nCritic string) []lab.Setting {
	return []lab.Setting{
		{Name: "objective", Title: "Objective", Kind: lab.Choice, Default: "wasserstein", Choices: []string{"wasserstein", "gan", "least-squares"}, Group: "critic", Resets: true,
			Doc: "What the two play for: the Wasserstein distance, telling real from fake as DCGAN does, or LSGAN's squares."},
		{Name: "rule", Title: "Critic's rule", Kind: lab.Choice, Default: "penalty", Choices: []string{"penalty", "one-sided", "clip", "none"}, Group: "critic", Resets: true,
			Doc: "What keeps the critic Lipschitz: the gradient penalty, one only of slopes above 1, clipped weights, or nothing."},
		{Name: "lambda", Title: "Penalty λ", Kind: lab.Float, Default: "10", Min: .001, Max: 1000, Log: true, Group: "critic", Doc: "Weight of the gradient penalty."},
		{Name: "clip", Title: "Clip c", Kind: lab.Float, Default: "0.01", Min: .0001, Max: 10, Log: true, Group: "critic",
			Doc: "With the rule clip, every weight of the critic stays within [-c, c]."},
		{Name: "n-critic", Title: "Critic steps", Kind: lab.Int, Default: nCritic, Min: 1, Max: 100, Group: "critic", Doc: "Critic steps in each iteration, before the generator's one."},
		{Name: "optimiser", Title: "Optimiser", Kind: lab.Choice, Default: "adam", Choices: []string{"adam", "rmsprop"}, Group: "optimiser", Resets: true,
			Doc: "Adam, or RMSProp as clipped WGANs use it."},
		{Name: "beta1", Title: "β₁", Kind: lab.Float, Default: beta1, Max: .999, Group: "optimiser", Resets: true, Doc: "Adam's decay of the mean gradient."},
		{Name: "beta2", Title: "β₂", Kind: lab.Float, Default: "0.9", Max: .9999, Group: "optimiser", Resets: true, Doc: "Adam's decay of the mean square."},
		{Name: "learning-rate", Title: "Learning rate", Kind: lab.Float, Default: rate, Min: 1e-7, Max: 1, Log: true, Group: "optimiser", Doc: "Step size of both networks."},
		{Name: "decay", Title: "Decay", Kind: lab.Int, Default: "0", Max: 10_000_000, Unit: "steps", Group: "optimiser",
			Doc: "Iterations over which the learning rate falls linearly; 0 keeps it."},
		gameDecayTo,
		{Name: "batch", Title: "Batch", Kind: lab.Int, Default: batch, Min: 2, Max: 4096, Unit: "examples", Group: "optimiser", Resets: true, Doc: "Examples in each step."},
		{Name: "examples", Title: "Examples", Kind: lab.Int, Default: "0", Max: 100_000_000, Group: "data", Resets: true, Doc: "Train on so many random ones of the training examples; 0 for all."},
		{Name: "held-out", Title: "Held-out batches", Kind: lab.Int, Default: "4", Min: 1, Max: 1000, Group: "data", Measures: true, Doc: "Batches over which the critic's losses on training and validation examples are averaged."},
		seedSetting,
	}
}

// scoredSettings are of a game that a classifier scores, too.
func scoredSettings(beta1, rate, batch, nCritic string) []lab.Setting {
	return append(gameSettings(beta1, rate, batch, nCritic), lab.Setting{Name: "score-images", Title: "Scored images", Kind: lab.Int, Default: "0", Max: 50_000, Group: "data", Measures: true,
		Doc: "Generated images that a classifier scores at every measurement, in hundreds; 0 for none."})
}

// imageSettings are of networks of some width, too.
func imageSettings(width, beta1, rate, batch, nCritic string) []lab.Setting {
	return append(scoredSettings(beta1, rate, batch, nCritic),
		lab.Setting{Name: "width", Title: "Width", Kind: lab.Int, Default: width, Min: 4, Max: 512, Unit: "channels", Group: "model", Resets: true, Doc: "The base number of channels, DIM in the authors' code."})
}

// The settings of the paper's methods (appendix E) that differ from WGAN-GP's.
var (
	clipMethod  = lab.Values{"rule": "clip", "optimiser": "rmsprop", "learning-rate": "0.00005"}
	dcganMethod = lab.Values{"objective": "gan", "rule": "none", "n-critic": "1", "learning-rate": "0.0002", "beta1": "0.5", "beta2": "0.999"}
	lsganMethod = lab.Values{"objective": "least-squares", "rule": "none", "n-critic": "1", "optimiser": "rmsprop", "learning-rate": "0.0001"}
)

// imageMetrics are of games that make images.
var imageMetrics = append(gameMetrics[:len(gameMetrics):len(gameMetrics)], lab.Metric{Name: "score", Title: "Classifier's score", Chart: "score",
	Doc: "e to the mean of KL[p(y|x) ‖ p(y)] of generated images by a classifier: the Inception Score where that is Inception v3 of 2015."},
	lab.Metric{Name: "real-score", Title: "Score of real images", Chart: "score", Doc: "The same of as many training images: what the best generator would reach."})

// gameMetrics are of every game.
var gameMetrics = []lab.Metric{
	{Name: "critic-loss", Title: "Critic loss", Chart: "critic", Doc: "What the critic minimises, penalty and all, on training examples."},
	{Name: "validation-loss", Title: "Validation critic loss", Chart: "critic", Doc: "The same on examples that it is not trained on: figure 5 plots both, with the sign changed."},
	{Name: "estimate", Title: "Critic's estimate", Chart: "distance", Doc: "mean D(real) - mean D(fake) on training examples."},
	{Name: "validation-estimate", Title: "Validation estimate", Chart: "distance", Doc: "The same on validation examples."},
	{Name: "generator-loss", Title: "Generator loss", Chart: "generator", Doc: "Of the last step; the offset of a Wasserstein one means nothing."},
	{Name: "penalty", Title: "Penalty", Chart: "penalty", Doc: "The gradient penalty of the last critic step."},
	{Name: "slope-mean", Title: "Mean ‖∇D‖", Chart: "slope", Doc: "Gradient norm at the interpolates of the last critic step; the penalty pulls it to 1."},
}

// A game is what the models of all games have in common.
type game struct {
	*wgan.Game
	run   *train.Run
	score func() (made, real float64) // by a classifier, NaN if there is none; nil if there are no images
}

// method returns how the two of a run play.
func method(r *train.Run) wgan.Method {
	return wgan.Method{Objective: wgan.Objective(r.Text("objective")), Rule: wgan.Rule(r.Text("rule"))}
}

// gameConfig makes a wgan.Config of a run's settings.
func gameConfig(r *train.Run, real, validation wgan.Examples) (wgan.Config, error) {
	c := wgan.Config{Real: real, Validation: validation, Latent: wgan.Latent, Method: method(r),
		Batch: r.Int("batch"), GeneratorBatch: r.Int("batch"), Groups: 1, Optimiser: r.Text("optimiser"), Beta1: r.Float("beta1"), Beta2: r.Float("beta2")}
	if n := real.Count(); c.Batch > n {
		return c, fmt.Errorf("batch is %d: it must be at most the %d training examples", c.Batch, n)
	}
	return c, nil
}

// Measure returns the experiment's metrics, which are some of a game's.
func (g *game) Measure() []float64 {
	v := map[string]float64{"slope-mean": math.NaN(), "generator-loss": g.GeneratorLoss(), "penalty": math.NaN()}
	if g.Penalised() && g.Stepped() {
		v["slope-mean"], v["penalty"] = measure.Mean(g.Slopes()), g.Penalty()
	}
	v["critic-loss"], v["validation-loss"], v["estimate"], v["validation-estimate"] = g.CriticLosses(g.run.Int("held-out"))
	v["accuracy-real"], v["accuracy-fake"] = g.Accuracies()
	if g.score != nil {
		v["score"], v["real-score"] = g.score()
	}
	v["accuracy-real"] *= 100
	v["accuracy-fake"] *= 100
	var all []float64
	for _, m := range g.run.Experiment.Metrics {
		all = append(all, v[m.Name])
	}
	return all
}

// pictures is a run that generates images.
type pictures struct {
	game
	real, validation wgan.Pictures
	classifier       score.Classifier // nil where images are not scored
}

// openPictures returns a model of images, which networks see as as says. alter, which may be
// nil, changes what settings do not say.
func openPictures(r *train.Run, w World, train, validation data.Source, as wgan.Pictures, declare func(d, g *nn.Block) wgan.Networks, alter func(*wgan.Config)) (*pictures, error) {
	p := &pictures{real: as, validation: as, classifier: w.Classifier}
	p.real.Source, p.validation.Source = train, validation
	if n := r.Int("examples"); n > train.Count() {
		return nil, fmt.Errorf("examples is %d: it must be at most the %d there are", n, train.Count())
	} else if n > 0 {
		p.real.Source = &data.Subset{Source: train, Index: r.Apart("examples").Perm(train.Count())[:n]}
	}
	var held wgan.Examples
	if validation != nil {
		held = p.validation
	}
	c, err := gameConfig(r, p.real, held)
	if err != nil {
		return nil, err
	}
	if alter != nil {
		alter(&c)
	}
	if p.classifier != nil {
		if err := p.classifier.Takes(train.Shape()); err != nil {
			return nil, fmt.Errorf("the images cannot be scored: %w", err)
		}
	}
	p.run, p.Game = r, wgan.NewGame(r, c, declare)
	r.Identify(func() data.Identity { return data.IdentifyImages("images", train, validation) })
	real, of := math.NaN(), 0 // the score of as many real images
	p.score = func() (float64, float64) {
		m := p.Generate(p.run.Int("score-images"))
		if m == nil {
			return math.NaN(), math.NaN()
		}
		if of != m.Count() {
			of = m.Count()
			real, _ = score.Of(p.classifier, p.Truth(of), 1)
		}
		made, _ := score.Of(p.classifier, m, 1)
		return made, real
	}
	return p, nil
}

// Generate returns n images to be scored, see Imaging. They are not those that are
// drawn.
func (p *pictures) Generate(n int) *data.Images {
	if n = n / wgan.SampleBatch * wgan.SampleBatch; n == 0 || p.classifier == nil {
		return nil
	}
	rows, cols, channels := p.real.Shape()
	all := &data.Images{Rows: rows, Cols: cols, Channels: channels}
	p.Samples(1, n, func(batch []float32) {
		at := len(all.Pixels)
		all.Pixels = append(all.Pixels, make([]uint8, len(batch))...)
		if p.real.Unit {
			for i, x := range batch {
				batch[i] = 2*x - 1
			}
		}
		score.Pixels(all.Pixels[at:], batch)
	})
	return all
}

// Truth returns the first n training images as pixels, see Imaging.
func (p *pictures) Truth(n int) *data.Images {
	return data.Take(p.real.Source, first(min(n, p.real.Count())))
}

// first returns the numbers from 0 to n-1.
func first(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// Warning returns what is wrong with scoring these images by the run's classifier, ""
// if nothing is.
func (p *pictures) Warning() string {
	if p.classifier == nil {
		return ""
	}
	return score.Warning(p.classifier, p.run.Identity())
}

// Reports returns the critic's losses, and where images are scored the score of
// generated ones next to that of real ones.
func (p *pictures) Reports() []lab.Report {
	train, validation, estimate, held := p.CriticLosses(p.run.Int("held-out"))
	title := p.run.Experiment.On(p.run.Identity()).Title
	losses := lab.Report{Title: title + ": the critic at step " + strconv.Itoa(p.run.Step()), Head: []string{"", "negative loss", "estimate of W₁"},
		Rows:  [][]string{{"training examples", lab.Thousandths(-train), lab.Thousandths(estimate)}, {"validation examples", lab.Thousandths(-validation), lab.Thousandths(held)}},
		Notes: p.run.PaperNotes()}
	n := p.run.Int("score-images")
	m := p.Generate(n)
	if m == nil {
		return []lab.Report{losses}
	}
	splits := 10
	if m.Count() < 1000 {
		splits = 1
	}
	line := func(what string, m *data.Images) []string {
		mean, std := score.Of(p.classifier, m, splits)
		return []string{what, strconv.Itoa(m.Count()), lab.Known("%.2f", mean), lab.Known("%.2f", std)}
	}
	name := score.ScoreName(p.classifier)
	scores := lab.Report{Title: name + " of " + p.run.Identity().Name + " at step " + strconv.Itoa(p.run.Step()), Head: []string{"", "images", name, "± over 10 splits"},
		Rows:  [][]string{line("generated", m), line("real", p.Truth(m.Count()))},
		Notes: []string{"A score rises with the number of images in a split, so that it says something only beside the real images' own."}}
	if w := p.Warning(); w != "" {
		scores.Notes = append(scores.Notes, w)
	}
	if p.run.Experiment.Paper != nil && p.run.Papers() {
		return append([]lab.Report{losses, scores}, *p.run.Experiment.Paper)
	}
	return []lab.Report{losses, scores}
}

// images returns examples as images in [0, 1].
func (p *pictures) images(examples []float32) data.Tensor {
	rows, cols, channels := p.real.Shape()
	t := tensor(examples, len(examples)/p.real.Size(), rows, cols, channels)
	if !p.real.Unit {
		for i, x := range t.Data {
			t.Data[i] = max(0, min((x+1)/2, 1))
		}
	}
	return t
}

// shownReal is how many real images are drawn next to the generated ones.
const shownReal = 20

func (p *pictures) Frame() map[string]data.Tensor {
	f := map[string]data.Tensor{}
	p.Samples(0, wgan.SampleBatch, func(batch []float32) { f["samples"] = p.images(batch) })
	index := first(min(shownReal, p.real.Count()))
	plain := p.real
	plain.Mirrored = false
	real := make([]float32, len(index)*p.real.Size())
	plain.Fill(real, index, random.New(0, "frame"))
	f["real"] = p.images(real)
	if k := p.Classes(); k > 0 {
		f["classes"] = numbers(float64(k))
	}
	if p.Penalised() && p.Stepped() {
		f["slopes"] = tensor(p.Slopes(), len(p.Slopes()))
	}
	return f
}
