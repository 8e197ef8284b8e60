package lab

import (
	"fmt"
	"maps"
	"math"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/nn"
	"ganbel/core/random"
	"ganbel/core/score"
	"ganbel/core/wgan"
)

// What the experiments that generate images have in common.

// gameSettings are of a wgan.Game: how it is played, and how it is measured.
func gameSettings(beta1, rate, batch, nCritic string) []Setting {
	return []Setting{
		{Name: "objective", Title: "Objective", Kind: Choice, Default: "wasserstein", Choices: []string{"wasserstein", "gan", "least-squares"}, Group: "critic", Resets: true,
			Doc: "What the two play for: the Wasserstein distance, telling real from fake as DCGAN does, or LSGAN's squares."},
		{Name: "rule", Title: "Critic's rule", Kind: Choice, Default: "penalty", Choices: []string{"penalty", "one-sided", "clip", "none"}, Group: "critic", Resets: true,
			Doc: "What keeps the critic Lipschitz: the gradient penalty, one only of slopes above 1, clipped weights, or nothing."},
		{Name: "lambda", Title: "Penalty λ", Kind: Float, Default: "10", Min: .001, Max: 1000, Log: true, Group: "critic", Doc: "Weight of the gradient penalty."},
		{Name: "clip", Title: "Clip c", Kind: Float, Default: "0.01", Min: .0001, Max: 10, Log: true, Group: "critic",
			Doc: "With the rule clip, every weight of the critic stays within [-c, c]."},
		{Name: "n-critic", Title: "Critic steps", Kind: Int, Default: nCritic, Min: 1, Max: 100, Group: "critic", Doc: "Critic steps in each iteration, before the generator's one."},
		{Name: "optimiser", Title: "Optimiser", Kind: Choice, Default: "adam", Choices: []string{"adam", "rmsprop"}, Group: "optimiser", Resets: true,
			Doc: "Adam, or RMSProp as clipped WGANs use it."},
		{Name: "beta1", Title: "β₁", Kind: Float, Default: beta1, Max: .999, Group: "optimiser", Resets: true, Doc: "Adam's decay of the mean gradient."},
		{Name: "beta2", Title: "β₂", Kind: Float, Default: "0.9", Max: .9999, Group: "optimiser", Resets: true, Doc: "Adam's decay of the mean square."},
		{Name: "learning-rate", Title: "Learning rate", Kind: Float, Default: rate, Min: 1e-7, Max: 1, Log: true, Group: "optimiser", Doc: "Step size of both networks."},
		{Name: "decay", Title: "Decay", Kind: Int, Default: "0", Max: 10_000_000, Unit: "steps", Group: "optimiser",
			Doc: "Iterations over which the learning rate falls linearly to 0; 0 keeps it."},
		{Name: "batch", Title: "Batch", Kind: Int, Default: batch, Min: 2, Max: 4096, Unit: "examples", Group: "optimiser", Resets: true, Doc: "Examples in each step."},
		{Name: "examples", Title: "Examples", Kind: Int, Default: "0", Max: 100_000_000, Group: "data", Resets: true, Doc: "Train on so many random ones of the training examples; 0 for all."},
		{Name: "held-out", Title: "Held-out batches", Kind: Int, Default: "4", Min: 1, Max: 1000, Group: "data", Measures: true, Doc: "Batches over which the critic's losses on training and validation examples are averaged."},
		seedSetting,
	}
}

// scoredSettings are of a game that a classifier scores, too.
func scoredSettings(beta1, rate, batch, nCritic string) []Setting {
	return append(gameSettings(beta1, rate, batch, nCritic), Setting{Name: "score-images", Title: "Scored images", Kind: Int, Default: "0", Max: 50_000, Group: "data", Measures: true,
		Doc: "Generated images that a classifier scores at every measurement, in hundreds; 0 for none."})
}

// imageSettings are of networks of some width, too.
func imageSettings(width, beta1, rate, batch, nCritic string) []Setting {
	return append(scoredSettings(beta1, rate, batch, nCritic),
		Setting{Name: "width", Title: "Width", Kind: Int, Default: width, Min: 4, Max: 512, Unit: "channels", Group: "model", Resets: true, Doc: "The base number of channels, DIM in the authors' code."})
}

