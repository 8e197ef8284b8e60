package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// A State is how a watched run stands.
type State string

// The states of a watched run.
const (
	Missing State = "missing" // the folder holds no run that can be read, see Seen.Err
	Running State = "running" // its files change
	Still   State = "still"   // they did not for a while: it was stopped, or broke, or is very slow
	Ended   State = "ended"   // it reached its last step
)

// stillAfter is how long a run's files may stay as they are while it is taken to
// be running. Checkpoints come more often, unless a single step takes longer.
const stillAfter = time.Minute

// The most bytes of a run's description, and of a frame.
const (
	mostDescribed = 1 << 20
	mostFrame     = 64 << 20
)

// A Watcher follows a run in a folder that another process writes. It only reads, and
// only regular files in that folder.
type Watcher struct {
	dir  string
	read int64 // see BytesRead

	described []byte      // run.json as it was read last
	metrics   tailer      // of metrics.csv
	columns   []int       // which column of it each metric of the experiment is, -1 for none
	frame     os.FileInfo // of frame.safetensors at its last read, nil before
	seen      Seen
}

// NewWatcher returns a watcher of the run in a folder, which need not exist yet.
func NewWatcher(dir string) *Watcher { return &Watcher{dir: dir} }

// BytesRead returns the number of bytes of metrics.csv and frame.safetensors read so far.
func (w *Watcher) BytesRead() int64 { return w.read }

// Seen is what a Watcher saw.
type Seen struct {
	// New reports that everything seen before is of another run, or of this one
	// before it went back to a checkpoint, and that Rows begin anew.
	New        bool
	Job        Job             // as in run.json, without World
	Experiment *lab.Experiment // of the run, nil without a run
	Rows       [][]float64     // the new ones: the step and the experiment's metrics, NaN if not known; see Past
	Frame      []byte          // the newest frame as safetensors, nil before the first
	NewFrame   bool            // Frame has changed
	Step       int             // the last that is known
	State      State
	Since      time.Time // the last change of anything; zero if the run is missing
	Err        error     // why it is missing
}

// Look returns what is to be seen now that was not before. Half a line of
// metrics is left for the next time.
func (w *Watcher) Look(now time.Time) Seen {
	before := w.seen
	w.seen.New, w.seen.NewFrame, w.seen.Rows = false, false, nil
	err := w.look(now)
	if err != nil && crowded(err) && before.Experiment != nil {
		return w.seen // unchanged
	}
	if err != nil {
		*w = Watcher{dir: w.dir, read: w.read, seen: Seen{State: Missing, Err: err, New: before.Experiment != nil || before.State == ""}}
	}
	return w.seen
}

func (w *Watcher) look(now time.Time) error {
	folder, err := openFolder(w.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no run yet", filepath.Base(w.dir))
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	described, err := readRegular(folder, runFile, mostDescribed)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no run yet", filepath.Base(w.dir))
	}
	if err != nil {
		return err
	}
	f, metrics, err := openRegular(folder, metricsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds a run that has not begun", filepath.Base(w.dir))
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if !bytes.Equal(described, w.described) || !w.metrics.continues(f, metrics) {
		var j Job
		if err := json.Unmarshal(described, &j); err != nil {
			return fmt.Errorf("%s: %w", runFile, err)
		}
		e, err := lab.Find(j.Experiment)
		if err != nil {
			return err
		}
		*w = Watcher{dir: w.dir, read: w.read, described: described, seen: Seen{New: true, Job: j, Experiment: e}}
	}
	if err := w.readMetrics(f, metrics); err != nil {
		return err
	}
	w.seen.Since = metrics.ModTime()
	w.readFrame(folder)
	switch {
	case w.seen.Step >= w.seen.Job.Steps:
		w.seen.State = Ended
	case now.Sub(w.seen.Since) > stillAfter:
		w.seen.State = Still
	default:
		w.seen.State = Running
	}
	return nil
}

// readMetrics adds the whole lines of metrics.csv that were not read before.
func (w *Watcher) readMetrics(f *os.File, info os.FileInfo) error {
	var rows Past
	n, err := w.metrics.read(f, info, func(line []byte) {
		cells := strings.Split(strings.TrimSuffix(string(line), "\r"), ",")
		if w.columns == nil {
			w.columns = make([]int, len(w.seen.Experiment.Metrics))
			for i, m := range w.seen.Experiment.Metrics {
				w.columns[i] = slices.Index(cells, m.Name)
			}
			return
		}
		step, err := strconv.Atoi(cells[0])
		if err != nil {
			return // not a row, perhaps from a person's editor
		}
		row := []float64{float64(step)}
		for _, at := range w.columns {
			v := math.NaN()
			if at >= 0 && at < len(cells) {
				if x, err := strconv.ParseFloat(cells[at], 64); err == nil {
					v = x
				}
			}
			row = append(row, v)
		}
		rows.Add(row)
		w.seen.Step = step
	})
	w.read += n
	w.seen.Rows = rows.Since(0)
	return err
}

// readFrame reads the frame if it has changed. A run of an older ganbel has no frame, and
// a file that is not a frame is ignored.
func (w *Watcher) readFrame(folder *os.Root) {
	info, err := folder.Stat(frameFile)
	if err != nil || !info.Mode().IsRegular() {
		w.frame, w.seen.Frame = nil, nil
		return
	}
	if info.ModTime().After(w.seen.Since) {
		w.seen.Since = info.ModTime()
	}
	if before := w.frame; before != nil && os.SameFile(before, info) && before.Size() == info.Size() && before.ModTime().Equal(info.ModTime()) {
		return
	}
	b, err := readRegular(folder, frameFile, mostFrame)
	w.read += int64(len(b))
	if err != nil && crowded(err) {
		return
	}
	w.frame = info
	if err != nil {
		return
	}
	if step, err := frameStep(b); err == nil {
		w.seen.Frame, w.seen.NewFrame, w.seen.Step = b, true, max(w.seen.Step, step)
	}
}

// crowded reports whether an error says that too many files are open, which passes.
func crowded(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// ReadFrame returns the frame that the run in a folder kept last, as safetensors,
// and its step. The file is whole at all times.
func ReadFrame(dir string) (b []byte, step int, err error) {
	folder, err := openFolder(dir)
	if err != nil {
		return nil, 0, err
	}
	defer folder.Close()
	b, err = readRegular(folder, frameFile, mostFrame)
	if err != nil {
		return nil, 0, err
	}
	step, err = frameStep(b)
	return b, step, err
}

// frameStep returns the step of a frame.
func frameStep(b []byte) (int, error) {
	s, err := data.ReadSafetensors(bytes.NewReader(b))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", frameFile, err)
	}
	return strconv.Atoi(s.Meta["step"])
}
