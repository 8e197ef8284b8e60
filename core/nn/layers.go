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
type Linear struct{ W, B *Param } // B may be nil

// NewLinear declares the weights, (in, out), and the bias, zero at first, in b.
func NewLinear(b *Block, name string, in, out int, init Init) Linear {
	return Linear{b.Add(name+".w", in, out, init), b.Add(name+".b", 1, out, Init{})}
}

// Apply maps (batch, in) to (batch, out).
func (l Linear) Apply(x *graph.Node) *graph.Node { return biased(x.MatMul(l.W.Node), l.B) }

// biased adds a bias where there is one.
func biased(x *graph.Node, b *Param) *graph.Node {
	if b == nil {
		return x
	}
	return x.Add(b.Node)
}

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

// A ConvOption changes how a convolution begins.
type ConvOption func(*convOptions)

type convOptions struct {
	init   func(fanIn, fanOut int) Init
	noBias bool
}

// Begin makes weights begin as init says of the fans, such as Glorot, in place of
// ConvHe.
func Begin(init func(fanIn, fanOut int) Init) ConvOption {
	return func(o *convOptions) { o.init = init }
}

// NoBias leaves out the bias.
func NoBias(o *convOptions) { o.noBias = true }

// declare declares weights, (rows, cols), and a bias of so many channels.
func declare(b *Block, name string, rows, cols, channels, fanIn, fanOut int, options []ConvOption) Linear {
	o := convOptions{init: ConvHe}
	for _, set := range options {
		set(&o)
	}
	l := Linear{W: b.Add(name+".w", rows, cols, o.init(fanIn, fanOut))}
	if !o.noBias {
		l.B = b.Add(name+".b", 1, channels, Init{})
	}
	return l
}

// NewConv declares a k by k convolution from in to out channels. Its weights,
// (k·k·in, out), begin with the fans of Gulrajani et al.'s code: in·k² and
// out·k²/stride².
func NewConv(b *Block, name string, in, out, k, stride int, options ...ConvOption) Conv {
	return Conv{declare(b, name, k*k*in, out, out, in*k*k, out*k*k/(stride*stride), options), in, k, k, stride}
}

// NewConv1D declares a convolution of sequences, k places wide. A sequence is an
// image of one row: Apply it with h = 1. Its fans are in·k and out·k/stride.
func NewConv1D(b *Block, name string, in, out, k, stride int, options ...ConvOption) Conv {
	return Conv{declare(b, name, k*in, out, out, in*k, out*k/stride, options), in, 1, k, stride}
}

// Apply maps n images of h by w, (n·h·w, in), to (n·⌈h/stride⌉·⌈w/stride⌉, out).
func (c Conv) Apply(x *graph.Node, n, h, w int) *graph.Node {
	return c.Linear.Apply(x.Unfold(graph.Same(n, h, w, c.in, c.kh, c.kw, c.stride)))
}

// Deconv is the transposed convolution that is the adjoint of a Conv with SAME
// padding: it makes images stride times as large.
type Deconv struct {
	Linear
	out, k, stride int
}

// NewDeconv declares a k by k transposed convolution from in to out channels,
// with weights (in, k·k·out).
// Its fans are those of Gulrajani et al.'s code: in·k²/stride² and out·k².
func NewDeconv(b *Block, name string, in, out, k, stride int, options ...ConvOption) Deconv {
	return Deconv{declare(b, name, in, k*k*out, out, in*k*k/(stride*stride), out*k*k, options), out, k, stride}
}

// Apply maps n images of h by w, (n·h·w, in), to (n·h·stride·w·stride, out).
func (d Deconv) Apply(x *graph.Node, n, h, w int) *graph.Node {
	win := graph.Same(n, h*d.stride, w*d.stride, d.out, d.k, d.k, d.stride)
	return biased(x.MatMul(d.W.Node).Fold(win), d.B)
}

// Norm is a scale and an offset a channel, with the statistics of either
// BatchNorm or LayerNorm.
type Norm struct{ Scale, Offset *Param }

// NewNorm declares scale 1 and offset 0 for each of channels.
func NewNorm(b *Block, name string, channels int) Norm {
	return Norm{b.Add(name+".scale", 1, channels, Init{Mean: 1}), b.Add(name+".offset", 1, channels, Init{})}
}

// NormEps stands beside the variance under the root, as in both papers' codes.
const NormEps = 1e-5

// Batch normalises every channel of (rows, channels) over the rows, with 1e-5 added
// to the variance, always with the statistics of the batch at hand, as Gulrajani et
// al. do also when sampling.
func (l Norm) Batch(x *graph.Node) *graph.Node {
	return standard(x).Mul(l.Scale.Node).Add(l.Offset.Node)
}

