package serve

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

// RFC 9110 allows the server's choice of a coding.
func TestAccept(t *testing.T) {
	both := map[string][]byte{"br": nil, "gzip": nil}
	for _, c := range []struct {
		lines string // "|" between lines, "-" for no header
		want  string
	}{
		{"-", ""}, {"", ""}, {"|", ""}, {" , ,", ""},
		{"br", "br"}, {"gzip", "gzip"}, {"GZip", "gzip"}, {"x-gzip", "gzip"}, {"gzip,br", "br"}, {"gzip\t,\t br", "br"},
		{"gzip|br", "br"}, {"gzip;q=0.5|br;q=0.2", "gzip"}, {"|gzip", "gzip"},
		{"br;q=1.000, gzip;q=0.999", "br"}, {"br;q=0.001, gzip;q=0.002", "gzip"}, {"br ; q=0.2 , gzip ; Q=0.4", "gzip"},
		{"br;q=0", ""}, {"br;q=0, gzip;q=0", ""}, {"br;q=0.000, gzip", "gzip"}, {"br;q=0, *", "gzip"},
		{"*", "br"}, {"*;q=0", ""}, {"*;q=0, gzip", "gzip"}, {"gzip;q=0.5, *;q=0.8", "br"}, {"br;q=0.1, *;q=0.8", "gzip"}, {"*;q=0.5, br;q=0", "gzip"},
		{"identity", ""}, {"identity;q=0", ""}, {"identity;q=0, br", "br"}, {"identity;q=0, *", "br"}, {"identity, br", "br"}, {"identity;q=1, br;q=0.5", ""}, {"identity;q=0.5, br;q=0.5", "br"},
		{"identity;q=0.3, br;q=0.2, gzip;q=0.4", "gzip"}, {"*;q=0.3, identity;q=0.4", ""}, {"*;q=0.4, identity;q=0.3", "br"}, {"identity;q=0, *;q=0", ""},
		{"zstd, deflate, compress, dcb", ""}, {"zstd, gzip;q=0.1", "gzip"}, {"brotli", ""}, {"br2, gzipx", ""},
		{"br;q=x, gzip;q=0.1", "gzip"}, {"br;q=, gzip;q=0.1", "gzip"}, {"br;q=2", ""}, {"br;q=-1", ""}, {"br;q=NaN", ""}, {"br;q=Inf", ""}, {"br;x=1;q=0", ""}, {"br;x", "br"}, {";q=1", ""}, {"br;q=.5", "br"},
		{strings.Repeat("zstd;q=0.1, ", 5000) + "gzip", "gzip"},
	} {
		lines := strings.Split(c.lines, "|")
		if c.lines == "-" {
			lines = nil
		}
		if got := choose(lines, both); got != c.want {
			t.Errorf("%.80q gets %q, not %q", c.lines, got, c.want)
		}
	}
	if got := choose([]string{"br, gzip;q=0.1"}, map[string][]byte{"gzip": nil}); got != "gzip" {
		t.Errorf("of gzip alone it takes %q", got)
	}
}

// A page is never refused for its coding. Each coding has its own entity tag, also in
// answers to ranges.
func TestCodings(t *testing.T) {
	h := site(t)
	const path = "/assets/built/x.wasm"
	tags := map[string]string{}
	for _, accept := range []string{"", "br", "gzip", "identity;q=0, *;q=0", "identity;q=0"} {
		w := get(h, "GET", path, "Accept-Encoding", accept)
		coding := w.Header().Get("Content-Encoding")
		if w.Code != 200 || w.Body.Len() == 0 || w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get("Content-Length") != fmt.Sprint(w.Body.Len()) || w.Header().Get("Accept-Ranges") != "bytes" {
			t.Errorf("%q: %d, %v", accept, w.Code, w.Header())
		}
		if was, ok := tags[coding]; ok && was != w.Header().Get("ETag") {
			t.Errorf("%q has the tags %s and %s", coding, was, w.Header().Get("ETag"))
		}
		tags[coding] = w.Header().Get("ETag")
		whole := w.Body.String()

		part := get(h, "GET", path, "Accept-Encoding", accept, "Range", "bytes=2-5")
		if part.Code != 206 || part.Body.String() != whole[2:6] || part.Header().Get("Content-Range") != fmt.Sprintf("bytes 2-5/%d", len(whole)) || part.Header().Get("Content-Encoding") != coding || part.Header().Get("ETag") != tags[coding] || part.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: a part is %d %q, %v", accept, part.Code, part.Body, part.Header())
		}
		if same := get(h, "GET", path, "Accept-Encoding", accept, "Range", "bytes=2-5", "If-Range", tags[coding]); same.Code != 206 {
			t.Errorf("%q: a part of the same is %d", accept, same.Code)
		}
		if other := get(h, "GET", path, "Accept-Encoding", accept, "Range", "bytes=2-5", "If-Range", `"x"`); other.Code != 200 || other.Body.String() != whole {
			t.Errorf("%q: a part of another is %d", accept, other.Code)
		}
		if none := get(h, "GET", path, "Accept-Encoding", accept, "Range", "bytes=99999-"); none.Code != 416 || none.Header().Get("Content-Encoding") != "" {
			t.Errorf("%q: a part that is not there is %d, %v", accept, none.Code, none.Header())
		}
		head := get(h, "HEAD", path, "Accept-Encoding", accept, "Range", "bytes=2-5")
		if head.Code != 200 || head.Body.Len() > 0 || head.Header().Get("Content-Length") != fmt.Sprint(len(whole)) || head.Header().Get("Content-Encoding") != coding {
			t.Errorf("%q: HEAD is %d, %v", accept, head.Code, head.Header())
		}
	}
	if len(tags) != 3 || tags["br"] == tags["gzip"] || tags["br"] == tags[""] || tags["gzip"] == tags[""] {
		t.Errorf("the tags are %v", tags)
	}
	for accept, tag := range tags {
		for coding, other := range tags {
			w := get(h, "GET", path, "Accept-Encoding", accept, "If-None-Match", `"x", W/`+other)
			if want := map[bool]int{true: 304, false: 200}[coding == accept]; w.Code != want || w.Header().Get("ETag") != tag || w.Header().Get("Vary") != "Accept-Encoding" {
				t.Errorf("whoever has %q and asks for %q gets %d, %v", coding, accept, w.Code, w.Header())
			}
		}
	}
	r := httptest.NewRequest("GET", path, nil)
	r.Header["Accept-Encoding"] = []string{"gzip", "br;q=0.5"}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if got := w.Header().Get("Content-Encoding"); got != "gzip" {
		t.Errorf("of two lines it takes %q", got)
	}
}
