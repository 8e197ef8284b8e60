//go:build tools && !js

package wasm

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// The WGAN-GP of the live preset covers the modes, and is drawn.
func TestWGAN(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light")
	wait(t, ctx, "document.getElementById('stage-box').dataset.state === 'shown'")
	wait(t, ctx, metric("modes")+" >= 7")
	t.Logf("7 of 8 modes at step %v", value[float64](t, ctx, step))

	// Training does not block input: while it goes on, clicks are answered.
	const contours = `[data-layer="contours"]`
	const checked = "document.querySelector('" + contours + "').checked"
	for range 10 {
		was := value[bool](t, ctx, checked)
		click(t, ctx, contours)
		wait(t, ctx, fmt.Sprintf("%s !== %v", checked, was))
	}
	pause(t, ctx)
	at := value[float64](t, ctx, step)

	all := shoot(t, ctx, "wgan")
	n := stagePixels(t, ctx, all, near(0xE6, 0x9F, 0, 60), near(0, 0x72, 0xB2, 60))
	if n[0] < 100 || n[1] < 300 {
		t.Errorf("%d orange pixels of real points and %d blue ones of fakes", n[0], n[1])
	}
	// Without the contours the picture changes along lines: many pixels, not most.
	click(t, ctx, contours)
	rest(t, ctx)
	bare := shoot(t, ctx, "wgan-bare")
	if changed := differ(all, bare); changed < 1000 {
		t.Errorf("the contours make up %d pixels", changed)
	}

	// Paused it makes no step, and then one step is one step.
	click(t, ctx, "#step")
	wait(t, ctx, fmt.Sprintf("%s === %v", step, at+1))
	// Reset goes back to the start with the same seed.
	click(t, ctx, "#reset")
	wait(t, ctx, step+" < "+fmt.Sprint(at))
}

// The VAE's ELBO passes -160 nats, from -543 at the start, and digits are drawn.
func TestVAE(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&tab=gumbel&lang=en&theme=dark")
	wait(t, ctx, "document.getElementById('stage-box').dataset.state === 'shown'")
	wait(t, ctx, metric("elbo")+" > -160")
	t.Log("ELBO and step", value[string](t, ctx, "`${"+metric("elbo")+"} ${"+step+"}`"))
	m := shoot(t, ctx, "gumbel")
	n := stagePixels(t, ctx, m, func(r, g, b float64) bool { return min(r, g, b) > 200 }, func(r, g, b float64) bool { return max(r, g, b) < 60 })
	if n[0] < 2000 || n[1] < 2000 {
		t.Errorf("%d light and %d dark pixels: no digits", n[0], n[1])
	}
}

// What goes wrong is told in a sentence, with something to do that helps where
// anything can.
func TestFaults(t *testing.T) {
	t.Parallel()
	worker, err := os.ReadFile("../assets/worker.js")
	if err != nil {
		t.Fatal(err)
	}
	dom, err := os.ReadFile("../assets/page/dom.js")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		other fstest.MapFS
		hash  string
		kind  string
		cured string // JavaScript, true once the button was pressed
	}{
		"no WebAssembly": {other: fstest.MapFS{"assets/page/dom.js": {Data: append([]byte("delete globalThis.WebAssembly;"), dom...)}}, kind: "wasm"},
		"no trainer":     {other: fstest.MapFS{"assets/built/worker.wasm": nil}, kind: "crash"},
		"cut trainer":    {other: fstest.MapFS{"assets/built/worker.wasm": {Data: []byte("\x00asm\x01\x00\x00\x00\x01")}}, kind: "crash"},
		"no digits":      {other: fstest.MapFS{"assets/built/mnist-10k.gz": nil}, hash: "&tab=gumbel", kind: "download"},
		"cut digits":     {other: fstest.MapFS{"assets/built/mnist-10k.gz": {Data: []byte("GB")}}, hash: "&tab=gumbel", kind: "download"},
		// The trainer throws once it trains, the first time.
		"crash": {other: fstest.MapFS{"assets/worker.js": {Data: append(worker, `
			last = last.then(() => caches.open("crash")).then(async (c) => {
				if (await c.match("/crashed")) return;
				await c.put("/crashed", new Response("yes"));
				const receive = self.receive;
				self.receive = (m) => {
					receive(m);
					if (m.cmd === "play") setTimeout(() => { throw new Error("it broke on purpose"); });
				};
			});`...)}}, kind: "crash", cured: step + " > 30"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := open(t, site(t, c.other)+"/#v=1&lang=en"+c.hash)
			expect(ctx, "404|it broke on purpose")
			wait(t, ctx, "!document.getElementById('fault').hidden")
			text := value[string](t, ctx, "document.getElementById('fault-text').innerText")
			action := value[string](t, ctx, "document.getElementById('fault-do').innerText")
			if len(text) < 20 || action == "" {
				t.Errorf("it says %q and offers %q", text, action)
			}
			if kind := value[string](t, ctx, "document.getElementById('fault').dataset.kind"); kind != c.kind {
				t.Errorf("it takes this for %q, not %q", kind, c.kind)
			}
			t.Logf("%q [%s]", text, action)
			keep(t, ctx, strings.ReplaceAll(name, " ", "-"))
			if c.cured != "" {
				click(t, ctx, "#fault-do")
				wait(t, ctx, "document.getElementById('fault').hidden && "+c.cured)
			}
		})
	}
}

