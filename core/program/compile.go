package program

import (
	"fmt"
	"slices"

	"ganbel/core/graph"
)

// A pass is a part of Compile. Those that are not needed only make a program shorter,
// smaller or faster: without them it computes the same numbers.
type pass struct {
	name   string
	run    func(*compiler)
	needed bool
}

// passes are all there are, in their order.
var passes = []pass{
	// What is computed, and how it is read.
	{"dead", (*compiler).dropDead, false},
	{"through", (*compiler).readThrough, false},
	{"products", (*compiler).takeProducts, false},
	// In which steps.
	{"steps", (*compiler).schedule, true},
	{"fuse", (*compiler).fuse, false},
	{"readers", (*compiler).findReaders, true},
	// Where in memory.
	{"parts", (*compiler).joinParts, false},
	{"in place", (*compiler).updateInPlace, false},
	{"inputs", (*compiler).findInputs, true},
	{"lives", (*compiler).findLives, false},
	{"plan", (*compiler).plan, true},
	// As a program.
	{"emit", (*compiler).emit, true},
}

// A compiler is what passes know of the program that they make. Without any that could
// be left out every node is computed, each by a step of its own, to room of its own.
type compiler struct {
	targets []*graph.Node // what must be there after a run: outputs, and what updates write
	updates []graph.Update

	live    []*graph.Node        // nodes to be computed, in order
	through map[*graph.Node]bool // Expand, Transpose, Unfold, Const: no reader needs it written out
	within  map[*graph.Node]bool // products that only a Transpose or a Fold reads, whose step computes them

	steps [][]*graph.Node     // scheduled work: the nodes of a Map, or one other node
	group map[*graph.Node]int // the step that computes a node

	inputs  []*graph.Node
	stored  []*graph.Node               // values that need a place, in order of steps
	readers map[*graph.Node][]reading   // who reads a stored value or an input
	part    map[*graph.Node]part        // values written straight into a Concat
	inPlace map[*graph.Node]*graph.Node // values written straight into the input they update
	lives   map[*graph.Node]life        // of stored values that do not live from their step to the end

	at     map[*graph.Node]Place
	floats int
	fills  []Fill
	out    []Step
}

type part struct {
	whole  *graph.Node
	offset int
}

// A reading is one use of a value: in which step, and whether that step reads
// each element just where it computes the same element.
type reading struct {
	step   int
	direct bool
}

// A life is the steps, first to last, in which a value must be in memory.
type life struct{ first, last int }

// Compile lays out what outs and updates need. After a run each update's X has
// become its Next. It panics where an update's X is no input, or its Next has
// another number of elements or is not computed.
func Compile(updates []graph.Update, outs ...*graph.Node) *Program {
	return compile(nil, updates, outs)
}

// compile is Compile without the passes that are off.
func compile(off map[string]bool, updates []graph.Update, outs []*graph.Node) *Program {
	c := newCompiler(updates, outs)
	p := &Program{places: map[*graph.Node]Place{}}
	if len(c.targets) == 0 {
		return p
	}
	for _, pass := range passes {
		if pass.needed || !off[pass.name] {
			pass.run(c)
		}
	}
	for _, n := range outs {
		p.places[n] = c.place(n)
	}
	for _, in := range c.inputs {
		p.places[in] = Place{Input: in, Len: in.Len()}
	}
	// A constant that is an output has had its memory now.
	p.Steps, p.Inputs, p.Floats, p.Fills = c.out, c.inputs, c.floats, c.fills
	return p
}

// newCompiler returns a compiler of all nodes up to the last that is wanted.
func newCompiler(updates []graph.Update, outs []*graph.Node) *compiler {
	c := &compiler{
		updates: updates, targets: slices.Clone(outs),
		through: map[*graph.Node]bool{}, within: map[*graph.Node]bool{}, part: map[*graph.Node]part{}, inPlace: map[*graph.Node]*graph.Node{},
	}
	for _, u := range updates {
		if u.X.Op != graph.Input || u.X.Len() != u.Next.Len() {
			panic(fmt.Sprintf("program: an update of %v by %v", u.X, u.Next))
		}
		if r, _ := root(u.Next); r.Op == graph.Input || r.Op == graph.Const {
			panic(fmt.Sprintf("program: an update of %v by %v, which is not computed", u.X, u.Next))
		}
		c.targets = append(c.targets, u.Next)
	}
	nodes := 0
	for _, t := range c.targets {
		nodes = max(nodes, t.ID+1)
	}
	c.live = make([]*graph.Node, nodes)
	for id := range c.live {
		c.live[id] = c.targets[0].Graph().Node(id)
	}
	return c
}
