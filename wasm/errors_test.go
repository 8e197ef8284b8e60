//go:build tools && !js

package wasm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/memory"
	"ganbel/core/score"
	"ganbel/core/train"
)

// A Japanese page shows the trainer's errors in Japanese: errors as the trainer makes
// them, and every error in its source.
func TestErrorWords(t *testing.T) {
	t.Parallel()
	var all struct {
		Messages []string `json:"messages"` // errors
		Source   string   `json:"source"`   // of all programs of the page
	}
	all.Messages = append(raised(t), literals(t)...)
	var source strings.Builder
	for _, pattern := range []string{"../core/*/*.go", "worker/*.go", "export/*.go", "stage/*.go", "../assets/*.js", "../assets/page/*.js"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, "_test.go") {
				source.Write(b)
			}
		}
	}
	all.Source = source.String()
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "testdata/errors.mjs", b)
}

// raised returns real errors that a page can meet.
func raised(t *testing.T) (all []string) {
	add := func(err error) {
		t.Helper()
		if err == nil {
			t.Error("no error")
			return
		}
		all = append(all, err.Error())
	}
	digits := func(n int) *data.Images {
		m := &data.Images{Rows: 28, Cols: 28, Channels: 1, Pixels: make([]uint8, n*28*28), Labels: make([]uint8, n)}
		for i := range m.Labels {
			m.Labels[i] = uint8(i % 10)
		}
		return m
	}
	world := experiment.World{Goroutines: 1, MNIST: func() (*data.Images, *data.Images, error) { return digits(1000), digits(200), nil }}
	begin := func(e *lab.Experiment, w experiment.World, changes lab.Values) (*train.Run, error) {
		v, err := e.Resolve("", changes)
		if err != nil {
			return nil, err
		}
		run, err := experiment.Open(e, v, w)
		if err == nil {
			t.Cleanup(run.Close)
		}
		return run, err
	}
	failing := func(e *lab.Experiment, w experiment.World, changes lab.Values) {
		t.Helper()
		_, err := begin(e, w, changes)
		add(err)
	}

	_, err := lab.Find("x")
	add(err)
	_, err = experiment.WGANGP.Resolve("x", nil)
	add(err)
	for name, text := range map[string]string{"x": "1", "lambda": "x", "width": "1.5", "rule": "x"} {
		failing(experiment.WGANGP, world, lab.Values{name: text})
	}
	small := world
	small.Free = func() memory.Room { return memory.Room{Bytes: 1, Of: "a browser's WebAssembly"} }
	failing(experiment.WGANGP, small, nil)
	failing(experiment.GumbelVAE, small, nil)
	failing(experiment.WGANGP, world, lab.Values{"data": "points"})
	far := world
	far.Points = []float32{1, 1e9}
	failing(experiment.WGANGP, far, lab.Values{"data": "points"})
	failing(experiment.WGANMNIST, experiment.World{}, nil)
	failing(experiment.WGANMNIST, world, lab.Values{"batch": "1001"})
	failing(experiment.GumbelVAE, world, lab.Values{"batch": "1001"})
	failing(experiment.GumbelVAE, world, lab.Values{"estimator": "arm", "classes": "10"})
	failing(experiment.GumbelVAE, experiment.World{MNIST: func() (*data.Images, *data.Images, error) { return digits(500), digits(200), nil }}, lab.Values{"split": "validation"})
	failing(experiment.GumbelVAE, experiment.World{MNIST: func() (*data.Images, *data.Images, error) { return digits(500), digits(50), nil }}, nil)
	failing(experiment.GumbelSemi, world, lab.Values{"labels": "15"})
	failing(experiment.GumbelSemi, world, lab.Values{"labels": "2000"})
	failing(experiment.GumbelSemi, world, lab.Values{"batch": "1001"})

	tiny := lab.Values{"width": "8", "batch": "8", "field": "8"}
	run, err := begin(experiment.WGANGP, world, tiny)
	if err != nil {
		t.Fatal(err)
	}
	add(run.Set("width", "9"))
	add(run.Set("lambda", "x"))
	_, err = run.Do("x", nil)
	add(err)
	fixed, err := begin(experiment.WGANGP, world, lab.Values{"width": "8", "batch": "8", "field": "8", "generator": "fixed", "data": "moons"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = fixed.Do("generator-step", nil)
	add(err)
	_, err = fixed.Do("move-modes", nil)
	add(err)
	add(&train.Diverged{Step: 7, What: "Exp of critic.2"})
	for _, spoil := range []func(s *data.Store){
		func(s *data.Store) { s.Meta["experiment"] = "x" },
		func(s *data.Store) { s.Meta["experiment"] = "gumbel-vae" },
		func(s *data.Store) { s.Meta["step"] = "-1" },
		func(s *data.Store) { s.Meta["set.width"] = "16" },
		func(s *data.Store) { s.Meta["set.lambda"] = "x" },
		func(s *data.Store) { delete(s.Meta, "set.lambda") },
		func(s *data.Store) { s.Meta["data"] = "x" },
		func(s *data.Store) { s.Meta["data"] = `{"name":"moons"}` },
		func(s *data.Store) { clear(s.Tensors) },
		func(s *data.Store) { s.Meta["format"] = "3" },
		func(s *data.Store) { s.Tensors["critic.0.weight"] = data.Tensor{Shape: []int{1}, Data: []float32{1}} },
		func(s *data.Store) { s.Tensors["critic.0.weight"].Data[0] /= 0 * s.Tensors["critic.0.weight"].Data[1] },
		func(s *data.Store) {
			for name := range s.Meta {
				if strings.HasPrefix(name, "stream.") {
					s.Meta[name] = "x"
				}
			}
		},
	} {
		for _, adopt := range []bool{false, true} {
			s := run.Save()
			spoil(&s)
			if err := train.LoadAll([]*train.Run{run}, []data.Store{s}, adopt); err != nil {
				add(err)
				all = append(all, "the saved run cannot be opened: "+err.Error())
			} else if !adopt {
				t.Errorf("a spoiled run of %v is loaded", s.Meta)
			}
		}
	}
	b, err := os.ReadFile("../core/data/testdata/safetensors.json")
	if err != nil {
		t.Fatal(err)
	}
	var files []struct{ Error string }
	if err := json.Unmarshal(b, &files); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Error != "" {
			all = append(all, "not a whole safetensors file of F32 or U8 tensors: "+f.Error, f.Error)
		}
	}
	shard, err := os.ReadFile("../assets/built/mnist-10k.gz")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, []byte("not this"), shard[:1000], append(bytes.Clone(shard), 0)} {
		if _, err := data.ReadShard(bytes.NewReader(bad)); err != nil {
			add(err)
		}
	}
	flipped := bytes.Clone(shard)
	flipped[len(flipped)/2] ^= 1
	_, err = data.ReadShard(bytes.NewReader(flipped))
	add(err)
	_, err = score.ReadDigits(strings.NewReader("x"))
	add(err)
	_, err = score.Digits(data.Store{})
	add(err)
	return all
}

