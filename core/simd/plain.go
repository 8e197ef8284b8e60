package simd

import "math"

// The conversions of products to float32 forbid the compiler to fuse them with
// the sum that follows, which some processors' compilers do.

func fillPlain(dst []float32, v float32) {
	for i := range dst {
		dst[i] = v
	}
}

func addPlain(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

func subPlain(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] - b[i]
	}
}

func mulPlain(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

func divPlain(dst, a, b []float32) {
	for i := range dst {
		dst[i] = a[i] / b[i]
	}
}

func maximumPlain(dst, a, b []float32) {
	for i := range dst {
		dst[i] = max(a[i], b[i])
	}
}

func minimumPlain(dst, a, b []float32) {
	for i := range dst {
		dst[i] = min(a[i], b[i])
	}
}

func scalePlain(dst, a []float32, k float32) {
	for i := range dst {
		dst[i] = k * a[i]
	}
}

func addConstPlain(dst, a []float32, k float32) {
	for i := range dst {
		dst[i] = a[i] + k
	}
}

func sqrtPlain(dst, a []float32) {
	for i := range dst {
		dst[i] = float32(math.Sqrt(float64(a[i])))
	}
}

// A slope of 0 selects 0: the product would be NaN of an infinite element.

func rectifyPlain(dst, a []float32, slope float32) {
	if slope != 0 {
		gatePlain(dst, a, a, slope)
		return
	}
	for i, v := range a {
		dst[i] = max(v, 0)
	}
}

func gatePlain(dst, ct, x []float32, slope float32) {
	for i, v := range ct {
		switch {
		case x[i] > 0:
			dst[i] = v
		case slope == 0:
			dst[i] = 0
		default:
			dst[i] = slope * v
		}
	}
}

func stepPlain(dst, x []float32, low float32) {
	for i, v := range x {
		if v > 0 {
			dst[i] = 1
		} else {
			dst[i] = low
		}
	}
}

func axpyPlain(dst, a []float32, k float32) {
	for i := range dst {
		dst[i] += float32(k * a[i])
	}
}

func sumPlain(a []float32) float32 {
	if len(a) < lanes {
		var s float32
		for _, v := range a {
			s += v
		}
		return s
	}
	var part [lanes]float32
	for ; len(a) >= lanes; a = a[lanes:] {
		for i, v := range a[:lanes] {
			part[i] += v
		}
	}
	return foldSum(&part, a)
}

// foldSum adds what is left to the partial sums, and those to one.
func foldSum(part *[lanes]float32, rest []float32) float32 {
	for i, v := range rest {
		part[i] += v
	}
	for half := lanes / 2; half > 0; half /= 2 {
		for i := range half {
			part[i] += part[half+i]
		}
	}
	return part[0]
}

func expPlain(dst, a []float32) {
	for i, x := range a {
		dst[i] = float32(math.Exp(float64(x)))
	}
}

func logPlain(dst, a []float32) {
	for i, x := range a {
		dst[i] = float32(math.Log(float64(x)))
	}
}

func tanhPlain(dst, a []float32) {
	for i, x := range a {
		dst[i] = float32(math.Tanh(float64(x)))
	}
}

func sigmoidPlain(dst, a []float32) {
	for i, x := range a {
		dst[i] = float32(1 / (1 + math.Exp(-float64(x))))
	}
}

func softplusPlain(dst, a []float32) {
	for i, x := range a {
		v := float64(x)
		dst[i] = float32(max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))))
	}
}
