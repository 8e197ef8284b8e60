//go:build tools && !js

package wasm

import (
	"context"
	"fmt"
	"image"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const note = "document.querySelector('.stage-note').innerText"

// Without WebGL the page shows the same and works as ever: it trains, the probe
// answers pointer and keys, layers and theme act, both demos are drawn.
func TestFallback(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		other fstest.MapFS
		flag  string // of Chromium
		says  string
	}{
		"no WebGL2": {flag: "disable-3d-apis", says: "without WebGL here"},
		"no stage":  {other: fstest.MapFS{"assets/built/stage.wasm": nil}, says: "stage.wasm: HTTP 404"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := open(t, site(t, c.other)+"/#v=1&lang=en&theme=light", strings.Fields(c.flag)...)
			expect(ctx, "404")
			wait(t, ctx, drawnBy("canvas"))
			if said := value[string](t, ctx, note); !strings.Contains(said, c.says) {
				t.Errorf("it says %q, not %q", said, c.says)
			}
			if !value[bool](t, ctx, "document.getElementById('fault').hidden") {
				t.Errorf("it is taken for a fault: %s", value[string](t, ctx, "document.getElementById('fault-text').innerText"))
			}
			at := value[float64](t, ctx, step)
			wait(t, ctx, fmt.Sprintf("%s > %v + 20", step, at))
			pause(t, ctx)
			m := shoot(t, ctx, "fallback")
			white := func(r, g, b float64) bool { return min(r, g, b) > 250 }
			black := func(r, g, b float64) bool { return max(r, g, b) < 5 }
			n := stagePixels(t, ctx, m, near(0xE6, 0x9F, 0, 60), near(0, 0x72, 0xB2, 60), white, black)
			if n[0] < 100 || n[1] < 200 || n[2] < 10000 || n[3] > n[2]/10 {
				t.Errorf("%d orange pixels of real points, %d blue ones of fakes, %d white, %d black", n[0], n[1], n[2], n[3])
			}
			if c.flag == "" {
				return
			}

			// The probe.
			const said = "document.getElementById('probe').textContent"
			middle := value[[]float64](t, ctx, "(() => { const r = document.getElementById('stage-box').getBoundingClientRect(); return [r.left + .45 * r.width, r.top + .4 * r.height]; })()")
			do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, middle[0], middle[1]))
			wait(t, ctx, "/^x \\(.* · D [−\\d].* · mode \\d .* away$/.test("+said+")")
			pointed := shoot(t, ctx, "fallback-probe")
			if d := differIn(t, ctx, m, pointed); d < 200 {
				t.Errorf("the cross-hair makes up %d pixels", d)
			}
			before := value[string](t, ctx, said)
			value[bool](t, ctx, "(document.querySelector('canvas.flat').focus(), true)")
			do(t, ctx, chromedp.KeyEvent(kb.ArrowLeft))
			wait(t, ctx, fmt.Sprintf("%s !== %q && %s.startsWith('x')", said, before, said))
			do(t, ctx, chromedp.KeyEvent(kb.Tab))
			if value[bool](t, ctx, "document.activeElement === document.querySelector('canvas.flat')") {
				t.Error("Tab does not leave the picture")
			}
			do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, middle[0], 5))
			wait(t, ctx, "document.getElementById('probe').hidden")
			if label := value[string](t, ctx, "document.querySelector('canvas.flat').getAttribute('aria-label')"); !strings.Contains(label, "Step") {
				t.Errorf("a screen reader is told %q", label)
			}

			// Layers, theme, the other demo.
			click(t, ctx, `[data-layer="slope"]`)
			rest(t, ctx)
			if d := differIn(t, ctx, pointed, shoot(t, ctx, "fallback-bare")); d < 10000 {
				t.Errorf("the gradient norm's colours make up %d pixels", d)
			}
			click(t, ctx, "#theme")
			rest(t, ctx)
			if n := stagePixels(t, ctx, shoot(t, ctx, "fallback-dark"), near(0x14, 0x17, 0x1c, 12)); n[0] < 50000 {
				t.Errorf("in the dark theme %d pixels are dark", n[0])
			}
			click(t, ctx, "#tab-gumbel")
			wait(t, ctx, drawnBy("canvas")+" && "+step+" > 3")
			pause(t, ctx)
			if n := stagePixels(t, ctx, shoot(t, ctx, "fallback-gumbel"), func(r, g, b float64) bool { return min(r, g, b) > 200 }); n[0] < 1500 {
				t.Errorf("%d light pixels of digits", n[0])
			}
		})
	}
}

// differIn counts the pixels of the stage that differ.
func differIn(t *testing.T, ctx context.Context, a, b image.Image) int {
	t.Helper()
	at := box(t, ctx)
	r := image.Rect(int(at[0])+2, int(at[1])+2, int(at[0]+at[2])-2, int(at[1]+at[3])-2)
	type part interface {
		SubImage(image.Rectangle) image.Image
	}
	return differ(a.(part).SubImage(r), b.(part).SubImage(r))
}

