//go:build tools && !js

package wasm

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// With one process for all frames a test hears errors in frames of other origins; it does
// not change what the frames may do.
var oneProcess = []string{"disable-site-isolation-trials", "disable-features=IsolateOrigins,site-per-process,IsolateSandboxedIframes"}

// A framed is a frame that scripts of the page around cannot reach into.
type framed struct {
	ctx  context.Context
	path []string // the name of the frame in the page, then those of the frames in it
}

// read evaluates JavaScript in the frame, apart from its own scripts, which need not run.
func read[T any](t *testing.T, f framed, js string) (v T) {
	t.Helper()
	until(t, f.ctx, fmt.Sprint(f.path, " answers"), func() bool {
		var err error
		v, err = chromedp.Run(f.ctx, func(ctx context.Context, tab *chromedp.Target) (v T, err error) {
			r, err := cdp.Call(ctx, tab, page.GetFrameTree, cdp.Empty{})
			if err != nil {
				return v, err
			}
			at := r.FrameTree
			for _, name := range f.path {
				var next *page.FrameTree
				for _, child := range at.ChildFrames {
					if child.Frame.Name == name {
						next = child
					}
				}
				if next == nil {
					return v, fmt.Errorf("there is no frame %s", name)
				}
				at = next
			}
			world, err := cdp.Call(ctx, tab, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: at.Frame.ID, WorldName: "test"})
			if err != nil {
				return v, err
			}
			return chromedp.Evaluate[T](js, func(p *runtime.EvaluateParams) { p.ContextID = world.ExecutionContextID })(ctx, tab)
		})
		return err == nil
	})
	return v
}

// waits waits until the JavaScript is true in the frame.
func (f framed) waits(t *testing.T, js string) {
	t.Helper()
	until(t, f.ctx, js, func() bool { return read[bool](t, f, "Boolean("+js+")") })
}

const (
	asleep  = "document.documentElement.dataset.presence === 'asleep'"
	counted = `Number((/[Ss]tep ([\d,]+)/.exec(document.getElementById('summary').textContent)?.[1] ?? '0').replaceAll(',', ''))`
)

// standing has conditions on a frame before any script runs: each must be true.
const standing = `JSON.stringify([
	['a picture', document.getElementById('poster').naturalWidth > 0],
	['a title', document.querySelector('h1').textContent.length > 10],
	['a link to the page', document.getElementById('lab').href],
].filter(([, is]) => !is || (typeof is === 'string' && !is.startsWith('%s/'))))`

