package wgan

import "ganbel/core/train"

// Toys are the toys of one figure, trained side by side: an iteration is one of each, in
// turn. None knows of the others, so each is what it would be alone.
type Toys struct {
	Runs  []*Toy
	names []string // one a toy
	run   *train.Run
}

// newToys builds a toy of each configuration on a run at step 0. Its name begins the names
// of its states and streams.
func newToys(r *train.Run, names []string, all []ToyConfig) Toys {
	t := Toys{names: names, run: r}
	for i, c := range all {
		c.Name = names[i] + "-"
		t.Runs = append(t.Runs, NewToy(r, c))
	}
	return t
}

// Iterate makes an iteration of every toy. It returns which toy's and which number is the
// first that is no longer finite, or "".
func (t *Toys) Iterate() string {
	for i, toy := range t.Runs {
		if bad := toy.Iterate(); bad != "" {
			return bad + " of " + t.names[i]
		}
	}
	t.run.Finish()
	return ""
}

// Replaced notes that their state was written from outside.
func (t *Toys) Replaced() {
	for _, toy := range t.Runs {
		toy.Replaced()
	}
}
