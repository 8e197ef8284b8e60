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
	t := newDigitsTrainer(train, c)
	order, err := t.train(ctx)
	if err != nil {
		return data.Store{}, err
	}
	return t.folded(t.statistics(order)), nil
}

// A digitsTrainer is the classifier while it is trained.
type digitsTrainer struct {
	DigitsTraining
	digits     *data.Images
	x, y, rate *graph.Node
	block      *nn.Block
	all        []*normalised
	classes    nn.Linear
	loss       *graph.Node
	memory     program.Memory
}

// newDigitsTrainer lays the network out, with its first weights.
func newDigitsTrainer(train *data.Images, c DigitsTraining) *digitsTrainer {
	g, b := graph.New(), nn.NewBlock("digits")
	t := &digitsTrainer{DigitsTraining: c, digits: train, block: b,
		x: g.Input("x", c.Batch, digitsSide*digitsSide), y: g.Input("y", c.Batch, digitsClasses), rate: g.Input("rate", 1, 1)}
	// The parameters must be declared before the block is built, and the network can
	// be laid out only then: it is walked through twice.
	walk := func(norm func(x maps, name string, out int, w graph.Window) maps) *graph.Node {
		return digits(maps{t.x.Reshape(t.x.Len(), 1), c.Batch, digitsSide, digitsSide}, norm)
	}
	features := walk(func(x maps, name string, out int, w graph.Window) maps {
		in, places := w.KH*w.KW*w.C, w.KH*w.KW*out/(w.Stride*w.Stride)
		t.all = append(t.all, &normalised{name: name, conv: nn.NewLinear(b, name, in, out, nn.ConvHe(in, places)), norm: nn.NewNorm(b, name+".norm", out)})
		return maps{g.Const(w.N*w.OH*w.OW, out, 0), w.N, w.OH, w.OW}
	})
	t.classes = nn.NewLinear(b, "classes", features.Cols, digitsClasses, nn.Glorot(features.Cols, digitsClasses))
	b.Build(g)
	next := 0
	features = walk(func(x maps, name string, out int, w graph.Window) maps {
		n := t.all[next]
		next++
		h := n.conv.Apply(x.Unfold(w))
		scale := 1 / float64(h.Rows)
		n.mean = h.SumRows().Scale(scale)
		n.variance = h.Sub(n.mean).Square().SumRows().Scale(scale) // the nodes that Batch has, too
		return in(n.norm.Batch(h), w)
	})
	t.loss = nn.ClassCrossEntropy(t.classes.Apply(features), t.y)
	t.memory = cpu.Device(c.Goroutines)()
	program.Feed(t.memory, b.Node, func(dst []float32) { b.Init(dst, random.New(c.Seed, "digits")) })
	return t
}

// feed puts a batch of digits, by their numbers, and their labels where the network reads
// them.
func (t *digitsTrainer) feed(index []int) {
	program.Feed(t.memory, t.x, func(dst []float32) { t.digits.Fill(dst, index) })
	program.Feed(t.memory, t.y, func(labels []float32) {
		clear(labels)
		for i, k := range index {
			labels[i*digitsClasses+t.digits.Label(k)] = 1
		}
	})
}

// train makes all steps, and returns the order of the digits in the last epoch.
func (t *digitsTrainer) train(ctx context.Context) (order []int, err error) {
	step := t.memory.Open(program.Compile(nn.Adam{Rate: t.rate, Beta1: .9, Beta2: .999}.Minimize(t.loss, t.block), t.loss))
	defer step.Close()
	each, sum := t.digits.Count()/t.Batch, 0.
	shuffle := random.New(t.Seed, "digits.order")
	const told = 100
	for i := range t.Epochs * each {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if i%each == 0 {
			order = shuffle.Perm(t.digits.Count())
		}
		t.feed(order[i%each*t.Batch : (i%each+1)*t.Batch])
		t.memory.Write(t.rate, []float32{float32(t.Rate * (1 - float64(i)/float64(t.Epochs*each)))})
		step.Run()
		sum += step.Scalar(t.loss)
		if (i+1)%told == 0 && t.Log != nil {
			t.Log(i+1, t.Epochs*each, sum/told)
			sum = 0
		}
	}
	return order, nil
}

// statistics returns the mean and the variance of every normalisation over forty batches,
// or all that there are.
func (t *digitsTrainer) statistics(order []int) map[*graph.Node][]float64 {
	var all []*graph.Node
	for _, n := range t.all {
		all = append(all, n.mean, n.variance)
	}
	look := t.memory.Open(program.Compile(nil, all...))
	defer look.Close()
	total := map[*graph.Node][]float64{}
	batches := min(t.digits.Count()/t.Batch, 40)
	for i := range batches {
		t.feed(order[i*t.Batch : (i+1)*t.Batch])
		look.Run()
		for _, s := range all {
			if total[s] == nil {
				total[s] = make([]float64, s.Cols)
			}
			for j, v := range look.Read(s) {
				total[s][j] += float64(v) / float64(batches)
			}
		}
	}
	return total
}

// folded returns the weights for Digits: a convolution followed by its normalisation is a
// convolution with other weights.
//
//	w' = w·s,  b' = (b - mean)·s + offset,  s = scale / √(variance + ε)
func (t *digitsTrainer) folded(statistics map[*graph.Node][]float64) data.Store {
	theta := make([]float32, t.block.Len())
	t.memory.Read(t.block.Node, theta)
	of := func(p *nn.Param) []float32 { return theta[p.Offset : p.Offset+p.Rows*p.Cols] }
	s := data.Store{Tensors: map[string]data.Tensor{}}
	put := func(name string, rows, cols int, v []float32) {
		s.Tensors[name] = data.Tensor{Shape: []int{rows, cols}, Data: v}
	}
	for _, n := range t.all {
		w, bias, out := of(n.conv.W), of(n.conv.B), n.conv.W.Cols
		foldedW, foldedB := make([]float32, len(w)), make([]float32, out)
		for j := range out {
			scale := float64(of(n.norm.Scale)[j]) / math.Sqrt(statistics[n.variance][j]+nn.NormEps)
			for i := j; i < len(w); i += out {
				foldedW[i] = float32(float64(w[i]) * scale)
			}
			foldedB[j] = float32((float64(bias[j])-statistics[n.mean][j])*scale + float64(of(n.norm.Offset)[j]))
		}
		put(n.name+".w", n.conv.W.Rows, out, foldedW)
		put(n.name+".b", 1, out, foldedB)
	}
	put("classes.w", t.classes.W.Rows, digitsClasses, of(t.classes.W))
	put("classes.b", 1, digitsClasses, of(t.classes.B))
	return s
}
