package memory

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestText(t *testing.T) {
	for bytes, want := range map[uint64]string{0: "0 kB", 4096: "4 kB", 12_345_678: "12 MB", 8_300_000_000: "8.3 GB", 999_600_000: "1.0 GB"} {
		if got := Text(bytes); got != want {
			t.Errorf("%d bytes are %q, want %q", bytes, got, want)
		}
	}
}

// The least bound counts, and what is in use is taken from it.
func TestFree(t *testing.T) {
	before := Free()
	if before.Bytes == 0 || before.Of == "" {
		t.Fatalf("free: %+v", before)
	}
	old := debug.SetMemoryLimit(64 << 20)
	defer debug.SetMemoryLimit(old)
	if r := Free(); r.Of != "GOMEMLIMIT" || r.Bytes >= 64<<20 || r.Bytes == 0 {
		t.Errorf("with GOMEMLIMIT: %+v", r)
	}
	debug.SetMemoryLimit(1)
	if r := Free(); r.Bytes != 0 {
		t.Errorf("with a limit that is passed: %+v", r)
	}
	debug.SetMemoryLimit(math.MaxInt64)
	if r := Free(); r.Of == "GOMEMLIMIT" {
		t.Errorf("without one: %+v", r)
	}
}
