//go:build unix

package record

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// described makes the folder of a run that has begun and has one row.
func described(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	r := toy(t, dir, 1000)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := r.describe(); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, metricsFile), "step,w1\n10,1.5\n")
	return dir
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A watcher opens regular files of the run's folder and nothing else, and reports what
// else it finds.
func TestWatchRegular(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	put(t, outside, "step,w1\n7,7\n")
	inPlace := map[string]func(name string) error{
		"a named pipe": func(name string) error { return syscall.Mkfifo(name, 0o644) },
		"a folder":     func(name string) error { return os.Mkdir(name, 0o755) },
		"leads out":    func(name string) error { return os.Symlink(outside, name) },
		"leads out ":   func(name string) error { return os.Symlink("/dev/zero", name) },
		"leads out  ":  func(name string) error { return os.Symlink("../../secret", name) },
		"a socket": func(name string) error {
			l, err := net.Listen("unix", name)
			t.Cleanup(func() { l.Close() })
			return err
		},
		"a device":    func(name string) error { return syscall.Mknod(name, syscall.S_IFCHR|0o644, 1<<8|5) }, // /dev/zero
		"larger than": func(name string) error { put(t, name, "{"); return os.Truncate(name, 1<<40) },
		"a named pipe, by": func(name string) error {
			return linkTo(name, func(to string) error { return syscall.Mkfifo(to, 0o644) })
		},
	}
	for what, put := range inPlace {
		for _, file := range []string{runFile, metricsFile, frameFile} {
			if what == "larger than" && file == metricsFile {
				continue // it may be of any size
			}
			dir := described(t)
			name := filepath.Join(dir, file)
			os.Remove(name)
			if err := put(name); err != nil {
				if what == "a device" && os.Geteuid() != 0 {
					continue // only root can make them
				}
				t.Fatal(err)
			}
			w := NewWatcher(dir)
			s := w.Look(time.Now())
			if file == frameFile { // without a frame the run still has its rows
				if s.State != Running || len(s.Rows) != 1 || s.Frame != nil || s.NewFrame {
					t.Errorf("with %s for a frame: %+v", what, s)
				}
				if _, _, err := ReadFrame(dir); err == nil {
					t.Errorf("%s is read as a frame", what)
				}
				continue
			}
			words, _, _ := strings.Cut(strings.TrimSpace(what), ",")
			if s.State != Missing || s.Err == nil || !strings.Contains(s.Err.Error(), words) || !strings.Contains(s.Err.Error(), file) || strings.Contains(s.Err.Error(), filepath.Dir(dir)) {
				t.Errorf("with %s for %s: %v, %v", what, file, s.State, s.Err)
			}
		}
	}
}

// linkTo makes a link called name to a file next to it.
func linkTo(name string, put func(string) error) error {
	if err := put(name + ".other"); err != nil {
		return err
	}
	return os.Symlink(filepath.Base(name)+".other", name)
}

// The folder itself may be a link, and a file a link within it. Anything but a folder is
// refused.
func TestWatchFolder(t *testing.T) {
	dir := described(t)
	latest := filepath.Join(t.TempDir(), "latest")
	if err := os.Symlink(dir, latest); err != nil {
		t.Fatal(err)
	}
	rows := filepath.Join(dir, metricsFile)
	if err := os.Rename(rows, rows+".1"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(metricsFile+".1", rows); err != nil {
		t.Fatal(err)
	}
	if s := NewWatcher(latest).Look(time.Now()); s.State != Running || len(s.Rows) != 1 {
		t.Errorf("through links: %+v", s)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{pipe: "pipe is a named pipe", rows: "metrics.csv is a file", "/dev/null": "null is a device"} {
		if s := NewWatcher(name).Look(time.Now()); s.State != Missing || !strings.Contains(s.Err.Error(), want) {
			t.Errorf("%s: %v", name, s.Err)
		}
	}
}

// If too many files are open, the run stays as it was.
func TestWatchCrowded(t *testing.T) {
	dir := described(t)
	w := NewWatcher(dir)
	w.Look(time.Now())
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	few := limit
	few.Cur = 0
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	s := w.Look(time.Now())
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if s.State != Running || s.New || s.Err != nil || s.Step != 10 {
		t.Errorf("with too many files open: %+v", s)
	}
	if s := w.Look(time.Now()); s.State != Running || s.New || len(s.Rows) != 0 {
		t.Errorf("after that: %+v", s)
	}
}
