// Command cmd writes the side modules kernels.wasm and kernels-relaxed.wasm, and
// kernels-door.wasm before them, to a folder.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"ganbel/core/simd/internal/sidemodule"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ganbel/core/simd/internal/sidemodule/cmd FOLDER")
		os.Exit(2)
	}
	for name, module := range map[string][]byte{
		"kernels.wasm": sidemodule.Module(false), "kernels-relaxed.wasm": sidemodule.Module(true), "kernels-door.wasm": sidemodule.Door(),
	} {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), module, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
