// Package experiment holds the experiments of both papers, a file for each: what can be
// set, measured and done, and the model that is trained. Each registers itself with
// core/lab, and Open makes a run of it.
package experiment

import (
	"fmt"
	"runtime"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/memory"
	"ganbel/core/program"
	"ganbel/core/score"
	"ganbel/core/train"
)

// An Opener builds the model of an experiment on a run, which has its settings. w has the
// data that the experiment needs.
type Opener func(r *train.Run, w World) (train.Model, error)

// openers are those of all experiments of this program, by name.
var openers = map[string]Opener{}

// Register adds an experiment to the registry, and returns it. A program may add experiments
// of its own when it starts. It panics if there is one of that name.
func Register(e *lab.Experiment, open Opener) *lab.Experiment {
	lab.Register(e)
	openers[e.Name] = open
	return e
}

// Open returns a run of an experiment at step 0, which must be closed. The values must come
// from Resolve. It returns an error if the world lacks data that the experiment needs, a
// *train.TooLarge if there is no memory for the run, and an error if World.Saved does not
// fit the run; nothing large was allocated then.
func Open(e *lab.Experiment, v lab.Values, w World) (*train.Run, error) {
	w, err := ready(e, v, w)
	if err != nil {
		return nil, err
	}
	open := openers[e.Name]
	if open == nil {
		return nil, fmt.Errorf("%s is not an experiment of this program", e.Name)
	}
	r := train.New(e, v, w.device())
	m, err := open(r, w)
	if err == nil {
		err = w.admits(r)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	r.Begin(m)
	return r, nil
}

// admits returns an error if w has no room for a run, or if the state that w is to continue
// from has another size.
func (w World) admits(r *train.Run) error {
	if w.Saved != nil {
		if err := r.Sizes(*w.Saved); err != nil {
			return err
		}
	}
	if w.Planned != nil {
		w.Planned(r.Plan())
	}
	free := memory.Free
	if w.Free != nil {
		free = w.Free
	}
	return r.Fits(free)
}

// World is what an experiment takes from outside: files and the person's points.
type World struct {
	// MNIST opens the images to train on and the images to test on.
	// It is nil where there are none.
	MNIST func() (train, test *data.Images, err error)
	// Pictures opens the images in colour that the person named, of the given side, to
	// train on and to validate with, which may be nil. It is nil where none were named.
	Pictures func(side int) (train, validation data.Source, err error)
	// Classifier scores generated images. It is nil if there is none.
	Classifier score.Classifier
	// Text reads the lines that the person named. It is nil where none were named.
	Text func() ([]string, error)
	// TextIdentity returns the identity of the lines that Text read last. If it is nil,
	// the lines alone give it.
	TextIdentity func() data.Identity
	// Points are the person's own, as x, y pairs; only the data set "points" reads them.
	Points []float32
	// PointsName is what Points are called, such as the name of their file; "" if they
	// were drawn, see data.Drawn.
	PointsName string
	// Device is what a run computes on; nil is the processor.
	Device program.Device
	// Goroutines is how many a run on the processor computes on; 0 is one for each core.
	Goroutines int
	// Saved is what the run will Load, nil for nothing. If its tensors are of other sizes
	// than the run's, Open returns an error before it allocates anything.
	Saved *data.Store
	// Free returns how much memory a run may take; nil asks the machine.
	Free func() memory.Room
	// Planned, if not nil, is called with what a run will take before that is allocated.
	Planned func(train.Plan)
}

// goroutines returns how many a run computes on.
func (w World) goroutines() int {
	if w.Goroutines > 0 {
		return w.Goroutines
	}
	return runtime.GOMAXPROCS(0)
}

// device returns what a run computes on.
func (w World) device() program.Device {
	if w.Device != nil {
		return w.Device
	}
	return cpu.Device(w.goroutines())
}

// Imaging is a model that generates images which a classifier can score.
type Imaging interface {
	// Generate returns n generated images, rounded down to hundreds, those that a
	// measurement at this step scores; nil if none are left, or if the run's world has
	// no classifier.
	Generate(n int) *data.Images
	// Truth returns the first n training images, all of them if there are fewer.
	Truth(n int) *data.Images
}

// A Reporter is a model that makes reports. A native run writes them when it ends.
type Reporter interface {
	// Reports returns what the run can tell of its present step. It may take
	// minutes, and changes nothing of the run.
	Reports() []lab.Report
}

// A Writer is a model that generates text. A native run keeps it with every row of metrics.
type Writer interface {
	// Text returns what the run writes at its present step, in lines.
	Text() string
}
