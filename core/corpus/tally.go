package corpus

import (
	"fmt"
	"sync"

	"ganbel/core/data"
)

// A tally counts the records read and those that were broken. Several goroutines
// may use it.
type tally struct {
	share float64 // of broken records that may pass

	mu        sync.Mutex
	read, bad int
	first     error
}

// add counts a record that was read, or could not be, for the reason err.
func (t *tally) add(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read++
	if err != nil {
		t.bad++
		if t.first == nil {
			t.first = err
		}
	}
}

func (t *tally) state() (bad int, first error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bad, t.first
}

// over returns an error where more of the records read are broken than may be. Of
// few records the share says little: they count as least.
func (t *tally) over(least int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bad == 0 || float64(t.bad) <= t.share*float64(max(t.read, least)) {
		return nil
	}
	return fmt.Errorf("%w: %s of %s records read so far are broken, more than a share of %g; mend the files, or let a greater share pass with --broken", t.first, data.Thousands(t.bad), data.Thousands(t.read), max(t.share, 0))
}
