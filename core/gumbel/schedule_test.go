package gumbel

import (
	"math"
	"testing"
)

func TestSchedule(t *testing.T) {
	for rate, step := range map[float64]float64{1e-5: 69314.7, 1e-4: 6931.5, 3e-5: 23104.9} {
		s := Schedule{First: 1, Least: .5, Fall: rate, Every: 1}
		if before, after := s.At(int(step)-20), s.At(int(step)+20); !(before > .5) || after != .5 {
			t.Errorf("rate %v: τ is %v before and %v after step %v", rate, before, after, step)
		}
	}
	if s := (Schedule{First: 1, Least: .5, Fall: 3e-5, Every: 1000}); s.At(1999) != s.At(1000) || s.At(2000) == s.At(1999) {
		t.Error("the temperature must change every 1000 steps, and only then")
	}
}

// A temperature that is none is told where it would be used.
func TestScheduleRefuses(t *testing.T) {
	for _, s := range []Schedule{{}, {First: math.NaN(), Least: .5}, {First: 1, Shape: "cosine"}, {First: -1}, {First: 1, Fall: .01, Shape: Linear}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v gives %v", s, s.At(100))
				}
			}()
			s.At(100)
		}()
	}
}
