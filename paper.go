package main

import (
	"path/filepath"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// A sweepData says which data the runs of a sweep were trained on. It is zero if no data
// was named.
type sweepData struct{ data.Identity }

// data returns it as the first run that names its data does; all have the same. If no run
// does, the name is the path of the images.
func (s *sweep) data(all map[string]record.Outcome) sweepData {
	for _, o := range all {
		if r, err := record.Describe(filepath.Join(s.out, o.Job.Name)); err == nil && r.Data.Known() {
			return sweepData{r.Data}
		}
	}
	if path := s.files["images"]; path != "" {
		return sweepData{data.Identity{Name: filepath.Base(path)}}
	}
	return sweepData{}
}

// on returns a title with the data's name.
func (d sweepData) on(title string) string {
	if d.Known() {
		title += ", on " + d.Name
	}
	return title
}

// papers reports whether the paper's numbers of a set may stand next to the sweep's.
func (d sweepData) papers(set data.PaperSet) bool { return !d.Known() || d.Is(set) }

// beside returns notes on the paper's numbers, or says that they are left out if the data
// is not the paper's set.
func (d sweepData) beside(set data.PaperSet, notes ...string) []string {
	if d.papers(set) {
		return notes
	}
	return []string{lab.OtherData(d.Identity, set)}
}

// identity returns which data the grid is trained on.
func (g *grid) identity() data.Identity {
	train, test, err := g.world.MNIST()
	if err != nil {
		return data.Identity{Name: err.Error()}
	}
	return data.IdentifyImages("images", train, test)
}
