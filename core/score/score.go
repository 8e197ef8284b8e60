// Package score judges images by what a classifier says of them, as section 5 of
// Gulrajani et al. does by the Inception Score.
//
// A score rises where the classifier is sure of each image and its classes are many
// over all images; it is e to the mean of KL[p(y|x) ‖ p(y)]. It depends on how many
// images there are, so that it says something only beside the real data's own at
// the same number, and only the score of the graph of 2015 is the Inception Score:
// every other classifier's is called after the classifier.
//
// The Inception Score needs the weights of that graph, which are not ours to give.
// OpenInception reads them from a safetensors file with the names of torchvision's
// state dict: Conv2d_1a_3x3.conv.weight, Mixed_5b.branch1x1.bn.running_mean, …,
// fc.weight. convert.py beside this file makes one:
//
//	python3 convert.py pt_inception-2015-12-05-6726825d.pth inception.safetensors
//	python3 convert.py classify_image_graph_def.pb inception.safetensors
//
// The first is the file of the PyTorch port of FID, the second the graph as it was
// published (inception-2015-12-05.tgz), which takes TensorFlow to read.
package score

import (
	"math"
	"slices"

	"ganbel/core/data"
	"ganbel/core/measure"
)

// A Classifier gives classes to images. It brings them to the size and the range
// that it takes by itself. It is for one goroutine at a time.
type Classifier interface {
	// Name is the classifier's name, such as "SqueezeNet".
	Name() string
	// Classes returns the number of classes.
	Classes() int
	// Takes returns an error that says which images the classifier takes, where it
	// takes none of this shape.
	Takes(rows, cols, channels int) error
	// Classify returns the probabilities of the classes, (n, classes), and the
	// features that they were made of, (n, d), row by row, for every image. It panics
	// where Takes returns an error.
	Classify(m *data.Images) (p, features []float32)
}

// inception2015 is the name of the one classifier whose score is the Inception Score.
const inception2015 = "Inception v3 of 2015"

// ScoreName returns what the score by a classifier is called: "Inception Score" for
// the graph of 2015 alone.
func ScoreName(c Classifier) string {
	if c.Name() == inception2015 {
		return "Inception Score"
	}
	return c.Name() + " score"
}

// DistanceName returns what the Fréchet distance by a classifier's features is
// called: "FID" for the graph of 2015 alone.
func DistanceName(c Classifier) string {
	if c.Name() == inception2015 {
		return "FID"
	}
	return "Fréchet distance of " + c.Name() + " features"
}

// Of returns the score of images by a classifier, 1 at least, its number of classes
// at most: the mean over so many equal splits, and the standard deviation between
// them, NaN of one (Gulrajani et al.: 10 splits of 5,000). See measure.InceptionScores.
func Of(c Classifier, m *data.Images, splits int) (mean, std float64) {
	p, _ := c.Classify(m)
	return measure.InceptionScores(p, c.Classes(), splits)
}

// Accuracy returns the share of images that the classifier gives the class of their
// label, NaN if there are no images or the classifier's probabilities of one are not a
// distribution. It panics if they have no labels.
func Accuracy(c Classifier, m *data.Images) float64 {
	p, _ := c.Classify(m)
	if !measure.Distributions(p, c.Classes()) {
		return math.NaN()
	}
	right := 0
	for i := range m.Count() {
		row := p[i*c.Classes():][:c.Classes()]
		if slices.Index(row, slices.Max(row)) == m.Label(i) {
			right++
		}
	}
	return float64(right) / float64(m.Count())
}

// Pixels writes into dst what a generator's output, -1 to 1, is as pixels: the whole
// part of (s+1)·255.99/2, as Gulrajani et al.'s code rounds before it scores. What is
// out of range is held at 0 and 255, and NaN is 0. It panics where dst is shorter.
func Pixels(dst []uint8, s []float32) {
	for i, v := range s {
		if x := (v + 1) * (255.99 / 2); x > 0 {
			dst[i] = uint8(min(x, 255))
		} else {
			dst[i] = 0
		}
	}
}
