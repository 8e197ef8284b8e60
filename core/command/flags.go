package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ganbel/core/lab"
	"ganbel/core/record"
)

// A setting is the flag of an experiment's setting. It writes its text into changes, and
// chosen checks it there.
type setting struct {
	lab.Setting
	of      *lab.Experiment
	changes lab.Values
}

func (s *setting) Set(text string) error { s.changes[s.Name] = text; return nil }
func (s *setting) String() string        { return s.changes[s.Name] }

// Type returns what stands for the setting's value in a help.
func (s *setting) Type() string {
	switch s.Kind {
	case lab.Choice:
		return "NAME"
	case lab.Int:
		return "N"
	case lab.Float:
		return "X"
	}
	return ""
}

// describe returns what stands for the value, and what it means, with its range, and
// its default by a preset.
func (s *setting) describe(preset string) (kind, doc string) {
	unit := ""
	if s.Unit != "" {
		unit = " " + s.Unit
	}
	doc = s.Doc
	switch s.Kind {
	case lab.Choice:
		doc += " One of " + strings.Join(s.Choices, ", ") + "."
	case lab.Int:
		doc += fmt.Sprintf(" From %.0f to %.0f%s.", s.Min, s.Max, unit)
	case lab.Float:
		doc += fmt.Sprintf(" From %g to %g%s.", s.Min, s.Max, unit)
	}
	values, err := s.of.Resolve(preset, nil)
	if err != nil {
		panic(err) // presets looked it up in the registry
	}
	return s.Type(), doc + " (" + values[s.Name] + ")"
}

// settings makes a flag of every setting of an experiment, under the heading of its
// group, with values that a shell can complete.
func settings(c *cobra.Command, e *lab.Experiment, changes lab.Values) {
	f := c.Flags()
	f.SortFlags = false
	for _, s := range e.Settings {
		g := f.VarPF(&setting{s, e, changes}, s.Name, "", s.Doc)
		g.Annotations = map[string][]string{groupOf: {strings.ToUpper(s.Group[:1]) + s.Group[1:]}}
		values := s.Choices
		if s.Kind == lab.Bool {
			g.NoOptDefVal = "true"
			values = []string{"true", "false"}
		}
		complete(c, s.Name, values...)
	}
}

// complete lets a shell complete a flag's value with one of these, and with no file name.
func complete(c *cobra.Command, flag string, values ...string) {
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // there is no such flag
	}
}

// completeList is like complete, for a list with commas.
func completeList(c *cobra.Command, flag string, values ...string) {
	err := c.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, begun string) (all []string, _ cobra.ShellCompDirective) {
		before := begun[:strings.LastIndexByte(begun, ',')+1]
		for _, v := range values {
			all = append(all, before+v)
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // there is no such flag
	}
}

// arrange returns a command line in the form that is parsed: flags begin with two
// hyphens, and a resumed run has its own experiment.
func arrange(line []string) []string {
	args := []string{}
	for i, a := range line {
		if a == "--" {
			args = append(args, line[i:]...)
			break
		}
		if len(a) > 2 && a[0] == '-' && a[1] >= 'a' && a[1] <= 'z' {
			a = "-" + a
		}
		args = append(args, a)
	}
	at := 0
	if len(args) > 0 && strings.HasPrefix(args[0], "__complete") {
		at = 1
	}
	if len(args) > at+1 && args[at] == "run" && strings.HasPrefix(args[at+1], "-") {
		if e, _ := resumed(args); e != nil {
			args = append(args[:at+1:at+1], append([]string{e.Name}, args[at+1:]...)...)
		}
	}
	return args
}

// resumed returns the experiment of the run that a command line names by --resume or
// --from, nil if it names none, and an error if what it names holds no run.
func resumed(args []string) (*lab.Experiment, error) {
	for i, a := range args {
		flag, value, ok := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if !ok && i+1 < len(args) {
			value = args[i+1]
		}
		if !strings.HasPrefix(a, "-") || value == "" {
			continue
		}
		name := ""
		switch flag {
		case "resume":
			r, err := record.Describe(value)
			if err != nil {
				return nil, err
			}
			name = r.Experiment
		case "from":
			s, err := record.Read(value)
			if err != nil {
				return nil, err
			}
			name = s.Meta["experiment"]
		default:
			continue
		}
		return lab.Find(name)
	}
	return nil, nil
}

// flagError returns a misuse that says what is wrong with a flag of the command line,
// and what was meant.
func flagError(c *cobra.Command, line []string, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &invalid):
		flag := invalid.GetFlag()
		switch flag.Value.Type() {
		case "int", "uint64":
			return misused("--%s is %q: it must be a whole number%s", flag.Name, invalid.GetValue(), map[string]string{"uint64": ", at least 0"}[flag.Value.Type()])
		case "bool":
			return misused("--%s is %q: it must be true or false, or left out", flag.Name, invalid.GetValue())
		}
		return misused("--%s is %q: %w", flag.Name, invalid.GetValue(), invalid.Unwrap())
	case errors.As(err, &missing):
		g := missing.GetFlag()
		return misused("--%s needs a value: --%s %s", g.Name, g.Name, valueOf(g))
	case !errors.As(err, &unknown):
		return misuse{err}
	}
	name := unknown.GetSpecifiedName()
	if c.Name() == "run" {
		if len(line) > 1 && !strings.HasPrefix(line[1], "-") {
			return experimentError(line[1])
		}
		if _, err := resumed(line); err != nil {
			return err
		}
		for _, e := range lab.Experiments() {
			if e.Setting(name) != nil {
				return misused("--%s belongs to an experiment, which comes first: ganbel run %s --%s ...", name, e.Name, name)
			}
		}
	}
	return misused("%s has no flag --%s%s", c.CommandPath(), name, near("--"+name, flagNames(c)))
}

// flagNames returns the flags of a command but --help, with their hyphens.
func flagNames(c *cobra.Command) (all []string) {
	c.InheritedFlags() // c.Flags has them from now on
	c.Flags().VisitAll(func(g *pflag.Flag) {
		if g.Name != "help" {
			all = append(all, "--"+g.Name)
		}
	})
	return all
}

// near returns "; did you mean NAME?" for the name that word looks like: one that
// begins with it, or the one fewest letters away; or "" where none does.
func near(word string, names []string) string {
	best, least := "", 2+len(strings.TrimLeft(word, "-"))/4
	for _, name := range names {
		d := distance(word, name)
		if len(strings.TrimLeft(word, "-")) > 2 && strings.HasPrefix(name, word) {
			d = 1
		}
		if d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance returns the fewest letters to put in, take out, change or swap with
// their neighbour that turn a into b.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
