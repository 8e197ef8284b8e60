package cpu

import (
	"ganbel/core/program"
	"ganbel/core/simd"
)

// tile is the least number of elements of a full tile: large enough to hide the
// call of a kernel, small enough that all slots stay in the nearest cache.
const tile = 1024

// tileLen returns the number of elements a tile of s has: whole rows where a
// row is shorter than a tile, else part of a row. Where nothing is stretched
// rows do not matter.
func tileLen(s *program.Step) int {
	switch {
	case len(s.Loads) == 0:
		return min(tile, s.Rows*s.Cols)
	case s.Cols >= tile:
		return tile
	}
	return s.Cols * min(max(tile/s.Cols, 1), s.Rows)
}

type instr struct {
	vec   func(dst, a, b []float32, k float32)
	k     float32
	a, b  []float32 // full values in memory, nil for a slot
	slotA int
	slotB int
	slot  int // destination, -1 for out
	out   []float32
	late  bool
}

// loop returns what an instruction does to a tile: its operator's fast loop, or where it
// has none what the operator means, element by element.
func loop(in *program.Instr) func(dst, a, b []float32, k float32) {
	row := in.Op.Row()
	if row.Vec != nil {
		return row.Vec
	}
	f, k := row.F, in.Node.K
	return func(dst, a, b []float32, _ float32) {
		for i := range dst {
			dst[i] = float32(f(float64(a[i]), float64(b[i]), k))
		}
	}
}

type load struct {
	from           []float32
	stretchR, flat bool // stretched over rows; over both rows and columns
	slot           int
}

// resolveMap returns a Map as a loop over tiles, each of which runs all of the
// code on what lies in the nearest cache.
func (m *Machine) resolveMap(s *program.Step) step {
	code := make([]instr, len(s.Code))
	for i, in := range s.Code {
		c := instr{vec: loop(&in), k: in.K, slotA: in.A.Slot, slotB: in.B.Slot, slot: in.Dst, late: in.Late}
		if in.A.Slot < 0 {
			c.a = m.at(in.A.Place)
		}
		if in.B.Slot < 0 {
			c.b = m.at(in.B.Place)
		}
		if in.Dst < 0 || in.Late {
			c.out = m.at(in.Out)
		}
		code[i] = c
	}
	loads := make([]load, len(s.Loads))
	for i, l := range s.Loads {
		loads[i] = load{m.at(l.From), l.Rows == 1, l.Rows == 1 && l.Cols == 1, l.Slot}
	}
	length, cols, all := tileLen(s), s.Cols, s.Rows*s.Cols
	perRow := 1 // tiles a row
	rowsEach := 0
	if len(loads) > 0 {
		if cols >= tile {
			perRow = (cols + tile - 1) / tile
		} else {
			rowsEach = length / cols
		}
	}
	run := func(w *worker, from, to int, first bool) {
		n := to - from
		slot := func(k int) []float32 { return w.tiles[k*length : k*length+n] }
		for i := range loads {
			loads[i].fill(slot(loads[i].slot), from, cols, rowsEach > 0, first)
		}
		for i := range code {
			c := &code[i]
			var a, b, dst []float32
			if c.a != nil {
				a = c.a[from:to]
			} else {
				a = slot(c.slotA)
			}
			if c.b != nil {
				b = c.b[from:to]
			} else {
				b = slot(c.slotB)
			}
			if c.slot >= 0 {
				dst = slot(c.slot)
			} else {
				dst = c.out[from:to]
			}
			c.vec(dst, a, b, c.k)
			if w.trace != nil && i < *w.trace && !finite(dst) {
				*w.trace = i
			}
		}
		for i := range code {
			if c := &code[i]; c.late {
				copy(c.out[from:to], slot(c.slot))
			}
		}
	}
	grain := length // elements in a piece of work
	if perRow > 1 && s.Rows > 1 {
		grain = cols
	}
	return step{run: func(w *worker, part, parts int) {
		from, to := share(all, grain, part, parts)
		for at, first := from, true; at < to; first = false {
			end := min(at+length, to)
			if perRow > 1 {
				end = min(end, (at/cols+1)*cols)
			}
			run(w, at, end, first)
			at = end
		}
	}, parallel: all*len(code) >= parallelMap}
}

// fill stretches the operand to the tile dst, which starts at element from of a
// matrix with cols columns. What is the same for every tile is written only for
// the first, which is the longest.
func (l *load) fill(dst []float32, from, cols int, wholeRows, first bool) {
	switch {
	case l.flat:
		if first {
			simd.Fill(dst, l.from[0])
		}
	case l.stretchR && wholeRows:
		if first {
			for at := 0; at < len(dst); at += cols {
				copy(dst[at:], l.from)
			}
		}
	case l.stretchR:
		copy(dst, l.from[from%cols:])
	case wholeRows:
		for at, row := 0, from/cols; at < len(dst); at, row = at+cols, row+1 {
			v := l.from[row]
			for i := range dst[at : at+cols] {
				dst[at+i] = v
			}
		}
	default:
		simd.Fill(dst, l.from[from/cols])
	}
}
