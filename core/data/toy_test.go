package data

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/random"
)

const toyPoints = 50_000

func sample(t *testing.T, name string, points []float32) (Distribution, []float32) {
	t.Helper()
	d, err := Toy(name, points)
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float32, 2*toyPoints)
	d.Sample(v, random.New(1, "data"))
	return d, v
}

// near reports a mean that lies more than five standard errors off.
func near(t *testing.T, what string, mean, want, sd, n float64) {
	t.Helper()
	if !(math.Abs(mean-want) <= 5*sd/math.Sqrt(n)) {
		t.Errorf("%s is %v, want %v", what, mean, want)
	}
}

func TestMixtures(t *testing.T) {
	for name, c := range map[string]struct {
		modes               int
		sigma, far, spacing float64 // far is from the origin to the furthest centre
	}{
		"8gaussians":  {8, .02 / 1.414, 2 / 1.414, 2 * math.Sin(math.Pi/8) * 2 / 1.414},
		"25gaussians": {25, .05 / 2.828, 4 * math.Sqrt2 / 2.828, 2 / 2.828},
	} {
		d, v := sample(t, name, nil)
		centres, sigma := d.Modes()
		if len(centres) != 2*c.modes || sigma != c.sigma {
			t.Fatalf("%s has %d modes of width %v, want %d of %v", name, len(centres)/2, sigma, c.modes, c.sigma)
		}
		distance := func(i, j int) float64 {
			return math.Hypot(float64(centres[2*i]-centres[2*j]), float64(centres[2*i+1]-centres[2*j+1]))
		}
		far, spacing := 0., math.Inf(1)
		for i := range c.modes {
			far = max(far, math.Hypot(float64(centres[2*i]), float64(centres[2*i+1])))
			for j := range i {
				spacing = min(spacing, distance(i, j))
			}
		}
		if math.Abs(far-c.far) > 1e-6 || math.Abs(spacing-c.spacing) > 1e-6 {
			t.Errorf("%s reaches %v with spacing %v, want %v and %v", name, far, spacing, c.far, c.spacing)
		}
		counts, square := make([]float64, c.modes), 0.
		for i := 0; i < len(v); i += 2 {
			best, least := 0, math.Inf(1)
			for m := range c.modes {
				if r := math.Hypot(float64(v[i]-centres[2*m]), float64(v[i+1]-centres[2*m+1])); r < least {
					best, least = m, r
				}
			}
			if least > 6*sigma {
				t.Fatalf("%s: a point %v from every centre", name, least)
			}
			counts[best]++
			square += least * least
		}
		near(t, name+": squared distance from the centre, in sigma", square/toyPoints/sigma/sigma, 2, 2, toyPoints)
		p := 1 / float64(c.modes)
		for _, n := range counts {
			near(t, name+": share of a mode", n/toyPoints, p, math.Sqrt(p*(1-p)), toyPoints)
		}
	}
}

func TestSwissRoll(t *testing.T) {
	d, v := sample(t, "swissroll", nil)
	if c, _ := d.Modes(); c != nil {
		t.Errorf("modes %v", c)
	}
	// t is uniform on [a, b]; moments of (t·cos t, t·sin t) and of the noise.
	const a, b = 1.5 * math.Pi, 4.5 * math.Pi
	x := func(t float64) float64 { return t*math.Sin(t) + math.Cos(t) } // ∫ t·cos t
	y := func(t float64) float64 { return math.Sin(t) - t*math.Cos(t) } // ∫ t·sin t
	least, most, mx, my, square := math.Inf(1), 0., 0., 0., 0.
	for i := 0; i < len(v); i += 2 {
		r := math.Hypot(float64(v[i]), float64(v[i+1]))
		least, most = min(least, r), max(most, r)
		mx += float64(v[i])
		my += float64(v[i+1])
		square += r * r
	}
	near(t, "mean x", mx/toyPoints, (x(b)-x(a))/(b-a)/7.5, 1, toyPoints)
	near(t, "mean y", my/toyPoints, (y(b)-y(a))/(b-a)/7.5, 1, toyPoints)
	near(t, "mean square", square/toyPoints, ((a*a+a*b+b*b)/3+2*.25*.25)/7.5/7.5, 1.1, toyPoints)
	if math.Abs(least-a/7.5) > .15 || math.Abs(most-b/7.5) > .15 {
		t.Errorf("the roll reaches from %v to %v", least, most)
	}
}

