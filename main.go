// Command ganbel runs the experiments of "Improved Training of Wasserstein GANs"
// and "Categorical Reparameterization with Gumbel-Softmax".
package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

const usage = `ganbel trains the experiments of two papers.

	ganbel list                    what there is to run
	ganbel run EXPERIMENT [flags]  train one; ganbel run EXPERIMENT -h lists its flags
	ganbel run --resume DIR        go on with a run
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "ganbel:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Print(usage)
		return nil
	}
	switch args[0] {
	case "list":
		for _, e := range lab.Experiments {
			fmt.Printf("%s: %s\n", e.Name, e.Doc)
			for _, p := range e.Presets {
				fmt.Printf("    --preset %-18s %s\n", p.Name, p.Doc)
			}
		}
		return nil
	case "run":
		return run(ctx, args[1:])
	}
	return fmt.Errorf("no command %q\n\n%s", args[0], usage)
}

func run(ctx context.Context, args []string) error {
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	f := flag.NewFlagSet("ganbel run "+name, flag.ExitOnError)
	preset := f.String("preset", "", "a named choice of settings; the first listed where none is named")
	steps := f.Int("steps", 4000, "train until this step")
	every := f.Int("every", 50, "steps between rows of metrics.csv")
	out := f.String("out", "", "folder of the run (default runs/EXPERIMENT-SEED)")
	resume := f.String("resume", "", "folder of a run to go on with; its own settings hold")
	points := f.String("points", "", "CSV file of your own points, x and y a line, for --data points")
	mnist := f.String("mnist", "", "folder with the four files of MNIST (default: those within the command)")
	r := record.Run{Log: os.Stdout}
	var e *lab.Experiment
	if name != "" {
		var err error
		if e, err = lab.Find(name); err != nil {
			return err
		}
		for _, s := range e.Settings {
			if s.Kind == lab.Bool {
				f.Bool(s.Name, s.Default == "true", s.Doc)
			} else {
				f.String(s.Name, s.Default, s.Doc+rangeOf(s))
			}
		}
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	r.Steps, r.Every = *steps, *every
	if f.NArg() > 0 {
		return fmt.Errorf("%q is no flag", f.Arg(0))
	}
	if r.Every < 1 {
		return fmt.Errorf("--every is %d: it must be at least 1", r.Every)
	}
	var err error
	if *points != "" {
		if r.World.Points, err = readPoints(*points); err != nil {
			return err
		}
	}
	files, _ := fs.Sub(assets.MNIST, "mnist") // the folder is embedded
	if *mnist != "" {
		files = os.DirFS(*mnist)
	}
	r.World.MNIST = func() (train, test *data.Images, err error) { return data.MNIST(files) }
	changes := lab.Values{}
	f.Visit(func(g *flag.Flag) {
		if e != nil && e.Setting(g.Name) != nil {
			changes[g.Name] = g.Value.String()
		}
	})
	if *resume != "" {
		if len(changes) > 0 || *preset != "" || *out != "" {
			return fmt.Errorf("--resume goes on with the run's own settings: leave out the others")
		}
		r.Dir, r.Experiment, r.Every = *resume, name, 0
		f.Visit(func(g *flag.Flag) {
			if g.Name == "every" {
				r.Every = *every
			}
		})
		return record.Resume(ctx, r)
	}
	if e == nil {
		return fmt.Errorf("name an experiment: ganbel list tells which there are")
	}
	if r.Values, err = e.Resolve(*preset, changes); err != nil {
		return err
	}
	r.Experiment, r.Dir = e.Name, *out
	if r.Dir == "" {
		r.Dir = filepath.Join("runs", e.Name+"-"+r.Values["seed"])
	}
	return record.Start(ctx, r)
}

func rangeOf(s lab.Setting) string {
	if s.Kind == lab.Choice {
		return " One of " + strings.Join(s.Choices, ", ") + "."
	}
	return fmt.Sprintf(" From %g to %g.", s.Min, s.Max)
}

// readPoints reads x and y a line.
func readPoints(name string) ([]float32, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c := csv.NewReader(f)
	c.FieldsPerRecord = 2
	rows, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: every line must be x,y", name, err)
	}
	var points []float32
	for i, row := range rows {
		for _, text := range row {
			v, err := strconv.ParseFloat(strings.TrimSpace(text), 32)
			if err != nil {
				return nil, fmt.Errorf("%s, line %d: %q is no number", name, i+1, text)
			}
			points = append(points, float32(v))
		}
	}
	return points, nil
}
