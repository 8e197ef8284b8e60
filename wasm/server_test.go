//go:build tools && !js

package wasm

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

// otherName is the address of a local server under the name of another site.
func otherName(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

// A link with a token works from another site, and leaves no token in the address. After
// following the links of two servers on one host a browser can use both.
func TestTokenLink(t *testing.T) {
	t.Parallel()
	links, at := "", []string{}
	for _, name := range []string{"first", "second"} {
		files := serve.Bundled(os.DirFS(".."))
		s := httptest.NewServer(&serve.Guard{Next: serve.Live(files, filepath.Join(t.TempDir(), name), serve.Framed...), Token: "token-of-" + name})
		t.Cleanup(s.Close)
		at = append(at, s.URL)
		links += fmt.Sprintf(`<p><a id=%s href="%s/?token=token-of-%[1]s#v=1&amp;lang=en&amp;tab=gumbel">%[1]s</a>`, name, s.URL)
	}
	site := otherName(host(t, links))
	ctx := open(t, site)
	watches := func(name string) {
		t.Helper()
		wait(t, ctx, fmt.Sprintf("document.getElementById('live-status')?.textContent.includes('%s holds no run yet')", name))
		if to := value[string](t, ctx, "location.search + location.hash"); strings.Contains(to, "token") || !strings.Contains(to, "lang=en") {
			t.Errorf("the address has %q", to)
		}
	}
	for _, name := range []string{"first", "second"} {
		do(t, ctx, chromedp.Navigate(site))
		click(t, ctx, "#"+name)
		watches(name)
	}
	for i, name := range []string{"first", "second"} {
		do(t, ctx, chromedp.Navigate(at[i]+"/#v=1&lang=en"))
		watches(name)
	}
}

// blocked is JavaScript for the policy's answer to an action of the page.
func blocked(js string) string {
	return fmt.Sprintf(`new Promise((done) => {
		document.addEventListener("securitypolicyviolation", (e) => done(e.effectiveDirective), { once: true });
		try { %s } catch {}
	})`, js)
}

// The page starts only its own scripts, whatever runs in it.
func TestTrustedTypes(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&width=16")
	wait(t, ctx, drawnBy("webgl")+" && "+step+" > 5")
	expect(ctx, "violates the following directive|requires 'Trusted|TrustedTypePolicy|Refused|Content Security Policy")
	for js, want := range map[string]string{
		`new Worker("/assets/worker.js")`:                                                              "require-trusted-types-for",
		`document.body.innerHTML += "<p>x"`:                                                            "require-trusted-types-for",
		`document.createElement("script").src = "/assets/worker.js"`:                                   "require-trusted-types-for",
		`trustedTypes.createPolicy("other", {})`:                                                       "trusted-types",
		`trustedTypes.createPolicy("ganbel", { createScriptURL: (x) => x })`:                           "trusted-types", // it exists already
		`new Image().src = "https://example.invalid/x.png"`:                                            "img-src",
		`document.body.append(Object.assign(document.createElement("style"), { textContent: "p{}" }))`: "style-src-elem",
	} {
		if got := value[string](t, ctx, blocked(js)); got != want {
			t.Errorf("%s is blocked by %q", js, got)
		}
	}
	// So do its workers.
	worker := `let said = "imports anything";
		try { importScripts("kernels.js"); } catch (e) { said = "it is a " + e.name; }
		postMessage({ type: "error", fatal: true, message: said });`
	ctx = open(t, site(t, fstest.MapFS{"assets/worker.js": {Data: []byte(worker)}})+"/#v=1&lang=en")
	expect(ctx, "requires 'Trusted|Content Security Policy")
	wait(t, ctx, "document.getElementById('fault-text').innerText.includes('it is a TypeError')")
}

// On a server that sends no headers the page, the embed and their workers work, and the
// policy in them applies.
func TestStaticHost(t *testing.T) {
	t.Parallel()
	built(t)
	s := httptest.NewServer(http.FileServerFS(serve.Bundled(os.DirFS(".."))))
	t.Cleanup(s.Close)
	ctx := open(t, s.URL+"/#v=1&lang=en&width=16")
	wait(t, ctx, drawnBy("webgl")+" && "+step+" > 5")
	const elsewhere = `new Image().src = "https://example.invalid/x.png"`
	expect(ctx, "Content Security Policy")
	if got := value[string](t, ctx, blocked(elsewhere)); got != "img-src" {
		t.Errorf("a picture of elsewhere is blocked by %q", got)
	}
	do(t, ctx, chromedp.Navigate(s.URL+"/assets/embed.html#v=1&lang=en&width=16"))
	click(t, ctx, "#play")
	wait(t, ctx, drawnBy("webgl")+" && document.documentElement.dataset.playing === 'true'")
	if got := value[string](t, ctx, blocked(elsewhere)); got != "img-src" {
		t.Errorf("in the embed a picture of elsewhere is blocked by %q", got)
	}
}

// A window of another site has no access to the page; one of this site has, and so has a
// page that frames the embed.
func TestOpeners(t *testing.T) {
	t.Parallel()
	at := whole(t)
	ctx := open(t, otherName(host(t, fmt.Sprintf(`<button id=go onclick="opened = window.open('%s/')">go</button>`, at))), "disable-popup-blocking")
	click(t, ctx, "#go")
	wait(t, ctx, "window.opened?.closed")
	// Nor by the address for sandboxes.
	value[bool](t, ctx, fmt.Sprintf("(window.opened = window.open('%s/?open#v=1'), true)", at))
	wait(t, ctx, "window.opened.closed")
	do(t, ctx, chromedp.Navigate(at+"/assets/examples/page.html"))
	for _, to := range []string{"/", "/assets/embed.html", "/assets/examples/page.html"} {
		value[bool](t, ctx, fmt.Sprintf("(window.opened = open(%q), true)", to))
		wait(t, ctx, fmt.Sprintf("!window.opened.closed && window.opened.location.pathname === %q && window.opened.document.readyState === 'complete'", to))
		value[bool](t, ctx, "(window.opened.close(), true)")
	}
}
