// Package cpu runs programs in float32 on the processor's cores, in the browser
// as well as natively.
//
// A run allocates nothing. Its result does not depend on the number of
// goroutines: every number is computed by one of them in one order.
package cpu

import (
	"math"
	"runtime"
	"sync/atomic"

	"ganbel/core/graph"
	"ganbel/core/program"
	"ganbel/core/simd"
)

// A Machine runs one program. It must not be used by two goroutines at once. Its
// storage and its goroutines begin with its first run.
type Machine struct {
	program *program.Program
	memory  *Memory
	block   []float32
	steps   []step
	workers []*worker // as many as will run, nil until the first run; the first is whoever calls Run
	runs    int       // so far
	closed  bool

	tiles, product int          // floats of every worker's scratch
	packing        [2]simd.Need // of the first worker, which also runs what is not shared, and of each of the others
}

// A step is a program's step with its addresses resolved. Its run does the
// part-th of parts shares of the work.
type step struct {
	run      func(w *worker, part, parts int)
	parallel bool
}

// A worker is one goroutine and its scratch. It is handed steps one after the
// other, a few microseconds apart: it spins for the next, which is there a hundred
// times sooner than it could be woken, and sleeps when that takes too long.
type worker struct {
	tiles   []float32
	product []float32 // rows of a product that is folded
	packing simd.Scratch
	trace   *int          // the first instruction of a Map with a value that is not finite; nil while nobody looks
	step    int           // to take part in, written before told
	told    atomic.Uint64 // how many steps it was handed
	done    atomic.Uint64 // how many it has finished
	asleep  atomic.Bool
	wake    chan struct{}
}

// spin is how many looks a worker takes before it sleeps: some 100 µs.
const spin = 20_000

// tell hands the worker a step.
func (w *worker) tell(step int) {
	w.step = step
	w.told.Add(1)
	if w.asleep.CompareAndSwap(true, false) {
		w.wake <- struct{}{}
	}
}

// next waits until the worker was handed more than n steps.
func (w *worker) next(n uint64) {
	for {
		for i := range spin {
			if w.told.Load() > n {
				return
			}
			if i%1000 == 999 {
				runtime.Gosched()
			}
		}
		w.asleep.Store(true)
		if w.told.Load() > n && w.asleep.CompareAndSwap(true, false) {
			return
		}
		<-w.wake
	}
}

// finished waits until the worker has done what it was handed.
func (w *worker) finished() {
	for i, n := 0, w.told.Load(); w.done.Load() < n; i++ {
		if i%1000 == 999 {
			runtime.Gosched()
		}
	}
}

// Open returns a machine that runs p on the given number of goroutines, one if that
// is less, over inputs in memory. It allocates nothing yet, so that Planned can be
// compared with what there is. Close it when it is no longer needed.
func Open(p *program.Program, memory *Memory, goroutines int) *Machine {
	m := &Machine{program: p, memory: memory, workers: make([]*worker, max(goroutines, 1))}
	for i := range p.Steps {
		s := &p.Steps[i]
		m.tiles = max(m.tiles, s.Slots*tileLen(s))
		m.product = max(m.product, foldScratch(s))
		if s.Kind == program.Gemm {
			m.pack(s)
		}
	}
	return m
}

// begin allocates the machine's storage and starts its goroutines, the first time.
func (m *Machine) begin() {
	if m.workers[0] != nil {
		return
	}
	if m.closed {
		panic("cpu: the machine is closed")
	}
	m.block = make([]float32, m.program.Floats)
	for _, f := range m.program.Fills {
		simd.Fill(m.at(f.To), float32(f.K))
	}
	for i := range m.program.Steps {
		m.steps = append(m.steps, m.resolve(&m.program.Steps[i]))
	}
	for i := range m.workers {
		m.workers[i] = &worker{tiles: make([]float32, m.tiles), product: make([]float32, m.product), wake: make(chan struct{})}
	}
	for i, w := range m.workers[1:] {
		go m.serve(w, i+1)
	}
}

