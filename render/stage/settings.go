package stage

import (
	"fmt"
	"slices"
)

// SetMode chooses which frames are drawn.
func (s *Stage) SetMode(m Mode) error {
	if all := []Mode{WGAN, Gumbel, SOP, Semi, Samples, Categorical}; !slices.Contains(all, m) {
		return fmt.Errorf("stage: there is no mode %q, only %q", m, all)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mode != m {
		// The other run may have gone on meanwhile: no picture is better than an old one.
		s.clear()
	}
	s.mode, s.pointer, s.pressed, s.grip = m, nil, nil, -1
	s.refresh()
	return nil
}

// SetLayers switches layers on or off; those not named stay as they are. WGAN
// mode has "samples", which "real" and "fake" are part of, "contours", "slope",
// "warp", "descent" (∇D at the fake points), "batch" (the last critic step's),
// "segments" (from its real to its fake points, with the places of the penalty),
// "noise" (its generator's), "handles" (grips at the modes), "surface" (the critic in
// perspective, in place of the plane) and "difference" (of two runs' critics, a
// third plane). Gumbel mode has "digits", "reconstructions", "prior", "code" and
// "simplex", SOP mode "given" (the upper halves), "truth", "mean" and "samples", semi mode
// "analogies" and "guesses", samples mode "fake" and "real".
func (s *Stage) SetLayers(on map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, is := range on {
		s.off[name] = !is
	}
	if _, ok := on["difference"]; ok {
		s.subtract()
	}
	s.refresh()
}

// SetDark chooses the dark theme or the light one.
func (s *Stage) SetDark(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.theme = &light
	if is {
		s.theme = &dark
	}
	s.refresh()
}

// SetLarge chooses large labels, which can be read from the back of a room.
func (s *Stage) SetLarge(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.large = is
	s.refresh()
}

// SetCalm chooses whether points jump to their places in a new frame instead of moving there.
func (s *Stage) SetCalm(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calm = is
}

// SetSlow says that there is no graphics card: then points jump, too, and what a
// shader would compute for each pixel is computed here, and looks the same.
func (s *Stage) SetSlow(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow = is
	s.refresh()
}

// SetTitles names the runs: a title for each, and one for the difference of two. A single
// run has no title.
func (s *Stage) SetTitles(titles []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.titles = titles
	s.refresh()
}

// SetSlice draws a line between two places of the plane, in data coordinates,
// with a hollow mark where it begins and a filled one where it ends.
func (s *Stage) SetSlice(fromX, fromY, toX, toY float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slice = &[4]float64{fromX, fromY, toX, toY}
	s.refresh()
}

// ClearSlice takes the line away.
func (s *Stage) ClearSlice() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slice = nil
	s.refresh()
}

// SetGhost draws points, x and y in turn, small and grey under all others: those of
// a run that was. It draws none for nil.
func (s *Stage) SetGhost(points []float32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ghost = points
	s.refresh()
}

// SetTurn turns the surface, with its elevation kept within what shows it.
func (s *Stage) SetTurn(t Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn = t.kept()
	if s.surface() {
		s.refresh()
	}
}

// Select draws a frame around a cell of the code.
func (s *Stage) Select(row, column int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chosen = &[2]int{row, column}
	s.refresh()
}

// Unselect takes the frame away.
func (s *Stage) Unselect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chosen = nil
	s.refresh()
}

// Probe puts the cross-hair at a place of the plane, in data coordinates.
func (s *Stage) Probe(x, y float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aim(&[2]float64{x, y})
}

// Unpoint takes the cross-hair away.
func (s *Stage) Unpoint() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aim(nil)
}

// aim moves the cross-hair, which is no part of the ground.
func (s *Stage) aim(at *[2]float64) {
	s.pointer, s.dirty = at, true
}
