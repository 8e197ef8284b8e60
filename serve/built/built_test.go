package built

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"ganbel/core/data"
	"ganbel/serve"
)

// sources are what a tree has before anything is made of it.
func sources(t *testing.T) map[string]string {
	return map[string]string{
		"index.html": "<p>page</p>", "go.mod": "module x", "assets/worker.js": "let worker",
		"assets/built/worker.wasm": strings.Repeat("trainer ", 40_000), "assets/built/stage.wasm": strings.Repeat("picture ", 60_000),
		"assets/built/.hidden": "h", "assets/page/main.js": strings.Repeat("let a;", 1000), "assets/built/page/main.js": "let a;",
	}
}

func grow(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// get asks for a file and returns it decoded, with its coding.
func get(t *testing.T, h http.Handler, name, accept string) (code int, body []byte, coding string) {
	t.Helper()
	r := httptest.NewRequest("GET", "/"+name, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	coding = w.Header().Get("Content-Encoding")
	var from io.Reader = w.Body
	switch coding {
	case "br":
		from = brotli.NewReader(from)
	case "gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		from = z
	}
	body, err := io.ReadAll(from)
	if err != nil {
		t.Errorf("%s, %s: half of it came: %v", name, coding, err)
	}
	return w.Code, body, coding
}

// whole fails the test unless all that is served of a tree is right: sources, and the
// tapes that are there, with the checkpoints that they name.
func whole(t *testing.T, root string) {
	t.Helper()
	h := serve.Handler(serve.Tree(os.DirFS(root)))
	for name, text := range sources(t) {
		for _, accept := range []string{"", "gzip", "br, gzip"} {
			code, body, _ := get(t, h, name, accept)
			if shown := name == "index.html" || strings.HasPrefix(name, "assets/") && !strings.Contains(name, "/."); !shown {
				if code != 404 {
					t.Errorf("%s is served", name)
				}
			} else if code != 200 || string(body) != text {
				t.Errorf("%s, accepting %q: %d, %d bytes of %d", name, accept, code, len(body), len(text))
			}
		}
	}
	for _, of := range short {
		name := "assets/built/tapes/" + of.experiment + "." + of.preset + ".tape"
		code, body, _ := get(t, h, name, "br, gzip")
		if code == 404 {
			continue
		}
		s, err := data.ReadSafetensors(bytes.NewReader(body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var checkpoints []struct {
			File  string
			Bytes int
		}
		if err := json.Unmarshal([]byte(s.Meta["checkpoints"]), &checkpoints); err != nil || len(checkpoints) == 0 {
			t.Errorf("%s has checkpoints %v, %v", name, checkpoints, err)
		}
		for _, c := range checkpoints {
			if code, body, _ := get(t, h, "assets/built/tapes/"+c.File, ""); code != 200 || len(body) != c.Bytes {
				t.Errorf("%s names %s: %d, %d bytes of %d", name, c.File, code, len(body), c.Bytes)
			}
		}
	}
}

// before is the variable that has TestMaker make what the tree that it names lacks.
const before = "GANBEL_TEST_TREE"

// TestMaker is what TestKilled kills.
func TestMaker(t *testing.T) {
	root := os.Getenv(before)
	if root == "" {
		t.Skip("TestKilled runs it in a process of its own")
	}
	o := Options{Assets: filepath.Join(root, "assets"), Core: "a", Jobs: 1}
	if err := makeTapes(t.Context(), o, short); err != nil {
		t.Fatal(err)
	}
	if err := compress(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}

// What is served is right before anything is made, whenever the program that makes it
// is killed, and when all is made.
func TestKilled(t *testing.T) {
	root := t.TempDir()
	grow(t, root, sources(t))
	whole(t, root)
	o := Options{Assets: filepath.Join(root, "assets"), Core: "a", Jobs: 1}
	dir := o.built()
	for _, next := range []string{"tapes/" + short[0].experiment + "." + short[0].preset + ".tape", "tapes/" + short[0].experiment + "." + short[0].preset + ".tape.br", "stage.wasm.br", "worker.wasm.gz"} {
		c := exec.Command(os.Args[0], "-test.run=^TestMaker$")
		c.Env = append(os.Environ(), before+"="+root)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- c.Wait(); close(ended) }()
		for seen := false; !seen; {
			select {
			case err := <-ended:
				if _, there := os.Stat(filepath.Join(dir, next)); err != nil || there != nil {
					t.Fatalf("it ended before there was a %s: %v", next, err)
				}
				seen = true
			default:
				_, err := os.Stat(filepath.Join(dir, next))
				seen = err == nil
			}
			whole(t, root) // while it works
		}
		c.Process.Kill()
		<-ended
		whole(t, root)
	}
	// The next one ends what they left.
	if err := makeTapes(t.Context(), o, short); err != nil {
		t.Fatal(err)
	}
	if err := compress(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	whole(t, root)
	h := serve.Handler(serve.Tree(os.DirFS(root)))
	for _, name := range []string{"worker.wasm", "stage.wasm", "tapes/wgan-gp.clip.tape", "tapes/wgan-gp.live.tape"} {
		if _, _, coding := get(t, h, "assets/built/"+name, "br, gzip"); coding != "br" {
			t.Errorf("%s is sent as %q", name, coding)
		}
	}
}

// A server that has answered sends what was made since, and what was replaced.
func TestAppears(t *testing.T) {
	root := t.TempDir()
	grow(t, root, sources(t))
	o := Options{Assets: filepath.Join(root, "assets"), Core: "a", Jobs: 1}
	dir := o.built()
	h := serve.Handler(serve.Tree(os.DirFS(root)))
	const tape = "assets/built/tapes/wgan-gp.clip.tape"
	if code, _, _ := get(t, h, tape, ""); code != 404 {
		t.Errorf("before it is recorded a tape gives %d", code)
	}
	if _, _, coding := get(t, h, "assets/built/worker.wasm", "br"); coding != "" {
		t.Errorf("before it is compressed a file comes as %q", coding)
	}
	if err := makeTapes(t.Context(), o, short); err != nil {
		t.Fatal(err)
	}
	if err := compress(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if code, _, coding := get(t, h, tape, "br"); code != 200 || coding != "br" {
		t.Errorf("a tape that was recorded meanwhile gives %d, %q", code, coding)
	}
	if _, _, coding := get(t, h, "assets/built/worker.wasm", "br"); coding != "br" {
		t.Errorf("compressed meanwhile, a file comes as %q", coding)
	}
	// The twins are of the file before: they are not sent.
	if err := data.WriteFile(filepath.Join(dir, "worker.wasm"), []byte("another trainer")); err != nil {
		t.Fatal(err)
	}
	for _, accept := range []string{"br", "gzip", ""} {
		if code, body, _ := get(t, h, "assets/built/worker.wasm", accept); code != 200 || string(body) != "another trainer" {
			t.Errorf("accepting %q, a file that was replaced gives %d, %.20q", accept, code, body)
		}
	}
	if err := compress(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, body, coding := get(t, h, "assets/built/worker.wasm", "gzip"); coding != "gzip" || string(body) != "another trainer" {
		t.Errorf("compressed anew it comes as %q, %.20q", coding, body)
	}
}

// Files that a killed program left are removed an hour later, and no others.
func TestTidy(t *testing.T) {
	dir := t.TempDir()
	left := []string{".mnist-10k.gz.123.ganbel-part", ".worker.wasm.br.99.ganbel-part", "tapes/.wgan-gp.live.tape.1.ganbel-part", "tapes/.core.7.ganbel-part"}
	kept := []string{"worker.wasm", "worker.wasm.br", "tapes/wgan-gp.live.138.safetensors", "tapes/wgan-gp.live.tape", "note.5"}
	all := map[string]string{}
	for _, name := range slices.Concat(left, kept) {
		all[name] = name
	}
	grow(t, dir, all)
	if err := tidy(dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat(left, kept) {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("another program may still write %s: %v", name, err)
		}
	}
	if err := tidy(dir, time.Now().Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for name := range all {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != slices.Contains(kept, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The digits are written once.
func TestDigits(t *testing.T) {
	o := Options{Assets: t.TempDir()}
	if err := os.Mkdir(o.built(), 0o755); err != nil {
		t.Fatal(err)
	}
	mnist, err := filepath.Abs("../../assets/mnist")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(mnist, filepath.Join(o.Assets, "mnist")); err != nil {
		t.Fatal(err)
	}
	if err := Digits(o); err != nil {
		t.Fatal(err)
	}
	first := names(t, o.built())
	if err := Digits(o); err != nil {
		t.Fatal(err)
	}
	for name, info := range names(t, o.built()) {
		if !os.SameFile(info, first[name]) || info.Size() < 10_000 {
			t.Errorf("%s was written again, or has %s bytes", name, strconv.FormatInt(info.Size(), 10))
		}
	}
	if len(first) != 2 {
		t.Errorf("there is %v", first)
	}
}
