package corpus

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"ganbel/core/data"
)

// unpacked is a tar, whose files are held in memory.
type unpacked struct {
	files map[string][]byte
	list  []string
	gone  passed
}

func (u *unpacked) names() []string { return u.list }
func (u *unpacked) left() *passed   { return &u.gone }
func (u *unpacked) Close() error    { return nil }

func (u *unpacked) read(name string) ([]byte, error) {
	b, ok := u.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return b, nil
}

func (u *unpacked) open(name string) (io.ReadCloser, error) {
	b, err := u.read(name)
	return io.NopCloser(bytes.NewReader(b)), err
}

// tarBlock is the unit of a tar.
const tarBlock = 512

// isTar reports whether a block is the header of a tar, of whatever age, by its
// checksum.
func isTar(b []byte) bool {
	if len(b) < tarBlock {
		return false
	}
	field := strings.Trim(string(b[148:156]), " \x00")
	want, err := strconv.ParseInt(field, 8, 64)
	if err != nil {
		return false
	}
	sum, signed := int64(0), int64(0) // some old ones add signed bytes
	for i, c := range b[:tarBlock] {
		if 148 <= i && i < 156 {
			c = ' '
		}
		sum, signed = sum+int64(c), signed+int64(int8(c))
	}
	return want == sum || want == signed
}

// zeros counts the bytes of 0 that were last read from r: a tar ends with two
// blocks of them.
type zeros struct {
	r io.Reader
	n int
}

func (z *zeros) Read(b []byte) (int, error) {
	n, err := z.r.Read(b)
	last := len(bytes.TrimRight(b[:n], "\x00"))
	if last > 0 {
		z.n = 0
	}
	z.n += n - last
	return n, err
}

// maxZeros bounds the zeros that may follow the end of a tar.
const maxZeros = 1 << 30

// next looks after the end of a tar for the first block of another, as in tars that were
// appended to each other. It returns nil if there is none, and reports whether anything
// else is there.
func (z *zeros) next() (block []byte, more bool, err error) {
	if z.n < 2*tarBlock {
		return nil, false, errors.New("cut: its end is missing")
	}
	b := make([]byte, tarBlock)
	for range maxZeros / tarBlock {
		n, err := io.ReadFull(z.r, b)
		b = b[:n]
		switch {
		case err != nil && err != io.EOF && err != io.ErrUnexpectedEOF: // such as another checksum
			return nil, false, err
		case len(bytes.Trim(b, "\x00")) > 0:
			return b, !isTar(b), nil
		case err != nil:
			return nil, false, nil
		}
	}
	return nil, false, fmt.Errorf("more than %s zeros follow its end", data.Thousands(maxZeros))
}

// tarEntry is what an entry of a tar takes in memory besides its name and content.
const tarEntry = 128

func openTar(r io.Reader, memory int64) (*unpacked, error) {
	x := newIndex()
	var content [][]byte
	entries := 0
	fail := func(what string, err error) (*unpacked, error) {
		return nil, fmt.Errorf("tar archive, %s: %w; fetch it anew", what, err)
	}
	end := &zeros{r: r}
	t := tar.NewReader(end)
	for {
		h, err := t.Next()
		if err == io.EOF {
			block, other, err := end.next()
			if err != nil {
				return fail(fmt.Sprintf("after %d files", len(content)), err)
			}
			if other {
				x.gone.add(behindEnd, fmt.Sprintf("%.12q and so on", block))
			}
			if other || block == nil {
				break
			}
			end = &zeros{r: io.MultiReader(bytes.NewReader(block), r)}
			t = tar.NewReader(end)
			continue
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return fail(fmt.Sprintf("after %d files", len(content)), err)
		}
		entries++
		cost := tarEntry + int64(len(h.Name)+len(h.Linkname))
		if size := max(h.Size, 0); cost > memory || size > memory-cost {
			return nil, fmt.Errorf("tar archive: %s, entry %d: %s bytes are more than is left of what its files may take in memory: unpack it and name the folder", printable(h.Name), entries, data.Thousands(int(size)))
		}
		memory -= cost
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
			if h.Size > maxSet {
				return nil, fmt.Errorf("tar archive: %s, entry %d: holds more than %d bytes: unpack it and name the folder", printable(h.Name), entries, maxSet)
			}
			b, err := readUpTo(t, min(memory, maxSet))
			if err != nil {
				return fail(fmt.Sprintf("%s, entry %d", printable(h.Name), entries), err)
			}
			memory -= int64(len(b))
			x.add(h.Name, len(content), "", false)
			content = append(content, b)
		case tar.TypeLink, tar.TypeSymlink:
			if h.Linkname == "" {
				x.gone.add(isBroken, h.Name)
				continue
			}
			x.add(h.Name, 0, h.Linkname, h.Typeflag == tar.TypeLink)
		case tar.TypeDir, tar.TypeXGlobalHeader:
		default:
			x.gone.add(isSpecial, h.Name)
		}
	}
	x.walk()
	u := &unpacked{files: make(map[string][]byte, len(x.list)), list: x.list, gone: x.gone}
	for _, name := range x.list {
		i, err := x.find(name)
		if err != nil {
			return nil, err
		}
		u.files[name] = content[i]
	}
	return u, nil
}
