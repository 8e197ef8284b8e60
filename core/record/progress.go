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
	Rate        float64      // steps a second since the command began
	Metrics     []lab.Metric // what Values are
	Values      []float64    // of the last row of metrics.csv, NaN where not known; nil before the first
	Warning     string       // what cannot be kept and why, "" while all can; it stands until it can
}

// Left returns the time left at the present rate, a year at most.
func (p Progress) Left() time.Duration {
	const most = 365 * 24 * time.Hour
	s := float64(p.Steps-p.Step) / p.Rate
	if math.IsNaN(s) || s > most.Seconds() {
		return most
	}
	return time.Duration(s * float64(time.Second)).Round(time.Second)
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
	s := fmt.Sprintf("step %d of %d, %.1f a second, %s left:", p.Step, p.Steps, p.Rate, p.Left())
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
