package graph

import (
	"fmt"
	"math"
)

// Differences compares derivatives of loss, which must be (1, 1), with central
// differences of Eval: the first along the given direction, and the second, which
// differentiates the gradient once more. It returns how far each is off, relative
// to the greater of it and 1; a right rule is within about 1e-6.
//
// at gives inputs their values, and along the direction, number by number, of
// those that are moved. Where loss has a kink there, nothing agrees.
func Differences(loss *Node, at, along Feed) (off [2]float64) {
	g := loss.graph
	var wrt []*Node
	for _, n := range g.nodes {
		if along[n] != nil {
			wrt = append(wrt, n)
		}
	}
	feed := Feed{}
	for n, v := range at {
		feed[n] = v
	}
	way := make([]*Node, len(wrt))
	for i, w := range wrt {
		way[i] = g.Input(fmt.Sprintf("%s, direction %d", w.Name, g.Len()), w.Rows, w.Cols)
		feed[way[i]] = along[w]
	}
	slope := func(y *Node) *Node {
		s := g.Const(1, 1, 0)
		for i, d := range Grad(y, wrt...) {
			s = s.Add(d.Mul(way[i]).Sum())
		}
		return s
	}
	first := slope(loss)
	second := slope(first)
	moved := func(h float64, n *Node) float64 {
		there := Feed{}
		for k, v := range feed {
			there[k] = v
		}
		for w, d := range along {
			v := make([]float64, w.Len())
			for i := range v {
				v[i] = feed[w][i] + h*d[i]
			}
			there[w] = v
		}
		return Eval(there, n)[0][0]
	}
	const h = 1e-5
	for i, pair := range [2][2]*Node{{loss, first}, {first, second}} {
		got, want := moved(0, pair[1]), (moved(h, pair[0])-moved(-h, pair[0]))/(2*h)
		off[i] = math.Abs(got-want) / math.Max(1, math.Abs(want))
	}
	return off
}
