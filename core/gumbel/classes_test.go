package gumbel

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/lab"
)

func classCost(t *testing.T) *ClassCost {
	r := newRun(t, lab.Values{"windows": "3", "window": "0.001"})
	c, err := NewClassCost(r, ClassCostConfig{Images: crosses(300), Z: 2, Channels: 2, Batch: 4, LabelledBatch: 2, Device: cpu.Device(1)})
	if err != nil {
		t.Fatal(err)
	}
	r.Begin(bare{c})
	return c
}

// A step measures one number of classes, of which there are as many labels each, and
// leaves the others.
func TestClassCost(t *testing.T) {
	c := classCost(t)
	for step := range 3 {
		if bad := c.Iterate(); bad != "" {
			t.Fatal(bad + " is not finite")
		}
		for i := range ClassCounts {
			if measured := i <= step; measured != (c.Marginal[i] > 0) || measured != (c.Gumbel[i] > 0) {
				t.Fatalf("after step %d the rates are %v and %v", step+1, c.Marginal, c.Gumbel)
			}
		}
	}
	s := c.open(100, SemiGumbel)
	defer s.run.Close()
	counts := make([]int, 100)
	for _, y := range s.Train.Labels {
		counts[y]++
	}
	if slices.Min(counts) != 3 || slices.Max(counts) != 3 || c.Images.Labels[99] != 0 {
		t.Errorf("300 images have %v labels of each class", counts)
	}
	c.Images = c.Images.Slice(0, 99)
	if _, err := NewClassCost(newRun(t, nil), c.ClassCostConfig); err == nil || !strings.Contains(err.Error(), "99 images") {
		t.Errorf("99 images for 100 classes: %v", err)
	}
}

// The formula is of the networks' multiplications, counted by hand, and the work of a
// whole step keeps below it.
func TestClassRatio(t *testing.T) {
	c := classCost(t)
	// 8 by 8 pixels become 4, 2 and 1 place a side, with 2, 4 and 8 features.
	encoder, last := 16.*25*1*2+4*25*2*4+1*25*4*8, 8.
	for _, k := range []float64{2, 10, 100} {
		classify, infer := encoder+last*k, encoder+k*16*2+2*last*2
		generate := 2*last + k*last + 1*8*25*4 + 4*4*25*2 + 16*2*25*1
		want := (classify + k*(infer+generate)) / (classify + infer + generate)
		got := c.Ratio(int(k))
		if math.Abs(got.Formula-want) > 1e-9 {
			t.Errorf("%v classes: the formula gives %v, want %v", k, got.Formula, want)
		}
		if !(got.Step > 1 && got.Step < got.Formula) {
			t.Errorf("%v classes: the step's work is %v times, the formula's %v", k, got.Step, got.Formula)
		}
	}
}
