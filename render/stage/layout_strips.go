package stage

import "math"

// A strip is columns of square images.
type strip struct{ columns []stripColumn }

type stripColumn struct {
	name   string
	k      int // which of those of its name
	places []rect
}

// placeStrips lays out rows digits on a stage of w by h CSS pixels, in a row each
// what is named: "given", "truth", "mean" and draws "samples". Where that is larger
// the rows stand in several blocks beside each other.
func placeStrips(w, h, scale float64, large bool, names []string, rows, draws int) (p strip, labels []Label) {
	text := textSize(w, h, large) * scale
	pad, head := .8*text, 1.7*text
	gap, apart := math.Max(1, math.Round(w*scale/400)), math.Round(.5*text)
	w, h = w*scale, h*scale
	count := func(name string) int {
		if name == "samples" {
			return draws
		}
		return 1
	}
	wide := 0
	for _, name := range names {
		wide += count(name)
	}
	if wide == 0 {
		return p, nil
	}
	inside := float64(wide-len(names))*gap + float64(len(names)-1)*apart // of a block
	fit := func() (side float64, blocks int) {
		side = math.Inf(-1)
		for b := 1; b <= rows; b++ {
			down := float64((rows + b - 1) / b)
			across := float64(b)
			now := math.Min((w-2*pad-across*inside-(across-1)*2*text)/(across*float64(wide)), (h-pad-head-(down-1)*gap)/down)
			if now > side*1.001 {
				side, blocks = now, b
			}
		}
		return side, blocks
	}
	side, blocks := fit()
	lift := 0. // raises every other name if they would overlap on one line
	if side < 2.8*text {
		lift = .65 * text
		head += 2 * lift
		side, blocks = fit()
	}
	side = math.Max(2, 2*math.Floor(side/2)) // whose half is whole
	down := (rows + blocks - 1) / blocks
	block, across := float64(wide)*side+inside, float64(blocks)
	left := math.Floor((w - across*block - (across-1)*2*text) / 2)
	top := math.Floor(head + math.Max(0, h-pad-head-float64(down)*side-float64(down-1)*gap)/2)
	next := math.Floor(block + 2*text)
	x := 0.
	for _, name := range names {
		n := count(name)
		span := float64(n)*side + float64(n-1)*gap
		for k := range n {
			c := stripColumn{name: name, k: k}
			for i := range rows {
				c.places = append(c.places, rect{left + float64(i/down)*next + x + float64(k)*(side+gap), top + float64(i%down)*(side+gap), side, side})
			}
			p.columns = append(p.columns, c)
		}
		for b := range blocks {
			labels = append(labels, Label{Text: name, Name: true, Anchor: "middle", X: (left + float64(b)*next + x + span/2) / scale, Y: (top - head/2 - lift) / scale, Size: text / scale})
		}
		lift = -lift
		x += span + apart
	}
	return p, labels
}
