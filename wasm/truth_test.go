//go:build tools && !js

package wasm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"ganbel/serve"
)

// pick chooses a value of a select or an input.
func pick(t *testing.T, ctx context.Context, css, value0 string) {
	t.Helper()
	wait(t, ctx, fmt.Sprintf("document.querySelector(%q)?.matches(':not(:disabled)') === true", css))
	value[bool](t, ctx, fmt.Sprintf(`(() => {
		const field = document.querySelector(%q);
		field.value = %q;
		field.dispatchEvent(new Event("change"));
		return true;
	})()`, css, value0))
}

// says is JavaScript for the run in the link: its preset, and the rest.
const says = `(() => {
	const link = new URLSearchParams(location.hash.slice(1)), run = [...link].filter(([key]) => !["v", "tab", "lang", "theme", "autoplay"].includes(key));
	return run.map((pair) => pair.join("=")).join("&");
})()`

// Choosing a preset gives the preset's own settings, link and tape, whatever was shown
// before. The person's own data stays if the preset does not set it.
func TestPresetChosen(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	const recorded = "document.querySelector('#timeline-box .tag').textContent === 'recorded'"
	for _, c := range []struct{ preset, data, modes string }{
		{"many", "25gaussians", "of 25"}, {"figure-1b", "swissroll", ""}, {"live", "8gaussians", "of 8"}, {"gan", "8gaussians", "of 8"}, {"many", "25gaussians", "of 25"}, {"clip", "8gaussians", "of 8"},
	} {
		pick(t, ctx, "#preset", c.preset)
		wait(t, ctx, fmt.Sprintf("%s === 'p=%s'", says, c.preset))
		wait(t, ctx, fmt.Sprintf("document.getElementById('set-data').value === %q && document.querySelector('[data-metric=w1]').dataset.value !== ''", c.data))
		if c.modes != "" {
			wait(t, ctx, fmt.Sprintf("document.querySelector('[data-metric=modes]').nextElementSibling.textContent === %q", c.modes))
		}
		wait(t, ctx, fmt.Sprintf("performance.getEntriesByType('resource').some((e) => e.name.endsWith('/wgan-gp.%s.tape'))", c.preset))
		wait(t, ctx, recorded)
		keep(t, ctx, "preset-"+c.preset)
	}
	pick(t, ctx, "#set-data", "moons")
	wait(t, ctx, says+" === 'p=clip&data=moons' && !("+recorded+")")
	pick(t, ctx, "#preset", "gan") // leaves the data open
	wait(t, ctx, says+" === 'p=gan&data=moons' && !("+recorded+")")
	pick(t, ctx, "#preset", "many") // sets it
	wait(t, ctx, says+" === 'p=many' && "+recorded)
	// A playing tape ends with its preset, and so does a lesson's.
	value[bool](t, ctx, "(document.querySelector('#lessons-list [data-lesson=sheet]').click(), true)")
	wait(t, ctx, says+" === 'p=many&layers=real,fake,slope,warp&lesson=sheet' || "+says+".startsWith('p=many&layers=')")
	wait(t, ctx, "!("+recorded+") && document.getElementById('set-data').value === '25gaussians'")
	click(t, ctx, "#lesson-leave")
	wait(t, ctx, recorded)
}

// The same holds in an embed, for a preset chosen by message or by attribute.
func TestPresetChosenForEmbed(t *testing.T) {
	t.Parallel()
	at := whole(t)
	ctx := watch(t, host(t, `<body style="margin:0"><script src="`+at+`/assets/ganbel-lab.js"></script>
		<ganbel-lab id="lab" lang="en" theme="light" controls="full" preset="live" style="width:900px"></ganbel-lab>`))
	const state = "document.getElementById('lab').state().then(({preset, values}) => `${preset} ${values?.data} ${values?.width} ${values?.rule}`)"
	wait(t, ctx, "document.getElementById('lab').ask('preset', {preset: 'many'}).then(() => true)")
	wait(t, ctx, state+".then((s) => s === 'many 25gaussians 64 penalty')")
	value[bool](t, ctx, "(document.getElementById('lab').setAttribute('preset', 'clip'), true)")
	wait(t, ctx, state+".then((s) => s === 'clip 8gaussians 64 clip')")
	value[bool](t, ctx, "(document.getElementById('lab').setAttribute('preset', 'figure-1b'), true)")
	wait(t, ctx, state+".then((s) => s === 'figure-1b swissroll 64 penalty')")
	f := inside("document.getElementById('lab').shadowRoot.querySelector('iframe')")
	wait(t, ctx, f.doc()+".getElementById('lab').href.endsWith('p=figure-1b&lang=en&theme=light') && "+f.doc()+".getElementById('set-data').value === 'swissroll'")
}

