package data

import "ganbel/core/random"

// Epochs deal out the indices of examples in batches: all of them in an order that is
// new in every epoch; a last short batch is left out. What they deal is a function
// of the stream and the step.
type Epochs struct {
	stream *random.Stream
	order  []int // of the present epoch
	epoch  int
}

// NewEpochs returns epochs whose orders are drawn from the stream.
func NewEpochs(stream *random.Stream) Epochs { return Epochs{stream: stream, epoch: -1} }

// Batch returns the indices of a step's batch of so many of n examples, size of them
// where there are. They are valid until the next epoch.
func (e *Epochs) Batch(step, n, size int) []int {
	each := max(n/size, 1)
	if now := step / each; now != e.epoch {
		e.stream.Seek(uint64(now) << 32)
		e.order, e.epoch = e.stream.Perm(n), now
	}
	at := step % each * size
	return e.order[at : at+size]
}
