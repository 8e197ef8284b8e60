package figure

import (
	"image/color"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
)

// classified is a frame of two digits of class 3, of which the second is taken for a 5,
// and of one row of analogies, the source black and the class j inked in row j.
func classified() lab.Frame {
	q := make([]float32, 20)
	q[3], q[10+5], q[10+3] = 1, .9, .1
	analogies := make([]float32, 11*28*28)
	for i := range analogies {
		if image := i / (28 * 28); image == 0 || image-1 == i/28%28 {
			analogies[i] = 1
		}
	}
	return lab.Frame{Experiment: "gumbel-semi", Step: 7, Tensors: map[string]data.Tensor{
		"digits": {Shape: []int{2, 28, 28}, Data: make([]float32, 2*28*28)}, "reconstructions": {Shape: []int{2, 28, 28}, Data: make([]float32, 2*28*28)},
		"labels": {Shape: []int{2}, Data: []float32{3, 3}}, "classes": {Shape: []int{2, 10}, Data: q},
		"analogies": {Shape: []int{1, 11, 28, 28}, Data: analogies}, "temperature": {Shape: []int{1}, Data: []float32{1}},
	}}
}

func names(all []picture) (names []string) {
	for _, p := range all {
		names = append(names, p.name)
	}
	return names
}

// What is right is green and on the left, here, what is wrong vermillion and on the
// right, and the surer the higher.
func TestClasses(t *testing.T) {
	all := pictures(classified())
	if got := names(all); !slices.Equal(got, []string{"digits", "classes", "analogies"}) {
		t.Fatalf("drew %v", got)
	}
	m := drawn(t, all, "classes")
	high := map[color.NRGBA]int{}
	for c, right := range map[color.NRGBA]bool{green: true, vermillion: false} {
		top, foot := 1<<20, 0
		where(m, func(p color.NRGBA) bool { return p == c }, func(x, y int) {
			if y < 140 { // the key
				return
			}
			if right != (x < 600) {
				t.Fatalf("%v at (%d, %d)", c, x, y)
			}
			if x%600 < 500 { // left of the mark
				top, foot = min(top, y), max(foot, y)
			}
		})
		high[c] = foot - top
	}
	if a, b := high[green], high[vermillion]; !(a > 80 && b > 8*a/10 && b < a) {
		t.Errorf("a chance of 1 is %d pixels high, .9 is %d", a, b)
	}
}

// The source is apart at the left, and the classes are in order: the class j is inked
// in row j.
func TestAnalogies(t *testing.T) {
	m := drawn(t, pictures(classified()), "analogies")
	source, class := 0, -1
	where(m, func(c color.NRGBA) bool { return c == color.NRGBA{0, 0, 0, 255} }, func(x, y int) {
		if x < 140 {
			source++
			return
		}
		at := (x - 154) * 10 / (1176 - 154) // the columns reach to the margin
		if at < class || at > class+1 {
			t.Fatalf("ink at (%d, %d), of class %d, below that of class %d", x, y, at, class)
		}
		class = at
	})
	if source < 8000 || class != 9 {
		t.Errorf("the source has %d pixels of ink, and the last class that has some is %d", source, class)
	}
}

// Rates that are not measured yet are left out, and with none there is no figure.
func TestSpeed(t *testing.T) {
	f := lab.Frame{Experiment: "gumbel-classes", Step: 2, Tensors: map[string]data.Tensor{
		"class-counts": {Shape: []int{3}, Data: []float32{2, 10, 100}}, "marginalisation": {Shape: []int{3}, Data: []float32{50, 10, 0}}, "gumbel-softmax": {Shape: []int{3}, Data: []float32{60, 60, 0}},
	}}
	dots := func() int {
		m := drawn(t, pictures(f), "speed")
		seen := 0
		where(m, func(c color.NRGBA) bool { return c == blue }, func(x, y int) {
			if x > 900 && y > 140 {
				seen++
			}
		})
		return seen
	}
	if n := dots(); n != 0 {
		t.Errorf("%d pixels where nothing was measured", n)
	}
	f.Tensors["marginalisation"].Data[2], f.Tensors["gumbel-softmax"].Data[2] = 1, 60
	if n := dots(); n < 20 {
		t.Errorf("%d pixels where 100 classes were measured", n)
	}
	clear(f.Tensors["marginalisation"].Data)
	if got := names(pictures(f)); got != nil {
		t.Errorf("drew %v of nothing", got)
	}
}

// Both experiments' figures are written, charts and all.
func TestWriteSemi(t *testing.T) {
	for _, c := range []struct {
		e     *lab.Experiment
		frame lab.Frame
		files int
	}{{experiment.GumbelSemi, classified(), 2 * (3 + 5)}, {experiment.GumbelClasses, lab.Frame{}, 2 * 3}} {
		dir := t.TempDir()
		if err := Write(dir, c.e, c.frame, table(c.e, 20)); err != nil {
			t.Fatal(err)
		}
		if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != c.files {
			t.Errorf("%s: wrote %v", c.e.Name, files)
		}
	}
}

