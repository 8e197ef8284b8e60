//go:build !js

package experiment

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// WGANLanguage is section 5.5, and table 4.
var WGANLanguage = Register(&lab.Experiment{
	Rank: 170, Native: true,
	Name:  "wgan-language",
	Title: "WGAN-GP on lines of text", PaperSet: data.PaperBillionWord, TitleSet: "lines of text",
	Doc: "Table 4: residual networks write lines of 32 letters, all at once, as chances of each letter.",
	Settings: append(gameSettings("0.5", "0.0001", "64", "10"),
		lab.Setting{Name: "lines", Title: "Measured lines", Kind: lab.Int, Default: "640", Min: 10, Max: 100_000, Group: "data", Measures: true, Doc: "Generated lines whose n-grams are counted at every measurement."},
		lab.Setting{Name: "vocabulary", Title: "Vocabulary", Kind: lab.Int, Default: "2048", Min: 2, Max: 65_536, Unit: "letters", Group: "data", Resets: true,
			Doc: "The most frequent letters of the text are told apart, with one more for all others, so many at most."},
		lab.Setting{Name: "width", Title: "Width", Kind: lab.Int, Default: "512", Min: 2, Max: 2048, Unit: "channels", Group: "model", Resets: true, Doc: "Channels of all layers, DIM in the authors' code."},
		lab.Setting{Name: "blocks", Title: "Blocks", Kind: lab.Int, Default: "5", Min: 1, Max: 50, Group: "model", Resets: true, Doc: "Residual blocks of each network."},
		lab.Setting{Name: "output", Title: "Generator's output", Kind: lab.Choice, Default: string(wgan.Softmax), Choices: wgan.LanguageOutputs, Group: "model", Resets: true,
			Doc: "What the critic sees of a letter: its chances, as in the paper, or one-hot with their gradient, the likeliest letter or one drawn by Gumbel-Softmax."},
		lab.Setting{Name: "temperature", Title: "Temperature τ", Kind: lab.Float, Default: "0.1", Min: .01, Max: 10, Log: true, Group: "model", Resets: true, Doc: "Of Gumbel-Softmax, with the output st-gumbel-softmax."},
	),
	Presets: []lab.Preset{
		{Name: "paper", Title: "Paper", Steps: 200_000, Every: 1000, Doc: "The authors' script: 512 channels, 10 critic steps, 200,000 iterations.", Values: lab.Values{}},
		{Name: "small", Title: "Small", Steps: 5000, Every: 100, Doc: "An eighth of the channels and three blocks, for a processor.", Values: languageSmall},
		{Name: "gan", Title: "Standard GAN", Steps: 5000, Every: 100, Doc: "The small networks with the GAN loss, which the paper could not make write.", Values: lab.Merge(languageSmall, dcganMethod)},
		{Name: "st-gumbel", Title: "ST Gumbel-Softmax", Steps: 5000, Every: 100, Doc: "The small networks whose generator draws letters by Gumbel-Softmax.", Values: languageSmall.With("output", string(wgan.STGumbel))},
	},
	Metrics: append(gameMetrics[:len(gameMetrics):len(gameMetrics)], jsMetrics()...),
}, openLanguage)

// languageSmall are settings at which a processor trains in an hour.
var languageSmall = lab.Values{"width": "64", "blocks": "3", "batch": "32", "n-critic": "5", "learning-rate": "0.001"}

// jsMetrics are the divergences js-1 to js-4.
func jsMetrics() (all []lab.Metric) {
	for n := 1; n <= measure.MostNGram; n++ {
		all = append(all, lab.Metric{Name: fmt.Sprintf("js-%d", n), Title: fmt.Sprintf("JSD of %d-grams", n), Unit: "bits", Chart: "n-grams",
			Doc: fmt.Sprintf("Jensen-Shannon divergence of the generated lines' %d-grams of letters from the text's.", n)})
	}
	return all
}

// language is a run that writes.
type language struct {
	game
	all     wgan.Lines        // of the text, in random order
	grams   []*measure.NGrams // of all, by n-1
	floors  []float64         // what js-n would be of as many lines of the text itself
	counted int               // how many lines floors are of
}

