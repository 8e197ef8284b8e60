package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/wgan"
)

// A sweep is a figure or table of the WGAN-GP paper that takes many runs, with a
// folder for all of them. It goes on where it was stopped, or further with more steps.
type sweep struct {
	name, out    string
	steps, every int        // 0 for those of the presets
	set          lab.Values // of all runs, beyond their presets
	files        map[string]string
	log          io.Writer
	all          []record.Job

	// Of architectures.
	count   int
	seed    uint64
	shrink  int
	methods []string
}

// A sweepKind is a row of sweeps.
type sweepKind struct {
	name, doc string
	jobs      func(s *sweep) []record.Job
	report    func(s *sweep, all map[string]record.Outcome) error
}

// sweeps are what ganbel sweep can do.
var sweeps = []sweepKind{
	{"figure2", "Seven pairs of networks on images of 64 by 64 by four methods.", (*sweep).figure2Jobs, (*sweep).figure2},
	{"figure3", "DCGAN-size networks on CIFAR-10 by four methods.", (*sweep).figure3Jobs, (*sweep).figure3},
	{"architectures", "Tables 2 and 5: random architectures by WGAN-GP and GAN.", (*sweep).architectureJobs, (*sweep).architectures},
}

// sweepCommand carries out a sweep and reports it.
func sweepCommand() *cobra.Command {
	var names []string
	var text strings.Builder
	paragraph(&text, "Trains a figure or table of the WGAN-GP paper that takes many runs, each a process of its own, and prints it next to the paper's. Called again it resumes what was interrupted or lost, and with greater --steps it trains on. It exits with 1 if a job has no result.")
	fmt.Fprintln(&text)
	for _, s := range sweeps {
		names = append(names, s.name)
		item(&text, s.name, s.doc)
	}
	c := &cobra.Command{
		Use:       "sweep NAME",
		Short:     "Trains a figure or table of the WGAN-GP paper that takes many runs.",
		Long:      text.String(),
		Example:   "ganbel sweep figure3 --images CIFAR --steps 2000 --set width=16\nganbel sweep architectures --images PATH --squeezenet FILE --count 12 --shrink 8 --steps 1000",
		ValidArgs: names,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 || !slices.Contains(names, args[0]) {
				name := strings.Join(args[:min(len(args), 1)], "")
				return misused("no sweep %q%s: there are %s", name, near(name, names), strings.Join(names, ", "))
			}
			return nothing(c, args[1:])
		},
	}
	f := c.Flags()
	s := &sweep{log: os.Stdout, set: lab.Values{}}
	f.StringVar(&s.out, "out", "", "folder of the sweep, with a folder for every run; runs/NAME if none is named; what is there is continued")
	f.IntVar(&s.steps, "steps", 0, "train each run until step N; its preset's steps if not given, which are the paper's")
	f.IntVar(&s.every, "every", 0, "write a row of metrics.csv every N steps; the preset's interval if not given, or a tenth of the steps if that is less")
	jobs := f.Int("jobs", runtime.NumCPU(), "runs at the same time, one core each")
	f.Var(&pairs{s.set}, "set", "a setting of all runs beyond the paper's, such as width=16; as often as needed")
	f.IntVar(&s.count, "count", 200, "architectures: how many to draw; the paper has 200")
	f.Uint64Var(&s.seed, "draw-seed", 1, "architectures: the seed they are drawn with")
	f.IntVar(&s.shrink, "shrink", 1, "architectures: divide their filters by N")
	methods := f.String("methods", "penalty,gan", "architectures: methods to train each with, with commas, of penalty, gan and one-sided")
	group(f, "The sweep", "out DIR", "methods NAME,...")
	s.files = files(f)
	group(f, "Files")
	for _, name := range []string{"steps", "every", "jobs", "count", "draw-seed", "shrink"} {
		complete(c, name)
	}
	completeList(c, "methods", "penalty", "gan", "one-sided")
	if err := c.RegisterFlagCompletionFunc("set", s.completeSet); err != nil {
		panic(err) // there is no such flag
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		s.name, s.methods = args[0], strings.Split(*methods, ",")
		for _, m := range s.methods {
			if !slices.Contains([]string{"penalty", "gan", "one-sided"}, m) {
				return misused("--methods has %q%s: there are penalty, gan and one-sided", m, near(m, []string{"penalty", "gan", "one-sided"}))
			}
		}
		for _, name := range []string{"steps", "every", "jobs", "count", "shrink"} {
			if n, err := f.GetInt(name); err != nil || n < 1 && f.Changed(name) {
				return misused("--%s is %d: it must be at least 1", name, n)
			}
		}
		return s.sweeping(c.Context(), *jobs)
	}
	return c
}

// pairs are flags NAME=VALUE.
type pairs struct{ set lab.Values }

