package serve

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every answer has the protective headers.
func TestHeaders(t *testing.T) {
	live := Live(livePage, t.TempDir(), "assets/frame.html")
	guard := &Guard{Next: live, Token: "right"}
	for _, w := range []struct {
		what string
		h    map[string][]string
	}{
		{"page", get(live, "GET", "/").Header()}, {"embed", get(live, "GET", "/assets/frame.html").Header()}, {"what is not there", get(live, "GET", "/none").Header()},
		{"another method", get(live, "POST", "/").Header()}, {"state", get(live, "GET", "/run/state").Header()}, {"no frame", get(live, "GET", "/run/frame").Header()},
		{"oembed", get(live, "GET", "/oembed?url=/").Header()}, {"refusal", get(guard, "GET", "/").Header()}, {"link", get(guard, "GET", "/?token=right").Header()},
	} {
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "",
			"Permissions-Policy": "camera=()", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		} {
			if got := w.h[name]; len(got) != 1 || !strings.Contains(got[0], want) {
				t.Errorf("%s has %s %q, without %q", w.what, name, got, want)
			}
		}
	}
	for path, want := range map[string]string{"/": "same-origin", "/?a=b": "same-origin", "/assets/frame.html": "same-origin", "/run/state": "", "/?open": "", "/assets/a.js": ""} {
		if got := get(live, "GET", path).Header().Get("Cross-Origin-Opener-Policy"); got != want {
			t.Errorf("%s has the opener policy %q, not %q", path, got, want)
		}
	}
	// Chromium sends no Sec-Fetch-Mode to a server without TLS, except on this machine,
	// and complains about its opener policy.
	for mode, want := range map[string]string{"": "", "navigate": "same-origin"} {
		if got := get(live, "GET", "/", "Upgrade-Insecure-Requests", "1", "Sec-Fetch-Mode", mode).Header().Get("Cross-Origin-Opener-Policy"); got != want {
			t.Errorf("with the mode %q the opener policy is %q, not %q", mode, got, want)
		}
	}
	for path, h := range map[string]map[string][]string{"/": get(live, "GET", "/").Header(), "/assets/frame.html": get(live, "GET", "/assets/frame.html").Header()} {
		csp := h["Content-Security-Policy"][0]
		if !strings.Contains(csp, "require-trusted-types-for 'script'; trusted-types ganbel") || strings.Contains(csp, "'unsafe") || strings.Contains(csp, "*;") {
			t.Errorf("%s has the policy %s", path, csp)
		}
	}
}

// Each document contains the server's policy, for servers that send none. The policy
// comes before everything it applies to.
func TestMetaPolicy(t *testing.T) {
	element := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`)
	for _, name := range []string{"index.html", "assets/embed.html", "assets/stage.html"} {
		b, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		m := element.FindAllSubmatchIndex(b, -1)
		if len(m) != 1 {
			t.Errorf("%s has %d policies", name, len(m))
			continue
		}
		if got := html.UnescapeString(string(b[m[0][2]:m[0][3]])); got != Policy {
			t.Errorf("%s has the policy %s\nand not %s", name, got, Policy)
		}
		if first := regexp.MustCompile(`<(script|link|style|body|title)`).FindIndex(b); first[0] < m[0][0] {
			t.Errorf("%s has its policy after %s", name, b[first[0]:first[1]])
		}
	}
}
