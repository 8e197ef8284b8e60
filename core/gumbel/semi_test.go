package gumbel

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/nn"
	"ganbel/core/random"
)

// tinySemi is a model of three classes over images of 4 by 4, in float64, with
// weights that are fixed and some images, noise and all.
type tinySemi struct {
	*SemiModel
	g     *graph.Graph
	block *nn.Block
	x     *graph.Node
	feed  graph.Feed
}

// newTinySemi feeds the weights and an input x of n images, all the same where alike.
func newTinySemi(n int, alike bool) *tinySemi {
	s := &tinySemi{g: graph.New(), block: nn.NewBlock("semi"), feed: graph.Feed{}}
	s.SemiModel = NewSemiModel(s.block, 4, 4, 3, 1, 1)
	s.block.Build(s.g)
	theta := make([]float32, s.block.Len())
	s.block.Init(theta, random.New(3, "init"))
	s.feed[s.block.Node] = make([]float64, len(theta))
	bias := s.normal(len(theta), "bias")
	for i, w := range theta { // biases begin at 0, where a ReLU has its kink
		s.feed[s.block.Node][i] = float64(w) + .3*bias[i]
	}
	for _, p := range []*nn.Param{s.seen, s.drawn} { // classes that differ
		for i := range p.Rows * p.Cols {
			s.feed[s.block.Node][p.Offset+i] *= 8
		}
	}
	s.x = s.g.Input("images", n, 16)
	image := s.normal(16*n, "x")
	for i := range image {
		if alike && i >= 16 {
			image[i] = image[i%16]
		} else if image[i] > 0 {
			image[i] = 1
		} else {
			image[i] = 0
		}
	}
	s.feed[s.x] = image
	return s
}

func (s *tinySemi) normal(n int, purpose string) []float64 {
	v := make([]float32, n)
	random.New(5, purpose).Normal(v)
	return widen(v)
}

func (s *tinySemi) uniform(n int, purpose string) []float64 {
	v := make([]float32, n)
	random.New(5, purpose).Uniform(v)
	return widen(v)
}

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// input adds an input with its values.
func (s *tinySemi) input(name string, rows, cols int, v []float64) *graph.Node {
	n := s.g.Input(name, rows, cols)
	s.feed[n] = v
	return n
}

func (s *tinySemi) eval(n *graph.Node) []float64 { return graph.Eval(s.feed, n)[0] }

// moments returns the mean and the standard error of the mean.
func moments(v []float64) (mean, off float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		off += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(off) / float64(len(v))
}

// The gradients of both bounds of unlabelled images by all weights are those of
// finite differences.
func TestSemiGradient(t *testing.T) {
	s := newTinySemi(2, false)
	logits, eps := s.Classify(s.x), s.input("noise", 2, 1, []float64{.7, -1.1})
	u, tau := s.input("uniform", 2, 3, []float64{.2, .5, .9, .6, .3, .1}), s.input("temperature", 1, 1, []float64{.8})
	for what, bound := range map[string]*graph.Node{
		"marginalisation": s.Marginal(s.x, logits, eps), "Gumbel-Softmax": s.Sampled(s.x, logits, Softmax(logits, u, tau), eps),
	} {
		off := graph.Differences(bound.Mean(), s.feed, graph.Feed{s.block.Node: s.normal(s.block.Len(), "direction")})
		if !(off[0] < 1e-6) {
			t.Errorf("%s: the gradient is %.2g off", what, off[0])
		}
		if norm := s.eval(s.block.Grad(bound.Mean()).Norm())[0]; !(norm > 1) {
			t.Errorf("%s: the gradient's norm is %v", what, norm)
		}
	}
}

// Going through all classes at once is Σ q(y|x)·(-L(x, y)) + H(q(y|x)) with each
// class by itself.
func TestSemiMarginal(t *testing.T) {
	const n = 3
	s := newTinySemi(n, false)
	logits, eps := s.Classify(s.x), s.input("noise", n, 1, []float64{.7, -1.1, .2})
	q := softmax(s.eval(logits), 3)
	want := make([]float64, n)
	for class := range 3 {
		y := make([]float64, 3*n)
		for i := range n {
			y[3*i+class] = 1
		}
		bound := s.eval(s.Labelled(s.x, s.input("class "+string(rune('0'+class)), n, 3, y), eps))
		for i, b := range bound {
			p := q[3*i+class]
			want[i] += p*b - p*math.Log(p)
		}
	}
	for i, got := range s.eval(s.Marginal(s.x, logits, eps)) {
		if !(math.Abs(got-want[i]) < 1e-9) {
			t.Errorf("image %d: the bound is %v, want %v", i, got, want[i])
		}
	}
}

