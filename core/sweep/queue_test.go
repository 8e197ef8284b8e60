package sweep

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ganbel/assets"
	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// A here is a queue that trains jobs one after the other in this process. It loses the
// jobs that are named.
type here struct {
	ctx  context.Context
	lose string
}

func (h here) Do(dir string, jobs []Job, done func(Outcome)) error {
	for _, j := range jobs {
		if h.ctx.Err() != nil {
			return ErrStopped
		}
		o := Outcome{Job: j, Lost: "it was lost"}
		if j.Name != h.lose {
			e, err := lab.Find(j.Experiment)
			if err != nil {
				return err
			}
			values, err := e.Resolve(j.Preset, j.Values)
			if err != nil {
				return err
			}
			r := record.Job{Experiment: j.Experiment, Preset: j.Preset, Values: values, Dir: filepath.Join(dir, j.Name), Steps: j.Steps, Every: j.Every, Log: &strings.Builder{}}
			r.World.Pictures = func(side int) (train, validation data.Source, err error) {
				return corpus.Files(j.Files).Pictures(side, r.Log)
			}
			if err := record.Start(h.ctx, r); err != nil {
				return err
			}
			o = Outcome{Job: j, Step: record.At(r.Dir), Seconds: 1}
		}
		done(o)
	}
	return nil
}

// A sweep needs no command line: a program sets its fields and gives it a queue.
func TestSweep(t *testing.T) {
	images := t.TempDir()
	for i := range 20 {
		m := image.NewRGBA(image.Rect(0, 0, 32, 32))
		for p := range 32 * 32 {
			m.Set(p%32, p/32, color.RGBA{uint8(i * 8), uint8(p), uint8(p / 4), 255})
		}
		f, err := os.Create(filepath.Join(images, string(rune('a'+i))+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(png.Encode(f, m), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	var log strings.Builder
	s := &Sweep{Name: "architectures", Dir: t.TempDir(), Steps: 2, Set: lab.Values{"batch": "4", "held-out": "1", "n-critic": "1"},
		Files: corpus.Files{"images": images}, Log: &log, Count: 1, Seed: 1, Shrink: 32, Methods: []string{"penalty", "gan"}}
	if err := s.Run(here{context.Background(), ""}); err != nil {
		t.Fatalf("%v, said %s", err, log.String())
	}
	for _, want := range []string{"architectures: runs of 2 of the preset's ", "there are 2\n", "2 of 2: 000-gan, step 2, 0.5 s a step, score —", "Table 5: how many of 1 random architectures", "filters divided by 32", ", on " + filepath.Base(images)} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in\n%s", want, log.String())
		}
	}
	if md, err := os.ReadFile(filepath.Join(s.Dir, "architectures.md")); err != nil || !strings.HasSuffix(log.String(), string(md)) {
		t.Errorf("the folder has the report %q, %v", md, err)
	}
	log.Reset()
	s.Dir = t.TempDir()
	if err := s.Run(here{context.Background(), "000-gan"}); err == nil || !strings.Contains(err.Error(), "1 of 2 jobs have no result: 000-gan;") || !strings.Contains(log.String(), "no result |") {
		t.Errorf("with a job that was lost it ends with %v and said %s", err, log.String())
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if err := s.Run(here{ended, ""}); !errors.Is(err, ErrStopped) {
		t.Errorf("interrupted it ends with %v", err)
	}
	s.Set["batch"] = "none"
	if err := s.Run(nil); err == nil || !strings.Contains(err.Error(), "batch") { // before any job begins
		t.Errorf("of a setting that is not valid it says %v", err)
	}
	s.Name = "figure1"
	var unknown *lab.Unknown
	if err := s.Run(nil); !errors.As(err, &unknown) || len(unknown.Names) != len(Kinds) || Experiments("figure1") != nil {
		t.Errorf("of a sweep that there is not it says %v", err)
	}
}

// A grid needs no command line, trains and measures what its fields say, and does
// nothing twice.
func TestGrid(t *testing.T) {
	train, test, err := data.MNIST(assets.MNIST())
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	g := &Grid{Dir: t.TempDir(), Rows: []int{1, 3}, Estimators: []string{"nvil", "arm"}, Steps: 3, Pilot: 2, Seeds: []string{"1"}, Rates: []string{"0.003"}, Anneals: []string{"0.0001"}, Every: []string{"1000"},
		Prior: "learned", Draws: 1, Digits: 100, AtOnce: 2, Log: &log, World: experiment.World{Goroutines: 1, MNIST: func() (*data.Images, *data.Images, error) { return train, test, nil }}}
	jobs := g.Jobs() // ARM is for bits only
	if len(jobs) != 2 || jobs[0].Name != filepath.Join("sop-categorical-nvil", "rate-0.003-seed-1") || jobs[1].Experiment != "gumbel-vae" || jobs[1].Values["latents"] != "20" {
		t.Errorf("the jobs are %+v", jobs)
	}
	if err := g.Run(context.Background()); err != nil {
		t.Fatalf("%v, said %s", err, log.String())
	}
	for _, want := range []string{"sop-categorical-nvil: chose rate-0.003-seed-1, ", "vae-categorical-nvil, seed 1, step 3: ", "## Table 1", "| SBN (Cat.), paper"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in\n%s", want, log.String())
		}
	}
	for _, j := range jobs {
		if at := record.At(filepath.Join(g.Dir, j.Name)); at != 3 {
			t.Errorf("%s stands at step %d", j.Name, at)
		}
	}
	first := log.String()
	log.Reset()
	if err := g.Run(context.Background()); err != nil || log.String()[strings.Index(log.String(), "## Table 1"):] != first[strings.Index(first, "## Table 1"):] {
		t.Errorf("again it says %s, %v", log.String(), err)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	g.Dir = t.TempDir()
	if err := g.Run(ended); !errors.Is(err, ErrStopped) {
		t.Errorf("interrupted it ends with %v", err)
	}
}
