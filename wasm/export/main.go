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

	"ganbel/core/data"
	"ganbel/core/onnx"
	"ganbel/render/animation"
	"ganbel/wasm/values"
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
	return values.Array(b.Bytes()), err
}

func models(args []js.Value) (any, error) {
	s := data.Store{Meta: map[string]string{}, Tensors: values.Tensors(args[1])}
	for _, name := range values.Keys(args[0]) {
		s.Meta[name] = args[0].Get(name).String()
	}
	all, err := onnx.Models(s)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for name, b := range all {
		out[name] = values.Array(b)
	}
	return out, nil
}
