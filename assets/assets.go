// Package assets carries the page's files and MNIST within the command, so that
// one binary serves and trains anywhere.
package assets

import (
	"embed"
	"io/fs"
)

// Page is what the page is made of, beside index.html; of built only what
// "make build" has made.
//
//go:embed page/*.css page/*.svg page/*.js page/*/*.js page/*/*/*.js licences.txt embed.html ganbel-lab.js oembed.json examples pictures stage.html stage.css stage.js worker.js export-worker.js kernels.js all:built
var Page embed.FS

// Licences is the text of our licence and of those of all that is within the command
// and the page.
//
//go:generate go run ./licences .. licences.txt
//go:embed licences.txt
var Licences string

//go:embed mnist
var mnist embed.FS

// MNIST returns the four files of the data set, and what else is in the folder mnist.
func MNIST() fs.FS {
	files, _ := fs.Sub(mnist, "mnist") // the folder is embedded
	return files
}
