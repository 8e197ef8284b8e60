package gumbel_test

import (
	"fmt"
	"math"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/gumbel"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
)

// π = (.1, .2, .7), the chances of three classes, as logits.
var logits = []float64{math.Log(.1), math.Log(.2), math.Log(.7)}

// An autoencoder learns to say four drawings through one choice between four
// classes: its model, its loss and its training. It cannot do better than log 4 =
// 1.39 nats, which is a class for each.
func Example() {
	const batch, pixels, classes = 16, 6, 4
	drawings := [4][pixels]float32{{1, 1, 0, 0, 0, 0}, {0, 0, 1, 1, 0, 0}, {0, 0, 0, 0, 1, 1}, {1, 0, 1, 0, 1, 0}}

	g, block := graph.New(), nn.NewBlock("vae")
	encoder := nn.NewLinear(block, "encoder", pixels, classes, nn.Glorot(pixels, classes))
	decoder := nn.NewLinear(block, "decoder", classes, pixels, nn.Glorot(classes, pixels))
	block.Build(g)
	x, u := g.Input("x", batch, pixels), g.Input("u", batch, classes)
	tau, rate := g.Input("tau", 1, 1), g.Input("rate", 1, 1)

	q := encoder.Apply(x) // logits of q(z|x)
	y := gumbel.Softmax(q, u, tau)
	reconstruction := nn.CrossEntropy(decoder.Apply(y), x).Sum().Scale(1. / batch)
	loss := reconstruction.Add(gumbel.KLUniform(q).Sum().Scale(1. / batch)) // -ELBO
	adam := nn.Adam{Rate: rate, Beta1: .9, Beta2: .999}

	memory := cpu.NewMemory()
	machine := cpu.Open(program.Compile(adam.Minimize(loss, block), loss), memory, 1)
	defer machine.Close()
	block.Init(memory.Of(block.Node), random.New(1, "init"))
	memory.Of(rate)[0] = .02
	for i := range batch {
		copy(memory.Of(x)[i*pixels:], drawings[i%4][:])
	}
	noise, falling := random.New(1, "gumbel"), gumbel.Schedule{First: 1, Least: .5, Fall: 1e-3}
	for step := range 2001 {
		noise.Uniform(memory.Of(u))
		memory.Of(tau)[0] = float32(falling.At(step))
		machine.Run()
		if step%1000 == 0 {
			fmt.Printf("step %4d: τ = %.2f, -ELBO = %.1f nats\n", step, falling.At(step), machine.Scalar(loss))
		}
	}
	// Output:
	// step    0: τ = 1.00, -ELBO = 4.4 nats
	// step 1000: τ = 0.50, -ELBO = 1.4 nats
	// step 2000: τ = 0.50, -ELBO = 1.4 nats
}

// Equation 1: every class comes with its chance.
func ExampleMax() {
	r, u := random.New(1, "gumbel"), make([]float64, 3)
	var counts [3]int
	for range 10_000 {
		for i := range u {
			u[i] = r.Float64()
		}
		z, err := gumbel.Max(logits, u)
		if err != nil {
			fmt.Println(err)
			return
		}
		counts[z]++
	}
	fmt.Println(counts)
	// Output:
	// [1056 2003 6941]
}

// Equation 2: of the same noise, a sample leads from one-hot to uniform as the
// temperature rises, and its greatest element stays where it is.
func ExampleSample() {
	u, y := []float64{.60, .55, .42}, make([]float64, 3)
	for _, tau := range []float64{.1, .5, 1, 10} {
		if err := gumbel.Sample(y, logits, u, tau); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("τ = %4.1f: %.3f\n", tau, y)
	}
	fmt.Println(gumbel.Sample(y, logits, u, 0))
	// Output:
	// τ =  0.1: [0.000 0.000 1.000]
	// τ =  0.5: [0.048 0.140 0.813]
	// τ =  1.0: [0.146 0.250 0.603]
	// τ = 10.0: [0.312 0.329 0.359]
	// gumbel: the temperature τ is 0: it must be a positive number; as it nears 0 Sample becomes Max
}

