//go:build tools

package sidemodule

import (
	"bytes"
	"os/exec"
	"testing"
)

// TestValid has node judge the modules.
func TestValid(t *testing.T) {
	for what, m := range modules() {
		cmd := exec.Command("node", "-e", `
			if (process.versions.node.split(".")[0] < 21) require("v8").setFlagsFromString("--experimental-wasm-relaxed-simd");
			new WebAssembly.Module(require("fs").readFileSync(0));`)
		cmd.Stdin = bytes.NewReader(m)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v, %s (make tools installs node)", what, err, out)
		}
	}
}