// As the temperature falls the mean of what one sample of y gives nears what going
// through all classes does, with nets and z's noise fixed; one-hot samples are there
// at every temperature.
func TestSemiSampledNearsMarginal(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	const n = 3000
	s := newTinySemi(n, true)
	eps := s.input("noise", n, 1, slices.Repeat([]float64{.7}, n))
	logits := s.Classify(s.x)
	want := s.eval(s.Marginal(s.x.Reshape(1, 16*n).Slice(0, 16), logits.Reshape(1, 3*n).Slice(0, 3), eps.Reshape(1, n).Slice(0, 1)))[0]
	u, tau := s.input("uniform", n, 3, s.uniform(3*n, "u")), s.g.Input("temperature", 1, 1)
	y := Softmax(logits, u, tau)
	for _, c := range []struct {
		what string
		y    *graph.Node
		tau  float64
		near bool
	}{{"relaxed", y, 1e-3, true}, {"relaxed", y, 2, false}, {"straight-through", y.StraightThrough(), 1, true}} {
		s.feed[tau] = []float64{c.tau}
		mean, off := moments(s.eval(s.Sampled(s.x, logits, c.y, eps)))
		t.Logf("%s samples at τ = %v: %.4f ± %.4f, marginalised %.4f", c.what, c.tau, mean, off, want)
		if near := math.Abs(mean-want) < 4*off; near != c.near {
			t.Errorf("%s samples at τ = %v give %v ± %v, marginalising %v", c.what, c.tau, mean, off, want)
		}
	}
}

// -L and -U are on average what integrals over z, by sums over a lattice in plain
// numbers, say; and -U is below log p(x) = log Σ p(y) ∫ p(x|y,z) p(z) dz.
func TestSemiBoundAgainstIntegral(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	const n, lattice, step = 4000, 601, .03
	s := newTinySemi(n, true)
	eps := s.input("noise", n, 1, s.normal(n, "eps"))
	logits := s.Classify(s.x)
	q := softmax(s.eval(logits)[:3], 3)
	x := s.feed[s.x][:16]
	at := make([]float64, lattice)
	for i := range at {
		at[i] = step * float64(i-lattice/2)
	}
	logNormal := func(z, mean, logVar float64) float64 {
		return -.5 * (math.Log(2*math.Pi) + logVar + (z-mean)*(z-mean)/math.Exp(logVar))
	}
	elbo, joint := 0., []float64{}
	for class := range 3 {
		hot := make([]float64, 3)
		hot[class] = 1
		name := string(rune('a' + class))
		one := s.input("one "+name, 1, 3, hot)
		m, v := s.code(s.first(s.infer, s.x.Reshape(1, 16*n).Slice(0, 16)), addGiven(one))
		mean, logVar := s.eval(m)[0], s.eval(v)[0]
		out := s.eval(s.draw(s.input("lattice "+name, lattice, 1, at), addGiven(s.input("all "+name, lattice, 3, slices.Repeat(hot, lattice)))))
		integral := 0.
		for i, z := range at {
			logp := -math.Log(3) + logNormal(z, 0, 0)
			for j, l := range out[16*i : 16*i+16] {
				logp += x[j]*l - math.Max(l, 0) - math.Log1p(math.Exp(-math.Abs(l)))
			}
			joint = append(joint, logp+math.Log(step))
			logq := logNormal(z, mean, logVar)
			integral += step * math.Exp(logq) * (logp - logq)
		}
		got, off := moments(s.eval(s.Labelled(s.x, s.input("classes "+name, n, 3, slices.Repeat(hot, n)), eps)))
		if !(math.Abs(got-integral) < 4*off) {
			t.Errorf("class %d: -L is %v ± %v, the integral %v", class, got, off, integral)
		}
		elbo += q[class] * (integral - math.Log(q[class]))
	}
	likelihood := measure.LogMeanExp(joint) + math.Log(float64(len(joint)))
	got, off := moments(s.eval(s.Marginal(s.x, logits, eps)))
	t.Logf("-U %.4f ± %.4f, the integral %.4f, log p(x) %.4f", got, off, elbo, likelihood)
	if !(math.Abs(got-elbo) < 4*off) {
		t.Errorf("-U is %v ± %v, the integral %v", got, off, elbo)
	}
	if !(elbo < likelihood) {
		t.Errorf("-U is %v, above log p(x) = %v", elbo, likelihood)
	}
}

