package lab

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Find returns the experiment of that name, and an error that lists the names
// where there is none.
func Find(name string) (*Experiment, error) {
	var names []string
	for _, e := range Experiments {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return nil, fmt.Errorf("no experiment %q: there are %s", name, strings.Join(names, ", "))
}

// Setting returns the setting of that name, nil where there is none.
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
		return nil, fmt.Errorf("%s has no preset %q: there are %s", e.Name, preset, strings.Join(names, ", "))
	}
	for _, more := range []Values{p.Values, changes} {
		for _, name := range slices.Sorted(maps.Keys(more)) { // the same fault first, always
			if err := e.set(v, name, more[name]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// set checks a value and stores it in v.
func (e *Experiment) set(v Values, name, text string) error {
	s := e.Setting(name)
	if s == nil {
		var names []string
		for _, s := range e.Settings {
			names = append(names, s.Name)
		}
		return fmt.Errorf("%s has no setting %q: there are %s", e.Name, name, strings.Join(names, ", "))
	}
	if err := s.Check(text); err != nil {
		return err
	}
	v[name] = text
	return nil
}

// Check returns an error that says what would be right where text is no value
// of the setting.
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
	case Float:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || x < s.Min || x > s.Max {
			return fmt.Errorf("%s is %q: it must be a number from %g to %g", s.Name, text, s.Min, s.Max)
		}
	case Int:
		x, err := strconv.ParseInt(text, 10, 64)
		if err != nil || float64(x) < s.Min || float64(x) > s.Max {
			return fmt.Errorf("%s is %q: it must be a whole number from %g to %g", s.Name, text, s.Min, s.Max)
		}
	}
	return nil
}

// Float returns a Float setting. It panics where there is none: the values must
// come from Resolve.
func (v Values) Float(name string) float64 {
	x, err := strconv.ParseFloat(v[name], 64)
	if err != nil {
		panic(fmt.Sprintf("lab: setting %q is %q", name, v[name]))
	}
	return x
}

// Int returns an Int setting, and panics where there is none.
func (v Values) Int(name string) int { return int(v.Float(name)) }

// Bool returns a Bool setting, false where there is none.
func (v Values) Bool(name string) bool { return v[name] == "true" }

// with returns values with one more, or another.
func with(v Values, name, text string) Values {
	v = maps.Clone(v)
	v[name] = text
	return v
}

// merge returns all values, those that come later before those that came first.
func merge(all ...Values) Values {
	v := Values{}
	for _, more := range all {
		maps.Copy(v, more)
	}
	return v
}
