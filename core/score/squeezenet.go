//go:build !js

package score

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// SqueezeNet v1.0 (Iandola et al., 2016) stands in for Inception where its weights
// are not at hand. Its score is called after it: it is no Inception Score.

// squeezeSide is to what images are enlarged. The network would take more, and is
// used to more, but its score of small images rises no further.
const squeezeSide = 128

// squeezeMean is what is taken from blue, green and red, 0 to 255.
var squeezeMean = [3]float32{104, 117, 123}

// fires are the sizes of the fire modules: to squeeze, and to expand by 1 by 1 and by
// 3 by 3. A pool follows the third and the seventh.
var fires = [8][2]int{{16, 64}, {16, 64}, {32, 128}, {32, 128}, {48, 192}, {48, 192}, {64, 256}, {64, 256}}

// ceilPool is the pool whose last place may lie partly outside.
func (m maps) ceilPool() maps {
	w := m.valid(3, 3, 2)
	w.OH, w.OW = m.h/2, m.w/2
	return in(nn.MaxPool(m.Node, w), w)
}

// newSqueezeNet lays the network out for n images, (n, side·side·3). It returns the
// features, the last module's means over all places, (n, 512), and the logits,
// (n, 1000).
func newSqueezeNet(n, side int) (l *layers, x, features, logits *graph.Node) {
	l = &layers{g: graph.New()}
	x = l.g.Input("x", n, side*side*3)
	h := maps{x.Reshape(n*side*side, 3), n, side, side}
	h = l.conv(h, "conv1", 96, h.valid(7, 7, 2)).relu().ceilPool()
	for i, f := range fires {
		name := fmt.Sprintf("fire%d", i+2)
		s := l.conv(h, name+"/squeeze1x1", f[0], h.valid(1, 1, 1)).relu()
		h = beside(l.conv(s, name+"/expand1x1", f[1], s.valid(1, 1, 1)).relu(), l.conv(s, name+"/expand3x3", f[1], s.same(3, 3, 1)).relu())
		if i == 2 || i == 6 {
			h = h.ceilPool()
		}
	}
	features = nn.MeanPlaces(h.Node, n)
	rim := h.valid(1, 1, 1) // the published network lays a ring of zeros around
	rim.Top, rim.Left, rim.OH, rim.OW = 1, 1, h.h+2, h.w+2
	logits = nn.MeanPlaces(l.conv(h, "conv10", 1000, rim).relu().Node, n)
	return l, x, features, logits
}

// ReadSqueezeNet returns SqueezeNet v1.0 with the weights in r, the deep-compressed
// file (Han et al., 2016) called name, 675,763 bytes. It takes colour and grey images
// of any size, enlarges them by a cubic to 128 by 128, and has 1000 classes and 512
// features. The error names the file, what is wrong, and where.
func ReadSqueezeNet(r io.Reader, name string) (Classifier, error) {
	const batch = 10
	l, x, features, logits := newSqueezeNet(batch, squeezeSide)
	memory := newMemory()
	b, err := io.ReadAll(r)
	if err == nil {
		err = decompress(memory, l.all, b)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: it must be SqueezeNet v1.0 as its authors compressed it, squeezenet_v1.0_deepcompressed.net of 675,763 bytes", name, err)
	}
	n := network{name: "SqueezeNet", batch: batch, in: x, p: logits.Softmax(), features: features, memory: memory, takes: takesPictures,
		write: func(dst []float32, m *data.Images, i int) {
			enlarge(dst, m, i, squeezeSide, cubic)
			for at := 0; at < len(dst); at += 3 { // it was trained on blue, green, red
				dst[at], dst[at+2] = dst[at+2], dst[at]
				for c := range 3 {
					dst[at+c] -= squeezeMean[c]
				}
			}
		}}
	return n.compiled(), nil
}

// decompress reads the weights of all layers: how many of each are not 0, then for
// each layer 256 levels, the biases, the level of every weight that is not 0, and in
// half bytes, the lower first, how many places it is beyond the one before.
func decompress(memory program.Memory, all []layer, b []byte) error {
	at := 0
	take := func(n int, what string) ([]byte, error) {
		if len(b)-at < n {
			return nil, fmt.Errorf("it is cut in %s, after %d bytes", what, len(b))
		}
		at += n
		return b[at-n : at], nil
	}
	floats := func(n int, what string) ([]float32, error) {
		raw, err := take(4*n, what)
		v := make([]float32, n)
		for i := range raw[:len(raw)/4*4] {
			if i%4 == 0 {
				v[i/4] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i:]))
			}
		}
		return v, err
	}
	counts, err := take(4*len(all), "the header")
	if err != nil {
		return err
	}
	for i, l := range all {
		size, out := l.w.Len(), l.w.Cols
		count := int(binary.LittleEndian.Uint32(counts[4*i:]))
		if count > size {
			return fmt.Errorf("%s would have %d weights, it has %d places", l.name, count, size)
		}
		levels, err := floats(256, l.name)
		if err != nil {
			return err
		}
		bias, err := floats(out, l.name)
		if err != nil {
			return err
		}
		codes, err := take(count, l.name)
		if err != nil {
			return err
		}
		gaps, err := take((count+1)/2, l.name)
		if err != nil {
			return err
		}
		kernel, place := make([]float32, size), -1
		for k, code := range codes {
			place += int(gaps[k/2]>>(k%2*4)&15) + 1
			if place >= size {
				return fmt.Errorf("weight %d of %s lies at %d of %d", k, l.name, place, size)
			}
			kernel[place] = levels[code]
		}
		program.Feed(memory, l.w, func(dst []float32) { unroll(dst, kernel, l.window, out) })
		memory.Write(l.b, bias)
	}
	if at != len(b) {
		return fmt.Errorf("%d bytes follow the last layer", len(b)-at)
	}
	return nil
}
