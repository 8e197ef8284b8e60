package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"ganbel/core/graph"
	"ganbel/core/random"
)

func numbers(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 7))
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-9*(1+math.Abs(want[i]))) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestActivations(t *testing.T) {
	g := graph.New()
	x := g.Input("x", 1, 3)
	for name, want := range map[string][]float64{
		"relu": {0, 0, 2}, "leakyrelu": {-.2, 0, 2}, "tanh": {math.Tanh(-1), 0, math.Tanh(2)},
		"sigmoid": {1 / (1 + math.E), .5, 1 / (1 + math.Exp(-2))}, "softplus": {math.Log1p(math.Exp(-1)), math.Ln2, math.Log1p(math.Exp(2))},
		"softplus2": {math.Log(2)/2 - 1, math.Log1p(math.Exp(2))/2 - 1, math.Log1p(math.Exp(6))/2 - 1},
	} {
		near(t, name, graph.Eval(graph.Feed{x: {-1, 0, 2}}, Act(name)(x))[0], want)
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown activation did not panic")
		}
	}()
	Act("cube")
}

// Weights begin uniform with the standard deviations of Gulrajani et al.'s code,
// biases and offsets at 0, scales at 1.
func TestInit(t *testing.T) {
	b := NewBlock("b")
	deviation := map[*Param]float64{}
	deviation[NewLinear(b, "glorot", 300, 500, Glorot(300, 500)).W] = math.Sqrt(2. / 800)
	deviation[NewLinear(b, "he", 300, 500, He(300)).W] = math.Sqrt(2. / 300)
	deviation[NewConv(b, "conv", 32, 64, 5, 2).W] = math.Sqrt(4. / (32*25 + 64*25/4))
	deviation[NewConv1D(b, "conv1d", 64, 128, 5, 1).W] = math.Sqrt(4. / (64*5 + 128*5))
	deviation[NewDeconv(b, "deconv", 64, 32, 5, 2).W] = math.Sqrt(4. / (64*25/4 + 32*25))
	norm := NewNorm(b, "norm", 7)
	v := make([]float32, b.Len())
	b.Init(v, random.New(1, "init"))
	for _, p := range b.Params() {
		part := v[p.Offset : p.Offset+p.Rows*p.Cols]
		s, trained := deviation[p]
		if !trained {
			want := float32(0)
			if p == norm.Scale {
				want = 1
			}
			for _, x := range part {
				if x != want {
					t.Fatalf("%s begins at %v, want %v", p.Name, x, want)
				}
			}
			continue
		}
		mean, square, most := 0., 0., 0.
		for _, x := range part {
			mean += float64(x) / float64(len(part))
			square += float64(x) * float64(x) / float64(len(part))
			most = math.Max(most, math.Abs(float64(x)))
		}
		if math.Abs(mean) > .03*s || math.Abs(math.Sqrt(square)-s) > .01*s || most > s*math.Sqrt(3) {
			t.Errorf("%s begins with mean %.4g, deviation %.4g and at most %.4g, want deviation %.4g within ±%.4g", p.Name, mean, math.Sqrt(square), most, s, s*math.Sqrt(3))
		}
	}
}

// The numbers of parameters that papers and their code have.
func TestSizes(t *testing.T) {
	for what, c := range map[string]struct {
		sizes []int
		want  int
	}{
		"toy generator": {[]int{2, 512, 512, 512, 2}, 527_874}, "toy critic": {[]int{2, 512, 512, 512, 1}, 527_361},
		"figure 1a critic": {[]int{2, 1024, 1024, 1}, 1_053_697},
	} {
		b := NewBlock(what)
		NewMLP(b, what, Act("relu"), ToyInit, c.sizes...)
		if b.Len() != c.want {
			t.Errorf("%s has %d parameters, want %d", what, b.Len(), c.want)
		}
	}
	vae := NewBlock("vae")
	NewMLP(vae, "encoder", Act("relu"), GlorotInit, 784, 512, 256, 300)
	NewMLP(vae, "decoder", Act("relu"), GlorotInit, 300, 256, 512, 784)
	if vae.Len() != 1_221_180 {
		t.Errorf("the notebook's VAE has %d parameters, want 1221180", vae.Len())
	}
	g, d := NewBlock("G"), NewBlock("D") // of section 1.4's MNIST
	NewLinear(g, "in", 128, 4096, Glorot(128, 4096))
	NewDeconv(g, "1", 256, 128, 5, 2)
	NewDeconv(g, "2", 128, 64, 5, 2)
	NewDeconv(g, "3", 64, 1, 5, 2)
	NewConv(d, "1", 1, 64, 5, 2)
	NewConv(d, "2", 64, 128, 5, 2)
	NewConv(d, "3", 128, 256, 5, 2)
	NewLinear(d, "out", 4096, 1, Glorot(4096, 1))
	if g.Len() != 1_554_177 || d.Len() != 1_030_145 {
		t.Errorf("the MNIST nets have %d and %d parameters, want 1554177 and 1030145", g.Len(), d.Len())
	}
}

