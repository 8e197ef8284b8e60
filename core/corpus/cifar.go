package corpus

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"ganbel/core/data"
)

// A cifarLayout is the binary version of CIFAR-10 or of CIFAR-100: records of one or
// two labels, then 32 rows of 32 pixels in red, in green, and in blue.
type cifarLayout struct {
	name        string
	labels      int   // bytes; the last is the label that is used
	most        []int // how many classes each may have
	train, test []string
	each        int // records a training file
	classes     []string
}

const (
	cifarPixels = 3 * 32 * 32
	// cifarRecord is the size of a record of CIFAR-10.
	cifarRecord = 1 + cifarPixels
	// cifarFile is how many images each of CIFAR-10's six files holds, and CIFAR-100's
	// for tests.
	cifarFile = 10_000
	// maxRecords bounds a file of records, in bytes; CIFAR-100's has 154 MB.
	maxRecords = 1 << 28
)

var (
	cifar10 = &cifarLayout{name: "CIFAR-10", labels: 1, most: []int{10}, each: cifarFile, classes: cifarClasses,
		train: []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"}, test: []string{"test_batch.bin"}}
	// cifar100 has a coarse label of 20, which is left out, and a fine one of 100.
	cifar100 = &cifarLayout{name: "CIFAR-100", labels: 2, most: []int{20, 100}, each: 5 * cifarFile, classes: cifar100Classes,
		train: []string{"train.bin"}, test: []string{"test.bin"}}
)

func (l *cifarLayout) size() int { return l.labels + cifarPixels }

// check returns an error if the labels of a record cannot be.
func (l *cifarLayout) check(record []byte) error {
	for i, most := range l.most {
		if int(record[i]) >= most {
			return fmt.Errorf("its label is %d, expected 0 to %d", record[i], most-1)
		}
	}
	return nil
}

// share returns the share of a file's first records whose labels can be, 0 if there is
// no whole record.
func (l *cifarLayout) share(b []byte) float64 {
	good, n := 0, min(len(b)/l.size(), 1000)
	for i := range n {
		if l.check(b[i*l.size():]) == nil {
			good++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(good) / float64(n)
}

// fits reports whether a file of a tree begins with records of the layout.
func (l *cifarLayout) fits(t tree, name string) bool {
	r, err := peek(t, name)
	if err != nil {
		return false
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, int64(20*l.size())))
	return err == nil && l.share(b) == 1
}

// cifar is files of records, one after the other.
type cifar struct {
	*cifarLayout
	files []cifarContent
}

type cifarContent struct {
	path  string
	bytes []byte // whole records
}

func (c cifar) count() int {
	n := 0
	for _, f := range c.files {
		n += len(f.bytes) / c.size()
	}
	return n
}

// at returns the file of a record and its number there.
func (c cifar) at(i int) (cifarContent, int) {
	for _, f := range c.files {
		n := len(f.bytes) / c.size()
		if i < n {
			return f, i
		}
		i -= n
	}
	panic("corpus: no such record")
}

func (c cifar) name(i int) string {
	f, k := c.at(i)
	return fmt.Sprintf("%s: record %d", f.path, k)
}

func (c cifar) picture(i int) (picture, error) {
	f, k := c.at(i)
	r := f.bytes[k*c.size():][:c.size()]
	if err := c.check(r); err != nil {
		return picture{}, err
	}
	p := picture{rows: 32, cols: 32, channels: 3, pixels: make([]uint8, cifarPixels)}
	for k, v := range r[c.labels:] {
		p.pixels[k%1024*3+k/1024] = v
	}
	return p, nil
}

// part returns all records with their labels.
func (c cifar) part() part {
	p := part{records: c}
	for _, f := range c.files {
		for at := c.labels - 1; at < len(f.bytes); at += c.size() {
			p.labels = append(p.labels, f.bytes[at])
		}
	}
	return p
}

// readRecords reads a file of records of a tree.
func readRecords(t tree, name string) ([]byte, error) {
	if u, ok := t.(*unpacked); ok {
		return u.read(name) // it is in memory
	}
	r, err := t.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readUpTo(r, maxRecords)
}

// findCIFAR reads the files of a layout in a folder of t.
func findCIFAR(path string, t tree, folder string, l *cifarLayout) (*found, error) {
	read := func(names []string, each int) (part, error) {
		c := cifar{cifarLayout: l}
		for _, name := range names {
			b, err := readRecords(t, folder+name)
			if err != nil {
				return part{}, fmt.Errorf("%s: %s%s: %w: expected %s and %s", path, folder, name, err, l.all(), l.test[0])
			}
			if len(b) != each*l.size() {
				return part{}, fmt.Errorf("%s: %s%s: record %d is cut or too many: %d bytes, expected %s records of %d; fetch it anew",
					path, folder, name, min(len(b)/l.size(), each), len(b), data.Thousands(each), l.size())
			}
			c.files = append(c.files, cifarContent{path + ": " + folder + name, b})
		}
		return c.part(), nil
	}
	train, err := read(l.train, l.each)
	if err != nil {
		return nil, err
	}
	valid, err := read(l.test, cifarFile)
	if err != nil {
		return nil, err
	}
	return &found{name: l.name, train: train, valid: valid, classes: l.classes, closer: t}, nil
}

// all names the layout's training files.
func (l *cifarLayout) all() string {
	if n := len(l.train); n > 1 {
		return l.train[0] + " to " + l.train[n-1]
	}
	return l.train[0]
}

// findRecordFile reads a file of CIFAR-10's or CIFAR-100's records, whichever its
// labels fit. It returns nil for another file: one named .bin may be cut and have wrong
// labels, any other must be of whole records that are right.
func findRecordFile(path string, in io.Reader) (*found, error) {
	head := make([]byte, 64*cifar100.size())
	n, err := io.ReadFull(in, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	head = head[:n]
	l := cifar10
	if cifar100.share(head) > cifar10.share(head) {
		l = cifar100
	}
	named := strings.HasSuffix(strings.ToLower(strings.TrimSuffix(path, ".gz")), ".bin")
	if n < l.size() || !named && l.share(head) < 1 {
		return nil, nil
	}
	rest, err := readUpTo(in, maxRecords)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	b := append(head, rest...)
	if !named && len(b)%l.size() != 0 {
		return nil, nil
	}
	return l.records(path, b), nil
}

// findRecords takes a file's bytes for records of CIFAR-10's binary version.
func findRecords(path string, b []byte) *found { return cifar10.records(path, b) }

// records takes a file's bytes for records. A cut one at the end counts as broken.
func (l *cifarLayout) records(path string, b []byte) *found {
	n := len(b) / l.size()
	c := cifar{l, []cifarContent{{path, b[:n*l.size()]}}}
	f := &found{name: l.name + " of " + filepath.Base(path), train: c.part(), classes: l.classes}
	if rest := len(b) % l.size(); rest > 0 {
		f.bad, f.first = 1, fmt.Errorf("%s: record %d is cut: %d bytes, expected %d", path, n, rest, l.size())
	}
	return f
}

// cifar100Classes are CIFAR-100's fine classes in the order of their labels.
var cifar100Classes = strings.Fields(`apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus
butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur
dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster
man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree
plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake
spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle
wardrobe whale willow_tree wolf woman worm`)

// isPickle reports whether a file that begins with head is one of Python's pickles in
// a protocol of bytes, 2 to 5.
func isPickle(head []byte) bool {
	return len(head) > 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5 && bytes.IndexByte([]byte("}](\x95ccNKX"), head[2]) >= 0
}

// pythons returns the error for a tree with pickles and no images: that of CIFAR's, if
// one is CIFAR's.
func pythons(path string, t tree, pickles []sniff) (err error) {
	for _, p := range pickles {
		where := path + ": " + p.name
		if !isPickle(p.head) {
			return fmt.Errorf("%s has the name of CIFAR-10's Python version: expected data_batch_1.bin; fetch the binary version, cifar-10-binary.tar.gz", where)
		}
		r, e := t.open(p.name)
		if e != nil {
			return fmt.Errorf("%s: %w", where, e)
		}
		in, e := uncompressed(r)
		known := false
		if e == nil {
			known, e = pickled(where, in)
		}
		r.Close()
		if known {
			return e
		}
		if err == nil {
			err = e
		}
	}
	return err
}

// pickled returns the error for a pickle, which is read by no program but Python's.
// where is the data set's path, and the file's in it; known reports whether it is
// CIFAR's.
func pickled(where string, r io.Reader) (known bool, err error) {
	const most = 1 << 25 // of CIFAR-100's, the labels come after 50,000 names
	b, _ := io.ReadAll(io.LimitReader(r, most))
	has := func(keys ...string) bool {
		for _, key := range keys {
			if bytes.Contains(b, []byte(key)) {
				return true
			}
		}
		return false
	}
	switch {
	case has("fine_label", "coarse_label"):
		return true, fmt.Errorf("%s is a pickle of CIFAR-100's Python version, which only Python reads: expected train.bin and test.bin; fetch the binary version, cifar-100-binary.tar.gz", where)
	case has("batch_label", "training batch", "num_cases_per_batch") || has("labels") && has("filenames"):
		return true, fmt.Errorf("%s is a pickle of CIFAR-10's Python version, which only Python reads: expected data_batch_1.bin; fetch the binary version, cifar-10-binary.tar.gz", where)
	}
	return false, fmt.Errorf("%s is a pickle, which only Python reads: save its images as PNG files, a folder for each class", where)
}
