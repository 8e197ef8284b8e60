//go:build tools && !js

package wasm

import (
	"context"
	"net"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

// slowly is a listener whose connections share 10 Mbit/s, and answer 20 ms late.
type slowly struct {
	net.Listener
	free *time.Time // when the line is free again
	gate chan struct{}
}

type slowConn struct {
	net.Conn
	line slowly
}

func (l slowly) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return slowConn{c, l}, err
}

func (c slowConn) Write(b []byte) (int, error) {
	c.line.gate <- struct{}{}
	if now := time.Now(); c.line.free.Before(now) {
		*c.line.free = now
	}
	*c.line.free = c.line.free.Add(time.Duration(len(b)) * time.Second / (10e6 / 8))
	until := c.line.free.Add(20 * time.Millisecond)
	<-c.line.gate
	time.Sleep(time.Until(until))
	return c.Conn.Write(b)
}

// The shell and the first tape are at most 150 kB, and are seen before the trainer
// and the stage have come; how soon over 10 Mbit/s is told.
func TestFirstPaint(t *testing.T) {
	site(t, nil) // which looks whether everything was built
	server := httptest.NewUnstartedServer(serve.Handler(serve.Bundled(os.DirFS("..")), "assets/embed.html", "assets/stage.html"))
	server.Listener = slowly{server.Listener, new(time.Time), make(chan struct{}, 1)}
	server.Start()
	t.Cleanup(server.Close)
	ctx := open(t, "about:blank")
	if _, err := chromedp.Run(ctx, func(ctx context.Context, target *chromedp.Target) (page.AddScriptToEvaluateOnNewDocumentResult, error) {
		return cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			if (parent === self) new MutationObserver((_, watching) => {
				if (document.getElementById("stage-box")?.dataset.state !== "shown") return;
				watching.disconnect();
				requestAnimationFrame(() => setTimeout(() => { window.seen = performance.now(); }));
			}).observe(document, {subtree: true, childList: true, attributes: true});`})
	}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/#v=1&lang=en&theme=light"))
	wait(t, ctx, 60*time.Second, "window.seen")
	got := value[map[string]float64](t, ctx, `(() => {
		const all = performance.getEntriesByType("resource").filter((e) => !/wasm|worker|kernels|stage\.|mnist/.test(e.name) && e.responseEnd <= window.seen);
		return {
			"first contentful paint, ms": performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0, "tape seen, ms": window.seen, "files": all.length,
			"kB": (performance.getEntriesByType("navigation")[0].encodedBodySize + all.reduce((sum, e) => sum + e.encodedBodySize, 0)) / 1000,
		};
	})()`)
	t.Log("at 10 Mbit/s, with nothing cached:", got)
	if got["kB"] > 150 {
		t.Errorf("shell and first tape are %v kB", got["kB"])
	}
	wait(t, ctx, 60*time.Second, "!document.querySelector('#timeline-box .tag').textContent && "+step+" > 0")
	t.Log("live training is seen after, ms:", value[float64](t, ctx, "performance.now()"))
}
