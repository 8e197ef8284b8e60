package data

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"strconv"
	"strings"
)

// A PaperSet is a data set that one of the two papers has numbers of.
type PaperSet string

// The papers' sets. Identity.Paper says how each is recognised.
const (
	PaperMNIST       PaperSet = "MNIST"
	PaperCIFAR10     PaperSet = "CIFAR-10"
	PaperImageNet32  PaperSet = "ImageNet 32×32"
	PaperLSUN        PaperSet = "LSUN bedrooms"
	PaperBillionWord PaperSet = "Billion Word"
)

// paperSets are all of them.
var paperSets = []PaperSet{PaperMNIST, PaperCIFAR10, PaperImageNet32, PaperLSUN, PaperBillionWord}

// An Identity says which data a run was trained on, so that logs, tables and figures can
// name it and a run continues with no other.
type Identity struct {
	// Name is what the data is called: its own name if that is known, otherwise that of
	// its file or folder.
	Name string `json:"name"`
	// Digest is a SHA-256 of the content, in hexadecimal: of images, their size, pixels
	// and labels as a run sees them, in their order, of training and of validation; of
	// text, the lines; of points, the numbers. It does not depend on names, on the path,
	// or on how the data was packed. Of images that are read as they are needed it is
	// over their number, their labels, and 256 of them. It is "" for data that a
	// formula makes, which its name identifies.
	Digest string `json:"digest,omitempty"`
	// Train and Validation count examples, 0 if a formula makes as many as are needed.
	Train      int `json:"train,omitempty"`
	Validation int `json:"validation,omitempty"`
	// Classes counts classes, 0 if there are no labels.
	Classes int `json:"classes,omitempty"`
	// Shape is that of an example: rows, columns and channels of an image, letters of a
	// line, 2 of a point.
	Shape []int `json:"shape,omitempty"`
	// Source is the shape of the first image as its file has it, if it was cut, scaled
	// or turned grey to be of Shape.
	Source []int `json:"source,omitempty"`
	// Paper is the papers' set that the data is, or a part of, "" for any other. It is
	// decided by content, never by a name: MNIST by its files' checksums or its digest;
	// CIFAR-10 by 5,000 and 1,000 images of each class and by the classes' mean colours,
	// which JPEG keeps; ImageNet 32×32, LSUN and Billion Word by how many examples
	// there are.
	Paper PaperSet `json:"paper,omitempty"`
}

// Is reports whether the data is set, one of the papers' sets: the paper's numbers may
// stand only next to those of that data.
func (id Identity) Is(set PaperSet) bool { return set != "" && id.Paper == set }

// Same reports whether two identities are of the same data, whatever it is called.
func (id Identity) Same(other Identity) bool {
	return id.Digest == other.Digest && (id.Digest != "" || id.Name == other.Name)
}

// Known reports whether anything is known: the zero Identity is that of a run saved by an
// older version.
func (id Identity) Known() bool { return id.Name != "" || id.Digest != "" }

// Drawn is the name of points that a person draws, and that no file holds.
const Drawn = "points"

// Continues reports whether a run that was trained on data from may continue with this:
// if it is the same; if both are MNIST, of which the page has a part; and if both are
// points that a person draws, who may have moved them since.
func (id Identity) Continues(from Identity) bool {
	return !from.Known() || id.Same(from) || id.Is(PaperMNIST) && from.Is(PaperMNIST) || id.Name == Drawn && from.Name == Drawn
}

// String returns the identity in a line, such as
// "Fashion-MNIST, 60,000 + 10,000 of 28×28×1, 10 classes, SHA-256 1feba77c54802fa5".
func (id Identity) String() string {
	var b strings.Builder
	b.WriteString(id.Name)
	if id.Train > 0 {
		fmt.Fprintf(&b, ", %s", Thousands(id.Train))
		if id.Validation > 0 {
			fmt.Fprintf(&b, " + %s", Thousands(id.Validation))
		}
		if len(id.Shape) > 0 {
			b.WriteString(" of " + times(id.Shape))
		}
	}
	if id.Classes > 0 {
		fmt.Fprintf(&b, ", %d classes", id.Classes)
	}
	if id.Source != nil {
		b.WriteString(", made of " + times(id.Source))
	}
	if id.Digest != "" {
		b.WriteString(", SHA-256 " + id.Digest[:min(16, len(id.Digest))])
	}
	return b.String()
}

