//go:build tools && !js

package wasm

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pointsSaid is JavaScript for the message about points over the picture.
const pointsSaid = "(document.querySelector('.points-hint')?.innerText ?? '')"

// drop drops a file, whose content JavaScript makes, onto an element.
func drop(t *testing.T, ctx context.Context, onto, name, js string) {
	t.Helper()
	value[bool](t, ctx, fmt.Sprintf(`(() => {
		const dataTransfer = new DataTransfer(), onto = document.querySelector(%q);
		dataTransfer.items.add(new File([%s], %q));
		onto.dispatchEvent(new DragEvent('dragover', {dataTransfer, bubbles: true, cancelable: true}));
		onto.dispatchEvent(new DragEvent('drop', {dataTransfer, bubbles: true, cancelable: true}));
		return true;
	})()`, onto, js, name))
}

// within is JavaScript, true if all of an element is in the window.
func within(css string) string {
	return fmt.Sprintf(`((e) => {
		const r = e?.getBoundingClientRect();
		return Boolean(r) && r.width > 0 && r.left >= 0 && r.top >= 0 && r.right <= innerWidth && r.bottom <= innerHeight;
	})(document.querySelector(%q))`, css)
}

// Hints about one's own points, and errors in their file, are in sight at every size of
// window.
func TestPointsHint(t *testing.T) {
	t.Parallel()
	at := site(t, nil)
	ctx := open(t, at+"/#v=1&lang=en&width=16&autoplay=0")
	for name, size := range map[string][2]int64{"laptop": {1280, 800}, "phone": {390, 844}, "small": {320, 640}} {
		do(t, ctx, chromedp.EmulateViewport(size[0], size[1]), chromedp.Navigate(at+"/?"+name+"#v=1&lang=en&width=16&autoplay=0"))
		wait(t, ctx, "document.getElementById('set-data')")
		value[bool](t, ctx, `((input) => {
			for (const box of document.querySelectorAll("#form details")) box.open = true;
			input.scrollIntoView({ block: "center" });
			input.value = "points";
			input.dispatchEvent(new Event("change", { bubbles: true }));
			return true;
		})(document.getElementById("set-data"))`)
		wait(t, ctx, pointsSaid+".startsWith('Draw on the picture')")
		wait(t, ctx, within(".points-hint"))
		keep(t, ctx, "points-hint-"+name)
		drop(t, ctx, "#stage-box", "bad.csv", `"x,y\n1,1\n2\n-1,1\nthree,3\n0,-1\n"`)
		wait(t, ctx, pointsSaid+`.startsWith('line 3: this has 1 of 2 values') && `+within("#points-do"))
		keep(t, ctx, "points-bad-"+name)
		if got := value[string](t, ctx, "document.getElementById('points-do').textContent"); got != "Skip the 2 bad rows (lines 3, 5)" {
			t.Errorf("%s: it offers %q", name, got)
		}
		click(t, ctx, "#points-do")
		wait(t, ctx, pointsSaid+".includes('3 points · 2 bad rows were skipped: lines 3, 5')")
		if got := value[string](t, ctx, "document.getElementById('points-text').value"); got != "1, 1\n-1, 1\n0, -1" {
			t.Errorf("%s: the points are %q", name, got)
		}
	}
}