// sources are the files whose errors reach a page.
var sources = []string{"../core/lab/values.go", "../core/train/run.go", "../core/train/store.go", "../core/train/saved.go", "../core/train/diverge.go", "../core/train/admit.go",
	"../core/train/identity.go", "../core/experiment/digits.go", "../core/experiment/sop.go", "../core/experiment/semi.go", "../core/experiment/toy.go",
	"../core/data/safetensors.go", "../core/data/safetensors_header.go", "../core/data/digest.go",
	"../core/data/toy.go", "../core/gumbel/semi.go", "../core/gumbel/estimator.go", "../core/onnx/onnx.go", "worker/main.go", "worker/saved.go", "worker/message.go"}

// unasked are errors that no page meets, as it never makes such requests.
var unasked = regexp.MustCompile(`^(bound: |complete: |classify: |the tensor "|point \d|safetensors: |gumbel-semi: |the validation images|tensor x: x$|the message "x" cannot be read: x$|gumbel: the (\d+ .* images have no labels|labels are of)|the trainer broke: )`)

var (
	verb    = regexp.MustCompile(`%[-+#0-9.\[\]]*([a-zA-Z%])`)
	instead = map[string]string{"d": "7", "g": "7", "f": "7", "q": `"x"`, "s": "x", "v": "x", "x": "7", "w": "unexpected EOF", "%": "%"}
)

// literals returns an example of each error that the sources make from a literal.
func literals(t *testing.T) (all []string) {
	for _, name := range sources {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			made, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || made.Sel.Name != "Errorf" && fmt.Sprint(made.X, made.Sel) != "errors New" {
				return true
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				return true
			}
			format, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			found++
			text := verb.ReplaceAllStringFunc(format, func(v string) string { return instead[v[len(v)-1:]] })
			if !unasked.MatchString(text) {
				all = append(all, text)
			}
			return true
		})
		if found == 0 && !strings.HasSuffix(name, "diverge.go") && !strings.HasSuffix(name, "admit.go") {
			t.Errorf("%s makes no errors", name)
		}
	}
	return all
}
