//go:build tools && !js

package wasm

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

const (
	shown    = "document.getElementById('stage-box').dataset.state === 'shown'"
	playing  = "document.getElementById('play').getAttribute('aria-pressed') === 'true'"
	notes    = "document.getElementById('notes').innerText"
	timeline = "document.getElementById('timeline')"
)

// of is JavaScript for a read-out's number of one of several runs.
func of(name string, run int) string {
	return fmt.Sprintf(`Number(document.querySelector('[data-metric=%q][data-run="%d"]')?.dataset.value || NaN)`, name, run)
}

// Two runs that differ in one setting stand side by side: at step 0 they are the
// same, and then they part. Their difference can be drawn, and the link holds it.
func TestCompare(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('compare').disabled")
	click(t, ctx, "#compare")
	wait(t, ctx, "document.getElementById('compare-b')?.value === 'clip'")
	keep(t, ctx, "compare-dialog")
	click(t, ctx, "#compare-start")
	wait(t, ctx, step+" > 40")
	wait(t, ctx, of("slope-mean", 0)+" !== "+of("slope-mean", 1)+" && "+of("w1", 1)+" > 0")
	if hash := value[string](t, ctx, "new URLSearchParams(location.hash.slice(1)).get('b')"); hash != "rule:clip" {
		t.Errorf("the link holds b=%q", hash)
	}
	value[bool](t, ctx, "(document.querySelector('[data-layer=difference]').click(), true)")
	wait(t, ctx, "new URLSearchParams(location.hash.slice(1)).get('layers').split(',').includes('difference')")
	keep(t, ctx, "compare")
	// A link opens the comparison again.
	do(t, ctx, chromedp.Reload())
	wait(t, ctx, shown+" && Boolean(document.querySelector('[data-run=\"1\"]'))")
	click(t, ctx, "#play") // it began paused
	wait(t, ctx, step+" > 5")
	click(t, ctx, "#compare")
	click(t, ctx, "#compare-end")
	wait(t, ctx, "!document.querySelector('[data-run=\"1\"]') && "+step+" > 0")
}

// The timeline goes back to a checkpoint and on from there; a fork makes two
// runs of one.
func TestTimeline(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light")
	wait(t, ctx, live+" && document.querySelectorAll('.marks i').length > 4 && "+step+" > 60")
	before := value[float64](t, ctx, step)
	press := func(key string) {
		t.Helper()
		value[bool](t, ctx, fmt.Sprintf("(%s.dispatchEvent(new KeyboardEvent('keydown', {key: %q, bubbles: true, cancelable: true})), true)", timeline, key))
	}
	press("Home")
	wait(t, ctx, step+" === 0 && !("+playing+")")
	press("ArrowRight")
	press("ArrowRight")
	wait(t, ctx, step+" > 0")
	rest(t, ctx) // after the second, too
	at := value[float64](t, ctx, step)
	if at >= before {
		t.Fatalf("two checkpoints after the first is step %v of %v", at, before)
	}
	keep(t, ctx, "scrubbed")
	click(t, ctx, "#step")
	wait(t, ctx, fmt.Sprintf("%s === %v", step, at+1))
	click(t, ctx, "#fork")
	wait(t, ctx, "document.getElementById('compare-dialog').open")
	pick(t, ctx, "#compare-setting", "lambda")
	pick(t, ctx, "#compare-b", "10")
	click(t, ctx, "#compare-start")
	wait(t, ctx, fmt.Sprintf("%s > %v && %s > 0", step, at+20, of("w1", 1)))
	if got := value[string](t, ctx, notes); got != "" {
		t.Errorf("the fork says %q", got)
	}
	keep(t, ctx, "forked")
}

// Slow motion makes one critic step, stage by stage, with the numbers of it.
func TestSlowMotion(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('slow').disabled")
	click(t, ctx, "#slow")
	const said = "document.querySelector('#slow-box .label').textContent"
	for i := range 7 {
		wait(t, ctx, fmt.Sprintf("%s === 'Stage %d of 7'", said, i+1))
		now := value[string](t, ctx, "[...document.querySelectorAll('.term.now')].map((e) => e.dataset.term).join()")
		if want := []string{"", "fake", "fake,real", "at", "slope,at", "penalty", "loss"}[i]; now != want {
			t.Errorf("stage %d lights up %q, not %q", i+1, now, want)
		}
		keep(t, ctx, fmt.Sprintf("slow-%d", i+1))
		click(t, ctx, "#slow-next")
	}
	wait(t, ctx, said+" === 'Stage 1 of 7'")
	// The numbers are those of the step: L = fake - real + penalty.
	numbers := "Object.fromEntries([...document.querySelectorAll('.formula .term')].map((e) => [e.dataset.term, Number(e.querySelector(':scope > .number')?.textContent.replace('−', '-'))]))"
	if off := value[float64](t, ctx, "(() => { const n = "+numbers+"; return Math.abs(n.fake - n.real + n.penalty - n.loss) / Math.abs(n.loss); })()"); !(off < .05) {
		t.Errorf("the terms miss the loss by %v of it", off)
	}
	click(t, ctx, "#slow-end")
	wait(t, ctx, "document.getElementById('slow-box').hidden && "+step+" === 0")
	// The letters step one network.
	click(t, ctx, "#step-generator")
	rest(t, ctx)
	if got := value[string](t, ctx, notes); got != "" {
		t.Errorf("a generator step says %q", got)
	}
}

