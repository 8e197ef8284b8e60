//go:build tools && !js

package wasm

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// The prefs of a Firefox that connects only to this machine: all other requests go to a
// proxy that does not exist. Its own background requests are off, unless its remote agent
// already turns them off.
const firefoxPrefs = `
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("network.proxy.no_proxies_on", "127.0.0.1, localhost");
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("app.update.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("browser.region.network.url", "");
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("dom.push.connection.enabled", false);
user_pref("services.settings.server", "http://127.0.0.1:9");
`

// A firefox is a Firefox that a test controls by WebDriver BiDi.
type firefox struct {
	t    *testing.T
	conn *websocket.Conn
	ctx  context.Context // ends with it

	sync.Mutex
	last     int
	answers  map[int]chan answer
	errors   []string // uncaught, or on the consoles of its pages
	gone     error    // the reason why it stopped answering
	finished chan struct{}
}

// An answer is BiDi's answer to a command, or an event.
type answer struct {
	ID      *int            `json:"id"`
	Type    string          `json:"type"` // success, error or event
	Result  json.RawMessage `json:"result"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

var listening = regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`)

// startFirefox starts a Firefox with its own profile, which ends with the test. As with
// Chromium, the test fails if a page logs an error.
func startFirefox(t *testing.T) *firefox {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		t.Fatalf("%v: make tools installs it", err)
	}
	dir := t.TempDir()
	profile := filepath.Join(dir, "profile")
	if err := os.Mkdir(profile, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(firefoxPrefs), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0")
	command.Env = append(os.Environ(), "HOME="+dir, "TMPDIR="+dir, "XDG_CACHE_HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_RUNTIME_DIR="+dir,
		"MOZ_CRASHREPORTER_DISABLE=1", "DISPLAY=", "DBUS_SESSION_BUS_ADDRESS=")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its processes end together
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = 10 * time.Second
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = in
	err = command.Start()
	in.Close()
	if err != nil {
		out.Close()
		t.Fatal(err)
	}
	b := &firefox{t: t, ctx: ctx, answers: map[int]chan answer{}, finished: make(chan struct{})}
	t.Cleanup(func() {
		if b.conn != nil {
			b.call("browser.close", nil, nil)
			b.conn.CloseNow()
			<-b.finished
		}
		syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		command.Wait()
		out.Close()
	})

	var said strings.Builder
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			b.conn, _, err = websocket.Dial(ctx, m[1]+"/session", nil)
			if err != nil {
				t.Fatalf("connecting to Firefox: %v", err)
			}
			break
		}
	}
	if b.conn == nil {
		t.Fatalf("Firefox ended before it listened:\n%s", said.String())
	}
	go io.Copy(io.Discard, out)
	b.conn.SetReadLimit(-1) // screenshots
	go b.listen()
	b.must("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	b.must("session.subscribe", map[string]any{"events": []string{"log.entryAdded"}}, nil)
	b.must("script.addPreloadScript", map[string]any{"functionDeclaration": "() => {" + watching + "}"}, nil)
	t.Cleanup(func() {
		b.Lock()
		defer b.Unlock()
		for _, e := range b.errors {
			t.Errorf("a page in Firefox complains: %s", e)
		}
	})
	return b
}

// listen receives answers and events until the connection ends.
func (b *firefox) listen() {
	defer close(b.finished)
	for {
		_, data, err := b.conn.Read(b.ctx)
		var a answer
		if err == nil {
			err = json.Unmarshal(data, &a)
		}
		b.Lock()
		switch {
		case err != nil:
			b.gone = fmt.Errorf("Firefox has gone: %w", err)
			for _, c := range b.answers {
				close(c)
			}
			b.answers = nil
		case a.Method == "log.entryAdded":
			var entry struct {
				Level, Text string
				StackTrace  struct {
					CallFrames []struct {
						URL        string
						LineNumber int
					}
				}
			}
			if json.Unmarshal(a.Params, &entry); entry.Level == "error" {
				b.errors = append(b.errors, fmt.Sprintf("%s %v", entry.Text, entry.StackTrace.CallFrames))
			}
		case a.ID != nil:
			b.answers[*a.ID] <- a
			delete(b.answers, *a.ID)
		}
		b.Unlock()
		if err != nil {
			return
		}
	}
}

// call sends a command and decodes its result, unless result is nil.
func (b *firefox) call(method string, params map[string]any, result any) error {
	if params == nil {
		params = map[string]any{}
	}
	b.Lock()
	if b.gone != nil {
		defer b.Unlock()
		return b.gone
	}
	b.last++
	id, heard := b.last, make(chan answer, 1)
	b.answers[id] = heard
	b.Unlock()
	data, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return err
	}
	if err := b.conn.Write(b.ctx, websocket.MessageText, data); err != nil {
		return err
	}
	a, ok := <-heard
	switch {
	case !ok:
		return b.gone
	case a.Type == "error":
		return fmt.Errorf("%s: %s: %s", method, a.Error, a.Message)
	case result == nil:
		return nil
	}
	return json.Unmarshal(a.Result, result)
}

// must is like call, and fails the test on an error.
func (b *firefox) must(method string, params map[string]any, result any) {
	b.t.Helper()
	if err := b.call(method, params, result); err != nil {
		b.t.Fatal(err)
	}
}

// A foxTab is a page in a Firefox.
type foxTab struct {
	*firefox
	t  *testing.T
	id string
}

