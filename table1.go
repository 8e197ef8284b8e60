package main

import (
	"context"
	"encoding/json"
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
	"sync"

	"github.com/spf13/cobra"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/record"
)

// A grid is what ganbel table1 trains: every estimator of Table 1 in every row of
// it, first with each candidate of settings for a while, and then the one that is
// best on validation digits, to the end and with every seed. Every run has a folder
// of its own, as ganbel run keeps it, so that the grid goes on where it stopped, or
// further with more steps.
type grid struct {
	out            string
	rows           []int    // of gumbel.Table1
	estimators     []string // of gumbel.Table1Estimators, or others
	steps, pilot   int
	seeds          []string
	rates, anneals []string
	every          []string // steps between changes of the temperature
	prior          string
	draws, digits  int // of the bound at the end
	jobs           int
	log            io.Writer
	world          lab.World
	mutex          sync.Mutex
	chosen         map[string]lab.Values // by cell
	failed         []error
}

// table1Command runs the grid and writes its table and its curves.
func table1Command() *cobra.Command {
	c := &cobra.Command{
		Use:   "table1",
		Short: "Trains Table 1 of the Gumbel-Softmax paper, and its curves.",
		Long: "Trains Table 1 of \"Categorical Reparameterization with Gumbel-Softmax\" and prints it next to the paper's.\n" +
			"Called again it resumes what was interrupted, and with greater --steps it trains on. It exits with 1 if a\ncell of the table has no result.\n",
		Example: "ganbel table1 --steps 30000\nganbel table1 --rows vae-categorical --estimators gumbel-softmax,nvil --steps 5000",
		Args:    nothing,
	}
	f := c.Flags()
	g := &grid{log: os.Stdout, chosen: map[string]lab.Values{}}
	f.StringVar(&g.out, "out", "runs/table1", "folder of the grid, with a folder for every run; what is there is continued")
	f.IntVar(&g.steps, "steps", lab.GumbelVAE.Preset("paper").Steps, "train until step N; the paper gives no number, the default is that of the presets named paper")
	f.IntVar(&g.pilot, "pilot", 4000, "step at which the best candidate of each cell is chosen on validation digits")
	seeds := f.String("seeds", "1", "seeds, with commas; the first chooses")
	rates := f.String("rates", "0.003,0.001", "learning rates to choose from, with commas; the paper has 0.00003,0.00001,0.0003,0.0001,0.003,0.001")
	anneals := f.String("anneals", "0.0001,0.00001", "annealing rates of the VAE's temperature to choose from, with commas; these are the paper's")
	every := f.String("anneal-every", "1000", "steps between changes of that temperature to choose from, with commas; the paper has 500,1000")
	rows := f.String("rows", strings.Join(rowNames, ","), "rows to train, with commas")
	estimators := f.String("estimators", strings.Join(gumbel.Table1Estimators, ","), "columns to train, with commas; also "+strings.Join(beyond(), ", "))
	f.StringVar(&g.prior, "prior", "learned", "the VAE's, learned or uniform")
	f.IntVar(&g.draws, "draws", 1000, "hard samples a digit in the bound at the end")
	f.IntVar(&g.digits, "digits", 10_000, "test digits of that bound")
	f.IntVar(&g.jobs, "jobs", runtime.NumCPU(), "runs at the same time, one core each")
	group(f, "Flags", "out DIR", "seeds N,...", "rates X,...", "anneals X,...", "anneal-every N,...", "rows NAME,...", "estimators NAME,...", "prior NAME")
	for _, name := range []string{"steps", "pilot", "seeds", "rates", "anneals", "anneal-every", "draws", "digits", "jobs"} {
		complete(c, name)
	}
	completeList(c, "rows", rowNames...)
	completeList(c, "estimators", gumbel.Estimators()...)
	complete(c, "prior", lab.GumbelVAE.Setting("prior").Choices...)
	c.RunE = func(c *cobra.Command, _ []string) error {
		g.seeds, g.rates, g.anneals = strings.Split(*seeds, ","), strings.Split(*rates, ","), strings.Split(*anneals, ",")
		g.every = strings.Split(*every, ",")
		for _, name := range strings.Split(*rows, ",") {
			at := slices.Index(rowNames, name)
			if at < 0 {
				return misused("--rows has %q: there are %s", name, strings.Join(rowNames, ", "))
			}
			g.rows = append(g.rows, at)
		}
		for _, name := range strings.Split(*estimators, ",") {
			if _, err := gumbel.NewEstimator(name); err != nil {
				return misused("--estimators: %w%s", err, near(name, gumbel.Estimators()))
			}
			g.estimators = append(g.estimators, name)
		}
		switch {
		case g.steps < 1 || g.pilot < 1 || g.pilot > g.steps || g.jobs < 1:
			return misused("--steps is %d, --pilot %d and --jobs %d: all must be at least 1, and the pilot no longer than the run", g.steps, g.pilot, g.jobs)
		case g.draws < 1 || g.draws > 100_000 || g.digits < 100 || g.digits > 10_000 || g.digits%100 != 0:
			return misused("--draws is %d and --digits %d: from 1 to 100000, and hundreds from 100 to 10000", g.draws, g.digits)
		}
		for _, c := range g.cells() {
			for _, v := range g.candidates(c) {
				if _, _, err := chosen(c.experiment(), "", v); err != nil {
					return err
				}
			}
		}
		train, test, err := data.MNIST(mnistFiles())
		if err != nil {
			return err
		}
		release, err := record.Own(g.out, g.log)
		if err != nil {
			return err
		}
		defer release()
		g.world = lab.World{Goroutines: 1, MNIST: func() (*data.Images, *data.Images, error) { return train, test, nil }}
		return g.run(c.Context())
	}
	return c
}

