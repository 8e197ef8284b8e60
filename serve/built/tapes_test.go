package built

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"ganbel/core/experiment"
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
	for _, e := range []*lab.Experiment{experiment.WGANGP, experiment.WGANMNIST, experiment.GumbelVAE, experiment.GumbelSOP, experiment.GumbelSemi} {
		for _, p := range e.Presets {
			if e == experiment.WGANMNIST && p.Values["width"] == "" {
				continue
			}
			all++
			if !listed[e.Name+" "+p.Name] {
				t.Errorf("there is no tape of %s %s", e.Name, p.Name)
			}
		}
	}
	if len(listed) != all || len(tapes) != all {
		t.Errorf("%d tapes, %d of them different, of %d presets", len(tapes), len(listed), all)
	}
}

// short are tapes that are recorded at once.
var short = []taping{{"wgan-gp", "clip", 2, 1}, {"wgan-gp", "live", 2, 1}}

// names returns what a folder holds.
func names(t *testing.T, dir string) map[string]os.FileInfo {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]os.FileInfo{}
	for _, e := range entries {
		if all[e.Name()], err = e.Info(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// A tape that is there is left alone; one that is not is recorded with its
// checkpoints; those of other code are recorded again.
func TestMakeTapes(t *testing.T) {
	o := Options{Assets: t.TempDir(), Jobs: 2}
	dir := o.tapes()
	record := func(core string) map[string]os.FileInfo {
		t.Helper()
		o.Core = core
		if err := makeTapes(t.Context(), o, short); err != nil {
			t.Fatal(err)
		}
		all := names(t, dir)
		for _, name := range []string{"wgan-gp.clip.1.safetensors", "wgan-gp.clip.tape", "wgan-gp.live.1.safetensors", "wgan-gp.live.tape"} {
			if all[name] == nil {
				t.Errorf("there is no %s", name)
			}
		}
		if len(all) != 5 {
			t.Errorf("there is %v", all)
		}
		return all
	}
	const one = "wgan-gp.live.tape"
	first := record("a")
	if err := os.Link(filepath.Join(dir, one), filepath.Join(t.TempDir(), "first")); err != nil { // no other file gets its inode
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "wgan-gp.clip.tape")); err != nil {
		t.Fatal(err)
	}
	if second := record("a"); !os.SameFile(second[one], first[one]) {
		t.Error("a tape that is there was recorded again")
	}
	if err := os.WriteFile(filepath.Join(dir, "wgan-gp.gone.tape"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	third := record("b")
	if os.SameFile(third[one], first[one]) || third["wgan-gp.gone.tape"] != nil {
		t.Error("a tape of other code is still there")
	}
	// One that still records for the code before does not write into the folder.
	before, ended := o, o
	before.Core, ended.Core = "a", "c"
	if err := makeTape(before, taping{"wgan-gp", "gan", 2, 1}); err == nil || names(t, dir)["wgan-gp.gan.tape"] != nil {
		t.Errorf("code whose folder it is no more wrote a tape, %v", err)
	}
	if err := makeTape(o, taping{"wgan-gp", "none", 2, 1}); err == nil {
		t.Error("there is a tape of a preset that does not exist")
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if err := makeTapes(ctx, ended, short); err != context.Canceled {
		t.Errorf("a cancelled context gives %v", err)
	}
}
