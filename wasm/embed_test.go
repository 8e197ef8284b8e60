//go:build tools && !js

package wasm

import (
	"context"
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

// One process for all sites lets a test look into frames.
var together = []string{"disable-web-security", "disable-site-isolation-trials", "disable-features=IsolateOrigins,site-per-process"}

// watch opens a page whose frames the test can look into.
func watch(t *testing.T, url string) context.Context { return open(t, url, together...) }

// host is another site with one page.
func host(t *testing.T, html string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>A site</title>"+html)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// whole serves the working tree as "ganbel serve" does.
func whole(t *testing.T) string {
	t.Helper()
	built(t)
	s := httptest.NewServer(serve.Handler(tree{os.DirFS(".."), nil}, serve.Framed...))
	t.Cleanup(s.Close)
	return s.URL
}

// An inside is JavaScript that looks into the frame that a JavaScript expression
// gives.
type inside string

func (f inside) doc() string   { return string(f) + ".contentDocument" }
func (f inside) state() string { return f.doc() + "?.getElementById('stage-box')?.dataset.state" }
func (f inside) told() string {
	return "(" + f.doc() + "?.getElementById('summary')?.textContent ?? '')"
}
func (f inside) playing() string {
	return f.doc() + "?.documentElement.dataset.playing === 'true'"
}

// presence is JavaScript, true while the embed's presence is a given one.
func (f inside) presence(is string) string {
	return fmt.Sprintf("%s?.documentElement.dataset.presence === %q", f.doc(), is)
}

// step is the step that the frame tells, 0 for none.
func (f inside) step() string {
	return "Number((/[Ss]tep ([\\d,]+)/.exec(" + f.told() + ")?.[1] ?? '0').replaceAll(',', ''))"
}

func (f inside) workers() string { return "(" + string(f) + ".contentWindow?.counts?.workers ?? 0)" }

// say sends the frame what reveal.js says.
func (f inside) say(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	value[bool](t, ctx, fmt.Sprintf("(%s.contentWindow.postMessage(%q, '*'), true)", f, what))
}

// rests waits until the frame does nothing at all while its page is shown another
// sixty times: it asks for no animation frame, runs no timer, and says and hears
// nothing. In a frame that never comes to rest the wait ends the test.
func (f inside) rests(t *testing.T, ctx context.Context) {
	t.Helper()
	quiet(t, ctx, "rest(60, "+string(f)+".contentWindow)")
}

// pass lets time go by for the frame, in milliseconds.
func (f inside) pass(t *testing.T, ctx context.Context, ms int) {
	t.Helper()
	value[bool](t, ctx, fmt.Sprintf("%s.contentWindow.pass(%d)", f, ms))
}

// Another site frames the embed: nothing is loaded before somebody asks, it trains
// while it is on its slide, is let go after a while, and goes on after. The page
// itself cannot be framed there.
func TestEmbed(t *testing.T) {
	t.Parallel()
	at := whole(t)
	ctx := watch(t, host(t, fmt.Sprintf(`<body style="margin:0">
		<iframe id="embed" style="width:800px;height:500px;border:0;display:block" src="%[1]s/assets/embed.html#v=1&amp;lang=en&amp;theme=light"></iframe>
		<iframe id="page" style="width:400px;height:200px" src="%[1]s/"></iframe>`, at)))
	expect(ctx, "^Framing .*frame-ancestors 'self'") // the page
	f := inside("document.getElementById('embed')")
	wait(t, ctx, f.state()+" === 'asleep' && "+f.doc()+".getElementById('poster').naturalWidth > 0")
	if n := value[float64](t, ctx, f.workers()+" + "+f.doc()+".getElementById('stage').hasAttribute('src')"); n != 0 {
		t.Error("it loads a trainer or a stage before anyone asked")
	}
	if got := value[string](t, ctx, f.told()); !strings.Contains(got, "Play trains it here") {
		t.Errorf("at first it says %q", got)
	}
	keep(t, ctx, "embed-asleep")
	f.rests(t, ctx)

	do(t, ctx, chromedp.MouseClickXY(400, 230)) // the button on the picture
	wait(t, ctx, f.playing())
	wait(t, ctx, f.state()+" === 'shown' && "+f.step()+" > 0")
	before := shoot(t, ctx, "embed-early")
	until(t, ctx, "training changes the picture", func() bool { return differ(before, shoot(t, ctx, "embed")) >= 1000 })

	f.say(t, ctx, "slide:stop")
	f.rests(t, ctx)
	still := shoot(t, ctx, "embed-left")
	f.say(t, ctx, "slide:start")
	until(t, ctx, "back on its slide, it continues", func() bool { return differ(still, shoot(t, ctx, "embed-back")) > 0 })

	do(t, ctx, chromedp.MouseClickXY(50, 475)) // Pause
	wait(t, ctx, "!("+f.playing()+")")
	f.rests(t, ctx)
	at0 := value[float64](t, ctx, f.step())
	f.say(t, ctx, "slide:stop")
	wait(t, ctx, f.presence("resting"))
	f.pass(t, ctx, 29_000)
	f.rests(t, ctx)
	if value[bool](t, ctx, f.workers()+" === 0") {
		t.Error("it is let go before its time")
	}
	f.pass(t, ctx, 1_100)
	wait(t, ctx, f.state()+" === 'asleep' && "+f.workers()+" === 0")
	keep(t, ctx, "embed-let-go")
	if src := value[string](t, ctx, f.doc()+".getElementById('poster').src"); !strings.HasPrefix(src, "blob:") {
		t.Errorf("let go, it shows %s and not what it had drawn", src)
	}
	f.say(t, ctx, "slide:start")
	f.rests(t, ctx)
	do(t, ctx, chromedp.MouseClickXY(50, 475)) // Play
	wait(t, ctx, f.state()+" === 'shown' && "+f.playing())
	wait(t, ctx, f.step()+" > 0")
	if now := value[float64](t, ctx, f.step()); now < at0 {
		t.Errorf("let go at step %v, it went on from %v", at0, now)
	}
	if refused := value[bool](t, ctx, "!document.getElementById('page').contentDocument?.getElementById('play')"); !refused {
		t.Error("another site can frame the page itself")
	}
}

// The page around an embed drives it by messages, and only that page; what cannot
// be is refused with what would be right.
func TestEmbedMessages(t *testing.T) {
	t.Parallel()
	at := whole(t)
	ctx := watch(t, host(t, fmt.Sprintf(`<body style="margin:0">
		<script>
			window.heard = [];
			addEventListener('message', ({data, source, origin}) => { if (data.ganbel && source === embed.contentWindow) heard.push({...data, origin}); });
			window.ask = (m) => new Promise((done) => {
				const id = Math.random();
				addEventListener('message', function hear({data}) { if (data.id === id) { removeEventListener('message', hear); done(data); } });
				embed.contentWindow.postMessage({ganbel: 1, id, ...m}, '*');
			});
			window.events = (name) => heard.filter((m) => m.event === name);
		</script>
		<iframe id="embed" style="width:800px;height:500px;border:0;display:block" src="%[1]s/assets/embed.html?lang=en&amp;theme=dark&amp;controls=full&amp;lock=seed&amp;hide=view,field#tab=wgan&amp;width=32&amp;n-critic=2"></iframe>
		<iframe id="stranger" srcdoc="<script>addEventListener('message', () => { parent.frames[0].postMessage({ganbel: 1, cmd: 'play'}, '*'); self.said = true; })</script>"></iframe>`, at)))
	f := inside("document.getElementById('embed')")
	wait(t, ctx, "events('ready').length === 1")
	if origin := value[string](t, ctx, "events('ready')[0].origin"); origin != at {
		t.Errorf("ready comes from %s", origin)
	}
	ask := func(message, want string) {
		t.Helper()
		if got := value[string](t, ctx, "ask("+message+").then((a) => JSON.stringify(a))"); !strings.Contains(got, want) {
			t.Errorf("%s is answered by %s, without %s", message, got, want)
		}
	}
	ask("{cmd: 'state'}", `"state":"asleep","playing":false,"step":0`)
	value[bool](t, ctx, "(stranger.contentWindow.postMessage('go', '*'), true)")
	wait(t, ctx, "stranger.contentWindow.said")
	f.rests(t, ctx)
	if value[float64](t, ctx, f.workers()) != 0 {
		t.Error("another frame than the parent had it load")
	}
	ask("{cmd: 'set', name: 'lambda', value: 5000}", "lambda must be a number from 0.001 to 1000, not 5000")
	ask("{cmd: 'set', name: 'lamda', value: 1}", "there is no setting")
	ask("{cmd: 'set', values: {lambda: 10, 'n-critic': 3}}", `"ok":true`)
	ask("{cmd: 'step', n: 7}", `"ok":true`)
	wait(t, ctx, "ask({cmd: 'state'}).then((s) => s.step === 7 && s.values.lambda === '10' && s.values['n-critic'] === '3' && s.values.width === '32' && s.state === 'ready')")
	value[bool](t, ctx, "ask({cmd: 'save'}).then((s) => { window.kept = s.runs; return s.runs.length === 1 && s.step === 7; })")
	ask("{cmd: 'subscribe', events: ['metrics', 'frame-step']}", `"ok":true`)
	ask("{cmd: 'play'}", `"ok":true`)
	wait(t, ctx, "events('metrics').length > 3 && events('frame-step').length > 3")
	if w1 := value[float64](t, ctx, "events('metrics').at(-1).metrics.w1"); !(w1 > 0) {
		t.Errorf("the metrics say w1 %v", w1)
	}
	ask("{cmd: 'pause'}", `"ok":true`)
	// Paused, all its texts are about its step.
	wait(t, ctx, "ask({cmd: 'state'}).then((s) => !s.playing && s.step > 7 && s.measured === s.step && events('metrics').at(-1).step === s.step && "+f.step()+" === s.step)")
	ask("{cmd: 'load', runs: kept}", `"ok":true`)
	wait(t, ctx, "ask({cmd: 'state'}).then((s) => s.step === 7 && !s.playing)")
	ask("{cmd: 'load', runs: [new ArrayBuffer(3)]}", "cannot be opened")
	ask("{cmd: 'layers', layers: {slope: false}}", `"ok":true`)
	ask("{cmd: 'preset', preset: 'clip'}", `"ok":true`)
	wait(t, ctx, "ask({cmd: 'state'}).then((s) => s.preset === 'clip' && s.values.rule === 'clip')")
	if on := value[bool](t, ctx, f.doc()+`.querySelector('[data-layer="slope"]').checked`); on {
		t.Error("the layer's switch does not follow")
	}
	if !value[bool](t, ctx, f.doc()+".getElementById('set-seed').disabled && "+f.doc()+".getElementById('set-view').closest('.setting').hidden && !"+f.doc()+".getElementById('set-lambda').disabled") {
		t.Error("what shall be locked or hidden is not, or more is")
	}
	if got := value[string](t, ctx, "[...new Set(events('state').map((m) => m.state + ' ' + m.playing))].join()"); got != "ready false,playing true" {
		t.Errorf("the states told are %s", got)
	}
	ask("{cmd: 'save'}", `"ok":true`)
	keep(t, ctx, "embed-full")
	f.say(t, ctx, "slide:stop") // it is let go while its page lives on, and comes when it is called
	f.rests(t, ctx)
	ask("{cmd: 'step', n: 2}", `"ok":true`)
	wait(t, ctx, "ask({cmd: 'state'}).then((s) => s.step === 2 && s.state === 'resting')")
}

// A page that is loaded again shows the embed as it was left, and goes on from
// there when asked.
func TestEmbedKeeps(t *testing.T) {
	t.Parallel()
	at := whole(t)
	ctx := watch(t, at+"/assets/embed.html#v=1&lang=en&theme=light&width=32&n-critic=2&id=keeps")
	const step = `Number((/[Ss]tep ([\d,]+)/.exec(document.getElementById('summary').textContent)?.[1] ?? '0').replaceAll(',', ''))`
	const state = "document.getElementById('stage-box').dataset.state"
	// stored promises whether what is to be seen is kept, with its picture.
	const stored = `new Promise((done) => {
		const open = indexedDB.open('ganbel-embeds', 1);
		open.onsuccess = () => {
			const all = open.result.transaction('runs').objectStore('runs').getAll();
			all.onsuccess = () => {
				done(all.result.some((kept) => kept.picture && kept.step === ` + step + `));
				open.result.close();
			};
		};
	})`
	wait(t, ctx, state+" === 'asleep'")
	click(t, ctx, "#start")
	wait(t, ctx, state+" === 'shown' && "+step+" > 20")
	pause(t, ctx)
	wait(t, ctx, stored)
	left := value[float64](t, ctx, step)
	do(t, ctx, chromedp.Reload())
	wait(t, ctx, fmt.Sprintf("%s === 'asleep' && document.getElementById('poster').src.startsWith('blob:') && %s === %v", state, step, left))
	if value[float64](t, ctx, "counts.workers") != 0 {
		t.Error("to show what was kept it loads the trainer")
	}
	keep(t, ctx, "embed-kept")
	click(t, ctx, "#play")
	wait(t, ctx, fmt.Sprintf("%s === 'shown' && %s > %v", state, step, left))

	// Gone in the middle of it, it makes the steps after the last saving again.
	wait(t, ctx, fmt.Sprintf("%s > %v + 20", step, left))
	do(t, ctx, chromedp.Reload())
	wait(t, ctx, fmt.Sprintf("%s === 'asleep' && %s > %v", state, step, left))
	left = value[float64](t, ctx, step)
	click(t, ctx, "#play")
	wait(t, ctx, "document.documentElement.dataset.playing === 'true'")
	click(t, ctx, "#play")
	wait(t, ctx, fmt.Sprintf("%s === 'shown' && /Step/.test(document.getElementById('summary').textContent) && !/left/.test(document.getElementById('summary').textContent)", state))
	if now := value[float64](t, ctx, step); now < left {
		t.Errorf("left at step %v, it stands at %v", left, now)
	}

	// Another id is another run; a closed storage is no fault.
	do(t, ctx, chromedp.Navigate(at+"/assets/embed.html#v=1&lang=en&width=32&id=other"), chromedp.Reload())
	wait(t, ctx, "/Play trains/.test(document.getElementById('summary').textContent)")
	do(t, ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			const closed = {get() { throw new DOMException('closed', 'SecurityError'); }, set() { closed.get(); }};
			for (const name of ['indexedDB', 'localStorage', 'sessionStorage', 'caches', 'cookieStore', 'BroadcastChannel']) Object.defineProperty(self, name, closed);
			for (const name of ['serviceWorker', 'storage', 'storageBuckets', 'locks']) Object.defineProperty(Navigator.prototype, name, closed);
			Object.defineProperty(Document.prototype, 'cookie', closed);`})
		return err
	}), chromedp.Reload())
	wait(t, ctx, state+" === 'asleep'")
	click(t, ctx, "#start")
	wait(t, ctx, state+" === 'shown' && "+step+" > 0")
	do(t, ctx, chromedp.Navigate(at+"/#v=1&lang=en&width=32&n-critic=1"))
	wait(t, ctx, "document.getElementById('stage-box').dataset.state === 'shown' && Number(document.getElementById('step-count').dataset.step) > 20 && document.getElementById('fault').hidden")
}

// Ten elements on one page of another site: each loads when the reader comes to
// it, those in view train, the others rest and are let go. The element's methods
// and attributes reach its run.
func TestEmbedMany(t *testing.T) {
	t.Parallel()
	at := whole(t)
	html := `<body style="margin:0"><script src="` + at + `/assets/ganbel-lab.js"></script>`
	for i := range 10 {
		html += fmt.Sprintf(`<ganbel-lab id="lab%d" key="many%d" seed="%d" width="32" n-critic="1" autoplay="visible" lang="en" theme="light" style="width:800px;margin-bottom:400px"></ganbel-lab>`, i, i, i+1)
	}
	ctx := watch(t, host(t, html))
	frame := func(i int) inside {
		return inside(fmt.Sprintf("document.getElementById('lab%d').shadowRoot.querySelector('iframe')", i))
	}
	for i := range 10 {
		value[bool](t, ctx, fmt.Sprintf("(document.getElementById('lab%d').scrollIntoView(), true)", i))
		f := frame(i)
		wait(t, ctx, f.state()+" === 'shown' && "+f.step()+" > 0")
		for j := range 10 {
			wait(t, ctx, fmt.Sprintf("(%s) === %v", frame(j).presence("playing"), j == i))
		}
	}
	keep(t, ctx, "embed-many")
	const awake = `[...document.querySelectorAll('ganbel-lab')].filter((l) => l.shadowRoot.querySelector('iframe').contentWindow.counts.workers > 0).length`
	for i := range 9 {
		frame(i).pass(t, ctx, 31_000)
	}
	wait(t, ctx, awake+" === 1")

	for js, want := range map[string]string{
		"lab9.set('lambda', 9999).catch((e) => e.message)":                                                 "lambda must be a number from 0.001 to 1000, not 9999",
		"lab9.set('lambda', 3).then(() => lab9.state()).then((s) => s.values.lambda)":                      "3",
		"new Promise((done) => lab9.addEventListener('metrics', (e) => done(typeof e.detail.metrics.w1)))": "number",
		"lab9.pause().then(() => lab9.state()).then((s) => String(s.playing))":                             "false",
	} {
		if got := value[string](t, ctx, js); got != want {
			t.Errorf("%s gives %q, not %q", js, got, want)
		}
	}
	value[bool](t, ctx, "(lab9.setAttribute('lambda', '7'), true)")
	wait(t, ctx, "lab9.state().then((s) => s.values.lambda === '7')")
}

// The embed at the sizes that it is framed at, in both themes, and on paper.
func TestEmbedLooks(t *testing.T) {
	t.Parallel()
	at := whole(t)
	for _, theme := range []string{"light", "dark"} {
		ctx := watch(t, at+"/assets/embed.html#v=1&lang=en&tab=gumbel&id=looks&controls=full&theme="+theme)
		const state = "document.getElementById('stage-box').dataset.state"
		wait(t, ctx, state+" === 'asleep' && document.getElementById('poster').naturalWidth > 0")
		fits := func(name string) {
			t.Helper()
			if over := value[string](t, ctx, `[...document.querySelectorAll('.bar > *, .stage')].filter((e) => {
				const r = e.getBoundingClientRect();
				return r.width > 0 && getComputedStyle(e).clipPath === 'none' && (r.right > innerWidth + 1 || r.left < -1 || r.bottom > innerHeight + 1);
			}).map((e) => e.id).join()`); over != "" {
				t.Errorf("%s: %s reach out of the frame", name, over)
			}
			if small := value[string](t, ctx, `[...document.querySelectorAll('.bar button, .bar a, .bar select')].filter((e) => {
				const r = e.getBoundingClientRect();
				return r.width > 0 && (r.width < 24 || r.height < 24);
			}).map((e) => e.id).join()`); small != "" {
				t.Errorf("%s: %s are smaller than 24 pixels", name, small)
			}
			keep(t, ctx, name)
		}
		sizes := [][2]int64{{320, 240}, {800, 600}, {1600, 900}}
		for _, s := range sizes {
			do(t, ctx, chromedp.EmulateViewport(s[0], s[1]))
			rest(t, ctx)
			fits(fmt.Sprintf("looks-%s-%d-asleep", theme, s[0]))
		}
		click(t, ctx, "#start")
		wait(t, ctx, state+" === 'shown' && /Step [1-9]/.test(document.getElementById('summary').textContent)")
		for _, s := range sizes {
			do(t, ctx, chromedp.EmulateViewport(s[0], s[1]))
			value[bool](t, ctx, "frame(3)") // it is laid out anew
			fits(fmt.Sprintf("looks-%s-%d", theme, s[0]))
		}
		pause(t, ctx)
		wait(t, ctx, "document.getElementById('poster').src.startsWith('blob:')")
		do(t, ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
			return err
		}))
		m := shoot(t, ctx, "looks-"+theme+"-print")
		if shown := value[string](t, ctx, "['#stage', '#bar', '#poster'].filter((s) => getComputedStyle(document.querySelector(s)).display !== 'none').join()"); shown != "#poster" {
			t.Errorf("on paper there is %s", shown)
		}
		if n := differ(m, image.NewNRGBA(m.Bounds())); n < 10000 {
			t.Errorf("on paper %d pixels are not black", n)
		}
	}
}
