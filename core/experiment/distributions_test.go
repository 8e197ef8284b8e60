package experiment

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"ganbel/core/lab"
)

// A frame's averages are those of the reports, and the metrics their worst; all are
// as near to the exact ones as they say.
func TestDistributions(t *testing.T) {
	r := open(t, GumbelDistributions, "three", lab.Values{"draws": "300"})
	maker := r.Model.(Reporter)
	if all := maker.Reports(); all != nil {
		t.Errorf("nothing is drawn, and it reports %v", all)
	}
	if err := r.Train(100); err != nil {
		t.Fatal(err)
	}
	f, worst := r.Frame().Tensors, 0.
	for at, table := range maker.Reports() {
		if !strings.Contains(table.Title, map[bool]string{true: "categorical", false: "τ = " + strconv.FormatFloat(float64(f["temperatures"].Data[at]), 'g', 3, 32)}[at == 0]) {
			t.Errorf("table %d is %q", at, table.Title)
		}
		want := append(append(append([]float32{}, f["expectations"].Data[3*at:3*at+3]...), f["deviations"].Data[3*at:3*at+3]...), f["frequencies"].Data[3*at:3*at+3]...)
		want = append(want, f["greatest"].Data[at], f["entropies"].Data[at])
		if len(table.Rows) != len(want) {
			t.Fatalf("%d rows, want %d", len(table.Rows), len(want))
		}
		for i, cells := range table.Rows {
			v := make([]float64, 5)
			for j := 1; j < 5; j++ {
				if cells[j] == "" && j == 4 && at == 0 && i >= 9 {
					continue // one-hot samples have no error
				}
				var err error
				if v[j], err = strconv.ParseFloat(cells[j], 64); err != nil {
					t.Fatal(err)
				}
			}
			if math.Abs(v[1]-float64(want[i])) > 1e-6 || math.Abs(v[4]*v[2]-(v[1]-v[3])) > .06*v[2]+1.5e-6*(1+math.Abs(v[4])) {
				t.Errorf("%s: the row is %v, the frame's number %v", table.Title, cells, want[i])
			}
			worst = math.Max(worst, math.Abs(v[4]))
		}
	}
	m := r.Measure()
	if math.Abs(m[0]-worst) > .051 || m[0] > 4 {
		t.Errorf("the largest deviation is %v in the metrics, %v in the reports", m[0], worst)
	}
	if most := math.Sqrt(.7 * .3 / 30_000); math.Abs(m[1]/most-1) > .02 {
		t.Errorf("the largest standard error is %v, want %v", m[1], most)
	}
}

// Of more than three classes only how often each is the greatest is known exactly.
func TestDistributionsOfSeven(t *testing.T) {
	r := open(t, GumbelDistributions, "seven", lab.Values{"draws": "300"})
	if err := r.Train(20); err != nil {
		t.Fatal(err)
	}
	for at, table := range r.Model.(Reporter).Reports() {
		if len(table.Rows) != 3*7+2 {
			t.Errorf("%d rows", len(table.Rows))
		}
		for _, cells := range table.Rows {
			if known := cells[3] != ""; known != (at == 0 || strings.HasPrefix(cells[0], "P(")) {
				t.Errorf("%s: %v", table.Title, cells)
			}
		}
	}
	if m := r.Measure(); !(m[0] > .3 && m[0] < 4) {
		t.Errorf("off by %v standard errors", m[0])
	}
}

// A class that never came has no standard error, and no infinite deviation.
func TestNumberOff(t *testing.T) {
	if off := (number{value: .12, err: .01, exact: .1}).off(); math.Abs(off-2) > 1e-9 {
		t.Errorf("off by %v standard errors, want 2", off)
	}
	if off := (number{value: 0, err: 0, exact: .1}).off(); !math.IsNaN(off) {
		t.Errorf("off by %v standard errors of 0", off)
	}
}

// Chances that leave a gap, are too few or too far apart are refused, and told.
func TestDistributionsRefuse(t *testing.T) {
	for _, c := range []struct {
		changes lab.Values
		want    string
	}{
		{lab.Values{"chance-2": "0"}, "chance-3 is 0.7, but chance-2 is 0"},
		{lab.Values{"chance-2": "0", "chance-3": "0"}, "needs 2 classes or more: give chance-1, chance-2"},
		{lab.Values{"chance-2": "0.00001"}, "chance-2 is 0.00001: it must be 0 or from 0.001 to 1"},
	} {
		v, err := GumbelDistributions.Resolve("", c.changes)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(GumbelDistributions, v, World{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c.changes, err)
		}
	}
}
