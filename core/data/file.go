package data

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// WriteFile replaces a file whole or not at all, also when the machine stops
// half-way. Its folder must exist; the error names the file.
func WriteFile(name string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("%s: %w", name, err)
		}
	}()
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), name); err != nil {
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

// WriteStore writes s to a file as safetensors, as WriteFile does.
func WriteStore(name string, s Store) error {
	var b bytes.Buffer
	if err := WriteSafetensors(&b, s); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return WriteFile(name, b.Bytes())
}
