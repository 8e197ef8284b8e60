//go:build tools

package command

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// These tests need the page that "make build" makes.

// serves runs "ganbel serve" until the test ends, and returns the address it prints.
func serves(t *testing.T, args ...string) (url string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, "assets/built/worker.wasm")); err != nil {
		t.Fatalf("%v: run make build first", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	real := os.Stdout
	os.Stdout = w
	ended := make(chan error, 1)
	go func() { ended <- command(ctx, append([]string{"serve"}, args...)) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(r).ReadString('\n')
	os.Stdout = real
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(line)[4]
}

// Other machines see a watched run only with its token.
func TestServeRun(t *testing.T) {
	for addr, token := range map[string]bool{"127.0.0.1:0": false, "[::1]:0": false, ":0": true} {
		url := serves(t, "--run", t.TempDir(), "--addr", addr)
		if strings.Contains(url, "?token=") != token {
			t.Errorf("at %s the page is at %s", addr, url)
		}
		plain, given, _ := strings.Cut(url, "?token=")
		if token && len(given) < 26 {
			t.Errorf("the token is %q", given)
		}
		plain = strings.Replace(plain, "[::]", "127.0.0.1", 1)
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			url  string
			code int
		}{{plain, map[bool]int{false: 200, true: 403}[token]}, {plain + "?token=" + given, 200}, {plain + "run/state", 200}} {
			client := &http.Client{Jar: jar}
			resp, err := client.Get(c.url)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != c.code {
				t.Errorf("%s: %d, want %d", c.url, resp.StatusCode, c.code)
			}
		}
	}
}

// A page that watches a run gets the same bundled and compressed scripts as one that
// trains.
func TestServeRunBundled(t *testing.T) {
	if _, err := os.Stat(filepath.Join(root, "assets/built/page/main.js")); err != nil {
		t.Fatalf("%v: run make build first", err)
	}
	trains, watches := serves(t, "--addr", "127.0.0.1:0"), serves(t, "--run", t.TempDir(), "--addr", "127.0.0.1:0")
	fetch := func(url string) (string, http.Header) {
		t.Helper()
		r, err := http.NewRequest("GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "br")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %d, %v", url, resp.StatusCode, err)
		}
		return string(b), resp.Header
	}
	for _, name := range []string{"assets/page/main.js", "assets/page/main.css", "assets/built/kernels.wasm", "assets/embed.html"} {
		want, _ := fetch(trains + name)
		got, head := fetch(watches + name)
		if got != want || head.Get("Content-Encoding") != "br" {
			t.Errorf("%s is sent as %d bytes of %q, and not as %d of br", name, len(got), head.Get("Content-Encoding"), len(want))
		}
	}
	if _, head := fetch(watches); head.Get("Content-Encoding") != "br" {
		t.Errorf("the page is sent as %q", head.Get("Content-Encoding"))
	}
}
