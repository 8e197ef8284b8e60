//go:build js

// Command worker trains in a browser's Web Worker: it turns the page's messages
// into calls of a *train.Run and answers with frames and numbers. assets/worker.js
// loads it; it draws nothing.
//
// The page sends objects with a cmd, the worker objects with a type:
//
//	judge {id, saved: [bytes]}            → judged {id, experiment, preset, step, values, digest} or judged {id, message}
//	open {id, experiment, preset, values, points, shard, weights, broken, variants, saved: [bytes], adopt} → opened {id, experiment, runs: [values], metrics, saved} or error {id, open, download, kept}
//	play {speed}, pause, step {n}         → state {playing, step}
//	set {name, value}                     → set {name, value} or error
//	frame                                 → frame {experiment, step, runs: [tensors]}, when there is a new one
//	do {id, run, action, tensors}         → done {id, tensors} or done {id, message}
//	save {id} → saved {id, runs: [bytes], frames: [tensors], step} or error {id}
//	load {id, runs: [bytes], adopt} → loaded {id, step} and state, or error {id}
//
// judge reports the contents of a run file, or what is wrong with it.
// open opens other runs, and then closes those that were open. With saved the others continue from there. If its arguments are wrong, or memory is short, the open runs stay as they are, and the error has kept. broken is the reason why its data could not be downloaded.
//
// load changes all runs or none. With adopt the networks are taken and the settings
// stay, see *train.Run. An action that diverged says so in done {id, message, diverged}.
//
// It trains one run, or where open names variants, which are lists of changed
// settings, one for each, an iteration of each in turn: runs that share a seed
// share all their noise. Tensors are {name: {shape, data}}.
//
// At its start it sends registry {experiments}. It sends metrics {step, row, runs:
// [values]} whenever the runs were measured, see meter. row is true if charts and files
// have a row for them, at every multiple of the preset's interval. The metrics of a
// paused run are those of its step. While it plays it also sends rate {stepsPerSecond}
// once a second. An error {message, step, diverged, fatal} with diverged leaves the run
// paused; one with download may be helped by another; after one with fatal nothing can be
// trusted any more.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"syscall/js"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
	"ganbel/wasm/values"
)

func main() {
	w := newWorker()
	js.Global().Set("receive", js.FuncOf(func(_ js.Value, args []js.Value) any {
		w.guard(func() { w.receive(args[0]) })
		return nil
	}))
	registry, err := json.Marshal(lab.Experiments())
	if err != nil {
		panic(err) // the registry is plain data
	}
	post("registry", map[string]any{"experiments": js.Global().Get("JSON").Call("parse", string(registry))})
	select {}
}

// A worker is one page's trainer.
type worker struct {
	now func() time.Time

	experiment *lab.Experiment  // of the open runs
	world      experiment.World // of the open runs
	runs       []*train.Run     // never empty once one is open

	left  int       // iterations still to make, -1 for no end; 0 is paused
	speed float64   // iterations a second, 0 for as many as possible
	due   time.Time // of the next iteration, where speed says so

	channel js.Value // a message to itself lets others in between
	wake    js.Func
	pending bool     // a message or the timer is under way
	timer   js.Value // of setTimeout, undefined where none runs

	wantFrame  bool // the page is ready for one
	shown      int  // step of the last frame, -1 for none
	frameAfter time.Time

	meter    meter
	measured int  // step of the last metrics, -1 if the page lacks those of the present state
	within   bool // an action ended within an iteration, or changed the data

	rateFrom time.Time
	rateStep int
}

func newWorker() *worker {
	w := &worker{now: time.Now, channel: js.Global().Get("MessageChannel").New()}
	w.wake = js.FuncOf(func(js.Value, []js.Value) any {
		w.pending = false
		w.guard(w.work)
		return nil
	})
	w.channel.Get("port1").Set("onmessage", w.wake)
	return w
}

// guard turns a panic into a message: a worker that dies in silence leaves a
// page that waits.
func (w *worker) guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			w.left = 0
			w.fail(fmt.Errorf("the trainer broke: %v", r), "fatal")
		}
	}()
	f()
}

func (w *worker) receive(m js.Value) {
	cmd := m.Get("cmd").String()
	if cmd == "frame" {
		w.wantFrame = true
	}
	if w.runs == nil && cmd != "open" && cmd != "judge" {
		return
	}
	if err := readable(m); err != nil {
		switch cmd {
		case "open":
			w.refuse(m, err)
		case "judge":
			post("judged", map[string]any{"id": m.Get("id"), "message": err.Error()})
		default:
			w.failAt(m, err)
		}
		return
	}
	switch cmd {
	case "judge":
		judge(m)
	case "open":
		if err := w.open(m); err != nil {
			w.refuse(m, err)
		}
	case "play":
		w.speed = m.Get("speed").Float()
		w.start(-1)
	case "step":
		w.speed = 0
		w.start(max(1, m.Get("n").Int()))
	case "pause":
		w.left = 0
		w.rest()
	case "set":
		name, value := m.Get("name").String(), m.Get("value").String()
		for _, run := range w.runs {
			if err := run.Set(name, value); err != nil {
				w.fail(err)
				return
			}
		}
		post("set", map[string]any{"name": name, "value": value})
		w.shown, w.measured = -1, -1 // it may change the metrics
		if w.left == 0 {
			w.measure()
		}
		w.frame()
	case "frame":
		w.frame()
	case "do":
		w.do(m)
	case "save":
		w.measure() // the page needs the numbers of this step
		var saved, frames, buffers []any
		for _, run := range w.runs {
			var b bytes.Buffer
			if err := data.WriteSafetensors(&b, run.Save()); err != nil {
				w.failAt(m, err)
				return
			}
			tensors, more := values.Object(run.Frame().Tensors)
			saved, frames = append(saved, values.Array(b.Bytes()).Get("buffer")), append(frames, tensors)
			buffers = append(buffers, more...)
		}
		buffers = append(buffers, saved...)
		post("saved", map[string]any{"id": m.Get("id"), "runs": saved, "frames": frames, "step": w.step()}, buffers...)
	case "load":
		if err := w.load(m.Get("runs"), m.Get("adopt").Truthy()); err != nil {
			w.failAt(m, err)
			return
		}
		w.shown, w.measured, w.within = -1, -1, false
		post("loaded", map[string]any{"id": m.Get("id"), "step": w.step()})
		w.rest()
	default:
		w.fail(fmt.Errorf("the trainer knows no command %q", cmd))
	}
}

// do carries out an action, whose answer goes back under its id.
func (w *worker) do(m js.Value) {
	answer := map[string]any{"id": m.Get("id")}
	in := values.Tensors(m.Get("tensors"))
	action, run := m.Get("action").String(), m.Get("run").Int()
	err := fmt.Errorf("there is no run %d: there are %d", run, len(w.runs))
	var out map[string]data.Tensor
	if run >= 0 && run < len(w.runs) {
		out, err = w.runs[run].Do(action, in)
	}
	if err != nil {
		answer["message"], answer["diverged"] = err.Error(), errors.As(err, new(*train.Diverged))
		post("done", answer)
		return
	}
	tensors, buffers := values.Object(out)
	answer["tensors"] = tensors
	post("done", answer, buffers...)
	if changes := func(a lab.Action) bool { return a.Name == action && a.Changes }; slices.ContainsFunc(w.experiment.Actions, changes) {
		w.within, w.measured = true, -1
		if w.left == 0 {
			w.shown = -1
			w.rest()
		}
	}
}
