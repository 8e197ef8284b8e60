package command

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/render/animation"
	"ganbel/render/figure"
)

// A runner holds what ganbel run was asked for.
type runner struct {
	line                      []string // the command line
	preset, out, resume, from string
	steps, more, every        int
	gif                       bool
	paths                     corpus.Files
	changes                   lab.Values
}

// runCommand returns ganbel run, below which every experiment is a command with the
// flags of its settings.
func runCommand(line []string) *cobra.Command {
	o := &runner{line: line, changes: lab.Values{}}
	run := &cobra.Command{
		Use:   "run EXPERIMENT",
		Short: "Trains an experiment in a folder, or resumes a run.",
		Long: "Trains an experiment in a folder of its own, which then holds metrics.csv, figures, and a checkpoint.\n" +
			"With --resume it trains on in the folder of a run, and with --from in a new folder from a run file or\n" +
			"from another run's folder; settings that need no new networks can be changed then.\n",
		Example: "ganbel run wgan-gp --data swissroll\nganbel run gumbel-vae --preset notebook --steps 10000\n" +
			"ganbel run --resume runs/wgan-gp-live-1 --more 2000 --learning-rate 0.0005\nganbel run --from FILE.safetensors --out runs/mine",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return experimentError(args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return o.run(c, nil) },
	}
	f := run.PersistentFlags()
	f.StringVar(&o.preset, "preset", "", "a named choice of settings; the experiment's first if none is named")
	f.IntVar(&o.steps, "steps", 0, "train until step N, counted from the run's beginning; the preset's steps if not given, with --resume as far as was given before")
	f.IntVar(&o.more, "more", 0, "train for N steps more than where the run stands")
	f.IntVar(&o.every, "every", 0, "write a row of metrics.csv every N steps; the preset's interval if not given, or a tenth of the steps if that is less")
	f.StringVar(&o.out, "out", "", "folder of the run; runs/EXPERIMENT-PRESET-SEED if none is named")
	f.StringVar(&o.resume, "resume", "", "resume the run in the folder DIR, with its own settings and those given here that need no new networks")
	f.StringVar(&o.from, "from", "", "begin in a new folder from the run that FILE holds, such as the page saves, or from another run's folder; an autoencoder continues with all digits of MNIST")
	f.BoolVar(&o.gif, "gif", false, "make an animation of the run's main figure, figures/training.gif; a run that is resumed keeps making it")
	group(f, "The run", "preset NAME", "out DIR", "resume DIR", "from FILE")
	o.paths = files(f)
	group(f, "Files, which a resumed run remembers")
	for name, values := range map[string]cobra.CompletionFunc{
		"preset": func(c *cobra.Command, _ []string, _ string) (all []string, _ cobra.ShellCompDirective) {
			if e := experimentOf(c); e != nil {
				for _, p := range e.Presets {
					all = append(all, cobra.CompletionWithDesc(p.Name, p.Title))
				}
			}
			return all, cobra.ShellCompDirectiveNoFileComp
		},
		"steps": cobra.NoFileCompletions, "more": cobra.NoFileCompletions, "every": cobra.NoFileCompletions,
		"out":    cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
		"resume": cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
	} {
		if err := run.RegisterFlagCompletionFunc(name, values); err != nil {
			panic(err) // there is no such flag
		}
	}
	for _, e := range lab.Experiments() {
		c := &cobra.Command{
			Use:     e.Name,
			Short:   e.Doc,
			Example: example(e),
			Args: func(c *cobra.Command, args []string) error {
				if len(line) > 1 && line[1] != e.Name && o.resume == "" && o.from == "" {
					return misused("the experiment comes first: ganbel run %s [flags]", e.Name)
				}
				return nothing(c, args)
			},
			RunE: func(c *cobra.Command, _ []string) error { return o.run(c, e) },
		}
		settings(c, e, o.changes)
		run.AddCommand(c)
	}
	return run
}

// example returns a command line that trains an experiment.
func example(e *lab.Experiment) string {
	line := "ganbel run " + e.Name
	if e.Setting("vocabulary") != nil {
		line += " --text PATH"
	} else if e.Setting("score-images") != nil && e != experiment.WGANMNIST {
		line += " --images PATH"
	}
	last := e.Presets[len(e.Presets)-1]
	return fmt.Sprintf("%s\n%s --preset %s --steps %d --out runs/mine", line, line, last.Name, max(last.Steps/2, 1))
}

// experimentOf returns the experiment that a command below ganbel run trains, nil for
// other commands.
func experimentOf(c *cobra.Command) *lab.Experiment {
	if c.Parent() == nil || c.Parent().Name() != "run" {
		return nil
	}
	e, err := lab.Find(c.Name())
	if err != nil {
		panic(err) // runCommand went through the registry
	}
	return e
}

