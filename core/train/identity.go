package train

import (
	"encoding/json"
	"fmt"

	"ganbel/core/data"
)

// Identity returns which data the run is trained on, the zero Identity if it takes none.
func (r *Run) Identity() data.Identity {
	if r.identify != nil {
		r.identity, r.identify = r.identify(), nil
	}
	return r.identity
}

// sameData returns an error if the run in a store was trained on other data than this
// run's. A store that does not name its data was saved by an older version.
func (r *Run) sameData(s data.Store) error {
	text, ok := s.Meta["data"]
	if !ok {
		return nil
	}
	var was data.Identity
	if err := json.Unmarshal([]byte(text), &was); err != nil {
		return fmt.Errorf("the run's data is %.60q: it must be what a run saves: %w", text, err)
	}
	if now := r.Identity(); !now.Continues(was) {
		return &OtherDataError{was, now}
	}
	return nil
}

// An OtherDataError is the error of a run that was to continue with other data.
type OtherDataError struct{ Was, Now data.Identity }

// Error returns a message that names both.
func (e *OtherDataError) Error() string {
	now := e.Now.String()
	if !e.Now.Known() {
		now = "none"
	}
	return fmt.Sprintf("the run was trained on other data: it was %v, and now it is %s; name the data that it began with", e.Was, now)
}

// Papers reports whether the paper's numbers may be shown next to the run's: only if its
// data is the paper's.
func (r *Run) Papers() bool { return r.Identity().Is(r.Experiment.PaperSet) }

// PaperNotes returns the experiment's notes on the paper, or a note that none are shown next
// to this data.
func (r *Run) PaperNotes() []string {
	if r.Papers() {
		return r.Experiment.Notes
	}
	return []string{r.OtherData()}
}

// OtherData says why the paper's numbers are left out.
func (r *Run) OtherData() string { return OtherData(r.Identity(), r.Experiment.PaperSet) }

// OtherData returns a note for a table on data that is not the paper's set: why the
// paper's numbers are left out of it.
func OtherData(id data.Identity, set data.PaperSet) string {
	return fmt.Sprintf("The data is %v. The paper's numbers are of %s, and are left out.", id, set)
}
