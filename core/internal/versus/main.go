// Command versus compares our speed with that of other frameworks, in windows
// that alternate, and prints one table: ours, theirs, the median ratio. README.md
// beside it tells what is compared. "make bench" installs the peers and runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"ganbel/core/internal/versus/workload"
)

// A contestant answers how fast it is at a workload, or why it does not do it.
type contestant interface {
	name() string
	rate(workload string, window time.Duration) (float64, error)
}

func main() {
	log.SetFlags(0)
	windows := flag.Int("windows", 5, "windows of each contestant, in turn")
	seconds := flag.Float64("seconds", 1, "length of a window")
	only := flag.String("only", "", "rows to measure, as a regular expression of SIDE WORKLOAD, such as 'wasm wgan'")
	peers := flag.String("peers", ".peers", "folder with the peers' node_modules")
	flag.Parse()
	which, err := regexp.Compile(*only)
	if err != nil {
		log.Fatalf("-only: %v", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	t := table{*windows, time.Duration(*seconds * float64(time.Second)), which}
	fmt.Printf("%s, %s/%s, medians of %d windows of %v each in turn; GFLOP/s of products, steps a second of training\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, t.windows, t.window)
	t.head()
	if t.wants("native", workload.Names...) || t.wants("native, 2 threads", workload.Names...) {
		native(ctx, t)
	}
	if t.wants("wasm", browserNames...) {
		if err := inBrowser(ctx, t, *peers); err != nil {
			fmt.Println("wasm: not measured:", err)
		}
	}
}

// native compares one thread with PyTorch, and two of ours with one.
func native(ctx context.Context, t table) {
	torch, err := openTorch(ctx)
	if err != nil {
		fmt.Println("native: PyTorch not measured:", err)
	}
	one := &inProcess{threads: 1}
	for _, name := range workload.Names {
		var peers []contestant
		if torch != nil {
			peers = append(peers, torch)
		}
		t.row("native", name, one, peers...)
	}
	if runtime.NumCPU() > 1 {
		for _, name := range []string{"wgan-128", "wgan-512", "vae", "critic-cifar-b64", "critic-cifar-resnet-b64"} {
			t.row("native, 2 threads", name, &inProcess{threads: 2}, one)
		}
	}
}

// inProcess is ours, native.
type inProcess struct {
	threads int
	doing   string
	w       workload.Workload
}

func (c *inProcess) name() string { return fmt.Sprintf("Ganbel, %d thread", c.threads) }

func (c *inProcess) rate(name string, window time.Duration) (float64, error) {
	runtime.GOMAXPROCS(c.threads)
	defer runtime.GOMAXPROCS(runtime.NumCPU())
	if name != c.doing {
		w, err := workload.New(name, c.threads, os.DirFS("assets/mnist"))
		if err != nil {
			return 0, err
		}
		c.doing, c.w = name, w
		w.Do() // what is first is slow
	}
	return c.w.Rate(window), nil
}

// nobody is the peer where none is installed.
type nobody struct{}

func (nobody) name() string { return "no peer" }

func (nobody) rate(string, time.Duration) (float64, error) {
	return 0, errors.New("none is installed")
}

// A table prints rows as they are measured.
type table struct {
	windows int
	window  time.Duration
	only    *regexp.Regexp
}

func (t table) wants(side string, names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return t.only.MatchString(side + " " + n) })
}

const line = "%-18s %-24s %8s  %-56s %10s %7s\n"

func (t table) head() { fmt.Printf(line, "side", "workload", "ours", "peer", "theirs", "ratio") }

// row measures ours beside each peer in turn, and prints a line for each.
func (t table) row(side, name string, ours contestant, peers ...contestant) {
	if !t.wants(side, name) {
		return
	}
	number := func(v float64) string {
		if v < 10 {
			return fmt.Sprintf("%.2f", v)
		}
		return fmt.Sprintf("%.1f", v)
	}
	if len(peers) == 0 {
		peers = []contestant{nobody{}}
	}
	for _, peer := range peers {
		var mine, theirs, ratios []float64
		var lacks error
		for range t.windows {
			a, err := ours.rate(name, t.window)
			if err != nil {
				fmt.Printf(line, side, name, "-", err.Error(), "", "")
				return
			}
			mine = append(mine, a)
			if lacks != nil {
				continue
			}
			var b float64
			if b, lacks = peer.rate(name, t.window); lacks == nil {
				theirs, ratios = append(theirs, b), append(ratios, a/b)
			}
		}
		if lacks != nil {
			fmt.Printf(line, side, name, number(median(mine)), peer.name()+": "+strings.TrimSpace(lacks.Error()), "-", "-")
			continue
		}
		fmt.Printf(line, side, name, number(median(mine)), peer.name(), number(median(theirs)), fmt.Sprintf("%.2f", median(ratios)))
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}
