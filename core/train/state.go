package train

import (
	"cmp"
	"slices"
	"strings"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// A State is a part of what training changes: an input of a graph on a device, or numbers
// that the host counts with. It is saved as one tensor, or an input with all parameters of
// a block as a tensor of each.
type State struct {
	name   string // of the whole; format 1 saved it by this name
	memory program.Memory
	node   *graph.Node
	host   []float32 // nil for an input

	parts     []part    // nil for one tensor of name
	optimiser bool      // it is what an optimiser remembers
	fresh     float32   // of an optimiser's, all of its numbers at step 0
	first     []float32 // of one that older versions did not save, its numbers at step 0
}

// A part of a State is one tensor of a saved run.
type part struct {
	name     string
	shape    []int
	from, to int
}

// ofBlock returns the state of an input that is a block, as many numbers of an optimiser
// as the block has, or other numbers of its optimiser. A tensor is called as "critic.2.weight",
// "adam.m.critic.2.weight" or "adam.c1.critic" after prefix.
func ofBlock(prefix string, memory program.Memory, n *graph.Node, b *nn.Block) State {
	s := State{name: n.Name, memory: memory, node: n}
	what, own := strings.CutPrefix(n.Name, b.Name+".") // such as adam.m
	s.optimiser = n != b.Node
	switch {
	case own:
		what += "."
	case n == b.Node:
		what = ""
	default: // neither the block's nor its optimiser's
		return s
	}
	if n.Len() != b.Len() {
		s.parts = []part{{prefix + what + strings.TrimPrefix(b.Name, prefix), []int{n.Len()}, 0, n.Len()}}
		return s
	}
	for _, p := range b.Params() {
		s.parts = append(s.parts, part{prefix + what + p.Tensor(), []int{p.Rows, p.Cols}, p.Offset, p.Offset + p.Rows*p.Cols})
	}
	return s
}

// begin notes what an optimiser's numbers are at step 0.
func (s *State) begin() {
	if s.optimiser {
		s.fresh = s.read()[0]
	}
}

func (s *State) len() int {
	if s.node != nil {
		return s.node.Len()
	}
	return len(s.host)
}

// read returns a copy of the numbers.
func (s *State) read() []float32 {
	if s.node == nil {
		return slices.Clone(s.host)
	}
	v := make([]float32, s.node.Len())
	s.memory.Read(s.node, v)
	return v
}

// write replaces the numbers by v, which has as many.
func (s *State) write(v []float32) {
	if s.node == nil {
		copy(s.host, v)
		return
	}
	s.memory.Write(s.node, v)
}

// tensors returns the tensors that the state is saved as.
func (s *State) tensors() []part {
	if s.parts != nil {
		return s.parts
	}
	return []part{{s.name, []int{s.len()}, 0, s.len()}}
}

// save adds the state's tensors to all.
func (s *State) save(all map[string]data.Tensor) {
	v := s.read()
	for _, p := range s.tensors() {
		all[p.name] = data.Tensor{Shape: p.shape, Data: v[p.from:p.to:p.to]}
	}
}

// Numbers returns a copy of everything that training changes, by the names of the tensors
// of a saved run.
func (r *Run) Numbers() map[string][]float32 {
	all, numbers := map[string]data.Tensor{}, map[string][]float32{}
	for i := range r.states {
		r.states[i].save(all)
	}
	for name, t := range all {
		numbers[name] = t.Data
	}
	return numbers
}

// A kept is a copy of states, which stays on their device.
type kept struct {
	memory program.Memory
	states []State // in order of their names
	nodes  []*graph.Node
	copy   program.Kept // of nodes, nil before the first
	host   [][]float32
}

func keep(memory program.Memory, states []State) *kept {
	k := &kept{memory: memory, states: slices.SortedFunc(slices.Values(states), func(a, b State) int { return cmp.Compare(a.name, b.name) })}
	for _, s := range k.states {
		if s.node != nil {
			k.nodes = append(k.nodes, s.node)
		} else {
			k.host = append(k.host, make([]float32, len(s.host)))
		}
	}
	return k
}

// take copies the states.
func (k *kept) take() {
	if k.copy == nil {
		k.copy = k.memory.Keep(k.nodes)
	} else {
		k.copy.Take()
	}
	k.each(func(now, then []float32) { copy(then, now) })
}

// back sets the states to what take copied last.
func (k *kept) back() {
	k.copy.Back()
	k.each(func(now, then []float32) { copy(now, then) })
}

// each calls f with the numbers of the host and their copies.
func (k *kept) each(f func(now, then []float32)) {
	i := 0
	for _, s := range k.states {
		if s.node == nil {
			f(s.host, k.host[i])
			i++
		}
	}
}

// notFinite returns the name of a state with a number that is not finite, or "".
func (k *kept) notFinite() string {
	bad := k.memory.NotFinite(k.nodes)
	for _, s := range k.states {
		if s.node != nil && s.node == bad {
			return s.name
		}
		for _, x := range s.host {
			if x-x != 0 {
				return s.tensors()[0].name
			}
		}
	}
	return ""
}
