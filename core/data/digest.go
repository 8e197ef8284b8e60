package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"strings"
)

// A file's digest is the text "digest" of its metadata: "sha256:" and 64 hexadecimal
// digits, which are the SHA-256 of the whole file with these digits taken as 64 zeros.
// So any other bit of the file, in its length, its header or its numbers, gives another
// digest. assets/page/digest.js verifies the same.
const (
	digestName  = "digest"
	digestBegin = "sha256:"
)

var digestText = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// noDigest is the text that stands for a digest while it is computed.
var noDigest = digestBegin + strings.Repeat("0", 2*sha256.Size)

// errDigest is the error of a file that has changed since it was written.
var errDigest = errors.New("its digest is another: the file was changed or damaged")

// digestOf returns the digest that a file's metadata names, "" if there is none. A text
// that looks like a digest under another name, and another text under the digest's name,
// are errors, so that a single changed bit cannot turn a file with a digest into one
// without.
func digestOf(meta map[string]string) (string, error) {
	text, named := meta[digestName]
	for name, other := range meta {
		if name != digestName && digestText.MatchString(other) {
			return "", errDigest
		}
	}
	if named && !digestText.MatchString(text) {
		return "", errDigest
	}
	return text, nil
}

// verifying returns a hash that has read the length and the header of a file with the
// given digest, and has the rest still to read.
func verifying(size, header []byte, digest string) (hash.Hash, error) {
	if bytes.Count(header, []byte(digest)) != 1 {
		return nil, errDigest
	}
	h := sha256.New()
	h.Write(size) // a hash takes all
	h.Write(bytes.Replace(header, []byte(digest), []byte(noDigest), 1))
	return h, nil
}

// written returns the digest of a hash's bytes as a file has it.
func written(h hash.Hash) string { return digestBegin + hex.EncodeToString(h.Sum(nil)) }

// writeDigested writes a file that write writes, whose header has noDigest, with its
// digest.
func writeDigested(w io.Writer, write func(io.Writer) error) error {
	h := sha256.New()
	if err := write(h); err != nil {
		return err
	}
	return write(&replacing{w: w, text: []byte(written(h))})
}

// replacing writes text in place of noDigest, which must come within a single Write.
type replacing struct {
	w    io.Writer
	text []byte // nil once it was written
}

func (r *replacing) Write(b []byte) (int, error) {
	if at := bytes.Index(b, []byte(noDigest)); r.text != nil && at >= 0 {
		n := len(b)
		b = bytes.Clone(b)
		copy(b[at:], r.text)
		r.text = nil
		if k, err := r.w.Write(b); err != nil {
			return k, err
		}
		return n, nil
	}
	return r.w.Write(b)
}

// noted is the sentence about a file that carries no digest.
const noted = "%s carries no digest of itself, as older files do: damage to its numbers would go unnoticed"

// Unchecked returns a sentence for a person if the store was read from a file without a
// digest, such as an older one, and "" otherwise.
func (s Store) Unchecked(name string) string {
	if s.Digest {
		return ""
	}
	return fmt.Sprintf(noted, name)
}
