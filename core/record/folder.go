package record

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"ganbel/core/data"
)

// Holds reports whether a folder holds a run that can go on: one that was killed
// before its first checkpoint cannot.
func Holds(dir string) bool {
	for _, name := range []string{checkpointFile, previousFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// At returns the step at which the run in a folder stands, 0 where there is none.
func At(dir string) int {
	s, err := Read(dir)
	if err != nil {
		return 0
	}
	step, _ := strconv.Atoi(s.Meta["step"])
	return step
}

// Metrics returns the run's metrics.csv.
func Metrics(dir string) (data.Table, error) {
	f, err := os.Open(filepath.Join(dir, metricsFile))
	if err != nil {
		return data.Table{}, err
	}
	defer f.Close()
	t, err := data.ReadTable(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", f.Name(), err)
	}
	return t, err
}

// Last returns the last known number of a column, NaN where there is none.
func Last(t data.Table, column string) float64 {
	v := t.Column(column)
	for i := len(v) - 1; i >= 0; i-- {
		if !math.IsNaN(v[i]) {
			return v[i]
		}
	}
	return math.NaN()
}
