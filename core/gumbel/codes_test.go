package gumbel

import (
	"math"
	"slices"
	"testing"

	"ganbel/core/random"
)

// plain is tiny's two networks in plain numbers: the logits of q(z|x), and those
// of p(x|z).
func (v *VAE) plain() (encode, decode func([]float64) []float64) {
	theta := v.params()
	mlp := func(theta []float32, x []float64, sizes ...int) []float64 {
		for l, in := range sizes[:len(sizes)-1] {
			out := sizes[l+1]
			y := make([]float64, out)
			for j := range y {
				y[j] = float64(theta[in*out+j])
				for i := range x {
					y[j] += x[i] * float64(theta[i*out+j])
				}
				if l < len(sizes)-2 {
					y[j] = math.Max(y[j], 0)
				}
			}
			x, theta = y, theta[(in+1)*out:]
		}
		return x
	}
	code, hidden := v.N*v.K, v.Hidden[0]
	below := (v.pixels+1)*hidden + (hidden+1)*code
	return func(x []float64) []float64 { return mlp(theta, x, v.pixels, hidden, code) },
		func(z []float64) []float64 { return mlp(theta[below:], z, code, hidden, v.pixels) }
}

// softmax returns the chances of every row of logits.
func softmax(logits []float64, cols int) []float64 {
	var all []float64
	for row := range slices.Chunk(logits, cols) {
		sum := 0.
		for _, x := range row {
			sum += math.Exp(x)
		}
		for _, x := range row {
			all = append(all, math.Exp(x)/sum)
		}
	}
	return all
}

// testImage returns a grey test image in [0, 1].
func (v *VAE) testImage(i int) []float64 {
	x := make([]float64, v.pixels)
	for j := range x {
		x[j] = float64(v.Test.Pixels[i*v.pixels+j]) / 255
	}
	return x
}

func near(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i, x := range got {
		if !(math.Abs(float64(x)-want[i]) < 1e-5) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, x, want[i])
		}
	}
}

func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x)
	}
	return out
}

// sigmoid returns every pixel's chance.
func sigmoid(logits []float64) []float64 {
	out := make([]float64, len(logits))
	for i, l := range logits {
		out[i] = 1 / (1 + math.Exp(-l))
	}
	return out
}

// Decode, Encode and Usage are the networks, worked out in plain numbers.
func TestLooks(t *testing.T) {
	v := tiny(t, true)
	encode, decode := v.plain()
	for _, code := range [][]float64{{0, 1, 0, 0, 0, 1}, {.2, .5, .3, 1, 0, 0}} {
		near(t, "decoded", v.Decode(narrow(code)), sigmoid(decode(code)))
	}

	x := v.testImage(3)
	chances, code, drawn := v.Encode(narrow(x))
	logits := encode(x)
	near(t, "chances", chances, softmax(logits, v.K))
	u := make([]float32, v.N*v.K)
	random.New(v.run.Seed(), "frame").Uniform(u)
	var y []float64
	for n := range v.N {
		var row, noise [3]float64
		for k := range row {
			noise[k] = float64(u[n*v.K+k])
		}
		if err := Sample(row[:], logits[n*v.K:(n+1)*v.K], noise[:], v.Tau()); err != nil {
			t.Fatal(err)
		}
		y = append(y, row[:]...)
	}
	near(t, "code", code, y)
	near(t, "reconstruction", drawn, sigmoid(decode(y)))

	mean := make([]float64, v.N*v.K)
	for i := range 100 {
		for j, p := range softmax(encode(v.testImage(i)), v.K) {
			mean[j] += p / 100
		}
	}
	near(t, "usage", v.Usage(), mean)
}

