package stage

import (
	"fmt"

	"ganbel/core/data"
)

const (
	shownSamples = 64 // of a run, at most
	shownReals   = 16
)

// samples is what is known of runs that generate digits.
type samples struct {
	sheet             // the real ones, then those of each run
	runs, each, reals int
	places            samplePlaces // as drawn
}

func (g *samples) clear() { *g = samples{sheet: g.empty()} }

func (g *samples) show(runs []map[string]data.Tensor) error {
	real, err := take(runs[0], "real", -1, -1, -1, 1)
	if err != nil {
		return err
	}
	side := real.Shape[1]
	if real, err = take(runs[0], "real", -1, side, side, 1); err != nil {
		return err
	}
	first := func(t data.Tensor, n int) data.Tensor {
		n = min(n, t.Shape[0])
		return data.Tensor{Shape: []int{n, side, side}, Data: t.Data[:n*side*side]}
	}
	all := []data.Tensor{first(real, shownReals)}
	for i, tensors := range runs {
		made, err := take(tensors, "samples", -1, side, side, 1)
		if err != nil {
			return err
		}
		all = append(all, first(made, shownSamples))
		if n := all[i+1].Shape[0]; n != all[1].Shape[0] {
			return fmt.Errorf("run %d has %d samples where the first has %d", i, n, all[1].Shape[0])
		}
	}
	*g = samples{sheet: g.of(side, all...), runs: len(runs), each: all[1].Shape[0], reals: all[0].Shape[0]}
	return nil
}

// drawSamples draws, on a stage of w by h CSS pixels, the samples of every run, in
// the colour of what is made, and some real images beside them.
func (s *Stage) drawSamples(w, h float64) []Label {
	g, t := &s.samples, s.theme
	c := sampleContents{fake: !s.off["fake"], real: !s.off["real"], runs: 1, samples: shownSamples, reals: shownReals} // before the first frame
	if g.side > 0 {
		c.runs, c.samples, c.reals = g.runs, g.each, g.reals
	}
	var labels []Label
	g.places, labels = placeSamples(w, h, s.scale, s.large, c, s.titles)
	for i, r := range g.places.reals {
		s.addImage(&g.sheet, r, i)
	}
	for run, places := range g.places.fakes {
		for i, r := range places {
			s.addPart(&g.sheet, r, c.reals+run*c.samples+i, 0, 1, t.code)
		}
	}
	s.drawImages(&g.sheet)
	s.flush(s.target)
	return labels
}

// sample returns which sample is at x, y of the screen, and of which run.
func (g *samples) sample(x, y float64) (i, run int, ok bool) {
	if g.side == 0 {
		return 0, 0, false
	}
	for run, places := range g.places.fakes {
		for i, r := range places {
			if x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h {
				return i, run, true
			}
		}
	}
	return 0, 0, false
}
