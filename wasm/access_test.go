//go:build tools && !js

package wasm

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// axe returns what axe-core finds against WCAG 2.2 AA on the page as it is now,
// a line for each element; the stage's frame is looked at apart. On a phone the sticky
// bar may cover a part of a target, until the page is scrolled: one that seems too small
// is looked at again in the middle of the window.
func axe(t *testing.T, ctx context.Context) []string {
	t.Helper()
	source, err := os.ReadFile("../.tools/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v: make tools installs axe-core", err)
	}
	if !value[bool](t, ctx, "'axe' in globalThis") {
		expect(ctx, "^Applying inline style violates") // by axe-core
		value[bool](t, ctx, string(source)+"; true")
	}
	return value[[]string](t, ctx, `(async () => {
		const { violations } = await axe.run(document, {iframes: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]});
		const found = [], { scrollX, scrollY } = window;
		for (const v of violations) for (let n of v.nodes) {
			if (v.id === "target-size") {
				document.querySelector(n.target[0]).scrollIntoView({ block: "center" });
				const again = await axe.run(n.target[0], {iframes: false, runOnly: [v.id]});
				scrollTo(scrollX, scrollY);
				n = again.violations[0]?.nodes[0];
			}
			if (n) found.push(v.id + ": " + n.target.join(" ") + " " + n.failureSummary.replace(/\s+/g, " "));
		}
		return found;
	})()`)
}

// A look is a state of the page that axe-core looks at.
type look struct {
	name  string
	theme string // "" for the one before
	w, h  int64  // of the window, 0 for a usual one
	do    string // JavaScript that opens a dialog, which is closed again
}

// axe-core reports no violation in any state of the page.
func TestAxe(t *testing.T) {
	t.Parallel()
	base := site(t, nil)
	for name, c := range map[string]struct {
		hash  string
		looks []look
	}{
		"wgan": {"", []look{
			{name: "light", theme: "light"}, {name: "phone", w: 320, h: 700}, {name: "projector", w: 3840, h: 2160}, {name: "dark", theme: "dark"},
			{name: "lessons", do: "document.getElementById('open-lessons').click()"},
			{name: "share", do: "document.getElementById('open-share').click()"},
			{name: "comparing", do: "document.getElementById('compare').click()"},
			{name: "export", theme: "light", do: "document.getElementById('open-export').click()"},
			{name: "shortcuts", do: "document.getElementById('help').click()"},
			{name: "slow motion", do: "document.getElementById('slow').click()"},
		}},
		"choice":              {"&tab=categorical", []look{{name: "light", theme: "light"}, {name: "dark phone", theme: "dark", w: 390, h: 844}}},
		"vae":                 {"&tab=gumbel", []look{{name: "light", theme: "light"}, {name: "dark", theme: "dark"}}},
		"MNIST GAN":           {"&tab=mnist", []look{{name: "light", theme: "light"}, {name: "dark phone", theme: "dark", w: 320, h: 700}}},
		"completion":          {"&tab=sop", []look{{name: "light", theme: "light"}, {name: "slide", w: 1920, h: 1080}, {name: "dark", theme: "dark"}, {name: "dark phone", w: 320, h: 700}}},
		"few labels":          {"&tab=semi", []look{{name: "dark", theme: "dark"}, {name: "light", theme: "light"}, {name: "phone", w: 390, h: 844}}},
		"bits":                {"&tab=gumbel&classes=1&latents=40", []look{{theme: "light"}}},
		"Japanese":            {"&lang=ja", []look{{theme: "light"}}},
		"Japanese completion": {"&lang=ja&tab=sop", []look{{theme: "light"}}},
		"Japanese labels":     {"&lang=ja&tab=semi", []look{{theme: "light"}}},
		"compare":             {"&b=rule:clip", []look{{theme: "light"}}},
		"figure 1":            {"&p=figure-1a&width=16", []look{{theme: "dark"}}},
		"lesson":              {"&lesson=clip", []look{{theme: "light"}}},
		"own points":          {"&data=points", []look{{theme: "light"}}},
		"broken link":         {"&lambda=a&learning-rate=1e9", []look{{theme: "light"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hash := "/#v=1&autoplay=0" + c.hash
			if !strings.Contains(hash, "lang=") {
				hash += "&lang=en"
			}
			ctx := open(t, base+hash+"&theme="+c.looks[0].theme)
			wait(t, ctx, shown+" && !document.getElementById('play').disabled")
			for _, l := range c.looks {
				if l.theme != "" && value[bool](t, ctx, fmt.Sprintf("document.documentElement.dataset.theme !== %q", l.theme)) {
					click(t, ctx, "#theme")
				}
				if l.w == 0 {
					l.w, l.h = 1280, 800
				}
				do(t, ctx, chromedp.EmulateViewport(l.w, l.h))
				if l.do != "" {
					value[bool](t, ctx, "("+l.do+", true)")
				}
				rest(t, ctx)
				for _, line := range axe(t, ctx) {
					t.Errorf("%s: %s", l.name, line)
				}
				if over := value[float64](t, ctx, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
					t.Errorf("%s: the page is %v pixels wider than the window, by %s", l.name, over, value[string](t, ctx,
						"[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.tagName + '.' + e.className).slice(-8).join(' ')"))
				}
				keep(t, ctx, "axe-"+name+"-"+l.name)
				value[bool](t, ctx, "(document.querySelector('dialog[open]')?.close(), true)")
			}
		})
	}
}

// Nor in the embed, asleep or training with all its controls.
func TestAxeEmbed(t *testing.T) {
	t.Parallel()
	base := site(t, nil)
	for _, theme := range []string{"light", "dark"} {
		ctx := open(t, base+"/assets/embed.html#v=1&lang=en&controls=full&theme="+theme)
		wait(t, ctx, "document.getElementById('stage-box').dataset.state === 'asleep'")
		for _, line := range axe(t, ctx) {
			t.Errorf("%s, asleep: %s", theme, line)
		}
		click(t, ctx, "#play")
		wait(t, ctx, shown+" && document.querySelector('#form input')")
		pause(t, ctx)
		for _, line := range axe(t, ctx) {
			t.Errorf("%s: %s", theme, line)
		}
		keep(t, ctx, "axe-embed-"+theme)
	}
}

// Tab goes through all controls, the picture among them, and out of it again.
func TestTab(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, "document.getElementById('stage-box').dataset.backend === 'webgl'")
	value[bool](t, ctx, "(document.activeElement.blur(), true)")
	seen := map[string]bool{}
	left := false // the picture, after it was entered
	for range 150 {
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
		id := value[string](t, ctx, "document.activeElement.id || document.activeElement.dataset.layer || document.activeElement.tagName")
		if seen["stage"] && id != "stage" {
			left = true
		}
		seen[id] = true
	}
	if !left {
		t.Error("Tab does not leave the picture")
	}
	for _, id := range []string{"tab-wgan", "open-lessons", "open-share", "open-export", "language", "theme", "help", "play", "step", "step-critic", "step-generator", "slow", "reset", "new-seed", "compare", "speed", "stage", "timeline", "preset", "set-lambda"} {
		if !seen[id] {
			t.Errorf("Tab never reaches %s", id)
		}
	}
}
