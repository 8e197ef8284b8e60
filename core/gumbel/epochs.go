package gumbel

import "ganbel/core/random"

// epochs deal out the indices of images in batches: all of them in an order that is
// new in every epoch; a last short batch is left out. What they deal is a function
// of the stream and the step.
type epochs struct {
	stream *random.Stream
	order  []int // of the present epoch
	epoch  int
}

func newEpochs(stream *random.Stream) epochs { return epochs{stream: stream, epoch: -1} }

// batch returns the indices of a step's batch of so many of n images, size of them
// where there are.
func (e *epochs) batch(step, n, size int) []int {
	each := max(n/size, 1)
	if now := step / each; now != e.epoch {
		e.stream.Seek(uint64(now) << 32)
		e.order, e.epoch = e.stream.Perm(n), now
	}
	at := step % each * size
	return e.order[at : at+size]
}
