// Package program lays a graph out as steps over buffers.
//
// Compile drops what nothing needs, joins neighbouring element-by-element nodes
// of one shape into one Map step, turns views (Reshape, Detach, slices of one
// row, transposes below a product) into addresses, leaves the unfolding and
// folding of images to the products around them, and plans one block of
// memory in which buffers share room when their lives do not overlap. A program
// prints as text, one line a step. It knows no backend: core/cpu runs it.
package program

import (
	"fmt"
	"strings"

	"ganbel/core/graph"
)

// A Program is what a backend runs: its steps in order.
type Program struct {
	Steps  []Step
	Inputs []*graph.Node // every input that a step reads or an update writes
	Floats int           // length of the block that buffers share
	Fills  []Fill        // constants, written once before the first run

	places map[*graph.Node]Place
}

// A Place is where a value lies: in an input's own storage, or in the block.
type Place struct {
	Input  *graph.Node // nil for the block
	Offset int         // in floats
	Len    int
}

// A Fill is a constant that some step reads from memory.
type Fill struct {
	To Place
	K  float64
}

// Kind names what a step does.
type Kind uint8

// The kinds of step.
const (
	Map       Kind = iota // Code, element by element over (Rows, Cols)
	Gemm                  // Dst (M, N) = A·B, see Step
	Sum                   // Dst = A, (Rows, Cols), summed to Node's shape
	RowMax                // greatest of every row of A
	OneHotMax             // 1 at the first greatest of every row of A
	Unfold                // see graph.Window
	Fold                  // see graph.Window
	Pool                  // see graph.Window
	Spread                // see graph.Window
	Transpose             // Dst (Cols, Rows) = Aᵀ
	Columns               // copies (Rows, Cols) between matrices of FromCols and ToCols columns
)

var kindNames = [...]string{"Map", "Gemm", "Sum", "RowMax", "OneHotMax", "Unfold", "Fold", "Pool", "Spread", "Transpose", "Columns"}

// String returns the kind's name.
func (k Kind) String() string { return kindNames[k] }

// A Step is one piece of work.
type Step struct {
	Kind       Kind
	Node       *graph.Node // what it computes; of a Map, the last node
	Dst, A, B  Place
	Rows, Cols int // of the operand A; of a Map, of every value

	// Gemm: A is images to be unfolded where UnfoldA is not nil, then transposed
	// where TransA says so; so is B. Where Fold is not nil the product (M, N) is
	// folded to Dst. What is unfolded or to be folded need never be whole.
	TransA, TransB         bool
	UnfoldA, UnfoldB, Fold *graph.Window
	M, N, K                int

	FromCols, ToCols int // Columns: row lengths of source and destination

	Code  []Instr // Map
	Loads []Load  // Map: operands to be stretched to a tile
	Slots int     // Map: scratch tiles that Code needs
}

// An Instr is one operator of a Map, run tile by tile.
type Instr struct {
	Op   graph.Op
	K    float32
	A, B Operand
	Dst  int   // scratch slot, -1 for Out
	Out  Place // where the value is written
	// Late says that the value goes to slot Dst first and to Out at the end of
	// the tile, because Out still holds what other instructions read.
	Late bool
	Node *graph.Node // what it computes
}

// An Operand of an Instr is a scratch slot, or a value of full shape in memory.
type Operand struct {
	Slot  int // -1 for Place
	Place Place
}

// A Load stretches a row vector, a column vector or a scalar to a tile in a slot.
type Load struct {
	From       Place
	Rows, Cols int // of the operand: 1 where it is stretched
	Slot       int
}

// Place returns where the value of n lies after a run, until the next. It panics where n is
// neither an output of the program nor one of its inputs.
func (p *Program) Place(n *graph.Node) Place {
	at, ok := p.places[n]
	if !ok {
		panic(fmt.Sprintf("program: %v is not an output", n))
	}
	return at
}

// String returns the program as text, one line a step.
func (p *Program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d steps, %d floats\n", len(p.Steps), p.Floats)
	for _, f := range p.Fills {
		fmt.Fprintf(&b, "%v = %g\n", f.To, f.K)
	}
	for _, s := range p.Steps {
		b.WriteString(s.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// String returns the place as text, such as "@128+64" or "critic+512".
func (p Place) String() string {
	if p.Input != nil {
		if p.Offset > 0 {
			return fmt.Sprintf("%s@%d+%d", p.Input.Name, p.Offset, p.Len)
		}
		return fmt.Sprintf("%s+%d", p.Input.Name, p.Len)
	}
	return fmt.Sprintf("@%d+%d", p.Offset, p.Len)
}

// String returns the step as one line of text.
func (s Step) String() string {
	switch s.Kind {
	case Gemm:
		t := func(p Place, trans bool, w *graph.Window) string {
			text := p.String()
			if w != nil {
				text = fmt.Sprintf("Unfold(%s %v)", text, w)
			}
			if trans {
				text += "ᵀ"
			}
			return text
		}
		what := "Gemm"
		if s.Fold != nil {
			what = fmt.Sprintf("Fold %v Gemm", s.Fold)
		}
		return fmt.Sprintf("%v = %s %s %s (%d, %d, %d)", s.Dst, what, t(s.A, s.TransA, s.UnfoldA), t(s.B, s.TransB, s.UnfoldB), s.M, s.N, s.K)
	case Map:
		var b strings.Builder
		fmt.Fprintf(&b, "Map (%d, %d):", s.Rows, s.Cols)
		for _, l := range s.Loads {
			fmt.Fprintf(&b, " s%d=%v", l.Slot, l.From)
		}
		operand := func(o Operand) string {
			if o.Slot >= 0 {
				return fmt.Sprintf("s%d", o.Slot)
			}
			return o.Place.String()
		}
		for _, in := range s.Code {
			dst := fmt.Sprintf("s%d", in.Dst)
			switch {
			case in.Late:
				dst += "→" + in.Out.String()
			case in.Dst < 0:
				dst = in.Out.String()
			}
			fmt.Fprintf(&b, " %s=%s(%s", dst, in.Op, operand(in.A))
			if len(in.Node.In) == 2 {
				fmt.Fprintf(&b, " %s", operand(in.B))
			}
			if in.Op.Numbered() {
				fmt.Fprintf(&b, " %g", in.K)
			}
			b.WriteByte(')')
		}
		return b.String()
	case Columns:
		return fmt.Sprintf("%v/%d = Columns %v/%d (%d, %d)", s.Dst, s.ToCols, s.A, s.FromCols, s.Rows, s.Cols)
	case Unfold, Fold, Pool, Spread:
		return fmt.Sprintf("%v = %v %v %v", s.Dst, s.Kind, s.A, s.Node.Win)
	}
	return fmt.Sprintf("%v = %v %v (%d, %d)", s.Dst, s.Kind, s.A, s.Rows, s.Cols)
}
