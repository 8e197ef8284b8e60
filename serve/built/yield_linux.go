package built

import (
	"runtime"
	"syscall"
)

// yield gives the calling goroutine a thread of its own, of the lowest priority. The
// thread ends with the goroutine.
func yield() {
	runtime.LockOSThread()
	syscall.Setpriority(syscall.PRIO_PROCESS, 0, 19) // 0 is this thread; a failure does no harm
}
