//go:build !js

package experiment

import (
	"strconv"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// WGANArchitecture is one of the random architectures of tables 1, 2 and 5.
var WGANArchitecture = Register(&lab.Experiment{
	Rank: 160, Native: true,
	Name:  "wgan-architecture",
	Title: "A random architecture", PaperSet: data.PaperImageNet32,
	Doc: "Section 5.1: one of 9216 pairs of networks on images of 32 by 32, by WGAN-GP or GAN.",
	Settings: append(scoredSettings("0", "0.0001", "64", "5"),
		lab.Setting{Name: "activation-g", Title: "Generator's activation", Kind: lab.Choice, Default: "relu", Choices: wgan.ArchitectureActivations, Group: "model", Resets: true, Doc: "Its nonlinearity."},
		lab.Setting{Name: "activation-d", Title: "Critic's activation", Kind: lab.Choice, Default: "leakyrelu", Choices: wgan.ArchitectureActivations, Group: "model", Resets: true, Doc: "Its nonlinearity."},
		lab.Setting{Name: "depth-g", Title: "Generator's depth", Kind: lab.Choice, Default: "4", Choices: texts(wgan.ArchitectureDepths), Group: "model", Resets: true, Doc: "Its layers with weights."},
		lab.Setting{Name: "depth-d", Title: "Critic's depth", Kind: lab.Choice, Default: "4", Choices: texts(wgan.ArchitectureDepths), Group: "model", Resets: true, Doc: "Its layers with weights."},
		lab.Setting{Name: "norm-g", Title: "Generator's batch norm", Kind: lab.Bool, Default: "true", Group: "model", Resets: true, Doc: "Whether it has batch norm."},
		lab.Setting{Name: "norm-d", Title: "Critic's norm", Kind: lab.Bool, Default: "false", Group: "model", Resets: true, Doc: "Whether it has batch norm, or with a penalty layer norm."},
		lab.Setting{Name: "filters-g", Title: "Generator's filters", Kind: lab.Int, Default: "128", Min: 1, Max: 512, Group: "model", Resets: true, Doc: "Its base number of filters; table 1 has 32, 64 and 128."},
		lab.Setting{Name: "filters-d", Title: "Critic's filters", Kind: lab.Int, Default: "128", Min: 1, Max: 512, Group: "model", Resets: true, Doc: "Its base number of filters; table 1 has 32, 64 and 128."},
		lab.Setting{Name: "weight-decay", Title: "Weight decay", Kind: lab.Float, Default: "0.001", Max: 1, Group: "optimiser", Resets: true, Doc: "Of a critic that has a norm, w: the loss gets half of it times Σw² of its weights."},
	),
	Presets: []lab.Preset{
		{Name: "penalty", Title: "WGAN-GP", Steps: 100_000, Every: 1000, Doc: "The networks of DCGAN by WGAN-GP; 100,000 iterations.", Values: lab.Values{}},
		{Name: "gan", Title: "GAN", Steps: 100_000, Every: 1000, Doc: "The networks of DCGAN by the non-saturating GAN loss.", Values: lab.Merge(dcganMethod, lab.Values{"norm-d": "true"})},
	},
	Metrics: imageMetrics,
	Notes:   []string{"Tables 2 and 5 count how many of 200 such runs exceed a score: ganbel sweep architectures trains as many."},
}, openArchitecture)

func texts(numbers []int) (all []string) {
	for _, n := range numbers {
		all = append(all, strconv.Itoa(n))
	}
	return all
}

func openArchitecture(r *train.Run, w World) (train.Model, error) {
	a := wgan.Architecture{ActivationG: r.Text("activation-g"), ActivationD: r.Text("activation-d"), DepthG: r.Int("depth-g"), DepthD: r.Int("depth-d"),
		NormG: r.Text("norm-g") == "true", NormD: r.Text("norm-d") == "true", FiltersG: r.Int("filters-g"), FiltersD: r.Int("filters-d")}
	return openColour(r, w, 32, wgan.Pictures{}, a.Declare(method(r)), func(c *wgan.Config) {
		if a.NormD {
			c.WeightDecay = r.Float("weight-decay")
		}
	})
}
