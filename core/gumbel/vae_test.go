package gumbel

import (
	"math"
	"slices"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/measure"
)

// drawings returns n random black and white images of 3 by 4.
func drawings(n int, seed uint8) *data.Images {
	im := &data.Images{Rows: 3, Cols: 4, Channels: 1, Pixels: make([]uint8, 12*n)}
	state := uint32(seed)
	for i := range im.Pixels {
		state = state*1664525 + 1013904223
		if state>>31 == 1 {
			im.Pixels[i] = 255
		}
	}
	return im
}

// tiny is a VAE with two choices of three, so that all nine codes can be
// enumerated.
func tiny(t *testing.T, learned bool) *VAE {
	r := newRun(t, lab.Values{"seed": "4", "learning-rate": "0.02"})
	v := NewVAE(r, VAEConfig{
		Variables: Variables{2, 3}, Hidden: []int{8}, LearnedPrior: learned,
		Config: Config{Train: drawings(60, 1), Test: drawings(400, 1), Estimator: "gumbel-softmax", Binarisation: Grey, Batch: 20, Optimiser: "adam"},
	})
	r.Begin(bare{v})
	for range 150 {
		if bad := v.Iterate(); bad != "" {
			t.Fatal(bad + " is not finite")
		}
	}
	return v
}

// enumerate returns, by going through all codes z in plain numbers, the mean over
// the test images of log Σ p(x|z)·p(z), and of Σ q(z|x)·log p(x, z)/q(z|x).
func (v *VAE) enumerate(t *testing.T) (likelihood, elbo float64) {
	params := v.params()
	theta := params
	mlp := func(x []float64, sizes ...int) []float64 {
		for l, in := range sizes[:len(sizes)-1] {
			out := sizes[l+1]
			w, b := theta[:in*out], theta[in*out:in*out+out]
			theta = theta[in*out+out:]
			y := make([]float64, out)
			for j := range y {
				y[j] = float64(b[j])
				for i := range x {
					y[j] += x[i] * float64(w[i*out+j])
				}
				if l < len(sizes)-2 {
					y[j] = math.Max(y[j], 0)
				}
			}
			x = y
		}
		return x
	}
	logSoftmax := func(x []float64) []float64 {
		y := make([]float64, len(x))
		for i := range x {
			y[i] = x[i] - measure.LogMeanExp(x) - math.Log(float64(len(x)))
		}
		return y
	}
	code := v.N * v.K
	logPrior := slices.Repeat([]float64{-math.Log(float64(v.K))}, code)
	if v.LearnedPrior {
		for i, x := range theta[len(theta)-code:] {
			logPrior[i] = float64(x)
		}
		for n := range v.N {
			copy(logPrior[n*v.K:], logSoftmax(logPrior[n*v.K:(n+1)*v.K]))
		}
	}
	count := v.Test.Count()
	for image := range count {
		x := make([]float64, v.pixels)
		for i := range x {
			x[i] = float64(v.Test.Pixels[image*v.pixels+i]) / 255
		}
		theta = params
		logq := mlp(x, v.pixels, 8, code)
		for n := range v.N {
			copy(logq[n*v.K:], logSoftmax(logq[n*v.K:(n+1)*v.K]))
		}
		decoder := theta
		joint := []float64{}
		for z := range v.K * v.K {
			chosen := []int{z / v.K, v.K + z%v.K}
			hot := make([]float64, code)
			logp, q := 0., 0.
			for _, c := range chosen {
				hot[c] = 1
				logp += logPrior[c]
				q += logq[c]
			}
			theta = decoder
			for i, l := range mlp(hot, code, 8, v.pixels) {
				logp += x[i]*l - math.Max(l, 0) - math.Log1p(math.Exp(-math.Abs(l)))
			}
			joint = append(joint, logp)
			elbo += math.Exp(q) * (logp - q) / float64(count)
		}
		likelihood += (measure.LogMeanExp(joint) + 2*math.Log(float64(v.K))) / float64(count)
	}
	return likelihood, elbo
}

