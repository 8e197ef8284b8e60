//go:build tools && !js

package wasm

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// run is JavaScript for the key of the run in the present entry of the history.
const run = "history.state?.run"

// entries is JavaScript for the number of checkpoints on the timeline.
const entries = "document.querySelectorAll('#timeline-box .marks i').length"

// A run is kept however the person leaves it, and Back and Forward move between runs:
// each has its step, its settings and its timeline again.
func TestLeaving(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&width=16&n-critic=1&lambda=0.5&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	const begun = "history.length"
	first := value[float64](t, ctx, begun)
	for at := range 3 {
		click(t, ctx, "#step")
		wait(t, ctx, fmt.Sprintf("%s === %d", step, at+1))
	}
	rest(t, ctx)
	a, timeline := value[string](t, ctx, run), value[float64](t, ctx, entries)

	// A reload keeps it.
	do(t, ctx, chromedp.Reload())
	wait(t, ctx, shown+" && "+step+" === 3 && !document.getElementById('play').disabled")
	if n := value[float64](t, ctx, entries); n != timeline {
		t.Errorf("after a reload the timeline has %v checkpoints of %v", n, timeline)
	}
	if now := value[string](t, ctx, run); now != a || value[float64](t, ctx, begun) != first {
		t.Errorf("after a reload the run is %s and was %s; the history has %v entries and had %v", now, a, value[float64](t, ctx, begun), first)
	}

	// Compare continues from A's step, and ending it from the step reached.
	click(t, ctx, "#compare")
	pick(t, ctx, "#compare-setting", "lambda")
	pick(t, ctx, "#compare-b", "10")
	if about := value[string](t, ctx, "document.getElementById('compare-about').textContent"); !strings.Contains(about, "step 3") {
		t.Errorf("the dialog says %q", about)
	}
	click(t, ctx, "#compare-start")
	wait(t, ctx, "Boolean(document.querySelector('[data-run=\"1\"]')) && "+step+" > 3 && location.hash.includes('&b=lambda')")
	pause(t, ctx)
	both := value[float64](t, ctx, step)
	click(t, ctx, "#compare")
	click(t, ctx, "#compare-end")
	wait(t, ctx, fmt.Sprintf("!document.querySelector('[data-run=\"1\"]') && %s >= %v && !location.hash.includes('&b=')", step, both))

	// Another preset, and another tab.
	pick(t, ctx, "#preset", "clip")
	wait(t, ctx, "location.hash.includes('&p=clip') && "+step+" === 0")
	click(t, ctx, "#tab-categorical")
	wait(t, ctx, "location.hash.includes('tab=categorical') && "+shown)
	if n := value[float64](t, ctx, begun); n != first+4 {
		t.Errorf("the history has %v entries more than at first, want 4", n-first)
	}

	back := func(js string) {
		t.Helper()
		value[bool](t, ctx, "(history.back(), true)")
		wait(t, ctx, js)
	}
	back("location.hash.includes('&p=clip') && " + step + " === 0")
	back(fmt.Sprintf("!location.hash.includes('&p=') && !location.hash.includes('&b=') && %s >= %v", step, both))
	back("location.hash.includes('&b=lambda') && Boolean(document.querySelector('[data-run=\"1\"]')) && " + fmt.Sprintf("%s === %v", step, both))
	back(step + " === 3 && !document.querySelector('[data-run=\"1\"]') && " + run + " === " + fmt.Sprintf("%q", a))
	wait(t, ctx, fmt.Sprintf("%s === %v && document.getElementById('set-lambda').value === '0.5' && document.getElementById('set-width').value === '16'", entries, timeline))
	keep(t, ctx, "back")
	value[bool](t, ctx, "(history.forward(), true)")
	wait(t, ctx, "location.hash.includes('&b=lambda') && "+fmt.Sprintf("%s === %v", step, both))

	// The list shows them, opens one and deletes them.
	click(t, ctx, "#open-runs")
	wait(t, ctx, "document.querySelectorAll('[data-kept]').length >= 2")
	keep(t, ctx, "kept")
	value[bool](t, ctx, fmt.Sprintf("(document.querySelector('[data-kept=%q] button').click(), true)", a))
	wait(t, ctx, step+" === 3 && !location.hash.includes('&b=')")
	click(t, ctx, "#open-runs")
	click(t, ctx, "#kept-clear")
	wait(t, ctx, "document.querySelectorAll('[data-kept]').length === 0 && document.getElementById('kept-clear').disabled")
	value[bool](t, ctx, "(document.getElementById('kept').close(), true)")
	if said := value[string](t, ctx, notes); said != "" {
		t.Errorf("it says %q", said)
	}
}

// If something cannot be opened, such as a damaged file, a preset, a link, or too large a
// run, the run, its timeline and its settings stay as they are, and the page says why.
// Names that every object has are unknown names.
func TestStays(t *testing.T) {
	t.Parallel()
	at := site(t, nil)
	ctx := open(t, at+"/#v=1&tab=toString&p=__proto__&b=constructor&layers=valueOf&speed=hasOwnProperty&lang=__proto__&theme=toString&lesson=constructor&width=16&n-critic=1&seed=7&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	for at := range 2 {
		click(t, ctx, "#step")
		wait(t, ctx, fmt.Sprintf("%s === %d", step, at+1))
	}
	rest(t, ctx)
	const state = `JSON.stringify([` + step + `, ` + run + `, ` + entries + `, ['width', 'seed', 'lambda'].map((s) => document.getElementById('set-' + s).value), document.getElementById('preset').value, location.hash])`
	before := value[string](t, ctx, state)
	stays := func(what string) {
		t.Helper()
		wait(t, ctx, notes+" !== ''")
		rest(t, ctx)
		t.Log(what, value[string](t, ctx, notes))
		if now := value[string](t, ctx, state); now != before {
			t.Errorf("%s: the run is %s, and was %s", what, now, before)
		}
		value[bool](t, ctx, "(document.querySelectorAll('#notes button').forEach((b) => b.click()), true)")
	}
	value[bool](t, ctx, "(document.querySelectorAll('#notes button').forEach((b) => b.click()), true)")
	for _, name := range []string{"run_empty", "run_dup", "run_nolambda", "bomb-from-small", "st-header"} {
		b, err := os.ReadFile("testdata/" + name + ".safetensors")
		if err != nil {
			t.Fatal(err)
		}
		drop(t, ctx, "body", name+".safetensors", fmt.Sprintf("Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))", base64.StdEncoding.EncodeToString(b)))
		if name == "run_nolambda" {
			wait(t, ctx, notes+".includes('lacks its setting lambda')")
		}
		stays(name)
	}
	for _, hash := range []string{"tab=__proto__", "p=nosuch", "b=constructor:1", "lesson=toString", "rule=hope&width=16"} {
		value[bool](t, ctx, fmt.Sprintf("(location.hash = %q, true)", "#v=1&autoplay=0&"+hash))
		stays(hash)
	}
	value[bool](t, ctx, "(location.hash = location.hash.replace('width=16', 'width=4096&depth=20&batch=65536'), true)")
	stays("too large")
	click(t, ctx, "#step")
	wait(t, ctx, step+" === 3")
}
