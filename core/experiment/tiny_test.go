package experiment

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/random"
	"ganbel/core/train"
)

// tiny returns n images of noise, labelled with classes in turn, without labels for 0.
func tiny(n, rows, cols, channels, classes int) *data.Images {
	m := &data.Images{Rows: rows, Cols: cols, Channels: channels, Pixels: make([]uint8, n*rows*cols*channels)}
	v := make([]float32, len(m.Pixels))
	random.New(1, "tiny").Uniform(v)
	for i, x := range v {
		m.Pixels[i] = uint8(255 * x)
	}
	for i := range n {
		if classes > 0 {
			m.Labels = append(m.Labels, uint8(i%classes))
		}
	}
	return m
}

// tinyWorld gives as many examples of every kind.
func tinyWorld(train, test, rows, cols, channels, classes int) World {
	images := func(n, rows, cols, channels int) *data.Images { return tiny(n, rows, cols, channels, classes) }
	return World{
		MNIST: func() (*data.Images, *data.Images, error) {
			return images(train, rows, cols, channels), images(test, rows, cols, channels), nil
		},
		Pictures: func(side int) (data.Source, data.Source, error) {
			if rows < 28 {
				side = rows
			}
			if test == 0 {
				return images(train, side, side, 3), nil, nil
			}
			return images(train, side, side, 3), images(test, side, side, 3), nil
		},
		Text:       func() ([]string, error) { return sentences(train), nil },
		Points:     make([]float32, 2*train),
		Goroutines: 1,
	}
}

// use opens a run and does all that can be done with it. It returns New's error, or
// another that must not be: a panic's is one.
func use(e *lab.Experiment, v lab.Values, w World) (refused, broken error) {
	defer func() {
		if r := recover(); r != nil {
			broken = fmt.Errorf("it panics: %v\n%s", r, debug.Stack())
		}
	}()
	v, err := e.Resolve("", v)
	if err != nil {
		return err, nil
	}
	r, err := Open(e, v, w)
	if err != nil {
		return err, nil
	}
	defer r.Close()
	look := func() {
		r.Frame()
		r.Measure()
		if w, ok := r.Model.(Writer); ok {
			w.Text()
		}
		if reporter, ok := r.Model.(Reporter); ok {
			for _, report := range reporter.Reports() {
				report.Markdown()
			}
		}
	}
	look()
	var diverged *train.Diverged
	if err := r.Train(2); err != nil && !errors.As(err, &diverged) {
		return nil, err
	}
	look()
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, r.Save()); err != nil {
		return nil, err
	}
	s, err := data.ReadSafetensors(&b)
	if err != nil {
		return nil, err
	}
	if err := r.Load(s); err != nil {
		return nil, err
	}
	for _, a := range e.Actions {
		r.Do(a.Name, nil)
	}
	return nil, nil
}

// tinySettings makes every step small, and what a measurement takes few.
func tinySettings(e *lab.Experiment) lab.Values {
	v := small(e)
	maps.DeleteFunc(v, func(name, _ string) bool { return name == "examples" })
	if e.Setting("batch") != nil {
		v["batch"] = e.Setting("batch").Default
		for _, n := range []string{"1", "2"} {
			if e.Setting("batch").Check(n) == nil {
				v["batch"] = n
				break
			}
		}
	}
	if e == GumbelSemi {
		v["labels"], v["labelled-batch"] = "10", "1"
	}
	if e.Setting("distance-points") != nil {
		v["distance-points"], v["readings"] = "4", "1"
	}
	if e.Setting("lines") != nil {
		v["lines"] = "10"
	}
	return v
}