// times writes a shape with × between its sizes.
func times(shape []int) string {
	var all []string
	for _, n := range shape {
		all = append(all, strconv.Itoa(n))
	}
	return strings.Join(all, "×")
}

// Thousands returns a count, at least 0, as decimal digits with commas between thousands.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// named returns a name of data that is not a set of the papers: a name that claims to be
// one gets quotes.
func named(name string) string {
	for _, set := range paperSets {
		if strings.EqualFold(strings.TrimSpace(name), string(set)) {
			return strconv.Quote(name)
		}
	}
	return name
}

// An Identified source knows its identity, and that of the validation images that it
// came with.
type Identified interface {
	Source
	Identity() Identity
}

// IdentifyImages returns the identity of images to train on and to validate with, which
// may be nil. If their reader has identified them, see Images.Belong and Identified, that
// is returned; otherwise they are called name.
func IdentifyImages(name string, train, validation Source) Identity {
	m, inMemory := train.(*Images)
	v, _ := validation.(*Images)
	if inMemory && m.identity != nil && (v == nil && m.identity.Validation == 0 || v != nil && v.identity == m.identity) {
		return *m.identity
	}
	if s, ok := train.(Identified); ok {
		return s.Identity()
	}
	rows, cols, channels := train.Shape()
	id := Identity{Name: name, Train: train.Count(), Classes: train.Classes(), Shape: []int{rows, cols, channels}}
	parts := []Source{train}
	if validation != nil && validation.Count() > 0 {
		parts = append(parts, validation)
		id.Validation, id.Classes = validation.Count(), max(id.Classes, validation.Classes())
	}
	if inMemory && m.paper != "" && (v == nil || v.paper == m.paper) {
		id.Name, id.Paper = string(m.paper), m.paper
		if known, ok := partsOf[[4]int{m.from, m.Count(), fromOf(v), id.Validation}]; ok && m.paper == PaperMNIST {
			id.Digest = known
			return id
		}
	}
	id.Digest = digestImages(id.Shape, parts)
	id.decide(m)
	return id
}

func fromOf(m *Images) int {
	if m == nil {
		return -1
	}
	return m.from
}

// Places of MNIST's images: those for tests come after those to train with.
const mnistTests = 60_000

// Digests of MNIST as a run may have it.
const (
	mnistDigest = "0b082751be2417697c9af830f732fbb6bd73cf572322a976a92901335191402b"
	shardDigest = "3ecf232e755ba80eab1ad16ba81fa181311847583060136ac8b19a859bc62b46"
)

// partsOf are digests that need not be computed, by the start and number of the training
// images in MNIST, and of the validation images.
var partsOf = map[[4]int]string{
	{0, 60_000, mnistTests, 10_000}:                                mnistDigest,
	{0, ShardCount - shardTest, ShardCount - shardTest, shardTest}: shardDigest,
}

// decide fills in Paper, and with it the name, by the content. m are the training images,
// if they are in memory.
func (id *Identity) decide(m *Images) {
	if id.Paper != "" {
		return
	}
	switch images, channels := id.Train+id.Validation, id.Shape[2]; {
	case id.Digest == mnistDigest || id.Digest == shardDigest:
		id.Paper, id.Name = PaperMNIST, string(PaperMNIST)
	case id.Train == 50_000 && id.Validation == 10_000 && id.Classes == 10 && m != nil && isCIFAR10(m):
		id.Paper = PaperCIFAR10
	case id.Train == 1_281_149 && id.Validation == 49_999 && channels == 3:
		id.Paper = PaperImageNet32
	case images == 3_033_042 && channels == 3, id.Train == 3_033_042 && id.Validation == 300 && channels == 3:
		id.Paper = PaperLSUN
	default:
		id.Name = named(id.Name)
	}
}

