package command

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/random"
	"ganbel/core/simd"
)

// bench prints the speed of products next to gonum's, in turn on one processor,
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
		random.New(1, "x").Uniform(x) // gonum's skips zeros
		random.New(1, "y").Uniform(y)
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
	world := experiment.World{MNIST: func() (train, test *data.Images, err error) { return data.MNIST(assets.MNIST()) }}
	for _, e := range lab.Experiments() {
		if e == experiment.GumbelClasses || e.Native {
			continue // it is a bench itself; make bench has the steps of the large networks
		}
		for _, p := range e.Presets {
			v, err := e.Resolve(p.Name, nil)
			if err != nil {
				return err
			}
			run, err := experiment.Open(e, v, world)
			if err != nil {
				return err
			}
			var rates []float64
			for range windows + 1 {
				rates = append(rates, rate(func() { err = run.Train(1) }))
				if err != nil || rates[0] < 1 { // steps of a second need no more windows
					break
				}
			}
			run.Close()
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%-30s %.3g\n", e.Name+" "+p.Name, median(rates[min(1, len(rates)-1):])) // the first warms up
		}
	}
	return nil
}
