// Package serve is the HTTP server of the page: files of the right type,
// compressed ahead, revalidated by hash, with headers that open assets to all origins and
// allow framing of the embed only, and it shows a run in a folder to its viewers. It
// lists no directory, takes no request body and writes nothing.
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
	kind    string // media type
	plain   []byte
	encoded map[string][]byte // by content coding, "br" and "gzip"
	etags   map[string]string // by content coding, "" for none
}

type handler struct {
	files fs.FS
	live  bool // the page watches a run, and is not kept for use without a network
	embed map[string]bool
	mu    sync.Mutex
	known map[string]*file
	sums  map[string][2]string // the source of each file, and its SHA-256
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
// replaced as a whole. Other sites may frame only the files in embed, and may load all
// files in assets. It also answers /oembed, and OfflineFile with the list of its files.
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

// Tree returns the files of a working tree that may be served: index.html, OfflineWorker
// and assets, except files and folders whose names begin with a dot.
func Tree(root fs.FS) fs.FS { return tree{root} }

type tree struct{ fs.FS }

func (f tree) Open(name string) (fs.File, error) {
	if !shown(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.FS.Open(name)
}

// Stat looks at a file without opening it.
func (f tree) Stat(name string) (fs.FileInfo, error) {
	if !shown(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	return fs.Stat(f.FS, name)
}

// shown reports whether a file of a working tree may be served.
func shown(name string) bool {
	return (name == "index.html" || name == OfflineWorker || name == "assets" || strings.HasPrefix(name, "assets/")) && !strings.Contains(name, "/.")
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

// Stat looks at a file without opening it, if its file system can.
func (f bundled) Stat(name string) (fs.FileInfo, error) {
	if script, ok := strings.CutPrefix(name, "assets/page/"); ok {
		if info, err := fs.Stat(f.FS, "assets/built/page/"+script); err == nil {
			return info, nil
		}
	}
	return fs.Stat(f.FS, name)
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	head := w.Header()
	protect(head, h.policy(name))
	if strings.HasPrefix(name, "assets/") {
		shared(head)
	}
	if apart(name, r) {
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
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
	coding, body := "", f.plain
	if len(f.encoded) > 0 {
		head.Add("Vary", "Accept-Encoding")
		if coding = choose(r.Header.Values("Accept-Encoding"), f.encoded); coding != "" {
			body = f.encoded[coding]
			head.Set("Content-Encoding", coding)
			head.Set("Content-Length", strconv.Itoa(len(body))) // ServeContent does not set it with a coding
		}
	}
	head.Set("ETag", `"`+f.etags[coding]+`"`)
	if r.Method == http.MethodHead { // HEAD has no ranges
		r = r.Clone(r.Context())
		r.Header.Del("Range")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
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

// file returns the answer for a name.
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

// offline returns the list of the files served, see OfflineList. It is compressed again
// if one of the files has changed.
func (h *handler) offline() (*file, error) {
	b, err := offlineList(h.files, h.sum)
	if err != nil {
		return nil, err
	}
	if f := h.known[OfflineFile]; f != nil && bytes.Equal(f.plain, b) {
		return f, nil
	}
	f := h.describe(OfflineFile, "", b)
	h.known[OfflineFile] = f
	return f, nil
}

// sum returns the SHA-256 of a file. It reads the file again only if it changes.
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

// open reads a file and its compressed twins, again only if one of them changes.
func (h *handler) open(name string) (*file, error) {
	stamp := h.stamp(name) // before the file is read: if it is replaced meanwhile, it is read again
	if f := h.known[name]; f != nil && f.stamp == stamp {
		return f, nil
	}
	plain, err := read(h.files, name)
	if err != nil {
		return nil, err
	}
	f := h.describe(name, stamp, plain)
	h.known[name] = f
	return f, nil
}

// describe returns the answer for a name, and compresses texts that have no twins.
func (h *handler) describe(name, stamp string, plain []byte) *file {
	f := &file{stamp: stamp, plain: plain, encoded: map[string][]byte{}, etags: map[string]string{"": etag(plain)}}
	ext := path.Ext(name)
	if f.kind = mediaTypes[ext]; f.kind == "" {
		if f.kind = mime.TypeByExtension(ext); f.kind == "" {
			f.kind = "application/octet-stream"
		}
	}
	for _, c := range codings {
		if twin, err := read(h.files, name+c.suffix); err == nil && c.compressed(twin, plain) {
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
	for coding, b := range f.encoded {
		f.etags[coding] = etag(b)
	}
	return f
}

// read returns the content of a regular file. It opens no other: a named pipe would wait
// for its writer.
func read(files fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	return fs.ReadFile(files, name)
}

var errNotRegular = errors.New("not a regular file")

// etag returns the entity tag of a content.
func etag(b []byte) string {
	sum := sha256.Sum256(b)
	return fmt.Sprintf("%x", sum[:12])
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
