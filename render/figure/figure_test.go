package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
)

// plane is a frame whose critic is x + 2y, so that its gradient's norm would be
// √5; its slope is told as 1/2 on the left and 3 on the right.
func plane() lab.Frame {
	const side = 16
	f := lab.Frame{Experiment: "wgan-gp", Step: 12345, Tensors: map[string]data.Tensor{
		"view": {Shape: []int{1}, Data: []float32{2}},
		"real": {Shape: []int{1, 2}, Data: []float32{-1, 1}}, "fake": {Shape: []int{1, 2}, Data: []float32{1, -1}},
		"slopes": {Shape: []int{4}, Data: []float32{.5, 1, 1, 1.5}},
	}}
	var critic, slope, warp []float32
	for i := range side {
		for j := range side {
			x, y := float32(4*j)/(side-1)-2, float32(4*i)/(side-1)-2
			critic, slope, warp = append(critic, x+2*y), append(slope, []float32{.5, 3}[j/(side/2)]), append(warp, x/2, y/2)
		}
	}
	f.Tensors["critic"] = data.Tensor{Shape: []int{side, side}, Data: critic}
	f.Tensors["slope"] = data.Tensor{Shape: []int{side, side}, Data: slope}
	f.Tensors["warp"] = data.Tensor{Shape: []int{side, side, 2}, Data: warp}
	return f
}

// surfaces is a frame of six critics, of which those of the first row are x and of the
// second x² + y², and of data at one point each.
func surfaces() lab.Frame {
	const side = 16
	var all []float32
	for run := range 6 {
		for i := range side {
			for j := range side {
				x, y := float32(4*j)/(side-1)-2, float32(4*i)/(side-1)-2
				if run < 3 {
					y, x = 0, x+3
				}
				all = append(all, x*x+y*y)
			}
		}
	}
	return lab.Frame{Experiment: "wgan-values", Step: 5, Tensors: map[string]data.Tensor{
		"surfaces": {Shape: []int{2, 3, side, side}, Data: all}, "surface-view": {Shape: []int{1}, Data: []float32{2}},
		"surface-data": {Shape: []int{3, 1, 2}, Data: []float32{-1, 1, 0, 0, 1, 7}},
	}}
}

// layers is a frame of deep critics: the norms of the first run grow tenfold from layer
// to layer, of the second fall to nothing, the others stay.
func layers() lab.Frame {
	f := lab.Frame{Experiment: "wgan-depth", Step: 5, Tensors: map[string]data.Tensor{
		"depth-norms": {Shape: []int{4, 3}, Data: []float32{100, 10, 1, 0, .01, 1, 1, 1, 1, 2, 2, 2}}, "depth-view": {Shape: []int{1}, Data: []float32{2}},
		"depth-ends": {Shape: []int{2, 2}, Data: []float32{.02, .6, .5, 0}}, "depth-real": {Shape: []int{1, 2}, Data: []float32{1, 1}},
		"depth-fake": {Shape: []int{4, 1, 2}, Data: []float32{0, 0, -1, 1, 1, -1, 9, 9}},
	}}
	bars := make([]float32, 128)
	bars[16], bars[47], bars[96] = 30, 20, 7
	f.Tensors["depth-weights"] = data.Tensor{Shape: []int{2, 64}, Data: bars}
	return f
}

// digits is a frame of images whose upper halves are inked.
func digits() lab.Frame {
	images := func(n int) data.Tensor {
		v := make([]float32, n*28*28)
		for i := range v {
			if i%(28*28) < 14*28 {
				v[i] = 1
			}
		}
		return data.Tensor{Shape: []int{n, 28, 28}, Data: v}
	}
	code := make([]float32, 30*10)
	for i := range 30 {
		code[i*10] = 1 // every categorical is of the first class
	}
	return lab.Frame{Experiment: "gumbel-vae", Step: 7, Tensors: map[string]data.Tensor{
		"digits": images(16), "reconstructions": images(16), "prior": images(64), "code": {Shape: []int{30, 10}, Data: code},
		"simplex": {Shape: []int{1, 3}, Data: []float32{0, 0, 1}}, "chances": {Shape: []int{3}, Data: []float32{.1, .2, .7}},
		"temperature": {Shape: []int{1}, Data: []float32{.5}},
	}}
}

