//go:build tools && !js

package wasm

import (
	"context"
	_ "embed"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

//go:embed testdata/legible.js
var legibleSource string

// leastLarge is the size of the smallest letters of type=large, in pixels.
const leastLarge = 18

// openLegible opens a page with the script that checks its letters.
func openLegible(t *testing.T, url string) context.Context {
	t.Helper()
	ctx := window(t, watching+unkept+legibleSource)
	do(t, ctx, chromedp.Navigate(url))
	return ctx
}

// legible reports all texts that are hard to read on a page of some size.
func legible(t *testing.T, ctx context.Context, name string, w, h int64) {
	t.Helper()
	do(t, ctx, chromedp.EmulateViewport(w, h))
	rest(t, ctx)
	least := 0
	if value[bool](t, ctx, "document.documentElement.dataset.type === 'large'") {
		least = leastLarge
	}
	name = fmt.Sprintf("%s, %d by %d", name, w, h)
	for _, line := range value[[]string](t, ctx, fmt.Sprintf("legible(%d)", least)) {
		t.Errorf("%s: %s", name, line)
	}
	keep(t, ctx, name)
}

// With type=large no letter of page, charts, legends and pictures is smaller than 18
// pixels. With either type nothing is cut or overlaps, in both languages, from a small
// phone to a large screen.
func TestLegible(t *testing.T) {
	t.Parallel()
	base := site(t, nil)
	all := [][2]int64{{320, 700}, {390, 844}, {768, 1024}, {1366, 768}, {1920, 1080}, {2560, 1440}}
	for _, lang := range []string{"en", "ja"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			ctx := openLegible(t, base+"/#v=1&theme=light&type=large&autoplay=0&lang="+lang)
			for _, tab := range []string{"wgan", "mnist", "categorical", "gumbel", "sop", "semi"} {
				click(t, ctx, "#tab-"+tab)
				wait(t, ctx, shown+" && !document.getElementById('play').disabled")
				click(t, ctx, "#step")
				wait(t, ctx, step+" >= 1")
				for _, size := range all {
					legible(t, ctx, "large "+lang+" "+tab, size[0], size[1])
				}
				click(t, ctx, "#type")
				for _, size := range all {
					legible(t, ctx, "usual "+lang+" "+tab, size[0], size[1])
				}
				click(t, ctx, "#type")
			}
			// Dialogs and panels that open, in large letters.
			click(t, ctx, "#tab-wgan")
			for _, c := range []struct{ name, do string }{
				{"lessons", "document.getElementById('open-lessons').click()"},
				{"share", "document.getElementById('open-share').click()"},
				{"comparing", "document.getElementById('compare').click()"},
				{"export", "document.getElementById('open-export').click()"},
				{"shortcuts", "document.getElementById('help').click()"},
				{"slow motion", "document.getElementById('slow').click()"},
				{"all layers", "document.querySelector('.more').open = true"},
				{"lesson", "document.querySelector('#lessons-list [data-lesson=clip]').click()"},
			} {
				value[bool](t, ctx, "("+c.do+", true)")
				wait(t, ctx, shown)
				for _, size := range [][2]int64{{320, 700}, {1366, 768}} {
					legible(t, ctx, "large "+lang+" "+c.name, size[0], size[1])
				}
				value[bool](t, ctx, "(document.querySelector('dialog[open]')?.close(), true)")
			}
		})
	}
}

// The same in an embed, at its usual sizes and on a whole slide.
func TestLegibleEmbed(t *testing.T) {
	t.Parallel()
	base := site(t, nil)
	for _, lang := range []string{"en", "ja"} {
		ctx := openLegible(t, base+"/assets/embed.html#v=1&theme=light&type=large&controls=full&autoplay=visible&lang="+lang)
		wait(t, ctx, shown+" && document.documentElement.dataset.playing === 'true' && /[1-9]/.test(document.getElementById('summary').textContent)")
		pause(t, ctx)
		for _, size := range [][2]int64{{320, 240}, {480, 300}, {800, 500}, {960, 700}, {1920, 1080}} {
			legible(t, ctx, "large embed "+lang, size[0], size[1])
		}
		// What is said from a slide is large for the back row: a line in fifty of the slide.
		if size := value[float64](t, ctx, "parseFloat(getComputedStyle(document.getElementById('summary')).fontSize)"); size < 1080./50 {
			t.Errorf("on a slide of 1080 lines the summary has letters of %v pixels", size)
		}
	}
}

// The button keeps the size of letters in the link and, for links without a type, for the
// next visit. It also works in a browser that stores nothing.
func TestType(t *testing.T) {
	t.Parallel()
	base := site(t, nil)
	ctx := open(t, base+"/#v=1&lang=en&autoplay=0")
	wait(t, ctx, shown)
	const size = "parseFloat(getComputedStyle(document.querySelector('.legend')).fontSize)"
	usual := value[float64](t, ctx, size)
	click(t, ctx, "#type")
	wait(t, ctx, "/&type=large/.test(location.hash) && document.getElementById('type').getAttribute('aria-pressed') === 'true'")
	if large := value[float64](t, ctx, size); usual >= leastLarge || large < leastLarge {
		t.Errorf("the legends have letters of %v and %v pixels", usual, large)
	}
	do(t, ctx, chromedp.Navigate(base+"/?again#v=1&lang=en&autoplay=0"))
	wait(t, ctx, shown+" && document.documentElement.dataset.type === 'large'")
	value[bool](t, ctx, "(Storage.prototype.setItem = () => { throw new DOMException('it is full', 'QuotaExceededError'); }, true)")
	click(t, ctx, "#type")
	wait(t, ctx, "!/type=/.test(location.hash) && "+size+fmt.Sprintf(" === %v", usual))
	// A link that arrives while the page is open changes it, too.
	value[bool](t, ctx, "(location.hash += '&type=large', true)")
	wait(t, ctx, size+fmt.Sprintf(" >= %d", leastLarge))
}

