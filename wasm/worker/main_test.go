//go:build js

package main

import (
	"bytes"
	"maps"
	"math"
	"math/rand/v2"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
	"ganbel/wasm/values"
)

// page stands for the other side: it says things and keeps what is answered.
type page struct {
	t     *testing.T
	w     *worker
	heard []js.Value
	more  chan struct{} // holds one once something was answered
}

func newPage(t *testing.T) *page {
	p := &page{t: t, w: newWorker(), more: make(chan struct{}, 1)}
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		p.heard = append(p.heard, args[0])
		select {
		case p.more <- struct{}{}:
		default:
		}
		return nil
	})
	js.Global().Set("postMessage", f)
	t.Cleanup(func() {
		p.w.channel.Get("port1").Call("close")                            // node waits for open ports
		js.Global().Set("postMessage", js.Global().Get("Function").New()) // the worker may still send messages
		f.Release()
	})
	return p
}

func (p *page) say(m map[string]any) {
	p.w.guard(func() { p.w.receive(js.ValueOf(m)) })
}

// next returns the next message, and waits until there is one.
func (p *page) next() js.Value {
	for len(p.heard) == 0 {
		<-p.more
	}
	m := p.heard[0]
	p.heard = p.heard[1:]
	return m
}

// hear returns the next message of a kind, and forgets those before it.
func (p *page) hear(kind string) js.Value {
	p.t.Helper()
	for {
		m := p.next()
		if got := m.Get("type").String(); got == kind {
			return m
		} else if got == "error" {
			p.t.Fatalf("error while it waits for %s: %s", kind, m.Get("message").String())
		}
	}
}

// fault returns the next error, and forgets what was said before it.
func (p *page) fault() js.Value {
	for {
		if m := p.next(); m.Get("type").String() == "error" {
			return m
		}
	}
}

func small(more map[string]any) map[string]any {
	v := map[string]any{"width": "8", "depth": "1", "batch": "8", "field": "8", "n-critic": "1"}
	for name, text := range more {
		v[name] = text
	}
	return map[string]any{"cmd": "open", "experiment": "wgan-gp", "preset": "live", "values": v}
}

func TestRun(t *testing.T) {
	p := newPage(t)
	p.say(map[string]any{"cmd": "frame"})
	p.say(small(nil))
	if v := p.hear("opened").Get("runs").Index(0); v.Get("width").String() != "8" || v.Get("rule").String() != "penalty" {
		t.Errorf("opened with width %v and rule %v", v.Get("width"), v.Get("rule"))
	}
	if critic := p.hear("frame").Get("runs").Index(0).Get("critic"); critic.Get("data").Length() != 64 || critic.Get("shape").Index(1).Int() != 8 {
		t.Error("the first frame's critic is not 8 by 8")
	}
	if v := p.hear("metrics").Get("runs").Index(0); !v.Index(0).IsNull() || v.Index(4).Float() <= 0 {
		t.Errorf("at step 0 the critic's loss is %v, W1 %v", v.Index(0), v.Index(4))
	}

	p.say(map[string]any{"cmd": "step", "n": 3})
	if s := p.hear("state"); !s.Get("playing").Bool() {
		t.Error("stepping does not play")
	}
	if s := p.hear("state"); s.Get("playing").Bool() || s.Get("step").Int() != 3 {
		t.Errorf("after 3 steps it is at %v", s.Get("step"))
	}

	p.say(map[string]any{"cmd": "save"})
	saved := p.hear("saved").Get("runs")
	p.say(map[string]any{"cmd": "play", "speed": 0})
	p.hear("state")
	p.say(map[string]any{"cmd": "frame"})
	p.hear("frame") // of the step at which it was asked for
	p.say(map[string]any{"cmd": "frame"})
	if s := p.hear("frame").Get("step").Int(); s <= 3 {
		t.Errorf("it plays, and the next frame is of step %d", s)
	}
	if r := p.hear("rate").Get("stepsPerSecond").Float(); r <= 0 {
		t.Errorf("it plays at %g steps a second", r)
	}
	p.say(map[string]any{"cmd": "set", "name": "lambda", "value": "5"})
	p.hear("set")
	p.say(map[string]any{"cmd": "pause"})
	if s := p.hear("state"); s.Get("playing").Bool() {
		t.Error("it plays on after pause")
	}
	p.say(map[string]any{"cmd": "load", "runs": saved})
	if s := p.hear("state").Get("step").Int(); s != 3 {
		t.Errorf("it goes on from step %d, not 3", s)
	}
}