// A mode that is dragged moves the data, and a line drawn with Shift shows D
// along it.
func TestTools(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('slow').disabled")
	value[bool](t, ctx, "(document.querySelector('[data-layer=handles]').click(), true)")
	at := box(t, ctx)
	// The probe gives the place of the mode at (√2, 0) on the picture, from two places.
	const said = "document.getElementById('probe').textContent"
	const across = `Number((/^x \((−?[\d.]+)/.exec(` + said + `) ?? [])[1]?.replace('−', '-'))`
	x, y := at[0]+at[2]*.5, at[1]+at[3]*.5
	point := func(x float64) float64 {
		t.Helper()
		before := value[string](t, ctx, said)
		do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
		wait(t, ctx, fmt.Sprintf("%s !== %q && %s.startsWith('x')", said, before, said))
		return value[float64](t, ctx, across)
	}
	left, right := point(x), point(x+.25*at[2])
	x += .25 * at[2] * (math.Sqrt2 - left) / (right - left)
	point(x)
	if off := value[float64](t, ctx, `Number((/mode 1 ([\d.]+) away/.exec(`+said+`) ?? [])[1] ?? 9)`); !(off < .12) {
		t.Fatalf("pointing at the first mode the probe says %q", value[string](t, ctx, said))
	}
	drag := func(dx, dy float64, modifiers int64) {
		t.Helper()
		for i := range 9 {
			kind := input.DispatchMouseEventTypeMouseMoved
			switch i {
			case 0:
				kind = input.DispatchMouseEventTypeMousePressed
			case 8:
				kind = input.DispatchMouseEventTypeMouseReleased
			}
			f := float64(min(i, 7)) / 7
			do(t, ctx, chromedp.MouseEvent(kind, x+f*dx, y+f*dy, func(p *input.DispatchMouseEventParams) {
				p.Button, p.Buttons, p.ClickCount, p.Modifiers = input.MouseButtonLeft, 1, 1, modifiers
			}))
			value[bool](t, ctx, "frame()")
		}
	}
	keep(t, ctx, "grips")
	drag(-.1*at[2], .1*at[3], 0)
	do(t, ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x-.1*at[2]+3, y+.1*at[3]))
	wait(t, ctx, `Number((/mode 1 ([\d.]+) away/.exec(`+said+`) ?? [])[1] ?? 9) < .15`)
	keep(t, ctx, "grips-dragged")
	before := value[string](t, ctx, said)
	value[bool](t, ctx, `(() => {
		const stage = document.getElementById('stage').contentWindow;
		stage.dispatchEvent(new stage.KeyboardEvent('keydown', {key: 'ArrowUp', altKey: true}));
		return true;
	})()`)
	wait(t, ctx, fmt.Sprintf("%s !== %q && %s.includes('mode 1')", said, before, said))
	drag(-.3*at[2], 0, 8)
	wait(t, ctx, "Boolean(document.querySelector('[data-chart=slice]'))")
	keep(t, ctx, "slice")
	click(t, ctx, "#slice-clear")
	wait(t, ctx, "!document.querySelector('[data-chart=slice]')")
}

// Every lesson can be taken to its end: predict, run, see.
func TestLessons(t *testing.T) {
	t.Parallel()
	base := site(t, fstest.MapFS{"assets/page/lessons.js": shortLessons(t)})
	ctx := open(t, base+"/#v=1&lang=en&theme=light&autoplay=0&lesson=critic")
	const state = "document.getElementById('lesson').dataset.state"
	for i, id := range []string{"critic", "explode", "clip", "penalty", "ncritic", "collapse", "sheet", "loss", "gumbel", "temperature", "flip"} {
		wait(t, ctx, fmt.Sprintf("document.getElementById('lesson').dataset.lesson === %q && %s === 'asked'", id, state))
		for part := 0; ; part++ {
			wait(t, ctx, shown)
			click(t, ctx, "#lesson [data-answer='0']")
			if id == "flip" && part == 1 {
				wait(t, ctx, "Boolean(document.querySelector('#tools-of-tab [role=gridcell]:not([aria-selected=true])'))")
				value[bool](t, ctx, "(document.querySelector('#tools-of-tab [role=gridcell]:not([aria-selected=true])').click(), true)")
			}
			wait(t, ctx, state+" === 'revealed'")
			keep(t, ctx, fmt.Sprintf("lesson-%d-%d", i+1, part+1))
			next := value[string](t, ctx, "document.getElementById('lesson-next').innerText")
			click(t, ctx, "#lesson-next")
			if next != "Go on" {
				break
			}
			wait(t, ctx, state+" === 'asked'")
		}
	}
	wait(t, ctx, "document.getElementById('lesson').hidden")
}

