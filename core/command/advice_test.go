package command

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"

	"ganbel/core/experiment"
	"ganbel/core/lab"
)

var (
	// advised finds a command line within a text: up to what ends it in a sentence.
	advised = regexp.MustCompile("(?:^|[\\s(\"`'./])ganbel((?: [^\\s;,:()\"`]+)+)")
	// dashes finds a flag within a text.
	dashes = regexp.MustCompile("(?:^|[\\s(\"`])--([a-z][a-z0-9-]*)")
	// prose is what stands before ganbel if it is no command line.
	prose = regexp.MustCompile(`(?i)\b(an?|this|another|older|the|own) $`)
)

// allFlags returns the flags of all commands, each with those below it.
func allFlags(c *cobra.Command, all map[string]bool) map[string]bool {
	for _, name := range flagNames(c) {
		all[name] = true
	}
	for _, below := range c.Commands() {
		allFlags(below, all)
	}
	return all
}

// table returns the commands, and all their flags.
var table = sync.OnceValue(func() (t struct {
	root  *cobra.Command
	flags map[string]bool
}) {
	t.root = commands(nil, nil)
	t.flags = allFlags(t.root, map[string]bool{"--help": true, "--version": true})
	return t
})

// badAdvice returns what a text says to do that cannot be done.
func badAdvice(text string) (bad []string) {
	flags := table().flags
	for _, found := range dashes.FindAllStringSubmatch(text, -1) {
		if !flags["--"+found[1]] {
			bad = append(bad, "no command has the flag --"+found[1])
		}
	}
	for _, at := range advised.FindAllStringSubmatchIndex(text, -1) {
		if prose.MatchString(text[:at[2]-len("ganbel")]) {
			continue
		}
		args := strings.Fields(text[at[2]:at[3]])
		if fault := unparsed(args); fault != "" {
			bad = append(bad, "ganbel "+strings.Join(args, " ")+": "+fault)
		}
	}
	return bad
}

// unparsed returns why a command line names a command or a flag that there is not, ""
// if it does not. Words in capitals and %s stand for anything.
func unparsed(args []string) string {
	c := table().root
	var experiments []*cobra.Command
	for i, a := range args {
		name, _, _ := strings.Cut(a, "=")
		switch {
		case a == "-h" || a == "--help" || a == "--version" || a == "..." || strings.Contains(a, "%") || strings.Contains(a, "{"):
		case strings.HasPrefix(a, "--"):
			has := func(c *cobra.Command) bool { return slices.Contains(flagNames(c), name) || inherits(c, name) }
			if !has(c) && !slices.ContainsFunc(experiments, has) {
				return c.CommandPath() + " has no flag " + name
			}
		default:
			j := slices.IndexFunc(c.Commands(), func(c *cobra.Command) bool { return c.Name() == a })
			if j >= 0 {
				c, experiments = c.Commands()[j], nil
			} else if i == 0 && a != strings.ToUpper(a) {
				return "there is no command " + a
			}
		}
		if c.Name() == "run" && experiments == nil {
			experiments = c.Commands()
		}
	}
	return ""
}

func inherits(c *cobra.Command, flag string) bool {
	return c.InheritedFlags().Lookup(strings.TrimPrefix(flag, "--")) != nil
}

// texts returns the strings of a Go file, those that are joined by + as one.
func texts(t *testing.T, name string) map[string]token.Position {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]token.Position{}
	var text func(ast.Expr) string
	text = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			if s, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
				return s
			}
		case *ast.BinaryExpr:
			if e.Op == token.ADD {
				return text(e.X) + text(e.Y)
			}
		case *ast.ParenExpr:
			return text(e.X)
		}
		return "%s"
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch e := n.(type) {
		case *ast.BinaryExpr:
			all[text(e)] = files.Position(e.Pos())
			return false
		case *ast.BasicLit:
			all[text(e)] = files.Position(e.Pos())
		}
		return true
	})
	return all
}