// A convolution is the sum that its name promises, whatever side, kernel and stride.
func TestConv(t *testing.T) {
	for _, c := range []struct{ h, w, kh, k, stride int }{{7, 7, 5, 5, 2}, {6, 8, 3, 3, 1}, {8, 8, 5, 5, 2}, {1, 9, 1, 5, 1}, {1, 8, 1, 5, 2}} {
		const n, in, out = 2, 3, 2
		g, b := graph.New(), NewBlock("b")
		var conv Conv
		if c.kh == 1 {
			conv = NewConv1D(b, "c", in, out, c.k, c.stride)
		} else {
			conv = NewConv(b, "c", in, out, c.k, c.stride)
		}
		b.Build(g)
		x := g.Input("x", n*c.h*c.w, in)
		y := conv.Apply(x, n, c.h, c.w)
		xs, ps := numbers(x.Len(), 1), numbers(b.Len(), 2)
		oh, ow := (c.h+c.stride-1)/c.stride, (c.w+c.stride-1)/c.stride
		top, left := max((oh-1)*c.stride+c.kh-c.h, 0)/2, max((ow-1)*c.stride+c.k-c.w, 0)/2
		var want []float64
		for i := range n * oh * ow {
			for o := range out {
				s := ps[b.Len()-out+o]
				for tap := range c.kh * c.k {
					row, col := i/ow%oh*c.stride+tap/c.k-top, i%ow*c.stride+tap%c.k-left
					if row < 0 || row >= c.h || col < 0 || col >= c.w {
						continue
					}
					for ch := range in {
						s += xs[((i/(oh*ow)*c.h+row)*c.w+col)*in+ch] * ps[(tap*in+ch)*out+o]
					}
				}
				want = append(want, s)
			}
		}
		near(t, "convolution", graph.Eval(graph.Feed{x: xs, b.Node: ps}, y)[0], want)
	}
}

// Pixel i and tap k of a transposed convolution of kernel 5 and stride 2 meet in
// 2i+k-1, as in TensorFlow, and the image becomes exactly twice as large.
func TestDeconv(t *testing.T) {
	const n, h, w, in, out = 2, 3, 4, 2, 3
	g, b := graph.New(), NewBlock("b")
	d := NewDeconv(b, "d", in, out, 5, 2)
	b.Build(g)
	x := g.Input("x", n*h*w, in)
	xs, ps := numbers(x.Len(), 3), numbers(b.Len(), 4)
	want := make([]float64, n*2*h*2*w*out)
	for i := range want {
		want[i] = ps[b.Len()-out+i%out]
	}
	for i := range n * h * w {
		for ky := range 5 {
			for kx := range 5 {
				row, col := 2*(i/w%h)+ky-1, 2*(i%w)+kx-1
				if row < 0 || row >= 2*h || col < 0 || col >= 2*w {
					continue
				}
				for o := range out {
					for ch := range in {
						want[((i/(h*w)*2*h+row)*2*w+col)*out+o] += xs[i*in+ch] * ps[ch*25*out+(ky*5+kx)*out+o]
					}
				}
			}
		}
	}
	near(t, "transposed convolution", graph.Eval(graph.Feed{x: xs, b.Node: ps}, d.Apply(x, n, h, w))[0], want)
}

func TestPoolAndUpsample(t *testing.T) {
	g := graph.New()
	x := g.Input("x", 2*2*4, 2)
	v := make([]float64, x.Len()) // v = 10·place + channel
	for i := range v {
		v[i] = float64(10*(i/2) + i%2)
	}
	out := graph.Eval(graph.Feed{x: v}, MeanPool(x, 2, 2, 4), Upsample(x, 2, 2, 4))
	near(t, "mean pool", out[0], []float64{25, 26, 45, 46, 105, 106, 125, 126})
	for i := range 2 * 4 * 8 {
		image, row, col := i/32, i/8%4/2, i%8/2
		place := float64(10 * (image*8 + row*4 + col))
		near(t, "upsample", out[1][2*i:2*i+2], []float64{place, place + 1})
	}
}

