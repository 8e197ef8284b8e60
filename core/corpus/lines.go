package corpus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"ganbel/core/data"
)

// maxLine bounds a line, in bytes of UTF-8.
const maxLine = 1 << 20

// An encoding is how a text is written.
type encoding int

const (
	inUTF8 encoding = iota
	inUTF16LE
	inUTF16BE
)

// lines reads a text line by line. A line ends with CR, LF, or both in this order; what
// it is a line of, UTF-8 or UTF-16, the mark at the file's beginning says.
type lines struct {
	in       *bufio.Reader
	encoding encoding
	offset   int64 // bytes of the file that were read, unpacked
	number   int   // of the last line, from 1
	cr       bool  // the last line ended with CR, so that an LF at once is of that end
	buf      []byte
}

// newLines returns a reader of the lines of r, uncompressed. It returns an
// error for what is not text in UTF-8, or in UTF-16 with its mark.
func newLines(r io.Reader) (*lines, error) {
	r, err := uncompressed(r)
	if err != nil {
		return nil, err
	}
	l := &lines{in: bufio.NewReaderSize(r, 1<<16)}
	head, err := l.in.Peek(4096)
	if err != nil && err != io.EOF {
		return nil, err
	}
	mark := 0
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return nil, errors.New("is in UTF-32: convert it to UTF-8, by iconv for one")
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		mark = 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		mark, l.encoding = 2, inUTF16LE
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		mark, l.encoding = 2, inUTF16BE
	default:
		if name := wide(head); name != "" {
			return nil, fmt.Errorf("looks like %s without a byte order mark: convert it to UTF-8, by iconv for one", name)
		}
	}
	n, err := l.in.Discard(mark)
	l.offset = int64(n)
	return l, err
}

// wide returns the name of the encoding of wider units that a text without a mark has
// by the places of its zeros, "" if it looks like no such text.
func wide(head []byte) string {
	n := len(head) / 4 * 4
	if n < 4 {
		return ""
	}
	var zeros [4]int
	for i, c := range head[:n] {
		if c == 0 {
			zeros[i%4]++
		}
	}
	// most and few say that nearly all bytes, or hardly any, at these places are 0.
	most := func(at ...int) bool {
		for _, i := range at {
			if 10*zeros[i] < 7*n/4 {
				return false
			}
		}
		return true
	}
	few := func(at ...int) bool {
		for _, i := range at {
			if 10*zeros[i] > n/4 {
				return false
			}
		}
		return true
	}
	switch {
	case most(1, 2, 3) && few(0):
		return "UTF-32LE"
	case most(0, 1, 2) && few(3):
		return "UTF-32BE"
	case most(1, 3) && few(0, 2):
		return "UTF-16LE"
	case most(0, 2) && few(1, 3):
		return "UTF-16BE"
	}
	return ""
}

// next returns the next line in UTF-8, without its end, valid until the next call. It
// returns io.EOF after the last, and as bad what is wrong with the line, with its number
// and byte. A line that is not read whole is bad.
func (l *lines) next() (line []byte, bad, err error) {
	l.number++
	l.buf = l.buf[:0]
	if l.encoding != inUTF8 {
		return l.nextWide()
	}
	start, length := l.offset, 0
	if l.cr {
		if c, err := l.in.Peek(1); err == nil && c[0] == '\n' {
			l.in.Discard(1)
			start++
			l.offset++
		}
		l.cr = false
	}
	for {
		if _, err := l.in.Peek(1); err != nil {
			if err != io.EOF {
				return nil, nil, fmt.Errorf("line %d, byte %d: %w", l.number, l.offset, err)
			}
			if length == 0 {
				return nil, nil, io.EOF
			}
			break
		}
		some, _ := l.in.Peek(l.in.Buffered())
		end := bytes.IndexByte(some, '\n')
		if end < 0 {
			end = len(some)
		}
		if cr := bytes.IndexByte(some[:end], '\r'); cr >= 0 {
			end = cr
		}
		l.buf = append(l.buf, some[:min(end, max(maxLine-length, 0))]...)
		length += end
		if end == len(some) {
			l.skip(end)
			continue
		}
		l.cr = some[end] == '\r'
		l.skip(end + 1)
		break
	}
	if length > maxLine {
		return nil, l.tooLong(start, length), nil
	}
	for at := 0; at < len(l.buf); {
		c, n := utf8.DecodeRune(l.buf[at:])
		switch {
		case c == utf8.RuneError && n == 1:
			return nil, l.fault(start+int64(at), "%#x does not belong there in UTF-8; convert the file, by iconv for one", l.buf[at]), nil
		case c == 0:
			return nil, l.fault(start+int64(at), "NUL, which is no letter"), nil
		}
		at += n
	}
	return l.buf, nil, nil
}

func (l *lines) skip(n int) {
	l.in.Discard(n) // it is buffered
	l.offset += int64(n)
}

func (l *lines) fault(at int64, format string, args ...any) error {
	return fmt.Errorf("line %d, byte %d: %w", l.number, at, fmt.Errorf(format, args...))
}

func (l *lines) tooLong(start int64, length int) error {
	return l.fault(start, "a line of %s bytes, expected at most %s", data.Thousands(length), data.Thousands(maxLine))
}

// unit reads a unit of UTF-16. It returns io.EOF at the end, and io.ErrUnexpectedEOF
// for half a unit.
func (l *lines) unit() (uint16, error) {
	var b [2]byte
	n, err := io.ReadFull(l.in, b[:])
	l.offset += int64(n)
	if l.encoding == inUTF16BE {
		b[0], b[1] = b[1], b[0]
	}
	return uint16(b[0]) | uint16(b[1])<<8, err
}

// nextWide is next for UTF-16.
func (l *lines) nextWide() (line []byte, bad, err error) {
	start, length := l.offset, 0
	high, highAt := uint16(0), int64(0) // the first half of a pair
	note := func(at int64, format string, args ...any) {
		if bad == nil {
			bad = l.fault(at, format, args...)
		}
	}
	add := func(c rune) {
		if length += utf8.RuneLen(c); length <= maxLine {
			l.buf = utf8.AppendRune(l.buf, c)
		}
	}
	any := false
	for {
		at := l.offset
		u, err := l.unit()
		if err == io.EOF && !any {
			return nil, nil, io.EOF
		}
		if err == nil && l.cr && u == '\n' && !any {
			l.cr, start = false, l.offset
			continue
		}
		l.cr, any = false, true
		if high != 0 && (err != nil || u < 0xdc00 || u > 0xdfff) {
			note(highAt, "%#x is half a pair of UTF-16", high)
			high = 0
		}
		switch {
		case err == io.ErrUnexpectedEOF:
			note(at, "half a unit of UTF-16: the file is cut")
			return nil, bad, nil
		case err != nil && err != io.EOF:
			return nil, nil, fmt.Errorf("line %d, byte %d: %w", l.number, at, err)
		case err == io.EOF || u == '\n' || u == '\r':
			if l.cr = err == nil && u == '\r'; length > maxLine {
				return nil, l.tooLong(start, length), nil
			}
			if bad != nil {
				return nil, bad, nil
			}
			return l.buf, nil, nil
		case u == 0:
			note(at, "NUL, which is no letter")
		case high != 0:
			add(utf16.DecodeRune(rune(high), rune(u)))
			high = 0
		case u >= 0xd800 && u <= 0xdbff:
			high, highAt = u, at
		case u >= 0xdc00 && u <= 0xdfff:
			note(at, "%#x is half a pair of UTF-16", u)
		default:
			add(rune(u))
		}
	}
}
