// Package sweep trains the figures and tables of the papers that take many runs, and
// reports them next to the papers' numbers: a Sweep for those of "Improved Training of
// Wasserstein GANs" (Gulrajani et al., 2017), whose runs a queue carries out, and a Grid
// for Table 1 of "Categorical Reparameterization with Gumbel-Softmax" (Jang, Gu and
// Poole, 2017).
//
// Both keep a folder with a folder for every run, and resume what lies there. Neither
// knows flags, but messages name those by which ganbel sets the fields.
package sweep

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// ErrStopped is the error of a sweep or a grid that was interrupted.
var ErrStopped = errors.New("stopped; the same command goes on")

// A Sweep is a figure or table of the WGAN-GP paper that takes many runs, with a folder
// for all of them. It resumes where it was stopped, and trains on with more steps.
type Sweep struct {
	Name         string       // a row of Kinds
	Dir          string       // has a folder for every run
	Steps, Every int          // of all runs, 0 for those of the presets
	Set          lab.Values   // settings of all runs, beyond their presets
	Files        corpus.Files // the images, and the classifier that scores what is generated
	Log          io.Writer    // gets a line for every job, and the reports

	// Of architectures.
	Count   int      // how many are drawn
	Seed    uint64   // that they are drawn with
	Shrink  int      // what their filters are divided by, at least 1
	Methods []string // that each is trained by, of Methods

	all []Job
}

// A Kind is what a Sweep can be.
type Kind struct {
	Name, Doc string

	jobs   func(s *Sweep) []Job
	report func(s *Sweep, all map[string]Outcome) error
}

// Kinds are the figures and tables that take many runs.
var Kinds = []Kind{
	{"figure2", "Seven pairs of networks on images of 64 by 64 by four methods.", (*Sweep).figure2Jobs, (*Sweep).figure2},
	{"figure3", "DCGAN-size networks on CIFAR-10 by four methods.", (*Sweep).figure3Jobs, (*Sweep).figure3},
	{"architectures", "Tables 2 and 5: random architectures by WGAN-GP and GAN.", (*Sweep).architectureJobs, (*Sweep).architectures},
}

// kind returns the row of Kinds of that name, or an error that names those that there are.
func kind(name string) (Kind, error) {
	var names []string
	for _, k := range Kinds {
		if k.Name == name {
			return k, nil
		}
		names = append(names, k.Name)
	}
	return Kind{}, &lab.Unknown{What: fmt.Sprintf("no sweep %q", name), Name: name, Names: names}
}

// Experiments returns what the runs of the sweep of that name train, nothing if there is
// no such sweep.
func Experiments(name string) (all []*lab.Experiment) {
	k, err := kind(name)
	if err != nil {
		return nil
	}
	for _, j := range k.jobs(&Sweep{Count: 1, Shrink: 1, Seed: 1, Methods: Methods[:1]}) {
		if e, err := lab.Find(j.Experiment); err == nil && !slices.Contains(all, e) {
			all = append(all, e)
		}
	}
	return all
}

// Jobs returns the runs of the sweep, each with its last step and the settings of all.
// What identifies their data is left out. It returns an error if there is no such sweep;
// it does not check settings, which Run does.
func (s *Sweep) Jobs() ([]Job, error) {
	k, err := kind(s.Name)
	if err != nil {
		return nil, err
	}
	all := k.jobs(s)
	for i := range all {
		j := &all[i]
		e, err := lab.Find(j.Experiment)
		if err != nil {
			return nil, err
		}
		v := lab.Values{}
		maps.Copy(v, j.Values)
		maps.Copy(v, s.Set)
		p := e.Preset(j.Preset)
		j.Values, j.Files, j.Steps = v, s.Files, cmp.Or(s.Steps, p.Steps)
		j.Every = cmp.Or(s.Every, min(p.Every, max(j.Steps/10, 1)))
	}
	return all, nil
}

