//go:build js

// Command worker trains in a browser's Web Worker: it turns the page's messages
// into calls of a lab.Run and answers with frames and numbers. assets/worker.js
// loads it; it draws nothing.
//
// The page sends objects with a cmd, the worker objects with a type:
//
//	open {experiment, preset, values, points, shard}  → opened {experiment, values, metrics} or error {open, download}
//	play {speed}, pause, step {n}                     → state {playing, step}
//	set {name, value}                                 → set {name, value} or error
//	frame                                             → frame {experiment, step, tensors}, when there is a new one
//	save → saved {bytes, step}     load {bytes}       → state or error
//
// At its start it sends registry {experiments}. While it plays it also sends
// metrics {step, values} about four times a second and rate {stepsPerSecond}
// once. An error {message, step, diverged, fatal} with diverged leaves the run
// paused; one with download may be helped by another; after one with fatal nothing can be trusted any more.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"syscall/js"
	"time"
	"unsafe"

	"ganbel/core/data"
	"ganbel/core/lab"
)

func main() {
	w := newWorker()
	js.Global().Set("receive", js.FuncOf(func(_ js.Value, args []js.Value) any {
		w.guard(func() { w.receive(args[0]) })
		return nil
	}))
	registry, err := json.Marshal(lab.Experiments)
	if err != nil {
		panic(err) // the registry is plain data
	}
	post("registry", map[string]any{"experiments": js.Global().Get("JSON").Call("parse", string(registry))})
	select {}
}

const (
	slice        = 24 * time.Millisecond  // how long it trains before it hears messages again
	metricsEvery = 250 * time.Millisecond // at the least
	testSize     = 1000                   // digits of the shard, its last, that are kept for tests
)

// A worker is one page's trainer.
type worker struct {
	run lab.Run

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

	measured     int // step of the last metrics, -1 for none
	measureAfter time.Time

	rateFrom time.Time
	rateStep int
}

func newWorker() *worker {
	w := &worker{channel: js.Global().Get("MessageChannel").New()}
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
	if w.run == nil && cmd != "open" {
		return
	}
	switch cmd {
	case "open":
		if err := w.open(m); err != nil {
			w.run, w.left = nil, 0
			marks := []string{"open"}
			if errors.As(err, new(badShard)) {
				marks = append(marks, "download")
			}
			w.fail(err, marks...)
		}
	case "play":
		w.speed = m.Get("speed").Float()
		w.start(-1)
	case "step":
		w.speed = 0
		w.start(max(1, m.Get("n").Int()))
	case "pause":
		w.left = 0
		w.measure()
		w.state()
	case "set":
		name, value := m.Get("name").String(), m.Get("value").String()
		if err := w.run.Set(name, value); err != nil {
			w.fail(err)
			return
		}
		post("set", map[string]any{"name": name, "value": value})
		w.shown = -1
		w.frame()
	case "frame":
		w.frame()
	case "save":
		var b bytes.Buffer
		if err := data.WriteSafetensors(&b, w.run.Save()); err != nil {
			w.fail(err)
			return
		}
		buffer := toJS(b.Bytes()).Get("buffer")
		post("saved", map[string]any{"bytes": buffer, "step": w.run.Step()}, buffer)
	case "load":
		s, err := data.ReadSafetensors(bytes.NewReader(fromJS(m.Get("bytes"))))
		if err == nil {
			err = w.run.Load(s)
		}
		if err != nil {
			w.fail(fmt.Errorf("the saved run cannot be opened: %w", err))
			return
		}
		w.show()
	default:
		w.fail(fmt.Errorf("the trainer knows no command %q", cmd))
	}
}

// badShard is the error of digits that came broken: downloading them anew may help.
type badShard struct{ error }

func (w *worker) open(m js.Value) error {
	e, err := lab.Find(m.Get("experiment").String())
	if err != nil {
		return err
	}
	preset, changes := "", lab.Values{}
	if p := m.Get("preset"); p.Truthy() {
		preset = p.String()
	}
	if given := m.Get("values"); given.Truthy() {
		names := js.Global().Get("Object").Call("keys", given)
		for i := range names.Length() {
			name := names.Index(i).String()
			changes[name] = given.Get(name).String()
		}
	}
	values, err := e.Resolve(preset, changes)
	if err != nil {
		return err
	}
	var world lab.World
	if p := m.Get("points"); p.Truthy() {
		world.Points = make([]float32, p.Length())
		for i := range world.Points {
			world.Points[i] = float32(p.Index(i).Float())
		}
	}
	if shard := m.Get("shard"); shard.Truthy() {
		world.MNIST = func() (train, test *data.Images, err error) {
			all, err := data.ReadShard(bytes.NewReader(fromJS(shard)))
			if err != nil {
				return nil, nil, badShard{err}
			}
			n := all.Count() - testSize
			return all.Slice(0, n), all.Slice(n, all.Count()), nil
		}
	}
	run, err := e.New(values, world)
	if err != nil {
		return err
	}
	w.run, w.left = run, 0
	set, names := map[string]any{}, []any{}
	for name, text := range run.Values() {
		set[name] = text
	}
	for _, metric := range e.Metrics {
		names = append(names, metric.Name)
	}
	post("opened", map[string]any{"experiment": e.Name, "values": set, "metrics": names})
	w.show()
	return nil
}

