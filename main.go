// Command ganbel runs the experiments of "Improved Training of Wasserstein GANs"
// and "Categorical Reparameterization with Gumbel-Softmax".
package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/simd"
	"ganbel/serve"
)

const usage = `ganbel trains the experiments of two papers.

	ganbel list                    what there is to run
	ganbel run EXPERIMENT [flags]  train one; ganbel run EXPERIMENT -h lists its flags
	ganbel run --resume DIR        go on with a run
	ganbel serve [--addr HOST:PORT]  the page, on 127.0.0.1:8080 where nothing is said
	ganbel bench                   steps a second, and products beside gonum's
	ganbel assets DIR              make what the page needs beside the wasm in DIR (make build does)
`

// index is the page itself; what it loads is in assets.
//
//go:embed index.html
var index embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "ganbel:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Print(usage)
		return nil
	}
	switch args[0] {
	case "list":
		for _, e := range lab.Experiments {
			fmt.Printf("%s: %s\n", e.Name, e.Doc)
			for _, p := range e.Presets {
				fmt.Printf("    --preset %-18s %s\n", p.Name, p.Doc)
			}
		}
		return nil
	case "run":
		return run(ctx, args[1:])
	case "serve":
		return serving(ctx, args[1:])
	case "bench":
		return bench(os.Stdout)
	case "assets":
		if len(args) != 2 {
			return fmt.Errorf("assets takes one folder, such as assets/built")
		}
		return makeAssets(args[1])
	}
	return fmt.Errorf("no command %q\n\n%s", args[0], usage)
}

func run(ctx context.Context, args []string) error {
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	f := flag.NewFlagSet("ganbel run "+name, flag.ExitOnError)
	preset := f.String("preset", "", "a named choice of settings; the first listed where none is named")
	steps := f.Int("steps", 4000, "train until this step")
	every := f.Int("every", 50, "steps between rows of metrics.csv")
	out := f.String("out", "", "folder of the run (default runs/EXPERIMENT-SEED)")
	resume := f.String("resume", "", "folder of a run to go on with; its own settings hold")
	points := f.String("points", "", "CSV file of your own points, x and y a line, for --data points")
	mnist := f.String("mnist", "", "folder with the four files of MNIST (default: those within the command)")
	r := record.Run{Log: os.Stdout}
	var e *lab.Experiment
	if name != "" {
		var err error
		if e, err = lab.Find(name); err != nil {
			return err
		}
		for _, s := range e.Settings {
			if s.Kind == lab.Bool {
				f.Bool(s.Name, s.Default == "true", s.Doc)
			} else {
				f.String(s.Name, s.Default, s.Doc+rangeOf(s))
			}
		}
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	r.Steps, r.Every = *steps, *every
	if f.NArg() > 0 {
		return fmt.Errorf("%q is no flag", f.Arg(0))
	}
	if r.Every < 1 {
		return fmt.Errorf("--every is %d: it must be at least 1", r.Every)
	}
	var err error
	if *points != "" {
		if r.World.Points, err = readPoints(*points); err != nil {
			return err
		}
	}
	files, _ := fs.Sub(assets.MNIST, "mnist") // the folder is embedded
	if *mnist != "" {
		files = os.DirFS(*mnist)
	}
	r.World.MNIST = func() (train, test *data.Images, err error) { return data.MNIST(files) }
	changes := lab.Values{}
	f.Visit(func(g *flag.Flag) {
		if e != nil && e.Setting(g.Name) != nil {
			changes[g.Name] = g.Value.String()
		}
	})
	if *resume != "" {
		if len(changes) > 0 || *preset != "" || *out != "" {
			return fmt.Errorf("--resume goes on with the run's own settings: leave out the others")
		}
		r.Dir, r.Experiment, r.Every = *resume, name, 0
		f.Visit(func(g *flag.Flag) {
			if g.Name == "every" {
				r.Every = *every
			}
		})
		return record.Resume(ctx, r)
	}
	if e == nil {
		return fmt.Errorf("name an experiment: ganbel list tells which there are")
	}
	if r.Values, err = e.Resolve(*preset, changes); err != nil {
		return err
	}
	r.Experiment, r.Dir = e.Name, *out
	if r.Dir == "" {
		r.Dir = filepath.Join("runs", e.Name+"-"+r.Values["seed"])
	}
	return record.Start(ctx, r)
}

func rangeOf(s lab.Setting) string {
	if s.Kind == lab.Choice {
		return " One of " + strings.Join(s.Choices, ", ") + "."
	}
	return fmt.Sprintf(" From %g to %g.", s.Min, s.Max)
}

// readPoints reads x and y a line.
func readPoints(name string) ([]float32, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c := csv.NewReader(f)
	c.FieldsPerRecord = 2
	rows, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: every line must be x,y", name, err)
	}
	var points []float32
	for i, row := range rows {
		for _, text := range row {
			v, err := strconv.ParseFloat(strings.TrimSpace(text), 32)
			if err != nil {
				return nil, fmt.Errorf("%s, line %d: %q is no number", name, i+1, text)
			}
			points = append(points, float32(v))
		}
	}
	return points, nil
}

