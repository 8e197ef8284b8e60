package data

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"time"
)

// unfinished matches the names of WriteFile's temporary files, and no file of a person:
// ".NAME.NUMBER.ganbel-part" is what becomes NAME.
var unfinished = regexp.MustCompile(`^\..+\.[0-9]+\.ganbel-part$`)

// WriteFile replaces a file completely or not at all, even if the machine stops
// meanwhile. Its folder must exist; the error names the file. A process that is killed
// may leave a temporary file, which Tidy removes.
func WriteFile(name string, b []byte) error { return ReplaceFile(name, "", b) }

// ReplaceFile is like WriteFile, but keeps the file's old content as kept, a name in the
// same folder, unless kept is "". At every moment at least one of the two names holds a
// whole file, if one did before.
func ReplaceFile(name, kept string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.ganbel-part")
	if err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("%s: %w", name, reason(err))
		}
	}()
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	moved := false
	if kept != "" {
		switch err := os.Rename(name, kept); {
		case err == nil:
			moved = true
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	if err = os.Rename(f.Name(), name); err != nil {
		if moved {
			err = errors.Join(err, os.Rename(kept, name))
		}
		return err
	}
	if runtime.GOOS == "windows" { // which cannot sync a folder
		return nil
	}
	d, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// reason returns what is wrong with a temporary file, whose name means nothing to a person.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Tidy removes from a folder the files that WriteFile left there when its process was
// killed: those last written before a time, or all if that is zero. The caller must know
// that no process is still writing them. A folder that does not exist is tidy.
func Tidy(dir string, before time.Time) error {
	all, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range all {
		if !f.Type().IsRegular() || !unfinished.MatchString(f.Name()) {
			continue
		}
		if !before.IsZero() {
			info, failed := f.Info()
			if errors.Is(failed, fs.ErrNotExist) || failed == nil && !info.ModTime().Before(before) {
				continue // it was renamed since, or is too new
			}
			err = errors.Join(err, failed)
		}
		err = errors.Join(err, os.Remove(filepath.Join(dir, f.Name())))
	}
	return err
}

// WriteStore writes s to a file as safetensors, as WriteFile does.
func WriteStore(name string, s Store) error {
	var b bytes.Buffer
	if err := WriteSafetensors(&b, s); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return WriteFile(name, b.Bytes())
}