// experimentError returns a misuse that says that no experiment has that name.
func experimentError(name string) error {
	_, err := lab.Find(name)
	if err == nil {
		return misused("the experiment comes first: ganbel run %s [flags]", name)
	}
	return misused("%w%s", err, near(name, experiments()))
}

// run trains e, which is nil if the command line names neither an experiment nor a
// run that could be read.
func (o *runner) run(c *cobra.Command, e *lab.Experiment) error {
	given := c.Flags().Changed
	named := len(o.line) > 1 && !strings.HasPrefix(o.line[1], "-")
	switch {
	case given("steps") && o.steps < 1, given("more") && o.more < 1, given("every") && o.every < 1:
		return misused("--steps is %d, --more %d and --every %d: those that are given must be at least 1", o.steps, o.more, o.every)
	case given("steps") && given("more"):
		return misused("--steps is the total and --more adds to where the run stands: give one of them")
	case o.from != "" && (o.resume != "" || given("preset") || named):
		return misused("--from begins with the file's own experiment and preset: leave out the others")
	case o.resume != "" && (given("preset") || given("out")):
		return misused("--resume continues in the run's own folder with its own settings: leave out --preset and --out")
	case o.paths["inception"] != "" && o.paths["squeezenet"] != "":
		return misused("--inception and --squeezenet are two classifiers: name one")
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25) // networks are numbers, which cost no time to collect around; garbage as large as they are would be gigabytes
	}
	r := record.Job{Dir: o.out, Log: os.Stdout, Figures: figure.Write, Film: record.Film{Still: figure.Still, Animate: animation.PNGs},
		Steps: o.steps, Every: o.every, Filmed: o.gif}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		b := newBar()
		defer b.end()
		r.Show, r.Log = b.show, b
	}
	var err error
	begin := record.Start
	switch {
	case o.from != "":
		e, err = o.beginFrom(&r)
	case o.resume != "":
		begin = record.Resume
		e, err = o.goOn(&r, e)
	case e == nil:
		return misused("name an experiment: %s (ganbel list explains them)", strings.Join(experiments(), " or "))
	default:
		err = o.beginNew(&r, e)
	}
	if err != nil {
		return err
	}
	if (given("inception") || given("squeezenet")) && e.Setting("score-images") == nil {
		return misused("%s makes no images that could be scored: leave out --%s", e.Name, o.paths.Classifier())
	}
	brought := r.World // from the file of --from
	if r.World, err = openWorld(e, o.paths, r.Log); err != nil {
		return err
	}
	if r.World.Points == nil {
		r.World.Points, r.World.PointsName = brought.Points, brought.PointsName
	}
	r.Files = o.paths.Absolute()
	if o.resume == "" {
		r.Experiment = e.Name
		if r.Values["data"] == "points" && r.World.Points == nil {
			return misused("--data points needs your points: name their CSV file with --points FILE")
		}
		if r.Dir == "" {
			r.Dir = folder(e, r.Preset, r.Values["seed"])
		}
	}
	if err := begin(c.Context(), r); err != nil {
		return err
	}
	fmt.Fprintf(r.Log, "%s holds metrics.csv, figures, and the checkpoint to resume from: ganbel run --resume %s --more N\n", r.Dir, r.Dir)
	return nil
}

// folder returns the folder of a run if --out names none. A preset that a file names and
// the experiment does not have is left out: it may be anything.
func folder(e *lab.Experiment, preset, seed string) string {
	name := e.Name
	if preset != "" && e.Preset(preset) != nil {
		name += "-" + preset
	}
	return filepath.Join("runs", name+"-"+seed)
}

// beginNew fills in a run of an experiment that begins at step 0.
func (o *runner) beginNew(r *record.Job, e *lab.Experiment) (err error) {
	if r.Preset, r.Values, err = chosen(e, o.preset, o.changes); err != nil {
		return err
	}
	if o.scores(e, r.Values, r.Log) {
		r.Values["score-images"] = o.changes["score-images"]
	}
	o.last(r, e, 0)
	return nil
}

// beginFrom fills in a run that begins from the file that --from names.
func (o *runner) beginFrom(r *record.Job) (*lab.Experiment, error) {
	begun, at, err := r.From(o.from)
	if err != nil {
		return nil, err
	}
	*r = begun
	e, err := lab.Find(r.Experiment)
	if err != nil {
		return nil, err
	}
	o.scores(e, r.Values, r.Log)
	if r.Turn, err = o.turned(e, r.Values); err != nil {
		return nil, err
	}
	if o.last(r, e, at); r.Steps <= at {
		return nil, misused("%s stands at step %d, and step %d is the last of this run: give a greater --steps, or --more N for N steps more", o.from, at, r.Steps)
	}
	return e, nil
}

