package stage

import "math"

// A colour is red, green, blue and alpha in [0, 1], the first three already
// multiplied by the last.
type colour [4]float32

// hex returns an opaque colour written 0xrrggbb.
func hex(rgb uint32) colour {
	return colour{float32(rgb>>16&255) / 255, float32(rgb>>8&255) / 255, float32(rgb&255) / 255, 1}
}

// fade returns c with its opacity multiplied by alpha.
func (c colour) fade(alpha float32) colour {
	return colour{c[0] * alpha, c[1] * alpha, c[2] * alpha, c[3] * alpha}
}

// blend returns the colour t of the way from c to d.
func (c colour) blend(d colour, t float32) colour {
	for i := range c {
		c[i] += (d[i] - c[i]) * t
	}
	return c
}

// RGBA implements color.Color.
func (c colour) RGBA() (r, g, b, a uint32) {
	word := func(v float32) uint32 { return uint32(v*65535 + .5) }
	return word(c[0]), word(c[1]), word(c[2]), word(c[3])
}

// A theme is the colours of everything drawn.
type theme struct {
	back   colour // of the page's stage
	ink    colour // digits, contour lines, the critic's median
	quiet  colour // frames and ticks
	well   colour // behind digits and codes
	casing colour // around marks, the background's opposite tone
	real   colour
	fake   colour
	one    colour  // the line where the gradient's norm is 1
	code   colour  // a chance of 1
	heat   float32 // opacity of the gradient norm's colours
}

// Okabe and Ito's orange and blue are told apart with any colour vision.
var (
	light = theme{
		back: hex(0xffffff), ink: hex(0x20262e), quiet: hex(0xb8c0ca), well: hex(0xf1f3f6), casing: hex(0x20262e),
		real: hex(0xe69f00), fake: hex(0x0072b2), one: hex(0xb8236f), code: hex(0x0072b2), heat: .92,
	}
	dark = theme{
		back: hex(0x14171c), ink: hex(0xe4e8ed), quiet: hex(0x4a535e), well: hex(0x0c0e12), casing: hex(0xeef1f4),
		real: hex(0xe69f00), fake: hex(0x0072b2), one: hex(0xe0559b), code: hex(0x56b4e9), heat: .85,
	}
)

// cividis is the colour map of Nuñez, Anderton and Renslow (2018), whose
// lightness rises evenly and which looks alike to all, at 17 even places.
var cividis = [17][3]float32{
	{.000000, .135112, .304751}, {.000000, .178802, .414764}, {.103401, .220406, .435790}, {.195057, .264372, .425924},
	{.263738, .307831, .422789}, {.324250, .351289, .426250}, {.380830, .395164, .435653}, {.435168, .439763, .451134},
	{.488697, .485318, .471008}, {.544069, .528948, .471947}, {.605211, .576777, .464441}, {.668008, .626171, .449270},
	{.732422, .677364, .425717}, {.798480, .730580, .392597}, {.866421, .786028, .346571}, {.936660, .843841, .280876},
	{.995737, .909344, .217772},
}

// cividisFit are the coefficients of polynomials that are cividis within 2 of 255,
// which a shader has sooner than it looks up a table.
var cividisFit = [7][3]float32{
	{-.13463, .13607, .29769}, {2.30926, .64567, 2.77941}, {-3.31254, .45245, -19.92715}, {.63053, -1.69792, 63.80267},
	{6.72727, 2.96742, -98.37955}, {-7.85720, -2.30554, 72.01216}, {2.63547, .71026, -20.37123},
}

// heatColour returns cividis at t, clamped to [0, 1]; what is no number is 0.
func heatColour(t float64) colour {
	if t != t {
		t = 0
	}
	t = math.Max(0, math.Min(t, 1)) * float64(len(cividis)-1)
	i := min(int(t), len(cividis)-2)
	a, b := cividis[i], cividis[i+1]
	return colour{a[0], a[1], a[2], 1}.blend(colour{b[0], b[1], b[2], 1}, float32(t)-float32(i))
}
