package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"ganbel/core/lab"
)

// There is a tape of every preset that the page plays one of, and of nothing else:
// nothing is seen of image networks of the paper's size within a minute.
func TestTapeTable(t *testing.T) {
	listed := map[string]bool{}
	for _, p := range tapes {
		listed[p.experiment+" "+p.preset] = true
		if e, err := lab.Find(p.experiment); err != nil || e.Preset(p.preset) == nil || p.last > e.Preset(p.preset).Steps {
			t.Errorf("the tape of %s %s is longer than its run, or there is no such preset: %v", p.experiment, p.preset, err)
		}
	}
	all := 0
	for _, e := range []*lab.Experiment{lab.WGANGP, lab.WGANMNIST, lab.GumbelVAE, lab.GumbelSOP, lab.GumbelSemi} {
		for _, p := range e.Presets {
			if e == lab.WGANMNIST && p.Values["width"] == "" {
				continue
			}
			all++
			if !listed[e.Name+" "+p.Name] {
				t.Errorf("there is no tape of %s %s", e.Name, p.Name)
			}
		}
	}
	if len(listed) != all {
		t.Errorf("%d tapes of %d presets", len(listed), all)
	}
}

// A tape that is there is left alone; one that is not is recorded with its
// checkpoints.
func TestMakeTape(t *testing.T) {
	dir := t.TempDir()
	make := func() time.Time {
		t.Helper()
		if err := makeTape(dir, lab.World{}, "wgan-gp", "clip", []int{0, 1}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"wgan-gp.clip.1.safetensors", "wgan-gp.clip.tape"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Error(err)
			}
		}
		info, err := os.Stat(filepath.Join(dir, "wgan-gp.clip.tape"))
		if err != nil {
			t.Fatal(err)
		}
		return info.ModTime()
	}
	quiet(t, func() {
		first := make()
		if second := make(); !second.Equal(first) {
			t.Error("it was recorded again")
		}
	})
	if err := makeTape(dir, lab.World{}, "wgan-gp", "none", []int{0, 1}); err == nil {
		t.Error("there is a tape of a preset that is none")
	}
}
