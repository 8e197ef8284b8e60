package single

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tree writes files into a new folder, all that the page must have and those given.
func tree(t *testing.T, given map[string]string) string {
	root := t.TempDir()
	all := map[string]string{
		"index.html": `<html><head><link rel="icon" href="assets/page/a.svg" type="image/svg+xml"><link rel="stylesheet" href="assets/page/a.css">` +
			`<script src="assets/page/first.js"></script><script type="module" src="assets/page/main.js"></script></head><body><a href="https://example.org/">x</a></body></html>`,
		"assets/page/a.css": `body { background: url(a.svg) }`, "assets/page/a.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"assets/page/first.js": `document.title = "</script>";`,
		"assets/page/main.js":  `import { url } from "./files.js"; console.log(url("built/worker.wasm"));`,
		"assets/page/files.js": `export const url = (name) => new URL("../" + name, import.meta.url);`,
		"assets/stage.html":    `<html><head><script src="stage.js" defer></script></head><body><p>stage</p></body></html>`,
		"assets/stage.js":      `console.log("of the stage");`, "assets/worker.js": `onmessage = () => {};`,
		"assets/licences.txt": "l", "assets/built/worker.wasm": "w", "assets/built/worker.wasm.br": "br", "assets/built/worker.wasm.gz": "gz", "assets/built/stage.wasm": "s",
		"assets/built/wasm_exec.js": "x", "assets/built/mnist-10k.gz": "m", "assets/built/.gitignore": "#", "assets/built/ganbel.html": "old",
	}
	for name, text := range given {
		all[name] = text
	}
	for name, text := range all {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if text == "" {
			continue
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestPage(t *testing.T) {
	b, err := Page(tree(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	for want, n := range map[string]int{
		`data-file="`: 7, `data-file="licences.txt"`: 1, `data-file="built/worker.wasm"`: 1, `data-file="built/mnist-10k.gz"`: 1, `data-file="stage.html"`: 1, `data-file="worker.js"`: 1,
		`src="`: 0, "import.meta": 0, "data:image/svg+xml": 2, `</script>";`: 0, `<\/script>`: 1, "https://example.org/": 1, "</body></html>": 1,
	} {
		if got := strings.Count(page, want); got != n {
			t.Errorf("%q is there %d times, want %d", want, got, n)
		}
	}
	stage, err := inline(tree(t, nil), "assets/stage.html")
	if err != nil || !strings.Contains(string(stage), `<p>stage</p><script>console.log("of the stage");</script></body>`) {
		t.Errorf("the stage's page is %s, %v", stage, err)
	}
}

// The page and its stage run and show only their own content.
func TestPolicy(t *testing.T) {
	element := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`)
	given := map[string]string{"index.html": `<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="script-src 'self'">
<link rel="stylesheet" href="assets/page/a.css"><script src="assets/page/first.js"></script></head><body></body></html>`}
	root := tree(t, given)
	b, err := Page(root)
	if err != nil {
		t.Fatal(err)
	}
	m := element.FindAllSubmatch(b, -1)
	if len(m) != 1 || bytes.Index(b, m[0][0]) > bytes.Index(b, []byte("<style>")) || bytes.Index(b, m[0][0]) < bytes.Index(b, []byte("<meta charset")) {
		t.Fatalf("it has %d policies: %s", len(m), b)
	}
	policy := string(m[0][1])
	stage, err := inline(root, "assets/stage.html")
	if err != nil || element.Match(stage) {
		t.Errorf("the stage has a policy of its own, %v", err)
	}
	n := 0
	for _, page := range [][]byte{b, stage} {
		for _, within := range regexp.MustCompile(`(?s)<(?:script|style)>(.*?)</(?:script|style)>`).FindAllSubmatch(page, -1) {
			sum := sha256.Sum256(within[1])
			if name := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, name) {
				t.Errorf("the policy does not name %s: %s", name, policy)
			}
			n++
		}
	}
	if n != 3 || strings.Count(policy, "'sha256-") != n {
		t.Errorf("there are %d scripts and styles, and the policy is %s", n, policy)
	}
	for _, want := range []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types ganbel"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %s: %s", want, policy)
		}
	}
	for _, bad := range []string{"'unsafe-inline'", "'unsafe-eval'", "'self'", "http", "*"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy has %s: %s", bad, policy)
		}
	}
}

// What one file cannot load ends in an error that names it.
func TestErrors(t *testing.T) {
	for want, given := range map[string]map[string]string{
		"import.meta":          {"assets/page/main.js": `console.log(import.meta.url);`},
		"none.js":              {"assets/page/main.js": `import "./none.js";`},
		"loads assets/x.css":   {"index.html": `<html><head><link href="assets/x.css" rel="stylesheet"></head><body></body></html>`},
		"first.js":             {"assets/page/first.js": ""},
		"run make build first": {"assets/built/stage.wasm": ""},
		"stage.html":           {"assets/stage.html": ""},
	} {
		if _, err := Page(tree(t, given)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