// Both bounds of Gap are what plain numbers give for the same digits and noise;
// as the temperature falls the gap between them closes, and only the relaxed one moves.
func TestGap(t *testing.T) {
	for _, learned := range []bool{false, true} {
		v := tiny(t, learned)
		encode, decode := v.plain()
		prior := slices.Repeat([]float64{1 / float64(v.K)}, v.N*v.K)
		if learned {
			params := v.params()
			logits := make([]float64, v.N*v.K)
			for i := range logits {
				logits[i] = float64(params[len(params)-len(logits)+i])
			}
			prior = softmax(logits, v.K)
		}
		u := make([]float32, 100*v.N*v.K)
		random.New(v.run.Seed(), "measure").Uniform(u)
		want := func(tau float64) (relaxed, discrete float64) {
			for i := range 100 {
				x := v.testImage(i)
				logits := encode(x)
				q := softmax(logits, v.K)
				soft, hard := make([]float64, v.N*v.K), make([]float64, v.N*v.K)
				kl := 0.
				for n := range v.N {
					row := soft[n*v.K : (n+1)*v.K]
					for k := range row {
						at := n*v.K + k
						row[k] = float64(u[i*v.N*v.K+at])
						kl += q[at] * math.Log(q[at]/prior[at])
					}
					if err := Sample(row, logits[n*v.K:(n+1)*v.K], row, tau); err != nil {
						t.Fatal(err)
					}
					hard[n*v.K+slices.Index(row, slices.Max(row))] = 1
				}
				likelihood := func(z []float64) (sum float64) {
					for j, l := range decode(z) {
						sum += x[j]*l - math.Max(l, 0) - math.Log1p(math.Exp(-math.Abs(l)))
					}
					return sum
				}
				relaxed += (likelihood(soft) - kl) / 100
				discrete += (likelihood(hard) - kl) / 100
			}
			return relaxed, discrete
		}
		last := math.Inf(1)
		for _, tau := range []float64{2, .5, .05, .001} {
			set(t, v.run, "temperature", text(tau))
			set(t, v.run, "schedule", string(Constant))
			relaxed, discrete := v.Gap()
			r, d := want(tau)
			if math.Abs(relaxed-r) > 1e-3 || math.Abs(discrete-d) > 1e-4 {
				t.Errorf("τ %v: ELBO %v relaxed and %v one-hot, want %v and %v", tau, relaxed, discrete, r, d)
			}
			gap := math.Abs(relaxed - discrete)
			if gap > last {
				t.Errorf("τ %v: the gap grew from %v to %v", tau, last, gap)
			}
			last = gap
		}
		if last > .01 {
			t.Errorf("at τ .001 the gap is still %v", last)
		}
	}
}

// The shapes at places where their formulas are easily worked out by hand, the same
// as in assets/page/schedule.test.mjs.
func TestShapes(t *testing.T) {
	s := Schedule{First: 2, Least: .5, Fall: .001, Every: 1}
	for _, c := range []struct {
		shape Shape
		step  int
		want  float64
	}{
		{"", 500, 2 * math.Exp(-.5)}, {Exponential, 500, 2 * math.Exp(-.5)}, {Exponential, 1386, 2 * math.Exp(-1.386)}, {Exponential, 1387, .5},
		{Linear, 0, 2}, {Linear, 500, 1}, {Linear, 750, .5}, {Linear, 5000, .5},
		{Stepwise, 0, 2}, {Stepwise, 693, 2}, {Stepwise, 694, 1}, {Stepwise, 1386, 1}, {Stepwise, 1387, .5}, {Stepwise, 9999, .5},
		{Constant, 0, 2}, {Constant, 1_000_000, 2},
	} {
		s.Shape = c.shape
		if got := s.At(c.step); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%q at step %d: τ %v, want %v", c.shape, c.step, got, c.want)
		}
	}
	for _, shape := range []Shape{Exponential, Linear, Stepwise} {
		rare, often := Schedule{shape, 1, .1, .001, 100}, Schedule{shape, 1, .1, .001, 1}
		for step := range 2500 {
			if got, want := rare.At(step), often.At(step/100*100); got != want {
				t.Fatalf("%q, every 100 steps, at step %d: τ %v, want %v", shape, step, got, want)
			}
			// Steps of the stepwise shape begin on the exponential, and never lie below it.
			if x := (Schedule{Exponential, 1, .1, .001, 1}).At(step); shape == Stepwise && often.At(step) < x {
				t.Fatalf("at step %d stepwise is %v, below the exponential's %v", step, often.At(step), x)
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a shape that is none did not panic")
		}
	}()
	Schedule{Shape: "cosine", First: 1}.At(1)
}
