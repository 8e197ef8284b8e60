package stage

import "math"

// sampleContents says what there is to place of runs that generate images.
type sampleContents struct {
	fake, real           bool
	runs, samples, reals int // samples of each run
}

// samplePlaces is where the images of each run are, and the real ones.
type samplePlaces struct {
	fakes [][]rect
	reals []rect
}

// placeSamples lays out a stage of w by h CSS pixels at scale screen pixels each: a
// block of images to a run, and the real ones in two columns to their right or in two
// rows below, whichever makes all larger. Real ones alone are a block of their own.
func placeSamples(w, h, scale float64, large bool, c sampleContents, titles []string) (p samplePlaces, labels []Label) {
	text := textSize(w, h, large) * scale
	pad, head, apart := .8*text, 1.7*text, math.Round(1.2*text)
	gap := math.Max(1, math.Round(w*scale/400))
	w, h = w*scale, h*scale
	blocks, each := c.runs, c.samples
	strip := c.real // beside the blocks
	if !c.fake {
		blocks, each, strip = 1, c.reals, false
	}
	if !c.fake && !c.real {
		return p, nil
	}
	columns := math.Ceil(math.Sqrt(float64(each)))
	rows := math.Ceil(float64(each) / columns)
	side, across, below := largestImages(w, h, pad, head, gap, apart, blocks, columns, rows, strip)
	side = math.Max(2, math.Floor(side))
	down := math.Ceil(float64(blocks) / across)
	wide, high := columns*(side+gap)-gap, rows*(side+gap)-gap
	totalX, totalY := across*(wide+apart)-apart, down*(high+head)
	if strip && below {
		totalY += head + thick*(side+gap) - gap
	} else if strip {
		totalX += apart + thick*(side+gap) - gap
	}
	left, top := math.Floor((w-totalX)/2), math.Floor(math.Max(0, h-pad-totalY)/2+head)
	grid := func(n int, columns, x, y float64) (all []rect) {
		for i := range n {
			row := math.Floor(float64(i) / columns)
			all = append(all, rect{x + (float64(i)-row*columns)*(side+gap), y + row*(side+gap), side, side})
		}
		return all
	}
	label := func(l Label, x, y float64) {
		l.X, l.Y, l.Size = x/scale, (y-head/2)/scale, text/scale
		labels = append(labels, l)
	}
	next := func(i float64) float64 { return math.Floor(i * (high + head)) }
	if c.fake {
		for run := range blocks {
			row := math.Floor(float64(run) / across)
			x, y := left+(float64(run)-row*across)*(wide+apart), top+next(row)
			p.fakes = append(p.fakes, grid(each, columns, x, y))
			if blocks > 1 && run < len(titles) {
				label(Label{Text: titles[run], Title: true, Anchor: "middle", Width: wide / scale}, x+wide/2, y)
				labels[len(labels)-1].Size = titleSize(titles[run], text/scale, wide/scale, large)
			} else {
				label(Label{Text: "fake", Name: true, Mark: "diamond", Anchor: "left"}, x, y)
			}
		}
	}
	if c.real {
		x, y, columns := left, top, columns
		if strip && below {
			y, columns = top+next(down), math.Ceil(float64(c.reals)/thick)
		} else if strip {
			x, columns = left+across*(wide+apart), thick
		}
		p.reals = grid(c.reals, columns, x, y)
		label(Label{Text: "real", Name: true, Mark: "ring", Anchor: "left"}, x, y)
	}
	return p, labels
}

// thick is how many columns or rows of real images stand at the blocks' side or below.
const thick = 2

// largestImages returns the side of the images if so many blocks, each of so many columns and
// rows, are placed in the way that makes them largest: how many blocks are side by side,
// and whether the strip of real images, if there is one, is below them.
func largestImages(w, h, pad, head, gap, apart float64, blocks int, columns, rows float64, strip bool) (side, across float64, below bool) {
	side, across = math.Inf(-1), 1
	for n := range blocks {
		for _, low := range []bool{false, true} {
			a := float64(n + 1)
			down := math.Ceil(float64(blocks) / a)
			x, y, partsX, partsY := a*columns, down*rows, a, down
			if strip && low {
				y, partsY = y+thick, partsY+1
			} else if strip {
				x, partsX = x+thick, partsX+1
			}
			now := math.Min((w-2*pad-(x-partsX)*gap-(partsX-1)*apart)/x, (h-pad-partsY*head-(y-partsY)*gap)/y)
			if now > side*1.001 {
				side, across, below = now, a, low
			}
		}
	}
	return side, across, below
}
