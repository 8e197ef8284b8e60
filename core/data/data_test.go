package data

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"ganbel/core/random"
)

const mnistDir = "../../assets/mnist"

func TestMNIST(t *testing.T) {
	train, test, err := MNIST(os.DirFS(mnistDir))
	if err != nil {
		t.Fatal(err)
	}
	if train.Count() != 60000 || test.Count() != 10000 || train.Rows != 28 || test.Labels[0] != 7 {
		t.Errorf("%d and %d digits, the first to test on is a %d", train.Count(), test.Count(), test.Labels[0])
	}
	mean := 0.
	for _, p := range train.Pixels {
		mean += float64(p) / 255 / float64(len(train.Pixels))
	}
	if math.Abs(mean-.13066) > 1e-5 {
		t.Errorf("mean %v, want .13066", mean)
	}
	var b bytes.Buffer
	if err := WriteShard(&b, train); err != nil {
		t.Fatal(err)
	}
	cut := bytes.Clone(b.Bytes()[:b.Len()/2])
	if m, err := ReadShard(&b); err != nil || m.Count() != ShardCount {
		t.Errorf("shard: %v", err)
	}
	if _, err := ReadShard(bytes.NewReader(cut)); err == nil {
		t.Error("took a cut shard")
	}
}

func TestWrongMNIST(t *testing.T) {
	const name = "train-images-idx3-ubyte.gz"
	if _, _, err := MNIST(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("missing: %v", err)
	}
	whole, err := os.ReadFile(mnistDir + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = MNIST(fstest.MapFS{name: {Data: whole[:len(whole)-1]}})
	if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), mnistSums[name]) {
		t.Errorf("cut: %v", err)
	}
}

func TestBadIDX(t *testing.T) {
	for name, text := range map[string]string{
		"magic": "\x00\x00\x08\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01a", "short": "\x00\x00\x08\x03\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x01a",
		"long": "\x00\x00\x08\x03\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01ab", "huge": "\x00\x00\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xffa", "header": "\x00\x00\x08",
	} {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(text))
		z.Close()
		if _, err := ReadImages(&b, nil); err == nil {
			t.Errorf("took images with a bad %s", name)
		}
	}
}

func TestToy(t *testing.T) {
	const n = 20000
	for _, name := range ToyNames {
		d, err := Toy(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		v := make([]float32, 2*n)
		d.Sample(v, random.New(1, "data"))
		centres, sigma := d.Modes()
		least, most := math.Inf(1), 0.
		for i := 0; i < len(v); i += 2 {
			r := math.Hypot(float64(v[i]), float64(v[i+1]))
			least, most = min(least, r), max(most, r)
			near := math.Inf(1)
			for c := 0; c < len(centres); c += 2 {
				near = min(near, math.Hypot(float64(v[i]-centres[c]), float64(v[i+1]-centres[c+1])))
			}
			if centres != nil && near > 6*sigma {
				t.Fatalf("%s: a point %v from every centre", name, near)
			}
		}
		if name == "swissroll" && (math.Abs(least-.63) > .15 || math.Abs(most-1.885) > .15) {
			t.Errorf("the roll reaches from %v to %v", least, most)
		}
		if name == "8gaussians" && (len(centres) != 16 || math.Abs(float64(centres[0])-1.4144) > 1e-4) {
			t.Errorf("centres %v", centres)
		}
	}
	for _, bad := range [][]float32{nil, {1}, {1, float32(math.NaN())}} {
		if _, err := Toy("points", bad); err == nil {
			t.Errorf("took points %v", bad)
		}
	}
	if _, err := Toy("moons", nil); err == nil || !strings.Contains(err.Error(), "swissroll") {
		t.Errorf("unknown data: %v", err)
	}
}

func TestSafetensors(t *testing.T) {
	s := Store{Meta: map[string]string{"step": "7"}, Tensors: map[string]Tensor{"b": {[]int{2, 2}, []float32{1, 2, 3, -4}}, "a": {[]int{1}, []float32{.5}}, "empty": {[]int{0}, []float32{}}}}
	var b bytes.Buffer
	if err := WriteSafetensors(&b, s); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	got, err := ReadSafetensors(bytes.NewReader(whole))
	if err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("read %v, %v", got, err)
	}
	for n := range whole {
		if _, err := ReadSafetensors(bytes.NewReader(whole[:n])); err == nil {
			t.Fatalf("took the first %d of %d bytes", n, len(whole))
		}
	}
	if _, err := ReadSafetensors(bytes.NewReader(append(bytes.Clone(whole), 0))); err == nil {
		t.Error("took a byte too many")
	}
}

func FuzzReadSafetensors(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff{}"))
	f.Add([]byte("\x40\x00\x00\x00\x00\x00\x00\x00{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}          abcd"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadSafetensors(bytes.NewReader(b))
		if err != nil {
			return
		}
		for name, v := range s.Tensors {
			n := 1
			for _, d := range v.Shape {
				n *= d
			}
			if n != len(v.Data) {
				t.Errorf("tensor %q of shape %v has %d numbers", name, v.Shape, len(v.Data))
			}
		}
	})
}
