// Package lab holds the experiments: their settings, their runs and what a
// page or a figure may see of them.
//
// There is one registry, Experiments. The command's flags, the page's form,
// the help and run.json are all made from it.
package lab

import (
	"runtime"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/memory"
	"ganbel/core/program"
	"ganbel/core/score"
	"ganbel/core/train"
)

// Kind says how the text of a setting is read.
type Kind string

// The kinds of setting.
const (
	Float  Kind = "float"  // a decimal number in [Min, Max]
	Int    Kind = "int"    // a whole number in [Min, Max]
	Bool   Kind = "bool"   // "true" or "false"
	Choice Kind = "choice" // one of Choices
)

// A Setting is one thing a person may choose.
type Setting struct {
	Name    string   `json:"name"`              // what flags, URLs and files call it, such as "n-critic"
	Title   string   `json:"title"`             // what a form calls it, such as "Critic steps"
	Kind    Kind     `json:"kind"`              // how its text is read
	Default string   `json:"default"`           // the value where neither preset nor person says otherwise
	Min     float64  `json:"min"`               // least value of a Float or Int
	Max     float64  `json:"max"`               // greatest value of a Float or Int
	Log     bool     `json:"log,omitempty"`     // a slider should move on a logarithmic scale
	Choices []string `json:"choices,omitempty"` // what a Choice may be
	Unit    string   `json:"unit,omitempty"`    // such as "nats"
	Group   string   `json:"group"`             // the heading it stands under: "data", "model", "critic", "optimiser", "temperature"
	Doc     string   `json:"doc"`               // one sentence for a person
	Resets  bool     `json:"resets"`            // changing it starts the run anew
	// Measures reports that the setting changes what is measured and nothing that is
	// trained: runs that differ in such settings alone have the same networks. A
	// setting that measures never resets a run.
	Measures bool `json:"measures,omitempty"`
}

// Values are chosen settings, by name, as text.
type Values map[string]string

// A Preset is a named choice of settings.
type Preset struct {
	Name   string `json:"name"`  // such as "live" or "paper"
	Title  string `json:"title"` // such as "Live in a browser"
	Doc    string `json:"doc"`
	Steps  int    `json:"steps"`  // how long a run of it is, unless a person says otherwise; at least 1
	Every  int    `json:"every"`  // steps between rows of metrics, at least 1
	Values Values `json:"values"` // differences from the defaults
}

// A Metric is one column of metrics.csv and one line of a chart.
type Metric struct {
	Name  string `json:"name"`           // the column, such as "w1"
	Title string `json:"title"`          // such as "Exact W₁"
	Unit  string `json:"unit,omitempty"` // such as "nats" or "%"
	Doc   string `json:"doc"`
	Chart string `json:"chart"` // metrics with one chart name share one chart
}

