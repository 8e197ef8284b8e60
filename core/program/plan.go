package program

import (
	"fmt"
	"slices"

	"ganbel/core/graph"
)

// Where in memory values lie.

// joinParts lets the parts of a Concat of one row be computed where the Concat
// wants them. That is how gradients become one flat block.
func (c *compiler) joinParts() {
	for _, n := range c.stored {
		if n.Op != graph.Concat || n.Rows != 1 {
			continue
		}
		from := 0
		for _, in := range n.In {
			r, at := root(in)
			_, computed := c.group[r]
			_, taken := c.part[r]
			if computed && !taken && at == 0 && r.Len() == in.Len() && r.Op != graph.Concat {
				c.part[r] = part{n, from}
			}
			from += in.Len()
		}
	}
}

// updateInPlace lets an update write its X directly where nothing reads the old
// value afterwards.
func (c *compiler) updateInPlace() {
	for _, u := range c.updates {
		next, at := root(u.Next)
		s := c.group[next]
		_, isPart := c.part[next]
		if at != 0 || next.Len() != u.X.Len() || !isMap(next) || isPart || c.inPlace[next] != nil {
			continue
		}
		safe := true
		for _, r := range c.readers[u.X] {
			safe = safe && (r.step < s || (r.step == s && r.direct))
		}
		if safe {
			c.inPlace[next] = u.X
		}
	}
}

// findInputs lists the inputs: those that are read, and those that are only written.
func (c *compiler) findInputs() {
	for _, n := range c.live {
		if n.Op == graph.Input {
			c.inputs = append(c.inputs, n)
		}
	}
	for _, u := range c.updates {
		if !slices.Contains(c.inputs, u.X) {
			c.inputs = append(c.inputs, u.X)
		}
	}
}

// findLives finds from when to when each stored value must be in memory, so that others
// can lie there before and afterwards. A Concat lives from the first of its parts to the
// last reader of it or of a part.
func (c *compiler) findLives() {
	c.lives = make(map[*graph.Node]life, len(c.stored))
	for _, n := range c.stored {
		l := life{c.group[n], c.group[n]}
		for _, r := range c.readers[n] {
			l.last = max(l.last, r.step)
		}
		c.lives[n] = l
	}
	for n, p := range c.part {
		l, whole := c.lives[n], c.lives[p.whole]
		c.lives[p.whole] = life{min(whole.first, l.first), max(whole.last, l.last)}
	}
}

// plan gives every stored value a place.
func (c *compiler) plan() {
	c.at = make(map[*graph.Node]Place, len(c.stored))
	starts, ends := make([][]*graph.Node, len(c.steps)), make([][]room, len(c.steps)+1)
	lives := func(n *graph.Node) life {
		if l, ok := c.lives[n]; ok {
			return l
		}
		return life{c.group[n], len(c.steps)}
	}
	for _, n := range c.stored {
		if _, isPart := c.part[n]; !isPart && c.inPlace[n] == nil {
			first := lives(n).first
			starts[first] = append(starts[first], n)
		}
	}
	var free rooms
	for s := range c.steps {
		for _, n := range starts[s] {
			r, ok := free.take(aligned(n.Len()))
			if !ok {
				r = c.grow(n.Len())
			}
			c.at[n] = Place{Offset: r.from, Len: n.Len()}
			ends[lives(n).last] = append(ends[lives(n).last], r)
		}
		for _, r := range ends[s] {
			free.release(r)
		}
	}
	for _, n := range c.stored {
		if p, ok := c.part[n]; ok {
			c.at[n] = Place{Offset: c.at[p.whole].Offset + p.offset, Len: n.Len()}
		}
		if x := c.inPlace[n]; x != nil {
			c.at[n] = Place{Input: x, Len: n.Len()}
		}
	}
}

// align is the number of floats to which buffers are aligned: a cache line.
const align = 16

func aligned(floats int) int { return (floats + align - 1) / align * align }

// grow makes new room at the end of the block.
func (c *compiler) grow(floats int) room {
	r := room{c.floats, c.floats + aligned(floats)}
	c.floats = r.to
	return r
}

// place returns where n lies. Constants get their memory here.
func (c *compiler) place(n *graph.Node) Place {
	r, at := root(n)
	switch {
	case r.Op == graph.Input:
		return Place{r, at, n.Len()}
	case r.Op == graph.Const:
		length := 1 // a Map stretches it
		if !c.through[r] {
			length = r.Len()
		}
		p, ok := c.at[r]
		if !ok {
			p = Place{Offset: c.grow(length).from, Len: length}
			c.at[r] = p
			c.fills = append(c.fills, Fill{p, r.K})
		}
		return Place{nil, p.Offset + at, min(n.Len(), length)}
	}
	p, ok := c.at[r]
	if !ok {
		panic(fmt.Sprintf("program: %v has no place", n))
	}
	return Place{p.Input, p.Offset + at, n.Len()}
}
