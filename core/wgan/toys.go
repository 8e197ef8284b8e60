package wgan

import (
	"ganbel/core/random"
	"ganbel/core/train"
)

// Toys are the toy runs of one figure, trained side by side: an iteration is one of
// each, in turn. None knows of the others, so each is what it would be alone.
type Toys struct {
	Iteration int // finished iterations of every run
	Runs      []*Toy
	names     []string // one a run
}

// newToys returns a run of each configuration at iteration 0. Its name begins what
// State calls its tensors and streams.
func newToys(names []string, all []ToyConfig) Toys {
	t := Toys{names: names}
	whole := train.Plan{States: map[string]int{}}
	for i, c := range all {
		run := planToy(c)
		t.Runs = append(t.Runs, run)
		p := run.Plan()
		whole.Bytes += p.Bytes
		for name, n := range p.States {
			whole.States[names[i]+"-"+name] = n
		}
	}
	all[0].Admit.Ask(whole)
	for _, run := range t.Runs {
		run.begin()
	}
	return t
}

// Bytes returns how much memory the runs take by now.
func (t *Toys) Bytes() (n int) {
	for _, run := range t.Runs {
		n += run.Bytes()
	}
	return n
}

// Iterate makes an iteration of every run. It returns which run's and which number is
// the first that is no longer finite, or "".
func (t *Toys) Iterate() string {
	for i, run := range t.Runs {
		if bad := run.Iterate(); bad != "" {
			return bad + " of " + t.names[i]
		}
	}
	t.Iteration++
	return ""
}

// Trace makes step, which is Iterate, as Toy.Trace does.
func (t *Toys) Trace(step func() string) string {
	for _, run := range t.Runs {
		inner := step
		step = func() string { return run.Trace(inner) }
	}
	return step()
}

// State returns what training changes, and the streams, of all runs, see Toy.State.
func (t *Toys) State() ([]train.State, map[string]*random.Stream) {
	var all []train.State
	streams := map[string]*random.Stream{}
	for i, run := range t.Runs {
		tensors, own := run.State()
		for _, s := range tensors {
			s.Name = t.names[i] + "-" + s.Name
			all = append(all, s)
		}
		for purpose, s := range own {
			streams[t.names[i]+"-"+purpose] = s
		}
	}
	return all, streams
}

// Replaced tells the runs that Iteration and the state were written from outside.
func (t *Toys) Replaced() {
	for _, run := range t.Runs {
		run.Iteration = t.Iteration
		run.Replaced()
	}
}

// Close ends the runs' goroutines.
func (t *Toys) Close() {
	for _, run := range t.Runs {
		run.Close()
	}
}
