//go:build tools && !js

package wasm

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ganbel/serve/single"
)

// The page in one file trains and draws both demos from a disk, with no network, and
// makes files, too.
func TestSingle(t *testing.T) {
	t.Parallel()
	built(t)
	page, err := single.Page("..")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "ganbel.html")
	if err := os.WriteFile(name, page, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1f MB", float64(len(page))/1e6)
	ctx := open(t, "file://"+filepath.ToSlash(name)+"#v=1&lang=en&theme=light&width=16&batch=32&n-critic=1", "host-resolver-rules=MAP * ~NOTFOUND", "proxy-server=127.0.0.1:9")
	shown := "document.getElementById('stage-box').dataset.state === 'shown' && document.getElementById('fault').hidden"
	wait(t, ctx, shown)
	wait(t, ctx, drawnBy("webgl")+" && "+step+" > 50")
	pause(t, ctx)
	m := shoot(t, ctx, "single-wgan")
	if n := stagePixels(t, ctx, m, near(0xE6, 0x9F, 0, 60), near(0, 0x72, 0xB2, 60)); n[0] < 100 || n[1] < 200 {
		t.Errorf("%d orange pixels of real points and %d blue ones of fakes", n[0], n[1])
	}
	// The stage hears the page and the page the stage.
	click(t, ctx, `[data-layer="real"]`)
	rest(t, ctx)
	if n := stagePixels(t, ctx, shoot(t, ctx, "single-wgan-bare"), near(0xE6, 0x9F, 0, 60)); n[0] > 50 {
		t.Errorf("%d orange pixels of real points that are switched off", n[0])
	}

	// A lost context comes back.
	value[bool](t, ctx, `(() => {
		window.was = document.getElementById("stage").contentDocument;
		const canvas = window.was.querySelector("canvas");
		canvas.getContext("webgl2").getExtension("WEBGL_lose_context").loseContext();
		return true;
	})()`)
	wait(t, ctx, "document.getElementById('stage').contentDocument !== window.was && document.getElementById('stage').contentDocument.querySelector('canvas')?.tabIndex === 0 && "+shown)

	click(t, ctx, "#tab-gumbel")
	wait(t, ctx, "document.getElementById('panel').dataset.tab === 'gumbel' && "+step+" > 3 && "+shown)
	pause(t, ctx)
	m = shoot(t, ctx, "single-gumbel")
	if n := stagePixels(t, ctx, m, func(r, g, b float64) bool { return min(r, g, b) > 200 }, func(r, g, b float64) bool { return max(r, g, b) < 60 }); n[0] < 2000 || n[1] < 2000 {
		t.Errorf("%d light and %d dark pixels: no digits", n[0], n[1])
	}
	for _, from := range value[[]string](t, ctx, "performance.getEntriesByType('resource').map((e) => e.name)") {
		if !strings.HasPrefix(from, "data:") && !strings.HasPrefix(from, "blob:") {
			t.Errorf("it loads %s", from)
		}
	}
}

// What is made by a worker is made from a disk, too.
func TestSingleExports(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	assets, err := filepath.Abs("../assets")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(assets, filepath.Join(root, "assets")); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"index.html": `<!doctype html><html><head><script type="module" src="try.js"></script></head><body></body></html>`,
		"try.js": `import { gif } from "./assets/page/exporter-wasm.js";
			const frames = [new Uint8Array(400), new Uint8Array(400).fill(255)];
			document.body.innerText = String.fromCharCode(...(await gif({ width: 10, height: 10, frames, delays: [1, 2] })).slice(0, 6));`,
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := single.Page(root)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(root, "ganbel.html")
	if err := os.WriteFile(name, page, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx := open(t, "file://"+filepath.ToSlash(name), "host-resolver-rules=MAP * ~NOTFOUND", "proxy-server=127.0.0.1:9")
	wait(t, ctx, "document.body.innerText === 'GIF89a'")
}
