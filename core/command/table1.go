package command

import (
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/gumbel"
	"ganbel/core/sweep"
)

// table1Command runs the grid and writes its table and its curves.
func table1Command() *cobra.Command {
	c := &cobra.Command{
		Use:   "table1",
		Short: "Trains Table 1 of the Gumbel-Softmax paper, and its curves.",
		Long: "Trains Table 1 of \"Categorical Reparameterization with Gumbel-Softmax\" and prints it next to the paper's.\n" +
			"Called again it resumes what was interrupted, and with greater --steps it trains on. It exits with 1 if a\ncell of the table has no result.\n",
		Example: "ganbel table1 --steps 30000\nganbel table1 --rows vae-categorical --estimators gumbel-softmax,nvil --steps 5000",
		Args:    nothing,
	}
	f := c.Flags()
	g := &sweep.Grid{Log: os.Stdout}
	f.StringVar(&g.Dir, "out", "runs/table1", "folder of the grid, with a folder for every run; what is there is continued")
	f.IntVar(&g.Steps, "steps", experiment.GumbelVAE.Preset("paper").Steps, "train until step N; the paper gives no number, the default is that of the presets named paper")
	f.IntVar(&g.Pilot, "pilot", 4000, "step at which the best candidate of each cell is chosen on validation digits")
	seeds := f.String("seeds", "1", "seeds, with commas; the first chooses")
	rates := f.String("rates", "0.003,0.001", "learning rates to choose from, with commas; the paper has 0.00003,0.00001,0.0003,0.0001,0.003,0.001")
	anneals := f.String("anneals", "0.0001,0.00001", "annealing rates of the VAE's temperature to choose from, with commas; these are the paper's")
	every := f.String("anneal-every", "1000", "steps between changes of that temperature to choose from, with commas; the paper has 500,1000")
	rows := f.String("rows", strings.Join(sweep.RowNames, ","), "rows to train, with commas")
	estimators := f.String("estimators", strings.Join(gumbel.Table1Estimators, ","), "columns to train, with commas; also "+strings.Join(beyond(), ", "))
	f.StringVar(&g.Prior, "prior", "learned", "the VAE's, learned or uniform")
	f.IntVar(&g.Draws, "draws", 1000, "hard samples a digit in the bound at the end")
	f.IntVar(&g.Digits, "digits", 10_000, "test digits of that bound")
	f.IntVar(&g.AtOnce, "jobs", runtime.NumCPU(), "runs at the same time, one core each")
	group(f, "Flags", "out DIR", "seeds N,...", "rates X,...", "anneals X,...", "anneal-every N,...", "rows NAME,...", "estimators NAME,...", "prior NAME")
	for _, name := range []string{"steps", "pilot", "seeds", "rates", "anneals", "anneal-every", "draws", "digits", "jobs"} {
		complete(c, name)
	}
	completeList(c, "rows", sweep.RowNames...)
	completeList(c, "estimators", gumbel.Estimators()...)
	complete(c, "prior", experiment.GumbelVAE.Setting("prior").Choices...)
	c.RunE = func(c *cobra.Command, _ []string) error {
		g.Seeds, g.Rates, g.Anneals = strings.Split(*seeds, ","), strings.Split(*rates, ","), strings.Split(*anneals, ",")
		g.Every = strings.Split(*every, ",")
		for _, name := range strings.Split(*rows, ",") {
			at := slices.Index(sweep.RowNames, name)
			if at < 0 {
				return misused("--rows has %q: there are %s", name, strings.Join(sweep.RowNames, ", "))
			}
			g.Rows = append(g.Rows, at)
		}
		for _, name := range strings.Split(*estimators, ",") {
			if _, err := gumbel.NewEstimator(name); err != nil {
				return misused("--estimators: %w%s", err, near(name, gumbel.Estimators()))
			}
			g.Estimators = append(g.Estimators, name)
		}
		switch {
		case g.Steps < 1 || g.Pilot < 1 || g.Pilot > g.Steps || g.AtOnce < 1:
			return misused("--steps is %d, --pilot %d and --jobs %d: all must be at least 1, and the pilot no longer than the run", g.Steps, g.Pilot, g.AtOnce)
		case g.Draws < 1 || g.Draws > 100_000 || g.Digits < 100 || g.Digits > 10_000 || g.Digits%100 != 0:
			return misused("--draws is %d and --digits %d: from 1 to 100000, and hundreds from 100 to 10000", g.Draws, g.Digits)
		}
		if err := checkJobs(g.Jobs()); err != nil {
			return err
		}
		train, test, err := data.MNIST(assets.MNIST())
		if err != nil {
			return err
		}
		g.World = experiment.World{Goroutines: 1, MNIST: func() (*data.Images, *data.Images, error) { return train, test, nil }}
		return g.Run(c.Context())
	}
	return c
}

// beyond returns the estimators that Table 1 lacks.
func beyond() []string {
	return slices.DeleteFunc(gumbel.Estimators(), func(name string) bool { return slices.Contains(gumbel.Table1Estimators, name) })
}