// Normalised values have mean 0 and variance v/(v+ε), over the batch or over
// each sample; then come scale and offset of their channel.
func TestNorms(t *testing.T) {
	const n, places, channels = 3, 4, 5
	g, b := graph.New(), NewBlock("b")
	norm := NewNorm(b, "norm", channels)
	b.Build(g)
	x := g.Input("x", n*places, channels)
	params := []float64{1, 2, 3, 4, 5, .1, .2, .3, .4, .5}
	xs := numbers(x.Len(), 5)
	out := graph.Eval(graph.Feed{x: xs, b.Node: params}, norm.Batch(x), norm.Layer(x, n))
	for kind, group := range []func(i int) int{func(i int) int { return i % channels }, func(i int) int { return i / (places * channels) }} {
		count, mean, square := map[int]float64{}, map[int]float64{}, map[int]float64{}
		for i, v := range xs {
			count[group(i)]++
			mean[group(i)] += v
			square[group(i)] += v * v
		}
		want := make([]float64, len(xs))
		for i, v := range xs {
			k, c := group(i), i%channels
			m := mean[k] / count[k]
			want[i] = (v-m)/math.Sqrt(square[k]/count[k]-m*m+1e-5)*params[c] + params[channels+c]
		}
		near(t, []string{"batch norm", "layer norm"}[kind], out[kind], want)
	}
}

// The derivatives of layers, to second order, against finite differences.
func TestDerivatives(t *testing.T) {
	for name, build := range map[string]func(b *Block) func(x *graph.Node) *graph.Node{
		"batch norm": func(b *Block) func(*graph.Node) *graph.Node {
			return NewNorm(b, "n", 3).Batch
		},
		"layer norm": func(b *Block) func(*graph.Node) *graph.Node {
			n := NewNorm(b, "n", 3)
			return func(x *graph.Node) *graph.Node { return n.Layer(x, 2) }
		},
		"convolution": func(b *Block) func(*graph.Node) *graph.Node {
			c := NewConv(b, "c", 3, 2, 3, 2)
			return func(x *graph.Node) *graph.Node { return c.Apply(x, 2, 4, 2) }
		},
		"1-D": func(b *Block) func(*graph.Node) *graph.Node {
			c := NewConv1D(b, "c", 3, 2, 5, 1)
			return func(x *graph.Node) *graph.Node { return c.Apply(x, 2, 1, 8) }
		},
		"transposed": func(b *Block) func(*graph.Node) *graph.Node {
			d := NewDeconv(b, "d", 3, 2, 5, 2)
			return func(x *graph.Node) *graph.Node { return d.Apply(x, 2, 4, 2) }
		},
		"pool and upsample": func(b *Block) func(*graph.Node) *graph.Node {
			n := NewNorm(b, "n", 3)
			return func(x *graph.Node) *graph.Node { return n.Batch(Upsample(MeanPool(x, 2, 4, 2), 2, 2, 1)) }
		},
		"cross-entropy": func(b *Block) func(*graph.Node) *graph.Node {
			l := NewLinear(b, "l", 3, 3, Init{})
			return func(x *graph.Node) *graph.Node { return CrossEntropy(l.Apply(x), x.Sigmoid()) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, b := graph.New(), NewBlock("b")
			apply := build(b)
			b.Build(g)
			x := g.Input("x", 2*4*2, 3)
			loss := apply(x).Tanh().Sum()
			at := graph.Feed{x: numbers(x.Len(), 6), b.Node: numbers(b.Len(), 7)}
			along := graph.Feed{x: numbers(x.Len(), 8), b.Node: numbers(b.Len(), 9)}
			for order, off := range graph.Differences(loss, at, along) {
				if !(off < 1e-6) {
					t.Errorf("order %d is %.2g off", order+1, off)
				}
			}
		})
	}
}

