package serve

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ganbel/core/data"
	"ganbel/core/record"
)

const viewers = 500

// A written run is a run in a folder that the test writes.
type written struct {
	t       *testing.T
	dir     string
	metrics *os.File
	bytes   int64 // written so far, of metrics and frames
}

// begin writes a run with the given number of rows.
func begin(t *testing.T, rows int) *written {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	ctx, stop := context.WithCancel(t.Context())
	r := toyRun(t, dir, 1<<30)
	r.Show = func(record.Progress) { stop() }
	record.Start(ctx, r) // it stops at once
	w := &written{t: t, dir: dir}
	if err := os.Remove(filepath.Join(dir, "frame.safetensors")); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "metrics.csv"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	w.metrics = f
	head, err := bufio.NewReader(f).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(int64(len(head))); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	w.bytes = int64(len(head))
	w.rows(1, rows)
	return w
}

// rows adds rows of steps from one to another.
func (w *written) rows(from, to int) {
	w.t.Helper()
	var b bytes.Buffer
	for step := from; step <= to; step++ {
		fmt.Fprintf(&b, "%d%s\n", step, strings.Repeat(",0.123456789", 12))
	}
	w.bytes += int64(b.Len())
	if _, err := w.metrics.Write(b.Bytes()); err != nil {
		w.t.Fatal(err)
	}
}

// frame puts a frame of a step in place of the one before.
func (w *written) frame(step int) {
	w.t.Helper()
	var b bytes.Buffer
	s := data.Store{Meta: map[string]string{"experiment": "wgan-gp", "step": strconv.Itoa(step)}, Tensors: map[string]data.Tensor{"fake": {Shape: []int{1000}, Data: make([]float32, 1000)}}}
	if err := data.WriteSafetensors(&b, s); err != nil {
		w.t.Fatal(err)
	}
	w.bytes += int64(b.Len())
	if err := data.WriteFile(filepath.Join(w.dir, "frame.safetensors"), b.Bytes()); err != nil {
		w.t.Fatal(err)
	}
}

// quietly waits until all goroutines of a group are done.
func quietly(t *testing.T, all *sync.WaitGroup, what string) {
	t.Helper()
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("not yet: " + what)
	}
}

// 500 viewers get every row and the frames, while others read nothing. The folder is read
// once for all.
func TestLiveViewers(t *testing.T) {
	run := begin(t, 50)
	l := newLive(livePage, run.dir)
	s := httptest.NewServer(l)
	t.Cleanup(s.Close)
	client := s.Client()
	var stuck []*stuckWriter
	for range 25 {
		w := newStuck()
		stuck = append(stuck, w)
		ctx, leave := context.WithCancel(t.Context())
		gone := make(chan struct{})
		go func() {
			l.ServeHTTP(w, httptest.NewRequest("GET", "/run/events", nil).WithContext(ctx))
			close(gone)
		}()
		t.Cleanup(func() { leave(); close(w.free); <-gone })
	}
	const last = 90
	var came, done sync.WaitGroup
	var faults atomic.Value
	for range viewers {
		came.Add(1)
		done.Go(func() {
			if err := view(client, s.URL, last, came.Done); err != nil {
				faults.Store(err.Error())
			}
		})
	}
	quietly(t, &came, "all streams have begun")
	for step := 51; step <= last; step += 10 {
		run.rows(step, step+9)
		run.frame(step + 9)
		looked := l.hub.count()
		for l.hub.count() < looked+2 { // until it was seen
			time.Sleep(lookEvery / 4)
		}
	}
	quietly(t, &done, "all have seen the last frame")
	if err := faults.Load(); err != nil {
		t.Error(err)
	}
	for i, w := range stuck {
		if w.writes.Load() != 1 {
			t.Errorf("stream %d, which reads nothing, was written to %d times", i, w.writes.Load())
		}
	}
	l.hub.looking.Lock()
	defer l.hub.looking.Unlock()
	if got := l.hub.watcher.BytesRead(); got != run.bytes {
		t.Errorf("%d viewers made it read %d bytes, of %d there are", viewers, got, run.bytes)
	}
}