// Every command and flag that a text of the program or the README speaks of exists.
func TestAdvice(t *testing.T) {
	said := 0
	for _, dir := range []string{".", "core/command", "core/sweep", "core/record", "core/lab", "core/train", "core/experiment", "core/corpus", "core/score", "core/data", "core/gumbel", "core/wgan", "core/onnx", "render/figure", "serve"} {
		names, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			for text, at := range texts(t, name) {
				if strings.Contains(text, "--") || strings.Contains(text, "ganbel ") {
					said++
				}
				for _, bad := range badAdvice(text) {
					t.Errorf("%v: %q: %s", at, text, bad)
				}
			}
		}
	}
	if said < 50 {
		t.Errorf("only %d texts give advice", said)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(readme)) {
		command, _, _ := strings.Cut(line, " #")
		if at := strings.Index(command, "./ganbel "); at >= 0 && strings.HasPrefix(line, "    ") {
			if fault := unparsed(strings.Fields(command[at+len("./ganbel "):])); fault != "" {
				t.Errorf("README: %s: %s", strings.TrimSpace(line), fault)
			}
		}
	}
}

// The check finds advice that leads nowhere.
func TestBadAdvice(t *testing.T) {
	for text, want := range map[string]string{
		"resume it with ganbel run --resume %s":              "",
		"another ganbel trains it":                           "",
		"name a classifier with --inception or --squeezenet": "",
		"ganbel help run, or ganbel run wgan-gp -h":          "",
		"ganbel run --resume %s --learning-rate %.1g":        "",
		"go on with ganbel resume %s":                        "no command resume",
		"lower --widht":                                      "--widht",
		"ganbel sweep figure2 --learning-rate 1":             "no flag --learning-rate",
		"ganbel run wgan-lsun-128 --networks x":              "no flag --networks",
	} {
		got := strings.Join(badAdvice(text), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// Commands that messages of a run name do what the messages say.
func TestAdviceWorks(t *testing.T) {
	t.Chdir(t.TempDir())
	do := func(ctx context.Context, line string) (said string, err error) {
		said = quiet(t, func() { err = command(ctx, strings.Fields(line)) })
		return said, err
	}
	// follow carries out the first command line of a text, with what stands for N.
	follow := func(text, n string) string {
		t.Helper()
		found := advised.FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("no advice in %q", text)
		}
		said, err := do(context.Background(), strings.ReplaceAll(found[1], " N", " "+n))
		if err != nil {
			t.Fatalf("ganbel%s: %v", found[1], err)
		}
		return said
	}
	const small = "run wgan-gp --width 16 --batch 32 --field 16 --every 2"
	said, err := do(context.Background(), small+" --steps 2")
	if err != nil || !strings.Contains(said, "2 of the preset's 4,000 steps") || !strings.Contains(said, "--decay 2 lets it end") {
		t.Fatalf("said %q, %v", said, err)
	}
	dir := filepath.Join("runs", "wgan-gp-live-1") // the preset is in its name
	if said = follow(said[strings.LastIndex(said, "\nruns"):], "3"); !strings.Contains(said, "step 5 of 5") {
		t.Errorf("--more 3 said %q", said)
	}
	_, err = do(context.Background(), small+" --steps 6")
	if err == nil || !strings.Contains(err.Error(), dir+" already holds a run") || !strings.Contains(err.Error(), "--out") {
		t.Fatalf("into a folder with a run: %v", err)
	}
	if said = follow(err.Error(), ""); !strings.Contains(said, "is at step 5 already") {
		t.Errorf("resumed at its end it said %q", said)
	}
	if said = follow(said, "1"); !strings.Contains(said, "step 6 of 6") {
		t.Errorf("one more said %q", said)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	_, err = do(stopped, "run --resume "+dir+" --steps 8")
	if said = follow(err.Error(), ""); !strings.Contains(said, "step 8 of 8") {
		t.Errorf("after it was stopped it said %q", said)
	}
	// A setting that needs no new networks is turned; one that does leads elsewhere.
	said, err = do(context.Background(), "run --resume "+dir+" --more 1 --learning-rate 0.0005")
	if err != nil || !strings.Contains(said, "learning-rate is 0.0005 from step 8 on") {
		t.Errorf("another rate said %q, %v", said, err)
	}
	_, err = do(context.Background(), "run --resume "+dir+" --width 32")
	if status(err) != 2 || !strings.Contains(err.Error(), "width is 16") || !strings.Contains(err.Error(), "ganbel run --from "+dir) {
		t.Fatalf("another width: %v", err)
	}
	for _, found := range advised.FindAllStringSubmatch(err.Error(), -1) {
		line := strings.ReplaceAll(found[1], "DIR", "new")
		if !strings.Contains(line, "--out") {
			line += " --out from --more"
		} else {
			line += " --steps"
		}
		if said, err := do(context.Background(), strings.Replace(line, " also does without in a new folder", "", 1)+" 1"); err != nil {
			t.Errorf("ganbel%s: %q, %v", line, said, err)
		}
	}
	for _, name := range []string{"new", "from"} {
		if _, err := os.Stat(filepath.Join(name, "checkpoint.safetensors")); err != nil {
			t.Error(err)
		}
	}
}

// Steps are the total in every form, and more are added to where the run stands.
func TestSteps(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		line   string
		status int
		want   string
	}{
		{"run wgan-gp --width 16 --batch 32 --field 16 --more 4 --out r", 0, "step 4 of 4"},
		{"run --resume r --steps 6", 0, "step 6 of 6"},
		{"run --resume r --more 2", 0, "step 8 of 8"},
		{"run wgan-gp --resume r --more 1", 0, "step 9 of 9"},
		{"run gumbel-vae --resume r --more 1", 2, "holds a run of wgan-gp"},
		{"run --from r --more 2 --out s", 0, "step 11 of 11"},
		{"run --from r --steps 10 --out u", 0, "step 10 of 10"},
		{"run --from r/checkpoint.safetensors --steps 10", 0, "runs/wgan-gp-1 holds"},
		{"run --from r --steps 9 --out v", 2, "stands at step 9"},
		{"run --resume r --steps 9 --more 1", 2, "give one of them"},
		{"run wgan-gp --steps 9 --more 1", 2, "give one of them"},
		{"run --resume r --more 0", 2, "at least 1"},
		{"run wgan-gp --steps 0", 2, "at least 1"},
		{"run -resume r -more 1", 0, "step 10 of 10"},
	} {
		var err error
		said := quiet(t, func() { err = command(context.Background(), strings.Fields(c.line)) })
		if err != nil {
			said = err.Error()
		}
		if status(err) != c.status || !strings.Contains(filepath.ToSlash(said), c.want) {
			t.Errorf("%s: status %d, %q; want %d and %q", c.line, status(err), said, c.status, c.want)
		}
	}
	if _, err := os.Stat("v"); err == nil {
		t.Error("misuse left a folder")
	}
}

// A preset runs as long as it says, and says so.
func TestPresetLength(t *testing.T) {
	e := experiment.WGANGP
	for want, text := range map[string]string{
		"wgan-gp, preset paper: 100,000 steps, a row of metrics every 500 steps":                  scaled(e, *e.Preset("paper"), lab.Values{"decay": "0"}, 100_000, 500),
		"wgan-gp, preset paper: 4,000 of the preset's 100,000 steps, a row of metrics every step": scaled(e, *e.Preset("paper"), lab.Values{"decay": "0"}, 4000, 1),
		"wgan-gp, preset live: 9,000 steps, where the preset has 4,000, a row of metrics every":   scaled(e, *e.Preset("live"), lab.Values{"decay": "4000"}, 9000, 50),
		"the learning rate would fall for 4,000: --decay 1000 lets it end with the run":           scaled(e, *e.Preset("live"), lab.Values{"decay": "4000"}, 1000, 50),
		"gumbel-classes, preset live: 6 steps, a row of metrics every step":                       scaled(experiment.GumbelClasses, *experiment.GumbelClasses.Preset("live"), nil, 6, 1),
		"gumbel-classes, preset live: 3 of the preset's 6 steps, a row of metrics every step":     scaled(experiment.GumbelClasses, *experiment.GumbelClasses.Preset("live"), nil, 3, 1),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it says %q, want %q", text, want)
		}
	}
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	listed := words(quiet(t, func() {
		if err := command(context.Background(), []string{"list"}); err != nil {
			t.Fatal(err)
		}
	}))
	for _, e := range lab.Experiments() {
		c, _, err := table().root.Find([]string{"run", e.Name})
		if err != nil {
			t.Fatal(err)
		}
		help := words(helpText(c))
		for _, p := range e.Presets {
			for _, text := range []string{listed, help} {
				if !strings.Contains(text, length(p)) {
					t.Errorf("%s %s: nothing says %q", e.Name, p.Name, length(p))
				}
			}
		}
	}
}

// The folder of a run has its preset in its name, and lies below runs whatever a file
// says that its preset is.
func TestFolder(t *testing.T) {
	for preset, want := range map[string]string{"paper": "runs/wgan-gp-paper-7", "": "runs/wgan-gp-7", "../../x": "runs/wgan-gp-7", "notebook": "runs/wgan-gp-7"} {
		if got := filepath.ToSlash(folder(experiment.WGANGP, preset, "7")); got != want {
			t.Errorf("preset %q trains in %s, want %s", preset, got, want)
		}
	}
}

// A classifier that is named scores images, unless their number is given.
func TestClassifierScores(t *testing.T) {
	for _, c := range []struct {
		flags, changes map[string]string
		values         lab.Values
		want           string
	}{
		{map[string]string{"squeezenet": "x"}, nil, lab.Values{"score-images": "0"}, "1000"},
		{map[string]string{"inception": "x"}, nil, lab.Values{"score-images": "0"}, "1000"},
		{map[string]string{"images": "x"}, nil, lab.Values{"score-images": "0"}, ""},
		{map[string]string{"squeezenet": "x"}, nil, lab.Values{"score-images": "200"}, ""},
		{map[string]string{"squeezenet": "x"}, map[string]string{"score-images": "0"}, lab.Values{"score-images": "0"}, "0"},
	} {
		var log strings.Builder
		o := &runner{paths: c.flags, changes: lab.Values{}}
		for name, text := range c.changes {
			o.changes[name] = text
		}
		added := o.scores(experiment.WGANCIFAR, c.values, &log)
		if o.changes["score-images"] != c.want || added != (c.want == "1000") || added != strings.Contains(log.String(), "1000 images are scored") {
			t.Errorf("%v, %v: %q images are scored, said %q", c.flags, c.values, o.changes["score-images"], log.String())
		}
	}
	var err error
	quiet(t, func() { err = command(context.Background(), strings.Fields("run wgan-gp --squeezenet x")) })
	if status(err) != 2 || !strings.Contains(err.Error(), "leave out --squeezenet") {
		t.Errorf("of points: %v", err)
	}
	quiet(t, func() {
		err = command(context.Background(), strings.Fields("run wgan-mnist --squeezenet x --inception y"))
	})
	if status(err) != 2 || !strings.Contains(err.Error(), "two classifiers") {
		t.Errorf("with two: %v", err)
	}
}

// Every command and everything below it has a help with an example, which -h and help
// write alike, and the examples name commands and flags that there are.
func TestHelpOfAll(t *testing.T) {
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		line := strings.Fields(c.CommandPath())[1:]
		var err error
		short := quiet(t, func() { err = command(context.Background(), append(slices.Clone(line), "-h")) })
		if err != nil {
			t.Errorf("%s -h: %v", c.CommandPath(), err)
		}
		long := quiet(t, func() { err = errors.Join(err, command(context.Background(), append([]string{"help"}, line...))) })
		if err != nil || short != long || c.Name() != "help" && !strings.Contains(short, "\nExamples:\n  ") || c.Short == "" {
			t.Errorf("%s: -h says\n%s\nand help says\n%s, %v", c.CommandPath(), short, long, err)
		}
		for example := range strings.SplitSeq(c.Example, "\n") {
			for _, bad := range badAdvice(example) {
				t.Errorf("%s: %s: %s", c.CommandPath(), example, bad)
			}
		}
		for _, below := range c.Commands() {
			visit(below)
		}
	}
	visit(commands(nil, nil))
}