// With a speed it makes as many iterations as its clock says, whatever the machine
// can do, and does not make up for what it missed by more than a second.
func TestSpeed(t *testing.T) {
	p := newPage(t)
	clock := time.Now()
	p.w.now = func() time.Time { return clock }
	p.say(small(nil))
	p.say(map[string]any{"cmd": "play", "speed": 20})
	p.w.guard(p.w.work)
	for i := range 40 {
		if got := p.w.step(); got != i+1 {
			t.Fatalf("after %d ms it is at step %d, not %d", 50*i, got, i+1)
		}
		clock = clock.Add(50 * time.Millisecond)
		p.w.guard(p.w.work)
	}
	if r := p.hear("rate").Get("stepsPerSecond").Float(); math.Abs(r-20) > 2 {
		t.Errorf("20 iterations a second were asked for, and it says that it makes %g", r)
	}
	before := p.w.step()
	clock = clock.Add(time.Minute)
	p.w.guard(p.w.work)
	if got := p.w.step() - before; got < 19 || got > 22 {
		t.Errorf("after a minute away it makes %d iterations at once", got)
	}
	p.say(map[string]any{"cmd": "pause"})
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		say   map[string]any
		want  string
		marks string
	}{
		{"unknown experiment", map[string]any{"cmd": "open", "experiment": "dcgan"}, "wgan-gp", "open"},
		{"bad setting", small(map[string]any{"width": "many"}), "width", "open"},
		{"no points", small(map[string]any{"data": "points"}), "points", "open"},
		{"no digits", map[string]any{"cmd": "open", "experiment": "gumbel-vae"}, "MNIST", "open"},
		{"cut digits", map[string]any{"cmd": "open", "experiment": "gumbel-vae", "shard": js.Global().Get("ArrayBuffer").New(10)}, "MNIST", "open"},
		{"cut classifier", map[string]any{"cmd": "open", "experiment": "wgan-mnist", "weights": js.Global().Get("ArrayBuffer").New(10)}, "classifier of MNIST", "open"},
		{"unknown command", map[string]any{"cmd": "fly"}, "fly", ""},
		{"setting of another run", map[string]any{"cmd": "set", "name": "width", "value": "9"}, "width", ""},
		{"broken file", map[string]any{"cmd": "load", "runs": js.Global().Get("Array").New(js.Global().Get("ArrayBuffer").New(9))}, "saved run", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPage(t)
			p.say(small(nil))
			p.hear("metrics")
			p.say(c.say)
			e := p.heard[len(p.heard)-1]
			if e.Get("type").String() != "error" || !strings.Contains(e.Get("message").String(), c.want) {
				t.Errorf("it answers %s %q", e.Get("type"), e.Get("message").String())
			}
			if c.marks != "" && !e.Get(c.marks).Truthy() {
				t.Errorf("the error is not marked %s", c.marks)
			}
		})
	}
}

func TestDiverged(t *testing.T) {
	p := newPage(t)
	p.say(small(nil))
	p.hear("metrics")
	store := p.w.runs[0].Save()
	for _, v := range store.Tensors {
		v.Data[0] = float32(math.Inf(1))
	}
	if err := p.w.runs[0].Load(store); err != nil {
		t.Fatal(err)
	}
	p.say(map[string]any{"cmd": "step", "n": 100})
	p.hear("state")
	if e := p.fault(); !e.Get("diverged").Bool() || p.w.left != 0 {
		t.Errorf("with an infinite weight it answers %s %s", e.Get("type"), e.Get("message"))
	}
	if s := p.hear("state"); s.Get("playing").Bool() {
		t.Error("it says that it goes on")
	}
}