// World is what an experiment takes from outside: files and the person's points.
type World struct {
	// MNIST opens the images to train on and the images to test on.
	// It is nil where there are none.
	MNIST func() (train, test *data.Images, err error)
	// Pictures opens the images in colour that the person named, of the given side, to
	// train on and to validate with, which may be nil. It is nil where none were named.
	Pictures func(side int) (train, validation data.Source, err error)
	// Classifier scores generated images. It is nil where there is none.
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
	// than the run's, New returns an error before it allocates anything.
	Saved *data.Store
	// Free returns how much memory a run may take; nil asks the machine.
	Free func() memory.Room
	// Planned, if not nil, is called with what a run will take before that is allocated.
	Planned train.Admission

	admit train.Admission // set by New
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

// An Action is something a run can do besides training, see Run.Do.
type Action struct {
	Name    string `json:"name"`              // such as "critic-step"
	Doc     string `json:"doc"`               // what it does, takes and returns, with shapes
	Changes bool   `json:"changes,omitempty"` // it changes the run, which then has another frame
}

// An Experiment is a row of the registry.
type Experiment struct {
	Name     string    `json:"name"` // such as "wgan-gp"
	Title    string    `json:"title"`
	Doc      string    `json:"doc"`
	Settings []Setting `json:"settings"`
	Presets  []Preset  `json:"presets"` // the first is the default
	Metrics  []Metric  `json:"metrics"`
	Actions  []Action  `json:"actions"`

	notes []string // of its reports: what the paper says, and what it does not
	paper *Report  // the paper's own numbers, beside which a run's stand

	// paperSet is the papers' set that the experiment has, next to which alone notes and paper
	// are printed; "" if it takes no such set.
	paperSet data.PaperSet
	on       string // what Title says of the set, which other data's name takes the place of

	// New builds a run at step 0. The values must come from Resolve. It returns a
	// *TooLarge if there is no memory for the run. The run must be closed.
	New func(Values, World) (Run, error) `json:"-"`
}

// Run is one training run. It must not be used by two goroutines at once.
type Run interface {
	// Step returns the number of finished iterations. One that an action began, such
	// as "critic-step", is not finished: Train goes on with it.
	Step() int
	// Train makes n more iterations. Where a number is no longer finite it
	// returns a *Diverged and goes back to the last iteration after which all were.
	Train(n int) error
	// Set turns a setting that does not reset the run. It returns an error that
	// says what would be right for any other, and for a value that is not one.
	Set(name, value string) error
	// Values returns the settings as they stand.
	Values() Values
	// Identity returns which data the run is trained on, the zero Identity if it takes
	// none.
	Identity() data.Identity
	// Measure returns one number for each of the experiment's Metrics,
	// NaN where one is not known.
	Measure() []float64
	// Frame returns what can be drawn now.
	Frame() Frame
	// Do carries out one of the experiment's Actions besides training. It returns
	// an error that says what would be right for an unknown action, and for
	// tensors that are missing or of a wrong shape, and then changes nothing. Where a
	// number is no longer finite it returns a *Diverged and changes nothing.
	Do(action string, in map[string]data.Tensor) (out map[string]data.Tensor, err error)
	// Save returns all that is needed to go on bit for bit.
	Save() data.Store
	// Load goes on from what Save returned. Where that is of another experiment,
	// or of settings that reset a run, it returns an error and changes nothing.
	Load(data.Store) error
	// Adopt goes on from what Save returned of a run of the same experiment, but
	// keeps its own settings: the networks, the step and the streams are taken, and
	// what the optimiser knows where it is there in the same shape; where it is not,
	// the optimiser begins anew. Centres of modes are taken if there are as many.
	// Where a network does not fit it returns an error that says which, and changes
	// nothing.
	Adopt(data.Store) error
	// Close ends the run's goroutines and lets go of its buffers. The run must not be
	// used any more. A second Close does nothing.
	Close()

	plan(s data.Store, adopt bool) (load func(), err error)
}

// Imaging is a run that generates images which a classifier can score.
type Imaging interface {
	// Generate returns n generated images, rounded down to hundreds, those that a
	// measurement at this step scores; nil if none are left, or if the run's world has
	// no classifier.
	Generate(n int) *data.Images
	// Truth returns the first n training images, all of them if there are fewer.
	Truth(n int) *data.Images
}

// LoadAll loads every run, or with adopt lets it adopt, its store. If one does not fit,
// or is not a run by Saved, it returns its error and changes none of the runs. It panics
// if there are not as many runs as stores.
func LoadAll(runs []Run, stores []data.Store, adopt bool) error {
	loads := make([]func(), len(runs))
	for i, run := range runs {
		_, _, err := Saved(stores[i])
		if err != nil {
			return err
		}
		if loads[i], err = run.plan(stores[i], adopt); err != nil {
			return err
		}
	}
	for _, load := range loads {
		load()
	}
	return nil
}

// A Frame is what can be drawn of a run at one step. Its tensors are copies.
//
// WGAN runs fill "real" and "fake" (n, 2), "descent" (n, 2), ∇D at every one of
// "fake", "critic" and "slope" (g, g) over
// [-view, view]² with row i at y = -view + 2·view·i/(g-1) and columns alike in x,
// "modes" (m, 2), the centres of data with modes, "warp" (w, w, 2), where the generator
// sends the lattice [-2, 2]², and "view" (1). "weights" (64) counts the critic's weights,
// not its biases, in 64 equal bins over [-r, r]; "weights-range" (2) is r, the least of
// 1, 2 and 5 times a power of ten that holds all, and with the rule clip the share of
// weights within 1 % of -c or c, else 0.
//
// Once they made a critic step since they were opened or loaded, they also fill,
// "slopes" (batch), the gradient norms at the last critic step's interpolates, and
// of the first b = min(64, batch) rows of the last critic step's batch as that step
// saw them: "batch-noise" (b, 2), z, but not for a fixed generator, "batch-real", "batch-fake" and
// "batch-mix" (b, 2), x, x̃ and x̂, "batch-slope" (b), ‖∇D(x̂)‖, and "batch-critic"
// (b, 2), D(x) and D(x̃); row i of all belongs together. "terms" (6) are of the
// whole batch: mean D(x), mean D(x̃), mean ‖∇D(x̂)‖, λ·mean (‖∇D(x̂)‖ - 1)², which
// only the rule penalty adds to the loss, and the critic's loss, and then the
// generator's loss in its last step, NaN for none. "layers" (L) holds, for every
// layer of the present critic, first layer first and the output last, the norm of
// the gradient of its loss on the b rows by that layer's activations (figure 1(b)).
//
// Runs that generate images fill "samples" (100, rows, columns, channels) in [0, 1],
// always of the same noise, where there are "classes" (1), K, image i of class i mod K,
// "real" (n, rows, columns, channels), the first training examples, and once they made
// a step with a penalty "slopes" (batch), ‖∇D‖ at its interpolates.
//
// Runs of wgan-values fill "surfaces" (2, 3, g, g), D over [-view, view]², clipped and
// penalised critics a row, data sets a column, "surface-data" (3, n, 2), points of each
// data set, and "surface-view" (1), view. Runs of wgan-depth, of c = .1, .01, .001 and the
// penalty in this order, fill "depth-real" (n, 2), "depth-fake" (4, n, 2), what each
// generates of the same noise, "depth-view" (1), "depth-weights" (2, 64) and "depth-ends"
// (2, 2), which are what "weights" and "weights-range" are to wgan-gp, but of c = .01 over
// [-2c, 2c] and of the penalty over a range that holds 99 % of them, and once there was
// a step "depth-norms" (4, L), what "layers" is.
//
// Runs that generate text fill "letters" (v), the alphabet's code points, U+FFFD for all
// others, "text" (100, letters a line), generated lines as indices of "letters", always of
// the same noise, "text-real", some lines of the text, and "slopes" as above. "floor-"
// and a metric's name (1) is what that metric would be of a perfect generator.
//
// Runs of the VAE fill "digits", "reconstructions" (n, 28, 28), "prior" (m, 28, 28),
// all in [0, 1], "codes" (n, N, K), the relaxed sample of every digit, and "code"
// (N, K), the first of them, "usage" (N, K), the mean of q(z|x) over test digits,
// "bits" (1), 1 where the code is of bits, which then lie in rows of 20 or fewer in
// place of (N, K),
// "simplex" (s, 3), Gumbel-Softmax samples of one three-way choice at the current
// temperature, "chances" (3), its probabilities, and "temperature" (1).
//
// Runs of structured output prediction fill "digits" (n, 28, 28), test digits,
// "completions" (n, 6, 28, 28), with each pixel's chance by one sample of the layers
// below the upper half as it was given, "mean" (n, 28, 28), that over 32 samples,
// "layer-1" and "layer-2" (n, N, K), the layers of every digit's first sample, bits
// lying as in a VAE's code, "bits" (1) and "temperature" (1).
//
// Runs of gumbel-gradients fill, once there were draws, "bias", "chance" and
// "variance" (e), of every one of gumbel.GradientEstimators, relative to the exact
// gradient and its square, and "temperature" (1).
//
// Semi-supervised runs fill "digits" (n, 28, 28), test digits as the model sees them,
// "labels" (n), theirs, "classes" (n, K), q(y|x), "reconstructions" (n, 28, 28), in
// the likeliest class, "analogies" (r, 1+K, 28, 28), a test digit and what is decoded of
// its z in each class, and "temperature" (1). The measurement of what their classes
// cost fills "class-counts" (m), K, and "marginalisation" and "gumbel-softmax" (m),
// steps a second, 0 where they were not measured yet.
//
// Runs of the one choice fill "logits", "noise", "perturbed", (logits + noise)/τ,
// "sample", its softmax, "hard", one-hot, and "chances" (3 each) of the present
// draw, "cloud" (n, 3), samples at this temperature, "counts" (3), how often each
// class was the largest, "temperature" (1), and of the gradient by the logits
// "exact" (3), "gradient" (3), its mean estimate, and "estimate" (4): its bias, that
// bias' standard error, its variance, and the draws that these are of.
//
// Runs of the Gumbel-Softmax distributions fill "chances" (K), π, "temperatures" (5),
// of which the first, 0, stands for the categorical distribution, "samples" (5, s, K),
// the i-th of which are of the same noise at all temperatures, and for three classes
// "log-density" (4, g, g), the logarithm of equation 3 at the temperatures but the
// first, at the points that gumbel's Density tells. From the first step on they fill,
// of all samples so far, "expectations" and "deviations", E[y] and its standard
// deviation, and "frequencies", how often an element is the greatest, (5, K) each, and
// "greatest" and "entropies" (5 each), the means of max y and of the entropy of y.
type Frame struct {
	Experiment string
	Step       int
	Tensors    map[string]data.Tensor
	Data       string // what the data is called, see Run.Identity; "" if there is none
}
