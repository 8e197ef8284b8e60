package gumbel

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/program"
	"ganbel/core/random"
)

// drawn is what was seen of many float32 draws of Softmax.
type drawn struct {
	draws   int
	nan     int     // draws with a NaN
	least   float32 // element
	most    float64 // |Σ y - 1|, the sum taken in float64
	mostTau float64 // where
}

// ulp is the distance of float32s from 1 up.
const ulp = 0x1p-23

// draw makes n draws of k classes, or a few more, in equal parts at 13 temperatures from
// 1e-6 to 1e6. Every row has logits of its own, of all sizes, and one in eight a
// class that is masked.
func draw(k, n int) (d drawn) {
	const rows = 4096
	g := graph.New()
	logits, u, tau := g.Input("logits", rows, k), g.Input("u", rows, k), g.Input("tau", 1, 1)
	y := Softmax(logits, u, tau)
	memory := cpu.NewMemory()
	m := cpu.Open(program.Compile(nil, y), memory, 1)
	defer m.Close()
	r := random.New(1, "draws")
	l := memory.Of(logits)
	r.Normal(l)
	for i := range l {
		l[i] *= []float32{0, .1, 1, 3, 10, 100, 1e4}[i/k%7]
		if i/k%8 == 7 && i%k == 1 {
			l[i] = float32(math.Inf(-1))
		}
	}
	d.least = 1
	for exponent := -6; exponent <= 6; exponent++ {
		t := math.Pow(10, float64(exponent))
		memory.Of(tau)[0] = float32(t)
		for range max(1, (n/13+rows-1)/rows) {
			r.Uniform(memory.Of(u))
			m.Run()
			all := m.Read(y)
			for at := 0; at < len(all); at += k {
				sum := 0.
				for _, x := range all[at : at+k] {
					sum += float64(x)
					d.least = min(d.least, x)
				}
				switch off := math.Abs(sum - 1); {
				case off != off:
					d.nan++
				case off > d.most:
					d.most, d.mostTau = off, t
				}
			}
			d.draws += rows
		}
	}
	return d
}

func (d drawn) check(t testing.TB) {
	if d.nan > 0 || !(d.least >= 0) || d.most > 4*ulp {
		t.Errorf("of %d draws %d have a NaN, the least element is %v, and a sum is %.2f ulp from 1 at τ %g", d.draws, d.nan, d.least, d.most/ulp, d.mostTau)
	}
}

// Float32 draws at any temperature are points of the simplex: no NaN, none negative,
// and sums within 4 ulp of 1. make bench-draws makes a thousand million.
func TestDraws(t *testing.T) {
	for _, k := range []int{2, 3, 10, 100} {
		draw(k, 500_000/k).check(t)
	}
}

// BenchmarkDraws makes as many draws of 3 and of 10 classes as the environment's DRAWS
// says, or a million, and prints the worst.
func BenchmarkDraws(b *testing.B) {
	n := 1_000_000
	if text := os.Getenv("DRAWS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatalf("DRAWS is %q: it must be a whole number", text)
		}
	}
	for _, k := range []int{3, 10} {
		b.Run(fmt.Sprint("K=", k), func(b *testing.B) {
			var d drawn
			for b.Loop() {
				d = draw(k, n)
			}
			d.check(b)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*d.draws), "ns/draw")
			b.ReportMetric(float64(d.draws), "draws")
			b.ReportMetric(float64(d.nan), "NaN")
			b.ReportMetric(float64(d.least), "least")
			b.ReportMetric(d.most/ulp, "ulp-off-1")
			b.ReportMetric(d.mostTau, "at-τ")
		})
	}
}
