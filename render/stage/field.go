package stage

import (
	"math"
	"slices"
)

const most = 11 // contour lines

// refine returns a field of n by n numbers at factor times as many places, so
// (n-1)·factor+1 a side, by Catmull-Rom's cubic: it keeps the numbers it is given
// and all straight slopes. Numbers that are not finite become the nearest bound of those that are,
// NaN the least.
func refine(field []float32, n, factor int) []float32 {
	low, high := bounds(field)
	clean := make([]float32, len(field))
	for i, v := range field {
		if v != v {
			v = low
		}
		clean[i] = max(low, min(v, high))
	}
	m := (n-1)*factor + 1
	wide := make([]float32, n*m)
	for i := range n {
		stretch(wide[i*m:], clean[i*n:], n, factor, 1)
	}
	out := make([]float32, m*m)
	for j := range m {
		stretch(out[j:], wide[j:], n, factor, m)
	}
	return out
}

// stretch refines n numbers that stand step apart, in dst and src alike.
func stretch(dst, src []float32, n, factor, step int) {
	at := func(i int) float32 { // goes on straight beyond the ends
		switch {
		case n == 1:
			return src[0]
		case i < 0:
			return 2*src[0] - src[step]
		case i >= n:
			return 2*src[(n-1)*step] - src[(n-2)*step]
		}
		return src[i*step]
	}
	for i := range n - 1 {
		a, b, c, d := at(i-1), at(i), at(i+1), at(i+2)
		for k := range factor {
			t := float32(k) / float32(factor)
			dst[(i*factor+k)*step] = b + t/2*(c-a+t*(2*a-5*b+4*c-d+t*(3*(b-c)+d-a)))
		}
	}
	dst[(n-1)*factor*step] = src[(n-1)*step]
}

