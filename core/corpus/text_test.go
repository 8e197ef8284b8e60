package corpus

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"ganbel/core/data"
)

func TestLines(t *testing.T) {
	news := "training-monolingual.tokenized.shuffled/news.en-000"
	for what, c := range map[string]struct {
		files map[string][]byte
		o     TextOptions
		name  string
		want  []string
	}{
		"Billion Word": {map[string][]byte{
			news + "02-of-00100":    []byte("Second file .\n"),
			news + "01-of-00100":    []byte("The first , in order .\n\n And the next .\n"),
			news + "03-of-00100.gz": gzipped([]byte("Packed .")),
			"heldout-monolingual.tokenized.shuffled/news.en.heldout-00000-of-00050": []byte("Held out .\n"),
		}, TextOptions{}, "Billion Word, 4 lines of 3 files", []string{"The first , in order .", "And the next .", "Second file .", "Packed ."}},
		"no more than wanted": {map[string][]byte{"a.txt": []byte("1\n2\n3\n"), "b.txt": []byte("4\n")}, TextOptions{Max: 2}, "2 lines of 1 file", []string{"1", "2"}},
		"letters":             {map[string][]byte{"a.txt": []byte("größer als\r\nkurz\n")}, TextOptions{Letters: 5}, "2 lines of 1 file", []string{"größe", "kurz"}},
		"byte order mark":     {map[string][]byte{"a.txt": []byte("\ufeffone\n")}, TextOptions{}, "1 line of 1 file", []string{"one"}},
		"Brown": {map[string][]byte{"ca01": []byte("\n\tThe/at jury/nn said/vbd 1/2/cd ./.\n"), "README": []byte("x"), "cr09": []byte("``/`` Yes/rb ''/''\n")},
			TextOptions{}, "Brown corpus, 2 lines of 2 files", []string{"The jury said 1/2 .", "`` Yes ''"}},
		"sentences": {map[string][]byte{"a.txt": []byte("A title\n\nMr. Smith went to\nWashington, D. C. today. \"Why?\" he asked. It cost\n3.5 dollars... and I saw it! (So did I.)\nThen\n\nit ended")},
			TextOptions{Sentences: true}, "7 lines of 1 file",
			[]string{"A title", "Mr. Smith went to Washington, D. C. today.", `"Why?" he asked.`, "It cost 3.5 dollars... and I saw it!", "(So did I.)", "Then", "it ended"}},
	} {
		got, err := Lines(writeFolder(t, t.TempDir(), c.files), c.o)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if !slices.Equal(got.Lines, c.want) || !strings.Contains(got.String(), c.name) {
			t.Errorf("%s: %s: %q, want %s: %q", what, got, got.Lines, c.name, c.want)
		}
	}
}

