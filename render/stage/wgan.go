package stage

import (
	"fmt"
	"math"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"ganbel/core/data"
)

const (
	slowest   = 120 * time.Millisecond // that a point takes to its next place
	logBounds = 4                      // the logarithm of the gradient norm, base 2, is kept within these
)

// wgan is what is known of a WGAN run, and the plane that shows it.
type wgan struct {
	plane
	view             float64
	real, fake, from []float32 // x, y pairs; fake points are on their way from from
	began            time.Time
	span             time.Duration // of that way
	warp             []float32
	warpSide         int
	descent          []float32 // ∇D at each fake point
	modes, noise     []float32
	batch            [3][]float32 // real and fake points of the last critic step, and x̂ between them
	batchSlope       []float32    // ‖∇D(x̂)‖

	field
	texture, shade *ebiten.Image // the field packed for the shader, and as paint made it
}

// The parts of a batch.
const (
	batchReal = iota
	batchFake
	batchMix
)

// after returns what is known once a run's tensors came, and what its fields reach.
func (g *wgan) after(tensors map[string]data.Tensor, calm bool, now time.Time) (*wgan, *Ranges, error) {
	next := &wgan{plane: g.plane, view: g.view, texture: g.texture, shade: g.shade}
	if t, err := take(tensors, "view", 1); err != nil {
		return nil, nil, err
	} else if v := float64(t.Data[0]); v > 0 && v < math.Inf(1) {
		next.view = v
	}
	for name, to := range map[string]*[]float32{
		"real": &next.real, "fake": &next.fake, "descent": &next.descent, "modes": &next.modes, "batch-noise": &next.noise,
		"batch-real": &next.batch[batchReal], "batch-fake": &next.batch[batchFake], "batch-mix": &next.batch[batchMix],
	} {
		if len(tensors[name].Data) == 0 {
			continue
		}
		t, err := take(tensors, name, -1, 2)
		if err != nil {
			return nil, nil, err
		}
		*to = t.Data
	}
	if next.descent != nil && len(next.descent) != len(next.fake) {
		return nil, nil, fmt.Errorf("the frame's tensor %q has %d rows and %q has %d; they should be as many", "descent", len(next.descent)/2, "fake", len(next.fake)/2)
	}
	if next.batch[batchMix] != nil {
		rows := len(next.batch[batchMix]) / 2
		for i, name := range []string{"batch-real", "batch-fake"} {
			if len(next.batch[i]) != 2*rows {
				return nil, nil, fmt.Errorf("the frame's tensor %q has %d rows and %q has %d; they should be as many", name, len(next.batch[i])/2, "batch-mix", rows)
			}
		}
		t, err := take(tensors, "batch-slope", rows)
		if err != nil {
			return nil, nil, err
		}
		next.batchSlope = t.Data
	}
	if _, ok := tensors["warp"]; ok {
		t, err := take(tensors, "warp", -1, -1, 2)
		if err != nil {
			return nil, nil, err
		}
		if t.Shape[0] == t.Shape[1] {
			next.warp, next.warpSide = t.Data, t.Shape[0]
		}
	}
	var ranges *Ranges
	if _, ok := tensors["critic"]; ok {
		critic, err := take(tensors, "critic", -1, -1)
		if err != nil {
			return nil, nil, err
		}
		side := critic.Shape[0]
		if critic, err = take(tensors, "critic", side, side); err != nil {
			return nil, nil, err
		}
		slope, err := take(tensors, "slope", side, side)
		if err != nil {
			return nil, nil, err
		}
		if side > 1 {
			ranges = reach(critic.Data, slope.Data, next.take(critic.Data, slope.Data, side))
		}
	}
	if !calm && len(g.fake) == len(next.fake) && g.view == next.view {
		next.from = g.places(now)
		next.span = min(now.Sub(g.began), slowest)
		if far(next.from, next.fake) > next.view/4 {
			next.span = 0 // other points, not the same ones moved
		}
	}
	next.began = now
	return next, ranges, nil
}

// drop gives the images back.
func (g *wgan) drop() {
	for _, m := range []**ebiten.Image{&g.texture, &g.shade} {
		if *m != nil {
			(*m).Deallocate()
			*m = nil
		}
	}
}

// showRuns takes a frame of WGAN runs.
func (s *Stage) showRuns(runs []map[string]data.Tensor, now time.Time) error {
	next := make([]*wgan, len(runs))
	var first *Ranges
	for i, tensors := range runs {
		before := &wgan{view: 2}
		if i < len(s.runs) {
			before = s.runs[i]
		}
		g, ranges, err := before.after(tensors, s.calm || s.slow, now)
		if err != nil {
			return ofRun(i, len(runs), err)
		}
		next[i] = g
		if i == 0 {
			first = ranges
		}
	}
	for _, g := range s.runs[min(len(next), len(s.runs)):] {
		g.drop()
	}
	s.runs = next
	s.subtract()
	if s.listener.Ranges != nil && first != nil {
		s.listener.Ranges(*first)
	}
	return nil
}

// ofRun adds the number of run i to an error, if there are several runs.
func ofRun(i, runs int, err error) error {
	if runs > 1 {
		return fmt.Errorf("run %d: %w", i+1, err)
	}
	return err
}

// subtract makes the difference of the first two runs' critics, where there are
// just two on the same part of the plane.
func (s *Stage) subtract() {
	if s.difference != nil {
		s.difference.drop()
		s.difference = nil
	}
	if len(s.runs) != 2 || s.off["difference"] {
		return
	}
	a, b := s.runs[0], s.runs[1]
	if a.critic == nil || len(a.critic) != len(b.critic) || a.view != b.view {
		return
	}
	d := make([]float32, len(a.critic))
	for i, v := range a.critic {
		d[i] = v - b.critic[i]
	}
	s.difference = &wgan{view: a.view}
	s.difference.takeDifference(d, a.lattice)
}

// places returns where the fake points are at a time.
func (g *wgan) places(now time.Time) []float32 {
	t := float32(1)
	if passed := now.Sub(g.began); passed < g.span {
		t = float32(passed) / float32(g.span)
	}
	if t >= 1 {
		return g.fake
	}
	out := make([]float32, len(g.fake))
	for i, v := range g.fake {
		out[i] = g.from[i] + t*(v-g.from[i])
	}
	return out
}

// far returns the mean distance along one axis between points and their next places.
func far(from, to []float32) float64 {
	sum := 0.
	for i, v := range to {
		sum += math.Abs(float64(v - from[i]))
	}
	return sum / float64(max(1, len(to)))
}
