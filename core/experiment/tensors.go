package experiment

import "ganbel/core/data"

// tensor returns a copy of data with a shape.
func tensor(v []float32, shape ...int) data.Tensor {
	return data.Tensor{Shape: shape, Data: append([]float32(nil), v...)}
}

// numbers returns a row of numbers.
func numbers(all ...float64) data.Tensor {
	v := make([]float32, len(all))
	for i, x := range all {
		v[i] = float32(x)
	}
	return data.Tensor{Shape: []int{len(v)}, Data: v}
}
