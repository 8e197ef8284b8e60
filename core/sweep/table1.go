package sweep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/train"
)

// A Grid is Table 1 of the Gumbel-Softmax paper: every estimator in every row of it is
// trained first with each candidate of settings for a while, and then the one that is
// best on validation digits, to the end and with every seed. Every run has a folder of
// its own, as a record.Job keeps it, so that the grid resumes where it stopped, or trains
// on with more steps.
type Grid struct {
	Dir            string   // has a folder for every run
	Rows           []int    // of gumbel.Table1
	Estimators     []string // of gumbel.Table1Estimators, or others
	Steps, Pilot   int      // the last step, and that at which a cell's settings are chosen; 1 ≤ Pilot ≤ Steps
	Seeds          []string // the first chooses
	Rates, Anneals []string // of learning, and of the VAE's temperature, to choose from
	Every          []string // steps between changes of that temperature, to choose from
	Prior          string   // of the VAE, learned or uniform
	Draws, Digits  int      // of the bound at the end: hard samples a digit, and test digits, hundreds of them
	AtOnce         int      // runs at the same time
	Log            io.Writer
	World          experiment.World // with MNIST

	mutex  sync.Mutex
	chosen map[string]lab.Values // by cell
	failed []error
}

// RowNames are what the rows of gumbel.Table1 are called.
var RowNames = []string{"sop-bernoulli", "sop-categorical", "vae-bernoulli", "vae-categorical"}

// Run trains the grid: first all pilots, then all the chosen to the end. It writes the
// table and its curves into the grid's folder, which no other may train at the same time.
// It returns an error that names the cells that have no result, and ErrStopped if ctx
// ended first.
func (g *Grid) Run(ctx context.Context) error {
	release, err := record.Own(g.Dir, g.Log)
	if err != nil {
		return err
	}
	defer release()
	g.chosen, g.failed = map[string]lab.Values{}, nil
	cells := g.cells()
	g.each(ctx, cells, func(c cell) error { return g.choose(ctx, c) })
	type job struct {
		cell
		seed string
	}
	var jobs []job
	for _, c := range cells {
		for _, seed := range g.Seeds {
			jobs = append(jobs, job{c, seed})
		}
	}
	each(ctx, g.AtOnce, jobs, func(j job) {
		v := g.chosen[j.cell.String()]
		if v == nil {
			return // no candidate was finite
		}
		err := g.train(ctx, j.cell, v, j.seed, g.Steps)
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
	fmt.Fprint(g.Log, "\n", all)
	err = data.WriteFile(filepath.Join(g.Dir, "table1.md"), []byte(all))
	if err == nil {
		err = g.curves()
	}
	if ctx.Err() != nil {
		return errors.Join(ErrStopped, err)
	}
	return errors.Join(append([]error{g.missing(cells)}, append(g.failed, err)...)...)
}

// missing returns an error that names the cells without a result of every seed, nil if
// all have results.
func (g *Grid) missing(cells []cell) error {
	var names []string
	for _, c := range cells {
		if len(g.numbers(c)) < len(g.Seeds) {
			names = append(names, c.String())
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d cells have no result: %s; the same command tries them again", len(names), len(cells), strings.Join(names, ", "))
}

func (g *Grid) each(ctx context.Context, cells []cell, work func(cell) error) {
	each(ctx, g.AtOnce, cells, func(c cell) { g.note(c, work(c)) })
}

// note keeps an error, unless it is that of an interruption.
func (g *Grid) note(c cell, err error) {
	var stopped *record.Stopped
	if err == nil || errors.As(err, &stopped) || errors.Is(err, context.Canceled) {
		return
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.failed = append(g.failed, fmt.Errorf("%v: %w", c, err))
	fmt.Fprintf(g.Log, "%v: %v\n", c, err)
}

// train trains a run until a step, from where it is.
func (g *Grid) train(ctx context.Context, c cell, v lab.Values, seed string, steps int) error {
	dir := g.dir(c, v, seed)
	values := maps.Clone(v)
	values["seed"] = seed
	values, err := c.experiment().Resolve("", values)
	if err != nil {
		return err
	}
	r := record.Job{Experiment: c.experiment().Name, Values: values, Dir: dir, Steps: steps, Every: c.experiment().Preset("paper").Every, World: g.World, Log: io.Discard}
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

// Bounds of pilots are of fewer digits and samples.
const pilotDigits, pilotDraws = 1000, 16

// choose trains every candidate of a cell for the pilot's steps and takes the best.
func (g *Grid) choose(ctx context.Context, c cell) error {
	var best lab.Values
	least := math.Inf(1)
	var last error
	for _, v := range g.candidates(c) {
		dir := g.dir(c, v, g.Seeds[0])
		if err := g.train(ctx, c, v, g.Seeds[0], g.Pilot); err != nil {
			var diverged *train.Diverged
			if !errors.As(err, &diverged) {
				return err
			}
			last = err
			continue
		}
		r, err := g.bound(ctx, c, dir, result{Step: g.Pilot, Draws: pilotDraws, Digits: pilotDigits, Validation: true})
		if err != nil {
			return err
		}
		if r.Bound < least {
			best, least = v, r.Bound
		}
	}
	if best == nil {
		return fmt.Errorf("no candidate stayed finite for %d steps: %w", g.Pilot, last)
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.chosen[c.String()] = best
	fmt.Fprintf(g.Log, "%v: chose %s, %.1f nats on validation digits\n", c, filepath.Base(g.dir(c, best, g.Seeds[0])), least)
	return nil
}

// measure finds what the table is to say of a run.
func (g *Grid) measure(ctx context.Context, c cell, v lab.Values, seed string) error {
	r, err := g.bound(ctx, c, g.dir(c, v, seed), g.last())
	if err == nil {
		g.mutex.Lock()
		defer g.mutex.Unlock()
		fmt.Fprintf(g.Log, "%v, seed %s, step %d: %.2f ± %.2f nats\n", c, seed, r.Step, r.Bound, r.Error)
	}
	return err
}

func (g *Grid) last() result { return result{Draws: g.Draws, Digits: g.Digits} }
