package serve

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/andybalholm/brotli"
	"golang.org/x/sync/errgroup"

	"ganbel/core/data"
)

// A coding is a way to compress files.
type coding struct {
	name, suffix string // the content coding, and how the name of a compressed file ends
	write        func(io.Writer) io.WriteCloser
	read         func(io.Reader) (io.Reader, error)
}

// codings are those that files have twins of, best first.
var codings = []coding{
	{"br", ".br",
		func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) },
		func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }},
	{"gzip", ".gz",
		func(w io.Writer) io.WriteCloser {
			z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is valid
			return z
		},
		func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
}

// compressed reports whether twin is plain compressed, and not cut, or of an older file.
func (c coding) compressed(twin, plain []byte) bool {
	r, err := c.read(bytes.NewReader(twin))
	if err != nil {
		return false
	}
	b, err := io.ReadAll(io.LimitReader(r, int64(len(plain))+1))
	return err == nil && bytes.Equal(b, plain)
}

// Compress writes x.br and x.gz next to every file x of dirs with one of the given
// extensions, unless they exist: jobs files at a time, the largest first. The same file
// gives the same bytes. A twin appears under its name only when it is complete. After ctx
// has ended Compress starts no more files, and returns its error.
func Compress(ctx context.Context, jobs int, dirs []string, extensions ...string) error {
	type file struct {
		name string
		size int64
	}
	var files []file
	for _, dir := range dirs {
		for _, ext := range extensions {
			names, err := filepath.Glob(filepath.Join(dir, "*"+ext))
			if err != nil {
				return err
			}
			for _, name := range names {
				info, err := os.Stat(name)
				if err != nil {
					return err
				}
				files = append(files, file{name, info.Size()})
			}
		}
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.name, b.name)) })
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(jobs)
	for _, f := range files {
		for _, c := range codings {
			g.Go(func() error {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err := compress(f.name, c); err != nil {
					return fmt.Errorf("compressing: %w", err)
				}
				return nil
			})
		}
	}
	return g.Wait()
}

func compress(name string, c coding) error {
	plain, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if twin, err := os.ReadFile(name + c.suffix); err == nil && c.compressed(twin, plain) {
		return nil
	}
	var b bytes.Buffer
	w := c.write(&b)
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return data.WriteFile(name+c.suffix, b.Bytes())
}
