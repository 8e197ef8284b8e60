package experiment

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// A run adopts another's networks under its own rule, and goes on.
func TestAdopt(t *testing.T) {
	for _, c := range []struct {
		e        *lab.Experiment
		network  string
		changes  lab.Values
		taken    []string // of the optimiser
		begins   []string // anew
		tooLarge lab.Values
	}{
		{WGANGP, "critic.1.weight", lab.Values{"rule": "clip", "clip": "0.05", "activation": "tanh", "data": "25gaussians"}, []string{"adam.m.critic.0.weight", "adam.c1.generator"}, nil, lab.Values{"width": "20"}},
		{WGANGP, "generator.0.bias", lab.Values{"optimiser": "rmsprop", "objective": "gan"}, nil, []string{"rmsprop.s.critic.1.weight", "rmsprop.s.generator.0.weight"}, lab.Values{"depth": "2"}},
		{GumbelVAE, "encoder.0.weight", lab.Values{"optimiser": "momentum", "learning-rate": "0.0001"}, nil, []string{"momentum.v.decoder.0.weight"}, lab.Values{"classes": "3"}},
		{GumbelVAE, "decoder.0.weight", lab.Values{"estimator": "st-gumbel-softmax"}, []string{"adam.v.encoder.0.weight"}, nil, lab.Values{"latents": "3"}},
		{GumbelSemi, "classify.0.weight", lab.Values{"estimator": "marginalisation", "alpha": "3"}, []string{"adam.v.classify.0.weight"}, nil, lab.Values{"channels": "3"}},
	} {
		t.Run(c.e.Name+" "+c.network, func(t *testing.T) {
			a := open(t, c.e, "", small(c.e))
			a.Train(3)
			saved := a.Save()
			with := func(more lab.Values) *train.Run {
				v := small(c.e)
				for name, text := range more {
					v[name] = text
				}
				return open(t, c.e, "", v)
			}
			b := with(c.changes)
			first := b.Save()
			b.Train(1)
			if err := b.Adopt(saved); err != nil {
				t.Fatal(err)
			}
			if b.Step() != 3 {
				t.Errorf("it adopts step 3 and is at %d", b.Step())
			}
			for name, text := range c.changes {
				if got := b.Values()[name]; got != text {
					t.Errorf("its %s became %s", name, got)
				}
			}
			got := b.Save()
			for _, name := range append(c.taken, c.network) {
				if !slices.Equal(got.Tensors[name].Data, saved.Tensors[name].Data) {
					t.Errorf("it did not take %s", name)
				}
			}
			for _, name := range c.begins {
				if !slices.Equal(got.Tensors[name].Data, first.Tensors[name].Data) {
					t.Errorf("%s does not begin anew", name)
				}
			}
			for name, text := range saved.Meta {
				if strings.HasPrefix(name, "stream.") && got.Meta[name] != text {
					t.Errorf("%s is at %s, not %s", name, got.Meta[name], text)
				}
			}
			if err := b.Train(1); err != nil {
				t.Error(err)
			}

			other := with(c.tooLarge)
			before := other.Save()
			if err := other.Adopt(saved); err == nil || !strings.Contains(err.Error(), `the run's network "critic.`) && !strings.Contains(err.Error(), `the run's network "encoder.`) && !strings.Contains(err.Error(), `the run's network "classify.`) {
				t.Errorf("a network that does not fit: %v", err)
			}
			if after := other.Save(); after.Meta["step"] != "0" || !slices.Equal(after.Tensors[c.network].Data, before.Tensors[c.network].Data) {
				t.Error("a network that does not fit changed the run")
			}
			alien := a.Save()
			alien.Meta["experiment"] = "x"
			if err := b.Adopt(alien); err == nil {
				t.Error("it adopted a run of another experiment")
			}
		})
	}
}

// The settings of the run that adopts are the ones that count: with the same, it
// goes on as the one that was saved.
func TestAdoptSame(t *testing.T) {
	a, b := open(t, WGANGP, "", small(WGANGP)), open(t, WGANGP, "", small(WGANGP))
	a.Train(2)
	do(t, a, "critic-step", nil)
	if err := b.Adopt(a.Save()); err != nil {
		t.Fatal(err)
	}
	a.Train(2)
	b.Train(2)
	same(t, b, a)
}

