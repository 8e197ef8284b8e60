//go:build tools && !js

package wasm

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// axe returns what axe-core finds against WCAG 2.2 AA on the page as it is now,
// a line for each element; the stage's frame is looked at apart.
func axe(t *testing.T, ctx context.Context) []string {
	t.Helper()
	source, err := os.ReadFile("../.tools/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v: make tools installs axe-core", err)
	}
	if !value[bool](t, ctx, "'axe' in globalThis") {
		value[bool](t, ctx, string(source)+"; true")
	}
	return value[[]string](t, ctx, `axe.run(document, {iframes: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then((found) => found.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" ") + " " + n.failureSummary.replace(/\s+/g, " "))))`)
}

// axe-core reports no violation in any state of the page.
func TestAxe(t *testing.T) {
	base := site(t, nil)
	for name, c := range map[string]struct {
		hash string
		do   string // JavaScript, before it is looked at
		w, h int64
	}{
		"wgan":                {hash: ""},
		"wgan, dark":          {hash: "&theme=dark"},
		"phone":               {w: 320, h: 700},
		"projector":           {w: 3840, h: 2160},
		"choice":              {hash: "&tab=categorical"},
		"choice, dark":        {hash: "&tab=categorical&theme=dark", w: 390, h: 844},
		"vae":                 {hash: "&tab=gumbel"},
		"vae, dark":           {hash: "&tab=gumbel&theme=dark"},
		"MNIST GAN":           {hash: "&tab=mnist"},
		"MNIST GAN, phone":    {hash: "&tab=mnist&theme=dark", w: 320, h: 700},
		"completion":          {hash: "&tab=sop"},
		"completion, dark":    {hash: "&tab=sop&theme=dark"},
		"completion, phone":   {hash: "&tab=sop&theme=dark", w: 320, h: 700},
		"few labels":          {hash: "&tab=semi"},
		"few labels, dark":    {hash: "&tab=semi&theme=dark"},
		"few labels, phone":   {hash: "&tab=semi", w: 390, h: 844},
		"bits":                {hash: "&tab=gumbel&classes=1&latents=40"},
		"slide":               {hash: "&tab=sop", w: 1920, h: 1080},
		"Japanese":            {hash: "&lang=ja"},
		"Japanese completion": {hash: "&lang=ja&tab=sop"},
		"Japanese labels":     {hash: "&lang=ja&tab=semi"},
		"compare":             {hash: "&b=rule:clip"},
		"figure 1":            {hash: "&p=fixed&b=figure1&width=16&theme=dark"},
		"lesson":              {hash: "&lesson=clip"},
		"slow motion":         {do: "document.getElementById('slow').click()"},
		"lessons":             {do: "document.getElementById('open-lessons').click()"},
		"share":               {do: "document.getElementById('open-share').click()", hash: "&theme=dark"},
		"export":              {do: "document.getElementById('open-export').click()"},
		"shortcuts":           {do: "document.getElementById('help').click()"},
		"own points":          {hash: "&data=points"},
		"comparing":           {do: "document.getElementById('compare').click()", hash: "&theme=dark"},
		"broken link":         {hash: "&lambda=a&width=1e9"},
	} {
		t.Run(name, func(t *testing.T) {
			hash := "/#v=1&autoplay=0" + c.hash
			if !strings.Contains(hash, "lang=") {
				hash += "&lang=en"
			}
			ctx := open(t, base+hash)
			if c.w > 0 {
				do(t, ctx, chromedp.EmulateViewport(c.w, c.h))
			}
			wait(t, ctx, 60*time.Second, "document.getElementById('stage-box').dataset.state === 'shown' && !document.getElementById('play').disabled")
			time.Sleep(500 * time.Millisecond)
			if c.do != "" {
				value[bool](t, ctx, "("+c.do+", true)")
				time.Sleep(700 * time.Millisecond)
			}
			for _, line := range axe(t, ctx) {
				t.Error(line)
			}
			if over := value[float64](t, ctx, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
				t.Errorf("the page is %v pixels wider than the window, by %s", over, value[string](t, ctx,
					"[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.tagName + '.' + e.className).slice(-8).join(' ')"))
			}
			shoot(t, ctx, "axe-"+name)
		})
	}
}

// Nor in the embed, asleep or training with all its controls.
func TestAxeEmbed(t *testing.T) {
	base := site(t, nil)
	for _, theme := range []string{"light", "dark"} {
		ctx := open(t, base+"/assets/embed.html#v=1&lang=en&controls=full&theme="+theme)
		wait(t, ctx, 60*time.Second, "document.getElementById('stage-box').dataset.state === 'asleep'")
		for _, line := range axe(t, ctx) {
			t.Errorf("%s, asleep: %s", theme, line)
		}
		click(t, ctx, "#play")
		wait(t, ctx, 60*time.Second, shown+" && document.querySelector('#form input')")
		click(t, ctx, "#play")
		time.Sleep(time.Second)
		for _, line := range axe(t, ctx) {
			t.Errorf("%s: %s", theme, line)
		}
		shoot(t, ctx, "axe-embed-"+theme)
	}
}

// Tab goes through all controls, the picture among them, and out of it again.
func TestTab(t *testing.T) {
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, 60*time.Second, "document.getElementById('stage-box').dataset.backend === 'webgl'")
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