// serve takes part in steps until one is below 0.
func (m *Machine) serve(w *worker, part int) {
	steps, parts := m.steps, len(m.workers)
	for n := uint64(0); ; n++ {
		w.next(n)
		if w.step < 0 {
			return
		}
		steps[w.step].run(w, part, parts)
		w.done.Add(1)
	}
}

// at returns the memory of a place.
func (m *Machine) at(p program.Place) []float32 {
	if p.Input != nil {
		return m.memory.Of(p.Input)[p.Offset : p.Offset+p.Len]
	}
	return m.block[p.Offset : p.Offset+p.Len]
}

// Bytes returns how much memory the machine takes besides its Memory: the block that
// its program's values share, and the scratch of its goroutines, which grows in the
// first run.
func (m *Machine) Bytes() int {
	n := 4 * len(m.block)
	for _, w := range m.workers {
		if w != nil {
			n += 4*(len(w.tiles)+len(w.product)) + w.packing.Bytes()
		}
	}
	return n
}

// Planned returns what Bytes will be after the first run, or a little more.
func (m *Machine) Planned() int {
	others := len(m.workers) - 1
	return 4*m.program.Floats + len(m.workers)*4*(m.tiles+m.product) + m.packing[0].Bytes() + others*m.packing[1].Bytes()
}

// Read returns the value of an output, row by row. It is valid until the next
// run. It panics where n is not an output of the program.
func (m *Machine) Read(n *graph.Node) []float32 {
	m.begin()
	return m.at(m.program.Place(n))
}

// Scalar returns the first element of an output, such as a loss.
func (m *Machine) Scalar(n *graph.Node) float64 { return float64(m.Read(n)[0]) }

// Last returns the first number of an output after the last run, which is always there,
// see program.Machine.
func (m *Machine) Last(n *graph.Node) (run int, v float64) {
	if m.runs == 0 {
		return 0, math.NaN()
	}
	return m.runs, m.Scalar(n)
}

// Run runs the program once: outputs can be read, and what is updated has its next
// value.
func (m *Machine) Run() {
	m.begin()
	m.runs++
	for i := range m.steps {
		s := &m.steps[i]
		if !s.parallel || len(m.workers) == 1 {
			s.run(m.workers[0], 0, 1)
			continue
		}
		for _, w := range m.workers[1:] {
			w.tell(i)
		}
		s.run(m.workers[0], 0, len(m.workers))
		for _, w := range m.workers[1:] {
			w.finished()
		}
	}
}

// Trace runs the program once like Run, on this goroutine alone and up to the first
// value that is not finite. It returns the node of that value: an input, or the
// operator whose operands all were finite; nil where there is none.
func (m *Machine) Trace() *graph.Node {
	m.begin()
	m.runs++
	for _, in := range m.program.Inputs {
		if !finite(m.memory.Of(in)) {
			return in
		}
	}
	w := m.workers[0]
	for i := range m.steps {
		s := &m.program.Steps[i]
		if s.Kind != program.Map {
			m.steps[i].run(w, 0, 1)
			if s.Kind != program.Columns && !finite(m.at(s.Dst)) { // Columns only copies
				return s.Node
			}
			continue
		}
		bad := len(s.Code)
		w.trace = &bad
		m.steps[i].run(w, 0, 1)
		w.trace = nil
		if bad < len(s.Code) {
			return s.Code[bad].Node
		}
	}
	return nil
}

func finite(v []float32) bool {
	for _, x := range v {
		if x-x != 0 {
			return false
		}
	}
	return true
}

// Close ends the machine's goroutines and lets go of its storage; the machine must not
// be used any more. A second Close does nothing.
func (m *Machine) Close() {
	if !m.closed && m.workers[0] != nil {
		for _, w := range m.workers[1:] {
			w.tell(-1)
		}
	}
	m.closed, m.block, m.steps, m.workers = true, nil, nil, make([]*worker, 1)
}

// share returns the part-th of parts nearly equal shares of n pieces of work,
// each a multiple of grain but the last.
func share(n, grain, part, parts int) (from, to int) {
	pieces := (n + grain - 1) / grain
	return min(pieces*part/parts*grain, n), min(pieces*(part+1)/parts*grain, n)
}
