//go:build !js

package score

import (
	"fmt"
	"io"
	"math"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// A Form is one of the published forms of Inception v3 (Szegedy et al., 2015), which
// differ in details.
type Form struct {
	Name    string
	Classes int
	// PadMeans: the average pools of the blocks count the padding as zeros.
	PadMeans bool
	// LastMax: the pool of the last block takes the greatest, not the mean.
	LastMax bool
	// Bias: the softmax has its bias.
	Bias bool
	// HalfPixel: images are enlarged as if pixels were squares; else as TensorFlow 1 did
	// it, as if they were points, the first of them at the first of the larger image.
	HalfPixel bool
	// Offset and Scale bring every channel, 0 to 255, to what the network takes:
	// (x - Offset)·Scale.
	Offset, Scale [3]float64
}

// The forms.
var (
	// TensorFlow2015 is the graph of 2015-12-05, whose score is the Inception Score
	// (Salimans et al., 2016) and whose features are FID's (Heusel et al., 2017).
	TensorFlow2015 = Form{Name: inception2015, Classes: 1008, LastMax: true,
		Offset: [3]float64{128, 128, 128}, Scale: [3]float64{1. / 128, 1. / 128, 1. / 128}}
	// Torchvision is torchvision's inception_v3 as its published weights take it, with
	// transform_input.
	Torchvision = Form{Name: "Inception v3 of torchvision", Classes: 1000, PadMeans: true, Bias: true, HalfPixel: true,
		Offset: [3]float64{127.5, 127.5, 127.5}, Scale: [3]float64{1 / 127.5, 1 / 127.5, 1 / 127.5}}
	// TorchvisionRaw is the same without transform_input: normalised by the mean and the
	// standard deviation of ImageNet's channels.
	TorchvisionRaw = Form{Name: "Inception v3 of torchvision, raw input", Classes: 1000, PadMeans: true, Bias: true, HalfPixel: true,
		Offset: [3]float64{255 * .485, 255 * .456, 255 * .406}, Scale: [3]float64{1 / (255 * .229), 1 / (255 * .224), 1 / (255 * .225)}}
)

const (
	inceptionSide     = 299
	inceptionFeatures = 2048
	inceptionEps      = 1e-3 // beside the variance in every normalisation
)

// inception is the network as it is laid out.
type inception struct {
	layers
	form   Form
	blocks []block // in order, for tests
}

type block struct {
	name string
	maps
}

// end notes what a block gives.
func (v *inception) end(name string, m maps) maps {
	v.blocks = append(v.blocks, block{name, m})
	return m
}

// basic is a convolution, its normalisation folded in, and relu.
func (v *inception) basic(x maps, name string, out int, w graph.Window) maps {
	return v.conv(x, name, out, w).relu()
}

// one, square and long lay kernels of 1 by 1, k by k and kh by kw with SAME padding.
func (v *inception) one(x maps, name string, out int) maps {
	return v.basic(x, name, out, x.valid(1, 1, 1))
}

func (v *inception) square(x maps, name string, out, k int) maps {
	return v.basic(x, name, out, x.same(k, k, 1))
}

func (v *inception) long(x maps, name string, out, kh, kw int) maps {
	return v.basic(x, name, out, x.same(kh, kw, 1))
}

// half lays a kernel of 3 by 3 at every second place, without padding.
func (v *inception) half(x maps, name string, out int) maps {
	return v.basic(x, name, out, x.valid(3, 3, 2))
}

// mean is the average pool of 3 by 3 before a block's last branch.
func (v *inception) mean(x maps) maps {
	x.Node = nn.AvgPool(x.Node, x.same(3, 3, 1), v.form.PadMeans)
	return x
}

// The blocks are called as in torchvision: B and D halve the side.

func (v *inception) blockA(x maps, name string, pool int) maps {
	return v.end(name, beside(
		v.one(x, name+".branch1x1", 64),
		v.square(v.one(x, name+".branch5x5_1", 48), name+".branch5x5_2", 64, 5),
		v.square(v.square(v.one(x, name+".branch3x3dbl_1", 64), name+".branch3x3dbl_2", 96, 3), name+".branch3x3dbl_3", 96, 3),
		v.one(v.mean(x), name+".branch_pool", pool)))
}

func (v *inception) blockB(x maps, name string) maps {
	return v.end(name, beside(
		v.half(x, name+".branch3x3", 384),
		v.half(v.square(v.one(x, name+".branch3x3dbl_1", 64), name+".branch3x3dbl_2", 96, 3), name+".branch3x3dbl_3", 96),
		x.maxPool3()))
}

func (v *inception) blockC(x maps, name string, c int) maps {
	a := v.one(x, name+".branch7x7_1", c)
	a = v.long(a, name+".branch7x7_2", c, 1, 7)
	a = v.long(a, name+".branch7x7_3", 192, 7, 1)
	b := v.one(x, name+".branch7x7dbl_1", c)
	b = v.long(b, name+".branch7x7dbl_2", c, 7, 1)
	b = v.long(b, name+".branch7x7dbl_3", c, 1, 7)
	b = v.long(b, name+".branch7x7dbl_4", c, 7, 1)
	b = v.long(b, name+".branch7x7dbl_5", 192, 1, 7)
	return v.end(name, beside(v.one(x, name+".branch1x1", 192), a, b, v.one(v.mean(x), name+".branch_pool", 192)))
}

func (v *inception) blockD(x maps, name string) maps {
	a := v.one(x, name+".branch7x7x3_1", 192)
	a = v.long(a, name+".branch7x7x3_2", 192, 1, 7)
	a = v.long(a, name+".branch7x7x3_3", 192, 7, 1)
	return v.end(name, beside(
		v.half(v.one(x, name+".branch3x3_1", 192), name+".branch3x3_2", 320),
		v.half(a, name+".branch7x7x3_4", 192),
		x.maxPool3()))
}

func (v *inception) blockE(x maps, name string, pooled maps) maps {
	// fork lays 1 by 3 and 3 by 1 side by side.
	fork := func(x maps, a, b string) maps {
		return beside(v.long(x, name+a, 384, 1, 3), v.long(x, name+b, 384, 3, 1))
	}
	return v.end(name, beside(
		v.one(x, name+".branch1x1", 320),
		fork(v.one(x, name+".branch3x3_1", 384), ".branch3x3_2a", ".branch3x3_2b"),
		fork(v.square(v.one(x, name+".branch3x3dbl_1", 448), name+".branch3x3dbl_2", 384, 3), ".branch3x3dbl_3a", ".branch3x3dbl_3b"),
		v.one(pooled, name+".branch_pool", 192)))
}

// newInception lays the network out for n images, (n, side·side·3). It returns the
// features, (n, 2048), and the logits, (n, classes).
func newInception(form Form, n, side int) (v *inception, x, features, logits *graph.Node) {
	v = &inception{layers: layers{g: graph.New()}, form: form}
	x = v.g.Input("x", n, side*side*3)
	h := maps{x.Reshape(n*side*side, 3), n, side, side}
	h = v.half(h, "Conv2d_1a_3x3", 32)
	h = v.basic(h, "Conv2d_2a_3x3", 32, h.valid(3, 3, 1))
	h = v.square(h, "Conv2d_2b_3x3", 64, 3).maxPool3()
	h = v.one(h, "Conv2d_3b_1x1", 80)
	h = v.end("Conv2d_4a_3x3", v.basic(h, "Conv2d_4a_3x3", 192, h.valid(3, 3, 1))).maxPool3()
	h = v.blockA(h, "Mixed_5b", 32)
	h = v.blockA(h, "Mixed_5c", 64)
	h = v.blockA(h, "Mixed_5d", 64)
	h = v.blockB(h, "Mixed_6a")
	h = v.blockC(h, "Mixed_6b", 128)
	h = v.blockC(h, "Mixed_6c", 160)
	h = v.blockC(h, "Mixed_6d", 160)
	h = v.blockC(h, "Mixed_6e", 192)
	h = v.blockD(h, "Mixed_7a")
	h = v.blockE(h, "Mixed_7b", v.mean(h))
	last := v.mean(h)
	if form.LastMax {
		last = maps{nn.MaxPool(h.Node, h.same(3, 3, 1)), h.n, h.h, h.w}
	}
	h = v.blockE(h, "Mixed_7c", last)
	features = nn.MeanPlaces(h.Node, n)
	logits = v.conv(maps{features, n, 1, 1}, "fc", form.Classes, graph.Valid(n, 1, 1, inceptionFeatures, 1, 1, 1)).Node
	return v, x, features, logits
}

// load writes the weights of s, named and shaped as in torchvision's state dict, into
// memory, with every normalisation folded into the convolution before it.
func (v *inception) load(memory program.Memory, s data.Store) error {
	for _, l := range v.all {
		win, out := l.window, l.w.Cols
		w, b := make([]float32, l.w.Len()), make([]float32, out)
		if l.name == "fc" {
			weight, err := tensor(s, "fc.weight", out, inceptionFeatures)
			if err != nil {
				return err
			}
			for i := range inceptionFeatures {
				for o := range out {
					w[i*out+o] = weight[o*inceptionFeatures+i]
				}
			}
			if v.form.Bias {
				bias, err := tensor(s, "fc.bias", out)
				if err != nil {
					return err
				}
				copy(b, bias)
			}
			memory.Write(l.w, w)
			memory.Write(l.b, b)
			continue
		}
		weight, err := tensor(s, l.name+".conv.weight", out, win.C, win.KH, win.KW)
		if err != nil {
			return err
		}
		var bn [4][]float32
		for i, name := range []string{"weight", "bias", "running_mean", "running_var"} {
			if bn[i], err = tensor(s, l.name+".bn."+name, out); err != nil {
				return err
			}
		}
		unroll(w, weight, win, out)
		for o := range out {
			if !(bn[3][o] >= 0) {
				return fmt.Errorf("tensor %q has the variance %v", l.name+".bn.running_var", bn[3][o])
			}
			scale := float64(bn[0][o]) / math.Sqrt(float64(bn[3][o])+inceptionEps)
			for i := o; i < len(w); i += out {
				w[i] = float32(float64(w[i]) * scale)
			}
			b[o] = float32(float64(bn[1][o]) - float64(bn[2][o])*scale)
		}
		memory.Write(l.w, w)
		memory.Write(l.b, b)
	}
	return nil
}

// ReadInception returns Inception v3 with the weights in r, a safetensors file called
// name. Its form is that of the last layer: TensorFlow2015 for 1008 classes,
// Torchvision for 1000. It takes colour and grey images of any size, enlarges them to
// 299 by 299, and has 2048 features. The error names the file, the tensor that is
// missing or of another shape, and what to do.
func ReadInception(r io.Reader, name string) (Classifier, error) {
	s, err := data.ReadSafetensors(r)
	if err == nil {
		form := TensorFlow2015
		if t := s.Tensors["fc.weight"]; len(t.Shape) == 2 && t.Shape[0] == Torchvision.Classes {
			form = Torchvision
		}
		var c Classifier
		if c, err = NewInception(s, form); err == nil {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%s: %w: make it anew by core/score/convert.py, which names everything as it must be", name, err)
}

// NewInception returns Inception v3 of that form with the weights in s, see
// ReadInception. The error names the tensor that is missing or of another shape.
func NewInception(s data.Store, form Form) (Classifier, error) {
	const batch = 2 // an image is work enough: more only take memory
	v, x, features, logits := newInception(form, batch, inceptionSide)
	memory := newMemory()
	if err := v.load(memory, s); err != nil {
		return nil, err
	}
	n := network{name: form.Name, batch: batch, in: x, p: logits.Softmax(), features: features, memory: memory,
		takes: takesPictures, write: form.write(inceptionSide)}
	return n.compiled(), nil
}

// write returns how an image gets into a row of side by side pixels.
func (f Form) write(side int) func(dst []float32, m *data.Images, i int) {
	kernel := points
	if f.HalfPixel {
		kernel = squares
	}
	return func(dst []float32, m *data.Images, i int) {
		enlarge(dst, m, i, side, kernel)
		for i := range dst {
			dst[i] = float32((float64(dst[i]) - f.Offset[i%3]) * f.Scale[i%3])
		}
	}
}

// takesPictures is the Takes of a classifier of pictures.
func takesPictures(rows, cols, channels int) error {
	if rows < 1 || cols < 1 || channels != 1 && channels != 3 {
		return fmt.Errorf("images of %d by %d have %d channels, and must have 3, or 1 where they are grey", rows, cols, channels)
	}
	return nil
}