// noted is JavaScript, true once the notes of a document hold a text.
func noted(doc, text string) string {
	return fmt.Sprintf("[...%s.querySelectorAll('.notice')].some((n) => n.textContent.includes(%q))", doc, text)
}

// A page whose Japanese words cannot be loaded stays in English and says so.
func TestWordsMissing(t *testing.T) {
	t.Parallel()
	whole := serve.Handler(serve.Bundled(os.DirFS("..")), serve.Framed...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "words/ja.js") {
			http.Error(w, "closed for a test", http.StatusServiceUnavailable)
			return
		}
		whole.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	for _, path := range []string{"/#v=1&lang=ja&autoplay=0", "/assets/embed.html#v=1&lang=ja"} {
		ctx := blank(t)
		expect(ctx, "503.*words/ja.js")
		do(t, ctx, chromedp.Navigate(server.URL+path))
		wait(t, ctx, noted("document", "The Japanese words could not be loaded"))
		if got := value[string](t, ctx, "document.documentElement.lang + ' ' + document.getElementById('play').textContent"); !strings.HasPrefix(got, "en ") || strings.ContainsAny(got, "再生停止") {
			t.Errorf("%s: the page is in %q", path, got)
		}
	}
}

// The page notes the parts of a link that it does not understand, in its language, and
// values that the form replaces. Keys press the buttons with their letters.
func TestNothingIsSilent(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=2&lang=xx&theme=pink&tab=nothing&p=wild&lesson=none&speed=7&layers=real,sky&autoplay=0&b=sky:1&lambda=5000&lambd=3")
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	for _, text := range []string{"version “2”", "no language “xx”", "no theme “pink”", "no tab “nothing”; this is WGAN-GP", "no preset “wild”; this is Live", "no lesson “none”", "no speed “7”; this is Fastest",
		"no layer “sky”", "comparison “sky:1”", "Penalty λ: “5000” cannot be, 1000 is used", "no setting “lambd”"} {
		wait(t, ctx, noted("document", text))
	}
	keep(t, ctx, "notes")
	if on := value[string](t, ctx, "[...document.querySelectorAll('[data-layer]:checked')].map((i) => i.dataset.layer).join()"); on != "real" {
		t.Errorf("of the layers real and sky the link switches on %q", on)
	}
	click(t, ctx, "#language")
	for _, text := range []string{"タブ「nothing」はありません", "プリセット「wild」はありません", "設定「lambd」はここにはありません", "ペナルティ λ：「5000」は使えない"} {
		wait(t, ctx, noted("document", text))
	}
	if left := value[string](t, ctx, "[...document.querySelectorAll('.notice')].map((n) => n.textContent).filter((text) => /[a-z] [a-z]+ [a-z]/.test(text)).join('\\n')"); left != "" {
		t.Errorf("in Japanese it says %s", left)
	}
	click(t, ctx, "#language")
	// Another link, while the page is open, has its own notes.
	value[bool](t, ctx, "(location.hash = '#v=1&lang=en&lambda=9999&autoplay=0&wall=1', true)")
	wait(t, ctx, noted("document", "“9999” cannot be")+" && "+noted("document", "“wall”")+" && !"+noted("document", "wild"))

	// The form.
	const mended = "document.querySelector('#set-%s').closest('.setting').querySelector('.mended')"
	for _, c := range []struct{ name, given, used, says string }{
		{"lambda", "-3", "0.001", "-3 cannot be: it must be a number from 0.001 to 1000. 0.001 is used."},
		{"n-critic", "2.7", "3", "2.7 cannot be: it must be a whole number from 1 to 100. 3 is used."},
		{"n-critic", "1e9", "100", "1e9 cannot be: it must be a whole number from 1 to 100. 100 is used."},
		{"n-critic", "", "100", "It must be a whole number from 1 to 100. 100 stays."},
	} {
		pick(t, ctx, "#set-"+c.name, c.given)
		at := fmt.Sprintf(mended, c.name)
		wait(t, ctx, fmt.Sprintf("document.querySelector('#set-%s').value === %q && !%s.hidden && %s.textContent === %q", c.name, c.used, at, at, c.says))
	}
	keep(t, ctx, "form-mended")
	pick(t, ctx, "#set-n-critic", "5")
	wait(t, ctx, fmt.Sprintf(mended, "n-critic")+".hidden")
	click(t, ctx, "#compare")
	pick(t, ctx, "#compare-setting", "lambda")
	pick(t, ctx, "#compare-b", "5000")
	click(t, ctx, "#compare-start")
	wait(t, ctx, "document.querySelector('#compare-fields .mended').textContent === 'It must be a number from 0.001 to 1000.' && document.getElementById('compare-dialog').open")
	click(t, ctx, "#compare-cancel")

	// Each key presses the button with its letter, unless that is hidden.
	wrong := value[[]string](t, ctx, `(() => {
		const wrong = [], heard = [];
		addEventListener("click", (e) => {
			heard.push(e.target.closest("[id]")?.id);
			e.stopImmediatePropagation();
		}, { capture: true });
		for (const button of document.querySelectorAll("button[aria-keyshortcuts]")) {
			for (const key of button.getAttribute("aria-keyshortcuts").split(" ")) {
				heard.length = 0;
				document.body.dispatchEvent(new KeyboardEvent("keydown", { key: { Space: " ", Plus: "+" }[key] ?? key, bubbles: true, cancelable: true }));
				if (!button.disabled && heard.join() !== button.id) wrong.push(key + " presses " + heard.join() + " and not " + button.id);
			}
			const letter = button.querySelector("[data-letter]")?.textContent;
			if (letter && letter !== button.getAttribute("aria-keyshortcuts")) wrong.push(letter + " stands on " + button.id);
			if (button.title && !/\(.+\)$/.test(button.title)) wrong.push(button.title + " names no key");
		}
		return wrong;
	})()`)
	for _, w := range wrong {
		t.Error(w)
	}
}

