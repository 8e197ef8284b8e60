package nn

import (
	"fmt"

	"ganbel/core/graph"
)

// Activation is a function of one node, applied element by element.
type Activation func(*graph.Node) *graph.Node

// The activations by name. softplus2 is the paper's smooth softplus(2x+2)/2 - 1
// (Gulrajani et al., appendix D); leaky relu has their slope .2.
var activations = map[string]Activation{
	"relu":      (*graph.Node).ReLU,
	"tanh":      (*graph.Node).Tanh,
	"sigmoid":   (*graph.Node).Sigmoid,
	"softplus":  (*graph.Node).Softplus,
	"softplus2": func(n *graph.Node) *graph.Node { return n.Scale(2).AddConst(2).Softplus().Scale(.5).AddConst(-1) },
	"leakyrelu": func(n *graph.Node) *graph.Node { return n.LeakyReLU(.2) },
}

// Act returns the activation called name: relu, leakyrelu, tanh, sigmoid,
// softplus or softplus2. It panics for another.
func Act(name string) Activation {
	a, ok := activations[name]
	if !ok {
		panic(fmt.Sprintf("nn: no activation %q", name))
	}
	return a
}

// Linear is x·W + b.
type Linear struct{ W, B *Param }

// NewLinear declares the weights, (in, out), and the bias, zero at first, in b.
func NewLinear(b *Block, name string, in, out int, init Init) Linear {
	return Linear{b.Add(name+".w", in, out, init), b.Add(name+".b", 1, out, Init{})}
}

// Apply maps (batch, in) to (batch, out).
func (l Linear) Apply(x *graph.Node) *graph.Node { return x.MatMul(l.W.Node).Add(l.B.Node) }

// MLP is a chain of linear layers with an activation between them.
type MLP struct {
	Layers []Linear
	Act    Activation
}

// NewMLP declares a chain of layers through the given sizes, two or more, input
// first. init tells how a layer's weights begin, such as ToyInit or GlorotInit.
func NewMLP(b *Block, name string, act Activation, init func(in, out int, last bool) Init, sizes ...int) MLP {
	m := MLP{Act: act}
	for i, in := range sizes[:len(sizes)-1] {
		out := sizes[i+1]
		m.Layers = append(m.Layers, NewLinear(b, fmt.Sprintf("%s.%d", name, i), in, out, init(in, out, i == len(sizes)-2)))
	}
	return m
}

// ToyInit begins hidden layers with He's weights and the last layer with
// Glorot's, as Gulrajani et al.'s toy code does.
func ToyInit(in, out int, last bool) Init {
	if last {
		return Glorot(in, out)
	}
	return He(in)
}

// GlorotInit begins every layer with Glorot's weights, as Jang et al.'s code does.
func GlorotInit(in, out int, _ bool) Init { return Glorot(in, out) }

// Apply maps (batch, first size) to (batch, last size). The last layer has no
// activation.
func (m MLP) Apply(x *graph.Node) *graph.Node {
	for i, l := range m.Layers {
		if i > 0 {
			x = m.Act(x)
		}
		x = l.Apply(x)
	}
	return x
}

// Conv is a convolution with SAME padding: the kernel is not flipped.
type Conv struct {
	Linear
	in, kh, kw, stride int
}

// NewConv declares a k by k convolution from in to out channels. Its weights,
// (k·k·in, out), begin with the fans of Gulrajani et al.'s code: in·k² and
// out·k²/stride².
func NewConv(b *Block, name string, in, out, k, stride int) Conv {
	init := ConvHe(in*k*k, out*k*k/(stride*stride))
	return Conv{NewLinear(b, name, k*k*in, out, init), in, k, k, stride}
}

// NewConv1D declares a convolution of sequences, k places wide. A sequence is an
// image of one row: Apply it with h = 1. Its fans are in·k and out·k/stride.
func NewConv1D(b *Block, name string, in, out, k, stride int) Conv {
	return Conv{NewLinear(b, name, k*in, out, ConvHe(in*k, out*k/stride)), in, 1, k, stride}
}

