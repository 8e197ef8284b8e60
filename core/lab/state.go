package lab

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ganbel/core/data"
	"ganbel/core/random"
	"ganbel/core/train"
)

// A run is what the runs of all papers have in common: all of Run but Measure
// and Frame.
type run struct {
	experiment *Experiment
	values     Values
	iteration  *int
	train      func() string // one iteration; names the first number that is not finite
	state      func() ([]train.State, map[string]*random.Stream)
	apply      func() // hands over the settings that may change
	actions    map[string]func(in map[string]data.Tensor) (map[string]data.Tensor, error)

	// data returns the identity of the data, at the first call of Identity; nil if the
	// run takes none. A saved run continues only with the same data.
	data     func() data.Identity
	identity data.Identity

	// What follows may be nil.
	trace    func(step func() string) string // makes train or a like step slowly, and names the first operator that is not finite
	replaced func()                          // hears that the state was written from outside
	brought  []float32                       // the person's own points, which a saved run contains
	optional map[string][]float32            // tensors of the state that older saves lack, as they are where they are lacking

	fresh map[string]float32 // how each optimiser's numbers begin
	safe  safe
}

func (r *run) Step() int      { return *r.iteration }
func (r *run) Values() Values { return maps.Clone(r.values) }

func (r *run) Set(name, text string) error {
	if s := r.experiment.Setting(name); s != nil && s.Resets {
		return fmt.Errorf("%s cannot change during a run: start a new one", name)
	}
	if err := r.experiment.set(r.values, name, text); err != nil {
		return err
	}
	r.safe.full = false // from there it would now go another way
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
		return nil, &Unknown{fmt.Sprintf("%s has no action %q", r.experiment.Name, action), action, names}
	}
	return do(in)
}

func (r *run) Save() data.Store {
	tensors, streams := r.state()
	s := data.Store{
		Meta:    map[string]string{"experiment": r.experiment.Name, "step": strconv.Itoa(*r.iteration)},
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
	for purpose, stream := range streams {
		s.Meta["stream."+purpose] = strconv.FormatUint(stream.Position(), 10)
	}
	for _, t := range tensors {
		v := t.Read()
		s.Tensors[t.Name] = data.Tensor{Shape: []int{len(v)}, Data: v}
	}
	if r.brought != nil {
		s.Tensors[broughtPoints] = tensor(r.brought, len(r.brought)/2, 2)
	}
	return s
}

// broughtPoints is the tensor of a store with the points of its run, see SavedPoints.
const broughtPoints = "points"

// SavedPoints returns the person's own points that a saved run was trained on, x and y in
// turn, and their name; nil if it was trained on other data, or was saved by an older
// version.
func SavedPoints(s data.Store) (points []float32, name string) {
	t, ok := s.Tensors[broughtPoints]
	if !ok || s.Meta["set.data"] != "points" || len(t.Shape) != 2 || t.Shape[1] != 2 {
		return nil, ""
	}
	var id data.Identity
	if json.Unmarshal([]byte(s.Meta["data"]), &id) != nil || id.Name == "" {
		id.Name = data.Drawn
	}
	return t.Data, id.Name
}

// Load goes on from a store, see Run.
func (r *run) Load(s data.Store) error { return r.load(s, false) }

// Adopt takes another run's networks, see Run.
func (r *run) Adopt(s data.Store) error { return r.load(s, true) }

func (r *run) load(s data.Store, adopt bool) error {
	load, err := r.plan(s, adopt)
	if err == nil {
		load()
	}
	return err
}

// plan returns what loads the store, or where it does not fit an error.
func (r *run) plan(s data.Store, adopt bool) (load func(), err error) {
	e := r.experiment
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
		text, ok := s.Meta["set."+setting.Name]
		if !ok || adopt {
			continue
		}
		if err := setting.Check(text); err != nil {
			return nil, fmt.Errorf("the run's settings: %w", err)
		}
		if setting.Resets && !setting.same(text, r.values[setting.Name]) {
			return nil, fmt.Errorf("the run has %s %s, not %s: open it with its own settings", setting.Name, text, r.values[setting.Name])
		}
		set[setting.Name] = setting.canonical(text)
	}
	tensors, streams := r.state()
	slices.SortFunc(tensors, byName)
	values := make([][]float32, len(tensors)) // nil for those that stay
	for i, t := range tensors {
		name := t.Name
		got, there := s.Tensors[name]
		first, optional := r.optional[name]
		switch n := t.Len(); {
		case there && len(got.Data) == n:
			values[i] = got.Data
		case optional && !there:
			values[i] = first
		case adopt && optional: // it keeps its own
		case adopt && isOptimisers(name):
			values[i] = slices.Repeat([]float32{r.fresh[name]}, n)
		case adopt:
			return nil, fmt.Errorf("the run's network %q has %d numbers, and this one's has %d: open it with the same width and depth", name, len(got.Data), n)
		default:
			return nil, fmt.Errorf("the run's tensor %q has %d numbers: it must have %d", name, len(got.Data), n)
		}
	}
	at := map[string]uint64{}
	for _, purpose := range slices.Sorted(maps.Keys(streams)) {
		if at[purpose], err = strconv.ParseUint(s.Meta["stream."+purpose], 10, 64); err != nil {
			return nil, fmt.Errorf("the run's random stream %q is at %q: it must be a whole number", purpose, s.Meta["stream."+purpose])
		}
	}
	return func() {
		for i, v := range values {
			if v != nil {
				tensors[i].Write(v)
			}
		}
		for purpose, stream := range streams {
			stream.Seek(at[purpose])
		}
		*r.iteration, r.values = step, set
		r.safe.full = false
		r.apply()
		if r.replaced != nil {
			r.replaced()
		}
	}, nil
}

// byName orders states by their names.
func byName(a, b train.State) int { return strings.Compare(a.Name, b.Name) }

// isOptimisers reports whether a tensor is an optimiser's, such as "critic.adam.m"
// of the network "critic".
func isOptimisers(name string) bool { return strings.Contains(name, ".") }

// begin remembers, at step 0, how each optimiser begins.
func (r *run) begin() {
	tensors, _ := r.state()
	r.fresh = map[string]float32{}
	for _, t := range tensors {
		if isOptimisers(t.Name) {
			r.fresh[t.Name] = t.Read()[0]
		}
	}
}

// tensor returns a copy of data with a shape.
func tensor(v []float32, shape ...int) data.Tensor {
	return data.Tensor{Shape: shape, Data: append([]float32(nil), v...)}
}

// numbers returns a row of numbers.
func numbers(all ...float64) data.Tensor {
	v := make([]float32, len(all))
	for i, x := range all {
		v[i] = float32(x)
	}
	return data.Tensor{Shape: []int{len(v)}, Data: v}
}
