package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"ganbel/core/record"
)

// A bar shows on a terminal how far a run has come, in a line that is never longer
// than the terminal is wide. What is written to it stands above.
type bar struct {
	*progressbar.ProgressBar
	out  io.Writer // the terminal
	wide func() int

	drawn int // how wide the terminal was when the bar was begun
}

// newBar returns the bar of the terminal that the command writes to.
func newBar() *bar {
	return &bar{out: os.Stdout, wide: func() int { return columns(os.Stdout) }}
}

// columns returns how wide a terminal is, 80 if that is not known.
func columns(f *os.File) int {
	wide, _, err := term.GetSize(int(f.Fd()))
	if err != nil || wide < 1 {
		return 80
	}
	return wide
}

// fit returns what is counted and its count in a line of a terminal of that width: the
// end of the name is cut off if there is no room for it.
func fit(wide int, name, count string) string {
	letters := []rune(name)
	room := wide - 1 - len(": ") - len(count)
	switch {
	case room < 2:
		return count[:max(0, min(len(count), wide-1))]
	case len(letters) > room:
		name = string(letters[:room-1]) + "…"
	}
	return name + ": " + count
}

// A layout says what a line of some number of columns has room for.
type layout struct {
	bar   int  // columns of the bar itself
	count bool // the steps are shown, not only their share
	room  int  // for the text at the end
}

// lay returns the layout of a line in a terminal of that width. The last column stays
// empty, because some terminals begin a new line after it.
func lay(wide, steps int) layout {
	count := len(fmt.Sprintf("(%d/%d) ", steps, steps))
	l := layout{bar: max(1, min((wide-14)/5, 16))}
	l.room = wide - 1 - len(" 100% ||  ") - l.bar
	if l.count = l.room-count >= len("100/s, 10h0m0s left"); l.count {
		l.room -= count
	}
	return l
}

// text returns what stands at the end of a line, in as many columns as there is room:
// a warning, or the rate and the time left, or that alone, and as many metrics as fit.
func (l layout) text(p record.Progress) string {
	text := p.Pace()
	if p.Warning != "" { // it stands before all else, as much of it as there is room for
		text = string([]rune(p.Warning)[:min(l.room, utf8.RuneCountInString(p.Warning))])
	}
	if utf8.RuneCountInString(text) > l.room && text != "" {
		text = p.Left().String() + " left"
	}
	if utf8.RuneCountInString(text) > l.room {
		text = ""
	}
	for _, m := range p.Main() {
		more := strings.TrimPrefix(text+", "+m, ", ")
		if utf8.RuneCountInString(more) <= l.room {
			text = more
		}
	}
	return text + strings.Repeat(" ", max(0, l.room-utf8.RuneCountInString(text)))
}

// show draws the bar, the rate, the time left and as many metrics as the terminal
// has room for.
func (b *bar) show(p record.Progress) {
	wide := b.wide()
	l := lay(wide, p.Steps)
	if b.ProgressBar != nil && wide != b.drawn {
		b.Clear()
		b.ProgressBar = nil
	}
	if b.ProgressBar == nil {
		b.drawn = wide
		options := []progressbar.Option{progressbar.OptionSetWriter(b.out), progressbar.OptionSetWidth(l.bar),
			progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionUseANSICodes(true)}
		if l.count {
			options = append(options, progressbar.OptionShowCount())
		}
		b.ProgressBar = progressbar.NewOptions(p.Steps, options...)
	}
	b.Describe(l.text(p))
	b.Set(p.Step) // a terminal that is gone is seen at the end
}

// Write puts a line above the bar, or below it once it is full.
func (b *bar) Write(line []byte) (int, error) {
	if b.ProgressBar != nil {
		if b.IsFinished() {
			b.end()
		} else {
			b.Clear()
		}
	}
	return b.out.Write(line)
}

// end leaves the bar as it stands, and goes below it.
func (b *bar) end() {
	if b.ProgressBar != nil {
		fmt.Fprintln(b.out)
		b.ProgressBar = nil
	}
}
