package serve

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	h := &Guard{Next: Live(livePage, t.TempDir()), Token: "right"}
	name := h.cookie()
	for _, path := range []string{"/", "/run/events", "/run/frame", "/run/state", "/assets/frame.html", "/?token=", "/?token=wrong", "/?token=righ", "/run/events?token=rightx", "/?a=token=right", "/?Token=right", "/?token%3Dright", "/#token=right"} {
		for _, cookie := range []string{"", name + "=", name + "=wrong", "other=right", "ganbel-token=right"} {
			if w := get(h, "GET", path, "Cookie", cookie); w.Code != 403 || strings.Contains(w.Body.String(), "right") || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s with %q: %d, %s", path, cookie, w.Code, w.Body)
			}
		}
	}
	for path, to := range map[string]string{
		"/?token=right": "/", "/run/state?token=right&a=b": "/run/state?a=b", "//evil.example/x?token=right": "/evil.example/x", `/%5C%5Cevil.example?token=right`: "/%5C%5Cevil.example",
		"/?token=old&b=%41;c&token=right&token=new&a": "/?b=%41;c&a", "/?%74oken=right": "/",
	} {
		w := get(h, "GET", path)
		c := w.Header().Get("Set-Cookie")
		if w.Code != 303 || w.Header().Get("Location") != to || c != name+"=right; Path=/; HttpOnly; SameSite=Lax" {
			t.Errorf("%s leads to %q with %q, %d", path, w.Header().Get("Location"), c, w.Code)
		}
	}
	// A cookie of another server on this host does not hide the right one.
	if w := get(h, "GET", "/", "Cookie", name+"=wrong; "+name+"=right"); w.Code != 200 {
		t.Errorf("with the cookie: %d", w.Code)
	}
	if w := get(h, "GET", "/?token=old&a=b", "Cookie", name+"=right"); w.Code != 303 || w.Header().Get("Location") != "/?a=b" {
		t.Errorf("with the cookie and an old token: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if c := get(h, "GET", "/?token=right", "X-Forwarded-Proto", "https").Header().Get("Set-Cookie"); !strings.HasSuffix(c, "; Secure; SameSite=Lax") {
		t.Errorf("behind a proxy with HTTPS it sets %q", c)
	}
	h.Token = ""
	if w := get(h, "GET", "/"); w.Code != 200 {
		t.Errorf("without a token to have: %d", w.Code)
	}
}

// A browser can watch two runs on one host, whose ports share cookies. A server that
// restarts requires its new token.
func TestTwoGuards(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	code := func(url string) int {
		t.Helper()
		r, err := browser.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if strings.Contains(r.Request.URL.String(), "token") {
			t.Errorf("the address became %s", r.Request.URL)
		}
		return r.StatusCode
	}
	dir := t.TempDir()
	var guards []*Guard
	var at []string
	for _, token := range []string{"one", "two", "three"} {
		g := &Guard{Next: Live(livePage, dir), Token: token}
		s := httptest.NewServer(g)
		t.Cleanup(s.Close)
		guards, at = append(guards, g), append(at, s.URL)
		if got := code(s.URL + "/?token=" + token); got != 200 {
			t.Errorf("the link with %s gives %d", token, got)
		}
	}
	for i, url := range at {
		for _, path := range []string{"/", "/run/state", "/assets/frame.html"} {
			if got := code(url + path); got != 200 {
				t.Errorf("server %d, %s: %d", i, path, got)
			}
		}
	}
	guards[1].Token = "four"
	for i, want := range []int{200, 403, 200} {
		if got := code(at[i] + "/run/state"); got != want {
			t.Errorf("after server 1 started again server %d gives %d", i, got)
		}
	}
}
