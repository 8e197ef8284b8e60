package single

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

var (
	// served is the policy of a page for servers, which one file replaces by its own.
	served = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>\n?`)
	runs   = regexp.MustCompile(`(?s)<script(?: type="module")?>(.*?)</script>`)
	styles = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
)

// policy returns what pages in one file may load and do, as a Content-Security-Policy:
// run the scripts and apply the styles that are within them, start what they carry in
// workers and frames, and reach nothing else.
func policy(pages ...[]byte) string {
	var js, css []string
	for _, page := range pages {
		for _, m := range runs.FindAllSubmatch(page, -1) {
			js = append(js, digest(m[1]))
		}
		for _, m := range styles.FindAllSubmatch(runs.ReplaceAll(page, nil), -1) {
			css = append(css, digest(m[1]))
		}
	}
	return fmt.Sprintf("default-src 'none'; script-src 'wasm-unsafe-eval' %s; style-src %s; worker-src blob:; img-src data: blob:; connect-src data: blob:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types ganbel",
		strings.Join(js, " "), strings.Join(css, " "))
}

// digest returns the name of a script or a style sheet in a policy.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// restrict puts a policy in front of all that a page does. The page's encoding, if it
// names one, stays where it is first, for browsers look for it at the beginning only.
func restrict(page []byte, policy string) []byte {
	element := fmt.Appendf(nil, "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n", policy)
	for _, after := range []string{"<meta charset=\"utf-8\">\n", "<head>"} {
		if i := bytes.Index(page, []byte(after)); i >= 0 {
			i += len(after)
			return append(append(bytes.Clone(page[:i]), element...), page[i:]...)
		}
	}
	return page
}
