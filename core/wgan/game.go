package wgan

import (
	"fmt"
	"math"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// Examples are real data as a critic sees it.
type Examples interface {
	Count() int
	Size() int    // numbers an example
	Classes() int // of labels, 0 for none
	Label(i int) int
	// Fill writes the examples of the given indices, one a row; what noise the data
	// needs, such as that for quantised pixels, it draws from r.
	Fill(dst []float32, index []int, r *random.Stream)
	// Err returns the first error of Fill, or nil.
	Err() error
}

// Networks are a generator and a critic, whose parameters are declared in two blocks.
// A batch is n rows of a flat example each.
type Networks struct {
	// Generator maps z, (n, Latent), and one-hot labels, (n, K), nil where there are
	// none, to examples, (n, size).
	Generator func(z, labels *graph.Node) *graph.Node
	// Critic maps examples, (n, size), to D, (n, 1).
	Critic Net
	// Classify maps examples to AC-GAN's logits of classes, (n, K). It is nil where
	// there is no such head.
	Classify Net
}

// A GameConfig says which networks play, for what and by which rules.
type GameConfig struct {
	Real, Validation Examples // Validation may be nil
	Latent           int      // dimensions of z
	Method
	Batch          int // real and generated examples of a critic step
	GeneratorBatch int // generated examples of a generator step
	Groups         int // parts of a batch that the generator makes, and normalises, by themselves; "devices" in the authors' code
	NCritic        int // critic steps an iteration

	Lambda float64 // λ of the penalty
	Bound  float64 // c of clipping

	Optimiser    string // "adam" or "rmsprop"
	Beta1, Beta2 float64
	Rate         float64 // learning rate
	Decay        int     // iterations in which the rate falls linearly to 0; 0 for never
	WeightDecay  float64 // of the critic's weights w, whose loss gets WeightDecay·½Σw²

	// The weights of AC-GAN's cross-entropies in the two losses: the critic's is of
	// real examples, the generator's of generated ones.
	CriticClasses, GeneratorClasses float64

	Seed   uint64
	Device program.Device
	Admit  train.Admission // of the game's memory; nil admits all
}

// A Game is Algorithm 1 between any two networks over any data: images or text. Its
// exported numbers may be turned while it trains.
//
// An iteration is NCritic critic steps, each with fresh data and noise, and a
// generator step.
type Game struct {
	GameConfig
	train.Runner

	net    Networks
	graph  *graph.Graph
	blocks [2]*nn.Block // the critic's and the generator's
	count  []float32    // (1), critic steps made since step 0
	epochs data.Epochs

	lambda, bound, rate *graph.Node
	critic              side
	right               [2]*graph.Node // one-hot of what AC-GAN's head takes real and fake examples for
	generator           struct {
		z, labels, loss *graph.Node
		machine         program.Machine
	}
	validation side
	sampler    sampler
}

// A side is the critic's loss on a batch, and what it takes.
type side struct {
	real, labels, z, eps *graph.Node
	loss                 CriticLoss
	machine              program.Machine
}

// NewGame returns a game at iteration 0 between the networks that build declares in
// the critic's block d and the generator's block g. It panics where the
// configuration makes no graph: a size below 1, a batch that Groups does not divide.
func NewGame(c GameConfig, build func(d, g *nn.Block) Networks) *Game {
	if c.Groups < 1 || c.Batch%c.Groups != 0 || c.GeneratorBatch%c.Groups != 0 {
		panic(fmt.Sprintf("wgan: batches of %d and %d in %d groups", c.Batch, c.GeneratorBatch, c.Groups))
	}
	m := &Game{GameConfig: c, graph: graph.New(), count: make([]float32, 1),
		Runner: train.New(c.Seed, c.Device, []string{"data", "pixels", "noise", "labels", "interpolation"}, "init", "validation", "frame")}
	m.epochs = data.NewEpochs(m.Streams["data"])
	d, gen := nn.NewBlock("critic"), nn.NewBlock("generator")
	m.net, m.blocks = build(d, gen), [2]*nn.Block{d, gen}
	g := m.graph
	d.Build(g)
	gen.Build(g)
	m.lambda, m.bound, m.rate = g.Input("lambda", 1, 1), g.Input("clip", 1, 1), g.Input("rate", 1, 1)

	m.critic = m.side("", c.Batch, c.Groups) // lines 4 to 9 of Algorithm 1
	l := m.critic.loss
	outs := []*graph.Node{l.Loss, l.Estimate}
	if c.Penalised() {
		outs = append(outs, l.Penalty, l.Slope)
	}
	if m.net.Classify != nil {
		m.right[0] = m.net.Classify(m.critic.real).OneHotMax()
		m.right[1] = m.net.Classify(m.fake(m.critic.z, m.critic.labels, c.Groups)).OneHotMax()
		outs = append(outs, m.right[0], m.right[1])
	}
	updates := m.minimise(m.criticDescends(), d)
	if c.Rule == Clip {
		updates = nn.Clip(updates, d, m.bound)
	}
	m.critic.machine = m.Open(program.Compile(updates, outs...))

	p := &m.generator // lines 11 and 12
	p.z = g.Input("generator z", c.GeneratorBatch, c.Latent)
	if k := m.Classes(); k > 0 {
		p.labels = g.Input("generator labels", c.GeneratorBatch, k)
	}
	p.loss = c.Method.Generator(m.net.Critic, m.made())
	p.machine = m.Open(program.Compile(m.minimise(m.generatorDescends(), gen), p.loss))

	m.validation = m.side("validation ", c.Batch, c.Groups)
	m.validation.machine = m.Look(m.validation.loss.Loss, m.validation.loss.Estimate)
	m.sampler = m.newSampler()

	c.Admit.Ask(m.Plan())
	for _, b := range m.blocks {
		program.Feed(m.Memory, b.Node, func(dst []float32) { b.Init(dst, m.Streams["init"]) })
	}
	if labels := m.sampler.labels; labels != nil {
		k := labels.Cols
		m.oneHot(labels, func(i int) int { return i % k })
	}
	return m
}

// criticDescends returns the critic's loss with what AC-GAN and weight decay add to it.
func (m *Game) criticDescends() *graph.Node {
	loss := m.critic.loss.Loss
	if m.net.Classify != nil {
		loss = loss.Add(nn.ClassCrossEntropy(m.net.Classify(m.critic.real), m.critic.labels).Scale(m.CriticClasses))
	}
	if m.WeightDecay > 0 {
		for _, p := range m.blocks[0].Params() {
			if p.Rows > 1 { // a weight matrix
				loss = loss.Add(p.Node.Square().Sum().Scale(m.WeightDecay / 2))
			}
		}
	}
	return loss
}

// generatorDescends returns the generator's loss with what AC-GAN adds to it.
func (m *Game) generatorDescends() *graph.Node {
	loss := m.generator.loss
	if m.net.Classify != nil {
		loss = loss.Add(nn.ClassCrossEntropy(m.net.Classify(m.made()), m.generator.labels).Scale(m.GeneratorClasses))
	}
	return loss
}

// made returns what the generator makes in its step.
func (m *Game) made() *graph.Node { return m.fake(m.generator.z, m.generator.labels, m.Groups) }

// Classes returns how many classes the networks know, 0 for none.
func (m *Game) Classes() int {
	if m.net.Classify == nil {
		return 0
	}
	return m.Real.Classes()
}

// side declares the critic's loss on batches of n, whose inputs are called what and
// more.
func (m *Game) side(what string, n, groups int) side {
	g := m.graph
	s := side{real: g.Input(what+"real", n, m.Real.Size()), z: g.Input(what+"z", n, m.Latent), eps: g.Input(what+"eps", n, 1)}
	if k := m.Classes(); k > 0 {
		s.labels = g.Input(what+"labels", n, k)
	}
	s.loss = m.Method.Critic(m.net.Critic, s.real, m.fake(s.z, s.labels, groups), s.eps, m.lambda)
	return s
}

// fake returns G(z), (n, size), made in groups by themselves.
func (m *Game) fake(z, labels *graph.Node, groups int) *graph.Node {
	if groups == 1 {
		return m.net.Generator(z, labels)
	}
	part := func(x *graph.Node, i int) *graph.Node {
		if x == nil {
			return nil
		}
		n := x.Len() / groups
		return x.Reshape(1, x.Len()).Slice(i*n, (i+1)*n).Reshape(x.Rows/groups, x.Cols)
	}
	var all []*graph.Node
	for i := range groups {
		f := m.net.Generator(part(z, i), part(labels, i))
		all = append(all, f.Reshape(1, f.Len()))
	}
	return graph.ConcatCols(all...).Reshape(z.Rows, m.Real.Size())
}

func (m *Game) minimise(loss *graph.Node, b *nn.Block) []graph.Update {
	updates := minimise(m.Optimiser, m.rate, m.Beta1, m.Beta2, loss, b)
	m.Learns(updates, b, loss)
	return updates
}

// Iterate makes NCritic critic steps and a generator step. It returns the name of
// the first number that is no longer finite, or "".
func (m *Game) Iterate() string {
	for range m.NCritic {
		if bad := m.criticStep(); bad != "" {
			return bad
		}
	}
	m.turn()
	m.Memory.Normal(m.generator.z, m.Streams["noise"])
	if labels := m.generator.labels; labels != nil {
		m.oneHot(labels, func(int) int { return m.Streams["labels"].Intn(labels.Cols) })
	}
	if bad := m.Descend(m.generator.machine, m.generator.loss, "generator loss"); bad != "" {
		return bad
	}
	m.Iteration++
	return ""
}

func (m *Game) criticStep() string {
	m.turn()
	index := m.epochs.Batch(int(m.count[0]), m.Real.Count(), m.Batch)
	m.load(&m.critic, m.Real, index, m.Streams["pixels"], m.Streams["noise"], m.Streams["interpolation"])
	m.count[0]++
	return m.Descend(m.critic.machine, m.critic.loss.Loss, "critic loss")
}

// load fills a side's inputs.
func (m *Game) load(s *side, from Examples, index []int, pixels, noise, interpolation *random.Stream) {
	program.Feed(m.Memory, s.real, func(dst []float32) { from.Fill(dst, index, pixels) })
	if s.labels != nil {
		m.oneHot(s.labels, func(i int) int { return from.Label(index[i]) })
	}
	m.Memory.Normal(s.z, noise)
	m.Memory.Uniform(s.eps, interpolation)
}

// oneHot sets labels, (n, K), to the class of every row, one-hot.
func (m *Game) oneHot(labels *graph.Node, class func(row int) int) {
	program.Feed(m.Memory, labels, func(dst []float32) {
		clear(dst)
		for i := range labels.Rows {
			dst[i*labels.Cols+class(i)] = 1
		}
	})
}

// turn hands the exported numbers to the machines.
func (m *Game) turn() {
	rate := m.Rate
	if m.Decay > 0 {
		rate *= math.Max(0, 1-float64(m.Iteration)/float64(m.Decay))
	}
	m.Set(m.lambda, m.Lambda)
	m.Set(m.bound, m.Bound)
	m.Set(m.rate, rate)
}

// State returns what a checkpoint needs beside Iteration, see Runner; "critic-steps"
// (1) counts the critic steps since step 0.
func (m *Game) State() ([]train.State, map[string]*random.Stream) {
	s, streams := m.Runner.State()
	return append(s, train.Host("critic-steps", m.count)), streams
}
