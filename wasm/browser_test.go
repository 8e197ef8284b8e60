//go:build tools && !js

// Package wasm tests the page as a person sees it: built, served, and opened in
// a real Chromium. "make build" must have run; without Chromium or the wasm the
// tests fail, they do not skip.
package wasm

import (
	"bytes"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

const (
	// patience is how long a test waits for a state. A wait ends as soon as the state
	// is there; this is for a machine that is many times slower than usual.
	patience = 20 * time.Minute
	deadline = 2 * time.Hour // of a test's page
	atOnce   = 3             // pages, for they wait much and the machine may have two cores
)

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		flag.Set("test.parallel", fmt.Sprint(atOnce))
	}
	code := m.Run()
	for _, b := range browsers {
		b.end()
	}
	os.Exit(code)
}

// site serves the working tree with some files replaced, nil for missing.
func site(t *testing.T, other fstest.MapFS) string {
	t.Helper()
	built(t)
	s := httptest.NewServer(serve.Handler(tree{os.DirFS(".."), other}, serve.Framed...))
	t.Cleanup(s.Close)
	return s.URL
}

// built fails the test if "make build" has not run.
func built(t *testing.T) {
	t.Helper()
	for _, name := range []string{"worker.wasm", "kernels-door.wasm", "kernels-relaxed.wasm", "kernels.wasm", "stage.wasm", "wasm_exec.js", "mnist-10k.gz", "mnist-classifier.safetensors"} {
		if _, err := os.Stat(filepath.Join("../assets/built", name)); err != nil {
			t.Fatalf("%v: run make build first", err)
		}
	}
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

// A browser is a Chromium that several tests share, each with a window and storage
// of its own.
type browser struct {
	ctx context.Context
	end func()
}

var (
	browsers  = map[string]browser{} // by their flags
	launching sync.Mutex
)

// launch returns the browser with some flags, and starts it if it does not run.
func launch(flags []string) (context.Context, error) {
	launching.Lock()
	defer launching.Unlock()
	key := strings.Join(flags, " ")
	if b, ok := browsers[key]; ok {
		if b.ctx.Err() == nil {
			return b.ctx, nil
		}
		b.end() // it crashed
	}
	options := []chromedp.ExecAllocatorOption{chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless}
	for _, f := range append(flags[:len(flags):len(flags)], "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-renderer-backgrounding", "disable-dev-shm-usage") {
		if name, v, ok := strings.Cut(f, "="); ok {
			options = append(options, chromedp.Flag(name, v))
		} else {
			options = append(options, chromedp.Flag(name, true))
		}
	}
	options = append(options, chromedp.WSURLReadTimeout(patience))
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	end := func() {
		cancel()
		release()
	}
	if err := chromedp.Do(ctx); err != nil {
		end()
		return nil, fmt.Errorf("%w: make test installs chromium", err)
	}
	browsers[key] = browser{ctx, end}
	return ctx, nil
}

// Complaints are what a page complained of: uncaught errors, unhandled rejections
// and errors on the console.
type complaints struct {
	sync.Mutex
	errors  []string
	expects []*regexp.Regexp
}

type complaintsKey struct{}

//go:embed testdata/watch.js
var watching string

// unkept is a script for pages that do not keep themselves for use without a network: in
// every test a page would download all that it has.
const unkept = "\ndelete Navigator.prototype.serviceWorker;\n"

// blank opens an empty page in a window of its own. Every document that it shows
// is watched: see testdata/watch.js. The test fails if a page complains of
// something that expect does not name. Flags are Chromium's, name=value or a name.
func blank(t *testing.T, flags ...string) context.Context {
	t.Helper()
	return window(t, watching+unkept, flags...)
}

// window is blank with another script in every document.
func window(t *testing.T, script string, flags ...string) context.Context {
	t.Helper()
	shared, err := launch(flags)
	if err != nil {
		t.Fatal(err)
	}
	var r complaints
	ctx, cancel := context.WithTimeout(context.WithValue(shared, complaintsKey{}, &r), deadline)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(r.hear))
	t.Cleanup(cancel)
	t.Cleanup(func() {
		r.Lock()
		defer r.Unlock()
		for _, e := range r.errors {
			if !slices.ContainsFunc(r.expects, func(x *regexp.Regexp) bool { return x.MatchString(e) }) {
				t.Errorf("the page complains: %s", e)
			}
		}
	})
	do(t, ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}), chromedp.EmulateViewport(1280, 800))
	return ctx
}

func (r *complaints) hear(event any) {
	var e string
	switch x := event.(type) {
	case *cdpruntime.EventExceptionThrown:
		e = describe(x.ExceptionDetails)
	case *cdpruntime.EventConsoleAPICalled:
		if x.Type != "error" && x.Type != "assert" {
			return
		}
		for _, a := range x.Args {
			e += strings.Trim(string(a.Value), `"`) + a.Description + " "
		}
	case *log.EventEntryAdded:
		if x.Entry.Level != "error" {
			return
		}
		e = x.Entry.Text + " " + x.Entry.URL
	default:
		return
	}
	r.Lock()
	defer r.Unlock()
	r.errors = append(r.errors, e)
}

