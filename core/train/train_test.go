package train_test

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/lab"
	"ganbel/core/memory"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/train"
)

// A line fits y = wx + b to noisy points of a line, by Adam.
type line struct {
	run               *train.Run
	x, y, loss        *graph.Node
	step              program.Machine
	draw              *random.Stream
	seen              []float32 // (1), points drawn so far
	settled, replaced int
}

var experiment = &lab.Experiment{
	Name: "line",
	Settings: []lab.Setting{
		{Name: "slope", Kind: lab.Float, Default: "2", Min: -10, Max: 1e9, Resets: true},
		{Name: "rate", Kind: lab.Float, Default: "0.1", Min: 0, Max: 1e30},
		{Name: "decay", Kind: lab.Int, Default: "0", Max: 1000},
		{Name: "seed", Kind: lab.Int, Default: "1", Max: 100, Resets: true},
	},
	Presets: []lab.Preset{{Name: "only", Steps: 1, Every: 1}},
	Actions: []lab.Action{{Name: "half-step"}},
}

const points = 16

func newLine(t *testing.T, changes lab.Values) *train.Run {
	t.Helper()
	v, err := experiment.Resolve("", changes)
	if err != nil {
		t.Fatal(err)
	}
	r := train.New(experiment, v, cpu.Device(1))
	t.Cleanup(r.Close)
	r.Begin(build(r))
	return r
}

func build(r *train.Run) *line {
	l := &line{run: r, seen: make([]float32, 1), draw: r.Stream("data", "data")}
	g, b := graph.New(), nn.NewBlock("net")
	fit := nn.NewLinear(b, "net.0", 1, 1, nn.Uniform(1))
	b.Build(g)
	rate := g.Input("rate", 1, 1)
	l.x, l.y = g.Input("x", points, 1), g.Input("y", points, 1)
	l.loss = fit.Apply(l.x).Sub(l.y).Square().Mean()
	updates := nn.Adam{Rate: rate, Beta1: .9, Beta2: .999}.Minimize(l.loss, b)
	l.step = r.Open(program.Compile(updates, l.loss))
	r.Learns("", updates, b, l.loss)
	r.Begins(b, r.Apart("init"))
	r.Host("seen", l.seen, false)
	r.Follow(rate, func() float64 {
		if decay := r.Int("decay"); decay > 0 {
			return r.Float("rate") * math.Max(0, 1-float64(r.Step())/float64(decay))
		}
		return r.Float("rate")
	})
	r.On("half-step", func(map[string]data.Tensor) (map[string]data.Tensor, error) { return nil, r.Carefully(l.descend) })
	return l
}

func (l *line) descend() string {
	slope := float32(l.run.Float("slope"))
	x := make([]float32, points)
	l.draw.Normal(x)
	l.run.Memory.Write(l.x, x)
	program.Feed(l.run.Memory, l.y, func(dst []float32) {
		for i := range dst {
			dst[i] = slope*x[i] - 1
		}
	})
	l.seen[0] += points
	return l.run.Descend(l.step, l.loss, "loss")
}

func (l *line) Iterate() string {
	if bad := l.descend(); bad != "" {
		return bad
	}
	l.run.Finish()
	return ""
}

func (l *line) Measure() []float64            { return []float64{l.step.Scalar(l.loss)} }
func (l *line) Frame() map[string]data.Tensor { return map[string]data.Tensor{} }
func (l *line) Settle()                       { l.settled++ }
func (l *line) Replaced()                     { l.replaced++ }

func equal(t *testing.T, a, b *train.Run) {
	t.Helper()
	x, y := a.Save(), b.Save()
	if !maps.Equal(x.Meta, y.Meta) || !maps.EqualFunc(x.Tensors, y.Tensors, func(a, b data.Tensor) bool {
		return slices.Equal(a.Shape, b.Shape) && slices.Equal(a.Data, b.Data)
	}) {
		t.Errorf("the runs differ:\n%v\n%v", x, y)
	}
}

// A run learns, and its saved tensors have names and shapes.
func TestTrain(t *testing.T) {
	r := newLine(t, nil)
	if err := r.Train(500); err != nil {
		t.Fatal(err)
	}
	s := r.Save()
	for name, shape := range map[string][]int{"net.0.weight": {1, 1}, "net.0.bias": {1, 1}, "adam.m.net.0.weight": {1, 1}, "adam.v.net.0.bias": {1, 1}, "adam.c1.net": {1}, "adam.c2.net": {1}, "seen": {1}} {
		if got, ok := s.Tensors[name]; !ok || !slices.Equal(got.Shape, shape) {
			t.Errorf("%s has shape %v, want %v", name, got.Shape, shape)
		}
	}
	if len(s.Tensors) != 9 || s.Meta["format"] != train.Format || s.Meta["step"] != "500" || s.Tensors["seen"].Data[0] != 500*points {
		t.Errorf("saved as %v", s)
	}
	if w, b := s.Tensors["net.0.weight"].Data[0], s.Tensors["net.0.bias"].Data[0]; math.Abs(float64(w-2)) > .01 || math.Abs(float64(b+1)) > .01 {
		t.Errorf("it learned y = %v x + %v", w, b)
	}
}

