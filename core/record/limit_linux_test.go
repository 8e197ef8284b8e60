package record

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ganbel/core/experiment"
	"ganbel/core/lab"
)

// limitFiles makes every file that grows beyond some 4 kB fail, as a full disk does.
func limitFiles() {
	const most = 4 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
		panic(err)
	}
}

// limitedRun is a run whose metrics.csv grows beyond the limit; its checkpoint does not.
func limitedRun(dir string) Job {
	v, err := experiment.GumbelCategorical.Resolve("", lab.Values{"cloud": "10"})
	if err != nil {
		panic(err) // there are such settings
	}
	r := Job{Experiment: experiment.GumbelCategorical.Name, Values: v, Dir: dir, Steps: 150, Every: 1}
	now := time.Now()
	r.clock = clock{func() time.Time { now = now.Add(time.Second); return now }, func(time.Duration) { now = now.Add(time.Minute) }}
	r.Log = os.Stdout
	return r
}

// A file that the system refuses to grow, half a row included, ends with the run kept as
// it was when it still could be, and with what to do. Once there is room the run
// continues to what it would have been.
func TestLimit(t *testing.T) {
	dir, whole := t.TempDir(), t.TempDir()
	out, err := as("limited", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if said := string(out); !strings.Contains(said, "the run continues") || !strings.Contains(said, filepath.Join(dir, metricsFile)+": file too large") || !strings.Contains(said, "step 150 could not be kept") || !strings.Contains(said, "ganbel run --resume "+dir) {
		t.Errorf("it said %s", out)
	}
	if at := At(dir); at < 10 || at >= 150 {
		t.Errorf("step %d is kept", at)
	}
	r := limitedRun(whole)
	r.Log = nil
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if err := Resume(context.Background(), Job{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, dir, name) {
			t.Errorf("%s differs", name)
		}
	}
}
