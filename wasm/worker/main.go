//go:build js

// Command worker trains in a browser's Web Worker: it turns the page's messages
// into calls of a lab.Run and answers with frames and numbers. assets/worker.js
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
// stay, see lab.Run. An action that diverged says so in done {id, message, diverged}.
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
	"maps"
	"math"
	"slices"
	"syscall/js"
	"time"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/memory"
	"ganbel/core/score"
	"ganbel/core/train"
	"ganbel/wasm/values"
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

const slice = 24 * time.Millisecond // how long it trains before it hears messages again

// A worker is one page's trainer.
type worker struct {
	now func() time.Time

	experiment *lab.Experiment // of the open runs
	world      lab.World       // of the open runs
	runs       []lab.Run       // never empty once one is open

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

// badShard is the error of digits that came broken: downloading them anew may help.
type badShard struct{ error }

func (w *worker) open(m js.Value) error {
	if broken := m.Get("broken"); broken.Truthy() {
		return badShard{errors.New(broken.String())}
	}
	e, err := lab.Find(m.Get("experiment").String())
	if err != nil {
		return err
	}
	preset, changes := "", settings(m.Get("values"))
	if p := m.Get("preset"); p.Truthy() {
		preset = p.String()
	}
	variants := []lab.Values{changes}
	if v := m.Get("variants"); v.Truthy() {
		variants = nil
		for i := range v.Length() {
			both := maps.Clone(changes)
			maps.Copy(both, settings(v.Index(i)))
			variants = append(variants, both)
		}
	}
	var world lab.World
	if p := m.Get("points"); p.Truthy() {
		world.Points = values.Numbers(p)
	}
	if shard := m.Get("shard"); shard.Truthy() {
		world.MNIST = func() (train, test *data.Images, err error) {
			all, err := data.ReadShard(bytes.NewReader(values.Bytes(shard)))
			if err != nil {
				return nil, nil, badShard{err}
			}
			train, test = all.Split()
			return train, test, nil
		}
	}
	if weights := m.Get("weights"); weights.Truthy() {
		if world.Classifier, err = score.ReadDigits(bytes.NewReader(values.Bytes(weights))); err != nil {
			return badShard{err}
		}
	}
	var stores []data.Store
	if saved := m.Get("saved"); saved.Truthy() {
		if stores, err = read(saved, len(variants)); err != nil {
			return err
		}
	}
	open := func() ([]lab.Run, error) {
		return begin(e, preset, variants, world, stores, m.Get("adopt").Truthy())
	}
	runs, err := open()
	if errors.As(err, new(*lab.TooLarge)) && w.runs != nil {
		runs, err = w.instead(open)
	}
	if err != nil {
		return err
	}
	w.close()
	w.experiment, w.world, w.runs = e, world, runs
	var sets, names []any
	for _, run := range runs {
		set := map[string]any{}
		for name, text := range run.Values() {
			set[name] = text
		}
		sets = append(sets, set)
	}
	for _, metric := range e.Metrics {
		names = append(names, metric.Name)
	}
	post("opened", map[string]any{"id": m.Get("id"), "experiment": e.Name, "runs": sets, "metrics": names, "saved": stores != nil})
	w.meter, w.within = meter{every: e.Preset(preset).Every}, false
	w.shown, w.measured = -1, -1
	w.state()
	w.frame() // the first picture comes before the numbers
	w.measure()
	return nil
}

// instead closes the present runs and returns those that open opens in their memory. If
// open fails, the present runs are opened again from their steps.
func (w *worker) instead(open func() ([]lab.Run, error)) ([]lab.Run, error) {
	var stores []data.Store
	var all []lab.Values
	for _, run := range w.runs {
		stores, all = append(stores, run.Save()), append(all, run.Values())
	}
	left := w.left
	w.close()
	runs, err := open()
	if err == nil {
		return runs, nil
	}
	again, lost := begin(w.experiment, "", all, w.world, stores, false)
	if lost != nil {
		return nil, errors.Join(err, lost)
	}
	w.runs, w.left = again, left
	return nil, err
}

// begin opens a run of each variant, all of which there must be memory for, and loads the
// stores if there are any, or adopts them. If it fails no run is open.
func begin(e *lab.Experiment, preset string, variants []lab.Values, world lab.World, stores []data.Store, adopt bool) (runs []lab.Run, err error) {
	defer func() {
		if err != nil {
			for _, run := range runs {
				run.Close()
			}
		}
	}()
	planned := uint64(0) // of the runs before: nothing of it is allocated yet
	world.Planned = func(p train.Plan) { planned += uint64(p.Bytes) }
	for i, v := range variants {
		resolved, err := e.Resolve(preset, v)
		if err != nil {
			return runs, err
		}
		before := planned
		world.Free = func() memory.Room {
			r := memory.Free()
			r.Bytes -= min(r.Bytes, before)
			return r
		}
		if stores != nil && !adopt {
			world.Saved = &stores[i]
		}
		run, err := e.New(resolved, world)
		if err != nil {
			return runs, err
		}
		runs = append(runs, run)
	}
	if stores != nil {
		err = lab.LoadAll(runs, stores, adopt)
	}
	return runs, err
}

// close closes the runs that are open.
func (w *worker) close() {
	for _, run := range w.runs {
		run.Close()
	}
	w.runs, w.left = nil, 0
}

// settings reads an object of settings; none are none.
func settings(object js.Value) lab.Values {
	v := lab.Values{}
	if object.Truthy() {
		for _, name := range values.Keys(object) {
			v[name] = object.Get(name).String()
		}
	}
	return v
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
		answer["message"], answer["diverged"] = err.Error(), errors.As(err, new(*lab.Diverged))
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

// load goes on from what was saved of every run, or changes none.
func (w *worker) load(saved js.Value, adopt bool) error {
	stores, err := read(saved, len(w.runs))
	if err == nil {
		err = lab.LoadAll(w.runs, stores, adopt)
	}
	if err != nil {
		return fmt.Errorf("the saved run cannot be opened: %w", err)
	}
	return nil
}

// read returns what was saved of n runs.
func read(saved js.Value, n int) ([]data.Store, error) {
	if got := saved.Length(); got != n {
		return nil, fmt.Errorf("there are %d runs saved, and %d open", got, n)
	}
	stores := make([]data.Store, n)
	for i := range stores {
		var err error
		if stores[i], err = lab.ReadRun(bytes.NewReader(values.Bytes(saved.Index(i)))); err != nil {
			return nil, err
		}
	}
	return stores, nil
}

// judge answers with the contents of a run file, or with what is wrong with it.
func judge(m js.Value) {
	answer := map[string]any{"id": m.Get("id")}
	stores, err := read(m.Get("saved"), 1)
	if err == nil {
		s := stores[0]
		var v lab.Values
		var step int
		if v, step, err = lab.Saved(s); err == nil {
			set := map[string]any{}
			for name, text := range v {
				set[name] = text
			}
			answer["experiment"], answer["preset"], answer["step"], answer["values"], answer["digest"] = s.Meta["experiment"], s.Meta["preset"], step, set, s.Digest
		}
	}
	if err != nil {
		answer["message"] = err.Error()
	}
	post("judged", answer)
}

func (w *worker) step() int { return w.runs[0].Step() }

// start makes n more iterations, without end where n is -1.
func (w *worker) start(n int) {
	w.left = n
	w.due, w.rateFrom, w.rateStep = w.now(), w.now(), w.step()
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

// work trains for one slice, measures the rows in it, and then sends what is due.
func (w *worker) work() {
	if w.left == 0 {
		return
	}
	start := w.now()
	for w.left != 0 && w.now().Sub(start) < slice {
		if w.speed > 0 {
			if w.due.Sub(w.now()) > 0 {
				break
			}
			w.due = w.due.Add(time.Duration(float64(time.Second) / w.speed))
			if late := w.now().Add(-time.Second); w.due.Before(late) {
				w.due = late // too slow for this speed: never mind what was missed
			}
		}
		w.left = max(-1, w.left-1)
		if err := w.iterate(); err != nil {
			w.left = 0
			w.fail(err)
			w.shown, w.measured = -1, -1 // it went back to finite values
			break
		}
		if w.row() {
			w.measure()
		}
	}
	if w.left == 0 {
		w.rest()
		return
	}
	now := w.now()
	turn := now.Sub(start)
	if w.speed > 0 {
		turn = max(turn, w.due.Sub(now))
	}
	if w.meter.due(now, turn) {
		w.measure()
	}
	if now.After(w.frameAfter) {
		w.frame()
	}
	if passed := now.Sub(w.rateFrom); passed > time.Second {
		post("rate", map[string]any{"stepsPerSecond": float64(w.step()-w.rateStep) / passed.Seconds()})
		w.rateFrom, w.rateStep = now, w.step()
	}
	if w.speed > 0 {
		w.again(w.due.Sub(w.now()))
	} else {
		w.again(0)
	}
}

// iterate makes one iteration of every run. If one fails, those after it make none.
func (w *worker) iterate() error {
	for _, run := range w.runs {
		if err := run.Train(1); err != nil {
			w.within = true // the runs are at different steps
			return err
		}
	}
	w.within = false
	return nil
}

// row reports whether charts and files have a row for the present step.
func (w *worker) row() bool { return !w.within && w.step()%w.meter.every == 0 }

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
	var diverged *lab.Diverged
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
