package record

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/train"
)

// A disk that is full or broken does not end a run. What could not be written is kept in
// memory and tried again with every later checkpoint; when the run has ended it is tried
// for a while longer.
const (
	lastTries  = 10 * time.Minute
	retryEvery = 5 * time.Second
)

// A clock returns the time; tests set it.
type clock struct {
	now   func() time.Time
	sleep func(time.Duration)
}

var realClock = clock{time.Now, time.Sleep}

// A keeper writes the files of a run in training.
type keeper struct {
	run *train.Run
	dir string
	log io.Writer
	clock

	csv   *os.File // metrics.csv
	safe  int64    // bytes of it that are on the disk for certain
	rows  []byte   // what follows these
	wrote int      // bytes of rows that were written, for certain or not

	late    map[string][]byte // files that could not be written yet, by name
	said    map[string]bool   // the subjects of messages in the log, until they are well again
	warning string            // see Progress

	kept int // step of the checkpoint on the disk, -1 for none

	fault func(name string) error // for tests: the error of writing a file; may be nil
}

// open writes the beginning of metrics.csv and makes k append to it.
func (k *keeper) open(metrics string) error {
	name := filepath.Join(k.dir, metricsFile)
	if err := k.replace(name, "", []byte(metrics)); err != nil {
		return err
	}
	csv, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	k.csv, k.safe = csv, int64(len(metrics))
	return nil
}

// replace writes a file whole, see data.ReplaceFile.
func (k *keeper) replace(name, previous string, b []byte) error {
	if k.fault != nil {
		if err := k.fault(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return data.ReplaceFile(name, previous, b)
}

// row adds a line to metrics.csv. If it cannot be written it is kept.
func (k *keeper) row(line string) {
	k.rows = append(k.rows, line...)
	if err := k.flush(); err != nil {
		k.trouble(err)
	}
}

// flush writes the rows that were not written.
func (k *keeper) flush() error {
	if k.fault != nil && k.wrote < len(k.rows) {
		if err := k.fault(k.csv.Name()); err != nil {
			return fmt.Errorf("%s: %w", k.csv.Name(), err)
		}
	}
	n, err := k.csv.WriteAt(k.rows[k.wrote:], k.safe+int64(k.wrote))
	k.wrote += n
	return err
}

// sync makes sure that all rows are on the disk.
func (k *keeper) sync() error {
	err := k.flush()
	if err == nil {
		if err = k.csv.Sync(); err != nil {
			k.wrote = 0 // they may not be on the disk: they are written again
		}
	}
	if err == nil {
		k.safe, k.rows, k.wrote = k.safe+int64(len(k.rows)), k.rows[:0], 0
	}
	return err
}

// checkpoint keeps the run. It makes sure of the metrics first: a checkpoint must not
// count rows that the file lacks. It returns a *train.Diverged if the run is no longer
// finite, which does not replace a finite checkpoint. It warns of what cannot be written.
func (k *keeper) checkpoint() error {
	run := k.run
	if k.kept == run.Step() && len(k.rows) == 0 && len(k.late) == 0 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(k.late)) {
		k.file(name, k.late[name])
	}
	err := k.sync()
	if err == nil && k.kept != run.Step() {
		s := run.Save()
		if bad, i := train.NotFinite(s); i >= 0 {
			return &train.Diverged{Step: run.Step(), What: bad}
		}
		var b bytes.Buffer
		if err := data.WriteSafetensors(&b, s); err != nil {
			return err
		}
		err = k.replace(filepath.Join(k.dir, checkpointFile), filepath.Join(k.dir, previousFile), b.Bytes())
	}
	if err != nil {
		k.trouble(err)
		return err
	}
	k.kept = run.Step()
	if k.warning != "" {
		fmt.Fprintf(k.log, "%s keeps the run again, at step %d\n", k.dir, k.kept)
	}
	k.warning = ""
	k.well("disk")
	if len(k.late) == 0 {
		k.well("files")
	}
	return nil
}

// trouble warns that the run cannot be kept, once in the log and in every progress until
// it can.
func (k *keeper) trouble(err error) {
	k.warning = fmt.Sprintf("step %d is the last that is kept: %v", max(k.kept, 0), err)
	k.say("disk", "the run continues, but cannot be kept: %v: make room; it is tried again with every checkpoint", err)
}

// say logs a message about a subject once, until it is well again.
func (k *keeper) say(about, format string, args ...any) {
	if !k.said[about] {
		k.said[about] = true
		fmt.Fprintf(k.log, format+"\n", args...)
	}
}

// well records that a subject is well, so that say logs the next message about it.
func (k *keeper) well(about string) { delete(k.said, about) }

// file writes a file below the run's folder that the run does not need, such as text. If
// that fails it is tried again with the next checkpoint.
func (k *keeper) file(name string, b []byte) {
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = k.replace(name, "", b)
	}
	if err == nil {
		delete(k.late, name)
		return
	}
	k.late[name] = b
	k.say("files", "the run continues, but a file could not be written: %v: it is tried again with every checkpoint", err)
}

// last writes the checkpoint at the end of training. It tries until lastTries has passed,
// or until an interrupt after the one that may have ended training.
func (k *keeper) last(ctx context.Context, show func()) error {
	interrupted := ctx.Err() != nil
	for end := k.now().Add(lastTries); ; k.sleep(retryEvery) {
		err := k.checkpoint()
		if err == nil || errors.As(err, new(*train.Diverged)) {
			return err
		}
		if !k.now().Before(end) || !interrupted && ctx.Err() != nil {
			return fmt.Errorf("step %d could not be kept: %w; %s keeps step %d: make room, and resume it there with ganbel run --resume %s", k.run.Step(), err, k.dir, max(k.kept, 0), k.dir)
		}
		k.say("end", "the run has ended, but cannot be kept: %v: make room; it is tried for %v, and an interrupt ends it without", err, lastTries)
		show()
	}
}

// close ends the writing of metrics.csv. It writes the remaining rows.
func (k *keeper) close() error { return cmp.Or(k.flush(), k.csv.Close()) }

// frame writes what can be drawn now, for a Watcher, and returns how long that took.
func (k *keeper) frame() time.Duration {
	start := k.now()
	f := k.run.Frame()
	s := data.Store{Meta: map[string]string{"experiment": f.Experiment, "step": strconv.Itoa(f.Step)}, Tensors: f.Tensors}
	var b bytes.Buffer
	err := data.WriteSafetensors(&b, s)
	if err == nil {
		err = k.replace(filepath.Join(k.dir, frameFile), "", b.Bytes())
	}
	if err != nil {
		k.say("frame", "the run continues, but whoever watches it sees no new picture: %v", err)
	} else {
		k.well("frame")
	}
	return k.now().Sub(start)
}

// text writes what the run generates, if that is text, into a file of this step. A
// resumed run writes it again.
func (k *keeper) text() {
	if w, ok := k.run.Model.(experiment.Writer); ok {
		k.file(filepath.Join(k.dir, textDir, fmt.Sprintf("%07d.txt", k.run.Step())), []byte(w.Text()))
	}
}
