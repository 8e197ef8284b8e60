package onnx

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
)

// A hostile run's texts, tensors of any length and settings of any text make models or an
// error, and never more memory than the file's own numbers take.
func FuzzModels(f *testing.F) {
	f.Add("wgan-gp", "16", "1", "relu", "learned", "3", "", "", 33, 50)
	f.Add("wgan-gp", "1000000", "1000000", "tanh", "fixed", "3", "", "", 33, 0)
	f.Add("wgan-gp", "0", "-1", "", "", "", "", "", 0, 0)
	f.Add("gumbel-vae", "3", "4", "", "", "1", "none", "learned", 1000, 0)
	f.Add("gumbel-vae", "1000000", "1000000", "", "", "1", "999-999", "uniform", 1000, 0)
	f.Add("gumbel-vae", "200", "200", "", "", "-1", "-", "", 7, 0)
	f.Add("gumbel-vae", "9223372036854775807", "2", "", "", "1", "9223372036854775807", "", 7, 0)
	f.Add("dcgan", "", "", "", "", "", "", "", 1, 1)
	f.Fuzz(func(t *testing.T, experiment, a, b, activation, generator, step, hidden, prior string, n, m int) {
		const most = 1 << 12
		if n < 0 || n > most || m < 0 || m > most {
			return
		}
		s := data.Store{Meta: map[string]string{"experiment": experiment, "step": step, "set.width": a, "set.depth": b, "set.latents": a, "set.classes": b,
			"set.activation": activation, "set.generator": generator, "set.hidden": hidden, "set.prior": prior},
			Tensors: map[string]data.Tensor{"critic": {Shape: []int{n}, Data: make([]float32, n)}, "generator": {Shape: []int{m}, Data: make([]float32, m)}, "vae": {Shape: []int{n}, Data: make([]float32, n)}}}
		for _, format := range []string{"", "2"} {
			if format != "" {
				s.Meta["format"] = format
				s.Tensors = map[string]data.Tensor{"critic.0.weight": {Shape: []int{2, n}, Data: make([]float32, 2*n)}, "critic.0.bias": {Shape: []int{1, n}, Data: make([]float32, n)},
					"critic.1.weight": {Shape: []int{n, 1}, Data: make([]float32, n)}, "critic.1.bias": {Shape: []int{1, 1}, Data: make([]float32, 1)},
					"generator.0.weight": {Shape: []int{m}, Data: make([]float32, m)}, "encoder.0.weight": {Shape: []int{n, m}, Data: make([]float32, n)}, "prior": {Data: make([]float32, m)}}
			}
			models, err := Models(s)
			if err != nil {
				continue
			}
			for name, model := range models {
				if len(model) == 0 || len(model) > 16*(n+m)+1<<20 {
					t.Errorf("%s has %d bytes of %d numbers", name, len(model), n+m)
				}
			}
		}
	})
}

// Errors name what a run's file lacks or has in another form.
func TestHostileModels(t *testing.T) {
	_, toy := trained(t, experiment.WGANGP, lab.Values{"width": "8", "batch": "8", "field": "8"})
	network := func(tensor string) bool {
		part, _, _ := strings.Cut(tensor, ".")
		return part == "critic" || part == "generator"
	}
	for _, toy := range []data.Store{toy, format1(toy)} {
		for name := range toy.Meta {
			s := data.Store{Meta: maps.Clone(toy.Meta), Tensors: toy.Tensors}
			for _, text := range []string{"", "-1", "0", "1e3", "1000000", strconv.Itoa(1 << 62), "99999999999999999999", "\xff", "x"} {
				s.Meta[name] = text
				Models(s)
			}
			delete(s.Meta, name)
			Models(s)
		}
		for name := range toy.Tensors {
			for _, v := range []data.Tensor{{}, {Shape: []int{1}, Data: []float32{0}}, {Shape: []int{-1}}} {
				s := data.Store{Meta: toy.Meta, Tensors: maps.Clone(toy.Tensors)}
				s.Tensors[name] = v
				if _, err := Models(s); err == nil && network(name) {
					t.Errorf("%s of %d numbers makes models", name, len(v.Data))
				}
			}
		}
	}
}
