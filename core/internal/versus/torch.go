package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// torch is PyTorch in a process of its own, which torch.py tells more of.
type torch struct {
	peer string
	in   io.Writer
	out  *bufio.Scanner
}

func openTorch(ctx context.Context) (*torch, error) {
	cmd := exec.CommandContext(ctx, "/usr/bin/python3", "core/internal/versus/torch.py")
	// Settings for another machine's processor would slow OpenBLAS down.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "OPENBLAS_CORETYPE=") || strings.HasPrefix(v, "OPENBLAS_L2_SIZE=")
	})
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &torch{in: in, out: bufio.NewScanner(out)}
	var hello struct{ Peer string }
	if err := p.read(&hello); err != nil {
		return nil, fmt.Errorf("%w: make bench installs it", err)
	}
	p.peer = hello.Peer
	return p, nil
}

func (p *torch) read(v any) error {
	if !p.out.Scan() {
		if err := p.out.Err(); err != nil {
			return err
		}
		return errors.New("python3 ended")
	}
	return json.Unmarshal(p.out.Bytes(), v)
}

func (p *torch) name() string { return p.peer }

func (p *torch) rate(workload string, window time.Duration) (float64, error) {
	if err := json.NewEncoder(p.in).Encode(map[string]any{"workload": workload, "seconds": window.Seconds(), "threads": 1}); err != nil {
		return 0, err
	}
	var answer struct {
		Rate  float64
		Lacks string
	}
	if err := p.read(&answer); err != nil {
		return 0, err
	}
	if answer.Lacks != "" {
		return 0, errors.New(answer.Lacks)
	}
	return answer.Rate, nil
}
