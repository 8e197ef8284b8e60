package corpus

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Fingerprint returns a text that identifies the data at a path, wherever it lies: a
// digest of a file's size, its first and its last megabyte, and for a folder of the names
// and sizes of all files below it, and the first and last bytes of a thousand of them. It
// does not read large data sets completely.
func Fingerprint(path string) (string, error) {
	h := sha256.New()
	root, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	files := 0
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(name) // what a link leads to
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, name)
		if err != nil || info.IsDir() {
			return err
		}
		fmt.Fprintf(h, "%q %d\n", filepath.ToSlash(below), info.Size()) // a hash returns no errors
		if files++; files > 1000 {
			return nil
		}
		return writeEnds(h, name, info.Size(), root == name)
	})
	return fmt.Sprintf("%x", h.Sum(nil))[:16], err
}

// writeEnds writes a file's first and last bytes: a megabyte of one that stands alone, and
// less of one of many.
func writeEnds(w io.Writer, name string, size int64, alone bool) error {
	part := int64(4 << 10)
	if alone {
		part = 1 << 20
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.CopyN(w, f, min(part, size)); err != nil {
		return err
	}
	_, err = io.Copy(w, io.NewSectionReader(f, max(part, size-part), part))
	return err
}

// Fingerprints returns the fingerprint of each file that can be read, by its name.
func (f Files) Fingerprints() map[string]string {
	all := map[string]string{}
	for name, path := range f {
		if id, err := Fingerprint(path); err == nil {
			all[name] = id
		}
	}
	return all
}

var known sync.Map // of Identified, by path

// Identified returns one of the names and the fingerprint of its file, such as
// "squeezenet 0123456789abcdef"; "" if no such file is named, and the path in place of
// the fingerprint if it cannot be read. A file is read only once.
func (f Files) Identified(name string) string {
	path := f[name]
	if path == "" {
		return ""
	}
	if id, ok := known.Load(path); ok {
		return name + " " + id.(string)
	}
	id, err := Fingerprint(path)
	if err != nil {
		return name + " " + path
	}
	known.Store(path, id)
	return name + " " + id
}
