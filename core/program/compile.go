package program

import (
	"fmt"
	"slices"

	"ganbel/core/graph"
)

// maxCode bounds the length of a Map, so that its scratch stays in the nearest cache.
const maxCode = 48

// Compile lays out what outs and updates need. After a run each update's X has
// become its Next. It panics where an update's X is no input, or its Next has
// another number of elements or is not computed.
func Compile(updates []graph.Update, outs ...*graph.Node) *Program {
	c := &compiler{
		solid: map[*graph.Node]bool{}, within: map[*graph.Node]bool{}, group: map[*graph.Node]int{}, at: map[*graph.Node]Place{},
		part: map[*graph.Node]part{}, inPlace: map[*graph.Node]*graph.Node{}, readers: map[*graph.Node][]reading{},
	}
	targets := slices.Clone(outs)
	for _, u := range updates {
		if u.X.Op != graph.Input || u.X.Len() != u.Next.Len() {
			panic(fmt.Sprintf("program: an update of %v by %v", u.X, u.Next))
		}
		if r, _ := root(u.Next); r.Op == graph.Input || r.Op == graph.Const {
			panic(fmt.Sprintf("program: an update of %v by %v, which is not computed", u.X, u.Next))
		}
		targets = append(targets, u.Next)
	}
	if len(targets) == 0 {
		return &Program{places: map[*graph.Node]Place{}}
	}
	c.findLive(targets)
	c.takeProducts(targets)
	for _, n := range c.live {
		c.schedule(n)
	}
	c.findStored(targets)
	c.joinParts()
	c.updateInPlace(updates)
	c.addWritten(updates)
	c.plan()
	c.emit(updates)
	p := &Program{Steps: c.out, Inputs: c.inputs, places: map[*graph.Node]Place{}}
	for _, n := range outs {
		p.places[n] = c.place(n)
	}
	p.Floats, p.Fills = c.floats, c.fills // a constant that is an output has had its memory now
	for _, in := range c.inputs {
		p.places[in] = Place{Input: in, Len: in.Len()}
	}
	return p
}

// A compiler's passes stand below in the order in which Compile calls them.
type compiler struct {
	live   []*graph.Node
	inputs []*graph.Node
	solid  map[*graph.Node]bool // Expand, Transpose, Unfold, Const: some reader needs it written out
	steps  [][]*graph.Node      // scheduled work: the nodes of a Map, or one other node
	within map[*graph.Node]bool // products that only a Transpose or a Fold reads, whose step computes them
	group  map[*graph.Node]int  // the step that computes a node

	stored  []*graph.Node               // values that need a place, in order of steps
	readers map[*graph.Node][]reading   // who reads a stored value or an input
	part    map[*graph.Node]part        // values written straight into a Concat
	inPlace map[*graph.Node]*graph.Node // values written straight into the input they update

	at     map[*graph.Node]Place
	floats int
	fills  []Fill
	out    []Step
}

type part struct {
	whole  *graph.Node
	offset int
}

// A reading is one use of a value: in which step, and whether that step reads
// each element just where it computes the same element.
type reading struct {
	step   int
	direct bool
}

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

// findLive lists what targets need, and finds which Expand, Transpose, Unfold and
// Const some reader must find written out. Readers come before what they read.
func (c *compiler) findLive(targets []*graph.Node) {
	for _, t := range targets {
		c.solid[bare(t)] = true
	}
	g := targets[0].Graph()
	for id, need := range slices.Backward(graph.Needed(targets...)) {
		if !need {
			continue
		}
		n := g.Node(id)
		c.live = append(c.live, n)
		if n.Op == graph.Input {
			c.inputs = append(c.inputs, n)
		}
		for _, in := range n.In {
			in = bare(in)
			switch {
			case n.Op == graph.Detach || twice(n):
			case n.Op.Elementwise() && in.Op != graph.Transpose && in.Op != graph.Unfold:
			case n.Op == graph.MatMul && (in.Op == graph.Transpose || in.Op == graph.Unfold):
			case n.Op == graph.Transpose && in.Op == graph.Unfold && !c.solid[n]: // only products read n
			default:
				c.solid[in] = true
			}
		}
	}
	slices.Reverse(c.live)
	slices.Reverse(c.inputs)
}

