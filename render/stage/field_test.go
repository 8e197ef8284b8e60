package stage

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestPackKeepsBothFields(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	heights, logs := make([]float32, 4096), make([]float32, 4096)
	for i := range heights {
		heights[i], logs[i] = r.Float32(), logBounds*(2*r.Float32()-1)
	}
	heights[0], heights[1], logs[0], logs[1] = 0, 1, -logBounds, logBounds
	pixels := make([]byte, 4*len(heights))
	pack(pixels, heights, logs)
	worst, off := 0., 0.
	for i := range heights {
		c, l := unpack(pixels[4*i : 4*i+4])
		worst, off = math.Max(worst, math.Abs(float64(c-heights[i]))), math.Max(off, math.Abs(float64(l-logs[i])))
	}
	if worst > 6e-7 || off > 1e-3 {
		t.Errorf("worst errors %g over a range of 1 and %g octaves", worst, off)
	}
	pack(pixels, []float32{-5, 5}, []float32{-100, 100})
	for i, want := range [][2]float32{{0, -logBounds}, {1, logBounds}} {
		if c, l := unpack(pixels[4*i:]); c != want[0] || l != want[1] {
			t.Errorf("numbers beyond the range became %g and %g, want %v", c, l, want)
		}
	}
}

func TestFieldIsRefined(t *testing.T) {
	const n = 9
	critic, slope := make([]float32, n*n), make([]float32, n*n)
	for i := range n {
		for j := range n {
			critic[i*n+j], slope[i*n+j] = float32(3*i+4*j)-7, float32(math.Exp2(float64(j)/8))
		}
	}
	var f field
	f.take(critic, slope, n)
	for _, c := range []struct {
		pixels float64
		factor int
	}{{8, 1}, {36, 1}, {70, 2}, {140, 4}, {2000, 4}} {
		f.refine(c.pixels)
		side := (n-1)*c.factor + 1
		if f.side != side || len(f.heights) != side*side || len(f.log) != side*side {
			t.Fatalf("for %g pixels the lattice has %d points a side, %d heights and %d logarithms; want %d", c.pixels, f.side, len(f.heights), len(f.log), side)
		}
		for i := range side {
			for j := range side {
				u, v := float64(j)/float64(c.factor), float64(i)/float64(c.factor)
				if a, b := f.heights[i*side+j], f.log[i*side+j]; math.Abs(float64(a)-(3*v+4*u)/56) > 1e-5 || math.Abs(float64(b)-u/8) > 1e-5 {
					t.Fatalf("for %g pixels point (%d, %d) is %g and %g", c.pixels, i, j, a, b)
				}
			}
		}
	}
	nan := float32(math.NaN()) // a flat critic and norms that are none are no obstacle
	f.take([]float32{2, 2, 2, 2}, []float32{nan, 0, float32(math.Inf(1)), -1}, 2)
	f.refine(1)
	for i, v := range f.heights {
		if v != 0 || f.log[i] != f.log[i] {
			t.Errorf("point %d is %g and %g", i, v, f.log[i])
		}
	}
}

func TestRefine(t *testing.T) {
	const n, factor = 9, 4
	field := make([]float32, n*n)
	for i := range n {
		for j := range n {
			field[i*n+j] = float32(3*i - 2*j)
		}
	}
	fine, m := refine(field, n, factor), (n-1)*factor+1
	for i := range m {
		for j := range m {
			if want := float32(3*i-2*j) / factor; math.Abs(float64(fine[i*m+j]-want)) > 1e-5 {
				t.Fatalf("a plane at (%d, %d) became %g, want %g", i, j, fine[i*m+j], want)
			}
		}
	}
	for i := range field {
		field[i] = float32(math.Sin(float64(i * i)))
	}
	fine = refine(field, n, factor)
	for i := range n {
		for j := range n {
			if got := fine[i*factor*m+j*factor]; got != field[i*n+j] {
				t.Fatalf("lattice point (%d, %d) became %g, was %g", i, j, got, field[i*n+j])
			}
		}
	}
	field[3], field[40] = float32(math.NaN()), float32(math.Inf(1))
	for i, v := range refine(field, n, factor) {
		if v-v != 0 {
			t.Fatalf("number %d is %g", i, v)
		}
	}
}

