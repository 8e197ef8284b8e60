package measure

import (
	"fmt"
	"math"
	"slices"
)

// XLogY returns x·log y, and its limit, 0, if x is 0, whatever y is. It is NaN if x is
// NaN, or y is less than 0.
func XLogY(x, y float64) float64 {
	if x == 0 {
		return 0
	}
	return x * math.Log(y)
}

// Entropy returns -Σ p·log p in nats. A chance of 0 adds nothing. It is NaN if a chance
// is NaN or negative.
func Entropy[T float32 | float64](p []T) float64 {
	h := 0.
	for _, x := range p {
		h -= XLogY(float64(x), float64(x))
	}
	return h
}

// A LogMean gathers logarithms one by one and returns the logarithm of the mean of their
// exponentials. The zero value is empty.
type LogMean struct {
	n         int
	sum       float64 // of the logarithms
	most      float64 // the greatest finite logarithm, from the first on
	scaled    float64 // Σ e^(log - most) of the finite ones
	finite    bool    // there is one
	exception float64 // +Inf or NaN, once one came; 0 until then
}

// Add gathers one logarithm: -Inf is that of 0.
func (l *LogMean) Add(log float64) {
	l.n++
	l.sum += log
	switch {
	case math.IsNaN(log) || math.IsInf(log, 1):
		l.exception += log // NaN wins
	case math.IsInf(log, -1): // adds 0
	case !l.finite:
		l.most, l.scaled, l.finite = log, 1, true
	case log > l.most:
		l.scaled = l.scaled*math.Exp(l.most-log) + 1
		l.most = log
	default:
		l.scaled += math.Exp(log - l.most)
	}
}

// Value returns log (1/n) Σ e^log: -Inf if all logarithms are, +Inf if one is, NaN if one
// is or if there are no logarithms. It does not overflow.
func (l *LogMean) Value() float64 {
	switch {
	case l.n == 0:
		return math.NaN()
	case l.exception != 0:
		return l.exception
	case !l.finite:
		return math.Inf(-1)
	}
	return l.most + math.Log(l.scaled/float64(l.n))
}

// Mean returns the mean of the logarithms, NaN if there are none.
func (l *LogMean) Mean() float64 { return l.sum / float64(l.n) }

// LogMeanExp returns log (1/n) Σ eᵛ: -Inf if all elements are, +Inf if one is, NaN if
// one is. It does not overflow. It panics if v is empty.
func LogMeanExp(v []float64) float64 {
	if len(v) == 0 {
		panic("measure: LogMeanExp of nothing")
	}
	var l LogMean
	for _, x := range v {
		l.Add(x)
	}
	return l.Value()
}

// MultiSampleBound returns the mean over examples of LogMeanExp of their m
// log-weights, which are neighbours in logw: a lower bound of the mean
// log-likelihood (Burda, Grosse and Salakhutdinov, 2015). It panics if m does
// not divide the number of weights, or there are no weights.
func MultiSampleBound(logw []float64, m int) float64 {
	if m < 1 || len(logw)%m != 0 || len(logw) == 0 {
		panic(fmt.Sprintf("measure: %d log-weights do not come in groups of %d", len(logw), m))
	}
	s, n := 0., 0
	for w := range slices.Chunk(logw, m) {
		s += LogMeanExp(w)
		n++
	}
	return s / float64(n)
}
