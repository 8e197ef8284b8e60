// Package command is the command line of ganbel: it trains the experiments of "Improved
// Training of Wasserstein GANs" and "Categorical Reparameterization with Gumbel-Softmax",
// and serves the page. A program that links it decides only what page there is to serve:
//
//	func main() { os.Exit(command.Main(page)) }
//
// There is a file for each command. It parses flags and checks what they ask for, so that
// a misuse is answered with what would be right; training, sweeping and serving are done
// by the packages below, such as core/record, core/sweep and serve.
package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"ganbel/core/record"
	"ganbel/core/sweep"
)

// Main carries out the command line that the program was called with, and returns what
// it exits with: 0 if all went well, 1 if something failed, 2 if it was called wrongly,
// and 130 if a signal interrupted it. page has index.html and service-worker.js; it is nil
// in a program that has no page to serve.
func Main(page fs.FS) int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, func() {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // the reader of the output may be gone by then: the run is kept anyway
		stop()                                                  // a second Ctrl-C ends it at once
	})
	err := execute(record.Tethered(ctx), page, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "ganbel:", err)
	}
	return status(err)
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
	case errors.As(err, &stopped), errors.Is(err, sweep.ErrStopped), errors.Is(err, context.Canceled):
		return 130
	}
	return 1
}

// execute carries out a command line, without the program's name.
func execute(ctx context.Context, page fs.FS, args []string) error {
	root := commands(page, args)
	root.SetArgs(arrange(args))
	return root.ExecuteContext(ctx)
}