// A shell completes commands, experiments, presets, settings and what they can be.
func TestCompletion(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("r", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line []string
		want []string
		not  string
	}{
		{[]string{"s"}, []string{"sweep", "score", "serve"}, "table1"},
		{[]string{"run", "wgan-l"}, []string{"wgan-lsun", "wgan-lsun-128", "wgan-language"}, "wgan-gp"},
		{[]string{"run", "wgan-gp", "--preset", ""}, []string{"live", "paper", "figure-1b"}, "notebook"},
		{[]string{"run", "gumbel-vae", "--preset", ""}, []string{"live", "notebook"}, "figure-1b"},
		{[]string{"run", "wgan-gp", "--learn"}, []string{"--learning-rate"}, "--temperature"},
		{[]string{"run", "wgan-gp", "--data", ""}, []string{"8gaussians", "swissroll", "points"}, "r"},
		{[]string{"run", "wgan-resnet", "--labels="}, []string{"true", "false"}, "r"},
		{[]string{"run", "--st"}, []string{"--steps"}, "--width"},
		{[]string{"sweep", ""}, []string{"figure2", "figure3", "architectures"}, "r"},
		{[]string{"sweep", "figure3", "--set", "wid"}, []string{"width="}, "objective="},
		{[]string{"sweep", "figure2", "--set", "networks="}, []string{"networks=gated"}, "width="},
		{[]string{"table1", "--rows", "sop-bernoulli,"}, []string{"sop-bernoulli,vae-categorical"}, "r"},
		{[]string{"help", "ru"}, []string{"run"}, "sweep"},
		{[]string{"help", "run", "gumbel-v"}, []string{"gumbel-vae"}, "wgan-gp"},
		{[]string{"completion", ""}, []string{"bash", "zsh", "fish", "powershell"}, "r"},
	} {
		var err error
		said := quiet(t, func() { err = command(context.Background(), append([]string{"__complete"}, c.line...)) })
		var all []string
		for line := range strings.Lines(said) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			all = append(all, word)
		}
		for _, want := range c.want {
			if !slices.Contains(all, want) {
				t.Errorf("%q is completed to %q, want %s", c.line, all, want)
			}
		}
		if err != nil || slices.Contains(all, c.not) {
			t.Errorf("%q is completed to %q, %v", c.line, all, err)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		var err error
		if said := quiet(t, func() { err = command(context.Background(), []string{"completion", shell}) }); err != nil || !strings.Contains(said, "ganbel") {
			t.Errorf("%s: %v, %d letters", shell, err, len(said))
		}
	}
}