// With data of any size and kind a run trains, measures, draws, reports and is saved
// and loaded, or New says what it lacks: it names the experiment or the data.
func TestTinyData(t *testing.T) {
	type set struct{ train, test, rows, cols, channels, classes int }
	var sets []set
	for _, n := range []int{0, 1, 2, 9, 99, 100} {
		sets = append(sets, set{n, n, 28, 28, 1, 1})
	}
	sets = append(sets, set{600, 100, 28, 28, 1, 10}, set{120, 100, 28, 28, 1, 0}, set{9, 100, 28, 28, 1, 10}, set{100, 0, 28, 28, 1, 10}, set{100, 100, 1, 1, 1, 10}, set{100, 100, 7, 3, 1, 10},
		set{100, 100, 2, 2, 1, 1}, set{100, 100, 28, 28, 3, 10}, set{100, 100, 28, 28, 1, 200}, set{100, 100, 0, 0, 0, 10})
	for _, e := range lab.Experiments() {
		if needsOf(e, must(t, e)) == (needs{}) && e != WGANGP {
			continue // it takes nothing from outside
		}
		if leftOut(e) {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			worked := 0
			large := needsOf(e, must(t, e)).side > 0 // images whose size and channels the experiment itself checks
			for i, s := range sets {
				if large && s.train > 9 && s.train != 100 || large && s.rows > 1 && (s.train == 100 && s.classes < 10 || s.channels > 1) || runtime.GOOS == "js" && i%4 != 0 {
					continue
				}
				for _, more := range []lab.Values{nil, {"split": "validation"}, {"binarise": "fixed"}, {"labels": "true"}, {"examples": "1"}} {
					if name := slices.Collect(maps.Keys(more)); len(name) > 0 && (e.Setting(name[0]) == nil || e == GumbelSemi || s.train > 9 && s.test == s.train && s.train < 100) {
						continue
					}
					v := tinySettings(e)
					maps.Copy(v, more)
					if e == WGANGP {
						v["data"] = "points"
					}
					refused, broken := use(e, v, tinyWorld(s.train, s.test, s.rows, s.cols, s.channels, s.classes))
					if broken != nil {
						t.Errorf("%+v with %v: %v", s, more, broken)
					}
					if refused == nil {
						worked++
					} else if text := refused.Error(); !strings.ContainsAny(text, "0123456789") && !strings.Contains(text, e.Name) {
						t.Errorf("%+v with %v: %q names no number", s, more, text)
					}
				}
			}
			if worked == 0 && runtime.GOOS != "js" {
				t.Error("it never worked")
			}
		})
	}
}

// Missing data, or data that does not belong together, is refused before it is used.
func TestDataRefused(t *testing.T) {
	digits := func(train, test *data.Images) World {
		return World{Goroutines: 1, MNIST: func() (*data.Images, *data.Images, error) { return train, test, nil }}
	}
	colours := func(train, validation data.Source) World {
		return World{Goroutines: 1, Pictures: func(int) (data.Source, data.Source, error) { return train, validation, nil }}
	}
	good := tiny(600, 28, 28, 1, 10)
	cut := *good
	cut.Pixels = cut.Pixels[:len(cut.Pixels)-1]
	few := *good
	few.Labels = few.Labels[:9]
	colour := tiny(40, 32, 32, 3, 4)
	for _, c := range []struct {
		e    string
		v    lab.Values
		w    World
		want string
	}{
		{"gumbel-vae", nil, digits(good, tiny(99, 28, 28, 1, 10)), "gumbel-vae needs at least 100 test digits, as many as a bound is measured on at once: there are 99"},
		{"gumbel-vae", lab.Values{"split": "validation"}, digits(tiny(599, 28, 28, 1, 10), good), "gumbel-vae needs at least 600 training digits, a sixth of which are kept for validation, where a bound is measured on 100 at once: there are 599"},
		{"gumbel-vae", nil, digits(nil, good), "gumbel-vae needs training digits: there are none"},
		{"gumbel-vae", nil, digits(good, nil), "gumbel-vae needs test digits: there are none"},
		{"gumbel-vae", nil, digits(good, tiny(100, 14, 14, 1, 10)), "the training digits have 28 by 28 pixels and the test digits 14 by 14: they must be alike"},
		{"gumbel-vae", nil, digits(tiny(600, 28, 28, 3, 10), good), "gumbel-vae needs training digits of one channel, grey: these have 3"},
		{"gumbel-vae", nil, digits(&cut, good), "bytes, which are not whole images of 784"},
		{"gumbel-vae", nil, digits(&few, good), "there are 600 training digits and 9 labels of them: there must be as many"},
		{"gumbel-vae", nil, digits(&data.Images{}, good), "the training digits are of 0 by 0 pixels in 0 channels"},
		{"gumbel-sop", nil, digits(tiny(600, 7, 4, 1, 0), tiny(600, 7, 4, 1, 0)), "with an upper and a lower half: these have 7 rows"},
		{"gumbel-semi", nil, digits(good, tiny(49, 28, 28, 1, 10)), "gumbel-semi needs at least 50 test digits, as many as are measured at once: there are 49"},
		{"gumbel-semi", nil, digits(tiny(600, 28, 28, 1, 0), good), "have no labels"},
		{"gumbel-classes", nil, digits(tiny(99, 28, 28, 1, 0), nil), "gumbel-classes needs at least 100 training digits, one for each class: there are 99"},
		{"wgan-mnist", nil, digits(tiny(600, 32, 32, 1, 10), good), "wgan-mnist needs training digits of 28 by 28 pixels: these are 32 by 32"},
		{"wgan-mnist", nil, digits(tiny(9, 28, 28, 1, 10), good), "batch is 32: it must be at most the 9 training digits"},
		{"wgan-cifar", nil, colours(tiny(40, 64, 64, 3, 0), nil), "wgan-cifar needs training images of 32 by 32 in 3 colours: these are 64 by 64 in 3"},
		{"wgan-resnet", lab.Values{"labels": "true", "batch": "4"}, colours(tiny(40, 32, 32, 3, 0), nil), "wgan-resnet needs training images with labels: these 40 have none"},
		{"wgan-resnet", lab.Values{"labels": "true", "batch": "4"}, colours(colour, tiny(40, 32, 32, 3, 0)), "wgan-resnet needs validation images with labels: these 40 have none"},
		{"wgan-resnet", lab.Values{"labels": "true", "batch": "4"}, colours(colour, tiny(40, 32, 32, 3, 5)), "the validation images have 5 classes and the training images 4"},
		{"wgan-gp", lab.Values{"data": "points"}, World{}, "needs one point or more"},
		{"wgan-gp", lab.Values{"data": "points"}, World{Points: []float32{0, 1, 0, 3e38}}, "point 1 has the coordinate 3e+38: it must be finite and from -1000000 to 1000000"},
	} {
		e, err := lab.Find(c.e)
		if err != nil {
			continue // in a browser
		}
		refused, broken := use(e, c.v, c.w)
		if broken != nil || refused == nil || !strings.Contains(refused.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %q", c.e, refused, broken, c.want)
		}
	}
}

