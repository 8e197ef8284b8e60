package corpus

import (
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"ganbel/core/data"
)

// sniffed is how many bytes of a file are looked at to learn what it is.
const sniffed = 512

// mostSniffed is how many files of a tree are looked into, beyond those whose names
// say that they are worth it.
const mostSniffed = 1000

// A sniff is what the first bytes of a file say.
type sniff struct {
	name string
	head []byte // uncompressed
	idx  data.IDXHead
	is   bool // an idx file
}

// look reads the first bytes of a file, unpacked. What cannot be read has no bytes.
func look(t tree, name string) sniff {
	s := sniff{name: name}
	r, err := peek(t, name)
	if err != nil {
		return s
	}
	defer r.Close()
	in, err := uncompressed(r)
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
	f := &folder{paths: map[string]string{}}
	root := filepath.Dir(file)
	entries, err := os.ReadDir(root)
	for _, e := range entries {
		if !e.IsDir() && !hidden(e.Name()) {
			f.list = append(f.list, e.Name())
			f.paths[e.Name()] = filepath.Join(root, e.Name())
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
