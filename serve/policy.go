package serve

import (
	"net/http"
	"strings"
)

// Policy is what the page's documents and workers may load and do, as a
// Content-Security-Policy. Each document has it as a meta element, too, for servers that
// send no header. Of trusted types there is one, "ganbel", which admits the addresses of
// our own scripts: see assets/page/trusted.js.
const Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types ganbel"

// nothing is the policy of what is no page.
const nothing = "default-src 'none'; frame-ancestors 'none'"

// features are those of the browser that the page goes without. Only names that
// browsers know are here, for they complain of others.
var features = strings.Join([]string{
	"accelerometer=()", "autoplay=()", "camera=()", "display-capture=()", "encrypted-media=()", "gamepad=()", "geolocation=()", "gyroscope=()",
	"hid=()", "idle-detection=()", "local-fonts=()", "magnetometer=()", "microphone=()", "midi=()", "payment=()", "picture-in-picture=()",
	"publickey-credentials-get=()", "screen-wake-lock=()", "serial=()", "sync-xhr=()", "usb=()", "xr-spatial-tracking=()",
}, ", ")

// protect sets the headers that every answer has. A document stands apart from the
// windows of other sites that opened it, or that it opens; frames are not concerned.
func protect(head http.Header, policy string) {
	for name, text := range map[string]string{
		"Content-Security-Policy": policy, "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": features, "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	} {
		head.Set(name, text)
	}
}
