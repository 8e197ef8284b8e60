//go:build !js

package experiment

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
)

func openText(t *testing.T, lines []string, changes lab.Values) (*train.Run, error) {
	t.Helper()
	v, err := WGANLanguage.Resolve("", lab.Merge(lab.Values{"width": "4", "blocks": "1", "batch": "4", "n-critic": "1", "held-out": "1", "lines": "50"}, changes))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(WGANLanguage, v, World{Goroutines: 1, Text: func() ([]string, error) { return lines, nil }})
	if err == nil {
		t.Cleanup(r.Close)
	}
	return r, err
}

func mustOpenText(t *testing.T, lines []string, changes lab.Values) *language {
	t.Helper()
	r, err := openText(t, lines, changes)
	if err != nil {
		t.Fatal(err)
	}
	return r.Model.(*language)
}

// What is wrong with the world is told.
func TestLanguageErrors(t *testing.T) {
	for want, c := range map[string]struct {
		lines   []string
		changes lab.Values
	}{
		"the text has 3 lines: batch is 4: it must be at most the 3": {sentences(3), nil},
		"the text has 0 lines":                       {nil, nil},
		"examples is 100: it must be at most the 90": {sentences(100), lab.Values{"examples": "100"}},
	} {
		if _, err := openText(t, c.lines, c.changes); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	v, _ := WGANLanguage.Resolve("", nil)
	if _, err := Open(WGANLanguage, v, World{}); err == nil || !strings.Contains(err.Error(), "--text PATH") {
		t.Errorf("without text: %v", err)
	}
	broken := errors.New("broken")
	if _, err := Open(WGANLanguage, v, World{Text: func() ([]string, error) { return nil, broken }}); !errors.Is(err, broken) {
		t.Errorf("a text that cannot be read: %v", err)
	}
}

// A run learns on all lines but those held out, goes on only with the same text, and
// counts what it writes beside all lines.
func TestLanguageRun(t *testing.T) {
	lines := sentences(300)
	for _, changes := range []lab.Values{nil, {"output": "st-gumbel-softmax"}, {"output": "st-softmax", "vocabulary": "5"}, dcganMethod} {
		l := mustOpenText(t, lines, changes)
		if n, held := l.Real.Count(), l.Validation.Count(); n != 270 || held != 30 {
			t.Fatalf("%d lines to learn and %d held out", n, held)
		}
		if err := l.run.Train(3); err != nil {
			t.Fatal(err)
		}
		m := l.Measure()
		for i, x := range m[len(m)-4:] {
			if !(x > l.floors[i] && x <= 1) || !(l.floors[i] > 0) {
				t.Errorf("%v: js-%d is %v above a floor of %v", changes, i+1, x, l.floors[i])
			}
		}
		if v := changes["vocabulary"]; v != "" && len(l.all.Letters) != 5 {
			t.Errorf("a vocabulary of %s has %d letters", v, len(l.all.Letters))
		}
		f := l.Frame()
		for name, shape := range map[string]string{"text": "[100 32]", "text-real": "[20 32]", "letters": fmt.Sprintf("[%d]", len(l.all.Letters)), "floor-js-4": "[1]"} {
			if got := fmt.Sprint(f[name].Shape); got != shape {
				t.Errorf("%s has shape %s, want %s", name, got, shape)
			}
		}
		text := strings.Split(l.Text(), "\n")
		for i, code := range f["text"].Data {
			if want := l.all.Letters[int(code)]; []rune(text[i/32])[i%32] != want {
				t.Fatalf("letter %d is %q in the frame, the lines are %q", i, want, text[:3])
			}
		}
		other := mustOpenText(t, lines, changes)
		if err := other.run.Load(l.run.Save()); err != nil {
			t.Fatal(err)
		}
		for _, r := range []*train.Run{l.run, other.run} {
			if err := r.Train(1); err != nil {
				t.Fatal(err)
			}
		}
		same(t, other.run, l.run)
		if err := mustOpenText(t, append(lines[:299:299], "the dog sees the cat"), changes).run.Load(l.run.Save()); err == nil || !strings.Contains(err.Error(), "other data") {
			t.Errorf("another text: %v", err)
		}
	}
}

// The true lines have no divergence from themselves, and their first ones that of the
// floor; of one letter it is by hand.
func TestLanguageFloor(t *testing.T) {
	lines := make([]string, 20)
	for i := range lines {
		lines[i] = strings.Repeat("ab"[i%2:i%2+1], 32)
	}
	l := mustOpenText(t, lines, lab.Values{"lines": "10"})
	a := 0. // share of a in the first ten
	for i := range 10 {
		if l.all.Line(i)[0] == 'a' {
			a += .1
		}
	}
	h := func(p float64) float64 { return -p*math.Log2(p) - (1-p)*math.Log2(1-p) }
	want := h(.5) - h(a)/2 - h(1-a)/2 // the others have 1-a of it
	for i, floor := range l.floors {
		if math.Abs(floor-want) > 1e-9 {
			t.Errorf("the floor of %d-grams is %v, want %v", i+1, floor, want)
		}
		if js := l.grams[i].JSD(l.grams[i]); js != 0 {
			t.Errorf("all lines are %v from themselves", js)
		}
	}
}

// The tables have a place for every number, and letters that Markdown knows otherwise.
func TestLanguageReports(t *testing.T) {
	lines := sentences(40)
	for i := range lines {
		lines[i] = strings.Repeat("|", 32)
	}
	l := mustOpenText(t, lines, nil)
	all := l.Reports()
	text := all[0].Markdown() + all[1].Markdown()
	for _, not := range []string{".165 to .207", "SingersMay", "Table 4"} {
		if strings.Contains(text, not) {
			t.Errorf("next to other data than Billion Word stands %q in\n%s", not, text)
		}
	}
	l.run.Identify(func() data.Identity { return data.Identity{Name: "Billion Word", Paper: data.PaperBillionWord} })
	all = l.Reports()
	text = all[0].Markdown() + all[1].Markdown()
	for _, want := range []string{"50 lines of this run", "noise floor: 500 lines", ".165 to .207", "step 0", "40 lines of text in 2 letters", "SingersMay , who kill that imvic"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if cell := all[1].Rows[0][0]; strings.Count(cell, "|") != strings.Count(cell, `\|`) || strings.Count(cell, "|")+strings.Count(cell, "\ufffd") != 32 {
		t.Errorf("a line reads %q", cell)
	}
	if got := all[0].Rows[1][1]; got != "" { // no other lines are left
		t.Errorf("the floor of 40 lines beside none is %q", got)
	}
}
