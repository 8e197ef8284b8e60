package serve

import (
	"net/http"
	"path"
	"strings"
)

// Policy is what the page's documents and workers may load and do, as a
// Content-Security-Policy. Each document has it as a meta element, too, for servers that
// send no header. A worker is a blob in a frame without an origin. Of trusted types there
// is one policy, "ganbel", which admits the addresses of our own scripts: see
// assets/page/trusted.js.
const Policy = loads + "style-src 'self'; " + trusted

const (
	loads   = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
	trusted = "require-trusted-types-for 'script'; trusted-types ganbel"
)

// policy returns the Content-Security-Policy of a file. The examples set styles, and
// build what they show, as reveal.js does. frame-ancestors has no word for every page, as
// "*" leaves out those on a disk, so that what may be framed has none.
func (h *handler) policy(name string) string {
	policy := Policy
	if strings.HasPrefix(name, "assets/examples/") {
		policy = loads + "style-src 'self' 'unsafe-inline'"
	}
	if !h.embed[name] {
		policy += "; frame-ancestors 'self'"
	}
	return policy
}

// nothing is the policy of what is no page.
const nothing = "default-src 'none'; frame-ancestors 'none'"

// features are those of the browser that the page goes without. Only names that
// browsers know are here, for they complain of others.
var features = strings.Join([]string{
	"accelerometer=()", "autoplay=()", "camera=()", "display-capture=()", "encrypted-media=()", "gamepad=()", "geolocation=()", "gyroscope=()",
	"hid=()", "idle-detection=()", "local-fonts=()", "magnetometer=()", "microphone=()", "midi=()", "payment=()", "picture-in-picture=()",
	"publickey-credentials-get=()", "screen-wake-lock=()", "serial=()", "sync-xhr=()", "usb=()", "xr-spatial-tracking=()",
}, ", ")

// shared lets every origin load a file, for a frame in a sandbox has none that could be
// named.
func shared(head http.Header) {
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Access-Control-Expose-Headers", "Content-Encoding, Content-Length")
}

// protect sets the headers that every answer has. A document loads nothing that does not
// allow it, so that pages that ask that of all within them may frame it.
func protect(head http.Header, policy string) {
	for name, text := range map[string]string{
		"Content-Security-Policy": policy, "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": features, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	} {
		head.Set(name, text)
	}
}

// apart reports whether a file stands apart from the windows of other sites that opened
// it, or that it opens, by a Cross-Origin-Opener-Policy. Documents that do and others have
// no hold on each other, so that all do. Frames are not concerned.
func apart(name string, r *http.Request) bool {
	switch {
	case path.Ext(name) != ".html":
		return false
	case name == "index.html" && r.URL.RawQuery == "open":
		// A window in a sandbox opens no document that stands apart. If it is in none, the
		// page leaves this address at once: see assets/page/theme.js.
		return false
	case r.Header.Get("Upgrade-Insecure-Requests") != "" && r.Header.Get("Sec-Fetch-Mode") == "":
		return false // a browser that trusts no server without TLS, and would complain
	}
	return true
}
