package memory

// bounds returns what a browser gives a wasm: the 4 GiB that it can address.
func bounds(used uint64) []Room { return []Room{{left(4<<30, used), "a browser's WebAssembly"}} }
