package command

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// root is the repository's folder, whose page the command serves.
var root, _ = filepath.Abs(filepath.Join("..", ".."))

// command carries out a command line.
func command(ctx context.Context, args []string) error {
	return execute(ctx, os.DirFS(root), args)
}

// quiet sends what the command prints to nowhere, and returns it.
func quiet(t *testing.T, do func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(r)
		said <- b
	}()
	real := os.Stdout
	os.Stdout = w
	defer func() { os.Stdout = real }()
	do()
	w.Close()
	return string(<-said)
}

// Who calls the command wrongly is told what would be right, and the status says
// whose fault it was.
func TestMisuse(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		line   string
		status int
		want   string
	}{
		{"rnu wgan-gp", 2, "did you mean run?"},
		{"xyzzy", 2, "ganbel list"},
		{"list wgan-gp", 2, "takes nothing"},
		{"run", 2, "wgan-gp or wgan-mnist or gumbel-vae"},
		{"table1 --rows sbn", 2, "vae-categorical"},
		{"table1 --estimators reinforce", 2, "score-function"},
		{"table1 --steps 10 --pilot 20", 2, "no longer than the run"},
		{"table1 --digits 50", 2, "hundreds"},
		{"table1 --rates fast", 2, "learning-rate"},
		{"run wgna-gp", 2, "did you mean wgan-gp?"},
		{"run gumbel", 2, "did you mean gumbel-vae?"},
		{"run wgan-gp --preset papr", 2, "did you mean paper?"},
		{"run wgan-gp --preset qqqqqq", 2, "there are live, paper"},
		{"run wgan-gp --learning-rat 1", 2, "did you mean --learning-rate?"},
		{"run wgan-gp --temperature 1", 2, "no flag --temperature"},
		{"run wgan-gp --data swisrol", 2, "did you mean swissroll?"},
		{"run wgan-gp --lambda -1", 2, "from 0.001 to 1000"},
		{"run wgan-gp --steps many", 2, "steps"},
		{"run wgan-gp --every 0", 2, "at least 1"},
		{"run wgan-gp seed", 2, "did you mean --seed?"},
		{"run --steps 5 wgan-gp", 2, "run wgan-gp"},
		{"run --temperature 1", 2, "run gumbel-vae --temperature"},
		{"run wgan-gp --data points", 2, "--points FILE"},
		{"run --resume x --preset live", 2, "own settings"},
		{"run wgan-gp --from x", 2, "leave out the others"},
		{"run --from x --resume y", 2, "leave out the others"},
		{"run --from nothing", 1, "nothing"},
		{"export", 2, "name what to export first"},
		{"export --onnx x", 2, "name what to export first"},
		{"export x --onx y", 2, "did you mean --onnx?"},
		{"export nothing", 1, "nothing"},
		{"score", 2, "name the images first"},
		{"score x --squeezenet y", 2, "--real PATH"},
		{"score x --squeezenet y --inception z --real x", 2, "two classifiers"},
		{"score x --n -1", 2, "less than 0"},
		{"score nothing", 1, "nothing"},
		{"score x --inception nothing --real x", 1, "nothing"},
		{"score x --splits 2 --relly y", 2, "did you mean --real?"},
		{"digits --epochs 0", 2, "--epochs is 0"},
		{"serve --adr :80", 2, "did you mean --addr?"},
		{"run --resume nothing", 1, "holds no run"},
		{"run wgan-gp --points nothing.csv", 1, "nothing.csv"},
		{"sweep figure3 --images x --set nosuch=3", 2, `no setting "nosuch"`},
		{"sweep figure3 --images x --set lamda=3", 2, "did you mean lambda?"},
		{"sweep figure3 --images x --set rule=clap", 2, "did you mean clip?"},
		{"sweep figure3 --images x --set lambda=NaN", 2, "from 0.001 to 1000"},
		{"run gumbel-vae --mnist nothing", 1, "nothing"},
	} {
		var err error
		quiet(t, func() { err = command(context.Background(), strings.Fields(c.line)) })
		if err == nil || !strings.Contains(err.Error(), c.want) || status(err) != c.status {
			t.Errorf("%s: status %d, %v; want %d and %q", c.line, status(err), err, c.status, c.want)
		}
		if err != nil && strings.Count(err.Error(), "did you mean") > 1 {
			t.Errorf("%s: %v", c.line, err)
		}
	}
	if left, _ := os.ReadDir("."); len(left) != 0 {
		t.Errorf("misuse left %v", left)
	}
}

