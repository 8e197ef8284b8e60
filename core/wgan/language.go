package wgan

import (
	"fmt"
	"slices"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/random"
)

// LineLength is how many letters the language model's lines have.
const LineLength = 32

// Lines are text as networks see it: each letter is one-hot. They have no labels.
type Lines struct{ *data.Text }

// Size returns how many numbers a line is.
func (l Lines) Size() int { return l.Length * len(l.Letters) }

// Classes returns 0.
func (l Lines) Classes() int { return 0 }

// Label panics: lines have none.
func (l Lines) Label(int) int { panic("wgan: lines of text have no labels") }

// Fill writes the lines of the given indices, one a row of (Length, letters).
func (l Lines) Fill(dst []float32, index []int, _ *random.Stream) {
	letters := len(l.Letters)
	clear(dst[:len(index)*l.Size()])
	for i, line := range index {
		for j, code := range l.Codes[line*l.Length:][:l.Length] {
			dst[(i*l.Length+j)*letters+int(code)] = 1
		}
	}
}

// Err returns nil: the text is in memory.
func (l Lines) Err() error { return nil }

// Decode appends the codes of generated lines to codes: of each place the likeliest
// letter's, the first of several.
func (l Lines) Decode(codes []uint16, lines []float32) []uint16 {
	for p := range slices.Chunk(lines, len(l.Letters)) {
		best := 0
		for i, x := range p {
			if x > p[best] {
				best = i
			}
		}
		codes = append(codes, uint16(best))
	}
	return codes
}

// A LanguageOutput is what the generator hands to the critic in place of a letter.
type LanguageOutput string

// The outputs. The last two are one-hot, as real letters are, with the gradient of what
// stands before them.
const (
	Softmax   LanguageOutput = "softmax"           // the chances of all letters: the paper's
	STSoftmax LanguageOutput = "st-softmax"        // the likeliest letter
	STGumbel  LanguageOutput = "st-gumbel-softmax" // a random one, by ST Gumbel-Softmax (Jang et al., 2017)
)

// LanguageOutputs are all of them.
var LanguageOutputs = []string{string(Softmax), string(STSoftmax), string(STGumbel)}

// A Language is the pair of networks of section 5.5's language model, residual ones of
// convolutions along the line.
type Language struct {
	Letters     int // in the alphabet
	Width       int // channels of all layers, 512 in the authors' code
	Blocks      int // residual blocks of each network, 5 there
	Output      LanguageOutput
	Temperature float64 // of STGumbel, τ
}

// Latent returns the dimensions of z: Latent, and for STGumbel as many more as its noise
// takes.
func (l Language) Latent() int {
	if l.Output == STGumbel {
		return Latent + 2*LineLength*l.Letters
	}
	return Latent
}

// Declare declares the networks.
func (l Language) Declare(d, g *nn.Block) Networks {
	blocks := func(s *builder) layer {
		net := identity
		for range l.Blocks {
			net = chain(net, s.residual1D(l.Width))
		}
		return net
	}
	s := of(g)
	logits := chain(s.linear(Latent, LineLength*l.Width), rows(LineLength), blocks(s), s.conv1D(l.Width, l.Letters, 1))
	if l.Output == STGumbel && !(l.Temperature > 0 && float32(1/l.Temperature) > 0 && l.Temperature >= 1e-38) {
		panic(fmt.Sprintf("wgan: the temperature τ is %v: it must be a positive number", l.Temperature))
	}
	generator := func(z *graph.Node, b batch) *graph.Node {
		if l.Output != STGumbel {
			return l.letters(logits(z, b))
		}
		noise := gumbel(z.Slice(Latent, z.Cols)).Reshape(b.n*LineLength, l.Letters)
		return l.letters(logits(z.Slice(0, Latent), b).Add(noise).Scale(1 / l.Temperature))
	}
	s = of(d)
	features := chain(rows(LineLength), s.conv1D(l.Letters, l.Width, 1), blocks(s), flat)
	return networks(generator, critic{features: features, score: s.linear(LineLength*l.Width, 1)})
}

// letters makes the output of logits, (n·LineLength, Letters).
func (l Language) letters(logits *graph.Node) *graph.Node {
	if l.Output == Softmax {
		return logits.Softmax()
	}
	return logits.Softmax().StraightThrough()
}

// gumbel makes of 2n normal numbers a row n of the standard Gumbel distribution: half the
// sum of two squares is of the exponential one, whose negative logarithm is.
func gumbel(z *graph.Node) *graph.Node {
	n := z.Cols / 2
	return z.Slice(0, n).Square().Add(z.Slice(n, 2*n).Square()).Scale(.5).Log().Neg()
}

// conv1D is a convolution along a line, k places wide.
func (s *builder) conv1D(in, out, k int) layer {
	c := nn.NewConv1D(s.Block, s.name(), in, out, k, 1, s.options...)
	return func(x *graph.Node, b batch) *graph.Node { return c.Apply(x, b.n, 1, LineLength) }
}

// residual1D is x + 0.3·conv(ReLU(conv(ReLU(x)))).
func (s *builder) residual1D(width int) layer {
	return residual(chain(relu, s.conv1D(width, width, 5), relu, s.conv1D(width, width, 5), scale(.3)), identity)
}
