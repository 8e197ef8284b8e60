package gumbel

import (
	"fmt"

	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/train"
)

// SOPConfig says which stochastic network to train.
type SOPConfig struct {
	Config
	Variables // of each of the two layers: section 4.1 has 200 bits, or 20×10
}

// Sizes of what an SOP draws.
const (
	ShownCompletions = 6  // of every digit
	sopDigits        = 8  // of the test images
	sopDraws         = 32 // completions that a mean is of
)

// An SOP is structured output prediction, section 4.1: from the upper half of a
// digit it predicts the lower, through two layers of discrete variables with
// linear maps between them. Its objective is -log p(lower|z₂), of one sample, and
// it has no prior: what is measured is the bound of many samples.
type SOP struct {
	*training
	Variables

	shown, own completer
}

// NewSOP builds an SOP on a run at step 0. It panics if the configuration makes no graph,
// or images have no two halves. Train must hold a batch or more, and Test 100.
func NewSOP(r *train.Run, c SOPConfig) *SOP {
	if c.Train.Rows%2 != 0 {
		panic(fmt.Sprintf("gumbel: images of %d rows have no two halves", c.Train.Rows))
	}
	s := &SOP{Variables: c.Variables}
	half := c.Train.Rows * c.Train.Cols / 2
	block := nn.NewBlock("sop")
	first := nn.NewLinear(block, "first", half, c.Width(), nn.Glorot(half, c.Width()))
	second := nn.NewLinear(block, "second", c.Width(), c.Width(), nn.Glorot(c.Width(), c.Width()))
	out := nn.NewLinear(block, "lower", c.Width(), half, nn.Glorot(c.Width(), half))
	var g *graph.Graph
	s.training, g = newTraining(r, c.Config, block, func(x *graph.Node) Chain {
		upper, lower := x.Slice(0, half), x.Slice(half, 2*half)
		return Chain{X: upper, Layers: []Layer{{c.Variables, first.Apply}, {c.Variables, second.Apply}}, Beside: lower, Cost: func(z *graph.Node) *graph.Node {
			return Bernoulli(out.Apply(z), lower)
		}}
	})
	s.shown, s.own = s.completer(g, "shown", sopDigits, out), s.completer(g, "own", 1, out)
	return s
}

// A completer draws the lower halves of n images, sopDraws each.
type completer struct {
	n      int
	x      *graph.Node // (n·sopDraws, pixels), every image so often
	noise  []*graph.Node
	z      []*graph.Node
	chance *graph.Node // of every pixel of the lower half, (n·sopDraws, pixels/2)
	run    program.Machine
}

func (s *SOP) completer(g *graph.Graph, name string, n int, out nn.Linear) completer {
	c := completer{n: n, x: g.Input(name+" x", n*sopDraws, s.pixels)}
	chain := s.model(c.x)
	c.noise = chain.noise(name + " u")
	p := chain.through(chain.hard(c.noise))
	c.z, c.chance = p.z, out.Apply(p.z[1]).Sigmoid()
	c.run = s.run.Look(c.z[0], c.z[1], c.chance)
	return c
}

// A Completion is what an SOP makes of upper halves. Below the upper half, as it was
// given, stands every pixel's chance to be white.
type Completion struct {
	Digits  []float32    // (n, pixels), as they were given
	Samples []float32    // (n, ShownCompletions, pixels), each of one sample of the layers
	Mean    []float32    // (n, pixels), over 32 samples
	Codes   [2][]float32 // (n, N·K): the layers of every first sample
}

// complete completes images, (n, pixels). Its noise is always the same.
func (s *SOP) complete(c *completer, images []float32) Completion {
	v := Completion{Digits: images, Samples: make([]float32, c.n*ShownCompletions*s.pixels), Mean: make([]float32, c.n*s.pixels)}
	program.Feed(s.run.Memory, c.x, func(dst []float32) {
		for i := range c.n * sopDraws {
			copy(dst[i*s.pixels:], images[i/sopDraws*s.pixels:][:s.pixels])
		}
	})
	r := s.looked
	r.Seek(0)
	for _, u := range c.noise {
		s.run.Memory.Uniform(u, r)
	}
	c.run.Run()
	chance, half := c.run.Read(c.chance), s.pixels/2
	for i := range c.n {
		upper, mean := images[i*s.pixels:][:half], v.Mean[i*s.pixels:][:s.pixels]
		copy(mean, upper)
		for k := range sopDraws {
			drawn := chance[(i*sopDraws+k)*half:][:half]
			if k < ShownCompletions {
				sample := v.Samples[(i*ShownCompletions+k)*s.pixels:][:s.pixels]
				copy(sample, upper)
				copy(sample[half:], drawn)
			}
			for j, p := range drawn {
				mean[half+j] += p / sopDraws
			}
		}
		for l := range v.Codes {
			w := s.Width()
			v.Codes[l] = append(v.Codes[l], c.run.Read(c.z[l])[i*sopDraws*w:][:w]...)
		}
	}
	return v
}

// View completes the first 8 test digits.
func (s *SOP) View() Completion {
	index := make([]int, s.shown.n)
	for i := range index {
		index[i] = i
	}
	images := make([]float32, s.shown.n*s.pixels)
	s.looked.Seek(1 << 40) // apart from the noise
	s.see(images, s.Test, index, s.looked)
	return s.complete(&s.shown, images)
}

// Complete completes an image of as many pixels as the digits, in [0, 1], of which
// only the upper half matters. It panics where it has another number of pixels.
func (s *SOP) Complete(image []float32) Completion {
	if len(image) != s.pixels {
		panic(fmt.Sprintf("gumbel: an image of %d pixels where %d belong", len(image), s.pixels))
	}
	return s.complete(&s.own, image)
}