// Run lets a queue carry out the sweep's jobs, and reports their results, which it also
// writes into the sweep's folder. It returns an error that names the jobs that have no
// result, and ErrStopped if the queue was interrupted.
func (s *Sweep) Run(q Queue) error {
	k, err := kind(s.Name)
	if err != nil {
		return err
	}
	all, err := s.Jobs()
	if err != nil {
		return err
	}
	digests := s.Files.Fingerprints()
	for i := range all {
		j := &all[i]
		j.Data = digests
		if e, err := lab.Find(j.Experiment); err != nil {
			return err
		} else if _, err := e.Resolve(j.Preset, j.Values); err != nil {
			return fmt.Errorf("%s: %w", j.Name, err)
		}
	}
	s.all = all
	fmt.Fprintf(s.Log, "%s: runs %s; there are %d\n", s.Name, s.scale(), len(all))
	outcomes, lost := map[string]Outcome{}, []string{}
	err = q.Do(s.Dir, all, func(o Outcome) {
		outcomes[o.Job.Name] = o
		fmt.Fprintf(s.Log, "%d of %d: %s\n", len(outcomes), len(all), s.line(o))
		if o.Lost != "" {
			lost = append(lost, o.Job.Name)
		}
	})
	if err != nil {
		return err
	}
	err = k.report(s, outcomes)
	if len(lost) > 0 {
		slices.Sort(lost)
		err = errors.Join(fmt.Errorf("%d of %d jobs have no result: %s; log.txt in the folder of each says why, and the same command tries them again", len(lost), len(all), strings.Join(lost, ", ")), err)
	}
	return err
}

// line returns a line that says what became of a job.
func (s *Sweep) line(o Outcome) string {
	switch {
	case o.Lost != "":
		return fmt.Sprintf("%s has no result, and stands at step %d: %s", o.Job.Name, o.Step, o.Lost)
	case o.Error != "":
		return fmt.Sprintf("%s ended at step %d: %s", o.Job.Name, o.Step, o.Error)
	}
	return fmt.Sprintf("%s, step %d, %.2g s a step, score %s", o.Job.Name, o.Step, o.Seconds/float64(max(o.Step, 1)), s.number(o, "score"))
}

// last returns a metric of an outcome's last measurement, NaN if there is none. A
// score is that of the checkpoint, if it was scored after the run.
func (s *Sweep) last(o Outcome, metric string) float64 {
	dir := filepath.Join(s.Dir, o.Job.Name)
	if want, ok := scoreWanted(dir, o.Job); ok && (metric == "score" || metric == "real-score") {
		if score, there := record.ScoreOf(dir, want); there {
			return map[string]float64{"score": score.Made, "real-score": score.Real}[metric]
		}
	}
	t, err := record.Metrics(dir)
	if err != nil {
		return math.NaN()
	}
	return record.Last(t, metric)
}

// number returns that metric as text, "—" if it is not known.
func (s *Sweep) number(o Outcome, metric string) string {
	if v := s.last(o, metric); v == v {
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return "—"
}

// scale returns how long the runs are, and what is smaller than the paper's.
func (s *Sweep) scale() string {
	steps, preset := 0, 0
	if len(s.all) > 0 {
		j := s.all[0]
		steps = j.Steps
		if e, err := lab.Find(j.Experiment); err == nil && e.Preset(j.Preset) != nil {
			preset = e.Preset(j.Preset).Steps
		}
	}
	text := fmt.Sprintf("of %s steps", data.Thousands(steps))
	if steps < preset {
		text = fmt.Sprintf("of %s of the preset's %s steps", data.Thousands(steps), data.Thousands(preset))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Set)) {
		text += fmt.Sprintf(", %s %s", name, s.Set[name])
	}
	if s.Shrink > 1 {
		text += fmt.Sprintf(", filters divided by %d", s.Shrink)
	}
	return text
}
