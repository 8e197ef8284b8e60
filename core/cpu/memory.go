package cpu

import (
	"fmt"

	"ganbel/core/graph"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/simd"
)

// Device returns the processor as a device whose machines run on the given number of
// goroutines, one if that is less.
func Device(goroutines int) program.Device {
	return func() program.Memory { return &Memory{map[*graph.Node][]float32{}, goroutines} }
}

// A Memory holds the inputs of a graph in the process's own memory, see program.Memory.
type Memory struct {
	inputs     map[*graph.Node][]float32
	goroutines int // of the machines that it opens
}

// NewMemory returns a Memory with no inputs yet, whose machines run on one goroutine.
// Inputs appear with their first value when a machine that needs them first runs, or when
// they are asked for.
func NewMemory() *Memory { return &Memory{map[*graph.Node][]float32{}, 1} }

// Of returns the storage of the input n, row by row. Writing to it, between runs, sets
// the input. It panics if n is not an input. What is above program.Memory does not have
// it.
func (m *Memory) Of(n *graph.Node) []float32 {
	if n.Op != graph.Input {
		panic(fmt.Sprintf("cpu: %v is not an input", n))
	}
	s := m.inputs[n]
	if s == nil {
		s = make([]float32, n.Len())
		if n.K != 0 {
			simd.Fill(s, float32(n.K))
		}
		m.inputs[n] = s
	}
	return s
}

// checked returns the storage of an input, for as many numbers as it has.
func (m *Memory) checked(n *graph.Node, numbers int) []float32 {
	if numbers != n.Len() {
		panic(fmt.Sprintf("cpu: %d numbers for %v, which has %d", numbers, n, n.Len()))
	}
	return m.Of(n)
}

// Open returns a machine that runs p, see Open.
func (m *Memory) Open(p *program.Program) program.Machine { return Open(p, m, m.goroutines) }

// Write sets an input, see program.Memory.
func (m *Memory) Write(n *graph.Node, v []float32) {
	if to := m.checked(n, len(v)); len(v) > 0 && &to[0] != &v[0] {
		copy(to, v)
	}
}

// Stage returns the storage of an input, see program.Memory.
func (m *Memory) Stage(n *graph.Node) []float32 { return m.Of(n) }

// Uniform sets an input to the next numbers of s, see program.Memory.
func (m *Memory) Uniform(n *graph.Node, s *random.Stream) { s.Uniform(m.Of(n)) }

// Normal sets an input to the next numbers of s, see program.Memory.
func (m *Memory) Normal(n *graph.Node, s *random.Stream) { s.Normal(m.Of(n)) }

// Read copies an input, see program.Memory.
func (m *Memory) Read(n *graph.Node, dst []float32) { copy(dst, m.checked(n, len(dst))) }

// NotFinite returns the first of the inputs that is not finite, see program.Memory.
func (m *Memory) NotFinite(all []*graph.Node) *graph.Node {
	for _, n := range all {
		if !finite(m.Of(n)) {
			return n
		}
	}
	return nil
}

// Bytes returns how much memory the inputs take: parameters, what optimisers
// remember of them, batches.
func (m *Memory) Bytes() int {
	n := 0
	for _, v := range m.inputs {
		n += 4 * len(v)
	}
	return n
}

// Err returns nil: the processor does not fail.
func (m *Memory) Err() error { return nil }

// Keep returns a copy of inputs, see program.Memory.
func (m *Memory) Keep(all []*graph.Node) program.Kept {
	k := &kept{}
	for _, n := range all {
		now := m.Of(n)
		k.now, k.then = append(k.now, now), append(k.then, make([]float32, len(now)))
	}
	k.Take()
	return k
}

type kept struct{ now, then [][]float32 }

// Take copies the inputs again.
func (k *kept) Take() {
	for i, v := range k.now {
		copy(k.then[i], v)
	}
}

// Back sets the inputs to the copy.
func (k *kept) Back() {
	for i, v := range k.then {
		copy(k.now[i], v)
	}
}
