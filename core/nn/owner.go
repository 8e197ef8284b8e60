package nn

import (
	"fmt"
	"strings"

	"ganbel/core/graph"
)

// Owners tells which nodes belong to which layer of b: its parameters, and the
// gradients of loss, (1, 1), by them. A layer is called as its parameters are
// without the last word: "critic.2" of "critic.2.w". b must be built.
func (b *Block) Owners(loss *graph.Node) map[*graph.Node]string {
	owners := map[*graph.Node]string{}
	grads := b.Grad(loss).In // the same nodes as before: a graph has one for each meaning
	for i, p := range b.params {
		layer := p.Name
		if at := strings.LastIndex(layer, "."); at >= 0 {
			layer = layer[:at]
		}
		owners[p.Node] = layer
		if len(b.params) > 1 { // else the gradient is no Concat
			own(owners, grads[i], layer)
		}
	}
	return owners
}

// own names n, and what it is a sum or a view of.
func own(owners map[*graph.Node]string, n *graph.Node, layer string) {
	if n.Op == graph.Const {
		return
	}
	owners[n] = layer
	if n.Op == graph.Reshape || n.Op == graph.Add {
		for _, in := range n.In {
			own(owners, in, layer)
		}
	}
}

// Owner tells of a node what it is and where it belongs, such as "Exp of
// critic.2": the layer among owners that is nearest before it, or an input that is
// nearer than all layers. It gives an input its own name.
func Owner(n *graph.Node, owners map[*graph.Node]string) string {
	if n.Op == graph.Input {
		return n.Name
	}
	seen := map[*graph.Node]bool{}
	for near := []*graph.Node{n}; len(near) > 0; {
		input := ""
		var next []*graph.Node
		for _, m := range near {
			if owners[m] != "" {
				return fmt.Sprintf("%s of %s", n.Op, owners[m])
			}
			if m.Op == graph.Input && input == "" {
				input = m.Name
			}
			if !seen[m] {
				seen[m] = true
				next = append(next, m.In...)
			}
		}
		if input != "" {
			return fmt.Sprintf("%s of %s", n.Op, input)
		}
		near = next
	}
	return n.Op.String()
}
