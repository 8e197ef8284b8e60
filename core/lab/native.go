//go:build !js

package lab

// The experiments that only the command has: they are too large for a page, and their
// code would make its programs larger.
func init() {
	Experiments = append(Experiments, WGANValues, WGANDepth, WGANCIFAR, WGANResNet, WGANLSUN, WGANLSUN128, WGANArchitecture, WGANLanguage)
}