func (p *pairs) String() string { return "" }
func (p *pairs) Type() string   { return "NAME=VALUE" }
func (p *pairs) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return errors.New("it must be NAME=VALUE")
	}
	p.set[name] = value
	return nil
}

// completeSet completes --set with the settings of the sweep's experiment and their
// values.
func (s *sweep) completeSet(_ *cobra.Command, args []string, begun string) (all []string, _ cobra.ShellCompDirective) {
	for _, e := range s.experiments(strings.Join(args, "")) {
		for _, setting := range e.Settings {
			if name, _, valued := strings.Cut(begun, "="); valued && name == setting.Name {
				for _, value := range setting.Choices {
					all = append(all, name+"="+value)
				}
			} else if !valued && strings.HasPrefix(setting.Name, begun) {
				all = append(all, cobra.CompletionWithDesc(setting.Name+"=", setting.Title))
			}
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// experiments returns what the runs of the sweep of that name train.
func (s *sweep) experiments(name string) (all []*lab.Experiment) {
	for _, sw := range sweeps {
		if sw.name != name {
			continue
		}
		for _, j := range sw.jobs(&sweep{count: 1, shrink: 1, seed: 1, methods: []string{"penalty"}}) {
			if e, err := lab.Find(j.Experiment); err == nil && !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
	}
	return all
}

// sweeping carries out the sweep, jobs runs at the same time, and reports it.
func (s *sweep) sweeping(ctx context.Context, jobs int) error {
	if s.out == "" {
		s.out = filepath.Join("runs", s.name)
	}
	s.files = absolute(s.files)
	if s.files["images"] == "" {
		return misused("%s needs images: name them with --images PATH", s.name)
	}
	if s.files["inception"] != "" && s.files["squeezenet"] != "" {
		return misused("--inception and --squeezenet are two classifiers: name one")
	}
	sw := sweeps[slices.IndexFunc(sweeps, func(sw sweepKind) bool { return sw.name == s.name })]
	flag := classifierOf(s.files)
	if _, said := s.set["score-images"]; flag != "" && !said {
		s.set["score-images"] = scoredImages
		fmt.Fprintf(s.log, "--%s is named, so %s images of each run are scored at every measurement: --set score-images=N scores N\n", flag, scoredImages)
	}
	all, err := s.jobs(sw)
	if err != nil {
		return err
	}
	s.all = all
	fmt.Fprintf(s.log, "%s: runs %s; there are %d\n", s.name, s.scale(), len(all))
	outcomes, lost := map[string]record.Outcome{}, []string{}
	err = processes{ctx, jobs, s.log}.Do(s.out, all, func(o record.Outcome) {
		outcomes[o.Job.Name] = o
		fmt.Fprintf(s.log, "%d of %d: %s\n", len(outcomes), len(all), s.line(o))
		if o.Lost != "" {
			lost = append(lost, o.Job.Name)
		}
	})
	if err != nil {
		return err
	}
	err = sw.report(s, outcomes)
	if len(lost) > 0 {
		slices.Sort(lost)
		err = errors.Join(fmt.Errorf("%d of %d jobs have no result: %s; log.txt in the folder of each says why, and the same command tries them again", len(lost), len(all), strings.Join(lost, ", ")), err)
	}
	return err
}

// jobs returns the jobs of a sweep with all that the command line says of them.
func (s *sweep) jobs(sw sweepKind) ([]record.Job, error) {
	all, data := sw.jobs(s), identities(s.files)
	for i := range all {
		j := &all[i]
		e, err := lab.Find(j.Experiment)
		if err != nil {
			return nil, err
		}
		v := lab.Values{}
		maps.Copy(v, j.Values)
		maps.Copy(v, s.set)
		j.Values = v
		if _, _, err := chosen(e, j.Preset, j.Values); err != nil {
			return nil, err
		}
		p := e.Preset(j.Preset)
		j.Steps, j.Files, j.Data = cmp.Or(s.steps, p.Steps), s.files, data
		j.Every = cmp.Or(s.every, min(p.Every, max(j.Steps/10, 1)))
	}
	return all, nil
}

// line returns a line that says what became of a job.
func (s *sweep) line(o record.Outcome) string {
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
func (s *sweep) last(o record.Outcome, metric string) float64 {
	dir := filepath.Join(s.out, o.Job.Name)
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
func (s *sweep) number(o record.Outcome, metric string) string {
	if v := s.last(o, metric); v == v {
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return "—"
}

// ended returns an outcome's score as a table has it, with the step at which it
// diverged, or says that there is no result.
func (s *sweep) ended(o record.Outcome) string {
	if o.Lost != "" || o.Job.Name == "" {
		return "no result"
	}
	text := s.number(o, "score")
	if o.Error != "" {
		text += fmt.Sprintf(" (ended at %d)", o.Step)
	}
	return text
}

// write prints reports and keeps them in the sweep's folder.
func (s *sweep) write(name string, all ...lab.Report) error {
	var text []string
	for _, r := range all {
		text = append(text, r.Markdown())
	}
	md := strings.Join(text, "\n")
	fmt.Fprint(s.log, "\n", md)
	return data.WriteFile(filepath.Join(s.out, name+".md"), []byte(md))
}

// scale returns how long the runs are, and what is smaller than the paper's.
func (s *sweep) scale() string {
	steps, preset := 0, 0
	if len(s.all) > 0 {
		j := s.all[0]
		steps = j.Steps
		if e, err := lab.Find(j.Experiment); err == nil && e.Preset(j.Preset) != nil {
			preset = e.Preset(j.Preset).Steps
		}
	}
	text := fmt.Sprintf("of %s steps", grouped(steps))
	if steps < preset {
		text = fmt.Sprintf("of %s of the preset's %s steps", grouped(steps), grouped(preset))
	}
	for _, name := range slices.Sorted(maps.Keys(s.set)) {
		text += fmt.Sprintf(", %s %s", name, s.set[name])
	}
	if s.shrink > 1 {
		text += fmt.Sprintf(", filters divided by %d", s.shrink)
	}
	return text
}

// settings returns a note on the data and settings of the runs.
func (s *sweep) settings() string {
	var files []string
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		text := fmt.Sprintf("--%s %s", name, filepath.Base(s.files[name]))
		if id, err := identity(s.files[name]); err == nil {
			text += " (" + id + ")"
		}
		files = append(files, text)
	}
	text := "Runs " + s.scale() + "; one seed. Data: " + strings.Join(files, ", ") + "."
	if len(s.set) > 0 || s.shrink > 1 || s.steps > 0 {
		text += " These are not the paper's numbers."
	}
	return text
}

// scorer is what scores are called.
func (s *sweep) scorer() string {
	switch {
	case s.files["inception"] != "":
		return "Inception Score"
	case s.files["squeezenet"] != "":
		return "SqueezeNet score"
	}
	return "score (none: name a classifier with --inception or --squeezenet)"
}

// real tells the score of as many real images, without which a score says nothing.
func (s *sweep) real(all map[string]record.Outcome) string {
	for _, name := range slices.Sorted(maps.Keys(all)) { // in one order, so that a report is always the same
		if v := s.number(all[name], "real-score"); v != "—" {
			return "As many real images score " + v + "."
		}
	}
	return "No images were scored: --set score-images=N scores N of them."
}

// Methods of figures 2 and 3, by the presets that have them.
var (
	figure2Methods = []string{"penalty", "clip", "dcgan", "lsgan"}
	figure3Methods = []string{"clip", "penalty-rmsprop", "penalty", "dcgan"}
	methodNames    = map[string]string{"penalty": "WGAN-GP (Adam)", "penalty-rmsprop": "WGAN-GP (RMSProp)", "clip": "Weight clipping", "dcgan": "DCGAN", "lsgan": "LSGAN", "gan": "GAN", "one-sided": "one-sided"}
)

func (s *sweep) figure2Jobs() (all []record.Job) {
	for _, net := range wgan.LSUNNames[:7] {
		for _, m := range figure2Methods {
			all = append(all, record.Job{Name: net + "-" + m, Experiment: "wgan-lsun", Preset: m, Values: lab.Values{"networks": net}})
		}
	}
	return all
}

func (s *sweep) figure3Jobs() (all []record.Job) {
	for _, m := range figure3Methods {
		all = append(all, record.Job{Name: m, Experiment: "wgan-cifar", Preset: m})
	}
	return all
}

func (s *sweep) architectureJobs() (all []record.Job) {
	for i := range s.count {
		a := wgan.RandomArchitecture(s.seed, i)
		v := lab.Values{"activation-g": a.ActivationG, "activation-d": a.ActivationD, "depth-g": strconv.Itoa(a.DepthG), "depth-d": strconv.Itoa(a.DepthD),
			"norm-g": strconv.FormatBool(a.NormG), "norm-d": strconv.FormatBool(a.NormD),
			"filters-g": strconv.Itoa(max(a.FiltersG/s.shrink, 1)), "filters-d": strconv.Itoa(max(a.FiltersD/s.shrink, 1))}
		for _, m := range s.methods {
			preset, values := m, maps.Clone(v)
			if m == "one-sided" {
				preset = "penalty"
				values["rule"] = "one-sided"
			}
			all = append(all, record.Job{Name: fmt.Sprintf("%03d-%s", i, m), Experiment: "wgan-architecture", Preset: preset, Values: values})
		}
	}
	return all
}
