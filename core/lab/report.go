package lab

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// A Report is a table that a run can make of itself, next to the paper's numbers.
type Report struct {
	Title string     // such as "Table 2: semi-supervised MNIST, 100 labels"
	Head  []string   // names of the columns; the first column names the rows
	Rows  [][]string // as many cells as Head, "" where a number is not known
	Notes []string   // what a reader must know to compare, a sentence each
}

// Known returns a number of a table as text, "—" if it is NaN: not known.
func Known(format string, x float64) string {
	if math.IsNaN(x) {
		return "—"
	}
	return fmt.Sprintf(format, x)
}

// Markdown returns the table as Markdown whose columns line up as plain text, too:
// the first to the left, the others to the right. It panics where a row has not as
// many cells as Head.
func (r Report) Markdown() string {
	wide := make([]int, len(r.Head))
	for _, row := range append([][]string{r.Head}, r.Rows...) {
		if len(row) != len(r.Head) {
			panic(fmt.Sprintf("lab: report %q has a row of %d cells below %d names", r.Title, len(row), len(r.Head)))
		}
		for i, cell := range row {
			wide[i] = max(wide[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", r.Title)
	line := func(row []string) {
		for i, cell := range row {
			pad := strings.Repeat(" ", wide[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				fmt.Fprintf(&b, "| %s%s ", cell, pad)
			} else {
				fmt.Fprintf(&b, "| %s%s ", pad, cell)
			}
		}
		b.WriteString("|\n")
	}
	line(r.Head)
	for i, n := range wide {
		if i == 0 {
			fmt.Fprintf(&b, "|%s|", strings.Repeat("-", n+2))
		} else {
			fmt.Fprintf(&b, "%s:|", strings.Repeat("-", n+1))
		}
	}
	b.WriteString("\n")
	for _, row := range r.Rows {
		line(row)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "\n%s\n", note)
	}
	return b.String()
}

// Thousandths writes a number of a table with three digits after the point.
func Thousandths(x float64) string { return Known("%.3f", x) }
