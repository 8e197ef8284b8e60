//go:build tools

package onnx

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/graph"
	"ganbel/core/lab"
	"ganbel/core/nn"
)

// A case is a model, what is fed to it and what we make of that.
type testCase struct {
	what, name, in, out string
	model               []byte
	dims                []int
	fed                 []float32
	want                []float64
}

// The runs, each of which another operator or size is in.
var (
	toys = []lab.Values{
		{"activation": "relu"}, {"activation": "leakyrelu", "depth": "1"}, {"activation": "tanh", "width": "7"},
		{"activation": "softplus2", "depth": "4"}, {"generator": "fixed"},
	}
	vaes = []lab.Values{
		{}, {"hidden": "none", "prior": "learned"}, {"hidden": "256-128", "latents": "3", "classes": "4", "prior": "learned"},
	}
)

func cases(t *testing.T) (all []testCase) {
	small := lab.Values{"width": "16", "batch": "32", "field": "16"}
	for _, v := range toys {
		changes := maps.Clone(small)
		maps.Copy(changes, v)
		r, s := trained(t, experiment.WGANGP, changes)
		models := models(t, s)
		f := r.Frame()
		// The critic over the lattice of the view, and the generator over that of
		// [-2, 2]², as the run's own machine computes them.
		want := f.Tensors["critic"].Data
		all = append(all, testCase{describe(v), "critic", "x", "D", models["critic"], []int{16 * 16, 2}, lattice(16, float64(f.Tensors["view"].Data[0])), wide(want)})
		if warp, ok := f.Tensors["warp"]; ok {
			all = append(all, testCase{describe(v), "generator", "z", "x", models["generator"], []int{17 * 17, 2}, lattice(17, 2), wide(warp.Data)})
		} else if len(models) != 1 {
			t.Errorf("%s: %d models of a critic alone", describe(v), len(models))
		}
	}
	for _, v := range vaes {
		changes := lab.Values{"latents": "4", "batch": "20", "draws": "3"}
		maps.Copy(changes, v)
		r, s := trained(t, experiment.GumbelVAE, changes)
		models, f := models(t, s), r.Frame()
		// The decoder of the shown code is the shown reconstruction.
		code, out := f.Tensors["code"], f.Tensors["reconstructions"].Data[:784]
		n, k := code.Shape[0], code.Shape[1]
		all = append(all, testCase{describe(v), "decoder", "y", "x", models["decoder"], []int{1, n, k}, code.Data, wide(out)})
		// The encoder by what our graph means.
		const batch = 5
		x := f.Tensors["digits"].Data[:batch*784]
		logits, prior := encode(s, x, batch, n, k)
		all = append(all, testCase{describe(v), "encoder", "x", "logits", models["encoder"], []int{batch, 784}, x, logits})
		if prior != nil {
			all = append(all, testCase{describe(v), "prior", "", "logits", models["prior"], nil, nil, prior})
		}
		if (len(models) == 3) != (prior != nil) {
			t.Errorf("%s: %d models", describe(v), len(models))
		}
	}
	return all
}

func describe(v lab.Values) (s string) {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		s += name + "=" + v[name] + " "
	}
	return s
}

func lattice(side int, view float64) (v []float32) {
	at := func(i int) float32 { return float32(view * (2*float64(i)/float64(side-1) - 1)) }
	for i := range side {
		for j := range side {
			v = append(v, at(j), at(i))
		}
	}
	return v
}

func wide(v []float32) (w []float64) {
	for _, x := range v {
		w = append(w, float64(x))
	}
	return w
}

// encode returns the encoder's logits of x by graph.Eval, and the prior's, nil
// if it is not learned.
func encode(s data.Store, x []float32, batch, n, k int) (logits, prior []float64) {
	sizes := []int{784}
	if h := s.Meta["set.hidden"]; h != "none" {
		for _, text := range strings.Split(h, "-") {
			width, _ := strconv.Atoi(text)
			sizes = append(sizes, width)
		}
	}
	sizes = append(sizes, n*k)
	g, b := graph.New(), nn.NewBlock("vae")
	enc := nn.NewMLP(b, "encoder", nn.Act("relu"), nn.GlorotInit, sizes...)
	slices.Reverse(sizes)
	nn.NewMLP(b, "decoder", nn.Act("relu"), nn.GlorotInit, sizes...)
	last := b.Len()
	if s.Meta["set.prior"] == "learned" {
		b.Add("prior", n, k, nn.Init{})
		prior = wide(format1(s).Tensors["vae"].Data[last:])
	}
	b.Build(g)
	in := g.Input("x", batch, 784)
	return graph.Eval(graph.Feed{b.Node: wide(format1(s).Tensors["vae"].Data), in: wide(x)}, enc.Apply(in))[0], prior
}