func openLanguage(r *train.Run, w World) (train.Model, error) {
	if w.Text == nil {
		return nil, fmt.Errorf("wgan-language needs text: name a file or a folder of it with --text PATH")
	}
	lines, err := w.Text()
	if err != nil {
		return nil, err
	}
	shuffled := make([]string, len(lines))
	for i, k := range r.Apart("lines").Perm(len(lines)) {
		shuffled[i] = lines[k]
	}
	l := &language{all: wgan.Lines{Text: data.NewText(shuffled, wgan.LineLength, r.Int("vocabulary"))}}
	n := l.all.Count() - min(l.all.Count()/10, 10_000) // the others are held out
	held := wgan.Lines{Text: l.all.Slice(n, l.all.Count())}
	if some := r.Int("examples"); some > n {
		return nil, fmt.Errorf("examples is %d: it must be at most the %d there are", some, n)
	} else if some > 0 {
		n = some
	}
	networks := wgan.Language{Letters: len(l.all.Letters), Width: r.Int("width"), Blocks: r.Int("blocks"),
		Output: wgan.LanguageOutput(r.Text("output")), Temperature: r.Float("temperature")}
	c, err := gameConfig(r, wgan.Lines{Text: l.all.Slice(0, n)}, held)
	if err != nil {
		return nil, fmt.Errorf("the text has %d lines: %w", l.all.Count(), err)
	}
	c.Latent = networks.Latent()
	l.run, l.Game = r, wgan.NewGame(r, c, networks.Declare)
	r.Identify(func() data.Identity {
		id := data.Identity{}
		if w.TextIdentity != nil {
			id = w.TextIdentity()
		} else {
			id = data.IdentifyText("text", lines)
		}
		id.Validation, id.Shape = held.Count(), []int{wgan.LineLength}
		id.Train = len(lines) - id.Validation
		return id
	})
	return l, nil
}

// Settle counts the n-grams of the text if the number of measured lines was set, see
// train.Settler.
func (l *language) Settle() {
	if n := l.run.Int("lines"); n != l.counted {
		l.counted = n
		l.grams, l.floors = l.count(n)
	}
}

// count returns the n-grams of the text, and of its first so many lines their divergence
// from those of all others: what a perfect generator would reach.
func (l *language) count(lines int) (all []*measure.NGrams, floors []float64) {
	some := l.all.Slice(0, min(lines, l.all.Count()))
	rest := l.all.Slice(some.Count(), l.all.Count())
	all, floors = make([]*measure.NGrams, measure.MostNGram), make([]float64, measure.MostNGram)
	var wait sync.WaitGroup
	for i := range all {
		wait.Go(func() {
			g, few := measure.NewNGrams(i+1), measure.NewNGrams(i+1)
			g.Add(rest.Codes, rest.Length)
			few.Add(some.Codes, some.Length)
			all[i], floors[i] = g, few.JSD(g)
			g.Add(some.Codes, some.Length)
		})
	}
	wait.Wait()
	return all, floors
}

// generate returns n generated lines, of noise that depends on the seed and on which.
func (l *language) generate(which uint64, n int) *data.Text {
	t := &data.Text{Length: l.all.Length, Letters: l.all.Letters}
	whole := (n + wgan.SampleBatch - 1) / wgan.SampleBatch * wgan.SampleBatch
	l.Samples(which, whole, func(batch []float32) { t.Codes = l.all.Decode(t.Codes, batch) })
	return t.Slice(0, n)
}

// divergences returns js-1 to js-4 of n generated lines, others at every step.
func (l *language) divergences(n int) (all []float64) {
	t := l.generate(uint64(l.run.Step())+1, n)
	for i, g := range l.grams {
		mine := measure.NewNGrams(i + 1)
		mine.Add(t.Codes, t.Length)
		all = append(all, mine.JSD(g))
	}
	return all
}

func (l *language) Measure() []float64 {
	all := l.game.Measure()
	copy(all[len(gameMetrics):], l.divergences(l.run.Int("lines")))
	return all
}

// Text returns a hundred generated lines, of the same noise at every step.
func (l *language) Text() string {
	t := l.generate(0, wgan.SampleBatch)
	var b strings.Builder
	for i := range t.Count() {
		fmt.Fprintln(&b, t.Line(i))
	}
	return b.String()
}