// bounds returns the least and the greatest finite number, 0 and 0 where there is none.
func bounds(field []float32) (low, high float32) {
	low, high = math.MaxFloat32, -math.MaxFloat32
	for _, v := range field {
		if v-v == 0 {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// field is a critic and its gradient's norm as the stage draws them.
type field struct {
	critic, slope []float32 // lattices, nil where there are none; a difference of critics has no slope
	lattice       int       // their side
	base, step    float64   // of the contour lines; step 0 for none
	bold          bool      // the line at base is the median's, or that of 0
	signed        bool      // what is below base is shaded

	side         int       // of the refined lattice
	heights, log []float32 // on it: the critic from 0 to 1 between its bounds, and the logarithm of the slope
	pixels       []byte    // both packed, to be uploaded
}

// take puts in a critic and its slope, of n lattice points a side, and returns the
// contour lines' levels. Each critic is drawn by levels of its own: two critics'
// values cannot be compared, only their slopes.
func (f *field) take(critic, slope []float32, n int) []float64 {
	levels, step, bold := contours(critic)
	*f = field{critic: critic, slope: slope, lattice: n}
	if len(levels) > 0 {
		f.step, f.bold, f.base = step, bold >= 0, levels[max(0, bold)]
	}
	return levels
}

// takeDifference puts in the difference of two critics. Its level of 0 is drawn
// bold wherever it is.
func (f *field) takeDifference(difference []float32, n int) {
	*f = field{critic: difference, lattice: n}
	low, high := bounds(difference)
	if reach := float64(high) - float64(low); reach > 0 {
		f.step, f.bold, f.signed = round(reach/most), true, true
	}
}

// refine makes the refined lattice for a plot of so many CSS pixels a side: fine
// enough that straight pieces between its points look curved.
func (f *field) refine(pixels float64) {
	const cell = 4.5 // pixels, at most
	n := f.lattice
	factor := int(math.Max(1, math.Min(math.Ceil(pixels/float64(n-1)/cell), 4)))
	side := (n-1)*factor + 1
	if f.heights != nil && f.side == side {
		return
	}
	f.side, f.pixels = side, nil
	low, high := bounds(f.critic)
	scale := 0.
	if high > low {
		scale = 1 / (float64(high) - float64(low))
	}
	f.heights = refine(f.critic, n, factor)
	for i, v := range f.heights {
		f.heights[i] = float32(math.Max(0, math.Min((float64(v)-float64(low))*scale, 1)))
	}
	if f.slope == nil {
		f.log = make([]float32, side*side)
		return
	}
	logs := make([]float32, n*n)
	for i, v := range f.slope {
		logs[i] = float32(math.Max(-logBounds, math.Min(math.Log2(float64(v)), logBounds)))
	}
	f.log = refine(logs, n, factor)
}

// reach says what fields with such contour lines reach.
func reach(critic, slope []float32, levels []float64) *Ranges {
	low, high := bounds(critic)
	slopeLow, slopeHigh := bounds(slope)
	return &Ranges{
		Low: math.Exp2(-slopeOctaves), High: math.Exp2(slopeOctaves),
		SlopeMin: float64(slopeLow), SlopeMax: float64(slopeHigh), CriticMin: float64(low), CriticMax: float64(high), Levels: levels,
	}
}

// A pixel holds a number of each field: 20 bits of the critic and 12 of the
// logarithm, so that a shader reads both at once.
const criticMost, logMost = 1<<20 - 1, 1<<12 - 1

// pack writes a pixel for each height from 0 to 1 and each logarithm from
// -logBounds to logBounds.
func pack(pixels []byte, heights, logs []float32) {
	for i, v := range heights {
		c := uint32(float64(max(0, min(v, 1)))*criticMost + .5)
		l := uint32((max(-logBounds, min(logs[i], logBounds))+logBounds)*(logMost/(2.*logBounds)) + .5)
		p := pixels[4*i : 4*i+4]
		p[0], p[1], p[2], p[3] = byte(c>>12), byte(c>>4), byte(c<<4|l>>8), byte(l)
	}
}

// unpack is the inverse of pack for one pixel.
func unpack(pixel []byte) (height, logarithm float32) {
	c := uint32(pixel[0])<<12 | uint32(pixel[1])<<4 | uint32(pixel[2])>>4
	l := uint32(pixel[2]&15)<<8 | uint32(pixel[3])
	return float32(c) / criticMost, float32(l)/logMost*2*logBounds - logBounds
}

// contours returns at most 11 levels between the bounds of a field: its median
// and others at an even, round distance, so that their density shows the slope and
// they stay where they are while the field as a whole drifts, which a critic's
// may. bold is the index of the median, -1 where that is a bound itself. A flat
// field has no levels.
func contours(field []float32) (levels []float64, step float64, bold int) {
	bold = -1
	low, high := bounds(field)
	if !(high-low > 1e-6*max(1e-30, high, -low)) {
		return nil, 0, bold
	}
	sorted := make([]float32, 0, len(field))
	for _, v := range field {
		if v-v == 0 {
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	step = round((float64(high) - float64(low)) / most)
	base := float64(sorted[len(sorted)/2])
	middle := base > float64(low) && base < float64(high)
	if !middle { // a plain to be gone round, not along its rim
		base += step / 2
	}
	for k := math.Ceil((float64(low) - base) / step); len(levels) < most; k++ {
		v := base + k*step
		if v >= float64(high) {
			break
		}
		if v <= float64(low) {
			continue
		}
		if k == 0 && middle {
			bold = len(levels)
		}
		levels = append(levels, v)
	}
	return levels, step, bold
}

// round returns the least of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that
// is not less than x, which must be positive.
func round(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8} {
		if m*power >= x*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// ticks returns round numbers to mark on an axis from -view to view, five or seven.
func ticks(view float64) []float64 {
	power := math.Pow(10, math.Floor(math.Log10(view)))
	step := 4 * power
	switch {
	case view < 2*power:
		step = power / 2
	case view < 4*power:
		step = power
	case view < 8*power:
		step = 2 * power
	}
	var out []float64
	n := math.Floor(view/step + 1e-9)
	for k := -n; k <= n; k++ {
		out = append(out, k*step)
	}
	return out
}