func TestContours(t *testing.T) {
	for name, f := range map[string]func(i int) float64{
		"even":     func(i int) float64 { return float64(i) },
		"tiny":     func(i int) float64 { return 3 + 1e-3*math.Sin(float64(i)) },
		"huge":     func(i int) float64 { return 1e30 * float64(i%17) },
		"skewed":   func(i int) float64 { return -math.Exp(float64(i) / 100) },
		"plain":    func(i int) float64 { return math.Max(0, float64(i-700)) },
		"not real": func(i int) float64 { return []float64{math.NaN(), math.Inf(1), float64(i), float64(i)}[i%4] },
	} {
		field := make([]float32, 1000)
		for i := range field {
			field[i] = float32(f(i))
		}
		low, high := bounds(field)
		levels, step, bold := contours(field)
		if len(levels) < 5 || len(levels) > 11 {
			t.Errorf("%s: %d levels", name, len(levels))
		}
		for i, v := range levels {
			if v <= float64(low) || v >= float64(high) {
				t.Errorf("%s: level %g is not between %g and %g", name, v, low, high)
			}
			if i > 0 && math.Abs(v-levels[i-1]-step) > 1e-9*step+1e-12*math.Abs(v) {
				t.Errorf("%s: levels %g and %g, the step is %g", name, levels[i-1], v, step)
			}
		}
		if (bold < 0) != (name == "plain") {
			t.Errorf("%s: the median's line is %d", name, bold)
		}
	}
	// A critic's offset means nothing: the lines must not move with it.
	field := make([]float32, 1000)
	for i := range field {
		field[i] = float32(i % 97)
	}
	before, _, _ := contours(field)
	for i := range field {
		field[i] += 1000
	}
	after, _, _ := contours(field)
	for i := range before {
		if math.Abs(after[i]-before[i]-1000) > 1e-3 {
			t.Errorf("level %g moved to %g", before[i], after[i])
		}
	}
	for _, flat := range []float32{0, 7, float32(math.NaN())} {
		for i := range field {
			field[i] = flat
		}
		if levels, step, _ := contours(field); levels != nil || step != 0 {
			t.Errorf("a field of %g has levels %v", flat, levels)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, view := range []float64{.1, .25, 1, 1.4, 2, 3, 5, 8, 9.9, 10, 100} {
		got := ticks(view)
		if len(got) < 3 || len(got) > 9 || len(got)%2 == 0 || got[len(got)/2] != 0 || got[len(got)-1] > view*(1+1e-9) {
			t.Errorf("ticks of ±%g: %v", view, got)
		}
	}
	if got := ticks(3); len(got) != 7 || got[0] != -3 {
		t.Errorf("ticks of ±3: %v", got)
	}
}

func TestHeatColours(t *testing.T) {
	light := func(c colour) float64 { return .2126*float64(c[0]) + .7152*float64(c[1]) + .0722*float64(c[2]) }
	last := -1.
	for i := range 101 {
		c := heatColour(float64(i) / 100)
		if now := light(c); now <= last || c[3] != 1 {
			t.Fatalf("at %d%% cividis is %v, not lighter than before", i, c)
		} else {
			last = now
		}
	}
	for i := range 401 {
		x := float32(i) / 400
		want := heatColour(float64(x))
		for k := range 3 {
			fit := float32(0)
			for d := len(cividisFit) - 1; d >= 0; d-- {
				fit = fit*x + cividisFit[d][k]
			}
			if off := 255 * math.Abs(float64(max(0, min(fit, 1))-want[k])); off > 2 {
				t.Fatalf("at %g the shader's cividis is off by %g of 255", x, off)
			}
		}
	}
	if heatColour(-1) != heatColour(0) || heatColour(2) != heatColour(1) {
		t.Error("cividis is not clamped")
	}
}

// The marks' casings are what keeps them apart from what they stand on.
func TestThemesContrast(t *testing.T) {
	linear := func(v float32) float64 {
		if v <= .04045 {
			return float64(v) / 12.92
		}
		return math.Pow((float64(v)+.055)/1.055, 2.4)
	}
	luminance := func(c colour) float64 {
		return .2126*linear(c[0]) + .7152*linear(c[1]) + .0722*linear(c[2])
	}
	ratio := func(a, b colour) float64 {
		x, y := luminance(a), luminance(b)
		return (math.Max(x, y) + .05) / (math.Min(x, y) + .05)
	}
	for name, th := range map[string]theme{"light": light, "dark": dark} {
		for what, r := range map[string]float64{
			"casing": ratio(th.casing.blend(th.back, .3), th.back), "ink": ratio(th.ink.blend(th.back, .38), th.back),
			"iso-line": ratio(th.one, th.back), "digits": ratio(th.ink, th.well), "code": ratio(th.code, th.well),
		} {
			if r < 3 {
				t.Errorf("%s theme: contrast of %s is %.2f, want 3", name, what, r)
			}
		}
	}
}