// halves is a frame of completions: what is given is ink above and nothing below,
// and the second of two samples is ink below.
func halves() lab.Frame {
	images := func(lower ...float32) data.Tensor {
		t := data.Tensor{Shape: []int{len(lower), 28, 28}}
		for _, ink := range lower {
			t.Data = append(t.Data, slices.Repeat([]float32{1}, 14*28)...)
			t.Data = append(t.Data, slices.Repeat([]float32{ink}, 14*28)...)
		}
		return t
	}
	samples := images(0, 1)
	samples.Shape = []int{1, 2, 28, 28}
	return lab.Frame{Experiment: "gumbel-sop", Step: 7, Tensors: map[string]data.Tensor{"digits": images(1), "mean": images(.5), "completions": samples}}
}

// biases is a frame of two estimators, the second biased.
func biases() lab.Frame {
	pair := func(a, b float32) data.Tensor { return data.Tensor{Shape: []int{2}, Data: []float32{a, b}} }
	return lab.Frame{Experiment: "gumbel-gradients", Step: 7, Tensors: map[string]data.Tensor{
		"bias": pair(.01, .5), "chance": pair(.01, .01), "variance": pair(100, 1), "temperature": {Shape: []int{1}, Data: []float32{.5}}}}
}

// A completion shows what was given above the line, and below it each sample; the
// digit as it is stands last and has no line.
func TestCompletions(t *testing.T) {
	m := drawn(t, pictures(halves()), "completions")
	dark := func(c color.NRGBA) bool { return c == color.NRGBA{A: 255} }
	low := map[int]int{}
	bottom := 0
	where(m, dark, func(x, y int) {
		if y > 120 {
			bottom = max(bottom, y)
		}
	})
	where(m, dark, func(x, y int) {
		if y == bottom-20 {
			low[x*5/m.Bounds().Dx()]++
		}
	})
	if low[0] > 0 || low[1] > 0 || low[2] > 20 || low[3] < 150 || low[4] < 150 {
		t.Errorf("ink in the lowest rows of the five pictures: %v; it belongs to the second sample and to the digit", low)
	}
}

// Bias is a bar as long as it is large, and variance a dot as far right.
func TestGradients(t *testing.T) {
	m := drawn(t, pictures(biases()), "gradients")
	bars, dots := map[bool]int{}, map[bool]float64{} // of the first row, and not
	top, foot := m.Bounds().Dy(), 0
	dot := func(c color.NRGBA) bool { return c == vermillion }
	where(m, dot, func(x, y int) { top, foot = min(top, y), max(foot, y) })
	first := func(y int) bool { return y < (top+foot)/2 }
	where(m, func(c color.NRGBA) bool { return c == blue }, func(x, y int) { bars[first(y)]++ })
	where(m, dot, func(x, y int) { dots[first(y)] = math.Max(dots[first(y)], float64(x)) })
	if bars[false] < 5000 || bars[true] > bars[false]/10 {
		t.Errorf("bars of %d and %d pixels for biases of .01, all by chance, and .5", bars[true], bars[false])
	}
	if dots[true] < dots[false]+150 {
		t.Errorf("dots at %v and %v for variances of 100 and 1", dots[true], dots[false])
	}
}

