package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"

	"ganbel/core/data"
	"ganbel/core/score"
)

// digits trains the classifier of MNIST that ganbel score judges digits by.
func digits(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("ganbel digits", flag.ContinueOnError)
	out := f.String("out", score.DigitsFile, "file for the weights")
	epochs := f.Int("epochs", 5, "how often it sees all 60,000 digits")
	seed := f.Uint64("seed", 1, "of the first weights and of the order of digits")
	f.Usage = func() {
		fmt.Print("ganbel digits [flags]\n\nTrains the classifier of MNIST that ganbel score and the page judge digits by, on one core\nfor each that there is, and tests it.\n\n")
		for _, name := range []string{"out", "epochs", "seed"} {
			g := f.Lookup(name)
			item(os.Stdout, "--"+name, g.Usage+" ("+g.DefValue+")")
		}
	}
	if err := parse(f, args); err != nil {
		return err
	}
	if *epochs < 1 {
		return misused("--epochs is %d and must be 1 at least", *epochs)
	}
	train, test, err := data.MNIST(mnistFiles())
	if err != nil {
		return err
	}
	s, err := score.TrainDigits(ctx, train, score.DigitsTraining{Epochs: *epochs, Batch: 100, Rate: 2e-3, Seed: *seed, Goroutines: runtime.GOMAXPROCS(0),
		Log: func(step, steps int, loss float64) { fmt.Printf("step %d of %d: loss %.4f nats\n", step, steps, loss) }})
	if err != nil {
		return err
	}
	c, err := score.Digits(s)
	if err != nil {
		return err
	}
	accuracy := score.Accuracy(c, test)
	s.Meta = map[string]string{"test accuracy": fmt.Sprintf("%.4f", accuracy), "epochs": fmt.Sprint(*epochs), "seed": fmt.Sprint(*seed)}
	fmt.Printf("%.2f %% of %d test digits are classified rightly\n", 100*accuracy, test.Count())
	return data.WriteStore(*out, s)
}
