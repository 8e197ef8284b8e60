//go:build tools && !js

package wasm

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// unnamed is JavaScript for the visible charts whose legend does not name each of the
// first n runs, with their texts.
func unnamed(n int) string {
	return fmt.Sprintf(`[...document.querySelectorAll('.chart')].filter((e) => e.checkVisibility()).filter((e) => {
		const keys = [...e.querySelectorAll('[data-run-key]')].map((k) => k.textContent);
		return keys.length < %[1]d || new Set(keys).size !== %[1]d;
	}).map((e) => e.innerText.replaceAll('\n', ' ')).join('; ')`, n)
}

// inked is JavaScript for the share of a run's colour in a strip of a chart's canvas,
// between two shares of its width.
func inked(chart string, run int, from, to float64) string {
	return fmt.Sprintf(`(() => {
		const canvas = document.querySelector('[data-chart=%[1]s]'), c = canvas.getContext('2d');
		const probe = document.createElement('canvas').getContext('2d');
		probe.fillStyle = getComputedStyle(canvas).getPropertyValue('--run-%[2]d');
		probe.fillRect(0, 0, 1, 1);
		const [r, g, b] = probe.getImageData(0, 0, 1, 1).data, x = Math.round(%[3]v * canvas.width), w = Math.max(1, Math.round((%[4]v - %[3]v) * canvas.width));
		const { data } = c.getImageData(x, 0, w, canvas.height);
		let n = 0;
		for (let i = 0; i < data.length; i += 4) n += Math.hypot(data[i] - r, data[i + 1] - g, data[i + 2] - b) < 40 && data[i + 3] > 128;
		return n / (data.length / 4);
	})()`, chart, run, from, to)
}

// In the lesson on clipping every chart shows and names both runs, and shows how weights
// pile up at the bounds of B.
func TestCompareCharts(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0&lesson=clip")
	do(t, ctx, chromedp.EmulateViewport(1440, 900))
	wait(t, ctx, shown)
	click(t, ctx, "#lesson [data-answer='0']")
	wait(t, ctx, step+" > 60 && document.querySelector('[data-chart=layers]').checkVisibility()")
	wait(t, ctx, `/A.*B.*at ±c/.test(document.querySelector('[data-chart=weights]').getAttribute('aria-label'))`)
	do(t, ctx, chromedp.KeyEvent("s"))
	wait(t, ctx, "Boolean(document.querySelector('[data-chart=slice]'))")
	if left := value[string](t, ctx, unnamed(2)); left != "" {
		t.Errorf("these do not name A and B: %s", left)
	}
	for _, chart := range []string{"distance", "slope", "layers", "histogram", "weights", "slice"} {
		for run := range 2 {
			if n := value[float64](t, ctx, inked(chart, run, 0, 1)); n == 0 {
				t.Errorf("the chart %s draws nothing of run %d", chart, run)
			}
		}
	}
	// B has the right half; its two ends are full, and it is almost empty between them.
	left, middle, right := value[float64](t, ctx, inked("weights", 1, .53, .58)), value[float64](t, ctx, inked("weights", 1, .65, .85)), value[float64](t, ctx, inked("weights", 1, .92, .98))
	t.Logf("of the weights of B at the left bound %.3f, between %.3f, at the right bound %.3f", left, middle, right)
	if min(left, right) < 2*middle || min(left, right) < .02 {
		t.Errorf("the weights of B do not pile up at its bounds: %.3f, between them %.3f, %.3f", left, middle, right)
	}
	keep(t, ctx, "compare-clip")
	if said := value[string](t, ctx, "document.getElementById('summary').textContent"); !strings.Contains(said, "A: ") || !strings.Contains(said, "B: ") {
		t.Errorf("in words it says of two runs %q", said)
	}
	if other := value[string](t, ctx, "document.querySelector('[data-setting=rule]').closest('.setting').querySelector('.other').textContent"); !strings.Contains(other, "B: ") {
		t.Errorf("the form says of B's rule %q", other)
	}
	value[bool](t, ctx, "(document.getElementById('panel').scrollIntoView(), scrollTo(0, document.body.scrollHeight), true)")
	keep(t, ctx, "compare-clip-charts")

	// Slow motion makes a critic step of both.
	click(t, ctx, "#slow")
	wait(t, ctx, "document.querySelectorAll('#slow-box [data-run]').length === 2")
	if loss := value[string](t, ctx, "[...document.querySelectorAll('#slow-box [data-run]')].map((e) => e.querySelectorAll('[data-term=penalty]').length).join()"); loss != "1,0" {
		t.Errorf("A pays a penalty and B does not: in slow motion their losses have %s", loss)
	}
	click(t, ctx, "#slow-end")
}

