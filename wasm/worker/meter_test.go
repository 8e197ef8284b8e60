//go:build js

package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"ganbel/core/train"
)

// paced is a model whose iterations and measurements have given durations, by its own
// clock. The first measurement takes longer.
type paced struct {
	train.Model
	run                *train.Run
	clock              *time.Time
	iteration, measure time.Duration
	first              time.Duration

	seen    int           // step of the last measurement
	ahead   time.Time     // when the iteration after it began
	trained time.Duration // since it

	lags, between []time.Duration // from one measurement to the next: by the clock, and of training
}

func (p *paced) Iterate() string {
	if p.run.Step() == p.seen {
		p.ahead = *p.clock
	}
	*p.clock = p.clock.Add(p.iteration)
	p.trained += p.iteration
	p.run.Finish()
	return ""
}

func (p *paced) Measure() []float64 {
	*p.clock = p.clock.Add(p.measure + p.first)
	p.first = 0
	if p.run.Step() > p.seen {
		p.lags, p.between = append(p.lags, p.clock.Sub(p.ahead)), append(p.between, p.trained)
	}
	p.seen, p.trained = p.run.Step(), 0
	return []float64{float64(p.seen)}
}

// While a run trains the page's numbers lag by at most a second or one iteration; a
// measurement that takes most of a second itself leaves a second to the training.
// Rows are at all multiples of the preset's interval, and only there.
func TestMeter(t *testing.T) {
	const every = 50
	for _, c := range []struct{ iteration, measure, first time.Duration }{
		{5 * time.Millisecond, time.Millisecond, 0},
		{5 * time.Millisecond, 20 * time.Millisecond, 3 * time.Second}, // it warms up
		{40 * time.Millisecond, 100 * time.Millisecond, 0},
		{40 * time.Millisecond, 450 * time.Millisecond, 10 * time.Second},
		{10 * time.Millisecond, 2 * time.Second, 0},
		{3 * time.Second, 100 * time.Millisecond, 0},
		{3 * time.Second, 5 * time.Second, 0},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			p := newPage(t)
			clock := time.Now()
			p.w.now = func() time.Time { return clock }
			p.say(small(nil))
			run := &paced{Model: p.w.runs[0].Model, run: p.w.runs[0], clock: &clock, iteration: c.iteration, measure: c.measure, first: c.first}
			p.w.runs[0].Model = run
			p.w.meter, p.w.measured, p.heard = meter{every: every}, -1, nil
			p.w.rest()
			p.say(map[string]any{"cmd": "play", "speed": 0})
			began := clock
			for clock.Sub(began) < 4*time.Minute || run.run.Step() < 2*every {
				p.w.guard(p.w.work)
			}
			took := clock.Sub(began)
			p.say(map[string]any{"cmd": "pause"})

			var steps, rows, want []int
			for _, m := range p.heard {
				switch m.Get("type").String() {
				case "metrics":
					step := m.Get("step").Int()
					if m.Get("runs").Index(0).Index(0).Int() != step {
						t.Errorf("the numbers of step %v are said to be of step %d", m.Get("runs").Index(0).Index(0), step)
					}
					steps = append(steps, step)
					if m.Get("row").Bool() {
						rows = append(rows, step)
					}
				case "error":
					t.Fatal(m.Get("message").String())
				}
			}
			for step := 0; step <= run.run.Step(); step += every {
				want = append(want, step)
			}
			if !slices.Equal(rows, want) || len(want) < 2 {
				t.Errorf("rows are at %v, and the run at step %d", rows, run.run.Step())
			}
			// Paused, it is measured at its step.
			if steps[len(steps)-1] != run.run.Step() || !slices.IsSorted(steps) || len(slices.Compact(slices.Clone(steps))) != len(steps) {
				t.Errorf("it stands at step %d, and was measured at %v", run.run.Step(), steps)
			}
			if worst := slices.Max(run.between); worst > max(mostLag, c.iteration) {
				t.Errorf("it trained for %v without being measured", worst)
			}
			if worst := slices.Max(run.lags); c.iteration < mostLag && c.measure < mostLag/2 && worst > mostLag {
				t.Errorf("the numbers were %v old", worst)
			}
			// A cheap measurement takes a small part of the time.
			if n := len(steps) - len(rows); c.measure <= 20*time.Millisecond && time.Duration(n)*c.measure > took/metricsShare {
				t.Errorf("%d measurements between rows", n)
			}
		})
	}
}