// The settings of the paper's methods (appendix E) that differ from WGAN-GP's.
var (
	clipMethod  = Values{"rule": "clip", "optimiser": "rmsprop", "learning-rate": "0.00005"}
	dcganMethod = Values{"objective": "gan", "rule": "none", "n-critic": "1", "learning-rate": "0.0002", "beta1": "0.5", "beta2": "0.999"}
	lsganMethod = Values{"objective": "least-squares", "rule": "none", "n-critic": "1", "optimiser": "rmsprop", "learning-rate": "0.0001"}
)

// imageMetrics are of games that make images.
var imageMetrics = append(gameMetrics[:len(gameMetrics):len(gameMetrics)], Metric{Name: "score", Title: "Classifier's score", Chart: "score",
	Doc: "e to the mean of KL[p(y|x) ‖ p(y)] of generated images by a classifier: the Inception Score where that is Inception v3 of 2015."},
	Metric{Name: "real-score", Title: "Score of real images", Chart: "score", Doc: "The same of as many training images: what the best generator would reach."})

// gameMetrics are of every game.
var gameMetrics = []Metric{
	{Name: "critic-loss", Title: "Critic loss", Chart: "critic", Doc: "What the critic minimises, penalty and all, on training examples."},
	{Name: "validation-loss", Title: "Validation critic loss", Chart: "critic", Doc: "The same on examples that it is not trained on: figure 5 plots both, with the sign changed."},
	{Name: "estimate", Title: "Critic's estimate", Chart: "distance", Doc: "mean D(real) - mean D(fake) on training examples."},
	{Name: "validation-estimate", Title: "Validation estimate", Chart: "distance", Doc: "The same on validation examples."},
	{Name: "generator-loss", Title: "Generator loss", Chart: "generator", Doc: "Of the last step; the offset of a Wasserstein one means nothing."},
	{Name: "penalty", Title: "Penalty", Chart: "penalty", Doc: "The gradient penalty of the last critic step."},
	{Name: "slope-mean", Title: "Mean ‖∇D‖", Chart: "slope", Doc: "Gradient norm at the interpolates of the last critic step; the penalty pulls it to 1."},
}

// A game is what the runs of all games have in common.
type game struct {
	run
	*wgan.Game
	score func() (made, real float64) // by a classifier, NaN where there is none; nil where there are no images
}

// method returns how the two play.
func (v Values) method() wgan.Method {
	return wgan.Method{Objective: wgan.Objective(v["objective"]), Rule: wgan.Rule(v["rule"])}
}

// gameConfig makes a wgan.GameConfig of settings.
func (v Values) gameConfig(w World, real, validation wgan.Examples) (wgan.GameConfig, error) {
	c := wgan.GameConfig{Real: real, Validation: validation, Latent: wgan.Latent,
		Method: v.method(),
		Batch:  v.Int("batch"), GeneratorBatch: v.Int("batch"), Groups: 1, Optimiser: v["optimiser"],
		Beta1: v.Float("beta1"), Beta2: v.Float("beta2"), Seed: uint64(v.Int("seed")), Device: w.device(), Admit: w.admit}
	if n := real.Count(); c.Batch > n {
		return c, fmt.Errorf("batch is %d: it must be at most the %d training examples", c.Batch, n)
	}
	return c, nil
}

// open makes g a run of e, whose game is m.
func (g *game) open(e *Experiment, v Values, m *wgan.Game) {
	g.Game = m
	g.run = run{experiment: e, values: maps.Clone(v), iteration: &m.Iteration, train: m.Iterate, trace: m.Trace, state: m.State, apply: func() {
		v := g.values
		m.NCritic, m.Lambda, m.Bound = v.Int("n-critic"), v.Float("lambda"), v.Float("clip")
		m.Rate, m.Decay = v.Float("learning-rate"), v.Int("decay")
	}}
	g.apply()
	g.begin()
}

// Train makes n more iterations, see Run. Where the data fails it returns that error.
func (g *game) Train(n int) error {
	for range n {
		if err := g.run.Train(1); err != nil {
			return err
		}
		if err := g.Real.Err(); err != nil {
			return err
		}
	}
	return nil
}

