package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ganbel/core/data"
	"ganbel/core/train"
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
	j := Job{Dir: name}
	if err := j.read(); err != nil {
		return data.Store{}, nil, err
	}
	s, _, notes, err = j.stored()
	if err == nil && j.Preset != "" {
		s.Meta["preset"] = j.Preset
	}
	return s, notes, err
}

// stored returns the folder's checkpoint, or if that is missing or damaged the previous
// one, which of the two it is, and what a person should know about it. If neither exists
// the error is fs.ErrNotExist.
func (j Job) stored() (s data.Store, file string, notes []string, err error) {
	file = filepath.Join(j.Dir, checkpointFile)
	s, err = readFile(file)
	if err != nil {
		damage := err
		file = filepath.Join(j.Dir, previousFile)
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
	s, err := train.ReadRun(f)
	if err != nil {
		return data.Store{}, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// From returns j as what Start needs to go on with a run that was saved, in a new
// folder: its experiment, settings and preset are the file's, and so are its points
// unless j has others. It also returns the
// step at which that run stands. It returns an error for what Read does, and for an
// experiment, a step or a setting that cannot be.
func (j Job) From(name string) (Job, int, error) {
	s, notes, err := ReadNoting(name)
	if err != nil {
		return j, 0, err
	}
	if j.Log != nil {
		for _, note := range notes {
			fmt.Fprintln(j.Log, note)
		}
	}
	values, step, err := train.Saved(s)
	if err != nil {
		return j, 0, fmt.Errorf("%s: %w", name, err)
	}
	j.Experiment, j.Preset, j.Values, j.Begun, j.saved = s.Meta["experiment"], s.Meta["preset"], values, name, s
	if j.World.Points == nil {
		j.World.Points, j.World.PointsName = train.SavedPoints(s)
	}
	return j, step, nil
}
