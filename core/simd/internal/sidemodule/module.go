// Package sidemodule assembles the WebAssembly module with the loops that package
// simd takes in a browser: what Go compiles to wasm reaches a third of its speed.
// The module has no memory of its own; it works on Go's.
package sidemodule

import (
	"bytes"
	"slices"
)

// Module returns the module. It exports nothing: it puts its functions into the
// table that Door's module exports. A relaxed one uses relaxed SIMD, which not every
// browser has, for products that are added to.
func Module(relaxed bool) []byte {
	functions := build(relaxed)
	var indices [][]byte
	for i := range functions {
		indices = append(indices, unsigned(nil, i))
	}
	elements := append([]byte{0, 0x41, 0, 0x0b}, vector(indices)...) // of table 0 from element 0 on
	mem := append(append(named("go"), named("mem")...), 2, 0, 0)     // any size
	table := append(append(named("door"), named("table")...), 1, 0x70, 0, 0)
	return assemble(functions,
		list(2, vector([][]byte{mem, table})),
		list(9, vector([][]byte{elements})))
}

// Door returns a module that can be there before Go's memory is, so that Go can
// import its functions. Each calls the function of its name by way of a table. A
// JavaScript function would do, but takes five times as long.
func Door() []byte {
	var exports [][]byte
	var functions []*function
	for i, f := range build(false) {
		d := &function{name: f.name, params: f.params}
		for p := range f.params {
			d.body = unsigned(append(d.body, 0x20), p)
		}
		d.body = append(append(append(d.body, number(i)...), unsigned([]byte{0x11}, i)...), 0)
		functions = append(functions, d)
		exports = append(exports, unsigned(append(named(f.name), 0), i))
	}
	exports = append(exports, append(named("table"), 1, 0))
	return assemble(functions,
		list(4, vector([][]byte{append([]byte{0x70, 0}, unsigned(nil, len(functions))...)})),
		list(7, vector(exports)))
}

func build(relaxed bool) []*function {
	var functions []*function
	for _, k := range kernels {
		f := &function{name: k.name, relaxed: relaxed}
		k.body(f)
		functions = append(functions, f)
	}
	return functions
}

// assemble returns the binary module of functions and other sections, which are
// sorted in by their kind.
func assemble(functions []*function, others ...[]byte) []byte {
	var types, signatures, bodies, names [][]byte
	for i, f := range functions {
		types = append(types, append(list(0x60, f.params), 0))
		signatures = append(signatures, unsigned(nil, i))
		names = append(names, append(unsigned(nil, i), named(f.name)...))
		var locals [][]byte
		for _, kind := range f.locals {
			locals = append(locals, []byte{1, kind})
		}
		body := append(append(vector(locals), f.body...), 0x0b)
		bodies = append(bodies, append(unsigned(nil, len(body)), body...))
	}
	sections := append(others, list(1, vector(types)), list(3, vector(signatures)), list(10, vector(bodies)))
	slices.SortFunc(sections, bytes.Compare) // every section begins with its kind
	out := []byte("\x00asm\x01\x00\x00\x00")
	for _, s := range sections {
		out = append(out, s...)
	}
	return append(out, list(0, append(named("name"), list(1, vector(names))...))...) // for profilers
}

// vector is a count and the items.
func vector(items [][]byte) []byte {
	out := unsigned(nil, len(items))
	for _, i := range items {
		out = append(out, i...)
	}
	return out
}

// list is a kind, the number of bytes, and the bytes: a section, or types.
func list(kind byte, bytes []byte) []byte {
	return append(unsigned([]byte{kind}, len(bytes)), bytes...)
}

func named(s string) []byte { return append(unsigned(nil, len(s)), s...) }
