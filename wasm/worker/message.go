//go:build js

package main

import (
	"fmt"
	"syscall/js"

	"ganbel/core/memory"
	"ganbel/wasm/values"
)

// copies is the number of copies of a saved run in memory while it is read: as a file,
// and as numbers.
const copies = 2

// readable returns an error for a message that lacks something its cmd needs, or brings
// something of another type. It reads all of it and changes nothing: what package js
// would panic at is found before anything changes.
func readable(m js.Value) (err error) {
	cmd := ""
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the message %q cannot be read: %v", cmd, p)
		}
	}()
	cmd = m.Get("cmd").String()
	files := func(list js.Value) {
		room, total := memory.Free(), 0.
		for i := range list.Length() {
			total += js.Global().Get("Uint8Array").New(list.Index(i)).Get("length").Float()
		}
		if copies*total > float64(room.Bytes) {
			panic(fmt.Sprintf("its files have %s and %s has %s free", memory.Text(uint64(total)), room.Of, memory.Text(room.Bytes)))
		}
	}
	switch cmd {
	case "open":
		settings(m.Get("values"))
		if v := m.Get("variants"); v.Truthy() {
			for i := range v.Length() {
				settings(v.Index(i))
			}
			if v.Length() == 0 {
				return fmt.Errorf("the message %q has no variants: leave them out for one run", cmd)
			}
		}
		if v := m.Get("points"); v.Truthy() {
			values.Numbers(v)
		}
		for _, name := range []string{"shard", "weights"} {
			if v := m.Get(name); v.Truthy() {
				values.Bytes(v)
			}
		}
		if v := m.Get("saved"); v.Truthy() {
			files(v)
		}
	case "judge":
		files(m.Get("saved"))
	case "play":
		m.Get("speed").Float()
	case "step":
		m.Get("n").Int()
	case "do":
		m.Get("run").Int()
		values.Tensors(m.Get("tensors"))
	case "load":
		files(m.Get("runs"))
	}
	return nil
}
