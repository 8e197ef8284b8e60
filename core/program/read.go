package program

import (
	"slices"

	"ganbel/core/graph"
)

// What is computed, and how its readers read it.

// bare strips what is nothing to a program: Detach, and transposing twice.
func bare(n *graph.Node) *graph.Node {
	for {
		switch {
		case n.Op == graph.Detach:
			n = n.In[0]
		case twice(n):
			n = bare(n.In[0]).In[0]
		default:
			return n
		}
	}
}

// root returns the value in whose memory n lies, and where.
func root(n *graph.Node) (*graph.Node, int) {
	switch n = bare(n); {
	case n.Op == graph.Reshape:
		return root(n.In[0])
	case n.Op == graph.Slice && n.Rows == 1:
		r, at := root(n.In[0])
		return r, at + n.From
	}
	return n, 0
}

// twice reports whether n is a transpose's transpose.
func twice(n *graph.Node) bool { return n.Op == graph.Transpose && bare(n.In[0]).Op == graph.Transpose }

func isView(n *graph.Node) bool {
	return n.Op == graph.Detach || n.Op == graph.Reshape || (n.Op == graph.Slice && n.Rows == 1) || twice(n)
}

// dropDead leaves out what no target needs.
func (c *compiler) dropDead() {
	need := graph.Needed(c.targets...)
	c.live = slices.DeleteFunc(c.live, func(n *graph.Node) bool { return !need[n.ID] })
}

// readThrough finds which Expand, Transpose, Unfold and Const need not be written out:
// all their readers read what these are of. Readers come before what they read.
func (c *compiler) readThrough() {
	solid := map[*graph.Node]bool{}
	for _, t := range c.targets {
		solid[bare(t)] = true
	}
	for _, n := range slices.Backward(c.live) {
		switch n.Op {
		case graph.Expand, graph.Transpose, graph.Unfold, graph.Const:
			if !solid[n] {
				c.through[n] = true
			}
		}
		for _, in := range n.In {
			in = bare(in)
			switch {
			case n.Op == graph.Detach || twice(n):
			case n.Op.Elementwise() && in.Op != graph.Transpose && in.Op != graph.Unfold:
			case n.Op == graph.MatMul && (in.Op == graph.Transpose || in.Op == graph.Unfold):
			case n.Op == graph.Transpose && in.Op == graph.Unfold && !solid[n]: // only products read n
			default:
				solid[in] = true
			}
		}
	}
}

// takeProducts finds the products AB that only one node reads whose step can
// compute them: a Transpose, (AB)ᵀ = BᵀAᵀ, or a Fold.
func (c *compiler) takeProducts() {
	reads := map[*graph.Node]int{}
	for _, t := range c.targets {
		reads[bare(t)]++
	}
	for _, n := range c.live {
		for _, in := range n.In {
			if n.Op != graph.Detach && !twice(n) {
				reads[bare(in)]++
			}
		}
	}
	for _, n := range c.live {
		if n.Op == graph.Fold || (n.Op == graph.Transpose && !c.through[n]) {
			if p := n.In[0]; p.Op == graph.MatMul && reads[p] == 1 {
				c.within[p] = true
			}
		}
	}
}

// taken returns the product that the step of n computes on the way, nil for none.
func (c *compiler) taken(n *graph.Node) *graph.Node {
	if (n.Op == graph.Transpose || n.Op == graph.Fold) && c.within[n.In[0]] {
		return n.In[0]
	}
	return nil
}

// operands returns what the step of n reads.
func (c *compiler) operands(n *graph.Node) []*graph.Node {
	if p := c.taken(n); p != nil {
		return p.In
	}
	return n.In
}

// virtual reports whether n is never written out: its readers see through it.
func (c *compiler) virtual(n *graph.Node) bool {
	return c.through[n] && n.Op != graph.Const && !isView(n)
}

// source returns the value whose memory a reader of n reads.
func (c *compiler) source(n *graph.Node) *graph.Node {
	for {
		r, _ := root(n)
		if !c.virtual(r) {
			return r
		}
		n = r.In[0]
	}
}
