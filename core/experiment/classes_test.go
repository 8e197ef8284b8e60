package experiment

import (
	"strconv"
	"strings"
	"testing"
)

// The table has a row for each number of classes, with rates where they were measured;
// what was saved is loaded, and the next step measures the next.
func TestClassCost(t *testing.T) {
	a := open(t, GumbelClasses, "", small(GumbelClasses))
	if err := a.Train(2); err != nil {
		t.Fatal(err)
	}
	b := open(t, GumbelClasses, "", small(GumbelClasses))
	if err := b.Load(a.Save()); err != nil {
		t.Fatal(err)
	}
	same(t, b, a)
	if err := b.Train(1); err != nil {
		t.Fatal(err)
	}
	m := b.Measure()
	if f := b.Frame().Tensors; m[0] != 10 || m[1] != float64(f["marginalisation"].Data[2]) || m[2] != float64(f["gumbel-softmax"].Data[2]) || m[3] != m[2]/m[1] {
		t.Errorf("metrics %v after the third step", m)
	}
	report := b.Model.(Reporter).Reports()[0]
	before := 0.
	for i, row := range report.Rows {
		if measured := i < 3; measured != (row[1] != "") || measured != (row[2] != "") || measured != (row[3] != "") {
			t.Errorf("row %q", row)
		}
		formula, err := strconv.ParseFloat(row[5], 64)
		if err != nil || !(formula > before) {
			t.Errorf("the formula of %s classes gives %s", row[0], row[5])
		}
		before = formula
	}
	if text := report.Markdown(); !strings.Contains(text, "9.9") || len(report.Rows) != 6 {
		t.Errorf("the table is\n%s", text)
	}
	if _, err := Open(GumbelClasses, b.Values(), World{}); err == nil {
		t.Error("it measures without images")
	}
}
