package figure

import (
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// Lines stand beside each other as they read, without what fills short ones, and letters
// that XML knows otherwise come through.
func TestText(t *testing.T) {
	codes := func(v ...float32) data.Tensor { return data.Tensor{Shape: []int{len(v) / 4, 4}, Data: v} }
	f := lab.Frame{Experiment: "wgan-language", Step: 7, Tensors: map[string]data.Tensor{
		"letters": {Shape: []int{6}, Data: []float32{0xfffd, '`', ' ', 'a', '<', 'ß'}},
		"text":    codes(3, 2, 2, 4, 5, 3, 1, 1, 3, 3, 3, 3), "text-real": codes(4, 5, 5, 5, 1, 1, 1, 1),
	}}
	all := pictures(f)
	if len(all) != 1 || all[0].name != "text" {
		t.Fatalf("drew %v", names(all))
	}
	b, err := all[0].svg()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">a\u00a0\u00a0&lt;<", ">ßa<", ">&lt;ßßß<", "Liberation Mono,"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in it", want)
		}
	}
	if strings.Contains(string(b), "aaaa") {
		t.Error("a line is drawn that has none beside it")
	}
}

// A floor is a line of its own, and the axis goes down to it.
func TestFloor(t *testing.T) {
	e := &lab.Experiment{Metrics: []lab.Metric{{Name: "a", Title: "A", Chart: "c"}}}
	tab := data.Table{Columns: []string{"step", "a"}, Rows: [][]float64{{0, .5}, {1, .4}}}
	lines := func(f lab.Frame) int {
		b, err := charts(e, f, tab)[0].svg()
		if err != nil {
			t.Fatal(err)
		}
		if floor := len(f.Tensors) > 0; floor != strings.Contains(string(b), ">at best<") || floor != strings.Contains(string(b), ">0.1<") {
			t.Errorf("with a floor %v the key or the axis is wrong", floor)
		}
		return strings.Count(string(b), "stroke:#0072B2")
	}
	without := lines(lab.Frame{})
	if with := lines(lab.Frame{Tensors: map[string]data.Tensor{"floor-a": {Shape: []int{1}, Data: []float32{.1}}}}); with != without+1 {
		t.Errorf("%d lines with a floor, %d without", with, without)
	}
}
