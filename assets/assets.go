// Package assets carries the page's files and MNIST within the command, so that
// one binary serves and trains anywhere.
package assets

import "embed"

// Page is what the page is made of, beside index.html; of built only what
// "make build" has made.
//
//go:embed page/*.css page/*.svg page/*.js page/*/*.js embed.html ganbel-lab.js oembed.json examples pictures/wgan-gp.png stage.html stage.css stage.js worker.js export-worker.js kernels.js all:built
var Page embed.FS

// MNIST is the folder mnist with the four files of the data set.
//
//go:embed mnist
var MNIST embed.FS