// The canvas shows what the stage shows, at the same places, in both themes: one
// takes the other's place without a jump. A stage that loses its context again and
// again leaves the picture to the canvas, until it is asked once more.
func TestSwap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ theme, tab string }{{"light", "wgan"}, {"dark", "wgan"}, {"light", "gumbel"}, {"light", "sop"}, {"light", "semi"}, {"light", "mnist"}} {
		t.Run(c.tab+" "+c.theme, func(t *testing.T) {
			t.Parallel()
			ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme="+c.theme+"&tab="+c.tab)
			wait(t, ctx, "document.getElementById('stage-box').dataset.state === 'shown'")
			if by := value[string](t, ctx, "document.getElementById('stage-box').dataset.backend"); by != "waiting" {
				t.Logf("the first picture is drawn by %s", by)
			}
			wait(t, ctx, drawnBy("webgl")+" && "+live)
			pause(t, ctx)
			stage := shoot(t, ctx, "swap-stage")
			value[bool](t, ctx, "(document.getElementById('stage').contentWindow.host.post({type: 'stage-error', message: 'on purpose'}), true)")
			wait(t, ctx, drawnBy("canvas"))
			rest(t, ctx)
			canvas := shoot(t, ctx, "swap-canvas")
			size := value[float64](t, ctx, "document.getElementById('stage-box').clientWidth ** 2")
			d := differIn(t, ctx, stage, canvas)
			t.Logf("%.2f %% of the pixels differ", 100*float64(d)/size)
			most := .03
			if c.tab == "mnist" { // so early its samples are noise: every pixel has edges
				most = .06
			}
			if float64(d) > most*size {
				t.Errorf("%d of %v pixels differ between the stage and the canvas", d, size)
			}
			if c.theme == "dark" || c.tab != "wgan" {
				// For paper there is a picture in light colours, whoever draws on the screen.
				corner := value[[]float64](t, ctx, `(() => {
					dispatchEvent(new Event('beforeprint'));
					const canvas = document.querySelector('canvas.flat'), c = canvas.getContext('2d');
					const shown = Number(!canvas.hidden), at = c.getImageData(3, 3, 1, 1).data;
					dispatchEvent(new Event('afterprint'));
					return [shown, canvas.width / canvas.clientWidth, ...at];
				})()`)
				if corner[0] != 1 || corner[1] < 1.9 || corner[2] != 255 || corner[3] != 255 {
					t.Errorf("printed, the canvas and its corner are %v", corner)
				}
				return
			}
			click(t, ctx, ".stage-note button")
			for i := range 4 {
				wait(t, ctx, drawnBy("webgl"))
				value[bool](t, ctx, `(() => {
					const canvas = document.getElementById('stage').contentDocument.querySelector('canvas');
					canvas.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext();
					return true;
				})()`)
				wait(t, ctx, fmt.Sprintf("backends.filter((b) => b === 'webgl').length === %d && backends.at(-1) !== 'webgl' || backends.filter((b) => b === 'webgl').length > %[1]d", i+2))
			}
			wait(t, ctx, drawnBy("canvas"))
			t.Log(value[string](t, ctx, note))
			rest(t, ctx)
			if d := differIn(t, ctx, canvas, shoot(t, ctx, "swap-lost")); d > int(math.Round(.001*size)) {
				t.Errorf("%d pixels are others than before", d)
			}
		})
	}
}

// Points come from a dropped file, onto the picture too, and from the clipboard; a
// bad row is named with its reason and selected.
func TestPointFiles(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&data=points&width=16&autoplay=0")
	wait(t, ctx, drawnBy("webgl")+" && !document.getElementById('points').hidden")
	const said = "document.getElementById('points-count').textContent"
	drop(t, ctx, "#stage-box", "three.csv", `"x,y\n1,1\n-1,1\n0,-1\n"`)
	wait(t, ctx, said+" === '3 points' && document.getElementById('points-text').value.includes('-1, 1')")
	drop(t, ctx, "#points", "bad.txt", `"1,1\n2,two\n"`)
	wait(t, ctx, said+" === 'line 2: \"two\" is not a number: it must be a decimal number such as -1.5 or 2e-3'")
	if got := value[string](t, ctx, "(({value, selectionStart, selectionEnd}) => value.slice(selectionStart, selectionEnd))(document.getElementById('points-text'))"); got != "2,two" {
		t.Errorf("the row selected is %q", got)
	}
	keep(t, ctx, "points-bad")
	drop(t, ctx, "#points", "picture.png", `"1,1"`)
	wait(t, ctx, said+" === '“picture.png” is no .csv or .txt file.'")
	value[bool](t, ctx, `(() => {
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', '0 0\n1 0\n');
		document.activeElement.blur();
		return document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true}));
	})()`)
	wait(t, ctx, said+" === '2 points'")
	// By keys alone: what is written is used with Ctrl and Enter.
	value[bool](t, ctx, "(document.getElementById('points-text').value = '0.5 0.5', document.getElementById('points-text').focus(), true)")
	do(t, ctx, chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	wait(t, ctx, said+" === '1 point'")
}
