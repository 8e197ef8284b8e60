package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/term"

	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/render/figure"
)

// run trains an experiment in a folder, or goes on with one.
func run(ctx context.Context, args []string) error {
	e, args, err := experiment(args)
	if err != nil {
		return err
	}
	f := flag.NewFlagSet("ganbel run", flag.ContinueOnError)
	preset := f.String("preset", "", "a named choice of settings, one of the list above")
	steps := f.Int("steps", 4000, "train until this step; with --resume as far as was told before, with --from so many steps more")
	every := f.Int("every", 50, "steps between rows of metrics.csv")
	out := f.String("out", "", "folder of the run; runs/EXPERIMENT-SEED where none is named")
	resume := f.String("resume", "", "folder of a run to go on with; its own settings hold")
	from := f.String("from", "", "run file to go on with in a folder, such as the page saves; its own settings hold, and an autoencoder goes on with all digits of MNIST")
	gif := f.Bool("gif", false, "make an animation of the run's main figure, figures/training.gif; a run that is gone on with goes on with it")
	paths := files(f)
	changes := lab.Values{}
	if e != nil {
		settings(f, e, changes)
	}
	f.Usage = func() { help(os.Stdout, f, e) }
	if err := parse(f, args); err != nil {
		return err
	}
	given := map[string]bool{}
	f.Visit(func(g *flag.Flag) { given[g.Name] = true })
	if *steps < 1 || *every < 1 {
		return misused("--steps is %d and --every is %d: both must be at least 1", *steps, *every)
	}

	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25) // networks are numbers, which cost no time to collect around; garbage as large as they are would be gigabytes
	}
	r := record.Run{Dir: *out, Log: os.Stdout, Figures: figure.Write, Film: record.Film{Still: figure.Still, Animate: animate},
		Steps: *steps, Every: *every, Filmed: *gif}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		b := &bar{}
		defer b.end()
		r.Show, r.Log = b.show, b
	}
	begin := record.Start
	switch {
	case *from != "":
		if len(changes) > 0 || *preset != "" || *resume != "" || e != nil {
			return misused("--from goes on with the file's own experiment and settings: leave out the others")
		}
		var at int
		if r, at, err = r.From(*from); err != nil {
			return err
		}
		if !given["steps"] {
			r.Steps += at
		}
	case *resume != "":
		if info, err := os.Stat(*resume); err == nil && !info.IsDir() {
			return misused("--resume takes the folder of a run: a file goes on in a folder with --from %s", *resume)
		}
		if len(changes) > 0 || *preset != "" || *out != "" {
			return misused("--resume goes on with the run's own settings: leave out the others")
		}
		old, err := record.Describe(*resume)
		if err != nil {
			return err
		}
		for name, path := range old.Files {
			if paths[name] == "" {
				paths[name] = path
			}
		}
		if e, err = lab.Find(old.Experiment); err != nil {
			return fmt.Errorf("%s: %w", *resume, err)
		}
		r.Dir, begin = *resume, record.Resume
		if !given["steps"] {
			r.Steps = 0
		}
		if !given["every"] {
			r.Every = 0
		}
	default:
		if e == nil {
			return misused("name an experiment: %s (ganbel list tells more)", strings.Join(experiments(), " or "))
		}
		if r.Preset, r.Values, err = chosen(e, *preset, changes); err != nil {
			return err
		}
	}
	if e == nil {
		if e, err = lab.Find(r.Experiment); err != nil {
			return err
		}
	}
	if r.World, err = openWorld(e, paths, r.Log); err != nil {
		return err
	}
	if *resume == "" {
		r.Experiment, r.Files = e.Name, absolute(paths)
		if r.Values["data"] == "points" && r.World.Points == nil {
			return misused("--data points needs your points: name their CSV file with --points FILE")
		}
		if r.Dir == "" {
			r.Dir = filepath.Join("runs", r.Experiment+"-"+r.Values["seed"])
		}
	}
	if err := begin(ctx, r); err != nil {
		return err
	}
	fmt.Fprintf(r.Log, "%s holds metrics.csv, figures, and the checkpoint to go on from: ganbel run --resume %s --steps N\n", r.Dir, r.Dir)
	return nil
}

// absolute returns the paths in a form that holds in every folder.
func absolute(paths map[string]string) map[string]string {
	all := map[string]string{}
	for name, path := range paths {
		if full, err := filepath.Abs(path); err == nil {
			path = full
		}
		all[name] = path
	}
	return all
}

// experiment takes the experiment's name off the arguments; it returns nil where
// they begin with a flag.
func experiment(args []string) (*lab.Experiment, []string, error) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return nil, args, nil
	}
	e, err := lab.Find(args[0])
	if err != nil {
		return nil, nil, misused("%w%s", err, near(args[0], experiments()))
	}
	return e, args[1:], nil
}

func experiments() (names []string) {
	for _, e := range lab.Experiments {
		names = append(names, e.Name)
	}
	return names
}

// chosen returns the settings of a preset, the first where it is "", with changes.
func chosen(e *lab.Experiment, preset string, changes lab.Values) (string, lab.Values, error) {
	for name, text := range changes {
		if s := e.Setting(name); s != nil {
			if err := s.Check(text); err != nil {
				return "", nil, misused("--%w%s", err, near(text, s.Choices))
			}
		}
	}
	if preset == "" {
		preset = e.Presets[0].Name
	}
	v, err := e.Resolve(preset, changes)
	if err != nil {
		hint := ""
		if u := (*lab.Unknown)(nil); errors.As(err, &u) {
			hint = near(u.Name, u.Names)
		}
		return "", nil, misused("%w%s", err, hint)
	}
	return preset, v, nil
}
