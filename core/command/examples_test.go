package command

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	slash "path"
	"regexp"
	"strings"
	"testing"

	"ganbel/assets"
	"ganbel/serve"
)

// The command serves its examples with all the files that they load from it.
func TestServesExamples(t *testing.T) {
	h := serve.Handler(serve.Bundled(whole{os.DirFS(root)}), serve.Framed...)
	get := func(name string) string {
		t.Helper()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+name, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d, %s", name, w.Code, w.Body)
		}
		return w.Body.String()
	}
	loads := regexp.MustCompile(`<(?:link|script|img|iframe|section)\b[^>]*?\s(?:src|href|data-src|data-background-iframe)="([^"#]*)`)
	names, err := fs.Glob(assets.Page, "examples/*.html")
	if err != nil || len(names) < 2 {
		t.Fatalf("the command has the examples %v, %v", names, err)
	}
	for _, name := range names {
		found := loads.FindAllStringSubmatch(get("assets/"+name), -1)
		if len(found) < 3 {
			t.Errorf("%s loads %v", name, found)
		}
		for _, m := range found {
			if strings.Contains(m[1], ":") {
				t.Errorf("%s loads %s from elsewhere", name, m[1])
				continue
			}
			get(slash.Join("assets/examples", m[1]))
		}
	}
}
