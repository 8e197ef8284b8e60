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
	// fewRows are sent to a stream that lags as what it lacks. One that lacks more is sent
	// what new streams are sent, which all share: so no stream holds much of its own.
	fewRows = 100
)

// A hub looks into a run's folder for all that ask about the run. While there are
// streams it looks every now and then; for others when they ask, not more often. What it
// has seen it keeps as it is sent, once for all.
type hub struct {
	dir string

	looking sync.Mutex // held while it looks
	watcher *record.Watcher
	looked  time.Time

	mu        sync.Mutex // of what follows
	streams   int
	following bool
	looks     int // so far
	now       place
	run       []byte      // the event that begins the run, nil if there is none
	past      record.Past // its rows
	frame     []byte      // its newest frame, nil if there is none
	state     []byte      // how it stands
	step      int
	err       error         // why there is no run
	changed   chan struct{} // closed when any of it changes, and replaced
	sent      map[place][]byte
}

// A place is how much of what there is to tell a stream was told. The zero place is that
// of a new stream.
type place struct {
	run, rows, frame, state int // of each the number told
}

func newHub(dir string) *hub {
	return &hub{dir: dir, watcher: record.NewWatcher(dir), changed: make(chan struct{}), sent: map[place][]byte{}}
}

// join counts a stream, if there are fewer than most, and leave takes it away. From the
// first to the last stream the hub looks.
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

// follow looks until there is no stream.
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

// look looks into the folder, unless that was done a moment ago.
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
			h.run = event("run", text(about{filepath.Base(h.dir), seen.Experiment, seen.Run.Preset, seen.Run.Values, seen.Run.Steps, seen.Run.Every, seen.Run.Started}))
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

// tell returns the events that lead from a place to where the run is now, which place
// that is, and a channel that is closed once there is more.
func (h *hub) tell(at place) (events []byte, now place, changed <-chan struct{}) {
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

// events returns the events that lead from a place of this run, or from the zero place,
// to now.
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

// picture returns the newest frame and its step, or why there is none.
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

// known is rows as JSON, with null for numbers that JSON cannot say.
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
		panic(err) // it is plain data
	}
	return b
}