// open opens a page in a new tab, which is closed at the end of t.
func (b *firefox) open(t *testing.T, url string) *foxTab {
	t.Helper()
	var created struct{ Context string }
	b.must("browsingContext.create", map[string]any{"type": "tab"}, &created)
	tab := &foxTab{b, t, created.Context}
	t.Cleanup(func() { b.call("browsingContext.close", map[string]any{"context": tab.id}, nil) })
	b.must("browsingContext.setViewport", map[string]any{"context": tab.id, "viewport": map[string]any{"width": 1280, "height": 800}}, nil)
	b.must("browsingContext.navigate", map[string]any{"context": tab.id, "url": url, "wait": "complete"}, nil)
	return tab
}

// eval evaluates JavaScript, and awaits a promise, into a Go value.
func (f *foxTab) eval(js string, into any) {
	f.t.Helper()
	var said struct {
		Type   string
		Result struct{ Value string }
		Detail struct{ Text string } `json:"exceptionDetails"`
	}
	f.must("script.evaluate", map[string]any{
		"expression": "(async () => JSON.stringify(await (" + js + ") ?? null))()", "target": map[string]any{"context": f.id}, "awaitPromise": true,
	}, &said)
	if said.Type != "success" {
		f.t.Fatalf("%s: %s", js, said.Detail.Text)
	}
	if err := json.Unmarshal([]byte(said.Result.Value), into); err != nil {
		f.t.Fatalf("%s: %v", js, err)
	}
}

// wait waits until the JavaScript is true.
func (f *foxTab) wait(js string) {
	f.t.Helper()
	late, again := time.After(patience), time.NewTicker(100*time.Millisecond)
	defer again.Stop()
	for {
		var is bool
		if f.eval("Boolean("+js+")", &is); is {
			return
		}
		select {
		case <-again.C:
		case <-late:
			var says string
			f.eval("document.body.innerText.slice(0, 2000)", &says)
			f.shoot("firefox-failed")
			f.t.Fatalf("after %v not yet: %s\nthe page says: %s", patience, js, says)
		}
	}
}

// shoot takes a picture of the page and keeps it in the folder GANBEL_SHOTS.
func (f *foxTab) shoot(name string) image.Image {
	f.t.Helper()
	var taken struct{ Data string }
	f.must("browsingContext.captureScreenshot", map[string]any{"context": f.id}, &taken)
	data, err := base64.StdEncoding.DecodeString(taken.Data)
	if err != nil {
		f.t.Fatal(err)
	}
	return picture(f.t, name, data)
}

// pixels counts the pixels of the page's picture for which each function is true.
func (f *foxTab) pixels(m image.Image, is ...func(r, g, b float64) bool) []int {
	f.t.Helper()
	var at [4]float64
	f.eval(stageBox, &at)
	return countPixels(m, at, is...)
}

// In Debian's Firefox the page, the VAE and an embed train and draw without errors.
func TestFirefox(t *testing.T) {
	t.Parallel()
	base, browser := site(t, nil), startFirefox(t)
	const drawn = "(({state, backend}) => state === 'shown' && backend !== 'waiting')(document.getElementById('stage-box').dataset)"
	orange, blue := near(0xE6, 0x9F, 0, 60), near(0, 0x72, 0xB2, 60)
	for _, c := range []struct {
		name, url string
		at        string // JavaScript for the step
		metric    string // JavaScript for a number that training changes
		better    string // JavaScript, true once it has learnt
		two       [2]func(r, g, b float64) bool
		least     [2]int // pixels of each
	}{
		{"page", "/#v=1&lang=en&theme=light&seed=7", step, metric("w1"), metric("modes") + " >= 6", [2]func(r, g, b float64) bool{orange, blue}, [2]int{100, 300}},
		{"VAE", "/#v=1&lang=en&theme=light&tab=gumbel&seed=7", step, metric("elbo"), metric("elbo") + " > -300",
			[2]func(r, g, b float64) bool{func(r, g, b float64) bool { return max(r, g, b) < 80 }, blue}, [2]int{1500, 200}},
		{"embed", "/assets/embed.html#v=1&lang=en&theme=light&autoplay=visible&controls=full", summaryStep, "(/[\\d.]+, (rising|falling|steady)/.exec(document.getElementById('summary').textContent)?.[0] ?? NaN)",
			summaryStep + " > 100", [2]func(r, g, b float64) bool{orange, blue}, [2]int{100, 300}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := browser.open(t, base+c.url)
			f.wait(drawn + " && " + c.at + " > 3")
			var first, then float64
			f.eval(c.at, &first)
			f.eval("(self.before = String("+c.metric+"), 0)", &then)
			f.wait(fmt.Sprintf("%s > %v + 20", c.at, first))
			f.wait("String(" + c.metric + ") !== before && !/NaN/.test(String(" + c.metric + "))")
			f.wait(c.better)
			f.wait(drawn)
			m := f.shoot("firefox-" + c.name)
			if n := f.pixels(m, c.two[0], c.two[1]); n[0] < c.least[0] || n[1] < c.least[1] {
				t.Errorf("%d and %d pixels of the two colours, want %v", n[0], n[1], c.least)
			}
			var by string
			f.eval("document.getElementById('stage-box').dataset.backend", &by)
			f.eval(c.at, &then)
			t.Logf("drawn by %s, at step %v", by, then)

			// Paused, neither the run nor its picture changes.
			f.eval("(document.getElementById('play').click(), 0)", &first)
			f.wait("document.documentElement.dataset.playing === 'false'")
			f.wait("rest()")
			f.eval(c.at, &first)
			f.wait("rest()")
			if f.eval(c.at, &then); then != first {
				t.Errorf("paused it went from step %v to %v", first, then)
			}
		})
	}
}

// summaryStep is JavaScript for the step in an embed's summary.
const summaryStep = "Number(/Step ([\\d,]+)/.exec(document.getElementById('summary').textContent)?.[1].replace(',', '') ?? 0)"
