//go:build unix

package serve

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Only regular files are served: a named pipe would block everyone.
func TestRegularFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"index.html": "<p>page", OfflineWorker: "1", "assets/a.js": "let a"} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"assets/pipe.js", "assets/a.js.br"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "assets/folder.js"), 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	h := Handler(Tree(root.FS()))
	for path, want := range map[string]int{"/assets/pipe.js": 404, "/assets/folder.js": 404, "/assets/a.js": 200, "/" + OfflineFile: 200} {
		w := get(h, "GET", path, "Accept-Encoding", "br")
		if w.Code != want || strings.Contains(w.Body.String(), "pipe.js\"") {
			t.Errorf("%s: %d, %s", path, w.Code, w.Body)
		}
	}
}
