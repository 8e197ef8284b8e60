package stage

import "ganbel/core/data"

// completion is what is known of a run that completes digits.
type completion struct {
	sheet             // digits, means, completions
	rows, draws int   // digits, and completions of each
	grid        strip // as drawn
}

func (g *completion) clear() { *g = completion{sheet: g.empty()} }

func (g *completion) show(tensors map[string]data.Tensor) error {
	all, err := take(tensors, "completions", -1, -1, -1, -1)
	if err != nil {
		return err
	}
	n, draws, side := all.Shape[0], all.Shape[1], all.Shape[2]
	if all, err = take(tensors, "completions", n, draws, side, side); err != nil {
		return err
	}
	digits, err := take(tensors, "digits", n, side, side)
	if err != nil {
		return err
	}
	mean, err := take(tensors, "mean", n, side, side)
	if err != nil {
		return err
	}
	*g = completion{sheet: g.of(side, digits, mean, all), rows: n, draws: draws}
	return nil
}

// drawCompletions draws a row for each digit on a stage of w by h CSS pixels: its
// upper half as it was given, itself, the mean of its completions, and some of
// them. What was made is of another colour than what was given, below a line.
func (s *Stage) drawCompletions(w, h float64) []Label {
	g, t := &s.completion, s.theme
	rows, draws := 8, 6 // before the first frame
	if g.side > 0 {
		rows, draws = g.rows, g.draws
	}
	var names []string
	for _, name := range []string{"given", "truth", "mean", "samples"} {
		if !s.off[name] {
			names = append(names, name)
		}
	}
	var labels []Label
	g.grid, labels = placeStrips(w, h, s.scale, s.large, names, rows, draws)
	line := max(1, float64(int(s.scale+.5)))
	for _, c := range g.grid.columns {
		for i, r := range c.places {
			switch c.name {
			case "given":
				s.addPart(&g.sheet, r, i, 0, .5, t.ink)
			case "truth":
				s.addImage(&g.sheet, r, i)
			case "mean":
				s.addHalves(&g.sheet, r, rows+i)
			case "samples":
				s.addHalves(&g.sheet, r, 2*rows+i*draws+c.k)
			}
		}
	}
	s.drawImages(&g.sheet)
	for _, c := range g.grid.columns {
		for _, r := range c.places {
			low := rect{r.x, r.y + r.h/2, r.w, r.h / 2}
			switch c.name {
			case "given":
				s.marks.outline(low, line, t.quiet)
			case "mean", "samples":
				low.h = line
				s.marks.box(low, t.quiet)
			}
		}
	}
	s.flush(s.target)
	return labels
}

// addHalves adds an image whose lower half was made.
func (s *Stage) addHalves(h *sheet, r rect, i int) {
	s.addPart(h, r, i, 0, .5, s.theme.ink)
	s.addPart(h, r, i, .5, 1, s.theme.code)
}

// row returns whose row is at x, y of the screen, and the column there.
func (g *completion) row(x, y float64) (row, column int, ok bool) {
	if g.side == 0 {
		return 0, 0, false
	}
	for column, c := range g.grid.columns {
		for row, r := range c.places {
			if x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h {
				return row, column, true
			}
		}
	}
	return 0, 0, false
}