// Several runs share one chart that ends where they end.
func TestCompare(t *testing.T) {
	dir := t.TempDir()
	line := func(last float64) data.Table {
		return data.Table{Columns: []string{"step", "nll"}, Rows: [][]float64{{0, 500}, {50, last + 1}, {100, last}}}
	}
	if err := Compare(dir, "curves", "Two runs", "nll", "step", "nats", []string{"one", "two"}, []data.Table{line(60), line(70)}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "curves.png"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	_, one := centre(m, blue)
	_, two := centre(m, vermillion)
	if !(one > two+50) {
		t.Errorf("the run that ends at 60 nats lies at %v, the one at 70 at %v: lower is lower", one, two)
	}
}

// table has a number for every metric at every fiftieth step.
func table(e *lab.Experiment, rows int) data.Table {
	t := data.Table{Columns: []string{"step"}}
	for _, m := range e.Metrics {
		t.Columns = append(t.Columns, m.Name)
	}
	for r := range rows {
		row := []float64{float64(50 * (r + 1))}
		for i := range e.Metrics {
			row = append(row, float64(i+1)+math.Sin(float64(r)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Everything a run shows is written in both formats: images of 1200 pixels, and
// well-formed XML of a moderate size.
func TestWrite(t *testing.T) {
	for _, c := range []struct {
		e     *lab.Experiment
		frame lab.Frame
		names string
	}{
		{experiment.WGANGP, plane(), "samples gradient-norm warp gradient-histogram chart-loss chart-distance chart-modes chart-slope"},
		{experiment.WGANValues, surfaces(), "values chart-distance chart-clipped chart-slope"},
		{experiment.WGANDepth, layers(), "generated gradient-by-layer weights chart-growth chart-distance chart-ends"},
		{experiment.WGANMNIST, faces(28, 1), "samples gradient-histogram critic-loss chart-distance chart-generator chart-penalty chart-slope chart-score"},
		{experiment.GumbelSOP, halves(), "completions chart-nll chart-temperature"},
		{experiment.GumbelGradients, biases(), "gradients chart-bias chart-variance"},
		{experiment.GumbelVAE, digits(), "digits prior code simplex chart-elbo chart-parts chart-gap chart-temperature"},
	} {
		dir := filepath.Join(t.TempDir(), "figures")
		if err := Write(dir, c.e, c.frame, table(c.e, 20)); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(dir)
		if names := strings.Fields(c.names); err != nil || len(files) != 2*len(names) {
			t.Errorf("%d files for %d figures, %v", len(files), len(names), err)
		}
		for _, name := range strings.Fields(c.names) {
			b, err := os.ReadFile(filepath.Join(dir, name+".png"))
			if err != nil {
				t.Error(err)
				continue
			}
			m, err := png.Decode(bytes.NewReader(b))
			if err != nil || m.Bounds().Dx() != 1200 {
				t.Errorf("%s.png: %v", name, err)
				continue
			}
			if n := count(m, func(c color.NRGBA) bool { return c != color.NRGBA{255, 255, 255, 255} }); n < 1000 {
				t.Errorf("%s.png has only %d pixels of ink", name, n)
			}
			if b, err = os.ReadFile(filepath.Join(dir, name+".svg")); err != nil {
				t.Error(err)
				continue
			}
			if len(b) > 300_000 {
				t.Errorf("%s.svg has %d bytes", name, len(b))
			}
			for d := xml.NewDecoder(bytes.NewReader(b)); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s.svg: %v", name, err)
				}
			}
			if bytes.Contains(b, []byte("∇")) {
				t.Errorf("%s.svg has a letter that the font lacks", name)
			}
		}
	}
}

// drawn returns a figure's pixels.
func drawn(t *testing.T, all []picture, name string) image.Image {
	t.Helper()
	i := slices.IndexFunc(all, func(p picture) bool { return p.name == name })
	if i < 0 {
		t.Fatalf("no figure %s", name)
	}
	b, err := all[i].png(dpi)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func count(m image.Image, is func(color.NRGBA) bool) (n int) {
	where(m, is, func(int, int) { n++ })
	return n
}

func where(m image.Image, is func(color.NRGBA) bool, do func(x, y int)) {
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			if is(color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)) {
				do(x, y)
			}
		}
	}
}

// centre returns the middle of the pixels below the key that are nearly of a colour.
func centre(m image.Image, c color.NRGBA) (x, y float64) {
	n := 0.
	where(m, func(p color.NRGBA) bool {
		far := func(a, b uint8) bool { return math.Abs(float64(a)-float64(b)) > 12 }
		return !far(p.R, c.R) && !far(p.G, c.G) && !far(p.B, c.B)
	}, func(i, j int) {
		if j > 140 {
			x, y, n = x+float64(i), y+float64(j), n+1
		}
	})
	return x / n, y / n
}

// The real point is orange, up and left, the other blue, down and right, and both
// axes have one scale.
func TestSamples(t *testing.T) {
	f := plane()
	delete(f.Tensors, "critic")
	f.Tensors["real"] = data.Tensor{Shape: []int{2, 2}, Data: []float32{-1, 1, 0, -7}} // the second is not seen
	m := drawn(t, pictures(f), "samples")
	rx, ry := centre(m, orange)
	over := func(v uint8) uint8 { return uint8((int(v)*190 + 255*65) / 255) } // on white
	fx, fy := centre(m, color.NRGBA{over(blue.R), over(blue.G), over(blue.B), 255})
	if w, h := fx-rx, fy-ry; !(w > 300 && math.Abs(w-h) < 8) {
		t.Errorf("real at (%.0f, %.0f), fake at (%.0f, %.0f)", rx, ry, fx, fy)
	}
}

// The first point of the data is orange in both rows, as is the second; the third lies
// outside.
func TestValues(t *testing.T) {
	m := drawn(t, pictures(surfaces()), "values")
	var at [2][2]int // pixels by row and column
	top := m.Bounds().Dy()
	where(m, func(c color.NRGBA) bool { return c == orange }, func(x, y int) {
		if y > 160 {
			at[y/(top/2+80)][x/450]++
		}
	})
	for _, row := range at {
		if row[0] < 20 || row[1] < 20 {
			t.Errorf("orange pixels by row and column: %v", at)
		}
	}
	if n := count(m, func(c color.NRGBA) bool { return c.B > c.R+60 }); n < 5000 {
		t.Errorf("the level lines have %d pixels", n)
	}
}

// Layers are counted from the right, norms in powers of ten, and the share of weights
// at the bounds is told.
func TestDepth(t *testing.T) {
	all := pictures(layers())
	for name, want := range map[string][]string{
		"gradient-by-layer": {">3<", ">1<", ">1e2<", ">1e−2<", ">c = 0.001<", ">penalty<"},
		"weights":           {"60 % at ±c", ">−0.01<", ">−0.5<"},
		"generated":         {">c = 0.1<", ">generated<"},
	} {
		i := slices.IndexFunc(all, func(p picture) bool { return p.name == name })
		b, err := all[i].svg()
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(b), w) {
				t.Errorf("no %s in %s", w, name)
			}
		}
	}
	if b, err := Still(layers()); err != nil || !bytes.HasPrefix(b, []byte("\x89PNG")) {
		t.Errorf("a still begins with %q, %v", b[:4], err)
	}
	if b, err := Still(lab.Frame{}); b != nil || err != nil {
		t.Errorf("an empty frame has a still of %d bytes, %v", len(b), err)
	}
}

