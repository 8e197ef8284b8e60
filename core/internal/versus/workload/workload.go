// Package workload is our half of the comparison with other frameworks: what
// ../README.md tells, by our own core.
package workload

import (
	"fmt"
	"io/fs"
	"time"

	"ganbel/core/cpu"
	"ganbel/core/data"
	"ganbel/core/graph"
	"ganbel/core/lab"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/simd"
	"ganbel/core/wgan"
)

// Names are the workloads, in the order of the table.
var Names = []string{
	"gemm-128x128x128", "gemm-256x256x256", "gemm-512x512x512", "gemm-1024x1024x1024",
	"gemm-256x512x512", "gemm-256x512x512-tb", "gemm-512x512x256-ta", "gemm-256x2x512", "gemm-100x784x512",
	"wgan-128", "wgan-512", "vae", "conv",
}

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
		return experiment(lab.WGANGP, "paper", lab.Values{"width": fmt.Sprint(width)}, lab.World{})
	}
	switch name {
	case "vae":
		return experiment(lab.GumbelVAE, "notebook", lab.Values{"latents": "20"}, lab.World{MNIST: func() (train, test *data.Images, err error) {
			if mnist != nil {
				return data.MNIST(mnist)
			}
			return noise(), noise(), nil
		}})
	case "conv":
		return convolution(goroutines), nil
	}
	return Workload{}, fmt.Errorf("there is no workload %q: there are %v", name, Names)
}

// Rate does w again and again for so long, once more before that, and returns the
// points a second.
func (w Workload) Rate(window time.Duration) float64 {
	w.Do()
	n, start := 0., time.Now()
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

func experiment(e *lab.Experiment, preset string, changes lab.Values, w lab.World) (Workload, error) {
	v, err := e.Resolve(preset, changes)
	if err != nil {
		return Workload{}, err
	}
	run, err := e.New(v, w)
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

// convolution is one step of the critic of Gulrajani et al.'s CIFAR-10 nets in
// the size of DCGAN's, on 64 images of fixed noise.
func convolution(goroutines int) Workload {
	const batch = 64
	g := graph.New()
	block := nn.NewBlock("critic")
	c1, c2, c3 := nn.NewConv(block, "1", 3, 128, 5, 2), nn.NewConv(block, "2", 128, 256, 5, 2), nn.NewConv(block, "3", 256, 512, 5, 2)
	last := nn.NewLinear(block, "4", 8192, 1, nn.Glorot(8192, 1))
	block.Build(g)
	critic := func(x *graph.Node) *graph.Node {
		y := c1.Apply(x.Reshape(batch*32*32, 3), batch, 32, 32).LeakyReLU(.2)
		y = c2.Apply(y, batch, 16, 16).LeakyReLU(.2)
		y = c3.Apply(y, batch, 8, 8).LeakyReLU(.2)
		return last.Apply(y.Reshape(batch, 8192))
	}
	real, fake, eps := g.Input("real", batch, 3072), g.Input("fake", batch, 3072), g.Input("eps", batch, 1)
	loss := wgan.Loss(critic, real, fake, eps, g.Const(1, 1, 10)).Loss
	rate := g.State("rate", 1, 1, 1e-4)
	updates := nn.Adam{Rate: rate, Beta1: .5, Beta2: .9}.Minimize(loss, block)
	memory := cpu.NewMemory()
	machine := cpu.Open(program.Compile(updates, loss), memory, goroutines)
	r := random.New(1, "init")
	block.Init(memory.Of(block.Node), r)
	for _, n := range []*graph.Node{real, fake} {
		v := memory.Of(n)
		r.Uniform(v)
		simd.Scale(v, v, 2)
		simd.AddConst(v, v, -1)
	}
	return Workload{func() {
		r.Uniform(memory.Of(eps))
		machine.Run()
	}, 1}
}