// crosses returns n images of 8 by 8 whose class, of three, is a noisy pattern: a row,
// a column or a diagonal.
func crosses(n int) *data.Images {
	im := &data.Images{Rows: 8, Cols: 8, Channels: 1, Pixels: make([]uint8, 64*n), Labels: make([]uint8, n)}
	r := random.New(1, "crosses")
	for i := range n {
		class, at := i%3, 2+r.Intn(4)
		im.Labels[i] = uint8(class)
		for j := range 8 {
			y, x := [3]int{at, j, j}[class], [3]int{j, at, j}[class]
			im.Pixels[64*i+8*y+x] = 255
		}
		for range 3 {
			im.Pixels[64*i+r.Intn(64)] = 128
		}
	}
	return im
}

func crossConfig() SemiConfig {
	images := crosses(360)
	return SemiConfig{Train: images.Slice(0, 300), Test: images.Slice(300, 360), K: 3, Labels: 9, Estimator: SemiGumbel,
		Z: 2, Channels: 2, Batch: 30, LabelledBatch: 9}
}

func openSemi(t *testing.T, c SemiConfig) *Semi {
	t.Helper()
	r := newRun(t, lab.Values{"seed": "2", "learning-rate": "0.005"})
	s, err := NewSemi(r, c)
	if err != nil {
		t.Fatal(err)
	}
	r.Begin(bare{s})
	return s
}

// By every estimator nine labels are enough for patterns that differ, and the bound
// rises far above that of images of noise, -64 ln 2.
func TestSemiTrains(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	for _, e := range []SemiEstimator{SemiMarginal, SemiGumbel, SemiStraight} {
		c := crossConfig()
		c.Estimator = e
		s := openSemi(t, c)
		for range 400 {
			if bad := s.Iterate(); bad != "" {
				t.Fatal(bad + " is not finite")
			}
		}
		elbo, accuracy := s.Measure(60)
		t.Logf("%s: ELBO %.2f, accuracy %.3f", e, elbo, accuracy)
		if !(elbo > -30) || !(accuracy > .95) {
			t.Errorf("%s: ELBO %v and accuracy %v after 400 steps", e, elbo, accuracy)
		}
		if again, _ := s.Measure(SemiTest); again != elbo { // 60 is rounded down to what there is
			t.Errorf("%s: the ELBO is %v, then %v", e, elbo, again)
		}
	}
}

// What is measured and drawn in float32 is what the model means in float64, with the
// test images' labels counted in plain numbers.
func TestSemiMeasure(t *testing.T) {
	s := openSemi(t, crossConfig())
	for range 60 {
		s.Iterate()
	}
	elbo, accuracy := s.Measure(1)
	feed := graph.Feed{}
	for _, n := range []*graph.Node{s.testX, s.testEps, s.own.x, s.block.Node} {
		feed[n] = widen(s.run.Memory.(*cpu.Memory).Of(n))
	}
	v := graph.Eval(feed, s.testELBO, s.testChances)
	mean, right := 0., 0.
	for i, b := range v[0] {
		mean += b / SemiTest
		q := v[1][3*i : 3*i+3]
		if slices.Index(q, slices.Max(q)) == int(s.Test.Labels[i]) {
			right++
		}
		for j, x := range feed[s.testX][64*i : 64*i+64] {
			if x != float64(s.Test.Pixels[64*i+j])/255 || x != 0 && x != 1 {
				t.Fatalf("pixel %d of test image %d is seen as %v", j, i, x)
			}
		}
	}
	if math.Abs(mean-elbo) > 1e-3 || right/SemiTest != accuracy || accuracy == 1 {
		t.Errorf("ELBO %v and accuracy %v, want %v and %v", elbo, accuracy, mean, right/SemiTest)
	}
	view := s.View()
	chances, analogues := s.Classify(view.Digits[64*3 : 64*4])
	near(t, "chances", chances, widen(view.Chances[3*3:3*4]))
	near(t, "analogues", analogues, widen(view.Analogues[3*3*64:4*3*64]))
	top := slices.Index(chances, slices.Max(chances))
	near(t, "the analogue of the likeliest class", analogues[64*top:64*top+64], widen(view.Reconstructions[64*3:64*4]))
}

