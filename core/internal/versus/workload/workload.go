// Package workload is our half of the comparison with other frameworks: what
// ../README.md tells, by our own core.
package workload

import (
	"fmt"
	"io/fs"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/random"
	"ganbel/core/simd"
)

// Names are the workloads, in the order of the table.
var Names = append([]string{
	"gemm-128x128x128", "gemm-256x256x256", "gemm-512x512x512", "gemm-1024x1024x1024",
	"gemm-256x512x512", "gemm-256x512x512-tb", "gemm-512x512x256-ta", "gemm-256x2x512", "gemm-100x784x512",
	"wgan-128", "wgan-512", "vae",
}, criticNames()...)

// A Workload can be done again and again.
type Workload struct {
	Do     func()
	Points float64 // what one Do counts for: GFLOP, or 1 iteration
}

// New builds a workload on the given number of goroutines. mnist has the digits'
// files, or is nil: then the VAE learns 1000 random images.
func New(name string, goroutines int, mnist fs.FS) (Workload, error) {
	var m, n, k, width int
	if _, err := fmt.Sscanf(name, "gemm-%dx%dx%d", &m, &n, &k); err == nil {
		return product(m, n, k, name[len(name)-3:] == "-ta", name[len(name)-3:] == "-tb"), nil
	}
	if _, err := fmt.Sscanf(name, "wgan-%d", &width); err == nil {
		return trained(experiment.WGANGP, "paper", lab.Values{"width": fmt.Sprint(width)}, experiment.World{})
	}
	switch name {
	case "vae":
		return trained(experiment.GumbelVAE, "notebook", lab.Values{"latents": "20"}, experiment.World{MNIST: func() (train, test *data.Images, err error) {
			if mnist != nil {
				return data.MNIST(mnist)
			}
			return noise(), noise(), nil
		}})
	}
	for _, c := range criticNets {
		if c.workload() == name {
			return c.step(goroutines), nil
		}
	}
	return Workload{}, fmt.Errorf("there is no workload %q: there are %v", name, Names)
}

// Rate does w again and again for so long, once more before that, and returns the
// points a second. What takes longer than the window is done once.
func (w Workload) Rate(window time.Duration) float64 {
	start := time.Now()
	w.Do()
	if took := time.Since(start); took >= window {
		return w.Points / took.Seconds()
	}
	n := 0.
	start = time.Now()
	for time.Since(start) < window {
		w.Do()
		n++
	}
	return n * w.Points / time.Since(start).Seconds()
}

func product(m, n, k int, ta, tb bool) Workload {
	a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
	random.New(1, "a").Uniform(a)
	random.New(1, "b").Uniform(b)
	lda, ldb := k, n
	if ta {
		lda = m
	}
	if tb {
		ldb = k
	}
	var s simd.Scratch
	return Workload{func() { simd.Gemm(ta, tb, m, n, k, a, lda, b, ldb, c, n, &s) }, 2e-9 * float64(m) * float64(n) * float64(k)}
}

func trained(e *lab.Experiment, preset string, changes lab.Values, w experiment.World) (Workload, error) {
	v, err := e.Resolve(preset, changes)
	if err != nil {
		return Workload{}, err
	}
	run, err := experiment.Open(e, v, w)
	if err != nil {
		return Workload{}, err
	}
	return Workload{func() {
		if err := run.Train(1); err != nil {
			panic(err)
		}
	}, 1}, nil
}

// noise returns 1000 images of random grey.
func noise() *data.Images {
	pixels := make([]float32, 1000*28*28)
	random.New(1, "images").Uniform(pixels)
	images := &data.Images{Rows: 28, Cols: 28, Channels: 1, Pixels: make([]byte, len(pixels)), Labels: make([]byte, 1000)}
	for i, p := range pixels {
		images.Pixels[i] = byte(255 * p)
	}
	return images
}
