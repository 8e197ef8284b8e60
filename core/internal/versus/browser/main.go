//go:build js

// Command browser is our workloads in a page: it sets ganbelRate(workload,
// seconds), which returns a number or what is wrong.
package main

import (
	"syscall/js"
	"time"

	"ganbel/core/internal/versus/workload"
)

func main() {
	name, w := "", workload.Workload{}
	js.Global().Set("ganbelRate", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if next := args[0].String(); next != name {
			var err error
			if w, err = workload.New(next, 1, nil); err != nil {
				return err.Error()
			}
			name = next
		}
		return w.Rate(time.Duration(args[1].Float() * float64(time.Second)))
	}))
	select {}
}
