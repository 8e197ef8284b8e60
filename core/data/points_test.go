package data

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// update rewrites the answers in testdata of the cases there, to be read through.
var update = flag.Bool("update", false, "rewrite the answers in testdata")

// A readCase is a file and what a reader says of it. Scripts of the page read the same
// cases and must say the same.
type readCase struct {
	Name   string    `json:"name"`
	Text   string    `json:"text,omitempty"`
	Hex    string    `json:"hex,omitempty"` // of what is not text
	Error  string    `json:"error,omitempty"`
	Points []float64 `json:"points,omitempty"` // rounded to float32
	Good   *goodCase `json:"good,omitempty"`   // the result with bad lines left out, if it differs
}

// A goodCase is the result of reading a file with bad lines left out.
type goodCase struct {
	Points []float64 `json:"points,omitempty"`
	Lines  []int     `json:"lines,omitempty"` // those left out
	Error  string    `json:"error,omitempty"`
}

// bytes returns the file.
func (c readCase) bytes(t testing.TB) []byte {
	if c.Hex == "" {
		return []byte(c.Text)
	}
	b, err := hex.DecodeString(c.Hex)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return b
}

// readJSON reads cases of testdata.
func readJSON(t testing.TB, name string, v any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// writeJSON writes cases, one a line.
func writeJSON[T any](t *testing.T, name string, cases []T) {
	t.Helper()
	var all []string
	for _, c := range cases {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(c); err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.TrimSpace(b.String()))
	}
	if err := os.WriteFile("testdata/"+name, []byte("[\n"+strings.Join(all, ",\n")+"\n]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The page's reader has the same cases, in assets/page/points-file.test.mjs.
func TestReadPoints(t *testing.T) {
	var cases []readCase
	readJSON(t, "points.json", &cases)
	if len(cases) < 50 {
		t.Fatalf("there are %d cases", len(cases))
	}
	read := func(points []float32, err error) (got []float64, said string) {
		for _, x := range points {
			got = append(got, float64(x))
		}
		if err != nil {
			said = err.Error()
		}
		return got, said
	}
	for i, c := range cases {
		got, said := read(ReadPoints(strings.NewReader(string(c.bytes(t)))))
		points, skipped, err := ReadGoodPoints(strings.NewReader(string(c.bytes(t))))
		var good *goodCase
		if g := (goodCase{Lines: skipped.Lines}); skipped.Rows > 0 {
			g.Points, g.Error = read(points, err)
			good = &g
		} else if p, e := read(points, err); e != said || !slices.Equal(p, got) {
			t.Errorf("%s: nothing is left out, but it is read as %v, error %q", c.Name, p, e)
		}
		if skipped.Rows > 0 && skipped.First.Error() != said {
			t.Errorf("%s: the first line left out has the error %v, want %q", c.Name, skipped.First, said)
		}
		if *update {
			cases[i].Points, cases[i].Error, cases[i].Good = got, said, good
			continue
		}
		if said != c.Error || !slices.Equal(got, c.Points) {
			t.Errorf("%s: %v, error %q; want %v, %q", c.Name, got, said, c.Points, c.Error)
		}
		if !reflect.DeepEqual(good, c.Good) {
			t.Errorf("%s: with bad lines left out %v, want %v", c.Name, good, c.Good)
		}
	}
	if *update {
		writeJSON(t, "points.json", cases)
	}
}

// Too much is refused and not cut off.
func TestManyPoints(t *testing.T) {
	if _, err := ReadPoints(strings.NewReader(strings.Repeat("1,2\n", maxPoints+1))); err == nil || err.Error() != "line 200001: there are more than 200000 points: leave some out" {
		t.Errorf("a point too many: %v", err)
	}
	if _, err := ReadPoints(strings.NewReader(strings.Repeat(" ", maxPointBytes+1))); err == nil || err.Error() != "there are more than 16777216 bytes of points: leave some out" {
		t.Errorf("a byte too many: %v", err)
	}
}

// If many lines are left out, the first ten are named.
func TestSkipped(t *testing.T) {
	for text, want := range map[string]string{
		"1,2\nx,1\n":                           "1 row (line 2)",
		"1,2\nx,1\n\n3,4,5\n6\n":               "3 rows (lines 2, 4 and 5)",
		"1,2\n" + strings.Repeat("x,1\n", 100): "100 rows (lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …)",
	} {
		points, skipped, err := ReadGoodPoints(strings.NewReader(text))
		if err != nil || !slices.Equal(points, []float32{1, 2}) || skipped.String() != want {
			t.Errorf("%.20q: %v, %v, %v; want %s", text, points, skipped, err, want)
		}
	}
}

// Whatever is read, it is pairs of finite numbers that training takes.
func FuzzReadPoints(f *testing.F) {
	var cases []readCase
	readJSON(f, "points.json", &cases)
	for _, c := range cases {
		f.Add(c.bytes(f))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		points, err := ReadPoints(strings.NewReader(string(b)))
		if (err == nil) != (len(points) > 0) || len(points)%2 != 0 {
			t.Fatalf("%d numbers and the error %v", len(points), err)
		}
		for _, x := range points {
			if !(math.Abs(float64(x)) <= MaxCoordinate) {
				t.Fatalf("the coordinate %v", x)
			}
		}
		if err == nil {
			if _, err := Toy("points", points); err != nil {
				t.Fatal(err)
			}
		}
	})
}
