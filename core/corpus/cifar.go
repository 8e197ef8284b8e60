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
type cifar struct {
	files []string // their paths
	sizes []int    // how many records each holds
	bytes []byte   // all records
}

func (c *cifar) count() int { return len(c.bytes) / cifarRecord }

func (c *cifar) name(i int) string {
	k := 0
	for i >= c.sizes[k] {
		i -= c.sizes[k]
		k++
	}
	return fmt.Sprintf("%s: record %d", c.files[k], i)
}

func (c *cifar) picture(i int) (picture, error) {
	r := c.bytes[i*cifarRecord:][:cifarRecord]
	if int(r[0]) >= len(cifarClasses) {
		return picture{}, fmt.Errorf("its label is %d, expected 0 to %d", r[0], len(cifarClasses)-1)
	}
	p := picture{rows: 32, cols: 32, channels: 3, pixels: make([]uint8, cifarRecord-1)}
	for k, v := range r[1:] {
		p.pixels[k%1024*3+k/1024] = v
	}
	return p, nil
}

// labels returns every record's first byte.
func (c *cifar) labels() []uint8 {
	labels := make([]uint8, c.count())
	for i := range labels {
		labels[i] = c.bytes[i*cifarRecord]
	}
	return labels
}

// findCIFAR reads the six files of CIFAR-10's binary version in a folder of t.
func findCIFAR(path string, t tree, folder string) (*found, error) {
	read := func(names ...string) (part, error) {
		c := &cifar{}
		for _, name := range names {
			b, err := t.read(folder + name)
			if err != nil {
				return part{}, fmt.Errorf("%s: %s%s: %w: expected data_batch_1.bin to data_batch_5.bin and test_batch.bin", path, folder, name, err)
			}
			if len(b) != cifarFile*cifarRecord {
				return part{}, fmt.Errorf("%s: %s%s: record %d is cut or too many: %d bytes, expected %s records of %d; fetch it anew",
					path, folder, name, min(len(b)/cifarRecord, cifarFile), len(b), digits(cifarFile), cifarRecord)
			}
			c.files = append(c.files, path+": "+folder+name)
			c.sizes = append(c.sizes, cifarFile)
			c.bytes = append(c.bytes, b...)
		}
		return part{records: c, labels: c.labels()}, nil
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
	c := &cifar{files: []string{path}, sizes: []int{n}, bytes: b[:n*cifarRecord]}
	f := &found{name: "CIFAR-10 of " + filepath.Base(path), train: part{records: c, labels: c.labels()}, classes: cifarClasses}
	if rest := len(b) % cifarRecord; rest > 0 {
		f.bad, f.first = 1, fmt.Errorf("%s: record %d is cut: %d bytes, expected %d", path, n, rest, cifarRecord)
	}
	return f
}
