// Package memory reports how much memory this process may still take.
package memory

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
)

// A Room is how much memory is left.
type Room struct {
	Bytes uint64 // that this process may still take
	Of    string // what has them, such as "this machine" or "its container"
}

// Free returns the least of what bounds this process: the machine's memory that is
// available, the limit of a container, the limit of the address space (ulimit -v), and
// GOMEMLIMIT; in a browser the 4 GiB that WebAssembly can address. It returns
// math.MaxUint64 bytes if no bound is known.
func Free() Room {
	used := inUse()
	least := Room{math.MaxUint64, "this machine"}
	for _, r := range append(bounds(used), goLimit(used)) {
		if r.Of != "" && r.Bytes < least.Bytes {
			least = r
		}
	}
	return least
}

// goLimit is what GOMEMLIMIT leaves. The runtime could exceed it, but would then do
// little but collect garbage.
func goLimit(used uint64) Room {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return Room{}
	}
	return Room{left(uint64(limit), used), "GOMEMLIMIT"}
}

// inUse returns how many bytes the runtime has from the system, less those that it has
// returned or would use again before it asks for more.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return left(m.Sys, m.HeapIdle)
}

// left returns limit - used, 0 if more is used.
func left(limit, used uint64) uint64 { return limit - min(limit, used) }

// Text returns bytes as a person reads them, such as "8.3 GB" or "12 MB".
func Text(bytes uint64) string {
	switch x := float64(bytes); {
	case x >= 999.5e6:
		return fmt.Sprintf("%.1f GB", x/1e9)
	case x >= 999.5e3:
		return fmt.Sprintf("%.0f MB", x/1e6)
	}
	return fmt.Sprintf("%.0f kB", float64(bytes)/1e3)
}
