//go:build !js

package experiment

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/score"
	"ganbel/core/train"
)

// lettered returns a world of images of 28 by 28 in k classes that are no digits, called
// name, with that many to train with and 100 for tests.
func lettered(name string, k, n int) World {
	return World{Goroutines: 1, Points: world().Points, Text: world().Text, Pictures: noise, MNIST: func() (train, test *data.Images, err error) {
		all := &data.Images{Rows: 28, Cols: 28, Channels: 1, Pixels: make([]uint8, (n+100)*784)}
		for i := range n + 100 {
			all.Labels = append(all.Labels, uint8(i%k))
			for p := range 784 {
				all.Pixels[i*784+p] = uint8(255 * (p / 28 % (i%k + 2) & 1))
			}
		}
		train, test = all.Slice(0, n), all.Slice(n, n+100)
		id := data.IdentifyImages(name, train, test)
		data.Belong(id, train, test)
		return train, test, nil
	}}
}

// Few labels take the data's own number of classes: as many chances, analogies and
// labels, and other names for the table.
func TestClassesOfData(t *testing.T) {
	for _, k := range []int{26, 3} {
		v, err := GumbelSemi.Resolve("live", lab.Values{"labels": fmt.Sprint(2 * k), "channels": "1", "batch": "4", "labelled-batch": "4", "test-digits": "50"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(GumbelSemi, v, lettered("Letters", k, 200))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Train(2); err != nil {
			t.Fatal(err)
		}
		f := r.Frame()
		if got := f.Tensors["classes"].Shape; !slices.Equal(got, []int{16, k}) || f.Data != "Letters" {
			t.Errorf("classes have shape %v in a frame of %q", got, f.Data)
		}
		if got := f.Tensors["analogies"].Shape; !slices.Equal(got, []int{8, 1 + k, 28, 28}) {
			t.Errorf("analogies have shape %v", got)
		}
		out, err := r.Do("classify", map[string]data.Tensor{"image": {Shape: []int{28, 28}, Data: make([]float32, 784)}})
		if err != nil || len(out["chances"].Data) != k || out["analogies"].Shape[0] != k {
			t.Errorf("an image of %d classes: %v, %v", k, out["chances"].Shape, err)
		}
		text := r.Model.(Reporter).Reports()[0].Markdown()
		if want := fmt.Sprintf("Semi-supervised Letters, %d labels of %d classes", 2*k, k); !strings.Contains(text, want) || strings.Contains(text, "106.8") || strings.Contains(text, "Table 2") {
			t.Errorf("no %q, or the paper's, in\n%s", want, text)
		}
		r.Close()
	}
	v, err := GumbelSemi.Resolve("live", lab.Values{"labels": "100"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(GumbelSemi, v, lettered("Letters", 26, 200)); err == nil || !strings.Contains(err.Error(), "100 labels of 26 classes: it must be a multiple, so that there are equally many of each, such as 78 or 104") {
		t.Errorf("100 labels of 26 classes: %v", err)
	}
}

// Labels that training has none of are refused before they are counted in another's
// place.
func TestMissingClasses(t *testing.T) {
	few := func(side int) (train, validation data.Source, err error) {
		train, validation, err = noise(side)
		if err == nil {
			for i := range train.(*data.Images).Labels {
				train.(*data.Images).Labels[i] %= 5
			}
		}
		return train, validation, err
	}
	v, err := WGANResNet.Resolve("small-supervised", lab.Values{"width": "4", "batch": "4"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(WGANResNet, v, World{Pictures: few}); err == nil || !strings.Contains(err.Error(), "10 classes and the training images") {
		t.Errorf("classes that training has not: %v", err)
	}
	// And as many classes as there are go into an AC-GAN.
	r, err := Open(WGANResNet, v, World{Pictures: noise, Goroutines: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if k := r.Frame().Tensors["classes"].Data; len(k) != 1 || k[0] != 10 {
		t.Errorf("the frame has %v classes", k)
	}
}

// The paper's numbers stand next to the paper's data only, in every report that has
// some, and other data is named in its title.
func TestPaperBesideItsData(t *testing.T) {
	papers := []string{"paper", "Table ", "Figure ", "-106.8", "9.9", "7.86", "Inception Scores", "bedrooms"}
	changes := map[*lab.Experiment]lab.Values{
		GumbelVAE: {"latents": "2", "classes": "2", "hidden": "none", "batch": "4", "draws": "1"}, GumbelSOP: {"latents": "2", "classes": "2", "batch": "4", "draws": "1"},
		GumbelSemi:    {"labels": "10", "channels": "1", "batch": "4", "labelled-batch": "4"},
		GumbelClasses: {"channels": "1"},
		WGANMNIST:     {"width": "4", "batch": "4", "score-images": "0"}, WGANCIFAR: {"width": "4", "batch": "4"}, WGANResNet: {"width": "4", "batch": "4"},
		WGANLSUN: {"width": "4", "batch": "4"}, WGANArchitecture: {"filters-g": "1", "filters-d": "1", "batch": "4"},
		WGANLanguage: {"width": "4", "blocks": "1", "batch": "4", "n-critic": "1", "held-out": "1", "lines": "20"},
	}
	for e, v := range changes {
		v, err := e.Resolve("", v)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(e, v, lettered("Letters", 5, 200))
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		id := r.Identity()
		if id.Name == "" || id.Digest == "" || id.Paper != "" || id.Train == 0 {
			t.Errorf("%s: identity %+v", e.Name, id)
		}
		for _, report := range r.Model.(Reporter).Reports() {
			text := strings.ReplaceAll(report.Markdown(), train.OtherData(id, e.PaperSet), "")
			for _, not := range papers {
				if strings.Contains(text, not) {
					t.Errorf("%s: next to other data stands %q in\n%s", e.Name, not, text)
				}
			}
			if !strings.Contains(report.Title, id.Name) {
				t.Errorf("%s: the title %q does not name %s", e.Name, report.Title, id.Name)
			}
		}
		if on := e.On(id).Title; !strings.Contains(on, id.Name) || strings.Contains(on, "MNIST") || strings.Contains(on, "CIFAR") {
			t.Errorf("%s is headed %q", e.Name, on)
		}
		r.Close()
	}
	if on := WGANMNIST.On(data.Identity{Name: "MNIST", Paper: data.PaperMNIST}); on != WGANMNIST {
		t.Errorf("of MNIST it is headed %q", on.Title)
	}
}

// A saved run continues with the same data, whatever it is called, and with no other: the
// error names both. A run saved without an identity continues.
func TestOtherDataRefused(t *testing.T) {
	v, err := GumbelVAE.Resolve("live", lab.Values{"latents": "2", "classes": "2", "hidden": "none", "batch": "4"})
	if err != nil {
		t.Fatal(err)
	}
	run := func(w World) *train.Run {
		r, err := Open(GumbelVAE, v, w)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Close)
		return r
	}
	saved := run(lettered("Letters", 5, 200)).Save()
	if err := run(lettered("The same elsewhere", 5, 200)).Load(saved); err != nil {
		t.Error(err)
	}
	other := run(lettered("Signs", 6, 200))
	err = other.Load(saved)
	var refused *train.OtherDataError
	if !errors.As(err, &refused) || refused.Was.Name != "Letters" || refused.Now.Name != "Signs" {
		t.Fatalf("other data: %v", err)
	}
	for _, want := range []string{"other data", "Letters, 200 + 100 of 28×28×1, 5 classes", "Signs, 200 + 100 of 28×28×1, 6 classes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if err := other.Adopt(saved); err != nil {
		t.Errorf("adopting: %v", err)
	}
	if err := run(world()).Load(saved); err == nil {
		t.Error("MNIST continues with letters")
	}
	saved.Meta["data"] = "{"
	if err := other.Load(saved); err == nil || !strings.Contains(err.Error(), "the run's data") {
		t.Errorf("spoilt: %v", err)
	}
	delete(saved.Meta, "data")
	if err := other.Load(saved); err != nil {
		t.Errorf("an old run: %v", err)
	}
	// Points are distinguished by their numbers.
	if v, err = WGANGP.Resolve("live", lab.Values{"data": "points", "width": "4"}); err != nil {
		t.Fatal(err)
	}
	points := func(p ...float32) *train.Run {
		r, err := Open(WGANGP, v, World{Points: p, PointsName: "a.csv", Goroutines: 1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Close)
		return r
	}
	if err := points(0, 1).Load(points(0, 2).Save()); err == nil || !strings.Contains(err.Error(), "a.csv, 1 of 2") {
		t.Errorf("other points: %v", err)
	}
}

// The classifier of MNIST warns of what is no digit, and of what was not one before it
// was made small and grey.
func TestDigitsWarning(t *testing.T) {
	w := lettered("Letters", 5, 200)
	var err error
	if w.Classifier, err = score.OpenDigits(os.DirFS("../../assets/mnist")); err != nil {
		t.Fatal(err)
	}
	v, err := WGANMNIST.Resolve("live", lab.Values{"width": "4", "batch": "4", "score-images": "100"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(WGANMNIST, v, w)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	const want = "The classifier of MNIST knows handwritten digits only: Letters"
	if got := r.Model.(interface{ Warning() string }).Warning(); !strings.Contains(got, want) {
		t.Errorf("warning %q", got)
	}
	all := r.Model.(Reporter).Reports()
	if text := all[1].Markdown(); !strings.Contains(text, want) || !strings.Contains(text, "score of Letters") {
		t.Errorf("no warning in\n%s", text)
	}
	for _, c := range []struct {
		id   data.Identity
		want string
	}{
		{data.Identity{Name: "MNIST", Paper: data.PaperMNIST, Classes: 10}, ""},
		{data.Identity{Name: "made", Shape: []int{28, 28, 1}}, ""},
		{data.Identity{Name: "EMNIST digits", Classes: 10}, ""},
		{data.Identity{Name: "photos", Source: []int{32, 32, 3}}, "photos is of images of 32 by 32 with 3 channels"},
		{data.Identity{Name: "Fashion-MNIST", Classes: 10}, "Fashion-MNIST is not known to be of digits"},
	} {
		if got := score.Warning(w.Classifier, c.id); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", c.id, got, c.want)
		}
	}
	if got := score.Warning(fixed{}, data.Identity{Name: "photos", Source: []int{32, 32, 3}}); got != "" {
		t.Errorf("another classifier: %q", got)
	}
}
