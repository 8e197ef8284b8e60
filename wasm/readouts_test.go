//go:build tools && !js

package wasm

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// measured is JavaScript for the step of a read-out's number.
const measured = `Number(document.querySelector('[data-metric="w1"]')?.dataset.step || NaN)`

// savedCSV is JavaScript that saves the metrics as CSV by the page's own dialog and resolves
// with their text.
const savedCSV = `(async () => {
	const make = URL.createObjectURL;
	const text = new Promise((done) => {
		URL.createObjectURL = (blob) => {
			blob.text().then(done);
			return make(blob);
		};
	});
	document.getElementById('open-export').click();
	const css = '[data-export=metrics] button';
	while (!document.querySelector(css)) await frame();
	document.querySelector(css).click();
	const csv = await text;
	URL.createObjectURL = make;
	document.querySelector('dialog.export').close();
	return csv;
})()`

// metricRows returns the rows of the metrics that the page saves, by their step.
func metricRows(t *testing.T, ctx context.Context) (steps []int, rows map[int]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(value[string](t, ctx, savedCSV))).ReadAll()
	if err != nil || len(all) < 1 || all[0][0] != "run" || all[0][1] != "step" {
		t.Fatalf("the metrics are saved as %v: %v", all, err)
	}
	rows = map[int]string{}
	for _, row := range all[1:] {
		step, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
		rows[step] = strings.Join(row, ",")
	}
	return steps, rows
}

// Paused, the page's numbers are those of the step that it shows. The rows of its charts
// and saved files are at multiples of the preset's interval, and two runs have the same
// numbers in them, however they were paused, stepped and rewound.
func TestReadouts(t *testing.T) {
	t.Parallel()
	url := site(t, nil) + "/#v=1&lang=en&theme=light&width=16&n-critic=1&speed=100"
	current := func(ctx context.Context, what string) {
		t.Helper()
		said := value[[]any](t, ctx, `[`+step+`, `+measured+`, document.getElementById('summary').textContent, document.querySelector('#readouts .stepped').textContent,
			[...document.querySelectorAll('#charts .chart')].filter((e) => !e.hidden).map((e) => e.querySelector('.stepped').textContent).join("|")]`)
		at := int(said[0].(float64))
		n := value[string](t, ctx, fmt.Sprintf("(%d).toLocaleString('en')", at))
		if int(said[1].(float64)) != at || !strings.HasPrefix(said[2].(string), "Step "+n+":") || said[3] != "Measured at step "+n {
			t.Errorf("%s: at step %d it says %q, and the numbers are of step %v", what, at, said[1:4], said[1])
		}
		for _, s := range strings.Split(said[4].(string), "|") {
			if s != "step "+n {
				t.Errorf("%s: at step %d a chart says %q", what, at, said[4])
			}
		}
	}
	// Whenever it is paused, now and in between: each change of either number is checked.
	const watched = `(() => {
		window.behind = [];
		const look = () => {
			if (document.documentElement.dataset.playing === 'false' && ` + measured + ` !== ` + step + `) behind.push([` + measured + `, ` + step + `]);
		};
		new MutationObserver(look).observe(document.getElementById('step-count'), { attributes: true });
		return true;
	})()`

	first := open(t, url)
	wait(t, first, step+" > 130")
	keep(t, first, "readouts-playing")
	pause(t, first)
	current(first, "paused")
	steps, rows := metricRows(t, first)
	at := int(value[float64](t, first, step))
	var want []int
	for s := 0; s <= at; s += 50 {
		want = append(want, s)
	}
	if !slices.Equal(steps, want) {
		t.Errorf("at step %d the rows are those of steps %v", at, steps)
	}
	keep(t, first, "readouts-paused")
	value[bool](t, first, watched)
	for range 3 {
		before := value[float64](t, first, step)
		click(t, first, "#step")
		wait(t, first, fmt.Sprintf("%s === %v", step, before+1))
	}
	if late := value[[]any](t, first, "behind"); len(late) > 0 {
		t.Errorf("standing still it showed numbers of one step at another: %v", late)
	}
	rest(t, first)
	current(first, "stepped")

	// The other is paused at odd steps, and rewound.
	second := open(t, url+"&autoplay=0")
	for _, to := range []int{7, 66, 140} {
		wait(t, second, "document.documentElement.dataset.playing === 'false'")
		click(t, second, "#play")
		wait(t, second, fmt.Sprintf("%s >= %d", step, to))
		pause(t, second)
		current(second, fmt.Sprint("paused after ", to))
	}
	// A checkpoint has its own numbers.
	value[bool](t, second, "(document.getElementById('timeline').focus(), true)")
	do(t, second, chromedp.KeyEvent(kb.ArrowLeft), chromedp.KeyEvent(kb.ArrowLeft)) // to the last, and the one before
	rest(t, second)
	current(second, "scrubbed")
	keep(t, second, "readouts-scrubbed")
	click(t, second, "#play")
	wait(t, second, step+" > 160")
	pause(t, second)
	steps, again := metricRows(t, second)
	for i, s := range steps {
		if s != 50*i || rows[s] != "" && again[s] != rows[s] {
			t.Errorf("row %d is of step %d, %s; the other run has %s", i, s, again[s], rows[s])
		}
	}
	if len(steps) < 4 {
		t.Errorf("rows %v", steps)
	}
	keep(t, second, "readouts-rewound")
}
