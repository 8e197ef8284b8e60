// Command ganbel runs the experiments of "Improved Training of Wasserstein GANs"
// and "Categorical Reparameterization with Gumbel-Softmax".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"ganbel/core/lab"
	"ganbel/core/record"
)

const usage = `ganbel trains the experiments of two papers.

	ganbel list                      what there is to run
	ganbel run EXPERIMENT [flags]    train one; ganbel run EXPERIMENT -h lists its flags
	ganbel run --resume DIR          go on with a run
	ganbel run --from FILE           go on, in a folder, with a run that the page saved
	ganbel export DIR-OR-FILE        write a run's networks as ONNX models
	ganbel serve [--addr HOST:PORT]  the page, on 127.0.0.1:8080 where nothing is said
	ganbel serve --run DIR           the page, showing a run that another ganbel trains in DIR
	ganbel table1 [flags]            Table 1 of the Gumbel-Softmax paper, and its curves
	ganbel score PATH [flags]        the Inception Score and FID of images, beside real ones
	ganbel digits [flags]            train the classifier that digits are scored by
	ganbel sweep NAME [flags]        a figure or table of the WGAN-GP paper that takes many runs
	ganbel licences                  the licences of ganbel and of all that is within it
	ganbel bench                     steps a second, and products beside gonum's

It exits with 0 where all went well, 1 where something failed, 2 where it was
called wrongly, and 130 where it was interrupted.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	err := command(ctx, os.Args[1:])
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "ganbel:", err)
	}
	os.Exit(status(err))
}

// A misuse is an error of how the command was called.
type misuse struct{ error }

// misused returns a misuse.
func misused(format string, args ...any) error { return misuse{fmt.Errorf(format, args...)} }

// status returns what the command exits with.
func status(err error) int {
	var wrong misuse
	var stopped *record.Stopped
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &wrong):
		return 2
	case errors.As(err, &stopped), errors.Is(err, errStopped), errors.Is(err, context.Canceled):
		return 130
	}
	return 1
}

func command(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Print(usage)
		return nil
	}
	name, args := args[0], args[1:]
	switch name {
	case "list", "bench":
		if len(args) > 0 {
			return misused("%s takes nothing after it, not %q", name, args[0])
		}
		if name == "bench" {
			return bench(os.Stdout)
		}
		for _, e := range lab.Experiments {
			fmt.Printf("%s: %s\n", e.Name, e.Doc)
			for _, p := range e.Presets {
				fmt.Printf("    --preset %-18s %s\n", p.Name, p.Doc)
			}
		}
		return nil
	case "run":
		return run(ctx, args)
	case "table1":
		return table1(ctx, args)
	case "sweep":
		return sweeping(ctx, args)
	case "score":
		return scoring(ctx, args)
	case "digits":
		return digits(ctx, args)
	case "export":
		return export(args)
	case "licences":
		return licences(os.Stdout)
	case "serve":
		return serving(ctx, args)
	}
	return misused("no command %q%s\n\n%s", name, near(name, []string{"list", "run", "table1", "sweep", "score", "digits", "export", "serve", "bench", "licences", "help"}), usage)
}
