package corpus

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// packedText returns a text packed in each format. Go's library writes no bzip2; this
// one, of Python, ends with a zero as padding does.
func packedText(t testing.TB) (text string, all map[string][]byte) {
	text = "text 11\n"
	b, err := hex.DecodeString("425a6839314159265359eb12198e000003598000104000200002000440200021800c01d51ebb8bb9229c284875890cc700")
	if err != nil {
		t.Fatal(err)
	}
	all = map[string][]byte{"bzip2": b}
	for kind, open := range map[string]func(io.Writer) (io.WriteCloser, error){
		"gzip": func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
		"xz":   func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) },
		"zstd": func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) },
	} {
		var b bytes.Buffer
		w, err := open(&b)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, text)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		all[kind] = b.Bytes()
	}
	return text, all
}

// unpack returns all of what uncompressed makes of b.
func unpack(b []byte) (string, error) {
	r, err := uncompressed(bytes.NewReader(b))
	if err != nil {
		return "", err
	}
	out, err := io.ReadAll(io.LimitReader(r, 1<<20))
	return string(out), err
}

func TestUncompressed(t *testing.T) {
	text, all := packedText(t)
	all["zstd after a frame to be skipped"] = append([]byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc"), all["zstd"]...)
	for kind, one := range all {
		name, _, _ := strings.Cut(kind, " ")
		for _, zeros := range []int{0, 1, 2, 3, 4, 5, 7, 8, 512, 100_000} {
			tail := make([]byte, zeros)
			if got, err := unpack(append(bytes.Clone(one), tail...)); got != text || err != nil {
				t.Errorf("%s and %d zeros: %q, %v", kind, zeros, got, err)
			}
			two := append(append(bytes.Clone(one), one...), tail...)
			if got, err := unpack(two); got != text+text || err != nil {
				t.Errorf("%s twice and %d zeros: %q, %v", kind, zeros, got, err)
			}
		}
		for _, tail := range []string{"x", "\x00\x00\x00\x00\x00\x00\x00\x00x", "PK\x03\x04 and more"} {
			if got, err := unpack(append(bytes.Clone(one), tail...)); err == nil || !strings.HasPrefix(err.Error(), name+": ") {
				t.Errorf("%s and %q: %q, %v, expected an error that names it", kind, tail, got, err)
			}
		}
		for cut := 1; cut < len(one)-10 && kind == name; cut += 3 {
			for _, zeros := range []int{0, 1, 5, 5000} {
				b := append(bytes.Clone(one[:len(one)-cut]), make([]byte, zeros)...)
				got, err := unpack(b)
				if bytes.HasPrefix(b, one) {
					continue // its own zeros are back
				}
				if err == nil {
					t.Errorf("%s less %d bytes and %d zeros: %q and no error", kind, cut, zeros, got)
				}
			}
		}
	}
	for _, s := range []string{"", "B", "\x1f\x8b", "BZh9 is a line of text", "plain", "\x00\x00\x00\x00", "(\xb5/"} {
		if got, err := unpack([]byte(s)); got != s || err != nil {
			t.Errorf("%q: %q, %v, expected it as it is", s, got, err)
		}
	}
}

// An xz file of some bytes may ask for a dictionary of gigabytes.
func TestDictionary(t *testing.T) {
	_, all := packedText(t)
	b := bytes.Clone(all["xz"])
	size := 4 * (int(b[12]) + 1) // of the first block's header, with its CRC-32
	head := b[12 : 12+size-4]
	at := bytes.IndexByte(head[2:], 0x21) + 2 + 2
	for bits, want := range map[byte]string{28: "", 30: "", 31: "asks to keep", 37: "asks to keep", 40: "asks to keep"} {
		head[at] = bits
		sum := crc32.ChecksumIEEE(head)
		for i := range 4 {
			b[12+size-4+i] = byte(sum >> (8 * i))
		}
		if _, err := unpack(b); want == "" && err != nil || want != "" && !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("dictionary of size code %d: %v, expected %q", bits, err, want)
		}
	}
}

func FuzzUncompressed(f *testing.F) {
	_, all := packedText(f)
	for _, b := range all {
		f.Add(b)
		f.Add(append(append(bytes.Clone(b), b...), 0, 0, 0, 0))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := uncompressed(bytes.NewReader(b))
		if err != nil {
			return
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, 1<<22))
		if compression(b) == "" && (err != nil || n != int64(len(b))) {
			t.Fatalf("%d of %d bytes that are not compressed: %v", n, len(b), err)
		}
	})
}
