//go:build !js

package lab

// Native are the experiments that only the command has: they are too large for a page,
// and their code would make its programs larger.
var Native = []*Experiment{WGANValues, WGANDepth, WGANCIFAR, WGANResNet, WGANLSUN, WGANLSUN128, WGANArchitecture, WGANLanguage}

func init() { Experiments = append(Experiments, Native...) }
