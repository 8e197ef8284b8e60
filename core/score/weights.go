package score

import (
	"fmt"
	"slices"

	"ganbel/core/data"
	"ganbel/core/graph"
)

// tensor returns the numbers of the tensor of that name and shape.
func tensor(s data.Store, name string, shape ...int) ([]float32, error) {
	t, ok := s.Tensors[name]
	if !ok {
		return nil, fmt.Errorf("there is no tensor %q, which must be of shape %v", name, shape)
	}
	if !slices.Equal(t.Shape, shape) {
		return nil, fmt.Errorf("tensor %q is of shape %v and must be of %v", name, t.Shape, shape)
	}
	return t.Data, nil
}

// unroll writes a kernel, (out, in, KH, KW), as the rows of a product, (KH·KW·in, out).
func unroll(dst, kernel []float32, w graph.Window, out int) {
	for o := range out {
		for c := range w.C {
			for k := range w.KH * w.KW {
				dst[(k*w.C+c)*out+o] = kernel[(o*w.C+c)*w.KH*w.KW+k]
			}
		}
	}
}
