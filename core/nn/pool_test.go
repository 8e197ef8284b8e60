package nn

import (
	"math"
	"testing"

	"ganbel/core/cpu"
	"ganbel/core/graph"
	"ganbel/core/program"
	"ganbel/core/random"
)

// The pools are what their definition says, element by element, in float64 and on
// the processor.
func TestPools(t *testing.T) {
	const n, h, w, c = 2, 5, 7, 3
	ceil := graph.Valid(n, h+1, w+1, c, 3, 3, 2) // a place that is partly outside
	ceil.H, ceil.W = h, w
	for _, win := range []graph.Window{
		graph.Valid(n, h, w, c, 3, 3, 2), graph.Same(n, h, w, c, 3, 3, 1), ceil, graph.Valid(n, h, w, c, 1, 7, 1), graph.Same(n, h, w, c, 7, 1, 1),
	} {
		g := graph.New()
		x := g.Input("x", n*h*w, c)
		pools := []*graph.Node{MaxPool(x, win), AvgPool(x, win, true), AvgPool(x, win, false), MeanPlaces(x, n)}
		memory := cpu.NewMemory()
		v := memory.Of(x)
		random.New(1, "pool").Uniform(v)
		feed := make([]float64, len(v))
		for i := range v {
			feed[i] = float64(v[i])
		}
		exact := graph.Eval(graph.Feed{x: feed}, pools...)
		m := cpu.Open(program.Compile(nil, pools...), memory, 1)
		m.Run()
		var want [4][]float64
		for i := range n {
			for oy := range win.OH {
				for ox := range win.OW {
					for ch := range c {
						most, sum, count := math.Inf(-1), 0., 0
						for y := oy*win.Stride - win.Top; y < oy*win.Stride-win.Top+win.KH; y++ {
							for x := ox*win.Stride - win.Left; x < ox*win.Stride-win.Left+win.KW; x++ {
								if y >= 0 && y < h && x >= 0 && x < w {
									u := feed[((i*h+y)*w+x)*c+ch]
									most, sum, count = max(most, u), sum+u, count+1
								}
							}
						}
						want[0] = append(want[0], most)
						want[1] = append(want[1], sum/float64(win.KH*win.KW))
						want[2] = append(want[2], sum/float64(count))
					}
				}
			}
			for ch := range c {
				sum := 0.
				for p := range h * w {
					sum += feed[(i*h*w+p)*c+ch]
				}
				want[3] = append(want[3], sum/(h*w))
			}
		}
		for k, p := range pools {
			got := m.Read(p)
			if len(got) != len(want[k]) {
				t.Fatalf("%v: pool %d has %d elements, want %d", win, k, len(got), len(want[k]))
			}
			for i, u := range want[k] {
				if math.Abs(exact[k][i]-u) > 1e-12 || math.Abs(float64(got[i])-u) > 1e-6 {
					t.Fatalf("%v: pool %d, element %d is %v and %v, want %v", win, k, i, exact[k][i], got[i], u)
				}
			}
		}
		m.Close()
	}
}
