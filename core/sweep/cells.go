package sweep

import (
	"maps"
	"path/filepath"
	"slices"

	"ganbel/core/experiment"
	"ganbel/core/gumbel"
	"ganbel/core/lab"
)

// A cell is one number of the table.
type cell struct {
	row       int
	estimator string
}

func (c cell) String() string { return RowNames[c.row] + "-" + c.estimator }

func (c cell) experiment() *lab.Experiment {
	if gumbel.Table1[c.row].SOP {
		return experiment.GumbelSOP
	}
	return experiment.GumbelVAE
}

// cells returns all that are to be trained, the estimators of a row side by side.
func (g *Grid) cells() (all []cell) {
	for _, row := range g.Rows {
		for _, e := range g.Estimators {
			if !gumbel.Table1[row].Bits && gumbel.CheckEstimator(e, gumbel.Variables{N: 20, K: 10}) != nil {
				continue // it is for bits
			}
			all = append(all, cell{row, e})
		}
	}
	return all
}

// candidates returns the settings that a cell chooses from, without a seed.
func (g *Grid) candidates(c cell) (all []lab.Values) {
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
		anneals, every = g.Anneals, g.Every
	default:
		v["schedule"], v["temperature"] = "constant", "1"
	}
	if !row.SOP {
		v["prior"] = g.Prior
	}
	for _, rate := range g.Rates {
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

// folder returns the folder of a run within the grid's.
func (g *Grid) folder(c cell, v lab.Values, seed string) string {
	name := "rate-" + v["learning-rate"]
	if v["schedule"] == "exponential" {
		name += "-anneal-" + v["anneal"]
		if v["anneal-every"] != "1000" {
			name += "-every-" + v["anneal-every"]
		}
	}
	if !gumbel.Table1[c.row].SOP && g.Prior != "learned" {
		name += "-" + g.Prior
	}
	return filepath.Join(c.String(), name+"-seed-"+seed)
}

// dir returns the folder of a run.
func (g *Grid) dir(c cell, v lab.Values, seed string) string {
	return filepath.Join(g.Dir, g.folder(c, v, seed))
}

// Jobs returns the runs among which the grid chooses, each candidate of each cell, whose
// values lack the seed. It does not check settings.
func (g *Grid) Jobs() (all []Job) {
	for _, c := range g.cells() {
		for _, v := range g.candidates(c) {
			all = append(all, Job{Name: g.folder(c, v, g.Seeds[0]), Experiment: c.experiment().Name, Values: v, Steps: g.Pilot})
		}
	}
	return all
}