// A folder of few digits is refused with how many there are and how many are needed.
func TestFewDigits(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "digits")
	idx := func(name string, head []uint32, body []byte) {
		t.Helper()
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if err := errors.Join(os.MkdirAll(dir, 0o755), binary.Write(z, binary.BigEndian, head), binary.Write(z, binary.BigEndian, body), z.Close(), os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for name, n := range map[string]int{"train": 9, "t10k": 9} {
		idx(name+"-images-idx3-ubyte.gz", []uint32{0x803, uint32(n), 28, 28}, make([]byte, n*28*28))
		idx(name+"-labels-idx1-ubyte.gz", []uint32{0x801, uint32(n)}, make([]byte, n))
	}
	for _, experiment := range []string{"gumbel-vae --batch 2", "gumbel-sop --batch 2", "gumbel-semi --batch 2", "gumbel-classes", "wgan-mnist"} {
		var err error
		args := append(strings.Fields("run "+experiment), "--mnist", dir, "--out", filepath.Join(t.TempDir(), "run"), "--steps", "1")
		quiet(t, func() { err = command(context.Background(), args) })
		if err == nil || !strings.Contains(err.Error(), "9") || !strings.Contains(err.Error(), "digits") || status(err) != 1 {
			t.Errorf("%s: %v", experiment, err)
		}
	}
}

func TestStatus(t *testing.T) {
	for want, err := range map[int]error{0: nil, 1: io.EOF, 130: errors.Join(&record.Stopped{Step: 3}, io.EOF), 2: fmt.Errorf("x: %w", misused("y"))} {
		if got := status(err); got != want {
			t.Errorf("%v exits with %d, want %d", err, got, want)
		}
	}
}

func TestNear(t *testing.T) {
	names := []string{"run", "serve", "bench", "--n-critic", "--clip"}
	for word, want := range map[string]string{"ru": "run", "rnu": "run", "sevre": "serve", "ben": "bench", "--n-crtic": "--n-critic", "--cilp": "--clip", "x": "", "install": "", "": ""} {
		got := near(word, names)
		if want != "" {
			want = "; did you mean " + want + "?"
		}
		if got != want {
			t.Errorf("%q is near %q, want %q", word, got, want)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "abc", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"kitten", "sitting", 3}} {
		if got := distance(c.a, c.b); got != c.want || distance(c.b, c.a) != got {
			t.Errorf("%s and %s are %d apart, want %d", c.a, c.b, got, c.want)
		}
	}
}

// The help of each experiment names every preset and setting with its range and
// the default that holds, in lines that fit a terminal.
func TestHelp(t *testing.T) {
	for _, e := range lab.Experiments() {
		var err error
		text := quiet(t, func() { err = command(context.Background(), []string{"run", e.Name, "-h"}) })
		if err != nil {
			t.Errorf("help ends with %v", err)
		}
		for _, s := range e.Settings {
			if !strings.Contains(text, "  --"+s.Name) {
				t.Errorf("%s: no --%s", e.Name, s.Name)
			}
		}
		for _, p := range e.Presets {
			if !strings.Contains(text, "  "+p.Name+" ") {
				t.Errorf("%s: no preset %s", e.Name, p.Name)
			}
		}
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 130 {
				t.Errorf("%d letters: %s", n, line)
			}
		}
	}
	var b bytes.Buffer
	item(&b, "--much-too-long-for-a-column X", strings.Repeat("word ", 30))
	if lines := strings.Split(b.String(), "\n"); len(lines) != 4 || strings.TrimSpace(lines[0]) != "--much-too-long-for-a-column X" || len(lines[1]) > 100 {
		t.Errorf("wrapped as\n%s", b.String())
	}
}

