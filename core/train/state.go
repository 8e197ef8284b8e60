package train

import (
	"slices"

	"ganbel/core/graph"
	"ganbel/core/program"
)

// A State is one tensor that training changes: an input of a graph on a device, or numbers
// that the host counts with.
type State struct {
	Name string

	memory program.Memory
	node   *graph.Node
	host   []float32 // nil for an input
}

// Host returns numbers of the host as a State.
func Host(name string, v []float32) State { return State{Name: name, host: v} }

// Input returns an input of a graph as a State.
func Input(name string, memory program.Memory, n *graph.Node) State {
	return State{Name: name, memory: memory, node: n}
}

// Len returns how many numbers it has.
func (s State) Len() int {
	if s.node != nil {
		return s.node.Len()
	}
	return len(s.host)
}

// Read returns a copy of the numbers.
func (s State) Read() []float32 {
	if s.node == nil {
		return slices.Clone(s.host)
	}
	v := make([]float32, s.node.Len())
	s.memory.Read(s.node, v)
	return v
}

// Write replaces the numbers by v, which has as many.
func (s State) Write(v []float32) {
	if s.node == nil {
		copy(s.host, v)
		return
	}
	s.memory.Write(s.node, v)
}

// A Kept is a copy of states, which stays on their devices.
type Kept struct {
	states  []State
	devices []kept
	host    [][]float32
}

// kept are inputs of one memory and their copy, nil before the first.
type kept struct {
	memory program.Memory
	nodes  []*graph.Node
	copy   program.Kept
}

// Keep returns a Kept of the states, of which nothing is copied before Take.
func Keep(states []State) *Kept {
	k := &Kept{states: states}
	for _, s := range states {
		if s.node == nil {
			k.host = append(k.host, make([]float32, len(s.host)))
			continue
		}
		at := slices.IndexFunc(k.devices, func(d kept) bool { return d.memory == s.memory })
		if at < 0 {
			at, k.devices = len(k.devices), append(k.devices, kept{memory: s.memory})
		}
		k.devices[at].nodes = append(k.devices[at].nodes, s.node)
	}
	return k
}

// Take copies the states.
func (k *Kept) Take() {
	for i := range k.devices {
		if d := &k.devices[i]; d.copy == nil {
			d.copy = d.memory.Keep(d.nodes)
		} else {
			d.copy.Take()
		}
	}
	host := k.host
	for _, s := range k.states {
		if s.node == nil {
			copy(host[0], s.host)
			host = host[1:]
		}
	}
}

// Back sets the states to what Take copied last.
func (k *Kept) Back() {
	for _, d := range k.devices {
		d.copy.Back()
	}
	host := k.host
	for _, s := range k.states {
		if s.node == nil {
			copy(s.host, host[0])
			host = host[1:]
		}
	}
}

// NotFinite returns the name of the first state with a number that is not finite, or "".
func (k *Kept) NotFinite() string {
	bad := map[*graph.Node]bool{}
	for _, d := range k.devices {
		if n := d.memory.NotFinite(d.nodes); n != nil {
			bad[n] = true
		}
	}
	for _, s := range k.states {
		if s.node != nil && bad[s.node] {
			return s.Name
		}
		for _, x := range s.host {
			if x-x != 0 {
				return s.Name
			}
		}
	}
	return ""
}
