package record

import (
	"bytes"
	"compress/flate"
	"math"
	"slices"
	"strconv"

	"ganbel/core/data"
)

// A track says how one tensor of a frame is kept. Tensors without a track are
// left out; so are tensors that are missing in some frames, except those missing only in
// the first: before a run trains it lacks the results of a step.
type track struct {
	levels int     // numbers are rounded to 0 … levels between the least and the greatest; 0 keeps them as they are
	rows   int     // of the first dimension so many are kept; 0 for all
	reach  float64 // numbers are held within ±reach views; 0 lets them
	even   bool    // one range holds for all frames, so that what stands still is the same number
	log    bool    // rounded on a logarithmic scale, over four decades at most
	sorted bool    // the order means nothing
}

// tracks are the tensors that a tape may hold, by name. Beyond the first few,
// more levels are seen by nobody but make the tape longer.
var tracks = map[string]track{
	"real": {levels: 1023, rows: 256, reach: 1.25, even: true}, "fake": {levels: 1023, rows: 256, reach: 1.25, even: true},
	"critic": {levels: 511}, "slope": {levels: 63, log: true},
	"warp": {levels: 255, reach: 1.5, even: true}, "slopes": {levels: 255, rows: 128, sorted: true},
	"modes": {}, "view": {}, "terms": {}, "weights": {levels: 255}, "weights-range": {}, "layers": {},

	"digits": {levels: 15}, "reconstructions": {levels: 15, even: true}, "prior": {levels: 15, rows: 16, even: true},
	"code": {levels: 255, even: true}, "simplex": {levels: 255, rows: 256, even: true},
	"usage": {levels: 255, even: true}, "chances": {}, "temperature": {}, "bits": {},

	"mean": {levels: 15, even: true}, "completions": {levels: 15, even: true},
	"labels": {}, "classes": {levels: 255, even: true}, "analogies": {levels: 15, even: true},

	"samples": images,
}

// images is the track of images of any number of channels, also of real ones.
var images = track{levels: 7, rows: 64, even: true}

// trackOf returns the track of a frame's tensor, and whether it has one.
func trackOf(name string, t data.Tensor) (track, bool) {
	if name == "real" && len(t.Shape) == 4 {
		return images, true
	}
	k, ok := tracks[name]
	return k, ok
}

// cut returns what a track keeps of a tensor, not yet rounded.
func (k track) cut(t data.Tensor, view float64) data.Tensor {
	t = data.Tensor{Shape: slices.Clone(t.Shape), Data: slices.Clone(t.Data)}
	if k.rows > 0 && t.Shape[0] > k.rows {
		t.Data, t.Shape[0] = t.Data[:len(t.Data)/t.Shape[0]*k.rows], k.rows
	}
	if k.reach > 0 {
		most := float32(k.reach * view)
		for i, v := range t.Data {
			t.Data[i] = min(max(v, -most), most)
		}
	}
	if k.sorted {
		slices.Sort(t.Data)
	}
	return t
}

// round returns the frames of one tensor rounded: the range of each, the bytes,
// and how each was guessed.
func (k track) round(all []data.Tensor) (ranges data.Tensor, b []byte, ways string) {
	ranges.Shape = []int{len(all), 2}
	for _, v := range all {
		low, high := slices.Min(v.Data), slices.Max(v.Data)
		if k.log {
			low = max(low, high/1e4, math.SmallestNonzeroFloat32)
		}
		ranges.Data = append(ranges.Data, low, max(high, low))
	}
	if k.even {
		low, high := slices.Min(ranges.Data), slices.Max(ranges.Data)
		for i := range all {
			ranges.Data[2*i], ranges.Data[2*i+1] = low, high
		}
	}
	n := len(all[0].Data)
	before, now := make([]uint16, n), make([]uint16, n)
	var high []byte
	for f, v := range all {
		low, most := float64(ranges.Data[2*f]), float64(ranges.Data[2*f+1])
		for i, x := range v.Data {
			at := (float64(x) - low) / (most - low)
			if k.log {
				at = math.Log(max(float64(x), low)/low) / math.Log(most/low)
			}
			if !(at >= 0) { // the range is one number, or what is kept is none
				at = 0
			}
			now[i] = uint16(math.Round(min(at, 1) * float64(k.levels)))
		}
		// The way that packs best.
		var least []byte
		best, size := 0, math.MaxInt
		for way := range len(guesses) {
			if f == 0 && way >= 2 {
				break
			}
			planes := k.differences(now, before, v.Shape, way)
			if packed := pack(planes); packed < size {
				best, size, least = way, packed, planes
			}
		}
		ways += strconv.Itoa(best)
		b, high = append(b, least[:n]...), append(high, least[n:]...)
		before, now = now, before
	}
	return ranges, append(b, high...), ways
}

// guesses are the ways in which a number of a frame is guessed from its
// neighbours: nothing, the plane through those to its left and above (with 0
// outside), the same place in the frame before, and that with the plane through
// what changed there. A row is as long as the last dimension that is not 1.
var guesses = [4]struct{ plane, before bool }{{false, false}, {true, false}, {false, true}, {true, true}}

// differences returns how far the numbers are from their guesses: all low bytes,
// then where there are more than 255 levels all high ones.
func (k track) differences(now, before []uint16, shape []int, way int) []byte {
	for len(shape) > 1 && shape[len(shape)-1] == 1 { // images of one channel
		shape = shape[:len(shape)-1]
	}
	g, width := guesses[way], shape[len(shape)-1]
	height := len(now) / width
	if len(shape) > 1 {
		height = shape[len(shape)-2]
	}
	part := func(i int) uint16 {
		if g.before {
			return now[i] - before[i]
		}
		return now[i]
	}
	low, high := make([]byte, len(now)), []byte(nil)
	for i := range now {
		d := part(i)
		if g.plane {
			left, up := i%width > 0, i/width%height > 0
			if left {
				d -= part(i - 1)
			}
			if up {
				d -= part(i - width)
			}
			if left && up {
				d += part(i - width - 1)
			}
		}
		low[i] = byte(d)
		if k.levels > 255 {
			high = append(high, byte(d>>8))
		}
	}
	return append(low, high...)
}

// pack returns how many bytes b packs into.
func pack(b []byte) int {
	var w bytes.Buffer
	z, err := flate.NewWriter(&w, flate.BestCompression)
	if err != nil {
		panic(err) // the level is one
	}
	z.Write(b) // a buffer takes all
	z.Close()
	return w.Len()
}
