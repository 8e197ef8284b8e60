package wgan

import (
	"math"

	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// openView builds what is drawn and measured: it reads the networks and changes
// nothing.
func (t *Toy) openView(critic, gen Net) {
	g := t.graph
	t.gridIn = g.Input("grid", t.Field*t.Field, 2)
	t.gridD, t.gridSlope = critic(t.gridIn), Slope(critic, t.gridIn)
	outs := []*graph.Node{t.gridD, t.gridSlope}
	t.shownReal = g.Input("shown real", shown, 2)
	if t.Fixed {
		t.shownFake = g.Input("shown fake", shown, 2)
	} else {
		t.shownZ, t.latticeZ = g.Input("shown z", shown, latent), g.Input("lattice", lattice*lattice, latent)
		t.shownFake, t.warp = gen(t.shownZ), gen(t.latticeZ)
		outs = append(outs, t.warp, t.shownFake)
	}
	t.descent = graph.Grad(critic(t.shownFake).Sum(), t.shownFake)[0]
	t.view = t.Look(append(outs, t.descent)...)
	t.shownD = [2]*graph.Node{critic(t.shownReal), critic(t.shownFake)}
	t.measure = t.Look(t.shownD[0], t.shownD[1], t.shownFake)

	t.probeIn = g.Input("probe", drawn, 2)
	t.probeD = critic(t.probeIn)
	t.probeSlope = graph.Grad(t.probeD.Sum(), t.probeIn)[0]
	t.probe = t.Look(t.probeD, t.probeSlope)

	b := t.rows()
	real, fake, eps := g.Input("layers real", b, 2), g.Input("layers fake", b, 2), g.Input("layers eps", b, 1)
	zero := g.Input("zero", 1, 1)
	l := t.Method.Critic(func(x *graph.Node) *graph.Node {
		all := activations(t.critic, x, zero)
		return all[len(all)-1]
	}, real, fake, eps, t.lambda)
	t.layerIn, t.layerGrads = [3]*graph.Node{real, fake, eps}, make([][]*graph.Node, len(t.critic.Layers))
	var all []*graph.Node
	for _, x := range []*graph.Node{real, fake, l.Mix} {
		for i, n := range graph.Grad(l.Loss, activations(t.critic, x, zero)...) {
			if n.Op == graph.Const && n.K == 0 { // the penalty of a ReLU net has no gradient by its activations
				continue
			}
			t.layerGrads[i] = append(t.layerGrads[i], n)
			all = append(all, n)
		}
	}
	t.layers = t.Look(all...)
}

// activations returns what every layer of m makes of x, (batch, width), first layer
// first: after the nonlinearity, but for the last layer, which has none. zero,
// (1, 1), which is added to each, keeps it apart from what a nonlinearity's
// derivative is computed from, such as tanh x in 1 - tanh² x: that would count as a
// way on which an activation acts on the penalty.
func activations(m nn.MLP, x, zero *graph.Node) (all []*graph.Node) {
	for i, l := range m.Layers {
		x = l.Apply(x)
		if i < len(m.Layers)-1 {
			x = m.Act(x)
		}
		x = x.Add(zero)
		all = append(all, x)
	}
	return all
}

// read returns a copy of an input.
func (t *Toy) read(n *graph.Node) []float32 {
	v := make([]float32, n.Len())
	t.Memory.Read(n, v)
	return v
}

// rows returns how many rows of a batch are drawn.
func (t *Toy) rows() int { return min(drawn, t.ToyConfig.Batch) }

// Stepped reports whether there was a critic step since the run was opened or its
// state was replaced: else CriticLoss, Penalty, Slopes, Means, Batch and Layers
// have nothing to tell.
func (t *Toy) Stepped() bool { return t.stepped }

// CriticLoss returns the loss of the last critic step.
func (t *Toy) CriticLoss() float64 { return t.criticStep.Scalar(t.loss.Loss) }

// GeneratorLoss returns the loss of the last generator step, NaN where there was
// none since the run was opened or its state was replaced.
func (t *Toy) GeneratorLoss() float64 {
	if !t.taught {
		return math.NaN()
	}
	return t.generatorStep.Scalar(t.generatorLoss)
}

// Penalty returns λ·mean (‖∇D(x̂)‖ - 1)² of the last critic step, whether or not
// its rule added that to the loss.
func (t *Toy) Penalty() float64 { return t.criticStep.Scalar(t.loss.Penalty) }

// Slopes returns ‖∇D(x̂)‖ at the interpolates of the last critic step. It is
// valid until the next.
func (t *Toy) Slopes() []float32 { return t.criticStep.Read(t.loss.Slope) }

// Means returns mean D(real) and mean D(fake) of the last critic step.
func (t *Toy) Means() (real, fake float64) {
	return mean(t.criticStep.Read(t.loss.Real)), mean(t.criticStep.Read(t.loss.Fake))
}

func mean(v []float32) (m float64) {
	for _, x := range v {
		m += float64(x) / float64(len(v))
	}
	return m
}

// A Batch is the first rows, 64 at most, of the last critic step's batch, and what
// that step computed of them before it changed the critic. Row i of all belongs
// together. Its slices are valid until the next critic step.
type Batch struct {
	Noise                  []float32 // z, (b, 2); nil for a fixed generator
	Real, Fake, Mix        []float32 // x, x̃ = G(z) and x̂, (b, 2)
	Slope                  []float32 // ‖∇D(x̂)‖, (b)
	CriticReal, CriticFake []float32 // D(x) and D(x̃), (b)
}

// Batch returns the rows of the last critic step.
func (t *Toy) Batch() Batch {
	m, b := t.criticStep, t.rows()
	batch := Batch{
		Real: t.read(t.real)[:2*b], Fake: m.Read(t.fake)[:2*b], Mix: m.Read(t.loss.Mix)[:2*b],
		Slope: m.Read(t.loss.Slope)[:b], CriticReal: m.Read(t.loss.Real)[:b], CriticFake: m.Read(t.loss.Fake)[:b],
	}
	if !t.Fixed {
		batch.Noise = t.read(t.z)[:2*b]
	}
	return batch
}

// Layers returns what figure 1(b) plots: for every layer of the critic, first layer
// first, the norm of the gradient of the critic's loss by that layer's activations.
// The critic is the present one, the loss that of Batch's rows; the norm is the
// Euclidean one over all rows of real, fake and interpolates and all units.
func (t *Toy) Layers() []float64 {
	batch := t.Batch()
	t.Memory.Write(t.layerIn[0], batch.Real)
	t.Memory.Write(t.layerIn[1], batch.Fake)
	t.Memory.Write(t.layerIn[2], t.read(t.eps)[:t.rows()])
	t.turn()
	t.layers.Run()
	norms := make([]float64, len(t.layerGrads))
	for i, grads := range t.layerGrads {
		for _, n := range grads {
			for _, d := range t.layers.Read(n) { // in float64: 1e-30 has no square in float32
				norms[i] += float64(d) * float64(d)
			}
		}
		norms[i] = math.Sqrt(norms[i])
	}
	return norms
}

// Weights returns the critic's weights without its biases, those of a layer as one
// slice, first layer first.
func (t *Toy) Weights() [][]float32 {
	all, theta := make([][]float32, len(t.critic.Layers)), t.read(t.blockD.Node)
	for i, l := range t.critic.Layers {
		all[i] = theta[l.W.Offset : l.W.Offset+l.W.Rows*l.W.Cols]
	}
	return all
}

// Evaluate returns D, (n), and ∇D, (n, 2), at n points, (n, 2).
func (t *Toy) Evaluate(points []float32) (critic, gradient []float32) {
	for at, n := 0, 0; at < len(points); at += n {
		program.Feed(t.Memory, t.probeIn, func(dst []float32) { n = copy(dst, points[at:]) })
		t.probe.Run()
		critic = append(critic, t.probe.Read(t.probeD)[:n/2]...)
		gradient = append(gradient, t.probe.Read(t.probeSlope)[:n]...)
	}
	return critic, gradient
}

// Samples returns fresh real points, fakes, and the critic's estimate of W₁ on
// them, mean D(real) - mean D(fake). The points are valid until the next call.
// Which points they are depends only on the seed and the iteration, not on how
// often Samples was called.
func (t *Toy) Samples() (real, fake []float32, estimate float64) {
	t.seek("measure")
	t.draw(t.shownReal, t.shownZ, t.shownFake, "measure", "measure")
	t.measure.Run()
	for i, d := range t.measure.Read(t.shownD[0]) {
		estimate += float64(d-t.measure.Read(t.shownD[1])[i]) / shown
	}
	return t.read(t.shownReal), t.measure.Read(t.shownFake), estimate
}

// seek places a stream where this iteration's numbers begin.
func (t *Toy) seek(purpose string) { t.Streams[purpose].Seek(uint64(t.Iteration) << 24) }

// A View is what can be drawn of a toy run. Its slices are valid until the next.
type View struct {
	Real, Fake       []float32 // (512, 2); always of the same noise, so that points move
	Descent          []float32 // ∇D at every one of Fake, (512, 2): a generator follows it uphill
	Critic, Gradient []float32 // D and ‖∇D‖ over the (Field, Field) lattice of [-View, View]²
	Warp             []float32 // (17, 17, 2): where G sends the lattice of [-2, 2]²; nil for a fixed generator
	WarpSide         int
}

// View computes what can be drawn now.
func (t *Toy) View() View {
	t.Streams["frame"].Seek(0)
	t.draw(t.shownReal, t.shownZ, t.shownFake, "frame", "frame")
	t.view.Run()
	v := View{Real: t.read(t.shownReal), Critic: t.view.Read(t.gridD), Gradient: t.view.Read(t.gridSlope), Descent: t.view.Read(t.descent)}
	if t.Fixed {
		v.Fake = t.read(t.shownFake)
	} else {
		v.Fake, v.Warp, v.WarpSide = t.view.Read(t.shownFake), t.view.Read(t.warp), lattice
	}
	return v
}
