package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"ganbel/core/data"
)

// idx is images in the format of MNIST.
type idx struct {
	*data.Images
	path string
	side int // of the square of black on whose middle smaller images are laid
}

func (x *idx) count() int        { return x.Count() }
func (x *idx) name(i int) string { return fmt.Sprintf("%s: image %d", x.path, i) }

// fits reports whether images of a shape are these as they are.
func (x *idx) fits(s shape) bool {
	return s.rows == x.Rows && s.cols == x.Cols && s.channels == 1 && x.side <= max(x.Rows, x.Cols) && x.Rows == x.Cols && (s.window == 0 || s.window >= x.Rows)
}

func (x *idx) picture(i int) (picture, error) {
	m := x.Slice(i, i+1)
	if x.side <= max(m.Rows, m.Cols) {
		return picture{m.Rows, m.Cols, 1, m.Pixels}, nil
	}
	p := picture{x.side, x.side, 1, make([]uint8, x.side*x.side)}
	top, left := (x.side-m.Rows)/2, (x.side-m.Cols)/2
	for r := range m.Rows {
		copy(p.pixels[(top+r)*x.side+left:], m.Pixels[r*m.Cols:(r+1)*m.Cols])
	}
	return p, nil
}

// fashionLabels is the SHA-256 of the labels of Fashion-MNIST's training images.
const fashionLabels = "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7"

// idxName is what names of idx files have in common, wherever they come from.
var idxName = regexp.MustCompile(`(?i)idx\d`)

// Words of the names of idx files: which part of a split a file is of, and what else
// says nothing of the set.
var (
	trainWord = regexp.MustCompile(`(?i)train(?:ing)?`)
	testWord  = regexp.MustCompile(`(?i)t10k|test(?:ing)?|valid(?:ation)?|\bval\b`)
	plainWord = regexp.MustCompile(`(?i)images?|imgs?|labels?|idx\d?|ubyte|uint8|int(?:32)?|\.(?:gz|gzip|bin|dat)$|\b[xy]\b`)
	noWord    = regexp.MustCompile(`[^\pL\pN]+`)
)

// An idxFile is an idx file of a tree and what its name says.
type idxFile struct {
	sniff
	folder string // with the slash after it
	group  string // what is left of its name: "emnist-letters"
	part   byte   // 't' for training, 'v' for tests, 0 if the name does not say
	images bool   // or labels
}

// newIDXFile makes an idxFile of a sniff. ok is false for another file: neither its
// content nor its name is that of an idx file.
func newIDXFile(s sniff) (f idxFile, ok bool) {
	base := path.Base(s.name)
	f = idxFile{sniff: s, folder: s.name[:len(s.name)-len(base)]}
	switch {
	case s.is:
		f.images = !s.idx.Labels()
	case idxName.MatchString(base): // broken, as reading it will show
		f.images = !strings.Contains(strings.ToLower(base), "label")
	default:
		return f, false
	}
	rest := base
	if trainWord.MatchString(base) {
		f.part, rest = 't', trainWord.ReplaceAllString(base, " ")
	} else if testWord.MatchString(base) {
		f.part, rest = 'v', testWord.ReplaceAllString(base, " ")
	}
	rest = plainWord.ReplaceAllString(strings.ReplaceAll(rest, "_", "-"), " ")
	f.group = strings.ToLower(strings.Trim(noWord.ReplaceAllString(rest, "-"), "-"))
	return f, true
}

// idxWanted says which files a set of this format has.
const idxWanted = "expected images and labels to train with and for tests, such as train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each gzipped or not"

// findIDX reads the set of idx files in a tree, which may be nested. only is a file
// that says which set, if there are several, or "".
func findIDX(path string, t tree, sniffs []sniff, only string, o Options) (*found, error) {
	sets := idxSets(sniffs)
	if only != "" {
		sets = slices.DeleteFunc(sets, func(s *idxSet) bool { return !s.has(only) })
	}
	switch len(sets) {
	case 0:
		return nil, fmt.Errorf("%s: holds labels and no images of MNIST's format: %s", path, idxWanted)
	case 1:
		return sets[0].read(path, t, o)
	}
	var names, firsts []string
	for _, s := range sets {
		names = append(names, s.name())
		firsts = append(firsts, slices.Concat(s.train, s.unparted, s.test)[0].name)
	}
	return nil, fmt.Errorf("%s: holds %d sets of images: %s; choose one by naming its training images, such as %s (of an archive, unpack it first)",
		path, len(sets), strings.Join(names, ", "), filepath.Join(path, filepath.FromSlash(firsts[0])))
}

