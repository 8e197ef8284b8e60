package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/wgan"
	"ganbel/render/figure"
)

// figure2 reports the final scores of every pair of networks by every method, and a
// sheet of their samples.
func (s *sweep) figure2(all map[string]record.Outcome) error {
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
	r.Notes = append([]string{s.real(all), s.settings()}, on.beside(data.PaperLSUN, "The paper shows samples and no numbers: only WGAN-GP trains all seven with one set of settings.")...)
	if err := s.write("figure2", r); err != nil {
		return err
	}
	if !fill(frames) {
		return nil // no run came so far
	}
	return figure.Sheet(s.out, "figure2", on.on("Samples of seven pairs of networks by four methods"), r.Head[1:], wgan.LSUNNames[:7], frames)
}

// samples returns the images of the last frame of an outcome's run, no tensor if it
// has none.
func (s *sweep) samples(o record.Outcome) data.Tensor {
	b, _, err := record.ReadFrame(filepath.Join(s.out, o.Job.Name))
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
func (s *sweep) figure3(all map[string]record.Outcome) error {
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
		t, err := record.Metrics(filepath.Join(s.out, m))
		if err != nil { // it never began
			r.Rows = append(r.Rows, []string{methodNames[m], s.ended(o), "—", "—", paper[m]})
			continue
		}
		most := s.last(o, "score")
		for _, v := range t.Column("score") {
			if v == v && !(v <= most) {
				most = v
			}
		}
		line := []string{methodNames[m], s.ended(o), fmt.Sprintf("%.2f", most), fmt.Sprintf("%.3g", o.Seconds/float64(max(o.Step, 1)))}
		if papers {
			line = append(line, paper[m])
		}
		r.Rows = append(r.Rows, line)
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
	r.Notes = append([]string{s.real(all), s.settings(), "Time is of one core of this machine, measurements and all."}, on.beside(data.PaperCIFAR10,
		"The paper's are Inception Scores, read off its figure: WGAN-GP with Adam and DCGAN end at about 6, WGAN-GP with RMSProp below them, clipping last. Another score has another scale.")...)
	if err := s.write("figure3", r); err != nil {
		return err
	}
	if len(names) == 0 {
		return nil // no run came so far
	}
	if err := figure.Compare(s.out, "figure3-iterations", on.on("Figure 3: "+name+" over iterations"), "score", "iterations", name, names, steps); err != nil {
		return err
	}
	return figure.Compare(s.out, "figure3-time", on.on("Figure 3: "+name+" over time"), "score", "seconds of a core", name, names, times)
}

// architectures counts successes as table 5 does.
func (s *sweep) architectures(all map[string]record.Outcome) error {
	on := s.data(all)
	papers := on.papers(data.PaperImageNet32)
	scores := map[string]float64{} // by job
	for name, o := range all {
		scores[name] = s.last(o, "score")
	}
	score := func(i int, m string) float64 { return scores[fmt.Sprintf("%03d-%s", i, m)] }
	reports := []lab.Report{}
	has := map[string]bool{}
	for _, m := range s.methods {
		has[m] = true
	}
	if has["penalty"] && has["gan"] {
		var both []int // architectures with a result of each
		for i := range s.count {
			if all[fmt.Sprintf("%03d-gan", i)].Lost == "" && all[fmt.Sprintf("%03d-penalty", i)].Lost == "" {
				both = append(both, i)
			}
		}
		r := lab.Report{Title: on.on(fmt.Sprintf("Table 5: how many of %d random architectures exceed a %s", len(both), s.scorer())),
			Head: []string{"at least", "only GAN", "only WGAN-GP", "both", "neither"}}
		if papers {
			r.Head = append(r.Head, "paper, of 200: only GAN", "only WGAN-GP", "both", "neither")
		}
		for _, p := range wgan.Table5 {
			var n [4]int
			for _, i := range both {
				gan, gp := score(i, "gan") > p.Score, score(i, "penalty") > p.Score
				switch {
				case gan && !gp:
					n[0]++
				case gp && !gan:
					n[1]++
				case gp:
					n[2]++
				default:
					n[3]++
				}
			}
			row := []string{fmt.Sprintf("%.1f", p.Score)}
			counts := n[:]
			if papers {
				counts = append(counts, p.OnlyGAN, p.OnlyPenalty, p.Both, p.Neither)
			}
			for _, k := range counts {
				row = append(row, strconv.Itoa(k))
			}
			r.Rows = append(r.Rows, row)
		}
		r.Notes = append([]string{s.real(all), s.settings(), "A run that diverged counts with the last score before."}, on.beside(data.PaperImageNet32, "The paper's are Inception Scores of 32×32 ImageNet.")...)
		reports = append(reports, r)
	}
	list := lab.Report{Title: "The architectures", Head: []string{"", "generator", "critic"}}
	for _, m := range s.methods {
		list.Head = append(list.Head, methodNames[m])
	}
	net := func(act string, depth int, norm bool, filters int) string {
		text := fmt.Sprintf("%s, %d layers, %d filters", act, depth, max(filters/s.shrink, 1))
		if norm {
			text += ", norm"
		}
		return text
	}
	better := [2]int{}
	for i := range s.count {
		a := wgan.RandomArchitecture(s.seed, i)
		row := []string{strconv.Itoa(i), net(a.ActivationG, a.DepthG, a.NormG, a.FiltersG), net(a.ActivationD, a.DepthD, a.NormD, a.FiltersD)}
		for _, m := range s.methods {
			o := all[fmt.Sprintf("%03d-%s", i, m)]
			row = append(row, s.ended(o))
		}
		list.Rows = append(list.Rows, row)
		two, one := score(i, "penalty"), score(i, "one-sided")
		if two > one {
			better[0]++
		} else if one > two {
			better[1]++
		}
	}
	if has["penalty"] && has["one-sided"] {
		list.Notes = append(list.Notes, fmt.Sprintf("The two-sided penalty scores higher in %d, the one-sided in %d.", better[0], better[1]))
		if papers {
			list.Notes = append(list.Notes, "In the paper (appendix C) they do in 100 and 77 of 174, as it is printed.")
		}
	}
	if len(reports) == 0 {
		list.Notes = append(list.Notes, s.real(all), s.settings())
	}
	return s.write("architectures", append(reports, list)...)
}
