package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"ganbel/core/record"
)

// processes is a queue of this machine: each job is a ganbel run in a process of its
// own and on one core, so that one that fails takes no other with it.
type processes struct {
	ctx  context.Context
	jobs int // side by side
}

// Do carries out the jobs, see record.Queue.
func (p processes) Do(dir string, jobs []record.Job, done func(record.Outcome)) error {
	release, err := record.Own(dir, os.Stderr)
	if err != nil {
		return err
	}
	defer release()
	var mutex sync.Mutex
	var failed []error
	each(p.ctx, p.jobs, jobs, func(j record.Job) {
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
		return errStopped
	}
	return errors.Join(failed...)
}

// one carries out a job in its folder.
func (p processes) one(dir string, j record.Job) (record.Outcome, error) {
	o, err := record.ReadOutcome(dir)
	if err != nil {
		return o, err
	}
	if old := o.Job; old.Name != "" && old.ID() != j.ID() {
		return o, fmt.Errorf("%s holds another job, of other settings, files or code: name another folder with --out", dir)
	}
	if o.Error != "" || o.Step >= j.Steps {
		return o, nil
	}
	o.Job = j
	args := []string{"run", j.Experiment, "--preset", j.Preset, "--out", dir, "--every", fmt.Sprint(j.Every)}
	for name, text := range j.Values {
		args = append(args, "--"+name+"="+text)
	}
	if record.Holds(dir) {
		args = []string{"run", "--resume", dir}
	}
	args = append(args, "--steps", fmt.Sprint(j.Steps))
	for name, path := range j.Files {
		args = append(args, "--"+name, path)
	}
	program, err := os.Executable()
	if err != nil {
		return o, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return o, err
	}
	log, err := os.OpenFile(filepath.Join(dir, "log.txt"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return o, err
	}
	defer log.Close()
	cmd := exec.CommandContext(p.ctx, program, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stdout, cmd.Stderr = log, log
	if cmd.Cancel, err = record.Tether(cmd); err != nil {
		return o, err
	}
	cmd.WaitDelay = time.Minute
	start := time.Now()
	err = cmd.Run()
	o.Seconds += time.Since(start).Seconds()
	o.Step = record.At(dir)
	if err != nil && p.ctx.Err() == nil {
		o.Error = lastLine(log.Name())
	}
	return o, o.Write(dir)
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
