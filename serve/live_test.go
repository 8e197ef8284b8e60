package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/record"
)

var livePage = fstest.MapFS{"index.html": {Data: []byte("<!DOCTYPE html>\n<head>\n<title>page</title></head>")}, "assets/frame.html": {Data: []byte("<head>")}}

func toyRun(t *testing.T, dir string, steps int) record.Job {
	v, err := experiment.WGANGP.Resolve("live", lab.Values{"width": "8", "batch": "16", "field": "8"})
	if err != nil {
		t.Fatal(err)
	}
	return record.Job{Experiment: "wgan-gp", Preset: "live", Values: v, Dir: dir, Steps: steps, Every: 5, Log: io.Discard}
}

// stream reads server-sent events.
type stream struct {
	t    *testing.T
	body io.Closer
	next chan [2]string // name and data
}

func listen(t *testing.T, url string) *stream {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if kind := r.Header.Get("Content-Type"); r.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("%d, %s", r.StatusCode, kind)
	}
	s := &stream{t, r.Body, make(chan [2]string, 1000)}
	t.Cleanup(func() { r.Body.Close() })
	go func() {
		defer close(s.next)
		lines, event := bufio.NewScanner(r.Body), [2]string{}
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			if v, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event[0] = v
			} else if v, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				event[1] = v
				s.next <- event
			}
		}
	}()
	return s
}

// patience is how long a test waits for what comes at once on a machine that is free.
const patience = 5 * time.Minute

// until returns the data of the next event of a name for which is is true.
func (s *stream) until(name string, is func(data string) bool) string {
	s.t.Helper()
	for late := time.After(patience); ; {
		select {
		case e, ok := <-s.next:
			if !ok {
				s.t.Fatalf("the stream ended before %s", name)
			}
			if e[0] == name && is(e[1]) {
				return e[1]
			}
		case <-late:
			s.t.Fatalf("there came no such %s", name)
		}
	}
}

func has(part string) func(string) bool {
	return func(s string) bool { return strings.Contains(s, part) }
}

// A page that waits for a run sees it begin, go on, end, and vanish.
func TestLive(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my run")
	s := httptest.NewServer(Live(livePage, dir, "assets/frame.html"))
	t.Cleanup(s.Close)
	events := listen(t, s.URL+"/run/events")
	events.until("state", has(`"message":"my run holds no run yet","state":"missing"`))
	if r := get(s.Config.Handler, "GET", "/run/frame"); r.Code != 404 {
		t.Errorf("the frame of no run: %d", r.Code)
	}

	if err := record.Start(context.Background(), toyRun(t, dir, 12)); err != nil {
		t.Fatal(err)
	}
	var about struct {
		Name, Preset string
		Steps        int
		Values       lab.Values
		Experiment   struct {
			Name    string
			Metrics []lab.Metric
		}
	}
	if err := json.Unmarshal([]byte(events.until("run", has("my run"))), &about); err != nil {
		t.Fatal(err)
	}
	if about.Name != "my run" || about.Preset != "live" || about.Experiment.Name != "wgan-gp" || about.Values["width"] != "8" || len(about.Experiment.Metrics) != len(experiment.WGANGP.Metrics) {
		t.Errorf("told of %+v", about)
	}
	// The run may have been seen half-way: its end is told in any case.
	events.until("state", has(`"state":"ended","step":12`))
	again := listen(t, s.URL+"/run/events") // who comes later is told all of it
	var metrics struct{ Rows [][]*float64 }
	if err := json.Unmarshal([]byte(again.until("metrics", has(""))), &metrics); err != nil {
		t.Fatal(err)
	}
	if len(metrics.Rows) != 2 || *metrics.Rows[1][0] != 10 || len(metrics.Rows[1]) != 1+len(experiment.WGANGP.Metrics) || metrics.Rows[1][5] == nil {
		t.Errorf("told of rows %v", metrics.Rows)
	}
	again.until("frame", has(`{"step":12}`))

	r := get(s.Config.Handler, "GET", "/run/frame")
	frame, err := data.ReadSafetensors(bytes.NewReader(r.Body.Bytes()))
	if err != nil || frame.Meta["step"] != "12" || len(frame.Tensors["fake"].Data) == 0 || r.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the frame is of step %s, %v", frame.Meta["step"], err)
	}
	if r := get(s.Config.Handler, "GET", "/run/state"); r.Code != 200 || !strings.Contains(r.Body.String(), `"state":"ended"`) {
		t.Errorf("the state is %d %s", r.Code, r.Body)
	}
	if err := record.Resume(context.Background(), record.Job{Dir: dir, Steps: 20, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	events.until("run", has(`"steps":20`))
	events.until("state", has(`"state":"ended","step":20`))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	events.until("state", has("missing"))
}

// The page knows that it shows a run, the embed does not, and nothing is written
// or answered besides.
func TestLivePage(t *testing.T) {
	h := Live(livePage, t.TempDir(), "assets/frame.html")
	for _, c := range []struct {
		method, path, want string
		code               int
	}{
		{"GET", "/", LiveMark, 200}, {"GET", "/assets/frame.html", "<head>", 200}, {"GET", "/run/", "There is no run", 404},
		{"GET", "/run/metrics.csv", "There is no", 404}, {"GET", "/run/../run.json", "There is no", 404},
		{"POST", "/run/events", "Only GET", 405}, {"DELETE", "/run/frame", "Only GET", 405},
	} {
		w := get(h, c.method, c.path)
		if w.Code != c.code || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s: %d, %q", c.method, c.path, w.Code, w.Body)
		}
	}
	if b := get(h, "GET", "/assets/frame.html").Body.String(); b != "<head>" {
		t.Errorf("the embed is %q", b)
	}
	if b := get(Handler(livePage), "GET", "/").Body.String(); strings.Contains(b, "ganbel-run") {
		t.Errorf("without a run the page is %q", b)
	}
	csp := get(h, "GET", "/run/state").Header().Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("the state has the policy %q", csp)
	}
}

// The number of streams has an end, and a stream ends with its page.
func TestLiveStreams(t *testing.T) {
	l := newLive(livePage, t.TempDir())
	if l.most < 500 {
		t.Errorf("it lets %d watch", l.most)
	}
	l.most = 8
	s := httptest.NewServer(l)
	t.Cleanup(s.Close)
	var open []*stream
	for range l.most {
		open = append(open, listen(t, s.URL+"/run/events"))
	}
	code := func() int {
		r, err := http.Get(s.URL + "/run/events")
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.StatusCode
	}
	if got := code(); got != http.StatusServiceUnavailable {
		t.Errorf("one more than %d streams: %d", l.most, got)
	}
	open[0].body.Close()
	late := time.After(patience)
	for again := time.Tick(50 * time.Millisecond); code() != 200; {
		select {
		case <-again:
		case <-late:
			t.Fatal("a stream that was closed is still counted")
		}
	}
}

// A server that is told to end does not wait for its streams.
func TestLiveEnds(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	ended, at := make(chan error, 1), make(chan string, 1)
	go func() {
		ended <- Run(ctx, "127.0.0.1:0", Live(livePage, t.TempDir()), func(a net.Addr) { at <- a.String() })
	}()
	s := listen(t, "http://"+<-at+"/run/events")
	s.until("state", has("missing"))
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	for range s.next { // ends, too
	}
}
