//go:build tools && !js

package wasm

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

// A changing server is one whose handler can change between requests.
type changing struct{ now atomic.Pointer[http.Handler] }

func (c *changing) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*c.now.Load()).ServeHTTP(w, r) }

func (c *changing) set(h http.Handler) { c.now.Store(&h) }

// deaf closes every connection without an answer.
var deaf = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })

const clipTape = "wgan-gp.clip.tape"

// version is the page with another title and text.
func version(t *testing.T, name string) http.Handler {
	t.Helper()
	index, err := os.ReadFile("../index.html")
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Replace(string(index), "<title>Ganbel", "<title>"+name, 1)
	files := fstest.MapFS{"index.html": {Data: []byte(page)}, "assets/licences.txt": {Data: []byte("licences of " + name)}}
	tapes, err := filepath.Glob("../assets/built/tapes/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, tape := range tapes { // only those that this test plays
		if ext := filepath.Ext(tape); ext != ".br" && ext != ".gz" && !strings.HasSuffix(tape, ".live.tape") && filepath.Base(tape) != clipTape {
			files[strings.TrimPrefix(filepath.ToSlash(tape), "../")] = nil
		}
	}
	return serve.Handler(tree{os.DirFS(".."), files}, serve.Framed...)
}

const (
	kept    = "caches.keys().then((all) => all.join())"
	workers = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
	build   = "document.documentElement.dataset.offline ?? ''"
)

// After the first visit everything works without a network. A new build replaces the old
// one, documents come from the network first, and where a run is watched nothing is stored.
func TestWithoutNetwork(t *testing.T) {
	t.Parallel()
	built(t)
	var c changing
	c.set(version(t, "First"))
	server := httptest.NewServer(&c)
	t.Cleanup(server.Close)
	ctx := window(t, watching)
	visit := func(path string) {
		t.Helper()
		do(t, ctx, chromedp.Navigate(server.URL+path))
	}
	visit("/assets/embed.html#v=1&tab=wgan")
	wait(t, ctx, "document.getElementById('poster')?.complete")
	if n := value[float64](t, ctx, workers); n != 0 {
		t.Errorf("an embed has %v service workers", n)
	}
	visit("/#v=1&lang=en&autoplay=0")
	wait(t, ctx, build)
	first := value[string](t, ctx, build)
	if got := value[string](t, ctx, kept); got != "ganbel / "+first {
		t.Errorf("kept are %s", got)
	}
	wait(t, ctx, "navigator.serviceWorker.controller && document.querySelector('[data-t=\"offline.kept\"]')")
	keep(t, ctx, "offline-kept")

	// The new document comes at once, its files follow.
	c.set(version(t, "Second"))
	visit("/?again#v=1&lang=en&autoplay=0")
	if title := value[string](t, ctx, "document.title"); !strings.HasPrefix(title, "Second") {
		t.Errorf("the document is %q", title)
	}
	wait(t, ctx, build)
	second := value[string](t, ctx, build)
	wait(t, ctx, kept+fmt.Sprintf(".then((all) => all === %q)", "ganbel / "+second))
	if first == second {
		t.Error("both builds have one digest")
	}

	// A page that watches a run deletes what was stored.
	c.set(serve.Live(tree{os.DirFS(".."), nil}, t.TempDir(), serve.Framed...))
	visit("/?watch")
	wait(t, ctx, workers+".then((n) => n === 0)")
	wait(t, ctx, kept+".then((all) => all === '')")
	visit("/?watch-again")
	wait(t, ctx, "document.getElementById('live-status')?.textContent")
	if n, all := value[float64](t, ctx, workers), value[string](t, ctx, kept); n != 0 || all != "" {
		t.Errorf("a page that watches has %v service workers and %q", n, all)
	}

	c.set(version(t, "Second"))
	visit("/?back#v=1&lang=en&autoplay=0")
	wait(t, ctx, build)
	server.CloseClientConnections()
	server.Close()
	expect(ctx, "ERR_CONNECTION_REFUSED")
	visit("/?offline#v=1&lang=en")
	if title := value[string](t, ctx, "document.title"); !strings.HasPrefix(title, "Second") {
		t.Errorf("without a network the document is %q", title)
	}
	const trains = "Number(document.getElementById('rate').dataset.rate) > 0 && document.getElementById('fault').hidden"
	for _, tab := range []string{"wgan", "mnist", "categorical", "gumbel", "sop", "semi"} {
		value[bool](t, ctx, fmt.Sprintf("(document.getElementById('tab-%s').click(), true)", tab))
		wait(t, ctx, fmt.Sprintf("document.getElementById('panel').dataset.tab === %q && %s", tab, trains))
	}
	wait(t, ctx, drawnBy("webgl"))
	keep(t, ctx, "offline-trains")
	visit("/?lesson#v=1&lang=en&lesson=clip")
	wait(t, ctx, "!document.getElementById('lesson').hidden && !document.getElementById('play').disabled")
	if n := value[float64](t, ctx, "import('/assets/page/tape.js').then((m) => m.load('wgan-gp', 'clip')).then((tape) => tape?.steps.length ?? 0)"); n < 2 && hasTapes() {
		t.Errorf("a tape has %v frames", n)
	}
	if size := value[float64](t, ctx, `import("/assets/page/exporter-wasm.js").then((m) => m.gif({ width: 2, height: 1, frames: [new Uint8ClampedArray(8)], delays: [1] })).then((b) => b.length)`); size == 0 {
		t.Error("no files can be made")
	}
	visit("/assets/licences.txt")
	if text := value[string](t, ctx, "document.body.innerText"); text != "licences of Second" {
		t.Errorf("the licences are %q", text)
	}
	visit("/assets/examples/page.html")
	wait(t, ctx, "document.querySelector('ganbel-lab')?.shadowRoot?.querySelector('iframe')?.contentDocument?.getElementById('poster') || document.querySelector('ganbel-lab iframe')?.contentDocument?.getElementById('poster')")
	visit("/assets/embed.html?o#v=1&lang=en&autoplay=visible")
	wait(t, ctx, "document.documentElement.dataset.playing === 'true' && document.getElementById('stage-box').dataset.state === 'shown'")
}

