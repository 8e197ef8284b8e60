package data

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// A Table is what a CSV file of numbers holds.
type Table struct {
	Columns []string
	Rows    [][]float64 // one number a column, NaN where the field is empty
}

// Column returns the numbers below a name, nil where there is no such column.
func (t Table) Column(name string) []float64 {
	i := slices.Index(t.Columns, name)
	if i < 0 {
		return nil
	}
	v := make([]float64, len(t.Rows))
	for r, row := range t.Rows {
		v[r] = row[i]
	}
	return v
}

// ReadTable reads a first line of names and lines of as many numbers. Its error
// names the line.
func ReadTable(r io.Reader) (Table, error) {
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return Table{}, fmt.Errorf("a table: %w", err)
	}
	if len(lines) == 0 {
		return Table{}, fmt.Errorf("a table is empty: its first line must name the columns")
	}
	t := Table{Columns: lines[0]}
	for i, line := range lines[1:] {
		row := make([]float64, len(line))
		for j, text := range line {
			row[j] = math.NaN()
			if text == "" {
				continue
			}
			if row[j], err = strconv.ParseFloat(text, 64); err != nil {
				return Table{}, fmt.Errorf("a table, line %d: %s is %q: it must be a number or empty", i+2, t.Columns[j], text)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}
