package data

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"math"
	"os"
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
	for i, c := range cases {
		points, err := ReadPoints(strings.NewReader(string(c.bytes(t))))
		got, said := []float64(nil), ""
		for _, x := range points {
			got = append(got, float64(x))
		}
		if err != nil {
			said = err.Error()
		}
		if *update {
			cases[i].Points, cases[i].Error = got, said
			continue
		}
		if said != c.Error || !slices.Equal(got, c.Points) {
			t.Errorf("%s: %v, error %q; want %v, %q", c.Name, got, said, c.Points, c.Error)
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