// elsewhere serves pages from another origin, by name, with headers by name.
func elsewhere(t *testing.T, pages map[string]string, headers map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := pages[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><html lang=en><link rel=icon href=data:,><title>A site</title>"+text)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// With every value of sandbox the embed shows a picture, a title and a link. With scripts
// it is ready to train, without them it says why it is not, and it logs no errors. The
// same holds in frames of other kinds.
func TestSandboxes(t *testing.T) {
	t.Parallel()
	tokens := []string{
		"", "allow-downloads", "allow-forms", "allow-modals", "allow-orientation-lock", "allow-pointer-lock", "allow-popups", "allow-popups-to-escape-sandbox",
		"allow-presentation", "allow-same-origin", "allow-storage-access-by-user-activation", "allow-top-navigation", "allow-top-navigation-by-user-activation",
		"allow-top-navigation-to-custom-protocols",
	}
	embed := whole(t)
	src := embed + "/assets/embed.html#v=1&amp;lang=en&amp;theme=light"
	var body strings.Builder
	body.WriteString("<style>iframe { width: 300px; height: 200px }</style>")
	scripted := map[string]bool{}
	add := func(name, attributes string, scripts bool) {
		fmt.Fprintf(&body, `<iframe name="%s" %s src="%s"></iframe>`, name, attributes, src)
		scripted[name] = scripts
	}
	for _, token := range tokens {
		add("bare "+token, fmt.Sprintf(`sandbox="%s"`, token), false)
		add("with "+token, fmt.Sprintf(`sandbox="allow-scripts %s"`, token), true)
	}
	add("all", fmt.Sprintf(`sandbox="allow-scripts %s"`, strings.Join(tokens, " ")), true)
	add("credentialless", "credentialless", true)
	add("csp", `csp="script-src 'none'"`, false)
	ctx := open(t, elsewhere(t, map[string]string{"": body.String()}, nil), oneProcess...)
	expect(ctx, "^(Blocked script execution|(Loading|Executing|Refused|Applying).*script)")
	for name, scripts := range scripted {
		f := framed{ctx, []string{name}}
		value[bool](t, ctx, fmt.Sprintf("(document.getElementsByName(%q)[0].scrollIntoView(), true)", name)) // or its animations stand still
		f.waits(t, "document.readyState === 'complete' && document.getElementById('poster')?.complete")
		if scripts {
			f.waits(t, asleep)
		}
		if lacks := read[string](t, f, fmt.Sprintf(standing, embed)); lacks != "[]" {
			t.Errorf("%s: it lacks %s", name, lacks)
		}
		seen := "[...document.querySelectorAll('h1, #blocked, #play, #start')].filter((e) => e.checkVisibility({visibilityProperty: true}) && getComputedStyle(e).clipPath === 'none').map((e) => e.id || e.localName).join()"
		want := "h1,blocked"
		if scripts {
			want = "start,play"
		}
		f.waits(t, fmt.Sprintf("%s === %q", seen, want))
	}
	value[bool](t, ctx, "(scrollTo(0, 0), true)")
	keep(t, ctx, "sandboxes")
}

// wordpress returns WordPress's version of an oEmbed answer's HTML: it keeps few
// attributes of a frame, sandboxes it and marks its address.
func wordpress(t *testing.T, embed, link string) string {
	t.Helper()
	r, err := http.Get(embed + "/oembed?url=" + url.QueryEscape(link))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct{ HTML string }
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	frame := answer.HTML
	for _, attribute := range []string{"loading", "allow", "style"} {
		frame = regexp.MustCompile(` `+attribute+`="[^"]*"`).ReplaceAllString(frame, "")
	}
	frame = regexp.MustCompile(`src="([^"]*)"`).ReplaceAllString(frame, `src="$1#?secret=AbC123xyz0" data-secret="AbC123xyz0"`)
	return strings.Replace(frame, "<iframe", `<iframe name="embed" class="wp-embedded-content" sandbox="allow-scripts" security="restricted"`, 1)
}

// The embed trains, draws and answers keys in the frame that WordPress builds from the
// server's oEmbed answer, and leads to the full page.
func TestWordPress(t *testing.T) {
	t.Parallel()
	embed := whole(t)
	link := embed + "/#v=1&tab=wgan&width=32&n-critic=1&lang=en&theme=light&controls=full&p=live"
	ctx := open(t, elsewhere(t, map[string]string{"": `<body style="margin:0"><script>
		window.heard = [];
		addEventListener('message', ({data}) => heard.push(data));
	</script>` + wordpress(t, embed, link)}, nil), oneProcess...)
	f := framed{ctx, []string{"embed"}}
	f.waits(t, asleep)
	if got := read[string](t, f, "document.getElementById('lab').href"); !strings.HasSuffix(got, "p=live") && !strings.Contains(got, "p=live&") {
		t.Errorf("the link is %s", got)
	}
	do(t, ctx, chromedp.MouseClickXY(400, 230)) // the button on the picture
	f.waits(t, drawnBy("webgl")+" && "+counted+" > 10")
	before := shoot(t, ctx, "wordpress-early")
	until(t, ctx, "training changes the picture", func() bool { return differ(before, shoot(t, ctx, "wordpress")) >= 1000 })

	// Keys on the picture, which is a frame without an origin in another one.
	do(t, ctx, chromedp.MouseClickXY(300, 200))
	do(t, ctx, chromedp.KeyEvent("q"))
	wait(t, ctx, "heard.some((m) => m.event === 'key' && m.key === 'q')")
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	f.waits(t, "document.documentElement.dataset.playing === 'false'")
	value[bool](t, ctx, "(frames[0].postMessage({ganbel: 1, cmd: 'reset'}, '*'), frames[0].postMessage({ganbel: 1, cmd: 'step', n: 5}, '*'), true)")
	f.waits(t, counted+" === 5")

	do(t, ctx, chromedp.MouseClickXY(760, 475)) // the link
	wait(t, ctx, fmt.Sprintf("heard.some((m) => m.message === 'link' && m.secret === 'AbC123xyz0' && m.value.startsWith(%q))", embed+"/#"))
	if value[bool](t, ctx, "heard.some((m) => m.event === 'fault')") {
		t.Error("it tells of a fault: ", value[string](t, ctx, "JSON.stringify(heard.filter((m) => m.event === 'fault'))"))
	}
}

// The link of an embed in a sandbox opens the full page, which trains in that sandbox,
// too. If no window may be opened the frame says so and shows the address.
func TestSandboxedLink(t *testing.T) {
	t.Parallel()
	embed := whole(t)
	framing := func(sandbox string) string {
		return fmt.Sprintf(`<body style="margin:0"><iframe name="embed" sandbox="%s" style="width:800px;height:500px;border:0" src="%s/assets/embed.html#v=1&amp;lang=en&amp;theme=light&amp;width=32&amp;n-critic=1"></iframe>`, sandbox, embed)
	}
	pages := map[string]string{
		"shut": framing("allow-scripts"), "open": framing("allow-scripts allow-popups"),
		"free": framing("allow-scripts allow-popups allow-popups-to-escape-sandbox"), "own": framing("allow-scripts allow-popups allow-same-origin"),
	}
	other := elsewhere(t, pages, nil)
	ctx := open(t, other+"/shut", oneProcess...)
	expect(ctx, "^Blocked opening ")
	f := framed{ctx, []string{"embed"}}
	f.waits(t, asleep)
	do(t, ctx, chromedp.MouseClickXY(760, 475))
	f.waits(t, "document.querySelector('#away input')?.value.startsWith('"+embed+"/#')")
	keep(t, ctx, "sandbox-away")

	for _, name := range []string{"open", "free", "own"} {
		do(t, ctx, chromedp.Navigate(other+"/"+name))
		f.waits(t, asleep)
		do(t, ctx, chromedp.MouseClickXY(760, 475))
		popup := opened(t, ctx, "page", embed+map[bool]string{true: "/?open#", false: "/#"}[name == "open"])
		wait(t, popup, "document.getElementById('fault') && "+step+" > 10 && document.getElementById('stage-box').dataset.state === 'shown' && document.getElementById('fault').hidden")
		keep(t, popup, "sandbox-popup-"+name)
		if name == "open" && value[string](t, popup, "self.origin") != "null" {
			t.Error("the page is in no sandbox: this tests nothing")
		}
		if err := chromedp.Cancel(popup); err != nil {
			t.Error(err)
		}
	}
}

// opened returns the target that a page has opened, a "page" or an "iframe", whose
// address has a prefix.
func opened(t *testing.T, ctx context.Context, kind, prefix string) context.Context {
	t.Helper()
	var id target.ID
	until(t, ctx, "it opens "+prefix, func() bool {
		all, err := chromedp.Targets(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, info := range all {
			if info.Type == kind && strings.HasPrefix(info.URL, prefix) {
				id = info.TargetID
			}
		}
		return id != ""
	})
	r := ctx.Value(complaintsKey{}).(*complaints)
	window, cancel := chromedp.NewContext(ctx, chromedp.WithTargetID(id), chromedp.WithListener(r.hear))
	t.Cleanup(cancel)
	return window
}

// In a deck opened from a disk, an embed from a server trains. An embed that is on the
// disk itself says why it does not.
func TestDeckOnDisk(t *testing.T) {
	t.Parallel()
	embed := whole(t)
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS("../assets/examples")); err != nil {
		t.Fatal(err)
	}
	mark, err := filepath.Abs("../assets/page")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(mark, filepath.Join(dir, "page")); err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "examples")
	deck, err := os.ReadFile(filepath.Join(dir, "reveal.html"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(deck), "../embed.html#v=1&amp;", embed+"/assets/embed.html#v=1&amp;lang=en&amp;width=32&amp;n-critic=1&amp;")
	if err := os.WriteFile(filepath.Join(dir, "reveal.html"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx := open(t, "file://"+filepath.ToSlash(dir)+"/reveal.html#/lazy", oneProcess...)
	wait(t, opened(t, ctx, "iframe", embed+"/assets/embed.html#v=1&lang=en&width=32&n-critic=1&tab=wgan&autoplay"), drawnBy("webgl")+" && document.documentElement.dataset.playing === 'true' && "+counted+" > 10")
	keep(t, ctx, "deck-on-disk")
	do(t, ctx, chromedp.MouseClickXY(640, 350)) // on the picture: the deck keeps its keys
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	wait(t, ctx, "location.hash === '#/preloaded'")

	embedded, err := filepath.Abs("../assets/embed.html")
	if err != nil {
		t.Fatal(err)
	}
	expect(ctx, "^Access to script at 'file:|net::ERR_FAILED")
	do(t, ctx, chromedp.Navigate("file://"+filepath.ToSlash(embedded)+"#v=1&tab=wgan"))
	wait(t, ctx, "document.getElementById('blocked').checkVisibility({visibilityProperty: true}) && document.getElementById('poster').naturalWidth > 0")
	keep(t, ctx, "embed-on-disk")
}

// In a page with COEP the embed trains. In a page that forbids frames of other sites the
// element says what is missing.
func TestStrictSites(t *testing.T) {
	t.Parallel()
	embed := whole(t)
	frame := fmt.Sprintf(`<body style="margin:0"><iframe name="embed" style="width:800px;height:500px;border:0" src="%s/assets/embed.html#v=1&amp;lang=en&amp;width=32&amp;n-critic=1"></iframe>`, embed)
	ctx := open(t, elsewhere(t, map[string]string{"": frame}, map[string]string{"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}), oneProcess...)
	f := framed{ctx, []string{"embed"}}
	f.waits(t, asleep)
	do(t, ctx, chromedp.MouseClickXY(400, 230))
	f.waits(t, drawnBy("webgl")+" && "+counted+" > 10")

	element := fmt.Sprintf(`<script src="%s/assets/ganbel-lab.js"></script><ganbel-lab preset="clip"></ganbel-lab>`, html.EscapeString(embed))
	expect(ctx, "^(Refused to frame|Framing)")
	do(t, ctx, chromedp.Navigate(elsewhere(t, map[string]string{"": element}, map[string]string{"Content-Security-Policy": "script-src " + embed})+"/"))
	const said = "document.querySelector('ganbel-lab').shadowRoot.textContent"
	if value[bool](t, ctx, said+" !== ''") {
		t.Error("the frame is refused before it is")
	}
	do(t, ctx, chromedp.Navigate(elsewhere(t, map[string]string{"": element}, map[string]string{"Content-Security-Policy": "frame-src 'none'"})+"/"))
	wait(t, ctx, fmt.Sprintf("%[1]s.includes('must name %[2]s') && document.querySelector('ganbel-lab').shadowRoot.querySelector('a').href.startsWith('%[2]s/assets/embed.html#')", said, embed))
}
