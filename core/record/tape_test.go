package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// tiny is the experiment with a preset that trains in no time.
func tiny() *lab.Experiment {
	e := *experiment.WGANGP
	e.Presets = append(slices.Clone(e.Presets), lab.Preset{Name: "tiny", Values: lab.Values{"width": "8", "batch": "16", "field": "16"}})
	return &e
}

func TestTapeSteps(t *testing.T) {
	for _, c := range [][2]int{{2, 1}, {24, 2400}, {24, 23}, {12, 24}, {28, 5}, {32, 1e6}} {
		steps := TapeSteps(c[0], c[1])
		if steps[0] != 0 || steps[len(steps)-1] != c[1] || len(steps) != min(c[0], c[1]+1) {
			t.Errorf("%v: %v", c, steps)
		}
		for i := range steps[1:] {
			if steps[i+1] <= steps[i] {
				t.Errorf("%v does not rise", steps)
			}
		}
	}
	if s := TapeSteps(24, 2400); s[1] != 1 || s[12] > 600 {
		t.Errorf("%v is not dense at the start", s)
	}
}

// The same preset gives the same tape, and from each of its checkpoints a run of
// the preset comes to what the tape shows later.
func TestTape(t *testing.T) {
	e, steps := tiny(), []int{0, 1, 2, 5, 9, 14, 20}
	tape, err := NewTape(e, "tiny", experiment.World{}, steps, 3)
	if err != nil {
		t.Fatal(err)
	}
	again, err := NewTape(e, "tiny", experiment.World{}, steps, 3)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := data.WriteSafetensors(&a, tape.Store()); err != nil {
		t.Fatal(err)
	}
	if err := data.WriteSafetensors(&b, again.Store()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) || !reflect.DeepEqual(tape.Checkpoints, again.Checkpoints) {
		t.Error("recorded twice, it is not the same")
	}

	for i, want := range []string{"2", "9", "20"} {
		c := tape.Checkpoints[i]
		if c.Meta["step"] != want || tape.CheckpointName(c) != "wgan-gp.tiny."+want+".safetensors" {
			t.Errorf("checkpoint %d is %s", i, tape.CheckpointName(c))
		}
		v, err := e.Resolve("tiny", nil)
		if err != nil {
			t.Fatal(err)
		}
		run, err := experiment.Open(e, v, experiment.World{})
		if err != nil {
			t.Fatal(err)
		}
		defer run.Close()
		if err := run.Load(c); err != nil {
			t.Fatal(err)
		}
		if err := run.Train(20 - run.Step()); err != nil {
			t.Fatal(err)
		}
		last := tape.Frames[len(steps)-1].Tensors
		for _, name := range []string{"real", "fake", "warp"} {
			if !slices.Equal(run.Frame().Tensors[name].Data, last[name].Data) {
				t.Errorf("going on from step %s, %q is not what the tape shows", want, name)
			}
		}
	}

	var files []struct {
		Step, Bytes int
		File        string
	}
	s := tape.Store()
	if err := json.Unmarshal([]byte(s.Meta["checkpoints"]), &files); err != nil || len(files) != 3 || files[1].Step != 9 {
		t.Errorf("the tape lists %s, %v", s.Meta["checkpoints"], err)
	}
	a.Reset()
	data.WriteSafetensors(&a, tape.Checkpoints[1])
	if files[1].Bytes != a.Len() {
		t.Errorf("it says %d bytes of a checkpoint of %d", files[1].Bytes, a.Len())
	}
	for _, name := range []string{"fake", "critic", "slope", "warp", "slopes"} {
		if len(s.Bytes[name]) == 0 {
			t.Errorf("there is no %q", name)
		}
	}
}

// A large run gets one checkpoint, one too large for a page to load none; one that
// breaks gets no tape.
func TestTapeLimits(t *testing.T) {
	e := tiny()
	e.Presets = append(e.Presets, lab.Preset{Name: "large", Values: lab.Values{"width": "128", "batch": "4"}},
		lab.Preset{Name: "too-large", Values: lab.Values{"width": "192", "batch": "4"}},
		lab.Preset{Name: "wild", Values: lab.Values{"width": "64", "batch": "4", "depth": "20", "learning-rate": "1"}})
	for preset, n := range map[string]int{"large": 1, "too-large": 0} {
		if tape, err := NewTape(e, preset, experiment.World{}, []int{0, 1}, 6); err != nil || len(tape.Checkpoints) != n || len(tape.Frames) != 2 {
			t.Errorf("%s: %v", preset, err)
		}
	}
	if _, err := NewTape(e, "wild", experiment.World{}, []int{0, 100}, 6); !errors.As(err, new(*train.Diverged)) || !strings.Contains(err.Error(), "wgan-gp wild") {
		t.Errorf("wild: %v", err)
	}
	if _, err := NewTape(e, "none", experiment.World{}, []int{0, 1}, 6); err == nil || !strings.Contains(err.Error(), "there are live") {
		t.Errorf("no such preset: %v", err)
	}
}
