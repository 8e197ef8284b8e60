package serve

import (
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	sayEvery    = 15 * time.Second // a stream without events sends a comment, or it is taken for dead
	mostStreams = 1000
	// An answer is written in pieces of sendChunk bytes, each within sendWithin: a slow
	// reader gets all of it, one that does not read is disconnected.
	sendChunk  = 32 << 10
	sendWithin = 30 * time.Second
)

// LiveMark is what the page's head has where a run is watched.
const LiveMark = `<meta name="ganbel-run" content="run/">`

// Live serves files as Handler does, and to who watches the run in the folder
// dir, which another process fills and which need not exist yet:
//
//	/run/events  server-sent events, of which each has JSON:
//	    run      {name, experiment, preset, values, steps, every, started}: forget what came before
//	    metrics  {rows: [[step, metric or null, …]]}, in the order of the experiment's metrics
//	    frame    {step}: there is a new one
//	    state    {state, step, since, message}: "running", "still", "ended" or "missing", since
//	             when in milliseconds, and why it is missing
//	/run/frame   the newest frame as safetensors
//	/run/state   the same as the event, once
//
// The folder is read once for all viewers. Live writes nothing, and the page stores nothing, as OfflineWorker and OfflineFile are missing. LiveMark tells the page that it watches a run.
func Live(files fs.FS, dir string, embed ...string) http.Handler {
	return newLive(files, dir, embed...)
}

type live struct {
	hub  *hub
	most int // streams
	page http.Handler
}

func newLive(files fs.FS, dir string, embed ...string) *live {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole // so that "." has a name
	}
	page := Handler(marked{files}, embed...).(*handler)
	page.live = true
	return &live{hub: newHub(dir), most: mostStreams, page: page}
}

// marked is the page's files with LiveMark in index.html.
type marked struct{ fs.FS }

func (m marked) ReadFile(name string) ([]byte, error) {
	b, err := fs.ReadFile(m.FS, name)
	if name == "index.html" && err == nil {
		b = []byte(strings.Replace(string(b), "<head>", "<head>\n"+LiveMark, 1))
	}
	return b, err
}

// Stat looks at a file without opening it, if its file system can.
func (m marked) Stat(name string) (fs.FileInfo, error) { return fs.Stat(m.FS, name) }

func (l *live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := map[string]func(http.ResponseWriter, *http.Request){"/run/events": l.events, "/run/frame": l.frame, "/run/state": l.state}[r.URL.Path]
	if answer == nil || r.Method != http.MethodGet {
		l.page.ServeHTTP(w, r)
		return
	}
	protect(w.Header(), nothing)
	w.Header().Set("Cache-Control", "no-store")
	answer(w, r)
}

func (l *live) frame(w http.ResponseWriter, _ *http.Request) {
	b, step, err := l.hub.picture()
	if b == nil {
		why := "none was kept yet"
		if err != nil {
			why = err.Error()
		}
		http.Error(w, "There is no frame of this run: "+why, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.Header().Set("X-Step", strconv.Itoa(step))
	send(w, b) // an error means the reader is gone
}

func (l *live) state(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(l.hub.standing(), '\n'))
}

// events sends the hub's events until the page is gone or the server ends. A slow stream
// gets the events that it missed in one piece.
func (l *live) events(w http.ResponseWriter, r *http.Request) {
	if !l.hub.join(l.most) {
		w.Header().Set("Retry-After", "30")
		http.Error(w, fmt.Sprintf("%d pages watch this run already: close one.", l.most), http.StatusServiceUnavailable)
		return
	}
	defer l.hub.leave()
	l.hub.look()
	w.Header().Set("Content-Type", "text/event-stream")
	connection := http.NewResponseController(w)
	connection.SetReadDeadline(time.Time{}) // nothing more is read; a server without deadlines needs none
	quiet := time.NewTimer(sayEvery)
	defer quiet.Stop()
	for at := (place{}); ; {
		events, now, changed := l.hub.next(at)
		at = now
		if len(events) > 0 {
			if send(w, events) != nil || connection.Flush() != nil {
				return
			}
			quiet.Reset(sayEvery)
			continue // more events may have come
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		case <-quiet.C:
			if send(w, []byte(":\n\n")) != nil || connection.Flush() != nil {
				return
			}
			quiet.Reset(sayEvery)
		}
	}
}

// send writes an answer, or part of one, as long as the client reads.
func send(w http.ResponseWriter, b []byte) error {
	connection := http.NewResponseController(w)
	for len(b) > 0 {
		connection.SetWriteDeadline(time.Now().Add(sendWithin)) // not every writer has deadlines
		n, err := w.Write(b[:min(len(b), sendChunk)])
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}
