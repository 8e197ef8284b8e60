//go:build js

package main

import "time"

const (
	// mostLag is how long a run in training may be ahead of the numbers that the page
	// shows. An iteration that takes longer puts it ahead for that long.
	mostLag = time.Second

	metricsEvery = 250 * time.Millisecond // between measurements that are no rows, if they are cheap
	metricsShare = 9                      // for so many times its duration a measurement that is no row is not repeated, unless that is longer than mostLag
)

// A meter says when a run in training is measured.
//
// The rows of charts and files are measured at every step that is a multiple of every:
// runs have theirs at the same steps, whatever the machine can do. Between two rows the
// run is measured so often that the numbers on the page are never older than mostLag.
type meter struct {
	every int       // steps between rows
	last  time.Time // when the last measurement ended, zero if the runs were not measured yet
	cost  time.Duration
}

// took notes how long a measurement took. That of the first after runs were opened says
// nothing about the others: what it needs is compiled and allocated then.
func (m *meter) took(from, to time.Time) {
	if !m.last.IsZero() {
		m.cost = to.Sub(from)
	}
	m.last = to
}

// due reports whether a run in training is to be measured now, if the next time to ask is
// in turn from now.
//
// A measurement stops the training, so one that takes longer than half of mostLag gets as
// much time as it leaves to the training, up to mostLag.
func (m *meter) due(now time.Time, turn time.Duration) bool {
	passed := now.Sub(m.last)
	if passed >= max(metricsEvery, metricsShare*m.cost) {
		return true
	}
	return passed+turn+m.cost > mostLag && passed >= min(m.cost, mostLag-turn)
}
