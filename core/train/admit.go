package train

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/memory"
)

// A Plan says what memory a run takes once it trains. It is known before any of it is
// allocated.
type Plan struct {
	Bytes  int // parameters, what optimisers remember, batches, the machines' buffers
	States int // of them, what training changes
}

// Plan returns what the machines that are open and the states will take.
func (r *Run) Plan() Plan {
	p, seen := Plan{Bytes: r.more}, map[*graph.Node]bool{}
	count := func(n *graph.Node) {
		if !seen[n] {
			seen[n] = true
			p.Bytes += 4 * n.Len()
		}
	}
	for i := range r.states {
		p.States += 4 * r.states[i].len()
		if n := r.states[i].node; n != nil {
			count(n)
		}
	}
	for _, m := range r.machines {
		p.Bytes += m.Planned()
	}
	for _, n := range r.inputs {
		count(n)
	}
	return p
}

// TooLarge is the error of a run that needs more memory than is free. Nothing was
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

// Fits returns a *TooLarge if there is no room for the run, whose machines are open and
// which was not begun. free returns how much memory it may take.
func (r *Run) Fits(free func() memory.Room) error {
	p := r.Plan()
	needs := uint64(p.Bytes) + stateCopies*uint64(p.States)
	room := free()
	if needs > room.Bytes {
		debug.FreeOSMemory() // of runs that were closed, for example
		room = free()
	}
	if needs <= room.Bytes {
		return nil
	}
	t := &TooLarge{Needs: needs, Room: room}
	for _, names := range large {
		if i := slices.IndexFunc(names, func(name string) bool { return r.Experiment.Setting(name) != nil }); i >= 0 {
			t.Advice = append(t.Advice, names[i])
		}
	}
	return t
}

// Sizes returns an error if the tensors of a store are not of the sizes that Load needs. It
// looks at nothing else, and allocates nothing.
func (r *Run) Sizes(s data.Store) error {
	for i := range r.states {
		if r.states[i].first != nil {
			continue
		}
		for _, p := range r.states[i].in(s) {
			if got, want := len(s.Tensors[p.name].Data), p.to-p.from; got != want {
				return unlike(p.name, got, want)
			}
		}
	}
	return nil
}
