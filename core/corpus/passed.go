package corpus

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"ganbel/core/data"
)

// passed counts what is not read of a set, by reason, and keeps the first names of each.
type passed struct {
	reasons []string // in the order in which they came
	of      map[string]*passedFiles
}

type passedFiles struct {
	count int
	names []string
}

// namedFiles is how many files are named of those passed over for one reason.
const namedFiles = 5

// The reasons, which follow a number.
const (
	notImage    = "no JPEG, PNG, WebP, GIF, BMP or TIFF image"
	notPart     = "no part of the set"
	isArchive   = "an archive within"
	isHidden    = "hidden"
	isReplaced  = "replaced by a later one of the same name"
	isSpecial   = "neither file, folder nor link"
	isBroken    = "a link to nothing"
	isLoop      = "a link to a folder that it lies in"
	isOften     = "a link to a folder that is read often enough"
	leavesRoot  = "refused, as its name leaves the archive"
	linkLeaves  = "refused, as it links to something outside the archive"
	notReadable = "unreadable"
	behindEnd   = "behind the end of the archive"
	noSplit     = "in no folder of the split"
)

func (p *passed) add(reason, name string) {
	if p.of == nil {
		p.of = map[string]*passedFiles{}
	}
	f := p.of[reason]
	if f == nil {
		f = &passedFiles{}
		p.of[reason] = f
		p.reasons = append(p.reasons, reason)
	}
	if f.count++; len(f.names) < namedFiles {
		f.names = append(f.names, printable(name))
	}
}

func (p *passed) count() (n int) {
	if p != nil {
		for _, f := range p.of {
			n += f.count
		}
	}
	return n
}

// String says what was passed over, such as "3 files passed over: 2 hidden (.a,
// .b), 1 a link to nothing (cat/7.png)".
func (p *passed) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s passed over", data.Thousands(p.count()), plural("file", p.count()))
	for i, reason := range p.reasons {
		f := p.of[reason]
		fmt.Fprintf(&b, "%s %s %s (%s", []string{":", ","}[min(i, 1)], data.Thousands(f.count), reason, strings.Join(f.names, ", "))
		if more := f.count - len(f.names); more > 0 {
			fmt.Fprintf(&b, " and %s more", data.Thousands(more))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// printable returns a name as it is, or quoted if a terminal would interpret it.
func printable(name string) string {
	for _, c := range name {
		if !unicode.IsPrint(c) || c == unicode.ReplacementChar {
			return strconv.Quote(name)
		}
	}
	return name
}
