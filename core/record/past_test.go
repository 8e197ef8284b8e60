package record

import "testing"

// A Past keeps a few of many rows, evenly spaced and with the last, and returns those
// after any row.
func TestPast(t *testing.T) {
	var p Past
	for n := range 3*mostRows + 7 {
		if got := p.Since(n); got != nil {
			t.Fatalf("after %d rows there are %v more", n, got)
		}
		p.Add([]float64{float64(n)})
		if got := p.Since(n); p.Len() != n+1 || len(got) != 1 || got[0][0] != float64(n) {
			t.Fatalf("row %d is told as %v of %d", n, got, p.Len())
		}
		if n == 0 || n%501 != 0 {
			continue
		}
		for _, from := range []int{0, 1, n / 2, n - 1} {
			got := p.Since(from)
			if len(got) > mostRows+1 || len(got) < min((n+1-from)/4, mostRows/4) {
				t.Fatalf("of %d rows after %d there are %d", n+1-from, from, len(got))
			}
			for i, row := range got {
				if row[0] < float64(from) || i > 0 && row[0] <= got[i-1][0] {
					t.Fatalf("after %d rows of %d there is row %v after %v", from, n+1, row, got[max(0, i-1)])
				}
			}
			if last := got[len(got)-1][0]; last != float64(n) {
				t.Fatalf("the last of %d rows is %v", n+1, last)
			}
		}
	}
	if p.Since(0)[0][0] != 0 {
		t.Error("the first row is gone")
	}
}
