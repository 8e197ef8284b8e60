package sweep

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ganbel/core/data"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/render/figure"
)

// numbers returns the bounds of a cell at the last step, one a seed that is there.
func (g *Grid) numbers(c cell) (all []result) {
	v := g.chosen[c.String()]
	if v == nil {
		return nil
	}
	want := g.last()
	for _, seed := range g.Seeds {
		var known []result
		if b, err := os.ReadFile(filepath.Join(g.dir(c, v, seed), "bounds.json")); err != nil || json.Unmarshal(b, &known) != nil {
			continue
		}
		for _, r := range slices.Backward(known) {
			if r.Draws == want.Draws && r.Digits == want.Digits && !r.Validation && r.Step >= g.Steps {
				all = append(all, r)
				break
			}
		}
	}
	return all
}

// over returns the mean over seeds, and its standard error, NaN of one.
func over(all []result, of func(result) float64) (mean, scatter float64) {
	var v []float64
	for _, r := range all {
		v = append(v, of(r))
	}
	return measure.MeanError(v)
}

// heading returns how the table heads an estimator.
func heading(estimator string) string {
	if i := slices.Index(gumbel.Table1Estimators, estimator); i >= 0 {
		return gumbel.Table1Names[i]
	}
	return estimator
}

// tables returns Table 1 as far as it is measured, beside the paper's, and what was
// chosen.
func (g *Grid) tables() []lab.Report {
	id := g.identity()
	t := lab.Report{Title: "Table 1: test digits of " + id.Name + ", nats, lower is better", Head: []string{"row"}}
	chosen := lab.Report{Title: "What validation digits chose", Head: []string{"row"}}
	for _, e := range g.Estimators {
		t.Head, chosen.Head = append(t.Head, heading(e)), append(chosen.Head, heading(e))
	}
	bound := func(r result) float64 { return r.Bound }
	for _, row := range g.Rows {
		paper := gumbel.Table1[row]
		ours, means, theirs, picked := []string{paper.Name + ", ours"}, []string{paper.Name + ", mean of logs"}, []string{paper.Name + ", paper"}, []string{paper.Name}
		for _, e := range g.Estimators {
			c := cell{row, e}
			text, mean, nats, pick := "", "", "", ""
			if all := g.numbers(c); len(all) > 0 {
				m, scatter := over(all, bound)
				if len(all) == 1 {
					scatter = all[0].Error
				}
				text = fmt.Sprintf("%.1f ± %.1f", m, scatter)
				m, _ = over(all, func(r result) float64 { return r.Mean })
				mean = fmt.Sprintf("%.1f", m)
			}
			if x, ok := gumbel.Table1Of(paper.SOP, paper.Bits, e); ok {
				nats = fmt.Sprintf("%.1f", x)
			}
			if v := g.chosen[c.String()]; v != nil {
				pick = v["learning-rate"]
				if v["schedule"] == "exponential" {
					pick += ", r " + v["anneal"]
					if len(g.Every) > 1 {
						pick += ", N " + v["anneal-every"]
					}
				}
			}
			ours, means, theirs, picked = append(ours, text), append(means, mean), append(theirs, nats), append(picked, pick)
		}
		t.Rows = append(t.Rows, ours)
		if paper.SOP {
			t.Rows = append(t.Rows, means)
		}
		if id.Is(data.PaperMNIST) {
			t.Rows = append(t.Rows, theirs)
		}
		chosen.Rows = append(chosen.Rows, picked)
	}
	scatter := "± is the standard error over test digits"
	if len(g.Seeds) > 1 {
		scatter = "± is the standard error over seeds"
	}
	t.Notes = []string{
		fmt.Sprintf("%d steps of batch 100, momentum .9, seeds %s; %s.", g.Steps, strings.Join(g.Seeds, ", "), scatter),
		fmt.Sprintf("Bounds of %d hard samples a digit over %d test digits of %s, binarised once; trained on 50,000. The VAE's prior is %s.", g.Draws, g.Digits, id.Name, g.Prior),
		"SF is NVIL: running mean, input-dependent baseline and variance normalisation. Of SBN the first row is -log of the mean of p(lower|z), the next the mean of -log p(lower|z), as the paper's formula is printed.",
	}
	chosen.Notes = []string{fmt.Sprintf("Learning rates of %s, chosen after %d steps; r is the temperature's annealing rate, N the steps between its changes.", strings.Join(g.Rates, ", "), g.Pilot)}
	return []lab.Report{t, chosen}
}

// curves draws figures 3 and 4: the bound on test digits while each estimator
// trains, one picture a row.
func (g *Grid) curves() error {
	for _, row := range g.Rows {
		paper := gumbel.Table1[row]
		metric, number := "bound", "4"
		if paper.SOP {
			metric, number = "nll", "3"
		}
		var names []string
		var tables []data.Table
		for _, e := range g.Estimators {
			c := cell{row, e}
			v := g.chosen[c.String()]
			if v == nil {
				continue
			}
			t, err := readTable(filepath.Join(g.dir(c, v, g.Seeds[0]), "metrics.csv"))
			if err != nil {
				return err
			}
			t.Rows = slices.DeleteFunc(t.Rows, func(row []float64) bool { return row[0] > float64(g.Steps) }) // it may have been trained on
			if at := slices.Index(t.Columns, "bound"); at >= 0 {                                              // of log p(x): the table has it negated
				for _, values := range t.Rows {
					values[at] = -values[at]
				}
			}
			names, tables = append(names, heading(e)), append(tables, t)
		}
		if len(names) == 0 {
			continue
		}
		title := fmt.Sprintf("Figure %s: %s, test digits of %s while it trains", number, paper.Name, g.identity().Name)
		if err := figure.Compare(g.Dir, "curves-"+RowNames[row], title, metric, "step", "nats", names, tables); err != nil {
			return err
		}
	}
	return nil
}

// readTable reads a run's metrics.
func readTable(name string) (data.Table, error) {
	f, err := os.Open(name)
	if err != nil {
		return data.Table{}, err
	}
	defer f.Close()
	t, err := data.ReadTable(f)
	if err != nil {
		return t, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// identity returns which data the grid is trained on.
func (g *Grid) identity() data.Identity {
	train, test, err := g.World.MNIST()
	if err != nil {
		return data.Identity{Name: err.Error()}
	}
	return data.IdentifyImages("images", train, test)
}
