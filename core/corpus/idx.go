package corpus

import (
	"cmp"
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

// An idxSet is the files of one set. Of each there may be several, packed and not.
type idxSet struct {
	folder, group         string
	train, test, unparted []idxFile // images
	labels                map[byte][]idxFile
}

// name returns what the set is called among others.
func (s *idxSet) name() string {
	if s.group != "" {
		return s.folder + s.group
	}
	return strings.TrimSuffix(s.folder, "/")
}

// called returns what a set without a better name is called: as its files say, or its
// folder.
func (s *idxSet) called(path string) string {
	return cmp.Or(s.group, base(filepath.Join(path, filepath.FromSlash(s.folder))))
}

// idxSets sorts the idx files of a tree into sets.
func idxSets(sniffs []sniff) (all []*idxSet) {
	of := map[string]*idxSet{}
	var loose []idxFile // labels of no set of images
	var files []idxFile
	for _, s := range sniffs {
		if f, ok := newIDXFile(s); ok {
			files = append(files, f)
		}
	}
	for _, f := range files {
		if !f.images {
			continue
		}
		key := f.folder + "\x00" + f.group
		s := of[key]
		if s == nil {
			s = &idxSet{folder: f.folder, group: f.group, labels: map[byte][]idxFile{}}
			of[key], all = s, append(all, s)
		}
		switch f.part {
		case 't':
			s.train = append(s.train, f)
		case 'v':
			s.test = append(s.test, f)
		default:
			s.unparted = append(s.unparted, f)
		}
	}
	for _, f := range files {
		if f.images {
			continue
		}
		if s := of[f.folder+"\x00"+f.group]; s != nil {
			s.labels[f.part] = append(s.labels[f.part], f)
		} else {
			loose = append(loose, f)
		}
	}
	all = united(all, loose)
	for _, s := range all {
		for _, list := range [][]idxFile{s.train, s.test, s.unparted, s.labels['t'], s.labels['v'], s.labels[0]} {
			// What is unpacked comes first, and what is an idx file before what only has
			// the name of one.
			slices.SortStableFunc(list, func(a, b idxFile) int { return a.rank() - b.rank() })
		}
	}
	return all
}

func (f idxFile) rank() int {
	switch {
	case !f.is:
		return 2
	case strings.HasSuffix(strings.ToLower(f.name), ".gz"):
		return 1
	}
	return 0
}

// united handles names that follow no rule. Labels that belong to no images by their name
// go to the only images of their folder that are as many; and if a folder has just two
// sets of one part each, they are the parts of one set.
func united(all []*idxSet, loose []idxFile) (out []*idxSet) {
	for _, f := range loose {
		type place struct {
			set  *idxSet
			part byte
		}
		var fits []place
		for _, s := range all {
			for _, p := range []struct {
				part byte
				list []idxFile
			}{{'t', s.train}, {'v', s.test}, {0, s.unparted}} {
				as := func(m idxFile) bool { return m.is && f.is && m.idx.Shape[0] == f.idx.Shape[0] }
				if s.folder == f.folder && (f.part == p.part || f.part == 0 || p.part == 0) && slices.ContainsFunc(p.list, as) {
					fits = append(fits, place{s, p.part})
				}
			}
		}
		if len(fits) == 1 {
			fits[0].set.labels[fits[0].part] = append(fits[0].set.labels[fits[0].part], f)
		}
	}
	for i, s := range all {
		var others []*idxSet // of the folder
		for j, o := range all {
			if o.folder == s.folder && i != j {
				others = append(others, o)
			}
		}
		if len(others) != 1 {
			out = append(out, s)
			continue
		}
		switch one := joined(s, others[0]); {
		case one == nil:
			out = append(out, s)
		case slices.Index(all, others[0]) > i:
			out = append(out, one)
		}
	}
	return out
}

// joined returns the one set whose parts two are, nil if they are not: by their names,
// or by their sizes if these say nothing, of which the larger is the one to train with.
func joined(a, b *idxSet) *idxSet {
	if a.images() != 1 || b.images() != 1 {
		return nil
	}
	if len(a.unparted) > 0 && len(b.unparted) > 0 {
		m, n := a.unparted[0], b.unparted[0]
		if !m.is || !n.is || m.idx.Shape[0] == n.idx.Shape[0] {
			return nil
		}
		if m.idx.Shape[0] < n.idx.Shape[0] {
			a, b = b, a
		}
		return &idxSet{folder: a.folder, train: a.unparted, test: b.unparted, labels: map[byte][]idxFile{'t': a.labels[0], 'v': b.labels[0]}}
	}
	if len(a.train) == 0 {
		a, b = b, a
	}
	if len(a.train) == 0 || len(b.test) == 0 {
		return nil
	}
	return &idxSet{folder: a.folder, train: a.train, test: b.test, labels: map[byte][]idxFile{'t': a.labels['t'], 'v': b.labels['v']}}
}

// images returns how many parts of a split the set has images of.
func (s *idxSet) images() (n int) {
	for _, list := range [][]idxFile{s.train, s.test, s.unparted} {
		if len(list) > 0 {
			n++
		}
	}
	return n
}

// has reports whether a file is one of the set's.
func (s *idxSet) has(name string) bool {
	for _, list := range [][]idxFile{s.train, s.test, s.unparted, s.labels['t'], s.labels['v'], s.labels[0]} {
		if slices.ContainsFunc(list, func(f idxFile) bool { return f.name == name }) {
			return true
		}
	}
	return false
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