// hasTapes reports whether the build has recorded runs, which are optional.
func hasTapes() bool {
	_, err := os.Stat("../assets/built/tapes/" + clipTape)
	return err == nil
}

// without returns a server that answers neither for one file nor when it is asked
// whether it is there.
func without(whole http.Handler, file string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, file) || r.Method == http.MethodHead {
			deaf(w, r)
		}
		whole.ServeHTTP(w, r)
	})
}

// A fault of the network is shown as one, and goes away once the network is back.
func TestNetworkFaults(t *testing.T) {
	t.Parallel()
	built(t)
	var c changing
	whole := version(t, "Ganbel")
	c.set(whole)
	server := httptest.NewServer(&c)
	t.Cleanup(server.Close)
	ctx := open(t, server.URL+"/#v=1&lang=en&autoplay=0")
	expect(ctx, "ERR_EMPTY_RESPONSE|ERR_CONNECTION|Failed to load")
	const said = "document.getElementById('fault').hidden ? '' : document.getElementById('fault-text').textContent"
	offline := func(names string) {
		t.Helper()
		wait(t, ctx, fmt.Sprintf("/^You are offline, or the server does not answer: .*%s/.test(%s)", names, said))
	}
	wait(t, ctx, "!document.getElementById('play').disabled")
	c.set(deaf)
	click(t, ctx, "#tab-categorical") // the trainer's script does not come
	offline("loaded")
	keep(t, ctx, "offline-fault")
	c.set(whole)
	click(t, ctx, "#fault-do")
	wait(t, ctx, "document.getElementById('fault').hidden && !document.getElementById('play').disabled")

	for _, part := range []string{"worker.wasm", "wasm_exec.js", "kernels.js", "kernels-door.wasm"} { // the script loads, but not its files
		c.set(without(whole, part))
		do(t, ctx, chromedp.Navigate(server.URL+"/?"+part+"#v=1&lang=en&autoplay=0&tab=categorical"))
		offline(part)
	}

	c.set(without(whole, "mnist-10k.gz"))
	do(t, ctx, chromedp.Navigate(server.URL+"/?digits#v=1&lang=en&autoplay=0&tab=gumbel&p=live&seed=2"))
	offline("mnist-10k")
	c.set(whole)
	value[bool](t, ctx, "dispatchEvent(new Event('online'))") // without any click
	wait(t, ctx, "document.getElementById('fault').hidden && !document.getElementById('play').disabled")

	c.set(deaf)
	if text := value[string](t, ctx, `import("/assets/page/exporter-wasm.js").catch(() => null).then((m) => m === null ? "" : m.gif({ width: 2, height: 1, frames: [new Uint8ClampedArray(8)], delays: [1] }).catch((e) => e.message))`); text != "" && !strings.HasPrefix(text, "You are offline") {
		t.Errorf("of files it says %q", text)
	}
}
