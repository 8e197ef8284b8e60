//go:build js

// Command stage draws in a browser: it turns the messages of the page into calls
// of a stage.Stage. assets/stage.js loads it.
//
// The page sends objects with a cmd, the stage objects with a type:
//
//	frame {step, runs: [{name: {shape, data}}]} → stage-range {low, high, slopeMin, …}, stage-drawn {step, ms}
//	titles {titles: [text]}, layers {layers: {name: bool}}, theme {dark}, type {large}, mode {mode}, motion {reduced}
//	probe {x, y} in data coordinates, null for none
//	slice {from: [x, y], to: [x, y]} in data coordinates, from null for none
//	ghost {points: Float32Array of x and y in turn, or null}
//	turn {azimuth, elevation} in degrees; the stage says the same where the surface was dragged
//	select {row, column} of the code, row null for none
//	pointer {x, y, kind} in pixels of CSS, kind down, move, up, leave or cancel, is answered by
//	  pointer {kind, x, y, run, difference, mode} on a plane, in data coordinates; mode is that of
//	    the grip it is on or holds, null for none; x is null where it left
//	  pointer {kind, row, column, run} on a cell of the code, in the row of a digit, or on
//	    sample row of run column
//	  pointer {kind, bar, value, run} on a logit's bar
//
// The frame page says slow {slow} where there is no graphics card. It adds
// stage-ready, stage-lost, stage-restored and stage-error {message}, and answers
// label and captions itself.
package main

import (
	"fmt"
	"syscall/js"
	"time"

	"ganbel/core/data"
	"ganbel/render/stage"
	"ganbel/wasm/values"
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
					"text": l.Text, "name": l.Name, "title": l.Title, "mark": l.Mark, "anchor": l.Anchor, "x": l.X, "y": l.Y, "size": l.Size, "width": l.Width,
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
		runs := make([]map[string]data.Tensor, m.Get("runs").Length())
		for i := range runs {
			runs[i] = values.Tensors(m.Get("runs").Index(i))
		}
		return s.Show(m.Get("step").Int(), runs)
	case "titles":
		titles := make([]string, m.Get("titles").Length())
		for i := range titles {
			titles[i] = m.Get("titles").Index(i).String()
		}
		s.SetTitles(titles)
	case "layers":
		on := map[string]bool{}
		for _, name := range values.Keys(m.Get("layers")) {
			on[name] = m.Get("layers").Get(name).Truthy()
		}
		s.SetLayers(on)
	case "theme":
		s.SetDark(m.Get("dark").Truthy())
	case "type":
		s.SetLarge(m.Get("large").Truthy())
	case "mode":
		return s.SetMode(stage.Mode(m.Get("mode").String()))
	case "slow":
		s.SetSlow(m.Get("slow").Truthy())
	case "motion":
		s.SetCalm(m.Get("reduced").Truthy())
	case "probe":
		if m.Get("x").IsNull() {
			s.Unpoint()
		} else {
			s.Probe(m.Get("x").Float(), m.Get("y").Float())
		}
	case "slice":
		if from, to := m.Get("from"), m.Get("to"); from.Truthy() {
			s.SetSlice(from.Index(0).Float(), from.Index(1).Float(), to.Index(0).Float(), to.Index(1).Float())
		} else {
			s.ClearSlice()
		}
	case "ghost":
		if points := m.Get("points"); points.Truthy() {
			s.SetGhost(values.Numbers(points))
		} else {
			s.SetGhost(nil)
		}
	case "turn":
		s.SetTurn(stage.Turn{Azimuth: m.Get("azimuth").Float(), Elevation: m.Get("elevation").Float()})
	case "select":
		if m.Get("row").IsNull() {
			s.Unselect()
		} else {
			s.Select(m.Get("row").Int(), m.Get("column").Int())
		}
	case "pointer":
		point(s, m.Get("kind").String(), m.Get("x").Float(), m.Get("y").Float())
	default:
		return fmt.Errorf("the stage knows no command %q", cmd)
	}
	return nil
}

// point moves the pointer and tells the page what it is on.
func point(s *stage.Stage, kind string, x, y float64) {
	before := s.Turned()
	at, ok := s.Point(kind, x, y)
	if now := s.Turned(); now != before {
		post("turn", map[string]any{"azimuth": now.Azimuth, "elevation": now.Elevation})
	}
	cursor := "default"
	m := map[string]any{"kind": kind}
	switch at.On {
	case stage.OnSurface:
		cursor = "grab"
	case stage.OnPlane:
		m["x"], m["y"], m["run"], m["difference"], m["mode"] = at.X, at.Y, at.Run, at.Difference, nil
		if cursor = "crosshair"; at.Mode >= 0 {
			m["mode"], cursor = at.Mode, "move"
		}
	case stage.OnCell:
		m["row"], m["column"], m["run"], cursor = at.Row, at.Column, at.Run, "pointer"
	case stage.OnBar:
		m["bar"], m["value"], m["run"], cursor = at.Bar, at.Value, at.Run, "ew-resize"
	}
	js.Global().Get("host").Call("cursor", cursor)
	if kind == "leave" || kind == "cancel" {
		m["x"], m["y"] = nil, nil
		post("pointer", m)
	} else if ok {
		post("pointer", m)
	}
}

func post(kind string, m map[string]any) {
	m["type"] = kind
	js.Global().Get("host").Call("post", m)
}