// errStopped is the error of a grid that was interrupted.
var errStopped = errors.New("stopped; the same command goes on")

// rowNames are what --rows calls the rows of gumbel.Table1.
var rowNames = []string{"sop-bernoulli", "sop-categorical", "vae-bernoulli", "vae-categorical"}

// beyond returns the estimators that Table 1 lacks.
func beyond() []string {
	return slices.DeleteFunc(gumbel.Estimators(), func(name string) bool { return slices.Contains(gumbel.Table1Estimators, name) })
}

// A cell is one number of the table.
type cell struct {
	row       int
	estimator string
}

func (c cell) String() string { return rowNames[c.row] + "-" + c.estimator }

func (c cell) experiment() *lab.Experiment {
	if gumbel.Table1[c.row].SOP {
		return lab.GumbelSOP
	}
	return lab.GumbelVAE
}

// cells returns all that are to be trained, the estimators of a row side by side.
func (g *grid) cells() (all []cell) {
	for _, row := range g.rows {
		for _, e := range g.estimators {
			if !gumbel.Table1[row].Bits && gumbel.CheckEstimator(e, gumbel.Variables{N: 20, K: 10}) != nil {
				continue // it is for bits
			}
			all = append(all, cell{row, e})
		}
	}
	return all
}

// candidates returns the settings that a cell chooses from, without a seed.
func (g *grid) candidates(c cell) (all []lab.Values) {
	row := gumbel.Table1[c.row]
	v := lab.Values{"split": "validation", "estimator": c.estimator, "optimiser": "momentum", "batch": "100", "latents": "20", "classes": "10", "binarise": "fixed"}
	if row.Bits {
		v["latents"], v["classes"] = "200", "1"
	}
	anneals, every := []string{""}, []string{""}
	switch {
	case c.estimator == "slope-annealed": // slope min(5, 1 + .04·epoch), an epoch being 500 steps
		v["schedule"], v["temperature"], v["least-temperature"], v["anneal"], v["anneal-every"] = "slope", "1", "0.2", "0.00008", "500"
	case row.SOP:
		v["schedule"], v["temperature"] = "constant", "1"
	case slices.Contains([]string{"gumbel-softmax", "st-gumbel-softmax"}, c.estimator):
		v["schedule"], v["temperature"], v["least-temperature"] = "exponential", "1", "0.5"
		anneals, every = g.anneals, g.every
	default:
		v["schedule"], v["temperature"] = "constant", "1"
	}
	if !row.SOP {
		v["prior"] = g.prior
	}
	for _, rate := range g.rates {
		for _, anneal := range anneals {
			for _, steps := range every {
				one := maps.Clone(v)
				one["learning-rate"] = rate
				if anneal != "" {
					one["anneal"], one["anneal-every"] = anneal, steps
				}
				all = append(all, one)
			}
		}
	}
	return all
}

