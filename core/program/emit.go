package program

import "ganbel/core/graph"

// kinds are of the steps that compute one node as its operator says.
var kinds = map[graph.Op]Kind{graph.Sum: Sum, graph.RowMax: RowMax, graph.OneHotMax: OneHotMax, graph.Transpose: Transpose,
	graph.Unfold: Unfold, graph.Fold: Fold, graph.Pool: Pool, graph.Spread: Spread}

// emit writes the steps out.
func (c *compiler) emit() {
	for s, nodes := range c.steps {
		n := nodes[0]
		if isMap(n) {
			c.out = append(c.out, c.emitMap(s, nodes))
			continue
		}
		step := Step{Node: n, Rows: n.In[0].Rows, Cols: n.In[0].Cols}
		switch {
		case n.Op == graph.MatMul || c.taken(n) != nil:
			a, b := c.operands(n)[0], c.operands(n)[1]
			step.Kind, step.M, step.N, step.K = Gemm, a.Rows, b.Cols, a.Cols
			step.A, step.TransA, step.UnfoldA = c.factor(a)
			step.B, step.TransB, step.UnfoldB = c.factor(b)
			switch n.Op {
			case graph.Transpose:
				step.M, step.N = step.N, step.M
				step.A, step.TransA, step.UnfoldA, step.B, step.TransB, step.UnfoldB =
					step.B, !step.TransB, step.UnfoldB, step.A, !step.TransA, step.UnfoldA
			case graph.Fold:
				step.Fold = &n.Win
			}
		case n.Op == graph.Concat:
			from := 0
			for _, in := range n.In {
				r, _ := root(in)
				if p, ok := c.part[r]; !ok || p.whole != n || p.offset != from {
					to := c.place(n)
					to.Offset, to.Len = to.Offset+from, to.Len-from
					c.out = append(c.out, Step{Kind: Columns, Node: n, Rows: n.Rows, Cols: in.Cols,
						A: c.place(in), Dst: to, FromCols: in.Cols, ToCols: n.Cols})
				}
				from += in.Cols
			}
			continue
		case n.Op == graph.Slice:
			from := c.place(n.In[0])
			from.Offset, from.Len = from.Offset+n.From, from.Len-n.From
			c.out = append(c.out, Step{Kind: Columns, Node: n, Rows: n.Rows, Cols: n.Cols,
				A: from, Dst: c.place(n), FromCols: n.In[0].Cols, ToCols: n.Cols})
			continue
		default:
			step.Kind = kinds[n.Op]
			step.A = c.place(n.In[0])
		}
		step.Dst = c.place(n)
		c.out = append(c.out, step)
	}
	for _, u := range c.updates {
		if r, _ := root(u.Next); c.inPlace[r] != u.X {
			c.out = append(c.out, Step{Kind: Columns, Node: u.Next, Rows: 1, Cols: u.X.Len(), A: c.place(u.Next),
				Dst: Place{Input: u.X, Len: u.X.Len()}, FromCols: u.X.Len(), ToCols: u.X.Len()})
		}
	}
}

// factor returns the operand of a product, whether it is read transposed, and by
// which window it is unfolded.
func (c *compiler) factor(n *graph.Node) (at Place, trans bool, unfold *graph.Window) {
	m := bare(n)
	if m.Op == graph.Transpose && c.virtual(m) {
		trans = true
		n = m.In[0]
		m = bare(n)
	}
	if m.Op == graph.Unfold && c.virtual(m) {
		return c.place(m.In[0]), trans, &m.Win
	}
	return c.place(n), trans, nil
}

// emitMap turns the nodes of a Map into code over scratch slots.
func (c *compiler) emitMap(s int, nodes []*graph.Node) Step {
	n := nodes[len(nodes)-1]
	step := Step{Kind: Map, Node: n, Rows: n.Rows, Cols: n.Cols}
	lastUse := map[*graph.Node]int{}
	for i, m := range nodes {
		for _, in := range m.In {
			lastUse[bare(in)] = i
		}
	}
	slot, loaded := map[*graph.Node]int{}, map[*graph.Node]int{}
	var freed []int
	take := func() int {
		if k := len(freed); k > 0 {
			s := freed[k-1]
			freed = freed[:k-1]
			return s
		}
		step.Slots++
		return step.Slots - 1
	}
	operand := func(in *graph.Node) Operand {
		m := bare(in)
		if c.inGroup(m, s) {
			if k, ok := slot[m]; ok {
				return Operand{Slot: k}
			}
			return Operand{Slot: -1, Place: c.place(m)}
		}
		from := m
		if c.virtual(m) {
			from = m.In[0]
		}
		if from.Op != graph.Const && from.Len() == n.Len() {
			return Operand{Slot: -1, Place: c.place(from)}
		}
		// What is stretched to a tile keeps its slot for the whole step.
		k, ok := loaded[from]
		if !ok {
			k = step.Slots
			step.Slots++
			loaded[from] = k
			load := Load{From: c.place(from), Rows: from.Rows, Cols: from.Cols, Slot: k}
			if from.Op == graph.Const {
				load.Rows, load.Cols = 1, 1
			}
			step.Loads = append(step.Loads, load)
		}
		return Operand{Slot: k}
	}
	for i, m := range nodes {
		in := Instr{Op: m.Op, K: float32(m.K), A: operand(m.In[0]), Node: m}
		if m.Op == graph.Expand {
			in.Op = graph.Copy
		}
		in.B = in.A
		if len(m.In) == 2 {
			in.B = operand(m.In[1])
		}
		for j, x := range m.In {
			x = bare(x)
			if k, ok := slot[x]; ok && lastUse[x] == i && !(j == 1 && bare(m.In[0]) == x) && !c.late(x) {
				freed = append(freed, k)
			}
		}
		in.Dst = -1
		if len(c.readers[m]) > 0 {
			in.Out = c.place(m)
			in.Late = c.late(m)
		}
		if len(c.readers[m]) == 0 || in.Late {
			in.Dst = take()
			slot[m] = in.Dst
		}
		step.Code = append(step.Code, in)
	}
	return step
}

// late reports whether m overwrites an input that its own Map may still read.
func (c *compiler) late(m *graph.Node) bool { return c.inPlace[m] != nil }
