//go:build !js

package memory

import (
	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/shirou/gopsutil/v4/mem"
)

// bounds returns what bounds this process, of whose memory used bytes are in use. A bound
// that cannot be read is left out.
func bounds(used uint64) (all []Room) {
	if v, err := mem.VirtualMemory(); err == nil && v.Available > 0 {
		all = append(all, Room{v.Available, "this machine"})
	}
	if limit, err := memlimit.FromCgroup(); err == nil && limit > 0 {
		all = append(all, Room{left(limit, used), "its container"})
	}
	return append(all, addressSpace())
}
