package wgan

import (
	"math"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/measure"
	"ganbel/core/random"
	"ganbel/core/train"
)

func newToy(t *testing.T, c ToyConfig) *Toy {
	t.Helper()
	var err error
	if c.Data, err = data.Toy("swissroll", nil); err != nil {
		t.Fatal(err)
	}
	c.Depth, c.Activation, c.View, c.Field, c.Seed, c.Device = 2, "relu", 3, 9, 1, cpu.Device(2)
	y := NewToy(c)
	t.Cleanup(y.Close)
	return y
}

func trained(t *testing.T, y *Toy, n int) {
	t.Helper()
	for range n {
		if bad := y.Iterate(); bad != "" {
			t.Fatalf("%s is not finite at step %d", bad, y.Iteration)
		}
	}
}

// Against real data plus noise, with λ = 10, the critic's estimate nears the
// exact distance: a small one comes within a sixth in 1500 steps, from below.
func TestEstimateNearsW1(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	y := newToy(t, ToyConfig{Fixed: true, Method: Method{Rule: Penalty}, Width: 64, Batch: 256, NCritic: 1, Lambda: 10, Optimiser: "adam", Rate: .005, Decay: 1500})
	trained(t, y, 1500)
	estimate, exact := 0., 0.
	for range 10 {
		trained(t, y, 1)
		real, fake, e := y.Samples()
		estimate += e / 10
		exact += measure.W1(real, fake, 2) / 10
	}
	t.Logf("estimate %.3f, exact %.3f", estimate, exact)
	if !(estimate > .83*exact && estimate < 1.05*exact) {
		t.Errorf("the critic estimates %v, exact is %v", estimate, exact)
	}
	if slope := measure.Mean(y.Slopes()); math.Abs(slope-1) > .1 {
		t.Errorf("the mean gradient norm is %v, want about 1", slope)
	}
}

// Clipped weights lie within [-c, c], and clipping drives many to its ends.
func TestClippedWeights(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	const c = .01
	y := newToy(t, ToyConfig{Method: Method{Rule: Clip}, Width: 32, Batch: 64, NCritic: 5, Bound: c, Optimiser: "rmsprop", Rate: 5e-4})
	trained(t, y, 100)
	state := numbers(y.State())
	ends := 0
	for i, w := range state["critic"] {
		if math.Abs(float64(w)) > c*(1+1e-6) {
			t.Fatalf("weight %d is %v", i, w)
		}
		if math.Abs(float64(w)) > .99*c {
			ends++
		}
	}
	share := float64(ends) / float64(len(state["critic"]))
	t.Logf("%.0f %% at the ends", 100*share)
	if share < .3 {
		t.Errorf("%.2f of the weights are at the ends, want a third or more", share)
	}
	most := float32(0)
	for _, w := range state["generator"] {
		most = max(most, w)
	}
	if most <= c {
		t.Error("the generator is clipped, too")
	}
}

// mlp is a network of 2, 8, 8 and out units in plain numbers.
func mlp(theta []float32, x, y float64, out int) []float64 {
	v := []float64{x, y}
	for l, n := range []int{8, 8, out} {
		w, b := theta[:len(v)*n], theta[len(v)*n:len(v)*n+n]
		next := make([]float64, n)
		for j := range next {
			next[j] = float64(b[j])
			for i := range v {
				next[j] += v[i] * float64(w[i*n+j])
			}
			if l < 2 {
				next[j] = math.Max(next[j], 0)
			}
		}
		theta, v = theta[len(v)*n+n:], next
	}
	return v
}

// What is drawn is what the networks say at the places the comments name, and the
// estimate is the difference of the critic's means.
func TestViewAndSamples(t *testing.T) {
	y := newToy(t, ToyConfig{Method: Method{Rule: Penalty}, Width: 8, Batch: 32, NCritic: 2, Lambda: 1, Optimiser: "adam", Rate: .001})
	trained(t, y, 20)
	state := numbers(y.State())
	close := func(what string, got float32, want float64) {
		t.Helper()
		if !(math.Abs(float64(got)-want) < 1e-4*(1+math.Abs(want))) {
			t.Fatalf("%s is %v, want %v", what, got, want)
		}
	}
	critic := func(x, z float64) float64 { return mlp(state["critic"], x, z, 1)[0] }
	v := y.View()
	for i := range 9 {
		for j := range 9 {
			x, z := -3+6*float64(j)/8, -3+6*float64(i)/8
			close("the critic", v.Critic[9*i+j], critic(x, z))
			const h = 1e-6
			slope := math.Hypot(critic(x+h, z)-critic(x-h, z), critic(x, z+h)-critic(x, z-h)) / (2 * h)
			close("the gradient's norm", v.Gradient[9*i+j], slope)
		}
	}
	for i := range v.WarpSide {
		for j := range v.WarpSide {
			at := func(k int) float64 { return -2 + 4*float64(k)/float64(v.WarpSide-1) }
			g := mlp(state["generator"], at(j), at(i), 2)
			close("the warp's x", v.Warp[2*(i*v.WarpSide+j)], g[0])
			close("the warp's y", v.Warp[2*(i*v.WarpSide+j)+1], g[1])
		}
	}
	real, fake, estimate := y.Samples()
	want := 0.
	for i := 0; i < len(real); i += 2 {
		want += (critic(float64(real[i]), float64(real[i+1])) - critic(float64(fake[i]), float64(fake[i+1]))) * 2 / float64(len(real))
	}
	close("the estimate", float32(estimate), want)
	first := append([]float32(nil), fake...)
	if _, again, _ := y.Samples(); again[0] != first[0] || again[len(again)-1] != first[len(first)-1] {
		t.Error("measuring twice measures other points")
	}
	if slopes := y.Slopes(); len(slopes) != 32 {
		t.Errorf("%d slopes, want one for each of 32 interpolates", len(slopes))
	}
	penalty := 0.
	for _, s := range y.Slopes() {
		penalty += float64(s-1) * float64(s-1) / 32
	}
	close("the penalty", float32(y.Penalty()), penalty)
}

// The rate falls linearly to a hundredth and stays there.
func TestDecay(t *testing.T) {
	y := newToy(t, ToyConfig{Method: Method{Rule: Penalty}, Width: 8, Batch: 8, NCritic: 1, Lambda: 1, Optimiser: "adam", Rate: .5, Decay: 100})
	for step, want := range map[int]float32{0: .5, 50: .25, 99: .005, 1000: .005} {
		y.Iteration, y.Rate = step, .5
		y.Iterate()
		if got := y.Memory.(*cpu.Memory).Of(y.rate)[0]; math.Abs(float64(got-want)) > 1e-6 {
			t.Errorf("the rate of step %d is %v, want %v", step, got, want)
		}
	}
}

// numbers returns copies of the numbers of states, by name.
func numbers(states []train.State, _ map[string]*random.Stream) map[string][]float32 {
	all := map[string][]float32{}
	for _, s := range states {
		all[s.Name] = s.Read()
	}
	return all
}
