package gumbel

import (
	"math"
	"sync"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// Binarisation says what a model sees of grey images.
type Binarisation string

// The binarisations.
const (
	Grey    Binarisation = "grey"    // as they are, as in the authors' notebook
	Fixed   Binarisation = "fixed"   // every pixel drawn once, with its grey as probability; the same for every seed
	Dynamic Binarisation = "dynamic" // drawn anew every time
)

// A Config says how a model is trained on images. While it trains, the settings of the run
// say the rest: "learning-rate", "rate-fall", and the temperature's, see ScheduleOf.
type Config struct {
	Train, Test, Validation *data.Images // Validation may be nil
	Estimator               string       // one of Estimators
	Binarisation            Binarisation
	Batch                   int    // at most as many as Train holds
	Optimiser               string // "adam" (β .9, .999) or "momentum" (.9)
	RateEvery               int    // the rate is multiplied by "rate-fall" every so many steps, at steps 1, 1+RateEvery, …; 0 for never
}

// A training is what the models have in common: a chain, trained on batches of
// images by an estimator.
type training struct {
	Config
	run *train.Run

	pixels           int
	epochs           data.Epochs
	noise, pixel     *random.Stream // of training
	measured, looked *random.Stream // of what is measured, and of what is drawn

	x, tau, rate *graph.Node
	draw         Draw
	train        program.Machine
	bounds       bounds

	// model returns the chain that is meant, for so many images, (rows, pixels).
	model func(x *graph.Node) Chain
}

// fixedSeed is that of the fixed binarisation, which is part of the data.
const fixedSeed = 1

// binarised keeps what fixed made last: the runs of a grid share their data.
var binarised struct {
	sync.Mutex
	of   [3]*uint8 // the first pixels of what it is of
	made [3]*data.Images
}

// fixed returns the images with every pixel drawn black or white once and for all,
// those of train first, then test's and validation's, which may be nil.
func fixed(train, test, validation *data.Images) (a, b, c *data.Images) {
	binarised.Lock()
	defer binarised.Unlock()
	all := [3]*data.Images{train, test, validation}
	var of [3]*uint8
	same := true
	for i, m := range all {
		if m != nil {
			of[i] = &m.Pixels[0]
			same = same && binarised.made[i] != nil && len(binarised.made[i].Pixels) == len(m.Pixels)
		}
	}
	if !same || of != binarised.of {
		once := random.New(fixedSeed, "fixed binarisation")
		binarised.of, binarised.made = of, [3]*data.Images{}
		for i, m := range all {
			if m != nil {
				binarised.made[i] = m.Binarised(once)
			}
		}
	}
	return binarised.made[0], binarised.made[1], binarised.made[2]
}

// newTraining builds, on a run at step 0, a training of the chain that model makes of
// images, (rows, pixels), once block is built, and returns it and the graph. It panics if
// the configuration makes no graph, such as one with a size below 1, or the temperature is
// not positive and finite at every step.
func newTraining(r *train.Run, c Config, block *nn.Block, model func(x *graph.Node) Chain) (*training, *graph.Graph) {
	if err := ScheduleOf(r).Check(); err != nil {
		panic(err)
	}
	t := &training{Config: c, run: r, pixels: c.Train.Rows * c.Train.Cols}
	t.epochs = data.NewEpochs(r.Stream("data", "data"))
	t.noise, t.pixel = r.Stream("gumbel", "gumbel"), r.Stream("binarise", "binarise")
	t.measured, t.looked = r.Apart("measure"), r.Apart("frame")
	e, err := NewEstimator(c.Estimator)
	if err != nil {
		panic(err)
	}
	g := graph.New()
	block.Build(g)
	t.tau, t.rate, t.x = g.Input("tau", 1, 1), g.Input("rate", 1, 1), g.Input("x", c.Batch, t.pixels)
	chain := model(t.x)
	own := nn.NewBlock("estimator")
	e.Declare(own, chain)
	if own.Len() > 0 {
		own.Build(g)
	}
	t.draw = e.Draw(chain, t.tau)
	t.train = t.open(block, own)
	r.Follow(t.tau, func() float64 { return float64(tau32(t.Tau())) })
	r.Follow(t.rate, t.LearningRate)

	t.model = model
	if s, ok := e.(StraightThrough); ok && s.Annealed {
		t.model = func(x *graph.Node) Chain { return model(x).Sloped(t.tau) }
	}
	t.bounds = t.newBounds(g)
	if c.Binarisation == Fixed {
		for _, m := range []*data.Images{c.Train, c.Test, c.Validation} {
			if m != nil {
				r.Needs(len(m.Pixels))
			}
		}
	}
	return t, g
}

// open returns the machine of a step, which changes block and what the estimator has of
// its own.
func (t *training) open(block, own *nn.Block) program.Machine {
	r, init := t.run, t.run.Apart("init")
	var all []graph.Update
	for _, b := range []*nn.Block{block, own} {
		if b.Len() > 0 {
			updates := t.minimise(b)
			r.Learns("", updates, b, t.draw.Loss)
			r.Begins(b, init)
			all = append(all, updates...)
		}
	}
	for _, u := range t.draw.Updates {
		r.Remembers(u.X.Name, u.X)
	}
	return r.Open(program.Compile(append(all, t.draw.Updates...), t.draw.Loss, t.draw.Value, t.draw.Cost, t.draw.KL))
}

// Begin makes the fixed binarisation, see train.Beginner.
func (t *training) Begin() {
	if t.Binarisation == Fixed {
		t.Train, t.Test, t.Validation = fixed(t.Train, t.Test, t.Validation)
	}
}

// minimise returns the updates that go down the draw's loss.
func (t *training) minimise(b *nn.Block) []graph.Update {
	if t.Optimiser == "momentum" {
		return nn.Momentum{Rate: t.rate, Momentum: .9}.Minimize(t.draw.Loss, b)
	}
	return nn.Adam{Rate: t.rate, Beta1: .9, Beta2: .999}.Minimize(t.draw.Loss, b)
}

// Tau returns the temperature of the next step, and of what is drawn.
func (t *training) Tau() float64 { return ScheduleOf(t.run).At(t.run.Step()) }

// LearningRate returns the present learning rate. The notebook multiplies its rate at
// steps 1, 1001, … counted from 0, so from the second step on it is already smaller.
func (t *training) LearningRate() float64 {
	rate := t.run.Float("learning-rate")
	if t.RateEvery == 0 {
		return rate
	}
	return rate * math.Pow(t.run.Float("rate-fall"), float64((t.run.Step()+t.RateEvery-1)/t.RateEvery))
}

// Iterate trains on the next batch. It returns the name of the first number that
// is no longer finite, or "".
func (t *training) Iterate() string {
	t.load(t.x, t.Train, t.epochs.Batch(t.run.Step(), t.Train.Count(), t.Batch), t.pixel)
	for _, u := range t.draw.Noise {
		t.run.Memory.Uniform(u, t.noise)
	}
	if bad := t.run.Once(t.train); bad != "" {
		return bad
	}
	for _, n := range []*graph.Node{t.draw.Value, t.draw.Loss} {
		if run, l := t.train.Last(n); run > 0 && (math.IsNaN(l) || math.IsInf(l, 0)) {
			return "loss"
		}
	}
	t.run.Finish()
	return ""
}

// load sets an input to the images of the given indices as the model sees them.
func (t *training) load(x *graph.Node, images *data.Images, index []int, r *random.Stream) {
	program.Feed(t.run.Memory, x, func(dst []float32) { t.see(dst, images, index, r) })
}

// see writes the images of the given indices into dst as the model sees them.
func (t *training) see(dst []float32, images *data.Images, index []int, r *random.Stream) {
	images.Fill(dst, index)
	if t.Binarisation == Dynamic {
		data.Binarise(dst, r)
	}
}

// Losses returns the objective of the last batch, as the estimator drew it, and its
// two parts, in nats an image: for a VAE -ELBO, -log p(x|z) and KL.
func (t *training) Losses() (loss, cost, kl float64) {
	return t.train.Scalar(t.draw.Value), t.train.Scalar(t.draw.Cost), t.train.Scalar(t.draw.KL)
}
