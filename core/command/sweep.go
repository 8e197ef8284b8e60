package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ganbel/core/lab"
	"ganbel/core/sweep"
)

// sweepCommand carries out a sweep and reports it.
func sweepCommand() *cobra.Command {
	var names []string
	var text strings.Builder
	paragraph(&text, "Trains a figure or table of the WGAN-GP paper that takes many runs, each a process of its own, and prints it next to the paper's. Called again it resumes what was interrupted or lost, and with greater --steps it trains on. It exits with 1 if a job has no result.")
	fmt.Fprintln(&text)
	for _, k := range sweep.Kinds {
		names = append(names, k.Name)
		item(&text, k.Name, k.Doc)
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
	s := &sweep.Sweep{Log: os.Stdout, Set: lab.Values{}}
	f.StringVar(&s.Dir, "out", "", "folder of the sweep, with a folder for every run; runs/NAME if none is named; what is there is continued")
	f.IntVar(&s.Steps, "steps", 0, "train each run until step N; its preset's steps if not given, which are the paper's")
	f.IntVar(&s.Every, "every", 0, "write a row of metrics.csv every N steps; the preset's interval if not given, or a tenth of the steps if that is less")
	jobs := f.Int("jobs", runtime.NumCPU(), "runs at the same time, one core each")
	f.Var(&pairs{s.Set}, "set", "a setting of all runs beyond the paper's, such as width=16; as often as needed")
	f.IntVar(&s.Count, "count", 200, "architectures: how many to draw; the paper has 200")
	f.Uint64Var(&s.Seed, "draw-seed", 1, "architectures: the seed they are drawn with")
	f.IntVar(&s.Shrink, "shrink", 1, "architectures: divide their filters by N")
	methods := f.String("methods", "penalty,gan", "architectures: methods to train each with, with commas, of penalty, gan and one-sided")
	group(f, "The sweep", "out DIR", "methods NAME,...")
	s.Files = files(f)
	group(f, "Files")
	for _, name := range []string{"steps", "every", "jobs", "count", "draw-seed", "shrink"} {
		complete(c, name)
	}
	completeList(c, "methods", sweep.Methods...)
	if err := c.RegisterFlagCompletionFunc("set", completeSet); err != nil {
		panic(err) // there is no such flag
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		s.Name, s.Methods = args[0], strings.Split(*methods, ",")
		for _, m := range s.Methods {
			if !slices.Contains(sweep.Methods, m) {
				return misused("--methods has %q%s: there are penalty, gan and one-sided", m, near(m, sweep.Methods))
			}
		}
		for _, name := range []string{"steps", "every", "jobs", "count", "shrink"} {
			if n, err := f.GetInt(name); err != nil || n < 1 && f.Changed(name) {
				return misused("--%s is %d: it must be at least 1", name, n)
			}
		}
		return sweeping(c.Context(), s, *jobs)
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
func completeSet(_ *cobra.Command, args []string, begun string) (all []string, _ cobra.ShellCompDirective) {
	for _, e := range sweep.Experiments(strings.Join(args, "")) {
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

// sweeping carries out a sweep, jobs runs at the same time, and reports it.
func sweeping(ctx context.Context, s *sweep.Sweep, jobs int) error {
	if s.Dir == "" {
		s.Dir = filepath.Join("runs", s.Name)
	}
	s.Files = s.Files.Absolute()
	if s.Files["images"] == "" {
		return misused("%s needs images: name them with --images PATH", s.Name)
	}
	if s.Files["inception"] != "" && s.Files["squeezenet"] != "" {
		return misused("--inception and --squeezenet are two classifiers: name one")
	}
	flag := s.Files.Classifier()
	if _, said := s.Set["score-images"]; flag != "" && !said {
		s.Set["score-images"] = scoredImages
		fmt.Fprintf(s.Log, "--%s is named, so %s images of each run are scored at every measurement: --set score-images=N scores N\n", flag, scoredImages)
	}
	all, err := s.Jobs()
	if err != nil {
		return err
	}
	if err := checkJobs(all); err != nil {
		return err
	}
	return s.Run(sweep.Processes(ctx, jobs, s.Log))
}

// checkJobs returns a misuse if the settings of a job are not valid.
func checkJobs(all []sweep.Job) error {
	for _, j := range all {
		e, err := lab.Find(j.Experiment)
		if err != nil {
			return err
		}
		if _, _, err := chosen(e, j.Preset, j.Values); err != nil {
			return err
		}
	}
	return nil
}
