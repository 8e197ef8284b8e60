package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

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

// idxNames tells sets of this format apart by the SHA-256 of their training
// labels, unpacked.
var idxNames = map[string]string{
	"1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13": "MNIST",
	"657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7": "Fashion-MNIST",
}

// findIDX reads the four files of MNIST's names in a folder of t.
func findIDX(path string, t tree, folder string, o Options) (*found, error) {
	read := func(what string) (part, *data.Images, error) {
		var b [2][]byte
		names := [2]string{folder + what + "-images-idx3-ubyte.gz", folder + what + "-labels-idx1-ubyte.gz"}
		for i, name := range names {
			var err error
			if b[i], err = t.read(name); err != nil {
				return part{}, nil, fmt.Errorf("%s: %s: %w: expected train and t10k, images-idx3-ubyte.gz and labels-idx1-ubyte.gz", path, name, err)
			}
		}
		m, err := data.ReadImages(bytes.NewReader(b[0]), bytes.NewReader(b[1]))
		if err != nil {
			return part{}, nil, fmt.Errorf("%s: %s: %w; fetch it anew", path, names[0], err)
		}
		x := &idx{Images: m, path: path + ": " + names[0], side: o.Side}
		return part{records: x, labels: m.Labels}, m, nil
	}
	train, images, err := read("train")
	if err != nil {
		return nil, err
	}
	valid, test, err := read("t10k")
	if err != nil {
		return nil, err
	}
	if test.Rows != images.Rows || test.Cols != images.Cols {
		return nil, fmt.Errorf("%s: its images for tests are %dx%d, expected %dx%d as those for training", path, test.Rows, test.Cols, images.Rows, images.Cols)
	}
	sum := sha256.Sum256(images.Labels)
	name, known := idxNames[hex.EncodeToString(sum[:])]
	if !known {
		name = filepath.Base(filepath.Clean(path))
	}
	f := &found{name: name, train: train, valid: valid, closer: t}
	for k := range max(images.Classes(), test.Classes()) {
		f.classes = append(f.classes, fmt.Sprint(k))
	}
	return f, nil
}
