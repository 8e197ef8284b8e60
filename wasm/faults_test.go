//go:build tools && !js

package wasm

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"ganbel/serve"
)

const fault = "document.getElementById('fault')"

// A critic that nothing holds blows up: the page says at which step and in which
// operator, and goes back to before it.
func TestRewind(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&width=16&depth=12&rule=none&learning-rate=0.005&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	click(t, ctx, "#play")
	wait(t, ctx, "!"+fault+".hidden && "+fault+".dataset.kind === 'diverged'")
	said := value[string](t, ctx, "document.getElementById('fault-text').innerText")
	t.Log(said)
	if !strings.Contains(said, "step") || !strings.Contains(said, " of ") {
		t.Errorf("it names no step or no operator: %q", said)
	}
	at := value[float64](t, ctx, step)
	if button := value[string](t, ctx, "document.getElementById('fault-do').innerText"); !strings.Contains(button, "Go back to step") {
		t.Errorf("it offers %q", button)
	}
	keep(t, ctx, "rewind")
	click(t, ctx, "#fault-do")
	wait(t, ctx, fmt.Sprintf("%s.hidden && %s < %v", fault, step, at))
}

// A file that is no run, and one that is cut, are told of and change nothing.
func TestBrokenRunFile(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	for what, bytes := range map[string]string{"a picture": "new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 0])", "nothing": "new Uint8Array(0)"} {
		drop(t, ctx, "body", "old.safetensors", bytes)
		wait(t, ctx, notes+".includes('old.safetensors')")
		t.Log(what, value[string](t, ctx, notes))
		click(t, ctx, "#notes button")
	}
	click(t, ctx, "#step")
	wait(t, ctx, step+" === 1")
}

// A run file opens with its own settings, and goes on from its step.
func TestRunFileOpens(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&width=24&seed=7&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	for at := range 3 {
		click(t, ctx, "#step")
		wait(t, ctx, fmt.Sprintf("%s === %d", step, at+1))
	}
	value[bool](t, ctx, `(() => {
		window.made = [];
		const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => (window.made.push(blob), make(blob));
		document.getElementById('open-export').click();
		return true;
	})()`)
	wait(t, ctx, "document.querySelector('[data-export=runFile] button')")
	keep(t, ctx, "files")
	click(t, ctx, "[data-export=runFile] button")
	wait(t, ctx, "window.made.length === 1")
	click(t, ctx, "[data-export=onnx] button")
	wait(t, ctx, "window.made.length === 3")
	value[bool](t, ctx, "(document.querySelector('dialog.export').close(), true)")
	click(t, ctx, "#new-seed")
	wait(t, ctx, step+" === 0")
	drop(t, ctx, "body", "run.safetensors", "window.made[0]")
	wait(t, ctx, step+" === 3 && document.getElementById('set-seed').value === '7'")
	click(t, ctx, "#step")
	wait(t, ctx, step+" === 4")
	if said := value[string](t, ctx, notes); said != "" {
		t.Errorf("it says %q", said)
	}
}

// A link with nonsense in it opens the page, which says what it took instead.
func TestBrokenLink(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=9&tab=moon&p=none&lambda=x&width=-3&b=rule:hope&layers=fog&lesson=42&%E0%A4%A&autoplay=0&lang=en")
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	said := value[string](t, ctx, notes)
	if !strings.Contains(said, "Penalty") || !strings.Contains(said, "Width") {
		t.Errorf("it says %q", said)
	}
}

// Without a network what is there goes on; what is missing is told of, and comes
// when the network is back.
func TestOffline(t *testing.T) {
	t.Parallel()
	var gone atomic.Bool
	files := serve.Handler(tree{os.DirFS(".."), nil}, "assets/embed.html", "assets/stage.html")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !gone.Load() {
			files.ServeHTTP(w, r)
			return
		}
		if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
			c.Close()
		}
	}))
	t.Cleanup(server.Close)
	ctx := open(t, server.URL+"/#v=1&lang=en&theme=light&width=16")
	wait(t, ctx, shown+" && "+step+" > 20")
	gone.Store(true)
	at := value[float64](t, ctx, step)
	wait(t, ctx, fmt.Sprintf("%s > %v + 20", step, at))
	expect(ctx, "ERR_EMPTY_RESPONSE|ERR_CONNECTION|ERR_FAILED")
	click(t, ctx, "#tab-categorical") // its trainer's files are not there
	wait(t, ctx, "!"+fault+".hidden && "+fault+".dataset.kind === 'network'")
	if said := value[string](t, ctx, "document.getElementById('fault-text').innerText"); !strings.HasPrefix(said, "You are offline, or the server does not answer: ") {
		t.Errorf("it says %q", said)
	}
	keep(t, ctx, "offline")
	gone.Store(false)
	click(t, ctx, "#fault-do")
	wait(t, ctx, fault+".hidden && "+step+" > 5")
}

// A tab that nobody sees does not train.
func TestBackground(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&width=16")
	wait(t, ctx, shown+" && "+step+" > 20")
	hide := func(is bool) {
		t.Helper()
		value[bool](t, ctx, fmt.Sprintf(`(() => {
			Object.defineProperty(document, 'hidden', {value: %v, configurable: true});
			document.dispatchEvent(new Event('visibilitychange'));
			return true;
		})()`, is))
	}
	hide(true)
	rest(t, ctx)
	at := value[float64](t, ctx, step)
	quiet(t, ctx, "rest(60)")
	if later := value[float64](t, ctx, step); later != at {
		t.Errorf("hidden, it went from step %v to %v", at, later)
	}
	hide(false)
	wait(t, ctx, fmt.Sprintf("%s > %v + 20", step, at))
}
