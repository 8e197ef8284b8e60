package figure

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
)

// waves is a plane whose critic has many hills, so that each level has many lines.
func waves() lab.Frame {
	const side = 48
	f := plane()
	var critic, slope []float32
	for i := range side {
		for j := range side {
			x, y := float64(4*j)/(side-1)-2, float64(4*i)/(side-1)-2
			critic, slope = append(critic, float32(math.Sin(7*x)*math.Sin(9*y)+.1*x)), append(slope, float32(1+math.Sin(6*x)*math.Cos(8*y)))
		}
	}
	f.Tensors["critic"] = data.Tensor{Shape: []int{side, side}, Data: critic}
	f.Tensors["slope"] = data.Tensor{Shape: []int{side, side}, Data: slope}
	return f
}

// every returns a picture of each kind.
func every() (all []picture) {
	text := lab.Frame{Tensors: map[string]data.Tensor{
		"letters": {Shape: []int{3}, Data: []float32{'a', 'b', 'c'}}, "text": {Shape: []int{1, 3}, Data: []float32{0, 1, 2}}, "text-real": {Shape: []int{1, 3}, Data: []float32{2, 1, 0}},
	}}
	speed := lab.Frame{Tensors: map[string]data.Tensor{
		"class-counts": {Shape: []int{2}, Data: []float32{2, 10}}, "marginalisation": {Shape: []int{2}, Data: []float32{5, 1}}, "gumbel-softmax": {Shape: []int{2}, Data: []float32{6, 6}},
	}}
	for _, f := range []lab.Frame{waves(), surfaces(), layers(), digits(), halves(), biases(), faces(28, 1), classified(), distributions(3), text} {
		all = append(all, pictures(f)...)
	}
	all = append(all, (view{speed}).speed()...)
	for _, e := range []*lab.Experiment{experiment.WGANGP, experiment.WGANMNIST, experiment.GumbelGradients} {
		t := table(e, 20)
		all = append(all, criticLoss(e, t)...)
		all = append(all, charts(e, lab.Frame{}, t)...)
	}
	t := table(experiment.WGANGP, 20)
	all = append(all, compare("compare", "Runs", "w1", "step", "W₁", []string{"WGAN-GP (Adam)", "WGAN-GP (RMSProp)", "DCGAN"}, []data.Table{t, t, t}))
	image := data.Tensor{Shape: []int{8, 4, 4, 3}, Data: make([]float32, 8*4*4*3)}
	return append(all, sheet("sheet", "Samples", []string{"a", "b"}, []string{"c"}, [][]data.Tensor{{image, image}}))
}

