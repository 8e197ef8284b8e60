//go:build js

package main

import "time"

const (
	// mostLag is the longest time that a run in training may be ahead of the numbers on
	// the page, unless one iteration takes longer.
	mostLag = time.Second

	metricsEvery = 250 * time.Millisecond // between measurements without a row, if they are cheap
	metricsShare = 9                      // the least time between measurements without a row, as a multiple of a measurement's duration, but at most mostLag
)

// A meter decides when to measure a run in training.
// The rows of charts and files are measured at every step that is a multiple of every, so that runs have them at the same steps on any machine. Between two rows the run is measured often enough that the numbers on the page are never older than mostLag.
type meter struct {
	every int       // steps between rows
	last  time.Time // when the last measurement ended, zero if the runs were not measured yet
	cost  time.Duration
}

// took records the duration of a measurement. It ignores the first after runs are opened,
// which compiles and allocates.
func (m *meter) took(from, to time.Time) {
	if !m.last.IsZero() {
		m.cost = to.Sub(from)
	}
	m.last = to
}

// due reports whether to measure a run in training now, if the next chance is in turn
// from now.
// A measurement stops the training, so one that takes longer than half of mostLag leaves the training as much time as it takes itself, up to mostLag.
func (m *meter) due(now time.Time, turn time.Duration) bool {
	passed := now.Sub(m.last)
	if passed >= max(metricsEvery, metricsShare*m.cost) {
		return true
	}
	return passed+turn+m.cost > mostLag && passed >= min(m.cost, mostLag-turn)
}