// --version names the version, the compiler and the machine.
func TestVersion(t *testing.T) {
	var err error
	said := quiet(t, func() { err = command(context.Background(), []string{"--version"}) })
	if err != nil || !regexp.MustCompile(`^ganbel \S.*, go1\S*, [a-z0-9]+/[a-z0-9]+\n$`).MatchString(said) {
		t.Errorf("it says %q, %v", said, err)
	}
}

// Wrong calls of the newer forms are answered like those of the older ones.
func TestMisuseMore(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		line string
		want string
	}{
		{"help rnu", "did you mean run?"},
		{"help run wgan-pg", "did you mean wgan-gp?"},
		{"sweep figure", "did you mean figure"},
		{"sweep", "there are figure2"},
		{"sweep figure3 --methods penlty --images x", "did you mean penalty?"},
		{"sweep figure3 --stpes 3", "did you mean --steps?"},
		{"sweep figure3 more", "no flag"},
		{"sweep figure3 --set width", "NAME=VALUE"},
		{"sweep figure3 --steps 0 --images x", "--steps is 0"},
		{"run wgan-gp -learning-rat 1", "did you mean --learning-rate?"},
		{"run wgan-gp --steps", "--steps N"},
		{"run wgan-gp --gif=maybe", "true or false"},
		{"run wgan-cifar --broken 2", "from 0 to below 1"},
		{"score --run nothing more", "no flag"},
		{"completion bsh", "bsh"},
	} {
		var err error
		quiet(t, func() { err = command(context.Background(), strings.Fields(c.line)) })
		if err == nil || status(err) != 2 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: status %d, %v; want %q", c.line, status(err), err, c.want)
		}
	}
	if left, _ := os.ReadDir("."); len(left) != 0 {
		t.Errorf("misuse left %v", left)
	}
}
