package data

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// Gunzip returns a reader of what a gzip file unpacks to, all its members one after
// the other. Zeros after a member, with which tapes and some servers fill up a block, are
// allowed; anything else after it is an error.
func Gunzip(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &members{in, z}, nil
}

// Packed reports whether a file that begins with head is a gzip file.
func Packed(head []byte) bool {
	return len(head) > 2 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8
}

// MaybeGunzip returns a reader of r, unpacked if r begins as a gzip file does.
func MaybeGunzip(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	if head, err := in.Peek(3); Packed(head) {
		return Gunzip(in)
	} else if err != nil && err != io.EOF {
		return nil, err
	}
	return in, nil
}

// members reads the members of a gzip file.
type members struct {
	in *bufio.Reader
	z  *gzip.Reader
}

func (m *members) Read(b []byte) (int, error) {
	for len(b) > 0 {
		n, err := m.z.Read(b)
		if err == io.EOF {
			if err = nil; n == 0 {
				err = m.next()
			}
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
	return 0, nil
}

// next begins the next member. It returns io.EOF if there is none.
func (m *members) next() error {
	zeros := 0
	for {
		c, err := m.in.ReadByte()
		if err != nil {
			return err
		}
		if c != 0 {
			break
		}
		zeros++
	}
	if err := m.in.UnreadByte(); err != nil {
		return err
	}
	if err := m.z.Reset(m.in); err != nil {
		if zeros > 0 {
			return fmt.Errorf("%d zeros and then more bytes after its end: %w", zeros, err)
		} else if errors.Is(err, gzip.ErrHeader) {
			return fmt.Errorf("more bytes after its end: %w", err)
		}
		return err
	}
	m.z.Multistream(false)
	return nil
}
