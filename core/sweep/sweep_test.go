package sweep

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/wgan"
)

// Every sweep's jobs are runs that can be, and no two are alike.
func TestSweepJobs(t *testing.T) {
	for _, sw := range Kinds {
		s := &Sweep{Count: 50, Seed: 1, Shrink: 8, Methods: []string{"penalty", "gan", "one-sided"}}
		jobs := sw.jobs(s)
		ids := map[string]string{}
		for _, j := range jobs {
			e, err := lab.Find(j.Experiment)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Resolve(j.Preset, j.Values); err != nil {
				t.Errorf("%s: %v", j.Name, err)
			}
			if other := ids[j.ID()]; other != "" && sw.Name != "architectures" {
				t.Errorf("%s is %s", j.Name, other)
			}
			ids[j.ID()] = j.Name
		}
		if want := map[string]int{"figure2": 28, "figure3": 4, "architectures": 150}[sw.Name]; len(jobs) != want {
			t.Errorf("%s has %d jobs, want %d", sw.Name, len(jobs), want)
		}
	}
}

// Table 5 counts what metrics.csv says.
func TestTable5(t *testing.T) {
	out := t.TempDir()
	s := &Sweep{Dir: out, Count: 4, Seed: 1, Shrink: 1, Steps: 10, Methods: []string{"penalty", "gan"}, Files: map[string]string{"squeezenet": "x"}, Log: &strings.Builder{}}
	all := map[string]Outcome{}
	for name, score := range map[string]string{"000-penalty": "3.2", "000-gan": "1.2", "001-penalty": "3.4", "001-gan": "3.6", "002-penalty": "1.1", "002-gan": "4", "003-penalty": "", "003-gan": "1.0"} {
		dir := filepath.Join(out, name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "metrics.csv"), []byte("step,score\n5,"+score+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		all[name] = Outcome{Job: Job{Name: name}, Step: 5}
	}
	if err := s.architectures(all); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(out, "architectures.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, line := range strings.Split(string(b), "\n") {
		cells := strings.Split(strings.ReplaceAll(line, " ", ""), "|")
		if len(cells) > 9 {
			rows[cells[1]] = cells[2:10]
		}
	}
	for score, want := range map[string][]string{"1.0": {"0", "0", "3", "1", "0", "8", "192", "0"}, "3.0": {"1", "1", "1", "1", "1", "88", "110", "1"}, "3.5": {"2", "0", "0", "2", "0", "111", "86", "3"}} {
		if got := rows[score]; !slices.Equal(got, want) {
			t.Errorf("above %s the table counts %v, want %v", score, got, want)
		}
	}
	if v := s.last(all["003-penalty"], "score"); !math.IsNaN(v) {
		t.Errorf("a run without a score scores %v", v)
	}
	if len(wgan.Table5) != 17 {
		t.Errorf("table 5 has %d rows", len(wgan.Table5))
	}
}

// A sweep's tables have the paper's columns only if its runs name the paper's data.
func TestSweepData(t *testing.T) {
	for _, c := range []struct {
		id    data.Identity
		paper bool
	}{
		{data.Identity{Name: "cifar", Digest: "d", Train: 40}, false},
		{data.Identity{Name: "CIFAR-10, JPEG q75", Digest: "d", Train: 50_000, Paper: data.PaperCIFAR10}, true},
	} {
		out := t.TempDir()
		s := &Sweep{Dir: out, Steps: 10, Files: map[string]string{"images": "x"}, Log: &strings.Builder{}}
		all := map[string]Outcome{}
		for _, m := range figure3Methods {
			dir := filepath.Join(out, m)
			v, err := experiment.WGANCIFAR.Resolve(m, nil)
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(record.Job{Experiment: "wgan-cifar", Preset: m, Values: v, Steps: 10, Every: 5, Data: c.id})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for name, b := range map[string][]byte{"run.json": b, "metrics.csv": []byte("step,score\n5,2\n10,3\n")} {
				if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			all[m] = Outcome{Job: Job{Name: m}, Step: 10}
		}
		if err := s.figure3(all); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(out, "figure3.md"))
		if text := string(b); err != nil || strings.Contains(text, "paper, about") != c.paper || !strings.Contains(text, ", on "+c.id.Name) || strings.Contains(text, "are left out") == c.paper {
			t.Errorf("%v: %v\n%s", c.id, err, text)
		}
		s.Count, s.Seed, s.Shrink, s.Methods = 1, 1, 1, []string{"penalty", "gan"}
		for _, m := range s.Methods {
			name := "000-" + m
			if err := os.Rename(filepath.Join(out, figure3Methods[0]), filepath.Join(out, name)); err != nil {
				os.CopyFS(filepath.Join(out, name), os.DirFS(filepath.Join(out, "000-penalty")))
			}
			all[name] = Outcome{Job: Job{Name: name}, Step: 10}
		}
		if err := s.architectures(all); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(filepath.Join(out, "architectures.md")); err != nil || strings.Contains(string(b), "paper, of 200") {
			t.Errorf("next to %v stands table 5 of ImageNet: %v\n%s", c.id, err, b)
		}
	}
}

// A job is another job if its networks would be, and only then.
func TestJobID(t *testing.T) {
	j := func(change func(*Job)) string {
		j := Job{Name: "a", Experiment: "wgan-cifar", Preset: "clip", Values: lab.Values{"width": "8"}, Steps: 5, Every: 1,
			Files: map[string]string{"images": "/a/images", "squeezenet": "/a/net"}, Data: map[string]string{"images": "12ab"}}
		change(&j)
		return j.ID()
	}
	same := j(func(*Job) {})
	for name, change := range map[string]func(*Job){
		"name":       func(j *Job) { j.Name = "b" },
		"steps":      func(j *Job) { j.Steps = 9 },
		"every":      func(j *Job) { j.Every = 3 },
		"scores":     func(j *Job) { j.Values["score-images"] = "100" },
		"held out":   func(j *Job) { j.Values["held-out"] = "9" },
		"classifier": func(j *Job) { delete(j.Files, "squeezenet"); j.Files["inception"] = "/b" },
		"path":       func(j *Job) { j.Files["images"] = "/b/images" },
	} {
		if j(change) != same {
			t.Errorf("another %s makes another job", name)
		}
	}
	for name, change := range map[string]func(*Job){
		"experiment": func(j *Job) { j.Experiment = "wgan-lsun" },
		"preset":     func(j *Job) { j.Preset = "dcgan" },
		"width":      func(j *Job) { j.Values["width"] = "16" },
		"rate":       func(j *Job) { j.Values["learning-rate"] = "0.1" },
		"data":       func(j *Job) { j.Data["images"] = "34cd" },
		"files":      func(j *Job) { j.Data = nil },
		"broken":     func(j *Job) { j.Files["broken"] = "0.5" },
	} {
		if j(change) == same {
			t.Errorf("another %s makes no other job", name)
		}
	}
}

// A sweep none of whose runs ever began is reported, whatever its data is.
func TestNothingBegan(t *testing.T) {
	for _, files := range []corpus.Files{{}, {"images": "photos"}} {
		for _, k := range Kinds {
			var log strings.Builder
			s := &Sweep{Name: k.Name, Dir: t.TempDir(), Files: files, Log: &log, Count: 2, Seed: 1, Shrink: 1, Methods: Methods}
			all := map[string]Outcome{}
			for _, j := range k.jobs(s) {
				all[j.Name] = Outcome{Job: j, Lost: "it was lost"}
			}
			if err := k.report(s, all); err != nil || !strings.Contains(log.String(), "no result |") {
				t.Errorf("%s of %v: %v, said %s", k.Name, files, err, log.String())
			}
		}
	}
}
