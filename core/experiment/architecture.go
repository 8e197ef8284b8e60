//go:build !js

package lab

import (
	"strconv"

	"ganbel/core/data"
	"ganbel/core/wgan"
)

// WGANArchitecture is one of the random architectures of tables 1, 2 and 5.
var WGANArchitecture = &Experiment{
	Name:  "wgan-architecture",
	Title: "A random architecture", paperSet: data.PaperImageNet32,
	Doc: "Section 5.1: one of 9216 pairs of networks on images of 32 by 32, by WGAN-GP or GAN.",
	Settings: append(scoredSettings("0", "0.0001", "64", "5"),
		Setting{Name: "activation-g", Title: "Generator's activation", Kind: Choice, Default: "relu", Choices: wgan.ArchitectureActivations, Group: "model", Resets: true, Doc: "Its nonlinearity."},
		Setting{Name: "activation-d", Title: "Critic's activation", Kind: Choice, Default: "leakyrelu", Choices: wgan.ArchitectureActivations, Group: "model", Resets: true, Doc: "Its nonlinearity."},
		Setting{Name: "depth-g", Title: "Generator's depth", Kind: Choice, Default: "4", Choices: texts(wgan.ArchitectureDepths), Group: "model", Resets: true, Doc: "Its layers with weights."},
		Setting{Name: "depth-d", Title: "Critic's depth", Kind: Choice, Default: "4", Choices: texts(wgan.ArchitectureDepths), Group: "model", Resets: true, Doc: "Its layers with weights."},
		Setting{Name: "norm-g", Title: "Generator's batch norm", Kind: Bool, Default: "true", Group: "model", Resets: true, Doc: "Whether it has batch norm."},
		Setting{Name: "norm-d", Title: "Critic's norm", Kind: Bool, Default: "false", Group: "model", Resets: true, Doc: "Whether it has batch norm, or with a penalty layer norm."},
		Setting{Name: "filters-g", Title: "Generator's filters", Kind: Int, Default: "128", Min: 1, Max: 512, Group: "model", Resets: true, Doc: "Its base number of filters; table 1 has 32, 64 and 128."},
		Setting{Name: "filters-d", Title: "Critic's filters", Kind: Int, Default: "128", Min: 1, Max: 512, Group: "model", Resets: true, Doc: "Its base number of filters; table 1 has 32, 64 and 128."},
		Setting{Name: "weight-decay", Title: "Weight decay", Kind: Float, Default: "0.001", Max: 1, Group: "optimiser", Resets: true, Doc: "Of a critic that has a norm, w: the loss gets half of it times Σw² of its weights."},
	),
	Presets: []Preset{
		{Name: "penalty", Title: "WGAN-GP", Steps: 100_000, Every: 1000, Doc: "The networks of DCGAN by WGAN-GP; 100,000 iterations.", Values: Values{}},
		{Name: "gan", Title: "GAN", Steps: 100_000, Every: 1000, Doc: "The networks of DCGAN by the non-saturating GAN loss.", Values: merge(dcganMethod, Values{"norm-d": "true"})},
	},
	Metrics: imageMetrics,
	notes:   []string{"Tables 2 and 5 count how many of 200 such runs exceed a score: ganbel sweep architectures trains as many."},
}

func texts(numbers []int) (all []string) {
	for _, n := range numbers {
		all = append(all, strconv.Itoa(n))
	}
	return all
}

func init() { WGANArchitecture.New = WGANArchitecture.opened(newArchitecture) }

func newArchitecture(v Values, w World) (Run, error) {
	a := wgan.Architecture{ActivationG: v["activation-g"], ActivationD: v["activation-d"], DepthG: v.Int("depth-g"), DepthD: v.Int("depth-d"),
		NormG: v.Bool("norm-g"), NormD: v.Bool("norm-d"), FiltersG: v.Int("filters-g"), FiltersD: v.Int("filters-d")}
	return newColour(WGANArchitecture, v, w, 32, wgan.Pictures{}, a.Declare(v.method()), func(c *wgan.GameConfig) {
		if a.NormD {
			c.WeightDecay = v.Float("weight-decay")
		}
	})
}