// The m-sample bound with hard samples lies between the ELBO, which is what one
// sample gives on average, and the likelihood, which it nears as m grows.
func TestBoundAgainstEnumeration(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	for _, learned := range []bool{false, true} {
		v := tiny(t, learned)
		likelihood, elbo := v.enumerate(t)
		bound := func(m int) float64 {
			b, mean := v.Bound(400, m)
			if m == 1 && b != mean {
				t.Errorf("of one sample the bound is %v and the mean %v", b, mean)
			}
			if m > 1 && math.Abs(-mean-elbo) > .15 {
				t.Errorf("learned prior %v: the mean of %d samples is %v, the ELBO %v", learned, m, -mean, elbo)
			}
			return -b
		}
		one, ten, many := bound(1), bound(10), bound(3000)
		t.Logf("ELBO %.4f, m = 1 %.4f, 10 %.4f, 3000 %.4f, likelihood %.4f", elbo, one, ten, many, likelihood)
		if math.Abs(one-elbo) > .15 {
			t.Errorf("learned prior %v: one sample bounds at %v, the ELBO is %v", learned, one, elbo)
		}
		if math.Abs(many-likelihood) > .005 {
			t.Errorf("learned prior %v: 3000 samples bound at %v, the likelihood is %v", learned, many, likelihood)
		}
		if !(likelihood > elbo+.05 && one < ten && ten < many) {
			t.Errorf("learned prior %v: %v, %v, %v do not rise from %v to %v", learned, one, ten, many, elbo, likelihood)
		}
		if again := bound(10); again != ten {
			t.Errorf("the same bound is %v, then %v", ten, again)
		}
	}
}

// The bound is of whole hundreds of test images, and of all at most.
func TestBoundCount(t *testing.T) {
	v := tiny(t, false)
	bound := func(count int) float64 {
		b, _ := v.Bound(count, 2)
		return b
	}
	if a, b := bound(1), bound(100); a != b {
		t.Errorf("the bound on 1 image is %v, on 100 %v: it must be the same", a, b)
	}
	if a, b := bound(400), bound(9999); a != b {
		t.Errorf("the bound on all is %v, on more than all %v", a, b)
	}
}

// The loss is reconstruction and KL. On images that are one of four it falls from
// 12 ln 2 towards ln 4.
func TestTrains(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	images := drawings(60, 1)
	for i := range images.Pixels {
		images.Pixels[i] = images.Pixels[i%(4*12)]
	}
	for _, hard := range []bool{false, true} {
		estimator := "gumbel-softmax"
		if hard {
			estimator = "st-gumbel-softmax"
		}
		c := VAEConfig{Variables: Variables{4, 4}, Hidden: []int{16}, Config: Config{Train: images, Test: drawings(100, 2), Estimator: estimator,
			Binarisation: Grey, Batch: 20, Optimiser: "adam"}}
		r := newRun(t, lab.Values{"seed": "4", "learning-rate": "0.01"})
		v := NewVAE(r, c)
		r.Begin(bare{v})
		last := 0.
		for i := range 600 {
			if bad := v.Iterate(); bad != "" {
				t.Fatal(bad + " is not finite")
			}
			loss, rec, kl := v.Losses()
			if math.Abs(loss-rec-kl) > 1e-5*loss || kl < 0 {
				t.Fatalf("loss %v, reconstruction %v, KL %v", loss, rec, kl)
			}
			if i == 0 && math.Abs(loss-12*math.Ln2) > 2 {
				t.Errorf("the loss begins at %v, want about %v", loss, 12*math.Ln2)
			}
			if i >= 570 {
				last += loss / 30
			}
		}
		t.Logf("straight-through %v: %.3f", hard, last)
		if last > 4 {
			t.Errorf("straight-through %v: the loss is %v after 600 steps", hard, last)
		}
	}
}

// An epoch shows every image once, and the next shows them in another order.
func TestEpochs(t *testing.T) {
	v := tiny(t, false)
	step := 0
	var orders [2][]int
	for e := range orders {
		for range 3 { // 60 images in batches of 20
			orders[e] = append(orders[e], v.epochs.Batch(step, v.Train.Count(), v.Batch)...)
			step++
		}
		sorted := slices.Sorted(slices.Values(orders[e]))
		for i, at := range sorted {
			if i != at {
				t.Fatalf("epoch %d shows %v", e, sorted)
			}
		}
	}
	if slices.Equal(orders[0], orders[1]) {
		t.Error("two epochs have one order")
	}
}

// The notebook's learning rate: .001 in the first step, .0009 from the second,
// .00081 from step 1001, counted from 0.
func TestLearningRate(t *testing.T) {
	v := &training{Config: Config{RateEvery: 1000}, run: newRun(t, lab.Values{"learning-rate": "0.001", "rate-fall": "0.9"})}
	want := map[int]float64{0: .001, 1: .0009, 1000: .0009, 1001: .00081}
	for step := range 1002 {
		if want, ok := want[step]; ok && math.Abs(v.LearningRate()-want) > 1e-12 {
			t.Errorf("the rate of step %d is %v, want %v", step, v.LearningRate(), want)
		}
		v.run.Finish()
	}
}

// params returns the parameters of tiny's networks and of its prior in a row.
func (v *VAE) params() (all []float32) {
	numbers := v.run.Numbers()
	for _, name := range []string{"encoder.0", "encoder.1", "decoder.0", "decoder.1"} {
		all = append(append(all, numbers[name+".weight"]...), numbers[name+".bias"]...)
	}
	return append(all, numbers["prior"]...)
}
