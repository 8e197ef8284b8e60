package corpus

import (
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"
)

// packed is a zip, which is read in place.
type packed struct {
	*index
	files  []*zip.File
	closer io.Closer
}

// maxLink bounds the path that a link leads to.
const maxLink = 4096

func openZip(r io.ReaderAt, size int64, closer io.Closer) (*packed, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("zip archive of %d bytes: %w; fetch it anew", size, err)
	}
	z.RegisterDecompressor(methodBzip2, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	z.RegisterDecompressor(methodZstd, func(r io.Reader) io.ReadCloser {
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return failing{err}
		}
		return d.IOReadCloser()
	})
	z.RegisterDecompressor(methodXZ, func(r io.Reader) io.ReadCloser {
		u, err := uncompressed(r)
		if err != nil {
			return failing{err}
		}
		return io.NopCloser(u)
	})
	p := &packed{index: newIndex(), files: z.File, closer: closer}
	for i, f := range z.File {
		switch m := f.Mode(); {
		case m.IsDir() || strings.HasSuffix(f.Name, `\`) && f.UncompressedSize64 == 0:
		case m.IsRegular():
			p.add(f.Name, i, "", false)
		case m&fs.ModeSymlink != 0:
			target, err := readZipped(f, maxLink)
			if err != nil || len(target) == 0 {
				p.gone.add(notReadable, f.Name)
				continue
			}
			p.add(f.Name, i, string(target), false)
		default:
			p.gone.add(isSpecial, f.Name)
		}
	}
	p.walk()
	return p, nil
}

// What packs a file in a zip, by number.
const (
	methodBzip2 = 12
	methodLZMA  = 14
	methodZstd  = 93
	methodXZ    = 95
)

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
func (f failing) Close() error             { return nil }

func (p *packed) names() []string { return p.list }
func (p *packed) left() *passed   { return &p.gone }
func (p *packed) Close() error    { return p.closer.Close() }

func (p *packed) open(name string) (io.ReadCloser, error) {
	i, err := p.find(name)
	if err != nil {
		return nil, err
	}
	return openZipped(p.files[i])
}

// openZipped opens a file of a zip.
func openZipped(f *zip.File) (io.ReadCloser, error) {
	if f.Flags&1 != 0 {
		return nil, errors.New("is encrypted; unpack it with its password and name the folder")
	}
	if f.Method == methodLZMA {
		return openLZMA(f)
	}
	r, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		err = fmt.Errorf("is packed by method %d of zip, which is not read; unpack it and name the folder", f.Method)
	}
	return r, err
}

// summed ends with an error if what was read has a wrong CRC-32.
type summed struct {
	r    io.Reader
	sum  uint32
	want uint32
}

func (s *summed) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	s.sum = crc32.Update(s.sum, crc32.IEEETable, b[:n])
	if err == io.EOF && s.sum != s.want {
		err = zip.ErrChecksum
	}
	return n, err
}

func (s *summed) Close() error { return nil }

// openLZMA opens a file that is packed by LZMA, whose header in a zip differs from that
// of a separate file.
func openLZMA(f *zip.File) (io.ReadCloser, error) {
	r, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	head := make([]byte, 4+5, 4+5+8) // version, size, and properties
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	size := f.UncompressedSize64
	if f.Flags&2 != 0 { // a marker says where it ends
		size = 1<<64 - 1
	}
	d, err := lzma.ReaderConfig{DictCap: maxWindow}.NewReader(io.MultiReader(bytes.NewReader(le.AppendUint64(head[4:], size)), r))
	if err != nil {
		return nil, err
	}
	return &summed{r: d, want: f.CRC32}, nil
}

// readZipped reads a file of a zip.
func readZipped(f *zip.File, most int64) ([]byte, error) {
	r, err := openZipped(f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readUpTo(r, most)
}

func (p *packed) read(name string) ([]byte, error) {
	i, err := p.find(name)
	if err != nil {
		return nil, err
	}
	return readZipped(p.files[i], maxFile)
}
