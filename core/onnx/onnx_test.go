package onnx

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// trained returns a run that has made a few steps, and what it saved.
func trained(t *testing.T, e *lab.Experiment, changes lab.Values) (*train.Run, data.Store) {
	t.Helper()
	v, err := e.Resolve("live", changes)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiment.Open(e, v, experiment.World{MNIST: func() (train, test *data.Images, err error) {
		_, d, err := data.MNIST(os.DirFS("../../assets/mnist"))
		if err != nil {
			return nil, nil, err
		}
		return d.Slice(0, 800), d.Slice(800, 1000), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	if err := r.Train(3); err != nil {
		t.Fatal(err)
	}
	return r, r.Save()
}

// format1 returns what an older version would have saved: a tensor for each block.
func format1(s data.Store) data.Store {
	old := data.Store{Meta: maps.Clone(s.Meta), Tensors: map[string]data.Tensor{}}
	delete(old.Meta, "format")
	for block, parts := range map[string][]string{"critic": {"critic"}, "generator": {"generator"}, "vae": {"encoder", "decoder"}} {
		var v []float32
		for _, part := range parts {
			for layer := 0; ; layer++ {
				name := fmt.Sprintf("%s.%d.", part, layer)
				weight, ok := s.Tensors[name+"weight"]
				if !ok {
					break
				}
				v = append(append(v, weight.Data...), s.Tensors[name+"bias"].Data...)
			}
		}
		if prior, ok := s.Tensors["prior"]; ok && block == "vae" {
			v = append(v, prior.Data...)
		}
		if v != nil {
			old.Tensors[block] = data.Tensor{Shape: []int{len(v)}, Data: v}
		}
	}
	return old
}

// A run of either format has the same models.
func TestFormats(t *testing.T) {
	_, toy := trained(t, experiment.WGANGP, lab.Values{"width": "8", "batch": "8", "field": "8"})
	_, vae := trained(t, experiment.GumbelVAE, lab.Values{"latents": "4", "batch": "20", "draws": "3", "hidden": "256-128", "prior": "learned"})
	format := message{}.message(14, message{}.text(1, "format").text(2, train.Format)) // which only one carries
	for _, s := range []data.Store{toy, vae} {
		old := models(t, format1(s))
		for name, m := range models(t, s) {
			without := bytes.Replace(m, format, nil, 1)
			if !bytes.Equal(without, old[name]) || len(without) == len(m) {
				t.Errorf("%s of %s differs between the formats", name, s.Meta["experiment"])
			}
		}
	}
}

func models(t *testing.T, s data.Store) map[string][]byte {
	t.Helper()
	m, err := Models(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Two networks of the same run differ, and the same run gives the same bytes.
func TestSame(t *testing.T) {
	_, s := trained(t, experiment.WGANGP, lab.Values{"width": "8", "batch": "8", "field": "8"})
	a, b := models(t, s), models(t, s)
	if !maps.EqualFunc(a, b, bytes.Equal) || bytes.Equal(a["critic"], a["generator"]) || len(a) != 2 {
		t.Errorf("%d models, which differ", len(a))
	}
	for name, m := range a {
		for rest := m; len(rest) > 0; {
			_, _, n := protowire.ConsumeField(rest)
			if n < 0 {
				t.Fatalf("%s: %v", name, protowire.ParseError(n))
			}
			rest = rest[n:]
		}
	}
	s.Meta["preset"] = "live"
	if m := models(t, s)["critic"]; !bytes.Contains(m, []byte("preset")) {
		t.Error("the preset is lost")
	}
}

// What is no run, or not a whole one, is told by what it lacks.
func TestErrors(t *testing.T) {
	_, toy := trained(t, experiment.WGANGP, lab.Values{"width": "8", "batch": "8", "field": "8"})
	_, vae := trained(t, experiment.GumbelVAE, lab.Values{"latents": "4", "batch": "20", "draws": "3"})
	toy1, vae1 := format1(toy), format1(vae)
	for _, c := range []struct {
		of    data.Store
		spoil func(meta map[string]string, tensors map[string]data.Tensor)
		want  string
	}{
		{toy, func(m map[string]string, _ map[string]data.Tensor) { delete(m, "experiment") }, "no run"},
		{toy, func(m map[string]string, _ map[string]data.Tensor) { m["experiment"] = "gumbel-categorical" }, "no networks"},
		{toy, func(m map[string]string, _ map[string]data.Tensor) { m["step"] = "" }, "step"},
		{toy, func(m map[string]string, _ map[string]data.Tensor) { delete(m, "set.width") }, "width"},
		{toy, func(m map[string]string, _ map[string]data.Tensor) { m["set.width"] = "9" }, "make 217"},
		{toy, func(m map[string]string, _ map[string]data.Tensor) { m["set.depth"] = "900000" }, "depth 900000"},
		{toy, func(m map[string]string, _ map[string]data.Tensor) { m["set.depth"] = "0" }, "from 1"},
		{toy, func(m map[string]string, _ map[string]data.Tensor) { m["set.activation"] = "gelu" }, "leakyrelu, relu"},
		{toy1, func(m map[string]string, _ map[string]data.Tensor) { m["set.width"] = "9" }, "make 217"},
		{toy1, func(m map[string]string, _ map[string]data.Tensor) { m["set.depth"] = "900000" }, "depth 900000"},
		{toy1, func(_ map[string]string, t map[string]data.Tensor) { delete(t, "generator") }, `lacks the tensor "generator"`},
		{toy, func(_ map[string]string, t map[string]data.Tensor) {
			maps.DeleteFunc(t, func(name string, _ data.Tensor) bool { return strings.HasPrefix(name, "generator.") })
		}, `lacks the tensors of its network "generator"`},
		{toy, func(_ map[string]string, t map[string]data.Tensor) {
			t["critic.0.weight"], t["critic.1.weight"] = t["critic.1.weight"], t["critic.0.weight"]
		}, `tensor "critic.0.weight" has the shape [8 8]`},
		{toy, func(_ map[string]string, t map[string]data.Tensor) {
			t["critic.x"] = t["critic.0.bias"]
			delete(t, "critic.0.bias")
		}, `lacks the tensor "critic.0.bias"`},
		{vae, func(m map[string]string, _ map[string]data.Tensor) { m["set.hidden"] = "12-" }, "hidden"},
		{vae, func(m map[string]string, _ map[string]data.Tensor) { m["set.hidden"] = "256" }, "does not fit"},
		{vae, func(m map[string]string, _ map[string]data.Tensor) { m["set.classes"] = "1000000" }, "does not fit"},
		{vae, func(m map[string]string, _ map[string]data.Tensor) { m["set.prior"] = "learned" }, "does not fit"},
		{vae1, func(m map[string]string, _ map[string]data.Tensor) { m["set.hidden"] = "12-" }, "hidden"},
		{vae1, func(m map[string]string, _ map[string]data.Tensor) { m["set.hidden"] = "256" }, "does not fit"},
		{vae1, func(m map[string]string, _ map[string]data.Tensor) { m["set.classes"] = "1000000" }, "does not fit"},
		{vae1, func(m map[string]string, _ map[string]data.Tensor) { m["set.prior"] = "learned" }, "does not fit"},
		{vae1, func(_ map[string]string, t map[string]data.Tensor) { clear(t) }, `lacks the tensor "vae"`},
		{vae, func(_ map[string]string, t map[string]data.Tensor) { clear(t) }, `lacks the tensors of its network "vae"`},
	} {
		s := data.Store{Meta: maps.Clone(c.of.Meta), Tensors: maps.Clone(c.of.Tensors)}
		c.spoil(s.Meta, s.Tensors)
		if m, err := Models(s); err == nil || !strings.Contains(err.Error(), c.want) || m != nil {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}
