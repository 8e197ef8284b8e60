package gumbel

import (
	"math"

	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/train"
)

// VAEConfig says which VAE to train.
type VAEConfig struct {
	Config
	Variables          // of the code: section 4.2 has 200 bits, or 20×10
	Hidden       []int // widths of the encoder's hidden layers; the decoder mirrors them. None is the paper's linear VAE
	LearnedPrior bool
}

// Sizes of what is drawn.
const (
	shownDigits = 16
	shownPrior  = 64
)

// A VAE trains the categorical VAE of section 4.2: its objective is -ELBO, with the
// KL of the discrete code, not of a relaxed one.
type VAE struct {
	*training
	Variables
	Hidden       []int
	LearnedPrior bool

	shownX, shownU, shownOut, shownCode *graph.Node
	priorU, priorOut                    *graph.Node

	shown, prior program.Machine
	codes        codes
}

// NewVAE builds a VAE on a run at step 0. It panics if the configuration makes no graph,
// such as one with a size below 1. Train must hold a batch or more.
func NewVAE(r *train.Run, c VAEConfig) *VAE {
	v := &VAE{Variables: c.Variables, Hidden: c.Hidden, LearnedPrior: c.LearnedPrior}
	pixels, code := c.Train.Rows*c.Train.Cols, c.Width()
	block := nn.NewBlock("vae")
	sizes := append(append([]int{pixels}, c.Hidden...), code)
	back := make([]int, len(sizes))
	for i, s := range sizes {
		back[len(sizes)-1-i] = s
	}
	enc := nn.NewMLP(block, "encoder", nn.Act("relu"), nn.GlorotInit, sizes...)
	dec := nn.NewMLP(block, "decoder", nn.Act("relu"), nn.GlorotInit, back...)
	var learned *nn.Param
	if c.LearnedPrior {
		learned = block.Add("prior", c.N, c.K, nn.Init{})
	}
	var g *graph.Graph
	v.training, g = newTraining(r, c.Config, block, func(x *graph.Node) Chain {
		prior := x.Graph().Const(1, code, 0)
		if learned != nil {
			prior = learned.Node.Reshape(1, code)
		}
		return Chain{X: x, Layers: []Layer{{c.Variables, enc.Apply}}, Prior: prior, Cost: func(z *graph.Node) *graph.Node {
			return Bernoulli(dec.Apply(z), x)
		}}
	})

	// What is drawn: test digits, and digits from the prior at the present temperature.
	relaxed := func(logits, u *graph.Node) *graph.Node { return v.Relaxed(v.Perturbed(logits, u), v.tau) }
	v.shownX, v.shownU = g.Input("shown x", shownDigits, pixels), g.Input("shown u", shownDigits, code)
	shown := v.model(v.shownX)
	v.shownCode = relaxed(shown.Layers[0].Logits(v.shownX), v.shownU)
	v.shownOut = dec.Apply(v.shownCode).Sigmoid()
	v.shown = v.run.Look(v.shownOut, v.shownCode)
	v.priorU = g.Input("prior u", shownPrior, code)
	v.priorOut = dec.Apply(relaxed(shown.Prior.Expand(shownPrior, code), v.priorU)).Sigmoid()
	v.prior = v.run.Look(v.priorOut)
	v.codes = newCodes(v, g, dec)
	return v
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
	r := v.looked
	r.Seek(0)
	index := make([]int, shownDigits)
	for i := range index {
		index[i] = i
	}
	out.Digits = make([]float32, v.shownX.Len())
	v.see(out.Digits, v.Test, index, r)
	v.run.Memory.Write(v.shownX, out.Digits)
	v.run.Memory.Uniform(v.shownU, r)
	v.run.Memory.Uniform(v.priorU, r)
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
