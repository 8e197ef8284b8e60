//go:build js

package main

import (
	"math"
	"syscall/js"
	"time"
)

const slice = 24 * time.Millisecond // how long it trains before it hears messages again

func (w *worker) step() int { return w.runs[0].Step() }

// start makes n more iterations, without end where n is -1.
func (w *worker) start(n int) {
	w.left = n
	w.due, w.rateFrom, w.rateStep = w.now(), w.now(), w.step()
	w.state()
	if !w.timer.IsUndefined() { // it may be set for a slower speed
		js.Global().Call("clearTimeout", w.timer)
		w.timer, w.pending = js.Undefined(), false
	}
	w.again(0)
}

// again calls work after a while, and after the messages that wait.
func (w *worker) again(after time.Duration) {
	switch {
	case w.pending:
		return
	case after < time.Millisecond:
		w.timer = js.Undefined()
		w.channel.Get("port2").Call("postMessage", js.Null())
	default:
		w.timer = js.Global().Call("setTimeout", w.wake, math.Ceil(after.Seconds()*1000))
	}
	w.pending = true
}

// work trains for one slice, measures the rows in it, and then sends what is due.
func (w *worker) work() {
	if w.left == 0 {
		return
	}
	start := w.now()
	for w.left != 0 && w.now().Sub(start) < slice {
		if w.speed > 0 {
			if w.due.Sub(w.now()) > 0 {
				break
			}
			w.due = w.due.Add(time.Duration(float64(time.Second) / w.speed))
			if late := w.now().Add(-time.Second); w.due.Before(late) {
				w.due = late // too slow for this speed: never mind what was missed
			}
		}
		w.left = max(-1, w.left-1)
		if err := w.iterate(); err != nil {
			w.left = 0
			w.fail(err)
			w.shown, w.measured = -1, -1 // it went back to finite values
			break
		}
		if w.row() {
			w.measure()
		}
	}
	if w.left == 0 {
		w.rest()
		return
	}
	now := w.now()
	turn := now.Sub(start)
	if w.speed > 0 {
		turn = max(turn, w.due.Sub(now))
	}
	if w.meter.due(now, turn) {
		w.measure()
	}
	if now.After(w.frameAfter) {
		w.frame()
	}
	if passed := now.Sub(w.rateFrom); passed > time.Second {
		post("rate", map[string]any{"stepsPerSecond": float64(w.step()-w.rateStep) / passed.Seconds()})
		w.rateFrom, w.rateStep = now, w.step()
	}
	if w.speed > 0 {
		w.again(w.due.Sub(w.now()))
	} else {
		w.again(0)
	}
}

// iterate makes one iteration of every run. If one fails, those after it make none.
func (w *worker) iterate() error {
	for _, run := range w.runs {
		if err := run.Train(1); err != nil {
			w.within = true // the runs are at different steps
			return err
		}
	}
	w.within = false
	return nil
}

// row reports whether charts and files have a row for the present step.
func (w *worker) row() bool { return !w.within && w.step()%w.meter.every == 0 }
