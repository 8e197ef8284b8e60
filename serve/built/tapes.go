package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// tapes are the runs that the page shows before it trains: so many frames of a
// preset up to a step, where the small ones are good. The large ones end early,
// so that all are recorded within two minutes.
var tapes = []struct {
	experiment, preset string
	frames, last       int
}{
	{"wgan-gp", "live", 24, 2400}, {"wgan-gp", "clip", 24, 2400}, {"wgan-gp", "fixed", 24, 2400},
	{"wgan-gp", "gan", 20, 1500}, {"wgan-gp", "many", 24, 4000}, {"wgan-gp", "figure-1b", 12, 120},
	{"wgan-gp", "paper", 12, 24}, {"wgan-gp", "paper-clip", 12, 36},
	{"wgan-mnist", "live", 9, 800}, {"wgan-mnist", "clip", 9, 800}, {"wgan-mnist", "overfit-live", 7, 200},
	{"gumbel-vae", "live", 20, 1200}, {"gumbel-vae", "straight-through", 20, 1200},
	{"gumbel-vae", "paper", 20, 1200}, {"gumbel-vae", "paper-bernoulli", 16, 600}, {"gumbel-vae", "notebook", 16, 400},
	{"gumbel-sop", "live", 16, 1200}, {"gumbel-sop", "bits", 16, 1200}, {"gumbel-sop", "straight-through", 16, 1200},
	{"gumbel-sop", "paper", 16, 600}, {"gumbel-sop", "paper-categorical", 16, 600},
	{"gumbel-semi", "live", 8, 600}, {"gumbel-semi", "straight-through", 8, 600},
	{"gumbel-semi", "marginal", 8, 120}, {"gumbel-semi", "paper", 6, 30},
}

// tapeCheckpoints is how many checkpoints lie beside a tape at most.
const tapeCheckpoints = 6

// makeTapes records those tapes that dir lacks, one on each core.
func makeTapes(dir string, w lab.World) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	places, ended := make(chan bool, runtime.NumCPU()), make(chan error)
	for _, t := range tapes {
		go func() {
			places <- true
			defer func() { <-places }()
			ended <- makeTape(dir, w, t.experiment, t.preset, record.TapeSteps(t.frames, t.last))
		}()
	}
	var first error
	for range tapes {
		if err := <-ended; first == nil {
			first = err
		}
	}
	return first
}

// makeTape records one tape, unless it is there. The tape is written last: while
// it is missing, so may be its checkpoints.
func makeTape(dir string, w lab.World, experiment, preset string, steps []int) error {
	name := filepath.Join(dir, experiment+"."+preset+".tape")
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	e, err := lab.Find(experiment)
	if err != nil {
		return err
	}
	if w.Classifier, err = classifier(e, nil); err != nil { // one of its own: it is for one goroutine at a time
		return err
	}
	fmt.Printf("recording %s\n", name)
	t, err := record.NewTape(e, preset, w, steps, tapeCheckpoints)
	if err != nil {
		return err
	}
	for _, c := range t.Checkpoints {
		if err := writeStore(filepath.Join(dir, t.CheckpointName(c)), c); err != nil {
			return err
		}
	}
	return writeStore(name, t.Store())
}

func writeStore(name string, s data.Store) error {
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, s); err != nil {
		return err
	}
	return data.WriteFile(name, b.Bytes())
}
