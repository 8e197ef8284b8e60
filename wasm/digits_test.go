//go:build tools && !js

package wasm

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// scribble draws with the pointer on the pad, between shares of its width and height.
func scribble(t *testing.T, ctx context.Context, points ...[2]float64) {
	t.Helper()
	value[bool](t, ctx, "(document.querySelector('.pad .surface').scrollIntoView({block: 'center'}), true)")
	at := value[[]float64](t, ctx, "(() => { const r = document.querySelector('.pad .surface').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()")
	for i, p := range append(points, points[len(points)-1]) {
		kind := input.DispatchMouseEventTypeMouseMoved
		switch i {
		case 0:
			kind = input.DispatchMouseEventTypeMousePressed
		case len(points):
			kind = input.DispatchMouseEventTypeMouseReleased
		}
		do(t, ctx, chromedp.MouseEvent(kind, at[0]+p[0]*at[2], at[1]+p[1]*at[3], func(p *input.DispatchMouseEventParams) {
			p.Button, p.Buttons, p.ClickCount = input.MouseButtonLeft, 1, 1
		}))
	}
}

// ink is JavaScript for how much ink there is on a canvas, in some of its 28 rows.
func ink(css string, from, to int) string {
	return fmt.Sprintf(`(() => {
		const c = document.querySelector(%q);
		if (c?.width !== 28) return NaN;
		const { data } = c.getContext("2d").getImageData(0, %d, 28, %d);
		return data.reduce((sum, v, i) => sum + (i %% 4 === 3 ? v / 255 : 0), 0);
	})()`, css, from, to-from)
}

// bluish are the colours of what a network made, on light paper.
func bluish(r, _, b float64) bool { return b > r+50 }

// live is JavaScript, true once what is shown is trained here.
const live = "document.querySelector('#timeline-box .tag').textContent === '' && " + step + " > 20"

// Half a digit is completed while it trains: its lower half costs fewer and fewer
// nats, and what is drawn by hand or taken from the picture has completions at once.
func TestCompletion(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&tab=sop&lang=en&theme=light")
	wait(t, ctx, shown)
	wait(t, ctx, live+" && "+metric("nll")+" < 100 && "+metric("nll-mean")+" >= "+metric("nll"))
	t.Logf("NLL %v at step %v", value[float64](t, ctx, metric("nll")), value[float64](t, ctx, step))
	const first = ".pad .six canvas"
	wait(t, ctx, "document.querySelectorAll('"+first+"').length === 6 && "+ink(first, 14, 28)+" > 5")

	// Drawn while it trains: a vertical stroke, of which only the upper half is kept.
	before := value[float64](t, ctx, step)
	click(t, ctx, ".pad [data-pad=clear]")
	wait(t, ctx, ink(first, 0, 14)+" === 0")
	scribble(t, ctx, [2]float64{.5, .1}, [2]float64{.5, .3}, [2]float64{.5, .9})
	wait(t, ctx, ink(first, 0, 14)+" > 15 && "+ink(first, 14, 28)+" > 5")
	if drawn, made := value[float64](t, ctx, ink(".pad .surface", 0, 14)), value[float64](t, ctx, ink(".pad .surface", 14, 28)); drawn < 15 || made < 5 {
		t.Errorf("on the pad there is ink %v above the line, and %v below it", drawn, made)
	}
	wait(t, ctx, fmt.Sprintf("%s > %v", step, before))
	pause(t, ctx)
	keep(t, ctx, "completion-drawn")

	// A row of the picture goes onto the pad.
	value[bool](t, ctx, "(document.querySelector('.stage').scrollIntoView({block: 'center'}), true)")
	at := box(t, ctx)
	was := value[string](t, ctx, "document.querySelector('.pad .surface').toDataURL()")
	do(t, ctx, chromedp.MouseClickXY(at[0]+.1*at[2], at[1]+.5*at[3]))
	wait(t, ctx, fmt.Sprintf("document.querySelector('.pad .surface').toDataURL() !== %q", was))
	rest(t, ctx)
	m := shoot(t, ctx, "completion")
	n := stagePixels(t, ctx, m, near(0x20, 0x26, 0x2e, 40), bluish)
	if n[0] < 2000 || n[1] < 2000 {
		t.Errorf("%d pixels of given ink and %d of made ink", n[0], n[1])
	}
	keepSizes(t, ctx, "completion")
}