// dir returns the folder of a run.
func (g *grid) dir(c cell, v lab.Values, seed string) string {
	name := "rate-" + v["learning-rate"]
	if v["schedule"] == "exponential" {
		name += "-anneal-" + v["anneal"]
		if v["anneal-every"] != "1000" {
			name += "-every-" + v["anneal-every"]
		}
	}
	if !gumbel.Table1[c.row].SOP && g.prior != "learned" {
		name += "-" + g.prior
	}
	return filepath.Join(g.out, c.String(), name+"-seed-"+seed)
}

// run trains the grid: first all pilots, then all the chosen to the end.
func (g *grid) run(ctx context.Context) error {
	cells := g.cells()
	g.each(ctx, cells, func(c cell) error { return g.choose(ctx, c) })
	type job struct {
		cell
		seed string
	}
	var jobs []job
	for _, c := range cells {
		for _, seed := range g.seeds {
			jobs = append(jobs, job{c, seed})
		}
	}
	each(ctx, g.jobs, jobs, func(j job) {
		v := g.chosen[j.cell.String()]
		if v == nil {
			return // no candidate was finite
		}
		err := g.train(ctx, j.cell, v, j.seed, g.steps)
		if err == nil {
			err = g.measure(ctx, j.cell, v, j.seed)
		}
		g.note(j.cell, err)
	})
	tables := g.tables()
	var text []string
	for _, t := range tables {
		text = append(text, t.Markdown())
	}
	all := strings.Join(text, "\n")
	fmt.Fprint(g.log, "\n", all)
	err := data.WriteFile(filepath.Join(g.out, "table1.md"), []byte(all))
	if err == nil {
		err = g.curves()
	}
	if ctx.Err() != nil {
		return errors.Join(errStopped, err)
	}
	return errors.Join(append([]error{g.missing(cells)}, append(g.failed, err)...)...)
}

