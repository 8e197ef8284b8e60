package data

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
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

// ReadTable reads a first line of names and lines of as many decimal numbers, separated
// by commas; blank lines are skipped, and a byte order mark too. Its error names the line
// of the file.
func ReadTable(r io.Reader) (Table, error) {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		b.Discard(3) // the mark
	}
	c := csv.NewReader(b)
	names, err := c.Read()
	if err == io.EOF {
		return Table{}, fmt.Errorf("a table is empty: its first line must name the columns")
	}
	if err != nil {
		return Table{}, fmt.Errorf("a table: %w", err)
	}
	t := Table{Columns: names}
	for {
		line, err := c.Read()
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return Table{}, fmt.Errorf("a table: %w", err)
		}
		row := make([]float64, len(line))
		for j, text := range line {
			row[j] = math.NaN()
			if text == "" {
				continue
			}
			if row[j], err = strconv.ParseFloat(text, 64); err != nil || strings.ContainsAny(text, "xX_") {
				at, _ := c.FieldPos(j)
				return Table{}, fmt.Errorf("a table, line %d: %s is %q: it must be a number or empty", at, t.Columns[j], text)
			}
		}
		t.Rows = append(t.Rows, row)
	}
}