// A run leaves all it promises, says where, and goes on.
func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	var err error
	text := quiet(t, func() {
		err = command(context.Background(), strings.Fields("run wgan-gp --width 16 --batch 32 --field 16 --steps 4 --every 2 --out "+dir))
	})
	if err != nil || !strings.Contains(text, dir+" holds") || !strings.Contains(text, "step 4 of 4") {
		t.Fatalf("said %q, %v", text, err)
	}
	quiet(t, func() { err = command(context.Background(), []string{"run", "--resume", dir, "--steps", "6"}) })
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "metrics.csv"))
	if err != nil || strings.Count(string(b), "\n") != 4 || !strings.Contains(string(b), "\n6,") {
		t.Errorf("metrics are %q, %v", b, err)
	}
	if b, err = os.ReadFile(filepath.Join(dir, "figures", "samples.png")); err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(b)); err != nil {
		t.Error(err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	quiet(t, func() { err = command(stopped, []string{"run", "--resume", dir, "--steps", "9"}) })
	if status(err) != 130 || !strings.Contains(err.Error(), "--resume "+dir) {
		t.Errorf("interrupted: %v", err)
	}
}

// A run's folder, and a run file as the page saves it, give a model of every
// network; the file also goes on in a folder of its own.
func TestFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	tell := func(line string) (string, error) {
		var err error
		text := quiet(t, func() { err = command(context.Background(), strings.Fields(line)) })
		return text, err
	}
	must := func(line string) string {
		text, err := tell(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return text
	}
	must("run wgan-gp --width 16 --batch 32 --field 16 --steps 4 --every 2 --out r")
	if err := os.Rename("r/checkpoint.safetensors", "page.safetensors"); err != nil {
		t.Fatal(err)
	}
	if text := must("run --from page.safetensors --every 2 --out s --steps 6"); !strings.Contains(text, "step 6 of 6") {
		t.Errorf("said %q", text)
	}
	b, err := os.ReadFile("s/metrics.csv")
	if err != nil || strings.Count(string(b), "\n") != 2 || !strings.Contains(string(b), "\n6,") {
		t.Errorf("metrics are %q, %v", b, err)
	}
	must("run --resume s --steps 8")
	for line, dir := range map[string]string{"export s": "s/onnx", "export page.safetensors": "page-onnx", "export s --onnx there/x": "there/x"} {
		text := must(line)
		for _, name := range []string{"critic.onnx", "generator.onnx"} {
			file := filepath.Join(dir, name)
			if b, err := os.ReadFile(file); err != nil || len(b) < 1000 || !strings.Contains(text, file) {
				t.Errorf("%s: said %q, %v", line, text, err)
			}
		}
	}

	// What is cut, another program's, or of settings that do not fit is told, and
	// leaves nothing.
	whole, err := os.ReadFile("page.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	foreign := "\x28\x00\x00\x00\x00\x00\x00\x00" + `{"__metadata__":{"format":"pt"}}        `
	spoil := func(change func(s data.Store)) []byte { // with a digest of its own
		s, err := data.ReadSafetensors(bytes.NewReader(whole))
		if err != nil {
			t.Fatal(err)
		}
		change(s)
		var b bytes.Buffer
		if err := data.WriteSafetensors(&b, s); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for want, spoiled := range map[string][]byte{
		"is cut: 100 of":        whole[:100],
		"is cut":                whole[:len(whole)-5],
		"is cut: 0 of 8":        nil,
		"another program's":     []byte(foreign),
		"more bytes follow":     append(bytes.Clone(whole), 0),
		"its digest is another": append(bytes.Clone(whole[:len(whole)-4]), 0, 0, 0xc0, 0x7f),
		" numbers":              spoil(func(s data.Store) { s.Meta["set.width"] = "17" }),
		"no longer finite":      spoil(func(s data.Store) { s.Tensors["critic.0.weight"].Data[0] = float32(math.NaN()) }),
	} {
		if err := os.WriteFile("bad.safetensors", spoiled, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"export bad.safetensors", "run --from bad.safetensors --out bad"} {
			_, err := tell(line)
			if err == nil || status(err) != 1 || !strings.Contains(err.Error(), "bad.safetensors") || !strings.Contains(err.Error(), want) {
				t.Errorf("%s, want %q: %v", line, want, err)
			}
		}
		for _, name := range []string{"bad", "bad-onnx"} {
			if _, err := os.Stat(name); err == nil {
				t.Errorf("%s: it left %s", want, name)
			}
		}
	}
	if _, err := tell("run --resume page.safetensors"); status(err) != 2 || !strings.Contains(err.Error(), "--from page.safetensors") {
		t.Errorf("resuming a file: %v", err)
	}
	if _, err := tell("run --from page.safetensors --out s"); status(err) != 1 || !strings.Contains(err.Error(), "already holds a run") {
		t.Errorf("into a folder with a run: %v", err)
	}
}

// The help of export names every model and its flag.
func TestExportHelp(t *testing.T) {
	var err error
	text := quiet(t, func() { err = command(context.Background(), []string{"export", "-h"}) })
	if err != nil {
		t.Errorf("help ends with %v", err)
	}
	for _, want := range []string{"critic.onnx", "decoder.onnx", "--onnx DIR"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// A program without a page says so instead of serving it, and runs all else.
func TestNoPage(t *testing.T) {
	if err := execute(context.Background(), nil, []string{"serve"}); status(err) != 1 || !strings.Contains(err.Error(), "without the page") {
		t.Errorf("it says %v", err)
	}
	if said := quiet(t, func() {
		if err := execute(context.Background(), nil, []string{"list"}); err != nil {
			t.Error(err)
		}
	}); !strings.Contains(said, "wgan-gp: ") {
		t.Errorf("it says %q", said)
	}
}

// The licences are within the command.
func TestLicences(t *testing.T) {
	var b strings.Builder
	if err := licences(&b); err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), string(own)) || !strings.Contains(b.String(), "gonum.org/v1/gonum ") {
		t.Errorf("the command says %.200s", b.String())
	}
}
