package stage

import "math"

// A Turn is from where a surface is seen, in degrees: Azimuth is how far one has
// walked round it against the clock, 0 before the plane's lower edge, Elevation
// how far above it one stands.
type Turn struct{ Azimuth, Elevation float64 }

// kept returns the turn with an elevation that shows the surface from above, and
// an azimuth from -180 to 180; numbers that are not finite become 0.
func (t Turn) kept() Turn {
	for _, v := range []*float64{&t.Azimuth, &t.Elevation} {
		if *v-*v != 0 {
			*v = 0
		}
	}
	return Turn{math.Remainder(t.Azimuth, 360), math.Max(8, math.Min(t.Elevation, 90))}
}

const (
	tall = 1.1 // height of the box around a surface, whose floor is 2 by 2
	away = 5.5 // of the eye from the box's middle
)

// A scene projects the box around a surface onto the screen. Its x and y run from
// -1 to 1 over the plane's view, its z from 0 to 1 between a critic's bounds.
type scene struct {
	sin, cos   float64    // of the azimuth
	up, level  float64    // sine and cosine of the elevation
	eye        [3]float64 // z is from the floor in units of x
	x, y, size float64    // of the middle of the box on the screen, and of its unit
}

// look returns the scene that fills a part of the screen, with room for numbers
// of so many pixels. Its size is the same for every azimuth.
func look(t Turn, r rect, text float64) scene {
	s := scene{size: 1}
	s.up, s.level = math.Sincos(t.Elevation * math.Pi / 180)
	wide, low, high := 0., math.Inf(1), math.Inf(-1)
	for a := 0.; a < math.Pi/2; a += math.Pi / 24 {
		s.sin, s.cos = math.Sincos(a)
		for i := range 8 {
			x, y := s.at(float64(i&1)*2-1, float64(i&2)-1, float64(i&4)/4)
			wide, low, high = math.Max(wide, math.Abs(x)), math.Min(low, y), math.Max(high, y)
		}
	}
	left, right, top, bottom := 3.6*text, 1.2*text, 1.4*text, 1.6*text
	if text == 0 {
		left, right, top, bottom = 4, 4, 4, 4
	}
	s.size = math.Max(1, math.Min((r.w-left-right)/(2*wide), (r.h-top-bottom)/(high-low)))
	s.x, s.y = r.x+r.w/2, r.y+top+(r.h-top-bottom)/2-s.size*(low+high)/2
	s.x = math.Max(s.x, r.x+left+s.size*wide)
	s.sin, s.cos = math.Sincos(t.Azimuth * math.Pi / 180)
	s.eye = [3]float64{away * s.level * s.sin, -away * s.level * s.cos, away*s.up + tall/2}
	return s
}

// at returns where a point of the box is on the screen.
func (s *scene) at(x, y, z float64) (float64, float64) {
	z = (z - .5) * tall
	right, ahead := x*s.cos+y*s.sin, y*s.cos-x*s.sin
	k := s.size * away / (away + ahead*s.level - z*s.up)
	return s.x + k*right, s.y - k*(z*s.level+ahead*s.up)
}
