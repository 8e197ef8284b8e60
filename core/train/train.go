// Package train is what all trainings have in common: the memory and the machines of
// a graph, the random streams that fill it, and what training changes.
package train

import (
	"maps"

	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// A Runner is embedded by a model that is trained.
type Runner struct {
	Iteration int // finished steps
	Memory    program.Memory
	Streams   map[string]*random.Stream // by purpose
	States    []*graph.Node             // what training changes

	machines []program.Machine
	inputs   []*graph.Node          // of the machines' programs
	drawn    []string               // streams that training draws from, by purpose
	owners   map[*graph.Node]string // what belongs to which layer, see nn.Owner
	tracing  bool
}

// New returns one at step 0 on a device, with a stream for each purpose: those that
// training draws from, and others.
func New(seed uint64, device program.Device, drawn []string, others ...string) Runner {
	r := Runner{Memory: device(), Streams: map[string]*random.Stream{}, drawn: drawn}
	for _, purposes := range [][]string{drawn, others} {
		for _, purpose := range purposes {
			r.Streams[purpose] = random.New(seed, purpose)
		}
	}
	return r
}

// Learns notes which states the updates that go down a loss change, and which
// operators belong to which layer of b.
func (r *Runner) Learns(updates []graph.Update, b *nn.Block, loss *graph.Node) {
	for _, u := range updates {
		r.States = append(r.States, u.X)
	}
	if r.owners == nil {
		r.owners = map[*graph.Node]string{}
	}
	maps.Copy(r.owners, b.Owners(loss))
}

// A Plan says what memory a model takes once it trains. It is known before any of it is
// allocated.
type Plan struct {
	Bytes  int            // parameters, what optimisers remember, batches, the machines' buffers
	States map[string]int // how many numbers each tensor that training changes has, by name
}

// An Admission is called with what a model will take before the model allocates any of
// it. If it panics the model's constructor has left nothing to close. A nil Admission
// admits all.
type Admission func(Plan)

// Ask calls the admission if there is one.
func (a Admission) Ask(p Plan) {
	if a != nil {
		a(p)
	}
}

// Plan returns what the machines that are open and the states will take.
func (r *Runner) Plan() Plan {
	p, seen := Plan{States: map[string]int{}}, map[*graph.Node]bool{}
	count := func(n *graph.Node) {
		if !seen[n] {
			seen[n] = true
			p.Bytes += 4 * n.Len()
		}
	}
	for _, n := range r.States {
		p.States[n.Name] = n.Len()
		count(n)
	}
	for _, m := range r.machines {
		p.Bytes += m.Planned()
	}
	for _, n := range r.inputs {
		count(n)
	}
	return p
}

// Open returns a machine, which Close will close.
func (r *Runner) Open(p *program.Program) program.Machine {
	m := r.Memory.Open(p)
	r.machines, r.inputs = append(r.machines, m), append(r.inputs, p.Inputs...)
	return m
}

// Look returns a machine that computes outs and changes nothing.
func (r *Runner) Look(outs ...*graph.Node) program.Machine {
	return r.Open(program.Compile(nil, outs...))
}

// Once runs a machine once. While Trace makes it, it returns the first operator that
// is not finite though its operands are, and else "".
func (r *Runner) Once(m program.Machine) string {
	if !r.tracing {
		m.Run()
	} else if n := m.Trace(); n != nil {
		return nn.Owner(n, r.owners)
	}
	return ""
}

// Descend runs a machine once that goes down a loss, (1, 1). It returns what is not
// finite: what Once does, else by its name the newest loss that has come, which a device
// may be some steps late with; or "".
func (r *Runner) Descend(m program.Machine, loss *graph.Node, name string) string {
	if bad := r.Once(m); bad != "" {
		return bad
	}
	if run, v := m.Last(loss); run > 0 && v-v != 0 {
		return name
	}
	return ""
}

// Trace makes step, which is Iterate, slowly: it looks at the value of every
// operator, and returns the first that is not finite though its operands are, such
// as "Exp of encoder.0", or "".
func (r *Runner) Trace(step func() string) string {
	r.tracing = true
	defer func() { r.tracing = false }()
	return step()
}

// State returns everything that training changes, and the streams it draws from, by
// purpose. With Iteration it is all that a checkpoint needs, and the same whether the run
// was watched or not.
func (r *Runner) State() ([]State, map[string]*random.Stream) {
	var states []State
	for _, n := range r.States {
		states = append(states, State{Name: n.Name, memory: r.Memory, node: n})
	}
	streams := map[string]*random.Stream{}
	for _, purpose := range r.drawn {
		streams[purpose] = r.Streams[purpose]
	}
	return states, streams
}

// Set sets an input, (1, 1), of the run's graph.
func (r *Runner) Set(n *graph.Node, x float64) {
	program.Feed(r.Memory, n, func(dst []float32) { dst[0] = float32(x) })
}

// Bytes returns how much memory the machines and their inputs take by now.
func (r *Runner) Bytes() int {
	n := r.Memory.Bytes()
	for _, m := range r.machines {
		n += m.Bytes()
	}
	return n
}

// Close ends the run's goroutines and lets go of the machines' buffers. The states stay.
// A second Close does nothing.
func (r *Runner) Close() {
	for _, m := range r.machines {
		m.Close()
	}
}
