// Package nn builds layers, losses and optimisers as nodes of a graph.
//
// There is no model type and no trainer: a layer is a few parameters and an
// Apply, an optimiser is a list of updates.
package nn

import (
	"fmt"
	"math"
	"strings"

	"ganbel/core/graph"
	"ganbel/core/random"
)

// A Block is all parameters of a network in one row of memory, so that one
// update, one norm and one checkpoint entry are enough.
type Block struct {
	Name   string
	Node   *graph.Node // (1, n), nil until Build
	params []*Param
	floats int
}

// A Param is one matrix of parameters within a Block.
type Param struct {
	Name       string
	Rows, Cols int
	Offset     int         // in the block
	Node       *graph.Node // (Rows, Cols), nil until the block is built
	Init       Init        // how it begins
}

// Tensor returns what a saved run calls the parameter: "critic.2.weight" for the weights
// "critic.2.w", "critic.2.bias" for the biases "critic.2.b", and its name for any other.
func (p *Param) Tensor() string {
	for short, long := range map[string]string{".w": ".weight", ".b": ".bias"} {
		if layer, ok := strings.CutSuffix(p.Name, short); ok {
			return layer + long
		}
	}
	return p.Name
}

// An Init is how a parameter begins: uniform on (-Bound, Bound) around Mean.
type Init struct{ Mean, Bound float64 }

// Uniform returns the initialisation whose standard deviation is s. WGAN-GP
// draws all weights from such uniforms.
func Uniform(s float64) Init { return Init{Bound: s * math.Sqrt(3)} }

// Glorot returns the uniform initialisation of Glorot & Bengio: s = √(2/(in+out)).
func Glorot(in, out int) Init { return Uniform(math.Sqrt(2 / float64(in+out))) }

// He returns the uniform initialisation of He et al.: s = √(2/in).
func He(in int) Init { return Uniform(math.Sqrt(2 / float64(in))) }

// ConvHe returns the initialisation of convolutions in Gulrajani et al.'s code:
// s = √(4/(fan in + fan out)), which is neither He's nor Glorot's.
func ConvHe(in, out int) Init { return Uniform(math.Sqrt(4 / float64(in+out))) }

// NewBlock returns an empty block, whose name must be new to the graph it will be
// built in.
func NewBlock(name string) *Block { return &Block{Name: name} }

// Add declares a parameter of shape (rows, cols) that begins as init says. Its
// Node can be used once the block is built. It panics where the block is already.
func (b *Block) Add(name string, rows, cols int, init Init) *Param {
	if b.Node != nil {
		panic(fmt.Sprintf("nn: block %q is built, no room for %q", b.Name, name))
	}
	p := &Param{Name: name, Rows: rows, Cols: cols, Offset: b.floats, Init: init}
	b.params = append(b.params, p)
	b.floats += rows * cols
	return p
}

// Build makes the block a state of g, (1, Len), and every parameter a view of it.
func (b *Block) Build(g *graph.Graph) {
	b.Node = g.State(b.Name, 1, b.floats, 0)
	for _, p := range b.params {
		p.Node = b.Node.Slice(p.Offset, p.Offset+p.Rows*p.Cols).Reshape(p.Rows, p.Cols)
	}
}

// Len returns the number of elements of all parameters.
func (b *Block) Len() int { return b.floats }

// Params returns the parameters in order.
func (b *Block) Params() []*Param { return b.params }

// Init writes initial values into dst, which must have Len elements, drawing the
// parameters in order.
func (b *Block) Init(dst []float32, r *random.Stream) {
	for _, p := range b.params {
		v := dst[p.Offset : p.Offset+p.Rows*p.Cols]
		if p.Init.Bound == 0 {
			for i := range v {
				v[i] = float32(p.Init.Mean)
			}
			continue
		}
		r.Uniform(v)
		for i, u := range v {
			v[i] = float32(p.Init.Mean + p.Init.Bound*(2*float64(u)-1))
		}
	}
}

// Grad returns the gradient of loss, (1, 1), with respect to the whole block, (1, Len).
func (b *Block) Grad(loss *graph.Node) *graph.Node {
	wrt := make([]*graph.Node, len(b.params))
	for i, p := range b.params {
		wrt[i] = p.Node
	}
	grads := graph.Grad(loss, wrt...)
	for i, g := range grads {
		grads[i] = g.Reshape(1, g.Len())
	}
	return graph.ConcatCols(grads...)
}
