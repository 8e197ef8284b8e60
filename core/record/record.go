// Package record drives a run natively and keeps it in a folder: run.json,
// metrics.csv and checkpoint.safetensors, from which it goes on bit for bit.
package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"ganbel/core/data"
	"ganbel/core/lab"
)

// A Run says what to train and where to keep it.
type Run struct {
	Experiment string     `json:"experiment"`
	Values     lab.Values `json:"values"`
	Dir        string     `json:"-"`
	Steps      int        `json:"-"`                // train until this step
	Every      int        `json:"every"`            // steps between rows of metrics.csv
	Points     string     `json:"points,omitempty"` // digest of World.Points, which a resumed run must get again; Start fills it in
	World      lab.World  `json:"-"`
	Log        io.Writer  `json:"-"`
}

// The files of a run's folder.
const (
	runFile        = "run.json"
	metricsFile    = "metrics.csv"
	checkpointFile = "checkpoint.safetensors"
)

// checkpointEvery is how much work a killed run loses at most.
const checkpointEvery = 20 * time.Second

// Start begins a run in a new folder. A folder that already holds one is left
// alone and gives an error.
func Start(ctx context.Context, r Run) error {
	if _, err := os.Stat(filepath.Join(r.Dir, runFile)); err == nil {
		return fmt.Errorf("%s already holds a run: go on with --resume %s, or name another folder with --out", r.Dir, r.Dir)
	}
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return err
	}
	r.Points = digest(r.World.Points)
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	e, run, err := r.open()
	if err != nil {
		return err
	}
	if err := write(filepath.Join(r.Dir, runFile), append(b, '\n')); err != nil {
		return err
	}
	names := []string{"step"}
	for _, m := range e.Metrics {
		names = append(names, m.Name)
	}
	return r.train(ctx, e, run, strings.Join(names, ",")+"\n")
}

// Resume goes on with the run in r.Dir. Its experiment, points and Every hold:
// others in r give an error, "" and 0 ask for none. Rows of metrics.csv beyond
// the checkpoint are written anew, so that the file is what an uninterrupted run
// would have written.
func Resume(ctx context.Context, r Run) error {
	b, err := os.ReadFile(filepath.Join(r.Dir, runFile))
	if err != nil {
		return fmt.Errorf("%s holds no run: %w", r.Dir, err)
	}
	asked := r
	if err := json.Unmarshal(b, &r); err != nil {
		return fmt.Errorf("%s: %w: the file was changed or cut", filepath.Join(r.Dir, runFile), err)
	}
	if r.Every < 1 {
		return fmt.Errorf("%s: every is %d, it must be at least 1", filepath.Join(r.Dir, runFile), r.Every)
	}
	if asked.Experiment != "" && asked.Experiment != r.Experiment {
		return fmt.Errorf("%s holds a run of %s, not of %s: name that one or none", r.Dir, r.Experiment, asked.Experiment)
	}
	if asked.Every != 0 && asked.Every != r.Every {
		return fmt.Errorf("%s has a row of metrics every %d steps, not every %d: leave out --every", r.Dir, r.Every, asked.Every)
	}
	if r.Values["data"] == "points" && digest(r.World.Points) != r.Points {
		return fmt.Errorf("%s was trained on other points: give the same file with --points", r.Dir)
	}
	e, run, err := r.open()
	if err != nil {
		return err
	}
	name := filepath.Join(r.Dir, checkpointFile)
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("the run has no checkpoint to go on from: %w; start it anew in another folder", err)
	}
	defer f.Close()
	s, err := data.ReadSafetensors(f)
	if err == nil {
		err = run.Load(s)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	name = filepath.Join(r.Dir, metricsFile)
	old, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	lines := strings.SplitAfter(string(old), "\n")
	kept := lines[0]
	for _, line := range lines[1:] {
		text, _, _ := strings.Cut(line, ",")
		if step, err := strconv.Atoi(text); err == nil && step <= run.Step() && strings.HasSuffix(line, "\n") {
			kept += line
		}
	}
	return r.train(ctx, e, run, kept)
}

// digest tells one list of points from another; none is "".
func digest(points []float32) string {
	if len(points) == 0 {
		return ""
	}
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, points) // a hash takes all
	return fmt.Sprintf("%x", h.Sum(nil))
}

func (r Run) open() (*lab.Experiment, lab.Run, error) {
	e, err := lab.Find(r.Experiment)
	if err != nil {
		return nil, nil, err
	}
	if r.Values, err = e.Resolve("", r.Values); err != nil {
		return nil, nil, err
	}
	run, err := e.New(r.Values, r.World)
	return e, run, err
}

// train runs until r.Steps or until the context ends, which keeps what was done.
func (r Run) train(ctx context.Context, e *lab.Experiment, run lab.Run, metrics string) (err error) {
	name := filepath.Join(r.Dir, metricsFile)
	if err := write(name, []byte(metrics)); err != nil {
		return err
	}
	csv, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, csv.Close()) }()
	if err := r.save(csv, run); err != nil { // a run killed at once can go on, too
		return err
	}
	if run.Step() >= r.Steps {
		fmt.Fprintf(r.Log, "%s is at step %d already: --steps N trains until step N\n", r.Dir, run.Step())
	}
	start, first, saved, said := time.Now(), run.Step(), time.Now(), time.Time{}
	for run.Step() < r.Steps && ctx.Err() == nil {
		if err := run.Train(1); err != nil {
			return err
		}
		if run.Step()%r.Every == 0 {
			row := strconv.Itoa(run.Step())
			values := run.Measure()
			for _, v := range values {
				row += ","
				if !math.IsNaN(v) {
					row += strconv.FormatFloat(v, 'g', 7, 64)
				}
			}
			if _, err := io.WriteString(csv, row+"\n"); err != nil {
				return err
			}
			if time.Since(said) > time.Second || run.Step() == r.Steps {
				said = time.Now()
				rate := float64(run.Step()-first) / time.Since(start).Seconds()
				line := fmt.Sprintf("step %d of %d, %.1f a second, %s left:", run.Step(), r.Steps, rate, (time.Duration(float64(r.Steps-run.Step())/rate) * time.Second).Round(time.Second))
				for i, m := range e.Metrics {
					if !math.IsNaN(values[i]) {
						line += fmt.Sprintf(" %s %.4g", m.Name, values[i])
					}
				}
				fmt.Fprintln(r.Log, line)
			}
		}
		if time.Since(saved) > checkpointEvery {
			if err := r.save(csv, run); err != nil {
				return err
			}
			saved = time.Now()
		}
	}
	if err := r.save(csv, run); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("stopped at step %d; go on with --resume %s", run.Step(), r.Dir)
	}
	return nil
}

// save makes sure of the metrics first: a checkpoint must not know of rows that
// the file lacks.
func (r Run) save(csv *os.File, run lab.Run) error {
	if err := csv.Sync(); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, run.Save()); err != nil {
		return err
	}
	return write(filepath.Join(r.Dir, checkpointFile), b.Bytes())
}

// write replaces a file whole or not at all, also when the machine stops.
func write(name string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("%s: %w", name, err)
		}
	}()
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), name); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
