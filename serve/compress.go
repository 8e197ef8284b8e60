package serve

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

// Compress writes x.br and x.gz beside every file x of dir that ends in one of
// the given extensions, unless they are newer than x. The same file gives the
// same bytes.
func Compress(dir string, extensions ...string) error {
	for _, ext := range extensions {
		names, err := filepath.Glob(filepath.Join(dir, "*"+ext))
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := compress(name, ".br", func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) }); err != nil {
				return err
			}
			if err := compress(name, ".gz", func(w io.Writer) io.WriteCloser {
				z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is valid
				return z
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

func compress(name, suffix string, open func(io.Writer) io.WriteCloser) error {
	from, err := os.Stat(name)
	if err != nil {
		return err
	}
	if to, err := os.Stat(name + suffix); err == nil && to.ModTime().After(from.ModTime()) {
		return nil
	}
	plain, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w := open(&b)
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(name+suffix, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("compressing %s: %w", name, err)
	}
	return nil
}
