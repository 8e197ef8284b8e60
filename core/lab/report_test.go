package lab

import "testing"

func TestReportMarkdown(t *testing.T) {
	r := Report{Title: "A table", Head: []string{"τ", "ours", "paper"}, Rows: [][]string{{".1", "101.5", "7"}, {"10", "", "—"}}, Notes: []string{"One seed."}}
	want := `## A table

| τ   |  ours | paper |
|-----|------:|------:|
| .1  | 101.5 |     7 |
| 10  |       |     — |

One seed.
`
	if got := r.Markdown(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("a row too short did not panic")
		}
	}()
	Report{Head: []string{"a", "b"}, Rows: [][]string{{"c"}}}.Markdown()
}