// Apply maps n images of h by w, (n·h·w, in), to (n·⌈h/stride⌉·⌈w/stride⌉, out).
func (c Conv) Apply(x *graph.Node, n, h, w int) *graph.Node {
	return c.Linear.Apply(x.Unfold(graph.Same(n, h, w, c.in, c.kh, c.kw, c.stride)))
}

// Deconv is the transposed convolution that is the adjoint of a Conv with SAME
// padding: it makes images stride times as large.
type Deconv struct {
	W, B           *Param
	out, k, stride int
}

// NewDeconv declares a k by k transposed convolution from in to out channels,
// with weights (in, k·k·out).
// Its fans are those of Gulrajani et al.'s code: in·k²/stride² and out·k².
func NewDeconv(b *Block, name string, in, out, k, stride int) Deconv {
	init := ConvHe(in*k*k/(stride*stride), out*k*k)
	return Deconv{b.Add(name+".w", in, k*k*out, init), b.Add(name+".b", 1, out, Init{}), out, k, stride}
}

// Apply maps n images of h by w, (n·h·w, in), to (n·h·stride·w·stride, out).
func (d Deconv) Apply(x *graph.Node, n, h, w int) *graph.Node {
	win := graph.Same(n, h*d.stride, w*d.stride, d.out, d.k, d.k, d.stride)
	return x.MatMul(d.W.Node).Fold(win).Add(d.B.Node)
}

// Norm is a scale and an offset a channel, with the statistics of either
// BatchNorm or LayerNorm.
type Norm struct{ Scale, Offset *Param }

// NewNorm declares scale 1 and offset 0 for each of channels.
func NewNorm(b *Block, name string, channels int) Norm {
	return Norm{b.Add(name+".scale", 1, channels, Init{Mean: 1}), b.Add(name+".offset", 1, channels, Init{})}
}

// normEps stands beside the variance under the root, as in both reference codes.
const normEps = 1e-5

// Batch normalises every channel of (rows, channels) over the rows, with 1e-5 added
// to the variance, always with the statistics of the batch at hand, as Gulrajani et
// al. do also when sampling.
func (l Norm) Batch(x *graph.Node) *graph.Node {
	scale := 1 / float64(x.Rows)
	centred := x.Sub(x.SumRows().Scale(scale))
	variance := centred.Square().SumRows().Scale(scale)
	return centred.Div(variance.AddConst(normEps).Sqrt()).Mul(l.Scale.Node).Add(l.Offset.Node)
}

// Layer normalises each of n samples over all its places and channels. x is
// (n·places, channels); scale and offset are per channel, and 1e-5 is added to the
// variance.
func (l Norm) Layer(x *graph.Node, n int) *graph.Node {
	flat := x.Reshape(n, x.Len()/n)
	scale := 1 / float64(flat.Cols)
	centred := flat.Sub(flat.SumCols().Scale(scale))
	variance := centred.Square().SumCols().Scale(scale)
	unit := centred.Div(variance.AddConst(normEps).Sqrt()).Reshape(x.Rows, x.Cols)
	return unit.Mul(l.Scale.Node).Add(l.Offset.Node)
}

// MeanPool averages 2 by 2 places of n images of h by w, both even: (n·h·w, c)
// becomes (n·h·w/4, c).
func MeanPool(x *graph.Node, n, h, w int) *graph.Node {
	c := x.Cols
	u := x.Unfold(graph.Same(n, h, w, c, 2, 2, 2))
	return u.Slice(0, c).Add(u.Slice(c, 2*c)).Add(u.Slice(2*c, 3*c)).Add(u.Slice(3*c, 4*c)).Scale(.25)
}

// Upsample doubles n images of h by w: every place becomes 2 by 2 (nearest
// neighbour), (n·h·w, c) becomes (4·n·h·w, c).
func Upsample(x *graph.Node, n, h, w int) *graph.Node {
	return graph.ConcatCols(x, x, x, x).Fold(graph.Same(n, 2*h, 2*w, x.Cols, 2, 2, 2))
}

// CrossEntropy returns -log p(x) of every element, in nats, where p is the Bernoulli
// with the given logits: softplus(logits) - x·logits. x, of the same shape, is 0 or
// 1, or grey between them, of which it is the expectation.
func CrossEntropy(logits, x *graph.Node) *graph.Node { return logits.Softplus().Sub(x.Mul(logits)) }