// The list of keys is the tab's, in the page's language, and G makes a step of the
// generator. In a lesson the right answer is highlighted once it is revealed.
func TestKeysAndAnswers(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0&width=16&batch=16")
	wait(t, ctx, shown+" && !document.getElementById('step-generator').disabled")
	do(t, ctx, chromedp.KeyEvent("g"))
	wait(t, ctx, step+" === 1 && document.querySelector('[data-tab=wgan]').getAttribute('aria-selected') === 'true'")
	const listed = "[...document.querySelectorAll('#shortcuts-list dt')].map((dt) => `${[...dt.children].map((k) => k.textContent).join(' ')}: ${dt.nextElementSibling.textContent}`).join('\\n')"
	click(t, ctx, "#help")
	list := value[string](t, ctx, listed)
	for _, line := range []string{"Space Enter: play or pause", "D: one critic step", "G: one generator step", "− : slower", "+: faster", "1 … 9: layers", "B: next tab", "?: this list", "S: slice of D"} {
		if !strings.Contains(strings.ReplaceAll(list, "−:", "− :"), line) {
			t.Errorf("the list has no %q:\n%s", line, list)
		}
	}
	keep(t, ctx, "shortcuts")
	do(t, ctx, chromedp.KeyEvent("\x1b"))
	do(t, ctx, chromedp.KeyEvent("b"), chromedp.KeyEvent("b"))
	wait(t, ctx, "document.querySelector('[role=tab][data-tab=categorical]').getAttribute('aria-selected') === 'true' && document.getElementById('step-critic').hidden")
	click(t, ctx, "#help")
	if list := value[string](t, ctx, listed); strings.Contains(list, "critic") || strings.Contains(list, "slice") || strings.Contains(list, "layers") || !strings.Contains(list, "one iteration") {
		t.Errorf("the list of a tab without a critic says\n%s", list)
	}
	do(t, ctx, chromedp.KeyEvent("\x1b"))
	if about := value[string](t, ctx, "document.getElementById('lessons-about').textContent"); about != fmt.Sprintf("%d small experiments. Predict, run, see.", value[int](t, ctx, "document.querySelectorAll('#lessons-list li').length")) {
		t.Errorf("above the lessons stands %q", about)
	}

	value[bool](t, ctx, "(document.querySelector('#lessons-list [data-lesson=gumbel]').click(), true)")
	wait(t, ctx, "document.getElementById('lesson').dataset.state === 'asked'")
	click(t, ctx, "#lesson [data-answer='1']")
	wait(t, ctx, "document.getElementById('lesson').dataset.state === 'revealed'")
	keep(t, ctx, "lesson-wrong")
	var looks struct {
		Right, Other float64
		Text, Reveal string
	}
	got := value[string](t, ctx, `(() => {
		const answer = (k) => document.querySelector("#lesson [data-answer='" + k + "']"), opacity = (k) => Number(getComputedStyle(answer(k)).opacity);
		return JSON.stringify({ right: opacity(0), other: opacity(2), text: answer(0).textContent, reveal: document.querySelector(".reveal").textContent });
	})()`)
	if err := json.Unmarshal([]byte(got), &looks); err != nil {
		t.Fatal(err)
	}
	if looks.Right != 1 || !(looks.Other < 1) || !strings.HasPrefix(looks.Text, "✓") || !strings.Contains(looks.Reveal, "The answer is “67 %, its softmax”.") {
		t.Errorf("after a wrong answer: %+v", looks)
	}
}

