// Package assets carries MNIST within the command, so that one binary trains
// anywhere.
package assets

import "embed"

// MNIST is the folder mnist with the four files of the data set.
//
//go:embed mnist
var MNIST embed.FS
