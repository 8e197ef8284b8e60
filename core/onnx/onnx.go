// Package onnx writes the networks of a run as ONNX models, which other programs
// run without this one: critic D and generator G of wgan-gp; encoder, decoder and,
// where it is learned, prior of gumbel-vae.
//
// A model has opset 13 and IR version 8. Its first side is free and called batch.
//
//	critic     x (batch, 2)    → D (batch, 1)
//	generator  z (batch, 2)    → x (batch, 2), z ~ N(0, 1)
//	encoder    x (batch, 784)  → logits (batch, N, K) of q(y|x)
//	decoder    y (batch, N, K) → x (batch, 784), the chance of each pixel to be white
//	prior                      → logits (N, K) of p(y)
package onnx

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ganbel/core/data"
	"ganbel/core/nn"
)

const (
	irVersion = 8
	opset     = 13
)

// Models returns the networks of a run, as train.Run.Save returns it, by name. Each
// carries what the run's file says of itself in metadata_props: experiment, step,
// set.NAME for every setting, and preset where the file has one. It returns an
// error that names what is missing or does not fit for any other store.
func Models(s data.Store) (map[string][]byte, error) {
	var networks map[string]network
	var err error
	switch e := s.Meta["experiment"]; e {
	case "wgan-gp":
		networks, err = toy(s)
	case "gumbel-vae":
		networks, err = vae(s)
	case "":
		return nil, errors.New("this is no run: it does not name its experiment")
	default:
		return nil, fmt.Errorf("a run of %s has no networks to export: those of wgan-gp and gumbel-vae have", e)
	}
	if err != nil {
		return nil, err
	}
	if _, err := strconv.Atoi(s.Meta["step"]); err != nil {
		return nil, fmt.Errorf("the run's step is %q: it must be a whole number", s.Meta["step"])
	}
	models := map[string][]byte{}
	for name, n := range networks {
		models[name] = model(n, name, s.Meta)
	}
	return models, nil
}

// toy returns D and G of Gulrajani et al.'s toy GAN. A fixed generator has none.
func toy(s data.Store) (map[string]network, error) {
	width, err := size(s, "width")
	if err != nil {
		return nil, err
	}
	depth, err := size(s, "depth")
	if err != nil {
		return nil, err
	}
	act := s.Meta["set.activation"]
	if activations[act] == nil {
		return nil, fmt.Errorf("the run's setting activation is %q: it must be one of %s", act, strings.Join(slices.Sorted(maps.Keys(activations)), ", "))
	}
	networks := map[string]network{}
	for _, c := range []struct {
		name, in, out, doc string
		outs               int
	}{
		{"critic", "x", "D", "the critic's value", 1},
		{"generator", "z", "x", "generated points", 2},
	} {
		if c.name == "generator" && s.Meta["set.generator"] == "fixed" {
			continue
		}
		n, err := numbers(s, c.name, c.name)
		if err != nil {
			return nil, err
		}
		if depth > n { // each layer has a number or more
			return nil, misfit(c.name, n, "depth %d", depth)
		}
		sizes := append(append([]int{2}, slices.Repeat([]int{width}, depth)...), c.outs)
		b := nn.NewBlock(c.name)
		layers := nn.NewMLP(b, c.name, nil, nn.ToyInit, sizes...).Layers
		if b.Len() != n {
			return nil, misfit(c.name, n, "width %d and depth %d, which make %d", width, depth, b.Len())
		}
		v, err := read(s, b)
		if err != nil {
			return nil, err
		}
		inDoc := "points of the plane"
		if c.in == "z" {
			inDoc = "noise, N(0, 1)"
		}
		net := network{input: value(c.in, []int{0, 2}, inDoc), output: value(c.out, []int{0, c.outs}, c.doc), in: c.in, out: c.out}
		net.mlp(layers, v, activations[act])
		networks[c.name] = net
	}
	return networks, nil
}