type broken struct{ train.Model }

func (broken) Iterate() string { panic("shapes (2, 3) and (4) disagree") }

func TestPanic(t *testing.T) {
	p := newPage(t)
	p.say(small(nil))
	p.hear("metrics")
	p.w.runs[0].Model = broken{p.w.runs[0].Model}
	p.say(map[string]any{"cmd": "play", "speed": 0})
	p.hear("state")
	if e := p.fault(); !e.Get("fatal").Truthy() || !strings.Contains(e.Get("message").String(), "shapes") {
		t.Errorf("after a panic it answers %s", e.Get("message"))
	}
}

// Runs that share a seed share all their noise: two of the same settings stay equal.
func TestVariants(t *testing.T) {
	p := newPage(t)
	all := small(nil)
	all["variants"] = []any{map[string]any{}, map[string]any{"lambda": "10"}, map[string]any{}}
	p.say(all)
	if got := p.hear("opened").Get("runs"); got.Length() != 3 || got.Index(1).Get("lambda").String() != "10" {
		t.Errorf("opened %d runs", got.Length())
	}
	p.say(map[string]any{"cmd": "step", "n": 5})
	var runs js.Value
	for m := p.next(); m.Get("type").String() != "state" || m.Get("step").Int() < 5; m = p.next() {
		if m.Get("type").String() == "metrics" {
			runs = m.Get("runs")
		}
	}
	a, b, c := runs.Index(0).Index(0).Float(), runs.Index(1).Index(0).Float(), runs.Index(2).Index(0).Float()
	if a != c || a == b {
		t.Errorf("critic losses are %v, %v with λ 10, and %v again", a, b, c)
	}
	p.say(map[string]any{"cmd": "do", "id": 7, "run": 1, "action": "fly", "tensors": map[string]any{}})
	if d := p.hear("done"); d.Get("id").Int() != 7 || !strings.Contains(d.Get("message").String(), "fly") {
		t.Errorf("an unknown action is answered %s", d.Get("message"))
	}
}

// A single step is a step of the one run it is made of, and its frame shows it.
func TestActions(t *testing.T) {
	p := newPage(t)
	m := small(map[string]any{"n-critic": "2"})
	m["variants"] = []any{map[string]any{}, map[string]any{}}
	p.say(m)
	p.hear("metrics")
	do := func(id, run int, action string, tensors map[string]any) js.Value {
		p.say(map[string]any{"cmd": "do", "id": id, "run": run, "action": action, "tensors": tensors})
		d := p.hear("done")
		if d.Get("id").Int() != id {
			t.Errorf("%s is answered under %v", action, d.Get("id"))
		}
		return d
	}
	p.say(map[string]any{"cmd": "frame"})
	p.hear("frame")
	p.say(map[string]any{"cmd": "frame"})
	do(1, 1, "critic-step", map[string]any{})
	f := p.hear("frame").Get("runs")
	if f.Index(0).Get("batch-mix").Truthy() || f.Index(1).Get("batch-mix").Get("shape").Index(0).Int() != 8 {
		t.Error("after a critic step of run 1 the frame has no batch of it, or one of run 0")
	}
	do(2, 1, "generator-step", map[string]any{})
	if a, b := p.w.runs[0].Step(), p.w.runs[1].Step(); a != 0 || b != 1 {
		t.Errorf("the runs are at steps %d and %d", a, b)
	}
	p.heard = nil
	at := js.Global().Get("Float32Array").New(6)
	out := do(3, 0, "evaluate", map[string]any{"points": map[string]any{"shape": []any{3, 2}, "data": at}}).Get("tensors")
	if out.Get("critic").Get("data").Length() != 3 || out.Get("gradient").Get("shape").Index(1).Int() != 2 {
		t.Error("three points have not three values and gradients")
	}
	if len(p.heard) > 0 {
		t.Errorf("what changes nothing sends %s", p.heard[0].Get("type"))
	}
	if d := do(4, 2, "critic-step", map[string]any{}); !strings.Contains(d.Get("message").String(), "no run 2") {
		t.Errorf("a third run of two: %s", d.Get("message"))
	}
	if d := do(5, 0, "move-modes", map[string]any{}); !strings.Contains(d.Get("message").String(), "modes") || d.Get("diverged").Bool() {
		t.Errorf("moving to nowhere: %s", d.Get("message"))
	}
}