// A choice between two classes, such as a unit of a Bernoulli layer, takes one
// uniform number.
func ExampleSampleBinary() {
	logit := math.Log(.8 / .2) // π = .8
	for _, tau := range []float64{.1, 1, 10} {
		y, err := gumbel.SampleBinary(logit, .3, tau)
		if err != nil {
			fmt.Println(err)
			return
		}
		density, err := gumbel.LogDensityBinary(y, logit, tau)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("τ = %4.1f: y = %.3f, log p(y) = %.3f\n", tau, y, density)
	}
	// Output:
	// τ =  0.1: y = 0.995, log p(y) = 1.536
	// τ =  1.0: y = 0.632, log p(y) = -0.103
	// τ = 10.0: y = 0.513, log p(y) = 2.129
}

// Equation 3: at a low temperature the density is high near the corners and the
// edges, at a high one in the middle.
func ExampleLogDensity() {
	for _, tau := range []float64{.1, 1, 10} {
		for _, y := range [][]float64{{.01, .01, .98}, {1. / 3, 1. / 3, 1. / 3}} {
			density, err := gumbel.LogDensity(y, logits, tau)
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("τ = %4.1f: log p(%.2f) = %.2f\n", tau, y, density)
		}
	}
	_, err := gumbel.LogDensity([]float64{.5, .5, .5}, logits, 1)
	fmt.Println(err)
	// Output:
	// τ =  0.1: log p([0.01 0.01 0.98]) = 1.48
	// τ =  0.1: log p([0.33 0.33 0.33]) = -4.88
	// τ =  1.0: log p([0.01 0.01 0.98]) = 4.61
	// τ =  1.0: log p([0.33 0.33 0.33]) = -0.28
	// τ = 10.0: log p([0.01 0.01 0.98]) = -31.98
	// τ = 10.0: log p([0.33 0.33 0.33]) = 4.33
	// gumbel: y adds up to 1.5: a point of the simplex adds up to 1
}

// Section 2.2: a straight-through sample is one-hot going forward, and has the
// relaxed sample's gradient going backward.
func ExampleSoftmax() {
	g := graph.New()
	l, u, tau := g.Input("logits", 1, 3), g.Input("u", 1, 3), g.Input("tau", 1, 1)
	prize := g.Input("prize", 1, 3) // of each class
	y := gumbel.Softmax(l, u, tau)
	z := y.StraightThrough()
	gradient := func(sample *graph.Node) *graph.Node {
		return graph.Grad(sample.Mul(prize).Sum().Square(), l)[0]
	}
	v := graph.Eval(graph.Feed{l: logits, u: {.60, .55, .42}, tau: {1}, prize: {1, 2, 3}}, y, z, gradient(y), gradient(z))
	fmt.Printf("y = %.3f, ∂(prize·y)²/∂logits = %.3f\nz = %.3f, ∂(prize·z)²/∂logits = %.3f\n", v[0], v[2], v[1], v[3])
	// Output:
	// y = [0.146 0.250 0.603], ∂(prize·y)²/∂logits = [-1.048 -0.562 1.610]
	// z = [0.000 0.000 1.000], ∂(prize·z)²/∂logits = [-1.280 -0.686 1.966]
}

// Section 4.2: τ = max(.5, e^(-rt)), which changes every thousand steps.
func ExampleSchedule() {
	s := gumbel.Schedule{First: 1, Least: .5, Fall: 3e-5, Every: 1000}
	for _, step := range []int{0, 999, 1000, 10_000, 30_000} {
		fmt.Printf("step %5d: τ = %.3f\n", step, s.At(step))
	}
	// Output:
	// step     0: τ = 1.000
	// step   999: τ = 1.000
	// step  1000: τ = 0.970
	// step 10000: τ = 0.741
	// step 30000: τ = 0.500
}
