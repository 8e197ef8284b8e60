package wgan

import (
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// Points are examples of a distribution on the plane.
type Points struct{ data.Distribution }

// Count returns 0: points are drawn without end.
func (Points) Count() int { return 0 }

// Size returns 2.
func (Points) Size() int { return 2 }

// Classes returns 0: points have no labels.
func (Points) Classes() int { return 0 }

// Label returns 0.
func (Points) Label(int) int { return 0 }

// Fill draws points, x and y in turn.
func (p Points) Fill(dst []float32, _ []int, r *random.Stream) { p.Sample(dst, r) }

// Err returns nil.
func (Points) Err() error { return nil }

// ToyConfig says which experiment of section 3.1 and figure 1(a) to run.
type ToyConfig struct {
	Name  string // see Config
	Data  data.Distribution
	Fixed bool // the generator is not trained: fake = real + N(0, 1)
	Method
	Width      int    // of hidden layers, 512 in the paper's code
	Depth      int    // number of hidden layers, 3 there
	Activation string // see nn.Act
	Batch      int
	Optimiser  string  // "adam" (β .5, .9) or "rmsprop"
	Rate       string  // see Config
	Bound      float64 // see Config
	View       float64 // what is drawn is [-View, View]²
	Field      int     // points a side of the drawn field
}

// Sizes of what is drawn and measured.
const (
	latent  = 2   // dimensions of z
	shown   = 512 // samples drawn and measured
	lattice = 17  // points a side of the warp grid
	drawn   = 64  // of the last batch that are drawn, at most
)

// A Toy is a Trainer on points of the plane, with what is drawn and measured of it.
type Toy struct {
	*Trainer
	Plane ToyConfig

	points                       Points
	mlp                          nn.MLP // the critic
	measuring, drawing           *random.Stream
	gridIn, gridD, gridSlope     *graph.Node
	shownReal, shownZ, shownFake *graph.Node // shownZ is shownFake if the generator is fixed
	shownD                       [2]*graph.Node
	descent                      *graph.Node
	latticeZ, warp               *graph.Node
	probeIn, probeD, probeSlope  *graph.Node
	layerIn                      [3]*graph.Node  // real, fake and eps
	layerGrads                   [][]*graph.Node // of every layer

	view, measure, probe, layers program.Machine
}

// NewToy builds a toy on a run at step 0. It panics if the configuration makes no graph: a
// size below 1, an unknown activation.
func NewToy(r *train.Run, c ToyConfig) *Toy {
	t := &Toy{Plane: c, points: Points{c.Data}, measuring: r.Apart("measure"), drawing: r.Apart("frame")}
	var gen nn.MLP
	t.Trainer = NewTrainer(r, Config{Name: c.Name, Real: t.points, Latent: latent, Fixed: c.Fixed, Method: c.Method, Batch: c.Batch, GeneratorBatch: c.Batch, Groups: 1,
		Optimiser: c.Optimiser, Beta1: .5, Beta2: .9, Rate: c.Rate, Bound: c.Bound}, func(d, g *nn.Block) Networks {
		sizes := []int{2}
		for range c.Depth {
			sizes = append(sizes, c.Width)
		}
		t.mlp = nn.NewMLP(d, "critic", nn.Act(c.Activation), nn.ToyInit, append(sizes, 1)...)
		gen = nn.NewMLP(g, "generator", nn.Act(c.Activation), nn.ToyInit, append(sizes, 2)...)
		return Networks{Critic: t.mlp.Apply, Generator: func(z, _ *graph.Node) *graph.Node { return gen.Apply(z) }}
	})
	if centres, _ := c.Data.Modes(); centres != nil {
		r.Host(c.Name+"modes", centres, true)
	}
	t.openView(gen.Apply)
	return t
}

// points fills dst with a lattice of side² points over [-view, view]², row by row from
// y = -view.
func points(dst []float32, side int, view float64) {
	at := func(i int) float32 { return float32(view * (2*float64(i)/float64(side-1) - 1)) }
	for i := range side {
		for j := range side {
			dst[2*(i*side+j)], dst[2*(i*side+j)+1] = at(j), at(i)
		}
	}
}
