// Command cmd makes what the page needs besides its wasm in assets/built of a working
// tree, "cmd ROOT". "cmd -serve HOST:PORT ROOT" serves the page of the tree at once,
// and makes the rest meanwhile, at the lowest priority.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"ganbel/serve"
	"ganbel/serve/built"
)

func main() {
	addr := flag.String("serve", "", "host and port to serve the page at; port 0 finds a free one")
	core := flag.String("core", "", "names the code that records tapes; those of other code are recorded anew")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: cmd [-core NAME] [-serve HOST:PORT] ROOT")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	o := built.Options{Assets: filepath.Join(flag.Arg(0), "assets"), Core: *core, Jobs: runtime.NumCPU()}
	err := error(nil)
	if *addr == "" {
		err = built.Make(ctx, o)
	} else {
		err = show(ctx, *addr, flag.Arg(0), o)
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "built:", err)
		os.Exit(1)
	}
}

// show serves the page of the tree at root until ctx ends, and meanwhile makes what
// is missing. If that fails it says so and continues to serve.
func show(ctx context.Context, addr, root string, o built.Options) error {
	tree, err := os.OpenRoot(root)
	if err != nil {
		return err
	}
	defer tree.Close()
	if err := built.Digits(o); err != nil {
		return err
	}
	h := serve.Handler(serve.Tree(tree.FS()), serve.Framed...)
	return serve.Run(ctx, addr, h, func(a net.Addr) {
		fmt.Printf("The page is at http://%s/ (Ctrl-C ends it)\n", a)
		o.Jobs, o.Background = 1, true
		go func() {
			if err := built.Make(ctx, o); err != nil && !errors.Is(err, context.Canceled) {
				fmt.Fprintln(os.Stderr, "the page is served, but not all that it shows could be made:", err)
			}
		}()
	})
}
