package wgan

import (
	"math"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// A Rule is what keeps the critic Lipschitz.
type Rule string

// The rules.
const (
	Penalty Rule = "penalty" // the gradient penalty of Gulrajani et al.
	Clip    Rule = "clip"    // weights held within [-c, c], as in Arjovsky et al.
	None    Rule = "none"    // nothing: the critic grows without bound
)

// ToyConfig says which experiment of section 3.1 and figure 1(a) to run.
type ToyConfig struct {
	Data       data.Distribution
	Fixed      bool // the generator is not trained: fake = real + N(0, 1)
	Rule       Rule
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
	Goroutines int
}

// Sizes of what is drawn and measured.
const (
	latent  = 2   // dimensions of z
	shown   = 512 // samples drawn and measured
	lattice = 17  // points a side of the warp grid
)

// A Toy trains a critic, and a generator unless it is fixed, on points of the
// plane. Its exported numbers may be turned while it trains.
type Toy struct {
	ToyConfig
	Iteration int // finished iterations

	graph   *graph.Graph
	memory  *cpu.Memory
	streams map[string]*random.Stream
	states  []*graph.Node

	lambda, bound, rate          *graph.Node
	real, fakeIn, z, eps         *graph.Node // inputs of a critic step
	loss                         CriticLoss
	generatorZ, generatorLoss    *graph.Node
	gridIn, gridD, gridSlope     *graph.Node
	shownReal, shownZ, shownFake *graph.Node
	shownD                       [2]*graph.Node
	latticeZ, warp               *graph.Node

	criticStep, generatorStep, view, measure *cpu.Machine
}

// NewToy returns a run at iteration 0. It panics where the configuration makes no
// graph: a size below 1, an unknown activation.
func NewToy(c ToyConfig) *Toy {
	t := &Toy{ToyConfig: c, graph: graph.New(), memory: cpu.NewMemory(), streams: map[string]*random.Stream{}}
	for _, purpose := range []string{"init", "data", "noise", "interpolation", "measure", "frame"} {
		t.streams[purpose] = random.New(c.Seed, purpose)
	}
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

	t.lambda, t.bound, t.rate = g.Input("lambda", 1, 1), g.Input("clip", 1, 1), g.Input("rate", 1, 1)

	// A critic step: Algorithm 1, lines 4 to 9.
	t.real, t.eps = g.Input("real", c.Batch, 2), g.Input("eps", c.Batch, 1)
	var fake *graph.Node
	if c.Fixed {
		t.fakeIn = g.Input("fake", c.Batch, 2)
		fake = t.fakeIn
	} else {
		t.z = g.Input("z", c.Batch, latent)
		fake = gen.Apply(t.z)
	}
	t.loss = Loss(critic.Apply, t.real, fake, t.eps, t.lambda)
	objective := t.loss.Loss
	if c.Rule != Penalty {
		objective = t.loss.Estimate.Neg()
	}
	updates := t.minimize(objective, blockD)
	if c.Rule == Clip {
		updates = nn.Clip(updates, blockD, t.bound)
	}
	t.loss.Loss = objective
	t.criticStep = t.open(updates, t.loss.Loss, t.loss.Estimate, t.loss.Penalty, t.loss.Slope)

	// A generator step: lines 11 and 12.
	if !c.Fixed {
		t.generatorZ = g.Input("generator z", c.Batch, latent)
		t.generatorLoss = GeneratorLoss(critic.Apply, gen.Apply(t.generatorZ))
		t.generatorStep = t.open(t.minimize(t.generatorLoss, blockG), t.generatorLoss)
	}

	// What is drawn and measured.
	t.gridIn = g.Input("grid", c.Field*c.Field, 2)
	t.gridD, t.gridSlope = critic.Apply(t.gridIn), Slope(critic.Apply, t.gridIn)
	outs := []*graph.Node{t.gridD, t.gridSlope}
	t.shownReal = g.Input("shown real", shown, 2)
	if c.Fixed {
		t.shownFake = g.Input("shown fake", shown, 2)
	} else {
		t.shownZ, t.latticeZ = g.Input("shown z", shown, latent), g.Input("lattice", lattice*lattice, latent)
		t.shownFake, t.warp = gen.Apply(t.shownZ), gen.Apply(t.latticeZ)
		outs = append(outs, t.warp, t.shownFake)
	}
	t.view = t.open(nil, outs...)
	t.shownD = [2]*graph.Node{critic.Apply(t.shownReal), critic.Apply(t.shownFake)}
	t.measure = t.open(nil, t.shownD[0], t.shownD[1], t.shownFake)

	blockD.Init(t.memory.Of(blockD.Node), t.streams["init"])
	blockG.Init(t.memory.Of(blockG.Node), t.streams["init"])
	points(t.memory.Of(t.gridIn), c.Field, c.View)
	if !c.Fixed {
		points(t.memory.Of(t.latticeZ), lattice, 2)
	}
	return t
}

func (t *Toy) minimize(loss *graph.Node, b *nn.Block) []graph.Update {
	var updates []graph.Update
	if t.Optimiser == "rmsprop" {
		updates = nn.RMSProp{Rate: t.rate}.Minimize(loss, b)
	} else {
		updates = nn.Adam{Rate: t.rate, Beta1: .5, Beta2: .9}.Minimize(loss, b)
	}
	for _, u := range updates {
		t.states = append(t.states, u.X)
	}
	return updates
}

func (t *Toy) open(updates []graph.Update, outs ...*graph.Node) *cpu.Machine {
	return cpu.Open(program.Compile(updates, outs...), t.memory, t.Goroutines)
}

// Iterate makes one iteration: NCritic critic steps on fresh data, then one
// generator step. It returns the name of the first number that is no longer
// finite, or "".
func (t *Toy) Iterate() string {
	scalar := func(n *graph.Node, v float64) { t.memory.Of(n)[0] = float32(v) }
	scalar(t.lambda, t.Lambda)
	scalar(t.bound, t.Bound)
	rate := t.Rate
	if t.Decay > 0 {
		rate *= math.Max(.01, 1-float64(t.Iteration)/float64(t.Decay))
	}
	scalar(t.rate, rate)
	for range t.NCritic {
		t.draw(t.memory.Of(t.real), t.z, t.fakeIn, "data", "noise")
		t.streams["interpolation"].Uniform(t.memory.Of(t.eps))
		t.criticStep.Run()
		if v := t.CriticLoss(); math.IsNaN(v) || math.IsInf(v, 0) {
			return "critic loss"
		}
	}
	if !t.Fixed {
		t.streams["noise"].Normal(t.memory.Of(t.generatorZ))
		t.generatorStep.Run()
		if v := t.GeneratorLoss(); math.IsNaN(v) || math.IsInf(v, 0) {
			return "generator loss"
		}
	}
	t.Iteration++
	return ""
}

// draw fills a batch of real points, and the noise that its fakes are made of:
// z, or for a fixed generator the fakes themselves, other real points + N(0, 1).
func (t *Toy) draw(real []float32, z, fake *graph.Node, data, noise string) {
	t.Data.Sample(real, t.streams[data])
	if !t.Fixed {
		t.streams[noise].Normal(t.memory.Of(z))
		return
	}
	f := t.memory.Of(fake)
	t.Data.Sample(f, t.streams[data])
	var n [latent]float32
	for i := 0; i < len(f); i += latent {
		t.streams[noise].Normal(n[:])
		f[i] += n[0]
		f[i+1] += n[1]
	}
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

// CriticLoss returns the loss of the last critic step.
func (t *Toy) CriticLoss() float64 { return t.criticStep.Scalar(t.loss.Loss) }

// GeneratorLoss returns the loss of the last generator step, NaN for a fixed generator.
func (t *Toy) GeneratorLoss() float64 {
	if t.Fixed {
		return math.NaN()
	}
	return t.generatorStep.Scalar(t.generatorLoss)
}

// Penalty returns λ·mean (‖∇D(x̂)‖ - 1)² of the last critic step.
func (t *Toy) Penalty() float64 { return t.criticStep.Scalar(t.loss.Penalty) }

// Slopes returns ‖∇D(x̂)‖ at the interpolates of the last critic step. It is
// valid until the next.
func (t *Toy) Slopes() []float32 { return t.criticStep.Read(t.loss.Slope) }

// Samples returns fresh real points, fakes, and the critic's estimate of W₁ on
// them, mean D(real) - mean D(fake). The points are valid until the next call.
// Which points they are depends only on the seed and the iteration, not on how
// often Samples was called.
func (t *Toy) Samples() (real, fake []float32, estimate float64) {
	real = t.memory.Of(t.shownReal)
	t.seek("measure")
	t.draw(real, t.shownZ, t.shownFake, "measure", "measure")
	t.measure.Run()
	for i, d := range t.measure.Read(t.shownD[0]) {
		estimate += float64(d-t.measure.Read(t.shownD[1])[i]) / shown
	}
	return real, t.measure.Read(t.shownFake), estimate
}

// seek places a stream where this iteration's numbers begin.
func (t *Toy) seek(purpose string) { t.streams[purpose].Seek(uint64(t.Iteration) << 24) }

// A View is what can be drawn of a toy run. Its slices are valid until the next.
type View struct {
	Real, Fake       []float32 // (512, 2); always of the same noise, so that points move
	Critic, Gradient []float32 // D and ‖∇D‖ over the (Field, Field) lattice of [-View, View]²
	Warp             []float32 // (17, 17, 2): where G sends the lattice of [-2, 2]²; nil for a fixed generator
	WarpSide         int
}

// View computes what can be drawn now.
func (t *Toy) View() View {
	real := t.memory.Of(t.shownReal)
	t.streams["frame"].Seek(0)
	t.draw(real, t.shownZ, t.shownFake, "frame", "frame")
	t.view.Run()
	v := View{Real: real, Critic: t.view.Read(t.gridD), Gradient: t.view.Read(t.gridSlope)}
	if t.Fixed {
		v.Fake = t.memory.Of(t.shownFake)
	} else {
		v.Fake, v.Warp, v.WarpSide = t.view.Read(t.shownFake), t.view.Read(t.warp), lattice
	}
	return v
}

// State returns the storage of everything that training changes, by name, and
// the streams it draws from, by purpose. With Iteration it is all that a
// checkpoint needs, and the same whether the run was watched or not.
func (t *Toy) State() (map[string][]float32, map[string]*random.Stream) {
	s, streams := map[string][]float32{}, map[string]*random.Stream{}
	for _, n := range t.states {
		s[n.Name] = t.memory.Of(n)
	}
	for _, purpose := range []string{"data", "noise", "interpolation"} {
		streams[purpose] = t.streams[purpose]
	}
	return s, streams
}

// Close ends the run's goroutines.
func (t *Toy) Close() {
	for _, m := range []*cpu.Machine{t.criticStep, t.generatorStep, t.view, t.measure} {
		if m != nil {
			m.Close()
		}
	}
}
