//go:build tools

package built

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

// The page of a tree that has its wasm and nothing else trains at once; a tape that is
// recorded meanwhile is read by the page that is open.
func TestPageTrainsBeforeAllIsMade(t *testing.T) {
	root := t.TempDir()
	o := Options{Assets: filepath.Join(root, "assets"), Jobs: 1}
	link := func(from, to string) {
		t.Helper()
		from, err := filepath.Abs(filepath.Join("..", "..", from))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(from); err != nil {
			t.Fatalf("%v: run make build first", err)
		}
		if err := os.Symlink(from, filepath.Join(root, to)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(o.built(), 0o755); err != nil {
		t.Fatal(err)
	}
	link("index.html", "index.html")
	sources, err := os.ReadDir("../../assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range sources {
		if e.Name() != "built" {
			link("assets/"+e.Name(), "assets/"+e.Name())
		}
	}
	for _, name := range []string{"worker.wasm", "stage.wasm", "kernels.wasm", "kernels-relaxed.wasm", "kernels-door.wasm", "wasm_exec.js"} {
		link("assets/built/"+name, "assets/built/"+name)
	}
	server := httptest.NewServer(serve.Handler(serve.Tree(os.DirFS(root)), serve.Framed...))
	defer server.Close()

	ctx, cancel := chromedp.NewExecAllocator(context.Background(), chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/#v=1&lang=en")); err != nil {
		t.Fatalf("%v: make tools installs chromium", err)
	}
	// value returns what a promise of the page becomes.
	value := func(js string) float64 {
		t.Helper()
		v, err := chromedp.Run(ctx, chromedp.Evaluate[float64](js, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	const frames = `import("/assets/page/tape.js").then(({ load }) => load("wgan-gp", "live")).then((tape) => tape?.steps.length ?? 0)`
	if n := value(frames); n != 0 {
		t.Errorf("a tape that nobody recorded has %v frames", n)
	}
	value(`new Promise((done) => {
		const look = () => {
			const step = Number(document.getElementById("step-count").dataset.step);
			if (step > 20) done(step);
			else setTimeout(look, 50);
		};
		look();
	})`)
	if err := makeTapes(t.Context(), o, []taping{{"wgan-gp", "live", 3, 2}}); err != nil {
		t.Fatal(err)
	}
	if n := value(frames); n != 3 {
		t.Errorf("the tape that was recorded meanwhile has %v frames", n)
	}
	if fault := value(`Number(!document.getElementById("fault").hidden)`); fault != 0 {
		t.Error("the page shows a fault")
	}
}
