package train

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"ganbel/core/data"
)

// Format is the number of the form in which Save saves a run. A run without a number is of
// format 1, which had one tensor for each network; Load reads both.
const Format = "2"

// Save returns all that is needed to resume bit for bit.
func (r *Run) Save() data.Store {
	s := data.Store{
		Meta:    map[string]string{"experiment": r.Experiment.Name, "step": strconv.Itoa(r.step), "format": Format},
		Tensors: map[string]data.Tensor{},
		Digest:  true,
	}
	if id := r.Identity(); id.Known() {
		b, err := json.Marshal(id)
		if err != nil {
			panic(err) // it is texts and numbers
		}
		s.Meta["data"] = string(b)
	}
	for name, text := range r.values {
		s.Meta["set."+name] = text
	}
	for name, stream := range r.streams {
		s.Meta["stream."+name] = strconv.FormatUint(stream.Position(), 10)
	}
	for i := range r.states {
		r.states[i].save(s.Tensors)
	}
	if r.brought != nil {
		s.Tensors[broughtPoints] = data.Tensor{Shape: []int{len(r.brought) / 2, 2}, Data: slices.Clone(r.brought)}
	}
	return s
}

// Load resumes from what Save returned. If that is of another experiment, or of settings
// that reset a run, or of other data, it returns an error and changes nothing.
func (r *Run) Load(s data.Store) error { return r.load(s, false) }

// Adopt takes over what Save returned of a run of the same experiment, but keeps its own
// settings: the networks, the step and the streams are taken, and what the optimiser
// remembers if it has the same shape; otherwise the optimiser begins anew. Centres of modes
// are taken if there are as many. If a network does not fit it returns an error that says
// which, and changes nothing.
func (r *Run) Adopt(s data.Store) error { return r.load(s, true) }

func (r *Run) load(s data.Store, adopt bool) error {
	load, err := r.plan(s, adopt)
	if err == nil {
		load()
	}
	return err
}

// LoadAll loads every run, or with adopt lets it adopt, its store. If one does not fit,
// or is not a run by Saved, it returns its error and changes none of the runs. It panics
// if there are not as many runs as stores.
func LoadAll(runs []*Run, stores []data.Store, adopt bool) error {
	loads := make([]func(), len(runs))
	for i, run := range runs {
		_, _, err := Saved(stores[i])
		if err != nil {
			return err
		}
		if loads[i], err = run.plan(stores[i], adopt); err != nil {
			return err
		}
	}
	for _, load := range loads {
		load()
	}
	return nil
}

// plan returns what loads the store, or an error if it does not fit.
func (r *Run) plan(s data.Store, adopt bool) (load func(), err error) {
	e := r.Experiment
	if got := s.Meta["experiment"]; got != e.Name {
		return nil, fmt.Errorf("this is a run of %q, not of %q", got, e.Name)
	}
	step, err := stepOf(s)
	if err != nil {
		return nil, err
	}
	if !adopt {
		if err := r.sameData(s); err != nil {
			return nil, err
		}
	}
	set := maps.Clone(r.values)
	for _, setting := range e.Settings {
		text, ok := SetIn(s, &setting)
		if !ok || adopt {
			continue
		}
		if err := setting.Check(text); err != nil {
			return nil, fmt.Errorf("the run's settings: %w", err)
		}
		if setting.Resets && !setting.Same(text, r.values[setting.Name]) {
			return nil, fmt.Errorf("the run has %s %s, not %s: open it with its own settings", setting.Name, text, r.values[setting.Name])
		}
		set[setting.Name] = setting.Canonical(text)
	}
	values := make([][]float32, len(r.states)) // nil for those that stay
	for i := range r.states {
		if values[i], err = r.states[i].from(s, adopt); err != nil {
			return nil, err
		}
	}
	at := map[string]uint64{}
	for _, name := range slices.Sorted(maps.Keys(r.streams)) {
		if at[name], err = strconv.ParseUint(s.Meta["stream."+name], 10, 64); err != nil {
			return nil, fmt.Errorf("the run's random stream %q is at %q: it must be a whole number", name, s.Meta["stream."+name])
		}
	}
	return func() {
		for i, v := range values {
			if v != nil {
				r.states[i].write(v)
			}
		}
		for name, stream := range r.streams {
			stream.Seek(at[name])
		}
		r.step, r.values = step, set
		r.safe.full = false
		r.replaced()
	}, nil
}

// from returns the state's numbers in a store, nil if it keeps its own.
func (s *State) from(store data.Store, adopt bool) ([]float32, error) {
	all := make([]float32, 0, s.len())
	for _, p := range s.in(store) {
		got, there := store.Tensors[p.name]
		switch n := p.to - p.from; {
		case there && len(got.Data) == n:
			all = append(all, got.Data...)
			continue
		case s.first != nil && !there:
			return s.first, nil
		case adopt && s.first != nil:
			return nil, nil
		case adopt && s.optimiser:
			return slices.Repeat([]float32{s.fresh}, s.len()), nil
		case adopt:
			return nil, fmt.Errorf("the run's network %q has %d numbers, and this one's has %d: open it with the same width and depth", p.name, len(got.Data), n)
		default:
			return nil, unlike(p.name, len(got.Data), n)
		}
	}
	return all, nil
}

// in returns the tensors that a store has the state as: format 1 has it whole.
func (s *State) in(store data.Store) []part {
	if store.Meta["format"] == "" {
		return []part{{s.name, nil, 0, s.len()}}
	}
	return s.tensors()
}

func unlike(name string, got, want int) error {
	return fmt.Errorf("the run's tensor %q has %d numbers: it must have %d", name, got, want)
}
