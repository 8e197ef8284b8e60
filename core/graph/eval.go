package graph

import (
	"fmt"
	"math"
)

// A Feed gives inputs their values, row by row.
type Feed map[*Node][]float64

// Eval returns the values of outs, row by row, in float64: what the graph means.
// Inputs that feed lacks have their first value. It panics where an input is fed
// with another number of elements than it has.
func Eval(feed Feed, outs ...*Node) [][]float64 {
	g := outs[0].graph
	values := make([][]float64, g.Len())
	for id, need := range Needed(outs...) {
		if !need {
			continue
		}
		n := g.nodes[id]
		v := make([]float64, n.Len())
		if n.Op == Input {
			if given, ok := feed[n]; ok {
				if len(given) != len(v) {
					panic(fmt.Sprintf("graph: input %q is (%d, %d), fed with %d numbers", n.Name, n.Rows, n.Cols, len(given)))
				}
				copy(v, given)
			} else {
				fill(v, n.K)
			}
		} else {
			evalNode(n, v, func(i int) []float64 { return values[n.In[i].ID] })
		}
		values[id] = v
	}
	result := make([][]float64, len(outs))
	for i, o := range outs {
		result[i] = values[o.ID]
	}
	return result
}

// Needed reports, for every ID up to the last of outs, whether outs, which must be
// of one graph, depend on that node.
func Needed(outs ...*Node) []bool {
	last := 0
	for _, o := range outs {
		last = max(last, o.ID)
	}
	need := make([]bool, last+1)
	for _, o := range outs {
		need[o.ID] = true
	}
	for id := last; id >= 0; id-- {
		if need[id] {
			for _, in := range outs[0].graph.nodes[id].In {
				need[in.ID] = true
			}
		}
	}
	return need
}

// Node returns the node of the given ID, which must be below Len.
func (g *Graph) Node(id int) *Node { return g.nodes[id] }

func fill(v []float64, k float64) {
	for i := range v {
		v[i] = k
	}
}

func evalNode(n *Node, v []float64, in func(i int) []float64) {
	if n.Op.Elementwise() {
		f, a := n.Op.Row().F, in(0)
		b := a
		if len(n.In) == 2 {
			b = in(1)
		}
		for i := range v {
			v[i] = f(a[i], b[i], n.K)
		}
		return
	}
	switch n.Op {
	case Const:
		fill(v, n.K)
	case Reshape, Detach:
		copy(v, in(0))
	case Expand:
		m, a := n.In[0], in(0)
		for i := range n.Rows {
			for j := range n.Cols {
				v[i*n.Cols+j] = a[min(i, m.Rows-1)*m.Cols+min(j, m.Cols-1)]
			}
		}
	case Sum:
		m, a := n.In[0], in(0)
		for i := range m.Rows {
			for j := range m.Cols {
				v[min(i, n.Rows-1)*n.Cols+min(j, n.Cols-1)] += a[i*m.Cols+j]
			}
		}
	case Transpose:
		a := in(0)
		for i := range n.Rows {
			for j := range n.Cols {
				v[i*n.Cols+j] = a[j*n.Rows+i]
			}
		}
	case Concat:
		from := 0
		for k, m := range n.In {
			for i := range n.Rows {
				copy(v[i*n.Cols+from:][:m.Cols], in(k)[i*m.Cols:])
			}
			from += m.Cols
		}
	case Slice:
		for i := range n.Rows {
			copy(v[i*n.Cols:][:n.Cols], in(0)[i*n.In[0].Cols+n.From:])
		}
	case RowMax:
		for i := range n.Rows {
			v[i] = in(0)[i*n.In[0].Cols+argmax(in(0)[i*n.In[0].Cols:][:n.In[0].Cols])]
		}
	case OneHotMax:
		for i := range n.Rows {
			v[i*n.Cols+argmax(in(0)[i*n.Cols:][:n.Cols])] = 1
		}
	case MatMul:
		a, b, inner := in(0), in(1), n.In[0].Cols
		for i := range n.Rows {
			for k := range inner {
				for j := range n.Cols {
					v[i*n.Cols+j] += a[i*inner+k] * b[k*n.Cols+j]
				}
			}
		}
	case Unfold:
		a := in(0)
		n.Win.Visit(0, n.Win.N, func(i, j, run int) { copy(v[j:j+run], a[i:]) })
	case Fold:
		a := in(0)
		n.Win.Visit(0, n.Win.N, func(i, j, run int) {
			for c := range run {
				v[i+c] += a[j+c]
			}
		})
	case Pool:
		a, c, kernel := in(0), n.Win.C, n.Win.KH*n.Win.KW*n.Win.C
		n.Win.Visit(0, n.Win.N, func(i, j, run int) {
			for k := range run {
				v[j/kernel*c+k%c] += a[i+k]
			}
		})
	case Spread:
		a, c, kernel := in(0), n.Win.C, n.Win.KH*n.Win.KW*n.Win.C
		n.Win.Visit(0, n.Win.N, func(i, j, run int) {
			for k := range run {
				v[i+k] += a[j/kernel*c+k%c]
			}
		})
	default:
		panic(fmt.Sprintf("graph: Eval does not know %s", n.Op))
	}
}

// argmax returns the index of the first greatest element; a NaN is the greatest.
func argmax(v []float64) int {
	best := 0
	for i, x := range v {
		if x > v[best] || (math.IsNaN(x) && !math.IsNaN(v[best])) {
			best = i
		}
	}
	return best
}
