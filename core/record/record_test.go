package record

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
)

func toy(t *testing.T, dir string, steps int) Job { return toyRun(dir, steps) }

func toyRun(dir string, steps int) Job {
	v, err := experiment.WGANGP.Resolve("live", lab.Values{"width": "16", "batch": "32", "field": "8"})
	if err != nil {
		panic(err) // there are such settings
	}
	return Job{Experiment: "wgan-gp", Values: v, Dir: dir, Steps: steps, Every: 10, Log: io.Discard}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A run that was stopped, lost rows' worth of work and went on ends just as one
// that never stopped.
func TestResume(t *testing.T) {
	whole, parts := t.TempDir(), t.TempDir()
	if err := Start(context.Background(), toy(t, whole, 100)); err != nil {
		t.Fatal(err)
	}
	if err := Start(context.Background(), toy(t, parts, 35)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(parts, metricsFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "40,1,2,3\n50,1") // rows that no checkpoint covers
	f.Close()
	if err := Resume(context.Background(), Job{Dir: parts, Steps: 100, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, parts, name) {
			t.Errorf("%s differs", name)
		}
	}
	if rows := strings.Count(read(t, whole, metricsFile), "\n"); rows != 11 {
		t.Errorf("%d lines of metrics, want 11", rows)
	}
}

// old rewrites the checkpoint in a folder, and run.json, as versions before format 2 had
// them: a tensor for each network, and no setting decay-to.
func old(t *testing.T, dir string) {
	t.Helper()
	s, err := readFile(filepath.Join(dir, checkpointFile))
	if err != nil {
		t.Fatal(err)
	}
	delete(s.Meta, "format")
	delete(s.Meta, "set.decay-to")
	for _, net := range []string{"critic", "generator"} {
		for of, name := range map[string]string{"": net, "adam.m.": net + ".adam.m", "adam.v.": net + ".adam.v"} {
			var v []float32
			for layer := 0; ; layer++ {
				weight, bias := fmt.Sprintf("%s%s.%d.weight", of, net, layer), fmt.Sprintf("%s%s.%d.bias", of, net, layer)
				if _, ok := s.Tensors[weight]; !ok {
					break
				}
				v = slices.Concat(v, s.Tensors[weight].Data, s.Tensors[bias].Data)
				delete(s.Tensors, weight)
				delete(s.Tensors, bias)
			}
			s.Tensors[name] = data.Tensor{Shape: []int{len(v)}, Data: v}
		}
		for _, c := range []string{"c1", "c2"} {
			s.Tensors[net+".adam."+c] = s.Tensors["adam."+c+"."+net]
			delete(s.Tensors, "adam."+c+"."+net)
		}
	}
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, s); err != nil {
		t.Fatal(err)
	}
	described := regexp.MustCompile(`\n *"decay-to": "[^"]*",`).ReplaceAllString(read(t, dir, runFile), "")
	for name, text := range map[string]string{checkpointFile: b.String(), runFile: described} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A folder of an older version resumes bit for bit, with what it did where there was no
// setting yet.
func TestOldFolder(t *testing.T) {
	whole, parts := t.TempDir(), t.TempDir()
	for dir, steps := range map[string]int{whole: 60, parts: 35} {
		r := toy(t, dir, steps)
		r.Values["decay"], r.Values["decay-to"] = "50", "0.01"
		if err := Start(context.Background(), r); err != nil {
			t.Fatal(err)
		}
	}
	old(t, parts)
	if strings.Contains(read(t, parts, runFile)+read(t, parts, checkpointFile), "decay-to") || strings.Contains(read(t, parts, checkpointFile), "critic.0") {
		t.Fatal("it is not an old folder")
	}
	if err := Resume(context.Background(), Job{Dir: parts, Steps: 60, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, parts, name) {
			t.Errorf("%s differs", name)
		}
	}
}

// A run that goes on from a file in a new folder ends just as one that never
// stopped, and its folder tells where it came from.
func TestFrom(t *testing.T) {
	whole, first, second := t.TempDir(), t.TempDir(), t.TempDir()
	if err := Start(context.Background(), toy(t, whole, 60)); err != nil {
		t.Fatal(err)
	}
	if err := Start(context.Background(), toy(t, first, 35)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(first, checkpointFile)
	r, step, err := Job{Dir: second, Steps: 60, Every: 10, Log: io.Discard}.From(file)
	if err != nil || step != 35 || r.Experiment != "wgan-gp" || r.Values["width"] != "16" || len(r.Values) != len(experiment.WGANGP.Settings) {
		t.Fatalf("%s with %v at step %d, %v", r.Experiment, r.Values, step, err)
	}
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if read(t, whole, checkpointFile) != read(t, second, checkpointFile) {
		t.Error("it did not go on bit for bit")
	}
	if m := read(t, second, metricsFile); strings.Count(m, "\n") != 4 || !strings.HasSuffix(read(t, whole, metricsFile), m[strings.Index(m, "\n40,"):]) {
		t.Errorf("metrics are\n%s", m)
	}
	if d := read(t, second, runFile); !strings.Contains(d, `"begun": "`+file) {
		t.Errorf("run.json is\n%s", d)
	}

	// A folder is read with its preset; a run whose settings do not fit its numbers
	// makes no folder.
	named := toy(t, t.TempDir(), 2)
	named.Preset = "live"
	if err := Start(context.Background(), named); err != nil {
		t.Fatal(err)
	}
	if s, err := Read(named.Dir); err != nil || s.Meta["preset"] != "live" || s.Meta["step"] != "2" {
		t.Errorf("a folder says %v, %v", s.Meta, err)
	}
	r.Dir = filepath.Join(t.TempDir(), "none")
	r.Values["width"] = "17"
	if err := Start(context.Background(), r); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("with another width: %v", err)
	}
	if _, err := os.Stat(r.Dir); err == nil {
		t.Error("it left a folder")
	}
}

// The same after kill -9.
func TestKill(t *testing.T) {
	if dir := os.Getenv("GANBEL_TEST_RUN"); dir != "" {
		r := toy(t, dir, 60)
		if err := Start(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		Resume(context.Background(), Job{Dir: dir, Steps: 1_000_000, Log: io.Discard})
		return
	}
	if runtime.GOOS == "js" {
		t.Skip("a browser has no processes")
	}
	whole, killed := t.TempDir(), t.TempDir()
	c := exec.Command(os.Args[0], "-test.run=^TestKill$")
	c.Env = append(os.Environ(), "GANBEL_TEST_RUN="+killed)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.After(5 * time.Minute)
	for again := time.Tick(20 * time.Millisecond); ; {
		b, _ := os.ReadFile(filepath.Join(killed, metricsFile))
		if strings.Count(string(b), "\n") > 12 {
			break
		}
		select {
		case <-again:
		case <-late:
			t.Error("the run that is to be killed writes no metrics")
		}
		if t.Failed() {
			break
		}
	}
	c.Process.Kill()
	c.Wait()
	if err := Start(context.Background(), toy(t, whole, 200)); err != nil {
		t.Fatal(err)
	}
	if err := Resume(context.Background(), Job{Dir: killed, Steps: 200, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, killed, name) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	if err := Resume(context.Background(), Job{Dir: dir}); err == nil || !strings.Contains(err.Error(), "no run") {
		t.Errorf("an empty folder: %v", err)
	}
	r := toy(t, dir, 1)
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if err := Start(context.Background(), r); err == nil || !strings.Contains(err.Error(), "--resume") {
		t.Errorf("a folder with a run: %v", err)
	}
	name := filepath.Join(dir, checkpointFile)
	for _, name := range []string{name, filepath.Join(dir, previousFile)} {
		if err := os.Truncate(name, 1000); err != nil {
			t.Fatal(err)
		}
	}
	if err := Resume(context.Background(), Job{Dir: dir, Steps: 5, Log: io.Discard}); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("a cut checkpoint: %v", err)
	}
}

// A run that was killed before it trained at all goes on, too.
func TestKillAtOnce(t *testing.T) {
	whole, killed := t.TempDir(), t.TempDir()
	if err := Start(context.Background(), toy(t, whole, 20)); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if err := Start(stopped, toy(t, killed, 20)); err == nil || !strings.Contains(err.Error(), "--resume") {
		t.Fatalf("a stopped run: %v", err)
	}
	if err := Resume(context.Background(), Job{Dir: killed, Steps: 20, Log: io.Discard}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, killed, name) {
			t.Errorf("%s differs", name)
		}
	}
}

// What a person asks for must not contradict the folder.
func TestConflicts(t *testing.T) {
	dir := t.TempDir()
	r := toy(t, dir, 5)
	r.Values["data"], r.World.Points = "points", []float32{0, 0, 1, 1}
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	same := r.World
	for want, asked := range map[string]Job{
		"holds a run of wgan-gp": {Experiment: "gumbel-vae", World: same},
		"leave out --every":      {Every: 3, World: same},
		"--points":               {World: experiment.World{Points: []float32{0, 0, 2, 2}}},
	} {
		asked.Dir, asked.Steps, asked.Log = dir, 10, io.Discard
		if err := Resume(context.Background(), asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if err := Resume(context.Background(), Job{Dir: dir, Steps: 10, World: same, Every: 10, Experiment: "wgan-gp", Log: io.Discard}); err != nil {
		t.Error(err)
	}
}

// A run's file contains its points: the run resumes from it in another folder, and again
// there, without the file of points.
func TestPointsComeAlong(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	r := toy(t, first, 5)
	r.Values["data"], r.World.Points, r.World.PointsName = "points", []float32{0, 0, 1, 1, 50, -7}, "mine.csv"
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	r, _, err := Job{Dir: second, Steps: 10, Every: 10, Log: io.Discard}.From(filepath.Join(first, checkpointFile))
	if err != nil || !slices.Equal(r.World.Points, []float32{0, 0, 1, 1, 50, -7}) || r.World.PointsName != "mine.csv" {
		t.Fatalf("%s, %v, %v", r.World.PointsName, r.World.Points, err)
	}
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if err := Resume(context.Background(), Job{Dir: second, Steps: 12, Log: io.Discard}); err != nil {
		t.Error(err)
	}
	other := experiment.World{Points: []float32{0, 0, 2, 2}}
	if r, _, err = (Job{Dir: t.TempDir(), Steps: 10, Every: 10, Log: io.Discard, World: other}).From(first); err != nil || len(r.World.Points) != 4 {
		t.Errorf("points that are named are taken: %v, %v", r.World.Points, err)
	}
}

// run.json tells what was run, with what, and when.
func TestDescription(t *testing.T) {
	dir := t.TempDir()
	r := toy(t, dir, 3)
	r.Preset, r.Values["seed"] = "live", "42"
	before := time.Now().Add(-time.Second)
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Experiment, Preset string
		Steps, Every       int
		Values             map[string]string
		Started            time.Time
		Build              struct{ Version, Go, OS, Arch string }
	}
	if err := json.Unmarshal([]byte(read(t, dir, runFile)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Experiment != "wgan-gp" || got.Preset != "live" || got.Values["seed"] != "42" || got.Values["width"] != "16" || got.Steps != 3 || got.Every != 10 {
		t.Errorf("holds %+v", got)
	}
	if b := got.Build; b.Version == "" || b.Go != runtime.Version() || b.OS != runtime.GOOS || b.Arch != runtime.GOARCH {
		t.Errorf("built by %+v", b)
	}
	if got.Started.Before(before) || got.Started.After(time.Now()) {
		t.Errorf("started at %v", got.Started)
	}
	if len(got.Values) != len(experiment.WGANGP.Settings) {
		t.Errorf("%d values of %d settings", len(got.Values), len(experiment.WGANGP.Settings))
	}
}

// A run that was killed before its first checkpoint is begun again by the same
// command, and says so to whoever would resume it.
func TestKillBeforeCheckpoint(t *testing.T) {
	whole, killed := t.TempDir(), t.TempDir()
	if err := Start(context.Background(), toy(t, whole, 20)); err != nil {
		t.Fatal(err)
	}
	r := toy(t, killed, 20)
	if err := r.describe(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(killed, metricsFile), []byte("step,cri"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Resume(context.Background(), Job{Dir: killed, Log: io.Discard}); err == nil || !strings.Contains(err.Error(), "start it again") {
		t.Errorf("resumed: %v", err)
	}
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{metricsFile, checkpointFile} {
		if read(t, whole, name) != read(t, killed, name) {
			t.Errorf("%s differs", name)
		}
	}
}

// Where nothing is said, a run goes on to the step it was told last.
func TestSteps(t *testing.T) {
	dir := t.TempDir()
	stopped, stop := context.WithCancel(context.Background())
	r := toy(t, dir, 30)
	r.Show = func(p Progress) {
		if p.Step >= 1 {
			stop()
		}
	}
	err := Start(stopped, r)
	var s *Stopped
	if !errors.As(err, &s) || s.Step < 1 || s.Step >= 30 || s.Dir != dir || !strings.Contains(err.Error(), "ganbel run --resume "+dir) {
		t.Fatalf("a stopped run: %v", err)
	}
	for _, steps := range []int{0, 50, 0} {
		if err := Resume(context.Background(), Job{Dir: dir, Steps: steps, Log: io.Discard}); err != nil {
			t.Fatal(err)
		}
	}
	if m := read(t, dir, metricsFile); strings.Count(m, "\n") != 6 || !strings.Contains(m, "\n50,") {
		t.Errorf("metrics are\n%s", m)
	}
	if !strings.Contains(read(t, dir, runFile), `"steps": 50`) {
		t.Error("run.json does not know of the new end")
	}
}

// Figures are drawn at the end and if a run is stopped; if they fail the run does not,
// and its log says so.
func TestFigures(t *testing.T) {
	dir := t.TempDir()
	r := toy(t, dir, 20)
	calls := 0
	r.Figures = func(into string, e *lab.Experiment, f lab.Frame, table data.Table) error {
		calls++
		if into != filepath.Join(dir, "figures") || e != experiment.WGANGP || f.Step != 20 || len(f.Tensors["real"].Data) == 0 || !slices.Equal(table.Column("step"), []float64{10, 20}) {
			t.Errorf("drawn into %s at step %d with %v", into, f.Step, table)
		}
		return nil
	}
	if err := Start(context.Background(), r); err != nil || calls != 1 {
		t.Errorf("%d figures, %v", calls, err)
	}
	var log strings.Builder
	r = Job{Dir: dir, Steps: 30, Log: &log, Figures: func(string, *lab.Experiment, lab.Frame, data.Table) error {
		return errors.New("no ink")
	}}
	if err := Resume(context.Background(), r); err != nil || !strings.Contains(log.String(), "no ink") || !strings.Contains(log.String(), "is kept") {
		t.Errorf("failed figures: %v, and the log is %s", err, log.String())
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	calls = 0
	r.Figures = func(string, *lab.Experiment, lab.Frame, data.Table) error { calls++; return nil }
	r.Steps = 40
	var s *Stopped
	if err := Resume(stopped, r); !errors.As(err, &s) || s.Step != 30 || calls != 1 {
		t.Errorf("stopped with %d figures: %v", calls, err)
	}
}

// breaks is a model that diverges at a step, or if held holds what is not finite after it.
type breaks struct {
	train.Model
	run  *train.Run
	at   int
	held bool
}

// breaking has a run diverge at a step, see breaks.
func breaking(run *train.Run, at int, held bool) { run.Model = breaks{run.Model, run, at, held} }

func (b breaks) Iterate() string {
	if b.run.Step() != b.at {
		return b.Model.Iterate()
	}
	if !b.held {
		return "critic loss"
	}
	bad := b.Model.Iterate()
	s := b.run.Save()
	for _, t := range s.Tensors {
		t.Data[0] = float32(math.NaN())
	}
	if err := b.run.Load(s); err != nil {
		panic(err) // it is the run's own
	}
	return bad
}

// A run that diverges tells where and what to do, keeps the checkpoint from
// before, and shows the way there.
func TestDiverged(t *testing.T) {
	for _, held := range []bool{false, true} {
		dir := t.TempDir()
		r := toy(t, dir, 15)
		drawn := -1
		r.Figures = func(_ string, _ *lab.Experiment, f lab.Frame, table data.Table) error {
			drawn = len(table.Rows)
			if len(f.Tensors) > 0 {
				t.Error("draws what broke")
			}
			return nil
		}
		if err := r.open(); err != nil {
			t.Fatal(err)
		}
		defer r.run.Close()
		if err := r.describe(); err != nil {
			t.Fatal(err)
		}
		at := 12
		if held {
			at = r.Steps - 1 // the checkpoint is the first to see it
		}
		breaking(r.run, at, held)
		err := r.train(context.Background(), -1, "step,a,b,c,d,e,f,g,h,i,j\n")
		var d *train.Diverged
		if !errors.As(err, &d) || !strings.Contains(err.Error(), "--learning-rate") || !strings.Contains(err.Error(), dir+" keeps step 0") {
			t.Errorf("diverged with %v", err)
		}
		if f, err := os.Open(filepath.Join(dir, checkpointFile)); err != nil {
			t.Error(err)
		} else if s, err := data.ReadSafetensors(f); err != nil || s.Meta["step"] != "0" {
			t.Errorf("the checkpoint is of step %s, %v", s.Meta["step"], err)
		}
		if drawn != 1 {
			t.Errorf("%d rows drawn, want 1", drawn)
		}
	}
}

// What is said of a run on its way.
func TestProgress(t *testing.T) {
	p := Progress{Step: 50, Steps: 250, Rate: 10, Metrics: experiment.WGANGP.Metrics, Values: []float64{1, 2, 3, .25, 5, math.NaN(), 7, 8, 9, 10}}
	if got := p.String(); !strings.HasPrefix(got, "step 50 of 250, 10.0 a second, 20s left: critic-loss 1 ") || strings.Contains(got, "modes") {
		t.Error(got)
	}
	if got := strings.Join(p.Main(), ", "); got != "critic-loss 1, estimate 0.25, quality 7, slope-mean 8" {
		t.Error(got)
	}
	if got := (Progress{Steps: 5}).Left(); got != 365*24*time.Hour {
		t.Errorf("at no rate at all %v are left", got)
	}
	var b strings.Builder
	r := toy(t, t.TempDir(), 23)
	r.Log = &b
	if err := Start(context.Background(), r); err != nil || !strings.Contains(b.String(), "step 23 of 23, ") {
		t.Errorf("said %q, %v", b.String(), err)
	}
}

// A run.json says which data the run is trained on, the log says so, and continuing with
// other data is refused with both names, before anything is written.
func TestData(t *testing.T) {
	dir := t.TempDir()
	e := experiment.GumbelVAE
	v, err := e.Resolve("live", lab.Values{"latents": "2", "classes": "2", "hidden": "none", "batch": "4"})
	if err != nil {
		t.Fatal(err)
	}
	world := func(name string, ink uint8) experiment.World {
		return experiment.World{Goroutines: 1, MNIST: func() (train, test *data.Images, err error) {
			all := &data.Images{Rows: 4, Cols: 4, Channels: 1, Pixels: make([]uint8, 300*16)}
			all.Pixels[0] = ink
			train, test = all.Slice(0, 200), all.Slice(200, 300)
			data.Belong(data.IdentifyImages(name, train, test), train, test)
			return train, test, nil
		}}
	}
	var log strings.Builder
	r := Job{Experiment: e.Name, Values: v, Dir: dir, Steps: 2, Every: 1, Log: &log, World: world("dots", 1)}
	if err := Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "data: dots, 200 + 100 of 4×4×1, SHA-256 ") {
		t.Errorf("it said %q", log.String())
	}
	told, err := Describe(dir)
	if id := told.Data; err != nil || id.Name != "dots" || id.Train != 200 || id.Validation != 100 || len(id.Digest) != 64 {
		t.Errorf("run.json says %+v, %v", id, err)
	}
	before := read(t, dir, checkpointFile) + read(t, dir, metricsFile) + read(t, dir, runFile)
	err = Resume(context.Background(), Job{Dir: dir, Steps: 4, Log: io.Discard, World: world("others", 2)})
	for _, want := range []string{dir, "other data", "dots, 200 + 100 of 4×4×1", "others, 200 + 100 of 4×4×1", told.Data.Digest[:16]} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	if after := read(t, dir, checkpointFile) + read(t, dir, metricsFile) + read(t, dir, runFile); after != before {
		t.Error("a refused run was changed")
	}
	if err := Resume(context.Background(), Job{Dir: dir, Steps: 4, Log: io.Discard, World: world("the same elsewhere", 1)}); err != nil {
		t.Error(err)
	}
}