// The page takes a sample of many rows, and shows far points, with contours and probe. A
// link holds the points and gives the same run, on the page and in an embed.
func TestPointsLink(t *testing.T) {
	t.Parallel()
	at := whole(t)
	ctx := open(t, at+"/#v=1&lang=en&data=points&width=16&batch=32&field=16&autoplay=0&theme=light")
	const hash = "location.hash"
	wait(t, ctx, drawnBy("webgl"))

	// The first half of the rows is on the left, the second on the right.
	drop(t, ctx, "#stage-box", "many.csv", `Array.from({ length: 100000 }, (_, i) => (i < 50000 ? "-1," : "1,") + (i % 100) / 100 + "\n").join("")`)
	wait(t, ctx, pointsSaid+".includes('5,000 points, a random sample of all 100,000')")
	left := value[float64](t, ctx, "document.getElementById('points-text').value.split('\\n').filter((row) => row.startsWith('-1')).length / 5000")
	if left < .45 || left > .55 {
		t.Errorf("%v of the sample are of the first half", left)
	}
	wait(t, ctx, hash+".includes('&points=5000')")
	click(t, ctx, "#open-share")
	wait(t, ctx, "document.querySelector('#share-list .notice')?.textContent.includes('no room for your 5,000 points')")
	keep(t, ctx, "points-share")
	if text := value[string](t, ctx, `new Promise((done) => {
		URL.createObjectURL = (blob) => (blob.text().then(done), "about:blank#");
		HTMLAnchorElement.prototype.click = () => {};
		document.getElementById("share-points").click();
	})`); strings.Count(text, "\n") != 5000 || !strings.HasPrefix(text, "-1, ") {
		t.Errorf("the file is %.40q", text)
	}
	value[bool](t, ctx, "(document.getElementById('share').close(), true)")

	// Far points.
	drop(t, ctx, "#points", "far.csv", `"50,-20\n48,-22\n-30,44\n0,0\n"`)
	wait(t, ctx, "document.getElementById('points-count').textContent === '4 points'")
	rest(t, ctx)
	n := stagePixels(t, ctx, shoot(t, ctx, "points-far"), near(0xe6, 0x9f, 0, 60), near(0, 0x72, 0xb2, 60))
	if n[0] < 100 || n[1] < 20 {
		t.Errorf("of far points %d orange pixels are seen, of generated ones %d blue ones", n[0], n[1])
	}
	value[bool](t, ctx, "(document.getElementById('stage').focus(), true)")
	for range 9 {
		value[bool](t, ctx, "document.getElementById('stage').contentWindow.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true, bubbles: true }))")
	}
	wait(t, ctx, `((x) => x > 50 && x < 70)(Number(/x \(([\d.]+),/.exec(document.getElementById("probe").textContent)?.[1]))`)

	// The link gives the same points and the same run.
	five := func() {
		t.Helper()
		for k := range 5 {
			click(t, ctx, "#step")
			wait(t, ctx, fmt.Sprintf("%s === %d", step, k+1))
		}
		rest(t, ctx)
	}
	drop(t, ctx, "#points", "link.csv", `Array.from({ length: 200 }, (_, i) => Math.cos(i) + "," + Math.sin(i) / 3 + "\n").join("")`)
	wait(t, ctx, hash+".includes('&points=200.')")
	five()
	link, w1 := value[string](t, ctx, hash), value[float64](t, ctx, metric("w1"))
	if n := len(at + "/assets/embed.html" + link); n > 2000 {
		t.Errorf("the link has %d characters", n)
	}
	texts := value[string](t, ctx, "document.getElementById('points-text').value")
	do(t, ctx, chromedp.Navigate(at+"/?again"+link))
	wait(t, ctx, drawnBy("webgl"))
	five()
	if got := value[float64](t, ctx, metric("w1")); got != w1 {
		t.Errorf("from the link W₁ is %v, want %v", got, w1)
	}
	if value[string](t, ctx, "document.getElementById('points-text').value") != texts || value[string](t, ctx, hash) != link {
		t.Error("the link gives other points")
	}

	// A link that arrives while the page is open.
	value[bool](t, ctx, fmt.Sprintf("(location.hash = %q, true)", strings.Replace(link, "points=200.", "points=201.", 1)))
	wait(t, ctx, "document.getElementById('notes').textContent.includes('cut or damaged')")
	wait(t, ctx, pointsSaid+".includes('cut or damaged') && "+within(".points-hint"))
	keep(t, ctx, "points-damaged")
	value[bool](t, ctx, "(location.hash = '#v=1&lang=en&data=points&width=16&autoplay=0&points=2.d0.AAEAAgADAAQ', true)")
	wait(t, ctx, "document.getElementById('points-text').value === '1, 2\\n3, 4'")
	click(t, ctx, "#step")
	wait(t, ctx, step+" === 1")
	for _, bad := range []string{"2.d0.AAEAAgAD", "toString", "__proto__", "<img src=x onerror=fail()>", strings.Repeat("A", 3000), "5000"} {
		do(t, ctx, chromedp.Navigate(at+"/?bad#v=1&lang=en&data=points&width=16&autoplay=0"), chromedp.Navigate(at+"/?bad#v=1&lang=en&data=points&width=16&autoplay=0&points="+strings.ReplaceAll(bad, " ", "%20")))
		want := "cut or damaged"
		if bad == "5000" {
			want = "lacks its 5,000 points"
		}
		wait(t, ctx, fmt.Sprintf("document.getElementById('notes').textContent.includes(%q)", want))
		click(t, ctx, "#step")
		wait(t, ctx, step+" > 0")
	}

	// Embeds.
	do(t, ctx, chromedp.Navigate(at+"/assets/embed.html"+link+"&autoplay=visible"))
	wait(t, ctx, "document.documentElement.dataset.playing === 'true' && document.getElementById('stage-box').dataset.state === 'shown'")
	if has := value[bool](t, ctx, "document.getElementById('notice') === null && new URLSearchParams(document.getElementById('lab').hash.slice(1)).get('points').startsWith('200.')"); !has {
		t.Error("the embed has no points")
	}
	do(t, ctx, chromedp.Navigate(at+"/assets/embed.html?cut#v=1&lang=en&data=points&width=16&points=2.d0.AAEAAg&autoplay=visible"))
	wait(t, ctx, "document.getElementById('notice')?.textContent.includes('cut or damaged') && document.documentElement.dataset.playing === 'true' && document.getElementById('stage-box').dataset.state === 'shown'")
	keep(t, ctx, "points-embed")
}