// vae returns q(y|x), p(x|y) and p(y) of Jang et al.'s autoencoder.
func vae(s data.Store) (map[string]network, error) {
	N, err := size(s, "latents")
	if err != nil {
		return nil, err
	}
	K, err := size(s, "classes")
	if err != nil {
		return nil, err
	}
	n, err := numbers(s, "vae", "encoder", "decoder", "prior")
	if err != nil {
		return nil, err
	}
	sizes, err := hidden(s, n)
	if err != nil {
		return nil, err
	}
	sizes = append(sizes, N*K)

	// What the pixels do not take is known, and tells how many there are.
	learned := s.Meta["set.prior"] == "learned"
	declare := func(pixels int) (b *nn.Block, enc, dec nn.MLP, prior *nn.Param) {
		b = nn.NewBlock("vae")
		all := append([]int{pixels}, sizes...)
		enc = nn.NewMLP(b, "encoder", nil, nn.GlorotInit, all...)
		slices.Reverse(all)
		dec = nn.NewMLP(b, "decoder", nil, nn.GlorotInit, all...)
		if learned {
			prior = b.Add("prior", N, K, nn.Init{})
		}
		return b, enc, dec, prior
	}
	none, _, _, _ := declare(0)
	pixels := (n - none.Len()) / (2*sizes[0] + 1)
	b, enc, dec, prior := declare(max(pixels, 0))
	if b.Len() != n || pixels < 1 {
		return nil, misfit("vae", n, "latents %d, classes %d and hidden %s", N, K, s.Meta["set.hidden"])
	}
	v, err := read(s, b)
	if err != nil {
		return nil, err
	}
	code, flat := []int{0, N, K}, []int{0, pixels}
	e := network{input: value("x", flat, "images, row by row, from 0, black, to 1"), output: value("logits", code, "of q(y|x)"), in: "x", out: "logits"}
	e.mlp(enc.Layers, v, activations["relu"])
	e.reshape(-1, N, K)
	d := network{input: value("y", code, "the code: N choices between K classes each"), output: value("x", flat, "the chance of each pixel to be white"), in: "y", out: "x"}
	d.reshape(-1, N*K)
	d.mlp(dec.Layers, v, activations["relu"])
	d.op("Sigmoid", nil)
	networks := map[string]network{"encoder": e, "decoder": d}
	if learned {
		p := network{output: value("logits", []int{N, K}, "of p(y)"), out: "logits"}
		p.in = p.param(prior, v)
		p.op("Identity", nil)
		networks["prior"] = p
	}
	return networks, nil
}

// size returns a setting that is a whole number of 1 or more.
func size(s data.Store, name string) (int, error) {
	const most = 1_000_000
	text, ok := s.Meta["set."+name]
	if !ok {
		return 0, fmt.Errorf("the run lacks its setting %s: save the run again", name)
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("the run's setting %s is %q: it must be a whole number from 1 to %d", name, text, most)
	}
	return n, nil
}

