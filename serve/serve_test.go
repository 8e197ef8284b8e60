package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"
)

func site(t *testing.T) http.Handler {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"index.html": "<p>page</p>", "assets/frame.html": "<p>frame</p>", "assets/a.js": "let a",
		"assets/built/x.wasm": strings.Repeat("wasm ", 1000), "assets/secret.txt": "s",
	} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Compress(t.Context(), 2, []string{filepath.Join(dir, "assets/built")}, ".wasm"); err != nil {
		t.Fatal(err)
	}
	return Handler(os.DirFS(dir), "assets/frame.html")
}

func get(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestFiles(t *testing.T) {
	h := site(t)
	for _, c := range []struct {
		method, path, kind, want string
		code                     int
	}{
		{"GET", "/", "text/html; charset=utf-8", "<p>page</p>", 200}, {"GET", "/assets/a.js", "text/javascript; charset=utf-8", "let a", 200},
		{"HEAD", "/assets/a.js", "text/javascript; charset=utf-8", "", 200}, {"GET", "/assets/", "", "There is no assets here", 404},
		{"GET", "/../go.mod", "", "There is no go.mod", 404}, {"GET", "/assets/built/none.wasm", "", "make build", 404},
		{"POST", "/", "", "Only GET", 405}, {"GET", "/assets/built/x.wasm", "application/wasm", "wasm wasm", 200},
	} {
		w := get(h, c.method, c.path)
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.want) || (c.kind != "" && w.Header().Get("Content-Type") != c.kind) {
			t.Errorf("%s %s: %d, %s, %.40q", c.method, c.path, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s %s has no %s", c.method, c.path, name)
			}
		}
	}
}

// Every page may frame the embed, even one on a disk or without an origin, which
// "frame-ancestors *" would exclude. Other sites may frame nothing else.
func TestFraming(t *testing.T) {
	h := site(t)
	for path, want := range map[string]string{"/": "; frame-ancestors 'self'", "/assets/a.js": "; frame-ancestors 'self'", "/assets/frame.html": ""} {
		head := get(h, "GET", path).Header()
		csp := head.Get("Content-Security-Policy")
		if strings.Contains(csp, "frame-ancestors") != (want != "") || !strings.Contains(csp, want) || head.Get("X-Frame-Options") != "" || strings.Contains(csp, "'unsafe-eval'") || strings.Contains(csp, "unsafe-inline") {
			t.Errorf("%s: %s", path, csp)
		}
	}
}

// Files in assets are open to all origins, and to pages without one; so are the answers
// for missing files. The page itself is not.
func TestOrigins(t *testing.T) {
	h := site(t)
	for path, open := range map[string]bool{"/": false, "/assets/a.js": true, "/assets/built/x.wasm": true, "/assets/built/none.tape": true, "/assets/frame.html": true, "/oembed?url=/": true, "/assets/../index.html": false} {
		for _, method := range []string{"GET", "HEAD"} {
			head := get(h, method, path, "Origin", "null", "Accept-Encoding", "br").Header()
			origin, policy := "*", "cross-origin"
			if !open {
				origin, policy = "", "same-origin"
			}
			if head.Get("Access-Control-Allow-Origin") != origin || head.Get("Cross-Origin-Resource-Policy") != policy || head.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s: %v", method, path, head)
			}
			if open && (head.Get("Cross-Origin-Embedder-Policy") != "require-corp" || !strings.Contains(head.Get("Access-Control-Expose-Headers"), "Content-Encoding")) {
				t.Errorf("%s %s: %v", method, path, head)
			}
		}
	}
}

func TestEncodings(t *testing.T) {
	h := site(t)
	for _, c := range []struct{ accept, want string }{
		{"gzip, deflate, br", "br"}, {"gzip", "gzip"}, {"br;q=0, gzip;q=.5", "gzip"}, {"br;q=.2, gzip;q=.5", "gzip"}, {"", ""}, {"*", "br"}, {"identity", ""},
	} {
		w := get(h, "GET", "/assets/built/x.wasm", "Accept-Encoding", c.accept)
		if got := w.Header().Get("Content-Encoding"); got != c.want || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q gets %q", c.accept, got)
		}
		var r io.Reader = w.Body
		switch c.want {
		case "br":
			r = brotli.NewReader(r)
		case "gzip":
			r, _ = gzip.NewReader(r)
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != strings.Repeat("wasm ", 1000) {
			t.Errorf("%q: %d bytes, %v", c.accept, len(b), err)
		}
	}
}

