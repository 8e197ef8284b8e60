package corpus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
)

// An lmdb reads the main database of an LMDB file (Chu, lmdb.tech; format 1, of
// 64-bit machines of low byte first) without writing or locking it.
//
// Its pages are numbered. 0 and 1 are meta pages, of which the one of the later
// transaction holds the root of a tree. Branch pages lead by key to further pages,
// leaf pages hold keys with their values, or with the first of the pages in a row
// on which a large value lies.
type lmdb struct {
	r    io.ReaderAt
	size int64
	path string
	page int64 // bytes of a page

	leaves []leaf // by key
	n      int    // keys
}

// A leaf is a leaf page and the number of its first key.
type leaf struct {
	page  int64
	first int
}

const (
	pageHead = 16 // number (8), padding (2), flags (2), where free space begins (2) and ends (2)
	nodeHead = 8  // size or page (4), flags or more of the page (2), size of the key (2)

	branchPage, leafPage, overflowPage, metaPage = 1, 2, 4, 8 // flags of pages
	bigNode, subNode, dupNode                    = 1, 2, 4    // flags of a leaf's nodes

	lmdbMagic = 0xbeefc0de
	noPage    = 1<<64 - 1 // the root of an empty tree
)

var le = binary.LittleEndian

// newLMDB lists the keys of an LMDB file. The error names the page that is not as
// it should be.
func newLMDB(r io.ReaderAt, size int64, path string) (*lmdb, error) {
	l := &lmdb{r: r, size: size, path: path}
	meta, err := l.meta()
	if err != nil {
		return nil, fmt.Errorf("%s: %w; fetch it anew", path, err)
	}
	// The main database's record: pad 4, flags 2, depth 2, branch pages 8, leaf pages
	// 8, overflow pages 8, keys 8, root 8.
	main := meta[24+48:]
	depth, keys, root := int(le.Uint16(main[6:])), le.Uint64(main[32:]), le.Uint64(main[40:])
	if root != noPage {
		seen := make([]uint64, (size/l.page+63)/64)
		if err := l.walk(root, depth, 0, seen); err != nil {
			return nil, fmt.Errorf("%s: %w; fetch it anew", path, err)
		}
	}
	if uint64(l.n) != keys {
		return nil, fmt.Errorf("%s: its leaves hold %d keys, its meta page says %d; fetch it anew", path, l.n, keys)
	}
	return l, nil
}

// meta returns the content of the meta page of the later transaction and learns
// the size of a page, which stands in each.
func (l *lmdb) meta() ([]byte, error) {
	const length = 24 + 2*48 + 16 // magic, version, address, size; two databases; last page, transaction
	read := func(at int64) ([]byte, int64, error) {
		b := make([]byte, pageHead+length)
		if _, err := l.r.ReadAt(b, at); err != nil {
			return nil, 0, fmt.Errorf("the meta page at byte %d is cut: the file has %d bytes", at, l.size)
		}
		m := b[pageHead:]
		if le.Uint16(b[10:])&metaPage == 0 || le.Uint32(m) != lmdbMagic {
			return nil, 0, fmt.Errorf("no meta page at byte %d: expected an LMDB data file of a 64-bit machine, low byte first", at)
		}
		if v := le.Uint32(m[4:]); v != 1 {
			return nil, 0, fmt.Errorf("LMDB format %d, expected 1", v)
		}
		page := int64(le.Uint32(m[24:]))
		if page < 256 || page > 1<<15 || page&(page-1) != 0 {
			return nil, 0, fmt.Errorf("the meta page at byte %d says that pages have %d bytes, expected a power of 2 from 256 to 32768", at, page)
		}
		return m, page, nil
	}
	m, page, err := read(0)
	if err != nil {
		return nil, err
	}
	l.page = page
	other, page, err := read(page)
	if err != nil {
		return nil, err
	}
	if page != l.page {
		return nil, fmt.Errorf("pages of %d bytes by the first meta page, of %d by the second", l.page, page)
	}
	if le.Uint64(other[length-8:]) > le.Uint64(m[length-8:]) {
		m = other
	}
	return m, nil
}

// read returns a page of the tree, which must be a branch or leaf page.
func (l *lmdb) read(number uint64) ([]byte, error) {
	if number < 2 || number >= uint64(l.size/l.page) {
		return nil, fmt.Errorf("page %d is out of range: the file has %d bytes, so expected 2 to %d; it may be cut", number, l.size, l.size/l.page-1)
	}
	b := make([]byte, l.page)
	if _, err := l.r.ReadAt(b, int64(number)*l.page); err != nil {
		return nil, fmt.Errorf("page %d: %w", number, err)
	}
	if got := le.Uint64(b); got != number {
		return nil, fmt.Errorf("page %d says that it is page %d", number, got)
	}
	if f := le.Uint16(b[10:]); f&(branchPage|leafPage|overflowPage|metaPage) != branchPage && f&(branchPage|leafPage|overflowPage|metaPage) != leafPage {
		return nil, fmt.Errorf("page %d has flags %#x, expected those of a branch or a leaf", number, f)
	}
	if low := int64(le.Uint16(b[12:])); low < pageHead || low%2 != 0 || low > l.page {
		return nil, fmt.Errorf("page %d: its list of nodes ends at byte %d of %d", number, low, l.page)
	}
	return b, nil
}

// nodes returns how many nodes a page has.
func nodes(page []byte) int { return (int(le.Uint16(page[12:])) - pageHead) / 2 }