// takeProducts finds the products AB that only one node reads whose step can
// compute them: a Transpose, (AB)ᵀ = BᵀAᵀ, or a Fold.
func (c *compiler) takeProducts(targets []*graph.Node) {
	reads := map[*graph.Node]int{}
	for _, t := range targets {
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
		if n.Op == graph.Fold || (n.Op == graph.Transpose && c.solid[n]) {
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
	return (n.Op == graph.Expand || n.Op == graph.Transpose || n.Op == graph.Unfold) && !c.solid[n] && !isView(n)
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

// ready returns the step after which n can be read, -1 for inputs and constants.
func (c *compiler) ready(n *graph.Node) int {
	if s, ok := c.group[c.source(n)]; ok {
		return s
	}
	return -1
}

func isMap(n *graph.Node) bool { return n.Op.Elementwise() || n.Op == graph.Expand }

// schedule gives n a step: of its own, or a place in a Map of its shape.
func (c *compiler) schedule(n *graph.Node) {
	switch {
	case n.Op == graph.Input || n.Op == graph.Const || isView(n) || c.virtual(n) || c.within[n]:
		return
	case isMap(n):
		if s := c.join(n); s >= 0 {
			c.steps[s] = append(c.steps[s], n)
			c.group[n] = s
			return
		}
	}
	c.group[n] = len(c.steps)
	c.steps = append(c.steps, []*graph.Node{n})
}

// join returns the Map that n can be appended to, -1 for none.
func (c *compiler) join(n *graph.Node) int {
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

// findStored finds the readers of every value, and the values that outlive
// their step.
func (c *compiler) findStored(targets []*graph.Node) {
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
	for _, t := range targets {
		src := c.source(t)
		c.readers[src] = append(c.readers[src], reading{end, false})
	}
	for _, nodes := range c.steps {
		for _, n := range nodes {
			if len(c.readers[n]) > 0 {
				c.stored = append(c.stored, n)
			}
		}
	}
}

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
func (c *compiler) updateInPlace(updates []graph.Update) {
	for _, u := range updates {
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

// addWritten adds to the inputs those that are only written.
func (c *compiler) addWritten(updates []graph.Update) {
	for _, u := range updates {
		if !slices.Contains(c.inputs, u.X) {
			c.inputs = append(c.inputs, u.X)
		}
	}
}

// align is the number of floats to which buffers are aligned: a cache line.
const align = 16

// plan gives every stored value a place.
func (c *compiler) plan() {
	type room struct{ from, to int }
	var free []room // sorted, never adjacent
	release := func(r room) {
		i, _ := slices.BinarySearchFunc(free, r, func(a, b room) int { return a.from - b.from })
		free = slices.Insert(free, i, r)
		if i+1 < len(free) && free[i].to == free[i+1].from {
			free[i].to = free[i+1].to
			free = slices.Delete(free, i+1, i+2)
		}
		if i > 0 && free[i-1].to == free[i].from {
			free[i-1].to = free[i].to
			free = slices.Delete(free, i, i+1)
		}
	}
	take := func(floats int) room {
		floats = (floats + align - 1) / align * align
		best := -1
		for i, r := range free {
			if r.to-r.from >= floats && (best < 0 || r.to-r.from < free[best].to-free[best].from) {
				best = i
			}
		}
		if best < 0 {
			r := room{c.floats, c.floats + floats}
			c.floats += floats
			return r
		}
		r := room{free[best].from, free[best].from + floats}
		if free[best].from = r.to; free[best].from == free[best].to {
			free = slices.Delete(free, best, best+1)
		}
		return r
	}
	// A Concat lives from the first of its parts on.
	first := map[*graph.Node]int{}
	for _, n := range c.stored {
		first[n] = c.group[n]
	}
	for n, p := range c.part {
		first[p.whole] = min(first[p.whole], c.group[n])
	}
	last := func(n *graph.Node) int {
		end := c.group[n]
		for _, r := range c.readers[n] {
			end = max(end, r.step)
		}
		return end
	}
	wholeLast := map[*graph.Node]int{}
	for n, p := range c.part {
		wholeLast[p.whole] = max(wholeLast[p.whole], last(n))
	}
	starts, ends := make([][]*graph.Node, len(c.steps)+1), make([][]room, len(c.steps)+1)
	for _, n := range c.stored {
		if _, isPart := c.part[n]; !isPart && c.inPlace[n] == nil {
			starts[first[n]] = append(starts[first[n]], n)
		}
	}
	for s := range c.steps {
		for _, n := range starts[s] {
			r := take(n.Len())
			c.at[n] = Place{Offset: r.from, Len: n.Len()}
			end := max(last(n), wholeLast[n])
			ends[end] = append(ends[end], r)
		}
		for _, r := range ends[s] {
			release(r)
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

// place returns where n lies. Constants get their memory here.
func (c *compiler) place(n *graph.Node) Place {
	r, at := root(n)
	switch {
	case r.Op == graph.Input:
		return Place{r, at, n.Len()}
	case r.Op == graph.Const:
		length := 1 // a Map stretches it
		if c.solid[r] {
			length = r.Len()
		}
		p, ok := c.at[r]
		if !ok {
			p = Place{Offset: c.floats, Len: length}
			c.at[r] = p
			c.floats += (length + align - 1) / align * align
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

// emit writes the steps out.
func (c *compiler) emit(updates []graph.Update) {
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
			step.Kind = map[graph.Op]Kind{graph.Sum: Sum, graph.RowMax: RowMax, graph.OneHotMax: OneHotMax,
				graph.Unfold: Unfold, graph.Fold: Fold, graph.Pool: Pool, graph.Spread: Spread, graph.Transpose: Transpose}[n.Op]
			step.A = c.place(n.In[0])
		}
		step.Dst = c.place(n)
		c.out = append(c.out, step)
	}
	for _, u := range updates {
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
