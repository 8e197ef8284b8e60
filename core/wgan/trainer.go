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
	Count() int   // 0 for a distribution, of which examples are drawn without end
	Size() int    // numbers an example
	Classes() int // of labels, 0 for none
	Label(i int) int
	// Fill writes the examples of the given indices, one a row, or of a distribution fresh
	// ones. All that is random about them it draws from r, such as the noise of quantised
	// pixels.
	Fill(dst []float32, index []int, r *random.Stream)
	// Err returns the first error of Fill, or nil.
	Err() error
}

// Networks are a generator and a critic, whose parameters are declared in two blocks.
// A batch is n rows of a flat example each.
type Networks struct {
	// Generator maps z, (n, Latent), and one-hot labels, (n, K), nil if there are none, to
	// examples, (n, size). It is nil if the generator is fixed.
	Generator func(z, labels *graph.Node) *graph.Node
	// Critic maps examples, (n, size), to D, (n, 1).
	Critic Net
	// Classify maps examples to AC-GAN's logits of classes, (n, K). It is nil if there is
	// no such head.
	Classify Net
}

// A Config says which networks are trained, on what and by which method. While it trains,
// the settings of the run say the rest: "n-critic", "lambda", "clip", "learning-rate",
// "decay" and "decay-to".
type Config struct {
	// Name begins the names of streams, states and inputs, if a run trains several.
	Name string

	Real, Validation Examples // Validation may be nil
	Latent           int      // dimensions of z
	Fixed            bool     // the generator is not trained: fake examples are other real ones + N(0, 1)
	Method
	Batch          int // real and generated examples of a critic step
	GeneratorBatch int // generated examples of a generator step
	Groups         int // parts of a batch that the generator makes, and normalises, by themselves; "devices" in the authors' code

	Optimiser    string // "adam" or "rmsprop"
	Beta1, Beta2 float64
	Rate         string  // the setting of the learning rate, "learning-rate" if it is ""
	Bound        float64 // c of clipping, 0 for that of the setting "clip"
	WeightDecay  float64 // of the critic's weights w, whose loss gets WeightDecay·½Σw²

	// The weights of AC-GAN's cross-entropies in the two losses: the critic's is of
	// real examples, the generator's of generated ones.
	CriticClasses, GeneratorClasses float64
}

// A Trainer is Algorithm 1 between any two networks over any data: points of the plane,
// images or text.
//
// An iteration is n-critic critic steps, each with fresh data and noise, and then a
// generator step, which ends it; with a fixed generator the last critic step does. Steps
// may be made one at a time: Iterate continues the iteration that they began.
type Trainer struct {
	Config
	run *train.Run

	net             Networks
	graph           *graph.Graph
	blocks          []*nn.Block // the critic's and the generator's
	begun           []float32   // (1), critic steps made of the unfinished iteration
	count           []float32   // (1), critic steps made since step 0
	epochs          data.Epochs
	stepped, taught bool // there was a critic step, a generator step, since the state was last replaced

	data, pixels, noise, classes, interpolation *random.Stream

	lambda, bound, rate *graph.Node
	critic              side
	right               [2]*graph.Node // one-hot of what AC-GAN's head takes real and fake examples for
	generator           struct {
		z, labels, loss *graph.Node
		machine         program.Machine
	}
}

// A side is the critic's loss on a batch, and what it takes.
type side struct {
	real, labels, z, eps *graph.Node // z is the fake examples themselves if the generator is fixed
	fake                 *graph.Node
	loss                 CriticLoss
	machine              program.Machine
}

