package figure

import (
	"image/color"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// hues are those of families of lines, and how far the shades of a family with several
// go from its hue towards black and towards white: all are legible on white. Sky is left
// out because its hue is that of blue; olive is Paul Tol's.
var hues = []struct {
	colour      color.NRGBA
	dark, light float64
}{{blue, .5, .35}, {vermillion, .45, .3}, {green, .5, .2}, {purple, .55, 0}, {orange, .5, 0}, {olive, .5, 0}, {ink, 0, .55}}

// olive is apart from the other hues with any colour vision.
var olive = rgb(0x999933)

// looks returns how the lines of these names look. Lines of one family have shades of
// one hue, from dark to light in their order: what is known of training and of held-out
// data, n-grams of all lengths, a method with several settings. All differ by dashes
// as well as by colour, so that they can be distinguished with any colour vision.
func looks(names ...string) []draw.LineStyle {
	dashes := [][]vg.Length{nil, {7, 3}, {2, 2}, {9, 3, 2, 3}}
	var order []string
	members := map[string]int{}
	for _, name := range names {
		f := familyOf(name)
		if members[f] == 0 {
			order = append(order, f)
		}
		members[f]++
	}
	seen := map[string]int{}
	all := make([]draw.LineStyle, len(names))
	for i, name := range names {
		f := familyOf(name)
		hue := hues[slices.Index(order, f)%len(hues)]
		all[i] = draw.LineStyle{Color: shade(hue.colour, hue.dark, hue.light, seen[f], members[f]), Width: 2, Dashes: dashes[i%len(dashes)]}
		seen[f]++
	}
	return all
}

// shade returns the i-th of n shades of a colour: itself if it is alone.
func shade(c color.NRGBA, dark, light float64, i, n int) color.NRGBA {
	if n == 1 {
		return c
	}
	part := float64(i)/float64(n-1)*(dark+light) - dark // below 0 towards black
	mix := func(x uint8) uint8 {
		if part < 0 {
			return uint8(float64(x)*(1+part) + .5)
		}
		return uint8(float64(x) + part*(255-float64(x)) + .5)
	}
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), c.A}
}

// kin maps names, or first words of names, to the family of another.
var kin = map[string]string{
	"bound": "elbo", "unlabelled": "labelled", "softness": "entropy", "training": "validation",
	"nvil": "score", "sf": "score", "disarm": "arm", "relax": "rebar",
	"straight": "st", "annealed": "st", "slope-annealed": "st",
}

// familyOf returns the family of a line, by the name of its metric or its run: the first
// word that is not a number and does not only say which data, or which of two things, it
// is about.
func familyOf(name string) string {
	name = strings.ToLower(name)
	if f, ok := kin[name]; ok {
		return f
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" -,()=", r) })
	for _, w := range words {
		if _, err := strconv.ParseFloat(w, 64); err == nil || slices.Contains([]string{"validation", "critic", "real", "bias", "variance", "st"}, w) && len(words) > 1 {
			continue
		}
		if f, ok := kin[w]; ok {
			return f
		}
		return w
	}
	return name
}