// Every level that has room is labelled on its line.
func TestLabels(t *testing.T) {
	f := plane()
	f.Tensors["fake"] = data.Tensor{Shape: []int{2, 2}, Data: []float32{1, -1, 9, 0}}
	p := pictures(f)
	b, err := p[0].svg()
	if err != nil || p[0].name != "samples" {
		t.Fatal(p[0].name, err)
	}
	for _, want := range []string{">real<", ">generated (1 of 2 outside)<", ">−3<", ">0<", ">4<", ">critic D(x)<", "12,345"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in it", want)
		}
	}
}

// Flat is blue, steep is red, and a dark line parts them.
func TestHeat(t *testing.T) {
	m := drawn(t, pictures(plane()), "gradient-norm")
	y, dark := 600, 0
	for x := 400; x < 800; x++ {
		if c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA); c == ink {
			dark++
		}
	}
	left, right := color.NRGBAModel.Convert(m.At(300, y)).(color.NRGBA), color.NRGBAModel.Convert(m.At(900, y)).(color.NRGBA)
	if left.B <= left.R+20 || right.R <= right.B+20 || dark < 4 || dark > 8 {
		t.Errorf("left %v, right %v, %d dark pixels between", left, right, dark)
	}
}

// The code's first class is the leftmost column, in all rows.
func TestCode(t *testing.T) {
	m := drawn(t, pictures(digits()), "code")
	lo, hi, top, foot := 1200, 0, 1200, 0
	where(m, func(c color.NRGBA) bool { return c == blue }, func(x, y int) {
		if x < 600 { // left of the bar
			lo, hi, top, foot = min(lo, x), max(hi, x), min(top, y), max(foot, y)
		}
	})
	if w, h := hi-lo, foot-top; w < 30 || w > 70 || h < 900 {
		t.Errorf("the first class fills %d by %d pixels", w, h)
	}
}

