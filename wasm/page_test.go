//go:build tools && !js

// Package wasm tests the page as a person sees it: built, served, and opened in
// a real Chromium. "make build" must have run; without Chromium or the wasm the
// tests fail, they do not skip.
package wasm

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/input"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

// site serves the working tree with some files replaced, nil for missing.
func site(t *testing.T, other fstest.MapFS) string {
	t.Helper()
	for _, name := range []string{"worker.wasm", "kernels-door.wasm", "kernels-relaxed.wasm", "kernels.wasm", "stage.wasm", "wasm_exec.js", "mnist-10k.gz", "mnist-classifier.safetensors"} {
		if _, err := os.Stat(filepath.Join("../assets/built", name)); err != nil {
			t.Fatalf("%v: run make build first", err)
		}
	}
	s := httptest.NewServer(serve.Handler(tree{os.DirFS(".."), other}, "assets/embed.html", "assets/stage.html"))
	t.Cleanup(s.Close)
	return s.URL
}

type tree struct {
	fs.FS
	other fstest.MapFS
}

func (f tree) Open(name string) (fs.File, error) {
	for other, file := range f.other {
		if strings.TrimSuffix(strings.TrimSuffix(name, ".br"), ".gz") != strings.TrimSuffix(other, ".gz") {
			continue
		}
		if file == nil || name != other {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return f.other.Open(name)
	}
	return f.FS.Open(name)
}

// open opens the page in a new Chromium and fails the test on an exception.
// Flags are Chromium's, name=value or a name; "" is none.
func open(t *testing.T, url string, flags ...string) context.Context {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless}
	for _, f := range append(flags, "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync") {
		if name, v, ok := strings.Cut(f, "="); ok {
			options = append(options, chromedp.Flag(name, v))
		} else if f != "" {
			options = append(options, chromedp.Flag(name, true))
		}
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 6*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Listen(ctx, func(e any) {
		if x, ok := e.(*cdpruntime.EventExceptionThrown); ok {
			t.Errorf("the page threw: %s", describe(x.ExceptionDetails))
		}
	}); err != nil {
		t.Fatalf("%v: make test installs chromium", err)
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(url))
	return ctx
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// value evaluates JavaScript.
func value[T any](t *testing.T, ctx context.Context, js string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func describe(e *cdpruntime.ExceptionDetails) string {
	if e.Exception != nil {
		return e.Text + " " + e.Exception.Description
	}
	return e.Text
}

// click is a person's click on the first element of a CSS selector.
func click(t *testing.T, ctx context.Context, css string) {
	t.Helper()
	do(t, ctx, chromedp.Click(chromedp.CSS(css)))
}

// wait waits until the JavaScript is true.
func wait(t *testing.T, ctx context.Context, limit time.Duration, js string) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(100 * time.Millisecond) {
		if value[bool](t, ctx, "Boolean("+js+")") {
			return
		}
		if time.Now().After(end) {
			shoot(t, ctx, "failed")
			t.Fatalf("after %v not yet: %s\nthe page says: %s", limit, js, value[string](t, ctx, "document.body.innerText.slice(0, 2000)"))
		}
	}
}

// metric is JavaScript for a read-out's number.
func metric(name string) string {
	return fmt.Sprintf(`Number(document.querySelector('[data-metric=%q]')?.dataset.value || NaN)`, name)
}

const step = "Number(document.getElementById('step-count').dataset.step)"

// drawnBy is JavaScript, true while a backend of the Stage shows a picture:
// "webgl", "waiting" or "canvas".
func drawnBy(backend string) string {
	return fmt.Sprintf("(({state, backend}) => state === 'shown' && backend === %q)(document.getElementById('stage-box').dataset)", backend)
}

// shoot takes a picture of the page, keeps it where GANBEL_SHOTS says, and
// returns it.
func shoot(t *testing.T, ctx context.Context, name string) image.Image {
	t.Helper()
	b, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("GANBEL_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// stagePixels counts the stage's pixels for which each function is true.
func stagePixels(t *testing.T, ctx context.Context, m image.Image, is ...func(r, g, b float64) bool) []int {
	t.Helper()
	at := value[[]float64](t, ctx, "(() => { const r = document.getElementById('stage').getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; })()")
	counts := make([]int, len(is))
	for y := int(at[1]); y < min(int(at[3]), m.Bounds().Max.Y); y++ {
		for x := int(at[0]); x < min(int(at[2]), m.Bounds().Max.X); x++ {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			for i, f := range is {
				if f(float64(c.R), float64(c.G), float64(c.B)) {
					counts[i]++
				}
			}
		}
	}
	return counts
}

// near returns a test for a colour.
func near(r, g, b, within float64) func(x, y, z float64) bool {
	return func(x, y, z float64) bool { return math.Hypot(math.Hypot(x-r, y-g), z-b) < within }
}

// The WGAN-GP of the live preset covers the modes, and is drawn.
func TestWGAN(t *testing.T) {
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light")
	wait(t, ctx, 60*time.Second, "document.getElementById('stage-box').dataset.state === 'shown'")
	wait(t, ctx, 240*time.Second, metric("modes")+" >= 7")
	t.Logf("7 of 8 modes at step %v, %s steps a second", value[float64](t, ctx, step), value[string](t, ctx, "document.getElementById('rate').dataset.rate ?? ''"))

	// Training does not block input: while it goes on, clicks are answered.
	value[bool](t, ctx, `(() => {
		window.answers = [];
		new PerformanceObserver((l) => {
			for (const e of l.getEntries()) if (e.name === 'click') window.answers.push(e.duration);
		}).observe({type: 'event', durationThreshold: 16});
		return true;
	})()`)
	const contours = `[data-layer="contours"]`
	const checked = "document.querySelector('" + contours + "').checked"
	for range 10 {
		was := value[bool](t, ctx, checked)
		click(t, ctx, contours)
		wait(t, ctx, 2*time.Second, fmt.Sprintf("%s !== %v", checked, was))
	}
	t.Logf("clicks while training, milliseconds to the next picture (those above 16): %v", value[[]float64](t, ctx, "window.answers"))
	click(t, ctx, "#play")
	wait(t, ctx, 10*time.Second, "document.getElementById('play').getAttribute('aria-pressed') === 'false'")
	time.Sleep(time.Second)
	at := value[float64](t, ctx, step)
	time.Sleep(time.Second)
	if again := value[float64](t, ctx, step); again != at {
		t.Errorf("paused, it went from step %v to %v", at, again)
	}

	all := shoot(t, ctx, "wgan")
	n := stagePixels(t, ctx, all, near(0xE6, 0x9F, 0, 60), near(0, 0x72, 0xB2, 60))
	if n[0] < 100 || n[1] < 300 {
		t.Errorf("%d orange pixels of real points and %d blue ones of fakes", n[0], n[1])
	}
	// Without the contours the picture changes along lines: many pixels, not most.
	click(t, ctx, contours)
	time.Sleep(1500 * time.Millisecond)
	bare := shoot(t, ctx, "wgan-bare")
	if changed := differ(all, bare); changed < 1000 {
		t.Errorf("the contours make up %d pixels", changed)
	}

	// One step is one step.
	click(t, ctx, "#step")
	wait(t, ctx, 20*time.Second, fmt.Sprintf("%s === %v", step, at+1))
	// Reset goes back to the start with the same seed.
	click(t, ctx, "#reset")
	wait(t, ctx, 20*time.Second, step+" < "+fmt.Sprint(at))
}

func differ(a, b image.Image) (n int) {
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			r, g, bb, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			if max(r, r2)-min(r, r2)+max(g, g2)-min(g, g2)+max(bb, b2)-min(bb, b2) > 0x3000 {
				n++
			}
		}
	}
	return n
}

// The VAE's ELBO passes -160 nats, from -543 at the start, and digits are drawn.
func TestVAE(t *testing.T) {
	ctx := open(t, site(t, nil)+"/#v=1&tab=gumbel&lang=en&theme=dark")
	wait(t, ctx, 60*time.Second, "document.getElementById('stage-box').dataset.state === 'shown'")
	wait(t, ctx, 200*time.Second, metric("elbo")+" > -160")
	t.Logf("ELBO %v at step %v", value[float64](t, ctx, metric("elbo")), value[float64](t, ctx, step))
	m := shoot(t, ctx, "gumbel")
	n := stagePixels(t, ctx, m, func(r, g, b float64) bool { return min(r, g, b) > 200 }, func(r, g, b float64) bool { return max(r, g, b) < 60 })
	if n[0] < 2000 || n[1] < 2000 {
		t.Errorf("%d light and %d dark pixels: no digits", n[0], n[1])
	}
}

// What goes wrong is told in a sentence, with something to do that helps where
// anything can.
func TestFaults(t *testing.T) {
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
		// The trainer throws after two seconds, the first time.
		"crash": {other: fstest.MapFS{"assets/worker.js": {Data: append(worker, `
			caches.open("crash").then(async (c) => {
				if (await c.match("/crashed")) return;
				await c.put("/crashed", new Response("yes"));
				setTimeout(() => { throw new Error("it broke on purpose"); }, 2000);
			});`...)}}, kind: "crash", cured: step + " > 30"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := open(t, site(t, c.other)+"/#v=1&lang=en"+c.hash)
			wait(t, ctx, 60*time.Second, "!document.getElementById('fault').hidden")
			text := value[string](t, ctx, "document.getElementById('fault-text').innerText")
			action := value[string](t, ctx, "document.getElementById('fault-do').innerText")
			if len(text) < 20 || action == "" {
				t.Errorf("it says %q and offers %q", text, action)
			}
			if kind := value[string](t, ctx, "document.getElementById('fault').dataset.kind"); kind != c.kind {
				t.Errorf("it takes this for %q, not %q", kind, c.kind)
			}
			t.Logf("%q [%s]", text, action)
			shoot(t, ctx, strings.ReplaceAll(name, " ", "-"))
			if c.cured != "" {
				click(t, ctx, "#fault-do")
				wait(t, ctx, 60*time.Second, "document.getElementById('fault').hidden && "+c.cured)
			}
		})
	}
}