// A broken line is told by file, line and byte, and left out; too many are an
// error.
func TestBrokenLines(t *testing.T) {
	good := strings.Repeat("good\n", 99)
	path := writeFolder(t, t.TempDir(), map[string][]byte{
		"a.txt": []byte(good + "caf\xe9 noir\n"),
		"b.txt": []byte(good + strings.Repeat("long", maxLine/4) + "x\n" + good),
	})
	text, err := Lines(path, TextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n, first := text.Broken()
	want := filepath.Join(path, "a.txt") + ": line 100, byte 498: 0xe9 does not belong there in UTF-8"
	if n != 2 || len(text.Lines) != 3*99 || !strings.HasPrefix(fmt.Sprint(first), want) {
		t.Errorf("%d lines, %d broken (%v), want 297, 2 and %s", len(text.Lines), n, first, want)
	}
	if !strings.Contains(text.String(), ", 2 broken lines left out (the first: ") {
		t.Errorf("read %q", text)
	}
	latin := bytes.Repeat([]byte("caf\xe9\n"), 100_000)
	for what, c := range map[string]struct {
		b     []byte
		name  string
		share float64
		want  string
	}{
		"none may":        {[]byte(good + "caf\xe9\n"), "a.txt", -1, "line 100, byte 498"},
		"Latin-1":         {latin, "a.txt", 0, "a.txt: line 1, byte 3: 0xe9 does not belong there in UTF-8; convert the file, by iconv for one: 11 of 11 records read so far"},
		"empty":           {nil, "a.txt", 0, "no text in 1 file"},
		"not gzip":        {[]byte("text\n"), "a.txt.gz", 0, "not gzip, as its name says"},
		"cut gzip":        {gzipped([]byte(good))[:20], "a.txt.gz", 0, "a.txt.gz: gzip: cut"},
		"not by its name": {[]byte("text\n"), "a.pdf", 0, "none of its 1 files is text by its name"},
	} {
		_, err := Lines(writeFolder(t, t.TempDir(), map[string][]byte{c.name: c.b}), TextOptions{Broken: c.share})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v does not say %q", what, err, c.want)
		}
	}
	if _, err := Lines(filepath.Join(path, "none"), TextOptions{}); err == nil || !strings.Contains(err.Error(), "expected a file or a folder") {
		t.Errorf("no such folder: %v", err)
	}
	if _, err := Lines(path, TextOptions{Max: -1}); err == nil || !strings.Contains(err.Error(), "counts of 0 or more") {
		t.Errorf("less than none: %v", err)
	}
	one, err := Lines(filepath.Join(path, "b.txt"), TextOptions{Max: 3})
	if err != nil || one.String() != "b.txt, 3 lines of 1 file" {
		t.Errorf("a file by its name: %v, %v", one, err)
	}
}

// wideText returns a text in UTF-16 or UTF-32, of units of unit bytes.
func wideText(s string, bytes int, little bool) []byte {
	var out []byte
	put := func(u uint32) {
		for i := range bytes {
			at := bytes - 1 - i
			if little {
				at = i
			}
			out = append(out, byte(u>>(8*at)))
		}
	}
	for _, c := range s {
		if bytes == 4 {
			put(uint32(c))
			continue
		}
		for _, u := range utf16.Encode([]rune{c}) {
			put(uint32(u))
		}
	}
	return out
}

// Every encoding that can be recognised is read or refused by its name, and all ends of
// lines are ends.
func TestEncodings(t *testing.T) {
	const text = "größer\r\nals 日本 😀\rmixed\n\nlast"
	want := []string{"größer", "als 日本 😀", "mixed", "last"}
	for what, b := range map[string][]byte{
		"UTF-8": []byte(text), "with a mark": []byte("\ufeff" + text), "gzipped": gzipped([]byte(text)),
		"padded": append(gzipped([]byte(text)), make([]byte, 1000)...), "UTF-16LE": wideText("\ufeff"+text, 2, true), "UTF-16BE": wideText("\ufeff"+text, 2, false),
		"UTF-16 gzipped": gzipped(wideText("\ufeff"+text, 2, true)), "ends with CR": []byte(text + "\r"), "ends with CRLF": []byte(text + "\r\n"),
	} {
		for _, name := range []string{"a.txt", "a.txt.gz"} {
			if name == "a.txt.gz" && !data.Packed(b) {
				continue
			}
			got, err := Lines(writeFolder(t, t.TempDir(), map[string][]byte{name: b}), TextOptions{Broken: -1})
			if err != nil || !slices.Equal(got.Lines, want) {
				t.Errorf("%s in %s: %q, %v", what, name, got, err)
			}
		}
	}
	ascii := strings.Repeat("a line of text\n", 3)
	for what, c := range map[string]struct {
		b    []byte
		want string
	}{
		"UTF-16LE without a mark": {wideText(ascii, 2, true), "a.txt: looks like UTF-16LE without a byte order mark"},
		"UTF-16BE without a mark": {wideText(ascii, 2, false), "a.txt: looks like UTF-16BE without a byte order mark"},
		"UTF-32LE":                {wideText("\ufeff"+ascii, 4, true), "a.txt: is in UTF-32"},
		"UTF-32BE":                {wideText("\ufeff"+ascii, 4, false), "a.txt: is in UTF-32"},
		"UTF-32LE without a mark": {wideText(ascii, 4, true), "UTF-32LE without"},
		"UTF-32BE without a mark": {wideText(ascii, 4, false), "UTF-32BE without"},
		"NUL":                     {[]byte("one\r\ntwo\rth\x00ree\n"), "a.txt: line 3, byte 11: NUL, which is no letter"},
		"a byte after CRs":        {[]byte("one\r\rtwo\r\ncaf\xe9\n"), "line 4, byte 13: 0xe9 does not belong there in UTF-8"},
		"a byte after the mark":   {[]byte("\ufeffcaf\xe9\n"), "line 1, byte 6: 0xe9"},
		"NUL in UTF-16":           {wideText("\ufeffone\ntw\x00o\n", 2, true), "line 2, byte 14: NUL"},
		"half a pair":             {append(wideText("\ufeffone\r\n", 2, true), 0x3d, 0xd8, 'a', 0), "line 2, byte 12: 0xd83d is half a pair of UTF-16"},
		"half a unit":             {append(wideText("\ufeffone\r\n", 2, false), 0), "line 2, byte 12: half a unit of UTF-16"},
	} {
		_, err := Lines(writeFolder(t, t.TempDir(), map[string][]byte{"a.txt": c.b}), TextOptions{Broken: -1})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v does not say %q", what, err, c.want)
		}
	}
}