// Unknown names and impossible values are refused with what would be right, and settings
// that do not come from Resolve are too.
func TestNamesRefused(t *testing.T) {
	if _, err := lab.Find("nosuch"); !errors.As(err, new(*lab.Unknown)) || !strings.Contains(err.Error(), "wgan-gp") {
		t.Errorf("an experiment: %v", err)
	}
	for _, e := range lab.Experiments() {
		for what, c := range map[string]struct {
			preset string
			v      lab.Values
			want   string
		}{
			"a preset":  {"nosuch", nil, e.Presets[0].Name},
			"a setting": {"", lab.Values{"nosuch": "3"}, "seed"},
			"no name":   {"", lab.Values{"": "3"}, "seed"},
			"a seed":    {"", lab.Values{"seed": "-1"}, "whole number"},
			"NaN":       {"", lab.Values{"seed": "NaN"}, "whole number"},
			"no text":   {"", lab.Values{"seed": ""}, "whole number"},
		} {
			if _, err := e.Resolve(c.preset, c.v); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: %v", e.Name, what, err)
			}
		}
		v := must(t, e)
		more := maps.Clone(v)
		more["nosuch"] = "3"
		less := maps.Clone(v)
		delete(less, "seed")
		bad := maps.Clone(v)
		bad["seed"] = "many"
		for _, v := range []lab.Values{nil, more, less, bad} {
			if _, err := Open(e, v, tinyWorld(1, 1, 1, 1, 1, 1)); err == nil || !strings.Contains(err.Error(), e.Name) && !strings.Contains(err.Error(), "seed") {
				t.Errorf("%s with %d settings: %v", e.Name, len(v), err)
			}
		}
	}
}

// No text of a setting, and no name, makes anything panic; what is allowed is allowed
// again as it is kept.
func FuzzSettings(f *testing.F) {
	for i, e := range lab.Experiments() {
		for _, s := range e.Settings {
			f.Add(uint8(i), "", s.Name, s.Default)
		}
		f.Add(uint8(i), e.Presets[0].Name, "nosuch", "3")
	}
	for _, text := range []string{"1e3", "0x10", "1_000", "NaN", "Inf", "-0", "1e400", "9007199254740993", " 1", "१", "1.", ".5", "+1", "true", "none"} {
		f.Add(uint8(0), "live", "batch", text)
		f.Add(uint8(0), "paper", "lambda", text)
	}
	f.Fuzz(func(t *testing.T, i uint8, preset, name, text string) {
		all := lab.Experiments()
		e := all[int(i)%len(all)]
		v, err := e.Resolve(preset, lab.Values{name: text})
		if err != nil {
			if err.Error() == "" {
				t.Error("an error says nothing")
			}
			return
		}
		for _, s := range e.Settings {
			switch s.Kind {
			case lab.Int:
				if n := v.Int(s.Name); float64(n) < s.Min || float64(n) > s.Max || fmt.Sprint(n) != v[s.Name] {
					t.Errorf("%s of %q is %d", s.Name, v[s.Name], n)
				}
			case lab.Float:
				if x := v.Float(s.Name); !(x >= s.Min && x <= s.Max) {
					t.Errorf("%s of %q is %v", s.Name, v[s.Name], x)
				}
			}
		}
		again, err := e.Resolve(preset, v)
		if err != nil || !maps.Equal(v, again) {
			t.Errorf("%v becomes %v, %v", v, again, err)
		}
		if _, err := ready(e, v, World{}); err != nil && !strings.Contains(err.Error(), e.Name) {
			t.Error(err)
		}
	})
}