// One's own points are learned; points that no float32 can be summed of end in a
// sentence, and other points help.
func TestPoints(t *testing.T) {
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&data=points&width=16&n-critic=1&learning-rate=0.01", "")
	use := func(points string) {
		t.Helper()
		value[bool](t, ctx, fmt.Sprintf("(() => { document.getElementById('points-text').value = %q; return true })()", points))
		click(t, ctx, "#points-use")
	}
	wait(t, ctx, 60*time.Second, step+" > 10")
	use("3e38, 3e38\n3e38, -3e38\n")
	wait(t, ctx, 60*time.Second, "document.getElementById('fault').dataset.kind === 'diverged' && !document.getElementById('fault').hidden")
	t.Log(value[string](t, ctx, "document.getElementById('fault-text').innerText"))
	shoot(t, ctx, "diverged")
	use("1, 1\n1, -1\n")
	wait(t, ctx, 60*time.Second, "document.getElementById('fault').hidden && "+metric("w1")+" < 0.2")
	shoot(t, ctx, "points")
}

// A lost WebGL context does not lose the run.
func TestLostContext(t *testing.T) {
	ctx := open(t, site(t, nil)+"/#v=1&lang=en")
	wait(t, ctx, 60*time.Second, drawnBy("webgl")+" && "+step+" > 20")
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
	time.Sleep(2 * time.Second)
	wait(t, ctx, 60*time.Second, drawnBy("webgl"))
	wait(t, ctx, 30*time.Second, fmt.Sprintf("%s > %v + 20", step, at))
	if n := stagePixels(t, ctx, shoot(t, ctx, "restored"), near(0, 0x72, 0xB2, 60)); n[0] < 200 {
		t.Errorf("after the context was lost %d pixels of fakes are drawn", n[0])
	}
}

// The probe says what the critic says where the pointer is, and where arrow keys
// take it.
func TestProbe(t *testing.T) {
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, 60*time.Second, drawnBy("webgl"))
	const said = "document.getElementById('probe').textContent"
	at := value[[]float64](t, ctx, "(() => { const r = document.getElementById('stage').getBoundingClientRect(); return [r.left + .45 * r.width, r.top + .4 * r.height]; })()")
	do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
	wait(t, ctx, 10*time.Second, "/^x \\(.* · D [−\\d].* · mode \\d .* away$/.test("+said+")")
	t.Log(value[string](t, ctx, said))
	before := value[string](t, ctx, said)
	shoot(t, ctx, "probe")
	value[bool](t, ctx, `(() => {
		const stage = document.getElementById('stage').contentWindow;
		stage.dispatchEvent(new stage.KeyboardEvent('keydown', {key: 'ArrowLeft', shiftKey: true}));
		return true;
	})()`)
	wait(t, ctx, 10*time.Second, fmt.Sprintf("%s !== %q && %s.startsWith('x')", said, before, said))
	do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], 5))
	wait(t, ctx, 10*time.Second, "document.getElementById('probe').hidden")
}