// Several runs are loaded or none is; with adopt they keep their settings.
func TestLoad(t *testing.T) {
	p := newPage(t)
	open := func(variants ...any) {
		m := small(nil)
		m["variants"] = variants
		p.say(m)
		p.hear("metrics")
	}
	open(map[string]any{}, map[string]any{})
	p.say(map[string]any{"cmd": "step", "n": 3})
	p.hear("state")
	p.hear("state")
	p.say(map[string]any{"cmd": "save"})
	saved := p.hear("saved").Get("runs")

	open(map[string]any{"rule": "clip"}, map[string]any{"lambda": "10"})
	p.heard = nil
	p.say(map[string]any{"cmd": "load", "runs": saved})
	if e := p.heard[0]; e.Get("type").String() != "error" || !strings.Contains(e.Get("message").String(), "rule") || p.w.step() != 0 {
		t.Errorf("a run of another rule is answered %s, at step %d", e.Get("message"), p.w.step())
	}
	p.heard = nil
	p.say(map[string]any{"cmd": "load", "runs": saved, "adopt": true})
	if s := p.hear("state"); s.Get("step").Int() != 3 {
		t.Errorf("it goes on from step %d, not 3", s.Get("step").Int())
	}
	if a, b := p.w.runs[0].Values()["rule"], p.w.runs[1].Values()["lambda"]; a != "clip" || b != "10" {
		t.Errorf("the runs have the rule %s and λ %s", a, b)
	}

	// The first fits, the second does not.
	open(map[string]any{}, map[string]any{"width": "9"})
	for _, adopt := range []bool{false, true} {
		p.heard = nil
		p.say(map[string]any{"cmd": "load", "runs": saved, "adopt": adopt})
		if e := p.heard[0]; e.Get("type").String() != "error" || p.w.runs[0].Step() != 0 || p.w.runs[1].Step() != 0 {
			t.Errorf("adopt %v: %s %s, at steps %d and %d", adopt, e.Get("type"), e.Get("message"), p.w.runs[0].Step(), p.w.runs[1].Step())
		}
	}
}

// closed reports whether a run was closed: its machines cannot run any more.
func closed(r *train.Run) (was bool) {
	defer func() { was = recover() != nil }()
	r.Frame()
	return false
}

