//go:build !js

package experiment

import (
	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// WGANLSUN is figure 2.
var WGANLSUN = Register(&lab.Experiment{
	Rank: 140, Native: true,
	Name:  "wgan-lsun",
	Title: "WGAN-GP on bedrooms of 64 by 64", PaperSet: data.PaperLSUN, TitleSet: "bedrooms",
	Doc: "Figure 2: seven pairs of networks, of which only WGAN-GP trains all with one set of settings.",
	Settings: append(imageSettings("64", "0", "0.0001", "64", "5"),
		lab.Setting{Name: "networks", Title: "Networks", Kind: lab.Choice, Default: "baseline", Choices: wgan.LSUNNames, Group: "model", Resets: true,
			Doc: "Figure 2's rows, and those that the authors' code calls good."}),
	Presets: []lab.Preset{
		{Name: "penalty", Title: "WGAN-GP", Steps: 200_000, Every: 1000, Doc: "The paper's WGAN-GP; 200,000 iterations.", Values: lab.Values{}},
		{Name: "clip", Title: "Weight clipping", Steps: 200_000, Every: 1000, Doc: "WGAN with RMSProp and weights within ±.01.", Values: clipMethod},
		{Name: "dcgan", Title: "DCGAN", Steps: 200_000, Every: 1000, Doc: "The non-saturating GAN loss with Adam.", Values: dcganMethod},
		{Name: "lsgan", Title: "LSGAN", Steps: 200_000, Every: 1000, Doc: "Least squares with RMSProp.", Values: lsganMethod},
	},
	Metrics: imageMetrics,
	Notes:   []string{"Figure 2 shows samples and no numbers: after 200,000 iterations only WGAN-GP has trained all seven pairs with one set of settings. ganbel sweep figure2 trains all by four methods. Figure 5(a): the negative loss on bedrooms starts high and falls, training and validation together."},
}, openLSUN)

// WGANLSUN128 is figure 4.
var WGANLSUN128 = Register(&lab.Experiment{
	Rank: 150, Native: true,
	Name:  "wgan-lsun-128",
	Title: "WGAN-GP on bedrooms of 128 by 128", PaperSet: data.PaperLSUN, TitleSet: "bedrooms",
	Doc:      "Figure 4: residual networks on images of 128 by 128.",
	Settings: imageSettings("64", "0", "0.0001", "64", "5"),
	Presets: []lab.Preset{
		{Name: "paper", Title: "Paper", Steps: 200_000, Every: 1000, Doc: "200,000 iterations, the rate falling to 0; images are mirrored at random.", Values: lab.Values{"decay": "200000"}},
		{Name: "small", Title: "Small", Steps: 20_000, Every: 200, Doc: "The same networks with a sixteenth of the channels, for a processor.", Values: lab.Values{"width": "4", "batch": "16", "decay": "20000"}},
	},
	Metrics: imageMetrics,
	Notes:   []string{"Figure 4 shows samples and no numbers. The layers are those of the authors' prototype."},
}, openLSUN128)

func openLSUN(r *train.Run, w World) (train.Model, error) {
	return openColour(r, w, 64, wgan.Pictures{}, wgan.LSUN(r.Text("networks"), r.Int("width"), method(r)), nil)
}

func openLSUN128(r *train.Run, w World) (train.Model, error) {
	return openColour(r, w, 128, wgan.Pictures{Mirrored: true}, wgan.LSUN128(r.Int("width"), method(r)), nil)
}