// On a laptop the whole picture is visible at once, with its controls, and takes more
// than a third of the window.
func TestPictureSize(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&autoplay=0")
	wait(t, ctx, drawnBy("webgl"))
	for _, size := range [][2]int64{{1366, 768}, {1440, 900}, {1920, 1080}} {
		do(t, ctx, chromedp.EmulateViewport(size[0], size[1]))
		rest(t, ctx)
		at := box(t, ctx)
		share := at[2] * at[3] / float64(size[0]*size[1])
		// The plot's numbers are below it and to its left.
		plot := value[float64](t, ctx, `(() => {
			const spans = [...document.getElementById('stage').contentDocument.querySelectorAll('#labels .middle:not(.name)')].map((e) => e.getBoundingClientRect());
			const xs = spans.map((r) => (r.left + r.right) / 2);
			return Math.max(...xs) - Math.min(...xs);
		})()`)
		t.Logf("%v: the picture is %.0f by %.0f, %.1f %% of the window, the plot %.0f wide, %.1f %%", size, at[2], at[3], 100*share, plot, 100*plot*plot/float64(size[0]*size[1]))
		if share < .34 {
			t.Errorf("%v: the picture takes %.1f %% of the window", size, 100*share)
		}
		if plot < .88*min(at[2], at[3]) {
			t.Errorf("%v: the plot is %v wide in a picture of %v by %v", size, plot, at[2], at[3])
		}
		if low := value[float64](t, ctx, "Math.max(...['stage-box', 'timeline-box', 'summary'].map((id) => document.getElementById(id).getBoundingClientRect().bottom))"); low > float64(size[1]) {
			t.Errorf("%v: the picture with what belongs to it reaches to %v", size, low)
		}
	}
}

// On a phone all buttons are visible and a finger wide, and the picture stays in sight
// above a lesson.
func TestPhone(t *testing.T) {
	t.Parallel()
	base := site(t, nil)
	for _, kind := range []string{"usual", "large"} {
		for _, lang := range []string{"en", "ja"} {
			ctx := open(t, base+"/#v=1&autoplay=0&lang="+lang+"&type="+kind)
			wait(t, ctx, shown+" && !document.getElementById('play').disabled")
			for _, size := range [][2]int64{{390, 844}, {320, 700}} {
				name := fmt.Sprintf("%s %s %v", kind, lang, size)
				do(t, ctx, chromedp.EmulateViewport(size[0], size[1]))
				rest(t, ctx)
				if bad := value[string](t, ctx, `['help', 'theme', 'type', 'language', 'open-lessons', 'play', 'step', 'step-critic', 'step-generator', 'slow', 'reset', 'new-seed', 'compare'].filter((id) => {
					const e = document.getElementById(id), r = e.getBoundingClientRect();
					return r.width < 43.9 || r.height < 43.9 || r.left < 0 || r.right > innerWidth || r.top < 0 || r.bottom > innerHeight
						|| !e.contains(document.elementFromPoint((r.left + r.right) / 2, (r.top + r.bottom) / 2));
				}).join()`); bad != "" {
					t.Errorf("%s: a finger does not hit %s", name, bad)
				}
				if at := box(t, ctx); at[1] < 0 || at[3] < 250 || at[1]+at[3] > float64(size[1]) {
					t.Errorf("%s: the picture is at %v", name, at)
				}
				value[bool](t, ctx, "(document.querySelector('#lessons-list [data-lesson=clip]').click(), true)")
				wait(t, ctx, shown+" && !document.getElementById('lesson').hidden")
				rest(t, ctx)
				keep(t, ctx, "lesson "+name)
				const lies = `(() => {
					const [stage, card, bar] = ['#stage-box', '#lesson', '.transport'].map((css) => document.querySelector(css).getBoundingClientRect());
					return [stage.top, stage.bottom, card.top, bar.top, stage.height];
				})()`
				at := value[[]float64](t, ctx, lies)
				if at[0] < -1 || at[4] < 200 || at[1] > at[2]+1 || at[3]-at[2] < 150 {
					t.Errorf("%s: the picture reaches from %v to %v, the lesson begins at %v and the bar at %v", name, at[0], at[1], at[2], at[3])
				}
				value[bool](t, ctx, "(document.querySelector('.answers button:last-child').scrollIntoView({block: 'nearest'}), true)")
				rest(t, ctx)
				if bad := value[string](t, ctx, `(() => {
					const e = document.querySelector('.answers button:last-child'), r = e.getBoundingClientRect();
					const top = document.elementFromPoint((r.left + r.right) / 2, (r.top + r.bottom) / 2);
					return e.contains(top) ? '' : top?.id || top?.className || 'nothing';
				})()`); bad != "" {
					t.Errorf("%s: %s covers the last answer", name, bad)
				}
				if at := value[[]float64](t, ctx, lies); at[0] < -1 || at[1] > at[3] {
					t.Errorf("%s: at the last answer the picture reaches from %v to %v", name, at[0], at[1])
				}
				value[bool](t, ctx, "(document.getElementById('lesson-leave').click(), scrollTo(0, 0), true)")
				rest(t, ctx)
			}
		}
	}
}