// standard returns x with mean 0 and variance 1 in every column.
func standard(x *graph.Node) *graph.Node {
	scale := 1 / float64(x.Rows)
	centred := x.Sub(x.SumRows().Scale(scale))
	variance := centred.Square().SumRows().Scale(scale)
	return centred.Div(variance.AddConst(NormEps).Sqrt())
}

// ConditionalNorm is BatchNorm with a scale and an offset a class and channel.
type ConditionalNorm struct{ Scale, Offset *Param }

// NewConditionalNorm declares scales 1 and offsets 0, (classes, channels).
func NewConditionalNorm(b *Block, name string, classes, channels int) ConditionalNorm {
	return ConditionalNorm{b.Add(name+".scale", classes, channels, Init{Mean: 1}), b.Add(name+".offset", classes, channels, Init{})}
}

// Batch normalises as Norm's Batch does n images of side by side, (n·side², channels),
// whose classes are one-hot, (n, classes). side must be a power of 2.
func (l ConditionalNorm) Batch(x, classes *graph.Node, side int) *graph.Node {
	spread := func(table *Param) *graph.Node {
		v := classes.MatMul(table.Node)
		for at := 1; at < side; at *= 2 {
			v = Upsample(v, classes.Rows, at, at)
		}
		return v
	}
	return standard(x).Mul(spread(l.Scale)).Add(spread(l.Offset))
}

// Layer normalises each of n samples over all its places and channels. x is
// (n·places, channels); scale and offset are per channel, and 1e-5 is added to the
// variance.
func (l Norm) Layer(x *graph.Node, n int) *graph.Node {
	flat := x.Reshape(n, x.Len()/n)
	scale := 1 / float64(flat.Cols)
	centred := flat.Sub(flat.SumCols().Scale(scale))
	variance := centred.Square().SumCols().Scale(scale)
	unit := centred.Div(variance.AddConst(NormEps).Sqrt()).Reshape(x.Rows, x.Cols)
	return unit.Mul(l.Scale.Node).Add(l.Offset.Node)
}

// MeanPool averages 2 by 2 places of n images of h by w, both even: (n·h·w, c)
// becomes (n·h·w/4, c).
func MeanPool(x *graph.Node, n, h, w int) *graph.Node {
	return x.Pool(graph.Same(n, h, w, x.Cols, 2, 2, 2)).Scale(.25)
}

// Upsample doubles n images of h by w: every place becomes 2 by 2 (nearest
// neighbour), (n·h·w, c) becomes (4·n·h·w, c).
func Upsample(x *graph.Node, n, h, w int) *graph.Node {
	return x.Spread(graph.Same(n, 2*h, 2*w, x.Cols, 2, 2, 2))
}

// CrossEntropy returns -log p(x) of every element, in nats, where p is the Bernoulli
// with the given logits. x, of the same shape, is 0 or 1, or grey between them, of which
// it is the expectation: -x·log σ(logits) - (1-x)·log σ(-logits). A logit of ±Inf is a
// bit that is certain: 0 if x agrees, and otherwise +Inf.
func CrossEntropy(logits, x *graph.Node) *graph.Node {
	// log(1 + e^-|logits|) + w·|logits|, where w is the chance of the less likely value:
	// the difference of softplus and x·logits would cancel. It is what most pixels cost,
	// and so in few operators: w·|logits| is off·logits.
	small := logits.Step(-1).Mul(logits).Neg()
	off := logits.Step(0).Sub(x)
	sure := off.Mul(logits).Square().AddConst(1) // NaN if a certain bit is right, else above 0
	return small.Softplus().Add(off.Mul(logits.Gate(sure, 0)))
}

// ClassCrossEntropy returns the mean over rows of -log p(right class), (1, 1), in nats,
// where p is the categorical with the given logits, (n, K), and labels, of the same
// shape, are one-hot, or chances. A class whose logit is -Inf adds nothing unless it is
// the right one: then the result is +Inf.
func ClassCrossEntropy(logits, labels *graph.Node) *graph.Node {
	return labels.TimesLog(logits.LogSoftmax()).Sum().Scale(-1 / float64(logits.Rows))
}

// Crop keeps the first side by side places of n images of h by w.
func Crop(x *graph.Node, n, h, w, side int) *graph.Node {
	c := x.Cols
	x = x.Reshape(n, h*w*c).Slice(0, side*w*c)
	return x.Reshape(n*side, w*c).Slice(0, side*c).Reshape(n*side*side, c)
}

// DepthToSpace makes every place of n images of h by w, (n·h·w, 4c), 2 by 2 places:
// (4·n·h·w, c).
func DepthToSpace(x *graph.Node, n, h, w int) *graph.Node {
	return x.Fold(graph.Same(n, 2*h, 2*w, x.Cols/4, 2, 2, 2))
}
