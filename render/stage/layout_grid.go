package stage

import "math"

// A grid is rows and columns of square images.
type grid struct {
	x, y    float64 // of the first
	side    float64 // of an image
	columns int
	gap     float64 // between columns, and between rows that do not belong together
	bundle  int     // rows that belong together: 2 where each image has its reconstruction below
}

// between is the gap between bundles of rows.
func (g *grid) between() float64 {
	if g.bundle > 1 {
		return math.Round(2.5 * g.gap)
	}
	return g.gap
}

// at returns the place of image i, in row k of its bundle.
func (g *grid) at(i, k int) rect {
	row, column := i/g.columns, i%g.columns
	h := float64(g.bundle)*g.side + g.between()
	return rect{g.x + float64(column)*(g.side+g.gap), g.y + float64(row)*h + float64(k)*g.side, g.side, g.side}
}

// fit makes the grid of n images, or bundles of them, that fills r best, and
// says how good it is: large images, and no ragged last row.
func fit(n, bundle int, r rect, gap float64) (best grid, score float64) {
	x, y := math.Ceil(r.x), math.Ceil(r.y)
	w, h := math.Floor(r.x+r.w)-x, math.Floor(r.y+r.h)-y
	for columns := 1; columns <= n; columns++ {
		g := grid{x: x, y: y, bundle: bundle, gap: gap, columns: columns}
		rows := float64((n + columns - 1) / columns)
		g.side = math.Floor(math.Min((w-float64(columns-1)*gap)/float64(columns), (h-(rows-1)*g.between())/(rows*float64(bundle))))
		now := g.side
		if n%columns == 0 {
			now *= 1.6
		}
		if columns == 1 || now > score {
			best, score = g, now
		}
	}
	return best, score
}
