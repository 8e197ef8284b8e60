package corpus

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// maxFile bounds what one file of a set may take in memory; an image has less.
const maxFile = 1 << 27

// maxSet bounds a file of a tar that may hold a whole set; CIFAR-100's has 154 MB.
const maxSet = 1 << 30

// A tree is the files of a folder or an archive. Several goroutines read it at
// once.
type tree interface {
	// names returns the path of every file, with slashes, in order.
	names() []string
	read(name string) ([]byte, error)
	Close() error
}

// hidden reports whether a file or folder is one that systems leave behind.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || name == "__MACOSX" }

type folder struct {
	root string
	list []string
}

func openFolder(root string) (*folder, error) {
	f := &folder{root: root}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && hidden(d.Name()) && d.IsDir():
			return fs.SkipDir
		case d.Type()&^fs.ModeSymlink == 0 && !hidden(d.Name()):
			f.list = append(f.list, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", root, err)
	}
	return f, nil
}

func (f *folder) names() []string { return f.list }
func (f *folder) Close() error    { return nil }

func (f *folder) read(name string) ([]byte, error) {
	r, err := os.Open(filepath.Join(f.root, filepath.FromSlash(name)))
	if err != nil {
		return nil, errors.Unwrap(err) // the caller names the file
	}
	defer r.Close()
	return readUpTo(r, maxFile)
}

// readUpTo reads all of r, which is an error where it is more than most bytes.
func readUpTo(r io.Reader, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("holds more than %d bytes", most)
	}
	return b, err
}

// packed is a zip, which is read where it lies.
type packed struct {
	files  map[string]*zip.File
	list   []string
	closer io.Closer
}

func openZip(r io.ReaderAt, size int64, closer io.Closer) (*packed, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("zip archive of %d bytes: %w; fetch it anew", size, err)
	}
	p := &packed{files: map[string]*zip.File{}, closer: closer}
	for _, f := range z.File {
		if f.Mode().IsRegular() && !slices.ContainsFunc(strings.Split(f.Name, "/"), hidden) {
			p.files[f.Name] = f
			p.list = append(p.list, f.Name)
		}
	}
	slices.Sort(p.list)
	return p, nil
}

func (p *packed) names() []string { return p.list }
func (p *packed) Close() error    { return p.closer.Close() }

func (p *packed) read(name string) ([]byte, error) {
	f := p.files[name]
	if f == nil {
		return nil, fs.ErrNotExist
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readUpTo(r, maxFile)
}

// unpacked is a tar, whose files are held in memory.
type unpacked struct {
	files map[string][]byte
	list  []string
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

// check returns what is wrong with the end of a tar.
func (z *zeros) check() error {
	if z.n < 2*512 {
		return errors.New("cut: its end is missing")
	}
	// What compressed it has its checksum behind the end.
	if _, err := io.CopyN(io.Discard, z.r, 1<<20); err != nil && err != io.EOF {
		return err
	}
	return nil
}

func openTar(r io.Reader, memory int64) (*unpacked, error) {
	u := &unpacked{files: map[string][]byte{}}
	end := &zeros{r: r}
	t := tar.NewReader(end)
	for {
		h, err := t.Next()
		if err == io.EOF {
			if err = end.check(); err == nil {
				break
			}
		}
		if err != nil {
			return nil, fmt.Errorf("tar archive, after %d files: %w; fetch it anew", len(u.list), err)
		}
		name := strings.TrimPrefix(h.Name, "./")
		if h.Typeflag != tar.TypeReg || slices.ContainsFunc(strings.Split(name, "/"), hidden) {
			continue
		}
		if h.Size > memory {
			return nil, fmt.Errorf("tar archive: %s, file %d: %s bytes are more than is left of what its files may take in memory: unpack it and name the folder", name, len(u.list)+1, digits(int(h.Size)))
		}
		b, err := readUpTo(t, min(memory, maxSet))
		if err != nil {
			return nil, fmt.Errorf("tar archive: %s, file %d: %w; fetch it anew", name, len(u.list)+1, err)
		}
		memory -= int64(len(b))
		if _, twice := u.files[name]; !twice {
			u.list = append(u.list, name)
		}
		u.files[name] = b
	}
	slices.Sort(u.list)
	return u, nil
}

func (u *unpacked) names() []string { return u.list }
func (u *unpacked) Close() error    { return nil }

func (u *unpacked) read(name string) ([]byte, error) {
	b, ok := u.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return b, nil
}

// openArchive opens the archive in r by its first bytes. It returns nil for
// something else. closer is the file, which a zip keeps.
func openArchive(r io.ReaderAt, size, memory int64, closer io.Closer) (tree, error) {
	head := make([]byte, 4)
	if n, _ := r.ReadAt(head, 0); n < len(head) {
		return nil, nil
	}
	var in io.Reader = io.NewSectionReader(r, 0, size)
	switch {
	case string(head[:2]) == "PK":
		return openZip(r, size, closer)
	case binary.LittleEndian.Uint32(head) == 0xfd2fb528:
		z, err := zstd.NewReader(in, zstd.WithDecoderMaxWindow(1<<27))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		in = z
	case head[0] == 0x1f && head[1] == 0x8b:
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = z
	}
	b := bufio.NewReader(in)
	first, err := b.Peek(512)
	if len(first) < 262 || !bytes.Equal(first[257:262], []byte("ustar")) {
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("compressed archive: %w; fetch it anew", err)
		}
		return nil, nil
	}
	return openTar(b, memory)
}

// common returns the folders that all names begin with, with the slash after them,
// but for one that says which part of a split they are.
func common(names []string) string {
	if len(names) == 0 {
		return ""
	}
	first, last := names[0], names[len(names)-1] // they are in order
	at := 0
	for {
		i := strings.IndexByte(first[at:], '/')
		if i < 0 || !strings.HasPrefix(last, first[:at+i+1]) || splitOf(first[at:at+i]) != 0 {
			return first[:at]
		}
		at += i + 1
	}
}
