package record

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// Read returns a run that was saved: a file such as the page writes, or the checkpoint
// of a run's folder, with the preset that run.json names under "preset" of its texts. If
// a folder's checkpoint is missing or damaged it is the previous one. If a file is cut,
// was changed, holds no run, or has a number that is not finite, it returns an error that
// names the file and says what would be right.
func Read(name string) (data.Store, error) {
	s, _, err := ReadNoting(name)
	return s, err
}

// ReadNoting is like Read, and also returns what a person should know about the file:
// that it is the previous checkpoint, or that it carries no digest of itself.
func ReadNoting(name string) (s data.Store, notes []string, err error) {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		if s, err = readFile(name); err != nil {
			return data.Store{}, nil, err
		}
		if note := s.Unchecked(name); note != "" {
			notes = append(notes, note)
		}
		return s, notes, nil
	}
	r := Run{Dir: name}
	if err := r.read(); err != nil {
		return data.Store{}, nil, err
	}
	s, _, notes, err = r.stored()
	if err == nil && r.Preset != "" {
		s.Meta["preset"] = r.Preset
	}
	return s, notes, err
}

// stored returns the folder's checkpoint, or if that is missing or damaged the previous
// one, which of the two it is, and what a person should know about it. If neither exists
// the error is fs.ErrNotExist.
func (r Run) stored() (s data.Store, file string, notes []string, err error) {
	file = filepath.Join(r.Dir, checkpointFile)
	s, err = readFile(file)
	if err != nil {
		damage := err
		file = filepath.Join(r.Dir, previousFile)
		if s, err = readFile(file); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = damage // which is all there is to say
			} else if !errors.Is(damage, fs.ErrNotExist) {
				err = errors.Join(damage, err)
			}
			return data.Store{}, "", nil, err
		}
		notes = append(notes, fmt.Sprintf("%v: the run is taken from %s, of step %s", damage, previousFile, s.Meta["step"]))
	}
	if note := s.Unchecked(file); note != "" {
		notes = append(notes, note)
	}
	return s, file, notes, nil
}

// readFile returns a run that was saved in a file, see Read.
func readFile(file string) (data.Store, error) {
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
	return s, nil
}

// From returns r as what Start needs to go on with a run that was saved, in a new
// folder: its experiment, settings and preset are the file's, and so are its points
// unless r has others. It also returns the
// step at which that run stands. It returns an error for what Read does, and for an
// experiment, a step or a setting that cannot be.
func (r Run) From(name string) (Run, int, error) {
	s, notes, err := ReadNoting(name)
	if err != nil {
		return r, 0, err
	}
	if r.Log != nil {
		for _, note := range notes {
			fmt.Fprintln(r.Log, note)
		}
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
			return r, 0, fmt.Errorf("%s lacks its setting %s: save the run again", name, setting.Name)
		}
		if err := setting.Check(text); err != nil {
			return r, 0, fmt.Errorf("%s: %w", name, err)
		}
		values[setting.Name] = text
	}
	r.Experiment, r.Preset, r.Values, r.Begun, r.saved = e.Name, s.Meta["preset"], values, name, s
	if r.World.Points == nil {
		r.World.Points, r.World.PointsName = lab.SavedPoints(s)
	}
	return r, step, nil
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
