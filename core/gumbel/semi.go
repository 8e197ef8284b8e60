package gumbel

import (
	"fmt"
	"math"
	"slices"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/measure"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// SemiEstimator says how the bound of an unlabelled image goes through its class y.
type SemiEstimator string

// The estimators of section 3.3.
const (
	SemiMarginal SemiEstimator = "marginalisation" // all classes, each weighed by q(y|x), as Kingma et al. (2014)
	SemiGumbel   SemiEstimator = "gumbel-softmax"  // one relaxed sample of q(y|x)
	SemiStraight SemiEstimator = "st-gumbel"       // one sample, one-hot going forward
)

// SemiObjective is what a semi-supervised model is trained to make great, with its
// parts: means over their batches, (1, 1), in nats an image.
type SemiObjective struct {
	J              *graph.Node // weight·Labelled + Unlabelled + α·Classification
	Labelled       *graph.Node // E[-L(x, y)] of labelled images
	Unlabelled     *graph.Node // E[-U(x)] of the others
	Classification *graph.Node // E[log q(y|x)] of labelled images
}

// A SemiBatch is what a step of training sees: the inputs of SemiModel.Objective.
type SemiBatch struct {
	X, Y, Eps                     *graph.Node // labelled: images (m, pixels), classes (m, K), one-hot, and normal noise (m, Z)
	UnlabelledX, U, UnlabelledEps *graph.Node // images (n, pixels), uniform noise (n, K), and normal noise (n, Z)
	Tau, Alpha, Weight            *graph.Node // (1, 1)
}

// NewSemiBatch declares the inputs for so many labelled and unlabelled images of as
// many pixels as m has.
func (m *SemiModel) NewSemiBatch(g *graph.Graph, labelled, unlabelled int) SemiBatch {
	pixels := m.places(0)
	return SemiBatch{
		X: g.Input("x", labelled, pixels), Y: g.Input("y", labelled, m.K), Eps: g.Input("eps", labelled, m.Z),
		UnlabelledX: g.Input("unlabelled x", unlabelled, pixels), U: g.Input("u", unlabelled, m.K), UnlabelledEps: g.Input("unlabelled eps", unlabelled, m.Z),
		Tau: g.Input("tau", 1, 1), Alpha: g.Input("alpha", 1, 1), Weight: g.Input("weight", 1, 1),
	}
}

// Objective is J of section 3.3, its expectations as means. The weight of the labelled
// images' bound is 1 in print.
func (m *SemiModel) Objective(b SemiBatch, e SemiEstimator) SemiObjective {
	var o SemiObjective
	o.Labelled = m.Labelled(b.X, b.Y, b.Eps).Mean()
	o.Classification = nn.ClassCrossEntropy(m.Classify(b.X), b.Y).Neg()
	logits := m.Classify(b.UnlabelledX)
	switch e {
	case SemiMarginal:
		o.Unlabelled = m.Marginal(b.UnlabelledX, logits, b.UnlabelledEps).Mean()
	case SemiGumbel:
		o.Unlabelled = m.Sampled(b.UnlabelledX, logits, Softmax(logits, b.U, b.Tau), b.UnlabelledEps).Mean()
	case SemiStraight:
		o.Unlabelled = m.Sampled(b.UnlabelledX, logits, Softmax(logits, b.U, b.Tau).StraightThrough(), b.UnlabelledEps).Mean()
	default:
		panic(fmt.Sprintf("gumbel: no estimator %q", e))
	}
	o.J = b.Weight.Mul(o.Labelled).Add(o.Unlabelled).Add(b.Alpha.Mul(o.Classification))
	return o
}

// SemiConfig says which semi-supervised model to train. While it trains, the settings of
// the run say the rest: "learning-rate", "alpha", the weight of E[log q(y|x)],
// "labelled-weight", that of E[-L(x, y)], and the temperature's, see ScheduleOf.
type SemiConfig struct {
	Train, Test   *data.Images // with labels below K; Test may be nil for a run that only trains
	K             int          // classes, 10 for digits
	Labels        int          // how many labels are used, equally many of each class
	Estimator     SemiEstimator
	Z, Channels   int // see SemiModel
	Batch         int // unlabelled images a step
	LabelledBatch int // labelled images a step
}

// Sizes of what is trained on, drawn and measured.
const (
	SemiTest      = 50     // test images are measured in so many at a time
	semiTrain     = 50_000 // unlabelled images at most, section 4.3
	semiShown     = 16
	semiAnalogues = 8
)

// A Semi trains the model of sections 3.3 and 4.3 on few labelled and many unlabelled
// images, by Adam. All images that it trains on are binarised anew whenever it sees
// them, those that it tests with once.
type Semi struct {
	SemiConfig
	semiStep
	run *train.Run

	labelled                  []int       // images whose labels are used, the classes in turn
	index                     []int       // of the labelled images of a step
	epochs                    data.Epochs // of the unlabelled images
	binarise, uniform, normal *random.Stream
	once, measured            *random.Stream // of the test images, and of what is measured

	testX, testEps, testChances, testELBO *graph.Node
	train, test                           program.Machine
	shown, own                            semiLook
}

// A semiStep is the graph of a step of training, and its program.
type semiStep struct {
	graph     *graph.Graph
	block     *nn.Block
	model     *SemiModel
	batch     SemiBatch
	rate      *graph.Node
	objective SemiObjective
	loss      *graph.Node // -J
	updates   []graph.Update
	program   *program.Program
}

// A semiLook is what a model says of n images, without noise.
type semiLook struct {
	x, chances      *graph.Node // (n, pixels), and q(y|x), (n, K)
	reconstructions *graph.Node // (n, pixels), in the likeliest class with the mean of z
	analogues       *graph.Node // (n·K, pixels), that z in every class
	machine         program.Machine
}

// NewSemi builds a Semi on a run at step 0. It returns an error if the temperature is not
// positive and finite, images have no labels or too few of a class, or there are fewer
// training images than a batch or fewer test images than SemiTest. It panics if the
// configuration makes no graph, such as one with a size below 1.
func NewSemi(r *train.Run, c SemiConfig) (*Semi, error) {
	if err := ScheduleOf(r).Check(); err != nil {
		return nil, err
	}
	s := &Semi{SemiConfig: c, run: r, index: make([]int, c.LabelledBatch)}
	s.epochs, s.binarise = data.NewEpochs(r.Stream("data", "data")), r.Stream("binarise", "binarise")
	s.uniform, s.normal = r.Stream("gumbel", "gumbel"), r.Stream("normal", "normal")
	s.once, s.measured = r.Apart("test"), r.Apart("measure")
	s.Train = c.Train.Slice(0, min(c.Train.Count(), semiTrain))
	var err error
	if s.labelled, err = chooseLabelled(s.Train, c.Labels, c.K, r.Apart("labels")); err != nil {
		return nil, err
	}
	if c.Batch > s.Train.Count() {
		return nil, fmt.Errorf("gumbel: a batch of %d unlabelled images: it must be at most the %d training images", c.Batch, s.Train.Count())
	}
	if c.Test != nil {
		if err := checkLabels("test", c.Test, c.K); err != nil {
			return nil, err
		}
		if n := c.Test.Count(); n < SemiTest {
			return nil, fmt.Errorf("gumbel: %d test images: there must be at least %d", n, SemiTest)
		}
	}

	s.semiStep = c.step()
	r.Learns("", s.updates, s.block, s.loss)
	r.Begins(s.block, r.Apart("init"))
	s.train = r.Open(s.program)
	r.Drive(s.rate, "learning-rate")
	r.Drive(s.batch.Alpha, "alpha")
	r.Drive(s.batch.Weight, "labelled-weight")
	r.Follow(s.batch.Tau, func() float64 { return float64(tau32(s.Tau())) })
	if c.Test != nil {
		s.openTest()
		r.Needs(len(c.Test.Pixels))
	}
	return s, nil
}

// step makes the graph of a step of training, and its program.
func (c SemiConfig) step() semiStep {
	s := semiStep{graph: graph.New(), block: nn.NewBlock("semi")}
	s.model = NewSemiModel(s.block, c.Train.Rows, c.Train.Cols, c.K, c.Z, c.Channels)
	s.block.Build(s.graph)
	s.rate, s.batch = s.graph.Input("rate", 1, 1), s.model.NewSemiBatch(s.graph, c.LabelledBatch, c.Batch)
	s.objective = s.model.Objective(s.batch, c.Estimator)
	s.loss = s.objective.J.Neg()
	s.updates = nn.Adam{Rate: s.rate, Beta1: .9, Beta2: .999}.Minimize(s.loss, s.block)
	o := s.objective
	s.program = program.Compile(s.updates, o.J, o.Labelled, o.Unlabelled, o.Classification)
	return s
}

// Begin binarises the test images, see train.Beginner.
func (s *Semi) Begin() {
	if s.Test != nil {
		s.Test = s.Test.Binarised(s.once)
	}
}

// openTest adds to the graph what tests and looks need.
func (s *Semi) openTest() {
	m, g := s.model, s.graph
	s.testX, s.testEps = g.Input("test x", SemiTest, m.places(0)), g.Input("test eps", SemiTest, m.Z)
	logits := m.Classify(s.testX)
	s.testChances, s.testELBO = logits.Softmax(), m.Marginal(s.testX, logits, s.testEps)
	s.test = s.run.Look(s.testChances, s.testELBO)
	newLook := func(name string, n int) semiLook {
		l := semiLook{x: g.Input(name, n, m.places(0))}
		logits := m.Classify(l.x)
		top := addGiven(logits.OneHotMax())
		z, _ := m.code(m.first(m.infer, l.x), top)
		l.chances, l.reconstructions, l.analogues = logits.Softmax(), m.draw(z, top).Sigmoid(), m.draw(m.each(z), m.addAll).Sigmoid()
		l.machine = s.run.Look(l.chances, l.reconstructions, l.analogues)
		return l
	}
	s.shown, s.own = newLook("shown x", semiShown), newLook("own x", 1)
}

// checkLabels returns an error where images lack labels or one is not below k.
func checkLabels(which string, images *data.Images, k int) error {
	if images.Labels == nil {
		return fmt.Errorf("gumbel: the %d %s images have no labels: give images with labels", images.Count(), which)
	}
	for i, y := range images.Labels {
		if int(y) >= k {
			return fmt.Errorf("gumbel: %s image %d has label %d: it must be below %d", which, i, y, k)
		}
	}
	return nil
}

// chooseLabelled returns n of the images, equally many of each of k classes, which
// come in turn.
func chooseLabelled(images *data.Images, n, k int, r *random.Stream) ([]int, error) {
	if err := checkLabels("training", images, k); err != nil {
		return nil, err
	}
	if k < 2 {
		return nil, fmt.Errorf("gumbel: the labels are of %d class: there must be 2 at least", k)
	}
	if n < k || n%k != 0 {
		return nil, fmt.Errorf("gumbel: %d labels of %d classes: it must be a multiple, so that there are equally many of each, such as %d or %d", n, k, max(n/k, 1)*k, max(n/k, 1)*k+k)
	}
	of := make([][]int, k)
	for _, i := range r.Perm(images.Count()) {
		y := images.Labels[i]
		of[y] = append(of[y], i)
	}
	var chosen []int
	for i := range n {
		y := i % k
		if i/k >= len(of[y]) {
			return nil, fmt.Errorf("gumbel: %d labels are %d of each class, and %d training images have label %d: use fewer labels", n, n/k, len(of[y]), y)
		}
		chosen = append(chosen, of[y][i/k])
	}
	return chosen, nil
}

// Tau returns the temperature of the next step.
func (s *Semi) Tau() float64 { return ScheduleOf(s.run).At(s.run.Step()) }

// Iterate trains on the next batch of labelled and of unlabelled images. It returns
// the name of the first number that is no longer finite, or "".
func (s *Semi) Iterate() string {
	b, memory, step := s.batch, s.run.Memory, s.run.Step()
	program.Feed(memory, b.Y, func(y []float32) {
		clear(y)
		for i := range s.index {
			s.index[i] = s.labelled[(step*len(s.index)+i)%len(s.labelled)]
			y[i*s.K+int(s.Train.Labels[s.index[i]])] = 1
		}
	})
	s.load(b.X, s.index)
	s.load(b.UnlabelledX, s.epochs.Batch(step, s.Train.Count(), s.Batch))
	memory.Normal(b.Eps, s.normal)
	memory.Normal(b.UnlabelledEps, s.normal)
	memory.Uniform(b.U, s.uniform)
	if bad := s.run.Descend(s.train, s.objective.J, "objective"); bad != "" {
		return bad
	}
	s.run.Finish()
	return ""
}

// load sets an input to training images, binarised anew.
func (s *Semi) load(x *graph.Node, index []int) {
	program.Feed(s.run.Memory, x, func(dst []float32) {
		s.Train.Fill(dst, index)
		data.Binarise(dst, s.binarise)
	})
}

// Parts returns E[-L(x, y)] and E[log q(y|x)] of the last step's labelled images and
// E[-U(x)] of its unlabelled ones, in nats an image, as it was trained with.
func (s *Semi) Parts() (labelled, unlabelled, classification float64) {
	o := s.objective
	return s.train.Scalar(o.Labelled), s.train.Scalar(o.Unlabelled), s.train.Scalar(o.Classification)
}

// Measure returns, of the first n test images, the mean of -U(x), a lower bound on
// log p(x), in nats, and the share of them whose likeliest class by q(y|x) is their
// label. The bound goes through all classes, whatever the estimator, with one z a
// class, so it does not depend on the temperature; its noise is always the same. n is
// rounded up to a multiple of SemiTest, and down where there are fewer test images.
func (s *Semi) Measure(n int) (elbo, accuracy float64) {
	batches := min((n+SemiTest-1)/SemiTest, s.Test.Count()/SemiTest)
	s.measured.Seek(0)
	index := make([]int, SemiTest)
	for b := range batches {
		for i := range index {
			index[i] = b*SemiTest + i
		}
		program.Feed(s.run.Memory, s.testX, func(dst []float32) { s.Test.Fill(dst, index) })
		s.run.Memory.Normal(s.testEps, s.measured)
		s.test.Run()
		for i, x := range s.test.Read(s.testELBO) {
			elbo += float64(x)
			q := s.test.Read(s.testChances)[i*s.K:][:s.K]
			if !measure.Distributions(q, s.K) {
				accuracy = math.NaN()
			}
			if slices.Index(q, slices.Max(q)) == int(s.Test.Labels[index[i]]) {
				accuracy++
			}
		}
	}
	return elbo / float64(batches*SemiTest), accuracy / float64(batches*SemiTest)
}

// A SemiView is what can be drawn of a Semi. Its slices are valid until the next.
type SemiView struct {
	Digits, Reconstructions []float32 // (16, pixels): test images as the model sees them, and decoded
	Labels                  []uint8   // of Digits
	Chances                 []float32 // (16, K), q(y|x)
	Analogues               []float32 // (8, K, pixels): the first 8 digits' z decoded in every class, figure 5(b)
	Tau                     float64
}

// View computes what can be drawn now. Nothing in it is random: z is the mean of
// q(z|x,y) in the likeliest class y.
func (s *Semi) View() SemiView {
	l := &s.shown
	x := make([]float32, l.x.Len())
	var index [semiShown]int
	for i := range index {
		index[i] = i
	}
	s.Test.Fill(x, index[:])
	s.run.Memory.Write(l.x, x)
	l.machine.Run()
	pixels := len(x) / semiShown
	return SemiView{
		Digits: x, Reconstructions: l.machine.Read(l.reconstructions), Labels: s.Test.Labels[:semiShown], Chances: l.machine.Read(l.chances),
		Analogues: l.machine.Read(l.analogues)[:semiAnalogues*s.K*pixels], Tau: s.Tau(),
	}
}

// Classify returns of an image of as many pixels as the digits, in [0, 1], q(y|x),
// (K), and its z decoded in every class, (K, pixels), as View does. It panics where
// the image has another number of pixels. The results are valid until the next.
func (s *Semi) Classify(image []float32) (chances, analogues []float32) {
	l := &s.own
	s.run.Memory.Write(l.x, image)
	l.machine.Run()
	return l.machine.Read(l.chances), l.machine.Read(l.analogues)
}
