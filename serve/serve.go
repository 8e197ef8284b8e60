// Package serve is the HTTP server of the page: files of the right type,
// compressed ahead, revalidated by hash, with headers that open assets to all
// origins and let the embed be framed and nothing else, and a run in a folder for who watches it. It lists no
// directory, takes no request body and writes nothing.
package serve

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

// A file is one path's content in every encoding there is.
type file struct {
	stamp   string // of what it was read from
	etag    string
	kind    string // media type
	plain   []byte
	encoded map[string][]byte // by content coding, "br" and "gzip"
}

type handler struct {
	files fs.FS
	live  bool // the page shows a run that is watched, and is not kept for use without a network
	embed map[string]bool
	mu    sync.Mutex
	known map[string]*file
	sums  map[string][2]string // what each file was read from, and its SHA-256
}

// mediaTypes are those the page needs; a machine's own table may lack some.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".wasm": "application/wasm", ".json": "application/json", ".txt": "text/plain; charset=utf-8", ".png": "image/png", ".svg": "image/svg+xml",
	".gz": "application/octet-stream", ".tape": "application/octet-stream", ".safetensors": "application/octet-stream", ".qmd": "text/markdown; charset=utf-8", ".md": "text/markdown; charset=utf-8",
}

// Framed are the files that other sites may frame: the embed, and the stage within it,
// which alone shows nothing.
var Framed = []string{"assets/embed.html", "assets/stage.html"}

// Handler serves files: "/" is index.html. x.br and x.gz next to x are x compressed,
// and are not sent if they hold anything else; texts without them are compressed when
// they are first asked for. Files may appear and change while they are served, if each is
// replaced as a whole. Only the files in embed may be framed by other sites; what is in
// assets may be loaded by all. It also answers /oembed, and OfflineFile with the list of
// what it serves.
func Handler(files fs.FS, embed ...string) http.Handler {
	h := &handler{files: files, embed: map[string]bool{}, known: map[string]*file{}, sums: map[string][2]string{}}
	for _, e := range embed {
		h.embed[e] = true
	}
	return h
}

// Bundled returns the page's files with what was bundled in the place of its source:
// assets/built/page/x stands for assets/page/x.
func Bundled(files fs.FS) fs.FS { return bundled{files} }

// Tree returns what may be served of a working tree: index.html, OfflineWorker and what
// is in assets, except files and folders whose names begin with a dot.
func Tree(root fs.FS) fs.FS { return tree{root} }

type tree struct{ fs.FS }

func (f tree) Open(name string) (fs.File, error) {
	if (name != "index.html" && name != OfflineWorker && name != "assets" && !strings.HasPrefix(name, "assets/")) || strings.Contains(name, "/.") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.FS.Open(name)
}

type bundled struct{ fs.FS }

func (f bundled) Open(name string) (fs.File, error) {
	if script, ok := strings.CutPrefix(name, "assets/page/"); ok {
		if file, err := f.FS.Open("assets/built/page/" + script); err == nil {
			return file, nil
		}
	}
	return f.FS.Open(name)
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	head := w.Header()
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	if strings.HasPrefix(name, "assets/") {
		shared(head)
	}
	head.Set("Content-Security-Policy", h.policy(name))
	if h.embed[name] {
		head.Set("Allow-CSP-From", "*") // a frame's attribute csp may narrow the policy
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		head.Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD are answered here.", http.StatusMethodNotAllowed)
		return
	}
	if name == "oembed" {
		oembed(w, r)
		return
	}
	f, err := h.file(name)
	if err != nil {
		message := fmt.Sprintf("There is no %s here.", name)
		if strings.HasPrefix(name, "assets/built/") {
			message = fmt.Sprintf("%s was not built: run “make build”, then start the server again.", name)
		}
		http.Error(w, message, http.StatusNotFound)
		return
	}
	head.Set("Content-Type", f.kind)
	head.Set("Cache-Control", "no-cache") // keep, but ask whether it is still so
	body, etag := f.plain, f.etag
	if len(f.encoded) > 0 {
		head.Set("Vary", "Accept-Encoding")
		if coding := choose(r.Header.Get("Accept-Encoding"), f.encoded); coding != "" {
			head.Set("Content-Encoding", coding)
			body, etag = f.encoded[coding], f.etag+"-"+coding
		}
	}
	head.Set("ETag", `"`+etag+`"`)
	if head.Get("Content-Encoding") == "" {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		return
	}
	// ServeContent leaves the length out where there is an encoding.
	if match(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	head.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body)
	}
}

// shared lets every origin load a file, for a frame in a sandbox has none that could be
// named, and pages that ask so of all that is in them frame it.
func shared(head http.Header) {
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	head.Set("Cross-Origin-Embedder-Policy", "require-corp")
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Access-Control-Expose-Headers", "Content-Encoding, Content-Length")
}

