package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

// mostRows is how many rows of metrics are told at once: a longer past is thinned.
const mostRows = 2000

// A Watcher follows a run in a folder that another process fills. It only reads.
type Watcher struct {
	dir string

	described []byte      // run.json as it was read last
	file      os.FileInfo // metrics.csv as it was read last, nil for not at all
	read      int64       // bytes of it that were read, all of them whole lines
	columns   []int       // which column of it each metric of the experiment is, -1 for none
	frame     time.Time   // of frame.safetensors as it was told of last
	seen      Seen
}

// NewWatcher returns a watcher of the run in a folder, which need not exist yet.
func NewWatcher(dir string) *Watcher { return &Watcher{dir: dir} }

// Seen is what a Watcher saw.
type Seen struct {
	// New tells that what was seen before is of another run, or of this one
	// before it went back to a checkpoint, and that Rows begin anew.
	New        bool
	Run        Run             // as in run.json, without World
	Experiment *lab.Experiment // of the run, nil where there is none
	Rows       [][]float64     // the step and the experiment's metrics, NaN where not known: those that are new
	NewFrame   bool            // there is another frame than before, see ReadFrame
	Step       int             // the last that is known
	State      State
	Since      time.Time // when anything changed last; zero where the run is missing
	Err        error     // why it is missing
}

// Look returns what is to be seen now that was not before. Half a line of
// metrics is left for the next time.
func (w *Watcher) Look(now time.Time) Seen {
	before := w.seen
	w.seen.New, w.seen.NewFrame, w.seen.Rows = false, false, nil
	if err := w.look(now); err != nil {
		*w = Watcher{dir: w.dir, seen: Seen{State: Missing, Err: err, New: before.Experiment != nil || before.State == ""}}
	}
	return w.seen
}

func (w *Watcher) look(now time.Time) error {
	name := filepath.Join(w.dir, runFile)
	described, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no run yet", filepath.Base(w.dir))
	}
	if err != nil {
		return err
	}
	metrics, err := os.Stat(filepath.Join(w.dir, metricsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds a run that has not begun", filepath.Base(w.dir))
	}
	if err != nil {
		return err
	}
	if !bytes.Equal(described, w.described) || w.file == nil || !os.SameFile(w.file, metrics) || metrics.Size() < w.read {
		var r Run
		if err := json.Unmarshal(described, &r); err != nil {
			return fmt.Errorf("%s: %w", runFile, err)
		}
		e, err := lab.Find(r.Experiment)
		if err != nil {
			return err
		}
		*w = Watcher{dir: w.dir, described: described, seen: Seen{New: true, Run: r, Experiment: e}}
	}
	if err := w.readMetrics(); err != nil {
		return err
	}
	w.file, w.seen.Since = metrics, metrics.ModTime()
	if frame, err := os.Stat(filepath.Join(w.dir, frameFile)); err == nil { // a run of an older ganbel has none
		if at := frame.ModTime(); !at.Equal(w.frame) {
			if _, step, err := ReadFrame(w.dir); err == nil {
				w.frame, w.seen.NewFrame, w.seen.Step = at, true, max(w.seen.Step, step)
			}
		}
		if frame.ModTime().After(w.seen.Since) {
			w.seen.Since = frame.ModTime()
		}
	}
	switch {
	case w.seen.Step >= w.seen.Run.Steps:
		w.seen.State = Ended
	case now.Sub(w.seen.Since) > stillAfter:
		w.seen.State = Still
	default:
		w.seen.State = Running
	}
	return nil
}

// readMetrics adds the whole lines of metrics.csv that were not read before.
func (w *Watcher) readMetrics() error {
	f, err := os.Open(filepath.Join(w.dir, metricsFile))
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Seek(w.read, io.SeekStart); err != nil {
		return err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	w.read += int64(len(text))
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), ",")
		if w.columns == nil {
			w.columns = make([]int, len(w.seen.Experiment.Metrics))
			for i, m := range w.seen.Experiment.Metrics {
				w.columns[i] = -1
				for at, name := range cells {
					if name == m.Name {
						w.columns[i] = at
					}
				}
			}
			continue
		}
		step, err := strconv.Atoi(cells[0])
		if err != nil {
			continue // no row; it may be of a person's editor
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
		w.seen.Rows, w.seen.Step = append(w.seen.Rows, row), step
	}
	w.seen.Rows = thin(w.seen.Rows)
	return nil
}

// thin returns every second, third … row where there are too many, and the last.
func thin(rows [][]float64) [][]float64 {
	each := (len(rows) + mostRows - 1) / mostRows
	if each < 2 {
		return rows
	}
	var kept [][]float64
	for i, row := range rows {
		if i%each == 0 || i == len(rows)-1 {
			kept = append(kept, row)
		}
	}
	return kept
}

// ReadFrame returns the frame that the run in a folder kept last, as safetensors,
// and its step. The file is whole at all times.
func ReadFrame(dir string) (b []byte, step int, err error) {
	b, err = os.ReadFile(filepath.Join(dir, frameFile))
	if err != nil {
		return nil, 0, err
	}
	s, err := data.ReadSafetensors(bytes.NewReader(b))
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", frameFile, err)
	}
	step, err = strconv.Atoi(s.Meta["step"])
	return b, step, err
}
