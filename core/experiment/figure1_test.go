//go:build !js

package experiment

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"ganbel/core/lab"
)

// cell reads a number of a table.
func cell(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(strings.TrimSuffix(text, " %"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The tables of figure 1(a) tell each data set's estimate beside exact W₁ and their
// difference, for as many points as asked for, and change nothing of the run.
func TestValuesReport(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	r := open(t, WGANValues, "", lab.Values{"width": "8", "batch": "16", "field": "8", "distance-points": "203", "readings": "3"})
	r.Train(3)
	other := open(t, WGANValues, "", lab.Values{"width": "8", "batch": "16", "field": "8", "distance-points": "203", "readings": "3"})
	other.Train(3)
	all := r.Model.(Reporter).Reports()
	if len(all) != 3 || len(all[0].Rows) != 3 || len(all[1].Rows) != 3 || len(all[2].Rows) != 6 {
		t.Fatalf("reports are %v", all)
	}
	for _, table := range all {
		table.Markdown()
	}
	for i, w1 := range []float64{.83, .62, .63} { // of so few points a little more than of 3,000
		row := all[0].Rows[i]
		estimate, exact := cell(t, row[1]), cell(t, row[2])
		if off := cell(t, row[4]); math.Abs(off-100*(estimate/exact-1)) > .5 || math.Abs(exact-w1) > .12 {
			t.Errorf("%v: the estimate is %v of %v, want some %v", row, estimate, exact, w1)
		}
		if cell(t, row[5]) < exact { // a quarter as many points
			t.Errorf("%v: fewer points are nearer", row)
		}
		if share := cell(t, all[1].Rows[i][2]); share < 50 || share > 100 {
			t.Errorf("%v: %v %% of weights are at the bounds soon after they were clipped", all[1].Rows[i], share)
		}
	}
	if note := all[0].Notes[0]; !strings.Contains(note, "3 readings on 200 real and 200 fake") || !strings.Contains(note, "step 3") {
		t.Errorf("it says %s", note)
	}
	r.Train(2)
	other.Train(2)
	same(t, r, other)
}

// The table of figure 1(b) tells which gradients vanish, and is none before a step.
func TestDepthReport(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	r := open(t, WGANDepth, "", lab.Values{"width": "16", "batch": "16"})
	if all := r.Model.(Reporter).Reports(); all != nil {
		t.Errorf("before a step it tells %v", all)
	}
	r.Train(2)
	all := r.Model.(Reporter).Reports()
	if len(all) != 1 || len(all[0].Rows) != 4 {
		t.Fatalf("reports are %v", all)
	}
	all[0].Markdown()
	rows := all[0].Rows
	for i, run := range []string{"c = .1", "c = .01", "c = .001", "penalty"} {
		growth, ratio := cell(t, rows[i][1]), cell(t, rows[i][2])
		if rows[i][0] != run || math.Abs(math.Log(ratio)/12-math.Log(growth)) > .02 {
			t.Errorf("%v: a factor of %v a layer makes %v of twelve", rows[i], growth, ratio)
		}
		if i > 0 && i < 3 && (rows[i][3] != "decays" || cell(t, rows[i][5]) < 80) || i == 3 && (rows[i][3] == "decays" || rows[i][5] != "") {
			t.Errorf("%v", rows[i])
		}
	}
}
