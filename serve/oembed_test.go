package serve

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

func TestOEmbed(t *testing.T) {
	h := site(t)
	at := func(query ...string) string {
		q := url.Values{}
		for i := 0; i < len(query); i += 2 {
			q.Set(query[i], query[i+1])
		}
		return "/oembed?" + q.Encode()
	}
	const here = "http://example.com" // httptest's host
	for _, c := range []struct {
		query         []string
		width, height float64
		html          string // part of it
		picture       string
	}{
		{[]string{"url", here + "/"}, 800, 500, `src="http://example.com/assets/embed.html"`, "wgan-gp"},
		{[]string{"url", "/", "format", "json"}, 800, 500, `src="http://example.com/assets/embed.html"`, "wgan-gp"},
		{[]string{"url", here + "/index.html#v=1&tab=gumbel&p=live"}, 800, 500, `embed.html#v=1&amp;tab=gumbel&amp;p=live" title="Gumbel-Softmax,`, "gumbel-vae"},
		{[]string{"url", here + "/#theme=dark&p=clip"}, 800, 500, `title="WGAN-GP,`, "ganbel"},
		{[]string{"url", here + "/#data=25gaussians"}, 800, 500, `title="WGAN-GP,`, "ganbel"},
		{[]string{"url", here + "/#b=rule:clip"}, 800, 500, `title="WGAN-GP,`, "ganbel"},
		{[]string{"url", here + "/assets/embed.html?preset=clip"}, 800, 500, `title="WGAN-GP,`, "ganbel"},
		{[]string{"url", here + "/assets/embed.html?controls=full#theme=dark"}, 800, 500, `title="WGAN-GP,`, "wgan-gp"},
		{[]string{"url", here + "/#tab=mnist"}, 800, 500, `title="WGAN-GP on digits,`, "ganbel"},
		{[]string{"url", here + "/#tab=semi"}, 800, 500, `title="Gumbel-Softmax with few labels,`, "ganbel"},
		{[]string{"url", here + "/assets/embed.html#v=1", "maxwidth", "400"}, 400, 250, `width="400" height="250"`, ""},
		{[]string{"url", here + "/", "maxwidth", "4000", "maxheight", "100"}, 160, 100, "<iframe ", ""},
	} {
		w := get(h, "GET", at(c.query...))
		var got struct {
			Version, Type, Title, HTML string
			Width, Height              float64
			Thumbnail                  string `json:"thumbnail_url"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || w.Header().Get("Content-Type") != "application/json" {
			t.Fatalf("%v: %d %s", c.query, w.Code, w.Body)
		}
		if got.Version != "1.0" || got.Type != "rich" || got.Width != c.width || got.Height != c.height || !strings.Contains(got.HTML, c.html) {
			t.Errorf("%v: %+v", c.query, got)
		}
		want := ""
		if c.picture != "" {
			want = here + "/assets/pictures/" + c.picture + ".png"
		}
		if got.Thumbnail != want {
			t.Errorf("%v: its picture is %q, want %q", c.query, got.Thumbnail, want)
		} else if _, err := os.Stat("../assets/pictures/" + c.picture + ".png"); want != "" && err != nil {
			t.Errorf("%v: %v", c.query, err)
		}
	}
	for _, c := range []struct {
		query []string
		code  int
	}{
		{[]string{"url", "https://evil.example/"}, http.StatusNotFound}, {[]string{"url", here + "/assets/stage.html"}, http.StatusNotFound},
		{[]string{"url", "javascript:alert(1)"}, http.StatusNotFound}, {nil, http.StatusNotFound}, {[]string{"url", "//evil.example/"}, http.StatusNotFound},
		{[]string{"url", here + "/", "format", "xml"}, http.StatusNotImplemented}, {[]string{"url", here + "/", "maxwidth", "-1"}, http.StatusBadRequest},
	} {
		if w := get(h, "GET", at(c.query...)); w.Code != c.code {
			t.Errorf("%v: %d, want %d", c.query, w.Code, c.code)
		}
	}
	// What a link carries stays within the attribute.
	w := get(h, "GET", at("url", here+`/#"><script>alert(1)</script>`))
	if strings.Contains(w.Body.String(), "<script") || strings.Contains(w.Body.String(), `\u003cscript`) {
		t.Errorf("a link gets out of its attribute: %s", w.Body)
	}
}
