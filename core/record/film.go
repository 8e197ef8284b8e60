package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"ganbel/core/lab"
)

// A Film draws a run while it trains, as an animation.
type Film struct {
	// Still draws one picture of a frame as a PNG file, nil for a frame that shows none.
	// All of a run must be of one size.
	Still func(lab.Frame) ([]byte, error)
	// Animate makes an animation of such files, one or more, in their order.
	Animate func(stills [][]byte) ([]byte, error)
}

// What a filmed run's folder holds beside the others: a picture of every so many
// steps, named by its step, and in the figures' folder the animation of them.
const (
	stillsDir = "stills"
	filmFile  = "training.gif"
)

// maxStills is how many pictures an animation has at most, beside that of step 0.
const maxStills = 150

// still keeps a picture of the run if one is due: at steps that are multiples of
// Every and of a power of two more, so that there are no more than maxStills until
// j.Steps. As the steps alone say which, a run that was killed ends with the same.
// If it fails the log says so, and the run continues.
func (j *Job) still(k *keeper) {
	if !j.Filmed || j.Film.Still == nil || k.run.Step()%j.apart() != 0 {
		return
	}
	b, err := j.Film.Still(k.run.Frame())
	switch {
	case err != nil:
		fmt.Fprintf(j.Log, "the run continues, but its animation lacks step %d: %v\n", k.run.Step(), err)
	case b != nil:
		k.file(filepath.Join(j.Dir, stillsDir, fmt.Sprintf("%09d.png", k.run.Step())), b)
	}
}

// apart returns how many steps are between stills.
func (j Job) apart() int {
	n := j.Every
	for j.Steps/n > maxStills {
		n *= 2
	}
	return n
}

// stills returns the steps of the pictures that are kept, in their order, and where.
func (j *Job) stills() (steps []int, names []string, err error) {
	return numbered(filepath.Join(j.Dir, stillsDir), ".png")
}

// numbered returns the files of a folder that are named by a step, with the given
// ending, in the order of their names. A missing folder has none.
func numbered(dir, end string) (steps []int, names []string, err error) {
	all, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	for _, f := range all {
		text, ok := strings.CutSuffix(f.Name(), end)
		if step, err := strconv.Atoi(text); ok && err == nil { // otherwise it is not the run's
			steps, names = append(steps, step), append(names, filepath.Join(dir, f.Name()))
		}
	}
	return steps, names, err
}

// rewind removes stills and texts of steps that the run, which went back to a
// checkpoint, has not reached.
func (j *Job) rewind(step int) error {
	for dir, end := range map[string]string{stillsDir: ".png", textDir: ".txt"} {
		steps, names, err := numbered(filepath.Join(j.Dir, dir), end)
		for i, at := range steps {
			if at > step {
				err = errors.Join(err, os.Remove(names[i]))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// animate makes the animation of what was kept so far. If it fails the log says so, and
// the run continues.
func (j *Job) animate(k *keeper) {
	if !j.Filmed || j.Film.Animate == nil {
		return
	}
	steps, names, err := j.stills()
	var all [][]byte
	for i, step := range steps {
		if err == nil && step%j.apart() == 0 {
			var b []byte
			b, err = os.ReadFile(names[i])
			all = append(all, b)
		}
	}
	if err == nil && len(all) == 0 {
		return
	}
	var b []byte
	if err == nil {
		b, err = j.Film.Animate(all)
	}
	if err == nil {
		err = os.MkdirAll(filepath.Join(j.Dir, figuresDir), 0o755)
	}
	if err == nil {
		err = k.replace(filepath.Join(j.Dir, figuresDir, filmFile), "", b)
	}
	if err != nil {
		fmt.Fprintf(j.Log, "%s is kept, but not its animation: %v\n", j.Dir, err)
	}
}
