package lab

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Find returns the experiment of that name, and an error that lists the names
// if there is none.
func Find(name string) (*Experiment, error) {
	var names []string
	for _, e := range experiments {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return nil, &Unknown{fmt.Sprintf("no experiment %q", name), name, names}
}

// Unknown is the error of an unknown name of an experiment, a preset, a setting, an
// action or a choice.
type Unknown struct {
	What  string   // what is wrong, without the known names
	Name  string   // as it was given
	Names []string // the known ones
}

// Error returns what is wrong and the known names.
func (u *Unknown) Error() string { return u.What + ": there are " + strings.Join(u.Names, ", ") }

// Setting returns the setting of that name, nil if there is none.
func (e *Experiment) Setting(name string) *Setting {
	for i := range e.Settings {
		if e.Settings[i].Name == name {
			return &e.Settings[i]
		}
	}
	return nil
}

// Preset returns the preset of that name, the first for "", nil if there is no such
// preset.
func (e *Experiment) Preset(name string) *Preset {
	for i := range e.Presets {
		if name == "" || e.Presets[i].Name == name {
			return &e.Presets[i]
		}
	}
	return nil
}

// Named returns the setting of that name, or an *Unknown.
func (e *Experiment) Named(name string) (*Setting, error) {
	if s := e.Setting(name); s != nil {
		return s, nil
	}
	var names []string
	for _, s := range e.Settings {
		names = append(names, s.Name)
	}
	return nil, &Unknown{fmt.Sprintf("%s has no setting %q", e.Name, name), name, names}
}

// Resolve returns all settings: the defaults, then the preset's, then changes.
// An empty preset is the first. It returns an error that says what would be
// right for an unknown preset or setting, or a value that is not one.
func (e *Experiment) Resolve(preset string, changes Values) (Values, error) {
	v := Values{}
	for _, s := range e.Settings {
		v[s.Name] = s.Default
	}
	p := e.Preset(preset)
	if p == nil {
		var names []string
		for _, p := range e.Presets {
			names = append(names, p.Name)
		}
		return nil, &Unknown{fmt.Sprintf("%s has no preset %q", e.Name, preset), preset, names}
	}
	for _, more := range []Values{p.Values, changes} {
		for _, name := range slices.Sorted(maps.Keys(more)) { // the same fault first, always
			if err := e.Put(v, name, more[name]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// Put checks a value and stores it in v. It returns an error that says what would be right
// for an unknown setting or a value that is not one.
func (e *Experiment) Put(v Values, name, text string) error {
	s, err := e.Named(name)
	if err != nil {
		return err
	}
	if err := s.Check(text); err != nil {
		return err
	}
	v[name] = s.Canonical(text)
	return nil
}

// decimal is the text of a Float or Int. The page's state.js has the same, and
// testdata/settings.json holds both to it.
var decimal = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

// Check returns an error that says what would be right if text is not a value of the
// setting. An Int may be written as any decimal number that is whole, such as 1e3.
func (s *Setting) Check(text string) error {
	switch s.Kind {
	case Choice:
		if !slices.Contains(s.Choices, text) {
			return fmt.Errorf("%s is %q: it must be one of %s", s.Name, text, strings.Join(s.Choices, ", "))
		}
	case Bool:
		if text != "true" && text != "false" {
			return fmt.Errorf("%s is %q: it must be true or false", s.Name, text)
		}
	default:
		x, err := strconv.ParseFloat(text, 64)
		switch {
		case err == nil && decimal.MatchString(text) && x >= s.Min && x <= s.Max && (s.Kind != Int || x == math.Trunc(x)):
		case s.Kind == Int:
			return fmt.Errorf("%s is %q: it must be a whole number from %.0f to %.0f", s.Name, text, s.Min, s.Max)
		default:
			return fmt.Errorf("%s is %q: it must be a number from %g to %g", s.Name, text, s.Min, s.Max)
		}
	}
	return nil
}

// Canonical returns a text that Check allows in the form that other code reads: an Int
// has no point and no exponent.
func (s *Setting) Canonical(text string) string {
	if s.Kind != Int {
		return text
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatInt(int64(x), 10)
}

// Same reports whether two texts that Check allows are the same value.
func (s *Setting) Same(a, b string) bool {
	if a == b || s.Kind == Choice || s.Kind == Bool {
		return a == b
	}
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err == nil && err2 == nil && x == y
}

// Float returns a Float setting. It panics if there is none: the values must
// come from Resolve.
func (v Values) Float(name string) float64 {
	x, err := strconv.ParseFloat(v[name], 64)
	if err != nil {
		panic(fmt.Sprintf("lab: setting %q is %q", name, v[name]))
	}
	return x
}

// Int returns an Int setting, and panics if there is none.
func (v Values) Int(name string) int { return int(v.Float(name)) }

// Text returns the text of a setting, "" if there is none.
func (v Values) Text(name string) string { return v[name] }

// Bool returns a Bool setting, false if there is none.
func (v Values) Bool(name string) bool { return v[name] == "true" }

// With returns the values with one more, or another.
func (v Values) With(name, text string) Values {
	v = maps.Clone(v)
	v[name] = text
	return v
}

// Merge returns all values, those that come later instead of those that come first.
func Merge(all ...Values) Values {
	v := Values{}
	for _, more := range all {
		maps.Copy(v, more)
	}
	return v
}
