package wgan

import (
	"fmt"
	"math"
	"slices"

	"ganbel/core/graph"
	"ganbel/core/measure"
	"ganbel/core/program"
	"ganbel/core/random"
)

// SampleBatch is how many examples are made at once to be drawn and scored: the
// generator's batch norm is over as many, as in the authors' code.
const SampleBatch = 100

// A sampler makes examples.
type sampler struct {
	z, labels, fake *graph.Node
	machine         program.Machine
}

// Losses returns the losses of the last steps: of the critic, the generator and the
// penalty, NaN where the rule has none or there was no step since the game was
// opened.
func (m *Game) Losses() (critic, generator, penalty float64) {
	if m.Iteration == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	penalty = math.NaN()
	if m.Penalised() {
		penalty = m.critic.machine.Scalar(m.critic.loss.Penalty)
	}
	return m.critic.machine.Scalar(m.critic.loss.Loss), m.generator.machine.Scalar(m.generator.loss), penalty
}

// Slopes returns ‖∇D(x̂)‖ at the interpolates of the last critic step, nil where the
// rule has no penalty.
func (m *Game) Slopes() []float32 {
	if !m.Penalised() {
		return nil
	}
	return m.critic.machine.Read(m.critic.loss.Slope)
}

// Accuracies returns the share of the last critic step's real and generated examples
// that AC-GAN's head takes for the class that they have, NaN where there is no head.
func (m *Game) Accuracies() (real, fake float64) {
	if m.net.Classify == nil {
		return math.NaN(), math.NaN()
	}
	labels := make([]float32, m.critic.labels.Len())
	m.Memory.Read(m.critic.labels, labels)
	share := func(n *graph.Node) (s float64) {
		for i, x := range m.critic.machine.Read(n) {
			s += float64(x*labels[i]) / float64(m.Batch)
		}
		return s
	}
	return share(m.right[0]), share(m.right[1])
}

// CriticLosses returns the critic's loss, penalty and all, as figure 5 plots it, and
// its estimate of W₁, on n batches of training and of validation examples; NaN for
// validation where there is none. Which they are depends only on the seed and the
// iteration.
func (m *Game) CriticLosses(n int) (training, validation, estimate, estimateValidation float64) {
	mean := func(from Examples) (loss, estimate float64) {
		if from == nil || from.Count() < m.Batch {
			return math.NaN(), math.NaN()
		}
		r := m.Streams["validation"]
		r.Seek(uint64(m.Iteration) << 28)
		m.turn()
		for range n {
			index := make([]int, m.Batch)
			for i := range index {
				index[i] = r.Intn(from.Count())
			}
			m.load(&m.validation, from, index, r, r, r)
			m.validation.machine.Run()
			loss += m.validation.machine.Scalar(m.validation.loss.Loss) / float64(n)
			estimate += m.validation.machine.Scalar(m.validation.loss.Estimate) / float64(n)
		}
		return loss, estimate
	}
	training, estimate = mean(m.Real)
	validation, estimateValidation = mean(m.Validation)
	return training, validation, estimate, estimateValidation
}

// Samples calls f with n generated examples, a multiple of SampleBatch, in batches of
// as many, (SampleBatch, size), which are valid until f returns. They are of noise
// that depends only on the seed and on which, so that one which always shows the same
// z. Labelled networks make the classes in turn: example i is of class i mod K.
func (m *Game) Samples(which uint64, n int, f func(batch []float32)) {
	for r := m.sampling(which); n > 0; n -= SampleBatch {
		m.Memory.Normal(m.sampler.z, r)
		f(m.sample())
	}
}

// newSampler declares what generates the examples of Samples.
func (m *Game) newSampler() sampler {
	s := sampler{z: m.graph.Input("sample z", SampleBatch, m.Latent)}
	if k := m.Classes(); k > 0 {
		s.labels = m.graph.Input("sample labels", SampleBatch, k)
	}
	s.fake = m.net.Generator(s.z, s.labels)
	s.machine = m.Look(s.fake)
	return s
}

// sampling returns the stream of Samples' noise at its beginning.
func (m *Game) sampling(which uint64) *random.Stream {
	r := m.Streams["frame"]
	r.Seek(which << 40)
	return r
}

// sample runs the sampler on the z that it has.
func (m *Game) sample() []float32 {
	m.sampler.machine.Run()
	return m.sampler.machine.Read(m.sampler.fake)
}

// Between returns examples, (n, size), valid until the next sample, of places between
// those of Samples(0): row i of weights, (n, k), n at most SampleBatch, makes
// Σ wⱼzⱼ / ‖w‖ of the z of the k samples that of numbers, so that it is as long as a
// z of its own. The rest of the batch, which matters to batch norm, is Samples(0)'s.
// It panics where weights are no n rows or a sample is none of the batch.
func (m *Game) Between(of []int, weights []float32) []float32 {
	n, k := len(weights)/max(1, len(of)), len(of)
	if n < 1 || n > SampleBatch || n*k != len(weights) {
		panic(fmt.Sprintf("wgan: %d weights between %d samples", len(weights), k))
	}
	noise := m.sampling(0)
	z := make([]float32, m.sampler.z.Len())
	noise.Normal(z)
	mixed := slices.Clone(z)
	clear(mixed[:n*m.Latent])
	for i := range n {
		w, row := weights[i*k:(i+1)*k], mixed[i*m.Latent:(i+1)*m.Latent]
		norm := float32(0)
		for _, x := range w {
			norm += x * x
		}
		norm = float32(math.Sqrt(float64(norm)))
		for j, at := range of {
			for d, x := range z[at*m.Latent : (at+1)*m.Latent] {
				row[d] += w[j] / norm * x
			}
		}
	}
	m.Memory.Write(m.sampler.z, mixed)
	return m.sample()[:n*m.Real.Size()]
}

// SlopeMean returns the mean of ‖∇D(x̂)‖ in the last critic step, NaN where the rule
// has no penalty.
func (m *Game) SlopeMean() float64 {
	if !m.Penalised() || m.Iteration == 0 {
		return math.NaN()
	}
	return measure.Mean(m.Slopes())
}
