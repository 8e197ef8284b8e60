package record

import (
	"bytes"
	"errors"
	"io"
	"os"
)

const (
	tailChunk = 64 << 10 // bytes read at a time
	tailLine  = 64 << 10 // bytes of the longest line; longer ones are passed over
	tailKnown = 256      // bytes by which a file is known again
)

// A tailer reads the lines that are added to a file, each byte once. Its memory does not
// grow with the file.
type tailer struct {
	file  os.FileInfo // as it was read last, nil if it was not
	at    int64       // bytes of it that were read
	known []byte      // the last of them
	part  []byte      // of a line that has no end yet
	long  bool        // the line is too long, and part of it was dropped
}

// continues reports whether f, whose state is info, is the file that was read before,
// with what was read of it. It is not if it was replaced, or cut, or written anew.
func (t *tailer) continues(f *os.File, info os.FileInfo) bool {
	if t.file == nil || !os.SameFile(t.file, info) || info.Size() < t.at {
		return false
	}
	if info.Size() == t.file.Size() && info.ModTime().Equal(t.file.ModTime()) {
		return true
	}
	now := make([]byte, len(t.known)) // a new file may have the number of one that was removed
	_, err := f.ReadAt(now, t.at-int64(len(now)))
	return err == nil && bytes.Equal(now, t.known)
}

// read calls line with each line that ended since the last call, without its end, and
// returns the number of bytes read. line must not keep its argument.
func (t *tailer) read(f *os.File, info os.FileInfo, line func([]byte)) (n int64, err error) {
	t.file = info
	if info.Size() == t.at {
		return 0, nil
	}
	chunk := make([]byte, tailChunk)
	for {
		read, err := f.ReadAt(chunk, t.at)
		b := chunk[:read]
		t.at, n = t.at+int64(read), n+int64(read)
		t.known = append(t.known, b[max(0, len(b)-tailKnown):]...)
		t.known = append(t.known[:0], t.known[max(0, len(t.known)-tailKnown):]...)
		for {
			before, after, ended := bytes.Cut(b, []byte("\n"))
			if t.long = t.long || len(t.part)+len(before) > tailLine; t.long {
				t.part = t.part[:0]
			} else {
				t.part = append(t.part, before...)
			}
			if !ended {
				break
			}
			if !t.long {
				line(t.part)
			}
			b, t.part, t.long = after, t.part[:0], false
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}