// tool runs a program, or says what to install if it cannot.
func tool(t *testing.T, in []byte, name string, args ...string) []byte {
	t.Helper()
	var out, complaint bytes.Buffer
	c := exec.Command(name, args...)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(in), &out, &complaint
	if err := c.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s\n“make tools” installs what this needs: Debian's python3-onnx, node, and npm's onnxruntime-web in .tools", name, args[0], err, complaint.Bytes())
	}
	return out.Bytes()
}

// ONNX's checker and its shape inference take every model, and ONNX Runtime
// computes from it what we compute, within 1e-5 of the greatest number.
func TestModels(t *testing.T) {
	all := cases(t)
	dir, args := t.TempDir(), []string{"testdata/check.py"}
	type array struct {
		Dims []int     `json:"dims"`
		Data []float64 `json:"data"`
	}
	type request struct {
		Model []byte           `json:"model"`
		Feeds map[string]array `json:"feeds"`
	}
	var requests []request
	for i, c := range all {
		name := filepath.Join(dir, strconv.Itoa(i)+".onnx")
		if err := os.WriteFile(name, c.model, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
		r := request{c.model, map[string]array{}}
		if c.in != "" {
			r.Feeds[c.in] = array{c.dims, wide(c.fed)}
		}
		requests = append(requests, r)
	}
	lines := bytes.Split(bytes.TrimSpace(tool(t, nil, "/usr/bin/python3", args...)), []byte("\n"))
	for i, c := range all {
		var got struct {
			Name            string
			IR              int
			Opset           [][2]any
			Inputs, Outputs map[string][]any
			Ops             []string
			Meta            map[string]string
		}
		if err := json.Unmarshal(lines[i], &got); err != nil {
			t.Fatal(err)
		}
		if got.Name != c.name || got.IR != 8 || len(got.Opset) != 1 || got.Opset[0] != [2]any{"", 13.} {
			t.Errorf("%s%s: it is %q of version %d with operators %v", c.what, c.name, got.Name, got.IR, got.Opset)
		}
		if c.in != "" && (len(got.Inputs) != 1 || len(got.Inputs[c.in]) != len(c.dims) || got.Inputs[c.in][0] != "batch") {
			t.Errorf("%s%s: its inputs are %v", c.what, c.name, got.Inputs)
		}
		if out := got.Outputs[c.out]; len(got.Outputs) != 1 || len(out) == 0 || (c.in != "" && out[0] != "batch") {
			t.Errorf("%s%s: its outputs are %v", c.what, c.name, got.Outputs)
		}
		if e := got.Meta["experiment"]; got.Meta["step"] != "3" || got.Meta["set.seed"] != "1" || (e != "wgan-gp" && e != "gumbel-vae") || got.Meta["stream.data"] != "" {
			t.Errorf("%s%s: it says of itself %v", c.what, c.name, got.Meta)
		}
	}

	in, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	var outs []map[string]array
	if err := json.Unmarshal(tool(t, in, "node", "testdata/run.mjs", "../../.tools"), &outs); err != nil {
		t.Fatal(err)
	}
	worst := 0.
	for i, c := range all {
		got := outs[i][c.out]
		if len(got.Data) != len(c.want) {
			t.Errorf("%s%s: gave %v, want %d numbers", c.what, c.name, got.Dims, len(c.want))
			continue
		}
		scale := 1.
		for _, w := range c.want {
			scale = max(scale, math.Abs(w))
		}
		for j, w := range c.want {
			d := math.Abs(got.Data[j]-w) / scale
			if worst = max(worst, d); !(d < 1e-5) {
				t.Errorf("%s%s: number %d is %g, want %g", c.what, c.name, j, got.Data[j], w)
				break
			}
		}
	}
	t.Logf("%d models, at most %.2g from ours", len(all), worst)
}
