package corpus

import (
	"fmt"
	"path/filepath"
)

// cifarRecord is the size of an image in CIFAR-10's binary version: a label, then
// 32 rows of 32 pixels in red, in green, and in blue.
const cifarRecord = 1 + 3*32*32

// cifarFile is how many images each of the six files holds.
const cifarFile = 10_000

// cifar is files of CIFAR-10's binary version, one after the other.
type cifar []cifarContent

type cifarContent struct {
	path  string
	bytes []byte // whole records
}

func (c cifar) count() int {
	n := 0
	for _, f := range c {
		n += len(f.bytes) / cifarRecord
	}
	return n
}

// at returns the file of a record and its number there.
func (c cifar) at(i int) (cifarContent, int) {
	for _, f := range c {
		n := len(f.bytes) / cifarRecord
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
	r := f.bytes[k*cifarRecord:][:cifarRecord]
	if int(r[0]) >= len(cifarClasses) {
		return picture{}, fmt.Errorf("its label is %d, expected 0 to %d", r[0], len(cifarClasses)-1)
	}
	p := picture{rows: 32, cols: 32, channels: 3, pixels: make([]uint8, cifarRecord-1)}
	for k, v := range r[1:] {
		p.pixels[k%1024*3+k/1024] = v
	}
	return p, nil
}

// part returns all records with their labels, the first byte of each.
func (c cifar) part() part {
	p := part{records: c}
	for _, f := range c {
		for at := 0; at < len(f.bytes); at += cifarRecord {
			p.labels = append(p.labels, f.bytes[at])
		}
	}
	return p
}

// findCIFAR reads the six files of CIFAR-10's binary version in a folder of t.
func findCIFAR(path string, t tree, folder string) (*found, error) {
	read := func(names ...string) (part, error) {
		var c cifar
		for _, name := range names {
			b, err := t.read(folder + name)
			if err != nil {
				return part{}, fmt.Errorf("%s: %s%s: %w: expected data_batch_1.bin to data_batch_5.bin and test_batch.bin", path, folder, name, err)
			}
			if len(b) != cifarFile*cifarRecord {
				return part{}, fmt.Errorf("%s: %s%s: record %d is cut or too many: %d bytes, expected %s records of %d; fetch it anew",
					path, folder, name, min(len(b)/cifarRecord, cifarFile), len(b), digits(cifarFile), cifarRecord)
			}
			c = append(c, cifarContent{path + ": " + folder + name, b})
		}
		return c.part(), nil
	}
	train, err := read("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin")
	if err != nil {
		return nil, err
	}
	valid, err := read("test_batch.bin")
	if err != nil {
		return nil, err
	}
	return &found{name: "CIFAR-10", train: train, valid: valid, classes: cifarClasses, closer: t}, nil
}

// findRecords takes a file's bytes for records of CIFAR-10's binary version. A cut
// one at the end counts as broken.
func findRecords(path string, b []byte) *found {
	n := len(b) / cifarRecord
	c := cifar{{path, b[:n*cifarRecord]}}
	f := &found{name: "CIFAR-10 of " + filepath.Base(path), train: c.part(), classes: cifarClasses}
	if rest := len(b) % cifarRecord; rest > 0 {
		f.bad, f.first = 1, fmt.Errorf("%s: record %d is cut: %d bytes, expected %d", path, n, rest, cifarRecord)
	}
	return f
}
