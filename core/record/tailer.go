package record

import (
	"bytes"
	"errors"
	"io"
	"os"
)

const (
	tailChunk = 64 << 10 // bytes read at a time
	tailLine  = 64 << 10 // bytes of the longest line; longer ones are skipped
	tailKnown = 256      // last bytes that identify a file
)

// A tailer reads the lines added to a file, each byte once. Its memory does not grow with
// the file.
type tailer struct {
	file  os.FileInfo // at the last read, nil before
	at    int64       // bytes read
	known []byte      // the last of the bytes read
	part  []byte      // a line without its end yet
	long  bool        // the line is too long, and part of it was dropped
}

// continues reports whether f, described by info, is still the file that was read before,
// with the same content up to there. It is not if the file was replaced, cut or
// rewritten.
func (t *tailer) continues(f *os.File, info os.FileInfo) bool {
	if t.file == nil || !os.SameFile(t.file, info) || info.Size() < t.at {
		return false
	}
	if info.Size() == t.file.Size() && info.ModTime().Equal(t.file.ModTime()) {
		return true
	}
	now := make([]byte, len(t.known)) // a new file may reuse the inode of a removed one
	_, err := f.ReadAt(now, t.at-int64(len(now)))
	return err == nil && bytes.Equal(now, t.known)
}

// read calls line with each line completed since the last call, without its newline, and
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
