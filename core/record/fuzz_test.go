package record

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
)

// kept returns the files of a small run's folder.
func kept(f *testing.F) map[string][]byte {
	dir := filepath.Join(f.TempDir(), "run")
	r := Job{Experiment: "wgan-gp", Preset: "live", Values: lab.Values{"width": "4", "depth": "1", "batch": "8", "field": "8"}, Dir: dir, Steps: 4, Every: 2, Log: io.Discard, World: experiment.World{Goroutines: 1}}
	if err := Start(context.Background(), r); err != nil {
		f.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range []string{runFile, metricsFile, checkpointFile, frameFile} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			f.Fatal(err)
		}
		files[name] = b
	}
	return files
}

// folder writes files into a new folder.
func folder(t *testing.T, files map[string][]byte) string {
	dir := t.TempDir()
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Whatever a run's files hold, a reader gets a run or an error.
func FuzzFolder(f *testing.F) {
	files := kept(f)
	f.Add(files[runFile], files[metricsFile])
	f.Add([]byte(`{"experiment":"wgan-gp","values":{"width":"99999999"},"steps":-1,"every":0}`), []byte("step\n1e400,\n"))
	f.Add([]byte("null"), []byte("step,w1,w1\n1,NaN,0x1p4\n2,,\n\n3\n"))
	f.Add([]byte(`{"values":null,"files":{"mnist":1}}`), []byte("\xff,\"a\n"))
	f.Fuzz(func(t *testing.T, run, metrics []byte) {
		dir := folder(t, map[string][]byte{runFile: run, metricsFile: metrics, checkpointFile: files[checkpointFile], frameFile: files[frameFile]})
		Describe(dir)
		Read(dir)
		At(dir)
		if table, err := Metrics(dir); err == nil {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Errorf("a row of %d numbers below %d names", len(row), len(table.Columns))
				}
			}
			for _, name := range table.Columns {
				Last(table, name)
			}
		}
		w := NewWatcher(dir)
		for range 2 {
			for _, row := range w.Look(time.Now()).Rows {
				if len(row) == 0 {
					t.Error("a watcher reports an empty row")
				}
			}
		}
	})
}

// A run that is resumed from whatever its folder holds continues or returns an error. The
// settings stay as they are: others may ask for any amount of work.
func FuzzCheckpoint(f *testing.F) {
	files := kept(f)
	f.Add(files[checkpointFile], files[metricsFile])
	for _, n := range []int{0, 8, 100, len(files[checkpointFile]) - 1} {
		f.Add(files[checkpointFile][:n], files[metricsFile][:n/8])
	}
	for _, change := range [][2]string{{`"step":"4"`, `"step":"9"`}, {`"step":"4"`, `"step":"-"`}, {`"set.width":"4"`, `"set.width":"5"`}, {`"critic.0.weight"`, `"cretin.0.weight"`}, {`"stream.data"`, `"stream.dada"`}} {
		f.Add(bytes.Replace(bytes.Clone(files[checkpointFile]), []byte(change[0]), []byte(change[1]), 1), []byte("step\n"))
	}
	f.Fuzz(func(t *testing.T, checkpoint, metrics []byte) {
		dir := folder(t, map[string][]byte{runFile: files[runFile], metricsFile: metrics, checkpointFile: checkpoint})
		before, err := data.ReadSafetensors(bytes.NewReader(checkpoint))
		resumed := Resume(context.Background(), Job{Dir: dir, Log: io.Discard, World: experiment.World{Goroutines: 1}})
		if err != nil && resumed == nil {
			t.Errorf("it continues from %q", checkpoint)
		}
		if resumed == nil {
			if after, err := Read(dir); err != nil || after.Meta["experiment"] != before.Meta["experiment"] {
				t.Errorf("it leaves %v, %v", after.Meta, err)
			}
		}
		Job{}.From(filepath.Join(dir, checkpointFile))
		ReadFrame(dir)
	})
}
