package lab

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"ganbel/core/data"
	"ganbel/core/random"
)

// A run is what the runs of all papers have in common: all of Run but Measure
// and Frame.
type run struct {
	experiment *Experiment
	values     Values
	iteration  *int
	train      func() string // one iteration; names the first number that is not finite
	state      func() (map[string][]float32, map[string]*random.Stream)
	apply      func() // hands over the settings that may change
	actions    map[string]func(in map[string]data.Tensor) (map[string]data.Tensor, error)
}

func (r *run) Step() int      { return *r.iteration }
func (r *run) Values() Values { return maps.Clone(r.values) }

func (r *run) Train(n int) error {
	for range n {
		if bad := r.train(); bad != "" {
			return &Diverged{*r.iteration, bad}
		}
	}
	return nil
}

func (r *run) Set(name, text string) error {
	if s := r.experiment.Setting(name); s != nil && s.Resets {
		return fmt.Errorf("%s cannot change during a run: start a new one", name)
	}
	if err := r.experiment.set(r.values, name, text); err != nil {
		return err
	}
	r.apply()
	return nil
}

func (r *run) Do(action string, in map[string]data.Tensor) (map[string]data.Tensor, error) {
	do := r.actions[action]
	if do == nil {
		var names []string
		for _, a := range r.experiment.Actions {
			names = append(names, a.Name)
		}
		return nil, fmt.Errorf("%s has no action %q: there are %s", r.experiment.Name, action, strings.Join(names, ", "))
	}
	return do(in)
}

func (r *run) Save() data.Store {
	tensors, streams := r.state()
	s := data.Store{
		Meta:    map[string]string{"experiment": r.experiment.Name, "step": strconv.Itoa(*r.iteration)},
		Tensors: map[string]data.Tensor{},
	}
	for name, text := range r.values {
		s.Meta["set."+name] = text
	}
	for purpose, stream := range streams {
		s.Meta["stream."+purpose] = strconv.FormatUint(stream.Position(), 10)
	}
	for name, v := range tensors {
		s.Tensors[name] = tensor(v, len(v))
	}
	return s
}

// Load leaves the run as it was where the store does not fit.
func (r *run) Load(s data.Store) error {
	e := r.experiment
	if got := s.Meta["experiment"]; got != e.Name {
		return fmt.Errorf("this is a run of %q, not of %q", got, e.Name)
	}
	step, err := strconv.Atoi(s.Meta["step"])
	if err != nil || step < 0 {
		return fmt.Errorf("the run's step is %q: it must be a whole number", s.Meta["step"])
	}
	set := maps.Clone(r.values)
	for _, setting := range e.Settings {
		text, ok := s.Meta["set."+setting.Name]
		if !ok {
			continue
		}
		if err := setting.Check(text); err != nil {
			return fmt.Errorf("the run's settings: %w", err)
		}
		if setting.Resets && text != r.values[setting.Name] {
			return fmt.Errorf("the run has %s %s, not %s: open it with its own settings", setting.Name, text, r.values[setting.Name])
		}
		set[setting.Name] = text
	}
	tensors, streams := r.state()
	for name, v := range tensors {
		if got, ok := s.Tensors[name]; !ok || len(got.Data) != len(v) {
			return fmt.Errorf("the run's tensor %q has %d numbers: it must have %d", name, len(got.Data), len(v))
		}
	}
	at := map[string]uint64{}
	for purpose := range streams {
		if at[purpose], err = strconv.ParseUint(s.Meta["stream."+purpose], 10, 64); err != nil {
			return fmt.Errorf("the run's random stream %q is at %q: it must be a whole number", purpose, s.Meta["stream."+purpose])
		}
	}
	for name, v := range tensors {
		copy(v, s.Tensors[name].Data)
	}
	for purpose, stream := range streams {
		stream.Seek(at[purpose])
	}
	*r.iteration, r.values = step, set
	r.apply()
	return nil
}

// tensor returns a copy of data with a shape.
func tensor(v []float32, shape ...int) data.Tensor {
	return data.Tensor{Shape: shape, Data: append([]float32(nil), v...)}
}