// digestImages returns the digest of images.
func digestImages(shape []int, parts []Source) string {
	h := sha256.New()
	fmt.Fprintf(h, "images %v\n", shape) // a hash takes all
	for _, s := range parts {
		fmt.Fprintf(h, "%d of %d classes\n", s.Count(), s.Classes())
		if m, ok := s.(*Images); ok {
			h.Write(m.Labels)
			h.Write(m.Pixels)
			continue
		}
		if s.Classes() > 0 {
			labels := make([]uint8, s.Count())
			for i := range labels {
				labels[i] = uint8(s.Label(i))
			}
			h.Write(labels)
		}
		const looked = 256
		n := min(looked, s.Count())
		index := make([]int, n)
		for i := range index {
			index[i] = i * s.Count() / n
		}
		h.Write(Take(s, index).Pixels)
	}
	return sum(h)
}

func sum(h hash.Hash) string { return fmt.Sprintf("%x", h.Sum(nil)) }

// IdentifyText returns the identity of lines of text.
func IdentifyText(name string, lines []string) Identity {
	h := sha256.New()
	for _, line := range lines {
		h.Write([]byte(line))
		h.Write([]byte{'\n'})
	}
	id := Identity{Name: named(name), Digest: sum(h), Train: len(lines)}
	if name == string(PaperBillionWord) && len(lines) == 10_000_000 {
		id.Name, id.Paper = name, PaperBillionWord
	}
	return id
}

// IdentifyPoints returns the identity of points of the plane, x and y in turn.
func IdentifyPoints(name string, points []float32) Identity {
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, points)
	return Identity{Name: name, Digest: sum(h), Train: len(points) / 2, Shape: []int{2}}
}

// IdentifyToy returns the identity of a distribution that Toy knows by name.
func IdentifyToy(name string) Identity { return Identity{Name: name, Shape: []int{2}} }

// Belong says which data the images are of, together with those for validation, nil if
// there are none. What is cut out of them by Slice is other data.
func Belong(id Identity, train, validation *Images) {
	train.identity = &id
	if validation != nil {
		validation.identity = train.identity
	}
}

// cifarMeans are the mean colours of CIFAR-10's training images by class, of 0 to 1.
var cifarMeans = [10][3]float64{
	{.5257, .5604, .5888}, {.4708, .4542, .4470}, {.4891, .4914, .4240}, {.4951, .4563, .4154}, {.4714, .4650, .3781},
	{.4996, .4645, .4165}, {.4697, .4381, .3454}, {.5017, .4797, .4168}, {.4902, .5254, .5546}, {.4982, .4851, .4777},
}

// cifarNear is how far from them a set's may be: JPEG moves them by less than a
// thousandth.
const cifarNear = .004

// isCIFAR10 reports whether images are CIFAR-10's 50,000 to train with, exact or
// compressed, by how many there are of each class and by the classes' mean colours.
func isCIFAR10(m *Images) bool {
	if m.Channels != 3 || len(m.Labels) != m.Count() {
		return false
	}
	var count [10]int
	var total [10][3]float64
	size := m.Size()
	for i, y := range m.Labels {
		if y > 9 {
			return false
		}
		count[y]++
		var c [3]int
		for at, p := range m.Pixels[i*size : (i+1)*size] {
			c[at%3] += int(p)
		}
		for k := range c {
			total[y][k] += float64(c[k])
		}
	}
	for y, n := range count {
		for k, want := range cifarMeans[y] {
			if n != 5000 || math.Abs(total[y][k]/float64(5000*size/3*255)-want) > cifarNear {
				return false
			}
		}
	}
	return true
}
