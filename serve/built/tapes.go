package built

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// A taping is what is recorded of a preset: frames up to a step.
type taping struct {
	experiment, preset string
	frames, last       int
}

// tapes are the runs that the page shows before it trains, in the order in which they
// are recorded: first those that a tab begins with. The small ones end when they are
// good; the large ones end early, so that all are recorded within two minutes.
var tapes = []taping{
	{"wgan-gp", "live", 24, 2400}, {"gumbel-vae", "live", 20, 1200}, {"gumbel-sop", "live", 16, 1200},
	{"gumbel-semi", "live", 8, 600}, {"wgan-mnist", "live", 9, 800},
	{"wgan-gp", "clip", 24, 2400}, {"wgan-gp", "fixed", 24, 2400}, {"wgan-gp", "gan", 20, 1500},
	{"wgan-gp", "many", 24, 4000}, {"wgan-gp", "figure-1b", 12, 120},
	{"wgan-gp", "paper", 12, 24}, {"wgan-gp", "paper-clip", 12, 36},
	{"wgan-mnist", "clip", 9, 800}, {"wgan-mnist", "overfit-live", 7, 200},
	{"gumbel-vae", "straight-through", 20, 1200}, {"gumbel-vae", "paper", 20, 1200},
	{"gumbel-vae", "paper-bernoulli", 16, 600}, {"gumbel-vae", "notebook", 16, 400},
	{"gumbel-sop", "bits", 16, 1200}, {"gumbel-sop", "straight-through", 16, 1200},
	{"gumbel-sop", "paper", 16, 600}, {"gumbel-sop", "paper-categorical", 16, 600},
	{"gumbel-semi", "straight-through", 8, 600}, {"gumbel-semi", "marginal", 8, 120}, {"gumbel-semi", "paper", 6, 30},
}

// tapeCheckpoints is how many checkpoints lie next to a tape at most.
const tapeCheckpoints = 6

// coreFile is the file of a folder of tapes that names the code that recorded them.
const coreFile = "core"

// makeTapes records those tapes of a list that are missing.
func makeTapes(ctx context.Context, o Options, list []taping) error {
	if err := claim(o.tapes(), o.Core); err != nil {
		return err
	}
	work, ended := make(chan taping), make(chan error)
	for range o.Jobs {
		go func() {
			if o.Background {
				yield()
			}
			var first error
			for t := range work {
				if err := makeTape(o, t); first == nil {
					first = err
				}
			}
			ended <- first
		}()
	}
	var first error
hand:
	for _, t := range list {
		select {
		case work <- t:
		case <-ctx.Done():
			first = ctx.Err()
			break hand
		}
	}
	close(work)
	for range o.Jobs {
		if err := <-ended; first == nil {
			first = err
		}
	}
	return first
}

// claim makes dir the folder of the tapes of a core: those of another are removed.
func claim(dir, core string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if owns(dir, core) {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return data.WriteFile(filepath.Join(dir, coreFile), []byte(core))
}

// owns reports whether the tapes of dir are those of a core.
func owns(dir, core string) bool {
	b, err := os.ReadFile(filepath.Join(dir, coreFile))
	return err == nil && string(b) == core
}

// makeTape records one tape, unless it is there. The tape is written last, after its
// checkpoints. It returns an error if meanwhile the folder became that of another core.
func makeTape(o Options, of taping) error {
	dir := o.tapes()
	name := filepath.Join(dir, of.experiment+"."+of.preset+".tape")
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	e, err := lab.Find(of.experiment)
	if err != nil {
		return err
	}
	w, err := o.world(e)
	if err != nil {
		return err
	}
	fmt.Printf("recording %s\n", strings.TrimSuffix(filepath.Base(name), ".tape"))
	t, err := record.NewTape(e, of.preset, w, record.TapeSteps(of.frames, of.last), tapeCheckpoints)
	if err != nil {
		return err
	}
	if !owns(dir, o.Core) {
		return fmt.Errorf("%s has become a folder of other code's tapes: %s was not written", dir, name)
	}
	for _, c := range t.Checkpoints {
		if err := data.WriteStore(filepath.Join(dir, t.CheckpointName(c)), c); err != nil {
			return err
		}
	}
	return data.WriteStore(name, t.Store())
}
