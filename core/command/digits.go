package command

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"ganbel/assets"
	"ganbel/core/data"
	"ganbel/core/score"
)

// digitsCommand trains the classifier of MNIST that ganbel score judges digits by.
func digitsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "digits",
		Short:   "Trains the classifier that digits are scored by.",
		Long:    "Trains the classifier of MNIST that ganbel score and the page judge digits by, on one core for each that\nthere is, and tests it.\n",
		Example: "ganbel digits --epochs 5 --seed 1 --out classifier.safetensors",
		Args:    nothing,
	}
	f := c.Flags()
	out := f.String("out", score.DigitsFile, "file for the weights")
	epochs := f.Int("epochs", 5, "how often it sees all 60,000 digits")
	seed := f.Uint64("seed", 1, "of the first weights and of the order of digits")
	group(f, "Flags", "out FILE")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *epochs < 1 {
			return misused("--epochs is %d and must be 1 at least", *epochs)
		}
		return digits(c.Context(), *out, *epochs, *seed)
	}
	return c
}

// digits trains the classifier and writes its weights into a file.
func digits(ctx context.Context, out string, epochs int, seed uint64) error {
	train, test, err := data.MNIST(assets.MNIST())
	if err != nil {
		return err
	}
	s, err := score.TrainDigits(ctx, train, score.DigitsTraining{Epochs: epochs, Batch: 100, Rate: 2e-3, Seed: seed, Goroutines: runtime.GOMAXPROCS(0),
		Log: func(step, steps int, loss float64) { fmt.Printf("step %d of %d: loss %.4f nats\n", step, steps, loss) }})
	if err != nil {
		return err
	}
	c, err := score.Digits(s)
	if err != nil {
		return err
	}
	accuracy := score.Accuracy(c, test)
	s.Meta = map[string]string{"test accuracy": fmt.Sprintf("%.4f", accuracy), "epochs": fmt.Sprint(epochs), "seed": fmt.Sprint(seed)}
	fmt.Printf("%.2f %% of %d test digits are classified rightly\n", 100*accuracy, test.Count())
	return data.WriteStore(out, s)
}
