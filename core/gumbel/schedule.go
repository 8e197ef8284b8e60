package gumbel

import (
	"fmt"
	"math"
)

// Shape says how a temperature falls.
type Shape string

// The shapes, with t the step rounded down to a multiple of Every.
const (
	Exponential Shape = "exponential" // max(Least, First·e^(-Fall·t)), section 4.2
	Linear      Shape = "linear"      // max(Least, First·(1 - Fall·t)), as steep at step 0
	Stepwise    Shape = "stepwise"    // max(Least, First·2^-⌊Fall·t/ln 2⌋): the exponential, held from one halving to the next
	Slope       Shape = "slope"       // max(Least, First/(1 + Fall·t)): its inverse, the slope of annealed straight-through, rises along a line
	Constant    Shape = "constant"    // First
)

// A Schedule is the temperature over the steps of a run.
type Schedule struct {
	Shape Shape   // "" is Exponential
	First float64 // τ at step 0, positive
	Least float64 // τ never falls below this, unless it is Constant
	Fall  float64 // rate a step, 0 for a constant temperature
	Every int     // steps between changes; less than 1 is 1
}

// Settings are a run's, or lab.Values.
type Settings interface {
	Text(name string) string
	Float(name string) float64
	Int(name string) int
}

// ScheduleOf returns the temperature's schedule by the settings "schedule", its shape,
// "temperature", "least-temperature", "anneal", the fall, and "anneal-every".
func ScheduleOf(v Settings) Schedule {
	return Schedule{Shape: Shape(v.Text("schedule")), First: v.Float("temperature"), Least: v.Float("least-temperature"), Fall: v.Float("anneal"), Every: v.Int("anneal-every")}
}

// Check returns an error that says what would be right if the temperature is not positive
// and finite at every step.
func (s Schedule) Check() error {
	falls := false
	switch s.Shape {
	case Exponential, "", Linear, Stepwise:
		falls = s.Fall > 0
	case Slope, Constant:
	default:
		return fmt.Errorf("gumbel: a temperature cannot be %q: it must be one of %s, %s, %s, %s and %s", s.Shape, Exponential, Linear, Stepwise, Slope, Constant)
	}
	if err := checkTau(s.First); err != nil {
		return fmt.Errorf("%w (the first of %+v)", err, s)
	}
	if !(s.Fall >= 0) || !finite(s.Fall) {
		return fmt.Errorf("gumbel: a temperature that falls by %v a step: it must be 0 or more, and finite (%+v)", s.Fall, s)
	}
	if !(s.Least >= 0) || !finite(s.Least) || falls && s.Least == 0 {
		return fmt.Errorf("gumbel: the least temperature is %v: it must be a positive number, or the temperature falls to 0 (%+v)", s.Least, s)
	}
	return nil
}

// At returns the temperature at a step, from 0. It panics where there is no such
// shape, and where no positive finite temperature comes out.
func (s Schedule) At(step int) (tau float64) {
	every := max(s.Every, 1)
	t := float64(step / every * every)
	switch s.Shape {
	case Exponential, "":
		tau = math.Max(s.Least, s.First*math.Exp(-s.Fall*t))
	case Linear:
		tau = math.Max(s.Least, s.First*(1-s.Fall*t))
	case Stepwise:
		tau = math.Max(s.Least, s.First*math.Exp2(-math.Floor(s.Fall*t/math.Ln2)))
	case Slope:
		tau = math.Max(s.Least, s.First/(1+s.Fall*t))
	case Constant:
		tau = s.First
	default:
		panic(fmt.Sprintf("gumbel: a temperature cannot be %q", s.Shape))
	}
	if err := checkTau(tau); err != nil {
		panic(fmt.Sprintf("%v (step %d of %+v)", err, step, s))
	}
	return tau
}
