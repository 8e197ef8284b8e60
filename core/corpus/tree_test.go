package corpus

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/data"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// grey returns a PNG of one grey.
func grey(i int) []byte { return flat(4, 4, color.Gray{uint8(i)}) }

// A member is an entry of an archive or folder that a test makes. Its content is
// a PNG if it has neither content nor link.
type member struct {
	name, content string
	link          string // of a symbolic link
	hard          string // of a hard link
	kind          byte   // of tar's, instead of a file
	format        tar.Format
}

// contents returns an image of another grey for each member without content.
func (m member) contents(i int) []byte {
	if m.content != "" {
		return []byte(m.content)
	}
	return grey(i)
}

func tarOf(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, m := range members {
		h := &tar.Header{Name: m.name, Typeflag: tar.TypeReg, Mode: 0o644, Format: m.format}
		content := m.contents(i)
		switch {
		case m.link != "":
			h.Typeflag, h.Linkname, content = tar.TypeSymlink, m.link, nil
		case m.hard != "":
			h.Typeflag, h.Linkname, content = tar.TypeLink, m.hard, nil
		case m.kind != 0:
			h.Typeflag, content = m.kind, nil
		}
		h.Size = int64(len(content))
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		w.Write(content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t testing.TB, method uint16, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(methodXZ, func(w io.Writer) (io.WriteCloser, error) { return &lateXZ{w: w}, nil })
	w.RegisterCompressor(methodZstd, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
	for i, m := range members {
		h := &zip.FileHeader{Name: m.name, Method: method}
		content := m.contents(i)
		switch {
		case m.link != "":
			h.SetMode(fs.ModeSymlink | 0o777)
			content = []byte(m.link)
		case m.kind != 0:
			h.SetMode(fs.ModeNamedPipe)
			content = nil
		default:
			h.SetMode(0o644)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lateXZ writes all of an xz stream at its end: what xz writes at once would come
// before the entry's header.
type lateXZ struct {
	bytes.Buffer
	w io.Writer
}

func (l *lateXZ) Close() error {
	x, err := xz.NewWriter(l.w)
	if err != nil {
		return err
	}
	_, err = x.Write(l.Bytes())
	return errors.Join(err, x.Close())
}

// folderOf makes a folder of members, without the kinds that a folder has not.
func folderOf(t testing.TB, root string, members ...member) string {
	t.Helper()
	for i, m := range members {
		path := filepath.Join(root, m.name)
		err := os.MkdirAll(filepath.Dir(path), 0o777)
		switch {
		case m.link != "":
			err = errors.Join(err, os.Symlink(m.link, path))
		case m.hard != "":
			err = errors.Join(err, os.Link(filepath.Join(root, m.hard), path))
		default:
			err = errors.Join(err, os.WriteFile(path, m.contents(i), 0o666))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// openFileOf opens an archive under a name.
func openFileOf(t testing.TB, name string, b []byte, o Options) (*Set, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
	return Open(path, o)
}

// said returns what is said of a set behind its name, or the error.
func said(s *Set, err error) string {
	if err != nil {
		return err.Error()
	}
	defer s.Close()
	_, text, _ := strings.Cut(s.String(), ", ")
	return fmt.Sprintf("%s %q", text, s.Classes)
}

// pair is 4 images of each of two classes.
func pair(before, between string) (all []member) {
	for i := range 8 {
		all = append(all, member{name: fmt.Sprintf("%s%s%s%d.png", before, []string{"cat", "dog"}[i%2], between, i)})
	}
	return all
}

// split4 is 8 images to train with and 8 for validation, of two classes.
func splitPair(train, valid, between string) []member {
	return append(pair(train, between), pair(valid, between)...)
}

// All files of an archive are read or named, whatever kind of archive it is.
func TestEntries(t *testing.T) {
	split := splitPair("set/train/", "set/val/", "/")
	with := func(more ...member) []member { return append(slices.Clone(split), more...) }
	const whole = "8 + 8 images of 4x4x3, 2 classes"
	for what, c := range map[string]struct {
		members []member
		only    string // the kinds to make, or all
		want    string
	}{
		"plain":                 {split, "", whole + ` ["cat" "dog"]`},
		"backslashes":           {splitPair(`set\train\`, `set\val\`, `\`), "", whole + ` ["cat" "dog"]`},
		"backslashes in part":   {splitPair(`set/train\`, `set/val\`, `/`), "", whole + ` ["cat" "dog"]`},
		"dots":                  {splitPair("./set/./train/", "./set/val/", "//"), "tar zip", whole + ` ["cat" "dog"]`},
		"hidden":                {with(member{name: "set/.DS_Store"}, member{name: "__MACOSX/set/train/cat/._0.png"}), "", whole + ", 2 files passed over: 2 hidden (__MACOSX/set/train/cat/._0.png, set/.DS_Store)"},
		"no image":              {with(member{name: "set/labels.txt", content: "cat\ndog\n"}), "", whole + ", 1 file passed over: 1 no JPEG, PNG, WebP, GIF, BMP or TIFF image (set/labels.txt)"},
		"no extension":          {with(member{name: "set/train/cat/x"}, member{name: "set/train/cat/y.txt"}, member{name: "set/train/dog/z.dat"}), "", `11 + 8 images of 4x4x3, 2 classes ["cat" "dog"]`},
		"another extension":     {with(member{name: "set/train/cat/x.jpg"}, member{name: "set/train/cat/y.webp"}), "", `10 + 8 images of 4x4x3, 2 classes ["cat" "dog"]`},
		"archive within":        {with(member{name: "set/more.zip", content: string(zipOf(t, zip.Store, split...))}, member{name: "set/more.tar", content: string(tarOf(t, split...))}, member{name: "set/a.dat", content: "\x1f\x8b\x08\x00\x00\x00"}), "", whole + ", 3 files passed over: 3 an archive within (set/a.dat, set/more.tar, set/more.zip)"},
		"outside the split":     {with(member{name: "set/extra/1.png"}, member{name: "set/logo.png"}), "", whole + ", 2 files passed over: 2 in no folder of the split (set/extra/1.png, set/logo.png)"},
		"linked files":          {with(member{name: "set/train/dog/l.png", link: "../cat/0.png"}, member{name: "set/train/dog/m.png", link: "l.png"}), "", `10 + 8 images of 4x4x3, 2 classes ["cat" "dog"]`},
		"linked folder":         {append(pair("store/", "/"), member{name: "set/train/a", link: "../../store/cat"}, member{name: "set/train/b", link: "../../store/dog"}, member{name: "set/val/a/1.png"}, member{name: "set/val/b/1.png"}), "", `8 + 2 images of 4x4x3, 2 classes, 8 files passed over: 8 in no folder of the split (store/cat/0.png`},
		"linked split":          {append(splitPair("pool/one/", "pool/two/", "/"), member{name: "train", link: "pool/one"}, member{name: "val", link: "pool/two"}), "", "8 + 8 images of 4x4x3, 2 classes, 16 files passed over: 16 in no folder of the split"},
		"one folder twice":      {append(pair("p/", "/"), member{name: "p/copy", link: "cat"}), "", `11 + 1 images of 4x4x3, 3 classes ["cat" "copy" "dog"]`},
		"loops":                 {with(member{name: "set/train/cat/up", link: "../.."}, member{name: "set/train/self", link: "self"}, member{name: "set/val/here", link: "."}), "", whole + ", 3 files passed over: 2 a link to a folder that it lies in (set/train/cat/up, set/val/here), 1 a link to nothing (set/train/self)"},
		"broken links":          {with(member{name: "set/train/cat/gone.png", link: "nowhere.png"}), "", whole + ", 1 file passed over: 1 a link to nothing (set/train/cat/gone.png)"},
		"two loops":             {with(member{name: "set/val/x", link: "y"}, member{name: "set/val/y", link: "x"}), "", whole + ", 2 files passed over: 2 a link to nothing (set/val/x, set/val/y)"},
		"links to elsewhere":    {with(member{name: "set/train/p", link: "/etc/passwd"}, member{name: "set/train/q", link: "../../../../x"}), "tar zip", whole + ", 2 files passed over: 2 refused, as it links to something outside the archive (set/train/p, set/train/q)"},
		"hard links":            {with(member{name: "set/train/dog/h.png", hard: "set/train/cat/0.png"}, member{name: "set/val/dog/h.png", hard: "./set/train/cat/2.png"}), "tar folder", `9 + 9 images of 4x4x3, 2 classes ["cat" "dog"]`},
		"hard links to nothing": {with(member{name: "set/h.png", hard: "set/none.png"}, member{name: "set/i.png", hard: "../out.png"}), "tar", whole + ", 2 files passed over: 1 a link to nothing (set/h.png), 1 refused, as it links to something outside the archive (set/i.png)"},
		"names that leave":      {with(member{name: "../a.png"}, member{name: "/b.png"}, member{name: `c:\d.png`}, member{name: "set/../../e.png"}, member{name: `..\f.png`}), "tar zip", whole + `, 5 files passed over: 5 refused, as its name leaves the archive (../a.png, /b.png, c:\d.png, set/../../e.png, ..\f.png)`},
		"twice":                 {with(member{name: "set/train/cat/0.png"}, member{name: "./set/train/cat/0.png"}), "tar zip", whole + ", 2 files passed over: 2 replaced by a later one of the same name (set/train/cat/0.png, ./set/train/cat/0.png)"},
		"backslash and slash":   {with(member{name: `set\train\cat\0.png`}), "folder", whole + ", 1 file passed over: 1 replaced by a later one of the same name (set/train/cat/0.png)"},
		"two cases":             {splitPair("TRAIN/", "Validation/", "/"), "", whole + ` ["cat" "dog"]`},
		"classes in two cases":  {append(pair("train/", "/"), member{name: "val/Cat/1.png"}, member{name: "val/DOG/1.png"}), "", `8 + 2 images of 4x4x3, 2 classes ["cat" "dog"]`},
		"a and A":               {[]member{{name: "train/a/1.png"}, {name: "train/A/1.png"}, {name: "val/a/2.png"}}, "", `2 + 1 images of 4x4x3, 2 classes ["A" "a"]`},
		"files in two cases":    {append(pair("p/", "/"), member{name: "p/cat/X.png"}, member{name: "p/cat/x.png"}), "", `9 + 1 images of 4x4x3, 2 classes ["cat" "dog"]`},
		"not UTF-8":             {append(pair("p/", "/"), member{name: "p/caf\x82/1.png"}, member{name: "p/caf\x83/2.png"}), "", `9 + 1 images of 4x4x3, 4 classes ["cafâ" "café" "cat" "dog"]`},
		"control characters":    {with(member{name: "set/a\x1b[31m.txt", content: "x"}), "", whole + `, 1 file passed over: 1 no JPEG, PNG, WebP, GIF, BMP or TIFF image ("set/a\x1b[31m.txt")`},
		"neither":               {with(member{name: "set/pipe", kind: tar.TypeFifo}), "tar zip", whole + ", 1 file passed over: 1 neither file, folder nor link (set/pipe)"},
		"many":                  {with(member{name: "1.txt", content: "x"}, member{name: "2.txt", content: "x"}, member{name: "3.txt", content: "x"}, member{name: "4.txt", content: "x"}, member{name: "5.txt", content: "x"}, member{name: "6.txt", content: "x"}, member{name: "7.txt", content: "x"}), "", whole + ", 7 files passed over: 7 no JPEG, PNG, WebP, GIF, BMP or TIFF image (1.txt, 2.txt, 3.txt, 4.txt, 5.txt and 2 more)"},
		"long names":            {append(pair("train/", "/"), member{name: "val/cat/" + strings.Repeat("é", 120) + ".png", format: tar.FormatPAX}, member{name: "val/dog/" + strings.Repeat("long", 60) + ".png", format: tar.FormatGNU}), "", `8 + 2 images of 4x4x3, 2 classes ["cat" "dog"]`},
		"volume label":          {with(member{name: "label", kind: 'V'}), "tar", whole + ", 1 file passed over: 1 neither file, folder nor link (label)"},
	} {
		for _, kind := range []string{"tar", "zip", "folder"} {
			if c.only != "" && !strings.Contains(c.only, kind) {
				continue
			}
			t.Run(what+" in a "+kind, func(t *testing.T) {
				var s *Set
				var err error
				switch kind {
				case "tar":
					s, err = openFileOf(t, "set.tar", tarOf(t, c.members...), Options{})
				case "zip":
					s, err = openFileOf(t, "set.zip", zipOf(t, zip.Deflate, c.members...), Options{})
				case "folder":
					s, err = Open(folderOf(t, t.TempDir(), c.members...), Options{})
				}
				if got := said(s, err); !strings.HasPrefix(got, c.want) {
					t.Errorf("%s\nwant %s", got, c.want)
				}
			})
		}
	}
}

// Archives that other programs wrote: an old tar, sparse files, unusual methods of
// zip, and encrypted entries.
func TestOtherArchives(t *testing.T) {
	for name, want := range map[string]string{
		"v7.tar.gz":         `4 + 4 images of 4x4x1, 2 classes ["cat" "dog"]`,
		"sparse.tar.bz2":    `4 + 4 images of 4x4x1, 2 classes ["cat" "dog"]`,
		"sparse-pax.tar.xz": `4 + 4 images of 4x4x1, 2 classes ["cat" "dog"]`,
		"methods.zip":       `4 + 4 images of 4x4x1, 2 classes ["cat" "dog"]`,
		"encrypted.zip":     ".png: is encrypted; unpack it with its password and name the folder: 3 of 8 records read so far are broken",
	} {
		s, err := Open(filepath.Join("testdata", name), Options{Valid: 1})
		got := said(s, err)
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
		if err != nil {
			continue
		}
		greys := map[float32]bool{}
		for _, source := range []data.Source{s.Train, s.Valid} {
			for i, p := range pixels(t, source) {
				if i%16 == 0 {
					greys[p*255] = true
				}
			}
		}
		if len(greys) != 8 || !greys[0] || !greys[7] {
			t.Errorf("%s: its images are of the greys %v, want 0 to 7", name, greys)
		}
	}
	s, err := Open(filepath.Join("testdata", "encrypted.zip"), Options{Broken: .9})
	if got, want := said(s, err), "3 broken records left out (the first: "; !strings.Contains(got, want) {
		t.Errorf("where broken records may be: %s\nwant %s", got, want)
	}
	split := splitPair("train/", "val/", "/")
	for _, method := range []uint16{methodXZ, methodZstd} {
		s, err := openFileOf(t, "set.zip", zipOf(t, method, split...), Options{})
		if got, want := said(s, err), "8 + 8 images of 4x4x3, 2 classes"; !strings.HasPrefix(got, want) {
			t.Errorf("method %d: %s\nwant %s", method, got, want)
		}
	}
	b := zipOf(t, zip.Deflate, split...)
	for _, head := range []string{"PK\x03\x04", "PK\x01\x02"} {
		for at := 0; ; {
			i := bytes.Index(b[at:], []byte(head))
			if i < 0 {
				break
			}
			at += i + 4
			method := at + 4
			if head == "PK\x01\x02" {
				method = at + 6
			}
			le.PutUint16(b[method:], 9)
		}
	}
	s, err = openFileOf(t, "set.zip", b, Options{})
	if got, want := said(s, err), "is packed by method 9 of zip, which is not read; unpack it and name the folder"; !strings.Contains(got, want) {
		t.Errorf("Deflate64: %s\nwant %s", got, want)
	}
}

// Archives are known by their content, with zeros behind their ends, and appended
// to each other.
func TestArchiveKinds(t *testing.T) {
	split := splitPair("train/", "val/", "/")
	plain := tarOf(t, split...)
	const whole = `8 + 8 images of 4x4x3, 2 classes ["cat" "dog"]`
	more := tarOf(t, member{name: "train/cat/x.png"}, member{name: "val/dog/1.png"})
	squeezed := map[string][]byte{"tar": plain, "tar.gz": gzipped(plain), "two members": append(gzipped(plain[:5000]), gzipped(plain[5000:])...)}
	for kind, open := range map[string]func(io.Writer) (io.WriteCloser, error){
		"tar.xz":  func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) },
		"tar.zst": func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) },
	} {
		var b bytes.Buffer
		w, err := open(&b)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(plain)
		w.Close()
		squeezed[kind] = b.Bytes()
	}
	for kind, b := range squeezed {
		for _, name := range []string{"set." + kind, "set.zip", "set", "set.jpg", "set.txt"} {
			for _, zeros := range []int{0, 1, 700, 1 << 16} {
				s, err := openFileOf(t, name, append(slices.Clone(b), make([]byte, zeros)...), Options{})
				if got := said(s, err); got != whole {
					t.Errorf("%s named %s and %d zeros: %s\nwant %s", kind, name, zeros, got, whole)
				}
			}
		}
	}
	s, err := openFileOf(t, "set.tar.gz", zipOf(t, zip.Deflate, split...), Options{})
	if got := said(s, err); got != whole {
		t.Errorf("a zip named .tar.gz: %s", got)
	}
	for what, c := range map[string]struct {
		b    []byte
		want string
	}{
		"two tars":       {append(slices.Clone(plain), more...), `9 + 8 images of 4x4x3, 2 classes, 1 file passed over: 1 replaced by a later one of the same name (val/dog/1.png)`},
		"two tars in gz": {append(gzipped(plain), gzipped(more)...), `9 + 8 images of 4x4x3, 2 classes, 1 file passed over: 1 replaced`},
		"tar and text":   {append(slices.Clone(plain), "what is this?"...), `8 + 8 images of 4x4x3, 2 classes, 1 file passed over: 1 behind the end of the archive ("what is this" and so on)`},
		"RAR":            {append([]byte("Rar!\x1a\x07\x00"), make([]byte, 999)...), "is a RAR archive: expected zip, tar,"},
		"7z":             {append([]byte("7z\xbc\xaf\x27\x1c"), make([]byte, 999)...), "is a 7-Zip archive: expected zip, tar,"},
	} {
		s, err := openFileOf(t, "set.tar", c.b, Options{})
		if got := said(s, err); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s\nwant %s", what, got, c.want)
		}
	}
}

// Small archives that ask for much: what they unpack to is bounded.
func TestBombs(t *testing.T) {
	zero := member{name: "a.png", content: strings.Repeat("\x00", 3<<20)}
	_, err := openFileOf(t, "set.tar.gz", gzipped(tarOf(t, zero)), Options{Memory: 1 << 20})
	if err == nil || !strings.Contains(err.Error(), "a.png, entry 1: 3,145,728 bytes are more than is left") {
		t.Errorf("a large file in a tar: %v", err)
	}
	var many []member
	for i := range 9000 {
		many = append(many, member{name: fmt.Sprint(i), content: "x"})
	}
	_, err = openFileOf(t, "set.tar.gz", gzipped(tarOf(t, many...)), Options{Memory: 1 << 20})
	if err == nil || !strings.Contains(err.Error(), "more than is left of what its files may take in memory") {
		t.Errorf("many files in a tar: %v", err)
	}
	// 30 folders, each of which has two links to the next: 2^30 paths.
	all := pair("p/", "/")
	for i := range 30 {
		for _, l := range []string{"x", "y"} {
			all = append(all, member{name: fmt.Sprintf("d%d/%s", i, l), link: fmt.Sprintf("../d%d", i+1)})
		}
	}
	all = append(all, member{name: "d30/1.png"})
	s, err := openFileOf(t, "set.tar", tarOf(t, all...), Options{})
	if got := said(s, err); !strings.Contains(got, isOften) {
		t.Errorf("links that multiply: %.300s", got)
	}
	s, err = Open(folderOf(t, t.TempDir(), all...), Options{})
	if got := said(s, err); !strings.Contains(got, isOften) {
		t.Errorf("links that multiply in a folder: %.300s", got)
	}
}

// Links in a folder lead wherever they lead, but not round.
func TestLinkedFolders(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	folderOf(t, outside, append(pair("", "/"), member{name: "cat/back", link: root})...)
	folderOf(t, root, member{name: "set/train/cat", link: filepath.Join(outside, "cat")}, member{name: "set/train/dog", link: filepath.Join(outside, "dog")},
		member{name: "set/val/cat/1.png"}, member{name: "set/val/dog/1.png"}, member{name: "set/val/all", link: "/"}, member{name: "set/above", link: "../.."})
	s, err := Open(root, Options{})
	if got, want := said(s, err), `8 + 2 images of 4x4x3, 2 classes, 3 files passed over: 3 a link to a folder that it lies in (set/above, set/train/cat/back, set/val/all) ["cat" "dog"]`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(root, "set"), link); err != nil {
		t.Fatal(err)
	}
	s, err = Open(link, Options{})
	if got, want := said(s, err), "8 + 2 images of 4x4x3, 2 classes"; !strings.HasPrefix(got, want) {
		t.Errorf("a link for the set itself: %s\nwant %s", got, want)
	}
}

// The cases that were reported.
func TestTreeCases(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "cases")
	if !isDir(folder) {
		t.Skip("no shared cases")
	}
	for name, want := range map[string]string{
		"backslash_split.zip": `12 + 12 images of 8x8x3, 2 classes ["cat" "dog"]`,
		"hardlink.tar":        `11 + 1 images of 8x8x3, 2 classes ["cat" "dog"]`,
		"padded.tar.gz":       `11 + 1 images of 8x8x3, 2 classes ["cat" "dog"]`,
		"slip.zip":            `6 + 1 images of 8x8x1, 4 files passed over: 4 refused, as its name leaves the archive (../../../../escaped/slipped.png, /etc/x.png, a/../../b.png, c:\x.png) []`,
		"slip.tar":            "4 + 1 images of 8x8x1, 3 files passed over: 2 refused, as its name leaves the archive (../../../../escaped/slipped.png, /etc/x.png), 1 refused, as it links to something outside the archive (link.png) []",
		"png-bomb.zip":        "png image of 4148 bytes: unpacks to 5792x5792, expected at most",
	} {
		s, err := Open(filepath.Join(folder, name), Options{})
		if got := said(s, err); got != want && !(err != nil && strings.Contains(got, want)) {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}

// A set is in colour if any of its images is, however late it comes, in memory or
// out of it.
func TestLateColour(t *testing.T) {
	var members []member
	for i := range 60 {
		members = append(members, member{name: fmt.Sprintf("train/%02d.png", i), content: string(greyPNG(i))})
	}
	members = append(members, member{name: "val/1.png", content: string(greyPNG(1))})
	for what, c := range map[string]struct {
		more member
		o    Options
		want string
	}{
		"all grey":             {member{name: "train/99.png", content: string(greyPNG(7))}, Options{}, "61 + 1 images of 4x4x1"},
		"a late colour":        {member{name: "train/99.png"}, Options{}, "61 + 1 images of 4x4x3"},
		"in validation":        {member{name: "val/99.png"}, Options{}, "60 + 2 images of 4x4x3"},
		"wanted grey":          {member{name: "train/99.png"}, Options{Channels: 1}, "61 + 1 images of 4x4x1"},
		"late, out of memory":  {member{name: "train/99.png"}, Options{Memory: 100}, "61 + 1 images of 4x4x3, read as they are needed"},
		"valid, out of memory": {member{name: "val/99.png"}, Options{Memory: 100, Side: 2}, "60 + 2 images of 2x2x3, read as they are needed"},
	} {
		s, err := openFileOf(t, "set.zip", zipOf(t, zip.Deflate, append(slices.Clone(members), c.more)...), c.o)
		if got := said(s, err); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s\nwant %s", what, got, c.want)
		}
	}
}

// greyPNG returns a PNG of the format for grey.
func greyPNG(i int) []byte {
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	for k := range m.Pix {
		m.Pix[k] = uint8(i)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}
