package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// A Guard admits only requests with its token. A link with ?token=TOKEN, from any site,
// sets a cookie and redirects to the address without the token. If Token is "" everyone
// is admitted.
type Guard struct {
	Next  http.Handler
	Token string
}

// cookie returns the name of the cookie that holds the token. Each token has its own
// name, as servers on one host share cookies across ports.
func (g *Guard) cookie() string {
	sum := sha256.Sum256([]byte(g.Token))
	return fmt.Sprintf("ganbel-%x", sum[:8])
}

func (g *Guard) right(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(g.Token)) == 1
}

func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.Token == "" {
		g.Next.ServeHTTP(w, r)
		return
	}
	known := false
	for _, c := range r.CookiesNamed(g.cookie()) {
		known = known || g.right(c.Value)
	}
	tokens, rest := split(r.URL.RawQuery)
	told := false
	for _, token := range tokens {
		told = told || g.right(token)
	}
	switch {
	case told || known && len(tokens) > 0:
		// Lax, not Strict: after a link from another site a browser sends no strict
		// cookie, not even to the address of this redirect.
		c := http.Cookie{Name: g.cookie(), Value: g.Token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure(r)}
		http.SetCookie(w, &c)
		protect(w.Header(), nothing)
		w.Header().Set("Cache-Control", "no-store")
		to := "/" + strings.TrimLeft(r.URL.EscapedPath(), "/\\") // never another host
		if rest != "" {
			to += "?" + rest
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusSeeOther)
	case known:
		g.Next.ServeHTTP(w, r)
	default:
		protect(w.Header(), nothing)
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "This page is for those who have its token: open the whole address that “ganbel serve” printed.", http.StatusForbidden)
	}
}

// split removes the values of token from a query, and returns them and the unchanged
// rest.
func split(query string) (tokens []string, rest string) {
	var others []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(key)
		if err == nil && key == "token" {
			value, _ = url.QueryUnescape(value) // a token needs no escapes
			tokens = append(tokens, value)
			continue
		}
		others = append(others, pair)
	}
	return tokens, strings.Join(others, "&")
}

// secure reports whether the browser reached the server by HTTPS, maybe through a proxy.
func secure(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}
