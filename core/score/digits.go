package score

import (
	"fmt"
	"io"
	"io/fs"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
)

// The classifier of MNIST that stands in for Inception: a small residual network,
// as Gulrajani's own experiments used one, with ELU, batch normalisation and
// residuals scaled by .3. Every normalisation follows a convolution, into which it
// is folded once the network is trained.
//
//	conv3 1→16, then residual blocks to 16 (14×14), 16, 32 (7×7), 32, mean, linear 32→10
const (
	digitsWidth    = 16
	digitsResidual = .3
	digitsClasses  = 10
	digitsSide     = 28
)

// elu is x where x > 0 and eˣ - 1 elsewhere (Clevert et al.).
func elu(x maps) maps {
	x.Node = x.ReLU().Add(x.Min(x.Graph().Const(1, 1, 0)).Exp().AddConst(-1))
	return x
}

// digits returns the features, (n, 32), of n digits, (n·28·28, 1), where norm lays a
// normalised convolution.
func digits(x maps, norm func(x maps, name string, out int, w graph.Window) maps) *graph.Node {
	x = elu(norm(x, "first", digitsWidth, x.same(3, 3, 1)))
	for i, b := range []struct{ out, stride int }{{digitsWidth, 2}, {digitsWidth, 1}, {2 * digitsWidth, 2}, {2 * digitsWidth, 1}} {
		name := fmt.Sprintf("block%d", i)
		h := elu(norm(x, name+".first", b.out, x.same(3, 3, b.stride)))
		h = norm(h, name+".second", b.out, h.same(3, 3, 1))
		if b.stride > 1 {
			x = norm(x, name+".shortcut", b.out, x.same(1, 1, b.stride))
		}
		h.Node = x.Add(h.Scale(digitsResidual))
		x = elu(h)
	}
	return nn.MeanPlaces(x.Node, x.n)
}

// digitsName is the name of the classifier of MNIST.
const digitsName = "MNIST classifier"

// DigitsFile is what OpenDigits reads.
const DigitsFile = "classifier.safetensors"

// OpenDigits returns the classifier of MNIST, which takes grey images of 28 by 28,
// white on black, and has 10 classes and 32 features. It reads DigitsFile from fsys,
// the folder assets/mnist, whose README tells how it was trained.
func OpenDigits(fsys fs.FS) (Classifier, error) {
	f, err := fsys.Open(DigitsFile)
	if err != nil {
		return nil, fmt.Errorf("the classifier of MNIST: %w: assets/mnist/README.md tells how to make it", err)
	}
	defer f.Close()
	return ReadDigits(f)
}

// ReadDigits returns the classifier of MNIST with the weights in r, a file as
// OpenDigits reads.
func ReadDigits(r io.Reader) (Classifier, error) {
	s, err := data.ReadSafetensors(r)
	if err != nil {
		return nil, fmt.Errorf("the classifier of MNIST: %w: assets/mnist/README.md tells how to make it anew", err)
	}
	return Digits(s)
}

// Digits returns the classifier of MNIST with the weights in s. The error names the
// tensor that is missing or of another shape.
func Digits(s data.Store) (Classifier, error) {
	const batch = 50
	l := layers{g: graph.New()}
	x := l.g.Input("x", batch, digitsSide*digitsSide)
	features := digits(maps{x.Reshape(x.Len(), 1), batch, digitsSide, digitsSide}, l.conv)
	logits := l.conv(maps{features, batch, 1, 1}, "classes", digitsClasses, graph.Same(batch, 1, 1, features.Cols, 1, 1, 1))
	n := network{name: digitsName, batch: batch, in: x, p: logits.Softmax(), features: features, memory: newMemory(),
		takes: func(rows, cols, channels int) error {
			if rows != digitsSide || cols != digitsSide || channels != 1 {
				return fmt.Errorf("images are %d by %d with %d channels, and must be 28 by 28 with 1: it knows handwritten digits only", rows, cols, channels)
			}
			return nil
		},
		write: func(dst []float32, m *data.Images, i int) { m.Fill(dst, []int{i}) }}
	for _, c := range l.all {
		for _, part := range []struct {
			name string
			node *graph.Node
		}{{c.name + ".w", c.w}, {c.name + ".b", c.b}} {
			t, err := tensor(s, part.name, part.node.Rows, part.node.Cols)
			if err != nil {
				return nil, fmt.Errorf("the classifier of MNIST: %w: assets/mnist/README.md tells how to make it anew", err)
			}
			n.memory.Write(part.node, t)
		}
	}
	return n.compiled(), nil
}
