package corpus

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"
)

// fixture returns an LMDB file that testdata/make.py wrote.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".mdb.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func openBytes(b []byte) (*lmdb, error) {
	return newLMDB(bytes.NewReader(b), int64(len(b)), "data.mdb")
}

// digest returns the SHA-256 of all keys and values, as testdata/make.py sums them.
func digest(t *testing.T, l *lmdb) string {
	sum := sha256.New()
	for i := range l.n {
		k, v, err := l.get(i)
		if err != nil && len(v) > 0 || k == nil {
			t.Fatalf("key %d: %v", i, err)
		}
		fmt.Fprintf(sum, "%s %d ", k, len(v))
		sum.Write(v)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// What LMDB itself wrote is read as LMDB reads it: with several levels of
// branches, large values, and pages that deleted keys left.
func TestLMDB(t *testing.T) {
	list, err := os.ReadFile("testdata/lmdb.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		var name, sum string
		var depth, n int
		if _, err := fmt.Sscan(line, &name, &depth, &n, &sum); err != nil {
			t.Fatal(err)
		}
		l, err := openBytes(fixture(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := digest(t, l); l.n != n || got != sum {
			t.Errorf("%s: %d keys with sum %s, want %d with %s", name, l.n, got, n, sum)
		}
	}
}

// Of the two meta pages the one of the later transaction holds; without it the
// file is as it was one transaction before.
func TestLaterMeta(t *testing.T) {
	b := fixture(t, "images")
	const transaction = pageHead + 24 + 2*48 + 8
	if a, b := le.Uint64(b[transaction:]), le.Uint64(b[4096+transaction:]); a != 2 || b != 3 {
		t.Fatalf("transactions %d and %d, want 2 and 3", a, b)
	}
	now, err := openBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	clear(b[4096+transaction:][:8])
	before, err := openBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	if now.n != 26 || before.n != 25 {
		t.Errorf("%d keys, and %d before the last transaction; want 26 and 25", now.n, before.n)
	}
}

// writeLMDB writes keys in order with their values as LMDB does on machines with
// pages of another size than this one's. All keys are to be of one size.
func writeLMDB(page int, keys, values [][]byte) []byte {
	file := make([]byte, 2*page)
	add := func(flags uint16, nodes [][]byte) uint64 {
		number := uint64(len(file) / page)
		b := make([]byte, page)
		le.PutUint64(b, number)
		le.PutUint16(b[10:], flags)
		le.PutUint16(b[12:], uint16(pageHead+2*len(nodes)))
		end := page
		for i, n := range nodes {
			end = (end - len(n)) &^ 1
			copy(b[end:], n)
			le.PutUint16(b[pageHead+2*i:], uint16(end))
		}
		le.PutUint16(b[14:], uint16(end))
		file = append(file, b...)
		return number
	}
	type entry struct{ key, node []byte }
	var level []entry
	for i, k := range keys {
		v := values[i]
		n := le.AppendUint32(nil, uint32(len(v)))
		if big := nodeHead+len(k)+len(v) > (page-pageHead)/2-2; big {
			n = le.AppendUint16(n, bigNode)
			number := uint64(len(file) / page)
			pages := (pageHead + len(v) + page - 1) / page
			b := make([]byte, pages*page)
			le.PutUint64(b, number)
			le.PutUint16(b[10:], overflowPage)
			le.PutUint32(b[12:], uint32(pages))
			copy(b[pageHead:], v)
			file = append(file, b...)
			v = le.AppendUint64(nil, number)
		} else {
			n = le.AppendUint16(n, 0)
		}
		n = append(le.AppendUint16(n, uint16(len(k))), k...)
		level = append(level, entry{k, append(n, v...)})
	}
	depth, flags := 0, uint16(leafPage)
	var root uint64
	for {
		var above []entry
		for len(level) > 0 {
			room, n := page-pageHead, 0
			var nodes [][]byte
			for n < len(level) && room >= len(level[n].node)+3 {
				room -= len(level[n].node) + 3
				nodes = append(nodes, level[n].node)
				n++
			}
			root = add(flags, nodes)
			k := level[0].key
			if len(above) == 0 && len(level) > n {
				k = k[:0] // the first key of a branch is empty
			}
			b := le.AppendUint32(nil, uint32(root))
			b = le.AppendUint16(b, uint16(root>>32))
			b = append(le.AppendUint16(b, uint16(len(k))), k...)
			above = append(above, entry{level[0].key, b})
			level = level[n:]
		}
		depth++
		flags = branchPage
		if level = above; len(level) == 1 {
			break
		}
	}
	for i := range 2 {
		b := file[i*page:]
		le.PutUint64(b, uint64(i))
		le.PutUint16(b[10:], metaPage)
		m := b[pageHead:]
		le.PutUint32(m, lmdbMagic)
		le.PutUint32(m[4:], 1)
		le.PutUint32(m[24:], uint32(page))
		le.PutUint64(m[24+40:], noPage)
		main := m[24+48:]
		le.PutUint64(main[40:], noPage)
		if i == 1 {
			le.PutUint16(main[6:], uint16(depth))
			le.PutUint64(main[32:], uint64(len(keys)))
			le.PutUint64(main[40:], root)
		}
		le.PutUint64(m[24+2*48:], uint64(len(file)/page-1))
		le.PutUint64(m[24+2*48+8:], uint64(i))
	}
	return file
}

func TestPageSizes(t *testing.T) {
	var keys, values [][]byte
	for i := range 700 {
		keys = append(keys, fmt.Appendf(nil, "%040d", i))
		values = append(values, bytes.Repeat([]byte{byte(i)}, 1+i*i%5000))
	}
	for _, page := range []int{512, 4096, 16384, 32768} {
		b := writeLMDB(page, keys, values)
		l, err := openBytes(b)
		if err != nil {
			t.Errorf("pages of %d bytes: %v", page, err)
			continue
		}
		if l.page != int64(page) || l.n != len(keys) {
			t.Errorf("%d keys on pages of %d bytes, want %d on %d", l.n, l.page, len(keys), page)
		}
		for i, k := range keys {
			if key, v, err := l.get(i); err != nil || !bytes.Equal(key, k) || !bytes.Equal(v, values[i]) {
				t.Fatalf("pages of %d bytes, key %d: %q with %d bytes (%v), want %q with %d", page, i, key, len(v), err, k, len(values[i]))
			}
		}
	}
}

// root returns the byte where a file's tree begins.
func rootPage(b []byte) int { return int(le.Uint64(b[4096+pageHead+24+48+40:])) * 4096 }

// What is wrong with a file is told with its page or key.
func TestBrokenLMDB(t *testing.T) {
	const main = 4096 + pageHead + 24 + 48
	for _, c := range []struct {
		what  string
		spoil func(b []byte) []byte
		want  string
	}{
		{"empty", func(b []byte) []byte { return nil }, "is cut: the file has 0 bytes"},
		{"text", func(b []byte) []byte { return bytes.Repeat([]byte("text"), 4096) }, "no meta page at byte 0"},
		{"cut in the meta pages", func(b []byte) []byte { return b[:4100] }, "the meta page at byte 4096 is cut"},
		{"cut", func(b []byte) []byte { return b[:len(b)-3*4096] }, "cut"},
		{"format", func(b []byte) []byte { b[pageHead+4] = 9; return b }, "LMDB format 9, expected 1"},
		{"page size", func(b []byte) []byte { le.PutUint32(b[pageHead+24:], 5000); return b }, "pages have 5000 bytes"},
		{"page sizes differ", func(b []byte) []byte { le.PutUint32(b[4096+pageHead+24:], 8192); return b }, "of 8192 by the second"},
		{"root out of range", func(b []byte) []byte { le.PutUint64(b[main+40:], 1<<40); return b }, "page 1099511627776 is out of range"},
		{"root is a meta page", func(b []byte) []byte { le.PutUint64(b[main+40:], 1); return b }, "page 1 is out of range"},
		{"no root", func(b []byte) []byte { le.PutUint64(b[main+40:], noPage); return b }, "hold 0 keys, its meta page says 26"},
		{"depth", func(b []byte) []byte { b[main+6] = 3; return b }, "is a leaf on level 2, expected on level 3"},
		{"too deep", func(b []byte) []byte { b[main+6] = 1; return b }, "deeper than the 1 levels"},
		{"keys", func(b []byte) []byte { b[main+32]++; return b }, "hold 26 keys, its meta page says 27"},
		{"page's number", func(b []byte) []byte { b[rootPage(b)] ^= 1; return b }, "says that it is page"},
		{"page's flags", func(b []byte) []byte { b[rootPage(b)+10] = overflowPage; return b }, "flags 0x4"},
		{"list of nodes", func(b []byte) []byte { le.PutUint16(b[rootPage(b)+12:], 5000); return b }, "list of nodes ends at byte 5000"},
		{"node", func(b []byte) []byte { le.PutUint16(b[rootPage(b)+16:], 4095); return b }, "node 0 at byte 4095"},
		{"key's size", func(b []byte) []byte {
			r := rootPage(b)
			le.PutUint16(b[r+int(le.Uint16(b[r+18:]))+6:], 5000)
			return b
		}, "the key of node 1 goes beyond the page"},
		{"loop", func(b []byte) []byte {
			r := rootPage(b)
			le.PutUint32(b[r+int(le.Uint16(b[r+16:])):], uint32(r/4096))
			b[main+6] = 9
			return b
		}, "comes twice in the tree, or in a loop"},
		{"twice", func(b []byte) []byte {
			r := rootPage(b)
			copy(b[r+int(le.Uint16(b[r+18:])):][:4], b[r+int(le.Uint16(b[r+16:])):][:4])
			return b
		}, "comes twice in the tree, or in a loop"},
	} {
		_, err := openBytes(c.spoil(fixture(t, "images")))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "data.mdb: ") {
			t.Errorf("%s: error %v does not tell of %q", c.what, err, c.want)
		}
	}
	if _, err := openBytes(fixture(t, "within")); err == nil || !strings.Contains(err.Error(), `key "within" leads to another database`) {
		t.Errorf("another database within: %v", err)
	}
}

// lsun writes an LMDB file in a folder named as LSUN names them.
func lsun(t *testing.T, folder string, b []byte) string {
	path := filepath.Join(folder, "data.mdb")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
	return folder
}

// A set in files gives the same numbers as in memory, cut and scaled.
func TestLSUN(t *testing.T) {
	root := t.TempDir()
	train := lsun(t, filepath.Join(root, "bedroom_train_lmdb"), fixture(t, "images"))
	inMemory, err := Open(train, Options{Side: 20})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := inMemory.String(), "LSUN bedroom, 24 + 2 images of 20x20x3"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
	inFiles, err := Open(filepath.Join(train, "data.mdb"), Options{Side: 20, Memory: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer inFiles.Close()
	if got, want := inFiles.String(), "LSUN bedroom, 24 + 2 images of 20x20x3, read as they are needed"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
	for k, sources := range [][2]data.Source{{inMemory.Train, inFiles.Train}, {inMemory.Valid, inFiles.Valid}} {
		n := sources[0].Count()
		index := slices.Collect(func(yield func(int) bool) {
			for i := range n {
				if !yield(n - 1 - i) {
					return
				}
			}
		})
		a, b := make([]float32, n*20*20*3), make([]float32, n*20*20*3)
		sources[0].Fill(a, index)
		sources[1].Fill(b, index)
		if !slices.Equal(a, b) || slices.Max(a) == 0 {
			t.Errorf("part %d differs between memory and files", k)
		}
		if err := sources[1].Err(); err != nil {
			t.Error(err)
		}
	}

	lsun(t, filepath.Join(root, "bedroom_val_lmdb"), fixture(t, "images"))
	both, err := Open(root, Options{Side: 32})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := both.String(), "LSUN bedroom, 26 + 26 images of 32x32x3"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
	lsun(t, filepath.Join(root, "test_lmdb"), fixture(t, "images"))
	folderOf(t, root, member{name: "preview.png"}, member{name: "lock.mdb", content: "x"}, member{name: "README", content: "x"})
	more, err := Open(root, Options{Side: 32})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := more.String(), "LSUN bedroom, 26 + 26 images of 32x32x3, 2 files passed over: 2 no part of the set (preview.png, test_lmdb/data.mdb)"; got != want {
		t.Errorf("opened %q, want %q", got, want)
	}
	lsun(t, filepath.Join(root, "kitchen_train_lmdb"), fixture(t, "images"))
	if _, err := Open(root, Options{}); err == nil || !strings.Contains(err.Error(), "name one of the folders") {
		t.Errorf("two sets to train with: %v", err)
	}
}

// Broken records are counted and left out, and of files replaced by the next; too
// many are an error that names the first.
func TestBrokenRecords(t *testing.T) {
	folder := lsun(t, filepath.Join(t.TempDir(), "set"), fixture(t, "broken"))
	s, err := Open(folder, Options{Broken: .02})
	if err != nil {
		t.Fatal(err)
	}
	n, first := s.Broken()
	if got := s.Train.Count() + s.Valid.Count(); n != 3 || got != 197 || first == nil {
		t.Errorf("%d images and %d broken ones (%v), want 197 and 3", got, n, first)
	}
	if !strings.Contains(s.String(), ", 3 broken records left out (the first: ") {
		t.Errorf("opened %q", s)
	}
	_, err = Open(folder, Options{})
	for _, want := range []string{`data.mdb: key "`, "3 of 200 records", "a share of 0.01"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("3 of 200: error %v does not tell of %q", err, want)
		}
	}

	all := make([]int, 180)
	for i := range all {
		all[i] = i
	}
	dst := make([]float32, len(all)*8*8*3)
	for share, wrong := range map[float64]bool{.5: false, -1: true} {
		s, err := Open(folder, Options{Broken: share, Memory: 1})
		if err != nil {
			t.Fatal(err)
		}
		s.Train.Fill(dst, all)
		n, first := s.Broken()
		if !wrong {
			for i := range all {
				if image := dst[i*192 : (i+1)*192]; slices.Max(image) == 0 {
					t.Errorf("image %d is black", i)
				}
			}
			s.Train.Fill(dst, all) // what is known to be broken is not counted again
			if again, _ := s.Broken(); again != n || n < 1 {
				t.Errorf("%d broken records, then %d", n, again)
			}
		}
		if (s.Train.Err() != nil) != wrong || n < 1 || first == nil {
			t.Errorf("a share of %g may be broken: %d are, error %v", share, n, s.Train.Err())
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}

	l, err := openBytes(fixture(t, "broken"))
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]bool{"has no value, expected an image": false, `begins with "<html>not fo", which no JPEG`: false, "jpeg image of 300 bytes": false}
	for i := range l.n {
		if _, err := l.picture(i); err != nil {
			for reason := range reasons {
				if strings.Contains(err.Error(), reason) {
					reasons[reason] = true
				}
			}
		}
	}
	for reason, found := range reasons {
		if !found {
			t.Errorf("no record fails with %q", reason)
		}
	}
}

// A value's first page is checked when it is read.
func TestBrokenLargeValue(t *testing.T) {
	b := fixture(t, "images")
	l, err := openBytes(b)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := 0
	for i := range l.n {
		page, place, err := l.at(i)
		if err != nil {
			t.Fatal(err)
		}
		_, at, size, err := l.value(page, place)
		if err != nil {
			t.Fatal(err)
		}
		if at%l.page != pageHead {
			continue
		}
		spoilt++
		head := b[at-pageHead : at]
		kept := slices.Clone(head)
		head[10] = leafPage
		if _, _, err := l.get(i); err == nil || !strings.Contains(err.Error(), "expected a large value's") {
			t.Errorf("large value without its flag: %v", err)
		}
		copy(head, kept)
		binary.LittleEndian.PutUint32(head[12:], 0)
		if _, _, err := l.get(i); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("its value of %d bytes lies on 0 pages", size)) {
			t.Errorf("large value on no page: %v", err)
		}
		copy(head, kept)
	}
	if spoilt < 3 {
		t.Errorf("%d large values, want 3 or more", spoilt)
	}
}

func FuzzLMDB(f *testing.F) {
	f.Add(fixture(f, "within"))
	var keys, values [][]byte
	for i := range 60 {
		keys, values = append(keys, fmt.Appendf(nil, "%040d", i)), append(values, bytes.Repeat([]byte{1}, i*i%400))
	}
	f.Add(writeLMDB(256, keys, values))
	f.Add(writeLMDB(512, [][]byte{[]byte("a"), []byte("b")}, [][]byte{{1}, bytes.Repeat([]byte{2}, 900)}))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := openBytes(b)
		if err != nil {
			return
		}
		for i := range min(l.n, 100) {
			if key, v, err := l.get(i); err == nil && len(key)+len(v) > len(b) {
				t.Fatalf("a key and a value of %d bytes from a file of %d", len(key)+len(v), len(b))
			}
			l.name(i)
		}
	})
}
