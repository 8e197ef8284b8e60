package serve

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"ganbel/core/lab"
	"ganbel/core/record"
)

const (
	lookEvery   = 250 * time.Millisecond // between looks into the run's folder
	sayEvery    = 15 * time.Second       // a stream that has nothing to tell says so, or it is taken for dead
	mostStreams = 32
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
// It writes nothing, and the page stores nothing: it lacks OfflineWorker and OfflineFile.
// The page knows of it by LiveMark.
func Live(files fs.FS, dir string, embed ...string) http.Handler {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole // so that "." has a name
	}
	page := Handler(marked{files}, embed...).(*handler)
	page.live = true
	l := &live{dir: dir, streams: make(chan bool, mostStreams), page: page}
	return l
}

type live struct {
	dir     string
	streams chan bool // as many as are open
	page    http.Handler
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

func (l *live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := map[string]func(http.ResponseWriter, *http.Request){"/run/events": l.events, "/run/frame": l.frame, "/run/state": l.state}[r.URL.Path]
	if answer == nil || r.Method != http.MethodGet {
		l.page.ServeHTTP(w, r)
		return
	}
	head := w.Header()
	for name, text := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store",
	} {
		head.Set(name, text)
	}
	answer(w, r)
}

func (l *live) frame(w http.ResponseWriter, _ *http.Request) {
	b, step, err := record.ReadFrame(l.dir)
	if err != nil {
		http.Error(w, "There is no frame of this run: "+err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.Header().Set("X-Step", strconv.Itoa(step))
	w.Write(b) // who is gone needs no answer
}

func (l *live) state(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(text(stateOf(record.NewWatcher(l.dir).Look(time.Now()))), '\n'))
}

// events tells what a watcher of its own sees, until the page is gone or the
// server ends.
func (l *live) events(w http.ResponseWriter, r *http.Request) {
	select {
	case l.streams <- true:
		defer func() { <-l.streams }()
	default:
		w.Header().Set("Retry-After", "30")
		http.Error(w, fmt.Sprintf("%d pages watch this run already: close one.", mostStreams), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	connection := http.NewResponseController(w)
	connection.SetReadDeadline(time.Time{}) // nothing more is read; a server without deadlines needs none
	watcher, last, said := record.NewWatcher(l.dir), "", time.Now()
	for {
		var b []byte
		say := func(event string, data []byte) { b = fmt.Appendf(b, "event: %s\ndata: %s\n\n", event, data) }
		seen := watcher.Look(time.Now())
		if seen.New && seen.Experiment != nil {
			say("run", text(about{filepath.Base(l.dir), seen.Experiment, seen.Run.Preset, seen.Run.Values, seen.Run.Steps, seen.Run.Every, seen.Run.Started}))
		}
		if len(seen.Rows) > 0 {
			say("metrics", text(map[string]any{"rows": known(seen.Rows)}))
		}
		if seen.NewFrame {
			say("frame", text(map[string]any{"step": seen.Step}))
		}
		if s := string(text(stateOf(seen))); s != last {
			last = s
			say("state", []byte(s))
		}
		if len(b) == 0 && time.Since(said) > sayEvery {
			b = []byte(":\n\n")
		}
		if len(b) > 0 {
			said = time.Now()
			connection.SetWriteDeadline(said.Add(30 * time.Second))
			if _, err := w.Write(b); err != nil || connection.Flush() != nil {
				return
			}
		}
		if !wait(r.Context(), lookEvery) {
			return
		}
	}
}

// wait reports whether the time passed before the context ended.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// about is what the page is told of a run.
type about struct {
	Name       string          `json:"name"`
	Experiment *lab.Experiment `json:"experiment"`
	Preset     string          `json:"preset"`
	Values     lab.Values      `json:"values"`
	Steps      int             `json:"steps"`
	Every      int             `json:"every"`
	Started    time.Time       `json:"started"`
}

// stateOf is what the page is told of a run's state.
func stateOf(s record.Seen) map[string]any {
	m := map[string]any{"state": s.State, "step": s.Step}
	if s.Err != nil {
		m["message"] = s.Err.Error()
	} else {
		m["since"] = s.Since.UnixMilli()
	}
	return m
}

// known has null for numbers that JSON cannot say.
func known(rows [][]float64) (all [][]any) {
	for _, row := range rows {
		var r []any
		for _, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				r = append(r, nil)
			} else {
				r = append(r, v)
			}
		}
		all = append(all, r)
	}
	return all
}

func text(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it is plain data
	}
	return b
}

// A Guard lets only those in who have its token: by ?token=TOKEN once, which sets
// a cookie and leads to the address without it. With Token "" it lets everyone in.
type Guard struct {
	Next  http.Handler
	Token string
}

// guardCookie is the name of the cookie that holds the token.
const guardCookie = "ganbel-token"

func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.Token == "" {
		g.Next.ServeHTTP(w, r)
		return
	}
	right := func(token string) bool { return subtle.ConstantTimeCompare([]byte(token), []byte(g.Token)) == 1 }
	if query := r.URL.Query(); right(query.Get("token")) {
		http.SetCookie(w, &http.Cookie{Name: guardCookie, Value: g.Token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-store")
		query.Del("token")
		to := "/" + strings.TrimLeft(r.URL.EscapedPath(), "/\\") // never another host
		if rest := query.Encode(); rest != "" {
			to += "?" + rest
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	if c, err := r.Cookie(guardCookie); err == nil && right(c.Value) {
		g.Next.ServeHTTP(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	http.Error(w, "This page is for those who have its token: open the whole address that “ganbel serve” printed.", http.StatusForbidden)
}
