package wgan

import (
	"fmt"
	"slices"

	"ganbel/core/graph"
	"ganbel/core/nn"
)

// What the papers' networks are written in: a network is a chain of layers.

// A batch is what a layer must know of the examples that pass through it.
type batch struct {
	n      int         // examples
	labels *graph.Node // (n, K), one-hot, or nil
}

// A layer maps what it is given of a batch, (n·places, channels), to the same of more
// or fewer places and channels.
type layer func(x *graph.Node, b batch) *graph.Node

// chain applies layers in turn.
func chain(layers ...layer) layer {
	return func(x *graph.Node, b batch) *graph.Node {
		for _, l := range layers {
			x = l(x, b)
		}
		return x
	}
}

// residual adds the two ways through a block.
func residual(main, shortcut layer) layer {
	return func(x *graph.Node, b batch) *graph.Node { return main(x, b).Add(shortcut(x, b)) }
}

var identity layer = func(x *graph.Node, _ batch) *graph.Node { return x }

// each applies an activation.
func each(f nn.Activation) layer {
	return func(x *graph.Node, _ batch) *graph.Node { return f(x) }
}

// The activations by the names that the paper's text gives them.
var (
	relu  = each((*graph.Node).ReLU)
	tanh  = each((*graph.Node).Tanh)
	leaky = each(nn.Act("leakyrelu"))
)

func scale(k float64) layer {
	return func(x *graph.Node, _ batch) *graph.Node { return x.Scale(k) }
}

// rows lays a batch out as rows places an example; flat makes an example one row.
func rows(places int) layer {
	return func(x *graph.Node, b batch) *graph.Node { return x.Reshape(b.n*places, x.Len()/(b.n*places)) }
}

var flat = rows(1)

// meanPool halves and upsample doubles the side of images.
func meanPool(side int) layer {
	return func(x *graph.Node, b batch) *graph.Node { return nn.MeanPool(x, b.n, side, side) }
}

func upsample(side int) layer {
	return func(x *graph.Node, b batch) *graph.Node { return nn.Upsample(x, b.n, side, side) }
}

// depthToSpace makes four channels of a place one channel of four places.
func depthToSpace(side int) layer {
	return func(x *graph.Node, b batch) *graph.Node { return nn.DepthToSpace(x, b.n, side, side) }
}

// crop keeps the first side by side places of images.
func crop(from, side int) layer {
	return func(x *graph.Node, b batch) *graph.Node { return nn.Crop(x, b.n, from, from, side) }
}

// meanOver averages all places of images whose side is a power of 2.
func meanOver(side int) layer {
	return func(x *graph.Node, b batch) *graph.Node {
		for at := side; at > 1; at /= 2 {
			x = nn.MeanPool(x, b.n, at, at)
		}
		return x
	}
}

// A builder declares the layers of a network in its block, which numbers them.
type builder struct {
	*nn.Block
	count   int
	options []nn.ConvOption // of all convolutions
	begin   func(in, out int) nn.Init
}

// of returns a builder of b whose linear layers begin with Glorot's weights, and
// whose convolutions begin as nn has them but for the options.
func of(b *nn.Block, options ...nn.ConvOption) *builder {
	return &builder{Block: b, options: options, begin: nn.Glorot}
}

// dcgan returns a builder whose weights all begin uniform with deviation .02, as in
// the DCGAN nets of the authors' code.
func dcgan(b *nn.Block) *builder {
	init := func(int, int) nn.Init { return nn.Uniform(.02) }
	return &builder{Block: b, options: []nn.ConvOption{nn.Begin(init)}, begin: init}
}

// name returns the next layer's name.
func (s *builder) name() string {
	s.count++
	return fmt.Sprintf("%s.%d", s.Block.Name, s.count)
}

func (s *builder) linear(in, out int) layer { return s.linearOf(in, out, s.begin(in, out)) }

func (s *builder) linearOf(in, out int, init nn.Init) layer {
	l := nn.NewLinear(s.Block, s.name(), in, out, init)
	return func(x *graph.Node, _ batch) *graph.Node { return l.Apply(x) }
}

// conv is a k by k convolution of images of the given side.
func (s *builder) conv(in, out, k, stride, side int, options ...nn.ConvOption) layer {
	c := nn.NewConv(s.Block, s.name(), in, out, k, stride, slices.Concat(s.options, options)...)
	return func(x *graph.Node, b batch) *graph.Node { return c.Apply(x, b.n, side, side) }
}

// deconv is a transposed convolution, 5 by 5, that doubles the side of images.
func (s *builder) deconv(in, out, side int, options ...nn.ConvOption) layer {
	return s.deconvOf(in, out, 5, side, options...)
}

func (s *builder) deconvOf(in, out, k, side int, options ...nn.ConvOption) layer {
	c := nn.NewDeconv(s.Block, s.name(), in, out, k, 2, slices.Concat(s.options, options)...)
	return func(x *graph.Node, b batch) *graph.Node { return c.Apply(x, b.n, side, side) }
}

// A normaliser declares a normalisation of so many channels, if any.
type normaliser func(s *builder, channels int) layer

func batchNorm(s *builder, channels int) layer {
	l := nn.NewNorm(s.Block, s.name(), channels)
	return func(x *graph.Node, _ batch) *graph.Node { return l.Batch(x) }
}

func layerNorm(s *builder, channels int) layer {
	l := nn.NewNorm(s.Block, s.name(), channels)
	return func(x *graph.Node, b batch) *graph.Node { return l.Layer(x, b.n) }
}

func noNorm(*builder, int) layer { return identity }

// criticNorm is what critics normalise with: with a penalty LayerNorm, because a
// slope of one example must not depend on the others (section 4), else BatchNorm.
func (m Method) criticNorm() normaliser {
	if m.Penalised() {
		return layerNorm
	}
	return batchNorm
}

// A critic is what its score and AC-GAN's classes, which may be nil, are computed of.
type critic struct{ features, score, classes layer }

// networks makes Networks of a generator and a critic.
func networks(generator layer, c critic) Networks {
	of := func(last layer) Net {
		return func(x *graph.Node) *graph.Node {
			b := batch{n: x.Rows}
			return last(c.features(x, b), b)
		}
	}
	n := Networks{Critic: of(c.score), Generator: func(z, labels *graph.Node) *graph.Node {
		return flat(generator(z, batch{z.Rows, labels}), batch{n: z.Rows})
	}}
	if c.classes != nil {
		n.Classify = of(c.classes)
	}
	return n
}
