package gumbel

import (
	"math"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/measure"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// ELBO is the evidence lower bound of a categorical VAE, as its two parts.
type ELBO struct {
	Loss           *graph.Node // Reconstruction + KL = -ELBO, (1, 1), nats a sample
	Reconstruction *graph.Node // mean -log p(x|y), (1, 1)
	KL             *graph.Node // mean KL[q(z|x) ‖ p(z)], (1, 1)
	Code           *graph.Node // y, (batch·N, K)
	Logits         *graph.Node // of q(z|x), (batch·N, K)
}

// VAELoss is -ELBO of section 4.2: x and target are (batch, pixels), u is
// (batch·N, K) uniform noise, tau (1, 1). prior holds logits, (N, K), or is nil
// for the uniform prior. hard chooses the straight-through estimator.
func VAELoss(enc, dec func(*graph.Node) *graph.Node, x, target, u, tau, prior *graph.Node, hard bool) ELBO {
	batch, classes := x.Rows, u.Cols
	logits := enc(x).Reshape(u.Rows, classes)
	y := Softmax(logits, u, tau)
	if hard {
		y = y.StraightThrough()
	}
	out := dec(y.Reshape(batch, u.Len()/batch))
	perSample := 1 / float64(batch)
	rec := nn.CrossEntropy(out, target).Sum().Scale(perSample)
	kl := KLUniform(logits)
	if prior != nil {
		kl = KL(logits, tile(prior, batch))
	}
	kl = kl.Sum().Scale(perSample)
	return ELBO{rec.Add(kl), rec, kl, y, logits}
}

// tile returns (N, K) repeated for every sample, (batch·N, K).
func tile(prior *graph.Node, batch int) *graph.Node {
	return prior.Reshape(1, prior.Len()).Expand(batch, prior.Len()).Reshape(batch*prior.Rows, prior.Cols)
}

// Binarisation says what the VAE sees of grey images.
type Binarisation string

// The binarisations.
const (
	Grey    Binarisation = "grey"    // as they are, as in the authors' notebook
	Fixed   Binarisation = "fixed"   // every pixel drawn once, with its grey as probability
	Dynamic Binarisation = "dynamic" // drawn anew every time
)

// VAEConfig says which VAE to train.
type VAEConfig struct {
	Train, Test     *data.Images
	N, K            int   // categorical variables, and classes of each
	Hidden          []int // widths of the encoder's hidden layers; the decoder mirrors them. None is the paper's linear VAE
	StraightThrough bool
	LearnedPrior    bool
	Temperature     Schedule
	Binarisation    Binarisation
	Batch           int
	Optimiser       string  // "adam" (β .9, .999) or "momentum" (.9)
	Rate            float64 // learning rate
	RateFall        float64 // the rate is multiplied by this every RateEvery steps, at steps 1, 1+RateEvery, …
	RateEvery       int     // 0 for never
	Seed            uint64
	Goroutines      int
}

// Sizes of what is drawn and measured.
const (
	shownDigits = 16
	shownPrior  = 64
	testDigits  = 100
)

// A VAE trains the categorical VAE. Its exported numbers may be turned while it trains.
type VAE struct {
	VAEConfig
	Iteration int // finished steps

	memory  *cpu.Memory
	streams map[string]*random.Stream
	states  []*graph.Node
	pixels  int
	order   []int // this epoch's order of the training images
	epoch   int
	owners  map[*graph.Node]string // what belongs to which layer, see nn.Owner
	tracing bool

	x, u, tau, rate                     *graph.Node
	elbo                                ELBO
	shownX, shownU, shownOut, shownCode *graph.Node
	priorU, priorOut                    *graph.Node
	testX, testLogits                   *graph.Node
	hardX, hardLogits, hardU, logWeight *graph.Node

	train, shown, prior, encode, weigh *cpu.Machine
	codes                              codes
}

// NewVAE returns a run at step 0. It panics where the configuration makes no graph,
// such as one with a size below 1. Train must hold a batch or more.
func NewVAE(c VAEConfig) *VAE {
	v := &VAE{VAEConfig: c, memory: cpu.NewMemory(), streams: map[string]*random.Stream{}, pixels: c.Train.Rows * c.Train.Cols, epoch: -1}
	for _, purpose := range []string{"init", "data", "binarise", "gumbel", "measure", "frame"} {
		v.streams[purpose] = random.New(c.Seed, purpose)
	}
	if c.Binarisation == Fixed {
		v.Train, v.Test = c.Train.Binarised(v.streams["binarise"]), c.Test.Binarised(v.streams["binarise"])
	}
	g := graph.New()
	code := c.N * c.K
	block := nn.NewBlock("vae")
	sizes := append(append([]int{v.pixels}, c.Hidden...), code)
	back := make([]int, len(sizes))
	for i, s := range sizes {
		back[len(sizes)-1-i] = s
	}
	enc := nn.NewMLP(block, "encoder", nn.Act("relu"), nn.GlorotInit, sizes...)
	dec := nn.NewMLP(block, "decoder", nn.Act("relu"), nn.GlorotInit, back...)
	var priorLogits *nn.Param
	if c.LearnedPrior {
		priorLogits = block.Add("prior", c.N, c.K, nn.Init{})
	}
	block.Build(g)
	var prior *graph.Node
	if c.LearnedPrior {
		prior = priorLogits.Node
	}

	v.tau, v.rate = g.Input("tau", 1, 1), g.Input("rate", 1, 1)
	v.x, v.u = g.Input("x", c.Batch, v.pixels), g.Input("u", c.Batch*c.N, c.K)
	v.elbo = VAELoss(enc.Apply, dec.Apply, v.x, v.x, v.u, v.tau, prior, c.StraightThrough)
	var updates []graph.Update
	if c.Optimiser == "momentum" {
		updates = nn.Momentum{Rate: v.rate, Momentum: .9}.Minimize(v.elbo.Loss, block)
	} else {
		updates = nn.Adam{Rate: v.rate, Beta1: .9, Beta2: .999}.Minimize(v.elbo.Loss, block)
	}
	for _, u := range updates {
		v.states = append(v.states, u.X)
	}
	v.owners = block.Owners(v.elbo.Loss)
	v.train = v.open(updates, v.elbo.Loss, v.elbo.Reconstruction, v.elbo.KL)

	// What is drawn: test digits, and digits from the prior at the present temperature.
	v.shownX, v.shownU = g.Input("shown x", shownDigits, v.pixels), g.Input("shown u", shownDigits*c.N, c.K)
	v.shownCode = Softmax(enc.Apply(v.shownX).Reshape(shownDigits*c.N, c.K), v.shownU, v.tau)
	v.shownOut = dec.Apply(v.shownCode.Reshape(shownDigits, code)).Sigmoid()
	v.shown = v.open(nil, v.shownOut, v.shownCode)
	v.priorU = g.Input("prior u", shownPrior*c.N, c.K)
	logits := g.Const(shownPrior*c.N, c.K, 0)
	if prior != nil {
		logits = tile(prior, shownPrior)
	}
	z := Softmax(logits, v.priorU, v.tau)
	v.priorOut = dec.Apply(z.Reshape(shownPrior, code)).Sigmoid()
	v.prior = v.open(nil, v.priorOut)

	// The multi-sample bound, with hard samples: log p(x|z) + log p(z) - log q(z|x).
	v.testX = g.Input("test x", testDigits, v.pixels)
	v.testLogits = enc.Apply(v.testX).Reshape(testDigits*c.N, c.K)
	v.encode = v.open(nil, v.testLogits)
	v.hardLogits, v.hardU = g.Input("hard logits", testDigits*c.N, c.K), g.Input("hard u", testDigits*c.N, c.K)
	hard := v.hardLogits.Add(Noise(v.hardU)).OneHotMax()
	logp := nn.CrossEntropy(dec.Apply(hard.Reshape(testDigits, code)), v.testX).SumCols().Neg()
	logPrior := g.Const(testDigits*c.N, c.K, -math.Log(float64(c.K)))
	if prior != nil {
		logPrior = tile(prior, testDigits).LogSoftmax()
	}
	ratio := hard.Mul(logPrior.Sub(v.hardLogits.LogSoftmax())).Reshape(testDigits, code).SumCols()
	v.logWeight = logp.Add(ratio)
	v.weigh = v.open(nil, v.logWeight)
	v.codes = newCodes(v, enc, dec, prior)

	block.Init(v.memory.Of(block.Node), v.streams["init"])
	return v
}

func (v *VAE) open(updates []graph.Update, outs ...*graph.Node) *cpu.Machine {
	return cpu.Open(program.Compile(updates, outs...), v.memory, v.Goroutines)
}

// Tau returns the temperature of the next step, and of what is drawn.
func (v *VAE) Tau() float64 { return v.Temperature.At(v.Iteration) }

// LearningRate returns the present learning rate. The notebook multiplies its rate at
// steps 1, 1001, … counted from 0, so from the second step on it is already smaller.
func (v *VAE) LearningRate() float64 {
	if v.RateEvery == 0 {
		return v.Rate
	}
	return v.Rate * math.Pow(v.RateFall, float64((v.Iteration+v.RateEvery-1)/v.RateEvery))
}

// Iterate trains on the next batch. It returns the name of the first number that
// is no longer finite, or "".
func (v *VAE) Iterate() string {
	v.memory.Of(v.tau)[0], v.memory.Of(v.rate)[0] = float32(v.Tau()), float32(v.LearningRate())
	v.load(v.memory.Of(v.x), v.Train, v.batch(), v.streams["binarise"])
	v.streams["gumbel"].Uniform(v.memory.Of(v.u))
	if !v.tracing {
		v.train.Run()
	} else if n := v.train.Trace(); n != nil {
		return nn.Owner(n, v.owners)
	}
	if l := v.train.Scalar(v.elbo.Loss); math.IsNaN(l) || math.IsInf(l, 0) {
		return "loss"
	}
	v.Iteration++
	return ""
}

// Trace makes step, which is Iterate, slowly: it looks at the value of every
// operator, and returns the first that is not finite though its operands are, such
// as "Exp of encoder.0", or "".
func (v *VAE) Trace(step func() string) string {
	v.tracing = true
	defer func() { v.tracing = false }()
	return step()
}

// batch returns the indices of this step's images: the training images in an
// order that is new in every epoch; a last short batch is left out.
func (v *VAE) batch() []int {
	n := v.Train.Count()
	each := max(n/v.Batch, 1)
	if e := v.Iteration / each; e != v.epoch {
		v.streams["data"].Seek(uint64(e) << 32)
		v.order, v.epoch = v.streams["data"].Perm(n), e
	}
	at := v.Iteration % each * v.Batch
	return v.order[at : at+v.Batch]
}

// load writes the images of the given indices into dst as the VAE is to see them.
func (v *VAE) load(dst []float32, images *data.Images, index []int, r *random.Stream) {
	images.Fill(dst, index)
	if v.Binarisation == Dynamic {
		data.Binarise(dst, r)
	}
}

// Losses returns -ELBO of the last batch, and its parts, in nats a digit: relaxed
// or straight-through samples, as it is trained with.
func (v *VAE) Losses() (loss, reconstruction, kl float64) {
	return v.train.Scalar(v.elbo.Loss), v.train.Scalar(v.elbo.Reconstruction), v.train.Scalar(v.elbo.KL)
}

// Bound returns the multi-sample bound on -log p(x) of count test digits with m ≥ 1
// hard samples each: the mean of -log (1/m) Σ p(x, z)/q(z|x), in nats. count is
// rounded up to a multiple of 100 and at most the number of test digits. The
// result depends only on the seed and the parameters.
func (v *VAE) Bound(count, m int) float64 {
	u, x := v.memory.Of(v.hardU), v.memory.Of(v.testX)
	r := v.streams["measure"]
	r.Seek(0)
	index := make([]int, testDigits)
	logw := make([]float64, testDigits*m) // the m of one digit are neighbours
	total, batches := 0., min((count+testDigits-1)/testDigits, v.Test.Count()/testDigits)
	for b := range batches {
		for i := range index {
			index[i] = b*testDigits + i
		}
		v.load(x, v.Test, index, r)
		v.encode.Run()
		copy(v.memory.Of(v.hardLogits), v.encode.Read(v.testLogits))
		for s := range m {
			r.Uniform(u)
			v.weigh.Run()
			for i, w := range v.weigh.Read(v.logWeight) {
				logw[i*m+s] = float64(w)
			}
		}
		total += measure.MultiSampleBound(logw, m)
	}
	return -total / float64(batches)
}

// A View is what can be drawn of a VAE. Its slices are valid until the next.
type View struct {
	Digits, Reconstructions []float32 // (16, pixels), test digits
	Prior                   []float32 // (64, pixels), decoded from relaxed samples of the prior
	Codes                   []float32 // (16, N, K), their relaxed samples
	Usage                   []float32 // (N, K), how often each class is used, as Usage says
	Simplex                 []float32 // (512, 3), samples of a choice between three with chances Chances
	Chances                 []float64
	Tau                     float64
}

// View computes what can be drawn now. Its noise is always the same, so that
// only learning and the temperature move it.
func (v *VAE) View() View {
	out := View{Tau: v.Tau(), Chances: []float64{.1, .2, .7}}
	r := v.streams["frame"]
	r.Seek(0)
	v.memory.Of(v.tau)[0] = float32(out.Tau)
	index := make([]int, shownDigits)
	for i := range index {
		index[i] = i
	}
	out.Digits = v.memory.Of(v.shownX)
	v.load(out.Digits, v.Test, index, r)
	r.Uniform(v.memory.Of(v.shownU))
	r.Uniform(v.memory.Of(v.priorU))
	v.shown.Run()
	v.prior.Run()
	out.Reconstructions, out.Prior = v.shown.Read(v.shownOut), v.prior.Read(v.priorOut)
	out.Codes = v.shown.Read(v.shownCode)

	out.Simplex = make([]float32, 512*3)
	r.Uniform(out.Simplex)
	var y, logits [3]float64
	for i, p := range out.Chances {
		logits[i] = math.Log(p)
	}
	for at := 0; at < len(out.Simplex); at += 3 {
		s := out.Simplex[at : at+3]
		for i := range y {
			y[i] = float64(s[i])
		}
		if err := Sample(y[:], logits[:], y[:], out.Tau); err != nil {
			panic(err) // the chances are fixed and Tau is positive
		}
		for i := range y {
			s[i] = float32(y[i])
		}
	}
	out.Usage = v.Usage()
	return out
}

// State returns the storage of everything that training changes, by name, and
// the streams it draws from, by purpose. With Iteration it is all that a
// checkpoint needs, and the same whether the run was watched or not.
func (v *VAE) State() (map[string][]float32, map[string]*random.Stream) {
	s, streams := map[string][]float32{}, map[string]*random.Stream{}
	for _, n := range v.states {
		s[n.Name] = v.memory.Of(n)
	}
	for _, purpose := range []string{"data", "gumbel", "binarise"} {
		streams[purpose] = v.streams[purpose]
	}
	return s, streams
}

// Close ends the run's goroutines.
func (v *VAE) Close() {
	c := &v.codes
	for _, m := range []*cpu.Machine{v.train, v.shown, v.prior, v.encode, v.weigh, c.decode, c.encode, c.use, c.gap} {
		m.Close()
	}
}
