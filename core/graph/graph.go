// Package graph is the language in which both papers are written, and its
// calculus.
//
// A Graph is an append-only list of hash-consed nodes. Every value is a matrix.
// The order of the list is the order of evaluation, its reverse the order of
// differentiation. Gradients are nodes of the same graph, so that a gradient of
// a gradient, all that a gradient penalty needs, is just more nodes.
//
// Eval, in float64, is what a graph means. It is slow on purpose; backends are
// measured against it. A graph that does not fit together panics where it is
// built, with the shapes.
package graph

import (
	"fmt"
	"math"
	"strings"
)

// A Graph is a list of nodes in order of evaluation.
type Graph struct {
	nodes []*Node
	known map[key]*Node // hash-consing: one node for one meaning
	named map[string]*Node
}

// A Node is a matrix-valued expression. Its methods build further nodes; a node
// never changes.
type Node struct {
	ID         int     // place in the graph's list
	Op         Op      // row of the table
	In         []*Node // operands
	Rows, Cols int     // shape
	K          float64 // the number of an operator that has one, such as Scale; an input's first value
	From       int     // first column of Slice
	Win        Window  // geometry of Unfold, Fold, Pool and Spread
	Name       string  // of an input
	graph      *Graph
}

// An Update is the one verb of state: after a run X, an input, becomes Next, which
// has as many elements.
type Update struct{ X, Next *Node }

type key struct {
	op         Op
	a, b       int
	rest       string // the IDs of the operands of a Concat
	rows, cols int
	k          uint64
	from       int
	win        Window
}

// New returns an empty graph.
func New() *Graph {
	return &Graph{known: map[key]*Node{}, named: map[string]*Node{}}
}

// Len returns the number of nodes.
func (g *Graph) Len() int { return len(g.nodes) }

// Input returns a new input of the given shape, 0 until it is written. It panics
// where the name is not new or the shape has no elements.
func (g *Graph) Input(name string, rows, cols int) *Node {
	return g.State(name, rows, cols, 0)
}

// State returns a new input every element of which is first, until it is written
// or updated. It panics where the name is not new or the shape has no elements.
func (g *Graph) State(name string, rows, cols int, first float64) *Node {
	if g.named[name] != nil {
		panic(fmt.Sprintf("graph: a second input named %q", name))
	}
	n := &Node{Op: Input, Rows: rows, Cols: cols, K: first, Name: name}
	g.append(n)
	g.named[name] = n
	return n
}

// Const returns a (rows, cols) matrix every element of which is k.
func (g *Graph) Const(rows, cols int, k float64) *Node {
	return g.add(Node{Op: Const, Rows: rows, Cols: cols, K: k})
}

// Graph returns the graph that n belongs to.
func (n *Node) Graph() *Graph { return n.graph }

// Len returns the number of elements.
func (n *Node) Len() int { return n.Rows * n.Cols }

// String returns n as one line of text, such as "v7 = MatMul v3 v5 (256, 64)".
func (n *Node) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "v%d = %s", n.ID, n.Op)
	for _, in := range n.In {
		fmt.Fprintf(&b, " v%d", in.ID)
	}
	switch {
	case n.Op == Input:
		fmt.Fprintf(&b, " %s", n.Name)
	case n.Op.Numbered():
		fmt.Fprintf(&b, " %g", n.K)
	case n.Op == Slice:
		fmt.Fprintf(&b, " [%d:%d]", n.From, n.From+n.Cols)
	case n.Win.N > 0: // Unfold, Fold, Pool, Spread
		fmt.Fprintf(&b, " %v", n.Win)
	}
	fmt.Fprintf(&b, " (%d, %d)", n.Rows, n.Cols)
	return b.String()
}

func (g *Graph) append(n *Node) {
	if n.Rows <= 0 || n.Cols <= 0 {
		panic(fmt.Sprintf("graph: %s with no elements: (%d, %d)", n.Op, n.Rows, n.Cols))
	}
	n.ID, n.graph = len(g.nodes), g
	g.nodes = append(g.nodes, n)
}

// add returns the node that means the same as n, which it appends if it is new.
func (g *Graph) add(n Node, in ...*Node) *Node {
	k := key{op: n.Op, a: -1, b: -1, rows: n.Rows, cols: n.Cols, k: math.Float64bits(n.K), from: n.From, win: n.Win}
	for i, m := range in {
		if m.graph != g {
			panic(fmt.Sprintf("graph: %s of nodes of two graphs", n.Op))
		}
		switch i {
		case 0:
			k.a = m.ID
		case 1:
			k.b = m.ID
		default:
			k.rest += fmt.Sprint(m.ID, " ")
		}
	}
	if old := g.known[k]; old != nil {
		return old
	}
	n.In = in
	g.append(&n)
	g.known[k] = &n
	return &n
}
