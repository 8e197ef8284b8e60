//go:build !js

package lab

import (
	"ganbel/core/data"
	"ganbel/core/wgan"
)

// WGANLSUN is figure 2.
var WGANLSUN = &Experiment{
	Name:  "wgan-lsun",
	Title: "WGAN-GP on bedrooms of 64 by 64", paperSet: data.PaperLSUN, on: "bedrooms",
	Doc: "Figure 2: seven pairs of networks, of which only WGAN-GP trains all with one set of settings.",
	Settings: append(imageSettings("64", "0", "0.0001", "64", "5"),
		Setting{Name: "networks", Title: "Networks", Kind: Choice, Default: "baseline", Choices: wgan.LSUNNames, Group: "model", Resets: true,
			Doc: "Figure 2's rows, and those that the authors' code calls good."}),
	Presets: []Preset{
		{Name: "penalty", Title: "WGAN-GP", Steps: 200_000, Every: 1000, Doc: "The paper's WGAN-GP; 200,000 iterations.", Values: Values{}},
		{Name: "clip", Title: "Weight clipping", Steps: 200_000, Every: 1000, Doc: "WGAN with RMSProp and weights within ±.01.", Values: clipMethod},
		{Name: "dcgan", Title: "DCGAN", Steps: 200_000, Every: 1000, Doc: "The non-saturating GAN loss with Adam.", Values: dcganMethod},
		{Name: "lsgan", Title: "LSGAN", Steps: 200_000, Every: 1000, Doc: "Least squares with RMSProp.", Values: lsganMethod},
	},
	Metrics: imageMetrics,
	notes:   []string{"Figure 2 shows samples and no numbers: after 200,000 iterations only WGAN-GP has trained all seven pairs with one set of settings. ganbel sweep figure2 trains all by four methods. Figure 5(a): the negative loss on bedrooms starts high and falls, training and validation together."},
}

// WGANLSUN128 is figure 4.
var WGANLSUN128 = &Experiment{
	Name:  "wgan-lsun-128",
	Title: "WGAN-GP on bedrooms of 128 by 128", paperSet: data.PaperLSUN, on: "bedrooms",
	Doc:      "Figure 4: residual networks on images of 128 by 128.",
	Settings: imageSettings("64", "0", "0.0001", "64", "5"),
	Presets: []Preset{
		{Name: "paper", Title: "Paper", Steps: 200_000, Every: 1000, Doc: "200,000 iterations, the rate falling to 0; images are mirrored at random.", Values: Values{"decay": "200000"}},
		{Name: "small", Title: "Small", Steps: 20_000, Every: 200, Doc: "The same networks with a sixteenth of the channels, for a processor.", Values: Values{"width": "4", "batch": "16", "decay": "20000"}},
	},
	Metrics: imageMetrics,
	notes:   []string{"Figure 4 shows samples and no numbers. The layers are those of the authors' prototype."},
}

func init() { WGANLSUN.New, WGANLSUN128.New = WGANLSUN.opened(newLSUN), WGANLSUN128.opened(newLSUN128) }

func newLSUN(v Values, w World) (Run, error) {
	return newColour(WGANLSUN, v, w, 64, wgan.Pictures{}, wgan.LSUN(v["networks"], v.Int("width"), v.method()), nil)
}

func newLSUN128(v Values, w World) (Run, error) {
	return newColour(WGANLSUN128, v, w, 128, wgan.Pictures{Mirrored: true}, wgan.LSUN128(v.Int("width"), v.method()), nil)
}