// Figure 1(a) is a preset: it has a link, a form with the settings of all its critics,
// and a picture and charts that fill the page.
func TestFigure1(t *testing.T) {
	t.Parallel()
	base := site(t, nil)
	ctx := open(t, base+"/#v=1&lang=en&theme=light&autoplay=0")
	do(t, ctx, chromedp.EmulateViewport(1440, 900))
	wait(t, ctx, shown+" && !document.getElementById('preset').disabled")
	pick(t, ctx, "#preset", "figure-1a")
	wait(t, ctx, "new URLSearchParams(location.hash.slice(1)).get('p') === 'figure-1a' && !new URLSearchParams(location.hash.slice(1)).has('b')")
	figure := func(name string) {
		t.Helper()
		wait(t, ctx, shown+" && document.querySelectorAll('.readouts tbody tr').length === 6")
		click(t, ctx, "#play")
		wait(t, ctx, step+" > 20 && "+of("w1", 5)+" > 0 && "+of("estimate", 0)+" !== "+of("estimate", 3))
		if in := value[string](t, ctx, "[...document.querySelectorAll('#form [data-setting]')].filter((e) => e.checkVisibility()).map((e) => e.dataset.setting).join()"); strings.Contains(in, "data") || strings.Contains(in, "rule") || strings.Contains(in, "generator") || !strings.Contains(in, "lambda") || !strings.Contains(in, "clip") {
			t.Errorf("%s: the form has %s", name, in)
		}
		if left := value[string](t, ctx, unnamed(6)); left != "" {
			t.Errorf("%s: these do not name all six: %s", name, left)
		}
		if value[bool](t, ctx, "!document.getElementById('compare').disabled || !document.getElementById('fork').disabled") {
			t.Errorf("%s: it can be compared, or forked", name)
		}
	}
	figure("chosen")
	pause(t, ctx)
	m := shoot(t, ctx, "figure1")
	// The drawing covers nearly all of the picture's width and height.
	at := box(t, ctx)
	seen := [2][]bool{make([]bool, int(at[2])), make([]bool, int(at[3]))}
	for y := 2; y < min(int(at[3])-2, m.Bounds().Max.Y-int(at[1])); y++ {
		for x := 2; x < int(at[2])-2; x++ {
			r, g, b, _ := m.At(int(at[0])+x, int(at[1])+y).RGBA()
			if r+g+b < 3*0xf800 {
				seen[0][x], seen[1][y] = true, true
			}
		}
	}
	for i, side := range []string{"width", "height"} {
		n := 0
		for _, is := range seen[i] {
			if is {
				n++
			}
		}
		if all := len(seen[i]); float64(n) < .85*float64(min(all, []int{all, m.Bounds().Max.Y - int(at[1])}[i])) {
			t.Errorf("the picture of %vx%v is drawn on over %d of its %s of %d", at[2], at[3], n, side, all)
		}
	}
	// No room next to the settings is empty: picture and numbers fill it.
	if wide := value[float64](t, ctx, "document.querySelector('.scene').getBoundingClientRect().width + document.querySelector('.settings').getBoundingClientRect().width"); wide < 1440*.9 {
		t.Errorf("settings and picture have %v of 1440 pixels", wide)
	}
	if n := value[float64](t, ctx, "document.querySelectorAll('#charts .chart').length"); n < 6 {
		t.Errorf("there are %v charts", n)
	}
	do(t, ctx, chromedp.EmulateViewport(1440, 2400))
	value[bool](t, ctx, "frame(3).then(() => true)")
	keep(t, ctx, "figure1-all")
	do(t, ctx, chromedp.EmulateViewport(390, 844))
	if over := value[float64](t, ctx, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
		t.Errorf("on a phone it is %v pixels wider than the window", over)
	}
	keep(t, ctx, "figure1-phone")
	do(t, ctx, chromedp.EmulateViewport(1440, 900))

	// Its link opens it again, and so does an older link.
	do(t, ctx, chromedp.Navigate(base+"/#v=1&lang=en&theme=light&autoplay=0&p=fixed&b=figure1&width=32"), chromedp.Reload())
	figure("from an older link")
	// It gives way to a preset of one run.
	pick(t, ctx, "#preset", "live")
	wait(t, ctx, "!document.querySelector('[data-run=\"1\"]') && document.querySelector('[data-setting=data]').checkVisibility()")
}

// On tabs whose picture shows one run, each run has a part of it and its own panels: the
// setting in which A and B differ is set for each.
func TestCompareParts(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0&tab=categorical&b=temperature:0.1")
	wait(t, ctx, drawnBy("webgl")+" && document.querySelectorAll('.categorical').length === 2")
	click(t, ctx, "#step")
	wait(t, ctx, step+" > 0")
	const labels = "document.getElementById('stage').contentDocument.body.innerText"
	wait(t, ctx, "/A: .*1/.test("+labels+") && /B: .*0\\.1/.test("+labels+") && (("+labels+".match(/τ = /g)) ?? []).length === 2")
	const panel = "document.querySelectorAll('.categorical')"
	wait(t, ctx, panel+"[0].querySelector('h2').textContent.startsWith('A: ') && "+panel+"[1].querySelector('h2').textContent.startsWith('B: ')")
	wait(t, ctx, panel+"[0].querySelector('.tau output').textContent === '1.00' && "+panel+"[1].querySelector('.tau output').textContent === '0.100'")
	if twice := value[string](t, ctx, "[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i).join()"); twice != "" {
		t.Errorf("these ids are there twice: %s", twice)
	}
	keep(t, ctx, "compare-categorical")
	// Setting B's temperature changes only B, and its name.
	value[bool](t, ctx, "(() => { const e = "+panel+"[1].querySelector('[data-categorical=temperature]'); e.value = 1000; e.dispatchEvent(new Event('input')); return true; })()")
	wait(t, ctx, "new URLSearchParams(location.hash.slice(1)).get('b') === 'temperature:10' && !new URLSearchParams(location.hash.slice(1)).has('temperature')")
	wait(t, ctx, "/B: .*10/.test("+labels+")")
	if left := value[string](t, ctx, unnamed(2)); left != "" {
		t.Errorf("these do not name A and B: %s", left)
	}
}
