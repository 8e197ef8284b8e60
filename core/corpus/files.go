package corpus

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"ganbel/core/data"
)

// Files are what a run takes from a disk: paths, by the names of the flags that give
// them, which errors name, too.
//
//	points      a CSV file of points, x,y a line
//	mnist       digits, or other images in MNIST's format
//	images      images in colour
//	text        text, a line an example
//	prose       text, a sentence an example
//	inception   weights of Inception, which scores images
//	squeezenet  weights of SqueezeNet, which does so, too
//	broken      no path but a number: the share of broken records that may be left out
//
// What is not there was not named.
type Files map[string]string

// Broken returns the share of broken records that may be left out, as Options have it.
func (f Files) Broken() float64 {
	x, err := strconv.ParseFloat(f["broken"], 64)
	switch {
	case err != nil:
		return 0 // the default
	case x == 0:
		return -1 // none
	}
	return x
}

// Classifier returns the name of the classifier that scores images, "" if none is named.
func (f Files) Classifier() string {
	for _, name := range []string{"inception", "squeezenet"} {
		if f[name] != "" {
			return name
		}
	}
	return ""
}

// Absolute returns the files with paths that hold in every folder.
func (f Files) Absolute() Files {
	all := Files{}
	for name, path := range f {
		if full, err := filepath.Abs(path); err == nil && name != "broken" {
			path = full
		}
		all[name] = path
	}
	return all
}

// Points returns the points of the file that is named, x, y pairs, nil if none is. Bad
// lines are an error, unless a share of broken records is given: then up to that share
// may be left out, and log reports which were.
func (f Files) Points(log io.Writer) ([]float32, error) {
	name := f["points"]
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	most, err := strconv.ParseFloat(f["broken"], 64)
	if err != nil { // none is given
		points, err := data.ReadPoints(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return points, nil
	}
	points, skipped, err := data.ReadGoodPoints(file)
	all := len(points)/2 + skipped.Rows
	switch {
	case err != nil && skipped.Rows > 0:
		return nil, fmt.Errorf("%s: %w: %v", name, err, skipped.First)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case float64(skipped.Rows) > most*float64(all):
		return nil, fmt.Errorf("%s: %v of %d cannot be read, more than --broken %s allows: %w", name, skipped, all, f["broken"], skipped.First)
	case skipped.Rows > 0:
		fmt.Fprintf(log, "%s: left out %v of %d: %v\n", name, skipped, all, skipped.First)
	}
	return points, nil
}

// Digits opens the images in MNIST's place, 28 by 28 and grey, to train on and to test
// on. They must fit into memory. Log reports what was opened.
func (f Files) Digits(log io.Writer) (train, test *data.Images, err error) {
	set, err := Open(f["mnist"], Options{Side: 28, Channels: 1, Broken: f.Broken()})
	if err != nil {
		return nil, nil, fmt.Errorf("--mnist: %w", err)
	}
	fmt.Fprintln(log, set)
	train, ok := set.Train.(*data.Images)
	test, ok2 := set.Valid.(*data.Images)
	if !ok || !ok2 {
		return nil, nil, fmt.Errorf("--mnist %s: %v is too large", f["mnist"], set)
	}
	return train, test, nil
}

// Pictures opens the images in colour, side×side pixels, to train on and to validate
// with. Log reports what was opened.
func (f Files) Pictures(side int, log io.Writer) (train, validation data.Source, err error) {
	o := Options{Side: side, Channels: 3, Broken: f.Broken()}
	if side == 128 { // as the paper prepares bedrooms, by its author's word
		o.Window = 256
	}
	set, err := Open(f["images"], o)
	if err != nil {
		return nil, nil, fmt.Errorf("--images: %w", err)
	}
	fmt.Fprintln(log, set)
	return set.Train, set.Valid, nil
}

// mostLines is how many lines of text are read, as the paper's language script does.
const mostLines = 10_000_000

// Text reads the text, prose if both are named, and keeps so many letters of each line.
// Log reports what was read.
func (f Files) Text(letters int, log io.Writer) (*Text, error) {
	flag := "text"
	if f["prose"] != "" {
		flag = "prose"
	}
	t, err := Lines(f[flag], TextOptions{Max: mostLines, Letters: letters, Sentences: flag == "prose", Broken: f.Broken()})
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	fmt.Fprintln(log, t)
	return t, nil
}
