package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/score"
)

// scoring judges a set of images by a classifier, beside real ones.
func scoring(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("ganbel score", flag.ContinueOnError)
	paths := map[string]string{}
	for _, g := range [][2]string{
		{"real", "real images, of any such form; the command's own MNIST where digits are scored and none are named"},
		{"inception", "weights of Inception v3 of 2015, for the Inception Score and FID; go doc ganbel/core/score tells how to make the file"},
		{"squeezenet", "weights of SqueezeNet, whose score stands in where there is no Inception"},
	} {
		f.Func(g[0], g[1], func(text string) error {
			paths[g[0]] = text
			return nil
		})
	}
	n := f.Int("n", 0, "how many images are scored; 0 for all there are, at most as many as are real")
	splits := f.Int("splits", 0, "in how many parts; 0 for 10, or 1 where there are fewer than 1,000")
	f.Usage = func() {
		fmt.Print("ganbel score PATH [flags]\n\nScores images: a folder or an archive of them, CIFAR-10's binary files, or MNIST's. With neither\n--inception nor --squeezenet they are digits, 28 by 28, scored by a classifier of MNIST.\n\n")
		for _, g := range [][2]string{{"real", "PATH"}, {"inception", "FILE"}, {"squeezenet", "FILE"}, {"n", "N"}, {"splits", "N"}} {
			item(os.Stdout, "--"+g[0]+" "+g[1], f.Lookup(g[0]).Usage)
		}
	}
	path := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		path, args = args[0], args[1:]
	}
	if err := parse(f, args); err != nil {
		return err
	}
	switch {
	case path == "":
		return misused("name the images first: ganbel score PATH [flags]")
	case *n < 0 || *splits < 0:
		return misused("--n is %d and --splits is %d: neither can be less than 0", *n, *splits)
	case paths["inception"] != "" && paths["squeezenet"] != "":
		return misused("--inception and --squeezenet are two classifiers: name one")
	}
	digits := paths["inception"] == "" && paths["squeezenet"] == ""
	if !digits && paths["real"] == "" {
		return misused("a score says something only beside real images': name them with --real PATH")
	}
	c, err := classifier(lab.WGANMNIST, paths) // with neither, that of digits
	if err != nil {
		return err
	}
	images, err := openImages(path, digits)
	if err != nil {
		return err
	}
	defer images.close()
	real := &imageSet{close: func() error { return nil }}
	if paths["real"] != "" {
		if real, err = openImages(paths["real"], digits); err != nil {
			return fmt.Errorf("--real: %w", err)
		}
	} else {
		train, test, err := data.MNIST(mnistFiles())
		if err != nil {
			return err
		}
		real.identity, real.parts = data.IdentifyImages("MNIST", train, test), []data.Source{train, test}
	}
	defer real.close()
	for _, s := range []*imageSet{images, real} {
		if err := c.Takes(s.parts[0].Shape()); err != nil {
			return fmt.Errorf("%s: %w", s.identity.Name, err)
		}
	}
	most := min(images.count(), real.count())
	if *n == 0 {
		*n = most
	}
	if *n > most {
		return misused("--n is %d, and of %s there are %d, of %s %d", *n, images.identity.Name, images.count(), real.identity.Name, real.count())
	}
	if *splits == 0 {
		*splits = 10
		if *n < 1000 {
			*splits = 1
		}
	}
	if *n < max(*splits, 2) {
		return fmt.Errorf("%d images in %d splits cannot be scored: there must be 2 at least, and one in each split", *n, *splits)
	}
	var log io.Writer = io.Discard
	if term.IsTerminal(int(os.Stderr.Fd())) {
		log = os.Stderr
	}
	return compare(ctx, os.Stdout, log, c, images, real, *n, *splits)
}