// node returns what a page holds from node i on, and the end of the node's key.
func node(page []byte, i int) ([]byte, int, error) {
	at := int(le.Uint16(page[pageHead+2*i:]))
	if at < pageHead || at+nodeHead > len(page) {
		return nil, 0, fmt.Errorf("page %d: node %d at byte %d of %d", le.Uint64(page), i, at, len(page))
	}
	b := page[at:]
	end := nodeHead + int(le.Uint16(b[6:]))
	if end > len(b) {
		return nil, 0, fmt.Errorf("page %d: the key of node %d goes beyond the page", le.Uint64(page), i)
	}
	return b, end, nil
}

// walk lists the leaves below a page that has depth levels of pages, itself
// counted.
func (l *lmdb) walk(number uint64, depth, level int, seen []uint64) error {
	if level >= depth {
		return fmt.Errorf("page %d lies deeper than the %d levels that the meta page says", number, depth)
	}
	page, err := l.read(number)
	if err != nil {
		return err
	}
	if seen[number/64]>>(number%64)&1 == 1 {
		return fmt.Errorf("page %d comes twice in the tree, or in a loop", number)
	}
	seen[number/64] |= 1 << (number % 64)
	if le.Uint16(page[10:])&leafPage != 0 {
		if level != depth-1 {
			return fmt.Errorf("page %d is a leaf on level %d, expected on level %d", number, level+1, depth)
		}
		for i := range nodes(page) {
			if _, _, _, err := l.value(page, i); err != nil {
				return err
			}
		}
		l.leaves = append(l.leaves, leaf{int64(number), l.n})
		l.n += nodes(page)
		return nil
	}
	for i := range nodes(page) {
		b, _, err := node(page, i)
		if err != nil {
			return err
		}
		below := uint64(le.Uint32(b)) | uint64(le.Uint16(b[4:]))<<32
		if err := l.walk(below, depth, level+1, seen); err != nil {
			return err
		}
	}
	return nil
}

// value returns the key of a leaf's node, where in the file its value begins,
// behind the head of the first page of a large one, and its size.
func (l *lmdb) value(page []byte, i int) (key []byte, at, size int64, err error) {
	number := le.Uint64(page)
	b, end, err := node(page, i)
	if err != nil {
		return nil, 0, 0, err
	}
	key, size = b[nodeHead:end], int64(le.Uint32(b))
	flags := le.Uint16(b[4:])
	if flags&(subNode|dupNode) != 0 {
		return nil, 0, 0, fmt.Errorf("page %d: key %q leads to another database or several values: expected one image", number, key)
	}
	if flags&bigNode == 0 {
		if int64(end)+size > int64(len(b)) {
			return nil, 0, 0, fmt.Errorf("page %d: the %d bytes of key %q go beyond the page", number, size, key)
		}
		at = int64(number)*l.page + l.page - int64(len(b)) + int64(end)
		return key, at, size, nil
	}
	if end+8 > len(b) {
		return nil, 0, 0, fmt.Errorf("page %d: the value of key %q goes beyond the page", number, key)
	}
	first := le.Uint64(b[end:])
	pages := (pageHead + size + l.page - 1) / l.page
	if first < 2 || first >= uint64(l.size/l.page) || int64(first)+pages > l.size/l.page {
		return nil, 0, 0, fmt.Errorf("the %d bytes of key %q begin on page %d, beyond the file's %d bytes: it is cut", size, key, first, l.size)
	}
	return key, int64(first)*l.page + pageHead, size, nil
}

// at returns the leaf page of a key, by number, and its place there.
func (l *lmdb) at(i int) (page []byte, place int, err error) {
	k := sort.Search(len(l.leaves), func(k int) bool { return l.leaves[k].first > i }) - 1
	if page, err = l.read(uint64(l.leaves[k].page)); err != nil {
		return nil, 0, err
	}
	if place = i - l.leaves[k].first; place >= nodes(page) {
		return nil, 0, errors.New("the file has changed since it was opened")
	}
	return page, place, nil
}

// get returns a key and its value by number, in the order of the keys.
func (l *lmdb) get(i int) (key, value []byte, err error) {
	page, place, err := l.at(i)
	if err != nil {
		return nil, nil, err
	}
	key, at, size, err := l.value(page, place)
	if err != nil {
		return nil, nil, err
	}
	if size == 0 {
		return key, nil, errors.New("has no value, expected an image")
	}
	if size > maxFile {
		return key, nil, fmt.Errorf("has a value of %d bytes, expected an image of at most %d", size, maxFile)
	}
	if at%l.page == pageHead {
		var head [pageHead]byte
		first := at / l.page
		if _, err := l.r.ReadAt(head[:], at-pageHead); err != nil {
			return key, nil, err
		}
		if got := le.Uint64(head[:]); got != uint64(first) || le.Uint16(head[10:])&overflowPage == 0 {
			return key, nil, fmt.Errorf("its value's page %d says that it is page %d with flags %#x, expected a large value's", first, got, le.Uint16(head[10:]))
		}
		if has, want := int64(le.Uint32(head[12:])), (pageHead+size+l.page-1)/l.page; has < want {
			return key, nil, fmt.Errorf("its value of %d bytes lies on %d pages, expected %d", size, has, want)
		}
	}
	value = make([]byte, size)
	_, err = l.r.ReadAt(value, at)
	return key, value, err
}

func (l *lmdb) count() int { return l.n }

func (l *lmdb) name(i int) string {
	page, place, err := l.at(i)
	if err == nil {
		var b []byte
		var end int
		if b, end, err = node(page, place); err == nil {
			return fmt.Sprintf("%s: key %q", l.path, b[nodeHead:end])
		}
	}
	return fmt.Sprintf("%s: key %d", l.path, i)
}

func (l *lmdb) picture(i int) (picture, error) {
	_, b, err := l.get(i)
	if err != nil {
		return picture{}, err
	}
	return decode(b)
}

func (l *lmdb) channels(i int) (int, error) {
	_, b, err := l.get(i)
	if err != nil {
		return 0, err
	}
	return channelsOf(b)
}