// Measure returns the experiment's metrics, which are some of a game's.
func (g *game) Measure() []float64 {
	v := map[string]float64{"slope-mean": g.SlopeMean()}
	v["critic-loss"], v["validation-loss"], v["estimate"], v["validation-estimate"] = g.CriticLosses(g.values.Int("held-out"))
	_, v["generator-loss"], v["penalty"] = g.Losses()
	v["accuracy-real"], v["accuracy-fake"] = g.Accuracies()
	if g.score != nil {
		v["score"], v["real-score"] = g.score()
	}
	v["accuracy-real"] *= 100
	v["accuracy-fake"] *= 100
	var all []float64
	for _, m := range g.experiment.Metrics {
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

// newPictures returns a run of e on images, which as tells how networks see them. alter, which may be
// nil, changes what settings do not tell.
func newPictures(e *Experiment, v Values, w World, train, validation data.Source, as wgan.Pictures, declare func(d, g *nn.Block) wgan.Networks, alter func(*wgan.GameConfig)) (Run, error) {
	p := &pictures{real: as, validation: as, classifier: w.Classifier}
	p.real.Source, p.validation.Source = train, validation
	if n := v.Int("examples"); n > train.Count() {
		return nil, fmt.Errorf("examples is %d: it must be at most the %d there are", n, train.Count())
	} else if n > 0 {
		p.real.Source = &data.Subset{Source: train, Index: random.New(uint64(v.Int("seed")), "examples").Perm(train.Count())[:n]}
	}
	var held wgan.Examples
	if validation != nil {
		held = p.validation
	}
	c, err := v.gameConfig(w, p.real, held)
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
	p.open(e, v, wgan.NewGame(c, declare))
	p.data = func() data.Identity { return data.IdentifyImages("images", train, validation) }
	real, of := math.NaN(), 0 // the score of so many real images
	p.score = func() (float64, float64) {
		m := p.Generate(p.values.Int("score-images"))
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
	return score.Warning(p.classifier, p.Identity())
}

// Reports returns the critic's losses, and where images are scored the score of
// generated ones beside that of real ones.
func (p *pictures) Reports() []Report {
	train, validation, estimate, held := p.CriticLosses(p.values.Int("held-out"))
	title := p.experiment.On(p.Identity()).Title
	losses := Report{Title: title + ": the critic at step " + strconv.Itoa(p.Iteration), Head: []string{"", "negative loss", "estimate of W₁"},
		Rows:  [][]string{{"training examples", thousandths(-train), thousandths(estimate)}, {"validation examples", thousandths(-validation), thousandths(held)}},
		Notes: p.beside()}
	n := p.values.Int("score-images")
	m := p.Generate(n)
	if m == nil {
		return []Report{losses}
	}
	splits := 10
	if m.Count() < 1000 {
		splits = 1
	}
	line := func(what string, m *data.Images) []string {
		mean, std := score.Of(p.classifier, m, splits)
		return []string{what, strconv.Itoa(m.Count()), known("%.2f", mean), known("%.2f", std)}
	}
	name := score.ScoreName(p.classifier)
	scores := Report{Title: name + " of " + p.Identity().Name + " at step " + strconv.Itoa(p.Iteration), Head: []string{"", "images", name, "± over 10 splits"},
		Rows:  [][]string{line("generated", m), line("real", p.Truth(m.Count()))},
		Notes: []string{"A score rises with the number of images in a split, so that it says something only beside the real images' own."}}
	if w := p.Warning(); w != "" {
		scores.Notes = append(scores.Notes, w)
	}
	if p.experiment.paper != nil && p.papers() {
		return append([]Report{losses, scores}, *p.experiment.paper)
	}
	return []Report{losses, scores}
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

// shownReal is how many real images are drawn beside the generated ones.
const shownReal = 20

func (p *pictures) Frame() Frame {
	f := p.frame(map[string]data.Tensor{})
	p.Samples(0, wgan.SampleBatch, func(batch []float32) { f.Tensors["samples"] = p.images(batch) })
	index := first(min(shownReal, p.real.Count()))
	plain := p.real
	plain.Mirrored = false
	real := make([]float32, len(index)*p.real.Size())
	plain.Fill(real, index, random.New(0, "frame"))
	f.Tensors["real"] = p.images(real)
	if k := p.Classes(); k > 0 {
		f.Tensors["classes"] = numbers(float64(k))
	}
	if p.Penalised() && p.Iteration > 0 {
		f.Tensors["slopes"] = tensor(p.Slopes(), len(p.Slopes()))
	}
	return f
}
