//go:build js

// Command export writes files for the page. assets/export-worker.js loads it and
// calls what it sets in the global object:
//
//	gif(width, height, frames, delays)  → bytes: an animation of frames, [Uint8Array] of RGBA,
//	                                      each shown for its delay, hundredths of a second
//	onnx(meta, tensors)                 → {name: bytes}: the networks of a run file that
//	                                      run-file.js has read, {name: text} and {name: Float32Array}
//
// Bytes are a Uint8Array. Where something is wrong each returns a text that says what.
package main

import (
	"bytes"
	"fmt"
	"syscall/js"
	"unsafe"

	"ganbel/core/data"
	"ganbel/core/onnx"
	"ganbel/render/animation"
)

func main() {
	set("gif", gif)
	set("onnx", models)
	select {}
}

// set makes a function of the page, whose error is its result.
func set(name string, f func(args []js.Value) (any, error)) {
	js.Global().Set(name, js.FuncOf(func(_ js.Value, args []js.Value) (result any) {
		defer func() {
			if r := recover(); r != nil {
				result = fmt.Sprint(r)
			}
		}()
		v, err := f(args)
		if err != nil {
			return err.Error()
		}
		return v
	}))
}

func gif(args []js.Value) (any, error) {
	width, height, frames := args[0].Int(), args[1].Int(), args[2]
	delays := make([]int, args[3].Length())
	for i := range delays {
		delays[i] = args[3].Index(i).Int()
	}
	if n := frames.Length(); n != len(delays) {
		return nil, fmt.Errorf("there are %d frames and %d delays", n, len(delays))
	}
	for i := range delays {
		if n := frames.Index(i).Length(); n != 4*width*height {
			return nil, fmt.Errorf("frame %d has %d bytes: %d by %d pixels have %d", i, n, width, height, 4*width*height)
		}
	}
	var b bytes.Buffer
	err := animation.GIF(&b, width, height, delays, func(i int, rgba []uint8) { js.CopyBytesToGo(rgba, frames.Index(i)) })
	return toJS(b.Bytes()), err
}

func models(args []js.Value) (any, error) {
	s := data.Store{Meta: map[string]string{}, Tensors: map[string]data.Tensor{}}
	for _, name := range keys(args[0]) {
		s.Meta[name] = args[0].Get(name).String()
	}
	for _, name := range keys(args[1]) {
		v := args[1].Get(name)
		t := data.Tensor{Shape: []int{v.Length()}, Data: make([]float32, v.Length())}
		view := js.Global().Get("Uint8Array").New(v.Get("buffer"), v.Get("byteOffset"), v.Get("byteLength"))
		js.CopyBytesToGo(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.Data))), 4*len(t.Data)), view)
		s.Tensors[name] = t
	}
	all, err := onnx.Models(s)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for name, b := range all {
		out[name] = toJS(b)
	}
	return out, nil
}

func keys(object js.Value) []string {
	list := js.Global().Get("Object").Call("keys", object)
	out := make([]string, list.Length())
	for i := range out {
		out[i] = list.Index(i).String()
	}
	return out
}

func toJS(b []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}
