package corpus

import (
	"path/filepath"
	"strings"

	"ganbel/core/data"
)

// base returns what a path without a better name is called: its last element, unless that
// is torchvision's raw.
func base(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	for path = filepath.Clean(path); strings.EqualFold(filepath.Base(path), "raw"); {
		path = filepath.Dir(path)
	}
	return filepath.Base(path)
}

// identify says which data was loaded, once Train and Valid are there.
func (s *Set) identify(f *found, as shape) {
	id := data.IdentifyImages(f.base, glimpse(s.Train), glimpse(s.Valid))
	id.Classes = max(id.Classes, len(f.classes))
	if id.Paper == "" {
		id.Paper = f.paper
	}
	if source := f.train.source(); source != nil && (source[0] != as.rows || source[1] != as.cols || source[2] != as.channels) {
		id.Source = source
	}
	if !claims(f.name) || claimed(f.name, id.Paper) {
		id.Name = f.name
	}
	s.identity = id
}

// bedrooms is what LSUN's folders with bedrooms are named after.
const bedrooms = "LSUN bedroom"

// claims reports whether a name is that of a set of the papers, or of a part of one.
func claims(name string) bool {
	for _, set := range []data.PaperSet{data.PaperMNIST, data.PaperCIFAR10, data.PaperImageNet32, data.PaperBillionWord, bedrooms} {
		if rest, ok := strings.CutPrefix(strings.ToLower(name), strings.ToLower(string(set))); ok && !(len(rest) > 0 && '0' <= rest[0] && rest[0] <= '9') {
			return true
		}
	}
	return false
}

// claimed reports whether a name that claims to be a set of the papers is that of one.
func claimed(name string, paper data.PaperSet) bool {
	if paper == data.PaperLSUN {
		return strings.HasPrefix(name, bedrooms)
	}
	return paper != "" && strings.HasPrefix(name, string(paper))
}

// source returns the shape of the first image that can be read, as its file has it, nil
// if none can.
func (p part) source() []int {
	if x, ok := p.records.(*idx); ok {
		return []int{x.Rows, x.Cols, 1}
	}
	for i := range min(p.size(), probes) {
		if c, err := p.picture(p.at(i)); err == nil {
			return []int{c.rows, c.cols, c.channels}
		}
	}
	return nil
}

// A glanced source gives images that are read as they are needed without counting those
// that are broken, which are black.
type glanced struct {
	data.Source
	l *lazy
}

// glimpse returns a source to look at some of its images.
func glimpse(s data.Source) data.Source {
	if l, ok := s.(*lazy); ok {
		return glanced{l, l}
	}
	return s
}

func (g glanced) Fill(dst []float32, index []int) {
	size := g.l.shape.size()
	parallel(len(index), func(k int) {
		pixels := make([]uint8, size)
		if g.l.one(pixels, g.l.at(index[k]), g.l.shape) != nil {
			clear(pixels)
		}
		for i, p := range pixels {
			dst[k*size+i] = float32(p) / 255
		}
	})
}

// Identity returns that of the set whose training images these are.
func (l *lazy) Identity() data.Identity { return *l.identity }
