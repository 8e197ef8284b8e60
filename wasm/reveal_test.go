//go:build tools && !js

package wasm

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ganbel/serve"
)

// example serves the working tree as "make run" does, with some files replaced.
func example(t *testing.T, other fstest.MapFS) string {
	t.Helper()
	built(t)
	s := httptest.NewServer(serve.Handler(serve.Tree(tree{os.DirFS(".."), other}), serve.Framed...))
	t.Cleanup(s.Close)
	return s.URL + "/assets/examples/"
}

// deck serves the example deck, whose frames may come from another site. config has more
// options of reveal.js.
func deck(t *testing.T, elsewhere, config string) string {
	t.Helper()
	read := func(name string) string {
		t.Helper()
		b, err := os.ReadFile("../assets/examples/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	html, start := read("reveal.html"), read("deck.js")
	start = strings.Replace(start, "hash: true,", "hash: true, "+config, 1)
	html = strings.ReplaceAll(html, "embed.html#v=1&amp;", "embed.html#v=1&amp;lang=en&amp;width=32&amp;n-critic=2&amp;") // smaller, for the test
	if elsewhere == "" {
		return example(t, fstest.MapFS{"assets/examples/reveal.html": {Data: []byte(html)}, "assets/examples/deck.js": {Data: []byte(start)}}) + "reveal.html"
	}
	html = strings.ReplaceAll(html, "../embed.html#v=1&amp;", elsewhere+"/assets/embed.html#v=1&amp;")
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("../assets/examples")))
	mux.HandleFunc("/reveal.html", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, html) })
	mux.HandleFunc("/deck.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, start)
	})
	mux.HandleFunc("/page/mark.svg", func(http.ResponseWriter, *http.Request) {})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL + "/reveal.html"
}

// Each example works unchanged when served: it shows a run that trains, without errors.
func TestExamples(t *testing.T) {
	t.Parallel()
	at := example(t, nil)
	train := map[string]func(*testing.T, context.Context) inside{
		"reveal.html": func(t *testing.T, ctx context.Context) inside {
			wait(t, ctx, "document.querySelector('.reveal.ready') && document.querySelector('.slides > section.present h1').checkVisibility()")
			keep(t, ctx, "example-deck")
			do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
			return "document.querySelector('#lazy iframe')"
		},
		"page.html": func(t *testing.T, ctx context.Context) inside {
			f := inside("document.querySelector('ganbel-lab').shadowRoot.querySelector('iframe')")
			wait(t, ctx, f.state()+" === 'asleep'")
			value[bool](t, ctx, "("+f.doc()+".getElementById('start').click(), true)")
			return f
		},
	}
	names, err := filepath.Glob("../assets/examples/*.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("there are no examples: %v", err)
	}
	for _, name := range names {
		name = filepath.Base(name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if train[name] == nil {
				t.Fatal("nothing here tries this example")
			}
			ctx := open(t, at+name)
			f := train[name](t, ctx)
			wait(t, ctx, f.state()+" === 'shown' && "+f.playing()+" && "+f.step()+" > 10")
			keep(t, ctx, "example-"+name)
		})
	}
}

// The examples contain the version of reveal.js in npm's list.
func TestRevealCopy(t *testing.T) {
	const installed = "../.tools/node_modules/reveal.js"
	for copied, from := range map[string]string{"LICENSE": "LICENSE", "reveal.js": "dist/reveal.js", "reveal.css": "dist/reveal.css"} {
		want, err := os.ReadFile(filepath.Join(installed, from))
		if err != nil {
			t.Fatalf("%v: make tools installs reveal.js", err)
		}
		got, err := os.ReadFile(filepath.Join("../assets/examples/reveal", copied))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is another than is installed: run make reveal", copied)
		}
	}
}

// is asks the embed for its state.
func (f inside) is(t *testing.T, ctx context.Context) (is struct {
	State   string
	Playing bool
	Step    float64
}) {
	t.Helper()
	return value[struct {
		State   string
		Playing bool
		Step    float64
	}](t, ctx, fmt.Sprintf(`new Promise((done) => {
		const id = Math.random();
		addEventListener('message', function hear({data}) {
			if (data.id !== id) return;
			removeEventListener('message', hear);
			done({State: data.state, Playing: data.playing, Step: data.step});
		});
		%s.contentWindow.postMessage({ganbel: 1, id, cmd: 'state'}, '*');
	})`, f))
}

// In a deck of the real reveal.js an embed starts when its slide comes and stops
// when it goes, keeps its step, and leaves the deck its keys.
func TestReveal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ elsewhere, config string }{
		"another site": {whole(t), ""}, "same site, no transitions": {"", `transition: "none",`}, "same site, fading": {"", `transition: "fade",`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reveal(t, deck(t, c.elsewhere, c.config))
		})
	}
}