// shortLessons are the lessons; those that wait for a step wait for a fifth of it.
func shortLessons(t *testing.T) *fstest.MapFile {
	t.Helper()
	b, err := os.ReadFile("../assets/page/lessons.js")
	if err != nil {
		t.Fatal(err)
	}
	waits := regexp.MustCompile(`until: \{ step: (\d+) \}`)
	if len(waits.FindAll(b, -1)) < 8 {
		t.Fatal("too few lessons wait for a step")
	}
	return &fstest.MapFile{Data: waits.ReplaceAllFunc(b, func(m []byte) []byte {
		n, _ := strconv.Atoi(string(waits.FindSubmatch(m)[1]))
		return fmt.Appendf(nil, "until: { step: %d }", n/5)
	})}
}

// Before anything is trained a recorded run can be scrubbed through, and trained
// on from where it is.
func TestRecorded(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	const tag = "document.querySelector('#timeline-box .tag').textContent"
	wait(t, ctx, shown+" && !document.getElementById('play').disabled && "+tag+" === 'recorded'")
	value[bool](t, ctx, fmt.Sprintf("(%s.dispatchEvent(new KeyboardEvent('keydown', {key: 'End', bubbles: true, cancelable: true})), true)", timeline))
	wait(t, ctx, step+" > 1000 && "+metric("modes")+" >= 6")
	last := value[float64](t, ctx, step)
	wait(t, ctx, "/^Step 2,400: /.test(document.getElementById('summary').textContent)")
	rest(t, ctx)
	n := stagePixels(t, ctx, shoot(t, ctx, "recorded"), near(0xE6, 0x9F, 0, 60), near(0, 0x72, 0xB2, 60))
	if n[0] < 100 || n[1] < 200 {
		t.Errorf("of the recorded run %d orange pixels and %d blue ones are drawn", n[0], n[1])
	}
	click(t, ctx, "#play")
	wait(t, ctx, fmt.Sprintf("%s > %v && %s === ''", step, last, tag))
	if w := value[float64](t, ctx, metric("w1")); !(w < .4) {
		t.Errorf("trained on from the end of the recorded run, W₁ is %v", w)
	}
}

// The VAE's panels: the schedule's shape is a setting, a drawn digit has a code, a
// class that is forced has a picture.
func TestPanels(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&tab=gumbel&lang=en&theme=light&autoplay=0")
	const tag = "document.querySelector('#timeline-box .tag').textContent"
	wait(t, ctx, shown+" && !document.getElementById('play').disabled && "+tag+" === 'recorded'")
	// Untrained networks draw all digits alike: it trains on from the end of the recorded run.
	value[bool](t, ctx, fmt.Sprintf("(%s.dispatchEvent(new KeyboardEvent('keydown', {key: 'End', bubbles: true, cancelable: true})), true)", timeline))
	wait(t, ctx, step+" > 500")
	last := value[float64](t, ctx, step)
	click(t, ctx, "#play")
	wait(t, ctx, fmt.Sprintf("%s > %v && %s === '' && %s > -165", step, last, tag, metric("elbo")))
	pause(t, ctx)
	value[bool](t, ctx, "(document.querySelector('.schedule input[value=constant]').click(), true)")
	wait(t, ctx, "document.getElementById('set-schedule').value === 'constant'")
	const drawn = "document.querySelector('.pad .drawn').toDataURL()"
	wait(t, ctx, "document.querySelector('.pad .drawn').width === 28")
	before := value[string](t, ctx, drawn)
	if covered := value[string](t, ctx, `(() => {
		const button = document.querySelector('.pad [data-pad=sample]');
		button.scrollIntoView({block: 'end'});
		const r = button.getBoundingClientRect(), top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
		return top === button ? '' : top.className || top.tagName;
	})()`); covered != "" {
		t.Fatalf("%s covers the pad's button", covered)
	}
	until(t, ctx, "another digit is drawn otherwise", func() bool { // two may have one code
		click(t, ctx, ".pad [data-pad=sample]")
		rest(t, ctx)
		return value[string](t, ctx, drawn) != before
	})
	const decoded = "document.querySelector('.code .pictures figure:last-child canvas').toDataURL()"
	was, forced := value[string](t, ctx, decoded), 0
	until(t, ctx, "a forced code is drawn otherwise", func() bool { // not all of it need be in use
		value[bool](t, ctx, fmt.Sprintf("(document.querySelectorAll('.code [role=row]')[%d].querySelector('[role=gridcell]:not([aria-selected=true])').click(), true)", forced))
		rest(t, ctx)
		forced++
		return forced >= 3 && value[string](t, ctx, decoded) != was
	})
	if n := value[float64](t, ctx, "document.querySelectorAll('.code .forced').length"); n < 3 {
		t.Errorf("after %d classes were forced %v are marked", forced, n)
	}
	keep(t, ctx, "panels")
}