// An embed shows the parts of its address that it does not understand, and sends them to
// the page around it.
func TestEmbedNotes(t *testing.T) {
	t.Parallel()
	at := whole(t)
	ctx := watch(t, host(t, fmt.Sprintf(`<body style="margin:0"><script>window.heard = []; addEventListener('message', ({data}) => data.event === 'note' && heard.push(data.message));</script>
		<iframe id="embed" style="width:800px;height:500px;border:0;display:block" src="%s/assets/embed.html#v=1&amp;lang=en&amp;theme=light&amp;tab=nothing&amp;controls=wild&amp;autoplay=always&amp;speed=fast&amp;layers=sky&amp;preset=wild&amp;lambda=5000&amp;lambd=3&amp;b=x:1&amp;hide=seed,sky"></iframe>`, at)))
	f := inside("document.getElementById('embed')")
	for _, text := range []string{"no tab “nothing”; this is WGAN-GP", "controls cannot be “wild”", "autoplay cannot be “always”", "no speed “fast”", "no layer “sky”"} {
		wait(t, ctx, noted(f.doc(), text))
	}
	click(t, ctx, "body") // this starts nothing
	value[bool](t, ctx, "(embed.contentWindow.postMessage({ganbel: 1, cmd: 'step', n: 1}, '*'), true)")
	for _, text := range []string{"no preset “wild”; this is Live", "“5000” cannot be, 1000 is used", "no setting “lambd”", "comparison “x:1”", "nothing called “sky” to hide"} {
		wait(t, ctx, noted(f.doc(), text)+fmt.Sprintf(" && heard.some((text) => text.includes(%q))", text))
	}
	keep(t, ctx, "embed-notes")
	n := value[int](t, ctx, f.doc()+".querySelectorAll('.notice').length")
	value[bool](t, ctx, "("+f.doc()+".querySelector('.notice button').click(), true)")
	wait(t, ctx, fmt.Sprintf("%s.querySelectorAll('.notice').length === %d", f.doc(), n-1))
}

// Errors are in the page's language.
func TestErrorsInJapanese(t *testing.T) {
	t.Parallel()
	english := regexp.MustCompile(`[a-z]{3,} [a-z]{2,} [a-z]{2,}`)
	for name, c := range map[string]struct {
		other fstest.MapFS
		hash  string
		says  string
	}{
		"worker":  {fstest.MapFS{"assets/built/worker.wasm": nil}, "", "読み込めません（HTTP 404）"},
		"digits":  {fstest.MapFS{"assets/built/mnist-10k.gz": nil}, "&tab=gumbel", "ダウンロードできません（HTTP 404）"},
		"broken":  {fstest.MapFS{"assets/built/mnist-10k.gz": {Data: []byte("not this")}}, "&tab=gumbel", "MNIST のファイルが壊れています"},
		"refused": {nil, "&tab=gumbel&p=live&estimator=arm", "推定量 arm はビット用"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := open(t, site(t, c.other)+"/#v=1&lang=ja&theme=light&autoplay=0"+c.hash)
			expect(ctx, "404")
			wait(t, ctx, "!"+fault+".hidden")
			said := value[string](t, ctx, "document.getElementById('fault-text').innerText")
			if !strings.Contains(said, c.says) || english.MatchString(said) || strings.Contains(said, "英語") {
				t.Errorf("it says %q", said)
			}
			keep(t, ctx, "error-"+name)
		})
	}
}

