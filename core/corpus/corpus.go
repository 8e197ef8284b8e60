// Package corpus opens the data sets of "Improved Training of Wasserstein GANs"
// (Gulrajani et al., 2017) as they lie on a disk: CIFAR-10's binary files, folders
// and archives of images, LSUN's LMDB, files in MNIST's idx format, and lines of
// text for the character language model.
//
// What fits in memory is decoded at once on all cores; what does not is read as it
// is asked for. A record that cannot be read is left out and counted, and a set
// with too many of them is refused.
package corpus

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ganbel/core/data"
	"ganbel/core/random"
)

// Options say how images are read. The zero value reads them as they are.
type Options struct {
	// Side makes of every image a square of Side×Side: a square is cut out and each
	// pixel of the result is the mean of the area that it covers. 0 leaves the images
	// as they are; then all must be of one size. Images of MNIST's format that are
	// smaller than Side get a black border instead.
	Side int
	// Window is the side of the square that is cut out. 0, and whatever an image does
	// not have, stands for its shorter side. For LSUN at 128×128 it is 256.
	Window int
	// Corner cuts the square at the top left, as the authors' loader of LSUN at 64×64
	// does, instead of at the centre.
	Corner bool
	// Channels is 1 for grey, 3 for colour, 0 for what the set has: colour if any of
	// its images has, by its format.
	Channels int
	// Valid is how many images are held out for validation where the set has no split
	// of its own; 0 stands for a tenth, at most 10,000. They are drawn at random,
	// always the same ones.
	Valid int
	// Broken is the share of records that may be broken, in [0, 1): beyond it Open, or
	// Err of a source that is read as it is needed, returns an error. 0 stands for
	// 0.01, a negative share lets none pass.
	Broken float64
	// Memory is how many bytes the decoded images may take; a larger set is read from
	// its files as it is needed. 0 stands for 1 GiB.
	Memory int64
	// Progress, where it is not nil, is told how many of all images are decoded while
	// Open reads a set into memory, which takes some milliseconds of a core for each
	// photograph. It is called by one goroutine at a time.
	Progress func(done, all int)
}

// A Set is a data set that Open found. Its files must stay as they are until
// Close.
type Set struct {
	// Name says what the set is, such as "CIFAR-10, JPEG q75".
	Name string
	// Train and Valid are disjoint and of one shape. They are *data.Images where they
	// are in memory.
	Train, Valid data.Source
	// Classes are the names of the labels, nil where the images have none.
	Classes []string

	identity data.Identity
	broken   *tally
	passed   *passed // what is not read, or nil
	closer   io.Closer
}

