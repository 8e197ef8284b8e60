package gumbel

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/lab"
)

// choice returns figure 1's choice at a temperature.
func choice(t *testing.T, tau float64, straightThrough bool) *Categorical {
	v := lab.Values{"seed": "7", "logit-1": text(math.Log(.1)), "logit-2": text(math.Log(.2)), "logit-3": text(math.Log(.7)), "temperature": text(tau), "estimator": "gumbel-softmax"}
	if straightThrough {
		v["estimator"] = "straight-through"
	}
	r := newRun(t, v)
	c := NewCategorical(r)
	r.Begin(bare{c})
	return c
}

// draws returns the present samples by Sample, for logits moved by so much.
func (c *Categorical) draws(t *testing.T, by [3]float64) (all [][3]float64) {
	logits := c.Logits()
	for i := range by {
		logits[i] += by[i]
	}
	for u := range slices.Chunk(c.run.Memory.(*cpu.Memory).Of(c.u), 3) {
		y := [3]float64{float64(u[0]), float64(u[1]), float64(u[2])}
		if err := Sample(y[:], logits[:], y[:], c.Tau()); err != nil {
			t.Fatal(err)
		}
		all = append(all, y)
	}
	return all
}

// Every draw's sample is Sample's, and its gradient is what moving the logits does
// to the objective of that sample, or along its slope at the one-hot sample.
func TestPathwiseGradient(t *testing.T) {
	for _, straightThrough := range []bool{false, true} {
		for _, tau := range []float64{.1, .5, 1, 10} {
			c := choice(t, tau, straightThrough)
			const h = 1e-5
			y := c.draws(t, [3]float64{})
			var up, down [3][][3]float64
			for i := range 3 {
				var by [3]float64
				by[i] = h
				up[i] = c.draws(t, by)
				by[i] = -h
				down[i] = c.draws(t, by)
			}
			cloud, gradients := c.View().Cloud, c.gradients()
			for n := range y {
				for i := range 3 {
					if got := float64(cloud[3*n+i]); math.Abs(got-y[n][i]) > 2e-5 {
						t.Fatalf("τ %v: sample %d has %v for class %d, want %v", tau, n, got, i, y[n][i])
					}
					want := (Objective(up[i][n][:]) - Objective(down[i][n][:])) / (2 * h)
					if straightThrough {
						want = 0
						best := slices.Index(y[n][:], slices.Max(y[n][:]))
						for k := range 3 {
							d := -target[k]
							if k == best {
								d++
							}
							want += 4 * d * d * d * (up[i][n][k] - down[i][n][k]) / (2 * h)
						}
					}
					if got := float64(gradients[3*n+i]); math.Abs(got-want) > 1e-4*math.Max(1, math.Abs(want)) {
						t.Fatalf("straight-through %v, τ %v: draw %d has the gradient %v for logit %d, want %v", straightThrough, tau, n, got, i, want)
					}
				}
			}
		}
	}
}

// The exact gradient is what moving the logits does to the expected objective.
func TestExactGradient(t *testing.T) {
	c := choice(t, 1, false)
	mean := func() (sum float64) {
		for i, p := range c.Chances() {
			var hot [3]float64
			hot[i] = 1
			sum += p * Objective(hot[:])
		}
		return sum
	}
	exact := c.Estimate().Exact
	for i := range 3 {
		const h = 1e-5
		name, l := "logit-"+strconv.Itoa(i+1), c.Logits()[i]
		set(t, c.run, name, text(l+h))
		up := mean()
		set(t, c.run, name, text(l-h))
		down := mean()
		set(t, c.run, name, text(l))
		if want := (up - down) / (2 * h); math.Abs(exact[i]-want) > 1e-9 {
			t.Errorf("logit %d: %v, want %v", i, exact[i], want)
		}
	}
}

// Bias and variance are those of all draws since a setting changed, worked out at
// once from all of them.
func TestEstimate(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	c := choice(t, .5, false)
	for range 3 { // draws of another temperature must not count
		c.Iterate()
	}
	set(t, c.run, "temperature", "0.3")
	var all []float32
	for range 40 {
		all = append(all, c.gradients()...)
		if bad := c.Iterate(); bad != "" {
			t.Fatal(bad)
		}
	}
	all = append(all, c.gradients()...)
	n := float64(len(all) / 3)
	var mean [3]float64
	for i, x := range all {
		mean[i%3] += float64(x) / n
	}
	variance, off := 0., 0.
	for i, x := range all {
		d := float64(x) - mean[i%3]
		variance += d * d / (n - 1)
	}
	e := c.Estimate()
	for i := range mean {
		off += (mean[i] - e.Exact[i]) * (mean[i] - e.Exact[i])
		if math.Abs(e.Mean[i]-mean[i]) > 1e-6 {
			t.Errorf("logit %d: mean gradient %v, want %v", i, e.Mean[i], mean[i])
		}
	}
	for what, pair := range map[string][2]float64{"bias": {e.Bias, math.Sqrt(off)}, "variance": {e.Variance, variance}, "error": {e.Error, math.Sqrt(variance / n)}} {
		if math.Abs(pair[0]-pair[1]) > 2e-6*math.Max(1, pair[1]) {
			t.Errorf("%s %v, want %v", what, pair[0], pair[1])
		}
	}
}

