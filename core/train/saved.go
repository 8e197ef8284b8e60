package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// ReadRun reads the file of a saved run, from the page or from a run's folder. If the
// file is cut, was changed, is not a run, or has a number that is not finite, it returns
// an error that says so and gives advice. The page and the command read all such files
// with it.
func ReadRun(r io.Reader) (data.Store, error) {
	s, err := data.ReadSafetensors(r)
	switch {
	case err != nil:
		return data.Store{}, fmt.Errorf("%w: save the run again, or take a folder's checkpoint.safetensors", err)
	case s.Meta["experiment"] == "":
		return data.Store{}, errors.New("it is another program's: a run names its experiment, such as the page's files and a folder's checkpoint.safetensors do")
	}
	return s, finite(s)
}

// Saved returns all settings and the step of a run from its store, as returned by Save.
// It returns an error that says what is wrong if the store is not a run's. It allocates
// nothing, so that a hostile file is refused before a run is opened.
func Saved(s data.Store) (values lab.Values, step int, err error) {
	e, err := lab.Find(s.Meta["experiment"])
	if err != nil {
		return nil, 0, err
	}
	if format := s.Meta["format"]; format != "" && format != Format {
		return nil, 0, fmt.Errorf("the run has format %.20q, and this version reads %s: take the version that saved it, or a later one", format, Format)
	}
	if step, err = stepOf(s); err != nil {
		return nil, 0, err
	}
	if len(s.Tensors) == 0 {
		return nil, 0, fmt.Errorf("the run of %s holds no tensors: save the run again", e.Name)
	}
	values = lab.Values{}
	for _, setting := range e.Settings {
		text, ok := SetIn(s, &setting)
		if !ok {
			return nil, 0, fmt.Errorf("the run lacks its setting %s: save the run again", setting.Name)
		}
		if err := e.Put(values, setting.Name, text); err != nil {
			return nil, 0, fmt.Errorf("the run's settings: %w", err)
		}
	}
	return values, step, finite(s)
}

// SetIn returns a setting of a run's store, and whether it has it.
func SetIn(s data.Store, setting *lab.Setting) (text string, ok bool) {
	text, ok = s.Meta["set."+setting.Name]
	if !ok && s.Meta["format"] == "" && setting.Format1 != "" {
		return setting.Format1, true
	}
	return text, ok
}

// finite returns an error for the first number of a store that is not finite.
func finite(s data.Store) error {
	name, i := NotFinite(s)
	if i < 0 {
		return nil
	}
	return fmt.Errorf("number %d of the run's tensor %q is %v: it is no longer finite, so take what was saved before the run broke", i, name, s.Tensors[name].Data[i])
}

// NotFinite returns the first tensor of a store, by name, with a number that is not
// finite, and which of its numbers that is, -1 if all are finite.
func NotFinite(s data.Store) (tensor string, i int) {
	for _, name := range slices.Sorted(maps.Keys(s.Tensors)) {
		for i, x := range s.Tensors[name].Data {
			if x-x != 0 {
				return name, i
			}
		}
	}
	return "", -1
}

// stepOf returns the step of a run's store.
func stepOf(s data.Store) (int, error) {
	step, err := strconv.Atoi(s.Meta["step"])
	if err != nil || step < 0 || int64(step) >= 1<<53 || s.Meta["step"] != strconv.Itoa(step) {
		return 0, fmt.Errorf("the run's step is %q: it must be a whole number", s.Meta["step"])
	}
	return step, nil
}

// broughtPoints is the tensor of a store with the points of its run, see SavedPoints.
const broughtPoints = "points"

// SavedPoints returns the person's own points that a saved run was trained on, x and y in
// turn, and their name; nil if it was trained on other data, or was saved by an older
// version.
func SavedPoints(s data.Store) (points []float32, name string) {
	t, ok := s.Tensors[broughtPoints]
	if !ok || s.Meta["set.data"] != "points" || len(t.Shape) != 2 || t.Shape[1] != 2 {
		return nil, ""
	}
	var id data.Identity
	if json.Unmarshal([]byte(s.Meta["data"]), &id) != nil || id.Name == "" {
		id.Name = data.Drawn
	}
	return t.Data, id.Name
}
