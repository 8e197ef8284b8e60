package sweep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"ganbel/core/corpus"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// processes is a queue of this machine: each job is a ganbel run in a process of its
// own and on one core, so that one that fails takes no other with it.
type processes struct {
	ctx    context.Context
	atOnce int       // at the same time
	log    io.Writer // where the reason is written when a job is tried again
}

// Processes returns a queue that carries out each job by a process of this program on
// this machine, atOnce at the same time, one core each: it calls the program's commands
// run and score. A process that is killed takes no other with it, and is tried again.
// The queue ends with ctx, by ErrStopped; log is told what is tried again.
func Processes(ctx context.Context, atOnce int, log io.Writer) Queue {
	return processes{ctx, atOnce, log}
}

// tries is how often a job is begun or resumed in one call of a sweep, before it is
// left to the next.
const tries = 3

// Do carries out the jobs, see Queue.
func (p processes) Do(dir string, jobs []Job, done func(Outcome)) error {
	release, err := record.Own(dir, os.Stderr)
	if err != nil {
		return err
	}
	defer release()
	var mutex sync.Mutex
	p.log = &locked{log: p.log, mutex: &mutex}
	var failed []error
	each(p.ctx, p.atOnce, jobs, func(j Job) {
		o, err := p.one(filepath.Join(dir, j.Name), j)
		mutex.Lock()
		defer mutex.Unlock()
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", j.Name, err))
		} else if p.ctx.Err() == nil {
			done(o)
		}
	})
	if p.ctx.Err() != nil {
		return ErrStopped
	}
	return errors.Join(failed...)
}

// A locked writer may be used by several goroutines.
type locked struct {
	log   io.Writer
	mutex *sync.Mutex
}

func (l *locked) Write(b []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.log.Write(b)
}

// one carries out a job in its folder: it trains until the job's last step or until it
// diverges, and then scores the images that are still to be scored.
func (p processes) one(dir string, j Job) (Outcome, error) {
	o, err := ReadOutcome(dir)
	if err != nil {
		return o, err
	}
	if old := o.Job; old.Name != "" && old.ID() != j.ID() {
		return o, fmt.Errorf("%s holds another job, of other settings, data or code: name another folder with --out", dir)
	}
	o.Job, o.Error, o.Lost = j, "", ""
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return o, err
	}
	for i, stage := range []struct {
		over func() (bool, error) // reports that nothing more is to be done
		args func() []string
	}{
		{func() (bool, error) { return trained(dir, &o) }, func() []string { return trainArgs(dir, j) }},
		{func() (bool, error) { return o.Error != "" || scoredAs(dir, j), nil }, func() []string { return scoreArgs(dir, j) }},
	} {
		for try := 1; ; try++ {
			over, err := stage.over()
			if err != nil {
				return o, err
			}
			if over {
				break
			}
			if o.Lost != "" && try <= tries {
				fmt.Fprintf(p.log, "%s: %s; try %d of %d\n", j.Name, o.Lost, try, tries)
			}
			if p.ctx.Err() != nil || try > tries {
				break
			}
			reason, seconds, err := p.work(dir, stage.args())
			if err != nil {
				return o, err
			}
			if i == 0 {
				o.Seconds += seconds
			}
			o.Lost = reason
		}
		if over, err := stage.over(); err != nil {
			return o, err
		} else if !over {
			if o.Lost == "" && p.ctx.Err() == nil {
				o.Lost = fmt.Sprintf("stands at step %d after %d tries", o.Step, tries)
			}
			break
		}
		o.Lost = ""
	}
	if p.ctx.Err() != nil {
		o.Lost = "" // it was stopped
	}
	return o, o.Write(dir)
}