// Open opens the set at a path, which it recognises by what it holds:
//
//   - a folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin, or with
//     train.bin and test.bin, or one file of their layout: the binary versions of
//     CIFAR-10 and of CIFAR-100, of which the 100 fine classes are read. The Python
//     versions are refused;
//   - a folder with images and labels in the format of MNIST, gzipped or not, or both:
//     MNIST, Fashion-MNIST, KMNIST, QMNIST, EMNIST, whose images are turned upright.
//     The first bytes of a file say whether it is one; its name says to which part of
//     the split it belongs, and to which set. If there are several sets Open refuses,
//     and the path of a set's training images chooses that set;
//   - a folder with data.mdb, or that file, or a folder that has two such folders with
//     "train" and "val" in their names: LSUN, an LMDB of JPEG or WebP images;
//   - any other folder, or a zip, or a tar, also within gzip, bzip2, xz or zstd: the
//     images in it. Folders named train and test (val, valid, validation) make the
//     split, at any depth, and so do pairs such as train2017 and val2017; the other
//     folders are the classes, 2 to 256, if each image lies in just one.
//
// Files are taken for what they hold, not for what they are called. Links are followed,
// but not out of an archive. What is not read is counted and named by String.
//
// Images are decoded to the pixels that Pillow gives, within 2 levels of each. What is
// transparent lies on black; of 16 bits the upper 8 count; of an animation the first
// image does. An orientation in EXIF is left alone as Pillow leaves it, and one of TIFF
// is heeded as Pillow heeds it.
//
// The order is that of the files for CIFAR-10's folder and MNIST; other sets are shuffled,
// always in the same way. The error names the file and the record, with what was
// expected.
func Open(path string, o Options) (*Set, error) {
	o.Broken = cmp.Or(o.Broken, 0.01)
	o.Memory = cmp.Or(o.Memory, 1<<30)
	if o.Side < 0 || o.Window < 0 || o.Valid < 0 || o.Broken >= 1 || o.Memory < 0 || o.Channels != 0 && o.Channels != 1 && o.Channels != 3 {
		return nil, fmt.Errorf("%s: side %d, window %d, validation set of %d, memory of %d: expected 0 or more; %d channels: expected 0, 1 or 3; share of broken records %g: expected less than 1",
			path, o.Side, o.Window, o.Valid, o.Memory, o.Channels, o.Broken)
	}
	f, err := find(path, o)
	if err != nil {
		return nil, err
	}
	f.base = base(path)
	s := &Set{Name: f.name, Classes: f.classes, passed: f.passed, closer: f.closer, broken: &tally{share: o.Broken, bad: f.bad, read: f.bad, first: f.first}}
	if err := s.load(f, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Identity returns which data the set is. Its name is one of a set of the papers only
// if the content is that set's.
func (s *Set) Identity() data.Identity { return s.identity }

// Broken returns how many records were left out so far, and what was wrong with
// the first of them: nil where there are none.
func (s *Set) Broken() (count int, first error) { return s.broken.state() }

// Close closes the files of a set that is read as it is needed.
func (s *Set) Close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer.Close()
}

// String tells what was opened, in a line: "CIFAR-10, 50,000 + 10,000 images of
// 32x32x3, 10 classes, 3 broken records left out (the first: ...)".
func (s *Set) String() string {
	rows, cols, channels := s.Train.Shape()
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s + %s images of %dx%dx%d", s.Name, data.Thousands(s.Train.Count()), data.Thousands(s.Valid.Count()), rows, cols, channels)
	if len(s.Classes) > 0 {
		fmt.Fprintf(&b, ", %d classes", len(s.Classes))
	}
	if _, ok := s.Train.(*lazy); ok {
		b.WriteString(", read as they are needed")
	}
	if s.passed.count() > 0 {
		fmt.Fprintf(&b, ", %v", s.passed)
	}
	if n, first := s.Broken(); n > 0 {
		fmt.Fprintf(&b, ", %s broken %s left out (the first: %v)", data.Thousands(n), plural("record", n), first)
	}
	return b.String()
}

// records are the images of a set, by number. Several goroutines read them at
// once.
type records interface {
	count() int
	// name returns the file of a record and where it is in it.
	name(i int) string
	// picture decodes a record. Its error does not name it.
	picture(i int) (picture, error)
}

// A part is some records of a set in the order in which a source gives them.
type part struct {
	records
	order  []int32 // nil: all, as they come
	labels []uint8 // of the records, or nil
}

func (p part) size() int {
	switch {
	case p.order != nil:
		return len(p.order)
	case p.records != nil:
		return p.count()
	}
	return 0
}

// at returns the record's number at place i.
func (p part) at(i int) int {
	if p.order != nil {
		return int(p.order[i])
	}
	return i
}

// A found set is what stands at a path before its images are read.
type found struct {
	name         string        // by its layout
	base         string        // of its file or folder
	paper        data.PaperSet // that it is by the content of its files, before images are scaled; "" if only the scaled images show it
	train, valid part          // valid is empty if the set has no split
	classes      []string
	passed       *passed // what is not read, or nil
	bad          int     // records already known to be broken
	first        error   // the first of them
	closer       io.Closer
}

// find recognises what stands at path.
func find(path string, o Options) (*found, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("no data set: %w: expected a folder or a file of images", err)
	}
	if !info.IsDir() {
		return findFile(path, info.Size(), o)
	}
	if _, err := os.Stat(filepath.Join(path, "data.mdb")); err == nil {
		return besideLMDB(path)(findLMDB(filepath.Join(path, "data.mdb"), ""))
	}
	if within, _ := filepath.Glob(filepath.Join(path, "*", "data.mdb")); len(within) > 0 {
		return besideLMDB(path)(findLMDBs(path, within))
	}
	t, err := openFolder(path)
	if err != nil {
		return nil, err
	}
	return findAll(path, t, o)
}