// The rows of a run are the same however it is paused, stepped, saved or measured between
// them, and two runs have the same numbers in them.
func TestRows(t *testing.T) {
	rows := func(disturb func(p *page, i int)) (rows map[int]float64) {
		p := newPage(t)
		p.say(small(nil))
		rows = map[int]float64{}
		for i := 0; p.w.step() < 120; i++ {
			disturb(p, i)
		}
		for _, m := range p.heard {
			if m.Get("type").String() == "metrics" && m.Get("row").Bool() {
				rows[m.Get("step").Int()] = m.Get("runs").Index(0).Index(4).Float() // W₁
			}
		}
		p.say(map[string]any{"cmd": "pause"})
		return rows
	}
	stepped := rows(func(p *page, _ int) {
		p.say(map[string]any{"cmd": "step", "n": 1})
		p.w.guard(p.w.work)
	})
	clock := time.Now()
	disturbed := rows(func(p *page, i int) {
		p.w.now = func() time.Time { return clock }
		if i%7 == 0 {
			p.say(map[string]any{"cmd": "play", "speed": 20})
		}
		p.w.guard(p.w.work)
		clock = clock.Add(130 * time.Millisecond)
		if i%5 == 0 {
			p.say(map[string]any{"cmd": "save"})
		}
		if i%11 == 0 {
			p.say(map[string]any{"cmd": "pause"})
			p.say(map[string]any{"cmd": "set", "name": "lambda", "value": "0.1"})
			p.say(map[string]any{"cmd": "play", "speed": 20})
		}
	})
	if len(stepped) != 3 || len(disturbed) != 3 {
		t.Errorf("rows %v and %v: they should be at 0, 50 and 100", stepped, disturbed)
	}
	for _, step := range []int{0, 50, 100} {
		if a, ok := stepped[step]; !ok || a != disturbed[step] {
			t.Errorf("at step %d W₁ is %v and %v", step, a, disturbed[step])
		}
	}
}

// A paused run is measured whenever its numbers change, but only a step that training
// reached is a row.
func TestStill(t *testing.T) {
	p := newPage(t)
	p.say(small(nil))
	clock := time.Now() // no time passes, and nothing is due
	p.w.now = func() time.Time { return clock }
	known := 0 // the step of the page's numbers
	measured := func(say map[string]any) (step, row, all int) {
		t.Helper()
		p.heard = nil
		p.say(say)
		for p.w.left > 0 {
			p.w.guard(p.w.work)
		}
		step = -1
		for _, m := range p.heard {
			switch m.Get("type").String() {
			case "metrics":
				step = m.Get("step").Int()
				known = step
				all++
				if m.Get("row").Bool() {
					row++
				}
			case "state":
				if at := m.Get("step").Int(); !m.Get("playing").Bool() && known != at {
					t.Errorf("it stands at step %d before the numbers of that step came", at)
				}
			case "error":
				t.Error(m.Get("message").String())
			}
		}
		return step, row, all
	}
	for _, c := range []struct {
		what           string
		say            map[string]any
		step, row, all int
	}{
		{"steps", map[string]any{"cmd": "step", "n": 50}, 50, 1, 1},
		{"a pause of what stands", map[string]any{"cmd": "pause"}, -1, 0, 0},
		{"another setting", map[string]any{"cmd": "set", "name": "lambda", "value": "5"}, 50, 1, 1},
		{"other data", map[string]any{"cmd": "do", "id": 1, "run": 0, "action": "move-modes", "tensors": map[string]any{
			"modes": map[string]any{"shape": []any{8, 2}, "data": []any{1, 0, 0, 1, -1, 0, 0, -1, 2, 0, 0, 2, -2, 0, 0, -2}}}}, 50, 0, 1},
		{"a critic step", map[string]any{"cmd": "do", "id": 2, "run": 0, "action": "critic-step", "tensors": map[string]any{}}, 50, 0, 1},
		{"the rest of the iteration", map[string]any{"cmd": "step", "n": 1}, 51, 0, 1},
		{"saving", map[string]any{"cmd": "save"}, -1, 0, 0},
	} {
		step, row, all := measured(c.say)
		if step != c.step || row != c.row || all != c.all {
			t.Errorf("%s: %d measurements, %d of them rows, the last of step %d", c.what, all, row, step)
		}
	}
}
