package wgan

import (
	"math"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// ToyConfig says which experiment of section 3.1 and figure 1(a) to run.
type ToyConfig struct {
	Data  data.Distribution
	Fixed bool // the generator is not trained: fake = real + N(0, 1)
	Method
	Width      int    // of hidden layers, 512 in the paper's code
	Depth      int    // number of hidden layers, 3 there
	Activation string // see nn.Act
	Batch      int
	NCritic    int     // critic steps an iteration
	Lambda     float64 // λ of the penalty
	Bound      float64 // c of clipping
	Optimiser  string  // "adam" (β .5, .9) or "rmsprop"
	Rate       float64 // learning rate
	Decay      int     // iterations in which the rate falls linearly to its hundredth; 0 for never
	View       float64 // what is drawn is [-View, View]²
	Field      int     // points a side of the drawn field
	Seed       uint64
	Device     program.Device
	Admit      train.Admission // of the run's memory; nil admits all
}

// Sizes of what is drawn and measured.
const (
	latent  = 2   // dimensions of z
	shown   = 512 // samples drawn and measured
	lattice = 17  // points a side of the warp grid
	drawn   = 64  // of the last batch that are drawn, at most
)

// A Toy trains a critic, and a generator unless it is fixed, on points of the
// plane. Its exported numbers may be turned while it trains.
//
// An iteration is NCritic critic steps and then a generator step, which ends it; of
// a fixed generator the last critic step does. Steps may be made one at a time:
// Iterate goes on with the iteration that they began.
type Toy struct {
	ToyConfig
	train.Runner

	graph           *graph.Graph
	critics         []float32 // (1), critic steps made of the unfinished iteration
	critic          nn.MLP
	blockD, blockG  *nn.Block
	stepped, taught bool // there was a critic step, a generator step, since the state was last replaced

	lambda, bound, rate          *graph.Node
	real, fakeIn, z, eps         *graph.Node // inputs of a critic step
	fake                         *graph.Node // G(z), or fakeIn
	loss                         CriticLoss
	generatorZ, generatorLoss    *graph.Node
	gridIn, gridD, gridSlope     *graph.Node
	shownReal, shownZ, shownFake *graph.Node
	shownD                       [2]*graph.Node
	descent                      *graph.Node
	latticeZ, warp               *graph.Node
	probeIn, probeD, probeSlope  *graph.Node
	layerIn                      [3]*graph.Node  // real, fake and eps
	layerGrads                   [][]*graph.Node // of every layer

	criticStep, generatorStep, view, measure, probe, layers program.Machine
}

// NewToy returns a run at iteration 0. It panics if the configuration makes no
// graph: a size below 1, an unknown activation.
func NewToy(c ToyConfig) *Toy {
	t := planToy(c)
	c.Admit.Ask(t.Plan())
	t.begin()
	return t
}

// planToy returns a run that has its graph and its programs, but no memory yet.
func planToy(c ToyConfig) *Toy {
	t := &Toy{ToyConfig: c, graph: graph.New(), critics: make([]float32, 1),
		Runner: train.New(c.Seed, c.Device, []string{"data", "noise", "interpolation"}, "init", "measure", "frame")}
	g := t.graph
	sizes := []int{2}
	for range c.Depth {
		sizes = append(sizes, c.Width)
	}
	blockD, blockG := nn.NewBlock("critic"), nn.NewBlock("generator")
	critic := nn.NewMLP(blockD, "critic", nn.Act(c.Activation), nn.ToyInit, append(sizes, 1)...)
	blockD.Build(g)
	gen := nn.NewMLP(blockG, "generator", nn.Act(c.Activation), nn.ToyInit, append(sizes, 2)...)
	blockG.Build(g)
	t.critic, t.blockD, t.blockG = critic, blockD, blockG

	t.lambda, t.bound, t.rate = g.Input("lambda", 1, 1), g.Input("clip", 1, 1), g.Input("rate", 1, 1)

	// A critic step: Algorithm 1, lines 4 to 9.
	t.real, t.eps = g.Input("real", c.Batch, 2), g.Input("eps", c.Batch, 1)
	if c.Fixed {
		t.fakeIn = g.Input("fake", c.Batch, 2)
		t.fake = t.fakeIn
	} else {
		t.z = g.Input("z", c.Batch, latent)
		t.fake = gen.Apply(t.z)
	}
	t.loss = c.Method.Critic(critic.Apply, t.real, t.fake, t.eps, t.lambda)
	updates := t.minimise(t.loss.Loss, blockD)
	if c.Rule == Clip {
		updates = nn.Clip(updates, blockD, t.bound)
	}
	l := t.loss
	t.criticStep = t.Open(program.Compile(updates, l.Loss, l.Estimate, l.Penalty, l.Slope, t.fake, l.Mix, l.Real, l.Fake))

	// A generator step: lines 11 and 12.
	if !c.Fixed {
		t.generatorZ = g.Input("generator z", c.Batch, latent)
		t.generatorLoss = c.Method.Generator(critic.Apply, gen.Apply(t.generatorZ))
		t.generatorStep = t.Open(program.Compile(t.minimise(t.generatorLoss, blockG), t.generatorLoss))
	}

	t.openView(critic.Apply, gen.Apply)
	return t
}

// begin draws the first parameters, and writes what never changes.
func (t *Toy) begin() {
	for _, b := range []*nn.Block{t.blockD, t.blockG} {
		program.Feed(t.Memory, b.Node, func(dst []float32) { b.Init(dst, t.Streams["init"]) })
	}
	program.Feed(t.Memory, t.gridIn, func(dst []float32) { points(dst, t.Field, t.ToyConfig.View) })
	if !t.Fixed {
		program.Feed(t.Memory, t.latticeZ, func(dst []float32) { points(dst, lattice, 2) })
	}
}

// minimise returns the updates of a step down the loss.
func (t *Toy) minimise(loss *graph.Node, b *nn.Block) []graph.Update {
	updates := minimise(t.Optimiser, t.rate, .5, .9, loss, b)
	t.Learns(updates, b, loss)
	return updates
}

// Iterate finishes the iteration, or where none was begun makes one: NCritic
// critic steps on fresh data, then one generator step. It returns the name of the
// first number that is no longer finite, or "".
func (t *Toy) Iterate() string {
	if t.Fixed {
		for begun := t.Iteration; t.Iteration == begun; {
			if bad := t.CriticStep(); bad != "" {
				return bad
			}
		}
		return ""
	}
	for int(t.critics[0]) < t.NCritic {
		if bad := t.CriticStep(); bad != "" {
			return bad
		}
	}
	return t.GeneratorStep()
}

// CriticStep makes one critic step on fresh data: the iteration is not finished by
// it, but for a fixed generator by the NCritic-th. It returns what Iterate does.
func (t *Toy) CriticStep() string {
	t.turn()
	t.draw(t.real, t.z, t.fakeIn, "data", "noise")
	t.Memory.Uniform(t.eps, t.Streams["interpolation"])
	if bad := t.Descend(t.criticStep, t.loss.Loss, "critic loss"); bad != "" {
		return bad
	}
	t.stepped = true
	t.critics[0]++
	if t.Fixed && int(t.critics[0]) >= t.NCritic {
		t.finish()
	}
	return ""
}

// GeneratorStep makes one generator step, which ends the iteration, however many
// critic steps were made of it. It returns what Iterate does, and panics where the
// generator is fixed.
func (t *Toy) GeneratorStep() string {
	t.turn()
	t.Memory.Normal(t.generatorZ, t.Streams["noise"])
	if bad := t.Descend(t.generatorStep, t.generatorLoss, "generator loss"); bad != "" {
		return bad
	}
	t.taught = true
	t.finish()
	return ""
}

func (t *Toy) finish() {
	t.Iteration++
	t.critics[0] = 0
}

// turn hands the exported numbers to the machines.
func (t *Toy) turn() {
	rate := t.Rate
	if t.Decay > 0 {
		rate *= math.Max(.01, 1-float64(t.Iteration)/float64(t.Decay))
	}
	t.Runner.Set(t.lambda, t.Lambda)
	t.Runner.Set(t.bound, t.Bound)
	t.Runner.Set(t.rate, rate)
}

// draw fills a batch of real points, and the noise that its fakes are made of:
// z, or for a fixed generator the fakes themselves, other real points + N(0, 1).
func (t *Toy) draw(real, z, fake *graph.Node, data, noise string) {
	program.Feed(t.Memory, real, func(dst []float32) { t.Data.Sample(dst, t.Streams[data]) })
	if !t.Fixed {
		t.Memory.Normal(z, t.Streams[noise])
		return
	}
	program.Feed(t.Memory, fake, func(dst []float32) {
		t.Data.Sample(dst, t.Streams[data])
		var n [latent]float32
		for i := 0; i < len(dst); i += latent {
			t.Streams[noise].Normal(n[:])
			dst[i] += n[0]
			dst[i+1] += n[1]
		}
	})
}

// points fills dst with a lattice of side² points over [-view, view]², row by
// row from y = -view.
func points(dst []float32, side int, view float64) {
	at := func(i int) float32 { return float32(view * (2*float64(i)/float64(side-1) - 1)) }
	for i := range side {
		for j := range side {
			dst[2*(i*side+j)], dst[2*(i*side+j)+1] = at(j), at(i)
		}
	}
}

// State returns what a checkpoint needs beside Iteration, see Runner: also
// "critic-steps" (1), which counts the critic steps of an unfinished iteration, and
// "modes" (2m), the centres of data that has some, which may be moved.
func (t *Toy) State() ([]train.State, map[string]*random.Stream) {
	s, streams := t.Runner.State()
	s = append(s, train.Host("critic-steps", t.critics))
	if centres, _ := t.Data.Modes(); centres != nil {
		s = append(s, train.Host("modes", centres))
	}
	return s, streams
}

// Replaced tells the run that its state was written from outside: the last step it
// made is not one of this state.
func (t *Toy) Replaced() {
	t.stepped, t.taught = false, false
	t.critics[0] = max(t.critics[0], 0)
}
