// Command ganbel runs the experiments of "Improved Training of Wasserstein GANs"
// and "Categorical Reparameterization with Gumbel-Softmax".
package main

import (
	"embed"
	"os"

	"ganbel/core/command"
)

// page is the page itself, and the script that keeps it for use without a network; their
// other files are in assets.
//
//go:embed index.html service-worker.js
var page embed.FS

func main() { os.Exit(command.Main(page)) }
