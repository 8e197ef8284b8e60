package gumbel

import (
	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// A runner is what all trainings have in common: the memory and the machines of a
// graph, the streams that fill it, and what training changes.
type runner struct {
	Iteration int // finished steps

	goroutines int
	memory     *cpu.Memory
	machines   []*cpu.Machine
	streams    map[string]*random.Stream
	drawn      []string               // streams that training draws from, by purpose
	states     []*graph.Node          // what training changes
	owners     map[*graph.Node]string // what belongs to which layer, see nn.Owner
	tracing    bool
}

// newRunner returns one at step 0 with a stream for each purpose: those that training
// draws from, and others.
func newRunner(seed uint64, goroutines int, drawn []string, others ...string) runner {
	r := runner{goroutines: goroutines, memory: cpu.NewMemory(), streams: map[string]*random.Stream{}, drawn: drawn}
	for _, purposes := range [][]string{drawn, others} {
		for _, purpose := range purposes {
			r.streams[purpose] = random.New(seed, purpose)
		}
	}
	return r
}

// learns notes which states the updates that go down a loss change, and which
// operators belong to which layer of b.
func (r *runner) learns(updates []graph.Update, b *nn.Block, loss *graph.Node) {
	for _, u := range updates {
		r.states = append(r.states, u.X)
	}
	r.owners = b.Owners(loss)
}

// open returns a machine, which Close will close.
func (r *runner) open(p *program.Program) *cpu.Machine {
	m := cpu.Open(p, r.memory, r.goroutines)
	r.machines = append(r.machines, m)
	return m
}

// look returns a machine that computes outs and changes nothing.
func (r *runner) look(outs ...*graph.Node) *cpu.Machine { return r.open(program.Compile(nil, outs...)) }

// step runs a machine once. While Trace makes it, it returns the first operator that
// is not finite though its operands are, and else "".
func (r *runner) step(m *cpu.Machine) string {
	if !r.tracing {
		m.Run()
	} else if n := m.Trace(); n != nil {
		return nn.Owner(n, r.owners)
	}
	return ""
}

// Trace makes step, which is Iterate, slowly: it looks at the value of every
// operator, and returns the first that is not finite though its operands are, such
// as "Exp of encoder.0", or "".
func (r *runner) Trace(step func() string) string {
	r.tracing = true
	defer func() { r.tracing = false }()
	return step()
}

// State returns the storage of everything that training changes, by name, and
// the streams it draws from, by purpose. With Iteration it is all that a
// checkpoint needs, and the same whether the run was watched or not.
func (r *runner) State() (map[string][]float32, map[string]*random.Stream) {
	s, streams := map[string][]float32{}, map[string]*random.Stream{}
	for _, n := range r.states {
		s[n.Name] = r.memory.Of(n)
	}
	for _, purpose := range r.drawn {
		streams[purpose] = r.streams[purpose]
	}
	return s, streams
}

// Close ends the run's goroutines.
func (r *runner) Close() {
	for _, m := range r.machines {
		m.Close()
	}
}
