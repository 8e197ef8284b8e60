package command

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"ganbel/core/experiment"
	"ganbel/core/record"
)

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*[A-Za-z]")

// lines returns what a terminal shows of a text, one after the other in one line.
func lines(text string) []string {
	return regexp.MustCompile("[\r\n]").Split(escapes.ReplaceAllString(text, "\r"), -1)
}

// No line of the bar is longer than the terminal is wide, whatever there is to say, and
// it always says how far the run has come.
func TestBarFits(t *testing.T) {
	values := make([]float64, len(experiment.WGANGP.Metrics))
	for i := range values {
		values[i] = -1234.5678 / float64(i+1)
	}
	values[2] = math.NaN()
	for wide := 20; wide <= 200; wide++ {
		for _, steps := range []int{6, 4000, 10_000_000} {
			for _, rate := range []float64{0, 1e-9, .123, 9.99, 12345} {
				var out bytes.Buffer
				b := &bar{out: &out, wide: func() int { return wide }}
				for _, step := range []int{0, steps / 2, steps} {
					b.show(record.Progress{Step: step, Steps: steps, Every: 1, Rate: rate, Metrics: experiment.WGANGP.Metrics, Values: values})
				}
				b.end()
				shown := lines(out.String())
				for _, line := range shown {
					if n := utf8.RuneCountInString(line); n > wide {
						t.Fatalf("%d columns in a terminal of %d: %q", n, wide, line)
					}
				}
				if all := strings.Join(shown, "\n"); !strings.Contains(all, "50%") || !strings.Contains(all, "100%") {
					t.Fatalf("in %d columns it does not say how far: %q", wide, all)
				}
			}
		}
	}
}

// The line that counts scored images fits, too, and always has the count.
func TestFit(t *testing.T) {
	for wide := 20; wide <= 200; wide++ {
		line := fit(wide, "a long näme of images, step 100000", "12345 of 50000")
		if n := utf8.RuneCountInString(line); n >= wide || !strings.HasSuffix(line, "12345 of 50000") {
			t.Errorf("in %d columns it says %q", wide, line)
		}
	}
	if got := fit(80, "CIFAR-10", "1 of 2"); got != "CIFAR-10: 1 of 2" {
		t.Errorf("it says %q", got)
	}
}

// A narrow terminal shows the most important part.
func TestBarSays(t *testing.T) {
	for wide, want := range map[int]string{20: "50s left", 30: "2.00/s, 50s left", 60: "(100/200)", 120: "critic-loss 1"} {
		var out bytes.Buffer
		b := &bar{out: &out, wide: func() int { return wide }}
		b.show(record.Progress{Step: 100, Steps: 200, Rate: 2, Metrics: experiment.WGANGP.Metrics, Values: []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}})
		if !strings.Contains(out.String(), want) {
			t.Errorf("in %d columns it says %q, want %q", wide, out.String(), want)
		}
	}
}

// A terminal whose width changes gets lines of the new width, and what is logged
// stands in lines of its own.
func TestBarResized(t *testing.T) {
	var out bytes.Buffer
	wide := 100
	b := &bar{out: &out, wide: func() int { return wide }}
	p := record.Progress{Step: 1, Steps: 200, Rate: 2}
	b.show(p)
	out.Reset()
	wide, p.Step = 30, 100
	b.show(p)
	for _, line := range lines(out.String()) {
		if n := utf8.RuneCountInString(line); n > wide {
			t.Errorf("%d columns after the terminal became %d wide: %q", n, wide, line)
		}
	}
	out.Reset()
	fmt.Fprintln(b, "a line")
	if got := escapes.ReplaceAllString(out.String(), ""); strings.TrimLeft(got, "\r ") != "a line\n" {
		t.Errorf("a line is shown as %q", got)
	}
}
