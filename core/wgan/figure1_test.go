//go:build !js

package wgan

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
)

// small is what both figures' runs have in the tests.
var small = ToyConfig{Width: 8, Depth: 2, Activation: "relu", Batch: 16, NCritic: 2, Lambda: 10, Bound: .1, Rate: .01, View: 2, Field: 4, Seed: 3, Device: cpu.Device(1)}

// A run of a figure is what it would be alone, and goes on so from a state that was
// written from outside.
func TestToys(t *testing.T) {
	f := NewFigure1a(small)
	t.Cleanup(f.Close)
	c := small
	c.Rule, c.Fixed, c.Optimiser = Penalty, true, "adam"
	c.Data, _ = data.Toy("25gaussians", nil)
	alone := NewToy(c)
	t.Cleanup(alone.Close)
	go3 := func() {
		t.Helper()
		for range 3 {
			if bad := f.Iterate() + alone.Iterate(); bad != "" {
				t.Fatal(bad)
			}
		}
		same(t, f.Run(1, 1), alone)
	}
	go3()
	states, streams := f.State()
	tensors, at := numbers(states, nil), map[string]uint64{}
	if len(tensors["25gaussians-penalty-critic"]) == 0 || streams["swissroll-clip-data"] == nil || f.Iteration != 3 {
		t.Fatalf("at iteration %d with %d tensors and %d streams", f.Iteration, len(tensors), len(streams))
	}
	for purpose, s := range streams {
		at[purpose] = s.Position()
	}
	f.Iterate()
	for _, s := range states {
		s.Write(tensors[s.Name])
	}
	for purpose, s := range streams {
		s.Seek(at[purpose])
	}
	f.Iteration = 3
	f.Replaced()
	go3()
	if bad := f.Trace(f.Iterate); bad != "" {
		t.Errorf("%s is not finite", bad)
	}
	third := f.Runs[2]
	third.Memory.(*cpu.Memory).Of(third.blockD.Node)[0] = float32(math.Inf(1))
	if bad := f.Trace(f.Iterate); !strings.HasSuffix(bad, " of swissroll-clip") {
		t.Errorf("an infinite weight of the third run is %q", bad)
	}
}

// Of critics trained a little, the penalised one says about W₁ and is about as steep
// as Proposition 1 says between optimally coupled points, where it points from fake to
// real; the clipped one is and does nothing like it. Taking a distance changes nothing.
func TestDistance(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	c := small
	c.Width, c.Batch, c.NCritic, c.Bound, c.Rate, c.Decay, c.Seed = 64, 256, 1, .01, .005, 1500, 1
	f := NewFigure1a(c)
	t.Cleanup(f.Close)
	const swissroll = 2
	for _, run := range []*Toy{f.Run(0, swissroll), f.Run(1, swissroll)} {
		if run.Rule == Clip {
			run.Rate, run.Decay = 5e-4, 0
		}
		trained(t, run, 1500)
	}
	before := numbers(f.State())
	weights := slices.Clone(before["swissroll-penalty-critic"])
	d := f.Distance(swissroll, 512, 2)
	if again := f.Distance(swissroll, 512, 2); again != d {
		t.Errorf("once %+v, once %+v", d, again)
	}
	if after := numbers(f.State()); !slices.Equal(after["swissroll-penalty-critic"], weights) {
		t.Error("it changed the critic")
	}
	t.Logf("%+v", d)
	if !(d.W1 > .55 && d.W1 < .75 && d.Error < .1 && d.W1Parts > d.W1) {
		t.Errorf("W₁ is %v ± %v, of parts %v", d.W1, d.Error, d.W1Parts)
	}
	if clipped, penalised := d.Estimate[0], d.Estimate[1]; !(clipped < .05 && math.Abs(penalised/d.W1-1) < .25) {
		t.Errorf("the critics say %v and %v of %v", clipped, penalised, d.W1)
	}
	if s := d.Optimal[1]; !(math.Abs(s.Mean-1) < .1 && s.Off < .2 && s.Cosine > .4 && s.Cosine > d.Random[1].Cosine+.2) {
		t.Errorf("the penalised critic has %+v on an optimal coupling, %+v on an independent one", s, d.Random[1])
	}
	if s := d.Optimal[0]; !(s.Mean < .1) {
		t.Errorf("the clipped critic has %+v", s)
	}
}

// Slopes of known gradients: right, left and across, of lengths 1, 3 and 2.
func TestSlopes(t *testing.T) {
	var s Slopes
	s.add([]float32{1, 0, -3, 0, 0, 2}, []float32{1, 0, 2, 0, 3, 0}, []float32{0, 0, 0, 0, 0, 0}, []int{2, 0, 1}, 3)
	if !(math.Abs(s.Mean-2) < 1e-12 && math.Abs(s.Off-5./3) < 1e-12 && math.Abs(s.Cosine) < 1e-12) {
		t.Errorf("%+v, want a mean of 2, a mean square off of 5/3 and a cosine of 0", s)
	}
}

func TestGrowth(t *testing.T) {
	for _, c := range []struct {
		layers []float64
		want   float64
	}{{[]float64{8, 5, 7, 1}, 2}, {[]float64{1, 16}, .0625}, {[]float64{0, 1, 1}, 0}} {
		if got := Growth(c.layers); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v grow by %v a layer, want %v", c.layers, got, c.want)
		}
	}
	if got := AtBounds([][]float32{{.1, -.1, .0995}, {.05}, {-.0991, .11, 0, 0}}, .1); got != .5 {
		t.Errorf("%v of the weights are at the bounds, want half", got)
	}
}

// With deep critics clipped gradients vanish towards the first layers, the faster the
// smaller c is, and penalised ones do not.
func TestFigure1b(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	c := small
	c.Width, c.Depth, c.Batch, c.Rate = 32, 12, 32, 5e-4
	f := NewFigure1b(c)
	t.Cleanup(f.Close)
	for range 5 {
		if bad := f.Iterate(); bad != "" {
			t.Fatal(bad)
		}
	}
	var growth []float64
	for i, run := range f.Runs {
		growth = append(growth, Growth(run.Layers()))
		if i < 3 && (run.Rule != Clip || run.Bound != Figure1bBounds[i]) || i == 3 && run.Rule != Penalty {
			t.Errorf("run %d has the rule %s and c = %v", i, run.Rule, run.Bound)
		}
	}
	t.Log(growth)
	if !(growth[2] < .1*growth[1]*1.5 && growth[1] < .1 && growth[0] < 1 && growth[3] > .8 && growth[3] < 1.25) {
		t.Errorf("gradients grow by %v a layer", growth)
	}
}
