//go:build tools && !js

package wasm

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

// later are the files that a page needs only to train and to draw by WebGL.
var later = regexp.MustCompile(`wasm|worker|kernels|stage\.|mnist`)

// The shell and the first tape are at most 150 kB, an eighth of a second at 10
// Mbit/s, and are seen before the trainer, the stage and the digits have come.
func TestFirstPaint(t *testing.T) {
	t.Parallel()
	built(t)
	files := serve.Handler(serve.Bundled(os.DirFS("..")), "assets/embed.html", "assets/stage.html")
	seen := make(chan struct{}) // closed once it may have what is big
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if later.MatchString(r.URL.Path) {
			<-seen
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	release := sync.OnceFunc(func() { close(seen) })
	t.Cleanup(release)
	ctx := blank(t)
	if _, err := chromedp.Run(ctx, func(ctx context.Context, target *chromedp.Target) (page.AddScriptToEvaluateOnNewDocumentResult, error) {
		return cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			if (parent === self) new MutationObserver((_, watching) => {
				if (document.getElementById("stage-box")?.dataset.state !== "shown") return;
				watching.disconnect();
				frame(2).then(() => { window.seen = performance.now(); });
			}).observe(document, {subtree: true, childList: true, attributes: true});`})
	}); err != nil {
		t.Fatal(err)
	}
	value[bool](t, ctx, fmt.Sprintf("(location.href = %q, true)", server.URL+"/#v=1&lang=en&theme=light")) // which is not done loading before the stage is there
	wait(t, ctx, "document.getElementById('stage-box')")
	wait(t, ctx, "window.seen")
	got := value[map[string]float64](t, ctx, `(() => {
		const all = performance.getEntriesByType("resource").filter((e) => !/wasm|worker|kernels|stage\.|mnist/.test(e.name) && e.responseEnd <= window.seen);
		return {
			"files": all.length,
			"kB": (performance.getEntriesByType("navigation")[0].encodedBodySize + all.reduce((sum, e) => sum + e.encodedBodySize, 0)) / 1000,
		};
	})()`)
	t.Log("with nothing cached:", got)
	release()
	if got["kB"] > 150 {
		t.Errorf("shell and first tape are %v kB", got["kB"])
	}
	wait(t, ctx, "!document.querySelector('#timeline-box .tag').textContent && "+step+" > 0")
}
