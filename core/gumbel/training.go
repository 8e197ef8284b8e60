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

// A Config says how a model is trained on images.
type Config struct {
	Train, Test, Validation *data.Images // Validation may be nil
	Estimator               string       // one of Estimators
	Temperature             Schedule
	Binarisation            Binarisation
	Batch                   int     // at most as many as Train holds
	Optimiser               string  // "adam" (β .9, .999) or "momentum" (.9)
	Rate                    float64 // learning rate
	RateFall                float64 // the rate is multiplied by this every RateEvery steps, at steps 1, 1+RateEvery, …
	RateEvery               int     // 0 for never
	Seed                    uint64
	Device                  program.Device
	Admit                   train.Admission // of the model's memory; nil admits all
}

// A training is what the models have in common: a chain, trained on batches of
// images by an estimator. Its exported numbers may be turned while it trains.
type training struct {
	Config
	train.Runner

	pixels int
	epochs data.Epochs
	blocks []*nn.Block // of all parameters

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

// newTraining returns a training of the chain that model makes of images, (rows,
// pixels), once block is built, and the graph. It has no memory until begin. It panics
// if the configuration makes no graph, such as one with a size below 1.
func newTraining(c Config, block *nn.Block, model func(x *graph.Node) Chain) (*training, *graph.Graph) {
	if err := c.Temperature.Check(); err != nil {
		panic(err)
	}
	t := &training{Config: c, pixels: c.Train.Rows * c.Train.Cols}
	t.Runner = train.New(c.Seed, c.Device, []string{"data", "gumbel", "binarise"}, "init", "measure", "frame")
	t.epochs = data.NewEpochs(t.Streams["data"])
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
	updates := t.minimise(block)
	if own.Len() > 0 {
		updates = append(updates, t.minimise(own)...)
	}
	updates = append(updates, t.draw.Updates...)
	t.Learns(updates, block, t.draw.Loss)
	t.train = t.Open(program.Compile(updates, t.draw.Loss, t.draw.Value, t.draw.Cost, t.draw.KL))

	t.model = model
	if s, ok := e.(StraightThrough); ok && s.Annealed {
		t.model = func(x *graph.Node) Chain { return model(x).Sloped(t.tau) }
	}
	t.bounds = t.newBounds(g)
	t.blocks = []*nn.Block{block}
	if own.Len() > 0 {
		t.blocks = append(t.blocks, own)
	}
	return t, g
}

// begin is the end of a model's constructor, once it has opened all its machines. It
// asks for their memory, and puts the training at step 0.
func (t *training) begin() {
	p := t.Plan()
	if t.Binarisation == Fixed {
		for _, m := range []*data.Images{t.Train, t.Test, t.Validation} {
			if m != nil {
				p.Bytes += len(m.Pixels)
			}
		}
	}
	t.Admit.Ask(p)
	if t.Binarisation == Fixed {
		t.Train, t.Test, t.Validation = fixed(t.Train, t.Test, t.Validation)
	}
	for _, b := range t.blocks {
		program.Feed(t.Memory, b.Node, func(dst []float32) { b.Init(dst, t.Streams["init"]) })
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
func (t *training) Tau() float64 { return t.Temperature.At(t.Iteration) }

// LearningRate returns the present learning rate. The notebook multiplies its rate at
// steps 1, 1001, … counted from 0, so from the second step on it is already smaller.
func (t *training) LearningRate() float64 {
	if t.RateEvery == 0 {
		return t.Rate
	}
	return t.Rate * math.Pow(t.RateFall, float64((t.Iteration+t.RateEvery-1)/t.RateEvery))
}

// Iterate trains on the next batch. It returns the name of the first number that
// is no longer finite, or "".
func (t *training) Iterate() string {
	t.heat()
	t.Set(t.rate, t.LearningRate())
	t.load(t.x, t.Train, t.epochs.Batch(t.Iteration, t.Train.Count(), t.Batch), t.Streams["binarise"])
	for _, u := range t.draw.Noise {
		t.Memory.Uniform(u, t.Streams["gumbel"])
	}
	if bad := t.Once(t.train); bad != "" {
		return bad
	}
	for _, n := range []*graph.Node{t.draw.Value, t.draw.Loss} {
		if run, l := t.train.Last(n); run > 0 && (math.IsNaN(l) || math.IsInf(l, 0)) {
			return "loss"
		}
	}
	t.Iteration++
	return ""
}

// heat sets the temperature of the graph to the present one.
func (t *training) heat() { t.Set(t.tau, float64(tau32(t.Tau()))) }

// load sets an input to the images of the given indices as the model sees them.
func (t *training) load(x *graph.Node, images *data.Images, index []int, r *random.Stream) {
	program.Feed(t.Memory, x, func(dst []float32) { t.see(dst, images, index, r) })
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
