package gumbel

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ganbel/core/lab"
)

func distributions(t *testing.T, chances ...float64) *Distributions {
	d, err := NewDistributions(newRun(t, nil), chances, 500)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// all returns a summary's numbers.
func (s Summary) all() []float64 {
	return slices.Concat(s.Mean, s.SD, s.Argmax, []float64{s.Greatest, s.Entropy})
}

// Figure 1 for π = (.1, .2, .7): known from 2 million draws, whose standard error
// is .0003 or less.
func TestExact(t *testing.T) {
	d := distributions(t, .1, .2, .7)
	for at, want := range [][]float64{
		{.1, .2, .7, .3, .4, math.Sqrt(.21), .1, .2, .7, 1, 0},
		{.1006, .2013, .6982, .2853, .3805, .4356, .1, .2, .7, .9681, .0766},
		{.1180, .2216, .6604, .2376, .3098, .3539, .1, .2, .7, .8426, .3847},
		{.1541, .2531, .5928, .1925, .2408, .2746, .1, .2, .7, .7142, .6703},
		{.3044, .3261, .3694, .0339, .0352, .0371, .1, .2, .7, .3820, 1.0898},
	} {
		exact := d.Exact(at)
		for i, x := range exact.all() {
			if math.Abs(x-want[i]) > 5e-4 {
				t.Errorf("τ %v: number %d is %v, want %v", Temperatures[at], i, x, want[i])
			}
		}
		for i, x := range exact.Argmax {
			if math.Abs(x-d.Chances[i]) > 1e-7 {
				t.Errorf("τ %v: class %d is the greatest with chance %v", Temperatures[at], i, x)
			}
		}
	}
	// Between two classes the mean at τ = 1 is α(α-1-ln α)/(α-1)².
	for alpha, want := range map[float64]float64{.25: .282797, .5: .386294, 4: .717203, 999: 999 * (998 - math.Log(999)) / (998 * 998)} {
		exact := distributions(t, alpha, 1).Exact(3)
		if math.Abs(exact.Mean[0]-want) > 1e-6 || math.Abs(exact.Mean[1]-1+want) > 1e-6 {
			t.Errorf("α %v: means %v, want %v", alpha, exact.Mean, want)
		}
	}
	// The means add up to 1 and each class is the greatest with its chance, also where these are far apart.
	for _, chances := range [][]float64{{1, 1000, 1}, {1, 1000, 1000}, {.001, .03, 1}, {1e308, 1e307, 1e308}} {
		d := distributions(t, chances...)
		for at := range Temperatures {
			exact := d.Exact(at)
			sum := exact.Mean[0] + exact.Mean[1] + exact.Mean[2]
			for i, x := range exact.Argmax {
				if math.Abs(x-d.Chances[i]) > 1e-7 || math.Abs(sum-1) > 1e-7 {
					t.Errorf("chances %v, τ %v: means add up to %v, class %d is the greatest with chance %v", chances, Temperatures[at], sum, i, x)
				}
			}
		}
	}
	four := distributions(t, 1, 1, 1, 1)
	if exact := four.Exact(0); exact.Mean[3] != .25 || exact.SD[3] != math.Sqrt(3./16) || exact.Greatest != 1 {
		t.Errorf("the categorical distribution is %v", exact)
	}
	if exact := four.Exact(2); exact.Argmax[3] != .25 || !math.IsNaN(exact.Mean[0]) || !math.IsNaN(exact.SD[3]) || !math.IsNaN(exact.Entropy) {
		t.Errorf("of four classes %v is told as known", exact)
	}
}

// The samples' averages are the exact ones within their standard errors: over many
// runs the difference has the mean square 1, in standard errors.
func TestSampled(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	const runs = 60
	for _, chances := range [][]float64{{.1, .2, .7}, {3, 1}} {
		k := len(chances)
		exact, square := make([][]float64, len(Temperatures)), make([][]float64, len(Temperatures))
		for at := range exact {
			exact[at], square[at] = distributions(t, chances...).Exact(at).all(), make([]float64, 3*k+2)
		}
		for seed := range runs {
			d, err := NewDistributions(newRun(t, lab.Values{"seed": strconv.Itoa(seed)}), chances, 50)
			if err != nil {
				t.Fatal(err)
			}
			for range 40 {
				d.Iterate()
			}
			first, _ := d.Sampled(0)
			for at, tau := range Temperatures {
				value, err := d.Sampled(at)
				v, e := value.all(), err.all()
				for i, x := range exact[at] {
					square[at][i] += (v[i] - x) * (v[i] - x) / (e[i] * e[i]) / runs
				}
				if !slices.Equal(value.Argmax, first.Argmax) {
					t.Errorf("τ %v: the greatest are %v, Max chose %v", tau, value.Argmax, first.Argmax)
				}
				if at == 0 && (value.Greatest != 1 || value.Entropy != 0 || err.Greatest != 0 || err.Entropy != 0) {
					t.Errorf("one-hot samples have the greatest element %v and the entropy %v", value.Greatest, value.Entropy)
				}
			}
		}
		square[0] = square[0][:3*k]
		for at, numbers := range square {
			for i, s := range numbers {
				if !(s > .55 && s < 1.7) { // √(2/60) = .18 from 1 on average
					t.Errorf("%v, τ %v: number %d is off by %v standard errors squared", chances, Temperatures[at], i, s)
				}
			}
		}
	}
}

// All steps' averages are those of all samples at once.
func TestGather(t *testing.T) {
	d := distributions(t, .3, .2, .4, .1)
	tau, k := .5, 4
	var y []float64
	for range 20 {
		d.stream.Seek(uint64(len(y))) // a number a block
		for range d.Draws {
			d.next(d.stream)
			d.sample(tau)
			y = append(y, d.y...)
		}
	}
	d.stream.Seek(0)
	for range 20 {
		d.Iterate()
	}
	value, err := d.Sampled(2)
	n := float64(len(y) / k)
	for i := range k {
		mean, square := 0., 0.
		for at := i; at < len(y); at += k {
			mean += y[at] / n
			square += y[at] * y[at] / n
		}
		sd := math.Sqrt(square - mean*mean)
		if math.Abs(value.Mean[i]-mean) > 1e-6 || math.Abs(value.SD[i]/sd-1) > 1e-3 || math.Abs(err.Mean[i]/(sd/math.Sqrt(n))-1) > 1e-3 {
			t.Errorf("class %d: %v ± %v and %v, want %v and %v", i, value.Mean[i], err.Mean[i], value.SD[i], mean, sd)
		}
	}
}

// What is shown is the same at every step: of one noise, one-hot at temperature 0.
func TestView(t *testing.T) {
	d := distributions(t, .1, .2, .7)
	before := d.View(50)
	d.Iterate()
	if !slices.Equal(d.View(50), before) {
		t.Error("a step changed the samples shown")
	}
	for at, tau := range Temperatures {
		for i := range 50 {
			y, z := before[3*(50*at+i):][:3], before[3*i:][:3]
			best := slices.Index(y, slices.Max(y))
			if z[best] != 1 || z[0]+z[1]+z[2] != 1 || math.Abs(float64(y[0]+y[1]+y[2])-1) > 1e-6 {
				t.Fatalf("τ %v: sample %d is %v, of the categorical %v", tau, i, y, z)
			}
		}
	}
}

// The grid's density integrates to 1 where it is smooth, and stands where it says.
func TestDensityGrid(t *testing.T) {
	const side = 200
	d := distributions(t, .1, .2, .7)
	sum := 0.
	for at, log := range d.Density(1, side) {
		part := (1 - (float64(at/side)+.5)/side) / side / side // how large
		sum += math.Exp(float64(log)) * part
	}
	if math.Abs(sum-1) > 1e-3 {
		t.Errorf("it integrates to %v", sum)
	}
	y3, y2 := 17.5/side, (1-17.5/side)*101.5/side
	want, err := LogDensity([]float64{1 - y3 - y2, y2, y3}, three, 10)
	if got := d.Density(10, side)[17*side+101]; err != nil || math.Abs(float64(got)-want) > 1e-4*math.Abs(want) {
		t.Errorf("row 17, column 101 is %v, want %v, %v", got, want, err)
	}
}

func TestDistributionsRefuses(t *testing.T) {
	for want, c := range map[string]struct {
		chances []float64
		draws   int
	}{
		"no logits":       {nil, 10},
		"logit 1 is -Inf": {[]float64{.5, 0, .5}, 10},
		"logit 0 is NaN":  {[]float64{-.5, .5}, 10},
		"needs 2 or more": {[]float64{.5, .5}, 1},
	} {
		if _, err := NewDistributions(newRun(t, nil), c.chances, c.draws); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", c, err)
		}
	}
}
