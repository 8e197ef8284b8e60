package built

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"testing"
)

// The page requests only tapes that exist: its list has the same names as tapes.
func TestRecordings(t *testing.T) {
	script, err := os.ReadFile("../../assets/page/tape.js")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)export const recordings = \{(.*?)\n\};`).FindSubmatch(script)
	if list == nil {
		t.Fatal("assets/page/tape.js has no recordings")
	}
	var got, want []string
	for _, row := range regexp.MustCompile(`"([\w-]+)": \[(.*?)\]`).FindAllSubmatch(list[1], -1) {
		for _, preset := range regexp.MustCompile(`"([\w-]+)"`).FindAllSubmatch(row[2], -1) {
			got = append(got, fmt.Sprintf("%s.%s", row[1], preset[1]))
		}
	}
	for _, one := range tapes {
		want = append(want, one.experiment+"."+one.preset)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("assets/page/tape.js has the tapes %v, and tapes.go has %v: name the same in both", got, want)
	}
}
