package record

import "slices"

// mostRows is how many rows a Past keeps.
const mostRows = 2000

// A Past is the rows of a run so far. If there are too many it keeps every second,
// fourth, eighth … one, and always the last. The zero value has none.
type Past struct {
	kept [][]float64 // of every each-th row
	each int
	rows int // that were added
	last []float64
}

// Add adds a row, which must not change any more.
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

// Len returns how many rows were added.
func (p *Past) Len() int { return p.rows }

// Since returns those of the rows after the first n that are kept, in their order.
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
