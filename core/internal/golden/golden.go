// Package golden replays training steps recorded from PyTorch in float64 by
// make.py, both by Eval, which must agree within 1e-9, and on the processor in
// float32, within 1e-4, each of the greatest element of a tensor. Every tensor of
// a recording must take part.
package golden

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// A File is one recording.
type File struct {
	Config  map[string]any
	Tensors map[string]struct {
		Shape []int
		Data  []float64
	}
	used map[string]bool
}

// Read reads a recording.
func Read(t *testing.T, path string) *File {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := &File{used: map[string]bool{}}
	if err := json.Unmarshal(b, f); err != nil {
		t.Fatal(err)
	}
	return f
}

// Int returns a whole number of the recording's configuration.
func (f *File) Int(name string) int { return int(f.Config[name].(float64)) }

// Float returns a number of the recording's configuration.
func (f *File) Float(name string) float64 { return f.Config[name].(float64) }

// A Replay says how a recording maps to a graph. In names, %d is the step.
type Replay struct {
	File    *File
	Steps   int
	Block   *nn.Block
	Names   []string // of the block's parameters, in its order, as the file calls them
	Inputs  map[*graph.Node]string
	Fixed   map[*graph.Node]float64 // inputs that do not change
	Outputs map[*graph.Node]string
	Grad    *graph.Node // of the loss, by the block
	Updates []graph.Update
}

// Run replays the recording twice and compares all that it tells.
func (r Replay) Run(t *testing.T) {
	t.Helper()
	t.Run("Eval", func(t *testing.T) {
		feed := graph.Feed{}
		r.run(t, 1e-9, func(n *graph.Node, v []float64) { feed[n] = v }, func(outs []*graph.Node) [][]float64 {
			for _, u := range r.Updates {
				outs = append(outs, u.Next)
			}
			values := graph.Eval(feed, outs...)
			for i, u := range r.Updates {
				feed[u.X] = values[len(outs)-len(r.Updates)+i]
			}
			return values
		}, func(n *graph.Node) []float64 { return feed[n] })
	})
	t.Run("cpu", func(t *testing.T) {
		mem := cpu.NewMemory()
		var m *cpu.Machine
		r.run(t, 1e-4, func(n *graph.Node, v []float64) {
			for i, x := range v {
				mem.Of(n)[i] = float32(x)
			}
		}, func(outs []*graph.Node) [][]float64 {
			if m == nil {
				m = cpu.Open(program.Compile(r.Updates, outs...), mem, 2)
			}
			m.Run()
			values := make([][]float64, len(outs))
			for i, o := range outs {
				values[i] = wide(m.Read(o))
			}
			return values
		}, func(n *graph.Node) []float64 { return wide(mem.Of(n)) })
		m.Close()
	})
	for name := range r.File.Tensors {
		if !r.File.used[name] {
			t.Errorf("nothing was compared with the recording's %q", name)
		}
	}
}

func wide(v []float32) []float64 {
	w := make([]float64, len(v))
	for i, x := range v {
		w[i] = float64(x)
	}
	return w
}

func (r Replay) run(t *testing.T, tol float64, set func(*graph.Node, []float64), step func(outs []*graph.Node) [][]float64, get func(*graph.Node) []float64) {
	first := []float64{}
	for _, name := range r.Names {
		first = append(first, r.tensor(t, "p0/"+name)...)
	}
	set(r.Block.Node, first)
	// block compares every parameter's part of v with the recording.
	block := func(prefix string, v []float64) {
		for _, name := range r.Names {
			want := r.tensor(t, prefix+name)
			near(t, prefix+name, v[:len(want)], want, tol)
			v = v[len(want):]
		}
	}
	for n, k := range r.Fixed {
		set(n, []float64{k})
	}
	for s := 1; s <= r.Steps; s++ {
		for n, name := range r.Inputs {
			set(n, r.tensor(t, fmt.Sprintf(name, s)))
		}
		outs, names := []*graph.Node{r.Grad}, []string{""}
		for n, name := range r.Outputs {
			outs, names = append(outs, n), append(names, name)
		}
		values := step(outs)
		block(fmt.Sprintf("g%d/", s), values[0])
		for i := 1; i < len(names); i++ {
			near(t, fmt.Sprintf(names[i], s), values[i], r.tensor(t, fmt.Sprintf(names[i], s)), tol)
		}
	}
	if len(r.Updates) > 0 {
		block("pK/", get(r.Block.Node))
	}
}

func (r Replay) tensor(t *testing.T, name string) []float64 {
	v, ok := r.File.Tensors[name]
	if !ok {
		t.Fatalf("the recording has no %q", name)
	}
	r.File.used[name] = true
	return v.Data
}

// near compares relative to the tensor's greatest element, since others may be
// what is left of a cancellation. The bias of a critic's last layer, on which
// nothing depends, has gradient 0: then the tolerance is absolute.
func near(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	most, worst := 0., 0.
	for _, w := range want {
		most = math.Max(most, math.Abs(w))
	}
	if most < 1e-12 {
		most = 1
	}
	for i, w := range want {
		d := math.Abs(got[i] - w)
		if !(d <= tol*most) {
			t.Fatalf("%s: element %d is %.12g, PyTorch has %.12g", what, i, got[i], w)
		}
		worst = math.Max(worst, d/most)
	}
	t.Logf("%s: within %.1e", what, worst)
}
