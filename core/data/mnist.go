package data

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"slices"
)

// mnistFiles are MNIST's four files as Yann LeCun published them.
var mnistFiles = [4]struct{ name, sum string }{
	{"train-images-idx3-ubyte.gz", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
	{"train-labels-idx1-ubyte.gz", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
	{"t10k-images-idx3-ubyte.gz", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
	{"t10k-labels-idx1-ubyte.gz", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"},
}

// MNIST reads the four files from fsys. It returns an error that names the file
// and the SHA-256 expected where one is missing, cut or wrong.
func MNIST(fsys fs.FS) (train, test *Images, err error) {
	var content [4][]byte
	for i, f := range mnistFiles { // all are checked before any is unpacked
		if content[i], err = fs.ReadFile(fsys, f.name); err != nil {
			return nil, nil, fmt.Errorf("MNIST: %w: expected the file with SHA-256 %s; assets/mnist/README.md tells where it comes from", err, f.sum)
		}
		if err := checkSum(content[i], f.sum); err != nil {
			return nil, nil, fmt.Errorf("MNIST: %s: %w; fetch it anew, assets/mnist/README.md tells from where", f.name, err)
		}
	}
	var sets [2]*Images
	for i := range sets {
		sets[i], err = ReadImages(bytes.NewReader(content[2*i]), bytes.NewReader(content[2*i+1]))
		if err != nil {
			return nil, nil, fmt.Errorf("MNIST: %s: %w", mnistFiles[2*i].name, err)
		}
	}
	for _, m := range sets {
		m.paper = PaperMNIST
	}
	sets[1].from = mnistTests
	return sets[0], sets[1], nil
}

func checkSum(b []byte, want string) error {
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != want {
		return fmt.Errorf("the SHA-256 of its %d bytes is %x, expected %s", len(b), sum, want)
	}
	return nil
}

// ShardCount is the number of images of the page's shard.
const ShardCount = 10_000

// shardTest is how many digits of the shard, its last, are kept for tests.
const shardTest = 1000

// Split returns what the page trains on and what it tests with of its shard: all
// images but the last thousand, and these. It panics where there are fewer.
func (m *Images) Split() (train, test *Images) {
	n := m.Count() - shardTest
	return m.Slice(0, n), m.Slice(n, m.Count())
}

// shardSum is the SHA-256 of the pixels of MNIST's first 10,000 training images,
// with their labels after them.
const shardSum = "2e49afdffc567fd5f9f306a04e2bafced2432146ae04f4b9a58b25505ba05b2e"

// WriteShard writes the first ShardCount images and labels to w as two idx files, one
// after the other and gzipped together, always the same bytes. It panics where there
// are fewer.
func WriteShard(w io.Writer, m *Images) error {
	if m.Count() < ShardCount || len(m.Labels) < ShardCount {
		panic(fmt.Sprintf("data: a shard of %d images with %d labels", m.Count(), len(m.Labels)))
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	m = m.Slice(0, ShardCount)
	for _, part := range []any{
		[]uint32{0x803, ShardCount, uint32(m.Rows), uint32(m.Cols)}, m.Pixels,
		[]uint32{0x801, ShardCount}, m.Labels,
	} {
		if err := binary.Write(z, binary.BigEndian, part); err != nil {
			return err
		}
	}
	return z.Close()
}

// ReadShard reads what WriteShard wrote. It returns an error with the checksum
// expected where it is cut or wrong.
func ReadShard(r io.Reader) (*Images, error) {
	m, err := readShard(r)
	if err != nil {
		return nil, fmt.Errorf("MNIST shard: %w; load it anew, with SHA-256 %s of its pixels and labels", err, shardSum)
	}
	if err := checkSum(slices.Concat(m.Pixels, m.Labels), shardSum); err != nil {
		return nil, fmt.Errorf("MNIST shard: %w; load it anew", err)
	}
	m.paper = PaperMNIST // its first images
	return m, nil
}

func readShard(r io.Reader) (*Images, error) {
	z, err := Gunzip(r)
	if err != nil {
		return nil, fmt.Errorf("not gzip: %w", err)
	}
	h, pixels, err := nextIDX(z, imagesKind)
	if err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	_, labels, err := nextIDX(z, labelsKind)
	if err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	return &Images{Rows: h.Shape[1], Cols: h.Shape[2], Channels: 1, Pixels: pixels, Labels: labels}, atEnd(z)
}
