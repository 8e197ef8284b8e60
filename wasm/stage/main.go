//go:build js

// Command stage draws in a browser: it turns the messages of the page into calls
// of a stage.Stage. assets/stage.js loads it.
//
// The page sends objects with a cmd, the stage objects with a type:
//
//	frame {step, runs: [{name: {shape, data}}]} → stage-range {low, high, slopeMin, …}, stage-drawn {step, ms}
//	layers {layers: {name: bool}}, theme {dark}, mode {mode}, motion {reduced}
//	pointer {x, y, kind} in pixels of CSS        → pointer {x, y, kind} in data coordinates
//	probe {x, y} in data coordinates, null for none
//
// The frame page adds stage-ready, stage-lost, stage-restored and stage-error
// {message}, and answers label and captions itself.
package main

import (
	"fmt"
	"syscall/js"
	"time"
	"unsafe"

	"ganbel/core/data"
	"ganbel/render/stage"
)

func main() {
	host := js.Global().Get("host") // of stage.js
	s := stage.New(stage.Listener{
		Drawn: func(step int, took time.Duration) {
			post("stage-drawn", map[string]any{"step": step, "ms": took.Seconds() * 1000})
		},
		Ranges: func(r stage.Ranges) {
			levels := []any{}
			for _, v := range r.Levels {
				levels = append(levels, v)
			}
			post("stage-range", map[string]any{
				"low": r.Low, "high": r.High, "slopeMin": r.SlopeMin, "slopeMax": r.SlopeMax,
				"criticMin": r.CriticMin, "criticMax": r.CriticMax, "levels": levels,
			})
		},
		Labels: func(labels []stage.Label) {
			list := []any{}
			for _, l := range labels {
				list = append(list, map[string]any{
					"text": l.Text, "name": l.Name, "mark": l.Mark, "anchor": l.Anchor, "x": l.X, "y": l.Y, "size": l.Size,
				})
			}
			host.Call("labels", list)
		},
		Still: func() { host.Call("rest") },
	})
	host.Set("receive", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if err := receive(s, args[0]); err != nil {
			post("stage-error", map[string]any{"message": err.Error()})
		}
		return nil
	}))
	host.Call("started")
	if err := stage.Run(s); err != nil {
		host.Call("failed", err.Error())
	}
}

func receive(s *stage.Stage, m js.Value) error {
	switch cmd := m.Get("cmd").String(); cmd {
	case "frame":
		return s.Show(m.Get("step").Int(), tensors(m.Get("runs").Index(0)))
	case "layers":
		on := map[string]bool{}
		for _, name := range keys(m.Get("layers")) {
			on[name] = m.Get("layers").Get(name).Truthy()
		}
		s.SetLayers(on)
	case "theme":
		s.SetDark(m.Get("dark").Truthy())
	case "mode":
		return s.SetMode(stage.Mode(m.Get("mode").String()))
	case "motion":
		s.SetCalm(m.Get("reduced").Truthy())
	case "ghost", "titles", "slice":
	case "probe":
		if m.Get("x").IsNull() {
			s.Unpoint()
		} else {
			s.Probe(m.Get("x").Float(), m.Get("y").Float())
		}
	case "pointer":
		kind := m.Get("kind").String()
		if kind == "leave" || kind == "cancel" {
			s.Unpoint()
			post("pointer", map[string]any{"x": nil, "y": nil, "kind": kind})
		} else if x, y, ok := s.Point(m.Get("x").Float(), m.Get("y").Float()); ok || kind == "up" {
			post("pointer", map[string]any{"x": x, "y": y, "kind": kind})
		}
	default:
		return fmt.Errorf("the stage knows no command %q", cmd)
	}
	return nil
}

// tensors copies a frame's numbers.
func tensors(m js.Value) map[string]data.Tensor {
	out := map[string]data.Tensor{}
	for _, name := range keys(m) {
		v := m.Get(name)
		shape, from := v.Get("shape"), v.Get("data")
		t := data.Tensor{Shape: make([]int, shape.Length()), Data: make([]float32, from.Length())}
		for i := range t.Shape {
			t.Shape[i] = shape.Index(i).Int()
		}
		view := js.Global().Get("Uint8Array").New(from.Get("buffer"), from.Get("byteOffset"), from.Get("byteLength"))
		js.CopyBytesToGo(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.Data))), 4*len(t.Data)), view)
		out[name] = t
	}
	return out
}

func keys(object js.Value) []string {
	list := js.Global().Get("Object").Call("keys", object)
	out := make([]string, list.Length())
	for i := range out {
		out[i] = list.Index(i).String()
	}
	return out
}

func post(kind string, m map[string]any) {
	m["type"] = kind
	js.Global().Get("host").Call("post", m)
}
