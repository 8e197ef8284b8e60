package core

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// mine is a program of another module: a critic and a generator of one layer each, the
// loss of WGAN-GP, and Adam.
const mine = `package main

import (
	"fmt"
	"math"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
	"ganbel/core/random"
	"ganbel/core/wgan"
)

func main() {
	const batch = 32
	g, block := graph.New(), nn.NewBlock("critic")
	critic := nn.NewMLP(block, "critic", nn.Act("tanh"), nn.ToyInit, 2, 16, 1)
	block.Build(g)
	real, fake := g.Input("real", batch, 2), g.Input("fake", batch, 2)
	eps, lambda, rate := g.Input("eps", batch, 1), g.Input("lambda", 1, 1), g.Input("rate", 1, 1)
	loss := wgan.Loss(critic.Apply, real, fake, eps, lambda)
	adam := nn.Adam{Rate: rate, Beta1: 0, Beta2: .9}

	memory := cpu.NewMemory()
	machine := cpu.Open(program.Compile(adam.Minimize(loss.Loss, block), loss.Loss, loss.Estimate), memory, 1)
	defer machine.Close()
	block.Init(memory.Of(block.Node), random.New(1, "init"))
	memory.Of(lambda)[0], memory.Of(rate)[0] = 10, .01
	stream := random.New(1, "data")
	for range 300 {
		stream.Uniform(memory.Of(real))
		stream.Uniform(memory.Of(fake))
		stream.Uniform(memory.Of(eps))
		for i := range memory.Of(real) {
			memory.Of(real)[i] += float32(1 - i%2) // one to the right
		}
		machine.Run()
	}
	if w := machine.Scalar(loss.Estimate); math.Abs(w-1) > .4 {
		panic(fmt.Sprint("the distance is about 1, not ", w))
	}
	fmt.Println("trained")
}
`

// Another module imports the core as README says, from a folder, offline.
func TestAnotherModule(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?m)^    (require ganbel .*|replace ganbel => .*)$`).FindAllStringSubmatch(string(readme), -1)
	if len(said) != 2 {
		t.Fatalf("README says %v of how to import the core", said)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requires, _ := strings.Cut(string(mod), "\nrequire (")
	text := "module example.org/mine\n\ngo 1.26.0\n\n" + said[0][1] + "\n" + strings.Replace(said[1][1], "../ganbel", root, 1) + "\n\n"
	// "go mod tidy" would write these.
	text += "require (" + requires
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": text, "go.sum": string(sums), "main.go": mine} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("go", "run", ".")
	c.Dir = dir
	c.Env = append(os.Environ(), "GOFLAGS="+os.Getenv("GOFLAGS")+" -mod=mod", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off", "PWD="+dir)
	if out, err := c.CombinedOutput(); err != nil || string(out) != "trained\n" {
		t.Errorf("a program of another module: %v\n%s%s", err, out, fmt.Sprintf("its go.mod:\n%s", text))
	}
}
