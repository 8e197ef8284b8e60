package data

import (
	"slices"
	"testing"
)

// Lines are cut and filled, and letters numbered by how often they occur, the pad among
// them.
func TestText(t *testing.T) {
	text := NewText([]string{"aabb", "", "größer als", "a\xffb"}, 4, 2048)
	// a 3, ` 5, b 3, then g r ö ß once and \xff, which is unknown.
	if got, want := string(text.Letters), "\ufffd`abgrßö"; got != want {
		t.Errorf("the alphabet is %q, want %q", got, want)
	}
	if want := []uint16{2, 2, 3, 3, 1, 1, 1, 1, 4, 5, 7, 6, 2, 0, 3, 1}; !slices.Equal(text.Codes, want) {
		t.Errorf("the codes are %v, want %v", text.Codes, want)
	}
	for i, want := range []string{"aabb", "````", "größ", "a\ufffdb`"} {
		if got := text.Line(i); got != want {
			t.Errorf("line %d reads %q, want %q", i, got, want)
		}
	}
	if part := text.Slice(1, 3); part.Count() != 2 || part.Line(1) != "größ" {
		t.Errorf("lines 1 and 2 are %d, the last %q", part.Count(), part.Line(1))
	}
}

// Beyond the vocabulary the rarest letters are unknown.
func TestVocabulary(t *testing.T) {
	text := NewText([]string{"aaaabbbccd"}, 10, 3)
	if got := string(text.Letters); got != "\ufffdab" {
		t.Errorf("the alphabet is %q", got)
	}
	if got := text.Line(0); got != "aaaabbb\ufffd\ufffd\ufffd" || text.Unknown() != .3 {
		t.Errorf("the line reads %q, with a share of %v unknown", got, text.Unknown())
	}
}