// NewTrainer builds a trainer, on a run at step 0, of the networks that build declares in
// the critic's block d and the generator's block g. It panics if the configuration makes no
// graph: a size below 1, a batch that Groups does not divide.
func NewTrainer(r *train.Run, c Config, build func(d, g *nn.Block) Networks) *Trainer {
	if c.Groups < 1 || c.Batch%c.Groups != 0 || c.GeneratorBatch%c.Groups != 0 {
		panic(fmt.Sprintf("wgan: batches of %d and %d in %d groups", c.Batch, c.GeneratorBatch, c.Groups))
	}
	t := &Trainer{Config: c, run: r, graph: graph.New(), begun: make([]float32, 1), count: make([]float32, 1)}
	t.streams()
	d, gen := nn.NewBlock(c.Name+"critic"), nn.NewBlock(c.Name+"generator")
	t.net, t.blocks = build(d, gen), []*nn.Block{d, gen}
	if c.Fixed {
		t.blocks = t.blocks[:1]
	}
	init := r.Apart("init")
	for _, b := range t.blocks {
		b.Build(t.graph)
		r.Begins(b, init)
	}
	t.lambda, t.bound, t.rate = t.input("lambda", 1, 1), t.input("clip", 1, 1), t.input("rate", 1, 1)
	t.follow()
	t.openCritic()
	if !c.Fixed {
		t.openGenerator()
	}
	return t
}

// streams makes the random streams of training, and notes the counters of its state.
func (t *Trainer) streams() {
	r, name := t.run, t.Name
	t.data, t.noise, t.interpolation = r.Stream(name+"data", "data"), r.Stream(name+"noise", "noise"), r.Stream(name+"interpolation", "interpolation")
	if t.Real.Count() == 0 {
		r.HostAs(name+"critic-steps", name+"critic-steps", t.begun, true)
		return
	}
	t.pixels, t.classes = r.Stream(name+"pixels", "pixels"), r.Stream(name+"labels", "labels")
	t.epochs = data.NewEpochs(t.data)
	r.HostAs("", name+"critic-steps", t.begun, true) // format 1 called the other one so
	r.HostAs(name+"critic-steps", name+"batches", t.count, false)
}

// follow has λ, c and the learning rate follow the settings and the step.
func (t *Trainer) follow() {
	r := t.run
	r.Drive(t.lambda, "lambda")
	if t.Rule == Clip {
		r.Follow(t.bound, t.Clip)
	}
	if t.Rate == "" {
		t.Rate = "learning-rate"
	}
	r.Follow(t.rate, func() float64 {
		rate := r.Float(t.Rate)
		if decay := r.Int("decay"); decay > 0 {
			rate *= math.Max(r.Float("decay-to"), 1-float64(r.Step())/float64(decay))
		}
		return rate
	})
}

// Clip returns c of clipping.
func (t *Trainer) Clip() float64 {
	if t.Bound > 0 {
		return t.Bound
	}
	return t.run.Float("clip")
}

// input declares an input of the trainer.
func (t *Trainer) input(name string, rows, cols int) *graph.Node {
	return t.graph.Input(t.Name+name, rows, cols)
}

// Iterate finishes the iteration, or makes one if none was begun: n-critic critic steps and
// then a generator step. It returns the name of the first number that is no longer finite,
// or "".
func (t *Trainer) Iterate() string {
	if t.Fixed {
		for done := false; !done; {
			if bad := t.CriticStep(); bad != "" {
				return bad
			}
			done = t.begun[0] == 0
		}
		return ""
	}
	for int(t.begun[0]) < t.run.Int("n-critic") {
		if bad := t.CriticStep(); bad != "" {
			return bad
		}
	}
	return t.GeneratorStep()
}

// CriticStep makes one critic step on fresh data. The iteration is not finished by it, but
// with a fixed generator by the n-critic-th. It returns what Iterate does.
func (t *Trainer) CriticStep() string {
	var index []int
	if n := t.Real.Count(); n > 0 {
		index = t.epochs.Batch(int(t.count[0]), n, t.Batch)
	}
	t.load(&t.critic, t.Real, index, t.pixels, t.noise, t.interpolation)
	t.count[0]++
	if bad := t.run.Descend(t.critic.machine, t.critic.loss.Loss, "critic loss"); bad != "" {
		return bad
	}
	t.stepped = true
	t.begun[0]++
	if t.Fixed && int(t.begun[0]) >= t.run.Int("n-critic") {
		t.finish()
	}
	return ""
}

// GeneratorStep makes one generator step, which ends the iteration, however many critic
// steps were made of it. It returns what Iterate does, and panics if the generator is
// fixed.
func (t *Trainer) GeneratorStep() string {
	g := &t.generator
	t.run.Memory.Normal(g.z, t.noise)
	if g.labels != nil {
		t.oneHot(g.labels, func(int) int { return t.classes.Intn(g.labels.Cols) })
	}
	if bad := t.run.Descend(g.machine, g.loss, "generator loss"); bad != "" {
		return bad
	}
	t.taught = true
	t.finish()
	return ""
}

