package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// Read returns a run that was saved: a file such as the page writes, or the
// checkpoint of a run's folder, with the preset that run.json tells under "preset"
// of its texts. It returns an error that names the file and what would be right
// for one that is cut, no run, or no longer finite.
func Read(name string) (data.Store, error) {
	file, preset := name, ""
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		r := Run{Dir: name}
		if err := r.read(); err != nil {
			return data.Store{}, err
		}
		file, preset = filepath.Join(name, checkpointFile), r.Preset
	}
	f, err := os.Open(file)
	if err != nil {
		return data.Store{}, err
	}
	defer f.Close()
	s, err := data.ReadSafetensors(f)
	switch {
	case err != nil:
		return data.Store{}, fmt.Errorf("%s: %w: save the run again, or take a folder's %s", file, err, checkpointFile)
	case s.Meta["experiment"] == "":
		return data.Store{}, fmt.Errorf("%s is another program's: a run names its experiment, such as the page's files and a folder's %s do", file, checkpointFile)
	}
	if bad := notFinite(s); bad != "" {
		return data.Store{}, fmt.Errorf("%s: %s is no longer finite: take what was saved before the run broke", file, bad)
	}
	if preset != "" {
		s.Meta["preset"] = preset
	}
	return s, nil
}

// From returns r as what Start needs to go on with a run that was saved, in a new
// folder: its experiment, settings and preset are the file's. It also returns the
// step at which that run stands. It returns an error for what Read does, and for an
// experiment, a step or a setting that cannot be.
func (r Run) From(name string) (Run, int, error) {
	s, err := Read(name)
	if err != nil {
		return r, 0, err
	}
	e, err := lab.Find(s.Meta["experiment"])
	if err != nil {
		return r, 0, fmt.Errorf("%s: %w", name, err)
	}
	step, err := strconv.Atoi(s.Meta["step"])
	if err != nil || step < 0 {
		return r, 0, fmt.Errorf("%s: its step is %q: it must be a whole number", name, s.Meta["step"])
	}
	values := lab.Values{}
	for _, setting := range e.Settings {
		text, ok := s.Meta["set."+setting.Name]
		if !ok {
			return r, 0, fmt.Errorf("%s does not tell its setting %s: save the run again", name, setting.Name)
		}
		if err := setting.Check(text); err != nil {
			return r, 0, fmt.Errorf("%s: %w", name, err)
		}
		values[setting.Name] = text
	}
	r.Experiment, r.Preset, r.Values, r.Begun, r.saved = e.Name, s.Meta["preset"], values, name, s
	return r, step, nil
}

// Describe returns what run.json tells of the run in a folder, such as its experiment
// and files. It returns an error where the folder holds no run.
func Describe(dir string) (Run, error) {
	r := Run{Dir: dir}
	err := r.read()
	return r, err
}

// read fills in what run.json tells of the run in r.Dir.
func (r *Run) read() error {
	name := filepath.Join(r.Dir, runFile)
	b, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%s holds no run: %w", r.Dir, err)
	}
	if err := json.Unmarshal(b, r); err != nil {
		return fmt.Errorf("%s: %w: the file was changed or cut", name, err)
	}
	return nil
}

// notFinite returns the name of the first tensor, by name, with a number that is not
// finite, "" if there is none.
func notFinite(s data.Store) string {
	for _, name := range slices.Sorted(maps.Keys(s.Tensors)) {
		for _, x := range s.Tensors[name].Data {
			if x-x != 0 {
				return name
			}
		}
	}
	return ""
}