// Runs that are replaced are closed. A saved run that cannot be opened, for whatever
// reason, replaces nothing: the runs that were open train on.
func TestReplaced(t *testing.T) {
	p := newPage(t)
	p.say(small(nil))
	p.hear("metrics")
	p.say(map[string]any{"cmd": "step", "n": 3})
	p.hear("state")
	p.hear("state")
	p.say(map[string]any{"cmd": "save"})
	saved := p.hear("saved").Get("runs")
	first := p.w.runs[0]

	flipped := js.Global().Get("Uint8Array").New(saved.Index(0).Call("slice", 0))
	flipped.SetIndex(flipped.Length()-20, flipped.Index(flipped.Length()-20).Int()^1)
	list := func(buffer js.Value) js.Value { return js.Global().Get("Array").New().Call("concat", buffer) }
	for want, c := range map[string]struct {
		values map[string]any
		saved  js.Value
	}{
		"the run needs":    {map[string]any{"width": "4096", "depth": "20", "batch": "4096"}, js.Null()},
		"numbers: it must": {map[string]any{"width": "4096", "depth": "20"}, saved},
		"from 1 to 20":     {map[string]any{"width": "100000", "depth": "100"}, saved},
		"digest":           {nil, list(flipped.Get("buffer"))},
		"is cut: 3 of 8":   {nil, list(js.Global().Get("ArrayBuffer").New(3))},
		"2 runs saved":     {nil, saved.Call("concat", saved)},
	} {
		m := small(c.values)
		if c.saved.IsNull() { // the file fits its settings, and memory fits neither
			e, err := lab.Find("wgan-gp")
			if err != nil {
				t.Fatal(err)
			}
			v, err := e.Resolve("live", settings(js.ValueOf(m["values"])))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := experiment.Open(e, v, experiment.World{}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "WebAssembly") {
				t.Errorf("%v, want %q", err, want)
			}
			continue
		}
		m["saved"] = c.saved
		p.say(m)
		e := p.heard[len(p.heard)-1]
		if e.Get("type").String() != "error" || !e.Get("open").Truthy() || !e.Get("kept").Truthy() || !strings.Contains(e.Get("message").String(), want) {
			t.Errorf("it answers %s %q, want %q", e.Get("type"), e.Get("message").String(), want)
		}
		p.heard = nil
		if p.w.runs[0] != first || closed(first) || p.w.step() != 3 {
			t.Fatalf("the run was closed: %v, and stands at %d", closed(first), p.w.step())
		}
	}
	p.say(map[string]any{"cmd": "step", "n": 1})
	p.hear("state")
	p.hear("state")

	m := small(nil)
	m["saved"] = saved
	p.say(m)
	if o := p.hear("opened"); !o.Get("saved").Bool() || !closed(first) {
		t.Errorf("opened a saved run, and the one before is closed: %v", closed(first))
	}
	if s := p.hear("state").Get("step").Int(); s != 3 {
		t.Errorf("it stands at %d, want 3", s)
	}
	second := p.w.runs[0]
	p.say(small(nil))
	p.hear("opened")
	if !closed(second) || closed(p.w.runs[0]) {
		t.Error("the run that is replaced is not closed, or the other is")
	}
}

