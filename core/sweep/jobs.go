package sweep

import (
	"fmt"
	"maps"
	"strconv"

	"ganbel/core/lab"
	"ganbel/core/wgan"
)

// Methods are those that architectures are trained by.
var Methods = []string{"penalty", "gan", "one-sided"}

// Methods of figures 2 and 3, by the presets that have them.
var (
	figure2Methods = []string{"penalty", "clip", "dcgan", "lsgan"}
	figure3Methods = []string{"clip", "penalty-rmsprop", "penalty", "dcgan"}
	methodNames    = map[string]string{"penalty": "WGAN-GP (Adam)", "penalty-rmsprop": "WGAN-GP (RMSProp)", "clip": "Weight clipping", "dcgan": "DCGAN", "lsgan": "LSGAN", "gan": "GAN", "one-sided": "one-sided"}
)

func (s *Sweep) figure2Jobs() (all []Job) {
	for _, net := range wgan.LSUNNames[:7] {
		for _, m := range figure2Methods {
			all = append(all, Job{Name: net + "-" + m, Experiment: "wgan-lsun", Preset: m, Values: lab.Values{"networks": net}})
		}
	}
	return all
}

func (s *Sweep) figure3Jobs() (all []Job) {
	for _, m := range figure3Methods {
		all = append(all, Job{Name: m, Experiment: "wgan-cifar", Preset: m})
	}
	return all
}

// architectureJob is what a run of an architecture is called.
func architectureJob(i int, method string) string { return fmt.Sprintf("%03d-%s", i, method) }

func (s *Sweep) architectureJobs() (all []Job) {
	for i := range s.Count {
		a := wgan.RandomArchitecture(s.Seed, i)
		v := lab.Values{"activation-g": a.ActivationG, "activation-d": a.ActivationD, "depth-g": strconv.Itoa(a.DepthG), "depth-d": strconv.Itoa(a.DepthD),
			"norm-g": strconv.FormatBool(a.NormG), "norm-d": strconv.FormatBool(a.NormD),
			"filters-g": strconv.Itoa(max(a.FiltersG/s.Shrink, 1)), "filters-d": strconv.Itoa(max(a.FiltersD/s.Shrink, 1))}
		for _, m := range s.Methods {
			preset, values := m, maps.Clone(v)
			if m == "one-sided" {
				preset = "penalty"
				values["rule"] = "one-sided"
			}
			all = append(all, Job{Name: architectureJob(i, m), Experiment: "wgan-architecture", Preset: preset, Values: values})
		}
	}
	return all
}
