package data

import (
	"math"
	"slices"

	"ganbel/core/random"
)

// Images are images of one size: rows, then columns, then channels, 0 to 255.
type Images struct {
	Rows, Cols int
	Channels   int // 1 for grey, 3 for red, green and blue
	Pixels     []uint8
	Labels     []uint8 // one an image, or nil

	identity *Identity // see Belong
	paper    PaperSet  // of the files that they were read from
	from     int       // where they begin in that set
}

// A Source holds images of one size that training takes batches of: Images, or
// files too large for memory. It is for one goroutine at a time.
type Source interface {
	// Shape returns the size of every image.
	Shape() (rows, cols, channels int)
	// Count returns the number of images.
	Count() int
	// Classes returns how many classes the images are labelled with, 0 where they are
	// not labelled.
	Classes() int
	// Label returns the class of image i. It panics where there are no labels.
	Label(i int) int
	// Fill writes the images of the given indices into the first rows of dst, one a
	// row, rows then columns then channels, from 0, black, to 1. It panics where dst is
	// too short. Where a file fails it writes black, and Err tells.
	Fill(dst []float32, index []int)
	// Err returns the first error of Fill, which names the file, the record and the
	// reason, or nil.
	Err() error
}

// Size returns the number of pixels of an image, each channel by itself.
func (m *Images) Size() int { return m.Rows * m.Cols * m.Channels }

// Shape returns the size of every image.
func (m *Images) Shape() (rows, cols, channels int) { return m.Rows, m.Cols, m.Channels }

// Count returns the number of images.
func (m *Images) Count() int { return len(m.Pixels) / m.Size() }

// Classes returns one more than the greatest label, 0 where there are no labels.
func (m *Images) Classes() int {
	if len(m.Labels) == 0 {
		return 0
	}
	return int(slices.Max(m.Labels)) + 1
}

// Label returns the class of image i. It panics where there are no labels.
func (m *Images) Label(i int) int { return int(m.Labels[i]) }

// Err returns nil: what is in memory cannot fail.
func (m *Images) Err() error { return nil }

// Slice returns the images from ≤ i < to, sharing their pixels.
func (m *Images) Slice(from, to int) *Images {
	s := &Images{Rows: m.Rows, Cols: m.Cols, Channels: m.Channels, Pixels: m.Pixels[from*m.Size() : to*m.Size()], paper: m.paper, from: m.from + from}
	if m.Labels != nil {
		s.Labels = m.Labels[from:to]
	}
	return s
}

// Fill writes the images of the given indices into the first rows of dst, one a
// row, from 0, black, to 1. It panics where dst is too short.
func (m *Images) Fill(dst []float32, index []int) {
	size := m.Size()
	for i, n := range index {
		out := dst[i*size : (i+1)*size]
		for j, p := range m.Pixels[n*size : (n+1)*size] {
			out[j] = float32(p) / 255
		}
	}
}

// Binarised returns a copy with every pixel drawn once and for all, black or
// white, with its grey as the chance of white. It shares the labels.
func (m *Images) Binarised(r *random.Stream) *Images {
	b := &Images{Rows: m.Rows, Cols: m.Cols, Channels: m.Channels, Labels: m.Labels, Pixels: make([]uint8, len(m.Pixels))}
	row := make([]float32, m.Size())
	for at := 0; at < len(m.Pixels); at += len(row) {
		r.Uniform(row)
		for j, u := range row {
			if u < float32(m.Pixels[at+j])/255 {
				b.Pixels[at+j] = 255
			}
		}
	}
	return b
}

// Binarise replaces every element of v, a chance in [0, 1], by a draw of 0 or 1.
// Applied to the images of each batch it is dynamic binarisation.
func Binarise(v []float32, r *random.Stream) {
	var u [1024]float32
	for len(v) > 0 {
		n := min(len(u), len(v))
		r.Uniform(u[:n])
		for i := range v[:n] {
			if u[i] < v[i] {
				v[i] = 1
			} else {
				v[i] = 0
			}
		}
		v = v[n:]
	}
}

// Take returns images of a source as pixels, without their labels. What fails is
// black, and the source's Err tells.
func Take(s Source, index []int) *Images {
	m := &Images{}
	m.Rows, m.Cols, m.Channels = s.Shape()
	m.Pixels = make([]uint8, len(index)*m.Size())
	const most = 100 // at a time: a source may decode as many side by side
	rows, pixels := make([]float32, min(most, len(index))*m.Size()), m.Pixels
	for some := range slices.Chunk(index, most) {
		s.Fill(rows, some)
		n := len(some) * m.Size()
		for i, x := range rows[:n] {
			pixels[i] = uint8(math.Round(255 * float64(x)))
		}
		pixels = pixels[n:]
	}
	return m
}

// A Subset is some images of a source, in the order of Index.
type Subset struct {
	Source
	Index []int
	at    []int // of the last Fill, in the source
}

// Count returns the number of images.
func (s *Subset) Count() int { return len(s.Index) }

// Label returns the class of image i of the subset.
func (s *Subset) Label(i int) int { return s.Source.Label(s.Index[i]) }

// Fill writes images of the subset, see Source.
func (s *Subset) Fill(dst []float32, index []int) {
	s.at = s.at[:0]
	for _, n := range index {
		s.at = append(s.at, s.Index[n])
	}
	s.Source.Fill(dst, s.at)
}
