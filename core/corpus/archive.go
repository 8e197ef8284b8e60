package corpus

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"
)

// An entry is what a name in an archive stands for: a file, a folder, or a link. A name may be used
// for a file and for a folder.
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

// packed is a zip, which is read where it lies.
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

// summed ends with an error if what was read has another CRC-32 than it ought to.
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

// openLZMA opens a file that is packed by LZMA, whose header in a zip is another
// than in a file of its own.
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

// next looks behind the end of a tar for the first block of another, as tars have
// that were appended to each other. It returns nil if there is none, and reports
// whether anything else is there.
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
	return nil, false, fmt.Errorf("more than %s zeros follow its end", digits(maxZeros))
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
			return nil, fmt.Errorf("tar archive: %s, entry %d: %s bytes are more than is left of what its files may take in memory: unpack it and name the folder", printable(h.Name), entries, digits(int(size)))
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

// archives are what other archives begin with, and what they are called.
var archives = map[string]string{"Rar!\x1a\x07": "RAR", "7z\xbc\xaf\x27\x1c": "7-Zip", "\x1f\x9d": "compress (.Z)", "LZIP": "lzip", "MSCF": "cabinet"}

// archiveOf returns what kind of archive or packed file something is by its first
// block, "" if it is none.
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