// view watches like a page until it has the frame of the last step, and returns the first
// error.
func view(client *http.Client, url string, last int, came func()) error {
	first := sync.OnceFunc(came)
	defer first()
	r, err := client.Get(url + "/run/events")
	if err != nil {
		return err
	}
	defer r.Body.Close()
	lines, kind, step := bufio.NewScanner(r.Body), "", 0
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		if v, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			kind = v
		}
		v, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		switch kind {
		case "metrics":
			for row := range strings.SplitSeq(strings.TrimPrefix(v, `{"rows":[[`), "],[") {
				at, err := strconv.Atoi(row[:strings.IndexByte(row, ',')])
				if err != nil || at != step+1 {
					return fmt.Errorf("after the row of step %d comes %.30s", step, row)
				}
				step = at
			}
			first()
		case "frame":
			if v != fmt.Sprintf(`{"step":%d}`, last) {
				continue
			}
			r, err := client.Get(url + "/run/frame")
			if err != nil {
				return err
			}
			defer r.Body.Close()
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			s, err := data.ReadSafetensors(bytes.NewReader(b))
			if err != nil || s.Meta["step"] != strconv.Itoa(last) || step != last {
				return fmt.Errorf("at step %d the frame is of step %s, %v", step, s.Meta["step"], err)
			}
			return nil
		}
	}
	return fmt.Errorf("the stream ended at step %d: %v", step, lines.Err())
}

// count returns the number of times the hub looked.
func (h *hub) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.looks
}

// A stuckWriter takes the first write, and returns only when it is freed.
type stuckWriter struct {
	header http.Header
	free   chan struct{}
	wrote  chan []byte
	writes atomic.Int64
}

func newStuck() *stuckWriter {
	return &stuckWriter{http.Header{}, make(chan struct{}), make(chan []byte, 1), atomic.Int64{}}
}

func (w *stuckWriter) Header() http.Header { return w.header }
func (w *stuckWriter) WriteHeader(int)     {}
func (w *stuckWriter) Flush()              {}
func (w *stuckWriter) Write(b []byte) (int, error) {
	if w.writes.Add(1) == 1 {
		w.wrote <- b
		<-w.free
	}
	return 0, io.ErrClosedPipe
}

// Many slow readers share one copy of the waiting text in memory.
func TestLiveSlowViewers(t *testing.T) {
	run := begin(t, 5000)
	run.frame(5000)
	l := newLive(livePage, run.dir)
	ctx, leave := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var stuck []*stuckWriter
	for range viewers {
		w := newStuck()
		stuck = append(stuck, w)
		all.Go(func() { l.ServeHTTP(w, httptest.NewRequest("GET", "/run/events", nil).WithContext(ctx)) })
	}
	places := map[*byte]bool{}
	for _, w := range stuck {
		select {
		case b := <-w.wrote:
			places[&b[0]] = true
		case <-time.After(patience):
			t.Fatal("a stream does not begin")
		}
	}
	if len(places) != 1 {
		t.Errorf("%d streams hold %d texts", viewers, len(places))
	}
	// A stream that lags a little is sent the missing rows, one that lags much the text
	// for new streams.
	whole, now, _ := l.hub.next(place{})
	for behind, shared := range map[int]bool{1: false, fewRows: false, fewRows + 1: true, 4000: true} {
		at := now
		at.rows -= behind
		events, _, _ := l.hub.next(at)
		if (&events[0] == &whole[0]) != shared || !shared && bytes.Count(events, []byte("],[")) != behind-1 && behind > 1 {
			t.Errorf("%d rows behind it is sent %d bytes of %d", behind, len(events), len(whole))
		}
	}
	if n := bytes.Count(whole, []byte("],[")) + 1; n > 2001 || n < 1000 {
		t.Errorf("a new stream is sent %d rows of 5000", n)
	}
	leave()
	for _, w := range stuck {
		close(w.free)
	}
	quietly(t, &all, "all streams have ended")
	for late := time.After(patience); ; {
		l.hub.mu.Lock()
		following := l.hub.following
		l.hub.mu.Unlock()
		if !following {
			return
		}
		select {
		case <-time.After(lookEvery / 4):
		case <-late:
			t.Fatal("it looks for nobody")
		}
	}
}

// The numbers of a row are JSON; NaN and infinities are null.
func TestKnown(t *testing.T) {
	inf := math.Inf(1)
	if got := string(known([][]float64{{1, 1e-7, 1e21, -0.5}, {2, inf, inf - inf}, {3}})); got != "[[1,1e-07,1e+21,-0.5],[2,null,null],[3]]" {
		t.Errorf("%s", got)
	}
	if got := string(known(nil)); got != "[]" {
		t.Errorf("no rows are %s", got)
	}
}
