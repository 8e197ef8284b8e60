package corpus

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"ganbel/core/data"
)

// maxWindow bounds what a compressed stream may ask to keep of what was unpacked
// before: the most that xz -9 and zstd --ultra --long=27 ask for.
const maxWindow = 1 << 27

// compression returns the name of what a stream that begins with head is
// compressed with, "" if it is not compressed.
func compression(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b, 8}):
		return "gzip"
	case len(head) >= 10 && string(head[:3]) == "BZh" && '1' <= head[3] && head[3] <= '9' && (string(head[4:10]) == "\x31\x41\x59\x26\x53\x59" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90"):
		return "bzip2"
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return "xz"
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return "zstd"
	case len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte{0x2a, 0x4d, 0x18}): // a frame to be skipped
		return "zstd"
	}
	return ""
}

// uncompressed returns what r holds once it is unpacked. By its first bytes it
// takes r for gzip, bzip2, xz or zstd, of one or more streams one after the other
// and with any number of zero bytes after the last; anything else it returns as it
// is. What is wrong with the stream is an error of this function or of a Read.
func uncompressed(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	head, _ := b.Peek(64) // a short file is not compressed, and an error comes again
	kind := compression(head)
	var out io.Reader
	var err error
	switch kind {
	case "":
		return b, nil
	case "gzip":
		out, err = data.Gunzip(b)
	case "bzip2":
		in := &padded{b: b, spare: 2}
		out = &padding{r: bzip2.NewReader(in), in: in, end: func(err error) bool {
			return err.Error() == "bzip2 data invalid: bad magic value in continuation file"
		}}
	case "xz":
		if err = checkDictionary(head); err == nil {
			in := &padded{b: b, drop: true}
			out, err = xz.NewReader(in)
			out = &footed{out, in}
		}
	case "zstd":
		in := &padded{b: b, spare: 4}
		var z *zstd.Decoder
		// With one of them nothing is read ahead, and nothing needs to be closed.
		z, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		out = &padding{r: z, in: in, end: func(err error) bool { return errors.Is(err, zstd.ErrMagicMismatch) }}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	return &named{out, kind}, nil
}

// named adds to errors the name of their format.
type named struct {
	r    io.Reader
	kind string
}

func (n *named) Read(b []byte) (int, error) {
	k, err := n.r.Read(b)
	if err != nil && err != io.EOF {
		if err == io.ErrUnexpectedEOF {
			err = errors.New("cut")
		}
		err = fmt.Errorf("%s: %w", n.kind, err)
	}
	return k, err
}

// padded is an input that may end with zeros that are no part of a compressed
// stream. It counts runs of zeros instead of keeping them.
type padded struct {
	b     *bufio.Reader
	drop  bool    // leave out the zeros at the end
	spare int64   // otherwise, how many are added to them: they begin a further stream, which is then seen not to be one
	zeros int64   // to be given before anything else
	last  bool    // nothing follows these zeros
	end   [2]byte // the last that were given
}

// run counts the zeros that b begins with.
func (p *padded) run() error {
	for {
		c, err := p.b.ReadByte()
		switch {
		case err == io.EOF:
			p.last = true
			if p.drop {
				p.zeros = 0
			} else if p.zeros > 0 {
				p.zeros += p.spare
			}
			return nil
		case err != nil:
			return err
		case c != 0:
			return p.b.UnreadByte()
		}
		p.zeros++
	}
}

func (p *padded) ReadByte() (byte, error) {
	c, err := p.next()
	if err == nil {
		p.end = [2]byte{p.end[1], c}
	}
	return c, err
}

func (p *padded) next() (byte, error) {
	if p.zeros == 0 && !p.last {
		if err := p.run(); err != nil {
			return 0, err
		}
	}
	switch {
	case p.zeros > 0:
		p.zeros--
		return 0, nil
	case p.last:
		return 0, io.EOF
	}
	return p.b.ReadByte()
}

func (p *padded) Read(b []byte) (int, error) {
	n, err := p.fill(b)
	if n > 1 {
		p.end = [2]byte(b[n-2:])
	} else if n == 1 {
		p.end = [2]byte{p.end[1], b[0]}
	}
	return n, err
}

func (p *padded) fill(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	c, err := p.next()
	if err != nil {
		return 0, err
	}
	b[0] = c
	n := 1
	if p.zeros > 0 {
		k := int(min(p.zeros, int64(len(b)-n)))
		clear(b[n : n+k])
		p.zeros -= int64(k)
		return n + k, nil
	}
	if !p.last {
		more, _ := p.b.Peek(min(p.b.Buffered(), len(b)-n))
		if k := bytes.IndexByte(more, 0); k >= 0 {
			more = more[:k]
		}
		copy(b[n:], more)
		k, _ := p.b.Discard(len(more))
		n += k
	}
	return n, nil
}

// footed is an xz stream, which ends as its footer does. Its reader takes some
// that are cut for whole ones.
type footed struct {
	r  io.Reader
	in *padded
}

func (f *footed) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err == io.EOF && f.in.end != [2]byte{'Y', 'Z'} {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// padding ends a stream if all that is left of its input is zeros and its reader
// says, by an error, that no further stream begins there.
type padding struct {
	r   io.Reader
	in  *padded
	end func(error) bool
}

func (p *padding) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if err != nil && err != io.EOF && p.in.last && p.end(err) {
		err = io.EOF
	}
	return n, err
}

// checkDictionary returns an error if the first block of an xz stream asks for
// more than maxWindow; its reader would allocate whatever the block asks for.
func checkDictionary(head []byte) error {
	if len(head) < 12+2 || head[12] == 0 {
		return nil // an index: no block
	}
	b := head[12:] // after the stream's header
	flags := b[1]
	b = b[2:]
	for range int(flags>>6&1) + int(flags>>7&1) { // sizes
		_, n := binary.Uvarint(b)
		b = b[max(n, 0):]
	}
	if flags&3 == 0 && len(b) >= 3 && b[0] == 0x21 { // LZMA2 and nothing else, as the reader demands
		if bits := b[2]; bits > 40 || (2|uint64(bits&1))<<(bits/2+11) > maxWindow {
			return fmt.Errorf("asks to keep more than %s bytes of what was unpacked before", data.Thousands(maxWindow))
		}
	}
	return nil
}