// serving shows the page until it is interrupted.
func serving(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("ganbel serve", flag.ExitOnError)
	addr := f.String("addr", "127.0.0.1:8080", "host and port to serve at; port 0 finds a free one")
	if err := f.Parse(args); err != nil {
		return err
	}
	if _, err := fs.Stat(assets.Page, "built/worker.wasm"); err != nil {
		return fmt.Errorf("this ganbel was built without the page's wasm: run make build, then ./ganbel serve")
	}
	return serve.Run(ctx, *addr, serve.Handler(page{}, "assets/stage.html"), func(a net.Addr) {
		if !a.(*net.TCPAddr).IP.IsLoopback() {
			fmt.Fprintln(os.Stderr, "ganbel: everyone who reaches", a, "can open the page")
		}
		fmt.Printf("The page is at http://%s (Ctrl-C ends it)\n", a)
	})
}

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

// bench prints the speed of products beside gonum's, in turn on one processor,
// and of every preset on all of them: medians of five windows.
func bench(w io.Writer) error {
	fmt.Fprintf(w, "%s, %s/%s, %d processors\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	fmt.Fprintf(w, "%-22s %12s %12s %8s\n", "product, float32", "ours", "gonum's", "ratio")
	const windows, window = 5, 100 * time.Millisecond
	rate := func(f func()) float64 { // calls a second
		n, start := 0, time.Now()
		for time.Since(start) < window {
			f()
			n++
		}
		return float64(n) / time.Since(start).Seconds()
	}
	median := func(v []float64) float64 { slices.Sort(v); return v[len(v)/2] }
	before := runtime.GOMAXPROCS(1) // gonum's product spreads over all
	for _, d := range [][3]int{{256, 256, 256}, {512, 512, 512}, {256, 512, 512}, {256, 2, 512}, {128, 64, 64}, {100, 784, 512}} {
		m, n, k := d[0], d[1], d[2]
		x, y, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
		var s simd.Scratch
		var ours, theirs []float64
		for range windows {
			flop := 2e-9 * float64(m*n*k)
			ours = append(ours, flop*rate(func() { simd.Gemm(false, false, m, n, k, x, k, y, n, c, n, &s) }))
			theirs = append(theirs, flop*rate(func() {
				gonum.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, x, k, y, n, 0, c, n)
			}))
		}
		a, b := median(ours), median(theirs)
		fmt.Fprintf(w, "%-22s %7.1f GF/s %7.1f GF/s %8.1f\n", fmt.Sprintf("%d x %d x %d", m, n, k), a, b, a/b)
	}
	runtime.GOMAXPROCS(before)
	fmt.Fprintf(w, "\n%-30s %s\n", "training", "steps a second")
	files, err := fs.Sub(assets.MNIST, "mnist")
	if err != nil {
		return err
	}
	world := lab.World{MNIST: func() (train, test *data.Images, err error) { return data.MNIST(files) }}
	for _, e := range lab.Experiments {
		for _, p := range e.Presets {
			v, err := e.Resolve(p.Name, nil)
			if err != nil {
				return err
			}
			run, err := e.New(v, world)
			if err != nil {
				return err
			}
			var rates []float64
			for range windows + 1 {
				rates = append(rates, rate(func() { err = run.Train(1) }))
				if err != nil {
					return err
				}
			}
			fmt.Fprintf(w, "%-30s %.1f\n", e.Name+" "+p.Name, median(rates[1:])) // the first warms up
		}
	}
	return nil
}
