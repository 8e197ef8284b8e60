package lab

import (
	"encoding/json"
	"os"
	"testing"
)

// The page takes the same texts for values, see assets/page/pure.test.mjs: what it
// mends is mended to what is allowed here.
func TestSettingCases(t *testing.T) {
	b, err := os.ReadFile("testdata/settings.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Setting Setting
		Text    string
		Value   *string // as it is kept; nil if Text is not a value
		Mended  *string // what the page takes in its place
	}
	if err := json.Unmarshal(b, &cases); err != nil || len(cases) < 50 {
		t.Fatal(len(cases), err)
	}
	for _, c := range cases {
		s := c.Setting
		e := &Experiment{Name: "e", Settings: []Setting{s}}
		v := Values{}
		switch err := e.Put(v, "", c.Text); {
		case (err == nil) != (c.Value != nil):
			t.Errorf("%v %q: error %v", s, c.Text, err)
		case err == nil && v[""] != *c.Value:
			t.Errorf("%v %q is kept as %q, want %q", s, c.Text, v[""], *c.Value)
		case err == nil && !s.Same(c.Text, *c.Value):
			t.Errorf("%v %q is not the same as %q", s, c.Text, *c.Value)
		}
		if c.Mended != nil {
			if err := s.Check(*c.Mended); err != nil {
				t.Errorf("%v: the page makes %q of %q: %v", s, *c.Mended, c.Text, err)
			}
		}
	}
}
