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
	row := n.Op.Row()
	if row.F == nil {
		row.Eval(n, v, in)
		return
	}
	a, b := in(0), in(len(n.In)-1)
	for i := range v {
		v[i] = row.F(a[i], b[i], n.K)
	}
}

// The meanings of operators that do not work element by element, see Row.Eval.

func evalConst(n *Node, v []float64, _ func(i int) []float64) { fill(v, n.K) }

func evalSame(_ *Node, v []float64, in func(i int) []float64) { copy(v, in(0)) }

func evalExpand(n *Node, v []float64, in func(i int) []float64) {
	m, a := n.In[0], in(0)
	for i := range n.Rows {
		for j := range n.Cols {
			v[i*n.Cols+j] = a[min(i, m.Rows-1)*m.Cols+min(j, m.Cols-1)]
		}
	}
}

func evalSum(n *Node, v []float64, in func(i int) []float64) {
	m, a := n.In[0], in(0)
	for i := range m.Rows {
		for j := range m.Cols {
			v[min(i, n.Rows-1)*n.Cols+min(j, n.Cols-1)] += a[i*m.Cols+j]
		}
	}
}

func evalTranspose(n *Node, v []float64, in func(i int) []float64) {
	a := in(0)
	for i := range n.Rows {
		for j := range n.Cols {
			v[i*n.Cols+j] = a[j*n.Rows+i]
		}
	}
}

func evalConcat(n *Node, v []float64, in func(i int) []float64) {
	from := 0
	for k, m := range n.In {
		for i := range n.Rows {
			copy(v[i*n.Cols+from:][:m.Cols], in(k)[i*m.Cols:])
		}
		from += m.Cols
	}
}

func evalSlice(n *Node, v []float64, in func(i int) []float64) {
	for i := range n.Rows {
		copy(v[i*n.Cols:][:n.Cols], in(0)[i*n.In[0].Cols+n.From:])
	}
}

func evalRowMax(n *Node, v []float64, in func(i int) []float64) {
	for i := range n.Rows {
		row := in(0)[i*n.In[0].Cols:][:n.In[0].Cols]
		v[i] = row[argmax(row)]
	}
}

func evalOneHotMax(n *Node, v []float64, in func(i int) []float64) {
	for i := range n.Rows {
		v[i*n.Cols+argmax(in(0)[i*n.Cols:][:n.Cols])] = 1
	}
}

func evalMatMul(n *Node, v []float64, in func(i int) []float64) {
	a, b, inner := in(0), in(1), n.In[0].Cols
	for i := range n.Rows {
		for k := range inner {
			for j := range n.Cols {
				v[i*n.Cols+j] += a[i*inner+k] * b[k*n.Cols+j]
			}
		}
	}
}

func evalUnfold(n *Node, v []float64, in func(i int) []float64) {
	a := in(0)
	n.Win.Visit(0, n.Win.N, func(i, j, run int) { copy(v[j:j+run], a[i:]) })
}

func evalFold(n *Node, v []float64, in func(i int) []float64) {
	a := in(0)
	n.Win.Visit(0, n.Win.N, func(i, j, run int) {
		for c := range run {
			v[i+c] += a[j+c]
		}
	})
}

func evalPool(n *Node, v []float64, in func(i int) []float64) {
	a, c, kernel := in(0), n.Win.C, n.Win.KH*n.Win.KW*n.Win.C
	n.Win.Visit(0, n.Win.N, func(i, j, run int) {
		for k := range run {
			v[j/kernel*c+k%c] += a[i+k]
		}
	})
}

func evalSpread(n *Node, v []float64, in func(i int) []float64) {
	a, c, kernel := in(0), n.Win.C, n.Win.KH*n.Win.KW*n.Win.C
	n.Win.Visit(0, n.Win.N, func(i, j, run int) {
		for k := range run {
			v[i+k] += a[j/kernel*c+k%c]
		}
	})
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
