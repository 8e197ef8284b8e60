//go:build !js

package experiment

import (
	"fmt"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/nn"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// WGANCIFAR is figure 3.
var WGANCIFAR = Register(&lab.Experiment{
	Rank: 120, Native: true,
	Name:  "wgan-cifar",
	Title: "WGAN-GP on CIFAR-10 with DCGAN-size networks", PaperSet: data.PaperCIFAR10, TitleSet: "CIFAR-10",
	Doc:      "Figure 3: networks of DCGAN's size on images of 32 by 32, by four methods.",
	Settings: imageSettings("128", "0.5", "0.0001", "64", "5"),
	Presets: []lab.Preset{
		{Name: "penalty", Title: "WGAN-GP, Adam", Steps: 200_000, Every: 1000, Doc: "The paper's WGAN-GP; 200,000 iterations.", Values: lab.Values{}},
		{Name: "penalty-rmsprop", Title: "WGAN-GP, RMSProp", Steps: 200_000, Every: 1000, Doc: "WGAN-GP with the optimiser that clipping takes.", Values: lab.Values{"optimiser": "rmsprop", "learning-rate": "0.00005"}},
		{Name: "clip", Title: "Weight clipping", Steps: 200_000, Every: 1000, Doc: "WGAN with RMSProp and weights within ±.01.", Values: clipMethod},
		{Name: "dcgan", Title: "DCGAN", Steps: 200_000, Every: 1000, Doc: "The non-saturating GAN loss with Adam.", Values: dcganMethod},
		{Name: "small", Title: "Small", Steps: 10_000, Every: 100, Doc: "WGAN-GP with an eighth of the channels, for a processor.", Values: cifarSmall},
		{Name: "small-clip", Title: "Small, clipped", Steps: 10_000, Every: 100, Doc: "The small networks with clipped weights.", Values: lab.Merge(cifarSmall, clipMethod)},
	},
	Metrics: imageMetrics,
	Notes:   []string{"Figure 3, after 200,000 iterations at width 128: Inception Scores of about 6 with WGAN-GP and Adam and with DCGAN, less with WGAN-GP and RMSProp, least with clipping. ganbel sweep figure3 trains all four."},
}, openCIFAR)

// cifarSmall are settings at which a processor trains in an hour.
var cifarSmall = lab.Values{"width": "16", "batch": "32", "learning-rate": "0.0005"}

// WGANResNet is table 3.
var WGANResNet = Register(&lab.Experiment{
	Rank: 130, Native: true,
	Name:  "wgan-resnet",
	Title: "WGAN-GP on CIFAR-10 with residual networks", PaperSet: data.PaperCIFAR10, TitleSet: "CIFAR-10",
	Doc: "Table 3: residual networks on images of 32 by 32, without labels or as an AC-GAN.",
	Settings: append(imageSettings("128", "0", "0.0002", "64", "5"),
		lab.Setting{Name: "labels", Title: "Labels", Kind: lab.Bool, Default: "false", Group: "model", Resets: true, Doc: "AC-GAN: the generator is told a class, and a second head of the critic names it."},
		lab.Setting{Name: "critic-classes", Title: "Critic's class loss", Kind: lab.Float, Default: "1", Max: 100, Group: "critic", Resets: true, Doc: "Weight of the cross-entropy of real images' classes in the critic's loss."},
		lab.Setting{Name: "generator-classes", Title: "Generator's class loss", Kind: lab.Float, Default: "0.1", Max: 100, Group: "critic", Resets: true, Doc: "Weight of the cross-entropy of generated images' classes in the generator's loss."},
	),
	Presets: []lab.Preset{
		{Name: "unsupervised", Title: "Unsupervised", Steps: 100_000, Every: 1000, Doc: "Table 3, left: 100,000 iterations, the rate falling to 0.", Values: lab.Values{"decay": "100000"}},
		{Name: "supervised", Title: "Supervised", Steps: 100_000, Every: 1000, Doc: "Table 3, right: an AC-GAN.", Values: lab.Values{"decay": "100000", "labels": "true"}},
		{Name: "small", Title: "Small", Steps: 20_000, Every: 200, Doc: "The same networks with an eighth of the channels, for a processor.", Values: resnetSmall},
		{Name: "small-supervised", Title: "Small, supervised", Steps: 20_000, Every: 200, Doc: "The small AC-GAN.", Values: lab.Merge(resnetSmall, lab.Values{"labels": "true"})},
	},
	Metrics: append(imageMetrics[:len(imageMetrics):len(imageMetrics)],
		lab.Metric{Name: "accuracy-real", Title: "Classes of real images", Unit: "%", Chart: "accuracy", Doc: "Real images of the last critic step whose class the critic's second head names."},
		lab.Metric{Name: "accuracy-fake", Title: "Classes of generated images", Unit: "%", Chart: "accuracy", Doc: "Generated images of which it names the class that they were made of."},
	),
	Notes: []string{"Width 128 and 100,000 iterations are the paper's. Its networks upsample before the second convolution by its text, before the first by its code, which is followed here."},
	Paper: &lab.Report{Title: "Table 3: Inception Scores of CIFAR-10 in the paper", Head: []string{"unsupervised", "score", "supervised", "score"}, Rows: [][]string{
		{"ALI (in DFM)", "5.34 ± .05", "SteinGAN", "6.35"},
		{"BEGAN", "5.62", "DCGAN with labels", "6.58"},
		{"DCGAN (in SGAN)", "6.16 ± .07", "Improved GAN", "8.09 ± .07"},
		{"Improved GAN (-L+HA)", "6.86 ± .06", "AC-GAN", "8.25 ± .07"},
		{"EGAN-Ent-VI", "7.07 ± .10", "SGAN-no-joint", "8.37 ± .08"},
		{"DFM", "7.72 ± .13", "WGAN-GP ResNet", "8.42 ± .10"},
		{"WGAN-GP ResNet", "7.86 ± .07", "SGAN", "8.59 ± .12"},
	}, Notes: []string{"Of 50,000 images in 10 splits, by Inception v3 of 2015: a score by another classifier, of fewer images or of smaller networks cannot be compared with these."}},
}, openResNet)

var resnetSmall = lab.Values{"width": "16", "batch": "32", "decay": "20000"}

// openColour returns a model of the images that the person named.
func openColour(r *train.Run, w World, side int, as wgan.Pictures, declare func(d, g *nn.Block) wgan.Networks, alter func(*wgan.Config)) (train.Model, error) {
	train, validation, err := w.Pictures(side)
	if err != nil {
		return nil, err
	}
	return openPictures(r, w, train, validation, as, declare, alter)
}

func openCIFAR(r *train.Run, w World) (train.Model, error) {
	return openColour(r, w, 32, wgan.Pictures{}, wgan.CIFAR(r.Int("width"), method(r)), nil)
}

func openResNet(r *train.Run, w World) (train.Model, error) {
	train, validation, err := w.Pictures(32)
	if err != nil {
		return nil, err
	}
	k := 0
	if r.Text("labels") == "true" {
		if k, err = classes(train, validation); err != nil {
			return nil, fmt.Errorf("wgan-resnet: %w", err)
		}
		if k < 2 {
			return nil, fmt.Errorf("wgan-resnet with labels needs images of two classes at least, these have %d", k)
		}
	}
	if r.Int("batch")%2 != 0 {
		return nil, fmt.Errorf("batch is %q: it must be even, for its halves are normalised by themselves", r.Text("batch"))
	}
	return openPictures(r, w, train, validation, wgan.Pictures{Dequant: true}, wgan.ResNet(r.Int("width"), k), func(c *wgan.Config) {
		c.GeneratorBatch, c.Groups = 2*c.Batch, 2
		c.CriticClasses, c.GeneratorClasses = r.Float("critic-classes"), r.Float("generator-classes")
	})
}
