package main

import (
	"context"
	"flag"
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

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/wgan"
)

// A sweep is a figure or table of the WGAN-GP paper that takes many runs, with a
// folder for all of them. It goes on where it was stopped, or further with more steps.
type sweep struct {
	out          string
	steps, every int
	set          lab.Values // of all runs, beyond their presets
	files        map[string]string
	log          io.Writer

	// Of architectures.
	count   int
	seed    uint64
	shrink  int
	methods []string
}

// sweeps are what ganbel sweep can do.
var sweeps = []struct {
	name, doc string
	jobs      func(s *sweep) []record.Job
	report    func(s *sweep, all map[string]record.Outcome) error
}{
	{"figure2", "Seven pairs of networks on images of 64 by 64 by four methods.", (*sweep).figure2Jobs, (*sweep).figure2},
	{"figure3", "DCGAN-size networks on CIFAR-10 by four methods.", (*sweep).figure3Jobs, (*sweep).figure3},
	{"architectures", "Tables 2 and 5: random architectures by WGAN-GP and GAN.", (*sweep).architectureJobs, (*sweep).architectures},
}

// sweeping carries out a sweep and reports it.
func sweeping(ctx context.Context, args []string) error {
	var names []string
	for _, s := range sweeps {
		names = append(names, s.name)
	}
	f := flag.NewFlagSet("ganbel sweep", flag.ContinueOnError)
	s := &sweep{log: os.Stdout, set: lab.Values{}, files: files(f)}
	f.StringVar(&s.out, "out", "", "folder of the sweep, with a folder for every run; runs/NAME where none is named; it goes on with what is there")
	f.IntVar(&s.steps, "steps", 2000, "train until this step; the paper's have 100,000 and 200,000")
	f.IntVar(&s.every, "every", 0, "steps between rows of metrics.csv; 0 for a tenth of steps")
	jobs := f.Int("jobs", runtime.NumCPU(), "runs side by side, one core each")
	f.Func("set", "NAME=VALUE, a setting of all runs beyond the paper's, such as width=16; as often as needed", func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return fmt.Errorf("must be NAME=VALUE")
		}
		s.set[name] = value
		return nil
	})
	f.IntVar(&s.count, "count", 200, "architectures: how many to draw; the paper has 200")
	f.Uint64Var(&s.seed, "draw-seed", 1, "architectures: the seed they are drawn with")
	f.IntVar(&s.shrink, "shrink", 1, "architectures: divide their filters by this")
	methods := f.String("methods", "penalty,gan", "architectures: methods to train each with, of penalty, gan and one-sided, with commas")
	f.Usage = func() {
		fmt.Print("ganbel sweep NAME [flags]\n\nTrains a figure or table of the WGAN-GP paper that takes many runs, each a process of its own, and\nprints it beside the paper's. Interrupted, it goes on when it is called again, or further with more\n--steps.\n\n")
		for _, s := range sweeps {
			item(os.Stdout, s.name, s.doc)
		}
		fmt.Println()
		f.VisitAll(func(g *flag.Flag) {
			doc := g.Usage
			if g.DefValue != "" {
				doc += " (" + g.DefValue + ")"
			}
			item(os.Stdout, "--"+g.Name, doc)
		})
	}
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if err := parse(f, args); err != nil {
		return err
	}
	i := slices.Index(names, name)
	if i < 0 {
		return misused("no sweep %q%s: there are %s", name, near(name, names), strings.Join(names, ", "))
	}
	s.methods = strings.Split(*methods, ",")
	for _, m := range s.methods {
		if !slices.Contains([]string{"penalty", "gan", "one-sided"}, m) {
			return misused("--methods has %q: there are penalty, gan and one-sided", m)
		}
	}
	if s.steps < 1 || *jobs < 1 || s.count < 1 || s.shrink < 1 || s.every < 0 {
		return misused("--steps is %d, --jobs %d, --count %d, --shrink %d and --every %d: all but every must be at least 1", s.steps, *jobs, s.count, s.shrink, s.every)
	}
	if s.every == 0 {
		s.every = max(s.steps/10, 1)
	}
	if s.out == "" {
		s.out = filepath.Join("runs", name)
	}
	s.files = absolute(s.files)
	if s.files["images"] == "" {
		return misused("%s needs images: name them with --images PATH", name)
	}
	all := sweeps[i].jobs(s)
	for i := range all {
		j := &all[i]
		e, err := lab.Find(j.Experiment)
		if err != nil {
			return err
		}
		v := lab.Values{}
		maps.Copy(v, j.Values)
		maps.Copy(v, s.set)
		j.Values = v
		if _, _, err := chosen(e, j.Preset, j.Values); err != nil {
			return err
		}
		j.Steps, j.Every, j.Files = s.steps, s.every, s.files
	}
	outcomes := map[string]record.Outcome{}
	err := processes{ctx, *jobs}.Do(s.out, all, func(o record.Outcome) {
		outcomes[o.Job.Name] = o
		fmt.Fprintf(s.log, "%d of %d: %s\n", len(outcomes), len(all), s.line(o))
	})
	if err != nil {
		return err
	}
	return sweeps[i].report(s, outcomes)
}

// line tells an outcome in a line.
func (s *sweep) line(o record.Outcome) string {
	if o.Error != "" {
		return fmt.Sprintf("%s ended at step %d: %s", o.Job.Name, o.Step, o.Error)
	}
	return fmt.Sprintf("%s, step %d, %.2g s a step, score %s", o.Job.Name, o.Step, o.Seconds/float64(max(o.Step, 1)), s.number(o, "score"))
}

// last returns a metric of an outcome's last measurement, NaN where there is none.
func (s *sweep) last(o record.Outcome, metric string) float64 {
	t, err := record.Metrics(filepath.Join(s.out, o.Job.Name))
	if err != nil {
		return math.NaN()
	}
	return record.Last(t, metric)
}

// number returns it as text, "—" where it is not known.
func (s *sweep) number(o record.Outcome, metric string) string {
	if v := s.last(o, metric); v == v {
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return "—"
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

// scale tells what was made smaller than the paper's, for a report.
func (s *sweep) scale(paper int) string {
	text := fmt.Sprintf("Scaled: %d iterations of the paper's %d", s.steps, paper)
	for _, name := range slices.Sorted(maps.Keys(s.set)) {
		text += fmt.Sprintf(", %s %s", name, s.set[name])
	}
	if s.shrink > 1 {
		text += fmt.Sprintf(", filters divided by %d", s.shrink)
	}
	return text + "; one seed. These are not the paper's numbers."
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
