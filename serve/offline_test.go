package serve

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

type offlineAnswer struct {
	Digest string
	Files  map[string]string
}

func askOffline(t *testing.T, h http.Handler) (a offlineAnswer) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/"+OfflineFile, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func offlineTree() fstest.MapFS {
	files := fstest.MapFS{}
	for _, name := range []string{
		"index.html", "service-worker.js", "assets/embed.html", "assets/worker.js", "assets/licences.txt", "assets/examples/reveal.js/dist/reveal.css", "assets/examples/quarto.qmd",
		"assets/page/main.js", "assets/page/draw/svg.js", "assets/page/main.css", "assets/page/mark.svg", "assets/built/worker.wasm", "assets/built/mnist-10k.gz", "assets/built/tapes/a.tape", "assets/built/tapes/a.9.safetensors",
	} {
		files[name] = &fstest.MapFile{Data: []byte(name)}
	}
	return files
}

// The list has all files that the page loads, with digests of the files served.
func TestOfflineList(t *testing.T) {
	files := offlineTree()
	want := len(files)
	for _, name := range []string{
		"README.md", "go.mod", "core/x.go", "assets/assets.go", "assets/mnist/train-images-idx3-ubyte.gz", "assets/licences/main.go", "assets/pictures/a.png", "assets/page/pure.test.mjs", "assets/.hidden.js",
		"assets/built/page/main.js", "assets/built/worker.wasm.br", "assets/built/worker.wasm.gz", "assets/built/tapes/core", "assets/built/ganbel.html", "assets/built/.gitignore", OfflineFile,
	} {
		files[name] = &fstest.MapFile{Data: []byte("other " + name)}
	}
	a := askOffline(t, Handler(files))
	if len(a.Files) != want || len(a.Digest) != 32 {
		t.Errorf("%d files, want %d, digest %q: %v", len(a.Files), want, a.Digest, a.Files)
	}
	for name, sum := range a.Files {
		if b, ok := offlineTree()[name]; !ok || sum != fmt.Sprintf("%x", sha256.Sum256(b.Data)) {
			t.Errorf("%s: %s", name, sum)
		}
	}
	if b := askOffline(t, Handler(Bundled(files))); b.Digest == a.Digest || b.Files["assets/page/main.js"] != fmt.Sprintf("%x", sha256.Sum256([]byte("other assets/built/page/main.js"))) {
		t.Errorf("bundled: %v", b)
	}
	var static offlineAnswer
	if list, err := OfflineList(Tree(files)); err != nil || json.Unmarshal(list, &static) != nil || static.Digest != a.Digest {
		t.Errorf("for other servers: %.60s, %v", list, err)
	}
}

// Every change to a file that the page loads changes the digest, also while it is served.
func TestOfflineDigest(t *testing.T) {
	files := offlineTree()
	h := Handler(files)
	seen := map[string]string{askOffline(t, h).Digest: "as it was"}
	for name := range offlineTree() {
		files[name] = &fstest.MapFile{Data: []byte("another " + name)}
		d := askOffline(t, h).Digest
		if old, ok := seen[d]; ok {
			t.Errorf("%s: the digest stays that of %s", name, old)
		}
		seen[d] = name
	}
	delete(files, "assets/built/tapes/a.tape")
	if d := askOffline(t, h).Digest; seen[d] != "" {
		t.Error("a file that is gone")
	}
}

// A page that watches a run keeps nothing.
func TestLiveKeepsNothing(t *testing.T) {
	h := Live(offlineTree(), t.TempDir())
	for _, name := range []string{OfflineFile, OfflineWorker} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/"+name, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", name, w.Code)
		}
	}
}
