package corpus

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"ganbel/core/data"
)

// open opens a file of a folder. The caller names the file in errors.
func (f *folder) open(name string) (io.ReadCloser, error) {
	r, err := os.Open(filepath.Join(f.root, filepath.FromSlash(name)))
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	return r, nil
}

func (p *packed) open(name string) (io.ReadCloser, error) {
	f := p.files[name]
	if f == nil {
		return nil, fs.ErrNotExist
	}
	return f.Open()
}

func (u *unpacked) open(name string) (io.ReadCloser, error) {
	b, ok := u.files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

// openFile opens a file of a tree to read a part of it, or more of it than read does.
func openFile(t tree, name string) (io.ReadCloser, error) {
	if o, ok := t.(interface {
		open(name string) (io.ReadCloser, error)
	}); ok {
		return o.open(name)
	}
	b, err := t.read(name)
	return io.NopCloser(bytes.NewReader(b)), err
}

// sniffed is how many bytes of a file are looked at to learn what it is.
const sniffed = 512

// mostSniffed is how many files of a tree are looked into, beyond those whose names
// say that they are worth it.
const mostSniffed = 1000

// A sniff is what the first bytes of a file say.
type sniff struct {
	name string
	head []byte // unpacked, if it is a gzip file
	idx  data.IDXHead
	is   bool // an idx file
}

// look reads the first bytes of a file, unpacked. What cannot be read has no bytes.
func look(t tree, name string) sniff {
	s := sniff{name: name}
	r, err := openFile(t, name)
	if err != nil {
		return s
	}
	defer r.Close()
	in, err := data.MaybeGunzip(r)
	if err != nil {
		return s
	}
	s.head = make([]byte, sniffed)
	n, _ := io.ReadFull(in, s.head)
	s.head = s.head[:n]
	s.idx, s.is = data.PeekIDX(s.head)
	return s
}

// neighbours is the folder of a file, without the folders in it.
func neighbours(file string) (tree, error) {
	f := &folder{root: filepath.Dir(file)}
	entries, err := os.ReadDir(f.root)
	for _, e := range entries {
		if !e.IsDir() && !hidden(e.Name()) {
			f.list = append(f.list, e.Name())
		}
	}
	return f, err
}

// lookAll looks into all files of a tree that are no images by their names: at most
// mostSniffed, and all whose names are those of data sets.
func lookAll(t tree) (all []sniff) {
	others := 0
	for _, name := range t.names() {
		if slices.Contains(extensions, strings.ToLower(path.Ext(name))) {
			continue
		}
		if others++; others > mostSniffed && !idxName.MatchString(path.Base(name)) && !strings.HasSuffix(name, ".bin") {
			continue
		}
		all = append(all, look(t, name))
	}
	return all
}