// Every label is of an image of that class, no image comes twice, each class comes as
// often and in turn, and the seed alone chooses.
func TestChooseLabelled(t *testing.T) {
	images := crosses(90)
	choose := func(seed uint64) []int {
		chosen, err := chooseLabelled(images, 12, 3, random.New(seed, "labels"))
		if err != nil {
			t.Fatal(err)
		}
		return chosen
	}
	a := choose(1)
	seen := map[int]bool{}
	for i, at := range a {
		seen[at] = true
		if images.Labels[at] != uint8(i%3) {
			t.Errorf("place %d holds an image of class %d", i, images.Labels[at])
		}
	}
	if len(a) != 12 || len(seen) != 12 {
		t.Errorf("chose %v", a)
	}
	if !slices.Equal(choose(1), a) || slices.Equal(choose(2), a) {
		t.Errorf("seed 1 chooses %v and then %v, seed 2 %v", a, choose(1), choose(2))
	}
}

// Training sees the chosen labels only, every labelled image as often, and every
// unlabelled one once an epoch.
func TestSemiBatches(t *testing.T) {
	c := crossConfig()
	c.LabelledBatch = 6
	s := openSemi(t, c)
	labelled, unlabelled := map[int]int{}, map[int]int{}
	for range 30 { // three epochs of unlabelled images, twenty rounds of labelled ones
		for _, i := range s.epochs.Batch(s.run.Step(), s.Train.Count(), s.Batch) {
			unlabelled[i]++
		}
		if bad := s.Iterate(); bad != "" {
			t.Fatal(bad)
		}
		for i, at := range s.index {
			labelled[at]++
			y := s.run.Memory.(*cpu.Memory).Of(s.batch.Y)[3*i:][:3]
			if y[c.Train.Labels[at]] != 1 || y[0]+y[1]+y[2] != 1 {
				t.Fatalf("image %d of class %d is told to be %v", at, c.Train.Labels[at], y)
			}
		}
	}
	if n := slices.Collect(maps.Values(labelled)); len(n) != 9 || slices.Min(n) != 20 || slices.Max(n) != 20 {
		t.Errorf("labelled images come %v times", labelled)
	}
	if n := slices.Collect(maps.Values(unlabelled)); len(n) != 300 || slices.Min(n) != 3 || slices.Max(n) != 3 {
		t.Errorf("unlabelled images come %v times", unlabelled)
	}
}

func TestSemiErrors(t *testing.T) {
	for want, spoil := range map[string]func(*SemiConfig){
		"the 300 training images have no labels": func(c *SemiConfig) { c.Train.Labels = nil },
		"the 60 test images have no labels":      func(c *SemiConfig) { c.Test.Labels = nil },
		"label 2: it must be below 2":            func(c *SemiConfig) { c.K = 2 },
		"10 labels of 3 classes":                 func(c *SemiConfig) { c.Labels = 10 },
		"0 labels of 3 classes":                  func(c *SemiConfig) { c.Labels = 0 },
		"100 training images have label 0":       func(c *SemiConfig) { c.Labels = 303 },
		"at most the 300 training images":        func(c *SemiConfig) { c.Batch = 301 },
		"49 test images":                         func(c *SemiConfig) { c.Test = c.Test.Slice(0, 49) },
	} {
		c := crossConfig()
		spoil(&c)
		if s, err := NewSemi(newRun(t, nil), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v with error %v, want %q", s, err, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown estimator did not panic")
		}
	}()
	c := crossConfig()
	c.Estimator = "reinforce"
	NewSemi(newRun(t, nil), c)
}
