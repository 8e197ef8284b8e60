// Package train is what all training runs have in common. A Run owns what one needs: the
// memory and the machines of its graphs on a device, the random streams, the settings, the
// finished steps and the state. A Model says what one iteration is, and what can be
// measured and drawn.
package train

import (
	"fmt"
	"maps"
	"slices"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/lab"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// A Model is what a Run trains. It is built on the Run: it takes its streams, its machines
// and its settings from there.
type Model interface {
	// Iterate makes one iteration, and calls Finish of its run when that is done. It
	// returns the name of the first number that is no longer finite, or "".
	Iterate() string
	// Measure returns one number for each of the experiment's metrics, NaN for one that is
	// not known.
	Measure() []float64
	// Frame returns what can be drawn now, see lab.Frame. The tensors are copies.
	Frame() map[string]data.Tensor
}

// A Beginner is a Model that has work to do at step 0, once the run has memory.
type Beginner interface{ Begin() }

// A Settler is a Model that follows settings and steps in ways of its own. Settle is called
// at step 0, and whenever a setting or the state was set from outside.
type Settler interface{ Settle() }

// A Replaced is a Model that hears that the run's state was set from outside: the last step
// that it made is not one of this state.
type Replaced interface{ Replaced() }

// A Faulty is a Model whose data can fail while it trains.
type Faulty interface {
	// Err returns the first error of the data, or nil.
	Err() error
}

// An Action does something with a run besides training. It returns an error, and changes
// nothing, if tensors are missing or of a wrong shape.
type Action func(in map[string]data.Tensor) (out map[string]data.Tensor, err error)

// A Run is one training run. It must not be used by two goroutines at once.
type Run struct {
	Experiment *lab.Experiment
	Model      Model
	Memory     program.Memory

	values  lab.Values
	step    int
	streams map[string]*random.Stream // that training draws from
	states  []State
	safe    safe

	machines []program.Machine
	inputs   []*graph.Node // of the machines' programs
	more     int           // bytes, see Needs
	blocks   []block
	follows  []follow
	owners   map[*graph.Node]string // what belongs to which layer, see nn.Owner
	tracing  bool

	actions  map[string]Action
	identify func() data.Identity
	identity data.Identity
	brought  []float32 // the person's own points, which a saved run contains
}

// A block waits for its first values, which r draws.
type block struct {
	*nn.Block
	r *random.Stream
}

// A follow is an input, (1, 1), that has a number of the run.
type follow struct {
	n     *graph.Node
	value func() float64
}

// New returns a run without a model, at step 0, on a device. The values must come from
// Resolve. The model is built on it, and then given to Begin.
func New(e *lab.Experiment, v lab.Values, device program.Device) *Run {
	return &Run{Experiment: e, Memory: device(), values: maps.Clone(v), streams: map[string]*random.Stream{},
		owners: map[*graph.Node]string{}, actions: map[string]Action{}}
}

// Seed returns the setting "seed".
func (r *Run) Seed() uint64 { return uint64(r.values.Int("seed")) }

// Stream returns a new stream of a purpose that training draws from, and keeps it by name.
func (r *Run) Stream(name, purpose string) *random.Stream {
	if r.streams[name] != nil {
		panic(fmt.Sprintf("train: there are two streams %q", name))
	}
	s := r.Apart(purpose)
	r.streams[name] = s
	return s
}

// Apart returns a new stream of a purpose that training does not draw from, such as
// "frame".
func (r *Run) Apart(purpose string) *random.Stream { return random.New(r.Seed(), purpose) }

// Open returns a machine of the run, which Close closes.
func (r *Run) Open(p *program.Program) program.Machine {
	m := r.Memory.Open(p)
	r.machines, r.inputs = append(r.machines, m), append(r.inputs, p.Inputs...)
	return m
}

// Look returns a machine that computes outs and changes nothing.
func (r *Run) Look(outs ...*graph.Node) program.Machine { return r.Open(program.Compile(nil, outs...)) }

// Learns notes the states that updates change, which go down a loss, and the operators that
// belong to the layers of b. The states' names begin with prefix.
func (r *Run) Learns(prefix string, updates []graph.Update, b *nn.Block, loss *graph.Node) {
	for _, u := range updates {
		r.states = append(r.states, ofBlock(prefix, r.Memory, u.X, b))
	}
	maps.Copy(r.owners, b.Owners(loss))
}

// Remembers notes an input of a graph that only helps the descent, such as a running mean:
// it begins anew in a run that adopts one of another size.
func (r *Run) Remembers(name string, n *graph.Node) {
	r.states = append(r.states, State{name: name, memory: r.Memory, node: n, optimiser: true})
}

// Host notes numbers of the host that training changes. If optional, a saved run may lack
// them, which older versions did not save: they are what they are at step 0.
func (r *Run) Host(name string, v []float32, optional bool) { r.HostAs(name, name, v, optional) }

// HostAs is Host for numbers that format 1 saved by another name, or if that is "" did not
// save.
func (r *Run) HostAs(format1, name string, v []float32, optional bool) {
	s := State{name: format1, host: v, parts: []part{{name, []int{len(v)}, 0, len(v)}}}
	if optional {
		s.first = slices.Clone(v)
	}
	r.states = append(r.states, s)
}

// Begins has a block begin at step 0 as its parameters' Init say, with numbers of s.
func (r *Run) Begins(b *nn.Block, s *random.Stream) { r.blocks = append(r.blocks, block{b, s}) }

// Needs adds bytes that the model will take besides its machines and inputs.
func (r *Run) Needs(bytes int) { r.more += bytes }

// Follow keeps an input, (1, 1), at a number that depends on settings and finished steps.
func (r *Run) Follow(n *graph.Node, value func() float64) {
	r.follows = append(r.follows, follow{n, value})
}

// Drive keeps an input, (1, 1), at the number of a setting, which may be set at any time.
func (r *Run) Drive(n *graph.Node, setting string) {
	r.Follow(n, func() float64 { return r.Float(setting) })
}

// On adds one of the experiment's actions, see Do.
func (r *Run) On(action string, do Action) { r.actions[action] = do }

// Identify says which data the run is trained on; f is called once, when that is asked for.
func (r *Run) Identify(f func() data.Identity) { r.identify = f }

// Brings has a saved run contain the person's own points, x and y in turn.
func (r *Run) Brings(points []float32) { r.brought = points }

// Begin puts the run at step 0 of a model that was built on it.
func (r *Run) Begin(m Model) {
	r.Model = m
	r.checkActions()
	for _, b := range r.blocks {
		program.Feed(r.Memory, b.Node, func(dst []float32) { b.Init(dst, b.r) })
	}
	if b, ok := m.(Beginner); ok {
		b.Begin()
	}
	for i := range r.states {
		r.states[i].begin()
	}
	r.settle()
}

// checkActions panics unless the model has just the actions that the experiment names.
func (r *Run) checkActions() {
	named := map[string]bool{}
	for _, a := range r.Experiment.Actions {
		named[a.Name] = true
		if r.actions[a.Name] == nil {
			panic(fmt.Sprintf("train: the model of %s lacks the action %q", r.Experiment.Name, a.Name))
		}
	}
	for name := range r.actions {
		if !named[name] {
			panic(fmt.Sprintf("train: the experiment %s does not name the action %q", r.Experiment.Name, name))
		}
	}
}

// settle has everything follow the settings and the step.
func (r *Run) settle() {
	r.turn()
	if m, ok := r.Model.(Settler); ok {
		m.Settle()
	}
}

// turn sets the inputs that follow settings and steps.
func (r *Run) turn() {
	for _, f := range r.follows {
		program.Feed(r.Memory, f.n, func(dst []float32) { dst[0] = float32(f.value()) })
	}
}

// Step returns the number of finished iterations. One that an action began, such as
// "critic-step", is not finished: Train continues it.
func (r *Run) Step() int { return r.step }

// Finish ends an iteration.
func (r *Run) Finish() {
	r.step++
	r.turn()
}

// Values returns the settings as they stand.
func (r *Run) Values() lab.Values { return maps.Clone(r.values) }

// Float returns the present value of a Float setting.
func (r *Run) Float(setting string) float64 { return r.values.Float(setting) }

// Int returns the present value of an Int setting.
func (r *Run) Int(setting string) int { return r.values.Int(setting) }

// Text returns the present text of a setting, "" if there is none.
func (r *Run) Text(setting string) string { return r.values[setting] }

// Set changes a setting that does not reset the run. It returns an error that says what
// would be right for any other, and for a value that is not one.
func (r *Run) Set(name, text string) error {
	if s := r.Experiment.Setting(name); s != nil && s.Resets {
		return fmt.Errorf("%s cannot change during a run: start a new one", name)
	}
	if err := r.Experiment.Put(r.values, name, text); err != nil {
		return err
	}
	r.safe.full = false // from there it would now go another way
	r.settle()
	return nil
}

// Do carries out one of the experiment's actions. It returns an error that says what would
// be right for an unknown action. If a number is no longer finite it returns a *Diverged
// and changes nothing.
func (r *Run) Do(action string, in map[string]data.Tensor) (out map[string]data.Tensor, err error) {
	if do := r.actions[action]; do != nil {
		return do(in)
	}
	var names []string
	for _, a := range r.Experiment.Actions {
		names = append(names, a.Name)
	}
	return nil, &lab.Unknown{What: fmt.Sprintf("%s has no action %q", r.Experiment.Name, action), Name: action, Names: names}
}

// Measure returns one number for each of the experiment's metrics, NaN for one that is not
// known.
func (r *Run) Measure() []float64 { return r.Model.Measure() }

// Frame returns what can be drawn now.
func (r *Run) Frame() lab.Frame {
	return lab.Frame{Experiment: r.Experiment.Name, Step: r.step, Tensors: r.Model.Frame(), Data: r.Identity().Name}
}

// Bytes returns how much memory the machines and their inputs take by now.
func (r *Run) Bytes() int {
	n := r.Memory.Bytes()
	for _, m := range r.machines {
		n += m.Bytes()
	}
	return n
}

// Close ends the run's goroutines and lets go of its buffers. The run must not be used any
// more. A second Close does nothing.
func (r *Run) Close() {
	for _, m := range r.machines {
		m.Close()
	}
}
