package lab

import (
	"encoding/json"
	"fmt"
	"strings"

	"ganbel/core/data"
)

// Identity returns which data the run is trained on.
func (r *run) Identity() data.Identity {
	if r.data != nil {
		r.identity, r.data = r.data(), nil
	}
	return r.identity
}

// sameData returns an error if the run in a store was trained on other data than this
// run's. A store that does not name its data was saved by an older version.
func (r *run) sameData(s data.Store) error {
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

// papers reports whether the paper's numbers may stand next to the run's: only if its
// data is the paper's.
func (r *run) papers() bool { return r.Identity().Is(r.experiment.paperSet) }

// frame returns a frame of the run's present step.
func (r *run) frame(tensors map[string]data.Tensor) Frame {
	return Frame{r.experiment.Name, *r.iteration, tensors, r.Identity().Name}
}

// beside returns the experiment's notes on the paper, or says that none stand next to
// this data.
func (r *run) beside() []string {
	if r.papers() {
		return r.experiment.notes
	}
	return []string{r.otherData()}
}

// otherData says why the paper's numbers are left out.
func (r *run) otherData() string { return OtherData(r.Identity(), r.experiment.paperSet) }

// OtherData returns a note for a table on data that is not the paper's set: why the
// paper's numbers are left out of it.
func OtherData(id data.Identity, set data.PaperSet) string {
	return fmt.Sprintf("The data is %v. The paper's numbers are of %s, and are left out.", id, set)
}

// On returns the experiment with a title that names the data, if that is not what its
// title says.
func (e *Experiment) On(id data.Identity) *Experiment {
	if id.Digest == "" || id.Is(e.paperSet) && id.Name == string(e.paperSet) {
		return e
	}
	on := *e
	if title, rest, ok := strings.Cut(e.Title, e.on); ok && e.on != "" {
		on.Title = title + id.Name + rest
	} else {
		on.Title = e.Title + ", " + id.Name
	}
	return &on
}

// remember makes w keep what MNIST opens, and returns a function that returns its
// identity.
func (w *World) remember() func() data.Identity {
	var train, test *data.Images
	if open := w.MNIST; open != nil {
		w.MNIST = func() (*data.Images, *data.Images, error) {
			var err error
			train, test, err = open()
			return train, test, err
		}
	}
	return func() data.Identity { return data.IdentifyImages("images", train, test) }
}

// classes returns how many classes images have, of which all must be among the training
// images' labels. A part without labels has none.
func classes(train, validation data.Source) (int, error) {
	k := train.Classes()
	if validation == nil {
		return k, nil
	}
	if v := validation.Classes(); v > k && k > 0 {
		return 0, fmt.Errorf("the validation images have labels of %d classes and the training images of %d: give training images of every class", v, k)
	}
	return k, nil
}
