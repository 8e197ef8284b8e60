package sweep

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
	"ganbel/core/train"
)

// write prints reports and keeps them in the sweep's folder.
func (s *Sweep) write(name string, all ...lab.Report) error {
	var text []string
	for _, r := range all {
		text = append(text, r.Markdown())
	}
	md := strings.Join(text, "\n")
	fmt.Fprint(s.Log, "\n", md)
	return data.WriteFile(filepath.Join(s.Dir, name+".md"), []byte(md))
}

// ended returns an outcome's score as a table has it, with the step at which it
// diverged, or says that there is no result.
func (s *Sweep) ended(o Outcome) string {
	if o.Lost != "" || o.Job.Name == "" {
		return "no result"
	}
	text := s.number(o, "score")
	if o.Error != "" {
		text += fmt.Sprintf(" (ended at %d)", o.Step)
	}
	return text
}

// scorer is what scores are called.
func (s *Sweep) scorer() string {
	switch {
	case s.Files["inception"] != "":
		return "Inception Score"
	case s.Files["squeezenet"] != "":
		return "SqueezeNet score"
	}
	return "score (none: name a classifier with --inception or --squeezenet)"
}

// real returns the score of as many real images, without which a score says nothing.
func (s *Sweep) real(all map[string]Outcome) string {
	for _, name := range slices.Sorted(maps.Keys(all)) { // in one order, so that a report is always the same
		if v := s.number(all[name], "real-score"); v != "—" {
			return "As many real images score " + v + "."
		}
	}
	return "No images were scored: --set score-images=N scores N of them."
}

// settings returns a note on the data and settings of the runs.
func (s *Sweep) settings() string {
	var files []string
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		text := fmt.Sprintf("--%s %s", name, filepath.Base(s.Files[name]))
		if id, err := corpus.Fingerprint(s.Files[name]); err == nil {
			text += " (" + id + ")"
		}
		files = append(files, text)
	}
	text := "Runs " + s.scale() + "; one seed. Data: " + strings.Join(files, ", ") + "."
	if len(s.Set) > 0 || s.Shrink > 1 || s.Steps > 0 {
		text += " These are not the paper's numbers."
	}
	return text
}

// A trainingData says which data the runs of a sweep were trained on. It is zero if no data
// was named.
type trainingData struct{ data.Identity }

// data returns it as the first run that names its data does; all have the same. If no run
// does, the name is the path of the images.
func (s *Sweep) data(all map[string]Outcome) trainingData {
	for _, o := range all {
		if r, err := record.Describe(filepath.Join(s.Dir, o.Job.Name)); err == nil && r.Data.Known() {
			return trainingData{r.Data}
		}
	}
	if path := s.Files["images"]; path != "" {
		return trainingData{data.Identity{Name: filepath.Base(path)}}
	}
	return trainingData{}
}

// on returns a title with the data's name.
func (d trainingData) on(title string) string {
	if d.Known() {
		title += ", on " + d.Name
	}
	return title
}

// papers reports whether the paper's numbers of a set may stand next to the sweep's.
func (d trainingData) papers(set data.PaperSet) bool { return !d.Known() || d.Is(set) }

// notes returns notes on the paper's numbers, or says that they are left out if the data
// is not the paper's set.
func (d trainingData) notes(set data.PaperSet, all ...string) []string {
	if d.papers(set) {
		return all
	}
	return []string{train.OtherData(d.Identity, set)}
}
