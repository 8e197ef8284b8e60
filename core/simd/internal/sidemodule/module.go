// Package sidemodule assembles the WebAssembly module with the loops that package
// simd takes in a browser: what Go compiles to wasm reaches half of its speed at
// best. The module has no memory of its own; it works on Go's.
package sidemodule

// Module returns the module. A relaxed one uses relaxed SIMD, which not every
// browser has, for products that are added to.
func Module(relaxed bool) []byte {
	var functions []*function
	for _, k := range kernels {
		f := &function{name: k.name, relaxed: relaxed}
		k.body(f)
		functions = append(functions, f)
	}
	return assemble(functions)
}

// assemble returns the binary module that exports the functions and imports
// go.mem.
func assemble(functions []*function) []byte {
	var types, signatures, exports, bodies [][]byte
	for i, f := range functions {
		types = append(types, append(list(0x60, f.params), 0))
		signatures = append(signatures, unsigned(nil, i))
		exports = append(exports, unsigned(append(named(f.name), 0), i))
		var locals [][]byte
		for _, kind := range f.locals {
			locals = append(locals, []byte{1, kind})
		}
		body := append(append(vector(locals), f.body...), 0x0b)
		bodies = append(bodies, append(unsigned(nil, len(body)), body...))
	}
	mem := append(append(named("go"), named("mem")...), 2, 0, 0) // any size
	out := []byte("\x00asm\x01\x00\x00\x00")
	for _, s := range []struct {
		id    byte
		items [][]byte
	}{{1, types}, {2, [][]byte{mem}}, {3, signatures}, {7, exports}, {10, bodies}} {
		content := vector(s.items)
		out = append(unsigned(append(out, s.id), len(content)), content...)
	}
	return out
}

// vector is a count and the items.
func vector(items [][]byte) []byte {
	out := unsigned(nil, len(items))
	for _, i := range items {
		out = append(out, i...)
	}
	return out
}

// list is what kind, a count and bytes make.
func list(kind byte, bytes []byte) []byte {
	return append(unsigned([]byte{kind}, len(bytes)), bytes...)
}

func named(s string) []byte { return append(unsigned(nil, len(s)), s...) }
