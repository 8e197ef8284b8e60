// Command ganbel runs the experiments of "Improved Training of Wasserstein GANs"
// and "Categorical Reparameterization with Gumbel-Softmax".
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"ganbel/core/record"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, func() {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // the reader of the output may be gone by then: the run is kept anyway
		stop()                                                  // a second Ctrl-C ends it at once
	})
	err := command(record.Tethered(ctx), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "ganbel:", err)
	}
	os.Exit(status(err))
}

// endings returns the signals that end the command in good order: an interrupt, SIGTERM,
// and SIGHUP, which comes when a terminal closes, unless it was ignored from the start, as
// nohup does. Windows has no SIGHUP.
func endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
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
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		return 2
	case errors.As(err, &stopped), errors.Is(err, errStopped), errors.Is(err, context.Canceled):
		return 130
	}
	return 1
}

// command carries out a command line, without the program's name.
func command(ctx context.Context, args []string) error {
	root := commands(args)
	root.SetArgs(arrange(args))
	return root.ExecuteContext(ctx)
}
