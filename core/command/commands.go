package command

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/record"
)

// commands returns the table of commands, from which parsing, help and completion are
// made. The command line, without the program's name, is used only in messages. page is
// that of Main.
func commands(page fs.FS, line []string) *cobra.Command {
	cobra.EnableCommandSorting = false // the table has the order in which they are needed
	root := &cobra.Command{
		Use:     "ganbel COMMAND",
		Short:   "Trains the experiments of two papers.",
		Long:    "Trains the experiments of \"Improved Training of Wasserstein GANs\" and of \"Categorical\nReparameterization with Gumbel-Softmax\".\n\nIt exits with 0 if all went well, 1 if something failed, 2 if it was called wrongly, and 130 if it was\ninterrupted.\n",
		Example: "ganbel list\nganbel run wgan-gp --data swissroll\nganbel run gumbel-vae -h\nganbel help sweep",
		Version: version(),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			var names []string
			for _, c := range c.Commands() {
				names = append(names, c.Name())
			}
			return misused("no command %q%s\n\n%s", args[0], near(args[0], names), helpText(c))
		},
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(listCommand(), runCommand(line), table1Command(), sweepCommand(), scoreCommand(), digitsCommand(),
		exportCommand(), serveCommand(page), benchCommand(), licencesCommand())
	completion(root)
	root.SetHelpCommand(helpCommand(root))
	root.InitDefaultHelpCmd()
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { writeHelp(os.Stdout, c) })
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return flagError(c, line, err) })
	root.InitDefaultVersionFlag()
	root.Flag("version").Usage = "write the version, the commit and the compiler of this program"
	root.SetVersionTemplate("ganbel {{.Version}}\n")
	return root
}

// completion adds the command that makes a shell's script.
func completion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Short = "Makes a script by which a shell completes commands, flags and their values."
			c.Example = "source <(ganbel completion bash)\nganbel completion zsh > ~/.zfunc/_ganbel\nganbel completion fish > ~/.config/fish/completions/ganbel.fish\nganbel completion powershell >> $PROFILE"
			var shells []string
			c.Args = func(_ *cobra.Command, args []string) error {
				if len(args) > 0 {
					return misused("there is no completion of %q%s: there are %s", args[0], near(args[0], shells), strings.Join(shells, ", "))
				}
				return nil
			}
			c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
			for _, shell := range c.Commands() {
				shells = append(shells, shell.Name())
				shell.Example = "ganbel completion " + shell.Name()
			}
		}
	}
}

// version returns the release of this program or the commit that it was built of, and
// what built it.
func version() string {
	b := record.ThisBuild()
	text := b.Version
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != b.Version {
			text = v + ", commit " + b.Version
		}
	}
	return fmt.Sprintf("%s, %s, %s/%s", text, b.Go, b.OS, b.Arch)
}

func listCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "Lists what there is to run: experiments and their presets.",
		Example: "ganbel list",
		Args:    nothing,
		RunE: func(*cobra.Command, []string) error {
			for _, e := range lab.Experiments() {
				fmt.Printf("%s: %s\n", e.Name, e.Doc)
				for _, p := range e.Presets {
					fmt.Printf("    --preset %-18s %s %s\n", p.Name, length(p), p.Doc)
				}
			}
			return nil
		},
	}
}

// length returns how long a preset runs, as a sentence.
func length(p lab.Preset) string {
	return fmt.Sprintf("%s steps, a row of metrics every %s.", data.Thousands(p.Steps), interval(p.Every))
}

// interval returns a number of steps as it is said after "every".
func interval(n int) string {
	if n == 1 {
		return "step"
	}
	return data.Thousands(n) + " steps"
}

func benchCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "bench",
		Short:   "Measures steps a second, and products next to gonum's.",
		Example: "ganbel bench",
		Args:    nothing,
		RunE:    func(*cobra.Command, []string) error { return bench(os.Stdout) },
	}
}

func licencesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "licences",
		Short:   "Writes the licences of this program and of all that is in it.",
		Example: "ganbel licences",
		Args:    nothing,
		RunE:    func(*cobra.Command, []string) error { return licences(os.Stdout) },
	}
}

// licences writes the licence of ganbel and those of all that is within it.
func licences(w io.Writer) error {
	_, err := io.WriteString(w, assets.Licences)
	return err
}

// nothing checks the arguments of a command that takes flags only.
func nothing(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if names := flagNames(c); len(names) > 0 {
		return misused("%q is no flag%s", args[0], near("--"+args[0], names))
	}
	return misused("%s takes nothing after it, not %q", c.Name(), args[0])
}

// one checks the arguments of a command that takes one thing; what says how to name it.
func one(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return misused("%s: %s", what, c.UseLine())
		case len(args) > 1:
			return nothing(c, args[1:])
		}
		return nil
	}
}

// helpCommand returns ganbel help, which writes what -h does.
func helpCommand(root *cobra.Command) *cobra.Command {
	find := func(args []string) (c *cobra.Command, err error) {
		c = root
		for _, name := range args {
			var names []string
			i := slices.IndexFunc(c.Commands(), func(below *cobra.Command) bool {
				names = append(names, below.Name())
				return below.Name() == name
			})
			if i < 0 {
				return c, misused("there is no help of %q%s: ganbel -h lists the commands, ganbel list the experiments", strings.Join(args, " "), near(name, names))
			}
			c = c.Commands()[i]
		}
		return c, nil
	}
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Explains a command: ganbel help run is ganbel run -h.",
		Example: "ganbel help sweep\nganbel help run wgan-gp",
		ValidArgsFunction: func(_ *cobra.Command, args []string, begun string) (all []string, _ cobra.ShellCompDirective) {
			if c, err := find(args); err == nil {
				for _, below := range c.Commands() {
					if !strings.HasPrefix(below.Name(), begun) {
						continue
					}
					if below.IsAvailableCommand() || below.Name() == "help" {
						all = append(all, cobra.CompletionWithDesc(below.Name(), below.Short))
					}
				}
			}
			return all, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := find(args)
			if err != nil {
				return err
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}