// hidden returns the widths of the hidden layers, none of which may be above most.
func hidden(s data.Store, most int) (sizes []int, err error) {
	h := s.Meta["set.hidden"]
	if h == "none" {
		return nil, nil
	}
	for _, text := range strings.Split(h, "-") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > most {
			return nil, fmt.Errorf("the run's setting hidden is %q: it must be none, or widths such as 512-256", h)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// whole reports whether a run has one tensor for each block, as format 1 had, and not one
// for each parameter.
func whole(s data.Store) bool { return s.Meta["format"] == "" }

// numbers returns how many numbers a store has of a block, whose parameters' names begin
// with one of the parts.
func numbers(s data.Store, block string, parts ...string) (n int, err error) {
	if t, ok := s.Tensors[block]; ok && whole(s) {
		return len(t.Data), nil
	}
	if whole(s) {
		return 0, missing(block)
	}
	for name, t := range s.Tensors {
		if part, _, _ := strings.Cut(name, "."); slices.Contains(parts, part) {
			n += len(t.Data)
		}
	}
	if n == 0 {
		return 0, fmt.Errorf("the run lacks the tensors of its network %q: save the run again", block)
	}
	return n, nil
}

// read returns the parameters of a block in its order.
func read(s data.Store, b *nn.Block) ([]float32, error) {
	if whole(s) {
		return s.Tensors[b.Name].Data, nil
	}
	v := make([]float32, 0, b.Len())
	for _, p := range b.Params() {
		t, ok := s.Tensors[p.Tensor()]
		if !ok {
			return nil, missing(p.Tensor())
		}
		if !slices.Equal(t.Shape, []int{p.Rows, p.Cols}) || len(t.Data) != p.Rows*p.Cols {
			return nil, fmt.Errorf("the run's tensor %q has the shape %v, which does not fit its settings: they make %v", p.Tensor(), t.Shape, []int{p.Rows, p.Cols})
		}
		v = append(v, t.Data...)
	}
	return v, nil
}

// missing returns the error of a store without a tensor.
func missing(tensor string) error {
	return fmt.Errorf("the run lacks the tensor %q, which holds its parameters", tensor)
}

// misfit returns the error of a block whose parameters are not as many as the settings say.
func misfit(block string, n int, format string, args ...any) error {
	return fmt.Errorf("the run's network %q has %d numbers, which does not fit its settings: %s", block, n, fmt.Sprintf(format, args...))
}

// A network is a GraphProto that grows by an operator at a time, each of which
// takes what the one before gave.
type network struct {
	input, output message // a ValueInfoProto each; input is nil where there is none
	in, out       string  // what they are called
	ops           []op
	tensors       []message // initializers
}

// An op is a NodeProto whose first input and output are not named yet.
type op struct {
	kind      string
	more      []string // further inputs
	attribute message
}

func (n *network) op(kind string, attribute message, more ...string) {
	n.ops = append(n.ops, op{kind, more, attribute})
}

// param adds a parameter, which lies in v, and returns its name.
func (n *network) param(p *nn.Param, v []float32) string {
	n.tensors = append(n.tensors, floats(p.Name, []int{p.Rows, p.Cols}, v[p.Offset:p.Offset+p.Rows*p.Cols]))
	return p.Name
}

// scalar adds a number unless it is there, and returns its name.
func (n *network) scalar(name string, v float32) string {
	t := floats(name, []int{}, []float32{v})
	if !slices.ContainsFunc(n.tensors, func(m message) bool { return string(m) == string(t) }) {
		n.tensors = append(n.tensors, t)
	}
	return name
}

// mlp is nn.MLP.Apply. The parameters lie in v.
func (n *network) mlp(layers []nn.Linear, v []float32, act func(*network)) {
	for i, l := range layers {
		if i > 0 {
			act(n)
		}
		n.op("Gemm", nil, n.param(l.W, v), n.param(l.B, v))
	}
}

// reshape lets the side -1 be what is left.
func (n *network) reshape(sides ...int) {
	n.tensors = append(n.tensors, integers("shape", sides...))
	n.op("Reshape", nil, "shape")
}

// activations are nn's, by name.
var activations = map[string]func(*network){
	"relu": func(n *network) { n.op("Relu", nil) },
	"tanh": func(n *network) { n.op("Tanh", nil) },
	"leakyrelu": func(n *network) {
		const float = 1 // its AttributeType
		n.op("LeakyRelu", message{}.text(1, "alpha").float(2, .2).number(20, float))
	},
	"softplus2": func(n *network) { // softplus(2x + 2)/2 - 1
		n.op("Mul", nil, n.scalar("two", 2))
		n.op("Add", nil, n.scalar("two", 2))
		n.op("Softplus", nil)
		n.op("Mul", nil, n.scalar("half", .5))
		n.op("Sub", nil, n.scalar("one", 1))
	},
}

// model returns a ModelProto.
func model(n network, name string, meta map[string]string) message {
	var g message
	from := n.in
	for i, o := range n.ops {
		to := o.kind + "." + strconv.Itoa(i)
		if i == len(n.ops)-1 {
			to = n.out
		}
		m := message{}.text(1, from)
		for _, more := range o.more {
			m = m.text(1, more)
		}
		m = m.text(2, to).text(3, o.kind+"."+strconv.Itoa(i)).text(4, o.kind)
		if o.attribute != nil {
			m = m.message(5, o.attribute)
		}
		g, from = g.message(1, m), to
	}
	g = g.text(2, name)
	for _, t := range n.tensors {
		g = g.message(5, t)
	}
	if n.input != nil {
		g = g.message(11, n.input)
	}
	g = g.message(12, n.output)

	m := message{}.number(1, irVersion).text(2, "ganbel").message(7, g).message(8, message{}.text(1, "").number(2, opset))
	for _, key := range slices.Sorted(maps.Keys(meta)) {
		if !strings.HasPrefix(key, "stream.") { // where the random numbers stand is of no use to others
			m = m.message(14, message{}.text(1, key).text(2, meta[key]))
		}
	}
	return m
}
