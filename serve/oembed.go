package serve

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// The size of the embed, and of its pictures, in pixels.
const (
	embedWidth, embedHeight = 800, 500
	thumbWidth, thumbHeight = 1440, 900
)

// tabs are the page's tabs by name: the title of an embed, and the picture of its first
// preset's run, if it has one.
var tabs = map[string]struct{ title, picture string }{
	"wgan": {"WGAN-GP", "wgan-gp.png"}, "mnist": {"WGAN-GP on digits", ""}, "categorical": {"Gumbel-Softmax", ""},
	"gumbel": {"Gumbel-Softmax", "gumbel-vae.png"}, "sop": {"Gumbel-Softmax completing digits", ""}, "semi": {"Gumbel-Softmax with few labels", ""},
}

// looks are the keys of a link that do not change the run.
var looks = map[string]bool{
	"v": true, "tab": true, "p": true, "preset": true, "lang": true, "theme": true, "type": true, "speed": true, "autoplay": true, "layers": true,
	"lesson": true, "id": true, "controls": true, "hide": true, "lock": true,
}

// called returns the title of a link to the page or the embed, and the name of its
// picture. Only a link to exactly the run of a picture has that picture; all others have
// one of no run.
func called(page *url.URL) (title, picture string) {
	options := page.Query()
	if hash, err := url.ParseQuery(page.Fragment); err == nil {
		maps.Copy(options, hash)
	}
	tab, ok := tabs[options.Get("tab")]
	if !ok {
		tab = tabs["wgan"] // the default
	}
	first := cmp.Or(options.Get("p"), options.Get("preset"), "live") == "live"
	for key := range options {
		first = first && looks[key]
	}
	if first && tab.picture != "" {
		return tab.title, tab.picture
	}
	return tab.title, "ganbel.png"
}

// oembed answers /oembed?url=…&maxwidth=…&maxheight=…&format=json, after
// oembed.com: how to frame a link to this server's page or embed. A url of
// another page is not found, a format other than JSON not implemented. A relative
// url is one of this server.
func oembed(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if f := query.Get("format"); f != "" && f != "json" {
		http.Error(w, "Only format=json is answered here.", http.StatusNotImplemented)
		return
	}
	width, height, err := fit(query.Get("maxwidth"), query.Get("maxheight"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	scheme := "http"
	if secure(r) {
		scheme = "https"
	}
	here := &url.URL{Scheme: scheme, Host: r.Host, Path: "/"}
	page, err := here.Parse(query.Get("url"))
	if err != nil || query.Get("url") == "" {
		http.Error(w, "url must be a link to this server's page.", http.StatusNotFound)
		return
	}
	own := page.Host == r.Host && (page.Scheme == "http" || page.Scheme == "https")
	switch page.Path {
	case "/", "/index.html", "/assets/embed.html":
	default:
		own = false
	}
	if !own {
		http.Error(w, fmt.Sprintf("%s is not a page of this server; its pages are / and /assets/embed.html.", page.Redacted()), http.StatusNotFound)
		return
	}
	title, picture := called(page)
	title += ", training live"
	frame := *page
	frame.User, frame.Path = nil, "/assets/embed.html"
	answer := map[string]any{
		"version": "1.0", "type": "rich", "title": title, "width": width, "height": height,
		"provider_name": "Ganbel", "provider_url": here.String(),
		"html": fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" loading="lazy" allow="fullscreen" style="border:0;max-width:100%%"></iframe>`,
			html.EscapeString(frame.String()), html.EscapeString(title), width, height),
	}
	if query.Get("maxwidth")+query.Get("maxheight") == "" { // what is bigger must be left out
		answer["thumbnail_url"], answer["thumbnail_width"], answer["thumbnail_height"] = here.JoinPath("assets/pictures", picture).String(), thumbWidth, thumbHeight
	}
	body, err := json.Marshal(answer)
	if err != nil {
		panic(err) // texts and numbers
	}
	w.Header().Set("Content-Type", "application/json")
	shared(w.Header())
	if r.Method == http.MethodGet {
		w.Write(body)
	}
}

// fit returns the embed's size within limits, which may be "", at its own aspect.
func fit(maxWidth, maxHeight string) (width, height int, err error) {
	scale := 1.
	for _, limit := range []struct {
		name, text string
		own        float64
	}{{"maxwidth", maxWidth, embedWidth}, {"maxheight", maxHeight, embedHeight}} {
		if limit.text == "" {
			continue
		}
		n, err := strconv.Atoi(limit.text)
		if err != nil || n < 1 {
			return 0, 0, fmt.Errorf("%s must be a positive number of pixels, not %q", limit.name, limit.text)
		}
		scale = min(scale, float64(n)/limit.own)
	}
	return max(1, int(embedWidth*scale)), max(1, int(embedHeight*scale)), nil
}
