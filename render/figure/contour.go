package figure

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// contour draws level lines of a lattice, each level in its look, from the first level
// to the last. The same numbers always give the same strokes: gonum's Contour orders
// them by a map.
func (l lattice) contour(levels []float64, looks []draw.LineStyle) drawing {
	return func(c draw.Canvas, p *plot.Plot) {
		x, y := p.Transforms(&c)
		for i, level := range levels {
			for _, line := range l.lines(level) {
				points := make([]vg.Point, len(line))
				for k, q := range line {
					points[k] = vg.Point{X: x(q.X), Y: y(q.Y)}
				}
				c.StrokeLines(looks[i%len(looks)], points)
			}
		}
	}
}

// lines returns where the lattice's numbers pass a level, as lines between points on the
// lattice's edges (marching squares). A line ends at the border, or where it began.
// They come in the order of their first edges, first the open ones.
func (l lattice) lines(level float64) (all []plotter.XYs) {
	// Edge 2·(row·side + column) leads to the next column, the one after to the next row.
	const none = -1
	next := make([][2]int, 2*l.side*l.side) // the edges that an edge's point is joined to
	for e := range next {
		next[e] = [2]int{none, none}
	}
	join := func(a, b int) {
		for _, e := range [2][2]int{{a, b}, {b, a}} {
			if to := &next[e[0]]; to[0] == none {
				to[0] = e[1]
			} else {
				to[1] = e[1]
			}
		}
	}
	below := func(row, column int) bool { return l.Z(column, row) < level }
	for row := range l.side - 1 {
		for column := range l.side - 1 {
			at := row*l.side + column
			low, left, high, right := 2*at, 2*at+1, 2*(at+l.side), 2*(at+1)+1
			first, second, third, fourth := below(row, column), below(row, column+1), below(row+1, column), below(row+1, column+1)
			var crossed []int
			for _, e := range [4]struct {
				edge int
				yes  bool
			}{{low, first != second}, {right, second != fourth}, {high, third != fourth}, {left, first != third}} {
				if e.yes {
					crossed = append(crossed, e.edge)
				}
			}
			switch len(crossed) {
			case 2:
				join(crossed[0], crossed[1])
			case 4: // a saddle: the middle is on the side of one pair of corners
				middle := (l.Z(column, row) + l.Z(column+1, row) + l.Z(column, row+1) + l.Z(column+1, row+1)) / 4
				if (middle < level) == first {
					join(low, right)
					join(high, left)
				} else {
					join(low, left)
					join(right, high)
				}
			}
		}
	}
	seen := make([]bool, len(next))
	follow := func(e int) {
		var line plotter.XYs
		for from := e; ; {
			seen[e] = true
			line = append(line, l.cross(e, level))
			switch to := next[e]; {
			case to[0] != none && !seen[to[0]]:
				e = to[0]
			case to[1] != none && !seen[to[1]]:
				e = to[1]
			default:
				if len(line) > 2 && (to[0] == from || to[1] == from) { // round
					line = append(line, line[0])
				}
				all = append(all, line)
				return
			}
		}
	}
	for _, open := range [2]bool{true, false} {
		for e, to := range next {
			if to[0] != none && !seen[e] && (to[1] == none) == open {
				follow(e)
			}
		}
	}
	return all
}

// cross returns where on an edge the numbers reach a level.
func (l lattice) cross(edge int, level float64) plotter.XY {
	row, column := edge/2/l.side, edge/2%l.side
	toRow, toColumn := row+edge%2, column+1-edge%2
	z, to := l.Z(column, row), l.Z(toColumn, toRow)
	part := (level - z) / (to - z)
	return plotter.XY{X: l.X(column) + part*(l.X(toColumn)-l.X(column)), Y: l.Y(row) + part*(l.Y(toRow)-l.Y(row))}
}
