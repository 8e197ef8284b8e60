package serve

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// OfflineFile is the path of the list from OfflineList.
const OfflineFile = "assets/built/offline.json"

// OfflineWorker is the script that keeps the page for use without a network.
const OfflineWorker = "service-worker.js"

// OfflineList returns, as JSON, the names of all files that the page loads, with their
// SHA-256, and a digest of the list:
//
//	{"digest": "…", "files": {"index.html": "…", …}}
//
// The page keeps these files for use without a network, see service-worker.js, which deletes them when the list has another digest. Handler answers OfflineFile with the list of its files; for other servers "make build" writes that file.
func OfflineList(files fs.FS) ([]byte, error) { return offlineList(files, sumOf(files)) }

// sumOf returns a function that returns a file's SHA-256.
func sumOf(files fs.FS) func(name string) (string, error) {
	return func(name string) (string, error) {
		b, err := read(files, name)
		return fmt.Sprintf("%x", sha256.Sum256(b)), err
	}
}

func offlineList(files fs.FS, sum func(name string) (string, error)) ([]byte, error) {
	list := struct {
		Digest string            `json:"digest"`
		Files  map[string]string `json:"files"`
	}{Files: map[string]string{}}
	add := func(name string) error {
		s, err := sum(name)
		if err == nil {
			list.Files[name] = s
		}
		return err
	}
	for _, name := range []string{"index.html", OfflineWorker} {
		if err := add(name); err != nil {
			return nil, err
		}
	}
	err := fs.WalkDir(files, "assets", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case !loaded(files, name):
			return nil
		}
		err = add(name)
		if errors.Is(err, errNotRegular) || errors.Is(err, fs.ErrNotExist) {
			return nil // a named pipe, which is not served, or a tape replaced meanwhile
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(list.Files)) {
		fmt.Fprintf(h, "%s %s\n", name, list.Files[name]) // writing to a hash cannot fail
	}
	list.Digest = fmt.Sprintf("%x", h.Sum(nil)[:16])
	return json.Marshal(list)
}

// loaded reports whether the page, a lesson or an example loads a file of assets.
func loaded(files fs.FS, name string) bool {
	dir, ext := path.Dir(name), path.Ext(name)
	is := func(all ...string) bool { return slices.Contains(all, ext) }
	switch {
	case name == OfflineFile:
		return false
	case dir == "assets":
		return is(".html", ".js", ".css", ".json", ".txt")
	case dir == "assets/built":
		if ext == ".gz" { // the digits, but not the compressed twin of another file
			_, err := fs.Stat(files, strings.TrimSuffix(name, ext))
			return err != nil
		}
		return is(".wasm", ".js", ".safetensors")
	case dir == "assets/built/tapes":
		return is(".tape", ".safetensors")
	case strings.HasPrefix(name, "assets/page/"):
		return is(".js", ".css", ".svg")
	}
	return strings.HasPrefix(name, "assets/examples/")
}
