package train

import (
	"fmt"
	"time"

	"ganbel/core/random"
)

// Diverged is the error of a run whose numbers are no longer finite. The run is back before
// the iteration in which that began, and may be saved. If it was not finite when it was
// loaded it is as it was.
type Diverged struct {
	Step int    // finished iterations before the one in which it began
	What string // the first that is not finite though all it is computed from is, such as "Exp of critic.2"
}

// Error returns where the run broke and what to try.
func (d *Diverged) Error() string {
	return fmt.Sprintf("%s is not finite at step %d: lower the learning rate or reset the run", d.What, d.Step)
}

// A safe is the state of a run some iterations ago, when all was finite. A run that
// diverges goes back to it and comes the same way again, slowly. So a good iteration need
// not be looked at but for its loss.
type safe struct {
	states  *kept
	streams []position
	step    int
	full    bool
	next    time.Time // when to keep the state again
}

type position struct {
	stream *random.Stream
	then   uint64
}

// keepEvery is the least time between two states that are kept, and so about how long a
// run that diverges takes to find out where. keepShare is how many times the time that it
// takes to keep a state must pass as well.
const (
	keepEvery = time.Second
	keepShare = 100
)

// keep keeps the state, or returns the name of a state that is not finite.
func (r *Run) keep() string {
	k, start := &r.safe, time.Now()
	if k.states == nil {
		k.states = keep(r.Memory, r.states)
		for _, s := range r.streams {
			k.streams = append(k.streams, position{stream: s})
		}
	}
	if bad := k.states.notFinite(); bad != "" {
		return bad
	}
	k.states.take()
	for i := range k.streams {
		k.streams[i].then = k.streams[i].stream.Position()
	}
	k.step, k.full = r.step, true
	k.next = start.Add(max(keepEvery, keepShare*time.Since(start)))
	return ""
}

// back goes back to the state that is kept.
func (r *Run) back() {
	r.safe.states.back()
	for _, s := range r.safe.streams {
		s.stream.Seek(s.then)
	}
	r.step = r.safe.step
	r.replaced()
}

// replaced has the model follow a state that was set from outside.
func (r *Run) replaced() {
	if m, ok := r.Model.(Replaced); ok {
		m.Replaced()
	}
	r.settle()
}

// Train makes n more iterations. If a number is no longer finite it returns a *Diverged
// and goes back to the last iteration after which all were. It returns the error of the
// model's data or of the device if one fails.
func (r *Run) Train(n int) error {
	for range n {
		bad := ""
		if !r.safe.full || time.Now().After(r.safe.next) {
			bad = r.keep()
		}
		if bad == "" {
			bad = r.Model.Iterate()
		}
		if bad != "" {
			return r.diverged(bad)
		}
		if m, ok := r.Model.(Faulty); ok {
			if err := m.Err(); err != nil {
				return err
			}
		}
		if err := r.Memory.Err(); err != nil {
			return err
		}
	}
	return nil
}

// diverged finds out where the numbers stopped being finite; bad is of the iteration in
// which that was seen.
func (r *Run) diverged(bad string) error {
	seen := r.step
	if !r.safe.full {
		return &Diverged{seen, bad}
	}
	r.back()
	for r.step <= seen {
		if err := r.Carefully(r.Model.Iterate); err != nil {
			return err
		}
	}
	return &Diverged{seen, bad} // it did not come the same way
}

// Carefully makes a step of training. If a number is no longer finite it goes back to
// before the step and returns a *Diverged.
func (r *Run) Carefully(step func() string) error {
	if bad := r.keep(); bad != "" {
		return &Diverged{r.step, bad}
	}
	r.safe.full = false // the state may be within an iteration
	bad := step()
	if bad == "" {
		bad = r.safe.states.notFinite()
	}
	if bad == "" {
		return nil
	}
	r.back()
	if operator := r.Trace(step); operator != "" {
		bad = operator
	}
	r.back()
	return &Diverged{r.step, bad}
}

// Moved notes that an action changed the state: from there the run goes another way.
func (r *Run) Moved() { r.safe.full = false }
