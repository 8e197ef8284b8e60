package lab

import (
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"

	"ganbel/core/memory"
	"ganbel/core/train"
)

// TooLarge is the error of New if a run needs more memory than is free. Nothing was
// allocated.
type TooLarge struct {
	Needs  uint64      // bytes
	Room   memory.Room // what there is
	Advice []string    // settings to lower, by name
}

// Error returns both numbers and what to do.
func (t *TooLarge) Error() string {
	return fmt.Sprintf("the run needs %s and %s has %s free: lower --%s", memory.Text(t.Needs), t.Room.Of, memory.Text(t.Room.Bytes), strings.Join(t.Advice, " or --"))
}

// large are the settings that a run's memory grows with. TooLarge advises to lower the
// first of each row that an experiment has.
var large = [][]string{{"width", "filters-g", "channels", "latents", "draws", "cloud"}, {"batch"}}

// stateCopies is how many copies of what training changes are made while a run trains:
// the state that a diverging run returns to, what Save returns, and the bytes of the
// file.
const stateCopies = 3

// opened makes an Experiment's New of open, which hands World.admit to the model that it
// makes. New first looks at all that it is given, see ready. It returns an error, and has
// allocated nothing for the model, if the model does not fit into memory or World.Saved
// does not fit the model.
func (e *Experiment) opened(open func(Values, World) (Run, error)) func(Values, World) (Run, error) {
	type refused struct{ error }
	return func(v Values, w World) (run Run, err error) {
		if w, err = e.ready(v, w); err != nil {
			return nil, err
		}
		w.admit = func(p train.Plan) {
			if err := e.admits(w, p); err != nil {
				panic(refused{err})
			}
		}
		defer func() {
			switch r := recover().(type) {
			case nil:
			case refused:
				run, err = nil, r.error
			default:
				panic(r)
			}
		}()
		return open(v, w)
	}
}

// admits returns an error if w has no room for what p plans, or if the state that w is to
// continue from has another size.
func (e *Experiment) admits(w World, p train.Plan) error {
	if w.Saved != nil {
		for _, name := range slices.Sorted(maps.Keys(p.States)) {
			if got, want := len(w.Saved.Tensors[name].Data), p.States[name]; got != want {
				return fmt.Errorf("the run's tensor %q has %d numbers: it must have %d", name, got, want)
			}
		}
	}
	if w.Planned != nil {
		w.Planned(p)
	}
	free := memory.Free
	if w.Free != nil {
		free = w.Free
	}
	needs := uint64(p.Bytes)
	for _, n := range p.States {
		needs += stateCopies * 4 * uint64(n)
	}
	room := free()
	if needs > room.Bytes {
		debug.FreeOSMemory() // of runs that were closed, for example
		room = free()
	}
	if needs > room.Bytes {
		t := &TooLarge{Needs: needs, Room: room}
		for _, names := range large {
			if i := slices.IndexFunc(names, func(name string) bool { return e.Setting(name) != nil }); i >= 0 {
				t.Advice = append(t.Advice, names[i])
			}
		}
		return t
	}
	return nil
}
