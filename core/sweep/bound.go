package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/record"
)

// A result is what a run's bound was at a step.
type result struct {
	Step, Draws, Digits int
	Validation          bool
	Bound, Mean         float64 // nats a digit, lower is better
	Error               float64 // standard error of Bound over digits
}

// bound returns a run's bound, which it keeps in the run's folder: at want's step if it
// is known there, else at the run's own.
func (g *Grid) bound(ctx context.Context, c cell, dir string, want result) (result, error) {
	release, err := record.Own(dir, g.Log)
	if err != nil {
		return want, err
	}
	defer release()
	file := filepath.Join(dir, "bounds.json")
	var known []result
	if b, err := os.ReadFile(file); err == nil {
		if err := json.Unmarshal(b, &known); err != nil {
			return want, fmt.Errorf("%s: %w: remove it to measure anew", file, err)
		}
	}
	find := func() int {
		return slices.IndexFunc(known, func(r result) bool {
			return r.Step == want.Step && r.Draws == want.Draws && r.Digits == want.Digits && r.Validation == want.Validation
		})
	}
	if i := find(); i >= 0 {
		return known[i], nil
	}
	s, err := record.Read(dir)
	if err != nil {
		return want, err
	}
	if want.Step, err = strconv.Atoi(s.Meta["step"]); err != nil {
		return want, err
	}
	if i := find(); i >= 0 {
		return known[i], nil
	}
	values := lab.Values{}
	for name, text := range s.Meta {
		if name, ok := strings.CutPrefix(name, "set."); ok {
			values[name] = text
		}
	}
	run, err := experiment.Open(c.experiment(), values, g.World)
	if err != nil {
		return want, err
	}
	defer run.Close()
	if err := run.Load(s); err != nil {
		return want, err
	}
	one := func(n int) data.Tensor { return data.Tensor{Shape: []int{1}, Data: []float32{float32(n)}} }
	validation := 0
	if want.Validation {
		validation = 1
	}
	var bounds, means []float64
	for from := 0; from < want.Digits; from += 100 {
		if ctx.Err() != nil {
			return want, ctx.Err()
		}
		out, err := run.Do("bound", map[string]data.Tensor{"from": one(from), "count": one(100), "draws": one(want.Draws), "validation": one(validation)})
		if err != nil {
			return want, err
		}
		for i, x := range out["bound"].Data {
			bounds, means = append(bounds, -float64(x)), append(means, -float64(out["mean"].Data[i]))
		}
	}
	want.Bound, want.Error = measure.MeanError(bounds)
	want.Mean, _ = measure.MeanError(means)
	if !measure.Finite([]float64{want.Bound, want.Mean, want.Error}) {
		return want, fmt.Errorf("%s: the bound of %d digits is not finite: a chance that is 0 was drawn, or %d digits are too few", dir, want.Digits, want.Digits)
	}
	b, err := json.Marshal(append(known, want))
	if err == nil {
		err = data.WriteFile(file, append(b, '\n'))
	}
	return want, err
}
