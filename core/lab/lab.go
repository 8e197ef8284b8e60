// Package lab is the vocabulary of experiments: their settings, presets, metrics and
// actions, what can be drawn of a run, and the tables that it makes.
//
// It holds the one registry, in which core/experiment registers each experiment. The
// command's flags, the page's form, the help and run.json are all made from it.
package lab

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ganbel/core/data"
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
	// Format1 is the value of runs that were saved before there was such a setting; "" if
	// all have it.
	Format1 string `json:"-"`
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

	Notes []string `json:"-"` // of its reports: what the paper says, and what it does not
	Paper *Report  `json:"-"` // the paper's own numbers, next to which a run's stand

	// PaperSet is the papers' set that the experiment has, next to which alone Notes and
	// Paper are printed; "" if it takes no such set.
	PaperSet data.PaperSet `json:"-"`
	TitleSet string        `json:"-"` // the name of the set in Title, which other data's name replaces

	Rank   int  `json:"-"` // its place among all experiments
	Native bool `json:"-"` // only the command has it: it is too large for a page
}

// experiments are all that are registered, in order.
var experiments []*Experiment

// Register adds an experiment to those that Experiments returns. It panics if there is one
// of that name.
func Register(e *Experiment) {
	for _, other := range experiments {
		if other.Name == e.Name {
			panic(fmt.Sprintf("lab: there are two experiments %q", e.Name))
		}
	}
	experiments = append(experiments, e)
	slices.SortStableFunc(experiments, func(a, b *Experiment) int { return cmp.Compare(a.Rank, b.Rank) })
}

// Experiments returns all experiments of this program, in order of Rank.
func Experiments() []*Experiment { return slices.Clone(experiments) }

// On returns the experiment with a title that names the data, if that is not what its
// title says.
func (e *Experiment) On(id data.Identity) *Experiment {
	if id.Digest == "" || id.Is(e.PaperSet) && id.Name == string(e.PaperSet) {
		return e
	}
	on := *e
	if title, rest, ok := strings.Cut(e.Title, e.TitleSet); ok && e.TitleSet != "" {
		on.Title = title + id.Name + rest
	} else {
		on.Title = e.Title + ", " + id.Name
	}
	return &on
}
