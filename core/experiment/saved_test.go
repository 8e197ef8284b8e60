package experiment

import (
	"maps"
	"math"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// Every experiment saves a run, and damage is named before a run is opened for it.
func TestSaved(t *testing.T) {
	for _, e := range lab.Experiments() {
		r := open(t, e, "", small(e))
		s := r.Save()
		v, step, err := train.Saved(s)
		if err != nil || step != 0 || !maps.Equal(v, r.Values()) {
			t.Errorf("%s: %v at step %d, %v", e.Name, v, step, err)
		}
	}
	r := open(t, WGANGP, "", small(WGANGP))
	r.Train(1)
	for what, c := range map[string]struct {
		spoil func(s *data.Store)
		want  string
	}{
		"no experiment":      {func(s *data.Store) { delete(s.Meta, "experiment") }, `no experiment ""`},
		"another experiment": {func(s *data.Store) { s.Meta["experiment"] = "dcgan" }, `no experiment "dcgan"`},
		"no step":            {func(s *data.Store) { delete(s.Meta, "step") }, `step is ""`},
		"a step below 0":     {func(s *data.Store) { s.Meta["step"] = "-1" }, `step is "-1"`},
		"a step with a sign": {func(s *data.Store) { s.Meta["step"] = "+1" }, `step is "+1"`},
		"a huge step":        {func(s *data.Store) { s.Meta["step"] = "9007199254740992" }, `step is "9007199254740992"`},
		"another format":     {func(s *data.Store) { s.Meta["format"] = "3" }, `format "3", and this version reads 2`},
		"no tensors":         {func(s *data.Store) { s.Tensors = nil }, "no tensors"},
		"no lambda":          {func(s *data.Store) { delete(s.Meta, "set.lambda") }, "lambda"},
		"a bad width":        {func(s *data.Store) { s.Meta["set.width"] = "99999" }, "width"},
		"NaN":                {func(s *data.Store) { s.Tensors["critic.0.weight"].Data[3] = float32(math.NaN()) }, `number 3 of the run's tensor "critic.0.weight" is NaN`},
	} {
		s := r.Save()
		c.spoil(&s)
		if _, _, err := train.Saved(s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}
