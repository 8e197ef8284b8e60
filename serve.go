package main

import (
	"bytes"
	"context"
	"embed"
	"flag"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/serve"
)

// index is the page itself; what it loads is in assets.
//
//go:embed index.html
var index embed.FS

// serving shows the page until it is interrupted.
func serving(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("ganbel serve", flag.ContinueOnError)
	addr := f.String("addr", "127.0.0.1:8080", "host and port to serve at; port 0 finds a free one")
	if err := parse(f, args); err != nil {
		return err
	}
	if _, err := fs.Stat(assets.Page, "built/worker.wasm"); err != nil {
		return fmt.Errorf("this ganbel was built without the page's wasm: run make build, then ./ganbel serve")
	}
	return serve.Run(ctx, *addr, serve.Handler(page{}, framed...), func(a net.Addr) {
		if !a.(*net.TCPAddr).IP.IsLoopback() {
			fmt.Fprintln(os.Stderr, "ganbel: everyone who reaches", a, "can open the page")
		}
		fmt.Printf("The page is at http://%s (Ctrl-C ends it)\n", a)
	})
}

// framed are the pages that other sites may frame: the embed, and the stage
// within it, which alone shows nothing; and the element that frames it for them.
var framed = []string{"assets/embed.html", "assets/stage.html", "assets/ganbel-lab.js"}

// page is index.html with everything else below assets.
type page struct{}

func (page) Open(name string) (fs.File, error) {
	if below, ok := strings.CutPrefix(name, "assets/"); ok {
		return assets.Page.Open(below)
	}
	return index.Open(name)
}

// makeAssets writes the page's digits into dir, and compresses what is there.
func makeAssets(dir string) error {
	files, err := fs.Sub(assets.MNIST, "mnist")
	if err != nil {
		return err
	}
	train, _, err := data.MNIST(files)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := data.WriteShard(&b, train); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "mnist-10k.gz"), b.Bytes(), 0o644); err != nil {
		return err
	}
	return serve.Compress(dir, ".wasm", ".js")
}
