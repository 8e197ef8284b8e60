// Package built makes what the page downloads besides its sources and its wasm: the
// digits with their classifier, recorded runs, and compressed twins of files. All of
// it can be made while the page is served: without it the page trains as well, and a
// file appears under its name only once it is whole.
package built

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/score"
	"ganbel/serve"
)

// Options say how Make works.
type Options struct {
	// Assets is the folder assets of a working tree. What is made goes to its folder built.
	Assets string
	// Core names the code that records tapes. Tapes in the folder that other code
	// recorded are removed.
	Core string
	// Jobs is the number of tapes to record or files to compress at a time, at least 1.
	Jobs int
	// Background has the tapes recorded at the lowest priority, if the system can do so.
	Background bool
}

// Make makes all missing files: the files of Digits, the tapes, the compressed twins, and
// last the list of files to keep for use without a network. If ctx ends it stops as soon
// as the parts in progress are complete, and returns the context's error.
func Make(ctx context.Context, o Options) error {
	if err := tidy(o.built(), time.Now()); err != nil {
		return err
	}
	if err := Digits(o); err != nil {
		return err
	}
	list := slices.Clone(tapes)
	if !o.Background { // the long ones first, so that no core waits for the last
		slices.Reverse(list)
	}
	return errors.Join(makeTapes(ctx, o, list), compress(ctx, o), offline(o))
}

// offline writes the list of files that the page keeps for use without a network, for
// servers that do not make the list themselves.
func offline(o Options) error {
	root := os.DirFS(filepath.Dir(o.Assets))
	if _, err := fs.Stat(root, serve.OfflineWorker); err != nil {
		return nil // not a page
	}
	list, err := serve.OfflineList(serve.Tree(root))
	if err != nil {
		return err
	}
	return write(filepath.Join(filepath.Dir(o.Assets), filepath.FromSlash(serve.OfflineFile)), list)
}

func (o Options) built() string { return filepath.Join(o.Assets, "built") }
func (o Options) tapes() string { return filepath.Join(o.built(), "tapes") }
func (o Options) mnist() fs.FS  { return os.DirFS(filepath.Join(o.Assets, "mnist")) }

// compress compresses the built files that the page downloads.
func compress(ctx context.Context, o Options) error {
	dirs := []string{o.built(), o.tapes(), filepath.Join(o.built(), "page"), filepath.Join(o.built(), "page/words")}
	return serve.Compress(ctx, o.Jobs, dirs, ".tape", ".wasm", ".js", ".css")
}

// Digits makes the digits that the page trains on and their classifier, unless they
// are there.
func Digits(o Options) error {
	train, _, err := data.MNIST(o.mnist())
	if err != nil {
		return err
	}
	var shard bytes.Buffer
	if err := data.WriteShard(&shard, train); err != nil {
		return err
	}
	weights, err := fs.ReadFile(o.mnist(), score.DigitsFile)
	if err != nil {
		return err
	}
	return errors.Join(write(filepath.Join(o.built(), "mnist-10k.gz"), shard.Bytes()), write(filepath.Join(o.built(), "mnist-classifier.safetensors"), weights))
}

// write writes a file unless it has these bytes.
func write(name string, b []byte) error {
	if there, err := os.ReadFile(name); err == nil && bytes.Equal(there, b) {
		return nil
	}
	return data.WriteFile(name, b)
}

// world is what a tape of e is recorded in. It shows what the page would do itself, so
// its digits are those that the page trains on.
func (o Options) world(e *lab.Experiment) (w experiment.World, err error) {
	w.MNIST = func() (train, test *data.Images, err error) {
		if train, _, err = data.MNIST(o.mnist()); err != nil {
			return nil, nil, err
		}
		train, test = train.Slice(0, data.ShardCount).Split()
		return train, test, nil
	}
	if e == experiment.WGANMNIST {
		w.Classifier, err = score.OpenDigits(o.mnist()) // a separate one, as only one goroutine may use it at a time
	}
	return w, err
}

// tidy removes from dir and its folder of tapes what was left unfinished an hour ago
// or more, by a program that was killed.
func tidy(dir string, now time.Time) error {
	for _, folder := range []string{dir, filepath.Join(dir, "tapes"), filepath.Join(dir, "page"), filepath.Join(dir, "page/words")} {
		if err := data.Tidy(folder, now.Add(-time.Hour)); err != nil {
			return fmt.Errorf("removing what a killed program left: %w", err)
		}
	}
	return nil
}
