package lab

import (
	"fmt"
	"slices"
	"time"

	"ganbel/core/random"
	"ganbel/core/train"
)

// Diverged is the error of a run whose numbers are no longer finite. The run
// stands before the iteration in which that began, and may be saved; where it was
// not finite when it was loaded it stands as it was.
type Diverged struct {
	Step int    // finished iterations before the one in which it began
	What string // the first that is not finite though all it is computed from is, such as "Exp of critic.2"
}

// Error tells where the run broke and what to try.
func (d *Diverged) Error() string {
	return fmt.Sprintf("%s is not finite at step %d: lower the learning rate or reset the run", d.What, d.Step)
}

// A safe is the state of a run some iterations ago, when all was finite. A run that
// diverges goes back to it and comes the same way again, slowly. So a good
// iteration need not be looked at but for its loss.
type safe struct {
	tensors *train.Kept
	streams []position
	step    int
	full    bool
	next    time.Time // when to keep the state again
}

type position struct {
	stream *random.Stream
	then   uint64
}

// keepEvery is the least time between two states that are kept, and so about how
// long a run that diverges takes to find out where. keepShare is how many times the
// time that it takes to keep a state must pass as well.
const (
	keepEvery = time.Second
	keepShare = 100
)

// keep keeps the state, or returns the name of a tensor that is not finite.
func (r *run) keep() string {
	k, start := &r.safe, time.Now()
	if k.tensors == nil {
		tensors, streams := r.state()
		slices.SortFunc(tensors, byName)
		k.tensors = train.Keep(tensors)
		for _, s := range streams {
			k.streams = append(k.streams, position{stream: s})
		}
	}
	if bad := r.notFinite(); bad != "" {
		return bad
	}
	k.tensors.Take()
	for i := range k.streams {
		k.streams[i].then = k.streams[i].stream.Position()
	}
	k.step, k.full = *r.iteration, true
	k.next = start.Add(max(keepEvery, keepShare*time.Since(start)))
	return ""
}

// notFinite returns the name of a tensor of the state that is not finite, or "". It
// knows only those of a run that was kept.
func (r *run) notFinite() string {
	if r.safe.tensors == nil {
		return ""
	}
	return r.safe.tensors.NotFinite()
}

// back goes back to the state that is kept.
func (r *run) back() {
	r.safe.tensors.Back()
	for _, s := range r.safe.streams {
		s.stream.Seek(s.then)
	}
	*r.iteration = r.safe.step
	if r.replaced != nil {
		r.replaced()
	}
}

// Train makes n more iterations, see Run.
func (r *run) Train(n int) error {
	for range n {
		bad := ""
		if !r.safe.full || time.Now().After(r.safe.next) {
			bad = r.keep()
		}
		if bad == "" {
			bad = r.train()
		}
		if bad != "" {
			return r.diverged(bad)
		}
	}
	return nil
}

// diverged finds out where the numbers stopped being finite, which bad tells only of
// the iteration in which it was seen.
func (r *run) diverged(bad string) error {
	seen := *r.iteration
	if !r.safe.full {
		return &Diverged{seen, bad}
	}
	r.back()
	for *r.iteration <= seen {
		if err := r.carefully(r.train); err != nil {
			return err
		}
	}
	return &Diverged{seen, bad} // it did not come the same way
}

// carefully makes a step of training. Where a number is no longer finite it goes
// back to before the step and returns a *Diverged.
func (r *run) carefully(step func() string) error {
	if bad := r.keep(); bad != "" {
		return &Diverged{*r.iteration, bad}
	}
	r.safe.full = false // the state may be within an iteration
	bad := step()
	if bad == "" {
		bad = r.notFinite()
	}
	if bad == "" {
		return nil
	}
	r.back()
	if r.trace != nil {
		if operator := r.trace(step); operator != "" {
			bad = operator
		}
		r.back()
	}
	return &Diverged{*r.iteration, bad}
}
