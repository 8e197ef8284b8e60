package corpus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// An entry is what a name in an archive stands for: a file, a folder, or a link. A name
// may be used for a file and for a folder.
type entry struct {
	path   string
	parent *entry // nil for the root
	within map[string]*entry
	file   bool
	link   string
	rooted bool // the link is a hard one, which starts at the root
}

// A table is the place of an archive's files.
type table struct{ root *entry }

func newTable() *table { return &table{&entry{}} }

// at returns the node of a path, which it makes if need be.
func (t *table) at(name string) *entry {
	to := t.root
	for part := range strings.SplitSeq(name, "/") {
		next := to.within[part]
		if next == nil {
			next = &entry{path: part, parent: to}
			if to != t.root {
				next.path = to.path + "/" + part
			}
			if to.within == nil {
				to.within = map[string]*entry{}
			}
			to.within[part] = next
		}
		to = next
	}
	return to
}

// get returns the node of a path without links, or nil.
func (t *table) get(name string) *entry {
	to := t.root
	if name == "" {
		return to
	}
	for part := range strings.SplitSeq(name, "/") {
		if to = to.within[part]; to == nil {
			return nil
		}
	}
	return to
}

func (t *table) join(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}

func (t *table) list(folder string) ([]item, error) {
	var items []item
	for name, c := range t.get(folder).within {
		if c.within != nil {
			items = append(items, item{name, aFolder})
		}
		switch {
		case c.file:
			items = append(items, item{name, aFile})
		case c.link != "":
			items = append(items, item{name, aLink})
		}
	}
	slices.SortFunc(items, func(a, b item) int { return strings.Compare(a.name, b.name) })
	return items, nil
}

func (t *table) follow(link string) (string, kind, error) {
	steps := 0
	c, err := t.resolve(t.get(link), &steps)
	switch {
	case err != nil:
		return "", 0, err
	case c.file:
		return c.path, aFile, nil
	}
	return c.path, aFolder, nil
}

// resolve follows the links that begin at c until they are at an end.
func (t *table) resolve(c *entry, steps *int) (*entry, error) {
	for !c.file && c.within == nil && c.link != "" {
		if *steps++; *steps > 40 { // as Linux does
			return nil, errors.New(isBroken)
		}
		target := strings.ReplaceAll(utf8Name(c.link), `\`, "/")
		if strings.HasPrefix(target, "/") || len(target) > 2 && target[1:3] == ":/" {
			return nil, errors.New(linkLeaves)
		}
		to := c.parent
		if c.rooted {
			to = t.root
		}
		for part := range strings.SplitSeq(target, "/") {
			switch part {
			case "", ".":
				continue
			case "..":
				if to = to.parent; to == nil {
					return nil, errors.New(linkLeaves)
				}
				continue
			}
			next := to.within[part]
			if next == nil {
				return nil, errors.New(isBroken)
			}
			var err error
			if to, err = t.resolve(next, steps); err != nil {
				return nil, err
			}
		}
		if to == c {
			return nil, errors.New(isBroken)
		}
		c = to
	}
	return c, nil
}

func (t *table) contains(folder, path string) bool {
	return folder == "" || path == folder || strings.HasPrefix(path, folder+"/")
}

// An index is the names in an archive, and the entries that they stand for.
type index struct {
	nodes  *table
	number map[string]int // of a file, by its path
	paths  map[string]string
	list   []string
	gone   passed
}

func newIndex() *index {
	return &index{nodes: newTable(), number: map[string]int{}, paths: map[string]string{}}
}

// add takes up entry i: a file if link is empty, else a link, a hard one if rooted.
func (x *index) add(name string, i int, link string, rooted bool) {
	clean, ok := cleanName(name)
	if !ok || clean == "." {
		x.gone.add(leavesRoot, name)
		return
	}
	c := x.nodes.at(clean)
	if c.file || c.link != "" {
		x.gone.add(isReplaced, name)
	}
	c.file, c.link, c.rooted = link == "", link, rooted
	x.number[clean] = i
}

// walk lists the files, once all entries are added.
func (x *index) walk() {
	walk(x.nodes, "", &x.gone, func(name, path string) { // no list of nodes fails
		x.paths[name] = path
		x.list = append(x.list, name)
	})
	slices.Sort(x.list)
	x.nodes = nil
}

// find returns the entry of a file.
func (x *index) find(name string) (int, error) {
	path, ok := x.paths[name]
	if !ok {
		return 0, fs.ErrNotExist
	}
	return x.number[path], nil
}

// archives are what other archives begin with, and what they are called.
var archives = map[string]string{"Rar!\x1a\x07": "RAR", "7z\xbc\xaf\x27\x1c": "7-Zip", "\x1f\x9d": "compress (.Z)", "LZIP": "lzip", "MSCF": "cabinet"}

// archiveOf returns the kind of an archive or packed file by its first block, "" for
// anything else.
func archiveOf(head []byte) string {
	if len(head) > 3 && head[0] == 'P' && head[1] == 'K' && (head[2] == 3 && head[3] == 4 || head[2] == 5 && head[3] == 6 || head[2] == 7 && head[3] == 8) {
		return "zip"
	}
	if isTar(head) {
		return "tar"
	}
	for begin, name := range archives {
		if bytes.HasPrefix(head, []byte(begin)) {
			return name
		}
	}
	return compression(head)
}

// openArchive opens the archive in r by its content. It returns nil for
// something else. closer is the file, which a zip keeps.
func openArchive(r io.ReaderAt, size, memory int64, closer io.Closer) (tree, error) {
	head, err := readHead(io.NewSectionReader(r, 0, size), tarBlock)
	if err != nil {
		return nil, err
	}
	kind := archiveOf(head)
	switch kind {
	case "":
		return nil, nil
	case "zip":
		return openZip(r, size, closer)
	case "tar", "gzip", "bzip2", "xz", "zstd":
	default:
		return nil, fmt.Errorf("is a %s archive: expected zip, tar, tar.gz, tar.bz2, tar.xz or tar.zst; unpack it and name the folder", kind)
	}
	in, err := uncompressed(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("compressed archive: %w; fetch it anew", err)
	}
	b := bufio.NewReader(in)
	first, err := b.Peek(tarBlock)
	if isTar(first) {
		return openTar(b, memory)
	}
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("compressed archive: %w; fetch it anew", err)
	}
	return nil, nil
}
