// Package data gives training data and file formats as []float32.
package data

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ganbel/core/random"
)

// A Distribution is one of points in the plane.
type Distribution interface {
	// Sample fills dst with points, x and y in turn. It panics where dst ends
	// within a point.
	Sample(dst []float32, r *random.Stream)
	// Modes returns the centres of the modes, x and y in turn, and their
	// standard deviation; nil where there are no modes. Writing to the centres
	// moves the modes.
	Modes() (centres []float32, sigma float64)
}

// Names lists what Toy knows.
func Names() []string {
	return []string{"8gaussians", "25gaussians", "swissroll", "moons", "spiral", "points"}
}

// Toy returns one of the distributions of Gulrajani et al.'s toy code, two moons, a
// spiral of two arms, or for "points" the one that picks from the given points, x and y
// in turn, adding no noise. It returns an error for another name, if there are no points,
// and if a coordinate is NaN or greater than MaxCoordinate in size.
func Toy(name string, points []float32) (Distribution, error) {
	switch name {
	case "8gaussians":
		// On a circle of radius 2, noise .02, all divided by 1.414.
		m := mixture{sigma: .02 / 1.414}
		for i := range 8 {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / 8)
			m.centres = append(m.centres, float32(2*cos/1.414), float32(2*sin/1.414))
		}
		return m, nil
	case "25gaussians":
		// On a lattice of spacing 2, noise .05, all divided by 2.828.
		m := mixture{sigma: .05 / 2.828}
		for i := -2; i <= 2; i++ {
			for j := -2; j <= 2; j++ {
				m.centres = append(m.centres, float32(2*float64(i)/2.828), float32(2*float64(j)/2.828))
			}
		}
		return m, nil
	case "swissroll":
		return swissRoll{}, nil
	case "moons":
		return moons{}, nil
	case "spiral":
		return spiral{}, nil
	case "points":
		if len(points) < 2 || len(points)%2 != 0 {
			return nil, fmt.Errorf("data points needs one point or more, x and y in turn; there are %d numbers", len(points))
		}
		for i, v := range points {
			if !(math.Abs(float64(v)) <= MaxCoordinate) {
				return nil, fmt.Errorf("data points: point %d has the coordinate %v: it must be finite and from -%d to %[3]d, so scale the points", i/2, v, int(MaxCoordinate))
			}
		}
		return own(slices.Clone(points)), nil
	}
	return nil, fmt.Errorf("no data %q: there are %s", name, strings.Join(Names(), ", "))
}

// A mixture has equal Gaussian modes.
type mixture struct {
	centres []float32
	sigma   float64
}

func (m mixture) Sample(dst []float32, r *random.Stream) {
	r.Normal(dst)
	for i := 0; i < len(dst); i += 2 {
		c := 2 * r.Intn(len(m.centres)/2)
		dst[i] = m.centres[c] + float32(m.sigma)*dst[i]
		dst[i+1] = m.centres[c+1] + float32(m.sigma)*dst[i+1]
	}
}

func (m mixture) Modes() ([]float32, float64) { return m.centres, m.sigma }

// A swissRoll is scikit-learn's make_swiss_roll(noise=.25) without its middle
// coordinate, divided by 7.5: t = 1.5π(1+2u), (t·cos t, t·sin t) + .25·N(0, 1).
type swissRoll struct{}

func (swissRoll) Sample(dst []float32, r *random.Stream) {
	r.Normal(dst)
	for i := 0; i < len(dst); i += 2 {
		t := 1.5 * math.Pi * (1 + 2*r.Float64())
		sin, cos := math.Sincos(t)
		dst[i] = float32((t*cos + .25*float64(dst[i])) / 7.5)
		dst[i+1] = float32((t*sin + .25*float64(dst[i+1])) / 7.5)
	}
}

func (swissRoll) Modes() ([]float32, float64) { return nil, 0 }

// moons are scikit-learn's make_moons(noise=.05), centred, and scaled to reach from
// -√2 to √2 in x, as far as the mixtures: (cos t, sin t) and (1 - cos t, ½ - sin t),
// each with t uniform on [0, π], + .05·N(0, 1).
type moons struct{}

func (moons) Sample(dst []float32, r *random.Stream) {
	r.Normal(dst)
	const scale = math.Sqrt2 / 1.5
	for i := 0; i < len(dst); i += 2 {
		lower := r.Intn(2) == 1
		y, x := math.Sincos(math.Pi * r.Float64())
		if lower {
			x, y = 1-x, .5-y
		}
		dst[i] = float32(scale * (x - .5 + .05*float64(dst[i])))
		dst[i+1] = float32(scale * (y - .25 + .05*float64(dst[i+1])))
	}
}

func (moons) Modes() ([]float32, float64) { return nil, 0 }

// A spiral has two arms, each the other turned by half a turn. An arm goes from the
// middle outwards in one and a half turns, (φ·cos φ, φ·sin φ)·√2/3π with φ = 3π·√u,
// so that points lie about equally dense along it, + .03·N(0, 1).
type spiral struct{}

func (spiral) Sample(dst []float32, r *random.Stream) {
	r.Normal(dst)
	for i := 0; i < len(dst); i += 2 {
		far := math.Sqrt2
		if r.Intn(2) == 1 {
			far = -far
		}
		root := math.Sqrt(r.Float64())
		sin, cos := math.Sincos(3 * math.Pi * root)
		dst[i] = float32(far*root*cos + .03*float64(dst[i]))
		dst[i+1] = float32(far*root*sin + .03*float64(dst[i+1]))
	}
}

func (spiral) Modes() ([]float32, float64) { return nil, 0 }

// own picks from given points.
type own []float32

func (o own) Sample(dst []float32, r *random.Stream) {
	for i := 0; i < len(dst); i += 2 {
		p := 2 * r.Intn(len(o)/2)
		dst[i], dst[i+1] = o[p], o[p+1]
	}
}

func (own) Modes() ([]float32, float64) { return nil, 0 }
