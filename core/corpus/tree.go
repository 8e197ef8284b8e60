package corpus

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
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
	// open opens a file to read a part of it, or more of it than read does. The
	// caller names the file in errors.
	open(name string) (io.ReadCloser, error)
	// read returns the whole of a file of at most maxFile bytes.
	read(name string) ([]byte, error)
	// left returns what names leaves out.
	left() *passed
	Close() error
}

// hidden reports whether a file or folder is one that systems leave behind.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || name == "__MACOSX" }

// utf8Name returns a name in UTF-8. Other names are taken for code page 437, which
// a zip's are by its standard; that keeps different names different.
func utf8Name(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	s, err := charmap.CodePage437.NewDecoder().String(name)
	if err != nil {
		return strings.ToValidUTF8(name, string(utf8.RuneError))
	}
	return s
}

// cleanName returns the path that a name in an archive stands for, with slashes
// whatever system wrote it, and whether that lies within the archive.
func cleanName(name string) (clean string, ok bool) {
	name = strings.ReplaceAll(utf8Name(name), `\`, "/")
	drive := len(name) > 2 && name[1:3] == ":/"
	if drive || strings.HasPrefix(name, "/") || slices.Contains(strings.Split(name, "/"), "..") {
		return name, false
	}
	return path.Clean(name), true
}

// readUpTo reads all of r, which is an error where it is more than most bytes.
func readUpTo(r io.Reader, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("holds more than %d bytes", most)
	}
	return b, err
}

// readHead reads up to most bytes of r.
func readHead(r io.Reader, most int) ([]byte, error) {
	b := make([]byte, most)
	n, err := io.ReadFull(r, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return b[:n], err
}

// peek opens a file to look at what it is, which does not count as reading it.
func peek(t tree, name string) (io.ReadCloser, error) {
	if w, ok := t.(*watched); ok {
		t = w.tree
	}
	return t.open(name)
}

// head returns the first bytes of a file, up to most.
func head(t tree, name string, most int) ([]byte, error) {
	r, err := peek(t, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readHead(r, most)
}

// A kind is what a name in a folder stands for.
type kind int

const (
	aFile kind = iota
	aFolder
	aLink
	aSpecial
)

// An item is an entry of a folder.
type item struct {
	name string
	kind kind
}

// A place is what a walker walks through. Its paths are real ones, without links.
type place interface {
	// join returns the path of an item of a folder.
	join(folder, name string) string
	// list returns the items of a folder, in order.
	list(folder string) ([]item, error)
	// follow returns the file or folder that a link leads to in the end. Its error is the
	// reason to pass the link over.
	follow(link string) (path string, k kind, err error)
	// contains reports whether a folder is a path or lies above it.
	contains(folder, path string) bool
}

// readOften is how many times a folder is read that several links lead to. Without
// a bound, folders that link to each other make more paths than there is memory.
const readOften = 64

// A walker finds the files of a place. It follows links to files and folders, but not to
// a folder that contains the link, directly or not.
type walker struct {
	place
	left  *passed
	found func(name, path string)
	times map[string]int // that a folder was read
}

func walk(p place, root string, left *passed, found func(name, path string)) error {
	w := &walker{p, left, found, map[string]int{}}
	return w.folder("", root, []string{root}, false)
}

// folder walks a folder whose files are called by names that begin with prefix.
// Above it, by way of links, are the folders chain, of which it is the last.
func (w *walker) folder(prefix, at string, chain []string, within bool) error {
	items, err := w.list(at)
	if err != nil {
		return err
	}
	for _, i := range items {
		name, path, k := prefix+i.name, w.join(at, i.name), i.kind
		veiled := within || slices.ContainsFunc(strings.Split(strings.ReplaceAll(i.name, `\`, "/"), "/"), hidden)
		if k == aLink && !veiled {
			target, to, err := w.follow(path)
			switch {
			case err != nil:
				w.left.add(err.Error(), name)
				continue
			case to == aFolder && slices.ContainsFunc(chain, func(above string) bool { return w.contains(target, above) }):
				w.left.add(isLoop, name)
				continue
			case to == aFolder && w.times[target] >= readOften:
				w.left.add(isOften, name)
				continue
			}
			path, k = target, to
		}
		switch {
		case k == aFolder:
			w.times[path]++
			if err := w.folder(name+"/", path, append(slices.Clip(chain), path), veiled); err != nil {
				w.left.add(notReadable, name)
			}
		case veiled:
			w.left.add(isHidden, name)
		case k == aFile:
			w.found(name, path)
		default:
			w.left.add(isSpecial, name)
		}
	}
	return nil
}

// disk is the place of folders.
type disk struct{}

func (disk) join(folder, name string) string { return filepath.Join(folder, name) }

func (disk) list(folder string) ([]item, error) {
	entries, err := os.ReadDir(folder)
	var items []item
	for _, e := range entries {
		i := item{e.Name(), aSpecial}
		switch e.Type() {
		case 0:
			i.kind = aFile
		case fs.ModeDir:
			i.kind = aFolder
		case fs.ModeSymlink:
			i.kind = aLink
		case fs.ModeIrregular: // of Windows, such as a junction
			i.kind = aLink
		}
		items = append(items, i)
	}
	return items, err
}

func (disk) follow(link string) (string, kind, error) {
	target, err := filepath.EvalSymlinks(link)
	var info fs.FileInfo
	if err == nil {
		info, err = os.Stat(target)
	}
	switch {
	case err != nil:
		return "", 0, errors.New(isBroken)
	case info.IsDir():
		return target, aFolder, nil
	case info.Mode().IsRegular():
		return target, aFile, nil
	}
	return target, aSpecial, nil
}

func (disk) contains(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}

type folder struct {
	root  string
	paths map[string]string // of files whose paths are not their names
	list  []string
	gone  passed
}

func openFolder(root string) (*folder, error) {
	f := &folder{paths: map[string]string{}}
	var err error
	if f.root, err = filepath.EvalSymlinks(root); err == nil {
		f.root, err = filepath.Abs(f.root)
	}
	if err == nil {
		err = walk(disk{}, f.root, &f.gone, f.add)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", root, err)
	}
	slices.Sort(f.list)
	for i := 1; i < len(f.list); i++ {
		if f.list[i] == f.list[i-1] {
			f.gone.add(isReplaced, f.list[i])
		}
	}
	f.list = slices.Compact(f.list)
	return f, nil
}

// add adds a file. A program that unpacked a zip of Windows may have left its
// backslashes.
func (f *folder) add(name, path string) {
	clean, ok := cleanName(name)
	if !ok {
		clean = utf8Name(name)
	}
	f.list = append(f.list, clean)
	if path != f.path(clean) {
		f.paths[clean] = path
	}
}

// path returns the path of the file of a name unless another is known.
func (f *folder) path(name string) string { return filepath.Join(f.root, filepath.FromSlash(name)) }

func (f *folder) names() []string { return f.list }
func (f *folder) left() *passed   { return &f.gone }
func (f *folder) Close() error    { return nil }

func (f *folder) open(name string) (io.ReadCloser, error) {
	path, ok := f.paths[name]
	if !ok {
		path = f.path(name)
	}
	r, err := os.Open(path)
	if err != nil {
		return nil, errors.Unwrap(err) // the caller names the file
	}
	return r, nil
}

func (f *folder) read(name string) ([]byte, error) {
	r, err := f.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readUpTo(r, maxFile)
}