// With a hundred labels it learns classes while it trains, and a digit drawn by hand
// or taken from the picture has chances and is redrawn in every class.
func TestFewLabels(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&tab=semi&lang=en&theme=light")
	wait(t, ctx, shown)
	keep(t, ctx, "labels-recorded")
	wait(t, ctx, live+" && "+metric("accuracy")+" > 45 && "+metric("elbo")+" > -230")
	t.Logf("accuracy %v %%, ELBO %v at step %v", value[float64](t, ctx, metric("accuracy")), value[float64](t, ctx, metric("elbo")), value[float64](t, ctx, step))
	const sum = "[...document.querySelectorAll('.pad .classes .bar')].reduce((sum, e) => sum + Number(e.style.getPropertyValue('--chance')), 0)"
	wait(t, ctx, "document.querySelectorAll('.pad .same canvas').length === 10 && "+ink(".pad .same canvas", 0, 28)+" > 10 && Math.abs("+sum+" - 1) < .01")

	// Drawn while it trains.
	before := value[float64](t, ctx, step)
	said := "[...document.querySelectorAll('.pad .classes output')].map((e) => e.textContent).join()"
	was := value[string](t, ctx, said)
	click(t, ctx, ".pad [data-pad=clear]")
	scribble(t, ctx, [2]float64{.55, .15}, [2]float64{.5, .5}, [2]float64{.45, .85})
	wait(t, ctx, fmt.Sprintf("%s !== %q && document.querySelectorAll('.pad .classes .chosen').length === 1 && document.querySelectorAll('.pad .same .chosen').length === 1", said, was))
	wait(t, ctx, fmt.Sprintf("%s > %v", step, before))
	pause(t, ctx)
	keep(t, ctx, "labels-drawn")

	value[bool](t, ctx, "(document.querySelector('.stage').scrollIntoView({block: 'center'}), true)")
	at := box(t, ctx)
	drawn := value[string](t, ctx, "document.querySelector('.pad .surface').toDataURL()")
	do(t, ctx, chromedp.MouseClickXY(at[0]+.07*at[2], at[1]+.5*at[3]))
	wait(t, ctx, fmt.Sprintf("document.querySelector('.pad .surface').toDataURL() !== %q", drawn))
	rest(t, ctx)
	m := shoot(t, ctx, "labels")
	n := stagePixels(t, ctx, m, near(0x20, 0x26, 0x2e, 40), bluish, near(0xe6, 0x9f, 0, 60))
	if n[0] < 1500 || n[1] < 1500 || n[2] < 50 {
		t.Errorf("%d pixels of given ink, %d of made ink and %d of rings", n[0], n[1], n[2])
	}
	keepSizes(t, ctx, "labels")
}

// Digits are generated while it trains: the negative critic loss of training digits and
// of held-out ones falls below its peak, and what lies between four samples is walked
// through, also from a sample of the picture. Beside a run with clipped weights stands
// the other's picture.
func TestGenerates(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&tab=mnist&lang=en&theme=light")
	wait(t, ctx, shown)
	keep(t, ctx, "mnist-recorded")
	wait(t, ctx, live+" && "+metric("estimate")+" > 1.5")
	peak, at := value[float64](t, ctx, metric("estimate")), value[float64](t, ctx, step)
	const walk = ".walk .map"
	wait(t, ctx, fmt.Sprintf("document.querySelector(%q).width === 196 && document.querySelector('.walk .here').width === 28", walk))

	// A step along the map by keys, and another corner from the picture.
	picture := func(css string) string { return fmt.Sprintf("document.querySelector(%q).toDataURL()", css) }
	value[bool](t, ctx, fmt.Sprintf("(document.querySelector(%q).focus(), true)", walk))
	was := value[string](t, ctx, picture(".walk .here"))
	for range 6 {
		do(t, ctx, chromedp.KeyEvent(kb.ArrowLeft))
	}
	wait(t, ctx, fmt.Sprintf("%s !== %q && document.querySelector('.walk [role=status]').textContent === '25 %% across, 50 %% down'", picture(".walk .here"), was))
	pause(t, ctx)
	was = value[string](t, ctx, picture(walk))
	value[bool](t, ctx, "(document.querySelector('.stage').scrollIntoView({block: 'center'}), true)")
	in := box(t, ctx)
	do(t, ctx, chromedp.MouseClickXY(in[0]+.4*in[2], in[1]+.4*in[3]))
	wait(t, ctx, fmt.Sprintf("%s !== %q", picture(walk), was))
	rest(t, ctx)
	m := shoot(t, ctx, "mnist")
	if n := stagePixels(t, ctx, m, near(0x20, 0x26, 0x2e, 40), bluish); n[0] < 1000 || n[1] < 2000 {
		t.Errorf("%d pixels of real digits and %d of generated ones", n[0], n[1])
	}
	click(t, ctx, "#play")
	wait(t, ctx, fmt.Sprintf("%s > %v + 30 && %s < .8 * %v", step, at, metric("estimate"), peak))
	t.Logf("the estimate was %.3g at step %v, and is %.3g at step %v; %v steps a second", peak, at, value[float64](t, ctx, metric("estimate")), value[float64](t, ctx, step), value[float64](t, ctx, "Number(document.getElementById('rate').dataset.rate)"))
	pause(t, ctx)
	keep(t, ctx, "mnist-live")
	keepSizes(t, ctx, "mnist")

	ctx = open(t, site(t, nil)+"/#v=1&tab=mnist&lang=ja&theme=dark&b=rule:clip")
	wait(t, ctx, shown+" && "+step+" > 10")
	pause(t, ctx)
	keep(t, ctx, "mnist-compared")
}

