package program

import "ganbel/core/graph"

// Which step computes what.

// maxCode bounds the length of a Map, so that its scratch stays in the nearest cache.
const maxCode = 48

// ready returns the step after which n can be read, -1 for inputs and constants.
func (c *compiler) ready(n *graph.Node) int {
	if s, ok := c.group[c.source(n)]; ok {
		return s
	}
	return -1
}

func isMap(n *graph.Node) bool { return n.Op.Elementwise() || n.Op == graph.Expand }

// schedule gives every node that is computed a step of its own.
func (c *compiler) schedule() {
	c.group = make(map[*graph.Node]int, len(c.live))
	for i, n := range c.live {
		if n.Op != graph.Input && n.Op != graph.Const && !isView(n) && !c.virtual(n) && !c.within[n] {
			c.add(c.live[i : i+1 : i+1])
		}
	}
}

// add appends a step of one node.
func (c *compiler) add(nodes []*graph.Node) {
	c.group[nodes[0]] = len(c.steps)
	c.steps = append(c.steps, nodes)
}

// fuse joins nodes that work element by element to a Map of their shape.
func (c *compiler) fuse() {
	alone := c.steps
	c.steps = nil
	for _, nodes := range alone {
		n := nodes[0] // what it reads has been here before
		if s := c.join(n); s >= 0 {
			c.steps[s] = append(c.steps[s], n)
			c.group[n] = s
			continue
		}
		c.add(nodes)
	}
}

// join returns the Map that n can be appended to, -1 for none.
func (c *compiler) join(n *graph.Node) int {
	if !isMap(n) {
		return -1
	}
	first, direct := -1, true
	for _, in := range n.In {
		first = max(first, c.ready(in))
	}
	for _, in := range n.In {
		if c.ready(in) == first {
			direct = direct && c.inGroup(in, first)
		}
	}
	open := func(s int) bool {
		m := c.steps[s][0]
		return isMap(m) && m.Rows == n.Rows && m.Cols == n.Cols && len(c.steps[s]) < maxCode
	}
	if first >= 0 && direct && open(first) {
		return first
	}
	for s := len(c.steps) - 1; s > first; s-- {
		if open(s) {
			return s
		}
	}
	return -1
}

// inGroup reports whether n is itself computed by the Map s, not a view of its values.
func (c *compiler) inGroup(n *graph.Node, s int) bool {
	got, ok := c.group[bare(n)]
	return ok && got == s && isMap(bare(n))
}

// findReaders finds the readers of every value, and the values that outlive
// their step.
func (c *compiler) findReaders() {
	c.readers = make(map[*graph.Node][]reading, len(c.live))
	end := len(c.steps)
	for s, nodes := range c.steps {
		for _, n := range nodes {
			for _, in := range c.operands(n) {
				m := bare(in)
				if isMap(n) && c.inGroup(m, s) {
					continue
				}
				direct := isMap(n) && m.Rows == n.Rows && m.Cols == n.Cols && !isView(m) && !c.virtual(m)
				src := c.source(m)
				c.readers[src] = append(c.readers[src], reading{s, direct})
			}
		}
	}
	for _, t := range c.targets {
		src := c.source(t)
		c.readers[src] = append(c.readers[src], reading{end, false})
	}
	for _, nodes := range c.steps {
		for _, n := range nodes {
			if len(c.readers[n]) > 0 || !isMap(n) { // only a Map has room for what nobody reads
				c.stored = append(c.stored, n)
			}
		}
	}
}