// One's own points are learned; points too large to train on are refused in the
// command's words, and those before are still learned.
func TestPoints(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&data=points&width=16&n-critic=1&learning-rate=0.01")
	use := func(points string) {
		t.Helper()
		value[bool](t, ctx, fmt.Sprintf("(() => { document.getElementById('points-text').value = %q; return true })()", points))
		click(t, ctx, "#points-use")
	}
	wait(t, ctx, step+" > 10")
	use("3e38, 3e38\n3e38, -3e38\n")
	wait(t, ctx, `document.getElementById('points-count').textContent === 'line 1: "3e38" is too large: it must be from -1000000 to 1000000, so scale the points'`)
	at := value[float64](t, ctx, step)
	wait(t, ctx, fmt.Sprintf("%s > %v", step, at))
	use("1, 1\n1, -1\n")
	wait(t, ctx, "document.getElementById('fault').hidden && "+metric("w1")+" < 0.2")
	keep(t, ctx, "points")
}

// A lost WebGL context does not lose the run.
func TestLostContext(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en")
	wait(t, ctx, drawnBy("webgl")+" && "+step+" > 20")
	at := value[float64](t, ctx, step)
	lost := value[bool](t, ctx, `(() => {
		const canvas = document.getElementById('stage').contentDocument.querySelector('canvas');
		const gl = canvas?.getContext('webgl2');
		const e = gl?.getExtension('WEBGL_lose_context');
		e?.loseContext();
		return Boolean(e);
	})()`)
	if !lost {
		t.Fatal("the stage's context could not be lost")
	}
	wait(t, ctx, "backends.join() === 'waiting,webgl,waiting,webgl' && "+drawnBy("webgl"))
	wait(t, ctx, fmt.Sprintf("%s > %v + 20", step, at))
	if n := stagePixels(t, ctx, shoot(t, ctx, "restored"), near(0, 0x72, 0xB2, 60)); n[0] < 200 {
		t.Errorf("after the context was lost %d pixels of fakes are drawn", n[0])
	}
}

// The probe says what the critic says where the pointer is, and where arrow keys
// take it.
func TestProbe(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, drawnBy("webgl"))
	const said = "document.getElementById('probe').textContent"
	at := value[[]float64](t, ctx, "(() => { const r = document.getElementById('stage').getBoundingClientRect(); return [r.left + .45 * r.width, r.top + .4 * r.height]; })()")
	do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
	wait(t, ctx, "/^x \\(.* · D [−\\d].* · mode \\d .* away$/.test("+said+")")
	t.Log(value[string](t, ctx, said))
	before := value[string](t, ctx, said)
	keep(t, ctx, "probe")
	value[bool](t, ctx, `(() => {
		const stage = document.getElementById('stage').contentWindow;
		stage.dispatchEvent(new stage.KeyboardEvent('keydown', {key: 'ArrowLeft', shiftKey: true}));
		return true;
	})()`)
	wait(t, ctx, fmt.Sprintf("%s !== %q && %s.startsWith('x')", said, before, said))
	do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], 5))
	wait(t, ctx, "document.getElementById('probe').hidden")
}
