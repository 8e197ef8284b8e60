package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/pflag"

	"ganbel/assets"
	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/score"
	"ganbel/core/wgan"
)

// worldFlags are the flags that name files which a run takes, in the order of the help.
var worldFlags = []struct{ name, kind, doc string }{
	{"points", "FILE", "CSV file of your own points, x,y a line, for --data points"},
	{"mnist", "DIR", "images in the form of MNIST, in place of those within the command: a folder of idx files, gzipped or not, such as Fashion-MNIST or EMNIST, or its training images if it has several sets"},
	{"images", "PATH", "images for the experiments that generate them: CIFAR-10's binary files, a folder or archive of images, or LSUN's LMDB"},
	{"text", "PATH", "text to learn, a line an example: a file of UTF-8 or a folder of such files, such as Billion Word's"},
	{"prose", "PATH", "the same, of which each sentence is an example"},
	{"inception", "FILE", "weights of Inception v3 of 2015, to score generated images by; go doc ganbel/core/score says how to make the file"},
	{"squeezenet", "FILE", "weights of SqueezeNet, to score generated images by if there is no Inception"},
	{"broken", "X", "share of broken images or lines that are left out and counted, from 0 to below 1; .01 if not given, and with more the data is refused. Of points none is left out unless this is given"},
}

// files adds the world's flags, whose values are the paths by name, and as text the
// share of broken records under "broken".
func files(f *pflag.FlagSet) map[string]string {
	paths := map[string]string{}
	for _, w := range worldFlags {
		f.Var(&path{paths, w.name, w.kind}, w.name, w.doc)
	}
	return paths
}

// A path is the flag of a world's file.
type path struct {
	paths      map[string]string
	name, kind string
}

func (p *path) String() string { return p.paths[p.name] }
func (p *path) Type() string   { return p.kind }
func (p *path) Set(text string) error {
	if p.name == "broken" {
		if x, err := strconv.ParseFloat(text, 64); err != nil || !(x >= 0 && x < 1) {
			return errors.New("it must be a number from 0 to below 1")
		}
	}
	p.paths[p.name] = text
	return nil
}

// broken returns the share of broken records that may be left out, as corpus has it.
func broken(paths map[string]string) float64 {
	x, err := strconv.ParseFloat(paths["broken"], 64)
	switch {
	case err != nil:
		return 0 // the default
	case x == 0:
		return -1 // none
	}
	return x
}

// classifierOf returns the flag that names a classifier, "" if no flag does.
func classifierOf(paths map[string]string) string {
	for _, name := range []string{"inception", "squeezenet"} {
		if paths[name] != "" {
			return name
		}
	}
	return ""
}

// openWorld opens what the paths name, or says how to open it once it is needed. e may be nil. What was
// opened, log tells.
func openWorld(e *lab.Experiment, paths map[string]string, log io.Writer) (w lab.World, err error) {
	if name := paths["points"]; name != "" {
		if w.Points, err = openPoints(name, paths["broken"], log); err != nil {
			return w, err
		}
		w.PointsName = filepath.Base(name)
	}
	w.MNIST = func() (train, test *data.Images, err error) {
		dir := paths["mnist"]
		if dir == "" {
			return data.MNIST(mnistFiles())
		}
		set, err := corpus.Open(dir, corpus.Options{Side: 28, Channels: 1, Broken: broken(paths)})
		if err != nil {
			return nil, nil, fmt.Errorf("--mnist: %w", err)
		}
		fmt.Fprintln(log, set)
		train, ok := set.Train.(*data.Images)
		test, ok2 := set.Valid.(*data.Images)
		if !ok || !ok2 {
			return nil, nil, fmt.Errorf("--mnist %s: %v is too large", dir, set)
		}
		return train, test, nil
	}
	if path := paths["images"]; path != "" {
		w.Pictures = func(side int) (train, validation data.Source, err error) {
			o := corpus.Options{Side: side, Channels: 3, Broken: broken(paths)}
			if side == 128 { // as the paper prepares bedrooms, by its author's word
				o.Window = 256
			}
			set, err := corpus.Open(path, o)
			if err != nil {
				return nil, nil, fmt.Errorf("--images: %w", err)
			}
			fmt.Fprintln(log, set)
			return set.Train, set.Valid, nil
		}
	}
	for i, flag := range []string{"text", "prose"} { // if both are given, the last
		sentences := i == 1
		if path := paths[flag]; path != "" {
			var t *corpus.Text
			w.TextIdentity = func() data.Identity { return t.Identity() }
			w.Text = func() (_ []string, err error) {
				t, err = corpus.Lines(path, corpus.TextOptions{Max: mostLines, Letters: wgan.LineLength, Sentences: sentences, Broken: broken(paths)})
				if err != nil {
					return nil, fmt.Errorf("--%s: %w", flag, err)
				}
				fmt.Fprintln(log, t)
				return t.Lines, nil
			}
		}
	}
	w.Classifier, err = classifier(e, paths)
	return w, err
}

// openPoints reads a file of points, see data.ReadPoints. If a share of broken lines is
// given, up to that share may be left out; log reports which lines were.
func openPoints(name, share string, log io.Writer) ([]float32, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	most, err := strconv.ParseFloat(share, 64)
	if err != nil { // none is given
		points, err := data.ReadPoints(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return points, nil
	}
	points, skipped, err := data.ReadGoodPoints(f)
	all := len(points)/2 + skipped.Rows
	switch {
	case err != nil && skipped.Rows > 0:
		return nil, fmt.Errorf("%s: %w: %v", name, err, skipped.First)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case float64(skipped.Rows) > most*float64(all):
		return nil, fmt.Errorf("%s: %v of %d cannot be read, more than --broken %s allows: %w", name, skipped, all, share, skipped.First)
	case skipped.Rows > 0:
		fmt.Fprintf(log, "%s: left out %v of %d: %v\n", name, skipped, all, skipped.First)
	}
	return points, nil
}

// mostLines is how many lines of text are read, as the paper's language script does.
const mostLines = 10_000_000

// classifier opens what scores a run's images: nil where nothing can.
func classifier(e *lab.Experiment, paths map[string]string) (score.Classifier, error) {
	for _, c := range []struct {
		flag string
		read func(io.Reader, string) (score.Classifier, error)
	}{{"inception", score.ReadInception}, {"squeezenet", score.ReadSqueezeNet}} {
		path := paths[c.flag]
		if path == "" {
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", c.flag, err)
		}
		defer f.Close()
		return c.read(f, path)
	}
	if e == lab.WGANMNIST {
		return score.OpenDigits(mnistFiles())
	}
	return nil, nil
}

// mnistFiles returns the four files of MNIST that are within the command.
func mnistFiles() fs.FS {
	files, _ := fs.Sub(assets.MNIST, "mnist") // the folder is embedded
	return files
}