// From the end of the recorded run digits are generated on, and walked between.
func TestRecordedDigits(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&tab=mnist&lang=en&theme=dark&autoplay=0")
	const tag = "document.querySelector('#timeline-box .tag').textContent"
	wait(t, ctx, shown+" && !document.getElementById('play').disabled && "+tag+" === 'recorded'")
	value[bool](t, ctx, fmt.Sprintf("(%s.dispatchEvent(new KeyboardEvent('keydown', {key: 'End', bubbles: true, cancelable: true})), true)", timeline))
	wait(t, ctx, step+" > 500")
	last := value[float64](t, ctx, step)
	click(t, ctx, "#play")
	wait(t, ctx, fmt.Sprintf("%s > %v && %s === '' && %s > 0", step, last, tag, metric("slope-mean")))
	if e := value[float64](t, ctx, metric("estimate")); !(e < 3) {
		t.Errorf("trained on from the end of the recorded run, the critic's estimate is %v", e)
	}
	pause(t, ctx)
	wait(t, ctx, ink(".walk .here", 0, 28)+" > 20 && "+ink(".walk .here", 0, 28)+" < 250")
	keep(t, ctx, "mnist-between")
}

// All pictures stand in a frame of another page: a still one at first, then live, in
// either language.
func TestEmbedDigits(t *testing.T) {
	t.Parallel()
	base := site(t, nil)
	for tab, said := range map[string]string{"sop": "lower half costs", "semi": "% of test digits", "mnist": "negative critic loss"} {
		t.Run(tab, func(t *testing.T) {
			t.Parallel()
			ctx := open(t, base+"/assets/embed.html#v=1&lang=en&theme=light&controls=full&tab="+tab)
			do(t, ctx, chromedp.EmulateViewport(960, 540))
			wait(t, ctx, "document.getElementById('poster').naturalWidth > 0")
			rest(t, ctx)
			keep(t, ctx, "embed-"+tab+"-asleep")
			if alt := value[string](t, ctx, "document.getElementById('poster').alt"); len(alt) < 20 {
				t.Errorf("%s: the still picture is called %q", tab, alt)
			}
			click(t, ctx, "#play")
			wait(t, ctx, shown+fmt.Sprintf(" && document.getElementById('summary').textContent.includes(%q)", said))
			pause(t, ctx)
			for _, line := range axe(t, ctx) {
				t.Errorf("%s: %s", tab, line)
			}
			keep(t, ctx, "embed-"+tab)
			ctx = open(t, base+"/assets/embed.html#v=1&lang=ja&theme=dark&autoplay=visible&controls=none&tab="+tab)
			do(t, ctx, chromedp.EmulateViewport(1920, 1080))
			wait(t, ctx, shown+" && document.documentElement.dataset.playing === 'true'")
			keep(t, ctx, "embed-slide-"+tab)
		})
	}
}

// Where the code is of bits a click turns one over, alone, and another turns it back.
func TestBits(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&tab=gumbel&lang=en&theme=light&autoplay=0&classes=1&latents=40")
	const cells = "[...document.querySelectorAll('.code [role=gridcell]')]"
	const on = cells + ".map((e) => Number(e.getAttribute('aria-selected') === 'true'))"
	wait(t, ctx, shown+" && "+cells+".length === 40 && document.querySelector('.code .pictures figure:last-child canvas').width === 28")
	before := value[[]float64](t, ctx, on)
	decoded := "document.querySelector('.code .pictures figure:last-child canvas').toDataURL()"
	was := value[string](t, ctx, decoded)
	for i, want := range []float64{1 - before[7], before[7]} {
		value[bool](t, ctx, "("+cells+"[7].click(), true)")
		wait(t, ctx, "document.querySelectorAll('.code .cell[role=gridcell].forced').length === 1")
		after := value[[]float64](t, ctx, on)
		for k, v := range after {
			if k == 7 && v != want || k != 7 && v != before[k] {
				t.Errorf("after click %d bit %d is %v", i+1, k+1, v)
			}
		}
	}
	wait(t, ctx, fmt.Sprintf("%s !== %q", decoded, was))
	if label := value[string](t, ctx, cells+"[7].getAttribute('aria-label')"); !strings.HasPrefix(label, "bit 8, chance") || !strings.Contains(label, "forced") {
		t.Errorf("a bit is called %q", label)
	}
	click(t, ctx, ".code [data-code=free]")
	wait(t, ctx, "!document.querySelector('.code .cell[role=gridcell].forced')")
	keep(t, ctx, "bits")
}