// Lines have gaps where numbers are missing; what is alone stays seen.
func TestRuns(t *testing.T) {
	no, inf := math.NaN(), math.Inf(1)
	got := runs([]float64{no, 1, 2, no, 3, inf, 4, 5})
	if want := [][2]int{{1, 3}, {4, 5}, {6, 8}}; !slices.Equal(got, want) {
		t.Errorf("runs %v, want %v", got, want)
	}
	e := &lab.Experiment{Title: "x", Metrics: []lab.Metric{{Name: "a", Title: "A", Chart: "c"}, {Name: "never", Chart: "none"}}}
	tab := data.Table{Columns: []string{"step", "a", "never"}, Rows: [][]float64{{1, 1, no}, {2, 2, no}, {3, no, no}, {4, 3, no}, {5, no, no}, {6, 1, no}, {7, 2, no}}}
	all := charts(e, lab.Frame{}, tab)
	if len(all) != 1 {
		t.Fatalf("%d charts, want one", len(all))
	}
	b, err := all[0].svg()
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(b), "fill:none;stroke:#0072B2"); lines != 2 {
		t.Errorf("%d lines, want 2", lines)
	}
	if dots := strings.Count(string(b), `fill:#0072B2`); dots != 1 {
		t.Errorf("%d dots, want 1", dots)
	}
}

// Metrics of different units stand above each other, and what spreads over many
// sizes is drawn by its logarithm.
func TestChart(t *testing.T) {
	e := &lab.Experiment{Metrics: []lab.Metric{{Name: "a", Title: "A", Chart: "c"}, {Name: "b", Title: "B", Unit: "%", Chart: "c"}}}
	tab := data.Table{Columns: []string{"step", "a", "b"}, Rows: [][]float64{{0, 1e-3, -1}, {10_000, 1e3, 40}}}
	all := charts(e, lab.Frame{}, tab)
	b, err := all[0].svg()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">A<", ">B (%)<", ">0.01<", ">100<", ">40<", ">10,000<"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in it", want)
		}
	}
}

// What is not finite or not there is left out, and one row is enough for a chart.
func TestHoles(t *testing.T) {
	f := plane()
	f.Tensors["critic"].Data[3] = float32(math.NaN())
	f.Tensors["slope"].Data[3] = float32(math.Inf(1))
	delete(f.Tensors, "warp")
	f.Tensors["slopes"] = data.Tensor{Shape: []int{3}, Data: []float32{0, 0, 0}}
	var names []string
	for _, p := range pictures(f) {
		names = append(names, p.name)
	}
	if !slices.Equal(names, []string{"samples", "gradient-histogram"}) {
		t.Errorf("drew %v", names)
	}
	dir := t.TempDir()
	if err := Write(dir, experiment.WGANGP, lab.Frame{}, table(experiment.WGANGP, 1)); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "chart-*.png")); len(files) != 4 {
		t.Errorf("one row gives %v", files)
	}
	if err := Write(dir, experiment.WGANGP, f, table(experiment.WGANGP, 0)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "file"), experiment.WGANGP, f, data.Table{}); err == nil {
		t.Error("wrote into a file as if it were a folder")
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		v, apart float64
		want     string
	}{
		{1234567, 1, "1,234,567"}, {-.5, .5, "−0.5"}, {-1e-18, .2, "0.0"}, {100, 50, "100"}, {999, 1, "999"}, {-1000, 500, "−1,000"}, {-2e14, 1e14, "−2e14"}, {0, 1e-7, "0"},
		// Neighbours differ.
		{.098228, 2e-6, "0.098228"}, {.09823, 2e-6, "0.098230"}, {5e9, 1e5, "5e9"}, {5.0001e9, 1e5, "5.0001e9"}, {-2e-6, 1e-6, "−2e−6"},
	} {
		if got := number(c.v, c.apart); got != c.want {
			t.Errorf("%v is written %s, want %s", c.v, got, c.want)
		}
	}
	for _, c := range [][2]float64{{0, 10}, {-1.4, .6}, {1e20, 1.0000001e20}, {3, 3.0001}, {-1e-9, 1e-9}} {
		v, apart := rounds(c[0], c[1], 5)
		if len(v) < 2 || len(v) > 6 || v[0] < c[0]-1e-6*apart || v[len(v)-1] > c[1]+1e-6*apart {
			t.Errorf("from %v to %v: %v", c[0], c[1], v)
		}
	}
	for _, c := range [][2]float64{{1, 1}, {2, 1}, {math.NaN(), 1}, {0, math.Inf(1)}} {
		if v, _ := rounds(c[0], c[1], 5); v != nil {
			t.Errorf("from %v to %v: %v", c[0], c[1], v)
		}
	}
}
