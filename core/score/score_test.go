package score

import (
	"bytes"
	"testing"

	"ganbel/core/data"
)

// write returns a safetensors file.
func write(t *testing.T, s data.Store) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if err := data.WriteSafetensors(&b, s); err != nil {
		t.Fatal(err)
	}
	return &b
}