// findFile recognises a file by its first bytes.
func findFile(path string, size int64, o Options) (_ *found, err error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	kept := false
	defer func() {
		if !kept {
			err = errors.Join(err, r.Close())
		}
	}()
	head := make([]byte, pageHead+4)
	if n, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("%s: cut after %d bytes", path, n)
	}
	if le.Uint32(head[pageHead:]) == lmdbMagic {
		return findLMDB(path, "")
	}
	t, err := openArchive(r, size, o.Memory, r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if t != nil {
		f, err := findAll(path, t, o)
		_, zip := t.(*packed)
		kept = zip && err == nil
		return f, err
	}
	in, err := uncompressed(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	first := make([]byte, sniffed)
	n, _ := io.ReadFull(in, first)
	first = first[:n]
	in = io.MultiReader(bytes.NewReader(first), in)
	if _, ok := data.PeekIDX(first); ok {
		t, err := neighbours(path)
		if err != nil {
			return nil, err
		}
		return findIDX(filepath.Dir(path), t, lookAll(t), filepath.Base(path), o)
	}
	if isPickle(first) {
		_, err := pickled(path, in)
		return nil, err
	}
	if f, err := findRecordFile(path, in); f != nil || err != nil {
		return f, err
	}
	return nil, fmt.Errorf("%s: begins with %.12q: expected a zip, tar, tar.gz, tar.bz2, tar.xz or tar.zst of images, data.mdb, an idx file of MNIST's format, or records of CIFAR-10 or CIFAR-100", path, first)
}

// findTree recognises the files of a folder or an archive by what they hold.
func findTree(path string, t tree, o Options) (*found, error) {
	sniffs := lookAll(t)
	var pickles []sniff
	var numbers *sniff // an idx file that holds neither images nor labels
	isIDX := false
	for i, s := range sniffs {
		base := s.name[strings.LastIndexByte(s.name, '/')+1:]
		folder := s.name[:len(s.name)-len(base)]
		switch {
		case base == cifar10.train[0]:
			return findCIFAR(path, t, folder, cifar10)
		case base == cifar100.train[0] && cifar100.fits(t, s.name):
			return findCIFAR(path, t, folder, cifar100)
		case base == "data.mdb":
			return nil, fmt.Errorf("%s: %s is an LMDB within: name its folder, unpacked", path, s.name)
		case base == "data_batch_1" || isPickle(s.head):
			pickles = append(pickles, s)
		case s.is && !s.idx.Images() && !s.idx.Labels():
			numbers = &sniffs[i]
		case s.is || idxName.MatchString(base):
			isIDX = true
		}
	}
	images := len(sniffs) < len(t.names()) // by their names
	switch {
	case isIDX:
		return findIDX(path, t, sniffs, "", o)
	case numbers != nil && !images:
		return nil, fmt.Errorf("%s: %s is an idx file of %v: expected images of uint8 in 3 dimensions, and labels in 1", path, numbers.name, numbers.idx)
	case len(pickles) > 0 && !images:
		return nil, pythons(path, t, pickles)
	}
	return findImages(path, t)
}

// findAll recognises the files of a tree, and counts and names those that are no part
// of what it found though they might hold data.
func findAll(path string, t tree, o Options) (*found, error) {
	w := &watched{tree: t, seen: map[string]bool{}}
	f, err := findTree(path, w, o)
	seen := w.seen
	w.seen = nil
	if err != nil || f.passed != nil {
		return f, err
	}
	f.passed = t.left()
	for _, name := range t.names() {
		if seen[name] {
			continue
		}
		// Next to the files of a known set there may be descriptions of it.
		if begin, err := head(t, name, tarBlock); err != nil || isImage(name, begin) || archiveOf(begin) != "" {
			f.passed.add(notPart, name)
		}
	}
	return f, nil
}

// A watched tree knows which of its files were read while seen was there.
type watched struct {
	tree
	seen map[string]bool
}

func (w *watched) read(name string) ([]byte, error) {
	if w.seen != nil {
		w.seen[name] = true
	}
	return w.tree.read(name)
}

func (w *watched) open(name string) (io.ReadCloser, error) {
	if w.seen != nil {
		w.seen[name] = true
	}
	return w.tree.open(name)
}

// holdOut shuffles all records of a set that has no split and parts them.
func (f *found) holdOut(path string, o Options) error {
	n := f.train.size()
	valid := cmp.Or(o.Valid, min(max(n/10, 1), 10_000))
	if valid >= n {
		return fmt.Errorf("%s: %s images: expected more than the %s to hold out for validation", path, data.Thousands(n), data.Thousands(valid))
	}
	order := shuffled(n)
	f.valid = part{f.train.records, order[:valid:valid], f.train.labels}
	f.train.order = order[valid:]
	return nil
}

// shuffled returns the numbers below n in an order that is always the same.
func shuffled(n int) []int32 {
	order := make([]int32, n)
	for i, k := range random.New(1, "corpus").Perm(n) {
		order[i] = int32(k)
	}
	return order
}

func plural(noun string, n int) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
