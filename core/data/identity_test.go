package data

import (
	"slices"
	"strings"
	"testing"
)

// pictured returns n images of a size with labels below k.
func pictured(n, side, channels, k int) *Images {
	m := &Images{Rows: side, Cols: side, Channels: channels, Pixels: make([]uint8, n*side*side*channels)}
	for i := range m.Pixels {
		m.Pixels[i] = uint8(i * 7)
	}
	for i := range n {
		m.Labels = append(m.Labels, uint8(i%k))
	}
	return m
}

// The digest is of the content alone: another pixel, label, order, size or part makes
// another, another name does not.
func TestIdentityDigest(t *testing.T) {
	make2 := func(change func(train, test *Images)) Identity {
		train, test := pictured(20, 4, 1, 3), pictured(6, 4, 1, 3)
		change(train, test)
		return IdentifyImages("some", train, test)
	}
	first := make2(func(train, test *Images) {})
	if again := make2(func(train, test *Images) {}); !first.Same(again) || len(first.Digest) != 64 {
		t.Errorf("%v and %v", first, again)
	}
	if first.Train != 20 || first.Validation != 6 || first.Classes != 3 || !slices.Equal(first.Shape, []int{4, 4, 1}) || first.Paper != "" {
		t.Errorf("identity %+v", first)
	}
	if got := first.String(); !strings.HasPrefix(got, "some, 20 + 6 of 4×4×1, 3 classes, SHA-256 "+first.Digest[:16]) {
		t.Errorf("it reads %q", got)
	}
	if other := IdentifyImages("other", pictured(20, 4, 1, 3), pictured(6, 4, 1, 3)); !other.Same(first) || other.Name != "other" {
		t.Errorf("under another name %v", other)
	}
	for what, change := range map[string]func(train, test *Images){
		"a pixel":      func(train, test *Images) { train.Pixels[5]++ },
		"a label":      func(train, test *Images) { train.Labels[5] = 1 },
		"no labels":    func(train, test *Images) { train.Labels, test.Labels = nil, nil },
		"a test pixel": func(train, test *Images) { test.Pixels[95]++ },
		"the size":     func(train, test *Images) { train.Rows, train.Cols, test.Rows, test.Cols = 2, 8, 2, 8 },
		"the split":    func(train, test *Images) { *train, *test = *train.Slice(0, 19), *train.Slice(13, 20) },
	} {
		if other := make2(change); other.Same(first) || other.Continues(first) {
			t.Errorf("%s is not seen", what)
		}
	}
	if a, b := IdentifyText("a", []string{"one", "two"}), IdentifyText("b", []string{"one", "two"}); !a.Same(b) || a.Same(IdentifyText("a", []string{"one\ntwo!"})) {
		t.Error("texts are distinguished by their names")
	}
	if a, b := IdentifyPoints("a", []float32{0, 1}), IdentifyPoints("a", []float32{0, 2}); a.Same(b) {
		t.Error("points are distinguished by their names")
	}
	if a, b := IdentifyPoints(Drawn, []float32{0, 1}), IdentifyPoints(Drawn, []float32{0, 2}); a.Same(b) || !a.Continues(b) || a.Continues(IdentifyPoints("a.csv", []float32{0, 2})) {
		t.Error("drawn points must be those that were drawn before")
	}
	if a, b := IdentifyToy("moons"), IdentifyToy("spiral"); a.Same(b) || !a.Same(IdentifyToy("moons")) {
		t.Error("toys are not distinguished by their names")
	}
}

// MNIST is MNIST wherever it comes from: its files, the page's part, a part of it, or the
// same pixels and labels; the digests that are known are those that are computed.
func TestMNISTIdentity(t *testing.T) {
	m := mnist()
	if m.err != nil {
		t.Fatal(m.err)
	}
	bare := func(m *Images) *Images {
		return &Images{Rows: m.Rows, Cols: m.Cols, Channels: 1, Pixels: m.Pixels, Labels: m.Labels}
	}
	whole := IdentifyImages("x", m.train, m.test)
	if got := IdentifyImages("x", bare(m.train), bare(m.test)); got.Digest != whole.Digest || got.String() != whole.String() || !got.Is(PaperMNIST) || whole.Name != "MNIST" {
		t.Errorf("%v, of its pixels %v", whole, got)
	}
	a, b := m.train.Slice(0, ShardCount).Split()
	shard := IdentifyImages("x", a, b)
	if got := IdentifyImages("x", bare(a), bare(b)); got.String() != shard.String() || !shard.Is(PaperMNIST) || shard.Train != 9000 {
		t.Errorf("the page's %v, of its pixels %v", shard, got)
	}
	some := IdentifyImages("x", m.test.Slice(0, 800), m.test.Slice(800, 1000))
	if !some.Is(PaperMNIST) || some.Name != "MNIST" || some.Same(whole) || some.Digest == "" {
		t.Errorf("a part %v", some)
	}
	if !whole.Continues(shard) || whole.Same(shard) {
		t.Error("a run of the page's part does not go on with all")
	}
	wrong := bare(m.train)
	wrong.Labels = slices.Clone(wrong.Labels)
	wrong.Labels[7]++
	other := IdentifyImages("MNIST", wrong, bare(m.test))
	if other.Is(PaperMNIST) || other.Name != `"MNIST"` || other.Continues(whole) {
		t.Errorf("with another label it is %v", other)
	}
	if mixed := IdentifyImages("x", m.train.Slice(0, 100), pictured(10, 28, 1, 3)); mixed.Paper != "" {
		t.Errorf("half of it is %v", mixed)
	}
}

// A set of the papers is known by what it holds: names and counts alone do not make one.
func TestPaperSets(t *testing.T) {
	cifar := &Images{Rows: 1, Cols: 1, Channels: 3}
	for i := range 50_000 {
		cifar.Labels = append(cifar.Labels, uint8(i%10))
		for k := range 3 {
			cifar.Pixels = append(cifar.Pixels, uint8(255*cifarMeans[i%10][k]+.5))
		}
	}
	valid := cifar.Slice(0, 10_000)
	if id := IdentifyImages("x", cifar, valid); !id.Is(PaperCIFAR10) {
		t.Errorf("the mean colours make %v", id)
	}
	other := *cifar
	other.Pixels = slices.Clone(cifar.Pixels)
	for i := 0; i < len(other.Pixels); i += 30 { // of class 0
		other.Pixels[i] += 4
	}
	if id := IdentifyImages("CIFAR-10", &other, valid); id.Paper != "" || id.Name != `"CIFAR-10"` {
		t.Errorf("other colours make %v", id)
	}
	if id := IdentifyImages("cifar", cifar.Slice(0, 40_000), valid); id.Paper != "" {
		t.Errorf("fewer make %v", id)
	}
	if id := IdentifyText("Billion Word", []string{"a line"}); id.Paper != "" || id.Name == "Billion Word" {
		t.Errorf("a line makes %v", id)
	}
	if (Identity{}).Is("") || (Identity{Paper: PaperMNIST}).Is(PaperCIFAR10) {
		t.Error("nothing is a set of the papers")
	}
}
