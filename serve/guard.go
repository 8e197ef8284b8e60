package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// A Guard lets only those in who have its token: by a link with ?token=TOKEN, which may
// stand on any site. It sets a cookie and leads to the address without the token. With
// Token "" it lets everyone in.
type Guard struct {
	Next  http.Handler
	Token string
}

// cookie returns the name of the cookie that holds the token. It is another for each
// token, for servers on one host share their cookies, whatever their ports are.
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
		// Lax, not Strict: a browser that follows a link of another site sends no cookie
		// that is strict, not even to where this answer leads.
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

// split takes the values of token out of a query, and returns them and the rest as it was.
func split(query string) (tokens []string, rest string) {
	var others []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(key)
		if err == nil && key == "token" {
			value, _ = url.QueryUnescape(value) // a token has nothing to unescape
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