// missing returns an error that names the cells without a result of every seed, nil if
// all have results.
func (g *grid) missing(cells []cell) error {
	var names []string
	for _, c := range cells {
		if len(g.numbers(c)) < len(g.seeds) {
			names = append(names, c.String())
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d cells have no result: %s; the same command tries them again", len(names), len(cells), strings.Join(names, ", "))
}

// each does work on all items, so many at once, until the context ends.
func each[T any](ctx context.Context, jobs int, items []T, work func(T)) {
	queue := make(chan T)
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(func() {
			for item := range queue {
				if ctx.Err() == nil {
					work(item)
				}
			}
		})
	}
	for _, item := range items {
		queue <- item
	}
	close(queue)
	wait.Wait()
}

func (g *grid) each(ctx context.Context, cells []cell, work func(cell) error) {
	each(ctx, g.jobs, cells, func(c cell) { g.note(c, work(c)) })
}

// note keeps an error, unless it is that of an interruption.
func (g *grid) note(c cell, err error) {
	var stopped *record.Stopped
	if err == nil || errors.As(err, &stopped) || errors.Is(err, context.Canceled) {
		return
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.failed = append(g.failed, fmt.Errorf("%v: %w", c, err))
	fmt.Fprintf(g.log, "%v: %v\n", c, err)
}

// train trains a run until a step, from where it is.
func (g *grid) train(ctx context.Context, c cell, v lab.Values, seed string, steps int) error {
	dir := g.dir(c, v, seed)
	values := maps.Clone(v)
	values["seed"] = seed
	values, err := c.experiment().Resolve("", values)
	if err != nil {
		return err
	}
	r := record.Run{Experiment: c.experiment().Name, Values: values, Dir: dir, Steps: steps, Every: c.experiment().Preset("paper").Every, World: g.world, Log: io.Discard}
	s, err := record.Read(dir)
	if err != nil {
		return record.Start(ctx, r)
	}
	if at, _ := strconv.Atoi(s.Meta["step"]); at >= steps {
		return nil
	}
	r.Experiment, r.Every = "", 0
	return record.Resume(ctx, r)
}

// A result is what a run's bound was at a step.
type result struct {
	Step, Draws, Digits int
	Validation          bool
	Bound, Mean         float64 // nats a digit, lower is better
	Error               float64 // standard error of Bound over digits
}

// bound returns a run's bound, which it keeps in the run's folder: at want's step if it
// is known there, else at the run's own.
func (g *grid) bound(ctx context.Context, c cell, dir string, want result) (result, error) {
	release, err := record.Own(dir, g.log)
	if err != nil {
		return want, err
	}
	defer release()
	file := filepath.Join(dir, "bounds.json")
	var known []result
	if b, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(b, &known); err != nil {
			return want, fmt.Errorf("%s: %w: remove it to measure anew", file, err)
		}
	}
	find := func() int {
		return slices.IndexFunc(known, func(r result) bool {
			return r.Step == want.Step && r.Draws == want.Draws && r.Digits == want.Digits && r.Validation == want.Validation
		})
	}
	if i := find(); i >= 0 {
		return known[i], nil
	}
	s, err := record.Read(dir)
	if err != nil {
		return want, err
	}
	if want.Step, err = strconv.Atoi(s.Meta["step"]); err != nil {
		return want, err
	}
	if i := find(); i >= 0 {
		return known[i], nil
	}
	values := lab.Values{}
	for name, text := range s.Meta {
		if name, ok := strings.CutPrefix(name, "set."); ok {
			values[name] = text
		}
	}
	run, err := c.experiment().New(values, g.world)
	if err != nil {
		return want, err
	}
	defer run.Close()
	if err := run.Load(s); err != nil {
		return want, err
	}
	one := func(n int) data.Tensor { return data.Tensor{Shape: []int{1}, Data: []float32{float32(n)}} }
	validation := 0
	if want.Validation {
		validation = 1
	}
	var bounds, means []float64
	for from := 0; from < want.Digits; from += 100 {
		if ctx.Err() != nil {
			return want, ctx.Err()
		}
		out, err := run.Do("bound", map[string]data.Tensor{"from": one(from), "count": one(100), "draws": one(want.Draws), "validation": one(validation)})
		if err != nil {
			return want, err
		}
		for i, x := range out["bound"].Data {
			bounds, means = append(bounds, -float64(x)), append(means, -float64(out["mean"].Data[i]))
		}
	}
	want.Bound, want.Error = measure.MeanError(bounds)
	want.Mean, _ = measure.MeanError(means)
	if !measure.Finite([]float64{want.Bound, want.Mean, want.Error}) {
		return want, fmt.Errorf("%s: the bound of %d digits is not finite: a chance that is 0 was drawn, or %d digits are too few", dir, want.Digits, want.Digits)
	}
	b, err := json.Marshal(append(known, want))
	if err == nil {
		err = data.WriteFile(file, append(b, '\n'))
	}
	return want, err
}

// Bounds of pilots are of fewer digits and samples.
const pilotDigits, pilotDraws = 1000, 16

// choose trains every candidate of a cell for the pilot's steps and takes the best.
func (g *grid) choose(ctx context.Context, c cell) error {
	var best lab.Values
	least := math.Inf(1)
	var last error
	for _, v := range g.candidates(c) {
		dir := g.dir(c, v, g.seeds[0])
		if err := g.train(ctx, c, v, g.seeds[0], g.pilot); err != nil {
			var diverged *lab.Diverged
			if !errors.As(err, &diverged) {
				return err
			}
			last = err
			continue
		}
		r, err := g.bound(ctx, c, dir, result{Step: g.pilot, Draws: pilotDraws, Digits: pilotDigits, Validation: true})
		if err != nil {
			return err
		}
		if r.Bound < least {
			best, least = v, r.Bound
		}
	}
	if best == nil {
		return fmt.Errorf("no candidate stayed finite for %d steps: %w", g.pilot, last)
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.chosen[c.String()] = best
	fmt.Fprintf(g.log, "%v: chose %s, %.1f nats on validation digits\n", c, filepath.Base(g.dir(c, best, g.seeds[0])), least)
	return nil
}

// measure finds what the table is to say of a run.
func (g *grid) measure(ctx context.Context, c cell, v lab.Values, seed string) error {
	r, err := g.bound(ctx, c, g.dir(c, v, seed), g.last())
	if err == nil {
		g.mutex.Lock()
		defer g.mutex.Unlock()
		fmt.Fprintf(g.log, "%v, seed %s, step %d: %.2f ± %.2f nats\n", c, seed, r.Step, r.Bound, r.Error)
	}
	return err
}

func (g *grid) last() result { return result{Draws: g.draws, Digits: g.digits} }
