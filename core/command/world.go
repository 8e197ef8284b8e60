package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/pflag"

	"ganbel/assets"
	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/experiment"
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

// files adds the world's flags, which fill what it returns.
func files(f *pflag.FlagSet) corpus.Files {
	paths := corpus.Files{}
	for _, w := range worldFlags {
		f.Var(&path{paths, w.name, w.kind}, w.name, w.doc)
	}
	return paths
}

// A path is the flag of a world's file.
type path struct {
	paths      corpus.Files
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

// openWorld opens what the files name, or says how to open it once it is needed. e may be
// nil. Log reports what was opened.
func openWorld(e *lab.Experiment, files corpus.Files, log io.Writer) (w experiment.World, err error) {
	if w.Points, err = files.Points(log); err != nil {
		return w, err
	}
	if name := files["points"]; name != "" {
		w.PointsName = filepath.Base(name)
	}
	w.MNIST = func() (train, test *data.Images, err error) {
		if files["mnist"] == "" {
			return data.MNIST(assets.MNIST())
		}
		return files.Digits(log)
	}
	if files["images"] != "" {
		w.Pictures = func(side int) (train, validation data.Source, err error) { return files.Pictures(side, log) }
	}
	if files["text"] != "" || files["prose"] != "" {
		var t *corpus.Text
		w.TextIdentity = func() data.Identity { return t.Identity() }
		w.Text = func() (_ []string, err error) {
			if t, err = files.Text(wgan.LineLength, log); err != nil {
				return nil, err
			}
			return t.Lines, nil
		}
	}
	w.Classifier, err = classifier(e, files)
	return w, err
}

// classifier opens what scores a run's images: nil if nothing can.
func classifier(e *lab.Experiment, files corpus.Files) (score.Classifier, error) {
	for _, c := range []struct {
		flag string
		read func(io.Reader, string) (score.Classifier, error)
	}{{"inception", score.ReadInception}, {"squeezenet", score.ReadSqueezeNet}} {
		path := files[c.flag]
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
	if e == experiment.WGANMNIST {
		return score.OpenDigits(assets.MNIST())
	}
	return nil, nil
}