// finish ends the iteration. The run's last trainer ends the run's.
func (t *Trainer) finish() {
	t.begun[0] = 0
	if t.Name == "" {
		t.run.Finish()
	}
}

// load fills a side's inputs. Examples of a distribution have no index, and all that they
// are is drawn from the stream of data.
func (t *Trainer) load(s *side, from Examples, index []int, pixels, noise, interpolation *random.Stream) {
	if from.Count() == 0 {
		t.draw(s.real, s.z, from, t.data, noise)
	} else {
		program.Feed(t.run.Memory, s.real, func(dst []float32) { from.Fill(dst, index, pixels) })
		if s.labels != nil {
			t.oneHot(s.labels, func(i int) int { return from.Label(index[i]) })
		}
		t.run.Memory.Normal(s.z, noise)
	}
	t.run.Memory.Uniform(s.eps, interpolation)
}

// draw fills a batch of examples of a distribution, and the noise that its fakes are made
// of: z, or with a fixed generator the fakes themselves, other real ones + N(0, 1).
func (t *Trainer) draw(real, z *graph.Node, from Examples, examples, noise *random.Stream) {
	m := t.run.Memory
	program.Feed(m, real, func(dst []float32) { from.Fill(dst, nil, examples) })
	if !t.Fixed {
		m.Normal(z, noise)
		return
	}
	program.Feed(m, z, func(dst []float32) {
		from.Fill(dst, nil, examples)
		var n [latent]float32
		for i := 0; i < len(dst); i += latent {
			noise.Normal(n[:])
			dst[i] += n[0]
			dst[i+1] += n[1]
		}
	})
}

// oneHot sets labels, (n, K), to the class of every row, one-hot.
func (t *Trainer) oneHot(labels *graph.Node, class func(row int) int) {
	program.Feed(t.run.Memory, labels, func(dst []float32) {
		clear(dst)
		for i := range labels.Rows {
			dst[i*labels.Cols+class(i)] = 1
		}
	})
}

// Replaced notes that the state was written from outside: the last step it made
// is not one of this state.
func (t *Trainer) Replaced() {
	t.stepped, t.taught = false, false
	t.begun[0] = max(t.begun[0], 0)
}

// Err returns the first error of the training examples, or nil.
func (t *Trainer) Err() error { return t.Real.Err() }

// Stepped reports whether there was a critic step since the run was opened or its state was
// replaced: otherwise CriticLoss, Penalty and Slopes have nothing to report.
func (t *Trainer) Stepped() bool { return t.stepped }

// CriticLoss returns the loss of the last critic step, NaN if there was none.
func (t *Trainer) CriticLoss() float64 {
	if !t.stepped {
		return math.NaN()
	}
	return t.critic.machine.Scalar(t.critic.loss.Loss)
}

// GeneratorLoss returns the loss of the last generator step, NaN if there was none.
func (t *Trainer) GeneratorLoss() float64 {
	if !t.taught {
		return math.NaN()
	}
	return t.generator.machine.Scalar(t.generator.loss)
}

// measures reports whether critic steps compute ‖∇D(x̂)‖.
func (t *Trainer) measures() bool { return t.stepped && (t.Penalised() || t.Real.Count() == 0) }

// Penalty returns λ·mean (‖∇D(x̂)‖ - 1)² of the last critic step, on points of the plane
// whether or not the rule adds that to the loss. It is NaN if there was no step, or the rule
// has no penalty.
func (t *Trainer) Penalty() float64 {
	if !t.measures() {
		return math.NaN()
	}
	return t.critic.machine.Scalar(t.critic.loss.Penalty)
}

// Slopes returns ‖∇D(x̂)‖ at the interpolates of the last critic step, until the next; nil
// if Penalty is NaN.
func (t *Trainer) Slopes() []float32 {
	if !t.measures() {
		return nil
	}
	return t.critic.machine.Read(t.critic.loss.Slope)
}
