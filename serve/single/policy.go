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
	// served matches the policy of a page for servers, which the single file replaces by
	// its own.
	served = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>\n?`)
	runs   = regexp.MustCompile(`(?s)<script(?: type="module")?>(.*?)</script>`)
	styles = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
)

// policy returns the Content-Security-Policy of pages in one file: they run their own
// scripts and styles, start the workers and frames that they contain, and load nothing
// else.
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

// restrict inserts a policy before everything else in a page. Only the page's encoding,
// if it has one, stays first, as browsers look for it at the beginning.
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
