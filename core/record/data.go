package record

import (
	"fmt"

	"ganbel/core/train"
)

// introduce keeps which data a run is trained on, and logs it with any notes on it.
func (j *Job) introduce() {
	if j.Data = j.run.Identity(); j.Data.Known() {
		fmt.Fprintf(j.Log, "data: %v\n", j.Data)
	}
	if w, ok := j.run.Model.(interface{ Warning() string }); ok && w.Warning() != "" {
		fmt.Fprintf(j.Log, "warning: %s\n", w.Warning())
	}
}

// sameData returns an error if run.json names other data than run has. Its name and
// packing may differ. A run.json of an older version names no data.
func (j *Job) sameData() error {
	if now := j.run.Identity(); j.Data.Known() && !now.Same(j.Data) {
		return fmt.Errorf("%s: %w", j.Dir, &train.OtherDataError{Was: j.Data, Now: now})
	}
	return nil
}

// unopened returns the error of a run that could not be opened to be resumed: if its data
// differs from the checkpoint's, which can make networks of other sizes, the error says
// so.
func (j Job) unopened(err error) error {
	if !j.Data.Known() {
		return err
	}
	j.World.Saved = nil
	if j.open() != nil {
		return err
	}
	defer j.run.Close()
	if other := j.sameData(); other != nil {
		return other
	}
	return err
}
