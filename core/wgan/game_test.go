package wgan

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
)

// noise gives images of side by side of noise, of three classes.
func noise(n, side, channels int) *data.Images {
	r := rand.New(rand.NewPCG(1, 2))
	m := &data.Images{Rows: side, Cols: side, Channels: channels, Pixels: make([]uint8, n*side*side*channels), Labels: make([]uint8, n)}
	for i := range m.Pixels {
		m.Pixels[i] = uint8(r.IntN(256))
	}
	for i := range m.Labels {
		m.Labels[i] = uint8(i % 3)
	}
	return m
}

// dense are small networks of images, with batch norm in the generator and two heads
// of the critic.
func dense(size, classes int) func(d, g *nn.Block) Networks {
	return func(d, g *nn.Block) Networks {
		s := of(g)
		in := s.linear(5, 6)
		told := s.linear(classes, 6)
		norm, last := batchNorm(s, 6), s.linear(6, size)
		generator := func(z *graph.Node, b batch) *graph.Node {
			return tanh(last(relu(norm(in(z, b).Add(told(b.labels, b)), b), b), b), b)
		}
		s = of(d)
		return networks(generator, critic{chain(s.linear(size, 7), leaky), s.linear(7, 1), s.linear(7, classes)})
	}
}

func config(m Method) GameConfig {
	return GameConfig{Real: Pictures{Source: noise(40, 4, 1)}, Validation: Pictures{Source: noise(20, 4, 1)}, Latent: 5, Method: m, Batch: 8, GeneratorBatch: 16, Groups: 2,
		NCritic: 2, Lambda: 10, Bound: .05, Optimiser: "adam", Beta1: 0, Beta2: .9, Rate: .01, CriticClasses: 1, GeneratorClasses: .1, Seed: 3, Device: cpu.Device(2)}
}

func newGame(t *testing.T, c GameConfig) *Game {
	t.Helper()
	m := NewGame(c, dense(16, 3))
	t.Cleanup(m.Close)
	return m
}

func iterate(t *testing.T, m *Game, n int) {
	t.Helper()
	for range n {
		if bad := m.Iterate(); bad != "" {
			t.Fatalf("%s is not finite at iteration %d", bad, m.Iteration)
		}
	}
}

func widen(v []float32) []float64 {
	w := make([]float64, len(v))
	for i, x := range v {
		w[i] = float64(x)
	}
	return w
}

// What a step minimises is what the method means in float64, by hand: the loss of the
// critic before its step on the batch that it saw.
func TestGameLosses(t *testing.T) {
	for _, method := range []Method{{Wasserstein, Penalty}, {Wasserstein, OneSided}, {Wasserstein, Clip}, {GAN, None}, {LeastSquares, None}} {
		m := newGame(t, config(method))
		before := widen(m.Memory.(*cpu.Memory).Of(m.blocks[0].Node))
		if bad := m.criticStep(); bad != "" {
			t.Fatal(bad)
		}
		s := m.critic
		feed := graph.Feed{m.blocks[0].Node: before, m.lambda: {10}}
		for _, n := range []*graph.Node{m.blocks[1].Node, s.real, s.labels, s.z, s.eps} {
			feed[n] = widen(m.Memory.(*cpu.Memory).Of(n))
		}
		l := s.loss
		v := graph.Eval(feed, l.Real, l.Fake, l.Slope)
		want := 0.
		for i := range 8 {
			real, fake, slope := v[0][i], v[1][i], v[2][i]
			switch method.Objective {
			case Wasserstein:
				want += fake - real
			case GAN:
				want += math.Log1p(math.Exp(-real)) + math.Log1p(math.Exp(fake))
			case LeastSquares:
				want += ((real-1)*(real-1) + fake*fake) / 2
			}
			if method.Rule == Penalty || method.Rule == OneSided && slope > 1 {
				want += 10 * (slope - 1) * (slope - 1)
			}
		}
		if want /= 8; math.Abs(m.critic.machine.Scalar(l.Loss)-want) > 1e-4*(1+math.Abs(want)) {
			t.Errorf("%v: the loss is %v, want %v", method, m.critic.machine.Scalar(l.Loss), want)
		}
		if method.Rule == Clip {
			for _, x := range m.Memory.(*cpu.Memory).Of(m.blocks[0].Node) {
				if math.Abs(float64(x)) > .0500001 {
					t.Fatalf("a clipped weight is %v", x)
				}
			}
		}
	}
}

// The generator makes, and normalises, each group by itself.
func TestGroups(t *testing.T) {
	m := newGame(t, config(Method{Wasserstein, Penalty}))
	g := m.graph
	z, y := g.Input("a z", 4, 5), g.Input("a y", 4, 3)
	z1, y1, z2, y2 := g.Input("b z", 2, 5), g.Input("b y", 2, 3), g.Input("c z", 2, 5), g.Input("c y", 2, 3)
	zs, ys := []float64{}, []float64{0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0}
	for i := range 20 {
		zs = append(zs, math.Sin(float64(i*i)))
	}
	feed := graph.Feed{z: zs, y: ys, z1: zs[:10], y1: ys[:6], z2: zs[10:], y2: ys[6:], m.blocks[1].Node: widen(m.Memory.(*cpu.Memory).Of(m.blocks[1].Node))}
	v := graph.Eval(feed, m.fake(z, y, 2), m.fake(z1, y1, 1), m.fake(z2, y2, 1), m.fake(z, y, 1))
	if !slices.Equal(v[0], append(v[1], v[2]...)) {
		t.Error("two groups are not what each is by itself")
	}
	if slices.Equal(v[0], v[3]) {
		t.Error("two groups are what one is")
	}
}