func TestSharedUTF16(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "cases", "utf16.txt")
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	got, err := Lines(path, TextOptions{Broken: -1})
	if err != nil || len(got.Lines) < 5 || got.Lines[4] != "line number 4 here" {
		t.Errorf("%v, %v", got, err)
	}
}

// lineNumber returns on which line a byte is, by the ends before it.
func lineNumber(b []byte, at int) int {
	n := 1
	for i := range at {
		if b[i] == '\n' && (i == 0 || b[i-1] != '\r') || b[i] == '\r' {
			n++
		}
	}
	return n
}

// Whatever the bytes: nothing panics, lines hold no end and no NUL and are UTF-8, and
// what is said to be wrong is on that line and at that byte.
func FuzzLines(f *testing.F) {
	for _, s := range []string{"one\ntwo\r\nthree\rfour", "\r\n\n\r\r\n", "a\x00b\nc\xff\n", "\ufeffa\n", strings.Repeat("x", 70_000) + "\r" + strings.Repeat("\n", 3)} {
		f.Add([]byte(s))
		f.Add(wideText("\ufeff"+s, 2, true))
		f.Add(wideText("\ufeff"+s, 2, false))
		f.Add(gzipped([]byte(s)))
	}
	where := regexp.MustCompile(`^line (\d+), byte (\d+): (NUL|0x)`)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := newLines(bytes.NewReader(b))
		if err != nil {
			return
		}
		var all []byte
		for {
			line, bad, err := l.next()
			if err != nil {
				break
			}
			if len(line) > maxLine || !utf8.Valid(line) || bytes.ContainsAny(line, "\n\r\x00") {
				t.Fatalf("line %d is %q", l.number, line)
			}
			if all = append(all, line...); l.encoding != inUTF8 || bad == nil || data.Packed(b) {
				continue
			}
			if m := where.FindStringSubmatch(bad.Error()); m != nil {
				at, _ := strconv.Atoi(m[2])
				if at >= len(b) || fmt.Sprint(lineNumber(b, at)) != m[1] || m[3] == "NUL" && b[at] != 0 || m[3] == "0x" && b[at] < 0x80 {
					t.Fatalf("%v: the byte is %q on line %d", bad, b[at:min(at+1, len(b))], lineNumber(b, at))
				}
			}
		}
		if !data.Packed(b) && len(all) > 2*len(b) {
			t.Fatalf("%d bytes of lines of %d", len(all), len(b))
		}
	})
}
