package serve

import (
	"net/http"
	"path"
	"strings"
)

// Policy is what the page's documents and workers may load and do, as a
// Content-Security-Policy. Each document also has it as a meta element, for servers that
// send no header. In a frame without an origin workers are blobs. The only policy of
// trusted types, "ganbel", allows the addresses of our own scripts: see
// assets/page/trusted.js.
const Policy = loads + "style-src 'self'; " + trusted

const (
	loads   = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
	trusted = "require-trusted-types-for 'script'; trusted-types ganbel"
)

// policy returns the Content-Security-Policy of a file. The examples set styles and build
// elements, as reveal.js does. In frame-ancestors "*" does not match pages on a disk, so
// files that may be framed have no frame-ancestors.
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

// nothing is the policy of files that are not pages.
const nothing = "default-src 'none'; frame-ancestors 'none'"

// features are the browser features that the page turns off. Browsers complain about
// unknown names, so all of these are known to them.
var features = strings.Join([]string{
	"accelerometer=()", "autoplay=()", "camera=()", "display-capture=()", "encrypted-media=()", "gamepad=()", "geolocation=()", "gyroscope=()",
	"hid=()", "idle-detection=()", "local-fonts=()", "magnetometer=()", "microphone=()", "midi=()", "payment=()", "picture-in-picture=()",
	"publickey-credentials-get=()", "screen-wake-lock=()", "serial=()", "sync-xhr=()", "usb=()", "xr-spatial-tracking=()",
}, ", ")

// shared lets every origin load a file: a frame in a sandbox has no origin to name.
func shared(head http.Header) {
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Access-Control-Expose-Headers", "Content-Encoding, Content-Length")
}

// protect sets the headers of every answer. Documents require COEP, so that pages with
// COEP may frame them.
func protect(head http.Header, policy string) {
	for name, text := range map[string]string{
		"Content-Security-Policy": policy, "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": features, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	} {
		head.Set(name, text)
	}
}

// apart reports whether a file has a Cross-Origin-Opener-Policy, which separates its
// window from windows of other sites. Documents with and without one are separated from
// each other, so all have it. Frames are not affected.
func apart(name string, r *http.Request) bool {
	switch {
	case path.Ext(name) != ".html":
		return false
	case name == "index.html" && r.URL.RawQuery == "open":
		// A window in a sandbox cannot open a document with this policy. Outside a
		// sandbox the page leaves this address at once: see assets/page/theme.js.
		return false
	case r.Header.Get("Upgrade-Insecure-Requests") != "" && r.Header.Get("Sec-Fetch-Mode") == "":
		return false // a browser complains about this header from a server without TLS
	}
	return true
}