// policy returns the Content-Security-Policy of a file. A worker is a blob in a frame
// without an origin. frame-ancestors has no word for every page, as "*" leaves out those on
// a disk, so that what may be framed has none. The examples set styles as reveal.js does.
func (h *handler) policy(name string) string {
	styles, ancestors := "'self'", "; frame-ancestors 'self'"
	if strings.HasPrefix(name, "assets/examples/") {
		styles = "'self' 'unsafe-inline'"
	}
	if h.embed[name] {
		ancestors = ""
	}
	return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src " + styles + "; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'" + ancestors
}

func match(header, etag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == `"`+etag+`"` || t == "*" {
			return true
		}
	}
	return false
}

// choose returns the best content coding that the header accepts and the file
// has, "" for none.
func choose(header string, has map[string][]byte) string {
	quality := map[string]float64{}
	for _, part := range strings.Split(header, ",") {
		coding, param, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.
		if v, ok := strings.CutPrefix(strings.TrimSpace(param), "q="); ok {
			q, _ = strconv.ParseFloat(v, 64)
		}
		quality[strings.TrimSpace(coding)] = q
	}
	best, most := "", 0.
	for _, c := range codings {
		q, named := quality[c.name]
		if !named {
			q = quality["*"]
		}
		if _, ok := has[c.name]; ok && q > most {
			best, most = c.name, q
		}
	}
	return best
}

// stamp returns a text that changes if a file or one of its twins does.
func (h *handler) stamp(name string) string {
	var all []byte
	add := func(name string) {
		info, err := fs.Stat(h.files, name)
		if err != nil {
			all = append(all, "none "...)
			return
		}
		all = fmt.Appendf(all, "%d %d ", info.Size(), info.ModTime().UnixNano())
	}
	add(name)
	for _, c := range codings {
		add(name + c.suffix)
	}
	return string(all)
}

// file returns what is answered for a name.
func (h *handler) file(name string) (*file, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.live && (name == OfflineFile || name == OfflineWorker):
		return nil, fs.ErrNotExist
	case name == OfflineFile:
		return h.offline()
	}
	return h.open(name)
}

// offline returns the list of what is served, see OfflineList. It is made anew if one of
// the files has changed.
func (h *handler) offline() (*file, error) {
	b, err := offlineList(h.files, h.sum)
	if err != nil {
		return nil, err
	}
	return h.describe(OfflineFile, "", b), nil
}

// sum returns the SHA-256 of a file, which is read once until it changes.
func (h *handler) sum(name string) (string, error) {
	stamp := h.stamp(name)
	if s, ok := h.sums[name]; ok && s[0] == stamp {
		return s[1], nil
	}
	sum, err := sumOf(h.files)(name)
	if err == nil {
		h.sums[name] = [2]string{stamp, sum}
	}
	return sum, err
}

// open reads a file and its compressed twins, once until one of them changes.
func (h *handler) open(name string) (*file, error) {
	stamp := h.stamp(name) // before the file is read: if it is replaced meanwhile, it is read again
	if f := h.known[name]; f != nil && f.stamp == stamp {
		return f, nil
	}
	plain, err := fs.ReadFile(h.files, name)
	if err != nil {
		return nil, err
	}
	f := h.describe(name, stamp, plain)
	h.known[name] = f
	return f, nil
}

// describe returns what is answered for a name, and compresses texts that have no twins.
func (h *handler) describe(name, stamp string, plain []byte) *file {
	sum := sha256.Sum256(plain)
	f := &file{stamp: stamp, etag: fmt.Sprintf("%x", sum[:12]), plain: plain, encoded: map[string][]byte{}}
	ext := path.Ext(name)
	if f.kind = mediaTypes[ext]; f.kind == "" {
		if f.kind = mime.TypeByExtension(ext); f.kind == "" {
			f.kind = "application/octet-stream"
		}
	}
	for _, c := range codings {
		if twin, err := fs.ReadFile(h.files, name+c.suffix); err == nil && c.compressed(twin, plain) {
			f.encoded[c.name] = twin
		}
	}
	if kind, _, _ := strings.Cut(f.kind, ";"); len(f.encoded) == 0 && (strings.HasPrefix(kind, "text/") || kind == "application/json" || kind == "image/svg+xml") {
		var b bytes.Buffer
		z := brotli.NewWriterLevel(&b, 9)
		z.Write(plain) // into memory, as is what follows
		z.Close()
		f.encoded["br"] = b.Bytes()
	}
	return f
}

// localOnly refuses requests that name another host than this machine: a page
// of the web must not reach the server by a name that it resolves to loopback.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		ip := net.ParseIP(strings.Trim(host, "[]"))
		if host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "This server answers only to this machine: open http://localhost.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Run serves h at address, such as "127.0.0.1:8080", until the context ends. It
// calls ready with the address it got, which tells the port where 0 was asked for.
func Run(ctx context.Context, address string, h http.Handler, ready func(net.Addr)) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("cannot serve at %s: %w; choose another with --addr, port 0 finds a free one", address, err)
	}
	if l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		h = localOnly(h)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 16,
		BaseContext: func(net.Listener) context.Context { return ctx }} // streams end with it
	ready(l.Addr())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := s.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