func reveal(t *testing.T, url string) {
	ctx := watch(t, url)
	frame := func(slide string) inside {
		return inside(fmt.Sprintf("document.querySelector('#%s iframe')", slide))
	}
	at := func(slide string) {
		t.Helper()
		wait(t, ctx, fmt.Sprintf("location.hash === '#/%s'", slide))
	}
	press := func(key string) { t.Helper(); do(t, ctx, chromedp.KeyEvent(key)) }
	trains := func(f inside) {
		t.Helper()
		wait(t, ctx, f.state()+" === 'shown' && "+f.playing()+" && "+f.step()+" > 0")
	}
	asleep := func(f inside, when string) {
		t.Helper()
		if n := value[float64](t, ctx, f.workers()); n != 0 {
			t.Errorf("%s %s has a trainer", when, f)
		}
		f.rests(t, ctx)
	}
	lazy, preloaded, asked := frame("lazy"), frame("preloaded"), frame("asked")

	wait(t, ctx, "document.querySelector('.reveal.ready') && "+preloaded.state()+" === 'asleep'")
	if value[bool](t, ctx, string(lazy)+".hasAttribute('src')") {
		t.Error("the lazy frame is there before its slide")
	}
	asleep(preloaded, "before its slide came")

	press(kb.ArrowRight)
	at("lazy")
	trains(lazy)
	asleep(preloaded, "while another slide is shown")
	keep(t, ctx, "reveal-lazy")

	// A click on the picture takes the focus, and not the deck.
	centre := value[[]float64](t, ctx, "(() => { const r = "+string(lazy)+".getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 3]; })()")
	do(t, ctx, chromedp.MouseClickXY(centre[0], centre[1]))
	wait(t, ctx, "document.activeElement === "+string(lazy))
	press(kb.Escape)
	wait(t, ctx, "document.querySelector('.reveal.overview')")
	press(kb.Escape)
	wait(t, ctx, "!document.querySelector('.reveal.overview')")
	at("lazy")
	do(t, ctx, chromedp.MouseClickXY(centre[0], centre[1]))
	wait(t, ctx, "document.activeElement === "+string(lazy))
	trains(lazy)
	wait(t, ctx, lazy.step()+" > 20")
	left := lazy.is(t, ctx).Step
	press(kb.ArrowRight)
	at("preloaded")
	wait(t, ctx, "!"+string(lazy)+".hasAttribute('src')")

	trains(preloaded)
	press(kb.PageDown)
	at("asked")
	preloaded.rests(t, ctx)
	kept := preloaded.is(t, ctx)
	if kept.State != "resting" || kept.Step == 0 {
		t.Errorf("with its slide left it is %+v", kept)
	}
	asleep(asked, "before anyone asked")
	keep(t, ctx, "reveal-asked")

	press(kb.ArrowLeft)
	at("preloaded")
	trains(preloaded)
	if now := preloaded.is(t, ctx).Step; now < kept.Step {
		t.Errorf("left at step %v, it comes back at %v", kept.Step, now)
	}
	press(kb.ArrowLeft)
	at("lazy")
	wait(t, ctx, lazy.state()+" && "+lazy.step()+" > 0")
	if now := lazy.is(t, ctx).Step; now < left {
		t.Errorf("unloaded at step %v, it comes back at %v", left, now)
	}
	trains(lazy)
	if now := lazy.is(t, ctx).Step; now < left {
		t.Errorf("unloaded at step %v, it goes on from %v", left, now)
	}

	background := inside("document.querySelector('.slide-background-content iframe')")
	value[bool](t, ctx, "(location.hash = '#/background', true)")
	at("background")
	wait(t, ctx, background.state()+" === 'shown' && "+background.playing())
	keep(t, ctx, "reveal-background")
	press(kb.ArrowRight)
	wait(t, ctx, "location.hash === '#/5'")
	wait(t, ctx, "!document.querySelector('.slide-background-content iframe[src*=embed]')")
}

// In a deck's PDF the frames that were loaded ahead show their still pictures. The deck is
// as it is served: smaller networks would have no recorded run, and so no picture of one.
func TestRevealPrints(t *testing.T) {
	t.Parallel()
	ctx := watch(t, example(t, nil)+"reveal.html?print-pdf")
	f := inside("document.querySelector('#preloaded iframe')")
	wait(t, ctx, "document.querySelectorAll('.pdf-page').length === 6")
	wait(t, ctx, f.state()+" === 'asleep' && "+f.doc()+".getElementById('poster').dataset.of === 'wgan-gp.clip'")
	if n := value[float64](t, ctx, f.workers()); n != 0 {
		t.Error("to be printed it loads a trainer")
	}
	yes := true
	slides := func(p *page.PrintToPDFParams) { p.PreferCSSPageSize, p.PrintBackground = &yes, &yes }
	print := func() []byte {
		t.Helper()
		pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(slides))
		if err != nil {
			t.Fatal(err)
		}
		return pdf
	}
	// The picture is many lines; the same deck without it is much smaller. Chromium may
	// print before it has painted all.
	value[bool](t, ctx, "("+f.doc()+".getElementById('poster').style.visibility = 'hidden', frame(3))")
	bare := print()
	value[bool](t, ctx, "("+f.doc()+".getElementById('poster').style.visibility = '', frame(3))")
	var pdf []byte
	until(t, ctx, "the PDF has the picture", func() bool {
		pdf = print()
		return len(pdf)-len(bare) >= 5000
	})
	t.Logf("the PDF with the picture has %d bytes, without it %d", len(pdf), len(bare))
	if dir := os.Getenv("GANBEL_SHOTS"); dir != "" {
		os.WriteFile(filepath.Join(dir, "reveal.pdf"), pdf, 0o644)
	}
	if n := bytes.Count(pdf, []byte("/Type /Page\n")); n != 6 {
		t.Errorf("the PDF has %d pages", n)
	}
}