// A figure drawn again is the same, byte for byte, in both formats and on any number of
// processors.
func TestSameAgain(t *testing.T) {
	// The dots follow from the strokes, so that a PNG is drawn three times, small.
	draw := func(again int) (all [][]byte, names []string) {
		for i, p := range every() {
			svg, err := p.svg()
			if err != nil {
				t.Fatal(err)
			}
			all, names = append(all, svg), append(names, fmt.Sprint(p.name, i, ".svg"))
			if again%9 > 0 {
				continue
			}
			small, err := p.png(18)
			if err != nil {
				t.Fatal(err)
			}
			all, names = append(all, small), append(names, fmt.Sprint(p.name, i, ".png"))
		}
		return all, names
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	first := map[string][]byte{}
	for again := range 10 {
		runtime.GOMAXPROCS([]int{1, 8, 2}[again%3])
		all, names := draw(again)
		for i, b := range all {
			if old, ok := first[names[i]]; ok && !bytes.Equal(old, b) {
				t.Errorf("%s is another file at drawing %d", names[i], again+1)
			} else if !ok {
				first[names[i]] = b
			}
		}
		if t.Failed() {
			return
		}
	}
	whole := pictures(waves())[0]
	a, _ := whole.png(dpi)
	if b, _ := whole.png(dpi); !bytes.Equal(a, b) {
		t.Error("at full size it is another file")
	}
}

// Level lines end at the border or where they began, pass every crossing once, and
// saddles join what their middles say.
func TestLines(t *testing.T) {
	l := lattice{[]float32{0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0}, 4, 3}
	if all := l.lines(.5); len(all) != 1 || all[0][0] != all[0][len(all[0])-1] || len(all[0]) != 9 {
		t.Errorf("below the saddle: %v", all)
	}
	if all := l.lines(1.5); len(all) != 2 || len(all[0]) != 5 || len(all[1]) != 5 {
		t.Errorf("above the saddle: %v", all)
	}
	slope := lattice{[]float32{0, 1, 2, 0, 1, 2, 0, 1, 2}, 3, 2}
	all := slope.lines(.75)
	if len(all) != 1 || len(all[0]) != 3 {
		t.Fatalf("a slope has %v", all)
	}
	for i, q := range all[0] {
		if math.Abs(q.X+.5) > 1e-12 || math.Abs(q.Y-float64(2*i-2)) > 1e-12 {
			t.Errorf("the line goes through %v", q)
		}
	}
	if all := slope.lines(5); all != nil {
		t.Errorf("beyond all numbers are %v", all)
	}
	// With many hills every crossed edge is on one line, once, except where a loop
	// closes.
	v := waves()
	w := lattice{v.Tensors["critic"].Data, 48, 2}
	crossed, drawn := 0, 0
	for i := range 48 {
		for j := range 47 {
			for _, pair := range [2][2]float64{{w.Z(j, i), w.Z(j+1, i)}, {w.Z(i, j), w.Z(i, j+1)}} {
				if (pair[0] < .2) != (pair[1] < .2) {
					crossed++
				}
			}
		}
	}
	for _, line := range w.lines(.2) {
		drawn += len(line)
		if line[0] == line[len(line)-1] {
			drawn--
		} else {
			for _, q := range []int{0, len(line) - 1} {
				if math.Max(math.Abs(line[q].X), math.Abs(line[q].Y)) < 2-1e-9 {
					t.Errorf("a line ends inside at %v", line[q])
				}
			}
		}
	}
	if crossed != drawn || crossed < 100 {
		t.Errorf("%d edges are crossed, %d drawn", crossed, drawn)
	}
}

// Every PNG says how many dots a metre has: 144 an inch, or 72 in an animation.
func TestResolution(t *testing.T) {
	check := func(what string, b []byte, dpi float64) {
		at := bytes.Index(b, []byte("pHYs"))
		if at < 0 || at > bytes.Index(b, []byte("IDAT")) || at+17 > len(b) {
			t.Fatalf("%s: pHYs at %d of %d bytes", what, at, len(b))
		}
		chunk := b[at : at+13]
		x, y := binary.BigEndian.Uint32(chunk[4:]), binary.BigEndian.Uint32(chunk[8:])
		if want := uint32(math.Round(dpi / .0254)); x != want || y != want || chunk[12] != 1 {
			t.Errorf("%s: %d by %d a unit of %d, want %d a metre", what, x, y, chunk[12], want)
		}
		if n := binary.BigEndian.Uint32(b[at-4:]); n != 9 {
			t.Errorf("%s: the chunk has %d bytes", what, n)
		}
		if crc := binary.BigEndian.Uint32(b[at+13:]); crc != crc32.ChecksumIEEE(chunk) {
			t.Errorf("%s: the checksum is %x", what, crc)
		}
		m, err := png.Decode(bytes.NewReader(b))
		if err != nil || math.Abs(float64(m.Bounds().Dx())-600./72*dpi) > 1 {
			t.Errorf("%s: %v wide, %v", what, m.Bounds(), err)
		}
	}
	dir := t.TempDir()
	if err := Write(dir, experiment.WGANGP, waves(), table(experiment.WGANGP, 3)); err != nil {
		t.Fatal(err)
	}
	if err := Compare(dir, "compare", "Runs", "w1", "step", "", []string{"a"}, []data.Table{table(experiment.WGANGP, 3)}); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.png"))
	if len(files) < 9 {
		t.Errorf("%d files", len(files))
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		check(filepath.Base(name), b, 144)
	}
	b, err := Still(waves())
	if err != nil {
		t.Fatal(err)
	}
	check("still", b, 72)
}

// Related lines have one hue in shades, others other hues, and no two look alike.
func TestLooks(t *testing.T) {
	for _, c := range [][][]string{
		{{"js-1", "js-2", "js-3", "js-4"}},
		{{"critic-loss", "validation-loss"}, {"generator-loss"}, {"penalty"}},
		{{"estimate", "validation-estimate"}, {"w1"}},
		{{"score", "real-score"}},
		{{"accuracy-real", "accuracy-fake"}},
		{{"slope-mean", "slope-p5", "slope-p95"}},
		{{"clip-0.1-growth", "clip-0.01-growth", "clip-0.001-growth"}, {"penalty-growth"}},
		{{"8gaussians-estimate", "8gaussians-w1"}, {"25gaussians-estimate", "25gaussians-w1"}, {"swissroll-estimate", "swissroll-w1"}},
		{{"bias-score-function", "bias-nvil"}, {"bias-darn"}, {"bias-muprop"}, {"bias-straight-through"}, {"bias-gumbel-softmax", "bias-st-gumbel-softmax"}, {"bias-rebar", "bias-relax"}, {"bias-arm", "bias-disarm"}},
		{{"SF"}, {"DARN"}, {"MuProp"}, {"ST", "Annealed ST"}, {"Gumbel-S.", "ST Gumbel-S."}},
		{{"WGAN-GP (Adam)", "WGAN-GP (RMSProp)"}, {"Weight clipping"}, {"DCGAN"}},
		{{"c = 0.1", "c = 0.01", "c = 0.001"}, {"penalty"}},
		{{"elbo", "bound"}}, {{"nll", "nll-mean"}, {"loss"}},
	} {
		names := slices.Concat(c...)
		all := looks(names...)
		hueOf := map[string]float64{}
		for i, a := range all {
			hueOf[names[i]] = hue(a.Color)
			for j, b := range all[:i] {
				if a.Color == b.Color {
					t.Errorf("%s and %s have one colour", names[i], names[j])
				}
			}
			if r := contrast(a.Color); r < 1.9 {
				t.Errorf("%s has contrast %.2f with white", names[i], r)
			}
		}
		for i, f := range c {
			for _, name := range f {
				if off := apartHues(hueOf[name], hueOf[f[0]]); off > 8 {
					t.Errorf("%s and %s are %.0f degrees of hue apart", name, f[0], off)
				}
				for _, other := range c[:i] {
					if off := apartHues(hueOf[name], hueOf[other[0]]); off < 6 && name != "bias-arm" && name != "bias-disarm" {
						t.Errorf("%s and %s, which are not related, are %.0f degrees of hue apart", name, other[0], off)
					}
				}
			}
		}
	}
	// Neighbours differ by their dashes too.
	for _, e := range lab.Experiments() {
		var names []string
		for _, m := range e.Metrics {
			names = append(names, m.Name)
		}
		all := looks(names...)
		for i := 1; i < len(all); i++ {
			if len(all[i].Dashes) == len(all[i-1].Dashes) && slices.Equal(all[i].Dashes, all[i-1].Dashes) {
				t.Errorf("%s: %s and %s have one pattern", e.Name, names[i-1], names[i])
			}
		}
	}
}

// hue returns a colour's hue in degrees.
func hue(of color.Color) float64 {
	c := color.NRGBAModel.Convert(of).(color.NRGBA)
	r, g, b := float64(c.R), float64(c.G), float64(c.B)
	h := math.Atan2(math.Sqrt(3)*(g-b), 2*r-g-b) * 180 / math.Pi
	return math.Mod(h+360, 360)
}

func apartHues(a, b float64) float64 {
	d := math.Abs(a - b)
	return min(d, 360-d)
}

// contrast returns a colour's contrast with white, as WCAG defines it.
func contrast(of color.Color) float64 {
	c := color.NRGBAModel.Convert(of).(color.NRGBA)
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= .03928 {
			return x / 12.92
		}
		return math.Pow((x+.055)/1.055, 2.4)
	}
	return 1.05 / (.2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B) + .05)
}
