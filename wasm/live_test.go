//go:build tools && !js

package wasm

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/serve"
)

// A page watches a run that is trained elsewhere, from before it begins until it
// is gone, and survives its server.
func TestLive(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "elsewhere")
	var door sync.RWMutex // closed, the server is gone
	h := serve.Live(tree{os.DirFS(".."), nil}, dir, "assets/embed.html", "assets/stage.html")
	gone, leave := context.WithCancel(context.Background())
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		door.RLock()
		left := gone
		door.RUnlock()
		if left.Err() != nil {
			panic(http.ErrAbortHandler)
		}
		ctx, stop := context.WithCancel(r.Context())
		defer context.AfterFunc(left, stop)()
		h.ServeHTTP(w, r.WithContext(ctx))
	}))
	t.Cleanup(s.Close)

	ctx := open(t, s.URL+"/#v=1&lang=en&theme=light&tab=gumbel")
	const status = "document.getElementById('live-status').textContent"
	wait(t, ctx, status+".includes('elsewhere holds no run yet')")
	keep(t, ctx, "live-waiting")

	v, err := experiment.WGANGP.Resolve("live", lab.Values{"width": "16", "batch": "64", "field": "33", "learning-rate": "0.003"})
	if err != nil {
		t.Fatal(err)
	}
	training, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	r := record.Job{Experiment: "wgan-gp", Preset: "live", Values: v, Dir: dir, Steps: math.MaxInt32, Every: 10, Log: io.Discard}
	go func() { ended <- record.Start(training, r) }()
	t.Cleanup(stop)

	wait(t, ctx, "document.getElementById('panel').dataset.tab === 'wgan' && document.getElementById('stage-box').dataset.state === 'shown'")
	wait(t, ctx, step+" > 50 && "+metric("w1")+" > 0 && "+status+".startsWith('The run goes on')")
	at, w1 := value[float64](t, ctx, step), value[float64](t, ctx, metric("w1"))
	wait(t, ctx, fmt.Sprintf("%s > %v + 200 && %s !== %v && Number(document.getElementById('rate').dataset.rate) > 0", step, at, metric("w1"), w1))
	first := shoot(t, ctx, "live")
	n := stagePixels(t, ctx, first, near(0xE6, 0x9F, 0, 60), near(0, 0x72, 0xB2, 60))
	if n[0] < 100 || n[1] < 100 {
		t.Errorf("%d orange pixels of real points and %d blue ones of fakes", n[0], n[1])
	}
	if off := value[[]string](t, ctx, `[...document.querySelectorAll("#play, #step, #reset, #new-seed, #speed, #preset, #form input, #form select, [data-tab=gumbel]")].filter((e) => !e.disabled).map((e) => e.id || e.name)`); len(off) > 0 {
		t.Errorf("%v can be used", off)
	}
	if got := value[string](t, ctx, "document.querySelector('[name=width]').value"); got != "16" {
		t.Errorf("the form shows a width of %s", got)
	}
	if n := value[float64](t, ctx, `performance.getEntriesByType("resource").filter((e) => /worker\.(js|wasm)|mnist/.test(e.name)).length`); n > 0 {
		t.Errorf("%v files of the trainer were loaded for nothing", n)
	}
	until(t, ctx, "training changes the picture", func() bool { return differ(first, shoot(t, ctx, "live")) >= 300 })
	click(t, ctx, "#language")
	wait(t, ctx, status+".startsWith('学習中')")
	keep(t, ctx, "live-ja")
	click(t, ctx, "#language")

	// The server ends, and comes again.
	expect(ctx, "ERR_EMPTY_RESPONSE|ERR_CONNECTION|ERR_FAILED")
	door.Lock()
	leave()
	door.Unlock()
	wait(t, ctx, status+".startsWith('The server does not answer since')")
	keep(t, ctx, "live-lost")
	door.Lock()
	gone, leave = context.WithCancel(context.Background())
	door.Unlock()
	defer func() { leave() }()
	at = value[float64](t, ctx, step)
	wait(t, ctx, fmt.Sprintf("%s.startsWith('The run goes on') && %s > %v + 50", status, step, at))

	// It is stopped, goes on to its end, and is deleted.
	stop()
	<-ended
	last := value[float64](t, ctx, step)
	if err := record.Resume(context.Background(), record.Job{Dir: dir, Steps: int(last) + 100, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	wait(t, ctx, status+".startsWith('The run ended at step')")
	keep(t, ctx, "live-ended")
	expect(ctx, "404.*/run/frame") // it may be requesting the last picture
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	wait(t, ctx, status+".includes('holds no run yet')")
	if text := value[string](t, ctx, "document.getElementById('fault').hidden ? '' : document.getElementById('fault').innerText"); text != "" {
		t.Errorf("it finds fault: %s", text)
	}
	if hash := value[string](t, ctx, "location.hash"); !strings.Contains(hash, "lang=en") {
		t.Errorf("its address became %s", hash)
	}
}
