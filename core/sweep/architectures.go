package sweep

import (
	"fmt"
	"slices"
	"strconv"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/wgan"
)

// architectures counts successes as table 5 does, if both of its methods were trained,
// and lists the architectures with their scores.
func (s *Sweep) architectures(all map[string]Outcome) error {
	scores := map[string]float64{} // by job
	for name, o := range all {
		scores[name] = s.last(o, "score")
	}
	score := func(i int, method string) float64 { return scores[architectureJob(i, method)] }
	var reports []lab.Report
	if slices.Contains(s.Methods, "penalty") && slices.Contains(s.Methods, "gan") {
		reports = append(reports, s.table5(all, score))
	}
	list := s.drawn(all, score)
	if len(reports) == 0 {
		list.Notes = append(list.Notes, s.real(all), s.settings())
	}
	return s.write("architectures", append(reports, list)...)
}

// table5 counts how many architectures exceed each of table 5's scores by GAN, by
// WGAN-GP, by both and by neither, of those that have a result of both.
func (s *Sweep) table5(all map[string]Outcome, score func(i int, method string) float64) lab.Report {
	on := s.data(all)
	papers := on.papers(data.PaperImageNet32)
	var both []int // architectures with a result of each
	for i := range s.Count {
		if all[architectureJob(i, "gan")].Lost == "" && all[architectureJob(i, "penalty")].Lost == "" {
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
	r.Notes = append([]string{s.real(all), s.settings(), "A run that diverged counts with the last score before."}, on.notes(data.PaperImageNet32, "The paper's are Inception Scores of 32×32 ImageNet.")...)
	return r
}

// drawn lists the architectures, each with its score by every method.
func (s *Sweep) drawn(all map[string]Outcome, score func(i int, method string) float64) lab.Report {
	r := lab.Report{Title: "The architectures", Head: []string{"", "generator", "critic"}}
	for _, m := range s.Methods {
		r.Head = append(r.Head, methodNames[m])
	}
	net := func(act string, depth int, norm bool, filters int) string {
		text := fmt.Sprintf("%s, %d layers, %d filters", act, depth, max(filters/s.Shrink, 1))
		if norm {
			text += ", norm"
		}
		return text
	}
	better := [2]int{}
	for i := range s.Count {
		a := wgan.RandomArchitecture(s.Seed, i)
		row := []string{strconv.Itoa(i), net(a.ActivationG, a.DepthG, a.NormG, a.FiltersG), net(a.ActivationD, a.DepthD, a.NormD, a.FiltersD)}
		for _, m := range s.Methods {
			row = append(row, s.ended(all[architectureJob(i, m)]))
		}
		r.Rows = append(r.Rows, row)
		two, one := score(i, "penalty"), score(i, "one-sided")
		if two > one {
			better[0]++
		} else if one > two {
			better[1]++
		}
	}
	if slices.Contains(s.Methods, "penalty") && slices.Contains(s.Methods, "one-sided") {
		r.Notes = append(r.Notes, fmt.Sprintf("The two-sided penalty scores higher in %d, the one-sided in %d.", better[0], better[1]))
		if s.data(all).papers(data.PaperImageNet32) {
			r.Notes = append(r.Notes, "In the paper (appendix C) they do in 100 and 77 of 174, as it is printed.")
		}
	}
	return r
}
