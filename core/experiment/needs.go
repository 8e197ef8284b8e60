package experiment

import (
	"fmt"
	"maps"
	"slices"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// needs is what an experiment needs from its World.
type needs struct {
	digits bool // images of one channel to train on and to test on, from World.MNIST
	side   int  // World.Pictures with this many pixels a side, 0 for none
	lines  bool // World.Text

	rows, cols int    // which images must have, 0 for any
	even       bool   // rows must be even
	labels     bool   // all images must have one
	train      int    // the fewest examples to train on
	trainFor   string // why
	test       int    // the fewest to test on
	testFor    string // why
}

// needsOf returns what an experiment needs with settings that Check allows.
func needsOf(e *lab.Experiment, v lab.Values) needs {
	batch := func(n needs) needs {
		n.train, n.trainFor = v.Int("batch"), "a batch"
		return n
	}
	switch e.Name {
	case "gumbel-vae", "gumbel-sop":
		n := batch(needs{digits: true, even: e.Name == "gumbel-sop", test: 100, testFor: "as many as a bound is measured on at once"})
		if v["split"] == "validation" && n.train < 600 {
			n.train, n.trainFor = 600, "a sixth of which are kept for validation, where a bound is measured on 100 at once"
		}
		return n
	case "gumbel-semi":
		return needs{digits: true, test: 50, testFor: "as many as are measured at once"} // gumbel.NewSemi checks labels and batches
	case "gumbel-classes":
		n := batch(needs{digits: true})
		if n.train < 100 {
			n.train, n.trainFor = 100, "one for each class"
		}
		return n
	case "wgan-mnist":
		return batch(needs{digits: true, rows: 28, cols: 28, test: 1, testFor: "to validate the critic on"})
	case "wgan-cifar", "wgan-architecture":
		return batch(needs{side: 32})
	case "wgan-resnet":
		return batch(needs{side: 32, labels: v.Bool("labels")})
	case "wgan-lsun":
		return batch(needs{side: 64})
	case "wgan-lsun-128":
		return batch(needs{side: 128})
	case "wgan-language":
		return needs{lines: true} // newLanguage checks how many are left to train on
	}
	return needs{}
}

// ready returns w with the data that e needs, which it has opened. It returns an error
// that names what is wrong if a setting is missing or not valid, and if the data is
// missing, too little, or of another kind.
func ready(e *lab.Experiment, v lab.Values, w World) (World, error) {
	for _, s := range e.Settings {
		text, ok := v[s.Name]
		if !ok {
			return w, fmt.Errorf("%s lacks its setting %s: take the settings from Resolve", e.Name, s.Name)
		}
		if err := s.Check(text); err != nil {
			return w, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if _, err := e.Named(name); err != nil {
			return w, err
		}
	}
	n := needsOf(e, v)
	switch {
	case n.digits:
		if w.MNIST == nil {
			return w, fmt.Errorf("%s needs MNIST, and none was given", e.Name)
		}
		train, test, err := w.MNIST()
		if err != nil {
			return w, err
		}
		if err := n.check(e, "training digits", train, n.train, n.trainFor); err != nil {
			return w, err
		}
		if n.test > 0 || test != nil {
			if err := n.check(e, "test digits", test, n.test, n.testFor); err != nil {
				return w, err
			}
			if a, b := [2]int{train.Rows, train.Cols}, [2]int{test.Rows, test.Cols}; a != b {
				return w, fmt.Errorf("the training digits have %d by %d pixels and the test digits %d by %d: they must be alike", a[0], a[1], b[0], b[1])
			}
		}
		w.MNIST = func() (*data.Images, *data.Images, error) { return train, test, nil }
	case n.side > 0:
		if w.Pictures == nil {
			return w, fmt.Errorf("%s needs images: name them with --images PATH", e.Name)
		}
		train, validation, err := w.Pictures(n.side)
		if err != nil {
			return w, err
		}
		if err := n.check(e, "training images", train, n.train, n.trainFor); err != nil {
			return w, err
		}
		if validation != nil {
			if err := n.check(e, "validation images", validation, 0, ""); err != nil {
				return w, err
			}
			if a, b := train.Classes(), validation.Classes(); n.labels && b > a {
				return w, fmt.Errorf("the validation images have %d classes and the training images %d: there must be no more", b, a)
			}
		}
		w.Pictures = func(int) (data.Source, data.Source, error) { return train, validation, nil }
	case n.lines:
		if w.Text == nil {
			return w, fmt.Errorf("%s needs text: name a file or a folder of it with --text PATH", e.Name)
		}
		lines, err := w.Text()
		if err != nil {
			return w, err
		}
		w.Text = func() ([]string, error) { return lines, nil }
	}
	return w, nil
}

// check returns an error if images are fewer than least, or e cannot take them. what
// names them in the plural.
func (n needs) check(e *lab.Experiment, what string, s data.Source, least int, why string) error {
	m, plain := s.(*data.Images)
	if s == nil || plain && m == nil {
		return fmt.Errorf("%s needs %s: there are none", e.Name, what)
	}
	rows, cols, channels := s.Shape()
	if rows < 1 || cols < 1 || channels < 1 {
		return fmt.Errorf("the %s are of %d by %d pixels in %d channels: all must be at least 1", what, rows, cols, channels)
	}
	if plain && len(m.Pixels) != m.Count()*m.Size() {
		return fmt.Errorf("the %s have %d bytes, which are not whole images of %d", what, len(m.Pixels), m.Size())
	}
	if plain && m.Labels != nil && len(m.Labels) != m.Count() {
		return fmt.Errorf("there are %d %s and %d labels of them: there must be as many", m.Count(), what, len(m.Labels))
	}
	if n.digits && channels != 1 {
		return fmt.Errorf("%s needs %s of one channel, grey: these have %d", e.Name, what, channels)
	}
	if n.rows > 0 && (rows != n.rows || cols != n.cols) {
		return fmt.Errorf("%s needs %s of %d by %d pixels: these are %d by %d", e.Name, what, n.rows, n.cols, rows, cols)
	}
	if n.even && rows%2 != 0 {
		return fmt.Errorf("%s needs %s with an upper and a lower half: these have %d rows", e.Name, what, rows)
	}
	if side := n.side; side > 0 && (rows != side || cols != side || channels != 3) {
		return fmt.Errorf("%s needs %s of %d by %d in 3 colours: these are %d by %d in %d", e.Name, what, side, side, rows, cols, channels)
	}
	if n.labels && s.Classes() == 0 {
		return fmt.Errorf("%s needs %s with labels: these %d have none", e.Name, what, s.Count())
	}
	if have := s.Count(); have < max(least, 1) {
		if why == "a batch" {
			return fmt.Errorf("batch is %d: it must be at most the %d %s", least, have, what)
		}
		because := ""
		if why != "" {
			because = ", " + why
		}
		return fmt.Errorf("%s needs at least %d %s%s: there are %d", e.Name, max(least, 1), what, because, have)
	}
	return nil
}

// classes returns how many classes images have, of which all must be among the training
// images' labels. A part without labels has none.
func classes(train, validation data.Source) (int, error) {
	k := train.Classes()
	if validation == nil {
		return k, nil
	}
	if v := validation.Classes(); v > k && k > 0 {
		return 0, fmt.Errorf("the validation images have labels of %d classes and the training images of %d: give training images of every class", v, k)
	}
	return k, nil
}
