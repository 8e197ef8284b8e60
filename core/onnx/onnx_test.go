package onnx

import (
	"bytes"
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
		{toy, func(_ map[string]string, t map[string]data.Tensor) { delete(t, "generator") }, `lacks the tensor "generator"`},
		{vae, func(m map[string]string, _ map[string]data.Tensor) { m["set.hidden"] = "12-" }, "hidden"},
		{vae, func(m map[string]string, _ map[string]data.Tensor) { m["set.hidden"] = "256" }, "does not fit"},
		{vae, func(m map[string]string, _ map[string]data.Tensor) { m["set.classes"] = "1000000" }, "does not fit"},
		{vae, func(m map[string]string, _ map[string]data.Tensor) { m["set.prior"] = "learned" }, "does not fit"},
		{vae, func(_ map[string]string, t map[string]data.Tensor) { clear(t) }, `lacks the tensor "vae"`},
	} {
		s := data.Store{Meta: maps.Clone(c.of.Meta), Tensors: maps.Clone(c.of.Tensors)}
		c.spoil(s.Meta, s.Tensors)
		if m, err := Models(s); err == nil || !strings.Contains(err.Error(), c.want) || m != nil {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}