func (l *language) Frame() map[string]data.Tensor {
	f := map[string]data.Tensor{}
	f["text"] = codes(l.generate(0, wgan.SampleBatch))
	f["text-real"] = codes(l.all.Slice(0, min(shownReal, l.all.Count())))
	letters := make([]float64, len(l.all.Letters))
	for i, r := range l.all.Letters {
		letters[i] = float64(r)
	}
	f["letters"] = numbers(letters...)
	for i, floor := range l.floors {
		if !math.IsNaN(floor) {
			f[fmt.Sprintf("floor-js-%d", i+1)] = numbers(floor)
		}
	}
	if l.Penalised() && l.Stepped() {
		f["slopes"] = tensor(l.Slopes(), len(l.Slopes()))
	}
	return f
}

// codes returns a text as a tensor, (lines, letters a line).
func codes(t *data.Text) data.Tensor {
	v := make([]float32, len(t.Codes))
	for i, code := range t.Codes {
		v[i] = float32(code)
	}
	return data.Tensor{Shape: []int{t.Count(), t.Length}, Data: v}
}

// Reports returns the n-grams next to their noise floors, and table 4.
func (l *language) Reports() []lab.Report {
	cells := func(name string, v []float64) []string {
		row := []string{name}
		for _, x := range v {
			cell := ""
			if !math.IsNaN(x) {
				cell = strconv.FormatFloat(x, 'f', 4, 64)
			}
			row = append(row, cell)
		}
		return row
	}
	few := l.run.Int("lines")
	many := 10 * few
	_, floors := l.count(many)
	grams := lab.Report{Title: "JSD of n-grams of " + l.run.Identity().Name + ", in bits", Head: []string{"", "n = 1", "n = 2", "n = 3", "n = 4"}, Rows: [][]string{
		cells(fmt.Sprintf("%d lines of this run", few), l.divergences(few)),
		cells(fmt.Sprintf("noise floor: %d lines of the text", few), l.floors),
		cells(fmt.Sprintf("%d lines of this run", many), l.divergences(many)),
		cells(fmt.Sprintf("noise floor: %d lines of the text", many), floors),
	}, Notes: []string{
		fmt.Sprintf("This run: step %d, one seed, width %s, %s blocks, %s critic steps, batch %s, %s lines of text in %d letters, of which all that are unknown are one (%.2g %% of the text).",
			l.run.Step(), l.run.Text("width"), l.run.Text("blocks"), l.run.Text("n-critic"), l.run.Text("batch"), strconv.Itoa(l.all.Count()), len(l.all.Letters), 100*l.all.Unknown()),
	}}
	t := l.generate(0, wgan.SampleBatch)
	samples := lab.Report{Title: "Lines of this run, trained on " + l.run.Identity().Name, Head: []string{fmt.Sprintf("this run, step %d", l.run.Step())}}
	for i := range table4 {
		mine := strings.TrimRight(t.Line(i), string(data.Pad))
		samples.Rows = append(samples.Rows, []string{strings.ReplaceAll(mine, "|", "\\|")})
	}
	if l.run.Papers() {
		grams.Rows = append(grams.Rows, []string{"caogang's code, Billion Word, iterations 1600 to 1900", ".063 to .083", ".165 to .207", ".37 to .41", ".62 to .65"})
		grams.Notes = append(grams.Notes,
			"The paper: width 512, 5 blocks, 10 critic steps, batch 64, 200,000 iterations, 10,000,000 lines of Billion Word. It prints no divergences; its code does.",
			"caogang's code is a copy of the authors' in PyTorch, of 640 lines on Billion Word, whose penalty takes the slope over letters alone: known values, not the paper's.")
		samples.Title, samples.Head = "Table 4: lines of this run and of the paper", append(samples.Head, "the paper, Billion Word")
		for i, line := range table4 {
			samples.Rows[i] = append(samples.Rows[i], line)
		}
	} else {
		grams.Notes = append(grams.Notes, l.run.OtherData())
	}
	samples.Notes = []string{"The first lines as they come, without the ` that fills short ones."}
	return []lab.Report{grams, samples}
}

// table4 are some of the lines that the paper shows.
var table4 = []string{
	"Busino game camperate spent odea", "In the bankaway of smarling the", "SingersMay , who kill that imvic", "It was not the annuas were plogr",
	"Solice Norkedin pring in since", "ThiS record ( 31. ) UBS ) and Ch", "This year out howneed allowed lo",
}
