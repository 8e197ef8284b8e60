package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"ganbel/assets"
	"ganbel/core/corpus"
	"ganbel/core/data"
	"ganbel/core/experiment"
	"ganbel/core/lab"
	"ganbel/core/measure"
	"ganbel/core/record"
	"ganbel/core/score"
)

// A scorer holds what ganbel score was asked for.
type scorer struct {
	run, path string // a run's folder, or images
	paths     corpus.Files
	n, splits int
	side      int
}

// scoreCommand judges a set of images by a classifier, next to real ones.
func scoreCommand() *cobra.Command {
	s := &scorer{}
	c := &cobra.Command{
		Use:   "score PATH",
		Short: "Scores images, or those that a run generates: Inception Score and FID next to real ones.",
		Long: "Scores images: a folder or an archive of them, CIFAR-10's binary files, or MNIST's. With neither\n" +
			"--inception nor --squeezenet they are digits, 28 by 28, scored by a classifier of MNIST.\n\n" +
			"Of a run's folder it scores images that the run's checkpoint generates, as a measurement at that step\nscores them, and keeps the score in the folder.\n",
		Example: "ganbel score SAMPLES --real CIFAR --inception FILE\nganbel score --run runs/wgan-mnist-live-1 --n 1000\nganbel score --run runs/wgan-cifar-small-1 --squeezenet FILE",
	}
	f := c.Flags()
	f.StringVar(&s.run, "run", "", "folder of a run whose generated images are scored")
	f.IntVar(&s.n, "n", 0, "how many images are scored; 0 for all there are, at most as many as are real, or of a run as many as it measures, or 1000")
	f.IntVar(&s.splits, "splits", 0, "in how many parts; 0 for 10, or 1 if there are fewer than 1,000")
	f.IntVar(&s.side, "side", 0, "cut and scale all images to N by N; 0 takes them as they are, which must be of one size")
	group(f, "Flags", "run DIR")
	f.Var(&path{corpus.Files{}, "real", "PATH"}, "real", "real images, of any such form; the command's own MNIST if digits are scored and none are named, and of a run what it was trained on")
	real := f.Lookup("real").Value.(*path).paths
	s.paths = files(f)
	for _, name := range []string{"points", "text", "prose"} {
		f.Lookup(name).Hidden = true // no experiment that makes images is opened from them
	}
	group(f, "Files")
	for _, name := range []string{"n", "splits", "side"} {
		complete(c, name)
	}
	if err := c.MarkFlagDirname("run"); err != nil {
		panic(err) // there is no such flag
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if s.run != "" {
			return nothing(c, args)
		}
		return one("name the images first")(c, args)
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		s.path = strings.Join(args, "")
		s.paths["real"] = real["real"]
		if s.run == "" && record.Holds(s.path) {
			s.run = s.path
		}
		switch {
		case s.n < 0 || s.splits < 0 || s.side < 0:
			return misused("--n is %d, --splits %d and --side %d: none can be less than 0", s.n, s.splits, s.side)
		case s.paths["inception"] != "" && s.paths["squeezenet"] != "":
			return misused("--inception and --squeezenet are two classifiers: name one")
		case s.run != "":
			return s.scoreRun(c.Context())
		}
		return s.scoreImages(c.Context())
	}
	return c
}

// progress returns the writer that shows a score's progress.
func progress() io.Writer {
	if term.IsTerminal(int(os.Stderr.Fd())) {
		return os.Stderr
	}
	return io.Discard
}

// scoreImages scores the images at a path.
func (s *scorer) scoreImages(ctx context.Context) error {
	digits := s.paths.Classifier() == ""
	if !digits && s.paths["real"] == "" {
		return misused("a score says something only next to real images': name them with --real PATH")
	}
	c, err := classifier(experiment.WGANMNIST, s.paths) // with neither, that of digits
	if err != nil {
		return err
	}
	o := corpus.Options{Side: s.side, Broken: s.paths.Broken()}
	if digits {
		o.Side, o.Channels = 28, 1
	}
	images, err := openImages(s.path, o)
	if err != nil {
		return err
	}
	defer images.close()
	real := &imageSet{close: func() error { return nil }}
	if s.paths["real"] != "" {
		if real, err = openImages(s.paths["real"], o); err != nil {
			return fmt.Errorf("--real: %w", err)
		}
	} else {
		train, test, err := data.MNIST(assets.MNIST())
		if err != nil {
			return err
		}
		real.identity, real.parts = data.IdentifyImages("MNIST", train, test), []data.Source{train, test}
	}
	defer real.close()
	for _, set := range []*imageSet{images, real} {
		if err := c.Takes(set.parts[0].Shape()); err != nil {
			return fmt.Errorf("%s: %w", set.identity.Name, err)
		}
	}
	n, most := s.n, min(images.count(), real.count())
	if n == 0 {
		n = most
	}
	if n > most {
		return misused("--n is %d, and of %s there are %d, of %s %d", n, images.identity.Name, images.count(), real.identity.Name, real.count())
	}
	splits, err := s.parts(n)
	if err != nil {
		return err
	}
	_, _, err = compare(ctx, os.Stdout, progress(), c, images, real, n, splits)
	return err
}

// parts returns in how many parts n images are scored, or an error if they are too few.
func (s *scorer) parts(n int) (int, error) {
	splits := s.splits
	if splits == 0 {
		splits = 10
		if n < 1000 {
			splits = 1
		}
	}
	if n < max(splits, 2) {
		return 0, fmt.Errorf("%d images in %d parts cannot be scored: there must be 2 at least, and one in each part; take more images, or a smaller --splits", n, splits)
	}
	return splits, nil
}

