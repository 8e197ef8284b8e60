//go:build js

package main

import (
	"errors"
	"math"
	"syscall/js"

	"ganbel/core/lab"
	"ganbel/core/train"
	"ganbel/wasm/values"
)

// rest sends the full state of a paused run. The numbers come first, so that the page
// never shows its step without them.
func (w *worker) rest() {
	w.measure()
	w.state()
	w.frame()
}

// measure sends the metrics, unless the page already has them.
func (w *worker) measure() {
	if w.measured == w.step() {
		return
	}
	start := w.now()
	runs := []any{}
	for _, run := range w.runs {
		values := []any{}
		for _, v := range run.Measure() {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				values = append(values, nil)
			} else {
				values = append(values, v)
			}
		}
		runs = append(runs, values)
	}
	w.measured = w.step()
	post("metrics", map[string]any{"step": w.measured, "row": w.row(), "runs": runs})
	w.meter.took(start, w.now())
}

// frame sends what can be drawn, if the page is ready and there is something
// new. While the run goes on it takes at most a third of the time.
func (w *worker) frame() {
	if !w.wantFrame || w.shown == w.step() {
		return
	}
	start := w.now()
	var runs, buffers []any
	var f lab.Frame
	for _, run := range w.runs {
		f = run.Frame()
		tensors, more := values.Object(f.Tensors)
		runs, buffers = append(runs, tensors), append(buffers, more...)
	}
	post("frame", map[string]any{"experiment": f.Experiment, "step": w.step(), "runs": runs}, buffers...)
	w.wantFrame, w.shown = false, w.step()
	w.frameAfter = w.now().Add(2 * w.now().Sub(start))
}

func (w *worker) state() {
	post("state", map[string]any{"playing": w.left != 0, "step": w.step()})
}

// refuse sends the error of a request for other runs.
func (w *worker) refuse(m js.Value, err error) {
	marks := []string{"open"}
	if w.runs != nil {
		marks = append(marks, "kept")
	}
	if errors.As(err, new(badShard)) {
		marks = append(marks, "download")
	}
	if m.Get("network").Truthy() {
		marks = append(marks, "network")
	}
	w.failAt(m, err, marks...)
}

// fail sends an error; marks are further properties that are true.
func (w *worker) fail(err error, marks ...string) { w.failAt(js.Undefined(), err, marks...) }

// failAt sends the error of a message, with its id.
func (w *worker) failAt(at js.Value, err error, marks ...string) {
	var diverged *train.Diverged
	m := map[string]any{"message": err.Error(), "step": 0, "diverged": errors.As(err, &diverged)}
	if at.Type() == js.TypeObject {
		m["id"] = at.Get("id")
	}
	if w.runs != nil {
		m["step"] = w.step()
	}
	for _, mark := range marks {
		m[mark] = true
	}
	post("error", m)
}

func post(kind string, m map[string]any, transfer ...any) {
	m["type"] = kind
	js.Global().Call("postMessage", m, transfer)
}
