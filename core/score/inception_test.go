//go:build !js

package score

import (
	"math"
	"strings"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/internal/golden"
	"ganbel/core/program"
)

// hash is the rule by which core/internal/golden/inception.py makes its weights.
func hash(name string, i int) uint32 {
	h := uint32(2166136261)
	for _, b := range []byte(name) {
		h = (h ^ uint32(b)) * 16777619
	}
	x := h + uint32(i)*0x9E3779B9
	x ^= x >> 16
	x *= 0x85EBCA6B
	x ^= x >> 13
	x *= 0xC2B2AE35
	return x ^ x>>16
}

// ruled returns the weights that the rule gives to all layers.
func ruled(v *inception) data.Store {
	s := data.Store{Tensors: map[string]data.Tensor{}}
	put := func(name string, rule func(u float64) float64, shape ...int) {
		n := 1
		for _, d := range shape {
			n *= d
		}
		t := data.Tensor{Shape: shape, Data: make([]float32, n)}
		for i := range t.Data {
			t.Data[i] = float32(rule(float64(hash(name, i)>>8)/(1<<23) - 1))
		}
		s.Tensors[name] = t
	}
	for _, l := range v.all {
		w, out := l.window, l.w.Cols
		if l.name == "fc" {
			put("fc.weight", func(u float64) float64 { return u * math.Sqrt(3./inceptionFeatures) }, out, inceptionFeatures)
			put("fc.bias", func(u float64) float64 { return u }, out)
			continue
		}
		put(l.name+".conv.weight", func(u float64) float64 { return u * math.Sqrt(6/float64(l.w.Rows)) }, out, w.C, w.KH, w.KW)
		put(l.name+".bn.weight", func(u float64) float64 { return 1 + .2*u }, out)
		put(l.name+".bn.bias", func(u float64) float64 { return .1 * u }, out)
		put(l.name+".bn.running_mean", func(u float64) float64 { return .1 * u }, out)
		put(l.name+".bn.running_var", func(u float64) float64 { return 1 + .5*u }, out)
	}
	return s
}

// patches are the recordings' images.
func patches(side int) *data.Images {
	m := &data.Images{Rows: side, Cols: side, Channels: 3}
	for i := range 2 {
		patch := 13 + 40*i
		for y := range side {
			for x := range side {
				for c := range 3 {
					m.Pixels = append(m.Pixels, uint8(hash("image", ((i*100+y/patch)*100+x/patch)*3+c)>>24))
				}
			}
		}
	}
	return m
}

// Both forms are torchvision's network, every block of it.
func TestInception(t *testing.T) {
	for file, form := range map[string]Form{"inception_torchvision": Torchvision, "inception_2015": TensorFlow2015} {
		t.Run(file, func(t *testing.T) {
			f := golden.Read(t, "testdata/"+file+".json")
			side := f.Int("side")
			if f.Int("classes") != form.Classes {
				t.Fatalf("recorded with %d classes", f.Int("classes"))
			}
			v, x, features, logits := newInception(form, 2, side)
			memory := cpu.NewMemory()
			if err := v.load(memory, ruled(v)); err != nil {
				t.Fatal(err)
			}
			n := network{in: x, memory: memory, write: form.write(side)}
			for i, m := 0, patches(side); i < 2; i++ {
				n.write(memory.Of(x)[i*x.Cols:(i+1)*x.Cols], m, i)
			}
			outs := []*graph.Node{features, logits}
			for _, b := range v.blocks {
				outs = append(outs, b.Node)
			}
			m := cpu.Open(program.Compile(nil, outs...), memory, 1)
			defer m.Close()
			m.Run()
			for _, b := range v.blocks {
				var got []float64
				each := b.Len() / 2
				for i := range 2 {
					mean, square := 0., 0.
					for _, u := range m.Read(b.Node)[i*each : (i+1)*each] {
						mean += float64(u) / float64(each)
						square += float64(u) * float64(u) / float64(each)
					}
					got = append(got, mean, math.Sqrt(square))
				}
				near(t, f, b.name, got)
			}
			near(t, f, "features", every(m.Read(features), 4))
			near(t, f, "logits", every(m.Read(logits), 2))
			if len(f.Tensors) != len(v.blocks)+2 {
				t.Errorf("the recording has %d tensors, %d were compared", len(f.Tensors), len(v.blocks)+2)
			}
		})
	}
}

// every returns every k-th element.
func every(v []float32, k int) (w []float64) {
	for i := 0; i < len(v); i += k {
		w = append(w, float64(v[i]))
	}
	return w
}

// near compares with a tensor of the recording, relative to its greatest element.
func near(t *testing.T, f *golden.File, name string, got []float64) {
	t.Helper()
	want := f.Tensors[name].Data
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d elements, the recording has %d", name, len(got), len(want))
	}
	most, worst := 0., 0.
	for i, w := range want {
		most, worst = max(most, math.Abs(w)), max(worst, math.Abs(got[i]-w))
	}
	if !(worst <= 1e-4*most) {
		t.Errorf("%s: %g away, its greatest element is %g", name, worst, most)
	}
	t.Logf("%s: within %.1e", name, worst/most)
}

// What is missing or wrong in a file is told by its name, and what to do.
func TestInceptionFile(t *testing.T) {
	v, _, _, _ := newInception(TensorFlow2015, 1, 75)
	whole := ruled(v)
	for _, c := range []struct {
		name string
		do   func(map[string]data.Tensor)
		want []string
	}{
		{"missing", func(m map[string]data.Tensor) { delete(m, "Mixed_6c.branch7x7_2.bn.running_var") },
			[]string{"w.safetensors", `"Mixed_6c.branch7x7_2.bn.running_var"`, "[160]", "convert.py"}},
		{"turned", func(m map[string]data.Tensor) {
			m["Mixed_6b.branch7x7_2.conv.weight"] = data.Tensor{Shape: []int{128, 128, 7, 1}, Data: make([]float32, 128*128*7)}
		}, []string{`"Mixed_6b.branch7x7_2.conv.weight"`, "[128 128 7 1]", "[128 128 1 7]"}},
		{"classes", func(m map[string]data.Tensor) {
			m["fc.weight"] = data.Tensor{Shape: []int{10, 2048}, Data: make([]float32, 20480)}
		}, []string{`"fc.weight"`, "[10 2048]", "[1008 2048]"}},
		{"variance", func(m map[string]data.Tensor) {
			m["Conv2d_1a_3x3.bn.running_var"] = data.Tensor{Shape: []int{32}, Data: append([]float32{-1}, make([]float32, 31)...)}
		}, []string{`"Conv2d_1a_3x3.bn.running_var"`, "-1"}},
	} {
		s := data.Store{Tensors: map[string]data.Tensor{}}
		for name, x := range whole.Tensors {
			s.Tensors[name] = x
		}
		c.do(s.Tensors)
		_, err := NewInception(s, TensorFlow2015)
		if c.name == "missing" { // the whole way, by a file
			r := write(t, s)
			_, err = ReadInception(r, "w.safetensors")
		}
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v does not tell %s", c.name, err, w)
			}
		}
	}
	if _, err := ReadInception(strings.NewReader("no"), "w.safetensors"); err == nil || !strings.Contains(err.Error(), "w.safetensors") {
		t.Errorf("a file that is none: %v", err)
	}
}
