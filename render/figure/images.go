package figure

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"os"
	"slices"

	xdraw "golang.org/x/image/draw"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"

	"ganbel/core/data"
	"ganbel/core/lab"
)

const (
	pixel   = 72 / vg.Length(dpi) // of the PNG
	across  = 10                  // generated images in a row, as the paper prints them
	between = 4                   // dots between images
	apart   = 28                  // dots between generated images and real ones
)

// images draws the samples of a generator of images and beside them real ones.
// Every pixel of an image is a square of whole dots. Where the networks know classes,
// each has its column, as in figure 6.
func (v view) images() (all []picture) {
	if len(v.Tensors["samples"].Shape) != 4 { // those of gumbel-distributions are no images
		return nil
	}
	if v.take("samples", -1, -1, -1, -1) == nil || v.take("real", -1, -1, -1, -1) == nil {
		return nil
	}
	samples, real := v.Tensors["samples"], v.Tensors["real"]
	cols := samples.Shape[2]
	const room = int((width-2*margin)/pixel) - apart
	// The most dots a pixel, then the most images in a row, then two columns of real ones.
	columns, beside, scale := 1, 1, 0
	wanted := []int{across, 9, 8, 7, 6, 5, 4, 3, 2, 1}
	classes := 0
	if k := v.take("classes", 1); k != nil && k[0] >= 1 {
		classes = int(k[0]) // the columns, or as many times that as are usual
		wanted = append([]int{max(across/classes, 1) * classes}, wanted...)
	}
	for _, n := range wanted {
		for _, more := range []int{2, 1} {
			if k := (room/(n+more) - between) / cols; k > scale {
				columns, beside, scale = n, more, k
			}
		}
		if scale > 0 {
			break
		}
	}
	scale = max(1, scale)
	down := min(across, (samples.Shape[0]+columns-1)/columns)
	made := v.tiles(samples, columns, down, scale)
	given := v.tiles(real, beside, down, scale)
	name := "generated"
	if classes > 0 && columns%classes == 0 {
		name = "generated, a class in each column"
	}
	const top = 1.5 * letter
	high := vg.Length(made.Bounds().Dy()) * pixel
	all = append(all, picture{"samples", 2*margin + headHigh + top + high, func(c vgdraw.Canvas) {
		c = head(c, v.at("Samples"))
		put := func(m image.Image, x vg.Length, words string) {
			w, h := vg.Length(m.Bounds().Dx())*pixel, vg.Length(m.Bounds().Dy())*pixel
			c.FillText(style(text.XLeft, text.YTop), vg.Point{X: x, Y: c.Max.Y}, words)
			above := c.Min.Y + high // whole dots above the foot
			c.DrawImage(vg.Rectangle{Min: vg.Point{X: x, Y: above - h}, Max: vg.Point{X: x + w, Y: above}}, m)
		}
		put(made, c.Min.X, name)
		put(given, c.Min.X+vg.Length(made.Bounds().Dx()+apart)*pixel, "real")
	}})
	if norms := v.take("slopes", -1); len(norms) > 0 {
		all = append(all, v.histogram(norms))
	}
	return all
}

// tiles lays the first images of a tensor (n, rows, cols, channels) out in rows, each
// pixel scale dots wide. One channel is ink on paper, as the other figures have it;
// three are red, green and blue.
func (v view) tiles(t data.Tensor, columns, rows, scale int) image.Image {
	n, high, wide, channels := t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3]
	rows = min(rows, (n+columns-1)/columns)
	stepX, stepY := wide*scale+between, high*scale+between
	all := image.NewNRGBA(image.Rect(0, 0, columns*stepX-between, rows*stepY-between))
	paper := color.NRGBA{255, 255, 255, 255}
	if channels == 1 {
		paper = faint
	}
	draw.Draw(all, all.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	one := image.NewNRGBA(image.Rect(0, 0, wide, high))
	for i := range min(n, rows*columns) {
		for p := range high * wide {
			at := t.Data[(i*high*wide+p)*channels:][:channels]
			level := func(c int) uint8 { return uint8(255*max(0, min(at[c], 1)) + .5) }
			shade := color.NRGBA{A: 255}
			if channels == 1 {
				shade.R = 255 - level(0)
				shade.G, shade.B = shade.R, shade.R
			} else {
				shade.R, shade.G, shade.B = level(0), level(1), level(2)
			}
			one.SetNRGBA(p%wide, p/wide, shade)
		}
		corner := image.Pt(i%columns*stepX, i/columns*stepY)
		xdraw.NearestNeighbor.Scale(all, image.Rectangle{corner, corner.Add(image.Pt(wide*scale, high*scale))}, one, one.Bounds(), draw.Src, nil)
	}
	return all
}

