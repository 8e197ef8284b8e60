package figure

import (
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ganbel/core/data"
)

// completions draws a row of each test digit: the upper half that was given, the
// mean completion, some samples, and the digit as it is. A line parts what was
// given from what was completed.
func (v view) completions() (all []picture) {
	digits, mean := v.take("digits", -1, -1, -1), v.take("mean", -1, -1, -1)
	samples := v.take("completions", -1, -1, -1, -1)
	if digits == nil || mean == nil || samples == nil {
		return nil
	}
	n, k := v.side("digits"), v.Tensors["completions"].Shape[1]
	size := len(digits) / n
	// tile draws images by name: all are laid out as one tensor of images.
	rows, cols := v.Tensors["digits"].Shape[1], v.Tensors["digits"].Shape[2]
	flat := v.Tensors["completions"]
	flat.Shape = []int{n * k, rows, cols}
	given := v.Tensors["digits"]
	given.Data = append([]float32(nil), digits...)
	for i := range n {
		clear(given.Data[i*size+size/2 : (i+1)*size])
	}
	drawn := view{v.Frame}
	drawn.Tensors = map[string]data.Tensor{"digits": v.Tensors["digits"], "mean": v.Tensors["mean"], "samples": flat, "given": given}
	const gap, apart = vg.Length(4), vg.Length(14)
	columns := k + 3
	each := (width - 2*margin - 3*apart - vg.Length(columns-4)*gap) / vg.Length(columns)
	top := 1.5 * letter
	return []picture{{"completions", 2*margin + headHigh + top + vg.Length(n)*(each+gap) - gap, func(c draw.Canvas) {
		c = head(c, v.at("Lower halves completed from the upper"))
		x := c.Min.X
		s := style(text.XCenter, text.YTop)
		s.Font.Size = letter - 3
		column := func(name, title string, of func(i int) int, half bool, after vg.Length) {
			c.FillText(s, vg.Point{X: x + each/2, Y: c.Max.Y}, title)
			for i := range n {
				y := c.Max.Y - top - vg.Length(i)*(each+gap)
				drawn.tile(c, name, of(i), vg.Rectangle{Min: vg.Point{X: x, Y: y - each}, Max: vg.Point{X: x + each, Y: y}})
				if half {
					c.StrokeLine2(draw.LineStyle{Color: color.Color(vermillion), Width: 1.2}, x, y-each/2, x+each, y-each/2)
				}
			}
			x += each + after
		}
		same := func(i int) int { return i }
		column("given", "given", same, true, apart)
		column("mean", "mean", same, true, apart)
		for j := range k {
			title, after := "", gap
			if j == 0 {
				title = "samples"
			}
			if j == k-1 {
				after = apart
			}
			column("samples", title, func(i int) int { return i*k + j }, true, after)
		}
		column("digits", "digit", same, false, 0)
	}}}
}
