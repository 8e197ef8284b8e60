package experiment_test

import (
	"bytes"
	"fmt"
	"log"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/train"
)

// A run is opened with settings, trained, saved to a file, and resumed from it.
func Example() {
	e, err := lab.Find("wgan-gp")
	if err != nil {
		log.Fatal(err)
	}
	values, err := e.Resolve("live", lab.Values{"width": "16", "batch": "32"})
	if err != nil {
		log.Fatal(err)
	}
	run, err := experiment.Open(e, values, experiment.World{Goroutines: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer run.Close()
	if err := run.Train(20); err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := data.WriteSafetensors(&file, run.Save()); err != nil {
		log.Fatal(err)
	}
	saved, err := train.ReadRun(&file)
	if err != nil {
		log.Fatal(err)
	}
	resumed, err := experiment.Open(e, values, experiment.World{Goroutines: 1, Saved: &saved})
	if err != nil {
		log.Fatal(err)
	}
	defer resumed.Close()
	if err := resumed.Load(saved); err != nil {
		log.Fatal(err)
	}
	run.Train(5)
	resumed.Train(5)
	fmt.Println(resumed.Step(), resumed.Measure()[0] == run.Measure()[0])
	fmt.Println(saved.Tensors["critic.0.weight"].Shape, saved.Tensors["adam.m.critic.0.weight"].Shape)
	// Output:
	// 25 true
	// [2 16] [2 16]
}