// work runs a separate ganbel for a job, which logs into the job's folder. It returns
// what went wrong, "" if nothing did, and how many seconds it took.
func (p processes) work(dir string, args []string) (reason string, seconds float64, err error) {
	program, err := os.Executable()
	if err != nil {
		return "", 0, err
	}
	log, err := os.OpenFile(filepath.Join(dir, "log.txt"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return "", 0, err
	}
	defer log.Close()
	cmd := exec.CommandContext(p.ctx, program, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stdout, cmd.Stderr = log, log
	if cmd.Cancel, err = record.Tether(cmd); err != nil {
		return "", 0, err
	}
	cmd.WaitDelay = time.Minute
	start := time.Now()
	failed := cmd.Run()
	seconds = time.Since(start).Seconds()
	var exit *exec.ExitError
	switch {
	case failed == nil:
		return "", seconds, nil
	case errors.As(failed, &exit) && exit.ExitCode() >= 0: // it ended by itself, with a message
		return fmt.Sprintf("%v: %s", failed, lastLine(log.Name())), seconds, nil
	}
	return "it was killed: " + failed.Error(), seconds, nil
}

// trained reports whether a job's run needs no more training, because it reached the
// job's last step or diverged, and notes its step in o. The run's own files decide this,
// not how its process ended.
func trained(dir string, o *Outcome) (bool, error) {
	o.Step = record.At(dir)
	end, err := record.ReadEnd(dir)
	if err != nil {
		return false, err
	}
	if end.Ending == record.Diverged {
		o.Error = end.What + " is not finite"
		return true, nil
	}
	return record.Holds(dir) && o.Step >= o.Job.Steps, nil
}

// trainArgs returns the command line that begins or resumes a job's run.
func trainArgs(dir string, j Job) []string {
	args := []string{"run", j.Experiment, "--preset", j.Preset, "--out", dir, "--every", fmt.Sprint(j.Every)}
	resumed := record.Holds(dir)
	if resumed {
		args = []string{"run", j.Experiment, "--resume", dir}
	}
	for name, text := range j.Values {
		if !resumed || measures(j, name) {
			args = append(args, "--"+name+"="+text)
		}
	}
	args = append(args, "--steps", fmt.Sprint(j.Steps))
	for name, path := range j.Files {
		args = append(args, "--"+name, path)
	}
	return args
}

// measures reports whether a setting of a job only measures.
func measures(j Job, name string) bool {
	e, err := lab.Find(j.Experiment)
	return err == nil && e.Setting(name) != nil && e.Setting(name).Measures
}

// scoreArgs returns the command line that scores a job's run from its checkpoint.
func scoreArgs(dir string, j Job) []string {
	args := []string{"score", "--run", dir, "--n", j.Values["score-images"]}
	for name, path := range j.Files {
		if name == "images" || slices.Contains(record.Classifiers, name) {
			args = append(args, "--"+name, path)
		}
	}
	return args
}

// scoreWanted returns which score of its last images a job asks for, or false.
func scoreWanted(dir string, j Job) (record.Score, bool) {
	files := corpus.Files(j.Files)
	flag := files.Classifier()
	n, _ := strconv.Atoi(j.Values["score-images"])
	if n = n / 100 * 100; flag == "" || n == 0 {
		return record.Score{}, false
	}
	return record.Score{Step: record.At(dir), Images: n, Classifier: files.Identified(flag)}, true
}

// scoredAs reports whether a job's last images were scored as it asks, if it does: by
// the run itself, or from its checkpoint.
func scoredAs(dir string, j Job) bool {
	want, ok := scoreWanted(dir, j)
	if !ok {
		return true
	}
	if _, there := record.ScoreOf(dir, want); there {
		return true
	}
	return measuredAs(dir, j, want)
}

// measuredAs reports whether the last row of a run's metrics has the score that is
// wanted.
func measuredAs(dir string, j Job, want record.Score) bool {
	r, err := record.Describe(dir)
	flag := corpus.Files(j.Files).Classifier()
	if err != nil || r.Values["score-images"] != j.Values["score-images"] || corpus.Files(r.Files).Identified(flag) != want.Classifier {
		return false
	}
	t, err := record.Metrics(dir)
	if err != nil || len(t.Rows) == 0 {
		return false
	}
	scores := t.Column("score")
	last := len(scores) - 1
	return last >= 0 && scores[last] == scores[last] // a number in the last row
}

// lastLine returns the last line of a log, such as the error that ended it.
func lastLine(name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		return err.Error()
	}
	text := strings.TrimRight(string(b), "\n")
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// each does work on all items, so many at once, until the context ends.
func each[T any](ctx context.Context, jobs int, items []T, work func(T)) {
	queue := make(chan T)
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(func() {
			for item := range queue {
				if ctx.Err() == nil {
					work(item)
				}
			}
		})
	}
	for _, item := range items {
		queue <- item
	}
	close(queue)
	wait.Wait()
}
