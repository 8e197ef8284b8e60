//go:build !js

package score

import (
	"context"
	"fmt"
	"math"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// A DigitsTraining says how the classifier of MNIST is trained: by Adam (.9, .999)
// whose rate falls linearly to 0.
type DigitsTraining struct {
	Epochs, Batch int
	Rate          float64
	Seed          uint64
	Goroutines    int
	// Log is told the mean loss, in nats, of every hundred steps.
	Log func(step, steps int, loss float64)
}

// normalised is a convolution with batch normalisation while it is trained.
type normalised struct {
	name           string
	conv           nn.Linear
	norm           nn.Norm
	mean, variance *graph.Node // of the batch, (1, out)
}

// TrainDigits trains the classifier on digits with labels and returns its weights, for
// Digits, in which the normalisations are folded: with the mean and the variance over
// forty batches, after the last step. There must be a batch of digits at least. It
// returns ctx's error if ctx ends first, and an error for images that are no digits by
// their size or their number of classes.
func TrainDigits(ctx context.Context, train *data.Images, c DigitsTraining) (data.Store, error) {
	if k := train.Classes(); k > digitsClasses || train.Rows != digitsSide || train.Cols != digitsSide {
		return data.Store{}, fmt.Errorf("images are %d by %d in %d classes, and must be digits, 28 by 28 in 10", train.Rows, train.Cols, k)
	}
	g, b := graph.New(), nn.NewBlock("digits")
	var all []*normalised
	x, y, rate := g.Input("x", c.Batch, digitsSide*digitsSide), g.Input("y", c.Batch, digitsClasses), g.Input("rate", 1, 1)
	// The parameters must be declared before the block is built, and the network can
	// be laid out only then: it is walked through twice.
	walk := func(norm func(x maps, name string, out int, w graph.Window) maps) *graph.Node {
		return digits(maps{x.Reshape(x.Len(), 1), c.Batch, digitsSide, digitsSide}, norm)
	}
	features := walk(func(x maps, name string, out int, w graph.Window) maps {
		in, places := w.KH*w.KW*w.C, w.KH*w.KW*out/(w.Stride*w.Stride)
		all = append(all, &normalised{name: name, conv: nn.NewLinear(b, name, in, out, nn.ConvHe(in, places)), norm: nn.NewNorm(b, name+".norm", out)})
		return maps{g.Const(w.N*w.OH*w.OW, out, 0), w.N, w.OH, w.OW}
	})
	classes := nn.NewLinear(b, "classes", features.Cols, digitsClasses, nn.Glorot(features.Cols, digitsClasses))
	b.Build(g)
	var statistics []*graph.Node
	next := 0
	features = walk(func(x maps, name string, out int, w graph.Window) maps {
		n := all[next]
		next++
		h := n.conv.Apply(x.Unfold(w))
		scale := 1 / float64(h.Rows)
		n.mean = h.SumRows().Scale(scale)
		n.variance = h.Sub(n.mean).Square().SumRows().Scale(scale) // the nodes that Batch has, too
		statistics = append(statistics, n.mean, n.variance)
		return in(n.norm.Batch(h), w)
	})
	loss := nn.ClassCrossEntropy(classes.Apply(features), y)

	memory := cpu.Device(c.Goroutines)()
	program.Feed(memory, b.Node, func(dst []float32) { b.Init(dst, random.New(c.Seed, "digits")) })
	feed := func(index []int) {
		program.Feed(memory, x, func(dst []float32) { train.Fill(dst, index) })
		program.Feed(memory, y, func(labels []float32) {
			clear(labels)
			for i, k := range index {
				labels[i*digitsClasses+train.Label(k)] = 1
			}
		})
	}
	step := memory.Open(program.Compile(nn.Adam{Rate: rate, Beta1: .9, Beta2: .999}.Minimize(loss, b), loss))
	defer step.Close()
	each, order, sum := train.Count()/c.Batch, []int(nil), 0.
	shuffle := random.New(c.Seed, "digits.order")
	const told = 100
	for i := range c.Epochs * each {
		if err := ctx.Err(); err != nil {
			return data.Store{}, err
		}
		if i%each == 0 {
			order = shuffle.Perm(train.Count())
		}
		feed(order[i%each*c.Batch : (i%each+1)*c.Batch])
		memory.Write(rate, []float32{float32(c.Rate * (1 - float64(i)/float64(c.Epochs*each)))})
		step.Run()
		sum += step.Scalar(loss)
		if (i+1)%told == 0 && c.Log != nil {
			c.Log(i+1, c.Epochs*each, sum/told)
			sum = 0
		}
	}

	look := memory.Open(program.Compile(nil, statistics...))
	defer look.Close()
	total := map[*graph.Node][]float64{}
	batches := min(each, 40)
	for i := range batches {
		feed(order[i*c.Batch : (i+1)*c.Batch])
		look.Run()
		for _, s := range statistics {
			if total[s] == nil {
				total[s] = make([]float64, s.Cols)
			}
			for j, v := range look.Read(s) {
				total[s][j] += float64(v) / float64(batches)
			}
		}
	}
	theta := make([]float32, b.Len())
	memory.Read(b.Node, theta)
	of := func(p *nn.Param) []float32 { return theta[p.Offset : p.Offset+p.Rows*p.Cols] }
	s := data.Store{Tensors: map[string]data.Tensor{}}
	put := func(name string, rows, cols int, v []float32) {
		s.Tensors[name] = data.Tensor{Shape: []int{rows, cols}, Data: v}
	}
	for _, n := range all {
		w, bias, out := of(n.conv.W), of(n.conv.B), n.conv.W.Cols
		foldedW, foldedB := make([]float32, len(w)), make([]float32, out)
		for j := range out {
			scale := float64(of(n.norm.Scale)[j]) / math.Sqrt(total[n.variance][j]+nn.NormEps)
			for i := j; i < len(w); i += out {
				foldedW[i] = float32(float64(w[i]) * scale)
			}
			foldedB[j] = float32((float64(bias[j])-total[n.mean][j])*scale + float64(of(n.norm.Offset)[j]))
		}
		put(n.name+".w", n.conv.W.Rows, out, foldedW)
		put(n.name+".b", 1, out, foldedB)
	}
	put("classes.w", classes.W.Rows, digitsClasses, of(classes.W))
	put("classes.b", 1, digitsClasses, of(classes.B))
	return s, nil
}