// Of several runs all are loaded or none.
func TestLoadAll(t *testing.T) {
	a, b := open(t, WGANGP, "", small(WGANGP)), open(t, WGANGP, "", small(WGANGP))
	c := open(t, WGANGP, "", lab.Values{"width": "8", "batch": "32", "field": "16"})
	a.Train(3)
	saved := a.Save()
	for _, adopt := range []bool{false, true} {
		if err := train.LoadAll([]*train.Run{b, c}, []data.Store{saved, saved}, adopt); err == nil {
			t.Errorf("adopt %v: a run of another width was loaded", adopt)
		}
		if b.Step() != 0 {
			t.Errorf("adopt %v: a run was loaded beside one that was not", adopt)
		}
	}
	if err := train.LoadAll([]*train.Run{b, a}, []data.Store{saved, saved}, false); err != nil {
		t.Fatal(err)
	}
	same(t, b, a)
}

// A run that blows up while it trains says where and through which operator, and
// stands where all was finite still: bit for bit where a run stands that stopped
// there.
func TestDivergedGoesBack(t *testing.T) {
	v := small(WGANGP)
	v["depth"], v["learning-rate"], v["lambda"] = "10", "1", "1000"
	a, b := open(t, WGANGP, "", v), open(t, WGANGP, "", v)
	err := a.Train(5000)
	var d *train.Diverged
	if !errors.As(err, &d) {
		t.Fatalf("it ends with %v", err)
	}
	t.Log(err)
	if !strings.Contains(d.What, " of ") || !strings.HasPrefix(err.Error(), d.What+" is not finite at step ") {
		t.Errorf("it does not tell of an operator: %v", err)
	}
	if d.Step != a.Step() {
		t.Errorf("it diverges at step %d and stands at %d", d.Step, a.Step())
	}
	if err := b.Train(a.Step()); err != nil {
		t.Fatal(err)
	}
	same(t, a, b)
	for name, tensor := range a.Save().Tensors {
		for _, x := range tensor.Data {
			if x-x != 0 {
				t.Fatalf("%s is not finite", name)
			}
		}
	}
	if f := a.Frame(); f.Tensors["terms"].Data != nil {
		t.Error("a frame tells of the step that was taken back")
	}
	if again := a.Train(1); again == nil || again.Error() != err.Error() {
		t.Errorf("once more: %v", again)
	}
}

// enlarge multiplies the parameters of networks.
func enlarge(s data.Store, by float32, networks ...string) {
	for name, tensor := range s.Tensors {
		if network, _, _ := strings.Cut(name, "."); slices.Contains(networks, network) {
			for i := range tensor.Data {
				tensor.Data[i] *= by
			}
		}
	}
}

// The operator is told of both papers.
func TestDivergedNamesOperator(t *testing.T) {
	for e, layers := range map[*lab.Experiment][]string{WGANGP: {"critic", "generator"}, GumbelVAE: {"encoder", "decoder"}, GumbelSemi: {"classify", "infer", "generate"}} {
		r := open(t, e, "", small(e))
		r.Train(2)
		s := r.Save()
		enlarge(s, 1e30, append(layers, "prior")...)
		if err := r.Load(s); err != nil {
			t.Fatal(err)
		}
		err := r.Train(5)
		var d *train.Diverged
		if !errors.As(err, &d) || d.Step != 2 || r.Step() != 2 {
			t.Fatalf("%s with weights too large ends with %v at step %d", e.Name, err, r.Step())
		}
		t.Log(err)
		if operator, layer, _ := strings.Cut(d.What, " of "); operator == "" || !slices.ContainsFunc(layers, func(l string) bool { return strings.HasPrefix(layer, l+".") }) {
			t.Errorf("%s does not tell of an operator: %v", e.Name, err)
		}
	}
}

// A single step that blows up is taken back.
func TestStepDiverges(t *testing.T) {
	r := open(t, WGANGP, "", small(WGANGP))
	r.Train(1)
	s := r.Save()
	enlarge(s, 1e15, "critic")
	if err := r.Load(s); err != nil {
		t.Fatal(err)
	}
	_, err := r.Do("critic-step", nil)
	var d *train.Diverged
	if !errors.As(err, &d) || d.Step != 1 || !strings.Contains(d.What, " of critic.") {
		t.Fatalf("a critic step of weights too large: %v", err)
	}
	after := r.Save()
	for name, tensor := range s.Tensors {
		for i, x := range tensor.Data {
			if math.Float32bits(after.Tensors[name].Data[i]) != math.Float32bits(x) {
				t.Fatalf("%s changed", name)
			}
		}
	}
}
