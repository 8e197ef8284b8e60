package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"ganbel/core/record"
)

// A bar shows on a terminal how far a run has come. What is written to it stands
// above.
type bar struct{ *progressbar.ProgressBar }

// show draws the bar, the rate, the time left and as many metrics as the terminal
// has room for.
func (b *bar) show(p record.Progress) {
	if b.ProgressBar == nil {
		b.ProgressBar = progressbar.NewOptions(p.Steps,
			progressbar.OptionSetWriter(os.Stdout), progressbar.OptionSetWidth(16), progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionUseANSICodes(true))
	}
	wide, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		wide = 80
	}
	text := fmt.Sprintf("%.0f/s, %s left", p.Rate, p.Left())
	if p.Rate < 10 {
		text = fmt.Sprintf("%.2f/s, %s left", p.Rate, p.Left())
	}
	room := wide - len("100% |                | (/) ") - 2*len(fmt.Sprint(p.Steps)) - 2
	if p.Warning != "" { // it stands before all else, as much of it as there is room for
		text = string([]rune(p.Warning)[:min(max(room, 0), utf8.RuneCountInString(p.Warning))])
	}
	for _, m := range p.Main() {
		if more := text + ", " + m; utf8.RuneCountInString(more) <= room {
			text = more
		}
	}
	b.Describe(text + strings.Repeat(" ", max(0, room-utf8.RuneCountInString(text))))
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
	return os.Stdout.Write(line)
}

// end leaves the bar as it stands, and goes below it.
func (b *bar) end() {
	if b.ProgressBar != nil {
		fmt.Println()
		b.ProgressBar = nil
	}
}