// scoreRun scores images that a run's checkpoint generates, and keeps the score.
func (s *scorer) scoreRun(ctx context.Context) error {
	old, err := record.Describe(s.run)
	if err != nil {
		return err
	}
	e, err := lab.Find(old.Experiment)
	if err != nil {
		return fmt.Errorf("%s: %w", s.run, err)
	}
	if e.Setting("score-images") == nil {
		return misused("%s holds a run of %s, which makes no images that could be scored", s.run, e.Name)
	}
	named := s.paths.Classifier()
	for name, path := range old.Files {
		if s.paths[name] == "" && (named == "" || !slices.Contains(record.Classifiers, name)) {
			s.paths[name] = path
		}
	}
	flag := s.paths.Classifier()
	if flag == "" && e != experiment.WGANMNIST {
		return misused("the run in %s names no classifier: name one with --inception FILE or --squeezenet FILE", s.run)
	}
	n := s.n
	if n == 0 {
		n, _ = strconv.Atoi(old.Values["score-images"])
	}
	if n == 0 {
		n, _ = strconv.Atoi(scoredImages)
	}
	if n%100 != 0 || n > int(e.Setting("score-images").Max) {
		return misused("--n is %d: a run generates hundreds of images, from 100 to %.0f", n, e.Setting("score-images").Max)
	}
	w, err := openWorld(e, s.paths, os.Stdout)
	if err != nil {
		return err
	}
	run, _, err := record.Open(s.run, w)
	if err != nil {
		return err
	}
	defer run.Close()
	made, ok := run.Model.(experiment.Imaging)
	if !ok {
		return misused("%s holds a run of %s, which makes no images that could be scored", s.run, e.Name)
	}
	keep := func() error { return nil }
	images := &imageSet{data.Identity{Name: fmt.Sprintf("%s, step %d", s.run, run.Step())}, []data.Source{made.Generate(n)}, keep}
	real := &imageSet{run.Identity(), []data.Source{made.Truth(2 * n)}, keep}
	if s.paths["real"] != "" {
		rows, _, channels := images.parts[0].Shape()
		if real, err = openImages(s.paths["real"], corpus.Options{Side: rows, Channels: channels, Broken: s.paths.Broken()}); err != nil {
			return fmt.Errorf("--real: %w", err)
		}
		defer real.close()
	}
	splits, err := s.parts(min(n, real.count()))
	if err != nil {
		return err
	}
	score := record.Score{Step: run.Step(), Images: n, Classifier: s.paths.Identified(flag)}
	if flag == "" {
		score.Classifier = w.Classifier.Name()
	}
	if score.Made, score.Real, err = compare(ctx, os.Stdout, progress(), w.Classifier, images, real, n, splits); err != nil {
		return err
	}
	return score.Keep(s.run)
}

// compare writes the score of n images next to that of n real ones, or of all if there
// are fewer, and the distance of both from these: the real ones' own is that of others,
// if there are as many. It returns both scores in one part.
func compare(ctx context.Context, w, log io.Writer, c score.Classifier, images, real *imageSet, n, splits int) (made, truth float64, err error) {
	p, features, err := images.classify(ctx, log, c, 0, n)
	if err != nil {
		return 0, 0, err
	}
	k := min(n, real.count())
	realP, realFeatures, err := real.classify(ctx, log, c, 0, k)
	if err != nil {
		return 0, 0, err
	}
	d := len(features) / n
	own := "—"
	if real.count() >= 2*k {
		_, others, err := real.classify(ctx, log, c, k, 2*k)
		if err != nil {
			return 0, 0, err
		}
		own = fmt.Sprintf("%.4g", score.FrechetDistance(others, realFeatures, d))
	}
	value := func(p []float32) string {
		mean, std := measure.InceptionScores(p, c.Classes(), splits)
		if std != std { // of one split
			return fmt.Sprintf("%.2f", mean)
		}
		return fmt.Sprintf("%.2f ± %.2f", mean, std)
	}
	fmt.Fprintf(w, "%s of %d images in %d splits, and %s from %d of %s\n\n", score.ScoreName(c), n, splits, score.DistanceName(c), k, real.identity.Name)
	fmt.Fprintf(w, "%-40s %16s %12s\n", "", "score", "distance")
	fmt.Fprintf(w, "%-40s %16s %12.4g\n", images.identity.Name, value(p), score.FrechetDistance(features, realFeatures, d))
	fmt.Fprintf(w, "%-40s %16s %12s\n\n", "real: "+real.identity.Name, value(realP), own)
	fmt.Fprintf(w, "Both depend on the number of images. The distance of real images is that of %d others.\n", k)
	if k < d {
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
	made, _ = measure.InceptionScores(p, c.Classes(), 1)
	truth, _ = measure.InceptionScores(realP, c.Classes(), 1)
	return made, truth, nil
}

// An imageSet is images in one or more parts, one after the other.
type imageSet struct {
	identity data.Identity
	parts    []data.Source
	close    func() error
}

// openImages opens the images at a path, all of them.
func openImages(path string, o corpus.Options) (*imageSet, error) {
	set, err := corpus.Open(path, o)
	if err != nil {
		return nil, err
	}
	fmt.Println(set) // and what was not read of it
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
			fmt.Fprintf(log, "\r%s\x1b[K", fit(columns(os.Stderr), s.identity.Name, fmt.Sprintf("%d of %d", before+at+len(index)-from, to-from)))
		}
		before += part.Count()
	}
	fmt.Fprint(log, "\r\x1b[K")
	return p, features, nil
}