// compare writes the score of n images beside that of n real ones, and the distance
// of both from n real ones: the real ones' own are others, where there are as many.
func compare(ctx context.Context, w, log io.Writer, c score.Classifier, images, real *imageSet, n, splits int) error {
	p, features, err := images.classify(ctx, log, c, 0, n)
	if err != nil {
		return err
	}
	realP, realFeatures, err := real.classify(ctx, log, c, 0, n)
	if err != nil {
		return err
	}
	d := len(features) / n
	own := "—"
	if real.count() >= 2*n {
		_, others, err := real.classify(ctx, log, c, n, 2*n)
		if err != nil {
			return err
		}
		own = fmt.Sprintf("%.4g", score.FrechetDistance(others, realFeatures, d))
	}
	value := func(p []float32) string {
		mean, std := measure.InceptionScores(p, c.Classes(), splits)
		if splits == 1 {
			return fmt.Sprintf("%.2f", mean)
		}
		return fmt.Sprintf("%.2f ± %.2f", mean, std)
	}
	fmt.Fprintf(w, "%s of %d images in %d splits, and %s from %d of %s\n\n", score.ScoreName(c), n, splits, score.DistanceName(c), n, real.identity.Name)
	fmt.Fprintf(w, "%-40s %16s %12s\n", "", "score", "distance")
	fmt.Fprintf(w, "%-40s %16s %12.4g\n", images.identity.Name, value(p), score.FrechetDistance(features, realFeatures, d))
	fmt.Fprintf(w, "%-40s %16s %12s\n\n", "real: "+real.identity.Name, value(realP), own)
	fmt.Fprintf(w, "Both depend on the number of images. The distance of real images is that of %d others.\n", n)
	if n < d {
		fmt.Fprintf(w, "There are fewer images than the %d features, which makes every distance too large.\n", d)
	}
	fmt.Fprintln(w)
	for i, s := range []*imageSet{images, real} {
		fmt.Fprintf(w, "%s: %v\n", [2]string{"images", "real"}[i], s.identity)
	}
	for _, s := range []*imageSet{images, real} {
		if text := score.Warning(c, s.identity); text != "" {
			fmt.Fprintf(w, "Warning: %s\n", text)
		}
	}
	return nil
}

// An imageSet is images in one or more parts, one after the other.
type imageSet struct {
	identity data.Identity
	parts    []data.Source
	close    func() error
}

// openImages opens the images at a path, all of them.
func openImages(path string, digits bool) (*imageSet, error) {
	var o corpus.Options
	if digits {
		o = corpus.Options{Side: 28, Channels: 1}
	}
	set, err := corpus.Open(path, o)
	if err != nil {
		return nil, err
	}
	s := &imageSet{identity: set.Identity(), close: set.Close}
	for _, part := range []data.Source{set.Train, set.Valid} {
		if part != nil && part.Count() > 0 {
			s.parts = append(s.parts, part)
		}
	}
	if s.count() == 0 {
		return nil, errors.Join(fmt.Errorf("%s: there are no images", path), set.Close())
	}
	return s, nil
}

func (s *imageSet) count() (n int) {
	for _, part := range s.parts {
		n += part.Count()
	}
	return n
}

// classify returns what the classifier says of the images from ≤ i < to.
func (s *imageSet) classify(ctx context.Context, log io.Writer, c score.Classifier, from, to int) (p, features []float32, err error) {
	const chunk = 100
	before := 0 // images of the parts before
	for _, part := range s.parts {
		first, end := max(from-before, 0), min(to-before, part.Count())
		for at := first; at < end; at += chunk {
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			var index []int
			for i := at; i < min(at+chunk, end); i++ {
				index = append(index, i)
			}
			m := data.Take(part, index)
			if err := part.Err(); err != nil {
				return nil, nil, err
			}
			moreP, moreFeatures := c.Classify(m)
			p, features = append(p, moreP...), append(features, moreFeatures...)
			fmt.Fprintf(log, "\r%s: %d of %d \x1b[K", s.identity.Name, before+at+len(index)-from, to-from)
		}
		before += part.Count()
	}
	fmt.Fprint(log, "\r\x1b[K")
	return p, features, nil
}
