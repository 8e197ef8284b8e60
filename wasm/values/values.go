//go:build js

// Package values carries numbers between Go and JavaScript, for the page's wasm
// programs.
package values

import (
	"syscall/js"
	"unsafe"

	"ganbel/core/data"
)

// Keys returns the names of an object's own properties.
func Keys(object js.Value) []string {
	list := js.Global().Get("Object").Call("keys", object)
	out := make([]string, list.Length())
	for i := range out {
		out[i] = list.Index(i).String()
	}
	return out
}

// Array returns a Uint8Array with a copy of b, and a buffer of its own.
func Array(b []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}

// Bytes copies an ArrayBuffer or a Uint8Array.
func Bytes(buffer js.Value) []byte {
	v := js.Global().Get("Uint8Array").New(buffer)
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}

// Numbers copies a Float32Array, or a list of numbers.
func Numbers(from js.Value) []float32 {
	v := js.Global().Get("Float32Array").New(from)
	out := make([]float32, v.Length())
	js.CopyBytesToGo(raw(out), js.Global().Get("Uint8Array").New(v.Get("buffer")))
	return out
}

// Tensors copies an object {name: {shape, data}}.
func Tensors(m js.Value) map[string]data.Tensor {
	out := map[string]data.Tensor{}
	for _, name := range Keys(m) {
		shape := m.Get(name).Get("shape")
		t := data.Tensor{Shape: make([]int, shape.Length()), Data: Numbers(m.Get(name).Get("data"))}
		for i := range t.Shape {
			t.Shape[i] = shape.Index(i).Int()
		}
		out[name] = t
	}
	return out
}

// Object returns such an object with copies of tensors, and the buffers of its
// data, to be transferred.
func Object(all map[string]data.Tensor) (tensors map[string]any, buffers []any) {
	tensors = map[string]any{}
	for name, t := range all {
		shape := []any{}
		for _, d := range t.Shape {
			shape = append(shape, d)
		}
		buffer := Array(raw(t.Data)).Get("buffer")
		buffers = append(buffers, buffer)
		tensors[name] = map[string]any{"shape": shape, "data": js.Global().Get("Float32Array").New(buffer)}
	}
	return tensors, buffers
}

// raw is the memory of v.
func raw(v []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(v))), 4*len(v))
}