// Every point of the moons lies within noise of one of two half circles, each of
// which has its half, and they are centred.
func TestMoons(t *testing.T) {
	d, v := sample(t, "moons", nil)
	if c, _ := d.Modes(); c != nil {
		t.Errorf("modes %v", c)
	}
	const scale = math.Sqrt2 / 1.5
	upper, mx, my, square := 0., 0., 0., 0.
	for i := 0; i < len(v); i += 2 {
		x, y := float64(v[i])/scale+.5, float64(v[i+1])/scale+.25
		// How far off the two circles, of which only a half is part of the moons.
		off := [2]float64{math.Hypot(x, y) - 1, math.Hypot(x-1, y-.5) - 1}
		if y < -.3 {
			off[0] = math.Inf(1)
		}
		if y > .8 {
			off[1] = math.Inf(1)
		}
		best := math.Min(math.Abs(off[0]), math.Abs(off[1]))
		if best > .05*5 {
			t.Fatalf("point %v, %v lies %v off", v[i], v[i+1], best)
		}
		if math.Abs(off[0]) < math.Abs(off[1]) {
			upper++
		}
		mx += float64(v[i])
		my += float64(v[i+1])
		square += x * x
	}
	near(t, "mean x", mx/toyPoints, 0, 1, toyPoints)
	near(t, "mean y", my/toyPoints, 0, .6, toyPoints)
	near(t, "mean square of x", square/toyPoints, (.5+1.5)/2+.05*.05, 1.3, toyPoints)
	if share := upper / toyPoints; math.Abs(share-.5) > .02 {
		t.Errorf("%v of the points are of the upper moon", share)
	}
}

// Every point of the spiral lies within noise of an arm, at a radius that grows with
// its angle, and the arms have their halves.
func TestSpiral(t *testing.T) {
	d, v := sample(t, "spiral", nil)
	if c, _ := d.Modes(); c != nil {
		t.Errorf("modes %v", c)
	}
	mx, my, square := 0., 0., 0.
	for i := 0; i < len(v); i += 2 {
		x, y := float64(v[i]), float64(v[i+1])
		mx += x
		my += y
		square += x*x + y*y
		if i >= 4000 { // enough of a slow search
			continue
		}
		least := math.Inf(1)
		for k := range 1001 {
			root := float64(k) / 1000
			sin, cos := math.Sincos(3 * math.Pi * root)
			ax, ay := math.Sqrt2*root*cos, math.Sqrt2*root*sin
			least = min(least, math.Hypot(x-ax, y-ay), math.Hypot(x+ax, y+ay))
		}
		if least > .03*5.5 {
			t.Fatalf("point %v, %v lies %v off", x, y, least)
		}
	}
	near(t, "mean x", mx/toyPoints, 0, 1, toyPoints)
	near(t, "mean y", my/toyPoints, 0, 1, toyPoints)
	near(t, "mean square", square/toyPoints, 2*.5+2*.03*.03, .6, toyPoints)
}

// Modes move with their centres.
func TestMove(t *testing.T) {
	d, _ := sample(t, "8gaussians", nil)
	centres, sigma := d.Modes()
	for i := 0; i < len(centres); i += 2 {
		centres[i], centres[i+1] = 5, -7
	}
	v := make([]float32, 200)
	d.Sample(v, random.New(1, "data"))
	for i := 0; i < len(v); i += 2 {
		if r := math.Hypot(float64(v[i]-5), float64(v[i+1]+7)); r > 6*sigma {
			t.Fatalf("a point %v from where all modes are", r)
		}
	}
	other, err := Toy("8gaussians", nil)
	if err != nil {
		t.Fatal(err)
	}
	if c, _ := other.Modes(); c[0] == 5 {
		t.Error("another run's modes moved")
	}
}

func TestPoints(t *testing.T) {
	points := []float32{1, 2, 3, 4, -5, 6}
	d, err := Toy("points", points)
	if err != nil {
		t.Fatal(err)
	}
	clear(points)
	v := make([]float32, 2*toyPoints)
	d.Sample(v, random.New(1, "data"))
	counts := map[[2]float32]float64{}
	for p := range slices.Chunk(v, 2) {
		counts[[2]float32(p)]++
	}
	for _, p := range [][2]float32{{1, 2}, {3, 4}, {-5, 6}} {
		near(t, "share of a point", counts[p]/toyPoints, 1./3, .48, toyPoints)
	}
	if len(counts) != 3 {
		t.Errorf("sampled %v", counts)
	}
	for _, bad := range [][]float32{nil, {}, {1}, {1, 2, 3}, {1, float32(math.NaN())}, {float32(math.Inf(-1)), 1}} {
		if _, err := Toy("points", bad); err == nil || !strings.Contains(err.Error(), "point") {
			t.Errorf("points %v: %v", bad, err)
		}
	}
}

func TestNames(t *testing.T) {
	_, err := Toy("rings", nil)
	if err == nil {
		t.Fatal("took rings")
	}
	for _, name := range Names() {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v: does not list %s", err, name)
		}
		d, err := Toy(name, []float32{1, 2})
		if err != nil {
			t.Fatal(err)
		}
		a, b, r := make([]float32, 100), make([]float32, 100), random.New(1, "data")
		d.Sample(a, r)
		if n := testing.AllocsPerRun(3, func() { r.Seek(0); d.Sample(b, r) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
		if !slices.Equal(a, b) {
			t.Errorf("%s does not repeat", name)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s fills half a point", name)
				}
			}()
			d.Sample(a[:7], r)
		}()
	}
}
