package record

import (
	"fmt"

	"ganbel/core/lab"
)

// introduce keeps which data a run is trained on, and logs it with any notes on it.
func (r *Run) introduce(run lab.Run) {
	if r.Data = run.Identity(); r.Data.Known() {
		fmt.Fprintf(r.Log, "data: %v\n", r.Data)
	}
	if w, ok := run.(interface{ Warning() string }); ok && w.Warning() != "" {
		fmt.Fprintf(r.Log, "warning: %s\n", w.Warning())
	}
}

// sameData returns an error if run.json names other data than run has. Its name and
// packing may differ. A run.json of an older version names no data.
func (r *Run) sameData(run lab.Run) error {
	if now := run.Identity(); r.Data.Known() && !now.Same(r.Data) {
		return fmt.Errorf("%s: %w", r.Dir, &lab.OtherDataError{Was: r.Data, Now: now})
	}
	return nil
}

// unopened returns the error of a run that could not be opened to be resumed: if its data
// differs from the checkpoint's, which can make networks of other sizes, the error says
// so.
func (r Run) unopened(err error) error {
	if !r.Data.Known() {
		return err
	}
	r.World.Saved = nil
	_, run, anew := r.open()
	if anew != nil {
		return err
	}
	defer run.Close()
	if other := r.sameData(run); other != nil {
		return other
	}
	return err
}
