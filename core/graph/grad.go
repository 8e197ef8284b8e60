package graph

import "fmt"

// Grad returns the gradients of loss, which must be (1, 1), with respect to
// each of wrt, as nodes of the same graph: they can be differentiated again.
// Where loss does not depend on one of wrt its gradient is a zero constant.
func Grad(loss *Node, wrt ...*Node) []*Node {
	if loss.Rows != 1 || loss.Cols != 1 {
		panic(fmt.Sprintf("graph: Grad of (%d, %d), which must be (1, 1)", loss.Rows, loss.Cols))
	}
	g := loss.graph
	// Only what lies between wrt and loss takes part.
	leads := make([]bool, loss.ID+1)
	for _, w := range wrt {
		if w.ID <= loss.ID {
			leads[w.ID] = true
		}
	}
	for id, n := range g.nodes[:loss.ID+1] {
		for _, in := range n.In {
			leads[id] = leads[id] || leads[in.ID]
		}
	}
	cts := make([]*Node, loss.ID+1)
	cts[loss.ID] = g.Const(1, 1, 1)
	for id := loss.ID; id >= 0; id-- {
		n := g.nodes[id]
		if cts[id] == nil || !leads[id] {
			continue
		}
		for i, ct := range n.Op.Row().VJP(n, cts[id]) {
			in := n.In[i]
			if ct == nil || !leads[in.ID] {
				continue
			}
			if ct.Rows != in.Rows || ct.Cols != in.Cols {
				panic(fmt.Sprintf("graph: %s gives its operand (%d, %d) a cotangent (%d, %d)", n.Op, in.Rows, in.Cols, ct.Rows, ct.Cols))
			}
			if cts[in.ID] == nil {
				cts[in.ID] = ct
			} else {
				cts[in.ID] = cts[in.ID].Add(ct)
			}
		}
	}
	grads := make([]*Node, len(wrt))
	for i, w := range wrt {
		if w.ID <= loss.ID {
			grads[i] = cts[w.ID]
		}
		if grads[i] == nil {
			grads[i] = g.Const(w.Rows, w.Cols, 0)
		}
	}
	return grads
}
