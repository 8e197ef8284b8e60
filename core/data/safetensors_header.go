package data

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A headerReader reads the header of a safetensors file, whose JSON has a fixed form:
// an object of tensors by name, and of texts by name below metadata. Package json would
// take a name that comes twice, and its two versions word faults differently. The page's
// reader goes through a header in the same order, so that both find the same fault first.
type headerReader struct {
	text    []byte // UTF-8
	at      int
	meta    map[string]string
	entries []entry // as they come
}

// mostWhole is the greatest number of a shape or an offset: what JavaScript holds
// exactly.
const mostWhole = 1<<53 - 1

func (p *headerReader) read() error {
	if p.text[0] != '{' {
		return errors.New("its header does not begin with {")
	}
	seen := map[string]bool{}
	err := p.object(errNotJSON, func(name string) error {
		if seen[name] {
			return fmt.Errorf("%s is there twice", quote(name))
		}
		seen[name] = true
		if name == metadata {
			return p.texts()
		}
		return p.entry(name)
	})
	if err != nil {
		return err
	}
	if p.next() != 0 || p.at < len(p.text) {
		return errors.New("more follows the object in its header")
	}
	return nil
}

var errNotJSON = errors.New("its header is not JSON")

// next skips white space and returns the character there, 0 at the end.
func (p *headerReader) next() byte {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t' || p.text[p.at] == '\n' || p.text[p.at] == '\r') {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

// object reads an object and calls field for every name, which reads its value. If
// there is no object it returns the error none.
func (p *headerReader) object(none error, field func(name string) error) error {
	if p.next() != '{' {
		return none
	}
	p.at++
	if p.next() == '}' {
		p.at++
		return nil
	}
	for {
		name, err := p.string(errNotJSON)
		if err != nil {
			return err
		}
		if p.next() != ':' {
			return errNotJSON
		}
		p.at++
		if err := field(name); err != nil {
			return err
		}
		switch p.next() {
		case ',':
			p.at++
		case '}':
			p.at++
			return nil
		default:
			return errNotJSON
		}
	}
}

// string reads a text. If there is none it returns the error none.
func (p *headerReader) string(none error) (string, error) {
	if p.next() != '"' {
		return "", none
	}
	p.at++
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return b.String(), nil
		case c < ' ':
			return "", errNotJSON
		case c != '\\':
			b.WriteByte(c)
			continue
		}
		r, ok := p.escaped()
		if !ok {
			return "", errNotJSON
		}
		b.WriteRune(r)
	}
	return "", errNotJSON
}

// escaped reads what follows a backslash.
func (p *headerReader) escaped() (rune, bool) {
	if p.at == len(p.text) {
		return 0, false
	}
	c := p.text[p.at]
	p.at++
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), true
	}
	if c != 'u' {
		return 0, false
	}
	r, ok := p.hex()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	if p.at+1 >= len(p.text) || p.text[p.at] != '\\' || p.text[p.at+1] != 'u' {
		return 0, false
	}
	p.at += 2
	low, ok := p.hex()
	r = utf16.DecodeRune(r, low)
	return r, ok && r != utf8.RuneError
}

// hex reads four hexadecimal digits.
func (p *headerReader) hex() (rune, bool) {
	if p.at+4 > len(p.text) {
		return 0, false
	}
	r := rune(0)
	for _, c := range p.text[p.at : p.at+4] {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	p.at += 4
	return r, true
}

// texts reads the metadata.
func (p *headerReader) texts() error {
	bad := errors.New("its __metadata__ is not an object of texts")
	return p.object(bad, func(name string) error {
		if _, twice := p.meta[name]; twice {
			return fmt.Errorf("%s is there twice in its __metadata__", quote(name))
		}
		text, err := p.string(bad)
		p.meta[name] = text
		return err
	})
}

// entry reads a tensor.
func (p *headerReader) entry(name string) error {
	e := entry{name: name}
	var seen []string
	says := func(what string) error { return fmt.Errorf("tensor %s: %s", quote(name), what) }
	err := p.object(says("it is not an object"), func(field string) (err error) {
		if slices.Contains(seen, field) {
			return says(field + " is there twice")
		}
		seen = append(seen, field)
		whole := says(fmt.Sprintf("%s must be a list of whole numbers from 0 to %d", field, int64(mostWhole)))
		switch field {
		case "dtype":
			e.DType, err = p.string(says("dtype must be a text"))
		case "shape":
			e.Shape, err = p.whole(whole)
		case "data_offsets":
			e.Offsets, err = p.whole(whole)
			if err == nil && len(e.Offsets) != 2 {
				err = says(fmt.Sprintf("data_offsets must be 2 numbers, not %d", len(e.Offsets)))
			}
		default:
			err = says(fmt.Sprintf("there is a field %s: it must have dtype, shape and data_offsets only", quote(field)))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, field := range []string{"dtype", "shape", "data_offsets"} {
		if !slices.Contains(seen, field) {
			return says(field + " is missing")
		}
	}
	p.entries = append(p.entries, e)
	return nil
}

// whole reads a list of whole numbers. If there is none it returns the error bad.
func (p *headerReader) whole(bad error) ([]uint64, error) {
	if p.next() != '[' {
		return nil, bad
	}
	p.at++
	all := []uint64{}
	if p.next() == ']' {
		p.at++
		return all, nil
	}
	for {
		p.next()
		from := p.at
		for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
			p.at++
		}
		digits := string(p.text[from:p.at])
		n, err := strconv.ParseUint(digits, 10, 64)
		if err != nil || n > mostWhole || len(digits) > 1 && digits[0] == '0' {
			return nil, bad
		}
		all = append(all, n)
		switch p.next() {
		case ',':
			p.at++
		case ']':
			p.at++
			return all, nil
		default:
			return nil, bad
		}
	}
}
