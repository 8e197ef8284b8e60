package serve

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"ganbel/core/lab"
	"ganbel/core/record"
)

const (
	lookEvery = 250 * time.Millisecond // between looks into the run's folder
	// A stream that lags by at most fewRows is sent those rows. One that lags more is
	// sent the text for new streams, which all share, so that no stream holds much memory
	// of its own.
	fewRows = 100
)

// A hub looks into a run's folder for all requests about the run. While it has streams it
// looks at intervals; otherwise only on request. It keeps the events as they are sent,
// one copy for all streams.
type hub struct {
	dir string

	looking sync.Mutex // held while it looks
	watcher *record.Watcher
	looked  time.Time

	mu        sync.Mutex // guards the fields below
	streams   int
	following bool
	looks     int // so far
	now       place
	run       []byte      // the event that begins the run, nil without a run
	past      record.Past // its rows
	frame     []byte      // its newest frame, or nil
	state     []byte      // the event of its state
	step      int
	err       error         // the reason for no run
	changed   chan struct{} // closed and replaced at every change
	sent      map[place][]byte
}

// A place is a stream's progress through the events. The zero place is that of a new
// stream.
type place struct {
	run, rows, frame, state int // the number sent of each
}

func newHub(dir string) *hub {
	return &hub{dir: dir, watcher: record.NewWatcher(dir), changed: make(chan struct{}), sent: map[place][]byte{}}
}

// join adds a stream if there are fewer than most, and leave removes it. The hub looks
// while it has streams.
func (h *hub) join(most int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.streams >= most {
		return false
	}
	h.streams++
	if !h.following {
		h.following = true
		go h.follow()
	}
	return true
}

func (h *hub) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams--
}

// follow looks until no stream is left.
func (h *hub) follow() {
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for range again.C {
		h.mu.Lock()
		h.following = h.streams > 0
		following := h.following
		h.mu.Unlock()
		if !following {
			return
		}
		h.look()
	}
}

// look looks into the folder, unless it did so a moment ago.
func (h *hub) look() {
	h.looking.Lock()
	defer h.looking.Unlock()
	now := time.Now()
	if now.Sub(h.looked) < lookEvery/2 {
		return
	}
	h.looked = now
	seen := h.watcher.Look(now)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.looks++
	before := h.now
	if seen.New {
		h.now.run++
		h.now.rows, h.run, h.past = 0, nil, record.Past{}
		if seen.Experiment != nil {
			h.run = event("run", text(about{filepath.Base(h.dir), seen.Experiment, seen.Job.Preset, seen.Job.Values, seen.Job.Steps, seen.Job.Every, seen.Job.Started}))
		}
	}
	for _, row := range seen.Rows {
		h.past.Add(row)
	}
	h.now.rows = h.past.Len()
	if h.frame = seen.Frame; seen.NewFrame {
		h.now.frame++
	}
	h.step, h.err = seen.Step, seen.Err
	if state := text(stateOf(seen)); string(state) != string(h.state) {
		h.state = state
		h.now.state++
	}
	if h.now != before {
		clear(h.sent)
		close(h.changed)
		h.changed = make(chan struct{})
	}
}

// next returns the events from a place to the run's present state, the new place, and a
// channel that is closed at the next change.
func (h *hub) next(at place) (events []byte, now place, changed <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at.run != h.now.run || h.now.rows-at.rows > fewRows {
		at = place{}
	}
	events, known := h.sent[at]
	if !known && at != h.now {
		events = h.events(at)
		h.sent[at] = events
	}
	return events, h.now, h.changed
}

// events returns the events from a place in this run, or from the zero place, to now.
func (h *hub) events(at place) (b []byte) {
	if at.run != h.now.run {
		b = append(b, h.run...)
	}
	if rows := h.past.Since(at.rows); len(rows) > 0 {
		b = append(b, event("metrics", fmt.Appendf(nil, `{"rows":%s}`, known(rows)))...)
	}
	if h.frame != nil && at.frame != h.now.frame {
		b = append(b, event("frame", text(map[string]any{"step": h.step}))...)
	}
	if at.state != h.now.state {
		b = append(b, event("state", h.state)...)
	}
	return b
}

// picture returns the newest frame and its step, or the reason for no frame.
func (h *hub) picture() (b []byte, step int, err error) {
	h.look()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.frame, h.step, h.err
}

// standing returns the event of the state, once the hub has looked.
func (h *hub) standing() []byte {
	h.look()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// about is the description of a run for the page.
type about struct {
	Name       string          `json:"name"`
	Experiment *lab.Experiment `json:"experiment"`
	Preset     string          `json:"preset"`
	Values     lab.Values      `json:"values"`
	Steps      int             `json:"steps"`
	Every      int             `json:"every"`
	Started    time.Time       `json:"started"`
}

// stateOf is the state of a run for the page.
func stateOf(s record.Seen) map[string]any {
	m := map[string]any{"state": s.State, "step": s.Step}
	if s.Err != nil {
		m["message"] = s.Err.Error()
	} else {
		m["since"] = s.Since.UnixMilli()
	}
	return m
}

// known is rows as JSON, with null for NaN and infinities.
func known(rows [][]float64) []byte {
	b := []byte("[")
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		for j, v := range row {
			if b = append(b, ','); j == 0 {
				b[len(b)-1] = '['
			}
			if math.IsNaN(v) || math.IsInf(v, 0) {
				b = append(b, "null"...)
			} else {
				b = strconv.AppendFloat(b, v, 'g', -1, 64)
			}
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

// event is a server-sent event of one line of data.
func event(name string, data []byte) []byte {
	return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, data)
}

func text(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data cannot fail
	}
	return b
}
