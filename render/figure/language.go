package figure

import (
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ganbel/core/data"
)

// language returns what a frame of text shows: generated lines beside real ones.
func (v view) language() []picture {
	letters, lines, real := v.take("letters", -1), v.take("text", -1, -1), v.take("text-real", -1, -1)
	if letters == nil || lines == nil || real == nil {
		return nil
	}
	const gap, row, mono = 16, 1.35 * letter, .6001 // the font's letters are .6 of its size wide
	rows, length := min(v.side("text"), v.side("text-real")), v.Tensors["text"].Shape[1]
	return []picture{{"text", 2*margin + headHigh + vg.Length(rows+1)*row, func(c draw.Canvas) {
		c = head(c, v.at("Generated lines, and lines of the text"))
		column := (c.Size().X - gap) / 2
		look := style(text.XLeft, text.YTop)
		look.Font.Variant = "Mono"
		look.Font.Size = min(column/(vg.Length(length)*mono), letter)
		for k, codes := range [][]float32{lines, real} {
			x := c.Min.X + vg.Length(k)*(column+gap)
			c.FillText(style(text.XLeft, text.YTop), vg.Point{X: x, Y: c.Max.Y}, []string{"generated", "real"}[k])
			for i := range rows {
				var b strings.Builder
				for _, code := range codes[i*length:][:length] {
					b.WriteRune(rune(letters[int(code)]))
				}
				// SVG would make one of several spaces.
				line := strings.ReplaceAll(strings.TrimRight(b.String(), string(data.Pad)), " ", "\u00a0")
				c.FillText(look, vg.Point{X: x, Y: c.Max.Y - vg.Length(i+1)*row}, line)
			}
		}
	}}}
}
