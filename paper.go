package main

import (
	"path/filepath"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// identity returns which data the runs of a sweep were trained on, as the first of them
// that says tells; all have the same.
func (s *sweep) identity(all map[string]record.Outcome) data.Identity {
	for _, o := range all {
		if r, err := record.Describe(filepath.Join(s.out, o.Job.Name)); err == nil && r.Data.Known() {
			return r.Data
		}
	}
	return data.Identity{Name: "images that no run tells of"}
}

// beside returns the notes that say what the paper has, or if the data is not its set
// that its numbers are left out.
func beside(id data.Identity, set data.PaperSet, notes ...string) []string {
	if id.Is(set) {
		return notes
	}
	return []string{lab.OtherData(id, set)}
}

// identity returns which data the grid is trained on.
func (g *grid) identity() data.Identity {
	train, test, err := g.world.MNIST()
	if err != nil {
		return data.Identity{Name: err.Error()}
	}
	return data.IdentifyImages("images", train, test)
}
