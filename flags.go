package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"ganbel/core/lab"
)

// settings makes a flag of every setting, which writes its text into changes.
func settings(f *flag.FlagSet, e *lab.Experiment, changes lab.Values) {
	for _, s := range e.Settings {
		take := func(text string) error {
			changes[s.Name] = text
			return nil
		}
		if s.Kind == lab.Bool {
			f.BoolFunc(s.Name, s.Doc, take)
		} else {
			f.Func(s.Name, s.Doc, take)
		}
	}
}

// parse reads the flags. It returns flag.ErrHelp once they were asked for, and a
// misuse where there is no such flag or something that is none.
func parse(f *flag.FlagSet, args []string) error {
	f.SetOutput(io.Discard)
	helped := f.Usage
	f.Usage = func() {} // flag would print it with every error
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		if helped == nil {
			fmt.Print(usage)
		} else {
			helped()
		}
		return err
	}
	if err == nil && f.NArg() == 0 {
		return nil
	}
	var names []string
	f.VisitAll(func(g *flag.Flag) { names = append(names, g.Name) })
	if err == nil {
		for _, e := range lab.Experiments {
			if e.Name == f.Arg(0) {
				return misused("the experiment comes first: ganbel run %s [flags]", e.Name)
			}
		}
		return misused("%q is no flag%s", f.Arg(0), near("--"+f.Arg(0), dashed(names)))
	}
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return misuse{err}
	}
	for _, e := range lab.Experiments {
		if f.Lookup(name) == nil && f.Lookup("resume") != nil && f.Lookup("seed") == nil && e.Setting(name) != nil {
			return misused("--%s belongs to an experiment, which comes first: ganbel run %s --%s ...", name, e.Name, name)
		}
	}
	return misused("%s has no flag --%s%s", f.Name(), name, near("--"+name, dashed(names)))
}

func dashed(names []string) (all []string) {
	for _, n := range names {
		all = append(all, "--"+n)
	}
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

// help writes the flags of ganbel run, those of the experiment below their headings.
func help(w io.Writer, f *flag.FlagSet, e *lab.Experiment) {
	if e == nil {
		fmt.Fprintf(w, "ganbel run EXPERIMENT [flags]\n\nThe experiments, each of which has more flags (ganbel run EXPERIMENT -h):\n")
		for _, e := range lab.Experiments {
			item(w, e.Name, e.Doc)
		}
	} else {
		fmt.Fprintf(w, "ganbel run %s [flags]\n\n%s\n\nPresets:\n", e.Name, e.Doc)
		for i, p := range e.Presets {
			doc := p.Doc
			if i == 0 {
				doc += " Taken where none is named."
			}
			item(w, p.Name, doc)
		}
	}
	fmt.Fprintf(w, "\nThe run:\n")
	for _, v := range [][2]string{{"preset", "NAME"}, {"steps", "N"}, {"every", "N"}, {"out", "DIR"}, {"resume", "DIR"}, {"from", "FILE"}, {"gif", ""}} {
		g := f.Lookup(v[0])
		doc := g.Usage
		if g.DefValue != "" && v[1] != "" {
			doc += " (" + g.DefValue + ")"
		}
		item(w, strings.TrimSpace("--"+v[0]+" "+v[1]), doc)
	}
	fmt.Fprintf(w, "\nFiles, which a resumed run remembers:\n")
	for _, v := range worldFlags {
		item(w, "--"+v.name+" "+v.kind, v.doc)
	}
	if e == nil {
		return
	}
	values, err := e.Resolve("", nil)
	if err != nil {
		panic(err) // the first preset is in the registry
	}
	var groups []string
	for _, s := range e.Settings {
		if !slices.Contains(groups, s.Group) {
			groups = append(groups, s.Group)
		}
	}
	for _, group := range groups {
		fmt.Fprintf(w, "\n%s%s:\n", strings.ToUpper(group[:1]), group[1:])
		for _, s := range e.Settings {
			if s.Group == group {
				name, doc := flagOf(s)
				item(w, name, doc+" ("+values[s.Name]+")")
			}
		}
	}
	fmt.Fprintf(w, "\nIn brackets: what holds where neither a flag nor another preset than %s says otherwise.\n", e.Presets[0].Name)
}

// flagOf returns a setting's flag and what it means.
func flagOf(s lab.Setting) (name, doc string) {
	name, doc = "--"+s.Name, s.Doc
	unit := ""
	if s.Unit != "" {
		unit = " " + s.Unit
	}
	switch s.Kind {
	case lab.Choice:
		return name + " NAME", doc + " One of " + strings.Join(s.Choices, ", ") + "."
	case lab.Int:
		return name + " N", fmt.Sprintf("%s From %.0f to %.0f%s.", doc, s.Min, s.Max, unit)
	case lab.Float:
		return name + " X", fmt.Sprintf("%s From %g to %g%s.", doc, s.Min, s.Max, unit)
	}
	return name, doc
}

// item writes a name and, beside it, what it means in lines of 100 letters.
func item(w io.Writer, name, doc string) {
	const indent, width = 26, 100
	line := fmt.Sprintf("  %-*s", indent-2, name)
	if len(name) > indent-4 {
		fmt.Fprintln(w, line)
		line = strings.Repeat(" ", indent)
	}
	at := indent
	for i, word := range strings.Fields(doc) {
		n := len([]rune(word))
		if at+1+n > width {
			fmt.Fprintln(w, strings.TrimRight(line, " "))
			line, at = strings.Repeat(" ", indent), indent
		} else if i > 0 {
			line, at = line+" ", at+1
		}
		line, at = line+word, at+n
	}
	fmt.Fprintln(w, line)
}