// lettered is a frame of 16 images of k classes, of which image i is of class 3i, taken
// for the next one if i is odd, and of 2 rows of analogies.
func lettered(k int) lab.Frame {
	labels, q := make([]float32, 16), make([]float32, 16*k)
	for i := range labels {
		labels[i] = float32(3 * i % k)
		q[i*k+(3*i+i%2)%k] = .9
	}
	analogies := make([]float32, 2*(1+k)*28*28)
	for i := range analogies {
		if image := i / (28 * 28) % (1 + k); image%28 >= i/28%28 {
			analogies[i] = 1
		}
	}
	return lab.Frame{Experiment: "gumbel-semi", Step: 12345, Data: "EMNIST balanced", Tensors: map[string]data.Tensor{
		"digits": {Shape: []int{16, 28, 28}, Data: make([]float32, 16*28*28)}, "labels": {Shape: []int{16}, Data: labels},
		"classes": {Shape: []int{16, k}, Data: q}, "analogies": {Shape: []int{2, 1 + k, 28, 28}, Data: analogies},
	}}
}

// Each of many classes has its bar and its analogy, in as many lines as it takes, all
// within the picture.
func TestManyClasses(t *testing.T) {
	for _, k := range []int{2, 17, 26, 47, 62} {
		all := pictures(lettered(k))
		if got := names(all); !slices.Equal(got, []string{"classes", "analogies"}) {
			t.Fatalf("drew %v", got)
		}
		m := drawn(t, all, "classes")
		right, wrong := 0, 0
		where(m, func(p color.NRGBA) bool { return p == green }, func(x, y int) { right++ })
		where(m, func(p color.NRGBA) bool { return p == vermillion }, func(x, y int) { wrong++ })
		if right < 8*40 || wrong < 8*40 {
			t.Errorf("%d classes: %d dots are right, %d wrong", k, right, wrong)
		}
		m = drawn(t, all, "analogies")
		least, most := m.Bounds().Max, m.Bounds().Min
		where(m, func(p color.NRGBA) bool { return p.R < 40 && p.G < 40 && p.B < 40 }, func(x, y int) {
			least.X, most.X, most.Y = min(least.X, x), max(most.X, x), max(most.Y, y)
		})
		if least.X < int(margin) || most.X > m.Bounds().Dx()-int(margin) || most.Y > m.Bounds().Dy() || k > 16 && most.Y < m.Bounds().Dy()/2 {
			t.Errorf("%d classes: analogies from %v to %v of %v", k, least, most, m.Bounds())
		}
	}
}

// The paper's ratios stand next to its data only.
func TestSpeedOfOtherData(t *testing.T) {
	frame := func(name string) lab.Frame {
		return lab.Frame{Experiment: "gumbel-classes", Step: 2, Data: name, Tensors: map[string]data.Tensor{
			"class-counts": {Shape: []int{2}, Data: []float32{10, 100}}, "marginalisation": {Shape: []int{2}, Data: []float32{5, 1}}, "gumbel-softmax": {Shape: []int{2}, Data: []float32{9, 9}},
		}}
	}
	text := func(name string) string {
		b, err := pictures(frame(name))[0].svg()
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, paper := range map[string]bool{"MNIST": true, "": true, "Fashion-MNIST": false} {
		if got := text(name); strings.Contains(got, "the paper") != paper || !strings.Contains(got, name) {
			t.Errorf("next to %q the paper's stand: %v", name, !paper)
		}
	}
}

// A title names the data, and not at any length.
func TestTitleOfData(t *testing.T) {
	f := lab.Frame{Step: 7, Data: "Fashion-MNIST"}
	if got := (view{f}).at("Samples"); got != "Samples, Fashion-MNIST, step 7" {
		t.Errorf("headed %q", got)
	}
	// All of a long title is within the picture: ink ends left of the margin.
	m := drawn(t, pictures(lettered(26)), "classes")
	most := 0
	where(m, func(p color.NRGBA) bool { return p.R < 60 && p.G < 60 && p.B < 60 }, func(x, y int) {
		if y < 70 {
			most = max(most, x)
		}
	})
	if most < m.Bounds().Dx()*9/10 || most > m.Bounds().Dx()-int(margin) {
		t.Errorf("a long title ends at %d of %d", most, m.Bounds().Dx())
	}
	f.Data = strings.Repeat("ö", 100)
	if got := (view{f}).at("Samples"); len([]rune(got)) > 60 || !strings.Contains(got, "ö…, step 7") {
		t.Errorf("headed %q", got)
	}
}
