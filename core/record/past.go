package record

import "slices"

// mostRows is the most rows that a Past keeps.
const mostRows = 2000

// A Past holds the rows of a run so far. If there are too many it keeps every second,
// fourth, eighth … row, and always the last. The zero value is empty.
type Past struct {
	kept [][]float64 // of every each-th row
	each int
	rows int // added so far
	last []float64
}

// Add adds a row, which must not change afterwards.
func (p *Past) Add(row []float64) {
	p.each = max(p.each, 1)
	if len(p.kept) == mostRows && p.rows%p.each == 0 {
		kept := p.kept[:0]
		for i := 0; i < mostRows; i += 2 {
			kept = append(kept, p.kept[i])
		}
		clear(p.kept[len(kept):])
		p.kept, p.each = kept, 2*p.each
	}
	if p.rows%p.each == 0 {
		p.kept = append(p.kept, row)
	}
	p.rows, p.last = p.rows+1, row
}

// Len returns the number of rows added.
func (p *Past) Len() int { return p.rows }

// Since returns the kept rows after the first n added, in order.
func (p *Past) Since(n int) [][]float64 {
	if n >= p.rows {
		return nil
	}
	rows := slices.Clone(p.kept[min((n+p.each-1)/p.each, len(p.kept)):])
	if (p.rows-1)%p.each != 0 {
		rows = append(rows, p.last)
	}
	return rows
}
