//go:build !js

package score

import (
	"context"
	"os"
	"strings"
	"testing"

	"ganbel/core/data"
)

// A short training learns, and its folded normalisations are
// those it was trained with.
func TestTrainDigits(t *testing.T) {
	if testing.Short() {
		t.Skip("the full suite has it")
	}
	train, test, err := data.MNIST(os.DirFS("../../assets/mnist"))
	if err != nil {
		t.Fatal(err)
	}
	var losses []float64
	c := DigitsTraining{Epochs: 1, Batch: 10, Rate: 2e-3, Seed: 1, Goroutines: 1, Log: func(_, _ int, loss float64) { losses = append(losses, loss) }}
	s, err := TrainDigits(context.Background(), train.Slice(0, 2000), c)
	if err != nil {
		t.Fatal(err)
	}
	if len(losses) != 2 || !(losses[1] < losses[0]) {
		t.Errorf("losses %v", losses)
	}
	judge, err := Digits(s)
	if err != nil {
		t.Fatal(err)
	}
	if a := Accuracy(judge, test.Slice(0, 500)); !(a > .4) { // a tenth by chance
		t.Errorf("it knows %.1f %%", 100*a)
	}
	letters := *train.Slice(0, 2000)
	letters.Labels = append([]uint8{25}, letters.Labels[1:]...)
	if _, err := TrainDigits(context.Background(), &letters, c); err == nil || !strings.Contains(err.Error(), "28 by 28 in 26 classes, and must be digits") {
		t.Errorf("letters: %v", err)
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := TrainDigits(done, train.Slice(0, 2000), c); err != context.Canceled {
		t.Errorf("stopped: %v", err)
	}
}
