//go:build !js

package lab

// Experiments that the page does not show are not compiled for it, which keeps it small.
func init() { Experiments = append(Experiments, WGANValues, WGANDepth) }
