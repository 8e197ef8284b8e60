package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// What a person may change in run.json by hand, in a run that is then resumed:
//
//	values      those that may change during a run, such as the learning rate: the run
//	            resumes with the new ones and says so. Others, such as the width or the
//	            seed, would make another run: they are refused. One that is missing is the
//	            checkpoint's.
//	experiment  refused: it must be the checkpoint's
//	steps       the run ends there
//	every       steps between rows from there on
//	files       opened in place of the old ones; their data must be the same
//	points      refused: it is a digest of the run's points
//	filmed      an animation is made, or not
//	preset, begun, started, build
//	            are for people only, and may be missing
//
// Any other field, a field that comes twice, and anything that is not JSON is refused
// with its line.

// Describe returns what run.json says of the run in a folder, such as its experiment
// and files. It returns an error if the folder holds no run, or if run.json was edited so
// that it cannot be read.
func Describe(dir string) (Job, error) {
	j := Job{Dir: dir}
	err := j.read()
	return j, err
}

// read fills in what run.json says of the run in j.Dir.
func (j *Job) read() error {
	name := filepath.Join(j.Dir, runFile)
	b, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%s holds no run: %w", j.Dir, err)
	}
	if err := j.decode(bytes.TrimPrefix(b, []byte("\ufeff"))); err != nil { // some editors begin a file so
		return fmt.Errorf("%s%w", name, err)
	}
	return nil
}

// decode reads run.json. Its error begins with ", line N" if a line is at fault, and ": ".
func (j *Job) decode(b []byte) error {
	fields := map[string]bool{}
	of := reflect.TypeFor[Job]()
	for i := range of.NumField() {
		if name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); name != "-" && name != "" {
			fields[name] = true
		}
	}
	line := func(offset int64) string {
		return fmt.Sprintf(", line %d: ", 1+bytes.Count(b[:min(max(offset, 0), int64(len(b)))], []byte("\n")))
	}
	fault := func(err error, at int64) error {
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &syntax):
			at = syntax.Offset
		case errors.As(err, &kind):
			return fmt.Errorf("%s%q cannot be %s", line(kind.Offset), kind.Field, kind.Value)
		case err.Error() == "EOF", err.Error() == "unexpected EOF":
			err, at = errors.New("the file ends too soon"), int64(len(b))
		}
		return fmt.Errorf("%s%w", line(at), err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil {
		return fault(err, 0)
	} else if t != json.Delim('{') {
		return fmt.Errorf("%sit must begin with {", line(0))
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return fault(err, d.InputOffset())
		}
		name, _ := t.(string) // the decoder takes nothing else for a name
		switch at := d.InputOffset(); {
		case !fields[name]:
			return fmt.Errorf("%sno field is called %q: there are %s", line(at), name, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		case seen[name]:
			return fmt.Errorf("%s%q comes twice", line(at), name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return fault(err, d.InputOffset())
		}
	}
	if _, err := d.Token(); err != nil {
		return fault(err, d.InputOffset())
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("%smore follows the last }", line(d.InputOffset()))
	}
	strict := json.NewDecoder(bytes.NewReader(b))
	strict.DisallowUnknownFields()
	if err := strict.Decode(j); err != nil {
		return fault(err, int64(len(b)))
	}
	if j.Experiment == "" {
		return errors.New(`: it lacks "experiment", the experiment's name`)
	}
	if j.Every < 1 {
		return fmt.Errorf(`: "every" is %d or missing: it must be the steps between rows of metrics.csv, at least 1`, j.Every)
	}
	if j.Steps < 0 {
		return fmt.Errorf(`: "steps" is %d: it must be the step until which the run trains`, j.Steps)
	}
	return nil
}

// agree compares run.json with the checkpoint that the run resumes from. It sets j.Values
// to the checkpoint's, and returns the values that a person has changed since, in the
// order of e's settings, with a sentence for each. It returns an error if the changes
// would make another run.
func (j *Job) agree(e *lab.Experiment, s data.Store) (changed [][2]string, notes []string, err error) {
	name := filepath.Join(j.Dir, runFile)
	if of := s.Meta["experiment"]; of != j.Experiment {
		return nil, nil, fmt.Errorf("%s says that this is a run of %s, but its checkpoint is of %s: put %q back; a run cannot become another", name, j.Experiment, of, of)
	}
	for setting := range j.Values {
		if e.Setting(setting) == nil {
			_, err := e.Resolve("", lab.Values{setting: ""})
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	values := lab.Values{}
	for _, setting := range e.Settings {
		have, stored := train.SetIn(s, &setting)
		want, told := j.Values[setting.Name]
		switch {
		case !stored && !told:
			notes = append(notes, fmt.Sprintf("%s and the checkpoint lack %s, which is %s by default", name, setting.Name, setting.Default))
			continue // it is newer than the run
		case !stored:
			values[setting.Name] = want
			continue
		case !told:
			notes = append(notes, fmt.Sprintf("%s lacks %s, which is %s by the checkpoint", name, setting.Name, have))
		case want != have:
			if err := setting.Check(want); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
			if setting.Resets {
				return nil, nil, fmt.Errorf("%s says %s %s, but the run was trained with %s: put that back, or start a new run with --%s %s", name, setting.Name, want, have, setting.Name, want)
			}
			changed = append(changed, [2]string{setting.Name, want})
			notes = append(notes, fmt.Sprintf("%s was edited: the run resumes with %s %s, after %s", name, setting.Name, want, have))
		}
		values[setting.Name] = have
	}
	j.Values = values
	return changed, notes, nil
}
