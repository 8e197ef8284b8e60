package lab

import "testing"

// BenchmarkStep prints the iterations a second of every preset at its own size.
func BenchmarkStep(b *testing.B) {
	for _, e := range Experiments {
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
