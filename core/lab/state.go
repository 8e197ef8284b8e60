package lab

import (
	"fmt"
	"maps"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/random"
)

// stateful is what both papers' runs have in common.
type stateful interface {
	State() (map[string][]float32, map[string]*random.Stream)
}

// save returns a store from which load goes on bit for bit.
func save(e *Experiment, run stateful, values Values, step int) data.Store {
	tensors, streams := run.State()
	s := data.Store{
		Meta:    map[string]string{"experiment": e.Name, "step": strconv.Itoa(step)},
		Tensors: map[string]data.Tensor{},
	}
	for name, text := range values {
		s.Meta["set."+name] = text
	}
	for purpose, r := range streams {
		s.Meta["stream."+purpose] = strconv.FormatUint(r.Position(), 10)
	}
	for name, v := range tensors {
		s.Tensors[name] = data.Tensor{Shape: []int{len(v)}, Data: append([]float32(nil), v...)}
	}
	return s
}

// load takes what save returned into a run of the same experiment and returns
// the step and the settings. Where the store does not fit it returns an error
// and leaves the run as it was.
func load(e *Experiment, run stateful, values Values, s data.Store) (step int, set Values, err error) {
	if got := s.Meta["experiment"]; got != e.Name {
		return 0, nil, fmt.Errorf("this is a run of %q, not of %q", got, e.Name)
	}
	step, err = strconv.Atoi(s.Meta["step"])
	if err != nil || step < 0 {
		return 0, nil, fmt.Errorf("the run's step is %q: it must be a whole number", s.Meta["step"])
	}
	set = maps.Clone(values)
	for _, setting := range e.Settings {
		text, ok := s.Meta["set."+setting.Name]
		if !ok {
			continue
		}
		if err := setting.Check(text); err != nil {
			return 0, nil, fmt.Errorf("the run's settings: %w", err)
		}
		if setting.Resets && text != values[setting.Name] {
			return 0, nil, fmt.Errorf("the run has %s %s, not %s: open it with its own settings", setting.Name, text, values[setting.Name])
		}
		set[setting.Name] = text
	}
	tensors, streams := run.State()
	for name, v := range tensors {
		if got, ok := s.Tensors[name]; !ok || len(got.Data) != len(v) {
			return 0, nil, fmt.Errorf("the run's tensor %q has %d numbers: it must have %d", name, len(got.Data), len(v))
		}
	}
	at := map[string]uint64{}
	for purpose := range streams {
		if at[purpose], err = strconv.ParseUint(s.Meta["stream."+purpose], 10, 64); err != nil {
			return 0, nil, fmt.Errorf("the run's random stream %q is at %q: it must be a whole number", purpose, s.Meta["stream."+purpose])
		}
	}
	for name, v := range tensors {
		copy(v, s.Tensors[name].Data)
	}
	for purpose, r := range streams {
		r.Seek(at[purpose])
	}
	return step, set, nil
}

// turn checks a setting that is to change while a run goes on.
func turn(e *Experiment, values Values, name, text string) error {
	if s := e.Setting(name); s != nil && s.Resets {
		return fmt.Errorf("%s cannot change during a run: start a new one", name)
	}
	return e.set(values, name, text)
}

// tensor returns a copy of data with a shape.
func tensor(v []float32, shape ...int) data.Tensor {
	return data.Tensor{Shape: shape, Data: append([]float32(nil), v...)}
}
