// Package single puts the whole page into one HTML file, which works from a disk,
// with no server and no network: scripts bundled, styles and pictures within it,
// and the wasm, the workers, the stage's page and the digits packed as text.
package single

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// files stands for assets/page/files.js.
//
//go:embed files.js
var files string

// Page returns the page whose index.html and assets are in root, which must be
// built. It returns an error for what cannot be read or bundled, and for anything
// that the page would still load from elsewhere.
func Page(root string) ([]byte, error) {
	page, err := inline(root, "index.html")
	if err != nil {
		return nil, err
	}
	stage, err := inline(root, "assets/stage.html")
	if err != nil {
		return nil, err
	}
	packed, err := pack(root, stage)
	if err != nil {
		return nil, err
	}
	page = restrict(page, policy(page, stage))
	return bytes.Replace(page, []byte("</body>"), append(packed, "</body>"...), 1), nil
}

// The elements that load something.
var (
	style  = regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)">`)
	script = regexp.MustCompile(`<script( type="module")? src="([^"]+)"( defer)?></script>`)
	image  = regexp.MustCompile(`(<link rel="icon" href|<img src)="([^"]+)"`)
	// alternate tells servers of another form of the page, which one file has not.
	alternate = regexp.MustCompile(`<link rel="alternate"[^>]*>\n?`)
	body      = regexp.MustCompile(`(?s)(<script[^>]*>).*?</script>`) // with what it only says
	loads     = regexp.MustCompile(`<(?:link|script|img|iframe|source|use)\b[^>]* (?:src|href)="([^"]*)"`)
)

// inline returns a page with all that its elements load within it. A script with
// defer comes last.
func inline(root, name string) ([]byte, error) {
	page, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return nil, err
	}
	var errs []error
	below := func(link []byte) string {
		return filepath.Join(root, filepath.Dir(name), filepath.FromSlash(string(link)))
	}
	page = style.ReplaceAllFunc(page, func(element []byte) []byte {
		css, err := bundle(below(style.FindSubmatch(element)[1]))
		errs = append(errs, err)
		return slices.Concat([]byte("<style>"), css, []byte("</style>"))
	})
	var late []byte
	page = script.ReplaceAllFunc(page, func(element []byte) []byte {
		m := script.FindSubmatch(element)
		js, err := bundle(below(m[2]))
		errs = append(errs, err)
		element = slices.Concat([]byte("<script"), m[1], []byte(">"), js, []byte("</script>"))
		if len(m[3]) > 0 {
			late, element = append(late, element...), nil
		}
		return element
	})
	page = image.ReplaceAllFunc(page, func(element []byte) []byte {
		m := image.FindSubmatch(element)
		b, err := os.ReadFile(below(m[2]))
		errs = append(errs, err)
		kind := map[string]string{".svg": "image/svg+xml", ".png": "image/png"}[path.Ext(string(m[2]))]
		return fmt.Appendf(nil, `%s="data:%s;base64,%s"`, m[1], kind, base64.StdEncoding.EncodeToString(b))
	})
	page = bytes.Replace(page, []byte("</body>"), append(late, "</body>"...), 1)
	page = alternate.ReplaceAll(page, nil)
	page = served.ReplaceAll(page, nil)
	for _, m := range loads.FindAllSubmatch(body.ReplaceAll(page, []byte("$1")), -1) {
		if !bytes.HasPrefix(m[1], []byte("data:")) {
			errs = append(errs, fmt.Errorf("%s loads %s in a way that one file does not know", name, m[1]))
		}
	}
	return page, errors.Join(errs...)
}

// Bundles are the scripts and style sheets below assets/page that are served with
// all that they import, except other bundles that they load later.
var Bundles = []string{"main.js", "embed.js", "main.css", "embed.css", japanese}

const japanese = "words/ja.js"

// Bundle returns a script or a style sheet with all that it imports, made small. It works
// at its place among Bundles.
func Bundle(name string) ([]byte, error) { return build(name, "./"+japanese) }

// bundle is Bundle with files in place of files.js. A warning is an error: what it
// is about does not work in one file.
func bundle(name string) ([]byte, error) {
	out, err := build(name, "", api.Plugin{Name: "files", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `[/\\]page[/\\]files\.js$`}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			return api.OnLoadResult{Contents: &files}, nil
		})
	}})
	if err != nil {
		return nil, err
	}
	if bytes.Contains(out, []byte("import.meta")) {
		return nil, fmt.Errorf("%s or what it imports uses import.meta, which has no meaning in one file: use assets/page/files.js", name)
	}
	// A page would end a script at its end tag, though it stands in a text.
	return bytes.ReplaceAll(out, []byte("</script"), []byte(`<\/script`)), nil
}

// build bundles a script or a style sheet. An import of the given path stays as it is.
func build(name, external string, plugins ...api.Plugin) ([]byte, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{name}, Bundle: true, Format: api.FormatESModule, Target: api.ES2022, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true, LegalComments: api.LegalCommentsNone,
		Loader:  map[string]api.Loader{".svg": api.LoaderDataURL, ".png": api.LoaderDataURL},
		Plugins: plugins, External: []string{external},
	})
	if bad := append(r.Errors, r.Warnings...); len(bad) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(bad, api.FormatMessagesOptions{}), ""))
	}
	return bytes.TrimSpace(r.OutputFiles[0].Contents), nil
}

// pack returns an element for each file that the page asks for while it runs: all of
// assets/built except compressed files and the list of offline files, the scripts in
// assets except the stage's, the stage's page, and the licences.
func pack(root string, stage []byte) ([]byte, error) {
	var out []byte
	add := func(name string, b []byte) {
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression) // the level is valid
		w.Write(b)                                            // a buffer takes all
		w.Close()
		out = fmt.Appendf(out, "<script type=\"text/plain\" data-file=\"%s\">%s</script>\n", name, base64.StdEncoding.EncodeToString(z.Bytes()))
	}
	add("stage.html", stage)
	var names []string
	for _, pattern := range []string{"*.js", "licences.txt", "built/*.*"} {
		found, err := filepath.Glob(filepath.Join(root, "assets", filepath.FromSlash(pattern)))
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			names = append(names, path.Join(path.Dir(pattern), filepath.Base(name)))
		}
	}
	for _, name := range names {
		plain := strings.TrimSuffix(strings.TrimSuffix(name, ".br"), ".gz")
		if name == "stage.js" || name == "ganbel-lab.js" || strings.HasPrefix(path.Base(name), ".") || path.Ext(name) == ".html" || path.Ext(name) == ".json" || plain != name && slices.Contains(names, plain) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, "assets", filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		add(name, b)
	}
	for _, name := range []string{"built/worker.wasm", "built/stage.wasm", "built/wasm_exec.js", "built/mnist-10k.gz", "worker.js", "licences.txt"} {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("there is no assets/%s: run make build first", name)
		}
	}
	return out, nil
}