// A run that is saved resumes bit for bit, also by a file of format 1.
func TestResume(t *testing.T) {
	a := newLine(t, lab.Values{"decay": "20"})
	a.Train(7)
	saved := a.Save()
	old := a.Save() // as format 1 had it
	delete(old.Meta, "format")
	for _, kind := range []string{"", "adam.m.", "adam.v."} {
		name := map[string]string{"": "net", "adam.m.": "net.adam.m", "adam.v.": "net.adam.v"}[kind]
		v := slices.Concat(old.Tensors[kind+"net.0.weight"].Data, old.Tensors[kind+"net.0.bias"].Data)
		old.Tensors[name] = data.Tensor{Shape: []int{len(v)}, Data: v}
		delete(old.Tensors, kind+"net.0.weight")
		delete(old.Tensors, kind+"net.0.bias")
	}
	for _, c := range []string{"c1", "c2"} {
		old.Tensors["net.adam."+c] = old.Tensors["adam."+c+".net"]
		delete(old.Tensors, "adam."+c+".net")
	}
	a.Train(5)
	for format, s := range map[string]data.Store{"1": old, "2": saved} {
		b := newLine(t, lab.Values{"decay": "20"})
		if err := b.Sizes(s); err != nil {
			t.Errorf("format %s: %v", format, err)
		}
		b.Train(1)
		if err := b.Load(s); err != nil {
			t.Fatalf("format %s: %v", format, err)
		}
		if l := b.Model.(*line); l.replaced != 1 || l.settled != 2 {
			t.Errorf("format %s: it was replaced %d times and settled %d times", format, l.replaced, l.settled)
		}
		b.Train(5)
		equal(t, b, a)
	}
}

// A run that cannot load a store says why and stays as it is.
func TestLoadRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*data.Store){
		`a run of "x"`:                 func(s *data.Store) { s.Meta["experiment"] = "x" },
		`step is "-1"`:                 func(s *data.Store) { s.Meta["step"] = "-1" },
		"slope 3, not 2":               func(s *data.Store) { s.Meta["set.slope"] = "3" },
		"rate is \"x\"":                func(s *data.Store) { s.Meta["set.rate"] = "x" },
		`stream "data" is at ""`:       func(s *data.Store) { delete(s.Meta, "stream.data") },
		`"net.0.weight" has 0 numbers`: func(s *data.Store) { delete(s.Tensors, "net.0.weight") },
	} {
		r, other := newLine(t, nil), newLine(t, nil)
		r.Train(3)
		other.Train(3)
		s := r.Save()
		spoil(&s)
		if err := r.Load(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		equal(t, r, other)
	}
}

// A run that adopts keeps its settings, and its optimiser begins anew if it has to.
func TestAdopts(t *testing.T) {
	a, b := newLine(t, nil), newLine(t, lab.Values{"slope": "-3", "rate": "0.5"})
	a.Train(9)
	s := a.Save()
	delete(s.Tensors, "adam.m.net.0.weight")
	first := b.Save()
	b.Train(2)
	if err := b.Adopt(s); err != nil {
		t.Fatal(err)
	}
	got := b.Save()
	if b.Step() != 9 || b.Text("slope") != "-3" || b.Text("rate") != "0.5" {
		t.Errorf("it is at step %d with the settings %v", b.Step(), b.Values())
	}
	for name, want := range map[string]data.Store{"net.0.weight": s, "adam.v.net.0.weight": s, "adam.m.net.0.weight": first, "adam.m.net.0.bias": first} {
		if !slices.Equal(got.Tensors[name].Data, want.Tensors[name].Data) {
			t.Errorf("%s is %v, want %v", name, got.Tensors[name].Data, want.Tensors[name].Data)
		}
	}
}

// A setting acts from the next step on, if it may change.
func TestSet(t *testing.T) {
	a, b := newLine(t, nil), newLine(t, lab.Values{"rate": "0.01"})
	if err := a.Set("rate", "1e-2"); err != nil {
		t.Fatal(err)
	}
	a.Train(3)
	b.Train(3)
	if !slices.Equal(a.Numbers()["net.0.weight"], b.Numbers()["net.0.weight"]) {
		t.Error("it does not train at the rate that was set")
	}
	for name, value := range map[string]string{"slope": "3", "rate": "x", "speed": "1"} {
		if err := a.Set(name, value); err == nil {
			t.Errorf("%s became %s", name, value)
		}
	}
	if _, err := a.Do("jump", nil); err == nil || !strings.Contains(err.Error(), "half-step") {
		t.Errorf("an unknown action: %v", err)
	}
	before := a.Step()
	if _, err := a.Do("half-step", nil); err != nil || a.Step() != before {
		t.Errorf("at step %d, %v", a.Step(), err)
	}
}

// A run that diverges goes back to before the step in which it began, and names the
// operator.
func TestDiverges(t *testing.T) {
	r := newLine(t, nil)
	r.Train(5)
	if err := r.Set("rate", "1e30"); err != nil {
		t.Fatal(err)
	}
	err := r.Train(100)
	var d *train.Diverged
	if !errors.As(err, &d) || d.Step < 5 || d.Step > 8 || !strings.Contains(d.What, " of ") {
		t.Fatalf("%v", err)
	}
	if d.Step != r.Step() {
		t.Errorf("it diverged at step %d and is at %d", d.Step, r.Step())
	}
	for name, v := range r.Numbers() {
		for _, x := range v {
			if x-x != 0 {
				t.Errorf("%s is %v", name, x)
			}
		}
	}
}

// A run that does not fit says how much it needs.
func TestFits(t *testing.T) {
	v, err := experiment.Resolve("", nil)
	if err != nil {
		t.Fatal(err)
	}
	r := train.New(experiment, v, cpu.Device(1))
	defer r.Close()
	build(r)
	r.Needs(1 << 20)
	plan := r.Plan()
	free := func(n uint64) func() memory.Room {
		return func() memory.Room { return memory.Room{Bytes: n, Of: "this machine"} }
	}
	var large *train.TooLarge
	if err := r.Fits(free(1 << 20)); !errors.As(err, &large) || large.Needs < uint64(plan.Bytes) {
		t.Errorf("%v, and %d bytes are planned", err, plan.Bytes)
	}
	if err := r.Fits(free(large.Needs)); err != nil {
		t.Error(err)
	}
}
