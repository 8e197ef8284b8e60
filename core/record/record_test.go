package record

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"ganbel/core/lab"
)

func toy(t *testing.T, dir string, steps int) Run {
	v, err := lab.WGANGP.Resolve("live", lab.Values{"width": "16", "batch": "32", "field": "8"})
	if err != nil {
		t.Fatal(err)
	}
	return Run{Experiment: "wgan-gp", Values: v, Dir: dir, Steps: steps, Every: 10, Log: io.Discard}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A run that was stopped, lost rows' worth of work and went on ends just as one
// that never stopped.
func TestResume(t *testing.T) {
	whole, parts := t.TempDir(), t.TempDir()
	if err := Start(context.Background(), toy(t, whole, 100)); err != nil {
		t.Fatal(err)
	}
	if err := Start(context.Background(), toy(t, parts, 35)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(parts, metricsFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "40,1,2,3\n50,1") // rows that no checkpoint covers
	f.Close()
	if err := Resume(context.Background(), Run{Dir: parts, Steps: 100, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, parts, name) {
			t.Errorf("%s differs", name)
		}
	}
	if rows := strings.Count(read(t, whole, metricsFile), "\n"); rows != 11 {
		t.Errorf("%d lines of metrics, want 11", rows)
	}
}

// The same after kill -9.
func TestKill(t *testing.T) {
	if dir := os.Getenv("GANBEL_TEST_RUN"); dir != "" {
		r := toy(t, dir, 60)
		if err := Start(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		Resume(context.Background(), Run{Dir: dir, Steps: 1_000_000, Log: io.Discard})
		return
	}
	if runtime.GOOS == "js" {
		t.Skip("a browser has no processes")
	}
	whole, killed := t.TempDir(), t.TempDir()
	c := exec.Command(os.Args[0], "-test.run=^TestKill$")
	c.Env = append(os.Environ(), "GANBEL_TEST_RUN="+killed)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		b, _ := os.ReadFile(filepath.Join(killed, metricsFile))
		if strings.Count(string(b), "\n") > 12 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	c.Process.Kill()
	c.Wait()
	if err := Start(context.Background(), toy(t, whole, 200)); err != nil {
		t.Fatal(err)
	}
	if err := Resume(context.Background(), Run{Dir: killed, Steps: 200, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, killed, name) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	if err := Resume(context.Background(), Run{Dir: dir}); err == nil || !strings.Contains(err.Error(), "no run") {
		t.Errorf("an empty folder: %v", err)
	}
	r := toy(t, dir, 1)
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if err := Start(context.Background(), r); err == nil || !strings.Contains(err.Error(), "--resume") {
		t.Errorf("a folder with a run: %v", err)
	}
	name := filepath.Join(dir, checkpointFile)
	if err := os.Truncate(name, 1000); err != nil {
		t.Fatal(err)
	}
	if err := Resume(context.Background(), Run{Dir: dir, Steps: 5, Log: io.Discard}); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("a cut checkpoint: %v", err)
	}
}

// A run that was killed before it trained at all goes on, too.
func TestKillAtOnce(t *testing.T) {
	whole, killed := t.TempDir(), t.TempDir()
	if err := Start(context.Background(), toy(t, whole, 20)); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if err := Start(stopped, toy(t, killed, 20)); err == nil || !strings.Contains(err.Error(), "--resume") {
		t.Fatalf("a stopped run: %v", err)
	}
	if err := Resume(context.Background(), Run{Dir: killed, Steps: 20, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, killed, name) {
			t.Errorf("%s differs", name)
		}
	}
}

// What a person asks for must not contradict the folder.
func TestConflicts(t *testing.T) {
	dir := t.TempDir()
	r := toy(t, dir, 5)
	r.Values["data"], r.World.Points = "points", []float32{0, 0, 1, 1}
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	same := r.World
	for want, asked := range map[string]Run{
		"holds a run of wgan-gp": {Experiment: "gumbel-vae", World: same},
		"leave out --every":      {Every: 3, World: same},
		"--points":               {World: lab.World{Points: []float32{0, 0, 2, 2}}},
	} {
		asked.Dir, asked.Steps, asked.Log = dir, 10, io.Discard
		if err := Resume(context.Background(), asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if err := Resume(context.Background(), Run{Dir: dir, Steps: 10, World: same, Every: 10, Experiment: "wgan-gp", Log: io.Discard}); err != nil {
		t.Error(err)
	}
}
