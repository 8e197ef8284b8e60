package experiment

import (
	"encoding/json"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"ganbel/core/gumbel"
	"ganbel/core/lab"
)

// counted finds how many steps a text speaks of: "100,000 iterations", "1,500 steps".
var counted = regexp.MustCompile(`(\d[\d,]*)(?: generator)? (?:iterations|steps)\b`)

// Every preset says how long it runs, and its text, the fall of its learning rate and
// that of its temperature agree with that.
func TestPresets(t *testing.T) {
	for _, e := range lab.Experiments() {
		for _, p := range e.Presets {
			for _, fault := range disagreements(t, e, p) {
				t.Errorf("%s, preset %s: %s", e.Name, p.Name, fault)
			}
		}
	}
}

// The page hears how long a preset runs and how often it is measured.
func TestPresetJSON(t *testing.T) {
	b, err := json.Marshal(lab.Experiments())
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Presets []struct {
			Name         string
			Steps, Every int
		}
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for i, e := range lab.Experiments() {
		for j, p := range e.Presets {
			if got := all[i].Presets[j]; got.Name != p.Name || got.Steps != p.Steps || got.Every != p.Every {
				t.Errorf("%s %s becomes %+v", e.Name, p.Name, got)
			}
		}
	}
}

// disagreements returns what is wrong with the length of a preset.
func disagreements(t *testing.T, e *lab.Experiment, p lab.Preset) (all []string) {
	if p.Steps < 1 || p.Every < 1 || p.Every > p.Steps {
		return []string{"it has " + strconv.Itoa(p.Steps) + " steps and a row every " + strconv.Itoa(p.Every)}
	}
	if n := p.Steps / p.Every; n < 6 || n > 1000 {
		all = append(all, "it has "+strconv.Itoa(n)+" rows of metrics")
	}
	for _, found := range counted.FindAllStringSubmatch(p.Doc, -1) {
		n, err := strconv.Atoi(strings.ReplaceAll(found[1], ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		if n != p.Steps {
			all = append(all, "its text has "+found[0]+" and it runs for "+strconv.Itoa(p.Steps))
		}
	}
	v, err := e.Resolve(p.Name, p.Values)
	if err != nil {
		t.Fatal(err)
	}
	if e.Setting("decay") != nil && v.Int("decay") != 0 && v.Int("decay") != p.Steps {
		all = append(all, "its rate falls over "+v["decay"]+" steps and it runs for "+strconv.Itoa(p.Steps))
	}
	if e.Setting("schedule") != nil {
		s := gumbel.ScheduleOf(v)
		if s.Shape != gumbel.Constant && s.Fall > 0 && s.At(p.Steps) > s.Least {
			all = append(all, "its temperature is still "+strconv.FormatFloat(s.At(p.Steps), 'g', 3, 64)+" at its end, not "+v["least-temperature"])
		}
	}
	return all
}

// The check finds each kind of disagreement.
func TestDisagreements(t *testing.T) {
	good := lab.Preset{Name: "x", Doc: "For 4,000 steps, a row each 50.", Steps: 4000, Every: 50, Values: lab.Values{}}
	if got := disagreements(t, &lab.Experiment{Name: "wgan-gp", Settings: WGANGP.Settings, Presets: []lab.Preset{good}}, good); got != nil {
		t.Errorf("a good preset: %v", got)
	}
	for want, change := range map[string]func(p *lab.Preset){
		"text":        func(p *lab.Preset) { p.Doc = "The authors' script: 100,000 iterations." },
		"rate falls":  func(p *lab.Preset) { p.Values = lab.Values{"decay": "20000"} },
		"row every 0": func(p *lab.Preset) { p.Every = 0 },
		"0 steps":     func(p *lab.Preset) { p.Steps = 0 },
		"rows":        func(p *lab.Preset) { p.Every = 4000 },
	} {
		p := good
		change(&p)
		if got := strings.Join(disagreements(t, &lab.Experiment{Name: "wgan-gp", Settings: WGANGP.Settings, Presets: []lab.Preset{p}}, p), "; "); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
	short := lab.Preset{Name: "x", Steps: 2000, Every: 50, Values: lab.Values{"anneal": "0.0002"}}
	if got := strings.Join(disagreements(t, &lab.Experiment{Name: "x", Settings: GumbelVAE.Settings, Presets: []lab.Preset{short}}, short), "; "); !strings.Contains(got, "temperature") {
		t.Errorf("a temperature that falls too slowly: %q", got)
	}
}

// Settings that only measure can be changed while a run trains, and change nothing that
// is trained.
func TestMeasures(t *testing.T) {
	other := map[string]string{"held-out": "2", "score-images": "100", "lines": "20", "draws": "5", "test-digits": "100", "distance-points": "8", "readings": "2"}
	tried := map[string]bool{}
	for _, e := range lab.Experiments() {
		if leftOut(e) {
			continue
		}
		changes := lab.Values{}
		for _, s := range e.Settings {
			if !s.Measures {
				continue
			}
			if s.Resets {
				t.Errorf("%s: %s measures and resets", e.Name, s.Name)
			}
			if other[s.Name] == "" {
				t.Errorf("%s: %s is not tried", e.Name, s.Name)
			}
			text := other[s.Name]
			if e == GumbelSemi && s.Name == "test-digits" {
				text = "100"
			}
			changes[s.Name], tried[s.Name] = text, true
		}
		if len(changes) == 0 {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			plain, turned := open(t, e, "", small(e)), open(t, e, "", small(e))
			for i := range 3 {
				if err := plain.Train(1); err != nil {
					t.Fatal(err)
				}
				if i == 1 {
					for name, text := range changes {
						if err := turned.Set(name, text); err != nil {
							t.Fatal(err)
						}
					}
				}
				if err := turned.Train(1); err != nil {
					t.Fatal(err)
				}
				turned.Measure()
			}
			a, b := plain.Save(), turned.Save()
			for name, want := range a.Tensors {
				for i, x := range want.Data {
					if got := b.Tensors[name].Data[i]; got != x {
						t.Fatalf("number %d of %s is %v where measurements are others, and else %v", i, name, got, x)
					}
				}
			}
			for name, at := range a.Meta {
				if strings.HasPrefix(name, "stream.") && b.Meta[name] != at {
					t.Errorf("%s is at %s where measurements are others, and else at %s", name, b.Meta[name], at)
				}
			}
		})
	}
	for name := range other {
		if !tried[name] && runtime.GOOS != "js" { // a browser has fewer experiments
			t.Errorf("no setting %s measures", name)
		}
	}
}
