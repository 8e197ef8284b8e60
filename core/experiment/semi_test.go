package experiment

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// What is said of a digit is what the frame says of it, has the shapes that the
// registry promises, and changes nothing.
func TestClassify(t *testing.T) {
	r := open(t, GumbelSemi, "live", small(GumbelSemi))
	if err := r.Train(5); err != nil {
		t.Fatal(err)
	}
	before, f := r.Save(), r.Frame().Tensors
	const size, digit = 28 * 28, 2
	out, err := r.Do("classify", map[string]data.Tensor{"image": {Shape: []int{28, 28}, Data: f["digits"].Data[digit*size : (digit+1)*size]}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		shape []int
		want  []float32
	}{
		"chances":   {[]int{10}, f["classes"].Data[10*digit : 10*digit+10]},
		"analogies": {[]int{10, 28, 28}, f["analogies"].Data[(11*digit+1)*size : 11*(digit+1)*size]},
	} {
		got := out[name]
		if !slices.Equal(got.Shape, c.shape) || len(got.Data) != len(c.want) {
			t.Fatalf("%s has shape %v and %d numbers", name, got.Shape, len(got.Data))
		}
		for i, x := range got.Data {
			if math.Abs(float64(x-c.want[i])) > 1e-5 {
				t.Fatalf("%s: number %d is %v, in the frame %v", name, i, x, c.want[i])
			}
		}
	}
	if !slices.Equal(f["analogies"].Data[11*digit*size:(11*digit+1)*size], f["digits"].Data[digit*size:(digit+1)*size]) {
		t.Error("the first column of the analogies is not the digit")
	}
	test, _ := digits()
	for i, y := range f["labels"].Data {
		if float32(test.Labels[800+i]) != y {
			t.Errorf("digit %d is told to be a %v and is a %d", i, y, test.Labels[800+i])
		}
	}
	for _, c := range []struct {
		in   map[string]data.Tensor
		want string
	}{
		{nil, "image is missing"},
		{map[string]data.Tensor{"image": {Shape: []int{784}, Data: make([]float32, 784)}}, "(28, 28)"},
		{map[string]data.Tensor{"image": {Shape: []int{28, 28}, Data: slices.Repeat([]float32{2}, 784)}}, "from 0 to 1"},
	} {
		if _, err := r.Do("classify", c.in); err == nil || !strings.Contains(err.Error(), "classify: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v does not tell of %q", err, c.want)
		}
	}
	sameStore(t, r.Save(), before)
}

// What the world or the settings lack is told, with what to do.
func TestSemiErrors(t *testing.T) {
	bare := world()
	bare.MNIST = func() (train, test *data.Images, err error) {
		train, test, err = world().MNIST()
		if err == nil {
			train.Labels, test.Labels = nil, nil
		}
		return train, test, err
	}
	for _, c := range []struct {
		changes lab.Values
		w       World
		want    string
	}{
		{nil, World{}, "needs MNIST"},
		{nil, bare, "have no labels: give images with labels"},
		{lab.Values{"labels": "105"}, world(), "105 labels of 10 classes: it must be a multiple"},
		{lab.Values{"labels": "700"}, world(), "use fewer labels"},
		{lab.Values{"batch": "900"}, world(), "at most the 800 training images"},
	} {
		v, err := GumbelSemi.Resolve("", c.changes)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(GumbelSemi, v, c.w); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v does not tell of %q", c.changes, err, c.want)
		}
	}
}

// Table 2 has this run's numbers in the row of its estimator alone.
func TestTable2(t *testing.T) {
	v := small(GumbelSemi)
	v["estimator"] = "st-gumbel"
	r := open(t, GumbelSemi, "", v).Model.(*semi)
	elbo, accuracy := r.Semi.Measure(200)
	reports := r.Reports()
	if len(reports) != 1 || len(reports[0].Rows) != 3 {
		t.Fatalf("reports %v", reports)
	}
	for i, row := range reports[0].Rows {
		if ours := i == 2; ours != (row[3] != "") || ours != (row[4] != "") {
			t.Errorf("row %q", row)
		}
	}
	text := reports[0].Markdown()
	for _, want := range []string{"-106.8", "92.4 %", "93.6 %", tenths(elbo), tenths(100*accuracy) + " %", "200 test digits"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