// goOn fills in a run that is resumed. e is the experiment that was read or named.
func (o *runner) goOn(r *record.Job, e *lab.Experiment) (*lab.Experiment, error) {
	if info, err := os.Stat(o.resume); err == nil && !info.IsDir() {
		return nil, misused("--resume takes the folder of a run: begin from a file with ganbel run --from %s", o.resume)
	}
	old, err := record.Describe(o.resume)
	if err != nil {
		return nil, err
	}
	if e != nil && e.Name != old.Experiment {
		return nil, misused("%s holds a run of %s, not of %s: leave out the experiment", o.resume, old.Experiment, e.Name)
	}
	if e, err = lab.Find(old.Experiment); err != nil {
		return nil, fmt.Errorf("%s: %w", o.resume, err)
	}
	o.scores(e, old.Values, r.Log) // by a classifier that is named now, not by the run's own
	for name, path := range old.Files {
		if o.paths[name] == "" && !(name == "inception" && o.paths["squeezenet"] != "" || name == "squeezenet" && o.paths["inception"] != "") {
			o.paths[name] = path
		}
	}
	r.Dir = o.resume
	if r.Turn, err = o.turned(e, old.Values); err != nil {
		return nil, err
	}
	r.More = o.more
	return e, nil
}

// last fills in the last step of a run that stands at a step, and how often it is
// measured, and logs how that differs from its preset.
func (o *runner) last(r *record.Job, e *lab.Experiment, at int) {
	p := e.Preset(r.Preset)
	if p == nil { // a file of an older ganbel
		p = &e.Presets[0]
	}
	switch {
	case o.more > 0:
		r.Steps = at + o.more
	case o.steps == 0:
		r.Steps = p.Steps
	}
	if o.every == 0 {
		r.Every = min(p.Every, max(r.Steps/10, 1))
	}
	fmt.Fprintln(r.Log, scaled(e, *p, r.Values, r.Steps, r.Every))
}

// scaled returns a line that says how long a run of a preset is, and which of its
// schedules end at another step.
func scaled(e *lab.Experiment, p lab.Preset, v lab.Values, steps, every int) string {
	text := fmt.Sprintf("%s, preset %s: ", e.Name, p.Name)
	switch {
	case steps < p.Steps:
		text += fmt.Sprintf("%s of the preset's %s steps", data.Thousands(steps), data.Thousands(p.Steps))
	case steps > p.Steps:
		text += fmt.Sprintf("%s steps, where the preset has %s", data.Thousands(steps), data.Thousands(p.Steps))
	default:
		text += data.Thousands(steps) + " steps"
	}
	text += ", a row of metrics every " + interval(every)
	if e.Setting("decay") != nil && steps < v.Int("decay") {
		text += fmt.Sprintf("; the learning rate would fall for %s: --decay %d lets it end with the run", data.Thousands(v.Int("decay")), steps)
	}
	return text
}

// scoredImages is how many images are scored if a classifier is named but no number of
// images; the authors' scripts score as many.
const scoredImages = "1000"

// scores adds scored images to the changes if a classifier is named and v scores none. It
// logs and reports that.
func (o *runner) scores(e *lab.Experiment, v lab.Values, log io.Writer) bool {
	_, said := o.changes["score-images"]
	flag := o.paths.Classifier()
	if flag == "" || said || e.Setting("score-images") == nil || v["score-images"] != "0" {
		return false
	}
	o.changes["score-images"] = scoredImages
	fmt.Fprintf(log, "--%s is named, so %s images are scored at every measurement: --score-images N scores N\n", flag, scoredImages)
	return true
}

// turned returns the changed settings of a run with the values v that continues, or a
// misuse if one is not valid or would need new networks.
func (o *runner) turned(e *lab.Experiment, v lab.Values) (lab.Values, error) {
	if _, _, err := chosen(e, "", o.changes); err != nil {
		return nil, err
	}
	turn, from := lab.Values{}, o.resume+o.from
	for _, name := range slices.Sorted(maps.Keys(o.changes)) {
		to := o.changes[name]
		if e.Setting(name).Resets && v[name] != to {
			return nil, misused("%s is %s in %s, and cannot change within a run: leave out --%s, which ganbel run --from %s also does without in a new folder, or begin anew with ganbel run %s --%s %s --out DIR",
				name, v[name], from, name, from, e.Name, name, to)
		}
		turn[name] = to
	}
	return turn, nil
}

// experiments returns the names of all experiments.
func experiments() (names []string) {
	for _, e := range lab.Experiments() {
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
