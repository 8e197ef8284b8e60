//go:build tools && !js

package wasm

import (
	"fmt"
	"html"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"ganbel/core/lab"
)

// The poster of an embed shows its own run: for every preset of every experiment on the
// page, its recording if it has one, otherwise no run.
func TestPosters(t *testing.T) {
	t.Parallel()
	at := whole(t)
	tabs := map[string]string{"wgan-gp": "wgan", "wgan-mnist": "mnist", "gumbel-categorical": "categorical", "gumbel-vae": "gumbel", "gumbel-sop": "sop", "gumbel-semi": "semi"}
	type poster struct{ hash, of string } // of is "" for no run
	var all []poster
	for _, e := range lab.Experiments() {
		tab, ok := tabs[e.Name]
		if !ok {
			continue // the page does not show it
		}
		delete(tabs, e.Name)
		for _, p := range e.Presets {
			of := e.Name + "." + p.Name
			if _, err := os.Stat("../assets/built/tapes/" + of + ".tape"); err != nil {
				of = ""
			}
			all = append(all, poster{"tab=" + tab + "&preset=" + p.Name, of})
		}
	}
	if len(tabs) > 0 {
		t.Fatalf("there are no experiments %v", tabs)
	}
	presets := len(all)
	all = append(all,
		poster{"", "wgan-gp.live"}, poster{"p=clip&theme=dark&speed=3", "wgan-gp.clip"}, poster{"data=8gaussians&lambda=0.10", "wgan-gp.live"},
		poster{"data=25gaussians", ""}, poster{"preset=clip&seed=2", ""}, poster{"b=rule:clip", ""}, poster{"preset=figure-1a", ""},
		poster{"preset=../live", ""}, poster{"preset=constructor", ""}, poster{"tab=mnist&width=9", ""}, poster{"tab=none", "wgan-gp.live"},
	)
	text := `<body style="margin:0"><script src="` + at + `/assets/ganbel-lab.js"></script><div style="display:grid;grid-template-columns:repeat(6,1fr);gap:4px">`
	for i, p := range all {
		text += fmt.Sprintf(`<iframe id="f%d" style="width:100%%;height:150px;border:0" src="%s/assets/embed.html?controls=none&amp;lang=en#%s"></iframe>`, i, at, html.EscapeString(p.hash))
	}
	text += `<ganbel-lab id="lab" preset="clip" lang="en" controls="none" style="height:150px"></ganbel-lab></div>`
	ctx := watch(t, host(t, text))
	do(t, ctx, chromedp.EmulateViewport(1280, 1100))
	frame := func(i int) inside { return inside(fmt.Sprintf("document.getElementById('f%d')", i)) }
	lab := inside("document.getElementById('lab').shadowRoot.querySelector('iframe')")
	of := func(f inside) string { return "(" + f.doc() + "?.getElementById('poster')?.dataset.of ?? null)" }
	// print returns a picture's fingerprint: the poster, drawn small.
	print := func(f inside) string {
		t.Helper()
		return value[string](t, ctx, `(() => {
			const c = Object.assign(document.createElement('canvas'), {width: 48, height: 30}).getContext('2d', {willReadFrequently: true});
			c.drawImage(`+f.doc()+`.getElementById('poster'), 0, 0, 48, 30);
			return c.getImageData(0, 0, 48, 30).data.reduce((h, v) => (Math.imul(h, 31) + v) >>> 0, 7) + ' ' + `+f.doc()+`.getElementById('poster').alt;
		})()`)
	}
	wait(t, ctx, of(lab)+" === 'wgan-gp.clip'")
	for i, p := range all {
		if p.of != "" {
			wait(t, ctx, fmt.Sprintf("%s === %q", of(frame(i)), p.of))
		}
	}
	prints := map[string]string{} // the preset of each fingerprint
	for i, p := range all {
		f := frame(i)
		f.rests(t, ctx)
		if got := value[string](t, ctx, of(f)); got != p.of {
			t.Errorf("%s: its poster is of %q, want %q", p.hash, got, p.of)
			continue
		}
		if n := value[float64](t, ctx, f.workers()); n != 0 {
			t.Errorf("%s: for its poster it loads the trainer", p.hash)
		}
		wait(t, ctx, f.doc()+".getElementById('poster').naturalWidth > 0")
		if alt := value[string](t, ctx, f.doc()+".getElementById('poster').alt"); len(alt) < 20 {
			t.Errorf("%s: its poster is called %q", p.hash, alt)
		}
		if i >= presets && p.of != "" {
			continue // it has another theme, or the picture is shown already
		}
		look := print(f)
		if other, ok := prints[look]; ok && other != p.of {
			t.Errorf("%s: the poster of %q is that of %q", p.hash, p.of, other)
		}
		prints[look] = p.of
	}
	taped := map[string]bool{}
	for _, p := range all {
		taped[p.of] = true
	}
	if len(prints) != len(taped) {
		t.Errorf("there are %d posters of %d runs, with that of none", len(prints), len(taped))
	}
	keep(t, ctx, "posters")
}

// A poster does not outlive its run: once another preset or setting is chosen, it shows
// that run, or no run.
func TestPosterChanges(t *testing.T) {
	t.Parallel()
	at := whole(t)
	ctx := watch(t, host(t, fmt.Sprintf(`<body style="margin:0">
		<script>
			window.ask = (m) => new Promise((done) => {
				const id = Math.random();
				addEventListener('message', function hear({data}) { if (data.id === id) { removeEventListener('message', hear); done(data); } });
				embed.contentWindow.postMessage({ganbel: 1, id, ...m}, '*');
			});
		</script>
		<iframe id="embed" style="width:800px;height:500px;border:0;display:block" src="%s/assets/embed.html?lang=en&amp;theme=light&amp;controls=full"></iframe>`, at)))
	f := inside("document.getElementById('embed')")
	of := "(" + f.doc() + "?.getElementById('poster')?.dataset.of ?? null)"
	wait(t, ctx, of+" === 'wgan-gp.live'")
	f.rests(t, ctx)
	ask := func(m string) {
		t.Helper()
		wait(t, ctx, "ask("+m+").then((a) => a.ok)")
	}
	ask("{cmd: 'preset', preset: 'clip'}")
	wait(t, ctx, of+" === 'wgan-gp.clip'")
	ask("{cmd: 'set', name: 'data', value: '25gaussians'}")
	wait(t, ctx, of+" === ''")
	ask("{cmd: 'set', name: 'data', value: '8gaussians'}")
	wait(t, ctx, of+" === 'wgan-gp.clip'")
	wait(t, ctx, f.state()+" === 'shown'")
	ask("{cmd: 'step', n: 3}")
	wait(t, ctx, of+" === 'run'") // the run's own picture
	ask("{cmd: 'set', name: 'rule', value: 'none'}")
	wait(t, ctx, of+" === ''")
	ask("{cmd: 'preset', preset: 'figure-1a'}")
	wait(t, ctx, "ask({cmd: 'state'}).then((s) => s.preset === 'figure-1a')")
	wait(t, ctx, of+" === ''")
	// Its six runs are visible, each under its name.
	wait(t, ctx, "['A: ', 'B: ', 'C: ', 'D: ', 'E: ', 'F: '].every((name) => "+f.doc()+".getElementById('stage').contentDocument?.body.innerText.includes(name))")
	keep(t, ctx, "embed-figure1")
	ask("{cmd: 'preset', preset: 'live'}")
	wait(t, ctx, of+" === 'wgan-gp.live'")
}