// start makes n more iterations, without end where n is -1.
func (w *worker) start(n int) {
	w.left = n
	w.due, w.rateFrom, w.rateStep = time.Now(), time.Now(), w.run.Step()
	w.state()
	if !w.timer.IsUndefined() { // it may be set for a slower speed
		js.Global().Call("clearTimeout", w.timer)
		w.timer, w.pending = js.Undefined(), false
	}
	w.again(0)
}

// again calls work after a while, and after the messages that wait.
func (w *worker) again(after time.Duration) {
	switch {
	case w.pending:
		return
	case after < time.Millisecond:
		w.timer = js.Undefined()
		w.channel.Get("port2").Call("postMessage", js.Null())
	default:
		w.timer = js.Global().Call("setTimeout", w.wake, math.Ceil(after.Seconds()*1000))
	}
	w.pending = true
}

// work trains for one slice, then sends what is due.
func (w *worker) work() {
	if w.left == 0 {
		return
	}
	for start := time.Now(); w.left != 0 && time.Since(start) < slice; {
		if w.speed > 0 {
			if time.Until(w.due) > 0 {
				break
			}
			w.due = w.due.Add(time.Duration(float64(time.Second) / w.speed))
			if late := time.Now().Add(-time.Second); w.due.Before(late) {
				w.due = late // too slow for this speed: never mind what was missed
			}
		}
		w.left = max(-1, w.left-1)
		if err := w.run.Train(1); err != nil {
			w.left = 0
			w.fail(err)
		}
	}
	if w.left == 0 {
		w.show()
		return
	}
	now := time.Now()
	if now.After(w.measureAfter) {
		w.measure()
	}
	if now.After(w.frameAfter) {
		w.frame()
	}
	if passed := now.Sub(w.rateFrom); passed > time.Second {
		post("rate", map[string]any{"stepsPerSecond": float64(w.run.Step()-w.rateStep) / passed.Seconds()})
		w.rateFrom, w.rateStep = now, w.run.Step()
	}
	if w.speed > 0 {
		w.again(time.Until(w.due))
	} else {
		w.again(0)
	}
}

// show sends all there is to know of a run that stands still.
func (w *worker) show() {
	w.shown, w.measured = -1, -1
	w.state()
	w.frame()
	w.measure()
	w.measureAfter = time.Now().Add(metricsEvery) // what it took here does not count: it does not slow the run
}

// measure sends the metrics, unless the page has them. While the run goes on it
// takes at most a tenth of the time.
func (w *worker) measure() {
	if w.measured == w.run.Step() {
		return
	}
	start := time.Now()
	values := []any{}
	for _, v := range w.run.Measure() {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			values = append(values, nil)
		} else {
			values = append(values, v)
		}
	}
	w.measured = w.run.Step()
	post("metrics", map[string]any{"step": w.measured, "values": values})
	w.measureAfter = time.Now().Add(max(metricsEvery, 9*time.Since(start)))
}

// frame sends what can be drawn, if the page is ready and there is something
// new. While the run goes on it takes at most a third of the time.
func (w *worker) frame() {
	if !w.wantFrame || w.shown == w.run.Step() {
		return
	}
	start := time.Now()
	f := w.run.Frame()
	tensors, buffers := map[string]any{}, []any{}
	for name, t := range f.Tensors {
		shape := []any{}
		for _, d := range t.Shape {
			shape = append(shape, d)
		}
		buffer := toJS(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(t.Data))), 4*len(t.Data))).Get("buffer")
		buffers = append(buffers, buffer)
		tensors[name] = map[string]any{"shape": shape, "data": js.Global().Get("Float32Array").New(buffer)}
	}
	post("frame", map[string]any{"experiment": f.Experiment, "step": f.Step, "tensors": tensors}, buffers...)
	w.wantFrame, w.shown = false, f.Step
	w.frameAfter = time.Now().Add(2 * time.Since(start))
}

func (w *worker) state() {
	post("state", map[string]any{"playing": w.left != 0, "step": w.run.Step()})
}

// fail sends an error; marks are further properties that are true.
func (w *worker) fail(err error, marks ...string) {
	var diverged *lab.Diverged
	m := map[string]any{"message": err.Error(), "step": 0, "diverged": errors.As(err, &diverged)}
	if w.run != nil {
		m["step"] = w.run.Step()
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

func toJS(b []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}

func fromJS(buffer js.Value) []byte {
	v := js.Global().Get("Uint8Array").New(buffer)
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}
