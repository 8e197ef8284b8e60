package data

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Pad fills lines that are too short. It is a letter like any other: where the text
// itself has it, the two are not told apart.
const Pad = '`'

// A Text is lines of equal length, whose letters are numbered as Gulrajani et al.'s
// language script numbers them.
type Text struct {
	Length  int      // letters a line
	Letters []rune   // by code; the first, U+FFFD, stands for all that are not among them
	Codes   []uint16 // of one line after another
}

// NewText cuts lines to length letters, or fills them with Pad. The alphabet is a
// letter for all that are unknown, and the most frequent ones, vocabulary in all, from 2
// to 65536; of equally frequent ones the first in Unicode's order come first. Bytes that
// are not UTF-8 are unknown letters.
func NewText(lines []string, length, vocabulary int) *Text {
	t := &Text{Length: length, Letters: []rune{utf8.RuneError}}
	each := func(line string, f func(rune)) {
		n := 0
		for _, letter := range line {
			if n == length {
				return
			}
			f(letter)
			n++
		}
		for ; n < length; n++ {
			f(Pad)
		}
	}
	counts := map[rune]int{}
	for _, line := range lines {
		each(line, func(letter rune) { counts[letter]++ })
	}
	delete(counts, utf8.RuneError)
	delete(counts, 0) // NUL is not a letter
	ranked := slices.SortedFunc(maps.Keys(counts), func(a, b rune) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	t.Letters = append(t.Letters, ranked[:min(len(ranked), vocabulary-1)]...)
	code := map[rune]uint16{}
	for i, letter := range t.Letters {
		code[letter] = uint16(i)
	}
	t.Codes = make([]uint16, 0, len(lines)*length)
	for _, line := range lines {
		each(line, func(letter rune) { t.Codes = append(t.Codes, code[letter]) })
	}
	return t
}

// Count returns the number of lines.
func (t *Text) Count() int { return len(t.Codes) / t.Length }

// Slice returns lines from to to-1, which share memory with t.
func (t *Text) Slice(from, to int) *Text {
	return &Text{t.Length, t.Letters, t.Codes[from*t.Length : to*t.Length]}
}

// Line returns line i as it reads, with its Pads.
func (t *Text) Line(i int) string {
	var b strings.Builder
	for _, code := range t.Codes[i*t.Length:][:t.Length] {
		b.WriteRune(t.Letters[code])
	}
	return b.String()
}

// Unknown returns the share of letters that are not in the alphabet.
func (t *Text) Unknown() float64 {
	n := 0
	for _, code := range t.Codes {
		if code == 0 {
			n++
		}
	}
	return float64(n) / float64(len(t.Codes))
}
