package simd

import "math"

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
	for i, x := range a {
		if x > b[i] || x != x {
			dst[i] = x
		} else {
			dst[i] = b[i]
		}
	}
}

func minimumPlain(dst, a, b []float32) {
	for i, x := range a {
		if x < b[i] || x != x {
			dst[i] = x
		} else {
			dst[i] = b[i]
		}
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

func rectifyPlain(dst, a []float32, k float32) { gatePlain(dst, a, a, k) }

func gatePlain(dst, a, x []float32, k float32) {
	for i, v := range a {
		if x[i] > 0 {
			dst[i] = v
		} else {
			dst[i] = k * v
		}
	}
}

func stepPlain(dst, x []float32, k float32) {
	for i, v := range x {
		if v > 0 {
			dst[i] = 1
		} else {
			dst[i] = k
		}
	}
}

func axpyPlain(dst, a []float32, k float32) {
	for i := range dst {
		dst[i] += float32(k * a[i])
	}
}

func sumPlain(a []float32) float32 {
	var s float32
	for _, v := range a {
		s += v
	}
	return s
}

func dotPlain(a, b []float32) float32 {
	var s float32
	for i := range a {
		s += float32(a[i] * b[i])
	}
	return s
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
		if v < 0 {
			dst[i] = float32(math.Log1p(math.Exp(v)))
		} else {
			dst[i] = float32(v + math.Log1p(math.Exp(-v)))
		}
	}
}
