package sweep

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/wgan"
	"ganbel/render/figure"
)

// figure2 reports the final scores of every pair of networks by every method, and a
// sheet of their samples.
func (s *Sweep) figure2(all map[string]Outcome) error {
	on := s.data(all)
	r := lab.Report{Title: on.on("Figure 2: " + s.scorer() + " at the end"), Head: []string{"networks"}}
	var frames [][]data.Tensor
	for _, m := range figure2Methods {
		r.Head = append(r.Head, strings.TrimSuffix(methodNames[m], " (Adam)"))
	}
	for _, net := range wgan.LSUNNames[:7] {
		row, sheet := []string{net}, []data.Tensor{}
		for _, m := range figure2Methods {
			o := all[net+"-"+m]
			row = append(row, s.ended(o))
			sheet = append(sheet, s.samples(o))
		}
		r.Rows, frames = append(r.Rows, row), append(frames, sheet)
	}
	r.Notes = append([]string{s.real(all), s.settings()}, on.notes(data.PaperLSUN, "The paper shows samples and no numbers: only WGAN-GP trains all seven with one set of settings.")...)
	if err := s.write("figure2", r); err != nil {
		return err
	}
	if !fill(frames) {
		return nil // no run came so far
	}
	return figure.Sheet(s.Dir, "figure2", on.on("Samples of seven pairs of networks by four methods"), r.Head[1:], wgan.LSUNNames[:7], frames)
}

// samples returns the images of the last frame of an outcome's run, no tensor if it
// has none.
func (s *Sweep) samples(o Outcome) data.Tensor {
	b, _, err := record.ReadFrame(filepath.Join(s.Dir, o.Job.Name))
	if err != nil || o.Job.Name == "" {
		return data.Tensor{}
	}
	f, err := data.ReadSafetensors(bytes.NewReader(b))
	if err != nil {
		return data.Tensor{}
	}
	return f.Tensors["samples"]
}

// fill puts black images in place of missing ones. It reports false if all are missing.
func fill(frames [][]data.Tensor) bool {
	var like data.Tensor
	for _, row := range frames {
		for _, t := range row {
			if len(t.Data) > 0 {
				like = data.Tensor{Shape: t.Shape, Data: make([]float32, len(t.Data))}
			}
		}
	}
	for _, row := range frames {
		for i, t := range row {
			if len(t.Data) == 0 {
				row[i] = like
			}
		}
	}
	return len(like.Data) > 0
}

// figure3 draws scores over iterations and over time.
func (s *Sweep) figure3(all map[string]Outcome) error {
	name := s.scorer()
	on := s.data(all)
	papers := on.papers(data.PaperCIFAR10)
	r := lab.Report{Title: on.on("Figure 3: " + name), Head: []string{"method", "at the end", "highest", "s an iteration"}}
	if papers {
		r.Head = append(r.Head, "paper, about")
	}
	// Read off the paper's figure by eye, see its notes.
	paper := map[string]string{"penalty": "6", "dcgan": "6"}
	var names []string
	var steps, times []data.Table
	for _, m := range figure3Methods {
		o := all[m]
		line := []string{methodNames[m], s.ended(o), "—", "—"}
		t, err := record.Metrics(filepath.Join(s.Dir, m))
		if err == nil {
			most := s.last(o, "score")
			for _, v := range t.Column("score") {
				if v == v && !(v <= most) {
					most = v
				}
			}
			line[2], line[3] = fmt.Sprintf("%.2f", most), fmt.Sprintf("%.3g", o.Seconds/float64(max(o.Step, 1)))
		}
		if papers {
			line = append(line, paper[m])
		}
		r.Rows = append(r.Rows, line)
		if err != nil {
			continue // it never began
		}
		names = append(names, methodNames[m])
		steps = append(steps, t)
		seconds := data.Table{Columns: t.Columns}
		for _, row := range t.Rows {
			row = append([]float64(nil), row...)
			row[0] *= o.Seconds / float64(max(o.Step, 1))
			seconds.Rows = append(seconds.Rows, row)
		}
		times = append(times, seconds)
	}
	r.Notes = append([]string{s.real(all), s.settings(), "Time is of one core of this machine, measurements and all."}, on.notes(data.PaperCIFAR10,
		"The paper's are Inception Scores, read off its figure: WGAN-GP with Adam and DCGAN end at about 6, WGAN-GP with RMSProp below them, clipping last. Another score has another scale.")...)
	if err := s.write("figure3", r); err != nil {
		return err
	}
	if len(names) == 0 {
		return nil // no run came so far
	}
	if err := figure.Compare(s.Dir, "figure3-iterations", on.on("Figure 3: "+name+" over iterations"), "score", "iterations", name, names, steps); err != nil {
		return err
	}
	return figure.Compare(s.Dir, "figure3-time", on.on("Figure 3: "+name+" over time"), "score", "seconds of a core", name, names, times)
}