// Section 2.2: "there is a tradeoff between small temperatures, where samples are
// close to one-hot but the variance of the gradients is large, and large
// temperatures, where samples are smooth but the variance of the gradients is
// small". And the straight-through estimator stays biased.
func TestTrade(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	taus := []float64{.05, .1, .3, 1, 3, 10}
	var soft, hard []Estimate
	for _, tau := range taus {
		for _, straightThrough := range []bool{false, true} {
			c := choice(t, tau, straightThrough)
			for range 100 {
				c.Iterate()
			}
			e := c.Estimate()
			t.Logf("τ %5.2f, straight-through %5v: bias %.4f ± %.4f, variance %.5f", tau, straightThrough, e.Bias, e.Error, e.Variance)
			if straightThrough {
				hard = append(hard, e)
			} else {
				soft = append(soft, e)
			}
		}
	}
	for i := 1; i < len(taus); i++ {
		if !(soft[i].Bias > soft[i-1].Bias+soft[i].Error) {
			t.Errorf("the bias does not rise from τ %v to %v: %v, then %v", taus[i-1], taus[i], soft[i-1].Bias, soft[i].Bias)
		}
		for _, e := range [][]Estimate{soft, hard} {
			if !(e[i].Variance < .7*e[i-1].Variance) {
				t.Errorf("the variance does not fall from τ %v to %v: %v, then %v", taus[i-1], taus[i], e[i-1].Variance, e[i].Variance)
			}
		}
	}
	if hard[0].Bias < 5*soft[0].Bias {
		t.Errorf("at τ %v straight-through has the bias %v, the relaxed sample %v", taus[0], hard[0].Bias, soft[0].Bias)
	}
}

// What is known from 2 million draws: the mean sample of figure 1, and the mean
// entropy of a sample.
func TestEntropies(t *testing.T) {
	for _, f := range []struct {
		tau     float64
		mean    [3]float64
		entropy float64
	}{
		{.1, [3]float64{.1006, .2013, .6982}, .0766},
		{.5, [3]float64{.1180, .2216, .6604}, .3847},
		{1, [3]float64{.1541, .2531, .5928}, .6703},
		{10, [3]float64{.3044, .3261, .3694}, 1.0898},
	} {
		want := 0.
		for _, p := range f.mean {
			want -= p * math.Log(p)
		}
		ofMean, mean := choice(t, f.tau, false).Entropies()
		if math.Abs(ofMean-want) > .02 || math.Abs(mean-f.entropy) > .02 {
			t.Errorf("τ %v: %v of the mean and %v on average, want %v and %v", f.tau, ofMean, mean, want, f.entropy)
		}
	}
}

// Noise depends on nothing but the step, so that a temperature moves samples and
// draws none; each step counts one choice, whose chances are the softmax of the
// logits at every temperature; counts begin anew with other logits only.
func TestCounts(t *testing.T) {
	c := choice(t, 1, false)
	const n = 1000
	for range n / 2 {
		c.Iterate()
	}
	before := c.View()
	set(t, c.run, "temperature", "0.1")
	set(t, c.run, "estimator", "straight-through")
	after := c.View()
	if before.Noise != after.Noise || before.Hard != after.Hard {
		t.Error("a temperature drew other noise")
	}
	for range n / 2 {
		c.Iterate()
	}
	total := float32(0)
	for i, k := range c.View().Counts {
		total += k
		if p := c.Chances()[i]; math.Abs(float64(k)/(n+1)-p) > 4*math.Sqrt(p*(1-p)/n) {
			t.Errorf("class %d was chosen %v of %d times, its chance is %v", i, k, n+1, p)
		}
	}
	if total != n+1 {
		t.Errorf("%v choices in %d steps and the first draw", total, n)
	}
	set(t, c.run, "logit-1", text(c.Logits()[0]+1))
	if counts := c.View().Counts; counts[0]+counts[1]+counts[2] != 1 {
		t.Errorf("with other logits the counts begin with %v", counts)
	}
	s := c.run.Save()
	s.Meta["step"] = strconv.Itoa(n / 2)
	if err := c.run.Load(s); err != nil {
		t.Fatal(err)
	}
	if c.View().Noise != before.Noise {
		t.Error("a step's noise is not always the same")
	}
}