// expect names what the page may complain of, for that is what is tested.
func expect(ctx context.Context, pattern string) {
	r := ctx.Value(complaintsKey{}).(*complaints)
	r.Lock()
	defer r.Unlock()
	r.expects = append(r.expects, regexp.MustCompile(pattern))
}

// open opens a page.
func open(t *testing.T, url string, flags ...string) context.Context {
	t.Helper()
	ctx := blank(t, flags...)
	do(t, ctx, chromedp.Navigate(url))
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

// click is a person's click on the first element of a CSS selector, once it is enabled:
// buttons are disabled while the trainer loads, and then ignore clicks.
func click(t *testing.T, ctx context.Context, css string) {
	t.Helper()
	wait(t, ctx, fmt.Sprintf("document.querySelector(%q)?.matches(':not(:disabled)') === true", css))
	do(t, ctx, chromedp.Click(chromedp.CSS(css)))
}

// until waits until a function returns true; what says what for.
func until(t *testing.T, ctx context.Context, what string, is func() bool) {
	t.Helper()
	late, again := time.After(patience), time.NewTicker(100*time.Millisecond)
	defer again.Stop()
	for !is() {
		select {
		case <-again.C:
		case <-late:
			shoot(t, ctx, "failed")
			t.Fatalf("after %v not yet: %s\nthe page says: %s", patience, what, value[string](t, ctx, "document.body.innerText.slice(0, 2000)"))
		}
	}
}

// wait waits until the JavaScript, or what it promises, is true.
func wait(t *testing.T, ctx context.Context, js string) {
	t.Helper()
	until(t, ctx, js, func() bool { return value[bool](t, ctx, "(async () => Boolean(await ("+js+")))()") })
}

// rest waits until the page, which does not train any more, has drawn and answered
// all there is.
func rest(t *testing.T, ctx context.Context) {
	t.Helper()
	quiet(t, ctx, "rest()")
}

// quiet waits until what JavaScript says is at rest.
func quiet(t *testing.T, ctx context.Context, js string) {
	t.Helper()
	value[bool](t, ctx, "(window.rested = false, "+js+".then(() => { window.rested = true; }), true)")
	until(t, ctx, js, func() bool {
		return value[bool](t, ctx, "window.rested")
	})
}

// pause stops the training and waits until all is drawn.
func pause(t *testing.T, ctx context.Context) {
	t.Helper()
	wait(t, ctx, playing)
	click(t, ctx, "#play")
	wait(t, ctx, "document.documentElement.dataset.playing === 'false'")
	rest(t, ctx)
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

// shots is where pictures of the page are kept, "" for nowhere.
var shots = os.Getenv("GANBEL_SHOTS")

// shoot takes a picture of the page, keeps it where GANBEL_SHOTS says, and
// returns it.
func shoot(t *testing.T, ctx context.Context, name string) image.Image {
	t.Helper()
	b, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	return picture(t, name, b)
}

// picture returns a picture that was taken, as PNG, and keeps it where GANBEL_SHOTS says.
func picture(t *testing.T, name string, b []byte) image.Image {
	t.Helper()
	if shots != "" {
		if err := os.WriteFile(filepath.Join(shots, name+".png"), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// keep takes a picture of the page for a person to look at, if GANBEL_SHOTS says
// where.
func keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if shots != "" {
		shoot(t, ctx, name)
	}
}

// keepSizes takes pictures of a page that stands still, at several sizes of its
// window, for a person to look at.
func keepSizes(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if shots == "" {
		return
	}
	for as, size := range map[string][2]int64{"slide": {1920, 1080}, "tall": {1280, 1900}, "phone": {390, 844}, "small": {320, 700}} {
		do(t, ctx, chromedp.EmulateViewport(size[0], size[1]))
		rest(t, ctx)
		shoot(t, ctx, name+"-"+as)
	}
}

// box is where the picture of the run is: its left, top, width and height.
func box(t *testing.T, ctx context.Context) [4]float64 {
	t.Helper()
	return [4]float64(value[[]float64](t, ctx, stageBox))
}

// stageBox is JavaScript for the left, top, width and height of the picture of the run.
const stageBox = "(() => { const r = document.getElementById('stage-box').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()"

// stagePixels counts the stage's pixels for which each function is true.
func stagePixels(t *testing.T, ctx context.Context, m image.Image, is ...func(r, g, b float64) bool) []int {
	t.Helper()
	return countPixels(m, box(t, ctx), is...)
}

// countPixels counts the pixels within at for which each function is true.
func countPixels(m image.Image, at [4]float64, is ...func(r, g, b float64) bool) []int {
	counts := make([]int, len(is))
	for y := int(at[1]); y < min(int(at[1]+at[3]), m.Bounds().Max.Y); y++ {
		for x := int(at[0]); x < min(int(at[0]+at[2]), m.Bounds().Max.X); x++ {
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
