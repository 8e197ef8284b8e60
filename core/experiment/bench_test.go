package experiment

import (
	"testing"

	"ganbel/core/lab"
)

// BenchmarkStep prints the iterations a second of every preset at its own size.
func BenchmarkStep(b *testing.B) {
	for _, e := range lab.Experiments() {
		for _, p := range e.Presets {
			b.Run(e.Name+"/"+p.Name, func(b *testing.B) {
				r := open(b, e, p.Name, nil)
				for b.Loop() {
					if err := r.Train(1); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
			})
		}
	}
}

// BenchmarkOpen prints how long it takes to build and compile every preset at its
// own size, and the deepest toy.
func BenchmarkOpen(b *testing.B) {
	each := func(name string, e *lab.Experiment, preset string, changes lab.Values) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				open(b, e, preset, changes)
			}
		})
	}
	for _, p := range WGANGP.Presets {
		each(p.Name, WGANGP, p.Name, nil)
	}
	each("20 layers", WGANGP, "paper", lab.Values{"depth": "20"})
	each("20 narrow layers", WGANGP, "live", lab.Values{"depth": "20"})
}

// BenchmarkFrame prints how long a frame takes of a run that has trained, which a
// page asks for up to twenty times a second.
func BenchmarkFrame(b *testing.B) {
	for _, preset := range []string{"live", "paper"} {
		b.Run(preset, func(b *testing.B) {
			r := open(b, WGANGP, preset, nil)
			if err := r.Train(1); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				r.Frame()
			}
		})
	}
}