// -log p of black and white, and of grey, which no p explains wholly.
func TestCrossEntropy(t *testing.T) {
	g := graph.New()
	logits, x := g.Input("logits", 1, 4), g.Input("x", 1, 4)
	got := graph.Eval(graph.Feed{logits: {0, 3, 3, 1000}, x: {.5, 1, 0, 1}}, CrossEntropy(logits, x))[0]
	p := 1 / (1 + math.Exp(-3))
	near(t, "cross-entropy", got, []float64{math.Ln2, -math.Log(p), -math.Log(1 - p), 0})
}

func TestBlock(t *testing.T) {
	g, b := graph.New(), NewBlock("b")
	w := b.Add("w", 2, 3, Init{})
	v := b.Add("v", 1, 2, Init{})
	b.Build(g)
	// Of Σ w·w + Σ v the gradient is 2w, then ones.
	grad := b.Grad(w.Node.Square().Sum().Add(v.Node.Sum()))
	near(t, "gradient", graph.Eval(graph.Feed{b.Node: {1, 2, 3, 4, 5, 6, 7, 8}}, grad)[0], []float64{2, 4, 6, 8, 10, 12, 1, 1})
	defer func() {
		if recover() == nil {
			t.Error("a built block took another parameter")
		}
	}()
	b.Add("late", 1, 1, Init{})
}

// Classes give images scales and offsets of their own, spread over all places.
func TestConditionalNorm(t *testing.T) {
	const n, side, channels, classes = 2, 4, 3, 2
	g, b := graph.New(), NewBlock("b")
	norm := NewConditionalNorm(b, "norm", classes, channels)
	b.Build(g)
	x, y := g.Input("x", n*side*side, channels), g.Input("y", n, classes)
	xs := numbers(x.Len(), 11)
	params := []float64{1, 2, 3, 4, 5, 6, .1, .2, .3, .4, .5, .6}
	got := graph.Eval(graph.Feed{x: xs, y: {0, 1, 1, 0}, b.Node: params}, norm.Batch(x, y, side))[0]
	want := make([]float64, len(xs))
	for c := range channels {
		mean, square := 0., 0.
		for i := c; i < len(xs); i += channels {
			mean += xs[i] / (n * side * side)
			square += xs[i] * xs[i] / (n * side * side)
		}
		for i := c; i < len(xs); i += channels {
			class := 1 - i/(side*side*channels) // the first image is of class 1
			want[i] = (xs[i]-mean)/math.Sqrt(square-mean*mean+1e-5)*params[class*channels+c] + params[classes*channels+class*channels+c]
		}
	}
	near(t, "conditional norm", got, want)
}

func TestCropAndDepthToSpace(t *testing.T) {
	g := graph.New()
	x := g.Input("x", 2*3*4, 2) // v = 100·image + 10·row + column, and half more in channel 1
	v := make([]float64, x.Len())
	for i := range v {
		v[i] = float64(100*(i/24)+10*(i/8%3)+i/2%4) + float64(i%2)/2
	}
	near(t, "crop", graph.Eval(graph.Feed{x: v}, Crop(x, 2, 3, 4, 2))[0],
		[]float64{0, .5, 1, 1.5, 10, 10.5, 11, 11.5, 100, 100.5, 101, 101.5, 110, 110.5, 111, 111.5})
	y := g.Input("y", 2, 8) // one image of 1 by 2 places, two channels of four places each
	near(t, "depth to space", graph.Eval(graph.Feed{y: {0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17}}, DepthToSpace(y, 1, 1, 2))[0],
		[]float64{0, 1, 2, 3, 10, 11, 12, 13, 4, 5, 6, 7, 14, 15, 16, 17})
}

// A convolution begins as it is told, and may lack a bias.
func TestConvOptions(t *testing.T) {
	b := NewBlock("b")
	c := NewConv(b, "conv", 32, 64, 5, 2, Begin(Glorot), NoBias)
	if c.B != nil || len(b.Params()) != 1 {
		t.Errorf("it has the parameters %v and no bias was asked for", b.Params())
	}
	if got, want := c.W.Init, Glorot(32*25, 64*25/4); got != want {
		t.Errorf("it begins as %v, want %v", got, want)
	}
	d := NewDeconv(b, "deconv", 64, 32, 5, 2, Begin(func(int, int) Init { return Uniform(.02) }))
	if got := d.W.Init.Bound; math.Abs(got-.02*math.Sqrt(3)) > 1e-15 {
		t.Errorf("it begins within %v, want .02·√3", got)
	}
}
