// Package figure draws a run as PNG and SVG files, for slides and papers: the
// plane, the slopes and the warp of a WGAN, the digits, codes and simplex of a
// Gumbel-Softmax VAE, the images of a generator, and a chart of the metrics of each. It draws nothing that
// moves and knows no gradients. Colours are Okabe and Ito's, which are told apart
// with any colour vision.
package figure

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// Figures are 600 points wide, 8⅓ inches. A PNG has 1200 pixels, 144 an inch, and says
// so, so that programs place it at that width.
const (
	width = vg.Length(600)
	dpi   = 144
)

// A picture is one figure, in both formats.
type picture struct {
	name string // of the files, without their ends
	high vg.Length
	draw func(draw.Canvas)
}

// Write draws what the frame holds, and one chart for each Chart of e's metrics
// from a table with a column "step" and one a metric, with the floors that the frame
// tells, into DIR/NAME.png and
// DIR/NAME.svg. It makes the folder, replaces files whole or not at all, and leaves
// out what has no finite numbers. It panics where a tensor lacks the shape that
// lab.Frame tells; errors are those of files.
func Write(dir string, e *lab.Experiment, frame lab.Frame, table data.Table) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, p := range slices.Concat(pictures(frame), criticLoss(e, table), charts(e, frame, table)) {
		if err := p.write(dir); err != nil {
			return err
		}
	}
	return nil
}

// Still draws the first of the frame's pictures as a PNG file, 600 pixels wide, 72 an
// inch, for an animation; it is nil if the frame shows none.
func Still(frame lab.Frame) ([]byte, error) {
	for _, p := range pictures(frame) {
		return p.png(dpi / 2)
	}
	return nil, nil
}

// write draws the picture into files of both formats.
func (p picture) write(dir string) error {
	for _, format := range []struct {
		end  string
		draw func() ([]byte, error)
	}{{".png", func() ([]byte, error) { return p.png(dpi) }}, {".svg", p.svg}} {
		file, err := format.draw()
		if err == nil {
			err = data.WriteFile(filepath.Join(dir, p.name+format.end), file)
		}
		if err != nil {
			return fmt.Errorf("figure %s: %w", p.name+format.end, err)
		}
	}
	return nil
}

// pictures returns the figures of all that the frame holds in finite numbers.
func pictures(f lab.Frame) []picture {
	v := view{f}
	return slices.Concat(v.plane(), v.codes(), v.completions(), v.semi(), v.images(), v.gradients(), v.distributions(), v.values(), v.depth(), v.language())
}

func (p picture) png(dpi int) ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(width, p.high), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.White))
	p.draw(draw.New(c))
	var b bytes.Buffer
	_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(&b)
	if err != nil {
		return nil, err
	}
	return resolved(b.Bytes(), dpi), nil
}

// resolved returns a PNG file with a chunk pHYs, which gives its resolution: whole dots a
// metre, both ways.
func resolved(file []byte, dpi int) []byte {
	const header = 8 + 25 // the signature and IHDR, which comes first
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	chunk = append(chunk, "pHYs"...)
	for range 2 {
		chunk = binary.BigEndian.AppendUint32(chunk, uint32(math.Round(float64(dpi)/.0254)))
	}
	chunk = append(chunk, 1) // the unit is the metre
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(file[:header], chunk, file[header:])
}

// mend lets other fonts like Liberation Sans serve where that is not installed,
// and images fill their boxes, as they do in PNG.
var mend = strings.NewReplacer(
	"font-family:"+family+";", "font-family:"+family+",Arimo,Arial,Helvetica,sans-serif;",
	"font-family:Liberation Mono;", "font-family:Liberation Mono,Cousine,Courier New,monospace;",
	"<image ", `<image preserveAspectRatio="none" `,
)

func (p picture) svg() ([]byte, error) {
	c := vgsvg.New(width, p.high)
	area := draw.New(c)
	area.FillPolygon(color.White, corners(area.Rectangle))
	p.draw(area)
	var b bytes.Buffer
	_, err := c.WriteTo(&b)
	return []byte(mend.Replace(b.String())), err
}

// corners returns a rectangle as a polygon.
func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

// A view reads a frame's tensors.
type view struct{ lab.Frame }

// take returns a tensor's numbers, or nil where the frame lacks it or not all of
// it is finite. It panics where its shape is not as told; -1 stands for any size.
func (v view) take(name string, shape ...int) []float32 {
	t, ok := v.Tensors[name]
	if !ok {
		return nil
	}
	n, fits := 1, len(t.Shape) == len(shape)
	for i, d := range t.Shape {
		n *= d
		fits = fits && (shape[i] < 0 || shape[i] == d)
	}
	if !fits || n != len(t.Data) {
		panic(fmt.Sprintf("figure: %s has shape %v and %d numbers, want %v", name, t.Shape, len(t.Data), shape))
	}
	for _, x := range t.Data {
		if x-x != 0 {
			return nil
		}
	}
	return t.Data
}

// side returns the first size of a tensor, 0 where the frame lacks it.
func (v view) side(name string) int {
	if t, ok := v.Tensors[name]; ok && len(t.Shape) > 0 {
		return t.Shape[0]
	}
	return 0
}

// last returns the last size of a tensor, 0 where the frame lacks it.
func (v view) last(name string) int {
	if t, ok := v.Tensors[name]; ok && len(t.Shape) > 0 {
		return t.Shape[len(t.Shape)-1]
	}
	return 0
}

// at returns the name of a picture with the frame's data and step.
func (v view) at(title string) string {
	if v.Data != "" {
		title += ", " + shortened(v.Data)
	}
	return title + ", step " + number(float64(v.Step), 1)
}

// shortened returns a name that is not too long for a title.
func shortened(name string) string {
	const most = 32 // letters
	if all := []rune(name); len(all) > most {
		return string(all[:most-1]) + "…"
	}
	return name
}
