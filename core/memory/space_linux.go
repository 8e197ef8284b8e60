package memory

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// addressSpace returns what RLIMIT_AS leaves, which ulimit -v sets.
func addressSpace() Room {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &limit); err != nil || limit.Cur == unix.RLIM_INFINITY {
		return Room{}
	}
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return Room{}
	}
	pages, err := strconv.ParseUint(strings.Fields(string(b) + " 0")[0], 10, 64)
	if err != nil {
		return Room{}
	}
	return Room{left(limit.Cur, pages*uint64(os.Getpagesize())), "ulimit -v"}
}
