package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ganbel/assets"
	"ganbel/core/record"
	"ganbel/serve"
)

// serveCommand shows the page until it is interrupted.
func serveCommand(page fs.FS) *cobra.Command {
	c := &cobra.Command{
		Use:     "serve",
		Short:   "Serves the page, or with --run a run that another ganbel trains.",
		Example: "ganbel serve\nganbel serve --addr :8080\nganbel serve --run runs/wgan-gp-live-1",
		Args:    nothing,
	}
	f := c.Flags()
	addr := f.String("addr", "127.0.0.1:8080", "host and port to serve at; port 0 finds a free one")
	dir := f.String("run", "", "folder of a run that another ganbel trains: the page shows that one")
	group(f, "Flags", "addr HOST:PORT", "run DIR")
	complete(c, "addr")
	if err := c.MarkFlagDirname("run"); err != nil {
		panic(err) // there is no such flag
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return serving(c.Context(), page, *addr, *dir) }
	return c
}

// serving shows the page until it is interrupted: one that trains, or if dir is not ""
// one that watches the run in that folder. Other machines need a token for that one.
func serving(ctx context.Context, page fs.FS, addr, dir string) error {
	if page == nil {
		return errors.New("this program was built without the page: serve it with another ganbel")
	}
	if _, err := fs.Stat(assets.Page, "built/worker.wasm"); err != nil {
		return fmt.Errorf("this ganbel was built without the page's wasm: run make build, then ./ganbel serve")
	}
	files := serve.Bundled(whole{page})
	guard := &serve.Guard{Next: serve.Handler(files, serve.Framed...)}
	if dir != "" {
		guard = &serve.Guard{Next: serve.Live(files, dir, serve.Framed...), Token: rand.Text()}
		if seen := record.NewWatcher(dir).Look(time.Now()); seen.Err != nil {
			fmt.Fprintf(os.Stderr, "ganbel: %v; the page waits for it\n", seen.Err)
		}
	}
	return serve.Run(ctx, addr, guard, func(a net.Addr) {
		local := a.(*net.TCPAddr).IP.IsLoopback()
		if local {
			guard.Token = "" // none but this machine is answered
		}
		url := fmt.Sprintf("http://%s/", a)
		switch {
		case guard.Token != "":
			url += "?token=" + guard.Token
			fmt.Fprintln(os.Stderr, "ganbel: everyone who has this address can watch the run; it is not encrypted on its way")
		case !local:
			fmt.Fprintln(os.Stderr, "ganbel: everyone who reaches", a, "can open the page")
		}
		fmt.Printf("The page is at %s (Ctrl-C ends it)\n", url)
	})
}

// A whole page is what Main is given, with all files below assets.
type whole struct{ page fs.FS }

// Open opens a file of the page.
func (w whole) Open(name string) (fs.File, error) {
	if name == "assets" {
		return assets.Page.Open(".")
	}
	if below, ok := strings.CutPrefix(name, "assets/"); ok {
		return assets.Page.Open(below)
	}
	return w.page.Open(name)
}