// Looking changes nothing, and what is seen depends on the seed and the iteration alone.
func TestGameLooks(t *testing.T) {
	a, b := newGame(t, config(Method{Wasserstein, Penalty})), newGame(t, config(Method{Wasserstein, Penalty}))
	for range 3 {
		iterate(t, a, 1)
		iterate(t, b, 1)
		first := [4]float64{}
		first[0], first[1], first[2], first[3] = a.CriticLosses(2)
		var samples []float32
		a.Samples(1, 200, func(batch []float32) { samples = append(samples, batch...) })
		again := [4]float64{}
		again[0], again[1], again[2], again[3] = a.CriticLosses(2)
		if first != again {
			t.Errorf("the losses are %v, then %v", first, again)
		}
		if len(samples) != 200*16 {
			t.Fatalf("%d numbers of 200 images", len(samples))
		}
	}
	for name, v := range numbers(a.State()) {
		if !slices.Equal(v, numbers(b.State())[name]) {
			t.Errorf("%s differs where one looked", name)
		}
	}
	real, fake := a.Accuracies()
	if !(real >= 0 && real <= 1 && fake >= 0 && fake <= 1) {
		t.Errorf("accuracies %v and %v", real, fake)
	}
}

func first[A, B any](a A, _ B) A { return a }

// The rate falls linearly to 0, where nothing moves any more, and weight decay pulls a
// critic's weights, not its biases, to 0.
func TestGameDecay(t *testing.T) {
	c := config(Method{Wasserstein, Penalty})
	c.Decay, c.WeightDecay = 4, 1e4 // so much that it outweighs all else
	m := newGame(t, c)
	norm := func() (s float64) {
		for _, p := range m.blocks[0].Params() {
			if p.Rows > 1 {
				for _, x := range m.Memory.(*cpu.Memory).Of(m.blocks[0].Node)[p.Offset : p.Offset+p.Rows*p.Cols] {
					s += float64(x) * float64(x)
				}
			}
		}
		return s
	}
	before := norm()
	for i := range 4 {
		iterate(t, m, 1)
		if got, want := m.Memory.(*cpu.Memory).Of(m.rate)[0], .01*(1-float64(i)/4); math.Abs(float64(got)-want) > 1e-8 {
			t.Errorf("iteration %d has the rate %v, want %v", i, got, want)
		}
	}
	if after := norm(); after > .8*before {
		t.Errorf("Σw² is %v after decay, %v before", after, before)
	}
	still := slices.Clone(m.Memory.(*cpu.Memory).Of(m.blocks[0].Node))
	iterate(t, m, 1)
	if !slices.Equal(still, m.Memory.(*cpu.Memory).Of(m.blocks[0].Node)) {
		t.Error("at the rate 0 the critic still moves")
	}
}

// Pixels come out as the networks are to see them.
func TestPictures(t *testing.T) {
	m := &data.Images{Rows: 1, Cols: 3, Channels: 2, Pixels: []uint8{0, 255, 51, 102, 204, 153}}
	r := newGame(t, config(Method{Wasserstein, Penalty})).Streams["pixels"]
	fill := func(p Pictures) []float32 {
		v := make([]float32, 6)
		p.Fill(v, []int{0}, r)
		return v
	}
	close := func(what string, got []float32, want ...float64) {
		t.Helper()
		for i := range want {
			if math.Abs(float64(got[i])-want[i]) > 1e-6 {
				t.Errorf("%s are %v, want %v", what, got, want)
				return
			}
		}
	}
	close("units", fill(Pictures{Source: m, Unit: true}), 0, 1, .2, .4, .8, .6)
	close("signed pixels", fill(Pictures{Source: m}), -1, 1, -.6, -.2, .6, .2)
	turned := 0
	for range 200 {
		v := fill(Pictures{Source: m, Mirrored: true})
		if v[0] != -1 {
			turned++
			close("mirrored pixels", v, .6, .2, -.6, -.2, -1, 1)
		}
	}
	if turned < 70 || turned > 130 {
		t.Errorf("%d of 200 images are turned", turned)
	}
	mean := 0.
	for range 1000 {
		v := fill(Pictures{Source: m, Dequant: true})
		for i, p := range m.Pixels {
			if low := 2 * (float64(p)/256 - .5); float64(v[i]) < low-1e-6 || float64(v[i]) > low+1./128+1e-6 {
				t.Fatalf("pixel %d becomes %v", p, v[i])
			}
		}
		mean += float64(v[2]) / 1000
	}
	if want := 2*(51./256-.5) + 1./256; math.Abs(mean-want) > 5e-4 {
		t.Errorf("the mean is %v, want %v", mean, want)
	}
}