// hostile returns files that are no runs, by what they are.
func hostile(t *testing.T, good []byte) map[string][]byte {
	s, err := data.ReadSafetensors(bytes.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(change func(s *data.Store)) []byte {
		c := data.Store{Meta: maps.Clone(s.Meta), Tensors: maps.Clone(s.Tensors)}
		change(&c)
		var b bytes.Buffer
		if err := data.WriteSafetensors(&b, c); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	return map[string][]byte{
		"tensors": spoil(func(s *data.Store) { // it asks for gigabytes
			s.Tensors, s.Meta["set.width"], s.Meta["set.depth"] = nil, "4096", "20"
		}),
		"lambda":         spoil(func(s *data.Store) { delete(s.Meta, "set.lambda") }),
		"stream":         spoil(func(s *data.Store) { delete(s.Meta, "stream.data") }),
		"critic":         spoil(func(s *data.Store) { delete(s.Tensors, "critic.0.weight") }),
		"step":           spoil(func(s *data.Store) { s.Meta["step"] = "1e3" }),
		"no experiment":  spoil(func(s *data.Store) { s.Meta["experiment"] = "dcgan" }),
		"cut":            good[:len(good)-1],
		"8 bytes":        nil,
		"begin with {":   append([]byte{2, 0, 0, 0, 0, 0, 0, 0}, "[]"...),
		"is there twice": bytes.Replace(bytes.Clone(good), []byte(`"adam.m.critic.0.weight"`), []byte(`"adam.v.critic.0.weight"`), 1),
	}
}

// A file that is no run is refused with a reason, and the open run continues as if
// nothing had happened.
func TestHostileFiles(t *testing.T) {
	p := newPage(t)
	p.say(small(nil))
	p.say(map[string]any{"cmd": "step", "n": 2})
	for p.hear("state").Get("step").Int() != 2 {
	}
	p.say(map[string]any{"cmd": "save"})
	before := values.Bytes(p.hear("saved").Get("runs").Index(0))
	run := p.w.runs[0]
	for want, b := range hostile(t, before) {
		p.heard = nil
		p.say(map[string]any{"cmd": "load", "runs": js.Global().Get("Array").Call("of", values.Array(b).Get("buffer"))})
		if e := p.heard[len(p.heard)-1]; e.Get("type").String() != "error" || e.Get("fatal").Truthy() || !strings.Contains(e.Get("message").String(), want) {
			t.Errorf("%s: %s %s", want, e.Get("type"), e.Get("message"))
		}
	}
	if len(p.w.runs) != 1 || p.w.runs[0] != run {
		t.Error("the run was replaced")
	}
	p.heard = nil
	p.say(map[string]any{"cmd": "save"})
	if after := values.Bytes(p.hear("saved").Get("runs").Index(0)); !bytes.Equal(before, after) {
		t.Error("the run changed")
	}
}

// Whatever messages come, the worker answers and does not break: no message is fatal.
func TestHostileMessages(t *testing.T) {
	p := newPage(t)
	p.say(small(nil))
	p.say(map[string]any{"cmd": "save"})
	good := values.Bytes(p.hear("saved").Get("runs").Index(0))
	r := rand.New(rand.NewPCG(1, 2))
	odd := func() any {
		of := func(kind string, args ...any) js.Value { return js.Global().Get(kind).New(args...) }
		numbers := of("Float32Array", 4)
		shape := js.Global().Get("Array").Call("of", 2, 2)
		all := []any{
			js.Undefined(), nil, true, 0, 1, -1, 0.5, 1e300, math.NaN(), "", "x", "9007199254740993", of("Object"), of("Array"), of("Array", 3), of("ArrayBuffer", 9), numbers,
			map[string]any{"a": 1}, map[string]any{"width": "8", "nosuch": "1"}, map[string]any{"modes": map[string]any{"shape": shape, "data": numbers}},
			map[string]any{"points": map[string]any{"shape": js.Global().Get("Array").Call("of", -1, 1e300), "data": numbers}}, map[string]any{"points": 3}, map[string]any{"points": nil},
			js.Global().Get("Array").Call("of", map[string]any{"width": "9"}), js.Global().Get("Array").Call("of", nil), js.Global().Get("Array").Call("of", values.Array(good).Get("buffer")),
			js.Global().Get("Array").Call("of", values.Array(good[:r.IntN(len(good))]).Get("buffer")), js.Global().Get("Symbol").Invoke("s"),
		}
		return all[r.IntN(len(all))]
	}
	names := []string{"cmd", "experiment", "preset", "values", "points", "shard", "weights", "variants", "speed", "n", "name", "value", "id", "run", "action", "tensors", "runs", "adopt", "saved", "broken"}
	commands := []string{"open", "play", "pause", "step", "set", "frame", "do", "save", "load", "judge", "fly"}
	actions := []string{"critic-step", "generator-step", "move-modes", "evaluate", "nosuch"}
	for i := range 300 {
		m := small(nil)
		m["cmd"], m["run"], m["action"], m["id"] = commands[r.IntN(len(commands))], 0, actions[r.IntN(len(actions))], i
		for range 1 + r.IntN(3) {
			m[names[r.IntN(len(names))]] = odd()
		}
		p.heard = nil
		p.say(m)
		p.w.left = 0 // what it was asked to train would take long
		for _, h := range p.heard {
			if h.Get("type").String() == "error" && h.Get("fatal").Truthy() {
				t.Fatalf("message %d, %v: %s", i, m, h.Get("message").String())
			}
		}
	}
	p.heard = nil
	p.say(small(nil))
	p.hear("opened")
}