// No tab shows or announces words of another one, in either language. It has no plurals
// for one thing, and no numbers before they were measured.
func TestTabWords(t *testing.T) {
	t.Parallel()
	ctx := open(t, site(t, nil)+"/#v=1&lang=en&theme=light&autoplay=0")
	wgan := `(?i)\bdigits?\b|MNIST|ELBO|Gumbel|softmax|categorical|temperature|logit|decoder|label|数字|温度|カテゴリ|ロジット|ラベル|デコーダ|再構成`
	images := `(?i)\bmodes?\b|\bpoints?\b|Gaussians|Swiss|W₁|spiral|plane|ELBO|temperature|categorical|logit|label|モード|ガウス|温度|カテゴリ|ロジット|ラベル|再構成|らせん|平面`
	gumbel := `(?i)critic|generator|\bmodes?\b|\bpoints?\b|Gaussians|penalty|clip|W₁|∇D|Swiss|クリティック|生成器|モード|ガウス分布から|ペナルティ|クリッピング|勾配ノルム`
	foreign := map[string]string{
		"wgan": wgan, "mnist": images,
		"categorical": gumbel + `|\bdigits?\b|MNIST|ELBO|encoder|\bhidden\b|数字|再構成`,
		"gumbel":      gumbel + `|\bhalf\b|completion|labelled|accuracy|下半分|上半分|補完|ラベル|正解率`,
		"sop":         gumbel + `|ELBO|\bKL\b|labelled|accuracy|ラベル|正解率|事前分布`,
		"semi":        gumbel + `|\bhalf\b|completion|\bKL\b|下半分|上半分|補完`,
	}
	wait(t, ctx, shown+" && !document.getElementById('play').disabled")
	const words = `(() => {
		const said = [], seen = (e) => !e.closest("[hidden]") && !e.closest("option, datalist");
		for (const e of document.querySelectorAll("#panel, #panel *")) {
			if (!seen(e) && !e.matches("p.help")) continue;
			for (const name of ["title", "aria-label", "aria-valuetext", "alt", "placeholder"]) if (e.getAttribute(name)) said.push(e.getAttribute(name));
			for (const n of e.childNodes) if (n.nodeType === 3 && n.data.trim()) said.push(n.data.trim());
			if (e.matches("option")) said.push(e.textContent);
		}
		return said;
	})()`
	plurals := regexp.MustCompile(`\b1 (points|digits|steps|draws|bits|pictures|classes|runs|samples)\b`)
	english := regexp.MustCompile(`\b[a-z]{3,} [a-z]{2,} [a-z]{2,}\b`)
	for _, lang := range []string{"en", "ja"} {
		wait(t, ctx, fmt.Sprintf("document.documentElement.lang === %q", lang))
		for tab, pattern := range foreign {
			click(t, ctx, "#tab-"+tab)
			wait(t, ctx, fmt.Sprintf("document.getElementById('panel').dataset.tab === %q && %s && !document.getElementById('play').disabled && document.querySelector('#readouts dd') !== null && document.querySelector('#form .setting') !== null", tab, shown))
			rest(t, ctx)
			all := value[[]string](t, ctx, words)
			if len(all) < 40 {
				t.Fatalf("the tab %s has %d texts: %q", tab, len(all), all)
			}
			other := regexp.MustCompile(pattern)
			for _, text := range all {
				if found := other.FindString(text); found != "" {
					t.Errorf("%s, %s: %q is a word of another tab in %q", tab, lang, found, text)
				}
				if plurals.MatchString(text) {
					t.Errorf("%s: %q", tab, text)
				}
				if lang == "ja" && english.MatchString(text) {
					t.Errorf("%s: in Japanese it says %q", tab, text)
				}
			}
			if sum := value[string](t, ctx, "document.getElementById('summary').textContent"); strings.Contains(sum, "steady") || strings.Contains(sum, "横ばい") {
				t.Errorf("%s: before anything is trained it says %q", tab, sum)
			}
			keep(t, ctx, "words-"+lang+"-"+tab)
		}
		click(t, ctx, "#language")
	}
}
