package figure

import (
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
)

// faces is a frame of a generator's images, whose left columns and right columns are 1 in
// the first and the last channel.
func faces(side, channels int) lab.Frame {
	images := func(n int) data.Tensor {
		t := data.Tensor{Shape: []int{n, side, side, channels}, Data: make([]float32, n*side*side*channels)}
		for p := range n * side * side {
			if p%side == 0 {
				t.Data[p*channels] = 1
			} else if p%side == side-1 {
				t.Data[p*channels+channels-1] = 1
			}
		}
		return t
	}
	return lab.Frame{Experiment: "wgan-mnist", Step: 12345, Tensors: map[string]data.Tensor{
		"samples": images(100), "real": images(20), "slopes": {Shape: []int{3}, Data: []float32{.5, 1, 2}}}}
}

// Each pixel of an image is a square of whole dots, nothing between its colours and its
// neighbours', and there are ten images and two or one real ones in a row.
func TestGenerated(t *testing.T) {
	for _, c := range []struct{ side, channels, scale, across, down int }{
		{28, 1, 3, 10 + 2, 10}, {32, 3, 3, 10 + 1, 10}, {64, 3, 1, 10 + 2, 10}, {128, 3, 1, 7 + 1, 10},
	} {
		f := faces(c.side, c.channels)
		f.Tensors["classes"] = data.Tensor{Shape: []int{1}, Data: []float32{10}}
		all := pictures(f)
		m := drawn(t, all, "samples")
		first, last := color.NRGBA{A: 255}, color.NRGBA{A: 255}
		if c.channels == 3 {
			first, last = color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255}
		}
		total := 0
		where(m, func(p color.NRGBA) bool { return p == first || p == last }, func(_, y int) {
			if y > 120 { // below the words
				total++
			}
		})
		if want := 2 * c.across * c.down * c.side * c.scale * c.scale; math.Abs(float64(total-want)) > .02*float64(want) {
			t.Errorf("%v: %d dots are of the colours of the images' edges, want %d", c, total, want)
		}
		if c.channels == 3 {
			blurred := count(m, func(p color.NRGBA) bool { return p.R > 20 && p.R < 235 && p.G < 20 && p.B < 20 })
			if blurred > 0 {
				t.Errorf("%v: %d dots are of no image's colour", c, blurred)
			}
		}
		b, err := all[0].svg()
		if err != nil || strings.Contains(string(b), "a class in each column") != (c.across-1 >= 10) {
			t.Errorf("%v: the classes are told wrongly, %v", c, err)
		}
	}
}

// The critic's losses are drawn with their sign changed, and only where there are some.
func TestCriticLoss(t *testing.T) {
	table := data.Table{Columns: []string{"step", "critic-loss", "validation-loss"}, Rows: [][]float64{{0, -8, -8}, {100, -5, -4.5}, {200, -4, -2}}}
	all := criticLoss(experiment.WGANMNIST, table)
	if len(all) != 1 {
		t.Fatalf("%d figures", len(all))
	}
	b, err := all[0].svg()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">training<", ">validation<", ">generator iterations<", ">negative critic loss<", ">8<", ">2<"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in it", want)
		}
	}
	for i := range table.Rows {
		table.Rows[i][1], table.Rows[i][2] = math.NaN(), math.NaN()
	}
	if all := criticLoss(experiment.WGANMNIST, table); all != nil {
		t.Error("there is a figure of nothing")
	}
}

// A sheet has a row of runs for each name, and is files of both kinds.
func TestSheet(t *testing.T) {
	run := func(red float32) data.Tensor {
		m := data.Tensor{Shape: []int{10, 8, 8, 3}}
		for i := range 10 * 8 * 8 {
			m.Data = append(m.Data, red, float32(i%8)/8, float32(i/64)/10)
		}
		return m
	}
	dir := t.TempDir()
	columns, rows := []string{"WGAN-GP (Adam)", "Weight clipping", "DCGAN", "LSGAN"}, []string{"baseline", "resnet-101"}
	all := [][]data.Tensor{{run(0), run(.3), run(.6), run(1)}, {run(1), run(.6), run(.3), run(0)}}
	if err := Sheet(filepath.Join(dir, "new"), "sheet", "Samples", columns, rows, all); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{".png", ".svg"} {
		if info, err := os.Stat(filepath.Join(dir, "new", "sheet"+end)); err != nil || info.Size() < 1000 {
			t.Errorf("sheet%s: %v, %v", end, info, err)
		}
	}
	if shots := os.Getenv("GANBEL_SHOTS"); shots != "" {
		if err := Sheet(shots, "sheet", "Samples of seven pairs of networks by four methods", columns, rows, all); err != nil {
			t.Fatal(err)
		}
	}
}