// criticLoss draws the critic's losses with the sign changed, on training and on
// validation examples, as figure 5 has them: they fall as samples get better, and part
// where the critic overfits. There is none of a run without validation losses.
func criticLoss(e *lab.Experiment, t data.Table) []picture {
	steps := t.Column("step")
	var all []series
	for _, of := range []struct{ column, name string }{{"critic-loss", "training"}, {"validation-loss", "validation"}} {
		s := series{lab.Metric{Title: of.name}, steps, t.Column(of.column), math.NaN()}
		if !slices.ContainsFunc(s.value, finite) {
			continue
		}
		for i := range s.value {
			s.value[i] = -s.value[i]
		}
		all = append(all, s)
	}
	if t.Column("validation-loss") == nil || len(all) == 0 {
		return nil
	}
	return []picture{{"critic-loss", 420, func(c vgdraw.Canvas) {
		p := axes("generator iterations", "negative critic loss")
		p.X.Min, p.X.Max = 0, max(1, steps[len(steps)-1])
		var key []entry
		looks := looks("critic-loss", "validation-loss")
		for i, s := range all {
			p.Add(line(s, looks[i]))
			key = append(key, entry{s.metric.Title, &plotter.Line{LineStyle: looks[i]}})
		}
		scale(p, all)
		p.Y.Scale, p.Y.Tick.Marker = plot.LinearScale{}, ticker(5)
		c = head(c, e.Title+": negative critic loss", key...)
		p.Draw(c)
	}}}
}

// Sheet draws, into DIR/NAME.png and DIR/NAME.svg, eight images of each of many runs,
// tensors (n, rows, cols, channels) in [0, 1] of one size: a row of runs for each of
// rows, and in it one for each of columns. It makes the folder; errors are those of
// files.
func Sheet(dir, name, title string, columns, rows []string, images [][]data.Tensor) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return sheet(name, title, columns, rows, images).write(dir)
}

func sheet(name, title string, columns, rows []string, images [][]data.Tensor) picture {
	const side, gap, label = 4, 10, 80 // images of a run in a row; between runs; for a row's name
	cell := (width - 2*margin - label - vg.Length(len(columns)-1)*gap) / vg.Length(len(columns))
	high := cell / 2
	return picture{name, 2*margin + headHigh + 1.5*letter + vg.Length(len(rows))*(high+gap), func(c vgdraw.Canvas) {
		c = head(c, title)
		for j, name := range columns {
			c.FillText(style(text.XLeft, text.YTop), vg.Point{X: c.Min.X + label + vg.Length(j)*(cell+gap), Y: c.Max.Y}, name)
		}
		for i, name := range rows {
			top := c.Max.Y - 1.5*letter - vg.Length(i)*(high+gap)
			c.FillText(style(text.XLeft, text.YCenter), vg.Point{X: c.Min.X, Y: top - high/2}, name)
			for j, t := range images[i] {
				x := c.Min.X + label + vg.Length(j)*(cell+gap)
				c.DrawImage(vg.Rectangle{Min: vg.Point{X: x, Y: top - high}, Max: vg.Point{X: x + cell, Y: top}}, view{}.tiles(t, side, side/2, 1))
			}
		}
	}}
}
