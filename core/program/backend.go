package program

import (
	"ganbel/core/graph"
	"ganbel/core/random"
)

// A Device makes the memory of a graph on one device, such as core/cpu's Device does on
// the processor's cores. A backend is a package with a Device.
type Device func() Memory

// A Memory holds the inputs of a graph on one device, and opens the machines that compute
// with them. Machines of one Memory share its inputs: a critic that one of them trains is
// what another draws.
//
// Calls take effect in their order. Only Read and NotFinite wait for the device. All
// methods but Open, Keep, Bytes and Err panic for a node that is not an input, and those
// that take numbers if they are not as many as the input has.
type Memory interface {
	// Open returns a machine that runs p. It allocates nothing before its first run.
	Open(p *Program) Machine

	// Write sets an input to v, row by row.
	Write(n *graph.Node, v []float32)
	// Stage returns room for the numbers of an input, which the next Write of the input
	// takes without a copy. What it holds is not defined. It is not valid after that Write.
	Stage(n *graph.Node) []float32
	// Uniform and Normal set an input to the next numbers of a stream, as the stream's
	// methods of these names do.
	Uniform(n *graph.Node, s *random.Stream)
	Normal(n *graph.Node, s *random.Stream)

	// Read copies an input to dst, row by row.
	Read(n *graph.Node, dst []float32)
	// NotFinite returns the first of the inputs with a number that is not finite, nil if
	// there is none.
	NotFinite(all []*graph.Node) *graph.Node
	// Keep returns a copy of inputs that stays on the device.
	Keep(all []*graph.Node) Kept

	// Bytes returns how much memory the inputs take.
	Bytes() int
	// Err returns the reason why the device failed, such as a GPU that was lost, or nil.
	// After that numbers that are read are NaN.
	Err() error
}

// Feed sets an input of m to what f writes into dst, row by row. What dst holds before is
// not defined, and dst is not valid after f returns.
func Feed(m Memory, n *graph.Node, f func(dst []float32)) {
	dst := m.Stage(n)
	f(dst)
	m.Write(n, dst)
}

// A Kept is a copy of some inputs of a Memory.
type Kept interface {
	Take() // copies the inputs again
	Back() // sets the inputs to the copy
}

// A Machine runs one program. It must not be used by two goroutines at once.
type Machine interface {
	// Run runs the program once, or queues the run: outputs can be read, and what is
	// updated has its next value.
	Run()
	// Read waits for the last run and returns the value of an output, row by row. It is
	// valid until the next run. It panics if n is not an output of the program.
	Read(n *graph.Node) []float32
	// Scalar is the first number of Read.
	Scalar(n *graph.Node) float64
	// Last returns the newest first number of an output that has come, without waiting,
	// and the run that it is of; run counts from 1, and is 0 before the first has come.
	Last(n *graph.Node) (run int, v float64)
	// Trace runs the program once like Run, up to the first value that is not finite. It
	// returns the node of that value: an input, or the operator whose operands all were
	// finite; nil if there is none.
	Trace() *graph.Node

	// Planned returns what Bytes will be after the first run, or a little more.
	Planned() int
	// Bytes returns how much memory the machine takes besides its Memory.
	Bytes() int
	// Close lets go of the machine's storage. The machine must not be used any more. A
	// second Close does nothing.
	Close()
}
