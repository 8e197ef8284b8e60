package corpus

import (
	"path"
	"regexp"
	"strings"
)

// EMNIST (Cohen et al., 2017) is six sets in the format of MNIST, whose files hold
// every image with its rows and columns swapped.

var emnistName = regexp.MustCompile(`(?i)emnist[-_. ]?(byclass|bymerge|balanced|letters|digits|mnist)`)

// emnistCounts names the sets by their numbers of training and test images, whatever
// their files are called; mnist has as many as MNIST itself, and byclass and bymerge,
// which are the same images, differ only in their labels.
var emnistCounts = map[[2]int]string{{112_800, 18_800}: "balanced", {124_800, 20_800}: "letters", {240_000, 40_000}: "digits", {697_932, 116_323}: "byclass"}

const (
	figures  = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	// merged are the small letters that do not look like their capitals.
	merged = "abdefghnqrt"
)

// emnistClasses are the names of the classes in the order of their labels.
var emnistClasses = map[string][]string{
	"byclass": letters(figures + capitals + strings.ToLower(capitals)), "bymerge": letters(figures + capitals + merged), "balanced": letters(figures + capitals + merged),
	"letters": letters(capitals), "digits": letters(figures), "mnist": letters(figures),
}

func letters(s string) []string { return strings.Split(s, "") }

// emnistOf returns which of EMNIST's sets a file of training images is of, by the name
// that its authors gave it, or by how many images there are of each part.
func emnistOf(name string, train, test int) (split string, ok bool) {
	if m := emnistName.FindStringSubmatch(path.Base(name)); m != nil {
		return strings.ToLower(m[1]), true
	}
	split, ok = emnistCounts[[2]int{train, test}]
	return split, ok
}