// first returns what reading the first of some files gives that can be read.
func first[T any](path string, t tree, files []idxFile, read func(r io.Reader) (T, error)) (got T, name string, err error) {
	for _, f := range files {
		r, e := t.open(f.name)
		if e == nil {
			got, e = read(r)
			r.Close()
		}
		if e == nil {
			return got, f.name, nil
		}
		if err == nil {
			err = fmt.Errorf("%s: %s: %w; fetch it anew", path, f.name, e)
		}
	}
	return got, "", err
}

// read reads the set's images and labels.
func (s *idxSet) read(path string, t tree, o Options) (*found, error) {
	if len(s.train) == 0 {
		s.train, s.labels['t'] = s.unparted, slices.Concat(s.labels['t'], s.labels[0])
	}
	if len(s.train) == 0 {
		return nil, fmt.Errorf("%s: %s: has images for tests and none to train with: %s", path, s.test[0].name, idxWanted)
	}
	labelled := len(s.labels['t']) > 0
	part := func(which byte, images []idxFile) (*data.Images, string, error) {
		m, name, err := first(path, t, images, func(r io.Reader) (*data.Images, error) { return data.ReadIDXImages(r) })
		if err != nil || len(s.labels[which]) == 0 && !labelled {
			return m, name, err
		}
		if len(s.labels[which]) == 0 {
			return nil, name, fmt.Errorf("%s: %s: no such file, though there are other labels: %s", path, labelsOf(name), idxWanted)
		}
		var of string
		if m.Labels, of, err = first(path, t, s.labels[which], func(r io.Reader) ([]uint8, error) { return data.ReadIDXLabels(r) }); err != nil {
			return nil, name, err
		}
		if len(m.Labels) != m.Count() {
			return nil, name, fmt.Errorf("%s: %s: %d labels for the %d images of %s; fetch them anew", path, of, len(m.Labels), m.Count(), name)
		}
		return m, name, nil
	}
	train, trainName, err := part('t', s.train)
	if err != nil {
		return nil, err
	}
	test, testName := &data.Images{Rows: train.Rows, Cols: train.Cols, Channels: 1}, ""
	if len(s.test) > 0 {
		if test, testName, err = part('v', s.test); err != nil {
			return nil, err
		}
	} else if len(s.labels['v']) > 0 {
		return nil, fmt.Errorf("%s: %s: there are no images of these labels: %s", path, s.labels['v'][0].name, idxWanted)
	}
	if test.Rows != train.Rows || test.Cols != train.Cols {
		return nil, fmt.Errorf("%s: its images for tests are %dx%d, expected %dx%d as those for training", path, test.Rows, test.Cols, train.Rows, train.Cols)
	}
	f := &found{name: s.called(path), closer: t}
	if id := data.IdentifyImages("", train, test); id.Is(data.PaperMNIST) {
		f.name, f.paper = id.Name, id.Paper
	} else if sum := sha256.Sum256(train.Labels); hex.EncodeToString(sum[:]) == fashionLabels {
		f.name = "Fashion-MNIST"
	} else if split, ok := emnistOf(trainName, train.Count(), test.Count()); ok {
		f.name = "EMNIST " + split
		turn(train)
		turn(test)
		f.classes = emnistClasses[split]
	}
	shift(train, test)
	if k := max(train.Classes(), test.Classes()); len(f.classes) < k {
		f.classes = nil
		for y := range k {
			f.classes = append(f.classes, fmt.Sprint(y))
		}
	}
	f.train = part0(train, path+": "+trainName, o.Side)
	if test.Count() > 0 {
		f.valid = part0(test, path+": "+testName, o.Side)
	}
	return f, nil
}

// part0 makes a part of images.
func part0(m *data.Images, name string, side int) part {
	return part{records: &idx{Images: m, path: name, side: side}, labels: m.Labels}
}

// labelsOf returns the usual name of the labels of a file of images.
func labelsOf(images string) string {
	return strings.NewReplacer("images", "labels", "idx3", "idx1").Replace(images)
}

// shift makes labels that begin with 1 begin with 0, as EMNIST's letters do.
func shift(parts ...*data.Images) {
	least := uint8(255)
	for _, m := range parts {
		for _, y := range m.Labels {
			least = min(least, y)
		}
	}
	if least != 1 {
		return
	}
	for _, m := range parts {
		for i := range m.Labels {
			m.Labels[i]--
		}
	}
}

// turn swaps the rows and columns of square images, in place.
func turn(m *data.Images) {
	if m.Rows != m.Cols {
		return
	}
	side, size := m.Rows, m.Size()
	for at := 0; at < len(m.Pixels); at += size {
		p := m.Pixels[at : at+size]
		for r := range side {
			for c := range r {
				p[r*side+c], p[c*side+r] = p[c*side+r], p[r*side+c]
			}
		}
	}
}
