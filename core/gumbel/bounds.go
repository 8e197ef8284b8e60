package gumbel

import (
	"fmt"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/measure"
	"ganbel/core/program"
)

// testDigits is how many images are weighed at once.
const testDigits = 100

// bounds weighs hard samples of test images: log p(x|z), and with a prior
// + log p(z) - log q(z|x).
type bounds struct {
	x, first  *graph.Node   // images, and the first layer's logits of them
	given     *graph.Node   // the same logits, as an input
	noise     []*graph.Node // of every layer
	logWeight *graph.Node   // (testDigits, 1)

	encode, weigh program.Machine
}

func (t *training) newBounds(g *graph.Graph) (b bounds) {
	b.x = g.Input("test x", testDigits, t.pixels)
	c := t.model(b.x)
	b.first = c.Layers[0].Logits(c.X)
	b.encode = t.run.Look(b.first)
	b.given = g.Input("test logits", testDigits, c.Layers[0].Width())
	c.Layers = append([]Layer{{c.Layers[0].Variables, func(*graph.Node) *graph.Node { return b.given }}}, c.Layers[1:]...)
	b.noise = c.noise("test u")
	b.logWeight = c.logWeight(c.through(c.hard(b.noise)))
	b.weigh = t.run.Look(b.logWeight)
	return b
}

// Bounds returns, of count images from the given one on, in nats, each image's
// log (1/m) Σ w over m ≥ 1 hard samples, and its mean log w, which is the lower:
// with w = p(x|z) of a model without a prior, and p(x, z)/q(z|x) with one, so that
// the first is the multi-sample bound on log p(x) and the second the ELBO.
// from and count are multiples of 100 within the images. The result depends only on
// the seed, the parameters and, where pixels are dynamic or the slope is annealed,
// on these; not on how the images are parted.
func (t *training) Bounds(images *data.Images, from, count, m int) (bound, mean []float64) {
	if m < 1 || from%testDigits != 0 || count%testDigits != 0 || from < 0 || from+count > images.Count() {
		panic(fmt.Sprintf("gumbel: bounds with %d samples of %d images from %d on, of %d: they come in hundreds", m, count, from, images.Count()))
	}
	b, r := &t.bounds, t.measured
	index := make([]int, testDigits)
	for at := from; at < from+count; at += testDigits {
		for i := range index {
			index[i] = at + i
		}
		r.Seek(uint64(at) << 32)
		t.load(b.x, images, index, r)
		b.encode.Run()
		t.run.Memory.Write(b.given, b.encode.Read(b.first))
		var weights [testDigits]measure.LogMean
		for range m {
			for _, u := range b.noise {
				t.run.Memory.Uniform(u, r)
			}
			b.weigh.Run()
			for i, x := range b.weigh.Read(b.logWeight) {
				weights[i].Add(float64(x))
			}
		}
		for i := range weights {
			bound = append(bound, weights[i].Value())
			mean = append(mean, weights[i].Mean())
		}
	}
	return bound, mean
}

// Bound returns the multi-sample bound on -log p(x) of count test images with m ≥ 1
// hard samples each, the mean of the first numbers of Bounds, negated, and the mean
// of the second. count is rounded up to a multiple of 100 and at most the number of
// test images.
func (t *training) Bound(count, m int) (bound, mean float64) {
	batches := min((count+testDigits-1)/testDigits, t.Test.Count()/testDigits)
	logs, means := t.Bounds(t.Test, 0, batches*testDigits, m)
	for i := range logs {
		bound -= logs[i] / float64(len(logs))
		mean -= means[i] / float64(len(logs))
	}
	return bound, mean
}
