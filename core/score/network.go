package score

import (
	"fmt"
	"runtime"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// maps are what a layer makes of n images of h by w, (n·h·w, channels).
type maps struct {
	*graph.Node
	n, h, w int
}

// same and valid return the windows of those paddings over the maps.
func (m maps) same(kh, kw, stride int) graph.Window {
	return graph.Same(m.n, m.h, m.w, m.Cols, kh, kw, stride)
}

func (m maps) valid(kh, kw, stride int) graph.Window {
	return graph.Valid(m.n, m.h, m.w, m.Cols, kh, kw, stride)
}

// in returns a node of a layer with this window as maps.
func in(n *graph.Node, w graph.Window) maps { return maps{n, w.N, w.OH, w.OW} }

func (m maps) relu() maps { return maps{m.ReLU(), m.n, m.h, m.w} }

// maxPool3 is the pool of both image networks: 3 by 3 at every second place.
func (m maps) maxPool3() maps {
	w := m.valid(3, 3, 2)
	return in(nn.MaxPool(m.Node, w), w)
}

// beside returns maps of the same places, side by side.
func beside(all ...maps) maps {
	m, nodes := all[0], make([]*graph.Node, len(all))
	for i := range all {
		nodes[i] = all[i].Node
	}
	m.Node = graph.ConcatCols(nodes...)
	return m
}

// A layer is a convolution, or a product, that waits for its weights.
type layer struct {
	name   string
	window graph.Window
	w, b   *graph.Node // (KH·KW·C, out) and (1, out)
}

// layers declares the layers of a network, as inputs of its graph.
type layers struct {
	g   *graph.Graph
	all []layer
}

// conv lays a convolution with a bias over the maps.
func (l *layers) conv(x maps, name string, out int, w graph.Window) maps {
	c := layer{name, w, l.g.Input(name+".w", w.KH*w.KW*w.C, out), l.g.Input(name+".b", 1, out)}
	l.all = append(l.all, c)
	below := x.Node
	if w != x.valid(1, 1, 1) {
		below = below.Unfold(w)
	}
	return in(below.MatMul(c.w).Add(c.b), w)
}

// A network is a Classifier made of a graph for batches of so many images.
type network struct {
	name        string
	batch       int
	in          *graph.Node    // (batch, rows·cols·channels)
	p, features *graph.Node    // (batch, classes) and (batch, d)
	memory      program.Memory // has the weights
	takes       func(rows, cols, channels int) error
	// write puts image i of m into a row of in.
	write func(dst []float32, m *data.Images, i int)

	program *program.Program
}

// newMemory returns a memory on all cores of the processor.
func newMemory() program.Memory { return cpu.Device(runtime.GOMAXPROCS(0))() }

// compiled returns the network ready to classify.
func (n network) compiled() *network {
	n.program = program.Compile(nil, n.p, n.features)
	return &n
}

func (n *network) Name() string { return n.name }
func (n *network) Classes() int { return n.p.Cols }

func (n *network) Takes(rows, cols, channels int) error {
	if err := n.takes(rows, cols, channels); err != nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	return nil
}

func (n *network) Classify(m *data.Images) (p, features []float32) {
	if err := n.Takes(m.Shape()); err != nil {
		panic("score: " + err.Error())
	}
	machine := n.memory.Open(n.program)
	defer machine.Close()
	for from := 0; from < m.Count(); from += n.batch {
		now := min(n.batch, m.Count()-from)
		program.Feed(n.memory, n.in, func(x []float32) {
			for i := range now { // the rows of a short batch's rest are computed in vain
				n.write(x[i*n.in.Cols:(i+1)*n.in.Cols], m, from+i)
			}
		})
		machine.Run()
		p = append(p, machine.Read(n.p)[:now*n.p.Cols]...)
		features = append(features, machine.Read(n.features)[:now*n.features.Cols]...)
	}
	return p, features
}
