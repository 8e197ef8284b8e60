//go:build long && !js

package experiment

import (
	"testing"

	"ganbel/core/lab"
)

// TestSeed at the sizes that the experiments have, and for longer: "make test-long".
func TestLongSeed(t *testing.T) {
	for _, e := range lab.Experiments() {
		if e == GumbelClasses || e.Name == "wgan-lsun-128" {
			continue // the one measures time, and the other is wgan-lsun with larger images
		}
		t.Run(e.Name, func(t *testing.T) {
			v := lab.Values{}
			if e.Setting("held-out") != nil { // it would take hours
				v = small(e)
			}
			sameSeed(t, e, v, 10)
		})
	}
}
