package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ganbel/core/lab"
)

// Annotations of a flag: the heading it stands under, and what stands for its value.
const (
	groupOf = "group"
	kindOf  = "kind"
)

// group puts all flags of a set that have no heading yet under one. Each of kinds is a
// flag's name and what stands for its value, such as "out DIR"; numbers need no entry.
func group(f *pflag.FlagSet, heading string, kinds ...string) {
	f.SortFlags = false
	f.VisitAll(func(g *pflag.Flag) {
		if g.Annotations == nil {
			g.Annotations = map[string][]string{}
		}
		if g.Annotations[groupOf] == nil {
			g.Annotations[groupOf] = []string{heading}
		}
	})
	for _, k := range kinds {
		name, kind, _ := strings.Cut(k, " ")
		f.Lookup(name).Annotations[kindOf] = []string{kind}
	}
}

// valueOf returns what stands for a flag's value, "" if it takes none.
func valueOf(g *pflag.Flag) string {
	if kind := g.Annotations[kindOf]; kind != nil {
		return kind[0]
	}
	switch kind := g.Value.Type(); kind {
	case "int", "uint64":
		return "N"
	case "bool":
		return ""
	default:
		return kind
	}
}

// helpText returns the help of a command.
func helpText(c *cobra.Command) string {
	var b strings.Builder
	writeHelp(&b, c)
	return b.String()
}

// writeHelp writes how a command is called: what it does, what is below it, its flags
// under their headings with their defaults, and examples.
func writeHelp(w io.Writer, c *cobra.Command) {
	fmt.Fprintf(w, "%s\n\n", c.UseLine())
	if text := c.Long; text != "" {
		fmt.Fprintln(w, strings.TrimRight(text, "\n"))
	} else {
		paragraph(w, c.Short)
	}
	e := experimentOf(c)
	preset := ""
	if e != nil {
		preset = presets(w, c, e)
	}
	if c.HasAvailableSubCommands() {
		heading := "Commands:"
		if c.Name() == "run" {
			heading = "The experiments, each of which has more flags (ganbel run EXPERIMENT -h):"
		}
		fmt.Fprintf(w, "\n%s\n", heading)
		for _, below := range c.Commands() {
			if below.IsAvailableCommand() || below.Name() == "help" {
				item(w, below.Use, below.Short)
			}
		}
	}
	var headings []string
	flags := map[string][]*pflag.Flag{}
	add := func(g *pflag.Flag) {
		heading := "Flags"
		if of := g.Annotations[groupOf]; of != nil {
			heading = of[0]
		}
		if g.Hidden || g.Name == "help" {
			return
		}
		if flags[heading] == nil {
			headings = append(headings, heading)
		}
		flags[heading] = append(flags[heading], g)
	}
	c.Flags().SortFlags, c.PersistentFlags().SortFlags = false, false
	c.InheritedFlags().SortFlags = false
	c.InheritedFlags().VisitAll(add)
	c.LocalFlags().VisitAll(add)
	for _, heading := range headings {
		fmt.Fprintf(w, "\n%s:\n", heading)
		for _, g := range flags[heading] {
			kind, doc := valueOf(g), g.Usage
			if s, ok := g.Value.(*setting); ok {
				kind, doc = s.describe(preset)
			} else if g.DefValue != "" && g.DefValue != "0" && g.DefValue != "false" && g.DefValue != "[]" {
				doc += " (" + g.DefValue + ")"
			}
			item(w, strings.TrimSpace("--"+g.Name+" "+kind), doc)
		}
	}
	if e != nil {
		fmt.Fprintf(w, "\nIn brackets: what holds with preset %s, unless a flag says otherwise.\n", preset)
	}
	if c.Example != "" {
		fmt.Fprintln(w, "\nExamples:")
		for line := range strings.SplitSeq(c.Example, "\n") {
			fmt.Fprintln(w, "  "+line)
		}
	}
}

// presets writes an experiment's presets, and returns the name of the one that the
// command line has chosen.
func presets(w io.Writer, c *cobra.Command, e *lab.Experiment) string {
	fmt.Fprintln(w, "\nPresets:")
	for i, p := range e.Presets {
		doc := p.Doc + " " + length(p)
		if i == 0 {
			doc += " Taken if none is named."
		}
		item(w, p.Name, doc)
	}
	if p := e.Preset(c.Flag("preset").Value.String()); p != nil {
		return p.Name
	}
	return e.Presets[0].Name
}

const textWidth = 100 // of a help's lines

// paragraph writes text in lines of textWidth letters.
func paragraph(w io.Writer, text string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > textWidth {
			fmt.Fprintln(w, line)
			line = ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	fmt.Fprintln(w, line)
}

// item writes a name and, next to it, what it means in lines of textWidth letters.
func item(w io.Writer, name, doc string) {
	const indent = 26
	line := fmt.Sprintf("  %-*s", indent-2, name)
	if len(name) > indent-4 {
		fmt.Fprintln(w, line)
		line = strings.Repeat(" ", indent)
	}
	at := indent
	for i, word := range strings.Fields(doc) {
		n := len([]rune(word))
		if at+1+n > textWidth {
			fmt.Fprintln(w, strings.TrimRight(line, " "))
			line, at = strings.Repeat(" ", indent), indent
		} else if i > 0 {
			line, at = line+" ", at+1
		}
		line, at = line+word, at+n
	}
	fmt.Fprintln(w, line)
}
