package corpus

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// lsunNames are LSUN's own: a category, then which part of the split.
var lsunNames = regexp.MustCompile(`^(.+)_(?:train|val)_lmdb$`)

// findLMDB opens a data file, with one of validation images where val is not
// empty.
func findLMDB(train, val string) (*found, error) {
	base := filepath.Base(train)
	if base == "data.mdb" {
		base = filepath.Base(filepath.Dir(train))
	}
	f := &found{name: base}
	if m := lsunNames.FindStringSubmatch(base); m != nil {
		f.name = "LSUN " + m[1]
	}
	var open closers
	f.closer = &open
	for i, path := range []string{train, val} {
		if path == "" {
			break
		}
		r, err := os.Open(path)
		if err != nil {
			return nil, errors.Join(err, open.Close())
		}
		open = append(open, r)
		info, err := r.Stat()
		if err != nil {
			return nil, errors.Join(err, open.Close())
		}
		l, err := newLMDB(r, info.Size(), path)
		if err == nil && l.n == 0 {
			err = fmt.Errorf("%s: holds no keys, expected images", path)
		}
		if err != nil {
			return nil, errors.Join(err, open.Close())
		}
		[]*part{&f.train, &f.valid}[i].records = l
	}
	f.train.order = shuffled(f.train.count())
	if val != "" {
		f.valid.order = shuffled(f.valid.count())
	}
	return f, nil
}

// findLMDBs chooses among the data files in the folders of path.
func findLMDBs(path string, within []string) (*found, error) {
	var train, val []string
	for _, file := range within {
		switch base := filepath.Base(filepath.Dir(file)); {
		case strings.Contains(base, "train"):
			train = append(train, file)
		case strings.Contains(base, "val"):
			val = append(val, file)
		}
	}
	if len(train) != 1 || len(val) > 1 {
		return nil, fmt.Errorf("%s: has data.mdb in %d folders: expected one with train and at most one with val in its name, such as bedroom_train_lmdb; name one of the folders instead", path, len(within))
	}
	return findLMDB(train[0], strings.Join(val, ""))
}

// closers are files to be closed.
type closers []io.Closer

func (c *closers) Close() error {
	var err error
	for _, f := range *c {
		err = errors.Join(err, f.Close())
	}
	return err
}

// besideLMDB counts and names what else a folder holds that might be data: other
// databases, images and archives.
func besideLMDB(path string) func(*found, error) (*found, error) {
	return func(f *found, err error) (*found, error) {
		if err != nil {
			return nil, err
		}
		t, err := openFolder(path)
		if err != nil {
			return nil, errors.Join(err, f.closer.Close())
		}
		f.passed = t.left()
		used := map[string]bool{}
		for _, p := range []part{f.train, f.valid} {
			if l, ok := p.records.(*lmdb); ok {
				if name, err := filepath.Rel(path, l.path); err == nil {
					used[filepath.ToSlash(name)] = true
				}
			}
		}
		for _, name := range t.names() {
			if used[name] || filepath.Base(name) == "lock.mdb" {
				continue
			}
			if begin, err := head(t, name, tarBlock); err != nil || filepath.Base(name) == "data.mdb" || isImage(name, begin) || archiveOf(begin) != "" {
				f.passed.add(notPart, name)
			}
		}
		return f, nil
	}
}
