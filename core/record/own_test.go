package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// release keeps the file of the role "own" open, and so its lock.
var release func()

// Some tests start this program again, in the role that GANBEL_TEST_ROLE names.
func TestMain(m *testing.M) {
	switch os.Getenv("GANBEL_TEST_ROLE") {
	case "": // the tests themselves
		os.Exit(m.Run())
	case "own": // owns a folder until it is killed
		var err error
		if release, err = Own(os.Getenv("GANBEL_TEST_DIR"), os.Stderr); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("owned")
		select {}
	case "worker": // trains until its parent ends
		ctx := Tethered(context.Background())
		err := Start(ctx, toyRun(os.Getenv("GANBEL_TEST_DIR"), math.MaxInt32))
		var stopped *Stopped
		if errors.As(err, &stopped) {
			os.Exit(130)
		}
		fmt.Println(err)
		os.Exit(1)
	case "parent": // starts a worker, prints its number, and waits to be killed
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "GANBEL_TEST_ROLE=worker")
		if _, err := Tether(c); err != nil {
			panic(err)
		}
		if err := c.Start(); err != nil {
			panic(err)
		}
		fmt.Println(c.Process.Pid)
		c.Wait()
	case "limited": // trains with a small limit on the size of a file
		limitFiles()
		err := Start(context.Background(), limitedRun(os.Getenv("GANBEL_TEST_DIR")))
		fmt.Println(err)
	}
}

// as returns this program, started anew in a role.
func as(role, dir string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "GANBEL_TEST_ROLE="+role, "GANBEL_TEST_DIR="+dir)
	return c
}

// first starts a command and returns the first line that it prints.
func first(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var line []byte
	for b := []byte{0}; ; line = append(line, b[0]) {
		if _, err := out.Read(b); err != nil || b[0] == '\n' {
			return string(line)
		}
	}
}

// A folder has one owner, which is named, and is free as soon as the owner was killed.
// Nothing is read or written, and what an owner left is tidied by the next.
func TestOwn(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("a browser has no processes")
	}
	dir := filepath.Join(t.TempDir(), "a", "run")
	c := as("own", dir)
	if line := first(t, c); line != "owned" {
		t.Fatal(line)
	}
	left := filepath.Join(dir, ".metrics.csv.17.ganbel-part")
	mine := filepath.Join(dir, "metrics.csv.17")
	for _, name := range []string{left, mine} {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	before := files(t, dir)
	want := fmt.Sprintf("%s is being trained by process %d: wait for it, or stop it", dir, c.Process.Pid)
	for what, err := range map[string]error{
		"Start": Start(context.Background(), toy(t, dir, 5)), "Resume": Resume(context.Background(), Job{Dir: dir, Log: io.Discard}),
	} {
		var busy *Busy
		if !errors.As(err, &busy) || busy.Pid != c.Process.Pid || err.Error() != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	if after := files(t, dir); after != before {
		t.Errorf("the folder held %s and now holds %s", before, after)
	}
	c.Process.Kill()
	c.Wait()
	if err := Start(context.Background(), toy(t, dir, 5)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the killed owner's temporary file is there")
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error("a person's file is gone")
	}
	if strings.Contains(files(t, dir), ownerFile) {
		t.Error("the lock's file is left")
	}
}

// files lists a folder.
func files(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, err = filepath.Rel(dir, name)
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

// Two parts of one process are as two processes, many at once get one owner, and what was
// created for nothing is removed.
func TestOwnOnce(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("a browser has no locks")
	}
	dir := filepath.Join(t.TempDir(), "new", "run")
	for range 50 {
		owned := make(chan func())
		for range 8 {
			go func() {
				release, err := Own(dir, io.Discard)
				if busy := new(Busy); err != nil && (!errors.As(err, &busy) || busy.Pid != 0 && busy.Pid != os.Getpid()) {
					t.Error(err)
				}
				owned <- release
			}()
		}
		var owners []func()
		for range 8 {
			if release := <-owned; release != nil {
				owners = append(owners, release)
			}
		}
		if len(owners) != 1 {
			t.Fatalf("%d owners at once", len(owners))
		}
		owners[0]()
		if all, err := os.ReadDir(dir); err == nil && len(all) > 0 { // the folder is left if one of the others created it
			t.Fatalf("%v is left", all)
		}
	}
	dir = filepath.Join(t.TempDir(), "new", "run")
	release, err := Own(dir, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	release()
	if _, err := os.Stat(filepath.Dir(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the empty folder is left")
	}
}

// A worker ends, with a checkpoint, when its parent was killed.
func TestTether(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("a browser has no processes")
	}
	dir := t.TempDir()
	parent := as("parent", dir)
	pid, err := strconv.Atoi(first(t, parent))
	if err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(5 * time.Minute) // only a fault waits so long
	for !strings.Contains(tail(dir), "\n20,") && time.Now().Before(end) {
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := Own(dir, io.Discard); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d:", pid)) {
		t.Errorf("the worker does not own its folder: %v", err)
	}
	parent.Process.Kill()
	parent.Wait()
	for {
		release, err := Own(dir, io.Discard)
		if err == nil {
			release()
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if at := At(dir); at < 20 {
		t.Errorf("the worker kept step %d, and had reached 20", at)
	}
}

// tail returns what metrics.csv holds by now.
func tail(dir string) string {
	b, _ := os.ReadFile(filepath.Join(dir, metricsFile))
	return string(b)
}

// A worker that is cut off ends in good order, too, and one that was not tethered does
// not watch its standard input.
func TestCut(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("a browser has no processes")
	}
	if ctx := Tethered(context.Background()); ctx != context.Background() {
		t.Error("this process is tethered")
	}
	dir := t.TempDir()
	c := as("worker", dir)
	var out bytes.Buffer
	c.Stdout = &out
	cut, err := Tether(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(5 * time.Minute)
	for !Holds(dir) && time.Now().Before(end) {
		time.Sleep(10 * time.Millisecond)
	}
	cut()
	c.Wait()
	if code := c.ProcessState.ExitCode(); code != 130 {
		t.Errorf("it ended with %d: %s", code, out.String())
	}
}
