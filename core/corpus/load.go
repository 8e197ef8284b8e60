package corpus

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"ganbel/core/data"
)

// probes is how many images are looked at to learn the shape of a set.
const probes = 16

// enough is how many records are read before a share of them is taken to be that
// of the whole set.
const enough = 1000

// load makes sources of what was found.
func (s *Set) load(f *found, o Options) error {
	if f.valid.size() == 0 {
		if err := f.holdOut(s.Name, o); err != nil {
			return err
		}
	}
	if len(f.classes) == 0 {
		f.train.labels, f.valid.labels = nil, nil
	}
	shape, err := probe(f.train, o)
	if err != nil {
		return err
	}
	if shape.channels == 1 && o.Channels == 0 && anyColour(f.valid, 0) {
		shape.channels = 3
	}
	if int64(shape.size()) > o.Memory/int64(f.train.size()+f.valid.size()) {
		train := &lazy{part: f.train, shape: shape, classes: len(f.classes), tally: s.broken}
		s.Train, s.Valid = train, &lazy{part: f.valid, shape: shape, classes: len(f.classes), tally: s.broken}
		s.identify(f, shape)
		train.identity = &s.identity
		return nil
	}
	done := counter(f.train.size()+f.valid.size(), o.Progress)
	train, valid := readAll(f.train, shape, s.broken, done), readAll(f.valid, shape, s.broken, done)
	if err := s.broken.over(0); err != nil {
		return err
	}
	if train.Count() == 0 || valid.Count() == 0 {
		_, first := s.broken.state()
		return fmt.Errorf("%s: %d images to train with and %d for validation can be read: expected some of each: %w", s.Name, train.Count(), valid.Count(), first)
	}
	s.Train, s.Valid = train, valid
	s.identify(f, shape)
	data.Belong(s.identity, train, valid)
	err = s.Close() // all is in memory
	s.closer = nil
	return err
}

// probe returns the shape that a set's images are to have, by its first images
// that can be read.
func probe(p part, o Options) (shape, error) {
	s := shape{rows: o.Side, cols: o.Side, channels: o.Channels, scale: o.Side > 0, window: o.Window, corner: o.Corner}
	if s.scale && s.channels > 0 {
		return s, nil
	}
	var first error
	good, channels := 0, 0
	for i := 0; i < p.size() && good < probes && (good > 0 || i < enough); i++ {
		c, err := p.picture(p.at(i))
		if err != nil {
			if first == nil {
				first = fmt.Errorf("%s: %w", p.name(p.at(i)), err)
			}
			continue
		}
		if good++; good == 1 && !s.scale {
			s.rows, s.cols = c.rows, c.cols
		}
		channels = max(channels, c.channels)
	}
	if good == 0 {
		return s, fmt.Errorf("%w; of %d records none can be read", first, min(p.size(), enough))
	}
	if s.channels == 0 {
		s.channels = channels
	}
	if s.channels == 1 && o.Channels == 0 && anyColour(p, probes) {
		s.channels = 3
	}
	return s, nil
}

// anyColour reports whether an image after the first ones has colours, by its header.
func anyColour(p part, from int) bool {
	heads, ok := p.records.(interface{ channels(i int) (int, error) })
	if !ok {
		return false // all are alike
	}
	var found atomic.Bool
	parallel(max(p.size()-from, 0), func(i int) {
		if !found.Load() {
			if n, err := heads.channels(p.at(from + i)); err == nil && n == 3 {
				found.Store(true)
			}
		}
	})
	return found.Load()
}

// one reads a record into dst. Its error names the record.
func (p part) one(dst []uint8, record int, s shape) error {
	c, err := p.picture(record)
	if err == nil {
		err = s.fit(dst, c)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", p.name(record), err)
	}
	return nil
}

// counter returns what is to be called after each of all images, and tells
// progress from time to time.
func counter(all int, progress func(done, all int)) func() {
	var mu sync.Mutex
	done := 0
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if done++; progress != nil && (done%100 == 0 || done == all) {
			progress(done, all)
		}
	}
}

// readAll decodes a part on all cores and calls done after each image. What is
// broken it counts and leaves out.
func readAll(p part, s shape, t *tally, done func()) *data.Images {
	n, size := p.size(), s.size()
	if x, ok := p.records.(*idx); ok && p.order == nil && x.fits(s) { // as they are, without a copy
		for range n {
			t.add(nil)
			done()
		}
		m := *x.Images
		m.Labels = p.labels
		return &m
	}
	pixels := make([]uint8, n*size)
	bad := make([]error, n)
	parallel(n, func(i int) {
		bad[i] = p.one(pixels[i*size:(i+1)*size], p.at(i), s)
		done()
	})
	m := &data.Images{Rows: s.rows, Cols: s.cols, Channels: s.channels}
	k := 0
	for i, err := range bad {
		t.add(err)
		if err != nil {
			continue
		}
		copy(pixels[k*size:(k+1)*size], pixels[i*size:(i+1)*size])
		if p.labels != nil {
			m.Labels = append(m.Labels, p.labels[p.at(i)])
		}
		k++
	}
	m.Pixels = pixels[:k*size]
	return m
}

// parallel calls do for the numbers below n, on all cores.
func parallel(n int, do func(i int)) {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// A lazy source reads the images of each batch from their files. In the place of a
// broken one it gives the next good one, of the same class where there are
// classes.
type lazy struct {
	part
	shape
	classes int
	*tally
	identity *data.Identity // of the whole set; nil for the validation images
	known    sync.Map       // places of records found to be broken

	pixels []uint8 // of a batch
	err    error
}

func (l *lazy) Shape() (rows, cols, channels int) { return l.rows, l.cols, l.channels }
func (l *lazy) Count() int                        { return l.part.size() }
func (l *lazy) Classes() int                      { return l.classes }
func (l *lazy) Label(i int) int                   { return int(l.labels[l.at(i)]) }
func (l *lazy) Err() error                        { return l.err }

// Fill is for one goroutine; it decodes on all cores.
func (l *lazy) Fill(dst []float32, index []int) {
	size := l.shape.size()
	dst = dst[: len(index)*size : len(dst)]
	if l.err != nil {
		clear(dst)
		return
	}
	l.pixels = slices.Grow(l.pixels[:0], len(dst))[:len(dst)]
	failed := make([]error, len(index))
	parallel(len(index), func(k int) {
		pixels := l.pixels[k*size : (k+1)*size]
		if failed[k] = l.good(pixels, index[k]); failed[k] != nil {
			clear(pixels)
		}
	})
	for i, p := range l.pixels {
		dst[i] = float32(p) / 255
	}
	for _, err := range failed {
		if err != nil {
			l.err = err
			return
		}
	}
}

// good reads image i, or the next that can be read in its place.
func (l *lazy) good(dst []uint8, i int) error {
	n := l.Count()
	for k := range n {
		j := (i + k) % n
		if l.classes > 0 && l.Label(j) != l.Label(i) {
			continue
		}
		if _, bad := l.known.Load(j); bad {
			continue
		}
		err := l.one(dst, l.at(j), l.shape)
		if err != nil {
			if _, bad := l.known.LoadOrStore(j, true); bad {
				continue // another goroutine has counted it
			}
		}
		l.add(err)
		if err == nil {
			return nil
		}
		if err := l.over(min(n, enough)); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: can't be read, nor can any record in its place", l.name(l.at(i)))
}
