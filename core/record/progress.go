package record

import (
	"fmt"
	"math"
	"strings"
	"time"

	"ganbel/core/lab"
)

// A Progress is how far a run has come.
type Progress struct {
	Step, Steps int
	Every       int           // steps between rows of metrics, 0 for none
	Rate        float64       // steps a second, of training alone and without the first step, which warms up; 0 until it is known
	Row         time.Duration // what a row of metrics takes on average, 0 until it is known
	Metrics     []lab.Metric  // what Values are
	Values      []float64     // of the last row of metrics.csv, NaN if not known; nil before the first
	Warning     string        // what cannot be kept and why, "" while all can; it stands until it can

	steps, rows        int // that were timed
	trained, measuring time.Duration
}

// stepped counts a step of training and the time that it took.
func (p *Progress) stepped(took time.Duration) {
	if p.steps++; p.steps > 1 {
		p.trained += took
		p.Rate = float64(p.steps-1) / max(p.trained, 1).Seconds()
	}
}

// measured counts a row of metrics and the time that it took.
func (p *Progress) measured(took time.Duration) {
	p.rows++
	p.measuring += took
	p.Row = p.measuring / time.Duration(p.rows)
}

// Left returns the time that the remaining steps and rows take at the present rates,
// a year at most, and a year if there is no rate.
func (p Progress) Left() time.Duration {
	const most = 365 * 24 * time.Hour
	s := float64(p.Steps-p.Step) / p.Rate
	if p.Every > 0 {
		s += float64(p.Steps/p.Every-p.Step/p.Every) * p.Row.Seconds()
	}
	if math.IsNaN(s) || s > most.Seconds() {
		return most
	}
	return time.Duration(s * float64(time.Second)).Round(time.Second)
}

// Pace returns the rate and the time left as text, such as "12/s, 5m0s left", and ""
// until they are known.
func (p Progress) Pace() string {
	switch {
	case p.Rate == 0:
		return ""
	case p.Rate < 10:
		return fmt.Sprintf("%.2f/s, %s left", p.Rate, p.Left())
	}
	return fmt.Sprintf("%.0f/s, %s left", p.Rate, p.Left())
}

// Main returns the first known metric of each chart, as "name value".
func (p Progress) Main() (all []string) {
	charts := map[string]bool{}
	for i, v := range p.Values {
		if m := p.Metrics[i]; !math.IsNaN(v) && !charts[m.Chart] {
			charts[m.Chart] = true
			all = append(all, fmt.Sprintf("%s %.4g", m.Name, v))
		}
	}
	return all
}

// String tells all known metrics in one line.
func (p Progress) String() string {
	s := fmt.Sprintf("step %d of %d", p.Step, p.Steps)
	if p.Rate > 0 {
		s += fmt.Sprintf(", %.1f a second, %s left", p.Rate, p.Left())
	}
	s += ":"
	for i, v := range p.Values {
		if !math.IsNaN(v) {
			s += fmt.Sprintf(" %s %.4g", p.Metrics[i].Name, v)
		}
	}
	s = strings.TrimSuffix(s, ":")
	if p.Warning != "" {
		s += "; " + p.Warning
	}
	return s
}