func TestRevalidation(t *testing.T) {
	h := site(t)
	for _, accept := range []string{"", "br"} {
		first := get(h, "GET", "/assets/built/x.wasm", "Accept-Encoding", accept)
		etag := first.Header().Get("ETag")
		if again := get(h, "GET", "/assets/built/x.wasm", "Accept-Encoding", accept, "If-None-Match", etag); etag == "" || again.Code != 304 || again.Body.Len() > 0 {
			t.Errorf("%q: %s gives %d", accept, etag, again.Code)
		}
		if other := get(h, "GET", "/assets/built/x.wasm", "Accept-Encoding", accept, "If-None-Match", `"x"`); other.Code != 200 {
			t.Errorf("another tag gives %d", other.Code)
		}
	}
}

func TestRun(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	ended, at := make(chan error), make(chan string, 1)
	go func() {
		ended <- Run(ctx, "127.0.0.1:0", Handler(fstest.MapFS{"index.html": {Data: []byte("hello")}}), func(a net.Addr) { at <- a.String() })
	}()
	address := <-at
	for host, want := range map[string]int{"": 200, "evil.example": http.StatusMisdirectedRequest, "localhost": 200} {
		r, _ := http.NewRequest("GET", "http://"+address, nil)
		if host != "" {
			r.Host = host
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("host %q: %d, want %d", host, resp.StatusCode, want)
		}
	}
	if err := Run(ctx, address, http.NotFoundHandler(), func(net.Addr) {}); err == nil || !strings.Contains(err.Error(), "--addr") {
		t.Errorf("a busy port gives %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A twin is written once, and again if it is not its file compressed, or if the file
// has changed: what its time says does not matter.
func TestCompress(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.wasm")
	write := func(name string, b []byte) {
		t.Helper()
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	twins := func() (all []os.FileInfo) {
		t.Helper()
		if err := Compress(t.Context(), 2, []string{dir}, ".wasm"); err != nil {
			t.Fatal(err)
		}
		plain, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range codings {
			twin, err := os.ReadFile(name + c.suffix)
			if err != nil || !c.compressed(twin, plain) {
				t.Errorf("%s is not the file compressed, %v", c.suffix, err)
			}
			info, err := os.Stat(name + c.suffix)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, info)
		}
		return all
	}
	write(name, bytes.Repeat([]byte("a"), 10_000))
	first := twins()
	for i, again := range twins() {
		if !os.SameFile(again, first[i]) {
			t.Errorf("%s was compressed again", again.Name())
		}
	}
	for what, spoil := range map[string]func(){
		"changed": func() { write(name, bytes.Repeat([]byte("b"), 10_000)) },
		"cut":     func() { os.Truncate(name+".br", 5); os.Truncate(name+".gz", 15) },
		"empty":   func() { os.Truncate(name+".br", 0); os.Truncate(name+".gz", 0) },
	} {
		was := twins()
		spoil()
		late := time.Now().Add(time.Hour)
		os.Chtimes(name+".br", late, late)
		os.Chtimes(name+".gz", late, late)
		for i, again := range twins() {
			if os.SameFile(again, was[i]) {
				t.Errorf("%s: %s was kept", what, again.Name())
			}
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := Compress(ended, 2, []string{dir}, ".wasm"); err != context.Canceled {
		t.Errorf("with a context that has ended: %v", err)
	}
}

// A twin that is cut, of another file, or longer than its file is not sent.
func TestWrongTwins(t *testing.T) {
	pack := func(c coding, text string) []byte {
		var b bytes.Buffer
		w := c.write(&b)
		io.WriteString(w, text)
		w.Close()
		return b.Bytes()
	}
	const text = "what the file holds, what the file holds"
	for i, c := range codings {
		right := pack(c, text)
		for what, twin := range map[string][]byte{
			"": right, "cut": right[:len(right)-9], "of another file": pack(c, "what another holds"), "longer": pack(c, text+"!"), "shorter": pack(c, text[1:]), "empty": {},
		} {
			h := Handler(fstest.MapFS{"a.wasm": {Data: []byte(text)}, "a.wasm" + codings[i].suffix: {Data: twin}})
			w := get(h, "GET", "/a.wasm", "Accept-Encoding", c.name)
			if got := w.Header().Get("Content-Encoding"); (got == c.name) != (what == "") {
				t.Errorf("%s: a twin that is %s is sent as %q", c.name, what, got)
			} else if what != "" && w.Body.String() != text {
				t.Errorf("%s: with a twin that is %s the file is %q", c.name, what, w.Body)
			}
		}
	}
}

// Only the page of a tree is served.
func TestTree(t *testing.T) {
	all := fstest.MapFS{}
	shown := []string{"index.html", "assets/a.js", "assets/built/b.wasm"}
	for _, name := range append(shown, "go.mod", ".git/config", "assets/.git/config", "assets/built/.gitignore", "core/a.go", "assetsx") {
		all[name] = &fstest.MapFile{Data: []byte(name)}
	}
	h := Handler(Tree(all))
	for name := range all {
		if code := get(h, "GET", "/"+name).Code; (code == 200) != slices.Contains(shown, name) {
			t.Errorf("%s gives %d", name, code)
		}
	}
}
